//! Detects text that was copied instead of translated.

use std::ops::Range;

use hashbrown::HashSet;

use crate::addresses::{outside, ranges};
use crate::side::{PairSide, WordKind};

/// The maximum number of letters of each side that are compared.
const MAX_LETTERS: usize = 300;
/// The minimum length in bytes of a copied word.
const MIN_LEN: usize = 4;

/// Returns the degree to which one side is a copy of the other, from 0 to 1: the greater of the
/// similarity of the letters (Levenshtein) and the share of words found on the other side, without
/// addresses and kept words. Returns `None` if a side has no letter.
pub(super) fn copy(a: &PairSide<'_>, b: &PairSide<'_>) -> Option<f32> {
    let (ranges_a, ranges_b) = (ignored(a), ignored(b));
    let (letters_a, letters_b) = (letters(a.normal, &ranges_a), letters(b.normal, &ranges_b));
    if letters_a.is_empty() || letters_b.is_empty() {
        return None;
    }
    // The fast path: texts in different scripts have few letters in common.
    let others = LetterSet::new(&letters_b);
    let shared = letters_a.chars().filter(|c| others.contains(*c, &letters_b)).count();
    let similar = if shared * 2 > letters_a.chars().count() {
        strsim::normalized_levenshtein(&letters_a, &letters_b) as f32
    } else {
        0.0
    };
    let (a, b) = ((a, &*ranges_a), (b, &*ranges_b));
    Some(similar.max(copied(a, b)).max(copied(b, a)))
}

/// The letters of a text below U+0800, which has Latin and Arabic, as bits.
struct LetterSet([u64; 32]);

impl LetterSet {
    fn new(text: &str) -> Self {
        let mut bits = [0; 32];
        for c in text.chars().map(|c| c as usize) {
            if let Some(word) = bits.get_mut(c / 64) {
                *word |= 1_u64 << (c % 64);
            }
        }
        Self(bits)
    }

    /// Returns whether the text that the set was made of has a letter.
    fn contains(&self, c: char, text: &str) -> bool {
        match self.0.get(c as usize / 64) {
            Some(word) => word >> (c as usize % 64) & 1 == 1,
            None => text.contains(c),
        }
    }
}

/// Returns the byte ranges of addresses and kept words, in order and apart from each other.
fn ignored(side: &PairSide<'_>) -> Vec<Range<usize>> {
    let mut ranges = ranges(side.normal);
    ranges.extend(side.kept());
    ranges.sort_unstable_by_key(|range| range.start);
    // A word that is kept elsewhere may also be part of an address.
    ranges.dedup_by(|next, last| {
        let overlaps = next.start < last.end;
        last.end = if overlaps { last.end.max(next.end) } else { last.end };
        overlaps
    });
    ranges
}

/// Returns the first letters of a text outside of addresses, in lower case.
fn letters(text: &str, addresses: &[Range<usize>]) -> String {
    let letters =
        outside(text, addresses).flat_map(str::chars).filter(|c| nasaq_text::is_letter(*c));
    letters.flat_map(char::to_lowercase).take(MAX_LETTERS).collect()
}

/// Returns the share of the native words of a side, weighted by their letters, that the other side
/// has as foreign words.
fn copied(
    (side, addresses): (&PairSide<'_>, &[Range<usize>]),
    (other, other_addresses): (&PairSide<'_>, &[Range<usize>]),
) -> f32 {
    let (mut all, mut found) = (0, 0);
    let foreign: HashSet<String> = other
        .words
        .iter()
        .filter(|word| word.kind == WordKind::Foreign && word.text.len() >= MIN_LEN)
        .map(|word| word.text)
        .filter(|word| !is_inside(word, other.normal, other_addresses))
        .map(str::to_ascii_lowercase)
        .collect();
    if foreign.is_empty() {
        return 0.0;
    }
    for word in side.native_words().filter(|word| !is_inside(word.text, side.normal, addresses)) {
        let length = word.text.chars().count();
        all += length;
        if foreign.contains(&word.text.to_ascii_lowercase()) {
            found += length;
        }
    }
    crate::side::share(found, all).unwrap_or(0.0)
}

/// Returns whether a word, which is a slice of the text, begins in one of the ranges, which are in
/// order.
fn is_inside(word: &str, text: &str, ranges: &[Range<usize>]) -> bool {
    let at = word.as_ptr() as usize - text.as_ptr() as usize;
    let next = ranges.partition_point(|range| range.end <= at);
    ranges.get(next).is_some_and(|range| range.contains(&at))
}
