//! What `nasaq align --corpus` will do.

use std::path::PathBuf;

use nasaq_formats::{DocumentFormat, Format, OutputTarget};

use super::entry::{Corpus, Place};
use super::manifest::Manifest;
use super::memory;
use super::pairing;
use crate::args::{AlignArgs, OutputFormat};
use crate::failure::Failure;
use crate::settings::Settings;

/// A checked command line, and the documents that it names.
#[derive(Debug)]
pub(crate) struct CorpusPlan {
    pub(crate) settings: Settings,
    pub(crate) corpus: Corpus,
    /// None in a dry run that was told no folder.
    pub(crate) output: Option<PathBuf>,
    pub(crate) format: Format,
    pub(crate) shard_size: Option<usize>,
    pub(crate) max_memory: u64,
    pub(crate) dry_run: bool,
    pub(crate) metrics: Option<PathBuf>,
    /// Print the totals as JSON on standard output.
    pub(crate) json: bool,
}

impl CorpusPlan {
    pub(crate) fn new(args: AlignArgs) -> anyhow::Result<Self> {
        let settings = Settings::new(&args)?;
        if args.output.is_none() && !args.dry_run {
            return Err(Failure::usage("--corpus writes a folder")
                .hint("name it with -o, or look at what there is with --dry-run")
                .into());
        }
        if let Some(output) = &args.output
            && output.exists()
            && !output.is_dir()
        {
            return Err(Failure::usage(format!("-o {} is no folder", output.display()))
                .hint("--corpus writes a folder; choose another name")
                .into());
        }
        if let Some(path) = &args.metrics {
            OutputTarget::new(Some(path)).map_err(|error| Failure::in_usage(&error))?;
        }
        let format = format(&args)?;
        let corpus = corpus(&args, &settings)?;
        if corpus.entries.is_empty() {
            let alone = corpus.alone.len();
            let what = match alone {
                0 => "there is no document".to_owned(),
                _ => format!("no name of a source is that of a target; {alone} files are alone"),
            };
            let hint = match args.src.is_file() {
                true => "a manifest has a row for each document below its header",
                false => {
                    "names must be the same but for endings and .ar or .en; use a template or a \
                     manifest, or let `nasaq pair` find the pairs"
                }
            };
            return Err(Failure::input(format!("{}: {what}", args.src.display()))
                .hint(hint)
                .into());
        }
        if let Some([file, folder]) = corpus.clash(format.name()) {
            let what = format!("the file of {file:?} would be the folder of {folder:?}");
            return Err(Failure::input(what).hint("give one of them another name").into());
        }
        if format == Format::Srt {
            refuse_without_times(&args, &corpus)?;
        }
        Ok(Self {
            settings,
            corpus,
            output: args.output,
            format,
            shard_size: args.shard_size.map(usize::from),
            max_memory: args.max_memory.unwrap_or_else(memory::default_limit),
            dry_run: args.dry_run,
            metrics: args.metrics,
            json: args.json,
        })
    }
}

/// What is written of a corpus whatever its documents are, in shards or not.
const FORMATS: &str = "tsv, csv, jsonl, tmx, xliff, parquet, html or xlsx";

/// Gives the format of a document's file, or of a shard.
fn format(args: &AlignArgs) -> Result<Format, Failure> {
    let format = match args.to {
        None => Format::Tsv,
        Some(OutputFormat::File(format)) => format,
        Some(OutputFormat::Table) => {
            return Err(Failure::usage("--to table is for reading one document")
                .hint(format!("write {FORMATS}")));
        }
    };
    if format == Format::Moses {
        return Err(Failure::usage("--to moses is two files a document")
            .hint("write jsonl, then `nasaq convert` it"));
    }
    let what = match format {
        Format::Ladder => "a ladder has",
        Format::Hunalign => "a ladder of hunalign has",
        Format::Srt => "subtitles have",
        _ => return Ok(format),
    };
    if args.shard_size.is_some() {
        return Err(Failure::usage(format!("{what} no place for a document's name"))
            .hint(format!("leave --shard-size out, or write {FORMATS}")));
    }
    Ok(format)
}

/// Refuses subtitles of documents that have no times, which would end the run at the first of them.
fn refuse_without_times(args: &AlignArgs, corpus: &Corpus) -> Result<(), Failure> {
    let said = [args.sides.src_from, args.sides.tgt_from].map(|side| side.or(args.documents.from));
    let has_times = |(place, said): (&Place, Option<DocumentFormat>)| {
        let kind = match place {
            Place::File(path) => said.or_else(|| DocumentFormat::from_path(path)),
            Place::Inline => None,
        };
        matches!(kind, Some(DocumentFormat::Srt | DocumentFormat::Vtt))
    };
    let without = corpus.entries.iter().find(|entry| !entry.places.iter().zip(said).all(has_times));
    match without {
        None => Ok(()),
        Some(entry) => Err(Failure::usage(format!(
            "--to srt: the document {} is not two files of subtitles",
            entry.id
        ))
        .hint(format!(
            "times are read from .srt and .vtt, or say --from; otherwise write {FORMATS}"
        ))),
    }
}

fn corpus(args: &AlignArgs, settings: &Settings) -> anyhow::Result<Corpus> {
    let languages = [settings.src_lang.language, settings.tgt_lang.language];
    let skip = args.output.as_ref().and_then(|path| path.canonicalize().ok());
    let skip = skip.as_deref();
    let src = args.src.as_path();
    let Some(tgt) = &args.tgt else {
        if src.is_dir() {
            return Ok(pairing::folder(src, languages, skip)?);
        }
        if pairing::is_template(src) {
            return Err(Failure::usage("one template is not enough")
                .hint("give one for the source and one for the target")
                .into());
        }
        return Manifest::open(src);
    };
    if pairing::is_template(src) || pairing::is_template(tgt) {
        return Ok(pairing::templates([src, tgt], skip)?);
    }
    for path in [src, tgt] {
        if !path.is_dir() {
            let hint = match (path.is_file(), Manifest::is_manifest(path)) {
                (true, true) => "a manifest stands alone, without a second folder or file",
                (true, false) => "to align two documents leave --corpus out",
                _ => "check the spelling and the current folder",
            };
            return Err(Failure::input(format!("{}: this is no folder", path.display()))
                .hint(hint)
                .into());
        }
    }
    Ok(pairing::folders([src, tgt], languages, skip)?)
}
