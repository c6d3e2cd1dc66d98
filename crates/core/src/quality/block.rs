//! A pair beside the other pairs of its block.

use super::feature::{Feature, Features};

/// Neighbours of each side that a margin compares with.
const NEIGHBOURS: usize = 4;

/// How well each Arabic text of a block matches each English one, a row an Arabic text; NaN where
/// nothing can be said.
pub(super) struct Matches<'m> {
    pub(super) values: &'m [f32],
    pub(super) count: usize,
}

impl Matches<'_> {
    pub(super) fn own(&self, pair: usize) -> f32 {
        self.values[pair * self.count + pair]
    }

    /// Gives a pair's match less the mean of the nearest others of both sides, in a block that has
    /// enough of them.
    pub(super) fn margin(&self, pair: usize) -> Option<f32> {
        if self.count <= 2 * NEIGHBOURS || self.own(pair).is_nan() {
            return None;
        }
        let others = || (0..self.count).filter(|at| *at != pair);
        let row = nearest(others().map(|at| self.values[pair * self.count + at]));
        let column = nearest(others().map(|at| self.values[at * self.count + pair]));
        Some(self.own(pair) - (row + column) / 2.0)
    }

    /// Gives mean and standard deviation of the matches of texts that are not paired.
    pub(super) fn spread(&self) -> (f32, f32) {
        let off = || {
            let all = self.values.iter().enumerate();
            all.filter(|(at, value)| at / self.count != at % self.count && !value.is_nan())
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
pub(super) fn rate_words(found: &[f32], features: &mut [Features]) {
    let found = Matches { values: found, count: features.len() };
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
