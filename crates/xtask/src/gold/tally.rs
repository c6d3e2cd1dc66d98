//! How the beads of a set compare with its gold, and how far their probabilities can be trusted.

use nasaq::Rung;

use super::GoldDocument;
use super::calibration::{ScoredBead, calibration_error, scored_beads};
use super::losses::{inside, same};

/// The probability from which a bead counts as sure.
const SURE: f64 = 0.9;

/// The beads of a set under one condition.
#[derive(Clone, Default)]
pub(crate) struct SetTally {
    pub(crate) beads: Vec<ScoredBead>,
    /// Gold beads with two sides, and how many of them were found in the strict and in the nested
    /// sense.
    gold: usize,
    found: usize,
    filled: usize,
    /// Gold nulls, and how many of them were found.
    pub(crate) nulls: usize,
    nulls_found: usize,
}

impl SetTally {
    /// Adds the beads of a document.
    pub(crate) fn add(&mut self, document: &GoldDocument, ladder: &[Rung]) {
        let beads = scored_beads(document, ladder);
        for gold in &document.gold {
            let is_found = ladder.iter().any(|rung| same(rung, gold));
            if gold.is_null() {
                self.nulls += 1;
                self.nulls_found += usize::from(is_found);
                continue;
            }
            self.gold += 1;
            self.found += usize::from(is_found);
            self.filled += usize::from(is_filled(gold, ladder));
        }
        self.beads.extend(beads);
    }

    /// Adds the beads of other documents.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.beads.extend_from_slice(&other.beads);
        self.gold += other.gold;
        self.found += other.found;
        self.filled += other.filled;
        self.nulls += other.nulls;
        self.nulls_found += other.nulls_found;
    }

    /// Returns strict F1: a bead is right if the gold has the same one.
    pub(crate) fn strict(&self) -> f64 {
        f1(self.share(|bead| bead.strict), ratio(self.found, self.gold))
    }

    /// Returns nested precision: the share of beads that equal a gold bead or lie inside one.
    pub(crate) fn nested_precision(&self) -> f64 {
        self.share(|bead| bead.nested)
    }

    /// Returns nested recall: the share of two-sided gold beads that such beads fill exactly.
    pub(crate) fn nested_recall(&self) -> f64 {
        ratio(self.filled, self.gold)
    }

    pub(crate) fn nested(&self) -> f64 {
        f1(self.nested_precision(), self.nested_recall())
    }

    /// Returns the share of the gold's nulls that were found; `None` without nulls.
    pub(crate) fn null_recall(&self) -> Option<f64> {
        (self.nulls > 0).then(|| ratio(self.nulls_found, self.nulls))
    }

    /// Returns the share of wrong beads among those with a probability of at least 0.9.
    pub(crate) fn sure_and_wrong(&self) -> f64 {
        let sure: Vec<&ScoredBead> = self.sure().collect();
        ratio(sure.iter().filter(|bead| !bead.nested).count(), sure.len())
    }

    /// Returns the share of beads with a probability of at least 0.9.
    pub(crate) fn sure_share(&self) -> f64 {
        ratio(self.sure().count(), self.beads.len())
    }

    /// Returns the expected calibration error in the nested sense.
    pub(crate) fn calibration_error(&self) -> f64 {
        calibration_error(&self.beads, |bead| bead.nested)
    }

    /// Returns the mean negative log-likelihood of the beads in the nested sense.
    pub(crate) fn log_loss(&self) -> f64 {
        let loss = |bead: &ScoredBead| {
            let p = if bead.nested { bead.probability } else { 1.0 - bead.probability };
            -p.max(1e-6).ln()
        };
        self.beads.iter().map(loss).sum::<f64>() / self.beads.len().max(1) as f64
    }

    fn sure(&self) -> impl Iterator<Item = &ScoredBead> {
        self.beads.iter().filter(|bead| bead.probability >= SURE)
    }

    fn share(&self, is_right: fn(&ScoredBead) -> bool) -> f64 {
        ratio(self.beads.iter().filter(|bead| is_right(bead)).count(), self.beads.len())
    }
}

/// Reports whether the beads inside a gold bead have all its segments.
fn is_filled(gold: &Rung, ladder: &[Rung]) -> bool {
    let parts = || ladder.iter().filter(|rung| !rung.is_null() && inside(rung, gold));
    let count = |side: fn(&Rung) -> usize| parts().map(side).sum::<usize>();
    count(|rung| rung.src.len()) == gold.src.len() && count(|rung| rung.tgt.len()) == gold.tgt.len()
}

fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rung(src: &[u32], tgt: &[u32]) -> Rung {
        Rung::new(src.to_vec(), tgt.to_vec())
    }

    #[test]
    fn finer_beads_fill_a_gold_bead_and_a_null_inside_it_is_wrong() {
        let document = |gold: Vec<Rung>| GoldDocument {
            set: String::new(),
            name: String::new(),
            src: Vec::new(),
            tgt: Vec::new(),
            gold,
        };
        let gold = document(vec![
            rung(&[0, 1], &[0, 1]),
            rung(&[2, 3], &[2]),
            rung(&[4], &[]),
            rung(&[5], &[]),
        ]);
        let ladder = [
            rung(&[0], &[0]),
            rung(&[1], &[1]),
            rung(&[2], &[2]),
            rung(&[3], &[]),
            rung(&[4], &[]),
            rung(&[5], &[3]),
        ];
        let mut tally = SetTally::default();
        tally.add(&gold, &ladder);
        assert_eq!((tally.nested_precision(), tally.nested_recall()), (4.0 / 6.0, 0.5));
        assert_eq!(tally.null_recall(), Some(0.5));
        assert_eq!(tally.strict(), 0.0);
    }
}
