//! Words that repeat what stands right before them, as machine output does.
//!
//! Arabic doubles a word for "one by one" and "little by little" (`قليلًا قليلًا`, `صورة صورة`), and
//! English a few; one doubling is no repetition. Runs of two to four words that come again at once
//! are.

use crate::side::Side;

/// Gives how many words repeat: of a run of one word beyond the second, of longer runs all that
/// come again.
pub(super) fn repetition(side: &Side<'_>) -> f32 {
    let words = &side.words;
    let same = |a: usize, b: usize| words[a].text.eq_ignore_ascii_case(words[b].text);
    let mut repeated = 0;
    let mut at = 1;
    while at < words.len() {
        let mut step = 1;
        // The longest run first: "a b a b a b" is "a b" three times.
        for length in (1..=4).rev() {
            if at < length {
                continue;
            }
            let mut end = at;
            while end < words.len() && same(end, end - length) {
                end += 1;
            }
            let again = (end - at) / length * length;
            let allowed = if length == 1 { 1 } else { 0 };
            if again >= length.max(2) && again > allowed {
                repeated += again - allowed;
                step = again;
                break;
            }
        }
        at += step;
    }
    repeated as f32
}
