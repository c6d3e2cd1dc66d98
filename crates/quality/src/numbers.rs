//! Compares the numbers of both sides.

use crate::feature::{Feature, Features};
use crate::side::PairSide;
use nasaq_text::Language;
use nasaq_text::{Notation, Quantity, compare_quantities, quantities};

/// The quantities of both sides of a pair.
#[derive(Debug)]
pub(super) struct PairNumbers {
    pub(super) arabic: Vec<Quantity>,
    pub(super) english: Vec<Quantity>,
}

impl PairNumbers {
    pub(super) fn new(arabic: &PairSide<'_>, english: &PairSide<'_>) -> Self {
        Self {
            arabic: quantities(arabic.normal, Language::Arabic),
            english: quantities(english.normal, Language::English),
        }
    }

    pub(super) fn rate(&self, features: &mut Features) {
        let comparison = compare_quantities(&self.arabic, &self.english);
        let sides = [(&self.arabic, &comparison.src), (&self.english, &comparison.tgt)];
        let (mut firm, mut missing, mut words) = (0, 0, 0);
        for (quantity, counterpart) in
            sides.iter().flat_map(|(found, counterparts)| found.iter().zip(*counterparts))
        {
            if quantity.is_firm() {
                firm += 1;
                missing += usize::from(counterpart.is_none());
            } else if !quantity.weak && quantity.notation == Notation::Words {
                words += usize::from(counterpart.is_none());
            } else if quantity.notation == Notation::Digits {
                // A weak number needs no counterpart, but one that it has is evidence for the pair.
                firm += usize::from(counterpart.is_some());
            }
        }
        features.set_some(Feature::Numbers, crate::side::share(firm - missing, firm));
        features.set(Feature::NumbersMissing, missing as f32);
        features.set(Feature::NumberWordsMissing, words as f32);
    }
}
