//! Numbers: those of one side that the other has not.

use crate::feature::{Feature, Features};
use crate::side::Side;
use nasaq_text::Language;
use nasaq_text::{Notation, Quantity, compare_quantities, quantities};

/// The quantities of both sides, compared.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) arabic: Vec<Quantity>,
    pub(super) english: Vec<Quantity>,
}

impl Numbers {
    pub(super) fn new(arabic: &Side<'_>, english: &Side<'_>) -> Self {
        Self {
            arabic: quantities(arabic.normal, Language::Arabic),
            english: quantities(english.normal, Language::English),
        }
    }

    pub(super) fn rate(&self, features: &mut Features) {
        let comparison = compare_quantities(&self.arabic, &self.english);
        let sides = [(&self.arabic, &comparison.src), (&self.english, &comparison.tgt)];
        let (mut firm, mut missing, mut words) = (0, 0, 0);
        for (quantity, answer) in
            sides.iter().flat_map(|(found, answers)| found.iter().zip(*answers))
        {
            if quantity.is_firm() {
                firm += 1;
                missing += usize::from(answer.is_none());
            } else if !quantity.weak && quantity.notation == Notation::Words {
                words += usize::from(answer.is_none());
            } else if quantity.notation == Notation::Digits {
                // It needs no counterpart; that it has one speaks for the pair all the same.
                firm += usize::from(answer.is_some());
            }
        }
        features.set_some(Feature::Numbers, crate::side::share(firm - missing, firm));
        features.set(Feature::NumbersMissing, missing as f32);
        features.set(Feature::NumberWordsMissing, words as f32);
    }
}
