//! The score of each bead and each null, from the evidence.

use super::Anchor;
use super::corridor::Corridor;
use super::evidence::{Evidence, Shape, Side};
use super::lexical::Lexical;
use super::weights::Weights;
use crate::parallel;

/// The score of a bead that must not be.
pub(crate) const NEVER: f32 = f32::NEG_INFINITY;
/// How far from a corner a segment's counterpart is looked for, in segments of the other side.
const NEAR: usize = 3;
/// Page furniture is shorter than this, in characters.
const FURNITURE_LENGTH: usize = 60;
/// Where a quarter of a side's segments lack a final stop, its lack says nothing.
const FURNITURE_SHARE: f32 = 0.25;

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
    pub(crate) const ASSUMED: Self = Self { cosine: 0.5, coverage: 0.3 };
}

/// What is known of a document, near the corridor.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) weights: &'a Weights,
    pub(crate) corridor: &'a Corridor,
    pub(crate) evidence: &'a Evidence<'a>,
    pub(crate) lexical: &'a Lexical,
    pub(crate) src: &'a Side,
    pub(crate) tgt: &'a Side,
    /// Code points of either side of the whole document.
    pub(crate) totals: [u64; 2],
    pub(crate) anchors: &'a [Anchor],
    /// Boundaries of either side that no bead may hold inside.
    pub(crate) seams: &'a [Vec<usize>; 2],
}

impl View<'_> {
    /// Scores all beads in the corridor.
    ///
    /// The terms that compare with the usual bead wait until it is known.
    pub(crate) fn bead_scores(self, usual: Option<Usual>) -> BeadScores {
        let (n, m) = (self.src.len(), self.tgt.len());
        let corner = |after: bool| -> Vec<Vec<f32>> {
            parallel::map(n + 1, |i| {
                let (low, high) = self.corridor.row(i);
                let inner = |j: usize| 0 < i && i < n && 0 < j && j < m;
                let value = |j| match inner(j) {
                    true => {
                        self.weights.corner * self.evidence.corner(after, i, j, (n, m))
                            + self.weights.lexical_corner * self.lexical.corner(after, i, j, (n, m))
                            - self.weights.across * self.lexical.across(i, j)
                    }
                    false => 0.0,
                };
                (low..=high).map(value).collect()
            })
        };
        let (after, before) = (corner(true), corner(false));
        let lengths = [Prefix::new(&self.src.lengths), Prefix::new(&self.tgt.lengths)];
        let [src_total, tgt_total] = self.totals.map(|total| total.max(1) as f32);
        let ratio = src_total / tgt_total;
        let shapes = self.evidence.shapes.clone();
        let scores = parallel::map(shapes.len(), |index| {
            let (a, b) = shapes[index];
            let size = libm::powf((a + b) as f32 / 2.0, self.weights.size);
            let mut scores = vec![NEVER; self.corridor.states()];
            for i in 0..(n + 1).saturating_sub(a) {
                let (low, high) = self.corridor.row(i);
                let (end_low, end_high) = self.corridor.row(i + a);
                // The bead ends inside the corridor too.
                let first = low.max(end_low.saturating_sub(b));
                let last = high.min(end_high.saturating_sub(b));
                for j in first..=last {
                    if j + b > m || j + b < end_low || !self.may_be((a, b), i, j) {
                        continue;
                    }
                    let cosine = self.evidence.cosine((a, b), i, j);
                    let neighbours = self.evidence.neighbours((a, b), i, j, (n, m));
                    let own = lengths[0].sum(i, i + a) / ratio;
                    let length = similar_lengths(own, lengths[1].sum(j, j + b));
                    let (tgt_covered, src_covered) = self.lexical.coverage((a, b), i, j);
                    let match_score = cosine - self.weights.neighbours * neighbours
                        + self.weights.lexical * (tgt_covered + src_covered);
                    let mut score = size * length * match_score
                        + after[i][j - low]
                        + before[i + a][j + b - end_low];
                    if let Some(usual) = usual {
                        score -= self.loose_edges((a, b), i, j, usual);
                    }
                    scores[self.corridor.row_start(i) + j - low] = score;
                }
            }
            scores
        });
        BeadScores { shapes, scores }
    }

    /// What a bead loses whose first or last segment may not belong to it: the other side covers
    /// less of it than is usual.
    fn loose_edges(&self, (a, b): Shape, i: usize, j: usize, usual: Usual) -> f32 {
        if a == 1 && b == 1 {
            return 0.0;
        }
        let enough = self.weights.edge_from * usual.coverage;
        let (src, tgt) = self.lexical.edges((a, b), i, j);
        let lack = |size: usize, covered: f32| match size {
            1 => 0.0,
            _ => (enough - covered).max(0.0),
        };
        self.weights.edge * (lack(a, src) + lack(b, tgt))
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

/// How alike two lengths are, 0 to 1: `log2(1 + shorter / longer)`.
fn similar_lengths(a: f32, b: f32) -> f32 {
    let longer = a.max(b);
    if longer <= 0.0 { 1.0 } else { libm::log2f(1.0 + a.min(b) / longer) }
}

/// Sums of runs of lengths.
struct Prefix(Vec<u64>);

impl Prefix {
    fn new(lengths: &[u32]) -> Self {
        let mut sums = vec![0];
        let mut sum = 0;
        for &length in lengths {
            sum += u64::from(length);
            sums.push(sum);
        }
        Self(sums)
    }

    fn sum(&self, from: usize, to: usize) -> f32 {
        (self.0[to] - self.0[from]) as f32
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
        let View { weights, corridor, evidence, lexical, src, tgt, anchors, .. } = self.view;
        let columns = corridor.columns();
        let nulls = |own: &'a Side, other: &Side, best| SideNulls {
            weights,
            furniture: &own.furniture,
            others: other.len(),
            best,
            contrast: self.contrast,
            usual,
            adjust,
        };
        let mut src_scores = nulls(src, tgt, &self.best[0]).scores(
            |i| {
                let (low, high) = corridor.row(i);
                // A null moves to the next row at the same boundary.
                let (next_low, next_high) = corridor.row(i + 1);
                (low.min(next_low), high.max(next_high))
            },
            |k, i, j| evidence.cosine((1, k), i, j),
            |i, boundary| lexical.src_null(i, boundary),
        );
        let mut tgt_scores = nulls(tgt, src, &self.best[1]).scores(
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
    weights: &'a Weights,
    /// For each segment whether it looks like page furniture.
    furniture: &'a [bool],
    /// How many segments the other side has.
    others: usize,
    /// Each segment's best cosine anywhere.
    best: &'a [f32],
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
        let Self { weights, usual, .. } = self;
        let score = |(u, best): (usize, &f32)| {
            let base = weights.null - weights.null_best * (best - 0.5)
                + weights.null_contrast * (self.contrast - 0.35);
            let (low, high) = boundaries(u);
            let at = |boundary: usize| {
                let covered = coverage(u, boundary) - usual.coverage;
                let mut score = base - weights.null_lexical * covered;
                if self.furniture[u] {
                    let near = self.best_near(u, boundary, &cosine);
                    let lack = (4.0 * (0.8 - near / usual.cosine)).clamp(0.0, 1.0);
                    score += weights.null_furniture * lack;
                }
                score.min(weights.null_most) + self.adjust
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
        let (from, to) = (boundary.saturating_sub(NEAR), (boundary + NEAR).min(self.others));
        let mut best = f32::NEG_INFINITY;
        for size in 1..=3 {
            for first in from..(to + 1).saturating_sub(size) {
                best = best.max(cosine(size, segment, first));
            }
        }
        best
    }
}

/// Tells which segments look like page furniture: short, and without a final stop where most of
/// the document has one.
pub(crate) fn looks_like_furniture(segments: &[&str]) -> Vec<bool> {
    let open: Vec<bool> = segments.iter().map(|text| !ends_with_stop(text)).collect();
    let share = open.iter().filter(|&&open| open).count() as f32 / segments.len().max(1) as f32;
    let says_something = share < FURNITURE_SHARE;
    let short = |text: &str| text.chars().nth(FURNITURE_LENGTH).is_none();
    segments.iter().zip(open).map(|(text, open)| says_something && open && short(text)).collect()
}

fn ends_with_stop(text: &str) -> bool {
    text.trim_end().ends_with([
        '.', '!', '?', '؟', '…', '؛', ':', ';', '،', ',', '"', '”', '“', '»', '’', '\'', ')', ']',
        '۔',
    ])
}
