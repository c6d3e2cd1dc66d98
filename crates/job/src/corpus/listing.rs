//! The result of each document: `documents.tsv`, `errors.jsonl` and `warnings.jsonl`.

use std::borrow::Cow;
use std::io::Write;

use nasaq_formats::{Metadata, escape_field};
use serde::Serialize;

use super::entry::Corpus;
use super::folder::{HashedFile, OutputFolder, WriteError};
use super::journal::{DocumentLine, JournalLine, ListingLine};
use crate::failure::Result;
use crate::message::Message;

/// The file of an output folder with one row per document.
pub const DOCUMENTS_FILE: &str = "documents.tsv";
/// The file of an output folder with one object per document that failed.
pub const ERRORS_FILE: &str = "errors.jsonl";
/// The file of an output folder with one object per warning.
pub const WARNINGS_FILE: &str = "warnings.jsonl";
/// All of them.
pub(crate) const LISTINGS: [&str; 3] = [DOCUMENTS_FILE, ERRORS_FILE, WARNINGS_FILE];

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

/// The result of a document.
#[derive(Debug)]
pub(crate) enum DocumentOutcome {
    Aligned {
        line: DocumentLine,
        /// Whether an earlier run aligned it.
        reused: bool,
    },
    Failed(Message),
}

impl DocumentOutcome {
    /// Returns the journal line of an aligned document.
    pub(crate) fn line(&self) -> Option<&DocumentLine> {
        match self {
            Self::Aligned { line, .. } => Some(line),
            Self::Failed(_) => None,
        }
    }
}

/// A line of `errors.jsonl` or `warnings.jsonl`.
#[derive(Serialize)]
struct MessageLine<'a> {
    id: &'a str,
    #[serde(flatten)]
    message: &'a Message,
}

fn warnings<'a>(
    outcome: &'a DocumentOutcome,
    outlier: Option<&'a Message>,
) -> impl Iterator<Item = &'a Message> {
    outcome.line().into_iter().flat_map(|line| &line.summary.warnings).chain(outlier)
}

/// Returns a line of `errors.jsonl` or `warnings.jsonl` as bytes, with its line end.
pub(crate) fn message_bytes(id: &str, message: &Message) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(&MessageLine { id, message }).expect("keys are strings");
    bytes.push(b'\n');
    bytes
}

/// Writes the three files, with documents in the order of the corpus.
///
/// `outliers` has a further warning for some documents, and `file_of` returns the file that the
/// beads of a document are in: for a document that failed, those of an earlier run. `record` gets the
/// lines of the journal for the three files.
pub(crate) fn write(
    folder: &OutputFolder,
    corpus: &Corpus,
    outcomes: &[&DocumentOutcome],
    outliers: &[Option<Message>],
    file_of: impl Fn(usize) -> Option<String>,
    mut record: impl FnMut(JournalLine) -> Result<()>,
) -> Result<()> {
    let mut record = |name: &str, hash| {
        let (listing, output) = (name.to_owned(), Some(hash));
        record(JournalLine::Listing(ListingLine { listing, output }))
    };
    let documents = || corpus.entries.iter().zip(outcomes.iter().copied());
    let errors = |out: &mut HashedFile| {
        documents().try_for_each(|(entry, outcome)| match outcome {
            DocumentOutcome::Failed(message) => out.write_all(&message_bytes(&entry.id, message)),
            DocumentOutcome::Aligned { .. } => Ok(()),
        })
    };
    folder.write(ERRORS_FILE, true, errors, |hash| record(ERRORS_FILE, hash))?;
    let all_warnings = |out: &mut HashedFile| {
        documents().zip(outliers).try_for_each(|((entry, outcome), outlier)| {
            let mut warnings = warnings(outcome, outlier.as_ref());
            warnings.try_for_each(|warning| out.write_all(&message_bytes(&entry.id, warning)))
        })
    };
    folder.write(WARNINGS_FILE, true, all_warnings, |hash| record(WARNINGS_FILE, hash))?;
    let rows = |out: &mut HashedFile| -> Result<(), WriteError> {
        let names = corpus.metadata_names();
        let header = COLUMNS.iter().copied().chain(names.iter().map(String::as_str));
        let header: Vec<Cow<'_, str>> = header.map(escape_field).collect();
        writeln!(out, "{}", header.join("\t"))?;
        for (index, ((entry, outcome), outlier)) in documents().zip(outliers).enumerate() {
            let id = escape_field(&entry.id);
            let file = file_of(index).unwrap_or_default();
            let file = escape_field(&file);
            match outcome {
                DocumentOutcome::Failed(message) => {
                    write!(out, "{id}\tfailed\t{file}\t\t\t\t\t\t\t{}", message.kind)?;
                }
                DocumentOutcome::Aligned { line, .. } => {
                    let summary = &line.summary;
                    let warnings: Vec<&str> =
                        warnings(outcome, outlier.as_ref()).map(|it| it.kind.as_str()).collect();
                    write!(
                        out,
                        "{id}\taligned\t{file}\t{}\t{}\t{}\t{}\t{:.4}\t{:.4}\t{}",
                        summary.src_segments,
                        summary.tgt_segments,
                        summary.beads,
                        summary.doubtful,
                        summary.expected_wrong,
                        summary.document_score,
                        warnings.join(" "),
                    )?;
                }
            }
            // If the manifest changed during the run, the document has failed already.
            let metadata = match names {
                [] => Metadata::new(),
                _ => corpus.metadata(entry).unwrap_or_default(),
            };
            for name in names {
                let text = metadata.text(name).unwrap_or_default();
                write!(out, "\t{}", escape_field(&text))?;
            }
            writeln!(out)?;
        }
        Ok(())
    };
    folder.write(DOCUMENTS_FILE, true, rows, |hash| record(DOCUMENTS_FILE, hash))
}
