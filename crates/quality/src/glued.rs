//! Words glued together: text that has lost its spaces.
//!
//! The longest Arabic word with all that may be written on it has about 15 letters
//! (`فأسقيناكموها` has 12), and of 400,000 words of edited text fewer than one in 10,000 has more
//! than 13. A ة or ى inside a word is no letter of one word either, nor is a Latin letter.

use crate::side::{Kind, Side};
use nasaq_text::Language;

/// Letters of the longest word, by language.
const LONGEST_ARABIC: usize = 14;
const LONGEST_ENGLISH: usize = 24;

/// Gives the share of a side's letters that stand in glued words, 0 to 1; `None` without a word.
pub(super) fn glued(side: &Side<'_>) -> Option<f32> {
    let (mut all, mut glued) = (0, 0);
    for word in side.words.iter().filter(|word| word.kind == Kind::Own) {
        let letters = word.text.chars().count();
        all += letters;
        let is_glued = match side.language {
            Language::Arabic => {
                letters > LONGEST_ARABIC || letters > 6 && has_end_inside(word.text)
            }
            Language::English => letters > LONGEST_ENGLISH || has_capitals_inside(word.text),
        };
        if is_glued {
            glued += letters;
        }
    }
    crate::side::share(glued, all)
}

/// Tells whether a letter that ends a word stands before the last letters of one: ة, or ى before a
/// letter.
fn has_end_inside(word: &str) -> bool {
    let mut chars = word.chars().rev().skip(2);
    chars.any(|c| c == 'ة')
}

/// Tells whether small letters are followed by a capital and more: `thatThe`, and neither `McKay`
/// nor `iPhone` nor `PhD`.
fn has_capitals_inside(word: &str) -> bool {
    let bytes = word.as_bytes();
    let inside = (4..bytes.len().saturating_sub(2))
        .filter(|&at| bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase())
        .any(|at| bytes[at + 1].is_ascii_lowercase());
    inside && bytes.len() > 9
}
