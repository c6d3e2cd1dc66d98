//! Where a path leads: to a file, through links, or to an open file of the process.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;

use super::folder_of;
use crate::error::{ErrorKind, Result};

/// Links that are followed before they count as a loop, as in Linux.
const MAX_LINKS: usize = 40;

/// What a path leads to when its last part is followed as long as it is a link.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// Standard output, as `/dev/stdout`.
    Stdout,
    /// Another open file of the process, as `/dev/fd/3`.
    ///
    /// In Linux it looks like a link to the file. Replacing that file would take it away from the
    /// process that has opened it, and lose what it holds already.
    OpenFile(PathBuf),
    /// A path that is no link, in a canonical folder. There may be nothing.
    Path(PathBuf),
}

impl Destination {
    pub(super) fn of(path: &Path) -> Result<Self> {
        if is_folder_name(path) {
            return Err(ErrorKind::Folder.into());
        }
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            let Some(name) = path.file_name() else { return Err(ErrorKind::Folder.into()) };
            let folder = folder_of(&path);
            let Ok(found) = fs::canonicalize(folder) else {
                return Err(ErrorKind::NoFolder(folder.to_owned()).into());
            };
            let resolved = found.join(name);
            if let Some(process) = process_of_open_files(&found) {
                return Ok(match process == process::id() && name == "1" {
                    true => Self::Stdout,
                    false => Self::OpenFile(resolved),
                });
            }
            match fs::read_link(&resolved) {
                Ok(link) => path = found.join(link),
                Err(_) => return Ok(Self::Path(resolved)),
            }
        }
        Err(ErrorKind::Unwritable(io::Error::other("too many levels of symbolic links")).into())
    }
}

/// Returns whether a path can only be that of a folder, as `out/`. The parts of a [`Path`] do not show
/// it.
fn is_folder_name(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes();
    let is_separator = |byte: &u8| std::path::is_separator(char::from(*byte));
    name.strip_suffix(b".").unwrap_or(name).last().is_some_and(is_separator)
}

/// Returns the process whose open files a canonical folder has, if it is such a folder.
fn process_of_open_files(folder: &Path) -> Option<u32> {
    if folder == Path::new("/dev/fd") {
        return Some(process::id());
    }
    let mut parts = folder.strip_prefix("/proc").ok()?.iter();
    let process = parts.next()?.to_str()?.parse().ok()?;
    (parts.next_back()? == "fd").then_some(process)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_with_a_separator_at_its_end_is_a_folder() {
        for path in ["out/", "out//", "out/.", "/", "./"] {
            let error = Destination::of(Path::new(path)).expect_err("a folder");
            assert!(matches!(error.kind(), ErrorKind::Folder), "{path}");
        }
        assert!(Destination::of(Path::new("out.")).is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn standard_streams_and_open_files_are_no_links() {
        let of = |path: &str| Destination::of(Path::new(path)).expect("a place");
        for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/../dev/stdout"] {
            assert_eq!(of(path), Destination::Stdout, "{path}");
        }
        assert!(matches!(of("/dev/stderr"), Destination::OpenFile(_)));
        assert!(matches!(of("/proc/self/fd/9"), Destination::OpenFile(_)));
        assert_eq!(of("/dev/null"), Destination::Path("/dev/null".into()));
        assert!(matches!(of("/proc/self/status"), Destination::Path(_)));
    }
}
