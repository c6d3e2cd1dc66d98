//! Whether two documents are translations of each other at all.
//!
//! An alignment shows which segments belong together and assumes that some do. So the beads that it
//! found are checked: by their cosine, and by how far that is above the cosine of sides that were
//! not paired. The log-odds are a weighted sum of the two; the weights come from a logistic
//! regression on gold bitexts and on the same texts paired wrongly (docs/results). Covered words
//! and the share of text that is paired added nothing to it.
//!
//! The mean cosine of a few beads is uncertain, so the evidence of a short document counts less,
//! in either direction: the log-odds are divided by what the logistic function of a normal variable
//! with this standard error has on average (MacKay 1992, "The evidence framework applied to
//! classification networks"). What remains is the prior: most documents that are aligned are
//! translations.

use nasaq_kernels::Kernel;

use super::long_vectors::LongVectors;
use super::prepared::ChunkSide;
use super::tuning::DocumentTuning;
use crate::bead::Bead;

/// What the document score is computed from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DocumentEvidence {
    /// Cosine of the beads' sides: mean over the characters.
    pub cosine: f32,
    /// Cosine of sides that were not paired: mean.
    pub chance: f32,
    /// The standard error of the mean cosine of the beads.
    pub error: f32,
    /// The chance, 0 to 1, that the documents are translations of each other.
    pub score: f32,
    /// Between which chances it is, with a probability of 95 %: the range is wide if there are few
    /// beads or they differ much.
    pub interval: [f32; 2],
}

/// Sums over the beads of a document or of a chunk of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Matches {
    /// Characters of the beads.
    paired: f64,
    /// Sum of the beads' cosines times their characters.
    cosines: f64,
    /// Sum of the squares of the beads' cosines times their characters.
    squares: f64,
    /// Sum of the squares of the beads' characters.
    squared_chars: f64,
    /// Number of sides compared that were not paired with each other.
    compared: u32,
    /// Sum of their cosines.
    others: f64,
}

impl Matches {
    pub(super) fn new(
        kernel: Kernel,
        others: usize,
        [src, tgt]: [&ChunkSide; 2],
        beads: &[Bead],
    ) -> Self {
        let pairs: Vec<&Bead> = beads.iter().filter(|bead| !bead.is_null()).collect();
        let length = |side: &ChunkSide, range: std::ops::Range<usize>| -> f64 {
            side.lengths[range].iter().map(|&length| f64::from(length)).sum()
        };
        let [src_vectors, tgt_vectors] =
            [src, tgt].map(|side| LongVectors::new(kernel, &side.vectors, &side.lengths));
        let parts: Vec<_> = pairs
            .iter()
            .map(|bead| (src_vectors.parts(bead.src.range()), tgt_vectors.parts(bead.tgt.range())))
            .collect();
        let cosine = |a: usize, b: usize| -> f32 {
            let (src, tgt) = (&parts[a].0, &parts[b].1);
            let with_tgt = |own| tgt.iter().map(move |(other, w)| w * kernel.dot_int8(own, *other));
            src.iter().map(|&(own, weight)| weight * with_tgt(own).sum::<f32>()).sum()
        };
        let mut sums = Self::default();
        for (index, bead) in pairs.iter().enumerate() {
            let chars = length(src, bead.src.range()) + length(tgt, bead.tgt.range());
            sums.paired += chars;
            let own = f64::from(cosine(index, index));
            sums.cosines += chars * own;
            sums.squares += chars * own * own;
            sums.squared_chars += chars * chars;
            // Others all over the document: neighbours are often about the same subject.
            let count = others.min(pairs.len() - 1);
            for step in 1..=count {
                let other = (index + step * pairs.len() / (count + 1)) % pairs.len();
                if other != index {
                    sums.others += f64::from(cosine(index, other));
                    sums.compared += 1;
                }
            }
        }
        sums
    }

    /// Adds the sums of another chunk.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            paired: self.paired + other.paired,
            cosines: self.cosines + other.cosines,
            squares: self.squares + other.squares,
            squared_chars: self.squared_chars + other.squared_chars,
            compared: self.compared + other.compared,
            others: self.others + other.others,
        }
    }

    /// Returns the means and the score.
    pub(super) fn evidence(self, tuning: &DocumentTuning) -> DocumentEvidence {
        let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole) as f32 } else { 0.0 };
        let cosine = share(self.cosines, self.paired);
        let chance = match self.compared {
            0 => tuning.chance,
            compared => share(self.others, f64::from(compared)),
        };
        DocumentEvidence { cosine, chance, error: self.error(tuning), ..Default::default() }
            .rated(tuning)
    }

    /// Returns the standard error of the mean cosine. Beads count by their characters; the spread
    /// of a few beads is mixed with that of a typical document.
    fn error(self, tuning: &DocumentTuning) -> f32 {
        if self.paired <= 0.0 {
            return tuning.spread;
        }
        let mean = self.cosines / self.paired;
        let variance = (self.squares / self.paired - mean * mean).max(0.0);
        // The number of beads of equal length that would have the same standard error.
        let beads = self.paired * self.paired / self.squared_chars;
        let (prior, typical) = (f64::from(tuning.spread_prior), f64::from(tuning.spread));
        let mixed = (beads * variance + prior * typical * typical) / (beads + prior);
        libm::sqrt(mixed / beads) as f32
    }
}

impl DocumentEvidence {
    /// Sets the score and its interval, given the means and the standard error.
    fn rated(self, tuning: &DocumentTuning) -> Self {
        /// The quantile of the normal distribution for an interval of 95 %.
        const QUANTILE: f32 = 1.96;
        let Self { cosine, chance, error, .. } = self;
        let slope = tuning.cosine + tuning.above_chance;
        let odds =
            tuning.cosine * cosine + tuning.above_chance * (cosine - chance) + tuning.constant;
        let error = slope * error;
        let moderated = odds / libm::sqrtf(1.0 + std::f32::consts::FRAC_PI_8 * error * error);
        let chance = |odds: f32| 1.0 / (1.0 + libm::expf(-(odds + tuning.prior)));
        let score = chance(moderated);
        let [low, high] = [-QUANTILE, QUANTILE].map(|it| chance(odds + it * error));
        // The score is a mean, which may lie in a tail.
        Self { score, interval: [low.min(score), high.max(score)], ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rated(cosine: f32, chance: f32, error: f32) -> DocumentEvidence {
        DocumentEvidence { cosine, chance, error, ..Default::default() }
            .rated(&DocumentTuning::default())
    }

    #[test]
    fn a_greater_cosine_and_a_greater_distance_from_chance_raise_the_score() {
        let score = |cosine, chance| rated(cosine, chance, 0.01).score;
        let typical = score(0.45, 0.15);
        assert!((0.0..=1.0).contains(&typical));
        assert!(score(0.6, 0.15) > typical);
        assert!(score(0.45, 0.1) > typical);
    }

    #[test]
    fn a_document_without_pairs_is_no_translation() {
        let evidence = Matches::default().evidence(&DocumentTuning::default());
        assert!(evidence.score < 0.5, "{evidence:?}");
    }

    #[test]
    fn the_less_is_known_the_nearer_is_the_score_to_the_prior() {
        let prior = rated(0.45, 0.15, 1e6).score;
        for cosine in [0.1, 0.8] {
            let distance = |error| (rated(cosine, 0.1, error).score - prior).abs();
            assert!(distance(0.01) > distance(0.1) && distance(0.1) > distance(0.5));
        }
    }

    #[test]
    fn the_interval_contains_the_score_and_shrinks_with_the_evidence() {
        for cosine in [0.2, 0.3, 0.4, 0.6] {
            let [wide, narrow] = [0.15, 0.01].map(|error| rated(cosine, 0.1, error));
            for it in [wide, narrow] {
                assert!(it.interval[0] <= it.score && it.score <= it.interval[1], "{it:?}");
            }
            let width = |it: DocumentEvidence| it.interval[1] - it.interval[0];
            assert!(width(narrow) <= width(wide), "{cosine}");
        }
    }

    #[test]
    fn few_beads_have_a_greater_error_and_parts_add_up() {
        let beads = |count: u32| Matches {
            paired: 100.0 * f64::from(count),
            cosines: 40.0 * f64::from(count),
            squares: 17.0 * f64::from(count),
            squared_chars: 10_000.0 * f64::from(count),
            ..Matches::default()
        };
        let tuning = DocumentTuning::default();
        assert!(beads(2).error(&tuning) > beads(14).error(&tuning));
        assert_eq!(beads(5).and(beads(9)).error(&tuning), beads(14).error(&tuning));
    }
}
