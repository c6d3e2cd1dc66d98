//! Beads as files have them.

use nasaq::BeadKind;
use serde::Deserialize;

use super::{BeadRecord, BeadReview, Composition};
use crate::document::DocumentPlace;

/// A bead as a file has it, which an earlier version may have written.
#[derive(Deserialize)]
pub(super) struct WrittenRecord {
    doc: String,
    bead: usize,
    kind: BeadKind,
    src: String,
    tgt: String,
    src_segments: [u32; 2],
    tgt_segments: [u32; 2],
    src_bytes: [usize; 2],
    tgt_bytes: [usize; 2],
    probability: f32,
    #[serde(default)]
    score: Option<f32>,
    #[serde(default)]
    document_score: Option<f32>,
    #[serde(default)]
    log_odds: Option<f32>,
    #[serde(default)]
    moved: WrittenMove,
    #[serde(default)]
    counterpart: Option<[u32; 2]>,
    #[serde(default)]
    src_place: Option<DocumentPlace>,
    #[serde(default)]
    tgt_place: Option<DocumentPlace>,
    #[serde(default)]
    reviewed: Option<BeadReview>,
    #[serde(default)]
    reviewer: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    words: Option<String>,
}

/// Whether a bead was moved. Earlier versions had no such pairs, and wrote the counterpart of a
/// null bead instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum WrittenMove {
    Flag(bool),
    Counterpart([u32; 2]),
}

impl Default for WrittenMove {
    fn default() -> Self {
        Self::Flag(false)
    }
}

impl WrittenMove {
    /// Returns whether the bead was moved, and the counterpart.
    pub(crate) fn split(self, counterpart: Option<[u32; 2]>) -> (bool, Option<[u32; 2]>) {
        match self {
            Self::Flag(moved) => (moved, counterpart),
            Self::Counterpart(span) => (false, counterpart.or(Some(span))),
        }
    }
}

impl From<WrittenRecord> for BeadRecord {
    fn from(written: WrittenRecord) -> Self {
        let (moved, counterpart) = written.moved.split(written.counterpart);
        Self {
            doc: written.doc,
            bead: written.bead,
            kind: written.kind,
            src: written.src,
            tgt: written.tgt,
            src_segments: written.src_segments,
            tgt_segments: written.tgt_segments,
            src_bytes: written.src_bytes,
            tgt_bytes: written.tgt_bytes,
            probability: written.probability,
            score: written.score,
            document_score: written.document_score,
            log_odds: written.log_odds,
            moved,
            counterpart,
            src_place: written.src_place,
            tgt_place: written.tgt_place,
            reviewed: written.reviewed,
            reviewer: written.reviewer,
            note: written.note,
            words: written.words,
            composition: Composition::Unknown,
        }
    }
}
