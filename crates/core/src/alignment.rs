//! The result of an aligner: beads in order, covering both sides.

use crate::align::DocumentEvidence;
use crate::bead::Bead;
use crate::finding::Finding;
use crate::rung::Rung;

/// The alignment of one document.
///
/// Its beads are in order, without gap or overlap: each segment of each side is in exactly one.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Alignment {
    beads: Vec<Bead>,
    findings: Vec<Finding>,
    pub(crate) document_evidence: DocumentEvidence,
}

impl Alignment {
    /// Documents with a lower [`Alignment::document_score`] are probably not translations of each
    /// other.
    pub const UNRELATED_BELOW: f32 = 0.5;

    /// Beads with a lower probability are doubtful and should be reviewed.
    ///
    /// Of calibrated beads at 0.9, one in ten is wrong.
    pub const DOUBTFUL_BELOW: f32 = 0.9;

    /// Takes beads that are in order and cover both sides, and the findings of the document.
    pub(crate) fn new(findings: Vec<Finding>, beads: Vec<Bead>) -> Self {
        debug_assert!(are_contiguous(&beads));
        Self { beads, findings, document_evidence: DocumentEvidence::default() }
    }

    /// Sets how well the beads of the document as a whole match.
    pub(crate) fn with_document(self, document_evidence: DocumentEvidence) -> Self {
        Self { document_evidence, ..self }
    }

    /// Returns the beads, in order.
    #[must_use]
    pub fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// Returns the text that was moved, omitted or added, ordered by position in the source, then
    /// in the target.
    ///
    /// The beads do not depend on it: moved text is in null beads on both sides, or in beads of low
    /// probability.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns the probability, 0 to 1, that the two documents are translations of each other at
    /// all.
    ///
    /// The probabilities of beads are conditional on that. Below [`Alignment::UNRELATED_BELOW`] it
    /// is more probable that the documents are unrelated, or that the alignment has gone astray.
    #[must_use]
    pub fn document_score(&self) -> f32 {
        self.document_evidence.score
    }

    /// Returns what [`Alignment::document_score`] is computed from, for experiments.
    #[cfg(feature = "unstable-tuning")]
    #[must_use]
    pub fn document_evidence(&self) -> DocumentEvidence {
        self.document_evidence
    }

    /// Returns the beads as a ladder.
    pub fn rungs(&self) -> impl Iterator<Item = Rung> + '_ {
        self.beads.iter().map(Rung::from)
    }
}

/// Reports whether each bead starts where the one before it ends.
fn are_contiguous(beads: &[Bead]) -> bool {
    beads
        .windows(2)
        .all(|pair| pair[0].src.end == pair[1].src.start && pair[0].tgt.end == pair[1].tgt.start)
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Alignment {
    /// Checks that the beads are in order, start at segment 0 of both sides, and leave no gap.
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        #[derive(serde::Deserialize)]
        struct Parts {
            beads: Vec<Bead>,
            findings: Vec<Finding>,
            document_evidence: DocumentEvidence,
        }

        let Parts { beads, findings, document_evidence } = Parts::deserialize(input)?;
        let starts = beads.first().map_or((0, 0), |bead| (bead.src.start, bead.tgt.start));
        if starts != (0, 0) || !are_contiguous(&beads) {
            return Err(D::Error::custom("the beads do not follow each other from segment 0"));
        }
        Ok(Self { beads, findings, document_evidence })
    }
}
