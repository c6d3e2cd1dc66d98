//! The plan of `nasaq report`.

use std::path::{Path, PathBuf};

use nasaq_encoder::Precision;
use nasaq_formats::{BitextInput, OutputTarget};
use nasaq_quality::Filters;
use nasaq_report::{Gate, ReportOptions};

use super::filter::read_filters;
use super::{BitextPlan, RatingPlan, output_target};
use crate::args::{RatingArgs, ReportArgs};
use crate::failure::Failure;

/// A corpus to report on.
#[derive(Debug)]
pub(crate) struct ReportCorpus {
    /// The name that the report uses.
    pub(crate) name: String,
    pub(crate) bitext: BitextPlan,
}

/// What `nasaq report` will do.
#[derive(Debug)]
pub(crate) struct ReportPlan {
    pub(crate) corpora: Vec<ReportCorpus>,
    pub(crate) rating: RatingPlan,
    pub(crate) filters: Filters,
    /// The file of the filters; `None` means the default filters.
    pub(crate) filters_file: Option<PathBuf>,
    pub(crate) options: ReportOptions,
    pub(crate) gold: Option<PathBuf>,
    pub(crate) gates: Vec<Gate>,
    pub(crate) page: Option<OutputTarget>,
    pub(crate) json: Option<OutputTarget>,
    pub(crate) summary: bool,
}

impl ReportPlan {
    pub(crate) fn new(args: ReportArgs) -> anyhow::Result<Self> {
        let stdin = args.inputs.iter().filter(|path| *path == Path::new("-")).count();
        if stdin > 1 {
            return Err(Failure::usage("standard input is passed more than once")
                .hint("write one of them to a file first")
                .into());
        }
        let bitext = |path: &PathBuf| {
            let sources = vec![BitextInput::file(path)];
            BitextPlan::of_sources(sources, args.reading.clone(), None, false)
        };
        let corpora: Vec<ReportCorpus> = corpus_names(&args.inputs)
            .into_iter()
            .zip(&args.inputs)
            .map(|(name, path)| Ok(ReportCorpus { name, bitext: bitext(path)? }))
            .collect::<anyhow::Result<_>>()?;
        let rating = RatingArgs {
            no_encoder: args.no_encoder,
            no_duplicates: false,
            profile: None,
            write_profile: None,
            test_set: Vec::new(),
            test_set_encoding: None,
            lexicon: args.lexicon,
            quality_model: args.quality_model,
            threads: args.threads,
            precision: Precision::default(),
            kernel: None,
        };
        let target = |path: &Option<PathBuf>| {
            path.as_deref().map(|path| output_target(Some(path))).transpose()
        };
        let (page, json) = (target(&args.output)?, target(&args.json)?);
        let summary = args.summary || page.is_none() && json.is_none();
        let on_stdout =
            [&page, &json].into_iter().flatten().filter(|target| target.is_stdout()).count();
        if on_stdout + usize::from(args.summary) > 1 {
            return Err(Failure::usage(
                "the page, the JSON and the summary cannot share standard output",
            )
            .hint("write the page or the JSON to a file with -o or --json")
            .into());
        }
        if let Some(gold) = &args.gold
            && !gold.exists()
        {
            return Err(Failure::input(format!("{}: no such file or folder", gold.display()))
                .hint("pass a ladder, or a folder of ladders that are named after the documents")
                .into());
        }
        let mut options = ReportOptions::default();
        options.seed = args.seed;
        options.sample = args.sample.into();
        options.doubtful = args.doubtful.into();
        Ok(Self {
            rating: RatingPlan::new(&rating)?,
            corpora,
            filters: args.filters.as_deref().map(read_filters).transpose()?.unwrap_or_default(),
            filters_file: args.filters,
            options,
            gold: args.gold,
            gates: args.fail_under,
            page,
            json,
            summary,
        })
    }
}

/// Returns the names of the corpora: their file names if these are distinct, otherwise their paths.
fn corpus_names(paths: &[PathBuf]) -> Vec<String> {
    let short = |path: &PathBuf| {
        if path == Path::new("-") {
            return "standard input".to_owned();
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        // File endings are removed. A folder's name and the leading dot of a hidden file stay.
        match name.char_indices().skip(1).find(|&(_, c)| c == '.') {
            Some((end, _)) if !path.is_dir() => name[..end].to_owned(),
            _ => name,
        }
    };
    let names: Vec<String> = paths.iter().map(short).collect();
    let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
    if distinct.len() == names.len() {
        names
    } else {
        paths.iter().map(|path| path.display().to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corpora_are_named_after_their_files_or_else_their_paths() {
        let named =
            |paths: &[&str]| corpus_names(&paths.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert_eq!(named(&["x/news.jsonl.zst", "-"]), ["news", "standard input"]);
        assert_eq!(named(&["a/x.tsv", "b/x.tsv"]), ["a/x.tsv", "b/x.tsv"]);
        assert_eq!(named(&["فصل ١.tsv", ".hidden"]), ["فصل ١", ".hidden"]);
    }
}
