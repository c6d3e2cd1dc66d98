//! Offsets as Python counts them.

use std::ops::Range;

/// Turns byte offsets of a text into offsets of code points, best in ascending order.
pub(crate) struct Chars<'t> {
    text: &'t str,
    byte: usize,
    char: usize,
}

impl<'t> Chars<'t> {
    /// Counts from a number, which is that of the text's first code point.
    pub(crate) fn new(text: &'t str, first: usize) -> Self {
        Self { text, byte: 0, char: first }
    }

    /// Gives the code points of a range of bytes.
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
