//! Matches the names in the English side, and the Latin words in the Arabic side.
//!
//! A name is a word with a capital that does not begin a sentence or is not in the lexicon. It is
//! matched by an Arabic word that sounds like it ([`sound_distance`]), by one that the lexicon
//! pairs with it (القاهرة and Cairo sound different), or by the same Latin letters.
//!
//! [`sound_distance`]: nasaq_text::sound_distance

mod latin;
mod neighbours;

use hashbrown::HashMap;

use self::neighbours::Neighbours;
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

/// The words that match as names.
pub(super) struct NameMatches {
    /// By Arabic word, whether it matches.
    pub(super) arabic: Vec<bool>,
    /// By English word, whether it matches.
    pub(super) english: Vec<bool>,
    /// Whether there were too many names or Latin words to compare each with all words of the other
    /// side.
    pub(super) partial: bool,
}

/// Sets the features of names and Latin words. Returns the words that match as names.
pub(super) fn rate(
    arabic: &PairSide<'_>,
    english: &PairSide<'_>,
    names: &[bool],
    lexicon: &Lexicon,
    features: &mut Features,
) -> NameMatches {
    let mut matched = NameMatches {
        arabic: vec![false; arabic.words.len()],
        english: vec![false; english.words.len()],
        partial: false,
    };
    let names: Vec<usize> = (0..english.words.len()).filter(|at| names[*at]).collect();
    let is_same = match_equal(arabic, english, &names, lexicon, &mut matched.arabic);
    let sounds: Vec<Sounds> =
        names.iter().map(|at| Sounds::latin(english.words[*at].text)).collect();
    let is_near = match_by_sound(&sounds, arabic, &mut matched);
    let (mut found, mut all) = (0, 0);
    for (index, at) in names.iter().enumerate() {
        let is_matched = is_same[index] || is_near[index];
        // Too short to be matched by its sound: no evidence either way.
        if sounds[index].consonants() < MIN_CONSONANTS && !is_matched {
            continue;
        }
        matched.english[*at] = is_matched;
        all += 1;
        found += usize::from(is_matched);
    }
    features.set_some(Feature::Names, share(found, all));
    features.set(Feature::NamesMissing, (all - found) as f32);
    let (latin, is_whole) = latin::latin(arabic, english);
    features.set_some(Feature::Latin, latin);
    matched.partial |= !is_whole;
    matched
}

/// Returns, by name, whether an Arabic word has the same Latin letters or is its translation, and
/// marks the Arabic words that match.
fn match_equal(
    arabic: &PairSide<'_>,
    english: &PairSide<'_>,
    names: &[usize],
    lexicon: &Lexicon,
    arabic_matched: &mut [bool],
) -> Vec<bool> {
    if names.is_empty() {
        return Vec::new();
    }
    let mut names_by_text: HashMap<String, Vec<usize>> = HashMap::new();
    let mut names_by_id: HashMap<u32, Vec<usize>> = HashMap::new();
    for (index, at) in names.iter().enumerate() {
        let word = &english.words[*at];
        names_by_text.entry(word.text.to_ascii_lowercase()).or_default().push(index);
        if let Some(id) = word.id {
            names_by_id.entry(id).or_default().push(index);
        }
    }
    let mut is_matched = vec![false; names.len()];
    // By Arabic stem, whether it translates a name. Each stem is looked up once, and so is each
    // foreign word.
    let mut stems: HashMap<u32, bool> = HashMap::new();
    for (index, word) in arabic.words.iter().enumerate() {
        if word.kind == WordKind::Foreign
            && let Some(same) = names_by_text.get_mut(&word.text.to_ascii_lowercase())
        {
            arabic_matched[index] = true;
            same.drain(..).for_each(|name| is_matched[name] = true);
        }
        let (Some(id), WordKind::Native) = (word.id, word.kind) else { continue };
        arabic_matched[index] |= *stems.entry(id).or_insert_with(|| {
            let row = lexicon.arabic_row(id).iter().filter(|entry| entry.similarity > 0.0);
            let mut translates = false;
            for entry in row {
                if let Some(same) = names_by_id.get_mut(&entry.id) {
                    translates = true;
                    same.drain(..).for_each(|name| is_matched[name] = true);
                }
            }
            translates
        });
    }
    is_matched
}

/// Returns, by name, whether an Arabic word sounds like it, and marks the Arabic words that match.
fn match_by_sound(names: &[Sounds], arabic: &PairSide<'_>, matched: &mut NameMatches) -> Vec<bool> {
    let mut is_matched = vec![false; names.len()];
    let is_long = |sounds: &Sounds| sounds.consonants() >= MIN_CONSONANTS;
    if !names.iter().any(is_long) {
        return is_matched;
    }
    let forms = arabic_forms(arabic);
    let near = Neighbours::new(names.len(), forms.len());
    matched.partial |= !near.is_all();
    for (index, sounds) in names.iter().enumerate().filter(|(_, sounds)| is_long(sounds)) {
        for (word, form) in &forms[near.of(index)] {
            if form.consonants().abs_diff(sounds.consonants()) <= 2
                && form.distance(sounds) <= MAX_DISTANCE
            {
                is_matched[index] = true;
                matched.arabic[*word] = true;
            }
        }
    }
    is_matched
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
