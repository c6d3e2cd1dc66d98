//! From a bead's posterior to the probability that is printed.
//!
//! The posterior of forward-backward compares the paths that the score can tell apart. What is
//! printed answers a plainer question: how often are beads like this one right, where a bead is
//! right that has the boundaries of a true one or lies inside it. A map of two numbers leads from
//! one to the other (Platt 1999, on the posterior's own log-odds). They were fitted on all sets of
//! gold but one, for each set in turn; `docs/algorithm.md` has the errors on the sets left out.
//!
//! Where a text lacks a sentence and its translation another one at the same place, the two face each
//! other, and no other path is near: the posterior is sure, whatever they say. So a bead whose sides
//! have much less in common than those of a usual bead is believed less.

use super::score::Usual;
use super::tuning::ConfidenceTuning;

/// Gives the chance, 0 to 1, that a bead with this posterior is right.
///
/// It keeps the order of posteriors, and stays below 0.999.
pub(crate) fn chance(tuning: &ConfidenceTuning, posterior: f64) -> f32 {
    let margin = tuning.posterior_margin;
    let posterior = posterior.clamp(margin, 1.0 - margin);
    let odds = libm::log(posterior / (1.0 - posterior));
    logistic(tuning.slope * odds + tuning.offset)
}

/// Gives how much the sides of a bead have in common, from about 0 for unrelated text to about
/// 1.5 for the usual bead: its cosine above that of unrelated text, and its words' coverage,
/// both by what is usual.
pub(crate) fn in_common(
    tuning: &ConfidenceTuning,
    cosine: f32,
    coverage: f32,
    usual: Usual,
    noise: f32,
) -> f32 {
    let usual_cosine = usual.cosine.max(tuning.min_typical_cosine);
    let noise = noise.min(tuning.max_noise_share * usual_cosine);
    let meaning = (cosine - noise) / (usual_cosine - noise);
    let words = coverage / usual.coverage.max(tuning.min_typical_coverage);
    meaning.clamp(tuning.min_meaning, tuning.max_meaning)
        + tuning.words * words.clamp(0.0, tuning.max_words)
}

/// Gives the chance that a bead is right, given what its sides have in common besides: less where that
/// is little, and otherwise the same.
pub(crate) fn chance_with(tuning: &ConfidenceTuning, chance: f32, in_common: f32) -> f32 {
    if in_common >= tuning.enough {
        return chance;
    }
    let chance = f64::from(chance);
    let odds = libm::log(chance / (1.0 - chance));
    logistic(odds - tuning.lack * f64::from(tuning.enough - in_common))
}

fn logistic(odds: f64) -> f32 {
    (1.0 / (1.0 + libm::exp(-odds))) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chance(posterior: f64) -> f32 {
        super::chance(&ConfidenceTuning::default(), posterior)
    }

    fn in_common(cosine: f32, coverage: f32, usual: Usual, noise: f32) -> f32 {
        super::in_common(&ConfidenceTuning::default(), cosine, coverage, usual, noise)
    }

    fn chance_with(chance: f32, in_common: f32) -> f32 {
        super::chance_with(&ConfidenceTuning::default(), chance, in_common)
    }

    #[test]
    fn greater_posteriors_give_greater_chances() {
        let mut before = 0.0;
        for step in 0..=100 {
            let now = chance(f64::from(step) / 100.0);
            assert!(now > before && now < 0.999, "{now}");
            before = now;
        }
    }

    #[test]
    fn sides_with_little_in_common_are_believed_less() {
        let usual = Usual { cosine: 0.7, coverage: 0.3 };
        let same = in_common(0.7, 0.3, usual, 0.1);
        assert!((same - 1.5).abs() < 1e-6);
        assert_eq!(chance_with(0.998, same), 0.998);
        // Free, but its words are there.
        assert_eq!(chance_with(0.998, in_common(0.35, 0.2, usual, 0.1)), 0.998);
        let unrelated = in_common(0.12, 0.0, usual, 0.1);
        assert!((0.2..0.5).contains(&chance_with(0.998, unrelated)), "{unrelated}");
        // A document of one pair is not what is usual.
        let own = Usual { cosine: 0.1, coverage: 0.0 };
        assert!(chance_with(0.998, in_common(0.1, 0.0, own, 0.1)) < 0.5);
        let own = Usual { cosine: 0.75, coverage: 0.4 };
        assert_eq!(chance_with(0.998, in_common(0.75, 0.4, own, 0.75)), 0.998);
    }

    #[test]
    fn even_odds_are_more_than_even() {
        assert!((chance(0.5) - 0.786).abs() < 1e-3);
    }
}
