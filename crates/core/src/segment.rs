//! Sentence segmentation.

/// A piece of a document's text: a sentence, a heading, a line.
///
/// `text` is what a reader sees, without the white space around it; `start` is its place in the
/// document, so offsets always lead back to the original bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segment<'t> {
    /// The segment's text, without leading or trailing white space.
    pub text: &'t str,
    /// Byte offset of `text` in the document.
    pub start: usize,
}

impl Segment<'_> {
    /// Gives the half-open byte range of the text in the document.
    #[must_use]
    pub fn bytes(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.text.len()
    }
}
