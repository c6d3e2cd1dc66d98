//! The settings of an alignment, from the command line.

use std::path::{Path, PathBuf};

use nasaq_encoder::Precision;
use nasaq_job::{LanguageTag, ModelSource, Settings, UserLexicon};
use nasaq_kernels::Isa;

use crate::args::document::{DocumentArgs, Lines, SideArgs};
use crate::args::{AlignArgs, ReviewArgs};
use crate::failure::Failure;

/// Parses a language; messages name the option.
pub(crate) fn language_tag(option: &str, text: &str) -> Result<LanguageTag, Failure> {
    text.parse().map_err(|failure: Failure| {
        Failure::usage(format!("{option} {text}: {}", failure.reason()))
            .hint("nasaq aligns Arabic with English, in either order")
    })
}

/// Returns the languages of both sides; a side that is not given has the other language.
pub(crate) fn languages(src: Option<&str>, tgt: Option<&str>) -> Result<[LanguageTag; 2], Failure> {
    let src = src.map(|text| language_tag("--src-lang", text)).transpose()?;
    let tgt = tgt.map(|text| language_tag("--tgt-lang", text)).transpose()?;
    LanguageTag::pair(src, tgt)
}

/// Checks the settings of `nasaq align`, and reads the lexicons.
pub(crate) fn settings(args: &AlignArgs) -> Result<Settings, Failure> {
    let mut settings = aligner_settings(AlignerArgs::from(args))?;
    settings.lean = !args.properties;
    settings.min_probability = args.min_probability;
    settings.words = args.words;
    Ok(settings)
}

/// Checks the settings of `nasaq review`, and reads the lexicons.
pub(crate) fn review_settings(args: &ReviewArgs) -> Result<Settings, Failure> {
    aligner_settings(AlignerArgs::from(args))
}

/// The arguments of every command that aligns documents.
#[derive(Clone, Copy)]
struct AlignerArgs<'a> {
    documents: &'a DocumentArgs,
    sides: &'a SideArgs,
    languages: [Option<&'a str>; 2],
    segmented: bool,
    split_long: bool,
    monotone: bool,
    lexicons: &'a [PathBuf],
    threads: Option<u16>,
    precision: Precision,
    kernel: Option<Isa>,
    model: Option<&'a Path>,
}

macro_rules! aligner_args {
    ($($args:ty),*) => {$(
        impl<'a> From<&'a $args> for AlignerArgs<'a> {
            fn from(args: &'a $args) -> Self {
                Self {
                    documents: &args.documents,
                    sides: &args.sides,
                    languages: [args.src_lang.as_deref(), args.tgt_lang.as_deref()],
                    segmented: args.segmented,
                    split_long: args.split_long,
                    monotone: args.monotone,
                    lexicons: &args.lexicon,
                    threads: args.threads,
                    precision: args.precision,
                    kernel: args.kernel,
                    model: args.model.as_deref(),
                }
            }
        }
    )*};
}

aligner_args!(AlignArgs, ReviewArgs);

fn aligner_settings(args: AlignerArgs<'_>) -> Result<Settings, Failure> {
    if args.split_long && args.segmented {
        return Err(Failure::usage("--split-long divides segments and --segmented keeps them")
            .hint("omit one of them"));
    }
    let has_sentence_options =
        args.documents.lines != Lines::Auto || args.documents.abbreviations.is_some();
    if args.segmented && has_sentence_options {
        return Err(Failure::usage(
            "--segmented takes each line as a segment; --lines and --abbreviations divide the text",
        )
        .hint("omit one of them"));
    }
    let [src, tgt] = args.languages;
    let mut settings = Settings::default();
    settings.line_ends = args.documents.lines.into();
    settings.abbreviations = args.documents.abbreviations()?;
    settings.languages = languages(src, tgt)?;
    settings.segmented = args.segmented;
    settings.split_long = args.split_long;
    settings.monotone = args.monotone;
    settings.lexicons =
        args.lexicons.iter().map(|path| UserLexicon::read(path)).collect::<Result<_, _>>()?;
    settings.threads = args.threads.map(usize::from);
    settings.precision = args.precision;
    settings.kernel = args.kernel;
    settings.model = model(args.model);
    let readers = args.documents.readers(args.sides);
    settings.readers =
        [0, 1].map(|side| readers[side].language(Some(settings.languages[side].language)));
    Ok(settings)
}

/// Returns the source of the model that `--model` names.
pub(crate) fn model(path: Option<&Path>) -> ModelSource {
    path.map_or(ModelSource::Builtin, |path| ModelSource::File(path.to_owned()))
}
