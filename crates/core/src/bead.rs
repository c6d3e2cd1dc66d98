//! Spans of segments and the beads that pair them.

use std::fmt;
use std::ops::Range;

/// A half-open run of segment indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Span {
    /// First index.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

impl Span {
    /// Makes the span `start..end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span runs forward");
        Self { start: to_u32(start), end: to_u32(end) }
    }

    /// Counts the segments in the span.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Tells whether the span holds no segment, as one side of a null bead does.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Gives the span as a range of `usize`, for slicing.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

fn to_u32(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 segments")
}

/// The shape of a bead: how many source and target segments it holds.
///
/// Prints as `1-2`. A side of zero makes a null: `1-0` is an omission, `0-1` an addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BeadKind {
    /// Source segments.
    pub src: usize,
    /// Target segments.
    pub tgt: usize,
}

impl BeadKind {
    /// Tells whether one side is empty.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.src == 0 || self.tgt == 0
    }
}

impl fmt::Display for BeadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.src, self.tgt)
    }
}

/// A run of source segments and the run of target segments that translates it.
///
/// One side may be empty: the other then has no counterpart (a null).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bead {
    /// Source segments; empty for an addition.
    pub src: Span,
    /// Target segments; empty for an omission.
    pub tgt: Span,
    /// The chance, 0 to 1, that the bead is right: that it has the boundaries of a true bead, or
    /// lies inside one that a coarser reading would keep whole.
    pub probability: f32,
    /// The bead's part of the path score; comparable within one document only.
    pub score: f32,
}

impl Bead {
    /// Gives the bead's shape.
    #[must_use]
    pub fn kind(&self) -> BeadKind {
        BeadKind { src: self.src.len(), tgt: self.tgt.len() }
    }

    /// Tells whether one side is empty.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind().is_null()
    }
}
