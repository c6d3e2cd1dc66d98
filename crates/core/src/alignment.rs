//! The result of an aligner: beads in source order, covering both sides.

use crate::align::DocumentEvidence;
use crate::bead::{Bead, Span};
use crate::finding::{Finding, FindingKind};
use crate::rung::Rung;

/// The alignment of one document.
///
/// Its beads are in source order, and each segment of each side is in exactly one. Beads whose text
/// was moved are at their source position, with target segments that are out of order;
/// [`AlignerBuilder::monotone`](crate::AlignerBuilder::monotone) excludes them.
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

    /// Takes beads that are in source order and cover both sides, and the findings of the document.
    pub(crate) fn new(findings: Vec<Finding>, beads: Vec<Bead>) -> Self {
        debug_assert!(cover_both_sides(&beads));
        Self { beads, findings, document_evidence: DocumentEvidence::default() }
    }

    /// Sets how well the beads of the document as a whole match.
    pub(crate) fn with_document(self, document_evidence: DocumentEvidence) -> Self {
        Self { document_evidence, ..self }
    }

    /// Returns the beads, in the order of their source.
    #[must_use]
    pub fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// Returns the text that was moved, omitted or added, ordered by position in the source, then
    /// in the target.
    ///
    /// Moved text is in beads that are marked as [moved](Bead::moved), and the probability of each
    /// includes that of the finding. If the alignment is to be monotone, it is in null beads on both
    /// sides, or in beads of low probability.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns the probability, 0 to 1, that the two documents are translations of each other at
    /// all.
    ///
    /// The probabilities of beads are conditional on that, until
    /// [`unconditional`](Alignment::unconditional) includes it. Below
    /// [`Alignment::UNRELATED_BELOW`] it is more probable that the documents are unrelated, or that
    /// the alignment has gone astray.
    #[must_use]
    pub fn document_score(&self) -> f32 {
        self.document_evidence.score
    }

    /// Returns the range that contains the document score with a probability of 95 %: it is wide
    /// if there are too few beads to tell.
    #[must_use]
    pub fn document_score_interval(&self) -> [f32; 2] {
        self.document_evidence.interval
    }

    /// Multiplies the probability of each pair, and of each finding about moved text, by the
    /// document score: a pair of two documents that are not translations is wrong, whatever else
    /// speaks for it. Null beads stay as they are, because text of such documents has no
    /// counterpart. Call it once, when the alignment is complete.
    #[must_use]
    pub fn unconditional(mut self) -> Self {
        let score = self.document_score();
        for bead in self.beads.iter_mut().filter(|bead| !bead.is_null()) {
            bead.probability *= score;
        }
        for finding in self.findings.iter_mut().filter(|it| it.kind == FindingKind::Moved) {
            finding.probability *= score;
        }
        self
    }

    /// Returns what [`Alignment::document_score`] is computed from, for experiments.
    #[cfg(feature = "unstable-tuning")]
    #[must_use]
    pub fn document_evidence(&self) -> DocumentEvidence {
        self.document_evidence
    }

    /// Returns the beads as a ladder, in which rungs of moved text cross others.
    pub fn rungs(&self) -> impl Iterator<Item = Rung> + '_ {
        self.beads.iter().map(Rung::from)
    }
}

/// Reports whether each bead's source starts where that of the one before it ends, and each target
/// segment is in one bead, both from segment 0.
fn cover_both_sides(beads: &[Bead]) -> bool {
    let follow = |spans: &[Span]| {
        let mut end = 0;
        spans.iter().all(|span| span.start == std::mem::replace(&mut end, span.end))
    };
    let sources: Vec<Span> = beads.iter().map(|bead| bead.src).collect();
    let mut targets: Vec<Span> =
        beads.iter().map(|bead| bead.tgt).filter(|span| !span.is_empty()).collect();
    targets.sort_unstable();
    follow(&sources) && follow(&targets)
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Alignment {
    /// Checks that the beads are in source order and that each segment of either side is in one.
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        #[derive(serde::Deserialize)]
        struct Parts {
            beads: Vec<Bead>,
            findings: Vec<Finding>,
            document_evidence: DocumentEvidence,
        }

        let Parts { beads, findings, document_evidence } = Parts::deserialize(input)?;
        if !cover_both_sides(&beads) {
            let reason = "the beads do not cover the segments of both sides in source order";
            return Err(D::Error::custom(reason));
        }
        Ok(Self { beads, findings, document_evidence })
    }
}
