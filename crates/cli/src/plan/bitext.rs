//! The part of a plan that names the bitext to read.

use std::path::Path;

use nasaq::Language;
use nasaq_formats::{BitextInput, Format, TextColumns};

use crate::args::BitextArgs;
use crate::failure::Failure;
use crate::formats::PairsOutput;
use crate::paths::CommandPaths;
use crate::settings::language_tag;

/// A bitext to read, and the format to write.
#[derive(Clone, Debug)]
pub(crate) struct BitextPlan {
    /// Where it is; the path `-` is standard input.
    pub(crate) source: BitextInput,
    pub(crate) src_lang: Option<Language>,
    pub(crate) skip_bad: bool,
    /// The format of `--to`.
    pub(crate) to: Option<Format>,
}

impl BitextPlan {
    pub(crate) fn new(args: BitextArgs) -> Result<Self, Failure> {
        let path = args.input.ok_or_else(|| {
            Failure::usage("no bitext is named").hint("pass a file, or - for standard input")
        })?;
        if args.tgt.as_deref() == Some(Path::new("-"))
            || args.tgt.is_some() && path == Path::new("-")
        {
            return Err(Failure::usage("two line-aligned files cannot be standard input")
                .hint("write standard input to a file first"));
        }
        let is_one_file = |from: Format| from != Format::Moses;
        if args.tgt.is_some() && args.reading.from.is_some_and(is_one_file) {
            return Err(Failure::usage(
                "two files are read as line-aligned text, but --from names another format",
            )
            .hint("omit --from, or pass one file"));
        }
        let src_lang = args
            .reading
            .src_lang
            .map(|lang| language_tag("--src-lang", &lang).map(|tag| tag.language))
            .transpose()?;
        Ok(Self {
            source: BitextInput::file(path)
                .with_more(args.tgt)
                .with_format(args.reading.from)
                .with_columns(TextColumns::new(args.reading.src_column, args.reading.tgt_column))
                .with_encoding(args.reading.encoding),
            src_lang,
            skip_bad: args.reading.skip_bad,
            to: args.to,
        })
    }

    /// Checks an output of pairs that are read from this bitext.
    pub(super) fn output(
        &self,
        option: &'static str,
        path: Option<&Path>,
        paths: &CommandPaths,
    ) -> Result<PairsOutput, Failure> {
        PairsOutput::new(option, path, self.to, paths)
    }
}
