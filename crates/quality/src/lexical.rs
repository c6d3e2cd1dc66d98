//! The share of an English text that the lexicon finds in an Arabic text, for all pairs of texts of
//! a block.
//!
//! The share depends on both texts: common words are found anywhere. A pair is therefore compared
//! with the same Arabic text and the other English texts of the block. Words are weighted by their
//! inverse document frequency in the block.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::side::{PairSide, WordKind};
use nasaq_text::Lexicon;

/// A weight that is added to that of each text and never found, so that the share of a text with
/// one word is below 1.
const UNFOUND_WEIGHT: f32 = 2.0;

/// An inverted index of the English texts of a block.
pub(super) struct EnglishIndex {
    /// By stem: its weight and the texts that have it.
    texts_with: HashMap<u32, (f32, Vec<usize>)>,
    /// By text: the sum of the weights of its content words.
    weights: Vec<f32>,
}

impl EnglishIndex {
    pub(super) fn new<'s, 't: 's>(english: impl Iterator<Item = &'s PairSide<'t>>) -> Self {
        let mut texts_with: HashMap<u32, (f32, Vec<usize>)> = HashMap::new();
        let mut count = 0;
        for (text, side) in english.enumerate() {
            for stem in content(side) {
                texts_with.entry(stem).or_default().1.push(text);
            }
            count = text + 1;
        }
        let mut weights = vec![0.0; count];
        // Sums of floats depend on the order of their terms, so the stems are sorted: a hash map
        // has another order in every run.
        let mut stems: Vec<_> = texts_with.iter_mut().collect();
        stems.sort_unstable_by_key(|(stem, _)| **stem);
        for (_, (weight, texts)) in stems {
            *weight = libm::log((count as f64 + 1.0) / texts.len() as f64) as f32;
            for &text in &*texts {
                weights[text] += *weight;
            }
        }
        Self { texts_with, weights }
    }

    /// Returns, by English text, the weighted share of it that translates a word of an Arabic text;
    /// NaN if either text has no content word.
    pub(super) fn matches(&self, arabic: &PairSide<'_>, lexicon: &Lexicon) -> Vec<f32> {
        // By English stem: its maximum similarity with a stem of the Arabic text.
        let mut best: BTreeMap<u32, f32> = BTreeMap::new();
        let sources = content(arabic);
        let (kept, sources_of_lexicon): (Vec<u32>, Vec<u32>) =
            sources.iter().partition(|source| is_kept(**source));
        for source in kept.into_iter().filter(|source| self.texts_with.contains_key(source)) {
            best.insert(source, 1.0);
        }
        for entry in sources_of_lexicon.iter().flat_map(|source| lexicon.arabic_row(*source)) {
            if self.texts_with.contains_key(&entry.id) {
                let best = best.entry(entry.id).or_default();
                *best = best.max(entry.similarity);
            }
        }
        let mut found = vec![0.0_f32; self.weights.len()];
        for (stem, similarity) in best {
            let (weight, texts) = &self.texts_with[&stem];
            for &text in texts {
                // The square root as in the coverage of the aligner: similarities of translations
                // are often small, because a word has several, and still much above those of
                // chance.
                found[text] += weight * similarity.sqrt();
            }
        }
        let nothing = sources.is_empty();
        for (found, weight) in found.iter_mut().zip(&self.weights) {
            let undefined = nothing || *weight == 0.0;
            *found = if undefined { f32::NAN } else { *found / (weight + UNFOUND_WEIGHT) };
        }
        found
    }
}

/// Returns whether an id is that of a kept word.
fn is_kept(id: u32) -> bool {
    id >> 31 == 1
}

/// Returns the distinct ids of the content words of a text.
fn content(side: &PairSide<'_>) -> Vec<u32> {
    let content = side
        .words
        .iter()
        .filter(|word| matches!(word.kind, WordKind::Native | WordKind::Kept) && !word.function);
    let mut stems: Vec<u32> = content.filter_map(|word| word.id).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
