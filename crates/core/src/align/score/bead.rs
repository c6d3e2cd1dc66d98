//! The scores of beads.

use super::{NEVER, Typical, View};
use crate::align::corridor::Corridor;
use crate::align::evidence::Beside;
use crate::align::excluded::Excluded;
use crate::align::grid::{Corner, Shape};
use crate::align::lengths::Prefix;
use crate::align::long::LongBeads;
use crate::bead::Span;
use crate::parallel;

/// Bead scores of every shape, by the state where the bead starts.
pub(crate) struct BeadScores {
    pub(crate) shapes: Vec<Shape>,
    /// `scores[shape][state]`; [`NEVER`] for a bead that leaves the corridor.
    pub(crate) scores: Vec<Vec<f32>>,
    /// Beads of one segment with more segments than any of the shapes has.
    pub(crate) long: LongBeads,
}

/// What the scores of beads consist of, apart from the similarity of their lengths.
pub(crate) struct BeadContents {
    shapes: Vec<Shape>,
    /// `matches[shape][state]`: how well the sides match, [`NEVER`] for a bead that is impossible
    /// or leaves the corridor.
    matches: Vec<Vec<f32>>,
    /// The potentials of the corners after which a bead starts and before which it ends, by row.
    after: Vec<Vec<f32>>,
    before: Vec<Vec<f32>>,
}

impl BeadScores {
    /// Makes the beads impossible that contain an excluded segment.
    pub(crate) fn exclude(&mut self, corridor: &Corridor, (n, m): Corner, excluded: &Excluded) {
        for (&(a, b), scores) in self.shapes.iter().zip(&mut self.scores) {
            for i in 0..(n + 1).saturating_sub(a) {
                let starts = corridor.starts((a, b), i, m);
                if starts.is_empty() {
                    continue;
                }
                let from = corridor.row_start(i) + starts.start - corridor.row(i).start;
                for (j, score) in starts.clone().zip(&mut scores[from..]) {
                    if excluded.contains_any(i..i + a, j..j + b) {
                        *score = NEVER;
                    }
                }
            }
        }
        self.long.exclude(excluded);
    }
}

impl BeadScores {
    /// Makes the beads of these spans impossible.
    pub(crate) fn reject(&mut self, corridor: &Corridor, rejected: &[(Span, Span)]) {
        for (src, tgt) in rejected {
            let shape = (src.len(), tgt.len());
            let from = corridor.state(src.range().start, tgt.range().start);
            let index = self.shapes.iter().position(|&own| own == shape);
            if let Some((from, index)) = from.zip(index) {
                self.scores[index][from] = NEVER;
            }
        }
        self.long.retain(|bead| !rejected.contains(&(bead.src, bead.tgt)));
    }
}

impl View<'_> {
    /// Computes what does not depend on the length ratio or on the typical bead.
    pub(crate) fn bead_contents(self) -> BeadContents {
        let (n, m) = (self.src.len(), self.tgt.len());
        let tuning = &self.tuning.score;
        let corner = |after: bool| -> Vec<Vec<f32>> {
            parallel::map(n + 1, |i| {
                let inner = |j: usize| 0 < i && i < n && 0 < j && j < m;
                let value = |j| match inner(j) {
                    true => {
                        tuning.corner * self.evidence.corner(after, i, j, (n, m))
                            + tuning.lexical_corner * self.lexical.corner(after, i, j, (n, m))
                            - tuning.across * self.lexical.across(i, j)
                    }
                    false => 0.0,
                };
                self.corridor.row(i).boundaries().map(value).collect()
            })
        };
        let (after, before) = (corner(true), corner(false));
        let shapes = self.evidence.shapes.clone();
        let has_seams = !self.seams.src.is_empty() || !self.seams.tgt.is_empty();
        let is_bound = !self.anchors.is_empty() || has_seams || self.has_descriptions();
        let matches = parallel::map(shapes.len(), |index| {
            let (a, b) = shapes[index];
            let shares = self.lexical.block_shares(b);
            let mut matches = vec![NEVER; self.corridor.states()];
            let mut beside = Beside::default();
            for i in 0..(n + 1).saturating_sub(a) {
                let starts = self.corridor.starts((a, b), i, m);
                if starts.is_empty() {
                    continue;
                }
                let from = starts.start - self.corridor.row(i).start;
                let row = &mut matches[self.corridor.row_start(i) + from..][..starts.len()];
                let place = (i, starts.start);
                let weight = tuning.neighbours;
                self.evidence.match_row((a, b), place, (n, m), weight, &mut beside, row);
                self.lexical.add_coverage((a, b), place, tuning.lexical, &shares, row);
                if is_bound {
                    for (j, value) in starts.zip(row) {
                        if !self.is_possible((a, b), i, j) {
                            *value = NEVER;
                        }
                    }
                }
            }
            matches
        });
        BeadContents { shapes, matches, after, before }
    }

    /// Scores all beads in the corridor, except for what depends on the typical bead, given the
    /// length ratio: code points of the source that carry as much as one of the target.
    pub(crate) fn bead_scores(self, contents: &BeadContents, ratio: f32) -> BeadScores {
        self.finish_scores(contents.shapes.clone(), contents.matches.clone(), contents, ratio)
    }

    /// Does the same as [`bead_scores`](Self::bead_scores) without a copy.
    pub(crate) fn into_bead_scores(self, mut contents: BeadContents, ratio: f32) -> BeadScores {
        let matches = std::mem::take(&mut contents.matches);
        self.finish_scores(contents.shapes.clone(), matches, &contents, ratio)
    }

    fn finish_scores(
        self,
        shapes: Vec<Shape>,
        matches: Vec<Vec<f32>>,
        BeadContents { after, before, .. }: &BeadContents,
        ratio: f32,
    ) -> BeadScores {
        let (n, m) = (self.src.len(), self.tgt.len());
        let lengths = [Prefix::new(&self.src.lengths), Prefix::new(&self.tgt.lengths)];
        let has_times = self.has_times();
        let scores = parallel::map_owned(matches, |index, mut scores| {
            let (a, b) = shapes[index];
            let size = libm::powf((a + b) as f32 / 2.0, self.tuning.score.size);
            for i in 0..(n + 1).saturating_sub(a) {
                let starts = self.corridor.starts((a, b), i, m);
                if starts.is_empty() {
                    continue;
                }
                let from = starts.start - self.corridor.row(i).start;
                let row = &mut scores[self.corridor.row_start(i) + from..][..starts.len()];
                let own = lengths[0].sum(i, i + a) / ratio;
                let others = lengths[1].runs(starts.start, b, row.len());
                let end_from = starts.start + b - self.corridor.row(i + a).start;
                let corners = after[i][from..].iter().zip(&before[i + a][end_from..]);
                for (score, (other, (after, before))) in row.iter_mut().zip(others.zip(corners)) {
                    // The similarity can be 0, and 0 times infinity is NaN.
                    let sized = *score * (size * similarity(own, other)) + after + before;
                    *score = if *score == NEVER { NEVER } else { sized };
                }
                if has_times {
                    for (j, score) in starts.zip(row) {
                        if *score != NEVER {
                            *score += self.time_score((a, b), i, j);
                        }
                    }
                }
            }
            scores
        });
        let long = self.long_beads([after, before], ratio);
        BeadScores { shapes, scores, long }
    }

    /// Subtracts the loss of loose edges, once the typical bead is known.
    ///
    /// A bead whose first or last segment is covered less than is typical by its other side may
    /// reach too far.
    pub(crate) fn subtract_loose_edges(self, beads: BeadScores, typical: Typical) -> BeadScores {
        let BeadScores { shapes, scores, long } = beads;
        let shares = self.lexical.block_shares(1);
        let tuning = &self.tuning.score;
        let enough = tuning.edge_from * typical.coverage;
        let scores = parallel::map_owned(scores, |index, mut scores| {
            let shape = shapes[index];
            if shape == (1, 1) {
                return scores;
            }
            for i in 0..(self.src.len() + 1).saturating_sub(shape.0) {
                let starts = self.corridor.starts(shape, i, self.tgt.len());
                if !starts.is_empty() {
                    let from = starts.start - self.corridor.row(i).start;
                    let row = &mut scores[self.corridor.row_start(i) + from..][..starts.len()];
                    let place = (i, starts.start);
                    self.lexical.subtract_edges(shape, place, enough, tuning.edge, &shares, row);
                }
            }
            scores
        });
        BeadScores { shapes, scores, long: self.subtract_long_edges(long, enough) }
    }

    /// Reports whether a bead contains both segments of each anchor or neither, no seam, and no
    /// description beside speech, unless it contains an anchor.
    pub(super) fn is_possible(&self, (a, b): Shape, i: usize, j: usize) -> bool {
        let contains_seam = |seams: &[usize], from: usize, to: usize| {
            seams.iter().any(|&seam| from < seam && seam < to)
        };
        if contains_seam(&self.seams.src, i, i + a) || contains_seam(&self.seams.tgt, j, j + b) {
            return false;
        }
        let from = self.anchors.partition_point(|anchor| anchor.src < i && anchor.tgt < j);
        let mut is_anchored = false;
        let keeps_anchors = self.anchors[from..]
            .iter()
            .take_while(|anchor| anchor.src < i + a || anchor.tgt < j + b)
            .all(|anchor| {
                let contains = (i..i + a).contains(&anchor.src);
                is_anchored |= contains;
                contains == (j..j + b).contains(&anchor.tgt)
            });
        keeps_anchors && (is_anchored || !self.mixes_description((a, b), i, j))
    }
}

/// Returns the similarity of two lengths, 0 to 1: `log2(1 + shorter / longer)`, within 2e-7.
///
/// It is called a hundred thousand times for a document of 200 segments, so the logarithm is a
/// polynomial, fitted at the Chebyshev points of 0 to 1.
#[inline(always)]
pub(super) fn similarity(a: f32, b: f32) -> f32 {
    /// Of the powers of the ratio from the ninth down to the first.
    const COEFFICIENTS: [f32; 9] = [
        0.007_579_135_7,
        -0.042_687_185,
        0.113_051_97,
        -0.197_285_2,
        0.275_719_67,
        -0.358_428_48,
        0.480_695_5,
        -0.721_340_36,
        std::f32::consts::LOG2_E,
    ];
    let (shorter, longer) = if a < b { (a, b) } else { (b, a) };
    let ratio = if longer > 0.0 { shorter / longer } else { 1.0 };
    COEFFICIENTS.iter().fold(0.0, |sum, coefficient| sum * ratio + coefficient) * ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_of_lengths_is_near_the_true_one() {
        for shorter in 0..=10_000_u16 {
            let ratio = f32::from(shorter) / 10_000.0;
            let truth = libm::log2(1.0 + f64::from(ratio));
            for found in [similarity(f32::from(shorter), 10_000.0), similarity(20.0, 20.0 * ratio)]
            {
                assert!((f64::from(found) - truth).abs() < 4e-7, "{ratio}: {found}, {truth}");
            }
        }
        let extremes = [similarity(0.0, 0.0), similarity(7.0, 7.0), similarity(0.0, 7.0)];
        assert_eq!(extremes, [1.0, 1.0, 0.0]);
    }
}
