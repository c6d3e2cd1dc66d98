//! Copies: text that was not translated.

use std::ops::Range;

use crate::addresses::{outside, places};
use crate::side::{Kind, Side};

/// Letters of each side that are compared at most.
const MOST: usize = 300;
/// Letters of a word that is worth finding again.
const LEAST: usize = 4;

/// Gives how far one side is a copy of the other, 0 to 1: the greater of the similarity of the
/// letters (Levenshtein) and the share of longer words found on the other side, addresses aside;
/// `None` where a side has no letter.
pub(super) fn copy(a: &Side<'_>, b: &Side<'_>) -> Option<f32> {
    let (places_a, places_b) = (places(a.normal), places(b.normal));
    let (letters_a, letters_b) = (letters(a.normal, &places_a), letters(b.normal, &places_b));
    if letters_a.is_empty() || letters_b.is_empty() {
        return None;
    }
    // Sides in different scripts have hardly a letter in common: no need to compare them at length.
    let shared = letters_a.chars().filter(|c| letters_b.contains(*c)).count();
    let similar = if shared * 2 > letters_a.chars().count() {
        strsim::normalized_levenshtein(&letters_a, &letters_b) as f32
    } else {
        0.0
    };
    let (a, b) = ((a, &*places_a), (b, &*places_b));
    Some(similar.max(copied(a, b)).max(copied(b, a)))
}

/// The first letters of a text outside addresses, in lower case.
fn letters(text: &str, addresses: &[Range<usize>]) -> String {
    let letters = outside(text, addresses).flat_map(str::chars).filter(|c| c.is_alphabetic());
    letters.flat_map(char::to_lowercase).take(MOST).collect()
}

/// Gives the share of a side's words, weighed by their letters, that the other side has in the same
/// letters although its script is another.
fn copied(
    (side, addresses): (&Side<'_>, &[Range<usize>]),
    (other, other_addresses): (&Side<'_>, &[Range<usize>]),
) -> f32 {
    let (mut all, mut found) = (0, 0);
    let strange: Vec<&str> = other
        .words
        .iter()
        .filter(|word| word.kind == Kind::Foreign && word.text.len() >= LEAST)
        .map(|word| word.text)
        .filter(|word| !is_inside(word, other.normal, other_addresses))
        .collect();
    if strange.is_empty() {
        return 0.0;
    }
    for word in side.own().filter(|word| !is_inside(word.text, side.normal, addresses)) {
        let length = word.text.chars().count();
        all += length;
        if strange.iter().any(|other| other.eq_ignore_ascii_case(word.text)) {
            found += length;
        }
    }
    crate::side::share(found, all).unwrap_or(0.0)
}

/// Tells whether a word, a slice of the text, stands in one of the places.
fn is_inside(word: &str, text: &str, places: &[Range<usize>]) -> bool {
    let at = word.as_ptr() as usize - text.as_ptr() as usize;
    places.iter().any(|place| place.contains(&at))
}
