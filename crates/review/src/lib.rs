//! Review of alignments: a person corrects a bead, and the aligner does the rest around it again.
//!
//! A session holds the segments of two documents, their beads, and who decided each: the aligner,
//! with a probability, or the reviewer. A [`Decision`] is on disk before it counts.
#![forbid(unsafe_code)]

mod change;
mod decide;
mod decision;
mod doubt;
mod log;
mod matching;
mod patch;
mod queue;
mod realign;
mod row;
mod sample;
#[cfg(feature = "server")]
mod server;
mod session;
mod side;
mod state;
mod stretch;
mod summary;

pub use change::{Change, Refusal, RefusalKind, Renumbered};
pub use decision::{BeadSegments, Decision, ReviewSide, Segments};
pub use doubt::{BeadTexts, Doubt, DoubtKind, doubts};
pub use log::InputFile;
pub use queue::Order;
pub use row::{Decided, Row};
#[cfg(feature = "server")]
pub use server::{ReviewCorpus, ReviewServer, ServedDocument, open_browser};
pub use session::{ENOUGH, Session};
pub use summary::{SampleSummary, Summary};
