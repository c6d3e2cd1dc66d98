//! From a bead's posterior to its probability.
//!
//! The posterior of forward-backward compares the paths that the score distinguishes. The
//! probability answers a simpler question: how often is a bead like this one right, that is, has
//! the boundaries of a true bead or lies inside one. Platt scaling (Platt 1999) of the posterior's
//! log-odds maps one to the other. Its two parameters, `slope` and `offset` of
//! [`ConfidenceTuning`], are rounded from several fits, each of which omits one gold set, so they
//! have been chosen on all sets. `docs/algorithm.md` reports the calibration error of each fit on
//! the set that it omits.
//!
//! If a text lacks a sentence and its translation lacks another one at the same place, the two face
//! each other, and no other path is near: the posterior is close to 1, whatever their texts. So the
//! probability is lowered for a bead whose sides are much less similar than those of the typical
//! bead. Nulls and beads that contain an anchor are never lowered.

use super::score::Typical;
use super::tuning::ConfidenceTuning;

/// Returns the probability that a bead with this posterior is right.
///
/// It preserves the order of posteriors and stays below 0.999.
pub(crate) fn probability(tuning: &ConfidenceTuning, posterior: f64) -> f32 {
    let margin = tuning.posterior_margin;
    let posterior = posterior.clamp(margin, 1.0 - margin);
    let odds = libm::log(posterior / (1.0 - posterior));
    logistic(tuning.slope * odds + tuning.offset)
}

/// Returns how similar the sides of a bead are: about 0 for unrelated text and 1.5 for the typical
/// bead. With the default limits it is between -1 and 2.25.
///
/// It is the sum of the bead's cosine above that of unrelated text and its words' coverage, both
/// relative to the typical bead and both clamped.
pub(crate) fn side_similarity(
    tuning: &ConfidenceTuning,
    cosine: f32,
    coverage: f32,
    typical: Typical,
    noise: f32,
) -> f32 {
    let typical_cosine = typical.cosine.max(tuning.min_typical_cosine);
    let noise = noise.min(tuning.max_noise_share * typical_cosine);
    let meaning = (cosine - noise) / (typical_cosine - noise);
    let words = coverage / typical.coverage.max(tuning.min_typical_coverage);
    meaning.clamp(tuning.min_meaning, tuning.max_meaning)
        + tuning.words * words.clamp(0.0, tuning.max_words)
}

/// Returns the probability of a bead given the similarity of its sides: lower if they have little
/// in common, otherwise unchanged.
pub(crate) fn lowered(tuning: &ConfidenceTuning, probability: f32, similarity: f32) -> f32 {
    if similarity >= tuning.enough {
        return probability;
    }
    let before = f64::from(probability);
    let odds = libm::log(before / (1.0 - before));
    logistic(odds - tuning.lack * f64::from(tuning.enough - similarity))
}

fn logistic(odds: f64) -> f32 {
    (1.0 / (1.0 + libm::exp(-odds))) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probability(posterior: f64) -> f32 {
        super::probability(&ConfidenceTuning::default(), posterior)
    }

    fn side_similarity(cosine: f32, coverage: f32, typical: Typical, noise: f32) -> f32 {
        super::side_similarity(&ConfidenceTuning::default(), cosine, coverage, typical, noise)
    }

    fn lowered(probability: f32, similarity: f32) -> f32 {
        super::lowered(&ConfidenceTuning::default(), probability, similarity)
    }

    #[test]
    fn larger_posteriors_have_larger_probabilities() {
        let mut before = 0.0;
        for step in 0..=100 {
            let now = probability(f64::from(step) / 100.0);
            assert!(now > before && now < 0.999, "{now}");
            before = now;
        }
    }

    #[test]
    fn beads_whose_sides_have_little_in_common_are_less_probable() {
        let typical = Typical { cosine: 0.7, coverage: 0.3 };
        let same = side_similarity(0.7, 0.3, typical, 0.1);
        assert!((same - 1.5).abs() < 1e-6);
        assert_eq!(lowered(0.998, same), 0.998);
        // A free translation, but its words are there.
        assert_eq!(lowered(0.998, side_similarity(0.35, 0.2, typical, 0.1)), 0.998);
        let unrelated = side_similarity(0.12, 0.0, typical, 0.1);
        assert!((0.2..0.5).contains(&lowered(0.998, unrelated)), "{unrelated}");
        // The one pair of a document does not define what is typical.
        let own = Typical { cosine: 0.1, coverage: 0.0 };
        assert!(lowered(0.998, side_similarity(0.1, 0.0, own, 0.1)) < 0.5);
        let own = Typical { cosine: 0.75, coverage: 0.4 };
        assert_eq!(lowered(0.998, side_similarity(0.75, 0.4, own, 0.75)), 0.998);
    }

    #[test]
    fn an_even_posterior_is_more_than_even() {
        assert!((probability(0.5) - 0.786).abs() < 1e-3);
    }
}
