//! The lexicon's word on a pair, beside its word on the neighbours.
//!
//! How much of an English text the lexicon finds in an Arabic one depends on both: short and common
//! words are found anywhere. So the pair is compared with the same Arabic text beside other English
//! texts of the block. Rare words weigh more, by how many texts of the block have them.

use std::collections::{BTreeMap, HashMap};

use crate::side::{Kind, Side};
use nasaq_text::Lexicon;

/// Weight that is always without a counterpart, so that one word found is not all.
const NONE: f32 = 2.0;

/// The English texts of a block.
pub(super) struct Targets {
    /// By stem: its weight and the texts that have it.
    texts_with: HashMap<u32, (f32, Vec<usize>)>,
    /// The weight of each text's content words.
    weights: Vec<f32>,
}

impl Targets {
    pub(super) fn new<'s, 't: 's>(english: impl Iterator<Item = &'s Side<'t>>) -> Self {
        let mut texts_with: HashMap<u32, (f32, Vec<usize>)> = HashMap::new();
        let mut count = 0;
        for (text, side) in english.enumerate() {
            for stem in content(side) {
                texts_with.entry(stem).or_default().1.push(text);
            }
            count = text + 1;
        }
        let mut weights = vec![0.0; count];
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

    /// Gives for each English text the weighed share of it that an Arabic text's words may stand
    /// for; NaN where either has no content word.
    pub(super) fn found(&self, arabic: &Side<'_>, lexicon: &Lexicon) -> Vec<f32> {
        // By English stem, how well the best Arabic one matches it.
        let mut best: BTreeMap<u32, f32> = BTreeMap::new();
        let sources = content(arabic);
        for entry in sources.iter().flat_map(|source| lexicon.arabic_row(*source)) {
            if self.texts_with.contains_key(&entry.id) {
                let best = best.entry(entry.id).or_default();
                *best = best.max(entry.similarity);
            }
        }
        let mut found = vec![0.0_f32; self.weights.len()];
        for (stem, similarity) in best {
            let (weight, texts) = &self.texts_with[&stem];
            for &text in texts {
                found[text] += weight * similarity.sqrt();
            }
        }
        let nothing = sources.is_empty();
        for (found, weight) in found.iter_mut().zip(&self.weights) {
            let silent = nothing || *weight == 0.0;
            *found = if silent { f32::NAN } else { *found / (weight + NONE) };
        }
        found
    }
}

/// Gives the stems of a text's content words, each once.
fn content(side: &Side<'_>) -> Vec<u32> {
    let content = side.words.iter().filter(|word| word.kind == Kind::Own && !word.function);
    let mut stems: Vec<u32> = content.filter_map(|word| word.id).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
