//! How much is kept at which threshold of the quality.

use serde::Serialize;

/// Steps of the threshold.
const STEPS: usize = 100;

/// One point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KeptAt {
    /// The threshold.
    pub threshold: f64,
    /// Pairs of this quality and more.
    pub pairs: u64,
    /// Their English words.
    pub english_words: u64,
}

/// Gathers the curve.
#[derive(Clone, Debug)]
pub(crate) struct CurveBuilder {
    /// By threshold: pairs and words that reach it and not the next.
    reach: [[u64; 2]; STEPS + 1],
}

impl CurveBuilder {
    pub(crate) fn new() -> Self {
        Self { reach: [[0; 2]; STEPS + 1] }
    }

    pub(crate) fn add(&mut self, quality: f64, words: u64) {
        let thresholds = |step: usize| step as f64 / STEPS as f64;
        let mut step = ((quality * STEPS as f64) as usize).min(STEPS);
        // Multiplying rounds: the threshold itself decides.
        if quality < thresholds(step) {
            step = step.saturating_sub(1);
        } else if step < STEPS && quality >= thresholds(step + 1) {
            step += 1;
        }
        self.reach[step][0] += 1;
        self.reach[step][1] += words;
    }

    pub(crate) fn finish(self) -> Vec<KeptAt> {
        let (mut pairs, mut words) = (0, 0);
        let mut curve: Vec<KeptAt> = (0..=STEPS)
            .rev()
            .map(|step| {
                pairs += self.reach[step][0];
                words += self.reach[step][1];
                KeptAt { threshold: step as f64 / STEPS as f64, pairs, english_words: words }
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
        fn a_pair_is_kept_up_to_its_quality(values in prop::collection::vec(0..=10_000_u32, 1..30)) {
            let values: Vec<f64> = values.iter().map(|value| f64::from(*value) / 10_000.0).collect();
            let mut builder = CurveBuilder::new();
            values.iter().for_each(|value| builder.add(*value, 2));
            for point in builder.finish() {
                let kept = values.iter().filter(|value| **value >= point.threshold).count() as u64;
                prop_assert_eq!((point.pairs, point.english_words), (kept, 2 * kept));
            }
        }
    }
}
