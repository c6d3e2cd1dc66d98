//! Whether two documents are translations of each other at all.
//!
//! An alignment shows which segments belong together and assumes that some do. So the beads that it
//! found are checked: by their cosine, and by how far that is above the cosine of sides that were
//! not paired. The log-odds are a weighted sum of the two; the weights come from a logistic
//! regression on gold bitexts and on the same texts paired wrongly (docs/results). Covered words
//! and the share of text that is paired added nothing to it.

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
    /// The chance, 0 to 1, that the documents are translations of each other.
    pub score: f32,
}

/// Sums over the beads of a document or of a chunk of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Matches {
    /// Characters of the beads.
    paired: f64,
    /// Sum of the beads' cosines times their characters.
    cosines: f64,
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
            sums.cosines += chars * f64::from(cosine(index, index));
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
        DocumentEvidence { cosine, chance, score: score(tuning, cosine, chance) }
    }
}

/// Returns the chance that documents are translations of each other.
fn score(tuning: &DocumentTuning, cosine: f32, chance: f32) -> f32 {
    let odds = tuning.cosine * cosine + tuning.above_chance * (cosine - chance) + tuning.constant;
    1.0 / (1.0 + libm::expf(-odds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greater_cosine_and_a_greater_distance_from_chance_raise_the_score() {
        let tuning = DocumentTuning::default();
        let typical = score(&tuning, 0.45, 0.15);
        assert!((0.0..=1.0).contains(&typical));
        assert!(score(&tuning, 0.6, 0.15) > typical);
        assert!(score(&tuning, 0.45, 0.1) > typical);
    }

    #[test]
    fn a_document_without_pairs_is_no_translation() {
        assert!(Matches::default().evidence(&DocumentTuning::default()).score < 0.01);
    }
}
