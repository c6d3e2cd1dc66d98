//! Compares the quantities of a text with those of its translation.

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
    let counterparts = |these: &[Quantity], those: &[Quantity]| {
        these.iter().map(|this| those.iter().position(|that| this.agrees_with(that))).collect()
    };
    QuantityComparison { src: counterparts(src, tgt), tgt: counterparts(tgt, src) }
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
        let values = |of: &Self| {
            let year = of.amount.as_whole().filter(|_| of.kind == HijriYear);
            let [first, last] = year.map_or([None; 2], |year| hijri::gregorian(year).map(Some));
            [
                Some(of.amount),
                of.alternative,
                of.also,
                first.map(Amount::whole),
                last.map(Amount::whole),
            ]
        };
        kinds && values(self).iter().flatten().any(|amount| values(other).contains(&Some(*amount)))
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
