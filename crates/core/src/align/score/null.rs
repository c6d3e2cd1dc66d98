//! The scores of nulls.

use super::{NEVER, Typical, View};
use crate::DocumentSide;
use crate::align::cue::SegmentCue;
use crate::align::excluded::Excluded;
use crate::align::grid::{Row, Shape};
use crate::align::layer::Layer;
use crate::align::prepared::ChunkSide;
use crate::align::sides::Sides;
use crate::align::tuning::NullTuning;

/// Scores of segments as nulls.
#[derive(Clone)]
pub(crate) struct NullScores {
    src: Vec<NullScore>,
    tgt: Vec<NullScore>,
}

/// The score of one segment's null, by boundary of the other side.
#[derive(Clone)]
struct NullScore {
    /// The boundary of the first score.
    first: usize,
    scores: Vec<f32>,
    /// Added if it follows a null of its side.
    run: f32,
}

impl NullScore {
    #[inline]
    fn at(&self, boundary: usize) -> f32 {
        self.scores[boundary - self.first]
    }

    /// Returns the score at a boundary or at the next one; impossible if it has neither.
    fn near(&self, boundary: usize) -> f32 {
        let at = |boundary: usize| self.scores.get(boundary.wrapping_sub(self.first));
        at(boundary).or_else(|| at(boundary + 1)).copied().unwrap_or(NEVER)
    }
}

/// What the whole document adds to the scores of one side's nulls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NullAdjustment {
    /// The term that is added.
    pub(crate) added: f32,
    /// The maximum of the sum.
    pub(crate) max: f32,
    /// Subtracted from what is added to a null that follows a null of its side.
    pub(crate) run_loss: f32,
}

impl NullAdjustment {
    /// Adds a term to all scores.
    pub(crate) fn new(added: f32) -> Self {
        Self { added, max: f32::INFINITY, run_loss: 0.0 }
    }
}

impl NullScores {
    /// Returns the scores with the adjustment of each side.
    pub(crate) fn adjusted(mut self, adjustment: Sides<NullAdjustment>) -> Self {
        let Self { src, tgt } = &mut self;
        for (nulls, NullAdjustment { added, max, run_loss }) in
            [(src, adjustment.src), (tgt, adjustment.tgt)]
        {
            for null in nulls {
                null.run -= run_loss;
                for score in &mut null.scores {
                    *score = (*score + added).min(max);
                }
            }
        }
        self
    }

    /// Makes the nulls of excluded segments free, and those after them the first of their run.
    pub(crate) fn exclude(&mut self, excluded: &Excluded) {
        let Self { src, tgt } = self;
        for (nulls, excluded) in [(src, &excluded.0.src), (tgt, &excluded.0.tgt)] {
            for (at, null) in nulls.iter_mut().enumerate() {
                if excluded[at] {
                    null.scores.fill(0.0);
                }
                if excluded[at] || at > 0 && excluded[at - 1] {
                    null.run = 0.0;
                }
            }
        }
    }

    /// Makes a segment impossible as a null, at every boundary.
    pub(crate) fn reject(&mut self, side: DocumentSide, segment: usize) {
        let nulls = match side {
            DocumentSide::Source => &mut self.src,
            DocumentSide::Target => &mut self.tgt,
        };
        nulls[segment].scores.fill(NEVER);
    }

    /// Returns what is added to a segment's null that follows a null of its side.
    #[inline]
    pub(crate) fn run(&self, layer: Layer, segment: usize) -> f32 {
        match layer {
            Layer::Bead => 0.0,
            Layer::SrcNull => self.src[segment].run,
            Layer::TgtNull => self.tgt[segment].run,
        }
    }

    /// Returns the score of source segment `i` as a null at target boundary `j`.
    #[inline]
    pub(crate) fn src(&self, i: usize, j: usize) -> f32 {
        self.src[i].at(j)
    }

    /// Returns the score of target segment `j` as a null at source boundary `i`.
    #[inline]
    pub(crate) fn tgt(&self, j: usize, i: usize) -> f32 {
        self.tgt[j].at(i)
    }

    /// Returns the score of source segment `i` as a null before or after target segment `j`.
    pub(crate) fn src_near(&self, i: usize, j: usize) -> f32 {
        self.src[i].near(j)
    }

    /// Returns the score of target segment `j` as a null before or after source segment `i`.
    pub(crate) fn tgt_near(&self, j: usize, i: usize) -> f32 {
        self.tgt[j].near(i)
    }
}

/// What null scores are computed from.
pub(crate) struct NullScorer<'a> {
    pub(crate) view: View<'a>,
    /// How far matching segments rise above the noise: the median best cosine minus the mean of
    /// all.
    pub(crate) contrast: f32,
}

impl<'a> NullScorer<'a> {
    /// Scores all nulls before the adjustment for the document.
    pub(crate) fn score(&self, typical: Typical) -> NullScores {
        let View { tuning, corridor, evidence, lexical, src, tgt, anchors, best, .. } = self.view;
        let (description, tuning) = (tuning.cue.null, &tuning.null);
        let columns = corridor.columns();
        let nulls = |own: &'a ChunkSide, other: &ChunkSide, best, max_block| SideNulls {
            tuning,
            boilerplate: &own.boilerplate,
            cues: &own.cues,
            description,
            others: other.len(),
            best,
            max_block,
            contrast: self.contrast,
            typical,
        };
        // Blocks that no bead has, or that the encoder does not return, are skipped.
        let max_block = |shape: fn(usize) -> Shape| {
            (1..=tuning.best_blocks).take_while(|&size| evidence.has(shape(size))).count()
        };
        let (of_tgt, of_src) = (max_block(|size| (1, size)), max_block(|size| (size, 1)));
        let mut src_scores = nulls(src, tgt, &best.src, of_tgt).scores(
            // A source null leads to the next row at the same target boundary.
            |i| corridor.row(i).union(corridor.row(i + 1)),
            |k, i, j| evidence.cosine((1, k), i, j),
            |i, boundary| lexical.src_null(i, boundary),
        );
        let mut tgt_scores = nulls(tgt, src, &best.tgt, of_src).scores(
            |j| columns[j].union(columns[j + 1]),
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
    /// Which segments look like boilerplate.
    boilerplate: &'a [bool],
    /// What is known of the segments as subtitles.
    cues: &'a [SegmentCue],
    /// The score of a description.
    description: f32,
    /// The number of segments of the other side.
    others: usize,
    /// Each segment's best cosine anywhere.
    best: &'a [f32],
    /// The longest blocks of the other side with which it is compared near a boundary.
    max_block: usize,
    contrast: f32,
    typical: Typical,
}

impl SideNulls<'_> {
    /// Scores each segment's null at the boundaries of the other side where it may fall, given its
    /// cosine with blocks of the other side and its words' coverage around a boundary.
    fn scores(
        &self,
        boundaries: impl Fn(usize) -> Row,
        cosine: impl Fn(usize, usize, usize) -> f32,
        coverage: impl Fn(usize, usize) -> f32,
    ) -> Vec<NullScore> {
        let Self { tuning, typical, .. } = self;
        let score = |(segment, best): (usize, &f32)| {
            let base = tuning.base - tuning.best * (best - tuning.best_from)
                + tuning.contrast * (self.contrast - tuning.contrast_from);
            let row = boundaries(segment);
            if self.cues.get(segment).is_some_and(|cue| cue.is_description) {
                let scores = row.boundaries().map(|_| self.description).collect();
                return NullScore { first: row.start, scores, run: tuning.run };
            }
            let at = |boundary: usize| {
                let covered = coverage(segment, boundary) - typical.coverage;
                let mut score = base - tuning.lexical * covered;
                if self.boilerplate[segment] {
                    let near = self.best_near(segment, boundary, &cosine) / typical.cosine;
                    let lack = tuning.boilerplate_slope * (tuning.boilerplate_matched - near);
                    score += tuning.boilerplate * lack.clamp(0.0, 1.0);
                }
                score.min(tuning.max)
            };
            let scores = row.boundaries().map(at).collect();
            NullScore { first: row.start, scores, run: tuning.run }
        };
        self.best.iter().enumerate().map(score).collect()
    }

    /// Returns a segment's maximum cosine with short blocks near a boundary.
    fn best_near(
        &self,
        segment: usize,
        boundary: usize,
        cosine: impl Fn(usize, usize, usize) -> f32,
    ) -> f32 {
        let near = self.tuning.boilerplate_near;
        let (from, to) = (boundary.saturating_sub(near), (boundary + near).min(self.others));
        let mut best = f32::NEG_INFINITY;
        for size in 1..=self.max_block {
            for first in from..(to + 1).saturating_sub(size) {
                best = best.max(cosine(size, segment, first));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores a segment as a null at the boundaries of eight others, given its cosine with blocks
    /// by size and first segment.
    fn scores(
        is_boilerplate: bool,
        contrast: f32,
        coverage: f32,
        cosine: impl Fn(usize, usize) -> f32,
    ) -> Vec<f32> {
        let nulls = SideNulls {
            tuning: &NullTuning::default(),
            boilerplate: &[is_boilerplate],
            cues: &[],
            description: 0.0,
            others: 8,
            best: &[0.5],
            max_block: 3,
            contrast,
            typical: Typical { cosine: 0.5, coverage: 0.25 },
        };
        let all =
            nulls.scores(|_| Row::whole(8), |size, _, first| cosine(size, first), |_, _| coverage);
        all[0].scores.clone()
    }

    fn assert_near(found: f32, expected: f32) {
        assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
    }

    #[test]
    fn boilerplate_scores_more_as_a_null_the_less_it_matches() {
        let at = |cosine: f32| scores(true, 0.35, 0.25, |_, _| cosine)[4];
        // As shares of the typical cosine: 1, 0.8, 0.675, 0.55 and 0.
        for (cosine, more) in [(0.5, 0.0), (0.4, 0.0), (0.3375, 0.075), (0.275, 0.15), (0.0, 0.15)]
        {
            assert_near(at(cosine), -0.22 + more);
        }
        assert_near(scores(false, 0.35, 0.25, |_, _| 0.0)[4], -0.22);
    }

    #[test]
    fn boilerplate_is_compared_with_the_three_segments_on_each_side_of_a_boundary() {
        let matched = scores(true, 0.35, 0.25, |size, first| match (size, first) {
            (1, 4) => 0.5,
            _ => 0.0,
        });
        let is_matched: Vec<bool> = matched.iter().map(|&score| score < -0.1).collect();
        assert_eq!(is_matched, [false, false, true, true, true, true, true, true, false]);
        // A block counts if it lies within these as a whole.
        let matched = scores(true, 0.35, 0.25, |size, first| match (size, first) {
            (3, 4) => 0.5,
            _ => 0.0,
        });
        let is_matched: Vec<bool> = matched.iter().map(|&score| score < -0.1).collect();
        assert_eq!(is_matched, [false, false, false, false, true, true, true, true, false]);
    }

    #[test]
    fn contrast_and_coverage_change_the_score_up_to_a_maximum() {
        let at = |contrast: f32, coverage: f32| scores(false, contrast, coverage, |_, _| 0.0)[0];
        assert_near(at(0.45, 0.25), -0.22 + 0.023);
        assert_near(at(0.35, 0.75), -0.22 - 0.05);
        assert_near(at(2.0, 0.25), -0.01);
    }
}
