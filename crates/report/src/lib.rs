//! Says how good an alignment is: counts, doubtful beads, expected errors, findings.
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

mod summary;

pub use summary::{DOUBTFUL_BELOW, SideSummary, Summary};
