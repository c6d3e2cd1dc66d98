//! Temporary files that killed runs have left behind.
//!
//! A run holds a lock on each of its temporary files, which the system releases however the run ends.
//! So a temporary file without a lock belongs to no run.

use std::fs::{self, File};
use std::path::Path;

use super::unfinished::is_temporary_name;

/// Locks a new temporary file and returns whether it is usable. It is not if another run has taken it
/// for a stale one in the moment before.
pub(super) fn lock(file: &File, path: &Path) -> bool {
    match file.try_lock() {
        Ok(()) => path.exists(),
        Err(fs::TryLockError::WouldBlock) => false,
        // Some network folders cannot lock. Nothing is removed from them, either.
        Err(fs::TryLockError::Error(_)) => true,
    }
}

/// Removes the stale temporary files of a folder, as far as that is possible.
pub(super) fn remove_stale(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_str().is_some_and(is_temporary_name) {
            remove_if_stale(&entry.path());
        }
    }
}

fn remove_if_stale(path: &Path) {
    // Opened for writing: some network file systems grant exclusive locks to writers only.
    let Ok(file) = File::options().append(true).open(path) else { return };
    if file.try_lock().is_ok() {
        // Locked until it is gone, so that a run that has just created it notices.
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::super::UnfinishedFile;
    use super::*;

    #[test]
    fn only_files_without_a_lock_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let own = UnfinishedFile::in_folder(folder.path()).expect("a file");
        for name in [".nasaq-abc.part", "nasaq-abc.part", ".nasaq-abc", ".other.part"] {
            fs::write(path(name), "text").expect("a file");
        }
        fs::create_dir(path(".nasaq-folder.part")).expect("a folder");
        remove_stale(folder.path());
        assert!(!path(".nasaq-abc.part").exists());
        assert!(own.path().exists(), "a run is writing it");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 5);
    }

    #[test]
    fn file_that_was_removed_before_its_lock_is_not_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".nasaq-a.part");
        let file = File::create(&path).expect("a file");
        let other = File::options().append(true).open(&path).expect("a file");
        other.try_lock().expect("a lock");
        assert!(!lock(&file, &path), "another run is about to remove it");
        fs::remove_file(&path).expect("a file");
        drop(other);
        assert!(!lock(&file, &path), "another run has removed it");
    }
}
