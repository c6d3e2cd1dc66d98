//! The documents of a corpus run, to be reviewed one by one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use nasaq_formats::{BitextInput, DocumentReader, unescape_field};
use nasaq_job::{DOCUMENTS_FILE, Failure};

use crate::session::Session;
use crate::source::ReviewSource;
use crate::words::counted;

/// The folder of the logs, in the output folder of the run.
const LOGS: &str = "review";

/// The ending of the name of a log.
pub(crate) const LOG_ENDING: &str = ".review.jsonl";

/// The output folder of a corpus run.
#[derive(Clone, Debug)]
pub struct ReviewFolder {
    root: PathBuf,
    logs: PathBuf,
    documents: Vec<FolderDocument>,
    notices: Vec<String>,
}

/// A document of a corpus run.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FolderDocument {
    /// The id of the document.
    pub id: String,
    /// The file that has its beads.
    pub file: PathBuf,
    /// Beads.
    pub rows: usize,
    /// Beads that a reviewer has decided.
    pub decided: usize,
    /// How many of the others are expected to be wrong.
    pub expected_wrong: f64,
}

impl ReviewFolder {
    /// Reads the list of documents of a run. Documents that failed are not among them.
    ///
    /// # Errors
    /// A [`Failure`] if the folder is not one of a run, or its list cannot be read.
    pub fn open(root: &Path) -> Result<Self, Failure> {
        let path = root.join(DOCUMENTS_FILE);
        let list = DocumentReader::new()
            .format(Some(nasaq_formats::DocumentFormat::Text))
            .read(&path)
            .map_err(|error| {
                Failure::from(error)
                    .hint("pass the output folder of a corpus run, which has this file")
            })?;
        let logs = root.join(LOGS);
        let mut folder =
            Self { root: root.to_owned(), logs, documents: Vec::new(), notices: Vec::new() };
        let mut lines = list.text.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
        let mut failed = 0;
        for (line, number) in lines.zip(2..) {
            let cells: BTreeMap<&str, &str> =
                header.iter().copied().zip(line.split('\t')).collect();
            let cell = |name: &str| cells.get(name).map(|it| unescape_field(it).into_owned());
            match folder.document(&cell) {
                Some(document) => folder.documents.push(document),
                None if cell("status").as_deref() == Some("failed") => failed += 1,
                None => folder.notices.push(format!(
                    "{}, line {number}: this is no document of a run; it was skipped",
                    path.display()
                )),
            }
        }
        if failed > 0 {
            let are = if failed == 1 { "is" } else { "are" };
            let failed = counted(failed, "document");
            folder.notices.push(format!("{failed} failed in the run and {are} not shown"));
        }
        if folder.documents.is_empty() {
            return Err(Failure::input(format!("{}: there is no document", path.display())));
        }
        folder.sort();
        Ok(folder)
    }

    fn document(&self, cell: &impl Fn(&str) -> Option<String>) -> Option<FolderDocument> {
        let (id, file) = (cell("id")?, cell("file")?);
        let is_aligned = cell("status").as_deref() == Some("aligned");
        // The names of files come from a list that somebody may have edited.
        if !is_aligned || !is_below(&id) || !is_below(&file) {
            return None;
        }
        let mut document = FolderDocument {
            file: self.root.join(file),
            rows: cell("beads")?.parse().ok()?,
            decided: 0,
            expected_wrong: cell("expected_wrong")?.parse().ok()?,
            id,
        };
        self.add_progress(&mut document);
        Some(document)
    }

    /// Adds what the log of a document says, if there is one that can be read.
    fn add_progress(&self, document: &mut FolderDocument) {
        let log = self.log_path(&document.id);
        if let Some(summary) =
            log.exists().then(|| Session::read(&log).ok()).flatten().map(|it| it.summary())
        {
            document.rows = summary.rows;
            document.decided = summary.confirmed + summary.changed;
            document.expected_wrong = summary.expected_wrong;
        }
    }

    /// Sets the folder of the logs, by default `review` in that of the run.
    #[must_use]
    pub fn with_logs(mut self, logs: impl Into<PathBuf>) -> Self {
        self.logs = logs.into();
        let mut documents = std::mem::take(&mut self.documents);
        documents.iter_mut().for_each(|document| self.add_progress(document));
        self.documents = documents;
        self.sort();
        self
    }

    fn sort(&mut self) {
        self.documents.sort_by(|a, b| b.expected_wrong.total_cmp(&a.expected_wrong));
    }

    /// Returns the documents, those with the most expected wrong beads first.
    #[must_use]
    pub fn documents(&self) -> &[FolderDocument] {
        &self.documents
    }

    /// Returns what was skipped.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Returns the log of a document: `ID.review.jsonl` in the folder of the logs.
    #[must_use]
    pub fn log_path(&self, id: &str) -> PathBuf {
        log_in(&self.logs, id)
    }

    /// Opens the session of a document, and begins its log if it has none. If a later run has
    /// changed the beads of the document, the decisions are carried over to them, with a notice.
    ///
    /// # Errors
    /// Those of [`Session::open`], and a [`Failure`] if there is no such document.
    pub fn session(
        &self,
        id: &str,
        engine: &std::sync::Arc<nasaq_job::Engine>,
    ) -> Result<Session, Failure> {
        let document = self.documents.iter().find(|document| document.id == id);
        let document =
            document.ok_or_else(|| Failure::input(format!("the run has no document \"{id}\"")))?;
        let log = self.log_path(id);
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder).map_err(|error| crate::log::unwritable(folder, error))?;
        }
        let source =
            ReviewSource::bitext(BitextInput::file(&document.file)).only_document(id).with_name(id);
        match Session::open(&log, &source, engine) {
            Err(failure) if failure.kind() == "changed" => {
                let (mut session, report) = Session::carry_over(&log, &source, engine)?;
                session.add_notice(format!(
                    "a later run has changed this document: carried over {}",
                    counted(report.carried, "decision")
                ));
                session.add_notices(report.warning(&log));
                Ok(session)
            }
            result => result,
        }
    }
}

/// Returns the log of a document in a folder of logs.
pub(crate) fn log_in(logs: &Path, id: &str) -> PathBuf {
    logs.join(format!("{id}{LOG_ENDING}"))
}

/// Reports whether a path stays below the folder that it starts from.
fn is_below(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_ordered_by_what_is_expected_to_be_wrong() {
        let folder = tempfile::tempdir().expect("a folder");
        let list = "id\tstatus\tfile\tbeads\texpected_wrong\n\
                    a\taligned\tdocs/a.tsv\t10\t0.5\n\
                    b\tfailed\t\t\t\n\
                    ../c\taligned\tdocs/c.tsv\t10\t7\n\
                    d/e\taligned\tdocs/d/e.tsv\t20\t1.5\n";
        fs::write(folder.path().join(DOCUMENTS_FILE), list).expect("a file");
        let read = ReviewFolder::open(folder.path()).expect("a run");
        let ids: Vec<&str> = read.documents().iter().map(|it| &*it.id).collect();
        assert_eq!(ids, ["d/e", "a"]);
        assert_eq!(read.notices().len(), 2, "{:?}", read.notices());
        assert!(read.log_path("d/e").ends_with("review/d/e.review.jsonl"));
        assert!(ReviewFolder::open(Path::new("no such folder")).is_err());
    }
}
