//! What became of each document: `documents.tsv`, `errors.jsonl` and `warnings.jsonl`.

use std::borrow::Cow;
use std::io::Write;

use nasaq_formats::{Metadata, escape_field};
use serde::Serialize;
use serde_json::Value;

use super::entry::Corpus;
use super::folder::OutputFolder;
use super::journal::DocumentLine;
use super::work::Told;

pub(crate) const DOCUMENTS: &str = "documents.tsv";
pub(crate) const ERRORS: &str = "errors.jsonl";
pub(crate) const WARNINGS: &str = "warnings.jsonl";

const COLUMNS: [&str; 10] = [
    "id",
    "status",
    "file",
    "src_segments",
    "tgt_segments",
    "beads",
    "doubtful",
    "expected_wrong",
    "document_score",
    "warnings",
];

/// What became of a document.
#[derive(Debug)]
pub(crate) enum Outcome {
    Aligned {
        line: DocumentLine,
        /// An earlier run did it.
        reused: bool,
    },
    Failed(Told),
}

impl Outcome {
    pub(crate) fn line(&self) -> Option<&DocumentLine> {
        match self {
            Self::Aligned { line, .. } => Some(line),
            Self::Failed(_) => None,
        }
    }
}

/// A line of errors or warnings.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    #[serde(flatten)]
    told: &'a Told,
}

fn warnings<'a>(outcome: &'a Outcome, more: Option<&'a Told>) -> impl Iterator<Item = &'a Told> {
    outcome.line().into_iter().flat_map(|line| &line.aligned.warnings).chain(more)
}

/// Gives a line of errors or warnings as bytes.
pub(crate) fn told_bytes(id: &str, told: &Told) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(&Entry { id, told }).expect("texts make JSON");
    bytes.push(b'\n');
    bytes
}

/// Writes the three files, documents in the order of the corpus.
///
/// `more` are further warnings, and `file_of` gives the file that a document's beads are in.
pub(crate) fn write(
    folder: &OutputFolder,
    corpus: &Corpus,
    outcomes: &[&Outcome],
    more: &[Option<Told>],
    file_of: impl Fn(usize) -> String,
) -> anyhow::Result<()> {
    let documents = || corpus.entries.iter().zip(outcomes.iter().copied());
    folder.write(ERRORS, true, |out| {
        documents().try_for_each(|(entry, outcome)| match outcome {
            Outcome::Failed(told) => out.write_all(&told_bytes(&entry.id, told)),
            Outcome::Aligned { .. } => Ok(()),
        })
    })?;
    folder.write(WARNINGS, true, |out| {
        documents().zip(more).try_for_each(|((entry, outcome), more)| {
            let mut warnings = warnings(outcome, more.as_ref());
            warnings.try_for_each(|told| out.write_all(&told_bytes(&entry.id, told)))
        })
    })?;
    folder.write(DOCUMENTS, true, |out| -> anyhow::Result<()> {
        let names = corpus.metadata_names();
        let header = COLUMNS.iter().copied().chain(names.iter().map(String::as_str));
        let header: Vec<Cow<'_, str>> = header.map(escape_field).collect();
        writeln!(out, "{}", header.join("\t"))?;
        for (number, ((entry, outcome), more)) in documents().zip(more).enumerate() {
            let id = escape_field(&entry.id);
            match outcome {
                Outcome::Failed(told) => {
                    write!(out, "{id}\tfailed\t\t\t\t\t\t\t\t{}", told.kind)?;
                }
                Outcome::Aligned { line, .. } => {
                    let aligned = &line.aligned;
                    let warnings: Vec<&str> =
                        warnings(outcome, more.as_ref()).map(|told| told.kind.as_str()).collect();
                    write!(
                        out,
                        "{id}\taligned\t{}\t{}\t{}\t{}\t{}\t{:.4}\t{:.4}\t{}",
                        escape_field(&file_of(number)),
                        aligned.src_segments,
                        aligned.tgt_segments,
                        aligned.beads,
                        aligned.doubtful,
                        aligned.expected_wrong,
                        aligned.document_score,
                        warnings.join(" "),
                    )?;
                }
            }
            // A manifest that has changed under the run has failed its document already.
            let metadata = match names {
                [] => Metadata::new(),
                _ => corpus.metadata(entry).unwrap_or_default(),
            };
            for name in names {
                let text = match metadata.get(name) {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                };
                write!(out, "\t{}", escape_field(&text))?;
            }
            writeln!(out)?;
        }
        Ok(())
    })?;
    Ok(())
}
