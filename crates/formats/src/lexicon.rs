//! The lexicon or glossary of a user, in any of its formats.

use crate::error::Result;
use crate::lexicon_csv;
use crate::lexicon_tsv::read_lexicon_tsv;
use crate::tbx::read_tbx;

/// An Arabic and an English term that are translations of each other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TermPair {
    /// The Arabic term as the file has it, on one line.
    pub arabic: String,
    /// The English term as the file has it, on one line.
    pub english: String,
    /// How certainly the two are translations, 0 to 1; [`TermPair::DEFAULT_SIMILARITY`] if the file
    /// has no value.
    pub similarity: f32,
}

impl TermPair {
    /// The similarity of a pair without one.
    ///
    /// It is 1: a pair in a glossary is meant as a translation, and a lower value could be below
    /// that of the built-in lexicon.
    pub const DEFAULT_SIMILARITY: f32 = 1.0;

    /// Returns a pair with the default similarity.
    #[must_use]
    pub fn new(arabic: impl Into<String>, english: impl Into<String>) -> Self {
        Self {
            arabic: arabic.into(),
            english: english.into(),
            similarity: Self::DEFAULT_SIMILARITY,
        }
    }

    /// Sets how certainly the two are translations, 0 to 1.
    #[must_use]
    pub fn with_similarity(mut self, similarity: f32) -> Self {
        self.similarity = similarity;
        self
    }
}

/// Reads a lexicon: TBX if the text begins with `<`; CSV if its first row has no tab but a comma or a
/// semicolon; otherwise TSV.
///
/// ```
/// let pairs = nasaq_formats::read_lexicon("aligner\tمُصفّف\nbead\tخرزة\t0.5\n")?;
/// assert_eq!((pairs[0].arabic.as_str(), pairs[0].english.as_str()), ("مُصفّف", "aligner"));
/// assert_eq!([pairs[0].similarity, pairs[1].similarity], [1.0, 0.5]);
/// # Ok::<(), nasaq_formats::Error>(())
/// ```
///
/// # Errors
/// Those of [`read_tbx`] and [`read_lexicon_tsv`].
pub fn read_lexicon(text: &str) -> Result<Vec<TermPair>> {
    if text.trim_start().starts_with('<') {
        return read_tbx(text);
    }
    match lexicon_csv::delimiter(text) {
        Some(delimiter) => lexicon_csv::read(text, delimiter),
        None => read_lexicon_tsv(text),
    }
}

/// Returns a term on one line with single spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
