//! The share of an English text that the lexicon finds in an Arabic text, for all pairs of texts of
//! a block.
//!
//! The share depends on both texts: common words are found anywhere. A pair is therefore compared
//! with the same Arabic text and the other English texts of the block. Words are weighted by their
//! inverse document frequency in the block.

use hashbrown::HashMap;

use crate::side::{PairSide, WordKind};
use nasaq_text::Lexicon;

/// A weight that is added to that of each text and never found, so that the share of a text with
/// one word is below 1.
const UNFOUND_WEIGHT: f32 = 2.0;

/// The weight that halves the evidence of a margin: some two rare words.
const HALF_EVIDENCE: f32 = 8.0;

/// The distinct ids of the content words of a text, in order.
pub(super) type Content = Vec<u32>;

/// By stem: its weight and the texts that have it.
type TextsWith = HashMap<u32, (f32, Vec<usize>)>;

/// An inverted index of the English texts of a block.
pub(super) struct EnglishIndex {
    texts_with: TextsWith,
    /// By text: the sum of the weights of its content words.
    weights: Vec<f32>,
    /// A bit per id of the lexicon: whether a text has it. Most entries of the lexicon's rows are in no
    /// text of the block.
    present: Vec<u64>,
}

/// Returns the weights of the stems of a block's texts on one side, and by text their sum.
fn weighted(texts: &[Content]) -> (TextsWith, Vec<f32>) {
    let mut texts_with = TextsWith::new();
    for (text, stems) in texts.iter().enumerate() {
        for &stem in stems {
            texts_with.entry(stem).or_default().1.push(text);
        }
    }
    let mut weights = vec![0.0; texts.len()];
    // Sums of floats depend on the order of their terms, so the stems are sorted: a hash map has
    // another order in every run.
    let mut stems: Vec<_> = texts_with.iter_mut().collect();
    stems.sort_unstable_by_key(|(stem, _)| **stem);
    for (_, (weight, texts)) in stems {
        *weight = libm::log((weights.len() as f64 + 1.0) / texts.len() as f64) as f32;
        for &text in &*texts {
            weights[text] += *weight;
        }
    }
    (texts_with, weights)
}

impl EnglishIndex {
    /// Creates the index from the content of the texts.
    pub(super) fn new(english: &[Content]) -> Self {
        let (texts_with, weights) = weighted(english);
        let mut present = Vec::new();
        for id in texts_with.keys().filter(|id| !is_kept(**id)) {
            let word = *id as usize / 64;
            if word >= present.len() {
                present.resize(word + 1, 0);
            }
            present[word] |= 1_u64 << (id % 64);
        }
        Self { texts_with, weights, present }
    }

    /// Returns, by pair, how far the margin of its lexical share can be trusted, from 0 to 1.
    ///
    /// It grows with the weight of the side that has less. A sentence of a few common words matches
    /// many others as well as its translation, which may have none of the words that the lexicon
    /// knows for them.
    pub(super) fn evidence(&self, arabic: &[Content]) -> Vec<f32> {
        let (_, arabic) = weighted(arabic);
        let pairs = arabic.iter().zip(&self.weights);
        pairs.map(|(a, b)| a.min(*b)).map(|weight| weight / (weight + HALF_EVIDENCE)).collect()
    }

    /// Returns whether a text has a stem of the lexicon.
    fn has(&self, id: u32) -> bool {
        self.present.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
    }

    /// Returns, by English text, the weighted share of it that translates a word of an Arabic text;
    /// NaN if either text has no content word.
    pub(super) fn matches(&self, arabic: &[u32], lexicon: &Lexicon) -> Vec<f32> {
        // English stems with their similarity with a stem of the Arabic text.
        let mut best: Vec<(u32, f32)> = Vec::new();
        for &source in arabic {
            if is_kept(source) {
                best.extend(self.texts_with.contains_key(&source).then_some((source, 1.0)));
            } else {
                let row = lexicon.arabic_row(source).iter().filter(|entry| self.has(entry.id));
                best.extend(row.map(|entry| (entry.id, entry.similarity)));
            }
        }
        // In the order of the stems, as sums of floats depend on it; of each, the maximum first.
        best.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        best.dedup_by_key(|(stem, _)| *stem);
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
        let nothing = arabic.is_empty();
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
pub(super) fn content(side: &PairSide<'_>) -> Content {
    let content = side
        .words
        .iter()
        .filter(|word| matches!(word.kind, WordKind::Native | WordKind::Kept) && !word.function);
    let mut stems: Vec<u32> = content.filter_map(|word| word.id).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
