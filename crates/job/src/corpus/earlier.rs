//! Outputs of earlier runs: which of them stay, and which are removed.
//!
//! An output is removed only when it is not needed: each of its documents is aligned by this run
//! under another name, or the corpus no longer has it and the user wants such outputs removed. An
//! output of a document that fails this time stays, because its source may only be away.

use std::collections::{HashMap, HashSet};

use super::folder::OutputFolder;
use super::journal::{ContentHash, EarlierFile, Journal, JournalLine, line_bytes};
use super::metrics::CorpusTotals;
use crate::failure::Result;

/// What becomes of an output of an earlier run that this run has not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// All its documents are in other outputs of this run.
    Replaced,
    /// A document of it has failed.
    Kept,
    /// The corpus no longer has a document of it, and the others are in other outputs.
    Stale,
}

/// The documents of the corpus by id: whether each is aligned.
pub(crate) struct AlignedIds<'c>(HashMap<&'c str, bool>);

impl<'c> FromIterator<(&'c str, bool)> for AlignedIds<'c> {
    fn from_iter<I: IntoIterator<Item = (&'c str, bool)>>(ids: I) -> Self {
        Self(ids.into_iter().collect())
    }
}

impl AlignedIds<'_> {
    fn fate(&self, file: &EarlierFile<'_>) -> Fate {
        let mut fate = Fate::Replaced;
        for id in file.ids {
            match self.0.get(id.as_str()) {
                Some(true) => {}
                Some(false) => return Fate::Kept,
                None => fate = Fate::Stale,
            }
        }
        fate
    }
}

/// The outputs of earlier runs that stay.
#[derive(Default)]
pub(crate) struct RetainedFiles {
    /// Their lines of the journal, and those of the documents that they hold.
    pub(crate) lines: Vec<u8>,
    /// The file of each failed document that has one.
    pub(crate) files: HashMap<String, String>,
}

/// Removes the outputs of earlier runs that are not needed, and counts all of them in `totals`.
///
/// `current` has the names of the outputs of this run. An output that somebody has changed since it
/// was written is no longer an output: it stays and is not counted.
pub(crate) fn settle(
    folder: &OutputFolder,
    journal: &Journal,
    ids: &AlignedIds<'_>,
    current: &HashSet<String>,
    prune: bool,
    totals: &mut CorpusTotals,
) -> Result<RetainedFiles> {
    let mut retained = RetainedFiles::default();
    let mut documents = HashSet::new();
    for last in journal.files().filter(|file| !OutputFolder::is_inner(file.name)) {
        let is_current = current.contains(last.name);
        let file = if is_current {
            last
        } else {
            // A run that was stopped may have recorded a later content, too.
            let hash = folder.hash(last.name).map(ContentHash);
            match hash.and_then(|hash| journal.file_with(last.name, hash)) {
                Some(file) => file,
                None => continue,
            }
        };
        let fate = ids.fate(&file);
        if is_current && fate == Fate::Replaced {
            continue;
        }
        match fate {
            // Shards that this run set aside until its last document was done.
            Fate::Replaced if matches!(file.line, JournalLine::SetAside(_)) => {}
            Fate::Replaced => totals.replaced += 1,
            Fate::Stale if prune => totals.pruned += 1,
            Fate::Stale => totals.stale += 1,
            Fate::Kept => {}
        }
        if fate == Fate::Replaced || fate == Fate::Stale && prune {
            folder.remove(file.name)?;
            folder.remove_empty_folders(file.name);
            continue;
        }
        for id in file.ids.iter().filter(|id| ids.0.get(id.as_str()) != Some(&true)) {
            if ids.0.contains_key(id.as_str()) {
                retained.files.insert(id.clone(), file.name.to_owned());
            }
            // The line of a document in a shard names no file. It is what the document is reused by.
            if let Some(line) = journal.document(id)
                && line.file.is_none()
                && documents.insert(id)
            {
                retained.lines.extend(line_bytes(&JournalLine::Document(line.clone())));
            }
        }
        if !is_current {
            retained.lines.extend(line_bytes(file.line));
        }
    }
    totals.kept = retained.files.len();
    Ok(retained)
}
