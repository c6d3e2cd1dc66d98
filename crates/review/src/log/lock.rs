//! One process a log: a lock file that says who has it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use nasaq_formats::ListedPath;
use nasaq_job::Failure;
use serde::{Deserialize, Serialize};

/// Who has a log.
#[derive(Debug, Serialize, Deserialize)]
struct Owner {
    host: String,
    pid: u32,
    since: String,
}

/// A lock that is held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    /// The lock file, which a signal that ends the program removes, too.
    file_path: ListedPath,
    /// Holds the lock; `None` where the file system has no locks.
    _file: Option<File>,
}

impl Lock {
    /// Takes the lock of a log, or says who has it.
    pub(crate) fn take(log: &Path) -> Result<Self, Failure> {
        let mut name = log.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        loop {
            let mut options = OpenOptions::new();
            let options = options.read(true).write(true).create(true).truncate(false);
            let mut file = options.open(&path).map_err(|error| super::unwritable(log, error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(taken(log, &mut file)),
                Err(TryLockError::Error(error))
                    if error.kind() == std::io::ErrorKind::Unsupported =>
                {
                    return Ok(Self { file_path: ListedPath::new(path), _file: None });
                }
                Err(TryLockError::Error(error)) => return Err(super::unwritable(log, error)),
            }
            if !is_at(&file, &path) {
                // Its last owner has removed it meanwhile.
                continue;
            }
            // Who has the lock is for messages: a full disk must not keep a log from being read.
            let _ = write_owner(&mut file);
            return Ok(Self { file_path: ListedPath::new(path), _file: Some(file) });
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While the lock is held, so that nobody has it under this name.
        let _ = std::fs::remove_file(self.file_path.path());
    }
}

fn write_owner(file: &mut File) -> std::io::Result<()> {
    let owner = Owner {
        host: gethostname::gethostname().to_string_lossy().into_owned(),
        pid: std::process::id(),
        since: Timestamp::now().to_string(),
    };
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&serde_json::to_vec(&owner)?)
}

fn taken(log: &Path, file: &mut File) -> Failure {
    let mut text = String::new();
    let _ = file.read_to_string(&mut text);
    let by = match serde_json::from_str::<Owner>(&text) {
        Ok(Owner { host, pid, since }) => format!("process {pid} on {host}, since {since}"),
        Err(_) => "another process".to_owned(),
    };
    Failure::new("locked", format!("{}: it is being reviewed by {by}", log.display()))
        .hint("use the page that is open, or end that process")
}

/// Reports whether an open file is still the one at a path.
#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let inode = |found: std::fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(open), Ok(found)) => inode(open) == inode(found),
        _ => false,
    }
}

/// An open file cannot be removed there.
#[cfg(not(unix))]
pub(super) fn is_at(_: &File, _: &Path) -> bool {
    true
}
