//! Decides quickly that a word is no part of a number, which most words are not.
//!
//! The readers look a word up in several lists, without and with its particles. A set of the words
//! of all lists answers for all of them at once.

use crate::lazy::Lazy;
use crate::word_set::WordSet;

use super::{QuantityToken, arabic, english, fraction, month};

static ARABIC: Lazy<WordSet> = Lazy::new(|| {
    let words = arabic::words().chain(month::arabic_words()).chain(fraction::ARABIC_WORDS);
    words.map(str::to_owned).collect()
});

static ENGLISH: Lazy<WordSet> =
    Lazy::new(|| english::words().chain(["half", "quarter"].map(str::to_owned)).collect());

/// The longest English word of a number, in letters.
const MAX_ENGLISH: usize = 12;

/// Returns whether an Arabic token may begin a number, a fraction or the name of a month. A separate
/// و may, if the word after it does.
pub(super) fn may_be_arabic(token: &QuantityToken<'_>, buffer: &mut String) -> bool {
    if token.text == "و" {
        return true;
    }
    arabic::fold(token.text, buffer);
    arabic::look_up(buffer, |word| ARABIC.contains(word).then_some(())).is_some()
}

/// Returns whether an English token may begin a number or a fraction.
pub(super) fn may_be_english(token: &QuantityToken<'_>) -> bool {
    let bytes = token.text.as_bytes();
    let mut lower = [0; MAX_ENGLISH];
    if bytes.len() > MAX_ENGLISH || bytes.len() < 3 {
        return false;
    }
    let lower = &mut lower[..bytes.len()];
    lower.copy_from_slice(bytes);
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).is_ok_and(|lower| ENGLISH.contains(lower))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::quantity::quantities;

    fn token(text: &str) -> QuantityToken<'_> {
        QuantityToken { text, bytes: 0..text.len(), gap: "" }
    }

    #[test]
    fn every_word_that_is_read_passes() {
        let mut buffer = String::new();
        for word in ["وأربعين", "والثالث", "بالمليون", "لنصف", "كانون", "محرم", "ودزينة"]
        {
            assert!(may_be_arabic(&token(word), &mut buffer), "{word}");
        }
        for word in ["Twelfth", "thirdly", "sixtieth", "EIGHTIES", "half", "dozen", "millionth"] {
            assert!(may_be_english(&token(word)), "{word}");
            assert!(
                ["half", "millionth"].contains(&word)
                    || !quantities(word, Language::English).is_empty(),
                "{word}"
            );
        }
        assert!(!may_be_english(&token("the")) && !may_be_arabic(&token("كتاب"), &mut buffer));
    }
}
