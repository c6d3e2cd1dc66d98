//! Whether two paths are one file.

use std::fs;
use std::path::{Path, PathBuf};

use super::destination::Destination;

/// What a path leads to, to compare it with other paths: links, hard links and different spellings
/// of the path of one file have the same identity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileIdentity(Identity);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Identity {
    Stdout,
    /// Device and inode.
    #[cfg(unix)]
    Inode(u64, u64),
    /// A canonical path.
    Path(PathBuf),
}

impl FileIdentity {
    /// Returns the identity of a file, which need not exist.
    ///
    /// Folders, devices and pipes have none, nor has a path in a folder that does not exist.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        match Destination::of(path).ok()? {
            Destination::Stdout => Some(Self::stdout()),
            Destination::OpenFile(path) | Destination::Path(path) => Self::of_destination(path),
        }
    }

    /// Returns the identity of standard output: that of its file, if it is redirected to one.
    #[must_use]
    pub fn stdout() -> Self {
        let path = Path::new("/dev/stdout");
        match path.is_file() {
            true => Self::of_destination(path.to_owned()),
            false => None,
        }
        .unwrap_or(Self(Identity::Stdout))
    }

    /// Returns the identity of standard input, if it is redirected from a file.
    #[must_use]
    pub fn stdin() -> Option<Self> {
        let path = Path::new("/dev/stdin");
        path.is_file().then(|| Self::of_destination(path.to_owned())).flatten()
    }

    fn of_destination(path: PathBuf) -> Option<Self> {
        match fs::metadata(&path) {
            #[cfg(unix)]
            Ok(found) if found.is_file() => {
                use std::os::unix::fs::MetadataExt;
                Some(Self(Identity::Inode(found.dev(), found.ino())))
            }
            Ok(found) if !found.is_file() => None,
            _ => Some(Self(Identity::Path(path))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_and_links_of_a_file_are_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |name: &str| FileIdentity::of(&folder.path().join(name));
        assert!(of("a").is_some() && of("a") != of("c"), "a missing file has an identity");
        assert_eq!(of("a"), of("./a"));
        fs::write(folder.path().join("a"), "text").expect("a file");
        fs::hard_link(folder.path().join("a"), folder.path().join("hard")).expect("a link");
        assert_eq!(of("a"), of("hard"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("a", folder.path().join("soft")).expect("a link");
            assert_eq!(of("a"), of("soft"));
            std::os::unix::fs::symlink("new", folder.path().join("dangling")).expect("a link");
            assert_eq!(of("new"), of("dangling"));
            assert_eq!(FileIdentity::of(Path::new("/dev/null")), None);
        }
        assert_eq!(of("."), None);
    }
}
