//! Matches the names in the English side, and the Latin words in the Arabic side.
//!
//! A name is a word with a capital that does not begin a sentence or is not in the lexicon. It is
//! matched by an Arabic word that sounds like it ([`sound_distance`]), by one that the lexicon
//! pairs with it (القاهرة and Cairo sound different), or by the same Latin letters.
//!
//! [`sound_distance`]: nasaq_text::sound_distance

use crate::feature::{Feature, Features};
use crate::side::{PairSide, WordKind, share};
use nasaq_text::Lexicon;
use nasaq_text::Sounds;

/// The maximum distance by sound between two spellings of one name.
const MAX_DISTANCE: f32 = 0.3;
/// The minimum number of consonants of a name that is matched by its sound.
const MIN_CONSONANTS: usize = 2;

/// Returns, by English word, whether it is a name.
pub(super) fn are_names(english: &PairSide<'_>) -> Vec<bool> {
    let mut end = 0;
    let capitals = english.native_words().filter(|word| is_capital(word.text)).count();
    // In a heading in capitals or title case, capitals are no evidence of names.
    let is_title =
        capitals * 10 > english.native_words().count() * 8 && english.native_words().count() > 3;
    english
        .words
        .iter()
        .enumerate()
        .map(|(at, word)| {
            let start = word.text.as_ptr() as usize - english.normal.as_ptr() as usize;
            let gap = &english.normal[end..start];
            end = start + word.text.len();
            let begins = at == 0 || gap.contains(['.', '!', '?', ':', '"', '\n', '(', '-', ';']);
            word.kind == WordKind::Native
                && is_capital(word.text)
                && !word.function
                && word.text.len() > 2
                && (word.id.is_none() || !begins && !is_title)
        })
        .collect()
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Sets the features of names and Latin words. Returns, by Arabic and by English word, whether it
/// matches as a name.
pub(super) fn rate(
    arabic: &PairSide<'_>,
    english: &PairSide<'_>,
    names: &[bool],
    lexicon: &Lexicon,
    features: &mut Features,
) -> (Vec<bool>, Vec<bool>) {
    let mut english_matched = vec![false; english.words.len()];
    let mut arabic_matched = vec![false; arabic.words.len()];
    let mut forms: Option<Vec<(usize, Sounds)>> = None;
    let (mut found, mut all) = (0, 0);
    for (at, word) in english.words.iter().enumerate().filter(|(at, _)| names[*at]) {
        let sounds = Sounds::latin(word.text);
        let mut is_matched = false;
        for (index, other) in arabic.words.iter().enumerate() {
            let same = other.kind == WordKind::Foreign
                && other.text.eq_ignore_ascii_case(word.text)
                || other.kind == WordKind::Native && translates(other.id, word.id, lexicon);
            is_matched |= same;
            arabic_matched[index] |= same;
        }
        if sounds.consonants() >= MIN_CONSONANTS {
            let forms = forms.get_or_insert_with(|| arabic_forms(arabic));
            for (index, form) in forms.iter() {
                if form.consonants().abs_diff(sounds.consonants()) <= 2
                    && form.distance(&sounds) <= MAX_DISTANCE
                {
                    is_matched = true;
                    arabic_matched[*index] = true;
                }
            }
        } else if !is_matched {
            // Too short to be matched by its sound: no evidence either way.
            continue;
        }
        english_matched[at] = is_matched;
        all += 1;
        found += usize::from(is_matched);
    }
    features.set_some(Feature::Names, share(found, all));
    features.set(Feature::NamesMissing, (all - found) as f32);
    features.set_some(Feature::Latin, latin(arabic, english));
    (arabic_matched, english_matched)
}

/// Returns the sounds of every reading of the Arabic words, with the index of the word.
fn arabic_forms(arabic: &PairSide<'_>) -> Vec<(usize, Sounds)> {
    let mut forms = Vec::new();
    for (index, word) in arabic.words.iter().enumerate() {
        if word.kind != WordKind::Native || word.function {
            continue;
        }
        forms.extend(
            Sounds::arabic_forms(word.text)
                .into_iter()
                .filter(|form| form.consonants() >= MIN_CONSONANTS)
                .map(|form| (index, form)),
        );
    }
    forms
}

fn translates(arabic: Option<u32>, english: Option<u32>, lexicon: &Lexicon) -> bool {
    matches!((arabic, english), (Some(arabic), Some(english))
        if lexicon.similarity(arabic, english) > 0.0)
}

/// Returns the share of Latin words in the Arabic text that the English text has too, up to small
/// differences in spelling.
fn latin(arabic: &PairSide<'_>, english: &PairSide<'_>) -> Option<f32> {
    let foreign = || {
        let words = arabic
            .words
            .iter()
            .filter(|word| matches!(word.kind, WordKind::Foreign | WordKind::Kept));
        words.filter(|word| word.text.len() > 1)
    };
    let near = |word: &str| {
        let lower = word.to_lowercase();
        english.words.iter().any(|other| {
            other.text.eq_ignore_ascii_case(word)
                || strsim::normalized_levenshtein(&lower, &other.text.to_lowercase()) >= 0.8
        })
    };
    share(foreign().filter(|word| near(word.text)).count(), foreign().count())
}
