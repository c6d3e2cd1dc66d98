//! Core of nasaq.
#![forbid(unsafe_code)]

mod align;
mod alignment;
mod bead;
mod encoder;
mod error;
mod eval;
mod language;
mod lexicon;
mod normalise;
mod parallel;
mod rung;
mod script;
mod segment;
mod stem;

#[doc(hidden)]
pub use align::Weights;
pub use align::{Aligner, AlignerBuilder, Anchor};
pub use alignment::Alignment;
pub use bead::{Bead, BeadKind, Span};
pub use encoder::{DocumentVectors, Encoder, EncoderError, VectorRequest};
pub use error::{Error, ErrorKind, Result};
pub use eval::{Agreement, Evaluation, Tally, evaluate};
pub use language::Language;
pub use lexicon::{Lexicon, Translation};
pub use normalise::{Normalised, normalise, normalise_with_offsets};
pub use rung::Rung;
pub use script::{ScriptCounts, arabic_share};
pub use segment::{LineEnds, Segment, Segmenter, Sentences, lines, segments, sentences};
pub use stem::{Words, is_function_stem, number, stem, stem_into, words};
