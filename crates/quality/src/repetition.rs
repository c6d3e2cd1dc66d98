//! Counts words that repeat the words directly before them, as in degenerate machine output.
//!
//! Arabic doubles a word to say "one by one" or "little by little" (`قليلًا قليلًا`, `صورة صورة`),
//! as English does in a few cases, so one doubling of a single word does not count. An immediate
//! repetition of two to four words does.

use crate::side::PairSide;

/// Returns the number of repeated words: for a single word from its third occurrence on, for two to
/// four words from the second.
pub(super) fn repetition(side: &PairSide<'_>) -> f32 {
    let words = &side.words;
    let same = |a: usize, b: usize| words[a].text.eq_ignore_ascii_case(words[b].text);
    let mut repeated = 0;
    let mut at = 1;
    while at < words.len() {
        let mut step = 1;
        // The longest unit first: "a b a b a b" is "a b" three times.
        for length in (1..=4).rev() {
            if at < length {
                continue;
            }
            let mut end = at;
            while end < words.len() && same(end, end - length) {
                end += 1;
            }
            let repeats = (end - at) / length * length;
            let allowed = if length == 1 { 1 } else { 0 };
            if repeats >= length.max(2) && repeats > allowed {
                repeated += repeats - allowed;
                step = repeats;
                break;
            }
        }
        at += step;
    }
    repeated as f32
}
