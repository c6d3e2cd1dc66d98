//! Reports on the quality of alignments and of parallel corpora: as one HTML page, as JSON and as
//! text for a terminal.
//!
//! - [`ReportBuilder`] reads a corpus of any size row by row, in bounded memory, and returns a
//!   [`CorpusReport`]. The report serialises to JSON with serde. [`write_page`] turns reports into
//!   one HTML file, and [`terminal_summary`] into text. All three have the same numbers.
//! - [`GoldBuilder`] compares alignments with gold alignments, for a report.
//! - [`Gate`] checks whether a report reaches a minimum, such as `ready=0.9`.
//! - [`AlignmentSummary`] summarises one alignment in a few numbers.
//!
//! # A report of a corpus
//!
//! A row has a pair of texts and what is known about it: the document, the shape of the bead, the
//! probability, the quality, the features. A report covers what the rows have.
//!
//! ```
//! use nasaq_report::{
//!     Gate, PageInfo, ReportBuilder, ReportOptions, ReportRow, terminal_summary, write_page,
//! };
//!
//! let mut builder = ReportBuilder::new(ReportOptions::new("demo"));
//! for (arabic, english, probability) in [
//!     ("وصل القطار.", "The train arrived.", 0.99),
//!     ("غادر الجميع.", "<script>alert(1)</script>", 0.3),
//! ] {
//!     let mut row = ReportRow::new(arabic, english);
//!     row.probability = Some(probability);
//!     builder.add(&row);
//! }
//! let report = builder.finish(None, None);
//! assert_eq!((report.headline.verdicts.ready, report.headline.verdicts.reject), (1, 1));
//! assert!(!"ready=0.9".parse::<Gate>()?.passes(&report));
//!
//! let reports = [report];
//! assert!(terminal_summary(&reports).starts_with("demo: 2 pairs in 1 document"));
//! let mut html = String::new();
//! write_page(&reports, &PageInfo::new("1.0"), &mut html)?;
//! assert!(html.contains("&#60;script&#62;alert(1)") && !html.contains("<script>alert"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A summary of one alignment
//!
//! ```
//! use nasaq::{Bead, Span};
//! use nasaq_report::AlignmentSummary;
//!
//! let bead = |src, tgt, probability| Bead::new(src, tgt, probability, 0.0);
//! let beads = [
//!     bead(Span::new(0, 1), Span::new(0, 2), 0.9),
//!     bead(Span::new(1, 2), Span::new(2, 2), 0.6),
//! ];
//! let summary = AlignmentSummary::new(&beads, &[], &["جملة.", "تعليق"], &["A", "sentence."]);
//! assert_eq!(summary.src.unaligned, 1);
//! assert_eq!(summary.doubtful, 1);
//! assert!((summary.expected_wrong - 0.5).abs() < 1e-6);
//! ```
#![forbid(unsafe_code)]

mod arabic;
mod builder;
mod chart;
mod corpus;
mod correlation;
mod distinct_sketch;
mod documents;
mod duplicates;
mod error;
mod excerpt;
mod gate;
mod gold;
mod histogram;
mod languages;
mod lengths;
mod listed_pair;
mod missing;
mod number;
mod options;
mod page;
mod reasons;
mod retention;
mod row;
mod summary;
mod terminal;
mod top_k;
mod totals;
mod words;

pub use arabic::{ArabicReport, ArabicRowCounts, MonthSystemCount};
pub use builder::ReportBuilder;
pub use corpus::{CopiedLines, CorpusReport, Disagreement, ExpectedWrong, Headline};
pub use correlation::CorrelationMatrix;
pub use documents::{DocumentReport, Documents, PathBlock, PathPlot, Ribbon, RibbonCell};
pub use duplicates::{DuplicateReport, RepeatedPair};
pub use error::Error;
pub use gate::{Gate, GateError, Metric};
pub use gold::{GoldBuilder, GoldReport, ReliabilityBin};
pub use histogram::{CountStats, Histogram};
pub use languages::LanguagePairCount;
pub use lengths::{CharRatio, KindRatio, LengthReport, ScatterCell};
pub use listed_pair::{DoubtfulPair, ListedPair};
pub use missing::{MissingRun, MissingText, MissingTotals};
pub use options::{Doubt, PairVerdict, ReportOptions, Thresholds};
pub use page::{InputInfo, PageInfo, write_page};
pub use reasons::NamedCount;
pub use retention::RetentionPoint;
pub use row::ReportRow;
pub use summary::{AlignmentSummary, DOUBTFUL_BELOW, SideSummary};
pub use terminal::terminal_summary;
pub use totals::{SideTotals, VerdictCounts};
pub use words::{SpellingCount, SpellingGroup, SpellingReport, VocabularyStats};
