//! Review of alignments: a person corrects a bead, and the aligner does the rest around it again.
//!
//! A session holds the segments of two documents, their beads, and who decided each: the aligner,
//! with a probability, or the reviewer. A [`Decision`] is on disk before it counts.
#![forbid(unsafe_code)]

mod change;
mod decision;
mod queue;
mod row;
mod summary;

pub use change::{Change, Refusal, RefusalKind, Renumbered};
pub use decision::{BeadSegments, Decision, ReviewSide, Segments};
pub use queue::Order;
pub use row::{Decided, Row};
pub use summary::{SampleSummary, Summary};
