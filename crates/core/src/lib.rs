//! Core of nasaq.
#![forbid(unsafe_code)]

mod bead;
mod error;
mod language;
mod rung;
mod segment;

pub use bead::{Bead, BeadKind, Span};
pub use error::{Error, ErrorKind, Result};
pub use language::Language;
pub use rung::Rung;
pub use segment::Segment;
