//! The score of each bead and each null, from the evidence.

use super::Anchor;
use super::corridor::Corridor;
use super::evidence::{Beside, Evidence, Shape, Side};
use super::lexical::Lexical;
use super::tuning::{NullTuning, ScoreTuning, Tuning};
use crate::parallel;
use nasaq_text::has_content;

/// The score of a bead that must not be.
pub(crate) const NEVER: f32 = f32::NEG_INFINITY;
/// Bead scores of every shape, by the state where the bead starts.
pub(crate) struct BeadScores {
    pub(crate) shapes: Vec<Shape>,
    /// `scores[shape][state]`; [`NEVER`] where the bead leaves the corridor.
    pub(crate) scores: Vec<Vec<f32>>,
}

/// What beads of this document usually look like, once a first pass knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usual {
    /// The cosine of their sides.
    pub(crate) cosine: f32,
    /// The mean covered share of their words.
    pub(crate) coverage: f32,
}

impl Usual {
    /// What is assumed before.
    pub(crate) fn assumed(tuning: &ScoreTuning) -> Self {
        Self { cosine: tuning.assumed_cosine, coverage: tuning.assumed_coverage }
    }
}

/// What is known of a document, near the corridor.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) tuning: &'a Tuning,
    pub(crate) corridor: &'a Corridor,
    pub(crate) evidence: &'a Evidence<'a>,
    pub(crate) lexical: &'a Lexical,
    pub(crate) src: &'a Side,
    pub(crate) tgt: &'a Side,
    /// Code points of the source that say as much as one of the target.
    pub(crate) ratio: f32,
    pub(crate) anchors: &'a [Anchor],
    /// Boundaries of either side that no bead may hold inside.
    pub(crate) seams: &'a [Vec<usize>; 2],
}

impl View<'_> {
    /// Scores all beads in the corridor; what compares with the usual bead waits until it is known.
    pub(crate) fn bead_scores(self) -> BeadScores {
        let (n, m) = (self.src.len(), self.tgt.len());
        let corner = |after: bool| -> Vec<Vec<f32>> {
            parallel::map(n + 1, |i| {
                let (low, high) = self.corridor.row(i);
                let inner = |j: usize| 0 < i && i < n && 0 < j && j < m;
                let value = |j| match inner(j) {
                    true => {
                        self.tuning.score.corner * self.evidence.corner(after, i, j, (n, m))
                            + self.tuning.score.lexical_corner
                                * self.lexical.corner(after, i, j, (n, m))
                            - self.tuning.score.across * self.lexical.across(i, j)
                    }
                    false => 0.0,
                };
                (low..=high).map(value).collect()
            })
        };
        let (after, before) = (corner(true), corner(false));
        let lengths = [Prefix::new(&self.src.lengths), Prefix::new(&self.tgt.lengths)];
        let shapes = self.evidence.shapes.clone();
        let is_bound = !self.anchors.is_empty() || self.seams.iter().any(|seams| !seams.is_empty());
        let scores = parallel::map(shapes.len(), |index| {
            let (a, b) = shapes[index];
            let size = libm::powf((a + b) as f32 / 2.0, self.tuning.score.size);
            let shares = self.lexical.block_shares(b);
            let mut scores = vec![NEVER; self.corridor.states()];
            let mut beside = Beside::default();
            for i in 0..(n + 1).saturating_sub(a) {
                let starts = self.corridor.starts((a, b), i, m);
                if starts.is_empty() {
                    continue;
                }
                let from = starts.start - self.corridor.row(i).0;
                let row = &mut scores[self.corridor.row_start(i) + from..][..starts.len()];
                let weight = self.tuning.score.neighbours;
                self.evidence.match_row(
                    (a, b),
                    (i, starts.start),
                    (n, m),
                    weight,
                    &mut beside,
                    row,
                );
                let place = (i, starts.start);
                self.lexical.add_coverage((a, b), place, self.tuning.score.lexical, &shares, row);
                let own = lengths[0].sum(i, i + a) / self.ratio;
                let others = lengths[1].runs(starts.start, b, row.len());
                for (score, other) in row.iter_mut().zip(others) {
                    *score *= size * similar(own, other);
                }
                let end_from = starts.start + b - self.corridor.row(i + a).0;
                let corners = after[i][from..].iter().zip(&before[i + a][end_from..]);
                for (score, (after, before)) in row.iter_mut().zip(corners) {
                    *score = *score + after + before;
                }
                if is_bound {
                    for (j, score) in starts.zip(row) {
                        if !self.may_be((a, b), i, j) {
                            *score = NEVER;
                        }
                    }
                }
            }
            scores
        });
        BeadScores { shapes, scores }
    }

    /// Takes off what beads lose by their edges, now that the usual bead is known: one whose first or
    /// last segment the other side covers less than is usual may not reach so far.
    pub(crate) fn take_off_loose_edges(self, beads: BeadScores, usual: Usual) -> BeadScores {
        let BeadScores { shapes, scores } = beads;
        let shares = self.lexical.block_shares(1);
        let scores = parallel::map_owned(scores, |index, mut scores| {
            let shape = shapes[index];
            if shape == (1, 1) {
                return scores;
            }
            let enough = self.tuning.score.edge_from * usual.coverage;
            for i in 0..(self.src.len() + 1).saturating_sub(shape.0) {
                let starts = self.corridor.starts(shape, i, self.tgt.len());
                if !starts.is_empty() {
                    let from = starts.start - self.corridor.row(i).0;
                    let row = &mut scores[self.corridor.row_start(i) + from..][..starts.len()];
                    let place = (i, starts.start);
                    let weight = self.tuning.score.edge;
                    self.lexical.take_off_edges(shape, place, enough, weight, &shares, row);
                }
            }
            scores
        });
        BeadScores { shapes, scores }
    }

    /// Tells whether a bead holds both sides of each anchor, or neither, and no seam.
    fn may_be(&self, (a, b): Shape, i: usize, j: usize) -> bool {
        let holds_seam = |seams: &[usize], from: usize, to: usize| {
            seams.iter().any(|&seam| from < seam && seam < to)
        };
        if holds_seam(&self.seams[0], i, i + a) || holds_seam(&self.seams[1], j, j + b) {
            return false;
        }
        let from = self.anchors.partition_point(|anchor| anchor.src < i && anchor.tgt < j);
        self.anchors[from..]
            .iter()
            .take_while(|anchor| anchor.src < i + a || anchor.tgt < j + b)
            .all(|anchor| (i..i + a).contains(&anchor.src) == (j..j + b).contains(&anchor.tgt))
    }
}

/// Gives how alike two lengths are, 0 to 1: `log2(1 + shorter / longer)`, within 2e-7.
///
/// It is asked for a hundred thousand times in a document of 200 segments, so the logarithm is a
/// polynomial, fitted at Chebyshev's points of 0 to 1.
#[inline(always)]
fn similar(a: f32, b: f32) -> f32 {
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

/// Sums of runs of lengths.
struct Prefix(Vec<u32>);

impl Prefix {
    /// Longer segments count as this long, so that no run of a bead's runs over.
    const LONGEST: u32 = 1 << 24;

    fn new(lengths: &[u32]) -> Self {
        let mut sums = vec![0];
        let mut sum = 0_u32;
        for &length in lengths {
            // Only differences are of use, and those are right all the same.
            sum = sum.wrapping_add(length.min(Self::LONGEST));
            sums.push(sum);
        }
        Self(sums)
    }

    /// Gives the sums of `count` runs of `size` lengths, from the run at `from` on.
    fn runs(&self, from: usize, size: usize, count: usize) -> impl Iterator<Item = f32> {
        let (begins, ends) = (&self.0[from..][..count], &self.0[from + size..][..count]);
        begins.iter().zip(ends).map(|(begin, end)| end.wrapping_sub(*begin).cast_signed() as f32)
    }

    fn sum(&self, from: usize, to: usize) -> f32 {
        self.0[to].wrapping_sub(self.0[from]) as f32
    }
}

/// Scores of leaving a segment alone.
pub(crate) struct NullScores {
    /// For each source segment, the score by target boundary, as an offset in the corridor's row.
    src: Vec<NullScore>,
    tgt: Vec<NullScore>,
}

/// The score of one segment's null, by boundary of the other side.
struct NullScore {
    /// The boundary of the first score.
    first: usize,
    scores: Vec<f32>,
}

impl NullScore {
    #[inline]
    fn at(&self, boundary: usize) -> f32 {
        self.scores[boundary - self.first]
    }
}

impl NullScores {
    /// Gives the score of leaving source segment `i` alone at target boundary `j`.
    #[inline]
    pub(crate) fn src(&self, i: usize, j: usize) -> f32 {
        self.src[i].at(j)
    }

    /// Gives the score of leaving target segment `j` alone at source boundary `i`.
    #[inline]
    pub(crate) fn tgt(&self, j: usize, i: usize) -> f32 {
        self.tgt[j].at(i)
    }
}

/// What null scores are made from.
pub(crate) struct NullScorer<'a> {
    pub(crate) view: View<'a>,
    /// Each source segment's best cosine anywhere, and each target segment's.
    pub(crate) best: &'a [Vec<f32>; 2],
    /// How far matching segments stand out: median best cosine less the mean of all.
    pub(crate) contrast: f32,
}

impl<'a> NullScorer<'a> {
    /// Scores all nulls.
    ///
    /// `adjust` is added to every score.
    pub(crate) fn score(&self, usual: Usual, adjust: f32) -> NullScores {
        let View { tuning, corridor, evidence, lexical, src, tgt, anchors, .. } = self.view;
        let tuning = &tuning.null;
        let columns = corridor.columns();
        let nulls = |own: &'a Side, other: &Side, best, longest| SideNulls {
            tuning,
            furniture: &own.furniture,
            others: other.len(),
            best,
            longest,
            contrast: self.contrast,
            usual,
            adjust,
        };
        // Blocks that beads are too short for, and encoders do not give, are not looked at.
        let longest = |shape: fn(usize) -> Shape| {
            (1..=tuning.best_blocks).take_while(|&size| evidence.has(shape(size))).count()
        };
        let (of_tgt, of_src) = (longest(|size| (1, size)), longest(|size| (size, 1)));
        let mut src_scores = nulls(src, tgt, &self.best[0], of_tgt).scores(
            |i| {
                let (low, high) = corridor.row(i);
                // A null moves to the next row at the same boundary.
                let (next_low, next_high) = corridor.row(i + 1);
                (low.min(next_low), high.max(next_high))
            },
            |k, i, j| evidence.cosine((1, k), i, j),
            |i, boundary| lexical.src_null(i, boundary),
        );
        let mut tgt_scores = nulls(tgt, src, &self.best[1], of_src).scores(
            |j| (columns[j].0.min(columns[j + 1].0), columns[j].1.max(columns[j + 1].1)),
            |k, j, i| evidence.cosine((k, 1), i, j),
            |j, boundary| lexical.tgt_null(j, boundary),
        );
        for anchor in anchors {
            src_scores[anchor.src].scores.fill(NEVER);
            tgt_scores[anchor.tgt].scores.fill(NEVER);
        }
        NullScores { src: src_scores, tgt: tgt_scores }
    }
}

/// What the nulls of one side are scored from.
struct SideNulls<'a> {
    tuning: &'a NullTuning,
    /// For each segment whether it looks like page furniture.
    furniture: &'a [bool],
    /// How many segments the other side has.
    others: usize,
    /// Each segment's best cosine anywhere.
    best: &'a [f32],
    /// The longest blocks of the other side that it is compared with near a boundary.
    longest: usize,
    contrast: f32,
    usual: Usual,
    adjust: f32,
}

impl SideNulls<'_> {
    /// Scores each segment's null at the boundaries of the other side where it may fall, given its
    /// cosine with blocks of the other side and its words' coverage around a boundary.
    fn scores(
        &self,
        boundaries: impl Fn(usize) -> (usize, usize),
        cosine: impl Fn(usize, usize, usize) -> f32,
        coverage: impl Fn(usize, usize) -> f32,
    ) -> Vec<NullScore> {
        let Self { tuning, usual, .. } = self;
        let score = |(u, best): (usize, &f32)| {
            let base = tuning.base - tuning.best * (best - tuning.best_from)
                + tuning.contrast * (self.contrast - tuning.contrast_from);
            let (low, high) = boundaries(u);
            let at = |boundary: usize| {
                let covered = coverage(u, boundary) - usual.coverage;
                let mut score = base - tuning.lexical * covered;
                if self.furniture[u] {
                    let near = self.best_near(u, boundary, &cosine);
                    let lack = (tuning.boilerplate_slope
                        * (tuning.boilerplate_matched - near / usual.cosine))
                        .clamp(0.0, 1.0);
                    score += tuning.boilerplate * lack;
                }
                score.min(tuning.max) + self.adjust
            };
            NullScore { first: low, scores: (low..=high).map(at).collect() }
        };
        self.best.iter().enumerate().map(score).collect()
    }

    /// Gives a segment's greatest cosine with a block of 1 to 3 segments near a boundary.
    fn best_near(
        &self,
        segment: usize,
        boundary: usize,
        cosine: impl Fn(usize, usize, usize) -> f32,
    ) -> f32 {
        let around = self.tuning.boilerplate_near;
        let (from, to) = (boundary.saturating_sub(around), (boundary + around).min(self.others));
        let mut best = f32::NEG_INFINITY;
        for size in 1..=self.longest {
            for first in from..(to + 1).saturating_sub(size) {
                best = best.max(cosine(size, segment, first));
            }
        }
        best
    }
}

/// Tells which segments look like page furniture: short, and without a final stop where most of
/// the document has one; or without a letter or digit.
pub(crate) fn looks_like_furniture(tuning: &NullTuning, segments: &[&str]) -> Vec<bool> {
    let open: Vec<bool> = segments.iter().map(|text| !ends_with_stop(text)).collect();
    let share = open.iter().filter(|&&open| open).count() as f32 / segments.len().max(1) as f32;
    let stops_tell = share < tuning.boilerplate_open_share;
    let short = |text: &str| text.chars().nth(tuning.boilerplate_chars).is_none();
    let furniture = segments.iter().zip(open).map(|(text, open)| {
        // A line of dashes or stars is none of the text.
        !has_content(text) || stops_tell && open && short(text)
    });
    furniture.collect()
}

fn ends_with_stop(text: &str) -> bool {
    text.trim_end().ends_with([
        '.', '!', '?', '؟', '…', '؛', ':', ';', '،', ',', '"', '”', '“', '»', '’', '\'', ')', ']',
        '۔',
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_of_lengths_is_near_the_true_one() {
        for shorter in 0..=10_000_u16 {
            let ratio = f32::from(shorter) / 10_000.0;
            let truth = libm::log2(1.0 + f64::from(ratio));
            for alike in [similar(f32::from(shorter), 10_000.0), similar(20.0, 20.0 * ratio)] {
                assert!((f64::from(alike) - truth).abs() < 4e-7, "{ratio}: {alike}, {truth}");
            }
        }
        assert_eq!([similar(0.0, 0.0), similar(7.0, 7.0), similar(0.0, 7.0)], [1.0, 1.0, 0.0]);
    }

    #[test]
    fn lengths_of_runs_are_right_where_their_sums_run_over() {
        let lengths = Prefix::new(&[u32::MAX; 300]);
        assert_eq!(lengths.sum(290, 300), 10.0 * Prefix::LONGEST as f32);
        assert!(lengths.runs(250, 3, 40).all(|length| length == 3.0 * Prefix::LONGEST as f32));
    }
}
