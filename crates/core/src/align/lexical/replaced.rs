//! The words of a document some of whose segments were replaced.

use std::ops::Range;

use hashbrown::HashMap;
use nasaq_text::words;

use super::SideWords;

impl SideWords {
    /// Replaces some segments, given the normalised texts of the old and of the new ones.
    ///
    /// Words of the old segments keep their kinds and weights, as when a segment is cut or two are
    /// joined. Other words become kinds without a match.
    pub(crate) fn replace(
        &mut self,
        range: Range<usize>,
        old: &[impl AsRef<str>],
        new: &[impl AsRef<str>],
        unknown_word: f32,
    ) {
        let tokens = self.bounds[range.start]..self.bounds[range.end];
        let old = old.iter().flat_map(|text| words(text.as_ref()));
        let mut kinds: HashMap<&str, u32> =
            old.zip(self.tokens[tokens.clone()].iter().copied()).collect();
        let weight = unknown_word * libm::logf((self.segments() + 1) as f32);
        let (mut new_tokens, mut ends) = (Vec::new(), Vec::new());
        for text in new {
            for word in words(text.as_ref()) {
                new_tokens.push(*kinds.entry(word).or_insert_with(|| {
                    self.matches.add_unmatched();
                    self.weights.push(weight);
                    self.weights.len() as u32 - 1
                }));
            }
            ends.push(tokens.start + new_tokens.len());
        }
        let (added, removed) = (new_tokens.len(), tokens.len());
        for bound in &mut self.bounds[range.end + 1..] {
            *bound = *bound + added - removed;
        }
        self.bounds.splice(range.start + 1..range.end + 1, ends);
        self.tokens.splice(tokens, new_tokens);
        self.document_tokens = self.tokens.len();
        self.sum_weights();
    }
}

#[cfg(test)]
mod tests {
    use super::super::document_words;
    use super::*;
    use crate::Lexicon;
    use crate::align::sides::Sides;
    use crate::align::tuning::ScoreTuning;

    fn side(texts: &[&str]) -> SideWords {
        let words = Sides::new(texts, &["12 13", "14"][..]);
        document_words(&ScoreTuning::default(), &Lexicon::empty(), words).src
    }

    #[test]
    fn a_cut_segment_has_the_same_words_in_two() {
        let mut words = side(&["a 12", "b 13 c 14", "d"]);
        let before = words.clone();
        words.replace(1..2, &["b 13 c 14"], &["b 13", "c 14"], 0.25);
        assert_eq!(words.tokens, before.tokens);
        assert_eq!(words.bounds, [0, 2, 4, 6, 7]);
        assert_eq!(words.weights, before.weights);
        assert_eq!(words.weight_before[4], before.weight_before[3]);
        words.replace(1..3, &["b 13", "c 14"], &["b 13 c 14"], 0.25);
        assert_eq!((&words.bounds, &words.tokens), (&before.bounds, &before.tokens));
    }

    #[test]
    fn a_new_word_has_no_match() {
        let mut words = side(&["a 12", "b", "d"]);
        words.replace(1..2, &["b"], &["b 99 99", ""], 0.25);
        assert_eq!(words.segment(1), [2, 4, 4]);
        assert!(words.matches.of(4).is_empty() && words.segment(2).is_empty());
        assert_eq!(words.bounds, [0, 2, 5, 5, 6]);
        assert_eq!(words.document_tokens, 6);
    }
}
