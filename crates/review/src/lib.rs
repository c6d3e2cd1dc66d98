//! Review of alignments: a person corrects a bead, and the aligner does the rest around it again.
//!
//! A session holds the segments of two documents, their beads, and who decided each: the aligner,
//! with a probability, or the reviewer. A [`Decision`] is on disk before it counts.
//!
//! ```
//! use std::fs;
//! use std::sync::Arc;
//!
//! use nasaq_job::{Engine, Settings};
//! use nasaq_review::{Decided, Decision, Order, ReviewSource, Session};
//!
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! let (arabic, english) = (folder.join("story.ar.txt"), folder.join("story.en.txt"));
//! fs::write(&arabic, "وصل القطار متأخرًا. لم ينتظره أحد.")?;
//! fs::write(&english, "The train arrived late. Nobody was waiting for it.")?;
//!
//! let engine = Arc::new(Engine::new(Settings::default())?);
//! let source = ReviewSource::documents(arabic, english);
//! let mut session = Session::open(&source.log_path(), &source, &engine)?;
//! while let Some(row) = session.next(None, Order::Risk) {
//!     session.apply(Decision::Confirm { row, seen: None })?;
//! }
//! assert!(session.rows().iter().all(|row| row.decided == Decided::Confirmed));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod background;
mod carry;
mod change;
mod decide;
mod decision;
mod doubt;
mod export;
mod folder;
mod import;
mod inputs;
mod log;
mod logs;
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
mod source;
mod span;
mod state;
mod stretch;
mod summary;
mod words;

pub use carry::{CarryReport, DroppedDecision};
pub use change::{Change, Refusal, RefusalKind, Renumbered};
pub use decision::{BeadSegments, Decision, ReviewSide, Segments};
pub use doubt::{BeadTexts, Doubt, DoubtKind, doubts};
pub use folder::{FolderDocument, ReviewFolder};
pub use import::ImportReport;
pub use log::{InputFile, is_log};
pub use logs::ReviewLogs;
pub use queue::Order;
pub use row::{Decided, Row};
#[cfg(feature = "server")]
pub use server::{ReviewCorpus, ReviewServer, ServedDocument, folder, open_browser, single};
pub use session::{ENOUGH, Session};
pub use source::ReviewSource;
pub use summary::{SampleSummary, Summary};
