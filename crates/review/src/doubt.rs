//! Why a bead is doubtful: numbers and names without a counterpart, few words that match, lengths
//! that differ.

use std::ops::Range;

use nasaq_text::{
    Language, Lexicon, Quantity, compare_quantities, normalise_with_offsets, quantities,
};
use serde::Serialize;

use crate::decision::ReviewSide;
use crate::matching::{BeadWords, Word};

/// The share of a bead's content words with a match below which the words are a doubt.
const MIN_MATCHED: f32 = 0.25;
/// The number of content words below which their share proves nothing.
const MIN_WORDS: usize = 5;
/// How many times longer or shorter than usual a side must be for its length to be a doubt.
const MAX_RATIO: f32 = 1.8;
/// The number of characters below which lengths prove nothing.
const MIN_CHARS: usize = 30;
/// The probability below which a bead without another doubt is reported as uncertain.
const LOW_PROBABILITY: f32 = 0.9;

/// What is doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DoubtKind {
    /// A number in digits, or a month, that the other side lacks.
    Number,
    /// A name in the English text that nothing in the Arabic text matches.
    Name,
    /// Few of the words have a match.
    Words,
    /// One side is much longer than usual in this document.
    Length,
    /// One side is empty.
    Null,
    /// Nothing of the above, but the probability is low: the boundaries are uncertain.
    Low,
}

/// A reason to look at a bead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Doubt {
    /// What is doubtful.
    pub kind: DoubtKind,
    /// The side that `text` is on.
    pub side: Option<ReviewSide>,
    /// The number or name.
    pub text: Option<String>,
    /// Where it is: the index of the segment and the bytes in its text.
    pub place: Option<(usize, Range<usize>)>,
}

impl Doubt {
    fn plain(kind: DoubtKind) -> Self {
        Self { kind, side: None, text: None, place: None }
    }

    fn at(
        kind: DoubtKind,
        side: ReviewSide,
        text: &str,
        segment: usize,
        bytes: Range<usize>,
    ) -> Self {
        let shown = text.get(bytes.clone()).unwrap_or_default().to_owned();
        Self { kind, side: Some(side), text: Some(shown), place: Some((segment, bytes)) }
    }
}

/// The texts of a bead: by side, its language and its segments with their indices.
#[derive(Clone, Copy, Debug)]
pub struct BeadTexts<'t> {
    /// Languages of source and target.
    pub languages: [Language; 2],
    /// Segments of source and target.
    pub segments: [&'t [(usize, &'t str)]; 2],
}

impl BeadTexts<'_> {
    fn chars(&self, side: usize) -> usize {
        self.segments[side].iter().map(|(_, text)| text.chars().count()).sum()
    }
}

/// Returns the doubts about a bead. `usual_ratio` is the number of target characters per source
/// character in the document.
#[must_use]
pub fn doubts(
    texts: BeadTexts<'_>,
    lexicon: &Lexicon,
    probability: f32,
    usual_ratio: f32,
) -> Vec<Doubt> {
    if texts.segments.iter().any(|segments| segments.is_empty()) {
        return vec![Doubt::plain(DoubtKind::Null)];
    }
    let mut found = missing_numbers(texts);
    let words = BeadWords::new(texts, lexicon);
    let english = texts.languages.iter().position(|language| *language == Language::English);
    if let Some(side) = english {
        found.extend(words.unmatched_names(side).map(|word| name(texts, side, word)));
    }
    let (matched, all) = words.matched();
    if all >= MIN_WORDS && (matched as f32) < MIN_MATCHED * all as f32 {
        found.push(Doubt::plain(DoubtKind::Words));
    }
    if is_length_unusual(texts, usual_ratio) {
        found.push(Doubt::plain(DoubtKind::Length));
    }
    if found.is_empty() && probability < LOW_PROBABILITY {
        found.push(Doubt::plain(DoubtKind::Low));
    }
    found
}

fn name(texts: BeadTexts<'_>, side: usize, word: &Word) -> Doubt {
    let text = texts.segments[side].iter().find(|(index, _)| *index == word.segment);
    let text = text.map_or("", |(_, text)| text);
    Doubt::at(DoubtKind::Name, review_side(side), text, word.segment, word.bytes.clone())
}

fn review_side(side: usize) -> ReviewSide {
    if side == 0 { ReviewSide::Src } else { ReviewSide::Tgt }
}

fn missing_numbers(texts: BeadTexts<'_>) -> Vec<Doubt> {
    let sides = [0, 1].map(|side| side_numbers(texts, side));
    let only = |side: &[PlacedNumber<'_>]| -> Vec<Quantity> {
        side.iter().map(|number| number.quantity.clone()).collect()
    };
    let comparison = compare_quantities(&only(&sides[0]), &only(&sides[1]));
    let counterparts = [comparison.src, comparison.tgt];
    let mut found = Vec::new();
    for (side, (numbers, counterparts)) in sides.iter().zip(counterparts).enumerate() {
        for (number, counterpart) in numbers.iter().zip(counterparts) {
            if counterpart.is_none() && number.quantity.is_firm() {
                let bytes = number.bytes.clone();
                let kind = DoubtKind::Number;
                found.push(Doubt::at(kind, review_side(side), number.text, number.segment, bytes));
            }
        }
    }
    found
}

struct PlacedNumber<'t> {
    quantity: Quantity,
    segment: usize,
    text: &'t str,
    bytes: Range<usize>,
}

fn side_numbers(texts: BeadTexts<'_>, side: usize) -> Vec<PlacedNumber<'_>> {
    let mut numbers = Vec::new();
    for &(segment, text) in texts.segments[side] {
        let normal = normalise_with_offsets(text);
        for quantity in quantities(normal.text(), texts.languages[side]) {
            let bytes = normal.range(quantity.bytes.clone());
            numbers.push(PlacedNumber { quantity, segment, text, bytes });
        }
    }
    numbers
}

fn is_length_unusual(texts: BeadTexts<'_>, usual_ratio: f32) -> bool {
    let [src, tgt] = [0, 1].map(|side| texts.chars(side));
    if src.max(tgt) < MIN_CHARS || src == 0 || usual_ratio <= 0.0 {
        return false;
    }
    let ratio = tgt as f32 / src as f32 / usual_ratio;
    ratio.max(1.0 / ratio) > MAX_RATIO
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(arabic: &str, english: &str) -> Vec<(DoubtKind, Option<String>)> {
        let (src, tgt) = ([(3, arabic)], [(5, english)]);
        let texts =
            BeadTexts { languages: [Language::Arabic, Language::English], segments: [&src, &tgt] };
        let found = doubts(texts, &Lexicon::builtin(), 0.99, 1.2);
        found.into_iter().map(|doubt| (doubt.kind, doubt.text)).collect()
    }

    #[test]
    fn a_translation_has_no_doubt() {
        let arabic = "وصل أحمد إلى القاهرة في ٥ أيار ١٩٩٥ ومعه كتاب قديم.";
        let english = "Ahmad arrived in Cairo on 5 May 1995 with an old book.";
        assert_eq!(kinds(arabic, english), []);
    }

    #[test]
    fn a_number_or_name_that_differs_is_shown_with_its_place() {
        let english = "He arrived in Damascus with 31 books in 1995.";
        let found = kinds("وصل إلى القاهرة ومعه ٣٢ كتابًا عام ١٩٩٥.", english);
        let number = |text: &str| (DoubtKind::Number, Some(text.to_owned()));
        let name = (DoubtKind::Name, Some("Damascus".to_owned()));
        assert_eq!(found, [number("٣٢"), number("31"), name]);
    }

    #[test]
    fn text_that_is_no_translation_has_few_matches() {
        let arabic = "جلس الرجل العجوز تحت الشجرة ينتظر المطر طويلًا.";
        let english = "The committee approved the annual budget without any further debate.";
        assert_eq!(kinds(arabic, english), [(DoubtKind::Words, None)]);
    }

    #[test]
    fn lengths_that_differ_are_a_doubt() {
        let arabic = "نعم يا سيدي.";
        let english =
            "Yes, sir, and I would add that all of it was known to us long before the letter came.";
        assert!(kinds(arabic, english).contains(&(DoubtKind::Length, None)));
    }
}
