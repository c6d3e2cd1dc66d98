//! Compares the quantities of a text with those of its translation.

use std::collections::HashMap;

use super::{Amount, Notation, Quantity, QuantityKind, hijri};

/// The result of [`compare_quantities`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuantityComparison {
    /// By source quantity: the index of the first target quantity that agrees with it.
    pub src: Vec<Option<usize>>,
    /// By target quantity: the index of the first source quantity that agrees with it.
    pub tgt: Vec<Option<usize>>,
}

/// Compares the quantities of a source text with those of its translation.
///
/// A quantity has a counterpart if any quantity of the other side agrees with it. How often a
/// number occurs is not compared, because a correct translation may repeat a number or omit a
/// repetition.
///
/// ```
/// use nasaq_text::{Language, compare_quantities, quantities};
///
/// let arabic = quantities("بعد خمسة وعشرين عاما، في 1995", Language::Arabic);
/// let english = quantities("25 years later, in 1996", Language::English);
/// let comparison = compare_quantities(&arabic, &english);
/// assert_eq!(comparison.src, [Some(0), None]);
/// assert_eq!(comparison.tgt, [Some(0), None]);
/// ```
#[must_use]
pub fn compare_quantities(src: &[Quantity], tgt: &[Quantity]) -> QuantityComparison {
    QuantityComparison { src: counterparts(src, tgt), tgt: counterparts(tgt, src) }
}

/// Every kind.
const KINDS: [QuantityKind; 6] = [
    QuantityKind::Number,
    QuantityKind::DatePart,
    QuantityKind::Clock,
    QuantityKind::Month,
    QuantityKind::HijriMonth,
    QuantityKind::HijriYear,
];

/// The number of comparisons up to which an index does not pay.
const FEW: usize = 256;

/// Returns, by quantity of `these`, the first of `those` that agrees with it.
fn counterparts(these: &[Quantity], those: &[Quantity]) -> Vec<Option<usize>> {
    if these.len() * those.len() <= FEW {
        let first = |this: &Quantity| those.iter().position(|that| this.agrees_with(that));
        return these.iter().map(first).collect();
    }
    // Whether two quantities agree depends on their kinds and on the values that they share, so it
    // is enough to compare with the first quantity of each kind that has a value.
    let mut first_with: HashMap<(QuantityKind, Amount), usize> = HashMap::new();
    // Two Hijri years agree by the year alone.
    let mut first_year: HashMap<Amount, usize> = HashMap::new();
    for (at, that) in those.iter().enumerate() {
        for amount in that.values().into_iter().flatten() {
            first_with.entry((that.kind, amount)).or_insert(at);
        }
        if that.kind == QuantityKind::HijriYear {
            first_year.entry(that.amount).or_insert(at);
        }
    }
    let counterpart = |this: &Quantity| {
        let kinds = KINDS.iter().flat_map(|kind| {
            this.values().into_iter().flatten().map(move |amount| (*kind, amount))
        });
        let candidates = kinds.filter_map(|key| first_with.get(&key).copied());
        let year = first_year.get(&this.amount).copied();
        candidates.chain(year).filter(|at| this.agrees_with(&those[*at])).min()
    };
    these.iter().map(counterpart).collect()
}

impl Quantity {
    /// Returns whether two quantities may have the same value, under any reading of each.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        use QuantityKind::{Clock, DatePart, HijriMonth, HijriYear, Month, Number};
        let kinds = match (self.kind, other.kind) {
            (Month, Month) | (HijriMonth, HijriMonth) => true,
            (Month, DatePart) | (DatePart, Month) => true,
            (HijriMonth, DatePart) | (DatePart, HijriMonth) => true,
            (Month | HijriMonth, _) | (_, Month | HijriMonth) => false,
            (Number | DatePart | Clock | HijriYear, Number | DatePart | Clock | HijriYear) => true,
        };
        if self.kind == HijriYear && other.kind == HijriYear {
            return self.amount == other.amount;
        }
        let values = other.values();
        kinds && self.values().iter().flatten().any(|amount| values.contains(&Some(*amount)))
    }

    /// Returns every value that the quantity may have.
    fn values(&self) -> [Option<Amount>; 5] {
        let year = self.amount.as_whole().filter(|_| self.kind == QuantityKind::HijriYear);
        let [first, last] = year.map_or([None; 2], |year| hijri::gregorian(year).map(Some));
        [
            Some(self.amount),
            self.alternative,
            self.also,
            first.map(Amount::whole),
            last.map(Amount::whole),
        ]
    }

    /// Returns whether a correct translation has this number too: it is not weak, and it is in
    /// digits or the name of a month.
    #[must_use]
    pub fn is_firm(&self) -> bool {
        !self.weak
            && (self.notation == Notation::Digits
                || matches!(self.kind, QuantityKind::Month | QuantityKind::HijriMonth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, normalise, quantities};

    #[test]
    fn the_index_finds_what_a_comparison_of_all_quantities_finds() {
        let arabic = "في 5 أيار 1995، الساعة 5:30، عام 1445هـ، محرم، 1.000 و 12 آب، سنة 1446هـ. ";
        let english = "On May 5, 1996, at 17:30, in 2023 or 1446 AH, Muharram, 1,000, August 3. ";
        let ar = quantities(&normalise(&arabic.repeat(8)), Language::Arabic);
        let en = quantities(&normalise(&english.repeat(8)), Language::English);
        assert!(ar.len() * en.len() > FEW);
        for (these, those) in [(&ar, &en), (&en, &ar), (&ar, &ar), (&en, &en)] {
            let all: Vec<Option<usize>> = these
                .iter()
                .map(|this| those.iter().position(|that| this.agrees_with(that)))
                .collect();
            assert_eq!(counterparts(these, those), all);
        }
    }

    #[test]
    fn many_numbers_are_compared_in_linear_time() {
        let side = |step: u64| -> Vec<Quantity> {
            let text: String = (0..200_000).map(|n| format!("{} ", n * step)).collect();
            quantities(&text, Language::English)
        };
        let comparison = compare_quantities(&side(2), &side(3));
        assert_eq!(comparison.src[..4], [Some(0), None, None, Some(2)]);
    }
}
