//! Ladders: alignments as index lists, the form of published gold standards.

use crate::bead::{Bead, BeadKind};

/// One bead of a ladder, as index lists.
///
/// Unlike a [`Bead`] it may skip indices or go back, because published gold ladders do.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Rung {
    /// Source segment indices, 0-based, ascending.
    pub src: Vec<u32>,
    /// Target segment indices, 0-based, ascending.
    pub tgt: Vec<u32>,
    /// Probability or another score, where the ladder has one.
    pub score: Option<f32>,
}

impl Rung {
    /// Creates a rung without a score.
    #[must_use]
    pub fn new(src: impl Into<Vec<u32>>, tgt: impl Into<Vec<u32>>) -> Self {
        Self { src: src.into(), tgt: tgt.into(), score: None }
    }

    /// Sets the score.
    #[must_use]
    pub fn with_score(mut self, score: impl Into<Option<f32>>) -> Self {
        self.score = score.into();
        self
    }

    /// Returns the shape: how many segments each side lists.
    #[must_use]
    pub fn kind(&self) -> BeadKind {
        BeadKind { src: self.src.len(), tgt: self.tgt.len() }
    }

    /// Reports whether one side is empty.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind().is_null()
    }
}

impl From<&Bead> for Rung {
    fn from(bead: &Bead) -> Self {
        Self {
            src: (bead.src.start..bead.src.end).collect(),
            tgt: (bead.tgt.start..bead.tgt.end).collect(),
            score: Some(bead.probability),
        }
    }
}
