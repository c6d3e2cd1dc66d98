//! Plans: what a command will do, checked and with defaults, before any long work.

use std::io;
use std::path::{Path, PathBuf};

use nasaq_formats::{Document, DocumentReader, ErrorKind, OutputTarget};

use crate::failure::{Failure, usage_error};

mod align;
mod bitext;
mod convert;
mod eval;
mod filter;
mod merge;
mod rating;
mod report;
mod score;
mod segment;
mod terms;

pub(crate) use align::{AlignLayout, AlignPlan};
pub(crate) use bitext::BitextPlan;
pub(crate) use convert::ConvertPlan;
pub(crate) use eval::EvalPlan;
pub(crate) use filter::FilterPlan;
pub(crate) use merge::MergePlan;
pub(crate) use rating::RatingPlan;
pub(crate) use report::{ReportCorpus, ReportPlan};
pub(crate) use score::ScorePlan;
pub(crate) use segment::SegmentPlan;
pub(crate) use terms::TermsPlan;

/// A file or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
}

impl Input {
    /// Creates an input from a path; `-` is standard input.
    pub(crate) fn new(path: PathBuf) -> Self {
        if path == Path::new("-") { Self::Stdin } else { Self::File(path) }
    }

    /// Reads the input as a document.
    pub(crate) fn read(&self, reader: &DocumentReader) -> nasaq_formats::Result<Document> {
        match self {
            Self::Stdin => reader.from_reader("standard input", io::stdin().lock()),
            Self::File(path) => reader.read(path),
        }
    }

    /// Returns the file's name without its folder.
    pub(crate) fn file_name(&self) -> Option<String> {
        match self {
            Self::Stdin => None,
            Self::File(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
        }
    }
}

/// Reads a settings file, as text of limited size in UTF-8. It may be empty.
fn read_settings(path: &Path) -> nasaq_formats::Result<String> {
    match Document::read(path) {
        Ok(document) => Ok(document.text),
        Err(error) if matches!(error.kind(), ErrorKind::Empty) => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// Checks the path of an output; `None` and `-` are standard output.
pub(crate) fn output_target(path: Option<&Path>) -> Result<OutputTarget, Failure> {
    OutputTarget::new(path).map_err(usage_error)
}
