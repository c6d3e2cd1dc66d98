//! Output that is written completely or not at all.
//!
//! A file is written under another name in the same folder, synchronised to the disk and renamed
//! when it is complete, so that a run that fails does not change the file that was there. Streams,
//! such as `/dev/stdout` and named pipes, are written directly.

mod destination;
mod identity;
mod unfinished;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};

use self::destination::Destination;
use crate::error::{Error, ErrorKind, Result};

pub use self::identity::FileIdentity;
pub use self::unfinished::{UnfinishedFile, remove_unfinished};

/// The destination of an output, checked before the work starts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputTarget {
    /// Standard output.
    Stdout,
    /// A file that is replaced when its new content is complete.
    File(PathBuf),
    /// A device, a named pipe or an open file of the process, such as `/dev/null` or `/dev/fd/3`,
    /// which is written directly, after what it holds.
    Device(PathBuf),
}

impl OutputTarget {
    /// Checks a path; `None`, `-` and names such as `/dev/stdout` are standard output.
    ///
    /// # Errors
    /// [`ErrorKind::Folder`], [`ErrorKind::NoFolder`] or [`ErrorKind::Unwritable`], with the path.
    pub fn new(path: Option<&Path>) -> Result<Self> {
        match path {
            None => Ok(Self::Stdout),
            Some(path) if path == Path::new("-") => Ok(Self::Stdout),
            Some(path) => Self::check(path).map_err(|error| error.at_path(path)),
        }
    }

    fn check(path: &Path) -> Result<Self> {
        let path = match Destination::of(path)? {
            Destination::Stdout => return Ok(Self::Stdout),
            Destination::OpenFile(path) => return Ok(Self::Device(path)),
            Destination::Path(path) => path,
        };
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(ErrorKind::Folder.into()),
            Ok(found) if !found.is_file() => return Ok(Self::Device(path)),
            Ok(_) => {
                // A read-only file is not replaced, even if the permissions of its folder allow it.
                OpenOptions::new().write(true).open(&path).map_err(ErrorKind::Unwritable)?;
            }
            Err(_) => {}
        }
        let folder = folder_of(&path);
        // Removed at once; the real one is created when everything is computed, so that an
        // interrupted run leaves no file behind.
        UnfinishedFile::in_folder(folder).map_err(ErrorKind::Unwritable)?;
        Ok(Self::File(path))
    }

    /// Reports whether this is standard output.
    #[must_use]
    pub fn is_stdout(&self) -> bool {
        *self == Self::Stdout
    }

    /// Starts writing.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] with the path.
    pub fn open(&self) -> Result<Output> {
        let inner = match self {
            Self::Stdout => OutputFile::Stdout(io::stdout().lock()),
            // An open file may be a regular one, whose content must stay.
            Self::Device(path) => OpenOptions::new()
                .append(true)
                .open(path)
                .map(OutputFile::Device)
                .map_err(|source| Error::from(ErrorKind::Unwritable(source)).at_path(path))?,
            Self::File(path) => UnfinishedFile::in_folder(folder_of(path))
                .map(|file| OutputFile::File { file, path: path.clone() })
                .map_err(|source| Error::from(ErrorKind::Unwritable(source)).at_path(path))?,
        };
        Ok(Output(BufWriter::new(inner)))
    }
}

/// A buffered output; without [`Output::commit`] its file is discarded.
#[derive(Debug)]
pub struct Output(BufWriter<OutputFile>);

#[derive(Debug)]
enum OutputFile {
    Stdout(StdoutLock<'static>),
    Device(File),
    File { file: UnfinishedFile, path: PathBuf },
}

impl Output {
    /// Completes the output and moves it to its destination.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path, if writing or renaming fails.
    pub fn commit(self) -> Result<()> {
        let inner = self.0.into_inner().map_err(|error| Error::writing(error.into_error()))?;
        match inner {
            OutputFile::Stdout(mut out) => out.flush().map_err(Error::writing),
            OutputFile::Device(mut file) => file.flush().map_err(Error::writing),
            OutputFile::File { file, path } => {
                persist(file, &path).map_err(|error| Error::writing(error).at_path(path))
            }
        }
    }
}

fn persist(mut file: UnfinishedFile, path: &Path) -> io::Result<()> {
    file.flush()?;
    match fs::symlink_metadata(path) {
        Ok(old) if old.is_file() => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        // Renaming would replace it by a file.
        Ok(_) => return Err(io::Error::other("it is no longer a file")),
        Err(error) => return Err(error),
    }
    file.as_file().sync_all()?;
    file.persist(path)
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Device(file) => file.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Device(file) => file.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_when_it_is_complete() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("فصل ١.tsv");
        let target = OutputTarget::new(Some(&path)).expect("writable");
        assert!(names(folder.path()).is_empty(), "checking leaves no file behind");
        let mut out = target.open().expect("writable");
        out.write_all(b"text").expect("space on the disk");
        assert!(!path.exists());
        out.commit().expect("a new name");
        assert_eq!(fs::read(&path).expect("the file"), b"text");
        assert_eq!(names(folder.path()), ["فصل ١.tsv"]);
    }

    #[test]
    fn a_dropped_output_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.tsv");
        fs::write(&path, "old").expect("a file");
        let mut out = OutputTarget::new(Some(&path)).expect("writable").open().expect("writable");
        out.write_all(b"new").expect("space on the disk");
        drop(out);
        assert_eq!(fs::read(&path).expect("the file"), b"old");
        assert_eq!(names(folder.path()), ["a.tsv"]);
    }

    #[test]
    fn destinations_that_cannot_be_written_are_refused_early() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = OutputTarget::new(Some(folder.path())).expect_err("a folder");
        assert!(matches!(error.kind(), ErrorKind::Folder));
        let error =
            OutputTarget::new(Some(&folder.path().join("no/a.tsv"))).expect_err("no folder");
        assert!(matches!(error.kind(), ErrorKind::NoFolder(_)));
        assert!(error.to_string().contains("a.tsv"));
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_are_preserved() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let (real, link) = (folder.path().join("real.tsv"), folder.path().join("link.tsv"));
        fs::write(&real, "old").expect("a file");
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("rights");
        symlink(&real, &link).expect("a link");
        let mut out = OutputTarget::new(Some(&link)).expect("writable").open().expect("writable");
        out.write_all(b"new").expect("space on the disk");
        out.commit().expect("a new name");
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
        assert_eq!(fs::read(&real).expect("the file"), b"new");
        assert_eq!(fs::metadata(&real).expect("the file").permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_missing_file_makes_the_file() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let (real, link) = (folder.path().join("real.tsv"), folder.path().join("link.tsv"));
        // Relative to the folder of the link.
        symlink("real.tsv", &link).expect("a link");
        let mut out = OutputTarget::new(Some(&link)).expect("writable").open().expect("writable");
        out.write_all(b"new").expect("space on the disk");
        out.commit().expect("a new name");
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
        assert_eq!(fs::read(&real).expect("the file"), b"new");
        symlink("round.tsv", folder.path().join("round.tsv")).expect("a link");
        let error = OutputTarget::new(Some(&folder.path().join("round.tsv"))).expect_err("a loop");
        assert!(matches!(error.kind(), ErrorKind::Unwritable(_)), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn what_became_a_link_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.tsv");
        let out = OutputTarget::new(Some(&path)).expect("writable").open().expect("writable");
        std::os::unix::fs::symlink("b.tsv", &path).expect("a link");
        out.commit().expect_err("a link");
        assert_eq!(names(folder.path()), ["a.tsv"]);
    }

    #[test]
    fn unfinished_files_are_removed_when_a_signal_ends_the_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.tsv");
        let out = OutputTarget::new(Some(&path)).expect("writable").open().expect("writable");
        assert_eq!(names(folder.path()).len(), 1);
        unfinished::remove_in(folder.path());
        assert!(names(folder.path()).is_empty());
        drop(out);
    }

    #[test]
    fn none_and_dash_are_standard_output() {
        assert!(OutputTarget::new(None).expect("always").is_stdout());
        assert!(OutputTarget::new(Some(Path::new("-"))).expect("always").is_stdout());
    }
}
