//! Ladders: alignments as index lists, the form that gold standards come in.

use crate::bead::Bead;

/// One bead of a ladder, as index lists.
///
/// Unlike a [`Bead`] it may skip indices or go back, because published gold ladders do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rung {
    /// Source segment indices, 0-based, ascending.
    pub src: Vec<u32>,
    /// Target segment indices, 0-based, ascending.
    pub tgt: Vec<u32>,
    /// Probability or another score, where the ladder has one.
    pub score: Option<f32>,
}

impl Rung {
    /// Tells whether one side is empty.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.src.is_empty() || self.tgt.is_empty()
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
