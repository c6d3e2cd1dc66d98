//! The output folder: its lock, its names, and files that are complete or absent.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use nasaq_formats::{Error, ErrorKind, UnfinishedFile};
use xxhash_rust::xxh3::Xxh3;

use super::journal::{ContentHash, JOURNAL};
use super::listing::{DOCUMENTS_FILE, ERRORS_FILE, WARNINGS_FILE};
use crate::failure::{Failure, FailureStatus, Result};

/// Folder of the lock and of files that are incomplete.
const INNER: &str = ".nasaq";

/// What a run writes into an output folder, besides [`INNER`].
const FOLDERS: [&str; 3] = ["docs", "shards", "set-aside"];
const FILES: [&str; 4] = [DOCUMENTS_FILE, ERRORS_FILE, WARNINGS_FILE, JOURNAL];

/// Reports whether a file is one that a corpus job writes into its output folder or may write there.
///
/// A folder that does not exist has no such file.
#[must_use]
pub fn is_corpus_output(folder: &Path, file: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return false };
    let found = file.canonicalize().or_else(|error| match (file.parent(), file.file_name()) {
        (Some(parent), Some(name)) if parent == Path::new("") => {
            Ok(Path::new(".").canonicalize()?.join(name))
        }
        (Some(parent), Some(name)) => Ok(parent.canonicalize()?.join(name)),
        _ => Err(error),
    });
    let Ok(name) = found.as_deref().map(|file| file.strip_prefix(&folder)) else { return false };
    let Ok(name) = name else { return false };
    let first = name.iter().next().and_then(|part| part.to_str());
    first.is_some_and(|first| first == INNER || FOLDERS.contains(&first))
        || FILES.iter().any(|file| name == Path::new(file))
}

/// An output folder that only this process writes to.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    root: PathBuf,
    /// Held as long as the value lives; the system releases it when the process ends.
    _lock: File,
}

/// Why the content of a file could not be written.
pub(crate) enum WriteError {
    Io(io::Error),
    Format(Error),
    Other(Failure),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        Self::Format(error)
    }
}

impl From<Failure> for WriteError {
    fn from(failure: Failure) -> Self {
        Self::Other(failure)
    }
}

impl WriteError {
    /// Returns the failure, with the file that could not be written.
    pub(crate) fn at(self, path: &Path) -> Failure {
        match self {
            Self::Io(source) => {
                Error::from(ErrorKind::Io { doing: "writing", source }).at_path(path).into()
            }
            Self::Format(error) if error.path().is_none() => error.at_path(path).into(),
            Self::Format(error) => error.into(),
            Self::Other(failure) => failure,
        }
    }
}

impl OutputFolder {
    /// Makes the folder if it is missing, locks it, and removes what a stopped run left.
    pub(crate) fn open(root: &Path) -> Result<Self> {
        let unwritable = |error: io::Error| {
            Failure::from(Error::from(ErrorKind::Unwritable(error)).at_path(root))
                .with_status(FailureStatus::Usage)
        };
        let inner = root.join(INNER);
        fs::create_dir_all(&inner).map_err(unwritable)?;
        let path = inner.join("lock");
        for path in [&inner, &path, &inner.join("parts"), &root.join(JOURNAL)] {
            refuse_link(path)?;
        }
        let lock = File::options().create(true).append(true).open(&path).map_err(unwritable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::input(format!(
                    "{}: another run of nasaq is writing here",
                    root.display()
                ))
                .hint("wait for it or stop it, or choose another folder"));
            }
            // Some network folders cannot lock; a run is safe there as long as it is the only one.
            Err(TryLockError::Error(_)) => {}
        }
        let folder = Self { root: root.to_owned(), _lock: lock };
        folder.remove(&format!("{INNER}/new"))?;
        fs::create_dir_all(folder.path(&format!("{INNER}/new"))).map_err(unwritable)?;
        fs::create_dir_all(folder.path(&format!("{INNER}/parts"))).map_err(unwritable)?;
        Ok(folder)
    }

    /// Returns the path of the folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the path of a file of the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Returns the name of a document's part of a shard.
    pub(crate) fn part_name(document: usize) -> String {
        format!("{INNER}/parts/{document:06}.jsonl")
    }

    /// Writes a file and renames it to its name once it is complete.
    ///
    /// `name` has `/` between folders, which are made. Without `sync` the file may be lost or empty
    /// after a power failure, which its hash in the journal then reveals. `record` gets the hash when
    /// the file is complete, before it is renamed.
    pub(crate) fn write<E: Into<WriteError>>(
        &self,
        name: &str,
        sync: bool,
        content: impl FnOnce(&mut HashedFile) -> Result<(), E>,
        record: impl FnOnce(ContentHash) -> Result<()>,
    ) -> Result<()> {
        self.refuse_links(name)?;
        let new = self.path(&format!("{INNER}/new"));
        let path = self.path(name);
        let write = || -> Result<(), WriteError> {
            let file = io::BufWriter::new(UnfinishedFile::in_folder(&new)?);
            let mut file = HashedFile { file, hash: Xxh3::new() };
            content(&mut file).map_err(Into::into)?;
            let HashedFile { file, hash } = file;
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            if sync {
                file.as_file().sync_all()?;
            }
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            record(ContentHash(hash.digest128()))?;
            Ok(file.persist(&path)?)
        };
        write().map_err(|error| error.at(&path))
    }

    /// Checks that no folder of a file is a link, which could lead out of the output folder.
    ///
    /// The output folder itself may be a link: the user has named it.
    fn refuse_links(&self, name: &str) -> Result<()> {
        let mut folder = self.root.clone();
        for part in Path::new(name).parent().into_iter().flat_map(Path::components) {
            folder.push(part);
            refuse_link(&folder)?;
        }
        Ok(())
    }

    /// Reports whether a name that was read from a file can be that of an output: it is in a folder
    /// of outputs and does not lead out of it.
    pub(crate) fn is_output_name(name: &str) -> bool {
        let mut parts = name.split('/');
        let first = parts.next().unwrap_or_default();
        let is_folder = FOLDERS.contains(&first)
            || first == INNER && parts.clone().next().is_some_and(|part| part == "parts");
        let is_normal = |part: &str| {
            let mut components = Path::new(part).components();
            matches!(components.next(), Some(Component::Normal(name)) if name == part)
        };
        is_folder && parts.clone().next().is_some() && parts.all(is_normal)
    }

    /// Reports whether a name is that of a file that only a running job needs.
    pub(crate) fn is_inner(name: &str) -> bool {
        name.strip_prefix(INNER).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Renames a file; the folders of its new name are made.
    pub(crate) fn rename(&self, name: &str, new: &str) -> Result<()> {
        self.refuse_links(name)?;
        self.refuse_links(new)?;
        let (from, to) = (self.path(name), self.path(new));
        let rename = || -> io::Result<()> {
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::rename(&from, &to)
        };
        rename().map_err(|error| WriteError::Io(error).at(&to))
    }

    /// Returns the hash of a file, or nothing if it cannot be read.
    pub(crate) fn hash(&self, name: &str) -> Option<u128> {
        let mut file = File::open(self.path(name)).ok()?;
        let mut hashed = HashedFile { file: (), hash: Xxh3::new() };
        io::copy(&mut file, &mut hashed).ok()?;
        Some(hashed.hash.digest128())
    }

    /// Removes a file or a folder, if there is one. A link is removed and not followed.
    pub(crate) fn remove(&self, name: &str) -> Result<()> {
        self.refuse_links(name)?;
        let path = self.path(name);
        let removed = match fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(&path),
            Ok(_) => fs::remove_file(&path),
            Err(_) => Ok(()),
        };
        removed.map_err(|error| WriteError::Io(error).at(&path))
    }

    /// Removes the folders of a file that was removed, up to the first that is not empty.
    pub(crate) fn remove_empty_folders(&self, name: &str) {
        let mut rest = name;
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if fs::remove_dir(self.path(folder)).is_err() {
                return;
            }
            rest = folder;
        }
    }

    /// Removes the folders that only a running job needs.
    pub(crate) fn finish(&self) -> Result<()> {
        self.remove(&format!("{INNER}/new"))?;
        self.remove(&format!("{INNER}/parts"))
    }

    /// Removes the folder of the lock, when nothing else is to be done.
    pub(crate) fn remove_inner(self) -> Result<()> {
        self.remove(INNER)
    }
}

/// Refuses a symbolic link where only a file or a folder of this program's own is expected.
fn refuse_link(path: &Path) -> Result<()> {
    if !path.is_symlink() {
        return Ok(());
    }
    let reason = format!("{}: a symbolic link inside the output folder", path.display());
    Err(Failure::input(reason).hint("remove the link; only the output folder itself may be one"))
}

/// A file that hashes what is written to it.
pub(crate) struct HashedFile<W = io::BufWriter<UnfinishedFile>> {
    file: W,
    hash: Xxh3,
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Write for HashedFile<()> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &OutputFolder, name: &str, text: &str) -> u128 {
        let mut hash = 0;
        let record = |written: ContentHash| {
            hash = written.0;
            Ok(())
        };
        let content = |out: &mut HashedFile| out.write_all(text.as_bytes());
        folder.write(name, false, content, record).expect("space on the disk");
        hash
    }

    #[test]
    fn files_are_complete_and_hashed() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = OutputFolder::open(root.path()).expect("writable");
        let hash = put(&folder, "docs/فصل/١.tsv", "text");
        assert_eq!(folder.hash("docs/فصل/١.tsv"), Some(hash));
        let content = |out: &mut HashedFile| {
            out.write_all(b"half")?;
            Err(io::Error::other("the disk is full"))
        };
        let failed = folder.write("docs/فصل/١.tsv", false, content, |_| Ok(()));
        let reason = failed.expect_err("full").reason();
        assert!(reason.contains("١.tsv") && reason.contains("the disk is full"), "{reason}");
        assert_eq!(folder.hash("docs/فصل/١.tsv"), Some(hash));
        assert_eq!(folder.hash("none"), None);
    }

    #[test]
    fn names_from_a_journal_stay_in_the_folder() {
        for name in ["docs/a.tsv", "docs/فصل/..a.tsv", "shards/0.tsv", ".nasaq/parts/1.jsonl"] {
            assert!(OutputFolder::is_output_name(name), "{name}");
        }
        for name in [
            "",
            "docs",
            "docs/",
            "docs/../a",
            "docs/./a",
            "docs//a",
            "../docs/a",
            "/docs/a",
            "a/docs/b",
            "errors.jsonl",
            ".nasaq/lock",
        ] {
            assert!(!OutputFolder::is_output_name(name), "{name}");
        }
    }

    #[test]
    fn a_second_run_in_the_same_folder_is_refused() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = OutputFolder::open(root.path()).expect("writable");
        let error = OutputFolder::open(root.path()).expect_err("locked");
        assert!(error.reason().contains("another run"));
        drop(folder);
        assert!(OutputFolder::open(root.path()).is_ok());
    }
}
