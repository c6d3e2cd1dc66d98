//! A document of a session and its segments.

use std::ops::Range;
use std::sync::Arc;

use nasaq::{Segment, Span};
use nasaq_formats::Document;

/// A document and where its segments are. Clones share both.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) document: Arc<Document>,
    /// The bytes of each segment in the text of the document, in order, not overlapping.
    pub(crate) segments: Arc<Vec<Range<usize>>>,
}

impl Side {
    #[cfg(test)]
    pub(crate) fn new(document: Document, segments: &[Segment<'_>]) -> Self {
        Self::of(document, Self::places(segments))
    }

    /// Takes a document and where its segments are.
    pub(crate) fn of(document: Document, segments: Vec<Range<usize>>) -> Self {
        Self { document: Arc::new(document), segments: Arc::new(segments) }
    }

    /// Returns where segments are in their document.
    pub(crate) fn places(segments: &[Segment<'_>]) -> Vec<Range<usize>> {
        segments.iter().map(|segment| segment.start..segment.bytes().end).collect()
    }

    /// Returns the number of segments.
    pub(crate) fn len(&self) -> usize {
        self.segments.len()
    }

    /// Returns the text of a segment.
    pub(crate) fn text(&self, segment: usize) -> &str {
        &self.document.text[self.segments[segment].clone()]
    }

    /// Returns the segments as the aligner takes them.
    pub(crate) fn segments(&self) -> Vec<Segment<'_>> {
        let text = &self.document.text;
        let segment =
            |bytes: &Range<usize>| Segment { text: &text[bytes.clone()], start: bytes.start };
        self.segments.iter().map(segment).collect()
    }

    /// Returns the text of a run of segments, joined by spaces as formats have it.
    pub(crate) fn joined(&self, span: Span) -> String {
        let texts: Vec<&str> =
            span.range().map(|index| self.text(index)).filter(|text| !text.is_empty()).collect();
        texts.join(" ")
    }

    /// Returns the bytes of a run of segments.
    pub(crate) fn bytes(&self, span: Span) -> Option<Range<usize>> {
        let last = span.range().next_back()?;
        Some(self.segments[span.range().start].start..self.segments[last].end)
    }

    /// Replaces `old` segments from an index by others.
    pub(crate) fn replace(
        &mut self,
        at: usize,
        old: usize,
        new: impl IntoIterator<Item = Range<usize>>,
    ) {
        let mut segments = (*self.segments).clone();
        segments.splice(at..at + old, new);
        self.segments = Arc::new(segments);
    }
}
