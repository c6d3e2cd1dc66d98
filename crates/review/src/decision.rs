//! What a reviewer decides.

use std::ops::Range;

use nasaq::Span;
use serde::{Deserialize, Serialize};

use crate::row::Row;

/// A side of a document pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewSide {
    /// The source.
    Src,
    /// The target.
    Tgt,
}

impl ReviewSide {
    /// Returns 0 for the source and 1 for the target.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Returns the word for messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Src => "source",
            Self::Tgt => "target",
        }
    }
}

/// A half-open run of segment indices, `[start, end]` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "[u32; 2]", into = "[u32; 2]")]
pub struct Segments {
    /// First index.
    pub start: u32,
    /// One past the last index.
    pub end: u32,
}

impl Segments {
    /// Returns the indices.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the span, unless it ends before it starts.
    #[must_use]
    pub fn span(self) -> Option<Span> {
        (self.start <= self.end).then(|| Span::new(self.start as usize, self.end as usize))
    }
}

impl From<[u32; 2]> for Segments {
    fn from([start, end]: [u32; 2]) -> Self {
        Self { start, end }
    }
}

impl From<Segments> for [u32; 2] {
    fn from(segments: Segments) -> Self {
        [segments.start, segments.end]
    }
}

impl From<Span> for Segments {
    fn from(span: Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

/// The segments of a bead; one side may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BeadSegments {
    /// Source segments.
    pub src: Segments,
    /// Target segments.
    pub tgt: Segments,
}

/// A decision of the reviewer.
///
/// Rows are the beads in source order and count from 0. `seen` may say which segments the reviewer
/// saw in a row: if it has others by now, the row that has them is meant, and without one the
/// decision is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Decision {
    /// The bead is right. The free beads next to it are aligned again.
    Confirm {
        /// The row.
        row: usize,
        /// The segments that the reviewer saw in the row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<BeadSegments>,
    },
    /// All beads of at least this probability are right. Nothing is aligned again.
    ConfirmAbove {
        /// The lowest probability, 0 to 1.
        probability: f32,
    },
    /// These beads, in order on both sides, replace those of a region: a merge, a split, a shifted
    /// boundary. They must contain each segment of the region once, apart from those of moved
    /// pairs.
    SetBeads {
        /// The source segments of the region.
        src: Segments,
        /// The target segments of the region.
        tgt: Segments,
        /// The beads, in order.
        beads: Vec<BeadSegments>,
    },
    /// The segments of a bead have no counterpart.
    Unalign {
        /// The row.
        row: usize,
        /// The segments that the reviewer saw in the row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<BeadSegments>,
    },
    /// Segments of one side have no counterpart. Beads that hold others besides are taken apart,
    /// and those are aligned again.
    UnalignSegments {
        /// The side of the segments.
        side: ReviewSide,
        /// The segments.
        segments: Segments,
    },
    /// The two sides of a bead do not translate each other. The pair never comes back, unless the
    /// reviewer sets it.
    Reject {
        /// The row.
        row: usize,
        /// The segments that the reviewer saw in the row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<BeadSegments>,
    },
    /// Two runs of segments do not translate each other, whether they are a bead now or not: as
    /// [`Reject`](Self::Reject), by segments.
    RejectPair {
        /// The source segments; none to say that the target segments are not unaligned.
        src: Segments,
        /// The target segments.
        tgt: Segments,
    },
    /// Two runs of segments translate each other, in order or not. Beads that hold others besides
    /// are taken apart, and those are aligned again.
    PairMoved {
        /// The source segments.
        src: Segments,
        /// The target segments.
        tgt: Segments,
    },
    /// Cuts a segment in two.
    Cut {
        /// The side of the segment.
        side: ReviewSide,
        /// The segment.
        segment: usize,
        /// Where the second part begins: bytes from the start of the segment's text.
        at: usize,
    },
    /// Joins a segment with the next one.
    Join {
        /// The side of the segment.
        side: ReviewSide,
        /// The first of the two segments.
        segment: usize,
    },
    /// Writes a note on a bead in place of the one before; an empty text removes it.
    Note {
        /// The row.
        row: usize,
        /// The note.
        text: String,
        /// The segments that the reviewer saw in the row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<BeadSegments>,
    },
    /// Corrects the text of a bead for exports; the document does not change. The text of the
    /// document itself removes the correction.
    Edit {
        /// The row.
        row: usize,
        /// The side whose text is corrected.
        side: ReviewSide,
        /// The corrected text.
        text: String,
        /// The segments that the reviewer saw in the row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<BeadSegments>,
    },
    /// Returns a bead to the aligner.
    Clear {
        /// The row.
        row: usize,
        /// The segments that the reviewer saw in the row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<BeadSegments>,
    },
    /// Draws a random sample of the beads that nobody has looked at, to measure how many are right.
    Sample {
        /// How many beads to draw.
        size: usize,
        /// The seed of the draw.
        seed: u64,
    },
    /// Several decisions that are taken, and undone, as one. Those that are refused are skipped and
    /// reported in [`Change::refused`](crate::Change::refused).
    All {
        /// The decisions. Beads are named by their segments at the time of each decision.
        decisions: Vec<Decision>,
    },
}

impl Decision {
    /// Returns the decision with the segments of its row.
    pub(crate) fn with_segments(mut self, rows: &[Row]) -> Self {
        match &mut self {
            Self::Confirm { row, seen }
            | Self::Unalign { row, seen }
            | Self::Reject { row, seen }
            | Self::Clear { row, seen }
            | Self::Note { row, seen, .. }
            | Self::Edit { row, seen, .. } => {
                *seen = seen.or_else(|| rows.get(*row).map(Row::segments));
            }
            _ => {}
        }
        self
    }
}
