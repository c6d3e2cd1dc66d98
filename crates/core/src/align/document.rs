//! The texts of both sides, and what is measured on the whole of them.

use std::borrow::Cow;

use super::Anchor;
use super::lexical::{SideWords, document_words};
use super::score::looks_like_furniture;
use super::tuning::{ScoreTuning, Tuning};
use crate::encoder::Encoder;
use crate::parallel;
use nasaq_text::Lexicon;
use nasaq_text::ScriptCounts;
use nasaq_text::normalise;

/// A source document and its translation.
pub(super) struct Document<'a> {
    /// The segments as given.
    pub(super) segments: [&'a [&'a str]; 2],
    /// The same, normalised.
    pub(super) texts: [Vec<Cow<'a, str>>; 2],
    /// Their lengths in code points.
    pub(super) lengths: [Vec<u32>; 2],
    /// Which look like page furniture.
    pub(super) furniture: [Vec<bool>; 2],
    pub(super) words: [SideWords; 2],
    /// In order, not crossing.
    pub(super) anchors: Vec<Anchor>,
    /// The encoder's pieces of the source for one of the target, where it does not see both whole.
    pub(super) ratio: Option<f64>,
}

impl<'a> Document<'a> {
    pub(super) fn new(
        tuning: &Tuning,
        lexicon: &Lexicon,
        segments: [&'a [&'a str]; 2],
        anchors: Vec<Anchor>,
    ) -> Self {
        let texts = segments.map(|side| side.iter().map(|text| normalise(text)).collect());
        let refs = [0, 1].map(|side: usize| {
            let side: &Vec<Cow<'_, str>> = &texts[side];
            side.iter().map(AsRef::as_ref).collect::<Vec<&str>>()
        });
        let length = |text: &&str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        Self {
            segments,
            lengths: [0, 1].map(|side: usize| refs[side].iter().map(length).collect()),
            furniture: segments.map(|side| looks_like_furniture(&tuning.null, side)),
            words: document_words(&tuning.score, lexicon, [&refs[0], &refs[1]]),
            texts,
            anchors,
            ratio: None,
        }
    }

    /// Measures the ratio of the encoder's pieces.
    pub(super) fn measure_ratio(&mut self, encoder: &(impl Encoder + ?Sized)) {
        let [src, tgt] = [0, 1].map(|side: usize| {
            let texts = &self.texts[side];
            let pieces = parallel::map(texts.len(), |at| encoder.token_count(&texts[at]));
            pieces.iter().sum::<usize>().max(1) as f64
        });
        self.ratio = Some(src / tgt);
    }

    /// Counts the segments of either side.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.segments[0].len(), self.segments[1].len())
    }

    /// Counts the segments of the longer side.
    pub(super) fn longer_side(&self) -> usize {
        let (n, m) = self.size();
        n.max(m)
    }

    /// Gives how many code points of the source say as much as one of the target: the ratio of both
    /// sides, but within a factor of what is usual of Arabic and English. Else, where one side is
    /// abridged, beads with too much of the other would have the right length.
    pub(super) fn length_ratio(&self, tuning: &ScoreTuning) -> f32 {
        let [src, tgt] = [0, 1].map(|side: usize| {
            let mut counts = ScriptCounts::default();
            for text in self.texts[side].iter().take(tuning.script_sample) {
                let text = ScriptCounts::of(text);
                counts.arabic += text.arabic;
                counts.other += text.other;
            }
            counts.arabic_share().unwrap_or(0.5)
        });
        let usual = libm::powf(tuning.typical_ratio, src - tgt);
        let [src, tgt] = self.totals().map(|total| total.max(1) as f32);
        (src / tgt).clamp(usual / tuning.max_ratio_factor, usual * tuning.max_ratio_factor)
    }

    /// Counts the code points of either side.
    pub(super) fn totals(&self) -> [u64; 2] {
        [0, 1].map(|side: usize| self.lengths[side].iter().map(|&length| u64::from(length)).sum())
    }
}
