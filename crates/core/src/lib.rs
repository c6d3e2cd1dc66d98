//! Aligns Arabic text with its English translation, sentence by sentence, with a probability for
//! every pair.
//!
//! The crate opens no file and prints nothing. [`segments`] cuts text into segments, an [`Encoder`]
//! turns them into vectors (the package `nasaq-encoder` contains one; you can implement your own,
//! or pass [`PrecomputedVectors`]), and an [`Aligner`] finds the best path of beads and the
//! probability of each.
//!
//! ```
//! use nasaq::{Aligner, Encoder, EncoderError, Language, segments};
//!
//! /// A toy encoder: the direction of a vector is the number of question marks.
//! struct Questions;
//!
//! impl Encoder for Questions {
//!     fn dim(&self) -> usize {
//!         2
//!     }
//!     fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
//!         let angle = |text: &&str| text.matches(['?', '؟']).count() as f32;
//!         Ok(texts.iter().map(angle).flat_map(|angle| [angle.cos(), angle.sin()]).collect())
//!     }
//!     fn token_count(&self, text: &str) -> usize {
//!         text.chars().count()
//!     }
//! }
//!
//! let arabic = segments("من هناك؟ أنا سلمى.", Language::Arabic);
//! let english = segments("Who is there? It is me, Salma.", Language::English);
//! let alignment = Aligner::builder().build()?.align(&Questions, &arabic, &english)?;
//! let bead = alignment.beads()[0];
//! assert_eq!(bead.kind().to_string(), "1-1");
//! assert!(bead.probability > 0.5);
//! # Ok::<(), nasaq::Error>(())
//! ```
#![forbid(unsafe_code)]

mod align;
mod alignment;
mod bead;
mod document_pair;
mod encoder;
mod error;
mod eval;
mod finding;
mod parallel;
mod repeated;
mod rung;
mod split;
mod terms;

pub use align::{
    Aligner, AlignerBuilder, Anchor, Constraints, Monitor, Progress, Search, SegmentCue, WordLink,
    WordPlace,
};
#[cfg(feature = "unstable-tuning")]
pub use align::{DocumentEvidence, confidence, tuning};
pub use alignment::Alignment;
pub use bead::{Bead, BeadKind, ParseBeadKindError, Span};
pub use document_pair::{
    DocumentPair, DocumentPairs, DocumentSketch, MIN_PAIR_SCORE, UnpairedDocument, pair_documents,
};
pub use encoder::{
    CheckedEncoder, DocumentSide, DocumentVectors, Encoder, EncoderError, PairVectors,
    PrecomputedVectors, RunRequest, SegmentIndices, VectorRequest,
};
pub use error::{Error, ErrorKind, Result};
pub use eval::{Agreement, Evaluation, Tally, evaluate};
pub use finding::{Finding, FindingKind};
pub use rung::Rung;
pub use split::SplitAlignment;
pub use terms::{Term, TermFinder, TermSettings};

pub use nasaq_kernels::{Isa, Kernel};
pub use nasaq_text::{
    Abbreviations, Language, Lexicon, LineEnds, Segment, Segmenter, Sentences, Translation,
    ends_with_stop, is_running, items, lines, possible_paragraphs, segments, sentences,
};
