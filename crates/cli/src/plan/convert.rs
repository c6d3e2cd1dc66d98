//! What the arguments of `nasaq convert` mean.

use std::path::Path;

use nasaq_formats::{BitextInput, Format, TextColumns};

use super::Input;
use crate::args::convert::ConvertArgs;
use crate::failure::Failure;
use crate::formats::PairsOutput;

/// What `nasaq convert` will do.
#[derive(Debug)]
pub(crate) struct ConvertPlan {
    pub(crate) source: BitextInput,
    /// Columns to keep beside the texts, as they were asked for, with their new names; all where
    /// nothing was said.
    pub(crate) columns: Option<Vec<(String, Option<String>)>>,
    pub(crate) skip_bad: bool,
    pub(crate) output: PairsOutput,
}

impl ConvertPlan {
    pub(crate) fn new(args: ConvertArgs) -> anyhow::Result<Self> {
        let mut inputs = args.inputs;
        let all: Vec<Input> = inputs.iter().map(|path| Input::new(path.clone())).collect();
        let path = inputs.remove(0);
        if inputs.iter().any(|path| path == Path::new("-")) {
            return Err(Failure::usage("only the first input may be standard input")
                .hint("write the others to files first")
                .into());
        }
        let is_stdin = path == Path::new("-");
        for (option, lang) in [("--src-lang", &args.src_lang), ("--tgt-lang", &args.tgt_lang)] {
            let is_tag = |lang: &String| {
                !lang.is_empty()
                    && lang.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
            };
            if lang.as_ref().is_some_and(|lang| !is_tag(lang)) {
                return Err(Failure::usage(format!("{option}: this is no language"))
                    .hint("give a tag such as ar, en or ar-EG")
                    .into());
            }
        }
        let mut columns = args.columns.iter().map(|column| match column.split_once('=') {
            Some((column, new)) if !new.is_empty() => (column.to_owned(), Some(new.to_owned())),
            _ => (column.clone(), None),
        });
        let (src, tgt) = (columns.next(), columns.next());
        if src.is_some() && tgt.is_none() {
            return Err(Failure::usage("--columns names one column")
                .hint("name source and target, then what else to keep: --columns 3,2,1=id")
                .into());
        }
        let kept = src.is_some().then(|| columns.collect());
        let mut output = PairsOutput::new(args.output.as_deref(), args.to, all)?;
        output.options.no_header = args.no_header;
        // A file that is new begins with the mark; one that is rewritten, as it did.
        let was_csv = args.from == Some(Format::Csv)
            || args.from.is_none()
                && Format::from_path(&path).is_ok_and(|from| from == Format::Csv);
        output.options.bom = if args.no_bom { Some(false) } else { (!was_csv).then_some(true) };
        Ok(Self {
            source: BitextInput {
                path,
                more: inputs,
                format: args.from,
                columns: TextColumns {
                    src: src.map(|(column, _)| column),
                    tgt: tgt.map(|(column, _)| column),
                    escaped: args.escapes,
                },
                languages: [args.src_lang, args.tgt_lang],
                name: is_stdin.then(|| "standard input".to_owned()),
            },
            columns: kept,
            skip_bad: args.skip_bad,
            output,
        })
    }
}
