//! The share of letters that are in the script of the side's language.
//!
//! Tashkeel and tatweel have the Unicode scripts Inherited and Common; here they count as Arabic,
//! because otherwise half of a vocalised text would be foreign. Web and mail addresses do not
//! count, because they are in Latin script in any language, nor do names and code that both sides
//! have.

use std::borrow::Cow;

use crate::addresses::{outside, ranges};
use crate::side::PairSide;
use nasaq_text::Language;
use nasaq_text::ScriptCounts;

/// Returns the share, from 0 to 1; `None` without a letter.
pub(super) fn script_share(side: &PairSide<'_>) -> Option<f32> {
    let text = side.text;
    let addresses = ranges(text);
    let kept: usize = side.kept().map(|range| letters(&side.normal[range])).sum();
    let text: Cow<'_, str> =
        if addresses.is_empty() { text.into() } else { outside(text, &addresses).collect() };
    match side.language {
        Language::Arabic => {
            let counts = ScriptCounts::of(&text);
            ScriptCounts { other: counts.other.saturating_sub(kept), ..counts }.arabic_share()
        }
        Language::English => {
            let (mut latin, mut other) = (0_usize, 0_usize);
            for c in text.chars().filter(|c| nasaq_text::is_letter(*c)) {
                if is_latin(c) {
                    latin += 1;
                } else {
                    other += 1;
                }
            }
            let latin = latin.saturating_sub(kept);
            crate::side::share(latin, latin + other)
        }
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| nasaq_text::is_letter(*c)).count()
}

/// Returns whether a letter is Latin, including ª, º and full-width letters.
pub(super) fn is_latin(c: char) -> bool {
    matches!(c,
        'a'..='z' | 'A'..='Z' | 'ª' | 'º'
        | '\u{C0}'..='\u{24F}' | '\u{250}'..='\u{2AF}' | '\u{1E00}'..='\u{1EFF}'
        | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' | '\u{FB00}'..='\u{FB06}'
        | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}
