//! A folder of logs whose decisions hold in a corpus run.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use nasaq_formats::Document;
use nasaq_job::{Aligned, DocumentReviews, Engine, Failure, ReviewedBeads, Warning};
use walkdir::WalkDir;

use crate::carry::CarryReport;
use crate::folder::{LOG_ENDING, log_in};
use crate::log::{InputFile, unreadable};
use crate::session::Session;
use crate::words::counted;

/// How many dropped decisions a warning names.
const NAMED: usize = 5;

/// A folder with a log for each reviewed document: `ID.review.jsonl`.
pub struct ReviewLogs<'e> {
    folder: PathBuf,
    engine: &'e Engine,
}

impl<'e> ReviewLogs<'e> {
    /// Takes the folder and what aligns stretches again.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, engine: &'e Engine) -> Self {
        Self { folder: folder.into(), engine }
    }

    /// Returns the log of a document, if it has one.
    #[must_use]
    pub fn log(&self, id: &str) -> Option<PathBuf> {
        Some(log_in(&self.folder, id)).filter(|log| log.is_file())
    }

    /// Returns the logs in the folder that are of none of these documents, in the order of their
    /// names, relative to the folder.
    ///
    /// # Errors
    /// A [`Failure`] if the folder cannot be read.
    pub fn unmatched<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i str>,
    ) -> Result<Vec<PathBuf>, Failure> {
        let known: HashSet<PathBuf> = ids.into_iter().map(|id| log_in(&self.folder, id)).collect();
        let mut unmatched = Vec::new();
        for entry in WalkDir::new(&self.folder).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(&self.folder).to_owned();
                unreadable(&path, error.into())
            })?;
            let is_log = entry.file_name().to_string_lossy().ends_with(LOG_ENDING);
            if entry.file_type().is_file() && is_log && !known.contains(entry.path()) {
                let path = entry.path().strip_prefix(&self.folder).unwrap_or(entry.path());
                unmatched.push(path.to_owned());
            }
        }
        Ok(unmatched)
    }
}

impl DocumentReviews for ReviewLogs<'_> {
    fn key(&self, id: &str) -> Result<Option<String>, Failure> {
        let Some(log) = self.log(id) else { return Ok(None) };
        let file = InputFile::of(&log).map_err(|error| unreadable(&log, error))?;
        Ok(Some(file.hash))
    }

    fn review(
        &self,
        id: &str,
        documents: [&Document; 2],
        aligned: &Aligned<'_>,
    ) -> Result<Option<ReviewedBeads>, Failure> {
        let Some(log) = self.log(id) else { return Ok(None) };
        let old = Session::read(&log)?;
        let (session, report) = old.apply_to(self.engine, id, documents, aligned)?;
        let (beads, segments) = (session.records(), session.sizes());
        let mut reviewed = ReviewedBeads { beads, segments, ..ReviewedBeads::default() };
        let notices = old.notices().iter().cloned().chain(report.warning(&log));
        reviewed.warnings = notices.map(Warning::of_review).collect();
        Ok(Some(reviewed))
    }
}

impl CarryReport {
    /// Returns a message about the decisions that were dropped, if there are any.
    #[must_use]
    pub fn warning(&self, log: &Path) -> Option<String> {
        let mut named: Vec<String> = self
            .dropped
            .iter()
            .take(NAMED)
            .map(|it| format!("{} ({}): {}", it.what, it.text, it.reason))
            .collect();
        if self.dropped.len() > NAMED {
            named.push(format!("and {} more", self.dropped.len() - NAMED));
        }
        (!named.is_empty()).then(|| {
            format!(
                "{}: {} of {} not carried over: {}",
                log.display(),
                self.dropped.len(),
                counted(self.carried + self.dropped.len(), "decision"),
                named.join("; ")
            )
        })
    }
}
