//! The lines of a log after its head: what happened, in order.

use nasaq::{Bead, Span};
use serde::{Deserialize, Serialize};

use crate::decision::{Decision, Segments};
use crate::row::Row;

/// A decision, an undo or a redo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Event {
    /// The revision that the event led to: 1 for the first.
    pub(crate) seq: u64,
    /// When, as RFC 3339 has it.
    pub(crate) time: String,
    #[serde(flatten)]
    pub(crate) action: Action,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// A decision, with the stretches that were aligned again. A log is read without an aligner.
    Decide {
        decision: Decision,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        searched: Vec<Searched>,
    },
    Undo {},
    Redo {},
}

/// A stretch that was aligned again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Searched {
    pub(crate) src: Segments,
    pub(crate) tgt: Segments,
    beads: Vec<SearchedBead>,
    /// The score of each bead; earlier versions wrote none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scores: Vec<f32>,
}

/// Source and target segments, and the probability.
type SearchedBead = (u32, u32, u32, u32, f32);

impl Searched {
    pub(crate) fn new(src: Segments, tgt: Segments, beads: &[Bead]) -> Self {
        let bead = |bead: &Bead| {
            (bead.src.start, bead.src.end, bead.tgt.start, bead.tgt.end, bead.probability)
        };
        let scores = beads.iter().map(|bead| bead.score).collect();
        Self { src, tgt, beads: beads.iter().map(bead).collect(), scores }
    }

    /// Returns the beads as rows; `None` if one ends before it starts, or the scores are not those of
    /// the beads.
    pub(crate) fn rows(&self) -> Option<Vec<Row>> {
        if !self.scores.is_empty() && self.scores.len() != self.beads.len() {
            return None;
        }
        let row = |(&(a, b, c, d, probability), score): (&SearchedBead, Option<f32>)| {
            (a <= b && c <= d).then(|| {
                let (src, tgt) = (Span { start: a, end: b }, Span { start: c, end: d });
                Row { score, ..Row::new(src, tgt, probability) }
            })
        };
        let scores = self.scores.iter().copied().map(Some).chain(std::iter::repeat(None));
        self.beads.iter().zip(scores).map(row).collect()
    }
}
