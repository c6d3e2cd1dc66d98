//! What the times and the kinds of subtitles contribute to the scores of beads.

use std::ops::Range;

use super::View;
use crate::align::cue::SegmentCue;
use crate::align::grid::Shape;
use crate::align::prepared::ChunkSide;
use crate::align::tuning::CueTuning;

impl View<'_> {
    /// Reports whether a segment of either side is a description.
    pub(super) fn has_descriptions(&self) -> bool {
        [self.src, self.tgt].iter().any(|side| side.cues.iter().any(|cue| cue.is_description))
    }

    /// Reports whether segments of both sides have times.
    pub(super) fn has_times(&self) -> bool {
        [self.src, self.tgt].iter().all(|side| side.cues.iter().any(|cue| cue.time.is_some()))
    }

    /// Reports whether a bead begins or ends with a description on one side and has more than
    /// descriptions. Inside a bead a description may interrupt a sentence.
    pub(super) fn mixes_description(&self, (a, b): Shape, i: usize, j: usize) -> bool {
        let sides = [(self.src, i..i + a), (self.tgt, j..j + b)];
        let is_description =
            |side: &ChunkSide, at: usize| side.cues.get(at).is_some_and(|cue| cue.is_description);
        let has_edge = sides.iter().any(|(side, run)| {
            is_description(side, run.start) || is_description(side, run.end - 1)
        });
        has_edge && !sides.iter().all(|(side, run)| run.clone().all(|at| is_description(side, at)))
    }

    /// Returns what the times of a bead's sides add to its score.
    pub(super) fn time_score(&self, (a, b): Shape, i: usize, j: usize) -> f32 {
        let times = [shown(&self.src.cues, i..i + a), shown(&self.tgt.cues, j..j + b)];
        match times {
            [Some(src), Some(tgt)] => time_score(&self.tuning.cue, src, tgt),
            _ => 0.0,
        }
    }
}

/// Returns when a run of segments is shown, from its first begin to its last end.
fn shown(cues: &[SegmentCue], run: Range<usize>) -> Option<[f32; 2]> {
    let times = cues.get(run)?.iter().map(|cue| cue.time);
    times.reduce(|all, time| {
        let ([start, end], [other_start, other_end]) = (all?, time?);
        Some([start.min(other_start), end.max(other_end)])
    })?
}

/// Scores two times by their overlap as a share of what they cover, or by the pause between them.
fn time_score(tuning: &CueTuning, src: [f32; 2], tgt: [f32; 2]) -> f32 {
    let overlap = src[1].min(tgt[1]) - src[0].max(tgt[0]);
    let covered = src[1].max(tgt[1]) - src[0].min(tgt[0]);
    if overlap > 0.0 {
        return tuning.overlap * (overlap / covered - tuning.typical_overlap);
    }
    let pause = (-overlap / tuning.max_pause).min(1.0);
    -tuning.overlap * tuning.typical_overlap - tuning.pause * pause
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(found: f32, expected: f32) {
        assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
    }

    #[test]
    fn overlap_adds_to_a_score_and_a_pause_subtracts_from_it() {
        let tuning =
            CueTuning { overlap: 0.5, typical_overlap: 0.4, pause: 1.0, max_pause: 2.0, null: 0.0 };
        let score = |tgt| time_score(&tuning, [10.0, 12.0], tgt);
        assert_near(score([10.0, 12.0]), 0.3);
        assert_near(score([11.0, 13.0]), 0.5 * (1.0 / 3.0 - 0.4));
        assert_near(score([12.0, 14.0]), -0.2);
        assert_near(score([13.0, 14.0]), -0.2 - 0.5);
        assert_near(score([3.0, 5.0]), -0.2 - 1.0);
        assert_near(score([99.0, 99.0]), -0.2 - 1.0);
    }

    #[test]
    fn a_run_is_shown_from_its_first_begin_to_its_last_end() {
        let cue = |time| SegmentCue::new().with_time(time);
        let cues = [cue(Some([1.0, 4.0])), cue(Some([2.0, 3.0])), cue(None)];
        assert_eq!(shown(&cues, 0..2), Some([1.0, 4.0]));
        assert_eq!(shown(&cues, 1..3), None);
        assert_eq!(shown(&[], 0..1), None);
    }
}
