//! How letters follow each other in words that the lexicon does not know.
//!
//! A name or a rare word is spelt like others of its language, a word whose letters were swapped or
//! lost is not. A trigram model of letters, learnt from the stems of the lexicon and smoothed with
//! bigrams and single letters (Jelinek and Mercer 1980), tells how surprising a stem is.

use std::collections::BTreeMap;

use crate::side::{Kind, Side};

/// How many sightings the shorter context counts for.
const SHORTER: f64 = 4.0;
/// Letters of known words that a text is taken to have besides its own.
const LETTERS_BEFORE: usize = 24;
/// The symbol before and after a word.
const EDGE: usize = 0;

/// What letters follow which two, in words of one language.
#[derive(Debug)]
pub(super) struct Spelling {
    symbols: BTreeMap<char, usize>,
    /// Bits of each symbol after each two.
    bits: Vec<f32>,
}

impl Spelling {
    /// Learns from words, each once.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Self {
        let mut symbols: BTreeMap<char, usize> =
            words.clone().flat_map(str::chars).map(|letter| (letter, 0)).collect();
        for (number, symbol) in symbols.values_mut().enumerate() {
            *symbol = number + 1;
        }
        // The last symbol is any other letter.
        let size = symbols.len() + 2;
        let mut counts = vec![0_u32; size * size * size];
        let mut spelling = Self { symbols, bits: Vec::new() };
        for word in words {
            spelling.each_place(word, |place| counts[place] += 1);
        }
        spelling.bits = surprise(&counts, size);
        spelling
    }

    /// Tells how many bits it takes to spell a word, its end included.
    pub(super) fn bits(&self, word: &str) -> f32 {
        let mut bits = 0.0;
        self.each_place(word, |place| bits += self.bits[place]);
        bits
    }

    /// Calls `each` with the place of each trigram of a word, edges included.
    fn each_place(&self, word: &str, mut each: impl FnMut(usize)) {
        let size = self.symbols.len() + 2;
        let letters = word.chars().map(|c| self.symbols.get(&c).copied().unwrap_or(size - 1));
        let (mut first, mut second) = (EDGE, EDGE);
        for third in letters.chain([EDGE]) {
            each((first * size + second) * size + third);
            (first, second) = (second, third);
        }
    }
}

/// Gives the bits of each trigram's last symbol after its first two.
fn surprise(counts: &[u32], size: usize) -> Vec<f32> {
    let mut singles = vec![1.0_f64; size];
    let mut doubles = vec![0.0_f64; size * size];
    for (place, &count) in counts.iter().enumerate() {
        singles[place % size] += f64::from(count);
        doubles[place % (size * size)] += f64::from(count);
    }
    let chances = |counts: &mut dyn Iterator<Item = f64>, shorter: &[f64]| -> Vec<f64> {
        let counts: Vec<f64> = counts.collect();
        let all: f64 = counts.iter().sum::<f64>() + SHORTER;
        counts.iter().zip(shorter).map(|(count, chance)| (count + SHORTER * chance) / all).collect()
    };
    let all: f64 = singles.iter().sum();
    let singles: Vec<f64> = singles.iter().map(|count| count / all).collect();
    let doubles: Vec<Vec<f64>> =
        doubles.chunks_exact(size).map(|row| chances(&mut row.iter().copied(), &singles)).collect();
    let triples = counts.chunks_exact(size).enumerate().flat_map(|(context, row)| {
        chances(&mut row.iter().map(|&count| f64::from(count)), &doubles[context % size])
    });
    triples.map(|chance| -libm::log2(chance) as f32).collect()
}

/// Gives the bits of a side's unknown words by the letters of all its words, names left aside;
/// `None` without a word.
pub(super) fn spelling(side: &Side<'_>, are_names: &[bool]) -> Option<f32> {
    let is_name = |at: usize| are_names.get(at).copied().unwrap_or(false);
    let (mut bits, mut letters) = (0.0_f32, 0);
    for (at, word) in side.words.iter().enumerate() {
        if word.kind == Kind::Own && !is_name(at) {
            letters += word.text.chars().count() + 1;
            bits += word.surprise;
        }
    }
    (letters > 0).then(|| bits / (letters + LETTERS_BEFORE) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelt_like_a_word_takes_fewer_bits() {
        let words = ["nation", "station", "relation", "motion", "notion", "ration"];
        let spelling = Spelling::new(words.iter().copied());
        assert!(spelling.bits("lotion") + 3.0 < spelling.bits("ltoino"));
        assert!(spelling.bits("ضضض") > spelling.bits("nat"));
    }
}
