//! Bounds the comparisons of the words of one side with those of the other.

use std::ops::Range;

/// The number of comparisons up to which each word is compared with every word: 500 names with 500
/// words, more than a pair of sentences or paragraphs has.
const MAX_COMPARISONS: usize = 1 << 18;
/// The minimum number of words that a word is compared with, in longer texts.
const MIN_COMPARED: usize = 32;

/// Selects the words of the other side that each word is compared with: all of them, or in a pair
/// with too many words those around the same relative position, where its translation would be.
pub(super) struct Neighbours {
    these: usize,
    those: usize,
    /// The number of words that each word is compared with.
    width: usize,
}

impl Neighbours {
    /// Creates the selection for `these` words, each compared with some of `those`.
    pub(super) fn new(these: usize, those: usize) -> Self {
        let width = (MAX_COMPARISONS / these.max(1)).max(MIN_COMPARED).min(those);
        Self { these, those, width }
    }

    /// Returns whether each word is compared with all others.
    pub(super) fn is_all(&self) -> bool {
        self.width == self.those
    }

    /// Returns the words of the other side that a word is compared with.
    pub(super) fn of(&self, this: usize) -> Range<usize> {
        let middle = (this as u64 * self.those as u64 / self.these.max(1) as u64) as usize;
        let start = middle.saturating_sub(self.width / 2).min(self.those - self.width);
        start..start + self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_words_are_compared_with_all() {
        for (these, those) in [(0, 0), (0, 5), (5, 0), (1, 100_000), (500, 500)] {
            let near = Neighbours::new(these, those);
            assert!(near.is_all() && near.of(these.saturating_sub(1)) == (0..those));
        }
    }

    #[test]
    fn many_words_are_compared_with_those_at_their_place() {
        let near = Neighbours::new(100_000, 200_000);
        assert!(!near.is_all());
        assert_eq!(near.of(0), 0..32);
        assert_eq!(near.of(50_000), 99_984..100_016);
        assert_eq!(near.of(99_999), 199_968..200_000);
    }
}
