//! What an aligner gives: beads in order, covering both sides.

use crate::bead::Bead;
use crate::finding::Finding;
use crate::rung::Rung;

/// The alignment of one document.
///
/// Its beads are in order, without gap or overlap: each segment of each side is in exactly one.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    beads: Vec<Bead>,
    findings: Vec<Finding>,
}

impl Alignment {
    /// Takes beads that are in order and cover both sides, and what was found beside them.
    pub(crate) fn new(findings: Vec<Finding>, beads: Vec<Bead>) -> Self {
        debug_assert!(beads.windows(2).all(
            |pair| pair[0].src.end == pair[1].src.start && pair[0].tgt.end == pair[1].tgt.start
        ));
        Self { beads, findings }
    }

    /// Gives the beads, in order.
    #[must_use]
    pub fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// Gives what was moved, omitted or added, by place in the source, then in the target.
    ///
    /// The beads do not depend on it: moved text is null on both sides, or in doubtful beads.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Gives the beads as a ladder.
    pub fn rungs(&self) -> impl Iterator<Item = Rung> + '_ {
        self.beads.iter().map(Rung::from)
    }
}
