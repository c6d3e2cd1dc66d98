//! Estimates whether a side is in its language.
//!
//! A text is called another language only on strong evidence, because a wrong call rejects a good
//! pair: letters that the language lacks, or several words that only another language has, and few
//! words of the language itself. Without evidence either way, whatlang's trigrams move the value a
//! little from undecided.

use crate::side::PairSide;
use nasaq_text::Language;

mod arabic_script;
mod arabizi;
mod words;

/// The number of letters below which trigrams are hardly evidence.
const SHORT: usize = 20;
/// The number of letters and of words from which trigrams alone may reject a text in Latin script.
const LONG: (usize, usize) = (30, 5);

/// Returns the confidence that a side is in its language: 1 it is, 0.5 undecided, 0 it is not;
/// `None` without a letter.
pub(super) fn language(side: &PairSide<'_>) -> Option<f32> {
    let letters = side.text.chars().filter(|c| nasaq_text::is_letter(*c)).count();
    if letters == 0 {
        return None;
    }
    Some(match side.language {
        Language::Arabic => arabic(side, letters),
        Language::English => english(side, letters),
    })
}

fn arabic(side: &PairSide<'_>, letters: usize) -> f32 {
    if side.native_words().next().is_none() {
        // Latin letters only: a name or code is a copy, which is another feature.
        return if arabizi::is_arabizi(side) {
            0.0
        } else {
            trigrams(side.text, letters, whatlang::Lang::Ara).value
        };
    }
    let evidence = arabic_script::Evidence::of(side);
    if evidence.is_foreign() {
        return 0.0;
    }
    if evidence.is_arabic() {
        return 1.0;
    }
    let trigrams = trigrams(side.text, letters, whatlang::Lang::Ara);
    if evidence.leans_foreign() && trigrams.other && letters >= SHORT {
        return 0.0;
    }
    trigrams.value.max(0.2)
}

fn english(side: &PairSide<'_>, letters: usize) -> f32 {
    let native = side.native_words().count();
    let function = side.native_words().filter(|word| word.function).count();
    let ascii = side.native_words().all(|word| word.text.is_ascii());
    // In other languages, about one word in ten equals an English function word (in, a, me, on).
    if native >= 4 && function * 4 >= native && ascii {
        return 1.0;
    }
    if arabizi::is_arabizi(side) {
        return 0.0;
    }
    let value = trigrams(side.text, letters, whatlang::Lang::Eng).value;
    // Names and terms are not English by their trigrams, but they are in English texts.
    let known = side.native_words().filter(|word| word.function || word.id.is_some()).count();
    let is_long = letters >= LONG.0 && native >= LONG.1;
    if is_long && known * 2 < native { value } else { value.max(0.2) }
}

/// The decision of whatlang.
struct Trigrams {
    value: f32,
    /// Whether it is another language.
    other: bool,
}

fn trigrams(text: &str, letters: usize, language: whatlang::Lang) -> Trigrams {
    let Some(info) = whatlang::detect(text) else { return Trigrams { value: 0.5, other: false } };
    let confidence = info.confidence() as f32;
    let weight = if letters < SHORT { 0.2 } else { 0.5 };
    let other = info.lang() != language;
    let value = if other { 0.5 - weight * confidence } else { 0.5 + weight * confidence };
    Trigrams { value, other }
}
