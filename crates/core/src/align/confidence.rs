//! From a bead's posterior to its probability.
//!
//! The posterior of forward-backward compares the paths that the score distinguishes. The
//! probability answers a simpler question: how often is a bead like this one right, that is, has
//! the boundaries of a true bead or lies inside one. A logistic regression on the posterior's
//! log-odds and a few other [traits](Traits) of the bead and its document answers it; with the
//! posterior alone, it would be Platt scaling (Platt 1999). Its weights are in
//! [`ConfidenceTuning`]; `xtask confidence` fits them on whole documents and on documents with
//! omissions, and measures them on kinds of text that are left out of the fit.
//!
//! The traits correct what posteriors cannot show. If a text lacks a sentence and its translation
//! lacks another one at the same place, the two face each other, and no other path is near: the
//! posterior is close to 1, but their similarity is an outlier in the document. In an abridged
//! document a bead may be wrong in more ways than the lattice has paths for. And in a document
//! where most beads are sure, an unsure one is more often wrong.

use super::evidence::median;
use super::score::Typical;
use super::tuning::ConfidenceTuning;

/// The names of the traits, in the order of their values.
#[cfg(feature = "unstable-tuning")]
pub const TRAIT_NAMES: [&str; TRAITS] = [
    "constant",
    "odds",
    "neighbour_odds",
    "mean_odds",
    "null",
    "null_best",
    "size",
    "similarity",
    "outlier",
    "outlier_odds",
    "outlier_squared",
    "missing",
];

/// The number of traits.
pub const TRAITS: usize = 12;

/// The values of a bead's traits: each has a weight of the same name in [`ConfidenceTuning`].
pub type Traits = [f64; TRAITS];

/// What is known of a bead of the best path beside its posterior.
#[derive(Clone, Copy, Debug)]
pub(super) enum BeadEvidence {
    /// A bead: the number of its segments on both sides, and the similarity of its sides.
    Pair { segments: usize, similarity: f32 },
    /// A bead that contains an anchor: its sides are not judged.
    Anchored { segments: usize },
    /// A null, and the best cosine of its segment anywhere, as a share of the typical cosine.
    Null { best: f32 },
}

/// What the beads of some paths show of their document, by which each of its beads is judged.
#[derive(Clone, Debug, Default)]
pub(super) struct PathSample {
    /// The sum of the limited log-odds of the beads' posteriors.
    odds: f64,
    /// The number of beads.
    beads: usize,
    /// The similarities of the sides of beads that are not null.
    similarities: Vec<f32>,
}

impl PathSample {
    /// Measures the beads of a path.
    pub(super) fn new(
        tuning: &ConfidenceTuning,
        posteriors: &[f64],
        evidence: &[BeadEvidence],
    ) -> Self {
        let similarity = |evidence: &BeadEvidence| match *evidence {
            BeadEvidence::Pair { similarity, .. } => Some(similarity),
            _ => None,
        };
        Self {
            odds: posteriors.iter().map(|&it| limited(tuning, log_odds(tuning, it))).sum(),
            beads: posteriors.len(),
            similarities: evidence.iter().filter_map(similarity).collect(),
        }
    }

    /// Adds the beads of another path of the document.
    pub(super) fn add(&mut self, other: &Self) {
        self.odds += other.odds;
        self.beads += other.beads;
        self.similarities.extend_from_slice(&other.similarities);
    }

    fn mean_odds(&self) -> f64 {
        self.odds / self.beads.max(1) as f64
    }
}

/// Returns the traits of the beads of a path, given their posteriors, what is known of each, what
/// the beads of the document show, and the share of the document's text that one side lacks.
pub(super) fn path_traits(
    tuning: &ConfidenceTuning,
    posteriors: &[f64],
    evidence: &[BeadEvidence],
    sample: &PathSample,
    missing: f32,
) -> Vec<Traits> {
    let odds: Vec<f64> = posteriors.iter().map(|&it| log_odds(tuning, it)).collect();
    let mean = sample.mean_odds();
    let habit = Habit::new(tuning, &sample.similarities);
    let of_bead = |at: usize| {
        let neighbour = |at: Option<usize>| {
            at.and_then(|at| odds.get(at)).copied().unwrap_or(tuning.max_neighbour_odds)
        };
        let beside = neighbour(at.checked_sub(1)).min(neighbour(Some(at + 1)));
        let (mut null, mut null_best, mut size) = (0.0, 0.0, 0.0);
        let (mut similarity, mut outlier) = (0.0, 0.0);
        match evidence[at] {
            BeadEvidence::Null { best } => {
                null = 1.0;
                null_best = f64::from(best) - 1.0;
            }
            BeadEvidence::Anchored { segments } => size = libm::log(segments as f64 / 2.0),
            BeadEvidence::Pair { segments, similarity: of_sides } => {
                size = libm::log(segments as f64 / 2.0);
                similarity = f64::from(of_sides.max(0.0) - TYPICAL_SIMILARITY);
                outlier = f64::from(habit.outlier(tuning, of_sides));
            }
        }
        [
            1.0,
            odds[at],
            limited(tuning, beside),
            mean,
            null,
            null_best,
            size,
            similarity,
            outlier,
            outlier * odds[at],
            outlier * outlier,
            f64::from(missing),
        ]
    };
    (0..odds.len()).map(of_bead).collect()
}

/// Returns the probability that a bead with log-odds is right.
pub(super) fn probability(tuning: &ConfidenceTuning, odds: f64) -> f32 {
    (1.0 / (1.0 + libm::exp(-odds.clamp(-tuning.max_odds, tuning.max_odds)))) as f32
}

/// Returns the log-odds that a bead with these traits is right, not limited.
pub(super) fn trait_odds(tuning: &ConfidenceTuning, traits: &Traits) -> f64 {
    let weights: Traits = [
        tuning.constant,
        tuning.odds,
        tuning.neighbour_odds,
        tuning.mean_odds,
        tuning.null,
        tuning.null_best,
        tuning.size,
        tuning.similarity,
        tuning.outlier,
        tuning.outlier_odds,
        tuning.outlier_squared,
        tuning.missing,
    ];
    weights.iter().zip(traits).map(|(weight, value)| weight * value).sum()
}

/// The similarity of the sides of the typical bead, by [`side_similarity`].
const TYPICAL_SIMILARITY: f32 = 1.5;

/// How similar the sides of a document's beads usually are.
struct Habit {
    /// The median.
    middle: f32,
    /// The median of the distances to it.
    spread: f32,
}

impl Habit {
    /// Measures it. A document of few beads cannot define what is usual, so a number of typical
    /// beads is added.
    fn new(tuning: &ConfidenceTuning, similarities: &[f32]) -> Self {
        let mut all = similarities.to_vec();
        let weight = all.len() as f32 / (all.len() as f32 + tuning.habit_prior);
        let middle = median(&mut all).unwrap_or(TYPICAL_SIMILARITY);
        let mut distances: Vec<f32> = all.iter().map(|it| (it - middle).abs()).collect();
        let spread = median(&mut distances).unwrap_or(tuning.typical_spread);
        let mixed = |own: f32, typical: f32| typical + weight * (own - typical);
        Self {
            middle: mixed(middle, TYPICAL_SIMILARITY),
            spread: mixed(spread, tuning.typical_spread) + tuning.min_spread,
        }
    }

    /// Returns how far below the usual similarity another one is, in units of the spread: at most
    /// 0.
    fn outlier(&self, tuning: &ConfidenceTuning, similarity: f32) -> f32 {
        ((similarity - self.middle) / self.spread).clamp(-tuning.max_outlier, 0.0)
    }
}

/// Returns log-odds within the limits of those of neighbours and of the mean.
fn limited(tuning: &ConfidenceTuning, odds: f64) -> f64 {
    odds.clamp(-tuning.max_neighbour_odds, tuning.max_neighbour_odds)
}

/// Returns the log-odds of a posterior.
fn log_odds(tuning: &ConfidenceTuning, posterior: f64) -> f64 {
    let margin = tuning.posterior_margin;
    let posterior = posterior.clamp(margin, 1.0 - margin);
    libm::log(posterior / (1.0 - posterior))
}

/// Returns how similar the sides of a bead are: about 0 for unrelated text and 1.5 for the typical
/// bead. With the default limits it is between -1 and 2.25.
///
/// It is the sum of the bead's cosine above that of unrelated text and its words' coverage, both
/// relative to the typical bead and both clamped.
pub(super) fn side_similarity(
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

#[cfg(test)]
mod tests {
    use super::*;

    fn probabilities(posteriors: &[f64], evidence: &[BeadEvidence], missing: f32) -> Vec<f32> {
        let tuning = ConfidenceTuning::default();
        let sample = PathSample::new(&tuning, posteriors, evidence);
        let traits = path_traits(&tuning, posteriors, evidence, &sample, missing);
        let odds = traits.iter().map(|traits| trait_odds(&tuning, traits));
        odds.map(|odds| probability(&tuning, odds)).collect()
    }

    /// The probability of a bead with these sides among twenty usual ones that are sure.
    fn among_usual(posterior: f64, own: BeadEvidence, missing: f32) -> f32 {
        let usual =
            |at: usize| BeadEvidence::Pair { segments: 2, similarity: 1.3 + 0.1 * (at % 5) as f32 };
        let mut evidence: Vec<BeadEvidence> = (0..20).map(usual).collect();
        evidence[10] = own;
        let mut posteriors = [0.999_999; 20];
        posteriors[10] = posterior;
        probabilities(&posteriors, &evidence, missing)[10]
    }

    fn pair(similarity: f32) -> BeadEvidence {
        BeadEvidence::Pair { segments: 2, similarity }
    }

    fn similarity(cosine: f32, coverage: f32, typical: Typical, noise: f32) -> f32 {
        side_similarity(&ConfidenceTuning::default(), cosine, coverage, typical, noise)
    }

    #[test]
    fn larger_posteriors_have_larger_probabilities() {
        for own in [pair(1.5), BeadEvidence::Null { best: 0.5 }, pair(1.0)] {
            let mut before = 0.0;
            for step in 0..=100 {
                let now = among_usual(f64::from(step) / 100.0, own, 0.0);
                assert!(now > before && now < 0.9991, "{now}");
                before = now;
            }
        }
    }

    #[test]
    fn similarity_is_relative_to_the_typical_bead() {
        let typical = Typical { cosine: 0.7, coverage: 0.3 };
        assert!((similarity(0.7, 0.3, typical, 0.1) - TYPICAL_SIMILARITY).abs() < 1e-6);
        assert!(similarity(0.12, 0.0, typical, 0.1) < 0.05);
    }

    #[test]
    fn beads_whose_sides_have_little_in_common_are_less_probable() {
        let typical = Typical { cosine: 0.7, coverage: 0.3 };
        let usual = among_usual(0.999_999, pair(1.5), 0.0);
        assert!(usual > 0.99, "{usual}");
        let unrelated = pair(similarity(0.1, 0.0, typical, 0.1));
        let probability = among_usual(0.999_999, unrelated, 0.0);
        assert!(probability < 0.9, "{probability}");
        // With an anchor in it, it is the user's.
        let anchored = among_usual(0.999_999, BeadEvidence::Anchored { segments: 2 }, 0.0);
        assert!(anchored > 0.99, "{anchored}");
        // The one pair of a document does not define what is usual.
        let own = Typical { cosine: 0.1, coverage: 0.0 };
        let alone = probabilities(&[0.999_999], &[pair(similarity(0.1, 0.0, own, 0.1))], 0.0)[0];
        assert!(alone < 0.9, "{alone}");
    }

    #[test]
    fn missing_text_makes_every_bead_less_probable() {
        for own in [pair(1.5), BeadEvidence::Null { best: 0.5 }] {
            let [whole, third] = [0.0, 0.66].map(|missing| among_usual(0.9, own, missing));
            assert!(third < whole, "{third} {whole}");
        }
    }

    #[test]
    fn a_path_without_pairs_has_probabilities() {
        let nulls = probabilities(&[0.9, 0.8], &[BeadEvidence::Null { best: 0.2 }; 2], 0.0);
        assert!(nulls.iter().all(|&it| 0.0 < it && it < 1.0), "{nulls:?}");
        assert!(probabilities(&[], &[], 0.0).is_empty());
    }
}
