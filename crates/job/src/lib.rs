//! Aligns documents, streams and whole corpora: reads, segments, aligns and writes, safely.
//!
//! The package `nasaq` aligns segments in memory. This one does everything around it, for programs,
//! Python and servers alike:
//!
//! | what | input | output |
//! |---|---|---|
//! | [`DocumentJob`] | two documents, or two texts ([`TextPair`]) | beads and warnings in memory |
//! | [`CorpusJob`] | folders, templates or a manifest ([`Corpus`]) | an output folder |
//! | [`StreamJob`] | lines of JSON | lines of JSON |
//! | [`PairingJob`] | two folders | which files belong together |
//!
//! All of them use an [`Engine`], which is made once from [`Settings`]. What goes wrong is a
//! [`Failure`], what looks wrong a [`Warning`]; neither names a command-line flag. A panic is the
//! failure of the document that caused it. Documents are aligned in parallel ([`Threads`]), and an
//! [`Observer`] shows progress and cancels.
//!
//! Align a folder of two documents:
//!
//! ```
//! use std::fs;
//!
//! use nasaq::Language;
//! use nasaq_job::{Corpus, CorpusJob, Engine, Settings};
//!
//! # let folder = std::env::temp_dir().join(format!("nasaq-job-lib-{}", std::process::id()));
//! # fs::create_dir_all(&folder)?;
//! fs::write(folder.join("1.ar.txt"), "وصل القطار. لم ينتظره أحد.")?;
//! fs::write(folder.join("1.en.txt"), "The train came. Nobody waited.")?;
//! fs::write(folder.join("2.ar.txt"), "كان الجو باردا.")?;
//! fs::write(folder.join("2.en.txt"), "It was cold.")?;
//!
//! let corpus = Corpus::find(&folder, None, [Language::Arabic, Language::English], None)?;
//! let engine = Engine::new(Settings::default())?;
//! let report = CorpusJob::new(&engine, &corpus).run(&folder.join("out"), &())?;
//! assert_eq!(report.totals.aligned, 2);
//!
//! let beads = fs::read_to_string(folder.join("out/docs/1.tsv"))?;
//! assert!(beads.lines().nth(1).is_some_and(|row| row.contains("The train came.")));
//! # fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod clock;
mod corpus;
mod cue;
mod document;
mod engine;
mod failure;
mod lexicon;
mod lost_ends;
mod message;
mod object;
mod observer;
mod pairing;
mod remedy;
mod settings;
mod stream;
mod threads;
mod warning;
mod words;

pub use corpus::{
    Corpus, CorpusEntry, CorpusJob, CorpusOutcome, CorpusTotals, DOCUMENTS_FILE, DocumentReviews,
    DocumentSummary, ERRORS_FILE, FolderFile, MIN_MEMORY_LIMIT, ReviewedBeads, StageSeconds,
    TextPlace, UnpairedFile, UnpairedReason, WARNINGS_FILE, current_outputs, default_memory_limit,
    is_corpus_output, max_document_bytes, remove_corpus_output, shard_path,
};
pub use document::{Aligned, DocumentJob, SideText, TextPair};
pub use engine::{Engine, document_segments, kernel, load_encoder};
pub use failure::{Failure, FailureStatus, Result, guard};
pub use lexicon::{UserLexicon, read_abbreviations};
pub use message::Message;
pub use observer::{DocumentDone, Observer};
pub use pairing::{PairedFolders, PairingJob};
pub use remedy::{Remedy, Wording};
pub use settings::{LanguageTag, ModelSource, Settings};
pub use stream::{StreamJob, StreamTotals};
pub use threads::Threads;
pub use warning::Warning;

/// The examples of the page for importers, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../library.md")]
struct LibraryPage;
