//! Strict and lax precision, recall and F1 of a ladder against a gold ladder.
//!
//! The definitions are those of the scorer that published sentence aligners use (vecalign's
//! `score.py`, after Abdul-Rauf et al., [W11-4624](https://aclanthology.org/W11-4624/)), so the
//! figures are comparable with published ones:
//!
//! - Ladders are sets: a bead that is listed twice counts once, and one that is empty on both sides
//!   does not count.
//! - *Precision* is over all test beads, nulls included; *recall* is over the gold beads that are
//!   not nulls.
//! - *Strict*: a bead is correct where the other ladder has exactly the same bead. So a test null
//!   is correct where the gold has the same null.
//! - *Lax*: a bead is correct where it is strictly correct, or shares a source and a target segment
//!   with one bead of the other ladder. A null shares nothing, so it is correct only strictly.
//! - Over several documents the counts are summed before dividing (micro-average).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::bead::BeadKind;
use crate::rung::Rung;

/// How many of a set of beads are correct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Tally {
    /// Beads that are correct.
    pub right: u64,
    /// Beads counted.
    pub total: u64,
}

impl Tally {
    /// Returns `right / total`, or `None` where nothing was counted.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "counts of beads are far below 2^52")]
        (self.total > 0).then(|| self.right as f64 / self.total as f64)
    }

    fn count(&mut self, right: bool) {
        self.right += u64::from(right);
        self.total += 1;
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.total += other.total;
    }
}

/// The correct beads of a test ladder and of its gold ladder, by one definition of correct: the
/// counts behind precision, recall and F1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreement {
    /// Test beads, and those of them that are correct; their share is the precision.
    pub test: Tally,
    /// Gold beads, and those of them that the test ladder has; their share is the recall.
    pub gold: Tally,
}

impl Agreement {
    /// Returns the precision, 0 to 1; 0 where the test ladder has no bead.
    #[must_use]
    pub fn precision(self) -> f64 {
        self.test.share().unwrap_or(0.0)
    }

    /// Returns the recall, 0 to 1; 0 where the gold ladder has no bead.
    #[must_use]
    pub fn recall(self) -> f64 {
        self.gold.share().unwrap_or(0.0)
    }

    /// Returns the harmonic mean of precision and recall; 0 where both are 0.
    #[must_use]
    pub fn f1(self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall == 0.0 {
            0.0
        } else {
            2.0 * precision * recall / (precision + recall)
        }
    }

    fn add(&mut self, other: Self) {
        self.test.add(other.test);
        self.gold.add(other.gold);
    }
}

/// Agreement of ladders with gold ladders, over one document or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Counts of beads that are the same.
    pub strict: Agreement,
    /// Counts of beads that share a source and a target segment.
    pub lax: Agreement,
    /// Strict counts of nulls only, in the test ladder and in the gold ladder.
    pub nulls: Agreement,
    /// Strict counts by the shape of the bead, nulls included: test beads by their own shape, and
    /// gold beads by theirs.
    pub kinds: BTreeMap<BeadKind, Agreement>,
}

impl Evaluation {
    /// Adds the counts of another document.
    pub fn add(&mut self, other: &Self) {
        self.strict.add(other.strict);
        self.lax.add(other.lax);
        self.nulls.add(other.nulls);
        for (kind, score) in &other.kinds {
            self.kinds.entry(*kind).or_default().add(*score);
        }
    }
}

/// Compares a ladder with the gold ladder of the same document.
///
/// Both ladders must count the same segments. This is not checked, because a ladder may omit its
/// nulls, so its last index does not show how many segments the document has.
///
/// ```
/// use nasaq::{Rung, evaluate};
///
/// let rung = |src: &[u32], tgt: &[u32]| Rung::new(src, tgt);
/// let gold = [rung(&[0], &[0]), rung(&[1, 2], &[1])];
/// let test = [rung(&[0], &[0]), rung(&[1], &[1]), rung(&[2], &[])];
/// let result = evaluate(&gold, &test);
/// assert_eq!(result.strict.recall(), 0.5);
/// assert_eq!(result.lax.recall(), 1.0);
/// assert_eq!(result.nulls.test.total, 1);
/// ```
#[must_use]
pub fn evaluate(gold: &[Rung], test: &[Rung]) -> Evaluation {
    let (gold, test) = (Ladder::new(gold), Ladder::new(test));
    let mut result = Evaluation::default();
    for rung in &test.rungs {
        let exact = gold.rungs.contains(rung);
        result.strict.test.count(exact);
        result.lax.test.count(exact || gold.touches(rung));
        result.kinds.entry(rung.kind()).or_default().test.count(exact);
        if rung.is_null() {
            result.nulls.test.count(exact);
        }
    }
    for rung in &gold.rungs {
        let exact = test.rungs.contains(rung);
        result.kinds.entry(rung.kind()).or_default().gold.count(exact);
        if rung.is_null() {
            result.nulls.gold.count(exact);
        } else {
            result.strict.gold.count(exact);
            result.lax.gold.count(exact || test.touches(rung));
        }
    }
    result
}

/// A rung as two sets, so that order and repetition inside a rung do not matter.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
struct RungSets {
    src: Vec<u32>,
    tgt: Vec<u32>,
}

impl RungSets {
    fn kind(&self) -> BeadKind {
        BeadKind { src: self.src.len(), tgt: self.tgt.len() }
    }

    fn is_null(&self) -> bool {
        self.kind().is_null()
    }
}

/// A ladder as a set of rungs, with the pairs of segments that they cover.
struct Ladder {
    rungs: BTreeSet<RungSets>,
    /// For each source segment, the target segments that it shares a bead with.
    cells: HashMap<u32, HashSet<u32>>,
}

impl Ladder {
    fn new(rungs: &[Rung]) -> Self {
        let set = |indices: &[u32]| {
            let mut indices = indices.to_vec();
            indices.sort_unstable();
            indices.dedup();
            indices
        };
        let rungs: BTreeSet<RungSets> = rungs
            .iter()
            .filter(|rung| !(rung.src.is_empty() && rung.tgt.is_empty()))
            .map(|rung| RungSets { src: set(&rung.src), tgt: set(&rung.tgt) })
            .collect();
        let mut cells: HashMap<u32, HashSet<u32>> = HashMap::new();
        for rung in &rungs {
            for src in &rung.src {
                cells.entry(*src).or_default().extend(&rung.tgt);
            }
        }
        Self { rungs, cells }
    }

    /// Reports whether a rung shares a source and a target segment with one rung of this ladder.
    fn touches(&self, rung: &RungSets) -> bool {
        rung.src
            .iter()
            .filter_map(|src| self.cells.get(src))
            .any(|row| rung.tgt.iter().any(|tgt| row.contains(tgt)))
    }
}

#[cfg(feature = "serde")]
mod serialize {
    //! The serialised form has the ratios beside the counts, and the kinds as an ordered list.
    //!
    //! `test` and `gold` are the counts of the two ladders, `{"right": …, "total": …}`.

    use serde::Serialize;
    use serde::ser::{SerializeStruct, Serializer};

    use super::{Agreement, Evaluation, Tally};

    impl Serialize for Agreement {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_struct("Agreement", 5)?;
            out.serialize_field("precision", &self.precision())?;
            out.serialize_field("recall", &self.recall())?;
            out.serialize_field("f1", &self.f1())?;
            out.serialize_field("test", &self.test)?;
            out.serialize_field("gold", &self.gold)?;
            out.end()
        }
    }

    #[derive(Serialize)]
    struct Kind {
        kind: String,
        test: Tally,
        gold: Tally,
    }

    impl Serialize for Evaluation {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let kinds: Vec<Kind> = self
                .kinds
                .iter()
                .map(|(kind, score)| Kind {
                    kind: kind.to_string(),
                    test: score.test,
                    gold: score.gold,
                })
                .collect();
            let mut out = serializer.serialize_struct("Evaluation", 4)?;
            out.serialize_field("strict", &self.strict)?;
            out.serialize_field("lax", &self.lax)?;
            out.serialize_field("nulls", &self.nulls)?;
            out.serialize_field("kinds", &kinds)?;
            out.end()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rung(src: &[u32], tgt: &[u32]) -> Rung {
        Rung::new(src, tgt)
    }

    fn tally(right: u64, total: u64) -> Tally {
        Tally { right, total }
    }

    #[test]
    fn hand_counted_document() {
        let gold = [
            rung(&[0], &[0]),
            rung(&[1, 2], &[1]),
            rung(&[3], &[]),
            rung(&[], &[2]),
            rung(&[4], &[3, 4]),
            rung(&[5], &[5]),
        ];
        let test = [
            rung(&[0], &[0]),    // correct
            rung(&[1], &[1]),    // lax only
            rung(&[2], &[]),     // a null that the gold lacks
            rung(&[3], &[]),     // a null that the gold has
            rung(&[4], &[2, 3]), // lax only
            rung(&[], &[4]),     // wrong null
            rung(&[5], &[5]),    // correct
        ];
        let result = evaluate(&gold, &test);
        assert_eq!(result.strict.test, tally(3, 7));
        assert_eq!(result.strict.gold, tally(2, 4));
        assert_eq!(result.lax.test, tally(5, 7));
        assert_eq!(result.lax.gold, tally(4, 4));
        assert_eq!(result.nulls.test, tally(1, 3));
        assert_eq!(result.nulls.gold, tally(1, 2));
        let kind = |src, tgt| result.kinds[&BeadKind { src, tgt }];
        assert_eq!(kind(1, 1), Agreement { test: tally(2, 3), gold: tally(2, 2) });
        assert_eq!(kind(2, 1), Agreement { test: tally(0, 0), gold: tally(0, 1) });
        assert_eq!(kind(1, 0), Agreement { test: tally(1, 2), gold: tally(1, 1) });
        let (p, r) = (3.0 / 7.0, 0.5);
        assert!((result.strict.f1() - 2.0 * p * r / (p + r)).abs() < 1e-12);
    }

    #[test]
    fn rungs_that_cross_others_count_like_any_other() {
        let gold = [rung(&[0], &[2]), rung(&[1], &[0]), rung(&[2], &[1]), rung(&[3, 4], &[3])];
        // In another order, with one rung in two parts and one that is only nearly the same.
        let test = [
            rung(&[1], &[0]),
            rung(&[3], &[3]),
            rung(&[4], &[]),
            rung(&[2], &[1]),
            gold[0].clone(),
        ];
        let result = evaluate(&gold, &test);
        assert_eq!((result.strict.test, result.strict.gold), (tally(3, 5), tally(3, 4)));
        assert_eq!((result.lax.test, result.lax.gold), (tally(4, 5), tally(4, 4)));
    }

    #[test]
    fn lax_needs_both_sides_of_one_bead() {
        // Source 0 is in the first gold bead and target 1 in the second: no gold bead has both.
        let gold = [rung(&[0], &[0]), rung(&[1], &[1])];
        let test = [rung(&[0], &[1])];
        assert_eq!(evaluate(&gold, &test).lax.test, tally(0, 1));
    }

    #[test]
    fn repeated_and_empty_beads_do_not_count() {
        let gold = [rung(&[0], &[0]), rung(&[0], &[0]), rung(&[], &[])];
        let test = [rung(&[0], &[0]), rung(&[], &[]), rung(&[], &[])];
        let result = evaluate(&gold, &test);
        assert_eq!(result.strict.test, tally(1, 1));
        assert_eq!(result.strict.gold, tally(1, 1));
    }

    #[test]
    fn empty_ladders_score_zero_and_not_nan() {
        let gold = [rung(&[0], &[0])];
        for (gold, test) in [(&gold[..], &[][..]), (&[][..], &gold[..]), (&[][..], &[][..])] {
            let result = evaluate(gold, test);
            assert_eq!(result.strict.f1().to_bits(), 0.0_f64.to_bits());
            assert_eq!(result.lax.f1().to_bits(), 0.0_f64.to_bits());
        }
    }

    #[test]
    fn documents_are_summed_before_dividing() {
        let gold = [rung(&[0], &[0])];
        let same = evaluate(&gold, &gold);
        let long: Vec<Rung> = (0..3).map(|i| rung(&[i], &[i])).collect();
        let mut total = evaluate(&long, &[rung(&[0, 1, 2], &[0, 1, 2])]);
        total.add(&same);
        assert_eq!(total.strict.test, tally(1, 2));
        assert_eq!(total.strict.gold, tally(1, 4));
    }

    fn ladders() -> impl Strategy<Value = Vec<Rung>> {
        let side = || prop::collection::vec(0..6_u32, 0..3);
        prop::collection::vec((side(), side()), 0..8)
            .prop_map(|rungs| rungs.iter().map(|(src, tgt)| rung(src, tgt)).collect())
    }

    proptest! {
        #[test]
        fn strict_never_exceeds_lax(gold in ladders(), test in ladders()) {
            let result = evaluate(&gold, &test);
            prop_assert!(result.strict.test.right <= result.lax.test.right);
            prop_assert!(result.strict.gold.right <= result.lax.gold.right);
            prop_assert_eq!(result.strict.test.total, result.lax.test.total);
        }

        #[test]
        fn a_ladder_agrees_with_itself(gold in ladders()) {
            let result = evaluate(&gold, &gold);
            prop_assert_eq!(result.strict.test.right, result.strict.test.total);
            prop_assert_eq!(result.lax.gold.right, result.lax.gold.total);
        }
    }
}
