//! A user's own lexicon or glossary, in whichever of the formats it is.

use crate::error::Result;
use crate::lexicon_tsv::read_lexicon_tsv;
use crate::tbx::read_tbx;

/// An Arabic and an English word or term that translate each other.
#[derive(Clone, Debug, PartialEq)]
pub struct TermPair {
    /// As the file has it, on one line.
    pub arabic: String,
    /// As the file has it, on one line.
    pub english: String,
    /// How surely the two translate each other, 0 to 1; [`TermPair::DEFAULT_SIMILARITY`] where the file does not
    /// say.
    pub similarity: f32,
}

impl TermPair {
    /// The similarity of a pair that comes without one.
    ///
    /// It is 1: who puts a pair into a glossary means that the one stands for the other, and any
    /// less could lower what the lexicon inside the program knows of the pair.
    pub const DEFAULT_SIMILARITY: f32 = 1.0;
}

/// Reads a lexicon: TBX where the text begins with `<`, otherwise TSV.
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
    if text.trim_start().starts_with('<') { read_tbx(text) } else { read_lexicon_tsv(text) }
}

/// Makes a term one line with single spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
