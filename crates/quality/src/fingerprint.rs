//! Fingerprints of texts, which are equal for equal texts and share a band for near-duplicates.
//!
//! The key of a text is a hash of its letters and numbers: punctuation, case, spaces and tashkeel
//! are ignored, but 1.5 differs from 15, and −5 from 5. Near-duplicates are found by MinHash
//! (Broder 1997, "On the resemblance and containment of documents") over letter 4-grams, in four
//! bands of six rows: two pairs with 90 % of their 4-grams in common share a band with a
//! probability of 95 %, at 80 % with 71 %, at 50 % with 6 %.

use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use nasaq_text::normalise;

/// The number of bands of a MinHash.
pub(super) const BANDS: usize = 4;
/// The number of rows of a band.
const ROWS: usize = 6;
/// The length of an n-gram in letters.
const NGRAM: usize = 4;

/// Returns the letters and digits of a text in lower case, with the marks inside its numbers.
fn letters(text: &str) -> Vec<char> {
    normal_letters(&normalise(text))
}

/// The same for a normalised text.
fn normal_letters(normal: &str) -> Vec<char> {
    // The fast path: most texts have no digits.
    if !normal.contains(|c: char| if c.is_ascii() { c.is_ascii_digit() } else { is_numeric(c) }) {
        let mut letters = decomposed(normal, char::is_alphanumeric);
        if letters.iter().all(char::is_ascii) {
            letters.iter_mut().for_each(char::make_ascii_lowercase);
            return letters;
        }
        return letters.into_iter().flat_map(char::to_lowercase).collect();
    }
    let chars = decomposed(normal, |_| true);
    let mut letters = Vec::with_capacity(chars.len());
    for (at, &c) in chars.iter().enumerate() {
        if c.is_alphanumeric() {
            letters.extend(c.to_lowercase());
        } else {
            letters.extend(number_mark(&chars, at));
        }
    }
    letters
}

/// Returns whether a character is numeric. The fast path: Arabic letters are not.
fn is_numeric(c: char) -> bool {
    !matches!(c, '\u{620}'..='\u{64A}') && c.is_numeric()
}

/// Returns those characters of the compatibility decomposition of a text that `keep` returns `true`
/// for; it must do so for letters.
fn decomposed(text: &str, keep: fn(char) -> bool) -> Vec<char> {
    let mut chars = Vec::with_capacity(text.len());
    for c in text.chars() {
        let (first, mark) = match c {
            '\u{622}' => ('\u{627}', Some('\u{653}')),
            '\u{623}' => ('\u{627}', Some('\u{654}')),
            '\u{624}' => ('\u{648}', Some('\u{654}')),
            '\u{625}' => ('\u{627}', Some('\u{655}')),
            '\u{626}' => ('\u{64A}', Some('\u{654}')),
            // A letter satisfies either `keep`.
            '\u{621}' | '\u{627}'..='\u{63F}' | '\u{641}'..='\u{64A}' => {
                chars.push(c);
                continue;
            }
            '\u{60C}' | '\u{61B}' | '\u{61F}' => (c, None),
            c if c.is_ascii() => (c, None),
            // Any other character may change with its neighbours.
            _ => return text.nfkd().filter(|c| keep(*c)).collect(),
        };
        chars.extend([Some(first), mark].into_iter().flatten().filter(|c| keep(*c)));
    }
    chars
}

/// Returns the mark at an index if it is significant in a number: a separator between two digits
/// other than that of thousands, or a minus sign.
fn number_mark(chars: &[char], at: usize) -> Option<char> {
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    if !digit(at + 1) {
        return None;
    }
    let mark = match chars[at] {
        c @ ('.' | ',' | ':' | '/') => c,
        '،' => ',',
        '\u{2044}' => '/',
        '-' | '\u{2212}' | '\u{2010}'..='\u{2013}' => '-',
        _ => return None,
    };
    let Some(before) = at.checked_sub(1) else { return (mark == '-').then_some(mark) };
    if digit(before) {
        let groups = mark == ',' && (1..=3).all(|more| digit(at + more)) && !digit(at + 4);
        return (!groups).then_some(mark);
    }
    // Unlike a hyphen, a minus sign does not follow a word.
    let is_minus =
        chars[before].is_whitespace() || matches!(chars[before], '(' | '[' | '$' | '£' | '€');
    (mark == '-' && is_minus).then_some(mark)
}

/// The fingerprint of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    /// The key of the Arabic text.
    pub(super) arabic: u64,
    /// The key of the English text.
    pub(super) english: u64,
    /// The key of both texts.
    pub(super) pair: u64,
    /// The hashes of the MinHash bands of both texts.
    pub(super) bands: [u64; BANDS],
}

impl Fingerprint {
    pub(super) fn new(arabic: &str, english: &str) -> Self {
        let (a, e) = (letters(arabic), letters(english));
        let (key_a, key_e) = (key(&a), key(&e));
        let mut both = [0_u8; 16];
        both[..8].copy_from_slice(&key_a.to_le_bytes());
        both[8..].copy_from_slice(&key_e.to_le_bytes());
        Self { arabic: key_a, english: key_e, pair: xxh3_64(&both), bands: bands(&a, &e) }
    }
}

fn key(letters: &[char]) -> u64 {
    let text: String = letters.iter().collect();
    xxh3_64(text.as_bytes())
}

/// Returns a hash of the letters and numbers of a text. Punctuation, case, spaces and tashkeel do
/// not change it, except for marks that change the value of a number.
#[must_use]
pub fn text_key(text: &str) -> u64 {
    key(&letters(text))
}

/// Returns the [`text_key`] of a text from what [`normalise`] returns for it.
pub(super) fn normal_key(normal: &str) -> u64 {
    key(&normal_letters(normal))
}

fn bands(arabic: &[char], english: &[char]) -> [u64; BANDS] {
    let mut minima = [u64::MAX; BANDS * ROWS];
    for side in [arabic, english] {
        for ngram in side.windows(NGRAM.min(side.len().max(1))) {
            let mut hash = 0xcbf2_9ce4_8422_2325_u64;
            for c in ngram {
                hash = (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3);
            }
            for (at, minimum) in minima.iter_mut().enumerate() {
                // A different hash function for each row: an odd factor, then the upper half.
                let factor = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(2 * at as u64 + 1) | 1;
                let mixed = (hash ^ (hash >> 29)).wrapping_mul(factor);
                *minimum = (*minimum).min(mixed ^ (mixed >> 32));
            }
        }
    }
    std::array::from_fn(|band| {
        let mut bytes = [0_u8; ROWS * 8];
        for (row, bytes) in bytes.chunks_exact_mut(8).enumerate() {
            bytes.copy_from_slice(&minima[band * ROWS + row].to_le_bytes());
        }
        xxh3_64_with_seed(&bytes, band as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_decomposition_is_that_of_unicode() {
        for c in ('\0'..='\u{6FF}').map(String::from) {
            let expected: Vec<char> = c.nfkd().collect();
            assert_eq!(decomposed(&c, |_| true), expected, "{c:?}");
            let expected: Vec<char> = c.nfkd().filter(|c| c.is_alphanumeric()).collect();
            assert_eq!(decomposed(&c, char::is_alphanumeric), expected, "{c:?}");
        }
        let text = "أبو مؤمن، قرآن إلى شيئ; A b";
        assert_eq!(decomposed(text, |_| true), text.nfkd().collect::<Vec<char>>());
    }

    #[test]
    fn the_key_is_that_of_the_normalised_text() {
        for text in ["قالَ: «نَعَم»، ١٫٥", "He said 1.5", "", "Ｆull ﻻ"] {
            assert_eq!(normal_key(&normalise(text)), text_key(text), "{text}");
        }
    }

    #[test]
    fn punctuation_case_and_tashkeel_are_ignored() {
        assert_eq!(text_key("قالَ: «نَعَم»."), text_key("قال نعم"));
        assert_eq!(text_key("Yes, ١٩٩٥!"), text_key("yes 1995"));
        assert_ne!(text_key("1995"), text_key("1996"));
    }

    #[test]
    fn marks_that_change_a_number_are_not_ignored() {
        let pairs = [
            ("١٫٥ مليون", "١٥ مليون"),
            ("$1.5 million", "$15 million"),
            ("at −5 degrees", "at 5 degrees"),
            ("-5", "5"),
            ("5.3", "53"),
            ("3:2", "32"),
            ("1/2", "12"),
        ];
        for (a, b) in pairs {
            assert_ne!(text_key(a), text_key(b), "{a} {b}");
        }
        let same = [
            ("١٫٥ مليون.", "1.5 مليون"),
            ("1,000", "1000"),
            ("١٬٠٠٠٬٠٠٠", "1,000,000"),
            ("at -5", "at −5"),
            ("COVID-19", "COVID 19"),
            ("1. Yes", "1 yes"),
            ("in 1995.", "in 1995"),
            ("1, 2", "1 2"),
        ];
        for (a, b) in same {
            assert_eq!(text_key(a), text_key(b), "{a} {b}");
        }
    }

    #[test]
    fn near_duplicates_share_a_band() {
        let arabic = "وصل القطار إلى المحطة قبل الفجر ولم يكن في انتظاره أحد من أهل المدينة";
        let english = "The train reached the station before dawn and nobody of the town was there";
        let near = english.replace("dawn", "noon");
        let (a, b) = (Fingerprint::new(arabic, english), Fingerprint::new(arabic, &near));
        assert!(a.pair != b.pair);
        assert!(a.bands.iter().zip(b.bands).any(|(a, b)| *a == b));
        let other = Fingerprint::new("كتاب قديم ورسالة لم تفتح", "An old book and a sealed letter");
        assert!(a.bands.iter().zip(other.bands).all(|(a, b)| *a != b));
    }
}
