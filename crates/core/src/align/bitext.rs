//! A bitext to align: the texts of both sides, and what is measured on the whole of them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use nasaq_text::{Lexicon, ScriptCounts, normalise};

use super::anchor::Anchor;
use super::cue::SegmentCue;
use super::identical::identical_segments;
use super::lexical::{SideWords, document_words};
use super::omission::DocumentSize;
use super::score::boilerplate::looks_like_boilerplate;
use super::sides::Sides;
use super::tuning::{ScoreTuning, Tuning};
use crate::encoder::{DocumentSide, Encoder};
use crate::parallel;

/// The segments of both sides of a bitext, with what is measured on each segment.
pub(super) struct Bitext<'a> {
    /// The segments as given.
    pub(super) segments: Sides<Vec<Cow<'a, str>>>,
    /// The same, normalised.
    pub(super) texts: Sides<Vec<Cow<'a, str>>>,
    /// Their lengths in code points.
    pub(super) lengths: Sides<Vec<u32>>,
    /// Which of them look like boilerplate.
    pub(super) boilerplate: Sides<Vec<bool>>,
    pub(super) words: Arc<Sides<SideWords>>,
    /// What is known of the segments as subtitles; empty if nothing is.
    pub(super) cues: Sides<Vec<SegmentCue>>,
    /// What each segment shares with the one of the other side that has the same text; empty if
    /// there is none.
    pub(super) identical: Sides<Vec<Option<u32>>>,
    /// In order, not crossing.
    pub(super) anchors: Vec<Anchor>,
    /// Tokens of the source for one of the target; `None` if the encoder sees both sides whole and
    /// can measure it.
    pub(super) ratio: Option<f64>,
    /// Whether segments were replaced since the whole document was measured.
    is_changed: bool,
}

impl<'a> Bitext<'a> {
    pub(super) fn new(
        tuning: &Tuning,
        lexicon: &Lexicon,
        segments: Sides<Vec<Cow<'a, str>>>,
    ) -> Self {
        let texts = segments.as_ref().map(|side| side.iter().map(normalised).collect::<Vec<_>>());
        let refs = texts.as_ref().map(|side| side.iter().map(AsRef::as_ref).collect::<Vec<&str>>());
        Self {
            lengths: refs.as_ref().map(|side| side.iter().map(|text| length(text)).collect()),
            boilerplate: segments.as_ref().map(|side| looks_like_boilerplate(&tuning.null, side)),
            words: Arc::new(document_words(
                &tuning.score,
                lexicon,
                refs.as_ref().map(Vec::as_slice),
            )),
            identical: identical_segments(texts.as_ref().map(Vec::as_slice)),
            segments,
            texts,
            cues: Sides::default(),
            anchors: Vec::new(),
            ratio: None,
            is_changed: false,
        }
    }

    /// Replaces some segments of a side. Their words are replaced elsewhere.
    pub(super) fn replace(
        &mut self,
        side: DocumentSide,
        range: Range<usize>,
        with: Vec<Cow<'a, str>>,
    ) {
        let texts: Vec<Cow<'a, str>> = with.iter().map(normalised).collect();
        let lengths = texts.iter().map(|text| length(text));
        self.lengths.of_mut(side).splice(range.clone(), lengths);
        self.texts.of_mut(side).splice(range.clone(), texts);
        let count = with.len();
        self.segments.of_mut(side).splice(range.clone(), with);
        // A few new segments do not show whether they look like boilerplate.
        self.boilerplate.of_mut(side).splice(range.clone(), vec![false; count]);
        let cues = self.cues.of_mut(side);
        if !cues.is_empty() {
            let cue = SegmentCue::joined(&cues[range.clone()]);
            cues.splice(range.clone(), vec![cue; count]);
        }
        let identical = self.identical.of_mut(side);
        if !identical.is_empty() {
            identical.splice(range, vec![None; count]);
        }
        self.is_changed = true;
    }

    /// Measures the document again if segments were replaced.
    pub(super) fn renew(&mut self, tuning: &Tuning, lexicon: &Lexicon) {
        if self.is_changed {
            let segments = std::mem::take(&mut self.segments);
            let cues = std::mem::take(&mut self.cues);
            *self = Self { cues, ..Self::new(tuning, lexicon, segments) };
        }
    }

    /// Measures the ratio of the encoder's tokens.
    pub(super) fn measure_ratio(&mut self, encoder: &impl Encoder) {
        let tokens = self.texts.as_ref().map(|texts| {
            let counts = parallel::map(texts.len(), |at| encoder.token_count(&texts[at]));
            counts.iter().sum::<usize>().max(1) as f64
        });
        self.ratio = Some(tokens.src / tokens.tgt);
    }

    /// Counts the segments of both sides.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.segments.src.len(), self.segments.tgt.len())
    }

    /// Counts the segments of the longer side.
    pub(super) fn longer_side(&self) -> usize {
        let (n, m) = self.size();
        n.max(m)
    }

    /// Measures the document's size and length ratios without some long runs that are known to
    /// have no counterpart.
    pub(super) fn document_size(
        &self,
        tuning: &ScoreTuning,
        unaligned: Sides<Vec<Range<usize>>>,
    ) -> DocumentSize {
        let unaligned = unaligned.zip(self.lengths.as_ref()).map(|(runs, lengths)| -> u64 {
            runs.iter().map(|run| sum(&lengths[run.clone()])).sum()
        });
        let Sides { src, tgt } = self
            .totals()
            .zip(unaligned)
            .map(|(total, unaligned)| total.saturating_sub(unaligned).max(1) as f32);
        DocumentSize {
            segments: self.size(),
            total_ratio: src / tgt,
            typical_ratio: self.typical_ratio(tuning),
        }
    }

    /// Returns the length ratio of a document without omissions.
    pub(super) fn length_ratio(&self, tuning: &ScoreTuning) -> f32 {
        self.document_size(tuning, Sides::default()).length_ratio(tuning.max_ratio_factor)
    }

    /// Returns the typical ratio of the languages: code points of the source that carry as much as
    /// one of the target.
    fn typical_ratio(&self, tuning: &ScoreTuning) -> f32 {
        let arabic = self.texts.as_ref().map(|texts| {
            let mut counts = ScriptCounts::default();
            for text in texts.iter().take(tuning.script_sample) {
                let text = ScriptCounts::of(text);
                counts.arabic += text.arabic;
                counts.other += text.other;
            }
            counts.arabic_share().unwrap_or(0.5)
        });
        libm::powf(tuning.typical_ratio, arabic.src - arabic.tgt)
    }

    /// Counts the code points of each side.
    pub(super) fn totals(&self) -> Sides<u64> {
        self.lengths.as_ref().map(|lengths| sum(lengths))
    }
}

/// Returns the text of a segment for matching.
pub(super) fn normalised<'a>(segment: &Cow<'a, str>) -> Cow<'a, str> {
    match segment {
        Cow::Borrowed(text) => normalise(text),
        Cow::Owned(text) => Cow::Owned(normalise(text).into_owned()),
    }
}

/// Counts the code points of a text.
pub(super) fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn sum(lengths: &[u32]) -> u64 {
    lengths.iter().map(|&length| u64::from(length)).sum()
}
