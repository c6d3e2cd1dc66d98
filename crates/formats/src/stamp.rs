//! Files that must not change while they are read.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

/// What shows that a file has changed: its identity, its length and the time of its last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    #[cfg(unix)]
    inode: (u64, u64),
    length: u64,
    modified: Option<SystemTime>,
}

impl FileStamp {
    /// Returns the stamp of a regular file; pipes, devices and missing files have none.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().and_then(|found| Self::of_metadata(&found))
    }

    fn of_metadata(found: &Metadata) -> Option<Self> {
        found.is_file().then(|| Self {
            #[cfg(unix)]
            inode: {
                use std::os::unix::fs::MetadataExt;
                (found.dev(), found.ino())
            },
            length: found.len(),
            modified: found.modified().ok(),
        })
    }
}

/// The error of a file that has changed while it was read.
#[derive(Debug, thiserror::Error)]
#[error("the file has changed")]
pub(crate) struct ChangedError;

/// A file whose end is an error if the file was changed since it was opened.
#[derive(Debug)]
pub(crate) struct StableFile {
    file: File,
    before: Option<FileStamp>,
}

impl StableFile {
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let before = FileStamp::of_metadata(&file.metadata()?);
        Ok(Self { file, before })
    }
}

impl Read for StableFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        if count == 0
            && !buffer.is_empty()
            && self.before.is_some()
            && self.before != FileStamp::of_metadata(&self.file.metadata()?)
        {
            return Err(io::Error::other(ChangedError));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::error::{Error, ErrorKind};

    #[test]
    fn a_file_that_changes_while_it_is_read_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, "one\n").expect("a file");
        let read = |change: &dyn Fn()| {
            let mut file = StableFile::new(File::open(&path)?)?;
            let mut start = [0; 2];
            file.read_exact(&mut start)?;
            change();
            io::read_to_string(file)
        };
        assert_eq!(read(&|| {}).expect("no change"), "e\n");
        let longer = || {
            let mut file = File::options().append(true).open(&path).expect("a file");
            file.write_all(b"two\n").expect("space");
        };
        let error = Error::reading(read(&longer).expect_err("longer"));
        assert!(matches!(error.kind(), ErrorKind::Changed), "{error}");
        let older = || {
            let file = File::options().append(true).open(&path).expect("a file");
            file.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
        };
        assert!(read(&older).is_err(), "the same length, but another time");
    }
}
