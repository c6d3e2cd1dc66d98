//! Settings: everything that an alignment depends on besides its texts.

use std::path::PathBuf;
use std::str::FromStr;

use nasaq::{Abbreviations, Language, LineEnds, Segmenter};
use nasaq_encoder::Precision;
use nasaq_formats::DocumentReader;
use nasaq_kernels::Isa;

use crate::failure::{Failure, FailureStatus, Result};
use crate::lexicon::UserLexicon;

/// A language and the tag that output files have for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LanguageTag {
    /// The language.
    pub language: Language,
    /// A BCP 47 tag, such as `ar-EG`.
    pub tag: String,
}

impl LanguageTag {
    /// Returns the tags of both sides; a side that is not given has the other language.
    ///
    /// By default the source is Arabic and the target English.
    ///
    /// # Errors
    /// A [`Failure`] if both sides have the same language.
    pub fn pair(src: Option<Self>, tgt: Option<Self>) -> Result<[Self; 2]> {
        let other = |tag: &Self| match tag.language {
            Language::Arabic => Self::from(Language::English),
            Language::English => Self::from(Language::Arabic),
        };
        let [src, tgt] = match (src, tgt) {
            (None, None) => [Language::Arabic, Language::English].map(Self::from),
            (Some(src), None) => [src.clone(), other(&src)],
            (None, Some(tgt)) => [other(&tgt), tgt],
            (Some(src), Some(tgt)) => [src, tgt],
        };
        if src.language == tgt.language {
            return Err(Failure::usage(format!("both languages are {}", src.language))
                .hint("nasaq aligns Arabic with English, in either order"));
        }
        Ok([src, tgt])
    }
}

impl From<Language> for LanguageTag {
    fn from(language: Language) -> Self {
        Self { language, tag: language.code().to_owned() }
    }
}

impl FromStr for LanguageTag {
    type Err = Failure;

    /// Parses a code or a tag, such as `ar`, `ara` or `ar_EG`.
    fn from_str(text: &str) -> Result<Self> {
        match text.parse::<Language>() {
            // A three-letter code has a two-letter form, which is the one that tags use.
            Ok(language) if !text.contains(['-', '_']) => Ok(language.into()),
            Ok(language) => Ok(Self { language, tag: text.replace('_', "-") }),
            Err(error) => Err(Failure::of("setting", error)
                .with_status(FailureStatus::Usage)
                .hint("nasaq aligns Arabic with English, in either order")),
        }
    }
}

/// Where the encoder's model comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelSource {
    /// The model inside the program, which all engines of a process share.
    #[default]
    Builtin,
    /// A model file.
    File(PathBuf),
    /// The bytes of a model file.
    Bytes(Vec<u8>),
}

/// Settings of an [`Engine`](crate::Engine).
///
/// Start from [`Settings::default`] and change what differs:
///
/// ```
/// let mut settings = nasaq_job::Settings::default();
/// settings.split_long = true;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The languages of source and target; by default Arabic and English.
    pub languages: [LanguageTag; 2],
    /// Take each line of a document as a segment, in place of sentences. By default off.
    pub segmented: bool,
    /// How the line ends of plain text are treated; by default on evidence.
    pub line_ends: LineEnds,
    /// Abbreviations after which no sentence ends, besides the built-in ones.
    pub abbreviations: Abbreviations,
    /// Split long Arabic sentences where the English has a sentence boundary. By default off.
    pub split_long: bool,
    /// Report the words of each bead that translate each other. By default off.
    pub words: bool,
    /// Leave moved text unaligned, so that all beads are in order on both sides. By default off.
    pub monotone: bool,
    /// How many segments of both sides a bead may hold, 2 to 16; by default the aligner's 10.
    /// From 10 on, one long segment may have up to 60 counterparts.
    pub max_segments: Option<usize>,
    /// Terms that are added to the built-in lexicon.
    pub lexicons: Vec<UserLexicon>,
    /// Threads to use; by default one per core. Results do not depend on it.
    pub threads: Option<usize>,
    /// The precision of the encoder; by default 8-bit integers.
    pub precision: Precision,
    /// The instruction set to compute with; by default the best of the processor. Results do not
    /// depend on it.
    pub kernel: Option<Isa>,
    /// The model of the encoder.
    pub model: ModelSource,
    /// How the documents of both sides are read.
    pub readers: [DocumentReader; 2],
    /// Write translation memories without nasaq's properties. By default off.
    pub lean: bool,
    /// Translation memories omit pairs with a lower probability. By default 0.5: such a pair is more
    /// probably wrong than right.
    pub min_probability: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            languages: [Language::Arabic, Language::English].map(LanguageTag::from),
            segmented: false,
            line_ends: LineEnds::default(),
            abbreviations: Abbreviations::new(),
            split_long: false,
            words: false,
            monotone: false,
            max_segments: None,
            lexicons: Vec::new(),
            threads: None,
            precision: Precision::default(),
            kernel: None,
            model: ModelSource::default(),
            readers: [DocumentReader::default(); 2],
            lean: false,
            min_probability: 0.5,
        }
    }
}

impl Settings {
    /// Returns what divides documents in a language into sentences.
    #[must_use]
    pub fn segmenter(&self, language: Language) -> Segmenter {
        Segmenter::new(language).line_ends(self.line_ends).abbreviations(self.abbreviations.clone())
    }

    /// Reports whether documents are read with the default settings, apart from their languages: a
    /// text in a stream has no format, encoding or markup.
    #[must_use]
    pub fn reads_plain_text(&self) -> bool {
        self.readers.iter().all(|reader| reader.language(None) == DocumentReader::new())
    }

    /// Reports whether a document format with blocks (everything but plain text) is set.
    pub(crate) fn names_blocks(&self) -> bool {
        self.readers.iter().any(DocumentReader::has_block_format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(src: Option<&str>, tgt: Option<&str>) -> Option<[String; 2]> {
        let parse = |text: Option<&str>| text.map(str::parse).transpose().ok();
        LanguageTag::pair(parse(src)?, parse(tgt)?).ok().map(|pair| pair.map(|tag| tag.tag))
    }

    #[test]
    fn the_language_not_given_is_the_other_one() {
        let pair = |src: &str, tgt: &str| Some([src.to_owned(), tgt.to_owned()]);
        assert_eq!(tags(None, None), pair("ar", "en"));
        assert_eq!(tags(Some("en"), None), pair("en", "ar"));
        assert_eq!(tags(None, Some("ara")), pair("en", "ar"));
        assert_eq!(tags(Some("ar_EG"), Some("en-GB")), pair("ar-EG", "en-GB"));
        assert_eq!(tags(Some("ar"), Some("ar-EG")), None);
        assert_eq!(tags(Some("fr"), None), None);
    }
}
