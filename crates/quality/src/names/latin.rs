//! Matches the Latin words of the Arabic text with the words of the English text.

use hashbrown::HashSet;

use super::neighbours::Neighbours;
use crate::side::{PairSide, WordKind, share};

/// The minimum similarity of two spellings of one word.
const MIN_SIMILARITY: f64 = 0.8;
/// The maximum length in bytes of a word whose spelling may differ. Longer ones are identifiers or
/// encoded data, which are equal or unrelated.
const MAX_LEN: usize = 64;

/// Returns the share of Latin words in the Arabic text that the English text has too, up to small
/// differences in spelling, and whether each word was compared with all words.
pub(super) fn latin(arabic: &PairSide<'_>, english: &PairSide<'_>) -> (Option<f32>, bool) {
    let is_latin = |kind: WordKind| matches!(kind, WordKind::Foreign | WordKind::Kept);
    let words = arabic.words.iter().filter(|word| is_latin(word.kind));
    let foreign: Vec<String> =
        words.filter(|word| word.text.len() > 1).map(|word| word.text.to_lowercase()).collect();
    if foreign.is_empty() {
        return (None, true);
    }
    let others: Vec<String> = english.words.iter().map(|word| word.text.to_lowercase()).collect();
    let equal: HashSet<&str> = others.iter().map(String::as_str).collect();
    let near = Neighbours::new(foreign.len(), others.len());
    let is_found = |(index, word): &(usize, &String)| {
        equal.contains(word.as_str()) || others[near.of(*index)].iter().any(|it| is_near(word, it))
    };
    (share(foreign.iter().enumerate().filter(is_found).count(), foreign.len()), near.is_all())
}

/// Returns whether two words in lower case differ by a small part of their letters.
fn is_near(a: &str, b: &str) -> bool {
    // The distance is at least the difference in length, so most words need no comparison. A letter
    // has up to four bytes.
    let (shorter, longer) = (a.len().min(b.len()), a.len().max(b.len()));
    longer <= MAX_LEN
        && longer <= shorter * 5
        && strsim::normalized_levenshtein(a, b) >= MIN_SIMILARITY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_in_spelling_are_near() {
        assert!(is_near("mohammed", "mohammad") && is_near("muḥammad", "muhammad"));
        assert!(!is_near("cairo", "carlo") && !is_near("a", "alabama"));
        let long = "x".repeat(MAX_LEN + 1);
        assert!(!is_near(&long, &long));
    }
}
