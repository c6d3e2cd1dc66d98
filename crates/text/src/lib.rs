//! Arabic and English text processing: sentence segmentation, normalisation, words and stems,
//! numbers and dates, names by sound, and a bilingual lexicon.
//!
//! The crate opens no file, prints nothing and starts no thread, and it needs no model.
//!
//! # Sentences
//!
//! [`segments`] splits a text into sentences, with their byte offsets; abbreviations, initials,
//! list numbers and quoted speech do not end one. [`Segmenter`] has the settings, and [`clauses`]
//! finds where a long Arabic sentence may be cut further.
//!
//! ```
//! use nasaq_text::{Language, segments};
//!
//! let segments = segments("وصل د. سامي. لم ينتظره أحد.", Language::Arabic);
//! assert_eq!(segments[1].text, "لم ينتظره أحد.");
//! assert_eq!(segments[1].bytes(), 21..46);
//! ```
//!
//! # Words
//!
//! [`normalise()`] maps the spellings of a word to one form, [`words`] finds the words, and [`stem()`]
//! removes articles, particles and endings.
//!
//! ```
//! use nasaq_text::{Language, normalise, stem, words};
//!
//! let text = normalise("كَتَبَ الطالبُ ١٢ كـتاباً");
//! assert_eq!(text, "كتب الطالب 12 كتابا");
//! let stems: Vec<String> = words(&text).map(|word| stem(word, Language::Arabic)).collect();
//! assert_eq!(stems, ["كتب", "طالب", "12", "كتاب"]);
//! ```
//!
//! # Numbers
//!
//! [`quantities`] reads numbers in digits and in words, dates and times, and
//! [`compare_quantities`] finds those that a translation lacks.
//!
//! ```
//! use nasaq_text::{Language, compare_quantities, normalise, quantities};
//!
//! let arabic = normalise("دفع خمسة وعشرين ريالاً في آب ١٩٩٥");
//! let arabic = quantities(&arabic, Language::Arabic);
//! let english = quantities("He paid 25 riyals in July 1995", Language::English);
//! let comparison = compare_quantities(&arabic, &english);
//! // 25 and 1995 match; August does not.
//! assert_eq!(comparison.src, [Some(0), None, Some(2)]);
//! ```
//!
//! # Features
//!
//! - `builtin-lexicon` (default): [`Lexicon::builtin`], which adds about 1.5 MB.
//! - `serde`: `Serialize` for [`Segment`] and [`Language`], `Deserialize` for [`Language`].
#![forbid(unsafe_code)]

mod clause;
mod error;
mod language;
mod lazy;
mod lexicon;
mod normalise;
mod quantity;
mod script;
mod segment;
mod sound;
mod stem;
mod word_set;

pub use clause::{ClauseBreaks, clauses};
pub use error::{Error, ErrorKind, Result};
pub use language::Language;
pub use lexicon::{Lexicon, Translation};
pub use normalise::{
    Normalised, TATWEEL, has_content, is_arabic_mark, is_ignorable, normalise,
    normalise_with_offsets,
};
pub use quantity::{
    Amount, Notation, Quantity, QuantityComparison, QuantityKind, compare_quantities, quantities,
};
pub use script::{ScriptCounts, arabic_share, is_arabic_letter, is_letter};
pub use segment::{
    Abbreviations, LineEnds, Segment, Segmenter, Sentences, ends_with_stop, is_running, items,
    lines, possible_paragraphs, segments, sentences,
};
pub use sound::{Sounds, sound_distance};
pub use stem::{Words, canonical_number, is_function_stem, stem, stem_into, words};
