//! The score of each bead and each null, from the evidence.

pub(crate) mod bead;
pub(crate) mod boilerplate;
mod cue;
mod long;
pub(crate) mod null;

use super::anchor::Anchor;
use super::corridor::Corridor;
use super::evidence::Evidence;
use super::grid::{Corner, Shape};
use super::lexical::Lexical;
use super::long::LongSegments;
use super::prepared::ChunkSide;
use super::sides::Sides;
use super::tuning::{ScoreTuning, Tuning};

/// The score of a bead or null that is impossible.
pub(crate) const NEVER: f32 = f32::NEG_INFINITY;

/// The typical bead of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Typical {
    /// The cosine of its sides.
    pub(crate) cosine: f32,
    /// The mean covered share of its words.
    pub(crate) coverage: f32,
}

impl Typical {
    /// Returns what is assumed in the first pass.
    pub(crate) fn assumed(tuning: &ScoreTuning) -> Self {
        Self { cosine: tuning.assumed_cosine, coverage: tuning.assumed_coverage }
    }
}

/// What scores are computed from, near the corridor.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) tuning: &'a Tuning,
    pub(crate) corridor: &'a Corridor,
    pub(crate) evidence: &'a Evidence<'a>,
    pub(crate) lexical: &'a Lexical,
    pub(crate) src: &'a ChunkSide,
    pub(crate) tgt: &'a ChunkSide,
    pub(crate) anchors: &'a [Anchor],
    /// Boundaries of each side that no bead may contain.
    pub(crate) seams: &'a Sides<Vec<usize>>,
    /// Segments that may be one side of a long bead.
    pub(crate) long: &'a LongSegments,
    /// Each segment's best cosine anywhere.
    pub(crate) best: &'a Sides<Vec<f32>>,
}

impl View<'_> {
    /// Returns the cosine of the sides of a bead that is not long, and the mean covered share of
    /// its words.
    pub(crate) fn cosine_and_coverage(&self, shape: Shape, (i, j): Corner) -> (f32, f32) {
        let (of_tgt, of_src) = self.lexical.coverage(shape, i, j);
        (self.evidence.cosine(shape, i, j), (of_tgt + of_src) / 2.0)
    }
}
