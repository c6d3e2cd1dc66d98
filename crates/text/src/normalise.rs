//! Normalisation for matching: different spellings of one word become the same bytes.
//!
//! Normalised text is compared, counted and looked up, but never shown: results contain the
//! original text. Letters that distinguish words stay as they are: ة and ه, ى and ي, and the forms
//! of hamza.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

/// Returns whether a character is an optional Arabic mark: tashkeel, the superscript alef or a
/// Quranic annotation sign.
pub fn is_arabic_mark(c: char) -> bool {
    matches!(c,
        '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6ED}'
        | '\u{897}'..='\u{89F}'
        | '\u{8CA}'..='\u{8E1}'
        | '\u{8E3}'..='\u{8FF}'
        | '\u{10EFC}'..='\u{10EFF}')
}

/// Tatweel (kashida), the stroke that stretches a word.
pub const TATWEEL: char = '\u{640}';

/// Returns whether a text has a letter or digit. An empty line has none, nor has a line of dashes,
/// stars or tatweel.
pub fn has_content(text: &str) -> bool {
    text.contains(|c: char| c.is_alphanumeric() && c != TATWEEL)
}

/// Returns whether a character is invisible by itself: bidi controls, joiners, variation selectors
/// and the other default-ignorable code points of Unicode.
pub fn is_ignorable(c: char) -> bool {
    // Most characters are before all of these.
    c >= '\u{AD}'
        && matches!(c,
        '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{115F}' | '\u{1160}'
        | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns whether a character ends a line.
pub(crate) fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_presentation_form(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// Returns whether a mark is a hamza or madda that combines with the letter before it.
fn is_hamza_mark(c: char) -> bool {
    matches!(c, '\u{653}'..='\u{655}')
}

/// How one character is normalised, without regard to its neighbours.
enum Fold {
    Keep,
    Drop,
    To(char),
    /// A presentation form: it is decomposed by NFKC, and the result is folded again.
    Decompose,
}

fn fold(c: char) -> Fold {
    match c {
        // The fast path: most characters are these.
        '!'..='_' | 'a'..='~' | '\n' | ' ' => Fold::Keep,
        '\u{621}'..='\u{63F}' | '\u{641}'..='\u{64A}' => Fold::Keep,
        TATWEEL => Fold::Drop,
        '\u{660}'..='\u{669}' => Fold::To(digit(c, 0x660)),
        '\u{6F0}'..='\u{6F9}' => Fold::To(digit(c, 0x6F0)),
        // Alef wasla is written in Quranic text only; elsewhere the same words have a plain alef.
        '\u{671}' => Fold::To('ا'),
        '\u{66B}' => Fold::To('.'),
        '\u{66C}' => Fold::To(','),
        '\u{201C}'..='\u{201F}' | '«' | '»' | '\u{2033}' => Fold::To('"'),
        '\u{2018}'..='\u{201B}' | '‹' | '›' | '\u{2032}' | '`' => Fold::To('\''),
        c if is_arabic_mark(c) || is_ignorable(c) => Fold::Drop,
        c if is_presentation_form(c) => Fold::Decompose,
        c if c.is_whitespace() && !is_line_break(c) => Fold::To(' '),
        _ => Fold::Keep,
    }
}

fn digit(c: char, zero: u32) -> char {
    char::from(b'0' + (c as u32 - zero) as u8)
}

/// Normalises a text for matching; borrows the text if nothing changes.
///
/// | what | becomes |
/// |---|---|
/// | tashkeel, tatweel, bidi controls, other invisible characters | nothing |
/// | Arabic-Indic and Persian digits with their separators | ASCII |
/// | Arabic presentation forms | plain letters |
/// | typographic quotation marks, guillemets, primes | `"` and `'` |
/// | every kind of space and the tab | a plain space |
/// | a letter followed by a combining hamza or madda | the composed letter |
/// | alef wasla | alef |
///
/// All else stays as it is, including case and line breaks. The function is idempotent.
///
/// ```
/// assert_eq!(nasaq_text::normalise("الكِتَابُ ١٢"), "الكتاب 12");
/// ```
#[must_use]
pub fn normalise(text: &str) -> Cow<'_, str> {
    let Some(from) = first_change(text) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..from]);
    fold_from(text, from, |c, _| out.push(c));
    Cow::Owned(out)
}

/// Normalises a text as [`normalise`] does, and maps each byte back to the original.
///
/// ```
/// let text = "قالَ «نَعَم»";
/// let normalised = nasaq_text::normalise_with_offsets(text);
/// let start = normalised.text().find("نعم").unwrap();
/// assert_eq!(&text[normalised.range(start..start + "نعم".len())], "نَعَم");
/// ```
#[must_use]
pub fn normalise_with_offsets(text: &str) -> Normalised<'_> {
    let Some(from) = first_change(text) else {
        return Normalised { text: Cow::Borrowed(text), offsets: None, original_len: text.len() };
    };
    let mut out = String::with_capacity(text.len());
    let mut offsets = Vec::with_capacity(text.len());
    out.push_str(&text[..from]);
    for (start, c) in text[..from].char_indices() {
        offsets.extend(std::iter::repeat_n(start, c.len_utf8()));
    }
    fold_from(text, from, |c, start| {
        out.push(c);
        offsets.extend(std::iter::repeat_n(start, c.len_utf8()));
    });
    Normalised { text: Cow::Owned(out), offsets: Some(offsets), original_len: text.len() }
}

/// A normalised text with the offsets of the original, created by [`normalise_with_offsets`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normalised<'t> {
    text: Cow<'t, str>,
    /// By byte of `text`: the byte in the original where its character begins. `None` where the
    /// normalised text is the original.
    offsets: Option<Vec<usize>>,
    original_len: usize,
}

impl Normalised<'_> {
    /// Returns the normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the byte offset in the original of the character that became the byte `at` of the
    /// normalised text. For the end of the normalised text it is the length of the original.
    ///
    /// # Panics
    /// If `at` is greater than the length of the normalised text.
    #[must_use]
    pub fn offset(&self, at: usize) -> usize {
        assert!(at <= self.text.len(), "byte {at} is beyond the end of the text");
        match &self.offsets {
            Some(offsets) => offsets.get(at).copied().unwrap_or(self.original_len),
            None => (0..=at).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0),
        }
    }

    /// Returns the byte range in the original that became a byte range of the normalised text,
    /// including the marks after its last character.
    ///
    /// # Panics
    /// If the range exceeds the normalised text.
    #[must_use]
    pub fn range(&self, range: Range<usize>) -> Range<usize> {
        self.offset(range.start)..self.offset(range.end)
    }
}

/// Returns the byte from which normalisation changes a text.
fn first_change(text: &str) -> Option<usize> {
    let mut before = 0;
    for (at, c) in text.char_indices() {
        if !matches!(fold(c), Fold::Keep) {
            // A mark that is dropped may be a hamza, which changes the letter before it.
            return Some(if is_arabic_mark(c) { before } else { at });
        }
        before = at;
    }
    None
}

/// Normalises `text[from..]` and calls `emit` for each character with the byte where its original
/// begins.
fn fold_from(text: &str, from: usize, mut emit: impl FnMut(char, usize)) {
    let mut chars = text[from..].char_indices();
    while let Some((at, c)) = chars.next() {
        let start = from + at;
        match fold(c) {
            Fold::Drop => {}
            Fold::To(folded) => emit(folded, start),
            Fold::Keep => emit(with_hamza(c, chars.as_str()), start),
            Fold::Decompose => {
                let mut plain =
                    std::iter::once(c).nfkc().filter(|&c| !matches!(fold(c), Fold::Drop));
                // The isolated form of a mark decomposes to a space and the mark. Both are dropped.
                let Some(first) = plain.next().filter(|&c| c != ' ') else { continue };
                let mut last = first;
                for next in plain {
                    emit(last, start);
                    last = next;
                }
                emit(with_hamza(last, chars.as_str()), start);
            }
        }
    }
}

/// Composes a letter with the hamza or madda among the marks after it.
fn with_hamza(letter: char, rest: &str) -> char {
    if !matches!(letter, '\u{627}' | '\u{648}' | '\u{64A}' | '\u{6C1}' | '\u{6D2}' | '\u{6D5}') {
        return letter;
    }
    rest.chars()
        .take_while(|&c| is_arabic_mark(c))
        .find(|&c| is_hamza_mark(c))
        .and_then(|mark| compose(letter, mark))
        .unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        for text in ["", "plain text, 12.", "نص عربي بلا تشكيل، رقم 12؟", "Élan — ok"]
        {
            assert!(matches!(normalise(text), Cow::Borrowed(_)), "{text:?}");
        }
    }

    #[test]
    fn spellings_of_a_word_become_equal() {
        for (written, matched) in [
            ("مُحَمَّدٌ", "محمد"),
            ("كـــتاب", "كتاب"),
            ("هٰذا", "هذا"),
            ("قُلۡ", "قل"),
            ("ٱلْبَيْتُ", "البيت"),
            ("١٢٣ ۴۵۶", "123 456"),
            ("٣٫٥ و١٬٠٠٠", "3.5 و1,000"),
            ("\u{202B}عربي\u{202C}\u{200F}", "عربي"),
            ("ﻣﺮﺣﺒﺎ", "مرحبا"),
            ("ﻻ ﻷ", "لا لأ"),
            ("ﷲ", "الله"),
            ("«نعم» “yes” ‘no’ ‹x›", "\"نعم\" \"yes\" 'no' 'x'"),
            ("a\u{A0}b\u{2009}c\td", "a b c d"),
            ("مـَ\u{FE76}", "م"),
        ] {
            assert_eq!(normalise(written), matched, "{written:?}");
        }
    }

    #[test]
    fn letters_that_distinguish_words_stay() {
        for text in ["مدرسة مدرسه", "على علي", "أن إن آن ان", "مؤمن شيئ", "Naïve CASE"]
        {
            assert_eq!(normalise(text), text);
        }
    }

    #[test]
    fn a_combining_hamza_is_composed_with_its_letter() {
        assert_eq!(normalise("ا\u{654}حمد"), "أحمد");
        assert_eq!(normalise("ا\u{64E}\u{655}لى"), "إلى");
        assert_eq!(normalise("القرا\u{653}ن"), "القرآن");
        assert_eq!(normalise("مو\u{654}من"), "مؤمن");
    }

    #[test]
    fn offsets_map_to_the_original_letters() {
        let text = "قالَ «نَعَم» ٣";
        let normalised = normalise_with_offsets(text);
        assert_eq!(normalised.text(), "قال \"نعم\" 3");
        let at = normalised.text().find("نعم").unwrap();
        assert_eq!(&text[normalised.range(at..at + "نعم".len())], "نَعَم");
        assert_eq!(normalised.offset(normalised.text().len()), text.len());
    }

    fn arabic() -> impl Strategy<Value = String> {
        proptest::string::string_regex("[اأويهةىل َُّْٰٕٓٔـ٣۴ﻻﷲﱞﹶ«»“’\u{200F}\u{A0}a.\n\u{FEFF}ﻷ]{0,24}")
            .unwrap()
    }

    proptest! {
        #[test]
        fn normalising_is_idempotent(text in prop_oneof![arabic(), ".{0,24}"]) {
            let once = normalise(&text).into_owned();
            let twice = normalise(&once);
            prop_assert_eq!(&*twice, &once);
        }

        #[test]
        fn offsets_ascend_on_char_boundaries(text in prop_oneof![arabic(), ".{0,24}"]) {
            let normalised = normalise_with_offsets(&text);
            let plain = normalise(&text);
            prop_assert_eq!(normalised.text(), &*plain);
            let mut last = 0;
            for at in 0..=normalised.text().len() {
                let offset = normalised.offset(at);
                prop_assert!(offset >= last && text.is_char_boundary(offset));
                last = offset;
            }
            prop_assert_eq!(last, text.len());
        }
    }
}
