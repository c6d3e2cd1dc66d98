//! Names of the English side that the Arabic side sounds like or translates, and Latin words in the
//! Arabic side.
//!
//! A name is a word with a capital that does not begin a sentence, or one that the lexicon does not
//! know. It is answered by an Arabic word that sounds like it ([`sound_distance`]), by one that the
//! lexicon pairs with it (القاهرة and Cairo sound nothing alike), or by the same Latin letters.
//!
//! [`sound_distance`]: nasaq_text::sound_distance

use crate::feature::{Feature, Features};
use crate::side::{Kind, Side, share};
use nasaq_text::Lexicon;
use nasaq_text::Sounds;

/// The greatest distance of two spellings of one name.
const SAME: f32 = 0.3;
/// Consonants that a name must have to be told by its sound.
const LEAST: usize = 2;

/// Gives, by English word, whether it is a name.
pub(super) fn are_names(english: &Side<'_>) -> Vec<bool> {
    let mut end = 0;
    let capitals = english.own().filter(|word| is_capital(word.text)).count();
    // A title in capitals tells nothing of names.
    let shouted = capitals * 10 > english.own().count() * 8 && english.own().count() > 3;
    english
        .words
        .iter()
        .enumerate()
        .map(|(at, word)| {
            let start = word.text.as_ptr() as usize - english.normal.as_ptr() as usize;
            let gap = &english.normal[end..start];
            end = start + word.text.len();
            let begins = at == 0 || gap.contains(['.', '!', '?', ':', '"', '\n', '(', '-', ';']);
            word.kind == Kind::Own
                && is_capital(word.text)
                && !word.function
                && word.text.len() > 2
                && (word.id.is_none() || !begins && !shouted)
        })
        .collect()
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Rates the names and Latin words, and gives, by English and by Arabic word, whether a name
/// answers it.
pub(super) fn rate(
    arabic: &Side<'_>,
    english: &Side<'_>,
    names: &[bool],
    lexicon: &Lexicon,
    features: &mut Features,
) -> (Vec<bool>, Vec<bool>) {
    let mut english_answered = vec![false; english.words.len()];
    let mut arabic_answered = vec![false; arabic.words.len()];
    let mut forms: Option<Vec<(usize, Sounds)>> = None;
    let (mut found, mut all) = (0, 0);
    for (at, word) in english.words.iter().enumerate().filter(|(at, _)| names[*at]) {
        let sounds = Sounds::latin(word.text);
        let mut answers = false;
        for (place, other) in arabic.words.iter().enumerate() {
            let same = other.kind == Kind::Foreign && other.text.eq_ignore_ascii_case(word.text)
                || translates(other.id, word.id, lexicon);
            answers |= same;
            arabic_answered[place] |= same;
        }
        if sounds.consonants() >= LEAST {
            let forms = forms.get_or_insert_with(|| arabic_forms(arabic));
            for (place, form) in forms.iter() {
                if form.consonants().abs_diff(sounds.consonants()) <= 2
                    && form.distance(&sounds) <= SAME
                {
                    answers = true;
                    arabic_answered[*place] = true;
                }
            }
        } else if !answers {
            // Too short to be told by its sound: no evidence either way.
            continue;
        }
        english_answered[at] = answers;
        all += 1;
        found += usize::from(answers);
    }
    features.set_some(Feature::Names, share(found, all));
    features.set(Feature::NamesMissing, (all - found) as f32);
    features.set_some(Feature::Latin, latin(arabic, english));
    (arabic_answered, english_answered)
}

fn arabic_forms(arabic: &Side<'_>) -> Vec<(usize, Sounds)> {
    let mut forms = Vec::new();
    for (place, word) in arabic.words.iter().enumerate() {
        if word.kind != Kind::Own || word.function {
            continue;
        }
        forms.extend(
            Sounds::arabic_forms(word.text)
                .into_iter()
                .filter(|form| form.consonants() >= LEAST)
                .map(|form| (place, form)),
        );
    }
    forms
}

fn translates(arabic: Option<u32>, english: Option<u32>, lexicon: &Lexicon) -> bool {
    matches!((arabic, english), (Some(arabic), Some(english))
        if lexicon.similarity(arabic, english) > 0.0)
}

/// Gives the share of Latin words in the Arabic text that the English one has too.
fn latin(arabic: &Side<'_>, english: &Side<'_>) -> Option<f32> {
    let foreign = || {
        let words = arabic.words.iter().filter(|word| word.kind == Kind::Foreign);
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
