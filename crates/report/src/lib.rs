//! Says how good an alignment or a corpus is: counts, doubtful pairs, expected errors, how the
//! Arabic is written.
//!
//! [`Summary`] is the few numbers of one alignment. [`ReportBuilder`] reads a corpus of any size, a
//! row at a time, and gives a [`CorpusReport`]: it serialises to JSON, [`page()`] makes one HTML
//! file of it and [`terminal()`] some lines of text, all with the same numbers.
//!
//! ```
//! use nasaq_report::{PageInfo, ReportBuilder, ReportOptions, Row, page};
//!
//! let mut builder = ReportBuilder::new(ReportOptions { name: "demo".into(), ..Default::default() });
//! let pair = Row { arabic: "وصل القطار.", english: "The train arrived.", ..Row::default() };
//! builder.add(&Row { probability: Some(0.99), ..pair });
//! builder.add(&Row { english: "<script>alert(1)</script>", probability: Some(0.3), ..pair });
//! let report = builder.finish(None, None);
//! assert_eq!((report.headline.verdicts.ready, report.headline.verdicts.reject), (1, 1));
//! let mut html = String::new();
//! page(&[report], &PageInfo::default(), &mut html)?;
//! assert!(html.contains("&#60;script&#62;alert(1)") && !html.contains("<script>alert"));
//! # Ok::<(), nasaq_report::Error>(())
//! ```
//!
//! An alignment by itself:
//!
//! ```
//! use nasaq::{Bead, Span};
//! use nasaq_report::Summary;
//!
//! let bead = |src, tgt, probability| Bead { src, tgt, probability, score: 0.0 };
//! let beads = [
//!     bead(Span::new(0, 1), Span::new(0, 2), 0.9),
//!     bead(Span::new(1, 2), Span::new(2, 2), 0.6),
//! ];
//! let summary = Summary::new(&beads, &[], &["جملة.", "تعليق"], &["A", "sentence."]);
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
mod curve;
mod documents;
mod duplicates;
mod error;
mod gate;
mod gold;
mod histogram;
mod languages;
mod least;
mod lengths;
mod listed;
mod missing;
mod number;
mod options;
mod page;
mod row;
mod sketch;
mod summary;
mod terminal;
mod words;

pub use arabic::{ArabicReport, ArabicRows, MonthSystem};
pub use builder::ReportBuilder;
pub use corpus::{CorpusReport, Disagreement, Expected, Headline};
pub use correlation::Correlation;
pub use curve::KeptAt;
pub use documents::{
    DocumentReport, Documents, PathBlock, PathPlot, Ribbon, RibbonCell, SideTotals, Verdicts,
};
pub use duplicates::{Duplicates, RepeatedPair};
pub use error::Error;
pub use gate::{Gate, GateError, Measure};
pub use gold::{GoldBuilder, GoldReport, ReliabilityBin};
pub use histogram::{Histogram, Spread};
pub use languages::LanguagePair;
pub use lengths::{KindRatio, Lengths, Ratio, ScatterCell};
pub use listed::{DoubtfulPair, ListedPair, NamedCount};
pub use missing::{Missing, MissingCount, MissingRun};
pub use options::{ReportOptions, Thresholds, Verdict};
pub use page::{InputInfo, PageInfo, page};
pub use row::Row;
pub use summary::{DOUBTFUL_BELOW, SideSummary, Summary};
pub use terminal::terminal;
pub use words::{SpellingCount, SpellingGroup, Spellings, Vocabulary};
