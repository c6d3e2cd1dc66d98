//! Counts the letters of each script in a text, for example to detect swapped files.

use crate::normalise::{TATWEEL, is_arabic_mark};

/// The numbers of Arabic and other letters in a text.
///
/// Tashkeel and tatweel count as Arabic letters. Digits, spaces and punctuation are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScriptCounts {
    /// The number of letters and marks of the Arabic script, in chars.
    pub arabic: usize,
    /// The number of letters of all other scripts, in chars.
    pub other: usize,
}

impl ScriptCounts {
    /// Counts the letters of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for c in text.chars() {
            if is_arabic(c) {
                counts.arabic += 1;
            } else if is_letter(c) {
                counts.other += 1;
            }
        }
        counts
    }

    /// Returns the share of Arabic letters among all letters, from 0 to 1; `None` without a letter.
    #[must_use]
    pub fn arabic_share(self) -> Option<f32> {
        let letters = self.arabic + self.other;
        (letters > 0).then(|| (self.arabic as f64 / letters as f64) as f32)
    }
}

/// Returns the share of Arabic letters among the letters of a text, from 0 to 1; `None` without a
/// letter.
///
/// ```
/// assert_eq!(nasaq_text::arabic_share("نعم yes"), Some(0.5));
/// assert_eq!(nasaq_text::arabic_share("2024!"), None);
/// ```
#[must_use]
pub fn arabic_share(text: &str) -> Option<f32> {
    ScriptCounts::of(text).arabic_share()
}

/// Returns whether a character is a letter or mark of the Arabic script.
fn is_arabic(c: char) -> bool {
    is_arabic_mark(c) || c == TATWEEL || is_arabic_letter(c)
}

/// Returns whether a character is alphabetic, as [`char::is_alphabetic`] does, but faster for Arabic.
pub fn is_letter(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{620}'..='\u{64A}') || !c.is_ascii() && c.is_alphabetic()
}

/// Returns whether a character is a letter of the Arabic script; tatweel and marks are not.
pub fn is_arabic_letter(c: char) -> bool {
    // The fast path: most letters need no Unicode tables.
    if matches!(c, '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}') {
        return true;
    }
    matches!(c,
        '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{870}'..='\u{8FF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10EC0}'..='\u{10EFF}' | '\u{1EE00}'..='\u{1EEFF}')
        && c != TATWEEL
        && !is_arabic_mark(c)
        && c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_tatweel_count_as_arabic() {
        assert_eq!(ScriptCounts::of("مَـ"), ScriptCounts { arabic: 3, other: 0 });
        assert_eq!(arabic_share("كِتَابٌ"), Some(1.0));
    }

    #[test]
    fn punctuation_and_digits_are_not_counted() {
        assert_eq!(arabic_share("، ؟ ؛ ٣٤ 12 ٪ «»"), None);
        assert_eq!(arabic_share(""), None);
        assert_eq!(arabic_share("نعم، ١٢!"), Some(1.0));
    }

    #[test]
    fn other_scripts_are_not_arabic() {
        assert_eq!(arabic_share("English, naïve"), Some(0.0));
        assert_eq!(arabic_share("слово 中文"), Some(0.0));
        assert_eq!(arabic_share("abc لغة"), Some(0.5));
    }

    #[test]
    fn fast_paths_agree_with_the_unicode_tables() {
        for c in '\0'..='\u{FFFF}' {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
        }
        assert!(('\u{620}'..='\u{64A}').all(|c| c == TATWEEL || !is_arabic_mark(c)));
    }

    #[test]
    fn presentation_forms_are_arabic() {
        assert_eq!(arabic_share("ﻣﺮﺣﺒﺎ"), Some(1.0));
    }
}
