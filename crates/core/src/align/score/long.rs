//! The scores of long beads.
//!
//! They are those of other beads: only the vector of the longer side is put together from several
//! blocks.

use std::ops::Range;

use super::View;
use super::bead::similarity;
use super::null::NullScores;
use crate::DocumentSide;
use crate::align::grid::{Corner, Row, Shape};
use crate::align::layer::Layer;
use crate::align::lengths::Prefix;
use crate::align::long::{LongBead, LongBeads, LongSegment};
use crate::align::long_vectors::LongVectors;
use crate::align::prepared::ChunkSide;
use crate::align::tuning::LongTuning;
use crate::bead::Span;
use crate::parallel;

impl View<'_> {
    /// Scores the long beads in the corridor, except for what depends on the typical bead, given
    /// the potentials of the corners after and before which a bead lies, by row.
    pub(super) fn long_beads(self, corners: [&[Vec<f32>]; 2], ratio: f32) -> LongBeads {
        if self.long.is_empty() {
            return LongBeads::default();
        }
        let rows = (0..=self.src.len()).map(|i| self.corridor.row(i)).collect();
        let of_src = LongScorer::new(self, DocumentSide::Source, rows, corners, ratio).beads();
        let columns = self.corridor.columns();
        let of_tgt = LongScorer::new(self, DocumentSide::Target, columns, corners, ratio).beads();
        LongBeads::new([of_src, of_tgt].concat())
    }

    /// Subtracts the loss of loose edges, as for other beads: what the coverage of the outer
    /// segments lacks of `enough`. That of several is less a matter of chance than that of one.
    pub(super) fn subtract_long_edges(self, mut beads: LongBeads, enough: f32) -> LongBeads {
        for bead in beads.iter_mut() {
            let (side, one, many) = bead.parts();
            // What the covered share of the first or the last segments lacks.
            let lack = |count: usize| {
                let ends = [many.start..many.start + count, many.end - count..many.end];
                let [first, last] = ends.map(|run| self.lexical.covered_by_one(side, one, run));
                (enough - first.min(last)).max(0.0)
            };
            let outer = self.tuning.long.outer.min(many.len());
            bead.score -= self.tuning.score.edge * lack(1) + self.tuning.long.edge * lack(outer);
        }
        beads
    }

    /// Sets the credits of long beads.
    ///
    /// In a run of nulls each may add to the score of a path, and the score of a bead hardly grows
    /// with its size: a run of dozens would be better than any bead. So a long bead is credited
    /// with what its segments beyond those of other beads would add as nulls. Where text is
    /// abridged, some may well be nulls: beads of unequal sides are credited less.
    pub(crate) fn credit_long_beads(self, beads: &mut LongBeads, nulls: &NullScores) {
        if self.long.is_empty() {
            return;
        }
        let sums = [DocumentSide::Source, DocumentSide::Target].map(|side| {
            let long = self.long.of_side(side);
            parallel::map(long.len(), |at| self.null_sums(side, long[at].segment, nulls))
        });
        for bead in beads.iter_mut() {
            let (side, one, many) = bead.parts();
            let index = self.long.of_side(side).partition_point(|long| long.segment < one);
            let sums = &sums[usize::from(side == DocumentSide::Target)][index];
            bead.credit = bead.credited * (sums[many.end] - sums[many.start]);
        }
    }

    /// Returns the sums of what the segments before each boundary of the other side would add as
    /// nulls beside a long segment; those that would lose count as nothing.
    fn null_sums(self, side: DocumentSide, one: usize, nulls: &NullScores) -> Vec<f32> {
        let null = |segment: usize| {
            let score = match side {
                DocumentSide::Source => {
                    nulls.tgt_near(segment, one) + nulls.run(Layer::TgtNull, segment)
                }
                DocumentSide::Target => {
                    nulls.src_near(segment, one) + nulls.run(Layer::SrcNull, segment)
                }
            };
            score.max(0.0)
        };
        let many = if side == DocumentSide::Source { self.tgt.len() } else { self.src.len() };
        let mut sum = 0.0;
        let sums = (0..many).map(|segment| {
            sum += null(segment);
            sum
        });
        std::iter::once(0.0).chain(sums).collect()
    }
}

/// Scores the long beads whose single segment is on one side.
struct LongScorer<'a> {
    view: View<'a>,
    /// The length ratio.
    ratio: f32,
    /// The side of the single segment.
    side: DocumentSide,
    /// The corridor's boundaries of the other side, by boundary of this one.
    rows: Vec<Row>,
    /// Corner potentials after and before each corner of the corridor, by source boundary.
    corners: [&'a [Vec<f32>]; 2],
    /// The other side, and its vectors.
    many: &'a ChunkSide,
    vectors: LongVectors<'a>,
    many_lengths: Prefix,
    /// The range of sizes of the other side's runs.
    sizes: Range<usize>,
    /// The lengths of the sums of runs, by first segment and size; empty where none is needed.
    sums: Vec<Vec<f32>>,
}

/// What a bead's score depends on besides its corners.
struct Match {
    cosine: f32,
    /// Mean cosine of each side with the segments right beside the other.
    beside: f32,
    /// Similarity of the lengths.
    lengths: f32,
    /// The same as the length of the shorter side, as a share of the longer.
    length_share: f32,
    /// Sum of the covered shares of both sides' words.
    coverage: f32,
}

impl<'a> LongScorer<'a> {
    fn new(
        view: View<'a>,
        side: DocumentSide,
        rows: Vec<Row>,
        corners: [&'a [Vec<f32>]; 2],
        ratio: f32,
    ) -> Self {
        let many = match side {
            DocumentSide::Source => view.tgt,
            DocumentSide::Target => view.src,
        };
        // An encoder may return shorter blocks than other beads need; then there are no long ones.
        let min_size = view.long.min_size;
        let has_blocks = many.vectors.blocks.len() + 1 >= min_size;
        let max_size = if has_blocks { view.tuning.long.max_size } else { 0 };
        let vectors = LongVectors::new(view.evidence.kernel(), &many.vectors, &many.lengths)
            .with_max_block(min_size.saturating_sub(1));
        let many_lengths = Prefix::new(&many.lengths);
        let sizes = min_size..max_size.min(many.len()) + 1;
        let sums = Vec::new();
        Self { view, ratio, side, rows, corners, many, vectors, many_lengths, sizes, sums }
    }

    fn beads(mut self) -> Vec<LongBead> {
        let ones = self.view.long.of_side(self.side);
        let runs: Vec<Vec<(usize, Range<usize>)>> =
            ones.iter().map(|&one| self.runs(one)).collect();
        let mut max_sizes = vec![0; self.many.len()];
        for (first, sizes) in runs.iter().flatten() {
            max_sizes[*first] = max_sizes[*first].max(sizes.end);
        }
        self.sums = parallel::map(max_sizes.len(), |first| match max_sizes[first] {
            0 => Vec::new(),
            max => self.vectors.lengths_of_sums(first, self.sizes.start..max),
        });
        let beads = parallel::map(ones.len(), |at| self.beads_of(ones[at], &runs[at]));
        beads.concat()
    }

    /// Returns the first segments of the runs that may form a bead with a segment, and their sizes:
    /// those in the corridor that are not too short or too long.
    fn runs(
        &self,
        LongSegment { segment, is_anchored }: LongSegment,
    ) -> Vec<(usize, Range<usize>)> {
        let (starts, ends) = (self.rows[segment], self.rows[segment + 1]);
        let min_share = if is_anchored { 0.0 } else { self.view.tuning.long.min_share };
        let runs = starts.boundaries().filter_map(|first| {
            let from = self.sizes.start.max(ends.start.saturating_sub(first));
            let to = self.sizes.end.min(ends.end.saturating_sub(first));
            let (one, shares) = (self.one_length(segment), from..to);
            let share = |size: usize| length_share(one, self.many_length(first, size));
            let mut sizes = shares.skip_while(|&size| share(size) < min_share);
            let from = sizes.next()?;
            let more = sizes.take_while(|&size| share(size) >= min_share).count();
            Some((first, from..from + 1 + more))
        });
        runs.collect()
    }

    /// Returns the length of a single segment, comparable with [`Self::many_length`].
    fn one_length(&self, segment: usize) -> f32 {
        match self.side {
            DocumentSide::Source => self.view.src.lengths[segment] as f32 / self.ratio,
            DocumentSide::Target => self.view.tgt.lengths[segment] as f32,
        }
    }

    fn many_length(&self, first: usize, size: usize) -> f32 {
        let length = self.many_lengths.sum(first, first + size);
        match self.side {
            DocumentSide::Source => length,
            DocumentSide::Target => length / self.ratio,
        }
    }

    /// Returns the cosine of a single segment with a block of the other side.
    fn cosine(&self, one: usize, block: Range<usize>) -> f32 {
        let (size, first) = (block.len(), block.start);
        match self.side {
            DocumentSide::Source => self.view.evidence.cosine((1, size), one, first),
            DocumentSide::Target => self.view.evidence.cosine((size, 1), first, one),
        }
    }

    /// Scores the beads of a segment with these runs.
    ///
    /// Most of them lie elsewhere in the corridor: those whose cosine is far below the best are
    /// skipped.
    fn beads_of(&self, one: LongSegment, runs: &[(usize, Range<usize>)]) -> Vec<LongBead> {
        let Some((first, _)) = runs.first() else { return Vec::new() };
        let LongSegment { segment: one, is_anchored } = one;
        let end = runs.iter().map(|(first, sizes)| first + sizes.end - 1).max();
        let words = self.view.lexical.covered_one(self.side, one, *first..end.unwrap_or(*first));
        let own: Vec<Vec<f32>> =
            runs.iter().map(|(first, sizes)| self.cosines(one, *first, sizes.clone())).collect();
        let best = own.iter().flatten().copied().fold(f32::NEG_INFINITY, f32::max);
        let max_loss = if is_anchored { f32::INFINITY } else { self.view.tuning.long.max_loss };
        let is_near = |cosine: &f32| *cosine >= best - max_loss;
        let mut beads = Vec::new();
        let mut covered_one = Vec::new();
        for ((first, sizes), own) in runs.iter().zip(&own) {
            let Some(from) = own.iter().position(is_near) else { continue };
            let to = own.iter().rposition(is_near).unwrap_or(from) + 1;
            let sizes = sizes.start + from..sizes.start + to;
            covered_one.resize(sizes.end - 1, 0.0);
            words.shares(*first, &mut covered_one);
            let above = one.checked_sub(1).map(|one| self.cosines(one, *first, sizes.clone()));
            let below =
                (one + 2 < self.rows.len()).then(|| self.cosines(one + 1, *first, sizes.clone()));
            for (at, size) in sizes.enumerate() {
                let run = *first..first + size;
                let neighbours = [&above, &below].map(|row| row.as_ref().map(|row| row[at]));
                let lengths = (self.one_length(one), self.many_length(*first, size));
                let found = Match {
                    cosine: own[from + at],
                    beside: self.beside(one, &run, neighbours),
                    lengths: similarity(lengths.0, lengths.1),
                    length_share: length_share(lengths.0, lengths.1),
                    coverage: self.view.lexical.covered_by_one(self.side, one, run.clone())
                        + covered_one[size - 1],
                };
                beads.extend(self.bead(one, run, &found));
            }
        }
        beads
    }

    /// Returns the cosines of a segment with the runs of some sizes from `first` on.
    fn cosines(&self, one: usize, first: usize, sizes: Range<usize>) -> Vec<f32> {
        let sums = &self.sums[first][sizes.start - self.sizes.start..];
        self.vectors.cosines(first, sizes, sums, |block| self.cosine(one, block))
    }

    /// Returns the mean cosine of each side with the segments right beside the other, given those
    /// of the run with the segments beside the single one.
    fn beside(&self, one: usize, run: &Range<usize>, neighbours: [Option<f32>; 2]) -> f32 {
        let single = |segment: usize| self.cosine(one, segment..segment + 1);
        let left = run.start.checked_sub(1).map(single);
        let right = (run.end < self.many.len()).then(|| single(run.end));
        let all = [left, right].into_iter().chain(neighbours).flatten();
        let (count, sum) = all.fold((0, 0.0), |(count, sum), cosine| (count + 1, sum + cosine));
        sum / count.max(1) as f32
    }

    /// Scores a bead; `None` if anchors or seams exclude it.
    fn bead(&self, one: usize, run: Range<usize>, found: &Match) -> Option<LongBead> {
        let View { tuning, corridor, .. } = self.view;
        let (one, many) = (Span::new(one, one + 1), Span::new(run.start, run.end));
        let (src, tgt) = match self.side {
            DocumentSide::Source => (one, many),
            DocumentSide::Target => (many, one),
        };
        let shape: Shape = (src.len(), tgt.len());
        let (i, j) = (src.range().start, tgt.range().start);
        if !self.view.is_possible(shape, i, j) {
            return None;
        }
        let potential =
            |corners: &[Vec<f32>], (i, j): Corner| corners[i][j - corridor.row(i).start];
        let [after, before] = self.corners;
        let size = libm::powf((shape.0 + shape.1) as f32 / 2.0, tuning.score.size);
        let tuning = &tuning.score;
        let matched =
            found.cosine - tuning.neighbours * found.beside + tuning.lexical * found.coverage;
        let score = size * found.lengths * matched
            + potential(after, (i, j))
            + potential(before, (i + shape.0, j + shape.1));
        let coverage = found.coverage / 2.0;
        let more = run.len() + 1 - self.sizes.start;
        let LongTuning { min_share, credited_share, .. } = self.view.tuning.long;
        let fit = (found.length_share - min_share) / (credited_share - min_share);
        let credited = more as f32 / run.len() as f32 * fit.clamp(0.0, 1.0);
        let cosine = found.cosine;
        Some(LongBead { src, tgt, score, credited, credit: 0.0, cosine, coverage })
    }
}

/// Returns the smaller of two lengths as a share of the larger.
fn length_share(a: f32, b: f32) -> f32 {
    a.min(b) / a.max(b).max(1.0)
}
