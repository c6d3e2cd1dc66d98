//! The log of a session: JSON Lines, of which no line that counts is ever lost.
//!
//! The head is written at once, before the first decision: a header, the two documents with their
//! segments, and the aligner's beads. Then each decision, undo and redo is a line, which is on disk
//! before it counts. A line that could not be written whole is removed again.

mod event;
mod head;
mod lock;
mod read;

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nasaq_formats::OutputTarget;
use nasaq_job::Failure;

pub(crate) use event::{Action, Event, Searched};
pub use head::InputFile;
pub(crate) use head::{FORMAT, Head, Header};
pub(crate) use lock::Lock;
pub use read::is_log;
pub(crate) use read::{ReadLog, read, unreadable};

/// An open log.
#[derive(Debug)]
pub(crate) struct Log {
    file: File,
    path: PathBuf,
    /// The bytes of the lines that count.
    len: u64,
    /// Whether bytes of a line that does not count could not be removed.
    is_broken: bool,
    _lock: Lock,
}

impl Log {
    /// Writes the head of a new log. A file of that name is never replaced.
    pub(crate) fn create(path: &Path, head: &Head) -> Result<Self, Failure> {
        let target = OutputTarget::new(Some(path))?;
        if !matches!(target, OutputTarget::File(_)) {
            return Err(Failure::usage(format!("{}: a log must be a file", path.display()))
                .hint("name another log"));
        }
        let lock = Lock::take(path)?;
        if path.exists() {
            return Err(exists(path));
        }
        let mut output = target.open()?;
        head.write(&mut output).map_err(|error| unwritable(path, error))?;
        output.commit()?;
        let file = OpenOptions::new().append(true).open(path);
        let file = file.map_err(|error| unwritable(path, error))?;
        file.sync_all().map_err(|error| unwritable(path, error))?;
        sync_folder(path);
        Self::of(file, path, lock)
    }

    /// Opens a log to go on with it: the lock is taken before it is read.
    pub(crate) fn open(path: &Path) -> Result<(Self, ReadLog), Failure> {
        let lock = Lock::take(path)?;
        let log = read(path)?;
        let file = OpenOptions::new().append(true).open(path);
        let file = file.map_err(|error| unwritable(path, error))?;
        let mut open = Self::of(file, path, lock)?;
        if log.valid_bytes < open.len {
            open.file.set_len(log.valid_bytes).map_err(|error| unwritable(path, error))?;
            open.len = log.valid_bytes;
        }
        if log.lacks_line_end {
            open.append_bytes(b"\n").map_err(|error| unwritable(path, error))?;
        }
        Ok((open, log))
    }

    fn of(file: File, path: &Path, lock: Lock) -> Result<Self, Failure> {
        let len = file.metadata().map_err(|error| unwritable(path, error))?.len();
        Ok(Self { file, path: path.to_owned(), len, is_broken: false, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends an event. It is on disk when this returns; if it cannot be, the log is as before.
    pub(crate) fn append(&mut self, event: &Event) -> Result<(), AppendError> {
        if !lock::is_at(&self.file, &self.path) {
            return Err(AppendError::Moved);
        }
        if self.is_broken {
            // The earlier failure may be over.
            self.file.set_len(self.len)?;
            self.is_broken = false;
        }
        let found = self.file.metadata()?;
        if found.is_file() && found.len() != self.len {
            return Err(AppendError::Edited);
        }
        let mut line = serde_json::to_vec(event).map_err(io::Error::other)?;
        line.push(b'\n');
        self.append_bytes(&line)?;
        Ok(())
    }

    fn append_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(bytes).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.len += bytes.len() as u64,
            Err(_) => self.is_broken = self.file.set_len(self.len).is_err(),
        }
        written
    }
}

/// Why an event could not be appended.
#[derive(Debug)]
pub(crate) enum AppendError {
    Io(io::Error),
    /// The path has another file than the open one, or none: lines would be written to a file that
    /// nobody finds.
    Moved,
    /// Another program wrote to the file.
    Edited,
}

impl AppendError {
    /// Returns what to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Io(_) => "make room on the disk and decide again; nothing was decided",
            Self::Moved => {
                "move the log back and decide again, or end the program and open the log that is \
                 there; nothing was decided"
            }
            Self::Edited => {
                "end the program and open the log again, from a backup if it is refused; nothing \
                 was decided"
            }
        }
    }
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Moved => f.write_str("the log was moved, replaced or deleted"),
            Self::Edited => f.write_str("another program has changed the log"),
        }
    }
}

impl From<io::Error> for AppendError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes the entry of a new file to disk. Not every file system can.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
        let _ = folder.sync_all();
    }
}

/// Checks that a log can be begun, before the long work.
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    OutputTarget::new(Some(path))?;
    Ok(())
}

/// Words an error of JSON: the line that it counts is always the first.
fn json_reason(error: &serde_json::Error) -> String {
    error.to_string().replace(&format!(" at line {} column ", error.line()), " at column ")
}

fn exists(path: &Path) -> Failure {
    Failure::new("exists", format!("{}: there is a file of this name already", path.display()))
        .hint("name another log, or go on with this one")
}

pub(crate) fn unwritable(path: &Path, error: io::Error) -> Failure {
    Failure::from(
        nasaq_formats::Error::from(nasaq_formats::ErrorKind::Io {
            doing: "writing",
            source: error,
        })
        .at_path(path),
    )
}

#[cfg(test)]
impl Log {
    /// Writes to another file from now on.
    pub(crate) fn redirect(&mut self, path: &Path) {
        self.file = OpenOptions::new().append(true).open(path).expect("a file");
        self.path = path.to_owned();
    }
}
