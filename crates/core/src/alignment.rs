//! What an aligner gives: beads in order, covering both sides.

use crate::align::DocumentEvidence;
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
    pub(crate) document: DocumentEvidence,
}

impl Alignment {
    /// Documents with a lower [`Alignment::document_score`] are probably no translations of each
    /// other.
    pub const UNRELATED_BELOW: f32 = 0.5;

    /// A bead with a lower probability is doubtful: it needs a reader's look.
    ///
    /// At 0.9, a calibrated bead is wrong at least once in ten times.
    pub const DOUBTFUL_BELOW: f32 = 0.9;

    /// Takes beads that are in order and cover both sides, and what was found beside them.
    pub(crate) fn new(findings: Vec<Finding>, beads: Vec<Bead>) -> Self {
        debug_assert!(beads.windows(2).all(
            |pair| pair[0].src.end == pair[1].src.start && pair[0].tgt.end == pair[1].tgt.start
        ));
        Self { beads, findings, document: DocumentEvidence::default() }
    }

    /// Adds what the beads say of the documents as a whole.
    pub(crate) fn with_document(self, document: DocumentEvidence) -> Self {
        Self { document, ..self }
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

    /// Gives the chance, 0 to 1, that the two documents are translations of each other at all.
    ///
    /// The probabilities of beads take that for granted. Below [`Alignment::UNRELATED_BELOW`] the
    /// documents are more probably unrelated, or the alignment has gone astray.
    #[must_use]
    pub fn document_score(&self) -> f32 {
        self.document.score
    }

    /// Gives what [`Alignment::document_score`] is made from, for experiments.
    #[cfg(feature = "unstable-tuning")]
    #[must_use]
    pub fn document_evidence(&self) -> DocumentEvidence {
        self.document
    }

    /// Gives the beads as a ladder.
    pub fn rungs(&self) -> impl Iterator<Item = Rung> + '_ {
        self.beads.iter().map(Rung::from)
    }
}
