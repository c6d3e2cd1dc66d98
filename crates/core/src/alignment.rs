//! What an aligner gives: beads in order, covering both sides.

use crate::bead::Bead;
use crate::rung::Rung;

/// The alignment of one document.
///
/// Its beads are in order, without gap or overlap: each segment of each side is in exactly one.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    beads: Vec<Bead>,
}

impl Alignment {
    /// Takes beads that are in order and cover both sides.
    pub(crate) fn new(beads: Vec<Bead>) -> Self {
        debug_assert!(beads.windows(2).all(
            |pair| pair[0].src.end == pair[1].src.start && pair[0].tgt.end == pair[1].tgt.start
        ));
        Self { beads }
    }

    /// Gives the beads, in order.
    #[must_use]
    pub fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// Gives the beads as a ladder.
    pub fn rungs(&self) -> impl Iterator<Item = Rung> + '_ {
        self.beads.iter().map(Rung::from)
    }
}
