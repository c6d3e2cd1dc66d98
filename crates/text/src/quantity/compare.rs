//! Which quantities of two texts answer each other.

use super::{Amount, Notation, Quantity, QuantityKind, hijri};

/// What [`compare_quantities`] finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuantityComparison {
    /// By source quantity: the first target quantity of the same worth.
    pub src: Vec<Option<usize>>,
    /// By target quantity: the first source quantity of the same worth.
    pub tgt: Vec<Option<usize>>,
}

/// Compares the quantities of a source text with those of its translation.
///
/// A quantity is answered where the other side has one of the same worth at all; how often each is
/// said is not compared, as a translation may say a number once more, or once less, and be right.
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
    let answers = |these: &[Quantity], those: &[Quantity]| {
        these.iter().map(|this| those.iter().position(|that| this.agrees_with(that))).collect()
    };
    QuantityComparison { src: answers(src, tgt), tgt: answers(tgt, src) }
}

impl Quantity {
    /// Tells whether two quantities may be worth the same.
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
        let reads = |of: &Self| {
            let year = of.amount.as_whole().filter(|_| of.kind == HijriYear);
            let [first, last] = year.map_or([None; 2], |year| hijri::gregorian(year).map(Some));
            [Some(of.amount), of.other, first.map(Amount::whole), last.map(Amount::whole)]
        };
        kinds && reads(self).iter().flatten().any(|amount| reads(other).contains(&Some(*amount)))
    }

    /// Tells whether the other side must have this number too: it is no weak one, and in digits or
    /// a month's name.
    #[must_use]
    pub fn is_firm(&self) -> bool {
        !self.weak
            && (self.notation == Notation::Digits
                || matches!(self.kind, QuantityKind::Month | QuantityKind::HijriMonth))
    }
}
