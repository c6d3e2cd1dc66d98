//! Compares a pair with the other pairs of its block.

use crate::feature::{Feature, Features};

/// The number of nearest other texts of each side that a margin is relative to.
const NEIGHBOURS: usize = 4;

/// The keys of the Arabic and the English text of a pair; equal texts have equal keys.
pub(super) type Keys = [u64; 2];

/// The score of each Arabic text of a block (row) with each English one (column); NaN where there
/// is no evidence.
///
/// A repetition of a text does not count as another text, because corpora repeat sentences.
pub(super) struct MatchMatrix<'m> {
    pub(super) values: &'m [f32],
    pub(super) keys: &'m [Keys],
}

impl MatchMatrix<'_> {
    fn count(&self) -> usize {
        self.keys.len()
    }

    /// Returns the score of a pair.
    pub(super) fn own(&self, pair: usize) -> f32 {
        self.values[pair * self.count() + pair]
    }

    /// Returns the score of the Arabic text of a pair with the English text `at`, or `None` if that
    /// is the same as the pair's.
    pub(super) fn with_english(&self, pair: usize, at: usize) -> Option<f32> {
        let is_other = self.keys[at][1] != self.keys[pair][1];
        is_other.then(|| self.values[pair * self.count() + at])
    }

    /// Returns the score of the English text of a pair with the Arabic text `at`, or `None` if that
    /// is the same as the pair's.
    pub(super) fn with_arabic(&self, pair: usize, at: usize) -> Option<f32> {
        let is_other = self.keys[at][0] != self.keys[pair][0];
        is_other.then(|| self.values[at * self.count() + pair])
    }

    /// Returns the score of a pair minus the mean score of the nearest others on both sides; `None`
    /// if the block has too few pairs.
    pub(super) fn margin(&self, pair: usize) -> Option<f32> {
        if self.count() <= 2 * NEIGHBOURS || self.own(pair).is_nan() {
            return None;
        }
        let row = nearest((0..self.count()).filter_map(|at| self.with_english(pair, at)));
        let column = nearest((0..self.count()).filter_map(|at| self.with_arabic(pair, at)));
        Some(self.own(pair) - (row + column) / 2.0)
    }

    /// Returns the mean and the standard deviation of the scores of texts that are not a pair.
    pub(super) fn spread(&self) -> (f32, f32) {
        let off = || {
            let all = self.values.iter().enumerate();
            all.filter(|(at, value)| {
                let (arabic, english) =
                    (self.keys[at / self.count()], self.keys[at % self.count()]);
                arabic[0] != english[0] && arabic[1] != english[1] && !value.is_nan()
            })
        };
        let count = off().count() as f64;
        if count < 16.0 {
            return (0.0, 0.0);
        }
        let mean = off().map(|(_, value)| f64::from(*value)).sum::<f64>() / count;
        let square = |value: &f32| (f64::from(*value) - mean).powi(2);
        let variance = off().map(|(_, value)| square(value)).sum::<f64>() / count;
        (mean as f32, variance.sqrt() as f32)
    }
}

/// Sets the features of the matrix of lexical shares; `evidence` is how far the margin of each pair
/// can be trusted.
pub(super) fn rate_words(
    found: &[f32],
    keys: &[Keys],
    evidence: &[f32],
    features: &mut [Features],
) {
    let found = MatchMatrix { values: found, keys };
    for (pair, features) in features.iter_mut().enumerate() {
        if let Some(margin) = found.margin(pair) {
            features.set(Feature::Lexical, found.own(pair));
            features.set(Feature::LexicalMargin, margin * evidence[pair]);
        }
    }
}

/// Returns the mean of the [`NEIGHBOURS`] greatest values, or 0 without values.
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
    fn a_repeated_text_does_not_lower_the_margin() {
        let count = 12;
        let margin = |keys: &[Keys]| {
            let is_same = |a: usize, b: usize| keys[a][0] == keys[b][0];
            let values: Vec<f32> = (0..count * count)
                .map(|at| if is_same(at / count, at % count) { 0.9 } else { 0.1 })
                .collect();
            MatchMatrix { values: &values, keys }.margin(0).expect("enough others")
        };
        let apart: Vec<Keys> = (0..count as u64).map(|at| [at, at]).collect();
        let mut repeated = apart.clone();
        repeated[1..7].fill([0, 0]);
        assert!((margin(&apart) - 0.8).abs() < 1e-6);
        assert!((margin(&repeated) - 0.8).abs() < 1e-6);
        // A different Arabic text that matches the English text as well does lower it.
        let mut taken = repeated;
        taken.iter_mut().enumerate().for_each(|(at, keys)| keys[0] = at as u64);
        let values = vec![0.9; count * count];
        assert!(MatchMatrix { values: &values, keys: &taken }.margin(0).unwrap().abs() < 1e-6);
    }
}
