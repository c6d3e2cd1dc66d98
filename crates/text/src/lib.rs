//! Arabic and English text as an aligner needs it: sentences, normal forms, words and stems, numbers
//! and dates, names by their sound, scripts, and a bilingual lexicon.
//!
//! The crate opens no file, prints nothing, and starts no thread.
//!
//! ```
//! use nasaq_text::{Language, segments};
//!
//! let segments = segments("وصل القطار. لم ينتظره أحد.", Language::Arabic);
//! assert_eq!(segments[1].text, "لم ينتظره أحد.");
//! ```
#![forbid(unsafe_code)]

mod error;
mod language;
mod lexicon;
mod normalise;
mod quantity;
mod script;
mod segment;
mod sound;
mod stem;

pub use error::{Error, ErrorKind, Result};
pub use language::Language;
pub use lexicon::{Lexicon, Translation};
pub use normalise::{
    Normalised, TATWEEL, has_content, is_arabic_mark, is_ignorable, normalise,
    normalise_with_offsets,
};
pub use quantity::{
    Amount, Quantity, QuantityComparison, QuantityKind, Written, compare_quantities, quantities,
};
pub use script::{ScriptCounts, arabic_share, is_arabic_letter};
pub use segment::{LineEnds, Segment, Segmenter, Sentences, items, lines, segments, sentences};
pub use sound::{Sounds, sound_distance};
pub use stem::{Words, is_function_stem, number, stem, stem_into, words};
