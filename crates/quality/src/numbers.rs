//! Compares the numbers of both sides.

use crate::feature::{Feature, Features};
use crate::side::PairSide;
use nasaq_text::Language;
use nasaq_text::{Notation, Quantity, compare_quantities, quantities};

/// The value from which a number is not one of a chapter, verse, page or note: it may be a year.
const MIN_YEAR: u64 = 1000;
/// The maximum length in bytes of a reference in brackets.
const MAX_REFERENCE: usize = 60;

/// The quantities of both sides of a pair.
#[derive(Debug)]
pub(super) struct PairNumbers<'t> {
    arabic: Vec<Quantity>,
    english: Vec<Quantity>,
    texts: [&'t str; 2],
}

impl<'t> PairNumbers<'t> {
    pub(super) fn new(arabic: &PairSide<'t>, english: &PairSide<'t>) -> Self {
        Self {
            arabic: quantities(arabic.normal, Language::Arabic),
            english: quantities(english.normal, Language::English),
            texts: [arabic.normal, english.normal],
        }
    }

    pub(super) fn rate(&self, features: &mut Features) {
        let comparison = compare_quantities(&self.arabic, &self.english);
        let sides = [(&self.arabic, &comparison.src), (&self.english, &comparison.tgt)];
        // One side may have references that the other omits, such as the chapter of a quotation. If
        // the other side has another number, or as many, they rather contradict each other.
        let has_all = |side: usize| sides[side].1.iter().all(Option::is_some);
        let has_fewer = |side: usize| sides[side].0.len() < sides[1 - side].0.len();
        let may_omit = [0, 1].map(|side| has_all(side) && has_fewer(side));
        let (mut firm, mut missing, mut words) = (0, 0, 0);
        for (side, (found, counterparts)) in sides.into_iter().enumerate() {
            for (quantity, counterpart) in found.iter().zip(counterparts) {
                if quantity.is_firm() {
                    if counterpart.is_none()
                        && may_omit[1 - side]
                        && is_reference(self.texts[side], quantity)
                    {
                        continue;
                    }
                    firm += 1;
                    missing += usize::from(counterpart.is_none());
                } else if !quantity.weak && quantity.notation == Notation::Words {
                    words += usize::from(counterpart.is_none());
                } else if quantity.notation == Notation::Digits {
                    // A weak number needs no counterpart, but one that it has is evidence for the
                    // pair.
                    firm += usize::from(counterpart.is_some());
                }
            }
        }
        features.set_some(Feature::Numbers, crate::side::share(firm - missing, firm));
        features.set(Feature::NumbersMissing, missing as f32);
        features.set(Feature::NumberWordsMissing, words as f32);
    }
}

/// Returns whether a number in digits is that of a note, a verse, a page or a heading: the last in
/// brackets (`(92)`, `[ص 317]`, `(Quran, 33:6)`), or a label at the start (`3.`, `Letter 21:`).
fn is_reference(text: &str, quantity: &Quantity) -> bool {
    if quantity.notation != Notation::Digits
        || quantity.amount.as_whole().is_none_or(|value| value >= MIN_YEAR)
    {
        return false;
    }
    let (before, after) = (&text[..quantity.bytes.start], &text[quantity.bytes.end..]);
    is_label(before, after) || is_last_in_brackets(before, after)
}

fn is_label(before: &str, after: &str) -> bool {
    let mut marks = after.chars();
    let ends = matches!(marks.next(), Some('.' | ')' | ':' | '-' | '–'))
        && marks.next().is_none_or(char::is_whitespace);
    ends && before.split_whitespace().count() <= 1 && !before.contains(char::is_numeric)
}

fn is_last_in_brackets(before: &str, after: &str) -> bool {
    // The start of the brackets may be another one that is closed before the number: `[x (23): 76]`.
    let Some(open) = before.rfind(['(', '[']) else { return false };
    let inside = &before[open + 1..];
    let is_bare = |text: &str| !text.contains(char::is_alphabetic);
    let closes = |text: &str| text.find([')', ']']).filter(|end| is_bare(&text[..*end]));
    inside.len() <= MAX_REFERENCE
        && closes(after).is_some()
        && inside.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1).count() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use nasaq_text::normalise;

    fn references(text: &str, language: Language) -> Vec<bool> {
        let text = normalise(text);
        let found = quantities(&text, language);
        found.iter().map(|quantity| is_reference(&text, quantity)).collect()
    }

    #[test]
    fn numbers_of_notes_verses_and_headings_are_references() {
        for text in ["as was written (92).", "[see page 317] he said", "Letter 21: to his son"] {
            assert_eq!(references(text, Language::English), [true], "{text}");
        }
        for text in ["3. The garden", "(The Cave, 18:46) he said", "(The Cave [18]: 46)"] {
            assert!(references(text, Language::English).contains(&true), "{text}");
        }
        for text in ["[ص:317] وقال", "وقال (الكهف 46)،", "12- الحديقة"] {
            assert!(references(text, Language::Arabic).contains(&true), "{text}");
        }
    }

    #[test]
    fn amounts_and_years_are_not() {
        for text in ["He paid 15 pounds.", "a town (some 30 km away)", "It fell (in 1995)", "9-5"] {
            assert!(!references(text, Language::English).contains(&true), "{text}");
        }
    }
}
