//! Where text of a document is in another version of it.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};
use unicode_segmentation::UnicodeSegmentation;

/// The words that two versions of a text have in common, in order.
#[derive(Debug)]
pub(super) struct TextMap {
    old: Vec<Range<usize>>,
    new: Vec<Range<usize>>,
    /// The word of the new version that each word of the old one is.
    found: Vec<Option<usize>>,
}

impl TextMap {
    pub(super) fn new(old_text: &str, new_text: &str) -> Self {
        let (old, new) = (words(old_text), words(new_text));
        let mut input = InternedInput::default();
        input.update_before(old.iter().map(|word| &old_text[word.clone()]));
        input.update_after(new.iter().map(|word| &new_text[word.clone()]));
        let diff = Diff::compute(Algorithm::Histogram, &input);
        let mut found = vec![None; old.len()];
        let same_old = (0..old.len()).filter(|&word| !diff.is_removed(word as u32));
        let same_new = (0..new.len()).filter(|&word| !diff.is_added(word as u32));
        for (word, same) in same_old.zip(same_new) {
            found[word] = Some(same);
        }
        Self { old, new, found }
    }

    /// Returns where a range of bytes of the old text is in the new one, if all of it is there,
    /// with nothing between.
    pub(super) fn find(&self, bytes: Range<usize>) -> Option<Range<usize>> {
        let first = self.old.partition_point(|word| word.end <= bytes.start);
        let last = self.old.partition_point(|word| word.start < bytes.end);
        let words = self.old.get(first..last).filter(|words| !words.is_empty())?;
        if words[0].start < bytes.start || words[words.len() - 1].end > bytes.end {
            return None;
        }
        let start = self.found[first]?;
        let follows = |(at, found): (usize, &Option<usize>)| *found == Some(start + at);
        if !self.found[first..last].iter().enumerate().all(follows) {
            return None;
        }
        Some(self.new[start].start..self.new[start + words.len() - 1].end)
    }

    /// Returns where the word behind a byte of the new text starts.
    pub(super) fn next_start(&self, byte: usize) -> Option<usize> {
        let next = self.new.partition_point(|word| word.start < byte);
        self.new.get(next).map(|word| word.start)
    }
}

/// Returns the words of a text, and its other characters but white space, one by one.
fn words(text: &str) -> Vec<Range<usize>> {
    let parts = text.split_word_bound_indices();
    let parts = parts.filter(|(_, part)| !part.trim().is_empty());
    parts.map(|(start, part)| start..start + part.len()).collect()
}

#[cfg(test)]
mod tests {
    use super::TextMap;

    #[test]
    fn text_is_found_where_it_is_whole() {
        let old = "One two. Three, four. Five six.";
        let new = "Zero one.\nOne  two.\nThree, five. Five six.";
        let map = TextMap::new(old, new);
        let found = |text: &str| {
            let start = old.find(text).expect("part of it");
            map.find(start..start + text.len()).map(|bytes| &new[bytes])
        };
        assert_eq!(found("One two."), Some("One  two."));
        assert_eq!(found("Five six."), Some("Five six."));
        assert_eq!(found("Three, four."), None);
        assert_eq!(found("hree"), None, "no part of a word");
    }
}
