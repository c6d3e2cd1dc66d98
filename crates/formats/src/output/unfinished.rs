//! Files that are not complete yet, so that a signal that ends the process can remove them.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, NamedTempFile};

#[cfg(unix)]
use super::stale;

/// The beginning and the end of the names of temporary files.
const AFFIXES: (&str, &str) = (".nasaq-", ".part");
/// How often the creation of a temporary file is tried.
const MAX_ATTEMPTS: usize = 10;

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

/// A file under a temporary name, until it is complete. It is removed when it is dropped before, or
/// when [`remove_unfinished`] is called.
#[derive(Debug)]
pub struct UnfinishedFile {
    /// Dropped first, so that a file that exists is listed.
    file: NamedTempFile,
    _listed: ListedPath,
}

/// A file of another kind that [`remove_unfinished`] removes, such as a lock, until this is dropped.
/// Dropping it does not remove the file.
#[derive(Debug)]
pub struct ListedPath(PathBuf);

impl ListedPath {
    /// Adds a file to those that are removed.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        unfinished().insert(path.clone());
        Self(path)
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ListedPath {
    fn drop(&mut self) {
        unfinished().remove(&self.0);
    }
}

impl UnfinishedFile {
    /// Creates a file in a folder, which must be on the same disk as its final place.
    ///
    /// # Errors
    /// The error of the system if the file cannot be created.
    pub fn in_folder(folder: &Path) -> io::Result<Self> {
        let mut builder = builder();
        #[cfg(unix)]
        {
            // The umask applies as to any new file; by default temporary files are private.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        Self::create(&builder, folder)
    }

    /// Creates a private file in the system's folder for temporary files, which is never renamed.
    /// Files there that killed runs have left are removed.
    pub(crate) fn private() -> io::Result<Self> {
        let folder = std::env::temp_dir();
        #[cfg(unix)]
        stale::remove_stale(&folder);
        Self::create(&builder(), &folder)
    }

    /// Creates the file while the list is locked, so that it is in the list once it exists.
    fn create(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<Self> {
        for _ in 0..MAX_ATTEMPTS {
            let mut paths = unfinished();
            let file = builder.tempfile_in(folder)?;
            // In Windows a locked file cannot be read by another handle.
            #[cfg(unix)]
            if !stale::lock(file.as_file(), file.path()) {
                continue;
            }
            let path = file.path().to_owned();
            paths.insert(path.clone());
            return Ok(Self { file, _listed: ListedPath(path) });
        }
        Err(io::Error::other("another process removes temporary files"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Returns the open file.
    #[must_use]
    pub fn as_file(&self) -> &File {
        self.file.as_file()
    }

    /// Renames the file to its final name. A file that it replaces leaves it its permissions, and its
    /// owner and group if that is allowed.
    ///
    /// # Errors
    /// The error of the system; the file is then removed.
    pub fn persist(self, path: &Path) -> io::Result<()> {
        if let Ok(old) = fs::symlink_metadata(path)
            && old.is_file()
        {
            keep_attributes(self.as_file(), &old)?;
        }
        self.file.persist(path)?;
        Ok(())
    }
}

fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(AFFIXES.0).suffix(AFFIXES.1);
    builder
}

/// Returns whether a file has the name of a temporary file.
#[cfg(unix)]
pub(super) fn is_temporary_name(name: &str) -> bool {
    name.strip_prefix(AFFIXES.0).is_some_and(|rest| rest.ends_with(AFFIXES.1))
}

/// Gives a new file the permissions of the old one, and its owner and group if that is allowed.
fn keep_attributes(file: &File, old: &Metadata) -> io::Result<()> {
    let permissions = old.permissions();
    #[cfg(unix)]
    let permissions = {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let new = file.metadata()?;
        let (owner, group) = (old.uid(), old.gid());
        let is_kept = (new.uid(), new.gid()) == (owner, group)
            || fchown(file, Some(owner), Some(group)).is_ok()
            || fchown(file, None, Some(group)).is_ok();
        let mode = permissions.mode();
        // Another group must not have the rights of the old one.
        let mode = if is_kept { mode } else { mode & !0o070 | (mode & 0o007) << 3 };
        fs::Permissions::from_mode(mode)
    };
    file.set_permissions(permissions)
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
