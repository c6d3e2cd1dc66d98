//! The names of output files: the id of the document, shortened where no file can be called so.

use std::collections::HashMap;

use nasaq_formats::Format;
use xxhash_rust::xxh3::xxh3_64;

use super::entry::CorpusEntry;
use crate::failure::{Failure, Result};
use crate::warning::Warning;

/// The maximum length of a part of a path in bytes, on common file systems.
const MAX_PART: usize = 255;
/// The maximum length of a name with its folders in bytes: systems allow 4,096 for the whole path.
const MAX_NAME: usize = 2048;
/// The number of hexadecimal digits that keep shortened names apart, and a hyphen.
const HASH: usize = 17;

/// Returns the name of a document's file.
///
/// A part that is too long is its beginning and a hash of the whole part, so that documents of one
/// folder stay in one folder. If the parts together are too long, there are no folders.
pub(super) fn file_name(id: &str, format: Format) -> String {
    let ending = format!(".{}", format.name());
    let (folders, last) = id.rsplit_once('/').map_or((None, id), |(it, last)| (Some(it), last));
    let file = shortened(last, last, &ending);
    let folders = folders.map(|folders| {
        let parts: Vec<String> = folders.split('/').map(|part| shortened(part, part, "")).collect();
        parts.join("/") + "/"
    });
    let name = format!("docs/{}{file}", folders.unwrap_or_default());
    if name.len() <= MAX_NAME { name } else { format!("docs/{}", hashed(last, id, &ending)) }
}

/// Returns a part of a name with its ending.
fn shortened(part: &str, whole: &str, ending: &str) -> String {
    if part.len() + ending.len() <= MAX_PART {
        return format!("{part}{ending}");
    }
    hashed(part, whole, ending)
}

/// Returns the beginning of a part, the hash of a text, and the ending.
fn hashed(part: &str, text: &str, ending: &str) -> String {
    let max = (MAX_PART - HASH - ending.len()).min(part.len());
    let end = (0..=max).rev().find(|&at| part.is_char_boundary(at)).unwrap_or(0);
    format!("{}-{:016x}{ending}", &part[..end], xxh3_64(text.as_bytes()))
}

/// Checks the names of all documents, and returns a warning if some are shortened.
///
/// # Errors
/// If two documents would have the same file: a name is taken that another one is shortened to.
pub(super) fn check(entries: &[CorpusEntry], format: Format) -> Result<Option<Warning>> {
    let name = |entry: &CorpusEntry| file_name(&entry.id, format);
    let plain = |entry: &CorpusEntry| format!("docs/{}.{}", entry.id, format.name());
    let shortened: Vec<&CorpusEntry> =
        entries.iter().filter(|entry| name(entry) != plain(entry)).collect();
    let Some(first) = shortened.first() else { return Ok(None) };
    let mut owners: HashMap<String, &str> = HashMap::new();
    for entry in entries {
        if let Some(other) = owners.insert(name(entry), &entry.id) {
            let (id, name) = (&entry.id, name(entry));
            let reason = format!("the documents {other:?} and {id:?} would both be {name}");
            return Err(Failure::input(reason).hint("give one of them another id"));
        }
    }
    let count = shortened.len();
    let (s, are) = if count == 1 { ("", "is") } else { ("s", "are") };
    let reason = format!(
        "the id{s} of {count} document{s} {are} too long for a file name and shortened, the first to {}",
        name(first)
    );
    let remedy = "documents.tsv has the file of each id";
    Ok(Some(Warning::new("names", reason, remedy)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parts_that_are_too_long_are_shortened() {
        let name = |id: &str| file_name(id, Format::Tsv);
        assert_eq!(name("a/b"), "docs/a/b.tsv");
        let longest = "x".repeat(251);
        assert_eq!(name(&longest), format!("docs/{longest}.tsv"));
        let long = "س".repeat(200);
        let short = name(&long);
        assert_eq!(short, name(&long));
        let file = short.strip_prefix("docs/").expect("a folder");
        assert!(
            file.len() <= MAX_PART && file.starts_with("سس") && file.ends_with(".tsv"),
            "{file}"
        );
        assert_ne!(short, name(&format!("{long}ش")), "the hash differs");
    }

    #[test]
    fn documents_of_a_long_folder_stay_together_unless_there_are_too_many() {
        let folder = "y".repeat(300);
        let name = |id: &str| file_name(id, Format::Tsv);
        let [a, b] = ["a", "b"].map(|file| name(&format!("d/{folder}/{file}")));
        let parent = |name: &str| name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        assert_eq!(parent(&a), parent(&b));
        assert!(a.starts_with("docs/d/yyy") && a.ends_with("/a.tsv"), "{a}");
        let deep = "folder/".repeat(400);
        let [a, b] = ["a", "a/b/a"].map(|file| name(&format!("{deep}{file}")));
        assert!(a.starts_with("docs/a-") && b.starts_with("docs/a-") && a != b, "{a} {b}");
    }
}
