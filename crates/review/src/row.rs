//! The beads of a session.

use std::sync::Arc;

use nasaq::{Bead, Span};
use serde::{Deserialize, Serialize};

use crate::decision::{BeadSegments, ReviewSide};

/// Who decided a bead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// The aligner, with a probability.
    #[default]
    Aligner,
    /// The reviewer found the aligner's bead right.
    Confirmed,
    /// The reviewer set the bead.
    Changed,
}

/// A bead of a session.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// Source segments.
    pub src: Span,
    /// Target segments.
    pub tgt: Span,
    /// The probability that the bead is right; 1 once the reviewer has decided.
    pub probability: f32,
    /// The aligner's score of the bead, if it found the bead.
    pub score: Option<f32>,
    /// Whether the target is elsewhere than the rows around suggest.
    pub moved: bool,
    /// Who decided the bead.
    pub decided: Decided,
    /// The corrected texts of source and target, if the reviewer corrected any.
    pub(crate) edited: Option<Arc<[Option<String>; 2]>>,
}

impl Row {
    pub(crate) fn new(src: Span, tgt: Span, probability: f32) -> Self {
        let (moved, decided) = (false, Decided::Aligner);
        Self { src, tgt, probability, score: None, moved, decided, edited: None }
    }

    /// Returns a row that the reviewer set.
    pub(crate) fn changed(src: Span, tgt: Span) -> Self {
        Self { decided: Decided::Changed, ..Self::new(src, tgt, 1.0) }
    }

    /// Reports whether one side is empty.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.src.is_empty() || self.tgt.is_empty()
    }

    /// Reports whether the reviewer has decided the bead, so that no search changes it.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.decided != Decided::Aligner
    }

    /// Returns the segments of a side.
    #[must_use]
    pub fn side(&self, side: ReviewSide) -> Span {
        match side {
            ReviewSide::Src => self.src,
            ReviewSide::Tgt => self.tgt,
        }
    }

    /// Returns the corrected text of a side, if the reviewer corrected it.
    #[must_use]
    pub fn edited(&self, side: ReviewSide) -> Option<&str> {
        self.edited.as_ref()?[side.index()].as_deref()
    }

    /// Returns the segments of both sides, to be named in a decision.
    #[must_use]
    pub fn segments(&self) -> BeadSegments {
        BeadSegments { src: self.src.into(), tgt: self.tgt.into() }
    }

    /// Returns the segment that a note on the row is kept at.
    pub(crate) fn first_segment(&self) -> (ReviewSide, u32) {
        match self.src.is_empty() {
            true => (ReviewSide::Tgt, self.tgt.start),
            false => (ReviewSide::Src, self.src.start),
        }
    }

    /// Reports whether the row is in order and pairs segments, so that text before it belongs with
    /// text before it on the other side.
    pub(crate) fn is_in_order(&self) -> bool {
        !self.moved && !self.is_null()
    }
}

impl From<&Bead> for Row {
    fn from(bead: &Bead) -> Self {
        let moved = bead.moved && !bead.is_null();
        let score = Some(bead.score);
        Self { score, moved, ..Self::new(bead.src, bead.tgt, bead.probability) }
    }
}
