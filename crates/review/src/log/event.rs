//! The lines of a log after its head: what happened, in order.

use nasaq::{Bead, Span};
use serde::{Deserialize, Serialize};

use crate::decision::{Decision, Segments};

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
}

/// Source and target segments, and the probability.
type SearchedBead = (u32, u32, u32, u32, f32);

impl Searched {
    pub(crate) fn new(src: Segments, tgt: Segments, beads: &[Bead]) -> Self {
        let bead = |bead: &Bead| {
            (bead.src.start, bead.src.end, bead.tgt.start, bead.tgt.end, bead.probability)
        };
        Self { src, tgt, beads: beads.iter().map(bead).collect() }
    }

    /// Returns the beads; `None` if one ends before it starts.
    pub(crate) fn beads(&self) -> Option<Vec<Bead>> {
        let bead = |&(a, b, c, d, probability): &SearchedBead| {
            (a <= b && c <= d).then(|| {
                let (src, tgt) = (Span { start: a, end: b }, Span { start: c, end: d });
                Bead::new(src, tgt, probability, 0.0)
            })
        };
        self.beads.iter().map(bead).collect()
    }
}
