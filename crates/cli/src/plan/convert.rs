//! The plan of `nasaq convert`.

use std::collections::HashSet;
use std::path::Path;

use nasaq_formats::{BitextInput, Format, TextColumns};

use crate::args::ConvertArgs;
use crate::command::report::SkippedFiles;
use crate::failure::Failure;
use crate::formats::{PairsOutput, check_tag};
use crate::inputs::{NamedFiles, bitexts, named_files};
use crate::paths::CommandPaths;

/// What `nasaq convert` will do.
#[derive(Debug)]
pub(crate) struct ConvertPlan {
    pub(crate) sources: Vec<BitextInput>,
    /// The languages of `--src-lang` and `--tgt-lang`.
    pub(crate) languages: [Option<String>; 2],
    /// The columns to keep besides the texts; `None` means all.
    pub(crate) columns: Option<Vec<SelectedColumn>>,
    pub(crate) skip_bad: bool,
    /// What is not read of the folders that are named.
    pub(crate) skipped: Vec<SkippedFiles>,
    pub(crate) output: PairsOutput,
}

/// A column of `--columns`.
#[derive(Clone, Debug)]
pub(crate) struct SelectedColumn {
    /// Its name, or its position from 1.
    pub(crate) column: String,
    /// Its new name.
    pub(crate) rename: Option<String>,
}

impl SelectedColumn {
    /// Parses `NAME` or `NAME=NEW`.
    fn parse(text: &str) -> Self {
        match text.split_once('=') {
            Some((column, new)) if !new.is_empty() => {
                Self { column: column.to_owned(), rename: Some(new.to_owned()) }
            }
            _ => Self { column: text.to_owned(), rename: None },
        }
    }
}

impl ConvertPlan {
    pub(crate) fn new(args: ConvertArgs, paths: &CommandPaths) -> anyhow::Result<Self> {
        let NamedFiles { files, skipped } = named_files(&args.inputs)?;
        let sources = bitexts(files, args.from)?;
        let path = sources.first().map(|source| source.path.clone()).unwrap_or_default();
        if sources.iter().any(|source| source.more.iter().any(|path| path == Path::new("-"))) {
            return Err(Failure::usage("only the first input may be standard input")
                .hint("write the others to files first")
                .into());
        }
        check_language("--src-lang", args.src_lang.as_deref())?;
        check_language("--tgt-lang", args.tgt_lang.as_deref())?;
        let mut columns = args.columns.iter().map(|column| SelectedColumn::parse(column));
        let (src, tgt) = (columns.next(), columns.next());
        if src.is_some() && tgt.is_none() {
            return Err(Failure::usage("--columns has only one column")
                .hint("name the source, the target, then the others to keep: --columns 3,2,1=id")
                .into());
        }
        let columns: Option<Vec<SelectedColumn>> = src.is_some().then(|| columns.collect());
        refuse_repeated(src.iter().chain(&tgt).chain(columns.iter().flatten()))?;
        let mut output = PairsOutput::new("-o", args.output.as_deref(), args.to, paths)?
            .with_properties(args.properties)
            .with_min_probability(args.min_probability);
        output.options.no_header = args.no_header;
        // A new file gets a byte order mark; one that is converted from CSV has one if the input had.
        let was_csv = args.from == Some(Format::Csv)
            || args.from.is_none()
                && Format::from_path(&path).is_ok_and(|from| from == Format::Csv);
        output.options.bom = if args.no_bom { Some(false) } else { (!was_csv).then_some(true) };
        let [src, tgt] = [src, tgt].map(|selected| selected.map(|selected| selected.column));
        let text_columns =
            TextColumns::new(src, tgt).with_escaped(args.escapes).with_quoted(args.quotes);
        let languages = [args.src_lang, args.tgt_lang];
        let sources = sources.into_iter().map(|source| {
            let is_stdin = source.path == Path::new("-");
            source
                .with_format(args.from)
                .with_columns(text_columns.clone())
                .with_encoding(args.encoding)
                .with_languages(languages.clone())
                .selecting_languages(true)
                .with_name(is_stdin.then(|| "standard input".to_owned()))
        });
        Ok(Self {
            sources: sources.collect(),
            languages: languages.clone(),
            columns,
            skip_bad: args.skip_bad,
            skipped,
            output,
        })
    }
}

/// Refuses a column that is named twice.
fn refuse_repeated<'c>(columns: impl Iterator<Item = &'c SelectedColumn>) -> Result<(), Failure> {
    let mut known = HashSet::new();
    match columns.into_iter().find(|column| !known.insert(&column.column)) {
        None => Ok(()),
        Some(SelectedColumn { column, .. }) => {
            Err(Failure::usage(format!("--columns names the column \"{column}\" twice"))
                .hint("name each column once: --columns 3,2,1=id"))
        }
    }
}

/// Refuses what cannot be a language tag.
fn check_language(option: &str, tag: Option<&str>) -> Result<(), Failure> {
    tag.map_or(Ok(()), check_tag).map_err(|_| {
        Failure::usage(format!("{option} is not a language tag"))
            .hint("pass a tag such as ar, en or ar-EG")
    })
}
