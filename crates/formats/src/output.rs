//! Output that is written completely or not at all.
//!
//! A file is written under another name in the same folder, synchronised to the disk and renamed
//! when it is complete, so that a run that fails does not change the file that was there. Streams,
//! such as `/dev/stdout` and named pipes, are written directly. Several outputs of one command are
//! all complete before the first of them is renamed.

mod destination;
mod identity;
#[cfg(unix)]
mod stale;
mod unfinished;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};

use self::destination::Destination;
use crate::error::{Error, ErrorKind, Result};

pub use self::identity::FileIdentity;
pub use self::unfinished::{ListedPath, UnfinishedFile, remove_unfinished};

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
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // Such as a name that is too long for the file system.
            Err(error) => return Err(ErrorKind::Unwritable(error).into()),
        }
        let folder = folder_of(&path);
        #[cfg(unix)]
        stale::remove_stale(folder);
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
        let place = match self {
            Self::Stdout => OutputPlace::Stdout(io::stdout().lock()),
            // An open file may be a regular one, whose content must stay.
            Self::Device(path) => OpenOptions::new()
                .append(true)
                .open(path)
                .map(|file| OutputPlace::Device { file, path: path.clone() })
                .map_err(|source| Error::from(ErrorKind::Unwritable(source)).at_path(path))?,
            Self::File(path) => UnfinishedFile::in_folder(folder_of(path))
                .map(|file| OutputPlace::File { file, path: path.clone() })
                .map_err(|source| Error::from(ErrorKind::Unwritable(source)).at_path(path))?,
        };
        Ok(Output(BufWriter::new(OutputFile { place, closed_pipe: ClosedPipe::Error })))
    }

    /// Starts writing one of several outputs: what is written to a pipe after its reader has closed it
    /// is discarded, so that the others are completed.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] with the path.
    pub fn open_among_others(&self) -> Result<Output> {
        let mut output = self.open()?;
        output.0.get_mut().closed_pipe = ClosedPipe::Ignored;
        Ok(output)
    }
}

/// A buffered output; without [`Output::commit`] its file is discarded.
#[derive(Debug)]
pub struct Output(BufWriter<OutputFile>);

#[derive(Debug)]
struct OutputFile {
    place: OutputPlace,
    closed_pipe: ClosedPipe,
}

#[derive(Debug)]
enum OutputPlace {
    Stdout(StdoutLock<'static>),
    Device { file: File, path: PathBuf },
    File { file: UnfinishedFile, path: PathBuf },
}

/// What happens when the reader of a pipe has closed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClosedPipe {
    /// Writing fails.
    Error,
    /// Nothing has happened yet; if it does, the rest is discarded.
    Ignored,
    /// The rest is discarded.
    Discarding,
}

/// A file that is complete under its temporary name, and its final path.
type CompleteFile = (UnfinishedFile, PathBuf);

impl Output {
    /// Completes the output and moves it to its destination. A pipe that was closed before its last
    /// bytes were written is no error.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path, if writing or renaming fails.
    pub fn commit(self) -> Result<()> {
        Self::commit_all([self])
    }

    /// Completes several outputs, then moves all files to their destinations in the order of the
    /// outputs.
    ///
    /// Pass the main output last: when it is new, the others are, too.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path, if writing or renaming fails. Unless it is renaming that fails,
    /// no file is moved.
    pub fn commit_all(outputs: impl IntoIterator<Item = Self>) -> Result<()> {
        let is_file = |output: &Self| matches!(output.0.get_ref().place, OutputPlace::File { .. });
        let (files, streams): (Vec<Self>, Vec<Self>) = outputs.into_iter().partition(is_file);
        // Streams last, such as a summary on standard output: a file fails more often.
        let complete: Vec<Option<CompleteFile>> =
            files.into_iter().chain(streams).map(Self::complete).collect::<Result<_>>()?;
        complete.into_iter().flatten().try_for_each(|(file, path)| {
            file.persist(&path).map_err(|error| Error::writing(error).at_path(path))
        })
    }

    /// Writes what is buffered. Returns the file, unless the output is a stream.
    fn complete(self) -> Result<Option<CompleteFile>> {
        let flushed = self.0.into_inner().map_err(io::IntoInnerError::into_error);
        let flushed = flushed.and_then(|mut file| file.flush().map(|()| file.place));
        let (file, path) = match flushed {
            Ok(OutputPlace::File { file, path }) => (file, path),
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                return Err(Error::writing(error));
            }
            _ => return Ok(None),
        };
        finish(&file, &path).map_err(|error| Error::writing(error).at_path(path.clone()))?;
        Ok(Some((file, path)))
    }
}

/// Checks that a file can be moved to its destination, and synchronises it to the disk.
fn finish(file: &UnfinishedFile, path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(old) if old.is_file() => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        // Renaming would replace it by a file.
        Ok(_) => return Err(io::Error::other("it is no longer a file")),
        Err(error) => return Err(error),
    }
    file.as_file().sync_all()
}

impl OutputFile {
    /// Returns `discarded` instead of the error of a closed pipe, if that is no error. Another error
    /// gets the path, because the command may have several outputs.
    fn unless_closed<T>(&mut self, result: io::Result<T>, discarded: T) -> io::Result<T> {
        let Err(error) = result else { return result };
        let is_closed = error.kind() == io::ErrorKind::BrokenPipe;
        match &self.place {
            _ if is_closed && self.closed_pipe == ClosedPipe::Ignored => {
                self.closed_pipe = ClosedPipe::Discarding;
                Ok(discarded)
            }
            OutputPlace::Device { path, .. } | OutputPlace::File { path, .. } => {
                Err(io::Error::new(error.kind(), format!("{}: {error}", path.display())))
            }
            OutputPlace::Stdout(_) => Err(error),
        }
    }
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
        if self.closed_pipe == ClosedPipe::Discarding {
            return Ok(bytes.len());
        }
        let written = match &mut self.place {
            OutputPlace::Stdout(out) => out.write(bytes),
            OutputPlace::Device { file, .. } => file.write(bytes),
            OutputPlace::File { file, .. } => file.write(bytes),
        };
        self.unless_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match &mut self.place {
            _ if self.closed_pipe == ClosedPipe::Discarding => return Ok(()),
            OutputPlace::Stdout(out) => out.flush(),
            OutputPlace::Device { file, .. } => file.flush(),
            OutputPlace::File { file, .. } => file.flush(),
        };
        self.unless_closed(flushed, ())
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
