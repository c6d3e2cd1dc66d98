//! A letter trigram model for words that are not in the lexicon.
//!
//! Names and rare words are spelt like other words of their language; words with swapped or missing
//! letters are not. The model is trained on the stems of the lexicon and interpolated with bigrams
//! and single letters (Jelinek and Mercer 1980). It returns the surprise of a stem in bits.

use std::collections::BTreeMap;

use crate::side::{PairSide, WordKind};

/// The weight of the shorter context, in occurrences.
const BACKOFF_WEIGHT: f64 = 4.0;
/// The number of letters of known words that are added to each text, so that one unknown word in a
/// short text does not dominate.
const PRIOR_LETTERS: usize = 24;
/// The symbol before and after a word.
const EDGE: usize = 0;

/// A letter trigram model of the words of one language.
#[derive(Debug)]
pub(super) struct Spelling {
    symbols: BTreeMap<char, usize>,
    /// By trigram: the bits of its last symbol.
    bits: Vec<f32>,
}

impl Spelling {
    /// Trains a model on words, each counted once.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Self {
        let mut symbols: BTreeMap<char, usize> =
            words.clone().flat_map(str::chars).map(|letter| (letter, 0)).collect();
        for (index, symbol) in symbols.values_mut().enumerate() {
            *symbol = index + 1;
        }
        // The last symbol represents every other letter.
        let size = symbols.len() + 2;
        let mut counts = vec![0_u32; size * size * size];
        let mut spelling = Self { symbols, bits: Vec::new() };
        for word in words {
            spelling.for_each_trigram(word, |trigram| counts[trigram] += 1);
        }
        spelling.bits = surprise(&counts, size);
        spelling
    }

    /// Returns the surprise of a word in bits, including its end.
    pub(super) fn bits(&self, word: &str) -> f32 {
        let mut bits = 0.0;
        self.for_each_trigram(word, |trigram| bits += self.bits[trigram]);
        bits
    }

    /// Calls `each` with the index of each trigram of a word, including its edges.
    fn for_each_trigram(&self, word: &str, mut each: impl FnMut(usize)) {
        let size = self.symbols.len() + 2;
        let letters = word.chars().map(|c| self.symbols.get(&c).copied().unwrap_or(size - 1));
        let (mut first, mut second) = (EDGE, EDGE);
        for third in letters.chain([EDGE]) {
            each((first * size + second) * size + third);
            (first, second) = (second, third);
        }
    }
}

/// Returns, by trigram, the bits of its last symbol after the first two.
fn surprise(counts: &[u32], size: usize) -> Vec<f32> {
    let mut singles = vec![1.0_f64; size];
    let mut doubles = vec![0.0_f64; size * size];
    for (trigram, &count) in counts.iter().enumerate() {
        singles[trigram % size] += f64::from(count);
        doubles[trigram % (size * size)] += f64::from(count);
    }
    let probabilities = |counts: &mut dyn Iterator<Item = f64>, shorter: &[f64]| -> Vec<f64> {
        let counts: Vec<f64> = counts.collect();
        let all: f64 = counts.iter().sum::<f64>() + BACKOFF_WEIGHT;
        counts.iter().zip(shorter).map(|(count, p)| (count + BACKOFF_WEIGHT * p) / all).collect()
    };
    let all: f64 = singles.iter().sum();
    let singles: Vec<f64> = singles.iter().map(|count| count / all).collect();
    let doubles: Vec<Vec<f64>> = doubles
        .chunks_exact(size)
        .map(|row| probabilities(&mut row.iter().copied(), &singles))
        .collect();
    let triples = counts.chunks_exact(size).enumerate().flat_map(|(context, row)| {
        probabilities(&mut row.iter().map(|&count| f64::from(count)), &doubles[context % size])
    });
    triples.map(|p| -libm::log2(p) as f32).collect()
}

/// Returns the surprise of the unknown words of a side, divided by the letters of all its words
/// except names; `None` without a word.
pub(super) fn spelling(side: &PairSide<'_>, are_names: &[bool]) -> Option<f32> {
    let is_name = |at: usize| are_names.get(at).copied().unwrap_or(false);
    let (mut bits, mut letters) = (0.0_f32, 0);
    for (at, word) in side.words.iter().enumerate() {
        if word.kind == WordKind::Native && !is_name(at) {
            letters += word.text.chars().count() + 1;
            bits += word.surprise;
        }
    }
    (letters > 0).then(|| bits / (letters + PRIOR_LETTERS) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_spelt_like_a_word_has_less_surprise() {
        let words = ["nation", "station", "relation", "motion", "notion", "ration"];
        let spelling = Spelling::new(words.iter().copied());
        assert!(spelling.bits("lotion") + 3.0 < spelling.bits("ltoino"));
        assert!(spelling.bits("ضضض") > spelling.bits("nat"));
    }
}
