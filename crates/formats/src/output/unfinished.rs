//! Files that are not complete yet, so that a signal that ends the process can remove them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// The paths of all unfinished files of the process.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes all output files that are not complete, for a program that a signal is about to end.
///
/// Outputs that are being written cannot be completed afterwards. Until the process ends, no other
/// can be started: this blocks it, so that nothing is left behind.
pub fn remove_unfinished() {
    let paths = unfinished();
    for path in paths.iter() {
        // It may be gone; nobody could be told about an error.
        let _ = fs::remove_file(path);
    }
    // Never unlocked: a file that another thread makes now would stay.
    std::mem::forget(paths);
}

/// A temporary file that is listed until it is complete or dropped.
#[derive(Debug)]
pub(super) struct UnfinishedFile(Option<NamedTempFile>);

impl UnfinishedFile {
    /// Creates the file while the list is locked, so that it is in the list once it exists.
    pub(super) fn new(create: impl FnOnce() -> io::Result<NamedTempFile>) -> io::Result<Self> {
        let mut paths = unfinished();
        let file = create()?;
        paths.insert(file.path().to_owned());
        Ok(Self(Some(file)))
    }

    fn inner(&self) -> &NamedTempFile {
        self.0.as_ref().expect("the file is taken only when the value is consumed")
    }

    pub(super) fn as_file(&self) -> &File {
        self.inner().as_file()
    }

    /// Renames the file to its final name.
    pub(super) fn persist(mut self, path: &Path) -> io::Result<()> {
        let file = self.0.take().expect("the file is taken only here");
        let name = file.path().to_owned();
        // A signal that arrives now waits for the rename.
        let mut paths = unfinished();
        let renamed = file.persist(path);
        paths.remove(&name);
        renamed?;
        Ok(())
    }
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        if let Some(file) = self.0.take() {
            let mut paths = unfinished();
            paths.remove(file.path());
            drop(file);
        }
    }
}

impl Write for UnfinishedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.as_file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.as_file().flush()
    }
}

/// Removes the unfinished files of one folder, for tests: others run in the same process.
#[cfg(test)]
pub(super) fn remove_in(folder: &Path) {
    let folder = fs::canonicalize(folder).expect("a folder");
    for path in unfinished().iter().filter(|path| path.starts_with(&folder)) {
        fs::remove_file(path).expect("a file");
    }
}
