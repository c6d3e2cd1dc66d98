//! Script: the share of the letters that are in the script of the side's language.
//!
//! Tashkeel and tatweel have the Unicode scripts Inherited and Common, and a share that takes them
//! for foreign calls vocalised Arabic half foreign. Here they are Arabic letters. Web and mail
//! addresses are in Latin script in any language and do not count.

use std::borrow::Cow;

use crate::addresses::{outside, places};
use nasaq_text::Language;
use nasaq_text::ScriptCounts;

/// Gives the share, 0 to 1; `None` without a letter.
pub(super) fn script_share(text: &str, language: Language) -> Option<f32> {
    let places = places(text);
    let text: Cow<'_, str> =
        if places.is_empty() { text.into() } else { outside(text, &places).collect() };
    match language {
        Language::Arabic => ScriptCounts::of(&text).arabic_share(),
        Language::English => {
            let (mut latin, mut other) = (0_usize, 0_usize);
            for c in text.chars().filter(|c| c.is_alphabetic()) {
                if is_latin(c) {
                    latin += 1;
                } else {
                    other += 1;
                }
            }
            crate::side::share(latin, latin + other)
        }
    }
}

/// Tells whether a letter is Latin, with the letters that Latin text borrows (ª, º, full width).
pub(super) fn is_latin(c: char) -> bool {
    matches!(c,
        'a'..='z' | 'A'..='Z' | 'ª' | 'º'
        | '\u{C0}'..='\u{24F}' | '\u{250}'..='\u{2AF}' | '\u{1E00}'..='\u{1EFF}'
        | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' | '\u{FB00}'..='\u{FB06}'
        | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}
