//! The part of a plan that names the bitexts to read.

use std::path::Path;

use nasaq::Language;
use nasaq_formats::{BitextInput, Format, TextColumns, language_of_tag};

use crate::args::{BitextArgs, ReadingArgs};
use crate::command::report::SkippedFiles;
use crate::failure::Failure;
use crate::formats::{PairsOutput, check_tag};
use crate::inputs::{NamedFiles, bitexts, named_files};
use crate::paths::CommandPaths;

/// The bitexts to read, one after the other, and the format to write.
#[derive(Clone, Debug)]
pub(crate) struct BitextPlan {
    /// Where they are; the path `-` is standard input.
    pub(crate) sources: Vec<BitextInput>,
    pub(crate) src_lang: Option<Language>,
    pub(crate) skip_bad: bool,
    /// The format of `--to`.
    pub(crate) to: Option<Format>,
    /// Whether translation memories get nasaq's properties.
    pub(crate) properties: bool,
    /// What is not read of the folders that are named.
    pub(crate) skipped: Vec<SkippedFiles>,
}

impl BitextPlan {
    pub(crate) fn new(args: BitextArgs) -> anyhow::Result<Self> {
        if args.inputs.is_empty() {
            return Err(Failure::usage("no bitext is named")
                .hint("pass a file, or - for standard input")
                .into());
        }
        let NamedFiles { files, skipped } = named_files(&args.inputs)?;
        let sources = bitexts(files, args.reading.from)?;
        let plan = Self::of_sources(sources, args.reading, args.to, args.properties)?;
        Ok(Self { skipped, ..plan })
    }

    /// Returns the plan for sources that are known.
    pub(crate) fn of_sources(
        sources: Vec<BitextInput>,
        reading: ReadingArgs,
        to: Option<Format>,
        properties: bool,
    ) -> anyhow::Result<Self> {
        for source in &sources {
            if source.more.iter().any(|path| path == Path::new("-"))
                || !source.more.is_empty() && source.path == Path::new("-")
            {
                return Err(Failure::usage("two line-aligned files cannot be standard input")
                    .hint("write standard input to a file first")
                    .into());
            }
        }
        let language = |option: &str, tag: &Option<String>| -> Result<Option<Language>, Failure> {
            let Some(tag) = tag else { return Ok(None) };
            let known = check_tag(tag).ok().and_then(|()| language_of_tag(tag));
            known.map(Some).ok_or_else(|| {
                Failure::usage(format!("{option} {tag}: this is neither Arabic nor English"))
                    .hint("pass a tag as the bitext has it, such as ar, ara, arz, en or en-US")
            })
        };
        let src = language("--src-lang", &reading.src_lang)?;
        let tgt = language("--tgt-lang", &reading.tgt_lang)?;
        if src.is_some() && src == tgt {
            return Err(Failure::usage("--src-lang and --tgt-lang are the same language")
                .hint("one is Arabic and the other English")
                .into());
        }
        let other = |lang| match lang {
            Language::Arabic => Language::English,
            Language::English => Language::Arabic,
        };
        let columns = TextColumns::new(reading.src_column, reading.tgt_column);
        let languages = [reading.src_lang, reading.tgt_lang];
        let encoding = reading.encoding;
        let sources = sources.into_iter().map(|source| {
            source
                .with_format(reading.from)
                .with_columns(columns.clone())
                .with_languages(languages.clone())
                .with_encoding(encoding)
        });
        Ok(Self {
            sources: sources.collect(),
            src_lang: src.or_else(|| tgt.map(other)),
            skip_bad: reading.skip_bad,
            to,
            properties,
            skipped: Vec::new(),
        })
    }

    /// Checks an output of pairs that are read from this bitext.
    pub(super) fn output(
        &self,
        option: &'static str,
        path: Option<&Path>,
        paths: &CommandPaths,
    ) -> Result<PairsOutput, Failure> {
        Ok(PairsOutput::new(option, path, self.to, paths)?.with_properties(self.properties))
    }
}
