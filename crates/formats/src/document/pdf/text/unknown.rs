//! Glyphs whose text the file does not state: found by the words that they are in.
//!
//! Each such glyph is a private character of its own, until all words are known that it occurs in.
//! It is the letter, or the ligature, that makes words of the lexicon of them, if one does so
//! clearly better than all others; otherwise it is unreadable.

use std::collections::{BTreeMap, BTreeSet};

use nasaq_text::TATWEEL;

use super::unit::is_mark;
use super::words::is_word;

const FIRST: u32 = 0xF_0000;
const COUNT: u32 = 0xFFFD;
/// The minimum number of different words that a letter must make.
const MIN_WORDS: usize = 2;
/// The minimum share of the words of a glyph that its letter must make.
const MIN_SHARE: f32 = 0.6;
/// The maximum number of words of a glyph that are tried.
const MAX_WORDS: usize = 40;
/// The maximum number of glyphs that are tried; a file with more has no text.
const MAX_GLYPHS: usize = 200;
/// What a glyph may be: the letters, and the ligatures that fonts have.
const LETTERS: &str = "ا أ إ آ ب ة ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي ى ئ ؤ ء لا لأ لإ \
                       لآ لله";
/// The letters without an ascender and without dots or a hamza above.
const LOW_LETTERS: &[&str] = &["ب", "ج", "ح", "د", "ر", "س", "ص", "ع", "م", "ه", "و", "ي", "ى"];

/// Returns the private character of a glyph of a font.
pub(in crate::document::pdf) fn unknown(font: u32, code: u32) -> char {
    let index = font.wrapping_mul(4099).wrapping_add(code) % COUNT;
    char::from_u32(FIRST + index).unwrap_or('\u{FFFD}')
}

/// Returns whether a character stands for an unknown glyph.
pub(in crate::document::pdf) fn is_unknown(c: char) -> bool {
    (FIRST..FIRST + COUNT).contains(&u32::from(c)) || c == '\u{FFFD}'
}

/// What the unknown glyphs of a document are.
#[derive(Debug, Default)]
pub(in crate::document::pdf) struct Deciphered {
    letters: BTreeMap<char, &'static str>,
    /// The number of glyphs that were read by their words.
    pub(in crate::document::pdf) guessed: usize,
    /// The number of glyphs that remain unreadable.
    pub(in crate::document::pdf) unreadable: usize,
}

impl Deciphered {
    /// Finds the letters of the unknown glyphs in the texts of a document.
    ///
    /// `is_tall` returns whether a glyph is as high as an alef.
    pub(in crate::document::pdf) fn of<'t>(
        texts: impl Iterator<Item = &'t str>,
        is_tall: impl Fn(char) -> bool,
    ) -> Self {
        let mut words: BTreeMap<char, BTreeSet<String>> = BTreeMap::new();
        for word in texts.filter(|text| text.contains(is_unknown)).flat_map(str::split_whitespace) {
            let mut unknown = word.chars().filter(|c| is_unknown(*c));
            if let Some(first) = unknown.next()
                && unknown.all(|other| other == first)
            {
                let own = words.entry(first).or_default();
                let letters: String =
                    word.chars().filter(|c| !is_mark(*c) && *c != TATWEEL).collect();
                let letters = letters.trim_matches(|c: char| !c.is_alphabetic() && !is_unknown(c));
                if letters.chars().count() >= 3 && own.len() < MAX_WORDS {
                    own.insert(letters.to_owned());
                }
            }
        }
        let letters = words
            .iter()
            .take(MAX_GLYPHS)
            .filter_map(|(glyph, words)| Some((*glyph, letter(*glyph, words, is_tall(*glyph))?)))
            .collect();
        Self { letters, ..Self::default() }
    }

    /// Puts letters in place of the unknown glyphs of a text, or replacement characters.
    pub(in crate::document::pdf) fn resolve(&mut self, text: &mut String) {
        if !text.contains(is_unknown) {
            return;
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match self.letters.get(&c) {
                Some(letter) => {
                    out.push_str(letter);
                    self.guessed += 1;
                }
                None if is_unknown(c) => {
                    out.push('\u{FFFD}');
                    self.unreadable += 1;
                }
                None => out.push(c),
            }
        }
        *text = out;
    }
}

/// Returns what a glyph is that occurs in words, if one letter makes words of them better than all
/// others.
fn letter(glyph: char, words: &BTreeSet<String>, is_tall: bool) -> Option<&'static str> {
    let count =
        |letter: &str| words.iter().filter(|word| is_word(&word.replace(glyph, letter))).count();
    let is_possible = |letter: &&str| !(is_tall && LOW_LETTERS.contains(letter));
    let letters = LETTERS.split_whitespace().filter(is_possible);
    let counts: Vec<(usize, &str)> = letters.map(|letter| (count(letter), letter)).collect();
    let best = counts.iter().map(|(count, _)| *count).max().filter(|best| *best > 0)?;
    let letters: Vec<&str> =
        counts.iter().filter(|(count, _)| *count == best).map(|(_, letter)| *letter).collect();
    let only = match letters[..] {
        [only] => Some(only),
        // The lexicon has one letter for all kinds of yeh; after an alef it has a hamza.
        _ if letters.iter().all(|letter| matches!(*letter, "ي" | "ى" | "ئ")) => {
            words.iter().all(|word| word.contains(&format!("ا{glyph}"))).then_some("ئ")
        }
        _ => None,
    };
    only.filter(|_| best >= MIN_WORDS && best as f32 >= MIN_SHARE * words.len() as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glyph_is_read_by_its_words() {
        let [hamza, other] = [unknown(1, 7), unknown(1, 9)];
        let mut text = format!("وصل الطا{hamza}ر والقا{hamza}د والنتا{hamza}ج {other}");
        let mut found = Deciphered::of(std::iter::once(text.as_str()), |_| false);
        found.resolve(&mut text);
        assert_eq!(text, "وصل الطائر والقائد والنتائج \u{FFFD}");
        assert_eq!((found.guessed, found.unreadable), (3, 1));
    }
}
