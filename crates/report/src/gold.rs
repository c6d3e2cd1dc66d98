//! How right the beads are, where some documents have a gold alignment.

use nasaq::{Evaluation, Rung, evaluate};
use serde::Serialize;

use crate::number::{rounded, share, wilson};

/// Bins of the reliability diagram.
const BINS: usize = 10;

/// What gold says of the beads.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GoldReport {
    /// Documents that have gold.
    pub documents: u64,
    /// Their strict and lax precision, recall and F1, by shape of bead too.
    pub evaluation: Evaluation,
    /// Beads by printed probability: how many are right.
    pub reliability: Vec<ReliabilityBin>,
    /// Mean distance of probability and share right, weighed by beads: strictly.
    pub calibration_error: Option<f64>,
    /// The same, a bead inside one gold bead counting as right.
    pub calibration_error_nested: Option<f64>,
}

/// Beads of about the same probability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// How many beads.
    pub beads: u64,
    /// Their mean probability.
    pub probability: f64,
    /// Of them, how many are exactly the gold's.
    pub right: u64,
    /// How many are the gold's or lie inside one gold bead.
    pub nested: u64,
    /// Where the share of `nested` lies: the Wilson interval at 95 %.
    pub interval: [f64; 2],
}

/// Compares documents with their gold.
#[derive(Clone, Debug, Default)]
pub struct GoldBuilder {
    documents: u64,
    evaluation: Evaluation,
    bins: [ReliabilityBin; BINS],
}

impl GoldBuilder {
    /// Starts with no document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document: its gold, and its beads with their probabilities as scores.
    pub fn add(&mut self, gold: &[Rung], test: &[Rung]) {
        self.documents += 1;
        self.evaluation.add(&evaluate(gold, test));
        for rung in test.iter().filter(|rung| !(rung.src.is_empty() && rung.tgt.is_empty())) {
            let Some(probability) = rung.score.map(f64::from) else { continue };
            let same = |a: &[u32], b: &[u32]| a.iter().all(|at| b.contains(at));
            let inside = |gold: &&Rung| {
                same(&rung.src, &gold.src)
                    && same(&rung.tgt, &gold.tgt)
                    // A null inside a bead that pairs its text is no part of it.
                    && rung.src.is_empty() == gold.src.is_empty()
                    && rung.tgt.is_empty() == gold.tgt.is_empty()
            };
            let found = gold.iter().find(inside);
            let exact =
                found.is_some_and(|gold| same(&gold.src, &rung.src) && same(&gold.tgt, &rung.tgt));
            let bin = &mut self.bins[((probability * BINS as f64) as usize).min(BINS - 1)];
            bin.beads += 1;
            bin.probability += probability;
            bin.right += u64::from(exact);
            bin.nested += u64::from(found.is_some());
        }
    }

    /// Gives what was found; `None` where no document has gold.
    #[must_use]
    pub fn finish(self) -> Option<GoldReport> {
        let beads: u64 = self.bins.iter().map(|bin| bin.beads).sum();
        let error = |right: fn(&ReliabilityBin) -> u64| {
            let off = self.bins.iter().map(|bin| (bin.probability - right(bin) as f64).abs());
            (beads > 0).then(|| rounded(off.sum::<f64>() / beads as f64))
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
    /// Gives the share that is right, a bead inside one gold bead too.
    #[must_use]
    pub fn share_nested(&self) -> f64 {
        share(self.nested, self.beads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finer_cut_is_nested_and_not_strictly_right() {
        let rung = |src: &[u32], tgt: &[u32], score: f32| Rung {
            src: src.into(),
            tgt: tgt.into(),
            score: Some(score),
        };
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
        // Off by 2 − 1.5 and 2 − 1.9 of four beads.
        assert!((report.calibration_error_nested.unwrap() - 0.15).abs() < 1e-6);
        assert_eq!(report.evaluation.strict.precision.right, 2);
    }
}
