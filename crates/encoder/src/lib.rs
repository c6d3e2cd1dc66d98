//! The sentence encoder embedded in nasaq.
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

mod document;
mod embedding;
mod encoder;
mod error;
mod head;
mod layer;
mod model;
mod network;
mod piece_layers;
mod pieces;
mod tokenizer;

pub use encoder::CnnEncoder;
pub use error::{Error, ErrorKind, Result};
pub use layer::{Int8Scales, Precision};
pub use model::{ROWS_A_FRAME, pack};
pub use tokenizer::Tokenizer;
