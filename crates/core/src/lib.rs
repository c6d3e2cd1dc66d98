//! Aligns Arabic text with its English translation, sentence by sentence, and says how sure it is
//! of every pair.
//!
//! The crate is pure: it opens no file and prints nothing. Text is cut into segments by
//! [`segments`], an [`Encoder`] turns them into vectors (the package `nasaq-encoder` has one
//! inside; anyone can bring their own), and an [`Aligner`] finds the best path of beads and the
//! probability of each.
//!
//! ```
//! use nasaq::{Aligner, Encoder, EncoderError, Language, segments};
//!
//! /// A toy: a text's vector says how many question marks it has.
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
//! }
//!
//! let arabic = segments("من هناك؟ أنا سلمى.", Language::Arabic);
//! let english = segments("Who is there? It is me, Salma.", Language::English);
//! let alignment = Aligner::builder().build()?.align(&Questions, &arabic, &english, &[])?;
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
#[cfg(feature = "quality")]
mod filter;
mod finding;
mod language;
mod lexicon;
mod normalise;
mod parallel;
#[cfg(feature = "quality")]
mod quality;
mod quantity;
mod rung;
mod script;
mod segment;
mod sound;
mod split;
mod stem;

pub use align::{Aligner, AlignerBuilder, Anchor};
#[doc(hidden)]
pub use align::{DocumentEvidence, Weights};
pub use alignment::Alignment;
pub use bead::{Bead, BeadKind, Span};
pub use document_pair::{
    DocumentPair, DocumentPairs, DocumentSketch, LEAST_PAIR_SCORE, pair_documents,
};
pub use encoder::{DocumentVectors, Encoder, EncoderError, VectorRequest};
pub use error::{Error, ErrorKind, Result};
pub use eval::{Agreement, Evaluation, Tally, evaluate};
#[cfg(feature = "quality")]
pub use filter::{Account, BestOf, Cell, DEFAULT_FILTERS, FilterCount, Filters};
pub use finding::{Finding, FindingKind};
pub use language::Language;
pub use lexicon::{Lexicon, Translation};
pub use normalise::{Normalised, normalise, normalise_with_offsets};
#[cfg(feature = "quality")]
pub use quality::{
    CorpusBuilder, CorpusProfile, Curves, Direction, FEATURES, FaultModel, Feature, FeatureInfo,
    Features, Forbidden, Judgement, LENGTH_CLASSES, LengthClass, LengthProfile, Observation, Pair,
    PairCounts, PairQuality, QUALITY_BLOCK, QualityFile, QualityModel, QualityScorer, Share,
    text_key,
};
pub use quantity::{
    Amount, Quantity, QuantityComparison, QuantityKind, Written, compare_quantities, quantities,
};
pub use rung::Rung;
pub use script::{ScriptCounts, arabic_share};
pub use segment::{LineEnds, Segment, Segmenter, Sentences, items, lines, segments, sentences};
pub use sound::{Sounds, sound_distance};
pub use split::SplitAlignment;
pub use stem::{Words, is_function_stem, number, stem, stem_into, words};
