//! How many pairs remain at each threshold on the quality.

use serde::Serialize;

/// Number of steps between the thresholds 0 and 1.
const STEPS: usize = 100;

/// What remains of a corpus at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RetentionPoint {
    /// The minimum quality.
    pub threshold: f64,
    /// The number of pairs with at least this quality.
    pub pairs: u64,
    /// The number of English words in these pairs.
    pub english_words: u64,
}

/// Collects the data for the retention curve.
#[derive(Clone, Debug)]
pub(crate) struct RetentionBuilder {
    /// For each threshold: pairs and words that reach it but not the next one.
    totals: [[u64; 2]; STEPS + 1],
}

impl RetentionBuilder {
    pub(crate) fn new() -> Self {
        Self { totals: [[0; 2]; STEPS + 1] }
    }

    pub(crate) fn add(&mut self, quality: f64, words: u64) {
        let threshold = |step: usize| step as f64 / STEPS as f64;
        let mut step = ((quality * STEPS as f64) as usize).min(STEPS);
        // The product is rounded, so the estimate may be off by one: compare with the thresholds.
        if quality < threshold(step) {
            step = step.saturating_sub(1);
        } else if step < STEPS && quality >= threshold(step + 1) {
            step += 1;
        }
        self.totals[step][0] += 1;
        self.totals[step][1] += words;
    }

    /// Returns the curve, or an empty vector if no pair has a quality.
    pub(crate) fn finish(self) -> Vec<RetentionPoint> {
        let (mut pairs, mut words) = (0, 0);
        let mut curve: Vec<RetentionPoint> = (0..=STEPS)
            .rev()
            .map(|step| {
                pairs += self.totals[step][0];
                words += self.totals[step][1];
                let threshold = step as f64 / STEPS as f64;
                RetentionPoint { threshold, pairs, english_words: words }
            })
            .collect();
        curve.reverse();
        if pairs == 0 { Vec::new() } else { curve }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_pair_is_retained_up_to_its_quality(
            values in prop::collection::vec(0..=10_000_u32, 1..30),
        ) {
            let values: Vec<f64> =
                values.iter().map(|value| f64::from(*value) / 10_000.0).collect();
            let mut builder = RetentionBuilder::new();
            values.iter().for_each(|value| builder.add(*value, 2));
            for point in builder.finish() {
                let retained =
                    values.iter().filter(|value| **value >= point.threshold).count() as u64;
                prop_assert_eq!((point.pairs, point.english_words), (retained, 2 * retained));
            }
        }
    }
}
