//! Finds and reads the documents that a file of links names.

use std::collections::HashSet;
use std::io::ErrorKind as IoErrorKind;
use std::path::{Component, Path, PathBuf};

use super::super::input::{BitextInput, open_text};
use super::super::sentences::{Sentences, no_sentences};
use crate::error::{Error, Result};

/// Reads the sentences of a document.
pub(super) fn read(
    input: &BitextInput,
    name: &str,
    element: &str,
    wanted: &HashSet<&str>,
) -> Result<Sentences> {
    let folder = input.folder.clone().unwrap_or_else(|| folder(&input.path));
    let path = find(&folder, name)?;
    let read = || {
        let stream = open_text(&path, input)?;
        let sentences = Sentences::read(stream, element, |id| wanted.contains(id))?;
        if sentences.by_id.is_empty() { Err(no_sentences()) } else { Ok(sentences) }
    };
    read().map_err(|error| error.at_path(&path))
}

/// Returns the folder that documents are looked up in.
fn folder(links: &Path) -> PathBuf {
    match links.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Finds a document in a folder.
fn find(folder: &Path, name: &str) -> Result<PathBuf> {
    // A name without folders may have any characters.
    if is_file_name(name) {
        let found = spellings(Path::new(name)).into_iter().map(|path| folder.join(path));
        if let Some(path) = found.into_iter().find(|path| path.is_file()) {
            return Ok(path);
        }
    }
    // A path of another machine; its files may be beside the links.
    if let Some(name) = windows_file_name(name)
        && let Some(path) = spellings(Path::new(name))
            .map(|it| folder.join(it))
            .into_iter()
            .find(|path| path.is_file())
    {
        return Ok(path);
    }
    let Some(relative) = relative(name) else {
        return Err(Error::from(crate::error::ErrorKind::Syntax {
            what: format!("the document {name:?} is outside of the folder of the links"),
            remedy:
                "put the documents beside the file of links, and name them by their path from there"
                    .into(),
        }));
    };
    let file_name = PathBuf::from(relative.file_name().unwrap_or_default());
    for path in [&relative, &file_name] {
        for path in spellings(path) {
            let path = folder.join(path);
            if path.is_file() {
                return Ok(path);
            }
        }
    }
    let missing = std::io::Error::from(IoErrorKind::NotFound);
    Err(Error::reading(missing).at_path(folder.join(relative)))
}

/// Reports whether a name has no folders on this system.
fn is_file_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
}

/// Returns the last part of a path with a drive, `C:\corpus\1.xml`.
fn windows_file_name(name: &str) -> Option<&str> {
    let (drive, path) = name.split_once(':')?;
    let is_drive = drive.len() == 1 && drive.as_bytes()[0].is_ascii_alphabetic();
    let last = path.rsplit(['\\', '/']).next()?;
    (is_drive && is_file_name(last) && !last.contains(':')).then_some(last)
}

/// Returns a name as a path that cannot lead out of a folder, or `None`.
fn relative(name: &str) -> Option<PathBuf> {
    let name = name.replace('\\', "/");
    let path = Path::new(name.trim_start_matches("./"));
    let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    (is_inside && path.file_name().is_some() && !name.contains(':')).then(|| path.to_owned())
}

/// Returns a path, and the same path with or without `.gz`.
fn spellings(path: &Path) -> [PathBuf; 2] {
    let other = if path.extension().is_some_and(|ending| ending == "gz") {
        path.with_extension("")
    } else {
        let mut packed = path.as_os_str().to_owned();
        packed.push(".gz");
        packed.into()
    };
    [path.to_owned(), other]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_lead_out_of_the_folder() {
        for name in
            ["/etc/passwd", "../a.xml", "a/../../b", "", "..", "C:\\a.xml", "\\\\host\\a", "a/.."]
        {
            assert_eq!(relative(name), None, "{name}");
        }
        assert_eq!(relative("./ar/1.xml.gz"), Some(PathBuf::from("ar/1.xml.gz")));
        assert_eq!(relative("ar\\1.xml"), Some(PathBuf::from("ar/1.xml")));
    }

    #[test]
    fn documents_are_found_by_path_or_name_packed_or_not() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("ar")).expect("a folder");
        for name in ["ar/1.xml", "2.xml.gz"] {
            std::fs::write(folder.path().join(name), "").expect("a file");
        }
        std::fs::write(folder.path().join("C:3.xml"), "").expect("a file");
        let found = |name: &str| find(folder.path(), name).ok();
        assert_eq!(found("ar/1.xml.gz"), Some(folder.path().join("ar/1.xml")));
        assert_eq!(found("ar/2.xml"), Some(folder.path().join("2.xml.gz")));
        assert_eq!(found("C:3.xml"), Some(folder.path().join("C:3.xml")));
        assert_eq!(found("C:\\corpus\\2.xml"), Some(folder.path().join("2.xml.gz")));
        assert_eq!(found("3.xml"), None);
        assert_eq!(super::folder(Path::new("a.xml")), Path::new("."));
    }
}
