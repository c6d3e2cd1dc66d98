//! A pair beside the other pairs of its block.

use crate::feature::{Feature, Features};

/// Neighbours of each side that a margin compares with.
const NEIGHBOURS: usize = 4;

/// The keys of an Arabic text and its English one: equal for equal texts.
pub(super) type Keys = [u64; 2];

/// How well each Arabic text of a block matches each English one, a row an Arabic text; NaN where
/// nothing can be said.
///
/// A text that comes again is not another one: corpora repeat their sentences.
pub(super) struct Matches<'m> {
    pub(super) values: &'m [f32],
    pub(super) keys: &'m [Keys],
}

impl Matches<'_> {
    fn count(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn own(&self, pair: usize) -> f32 {
        self.values[pair * self.count() + pair]
    }

    /// Gives the match of a pair's Arabic text with another English one, at its place; none where it
    /// is the same.
    pub(super) fn with_english(&self, pair: usize, at: usize) -> Option<f32> {
        let is_other = self.keys[at][1] != self.keys[pair][1];
        is_other.then(|| self.values[pair * self.count() + at])
    }

    /// Gives the match of a pair's English text with another Arabic one.
    pub(super) fn with_arabic(&self, pair: usize, at: usize) -> Option<f32> {
        let is_other = self.keys[at][0] != self.keys[pair][0];
        is_other.then(|| self.values[at * self.count() + pair])
    }

    /// Gives a pair's match less the mean of the nearest others of both sides, in a block that has
    /// enough of them.
    pub(super) fn margin(&self, pair: usize) -> Option<f32> {
        if self.count() <= 2 * NEIGHBOURS || self.own(pair).is_nan() {
            return None;
        }
        let row = nearest((0..self.count()).filter_map(|at| self.with_english(pair, at)));
        let column = nearest((0..self.count()).filter_map(|at| self.with_arabic(pair, at)));
        Some(self.own(pair) - (row + column) / 2.0)
    }

    /// Gives mean and standard deviation of the matches of texts that are not paired.
    pub(super) fn spread(&self) -> (f32, f32) {
        let off = || {
            let all = self.values.iter().enumerate();
            all.filter(|(at, value)| {
                let (arabic, english) =
                    (self.keys[at / self.count()], self.keys[at % self.count()]);
                arabic[0] != english[0] && arabic[1] != english[1] && !value.is_nan()
            })
        };
        let number = off().count() as f64;
        if number < 16.0 {
            return (0.0, 0.0);
        }
        let mean = off().map(|(_, value)| f64::from(*value)).sum::<f64>() / number;
        let square = |value: &f32| (f64::from(*value) - mean).powi(2);
        let variance = off().map(|(_, value)| square(value)).sum::<f64>() / number;
        (mean as f32, variance.sqrt() as f32)
    }
}

/// Rates the words that the lexicon finds.
pub(super) fn rate_words(found: &[f32], keys: &[Keys], features: &mut [Features]) {
    let found = Matches { values: found, keys };
    for (pair, features) in features.iter_mut().enumerate() {
        if let Some(margin) = found.margin(pair) {
            features.set(Feature::Lexical, found.own(pair));
            features.set(Feature::LexicalMargin, margin);
        }
    }
}

/// Gives the mean of the greatest values.
fn nearest(values: impl Iterator<Item = f32>) -> f32 {
    let mut best = [f32::NEG_INFINITY; NEIGHBOURS];
    for value in values {
        let mut value = value;
        for slot in &mut best {
            if value > *slot {
                std::mem::swap(slot, &mut value);
            }
        }
    }
    let found = best.iter().filter(|value| value.is_finite());
    let (sum, count) = found.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / count as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_comes_again_is_no_rival() {
        let count = 12;
        let margin = |keys: &[Keys]| {
            let is_same = |a: usize, b: usize| keys[a][0] == keys[b][0];
            let values: Vec<f32> = (0..count * count)
                .map(|at| if is_same(at / count, at % count) { 0.9 } else { 0.1 })
                .collect();
            Matches { values: &values, keys }.margin(0).expect("enough others")
        };
        let apart: Vec<Keys> = (0..count as u64).map(|at| [at, at]).collect();
        let mut repeated = apart.clone();
        repeated[1..7].fill([0, 0]);
        assert!((margin(&apart) - 0.8).abs() < 1e-6);
        assert!((margin(&repeated) - 0.8).abs() < 1e-6);
        // The same English text beside another Arabic one, which it fits as well, is one.
        let mut taken = repeated;
        taken.iter_mut().enumerate().for_each(|(at, keys)| keys[0] = at as u64);
        let values = vec![0.9; count * count];
        assert!(Matches { values: &values, keys: &taken }.margin(0).unwrap().abs() < 1e-6);
    }
}
