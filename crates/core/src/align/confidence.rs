//! From a bead's posterior to its probability.
//!
//! The posterior of forward-backward compares the paths that the score distinguishes. The
//! probability answers a simpler question: how often is a bead like this one right, that is, has
//! the boundaries of a true bead or lies inside one. Platt scaling (Platt 1999) of the posterior's
//! log-odds maps one to the other. Its two parameters were fitted on all sets of gold but one, for
//! each set in turn; `docs/algorithm.md` has the errors on the sets that were not used.
//!
//! If a text lacks a sentence and its translation lacks another one at the same place, the two face
//! each other, and no other path is near: the posterior is close to 1, whatever their texts. So the
//! probability is lowered for a bead whose sides agree much less than those of the typical bead.

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

/// Returns how far the sides of a bead agree: from about 0 for unrelated text to about 1.5 for the
/// typical bead.
///
/// It is the sum of the bead's cosine above that of unrelated text and its words' coverage, both
/// relative to the typical bead.
pub(crate) fn agreement(
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

/// Returns the probability of a bead given the agreement of its sides: lower if they agree little,
/// otherwise unchanged.
pub(crate) fn lowered(tuning: &ConfidenceTuning, probability: f32, agreement: f32) -> f32 {
    if agreement >= tuning.enough {
        return probability;
    }
    let before = f64::from(probability);
    let odds = libm::log(before / (1.0 - before));
    logistic(odds - tuning.lack * f64::from(tuning.enough - agreement))
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

    fn agreement(cosine: f32, coverage: f32, typical: Typical, noise: f32) -> f32 {
        super::agreement(&ConfidenceTuning::default(), cosine, coverage, typical, noise)
    }

    fn lowered(probability: f32, agreement: f32) -> f32 {
        super::lowered(&ConfidenceTuning::default(), probability, agreement)
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
    fn beads_whose_sides_agree_little_are_less_probable() {
        let typical = Typical { cosine: 0.7, coverage: 0.3 };
        let same = agreement(0.7, 0.3, typical, 0.1);
        assert!((same - 1.5).abs() < 1e-6);
        assert_eq!(lowered(0.998, same), 0.998);
        // A free translation, but its words are there.
        assert_eq!(lowered(0.998, agreement(0.35, 0.2, typical, 0.1)), 0.998);
        let unrelated = agreement(0.12, 0.0, typical, 0.1);
        assert!((0.2..0.5).contains(&lowered(0.998, unrelated)), "{unrelated}");
        // The one pair of a document does not define what is typical.
        let own = Typical { cosine: 0.1, coverage: 0.0 };
        assert!(lowered(0.998, agreement(0.1, 0.0, own, 0.1)) < 0.5);
        let own = Typical { cosine: 0.75, coverage: 0.4 };
        assert_eq!(lowered(0.998, agreement(0.75, 0.4, own, 0.75)), 0.998);
    }

    #[test]
    fn an_even_posterior_is_more_than_even() {
        assert!((probability(0.5) - 0.786).abs() < 1e-3);
    }
}
