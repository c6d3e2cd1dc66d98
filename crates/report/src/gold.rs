//! The accuracy of the beads of documents that have a gold alignment.

use nasaq::{Evaluation, Rung, evaluate};
use serde::Serialize;

use crate::number::{rounded, share, wilson};

/// Number of bins of the reliability diagram.
const BINS: usize = 10;

/// The accuracy of the beads and of their probabilities, measured against gold alignments.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GoldReport {
    /// The number of documents that have a gold alignment.
    pub documents: u64,
    /// Strict and lax precision, recall and F1, overall and by shape of bead.
    pub evaluation: Evaluation,
    /// Beads by their probability, with the number that are right. Empty bins are omitted.
    pub reliability: Vec<ReliabilityBin>,
    /// The expected calibration error: the mean difference between the probability and the share of
    /// right beads of a bin, weighted by beads. A bead is right if it equals a gold bead.
    pub calibration_error: Option<f64>,
    /// The expected calibration error if beads inside one gold bead are right too.
    pub calibration_error_nested: Option<f64>,
}

/// The beads of one tenth of the probability scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReliabilityBin {
    /// The number of beads.
    pub beads: u64,
    /// The mean probability of the beads.
    pub probability: f64,
    /// The number of beads that equal a gold bead.
    pub right: u64,
    /// The number of beads that equal a gold bead or lie inside one.
    pub nested: u64,
    /// The 95 % Wilson interval of [`share_nested`](Self::share_nested).
    pub interval: [f64; 2],
}

/// Compares the alignments of documents with their gold alignments.
#[derive(Clone, Debug, Default)]
pub struct GoldBuilder {
    documents: u64,
    evaluation: Evaluation,
    bins: [ReliabilityBin; BINS],
}

impl GoldBuilder {
    /// Creates a builder without documents.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document: its gold alignment, and its beads with their probabilities as scores.
    pub fn add(&mut self, gold: &[Rung], test: &[Rung]) {
        self.documents += 1;
        self.evaluation.add(&evaluate(gold, test));
        for rung in test.iter().filter(|rung| !(rung.src.is_empty() && rung.tgt.is_empty())) {
            let Some(probability) = rung.score.map(f64::from) else { continue };
            let is_subset = |a: &[u32], b: &[u32]| a.iter().all(|at| b.contains(at));
            let inside = |gold: &&Rung| {
                is_subset(&rung.src, &gold.src)
                    && is_subset(&rung.tgt, &gold.tgt)
                    // A null does not lie inside a bead that pairs its text.
                    && rung.src.is_empty() == gold.src.is_empty()
                    && rung.tgt.is_empty() == gold.tgt.is_empty()
            };
            let found = gold.iter().find(inside);
            let exact = found.is_some_and(|gold| {
                is_subset(&gold.src, &rung.src) && is_subset(&gold.tgt, &rung.tgt)
            });
            let bin = &mut self.bins[((probability * BINS as f64) as usize).min(BINS - 1)];
            bin.beads += 1;
            bin.probability += probability;
            bin.right += u64::from(exact);
            bin.nested += u64::from(found.is_some());
        }
    }

    /// Returns the comparison, or `None` if there are no documents.
    #[must_use]
    pub fn finish(self) -> Option<GoldReport> {
        let beads: u64 = self.bins.iter().map(|bin| bin.beads).sum();
        let error = |right: fn(&ReliabilityBin) -> u64| {
            let differences =
                self.bins.iter().map(|bin| (bin.probability - right(bin) as f64).abs());
            (beads > 0).then(|| rounded(differences.sum::<f64>() / beads as f64))
        };
        let (strict, nested) = (error(|bin| bin.right), error(|bin| bin.nested));
        let bins = self.bins.iter().filter(|bin| bin.beads > 0).map(|bin| ReliabilityBin {
            probability: rounded(bin.probability / bin.beads as f64),
            interval: wilson(bin.nested, bin.beads),
            ..*bin
        });
        (self.documents > 0).then(|| GoldReport {
            documents: self.documents,
            reliability: bins.collect(),
            evaluation: self.evaluation,
            calibration_error: strict,
            calibration_error_nested: nested,
        })
    }
}

impl ReliabilityBin {
    /// Returns the share of the beads that equal a gold bead or lie inside one.
    #[must_use]
    pub fn share_nested(&self) -> f64 {
        share(self.nested, self.beads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finer_cut_is_right_when_nested_but_not_strictly() {
        let rung = |src: &[u32], tgt: &[u32], score: f32| Rung::new(src, tgt).with_score(score);
        let gold = [rung(&[0], &[0], 1.0), rung(&[1, 2], &[1, 2], 1.0), rung(&[3], &[], 1.0)];
        let test = [
            rung(&[0], &[0], 0.95),
            rung(&[1], &[1], 0.95),
            rung(&[2], &[2], 0.75),
            rung(&[3], &[], 0.75),
        ];
        let mut builder = GoldBuilder::new();
        builder.add(&gold, &test);
        let report = builder.finish().unwrap();
        let bins: Vec<_> =
            report.reliability.iter().map(|bin| (bin.beads, bin.right, bin.nested)).collect();
        assert_eq!(bins, [(2, 1, 2), (2, 1, 2)]);
        // The differences are 2 − 1.5 and 2 − 1.9 over four beads.
        assert!((report.calibration_error_nested.unwrap() - 0.15).abs() < 1e-6);
        assert_eq!(report.evaluation.strict.test.right, 2);
    }
}
