//! Removes what a corpus job wrote into an output folder, and nothing else.

use std::fs;
use std::path::Path;

use super::folder::OutputFolder;
use super::journal::{ContentHash, JOURNAL, Journal};
use super::listing::LISTINGS;
use crate::failure::Result;

/// Removes the files that [`CorpusJob::run`](crate::CorpusJob::run) wrote into an output folder, and
/// the folder if it is empty then.
///
/// Files that no run wrote, or that somebody has changed since, stay. Returns whether there are any.
///
/// # Errors
/// A [`Failure`](crate::Failure) if a file cannot be removed, if the journal cannot be read, and if
/// another job writes to the folder.
pub fn remove_corpus_output(folder: &Path) -> Result<bool> {
    let output = OutputFolder::open(folder)?;
    let journal = Journal::open(&output, true)?;
    let files = journal.files().map(|file| file.name).filter(|name| {
        let hash = output.hash(name).map(ContentHash);
        hash.is_some_and(|hash| journal.has_written(name, hash))
    });
    let listings = LISTINGS.into_iter().filter(|name| {
        let hash = output.hash(name).map(ContentHash);
        hash.is_some_and(|hash| journal.has_listed(name, hash))
    });
    for name in files.chain(listings) {
        output.remove(name)?;
        output.remove_empty_folders(name);
    }
    // The journal last: without it, no file is known as one that a run wrote.
    output.remove(JOURNAL)?;
    output.remove_inner()?;
    Ok(fs::remove_dir(folder).is_err())
}
