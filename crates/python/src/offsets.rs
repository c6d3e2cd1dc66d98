//! Offsets in code points, as Python counts them.

use std::ops::Range;

/// Converts byte offsets of a text to code point offsets; fast if they are ascending.
pub(crate) struct CharOffsets<'t> {
    text: &'t str,
    byte: usize,
    char: usize,
}

impl<'t> CharOffsets<'t> {
    /// Starts with the offset of the first code point of the text.
    pub(crate) fn new(text: &'t str, first: usize) -> Self {
        Self { text, byte: 0, char: first }
    }

    /// Returns the range of code points of a range of bytes.
    pub(crate) fn range(&mut self, bytes: &Range<usize>) -> (usize, usize) {
        (self.at(bytes.start), self.at(bytes.end))
    }

    fn at(&mut self, byte: usize) -> usize {
        let count = |range: Range<usize>| self.text[range].chars().count();
        if byte >= self.byte {
            self.char += count(self.byte..byte);
        } else {
            self.char -= count(byte..self.byte);
        }
        self.byte = byte;
        self.char
    }
}
