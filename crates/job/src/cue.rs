//! What the subtitles of both sides say about the alignment of their segments: kinds and times.

use nasaq::{Alignment, Segment, SegmentCue};
use nasaq_formats::{BlockKind, Document};

use crate::clock::{Clock, MIN_PAIRS};

/// The minimum probability of a pair that shows the clocks.
const SURE: f32 = 0.95;

/// The cues of the segments of both sides.
pub(crate) struct Cues {
    sides: [Vec<SegmentCue>; 2],
    has_times: bool,
    has_descriptions: bool,
}

/// Whether the times of both sides were used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TimesUsed {
    /// One side has none.
    NoTimes,
    /// By a clock that fits the pairs.
    Used(Clock),
    /// There are too few sure pairs to compare the clocks.
    TooFewPairs(usize),
    /// No clock fits.
    Disagree,
}

impl Cues {
    /// Collects the cues of the segments of both documents.
    pub(crate) fn new(documents: [&Document; 2], segments: [&[Segment<'_>]; 2]) -> Self {
        let sides = [0, 1].map(|side| {
            let cue = |segment: &Segment<'_>| cue(documents[side], segment);
            segments[side].iter().map(cue).collect::<Vec<SegmentCue>>()
        });
        let has_time = |side: &Vec<SegmentCue>| side.iter().any(|cue| cue.time.is_some());
        let is_description = |cue: &SegmentCue| cue.is_description;
        Self {
            has_times: sides.iter().all(has_time),
            has_descriptions: sides.iter().flatten().any(is_description),
            sides,
        }
    }

    /// Reports whether both sides have times.
    pub(crate) fn has_times(&self) -> bool {
        self.has_times
    }

    /// Returns the cues without their times, if there are descriptions.
    pub(crate) fn descriptions(&self) -> Option<[Vec<SegmentCue>; 2]> {
        let without_time = |cue: &SegmentCue| cue.with_time(None);
        self.has_descriptions
            .then(|| self.sides.each_ref().map(|side| side.iter().map(without_time).collect()))
    }

    /// Returns the cues with their times on the clock of the target.
    pub(crate) fn on_clock(&self, clock: Clock) -> [Vec<SegmentCue>; 2] {
        let [src, tgt] = &self.sides;
        let moved = |cue: &SegmentCue| {
            let time = cue.time.map(|time| time.map(|it| clock.target(f64::from(it)) as f32));
            cue.with_time(time)
        };
        [src.iter().map(moved).collect(), tgt.clone()]
    }

    /// Finds the clock that fits the sure pairs of an alignment.
    pub(crate) fn clock(&self, alignment: &Alignment) -> TimesUsed {
        if !self.has_times {
            return TimesUsed::NoTimes;
        }
        let [src, tgt] = &self.sides;
        let is_sure = |bead: &&nasaq::Bead| {
            !bead.moved && bead.src.len() == 1 && bead.tgt.len() == 1 && bead.probability >= SURE
        };
        let pairs = alignment.beads().iter().filter(is_sure).filter_map(|bead| {
            let src = src[bead.src.start as usize].time?[0];
            let tgt = tgt[bead.tgt.start as usize].time?[0];
            Some([f64::from(src), f64::from(tgt)])
        });
        let pairs: Vec<[f64; 2]> = pairs.collect();
        match Clock::of_pairs(&pairs) {
            Some(clock) => TimesUsed::Used(clock),
            None if pairs.len() < MIN_PAIRS => TimesUsed::TooFewPairs(pairs.len()),
            None => TimesUsed::Disagree,
        }
    }
}

/// Returns the cue of a segment. A segment that is part of a subtitle is shown for as much of its
/// time as the segment has of its text.
fn cue(document: &Document, segment: &Segment<'_>) -> SegmentCue {
    let bytes = segment.bytes();
    let first = document.blocks.partition_point(|block| block.text.end <= bytes.start);
    let touched = || document.blocks[first..].iter().take_while(|it| it.text.start < bytes.end);
    let is_description = bytes.start < bytes.end
        && touched().next().is_some()
        && touched().all(|block| block.kind == BlockKind::Description);
    let at = |time: [u64; 2], text: &std::ops::Range<usize>, byte: usize| {
        let share = byte.saturating_sub(text.start) as f64 / text.len().max(1) as f64;
        (time[0] as f64 + share.min(1.0) * (time[1] - time[0]) as f64) / 1000.0
    };
    let times = touched().filter_map(|block| {
        let time = block.time?;
        Some([at(time, &block.text, bytes.start), at(time, &block.text, bytes.end)])
    });
    let time = times.reduce(|all, time| [all[0].min(time[0]), all[1].max(time[1])]);
    SegmentCue::new()
        .with_description(is_description)
        .with_time(time.map(|time| time.map(|it| it as f32)))
}

#[cfg(test)]
mod tests {
    use nasaq_formats::DocumentReader;

    use super::*;

    fn cues(srt: &str, texts: &[&str]) -> Vec<SegmentCue> {
        let document = DocumentReader::new().from_bytes("a.srt", srt.into()).expect("subtitles");
        let segment = |text: &&str| {
            let start = document.text.find(text).expect("part of it");
            cue(&document, &Segment::new(&document.text[start..start + text.len()], start))
        };
        texts.iter().map(segment).collect()
    }

    #[test]
    fn segments_have_the_times_of_their_part_of_the_subtitles() {
        let srt = "1\n00:00:01,000 --> 00:00:03,000\nOne. Two.\n\n2\n00:00:03,000 --> 00:00:04,000\n\
            And so\n\n3\n00:00:04,000 --> 00:00:06,000\non.\n\n4\n00:00:07,000 --> 00:00:08,000\n[sighs]\n";
        let found = cues(srt, &["One.", "Two.", "And so on.", "[sighs]"]);
        let times: Vec<_> = found.iter().filter_map(|cue| cue.time).collect();
        let near = |a: f32, b: f32| (a - b).abs() < 0.01;
        let expected = [[1.0, 1.888], [2.111, 3.0], [3.0, 6.0], [7.0, 8.0]];
        for (time, expected) in times.iter().zip(expected) {
            assert!(near(time[0], expected[0]) && near(time[1], expected[1]), "{times:?}");
        }
        let kinds: Vec<bool> = found.iter().map(|cue| cue.is_description).collect();
        assert_eq!(kinds, [false, false, false, true]);
    }
}
