//! What an alignment depends on besides its texts, as it was asked for.

use std::path::PathBuf;

use nasaq::Language;
use nasaq_encoder::Precision;
use nasaq_formats::DocumentReader;
use nasaq_kernels::Isa;

use crate::args::AlignArgs;
use crate::failure::Failure;
use crate::lexicon::{UserLexicon, read_user_lexicon};

/// A language and the tag that the user gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LanguageTag {
    pub(crate) language: Language,
    /// As BCP 47 writes it, `ar-EG`.
    pub(crate) tag: String,
}

impl LanguageTag {
    pub(crate) fn parse(option: &str, text: &str) -> Result<Self, Failure> {
        match text.parse::<Language>() {
            // A three-letter code has a two-letter form, which is the one that tags use.
            Ok(language) if !text.contains(['-', '_']) => {
                Ok(Self { language, tag: language.code().to_owned() })
            }
            Ok(language) => Ok(Self { language, tag: text.replace('_', "-") }),
            Err(error) => Err(Failure::usage(format!("{option} {text}: {error}"))
                .hint("nasaq aligns Arabic with English, in either order")),
        }
    }

    fn of(language: Language) -> Self {
        Self { language, tag: language.code().to_owned() }
    }
}

/// Settings of every document's alignment.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) src_lang: LanguageTag,
    pub(crate) tgt_lang: LanguageTag,
    pub(crate) segmented: bool,
    pub(crate) split_long: bool,
    pub(crate) lexicons: Vec<UserLexicon>,
    pub(crate) threads: Option<usize>,
    pub(crate) precision: Precision,
    pub(crate) kernel: Option<Isa>,
    pub(crate) model: Option<PathBuf>,
    /// How both sides' documents are read.
    pub(crate) readers: [DocumentReader; 2],
}

impl Settings {
    /// Tells whether the user says that documents have blocks.
    pub(crate) fn says_blocks(&self) -> bool {
        self.readers.iter().any(DocumentReader::has_block_format)
    }

    /// Checks them, and reads the lexicons.
    pub(crate) fn new(args: &AlignArgs) -> anyhow::Result<Self> {
        if args.split_long && args.segmented {
            return Err(Failure::usage(
                "--split-long cuts sentences and --segmented keeps the lines",
            )
            .hint("leave one of them out")
            .into());
        }
        let (src_lang, tgt_lang) = languages(args.src_lang.as_deref(), args.tgt_lang.as_deref())?;
        Ok(Self {
            src_lang,
            tgt_lang,
            segmented: args.segmented,
            split_long: args.split_long,
            lexicons: args
                .lexicon
                .iter()
                .map(|path| read_user_lexicon(path))
                .collect::<Result<_, _>>()?,
            threads: args.threads.map(usize::from),
            precision: args.precision,
            kernel: args.kernel,
            model: args.model.clone(),
            readers: args.documents.readers(&args.sides),
        })
    }
}

/// Finds the languages; one that is not given is the other one.
pub(crate) fn languages(
    src: Option<&str>,
    tgt: Option<&str>,
) -> Result<(LanguageTag, LanguageTag), Failure> {
    let other = |tag: &LanguageTag| match tag.language {
        Language::Arabic => LanguageTag::of(Language::English),
        Language::English => LanguageTag::of(Language::Arabic),
    };
    let src = src.map(|text| LanguageTag::parse("--src-lang", text)).transpose()?;
    let tgt = tgt.map(|text| LanguageTag::parse("--tgt-lang", text)).transpose()?;
    let (src, tgt) = match (src, tgt) {
        (None, None) => (LanguageTag::of(Language::Arabic), LanguageTag::of(Language::English)),
        (Some(src), None) => (src.clone(), other(&src)),
        (None, Some(tgt)) => (other(&tgt), tgt),
        (Some(src), Some(tgt)) => (src, tgt),
    };
    if src.language == tgt.language {
        return Err(Failure::usage(format!("both languages are {}", src.language))
            .hint("nasaq aligns Arabic with English, in either order"));
    }
    Ok((src, tgt))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(src: Option<&str>, tgt: Option<&str>) -> Option<(String, String)> {
        languages(src, tgt).ok().map(|(src, tgt)| (src.tag, tgt.tag))
    }

    #[test]
    fn the_language_not_given_is_the_other_one() {
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(tags(None, None), pair("ar", "en"));
        assert_eq!(tags(Some("en"), None), pair("en", "ar"));
        assert_eq!(tags(None, Some("ara")), pair("en", "ar"));
        assert_eq!(tags(Some("ar_EG"), Some("en-GB")), pair("ar-EG", "en-GB"));
        assert_eq!(tags(Some("ar"), Some("ar-EG")), None);
        assert_eq!(tags(Some("fr"), None), None);
    }
}
