//! The sentence encoder embedded in nasaq: a tokenizer, a convolutional network, and exact vectors
//! of all blocks of a document from one pass over its tokens.
//!
//! ```
//! use nasaq::Encoder;
//! use nasaq_encoder::CnnEncoder;
//!
//! let encoder = CnnEncoder::builtin()?;
//! let vectors = encoder.encode(&["الكتاب على الطاولة.", "The book is on the table."])?;
//! let (arabic, english) = vectors.split_at(encoder.dim());
//! let cosine: f32 = arabic.iter().zip(english).map(|(a, e)| a * e).sum();
//! assert!(cosine > 0.8);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```
#![forbid(unsafe_code)]

mod branch;
mod chunk;
mod document;
mod embedding;
mod encoder;
mod error;
mod family;
mod head;
mod layer;
mod model;
mod network;
mod stage;
mod texts;
mod token_layers;
mod token_table;
mod tokenizer;

pub use document::release_thread_memory;
pub use encoder::CnnEncoder;
#[cfg(feature = "builtin-model")]
pub use encoder::builtin_model;
pub use error::{Error, ErrorKind, Result};
pub use layer::{Int8Scales, Precision};
pub use model::{ROWS_PER_FRAME, pack};
#[doc(hidden)]
pub use stage::Stage;
#[cfg(feature = "unstable-stages")]
#[doc(hidden)]
pub use stage::{StageTotal, take_stage_totals};
pub use tokenizer::Tokenizer;
