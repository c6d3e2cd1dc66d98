//! Pairs files by their names: in two folders, by two templates, or in one folder.
//!
//! Names are compared in Unicode's composed form (NFC), because some systems store `é` or `آ` as two
//! code points.

mod marks;
mod matching;

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use nasaq::Language;
use unicode_normalization::UnicodeNormalization;
use walkdir::{DirEntry, WalkDir};

pub use self::matching::UnpairedReason;

use self::marks::{MarkExtent, masked, without_extension, without_masks};
use self::matching::{NamePairs, pair_marked, pair_sides};
use super::entry::{Corpus, CorpusEntry, UnpairedFile};
use crate::failure::{Failure, Result};
use crate::remedy::Remedy;

/// Extensions of compressed files, which follow that of the format.
const COMPRESSED: [&str; 2] = [".gz", ".zst"];
/// The placeholder of the id in a template.
const ID: &str = "{id}";

/// A file below a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FolderFile {
    /// Its path.
    pub path: PathBuf,
    /// Its path relative to the folder, with `/` between the parts, in NFC. Bytes that are not UTF-8
    /// are written as `\xff`.
    pub name: String,
}

impl FolderFile {
    /// Returns the failure of a file whose name no output could have.
    pub(crate) fn check_name(&self) -> Result<()> {
        check_name(&self.name, &self.path)
    }
}

/// Returns the failure of a file whose name is not UTF-8, as `name` shows.
pub(super) fn check_name(name: &str, path: &Path) -> Result<()> {
    if path.to_str().is_some() || !name.contains("\\x") {
        return Ok(());
    }
    Err(Failure::new("name", format!("{name}: this name is not UTF-8"))
        .with_remedy(Remedy::RenameDocument))
}

/// Lists the files below a folder in the order of their names, at any depth.
///
/// Hidden files and folders are skipped, and so is `skip`, the output folder. A link to a missing file
/// and a name that is not UTF-8 are listed: their documents fail, and no others.
pub(crate) fn files(folder: &Path, skip: Option<&Path>) -> Result<Vec<FolderFile>> {
    let is_listed = |entry: &DirEntry| {
        let hidden = entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
        let is_output = || {
            entry.file_type().is_dir()
                && skip
                    .is_some_and(|skip| entry.path().canonicalize().is_ok_and(|path| path == skip))
        };
        !hidden && !is_output()
    };
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(is_listed) {
        let path = match entry {
            Ok(entry) if entry.file_type().is_file() => entry.into_path(),
            Ok(_) => continue,
            Err(error) => match dangling_link(&error) {
                Some(path) if is_hidden(path) => continue,
                Some(path) => path.to_owned(),
                None => {
                    return Err(Failure::input(error.to_string())
                        .hint("check the name of the folder and its permissions"));
                }
            },
        };
        let name = name_of(path.strip_prefix(folder).unwrap_or(&path));
        found.push(FolderFile { path, name });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Returns the path of a symbolic link to nothing, if that is the error.
fn dangling_link(error: &walkdir::Error) -> Option<&Path> {
    let is_missing = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
    error.path().filter(|path| is_missing && error.depth() > 0 && path.is_symlink())
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Returns a relative path as text.
fn name_of(path: &Path) -> String {
    let mut name = String::new();
    for part in path.components() {
        let Component::Normal(part) = part else { continue };
        if !name.is_empty() {
            name.push('/');
        }
        for chunk in part.as_encoded_bytes().utf8_chunks() {
            name.extend(chunk.valid().nfc());
            for byte in chunk.invalid() {
                name.push_str(&format!("\\x{byte:02x}"));
            }
        }
    }
    name
}

/// Returns a name without the extensions of compression and format, and without the last mark of
/// its language: `a/1` for `a/1.ar.txt.gz`.
pub(crate) fn key_of(name: &str, language: Language) -> String {
    let name = without_compression(name);
    let masked = masked(name, language, MarkExtent::Region);
    let key = masked.first().map(|masked| without_masks(without_extension(masked)));
    key.filter(|key| !key.is_empty()).unwrap_or_else(|| without_extension(name).to_owned())
}

fn without_compression(name: &str) -> &str {
    COMPRESSED.iter().find_map(|extension| name.strip_suffix(extension)).unwrap_or(name)
}

/// Pairs the files of two folders whose names are the same except for extensions and the marks of
/// their languages, and then those whose names are similar.
pub(crate) fn folders(
    folders: [&Path; 2],
    languages: [Language; 2],
    skip: Option<&Path>,
) -> Result<Corpus> {
    let [src, tgt] = [files(folders[0], skip)?, files(folders[1], skip)?];
    let sides: Vec<usize> = src.iter().map(|_| 0).chain(tgt.iter().map(|_| 1)).collect();
    let files: Vec<FolderFile> = src.into_iter().chain(tgt).collect();
    let names: Vec<&str> = files.iter().map(|file| without_compression(&file.name)).collect();
    let found = pair_sides(&names, &sides, languages);
    Ok(corpus_of(&files, found))
}

/// Pairs the files of one folder by the languages that their names or their folders show:
/// `ar/1.txt` with `en/1.txt`, `NAME.ar.txt` with `NAME.en.txt`.
pub(crate) fn folder(
    folder: &Path,
    languages: [Language; 2],
    skip: Option<&Path>,
) -> Result<Corpus> {
    let inner = languages.map(|language| folder.join(language.code()));
    if inner.iter().all(|folder| folder.is_dir()) {
        let mut corpus = folders([&inner[0], &inner[1]], languages, skip)?;
        let is_outside = |file: &FolderFile| {
            !languages.iter().any(|language| {
                file.name.strip_prefix(language.code()).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        let outside: Vec<FolderFile> =
            files(folder, skip)?.into_iter().filter(is_outside).collect();
        corpus.add(corpus_of_marked(&outside, languages).0);
        return Ok(corpus);
    }
    let files = files(folder, skip)?;
    let (corpus, is_marked) = corpus_of_marked(&files, languages);
    if !is_marked && !files.is_empty() {
        let reason =
            format!("{}: no file name shows its language, of {}", folder.display(), files.len());
        return Err(Failure::input(reason).with_remedy(Remedy::NameFilesAlike));
    }
    Ok(corpus)
}

/// Pairs files by the languages that their names show, and reports whether any name shows one.
fn corpus_of_marked(files: &[FolderFile], languages: [Language; 2]) -> (Corpus, bool) {
    let names: Vec<&str> = files.iter().map(|file| without_compression(&file.name)).collect();
    let found = pair_marked(&names, languages);
    let is_marked = |(_, side, reason): &(usize, Option<usize>, UnpairedReason)| {
        side.is_some() || *reason == UnpairedReason::Ambiguous
    };
    let is_marked = !found.pairs.is_empty() || found.unpaired.iter().any(is_marked);
    (corpus_of(files, found), is_marked)
}

/// Makes a corpus of files whose names are paired.
fn corpus_of(files: &[FolderFile], found: NamePairs) -> Corpus {
    let mut corpus = Corpus::default();
    for pair in found.pairs {
        if pair.is_similar {
            corpus.similar.push(corpus.entries.len());
        }
        let paths = pair.names.map(|at| files[at].path.clone());
        corpus.entries.push(CorpusEntry::of_files(pair.id, paths));
    }
    corpus.unpaired.extend(found.unpaired.into_iter().map(|(at, side, reason)| UnpairedFile {
        side,
        path: files[at].path.clone(),
        reason,
    }));
    corpus
}

/// Reports whether a path is a template.
pub(crate) fn is_template(path: &Path) -> bool {
    path.to_string_lossy().contains(ID)
}

/// Pairs the files that match two templates with the same id, which may contain folders.
pub(crate) fn templates(templates: [&Path; 2], skip: Option<&Path>) -> Result<Corpus> {
    let mut sides = [Vec::new(), Vec::new()];
    for side in 0..2 {
        let text = templates[side].to_str().filter(|text| text.contains(ID)).ok_or_else(|| {
            Failure::usage(format!("{}: not a template", templates[side].display()))
                .hint("a template has {id} where names differ: 'texts/{id}.ar.txt'")
        })?;
        let first = text.find(ID).unwrap_or(0);
        let (folder, pattern) = match text[..first].rfind('/') {
            Some(at) => (&text[..=at], &text[at + 1..]),
            None => (".", text),
        };
        let pattern: String = pattern.nfc().collect();
        for file in files(Path::new(folder), skip)? {
            if let Some(id) = id_of(&file.name, &pattern) {
                sides[side].push((id.to_owned(), file.path));
            }
        }
    }
    pair(sides)
}

/// Returns the part of a name that matches `{id}`, which is the same wherever the pattern has it.
fn id_of<'n>(name: &'n str, pattern: &str) -> Option<&'n str> {
    let parts: Vec<&str> = pattern.split(ID).collect();
    let fixed: usize = parts.iter().map(|part| part.len()).sum();
    let count = parts.len() - 1;
    let id_bytes = name.len().checked_sub(fixed)?;
    if id_bytes == 0 || id_bytes % count != 0 {
        return None;
    }
    let rest = name.strip_prefix(parts[0])?;
    let id = rest.get(..id_bytes / count)?;
    let mut rest = rest;
    for part in &parts[1..] {
        rest = rest.strip_prefix(id)?.strip_prefix(part)?;
    }
    (!id.starts_with('/') && !id.ends_with('/') && !id.contains("//")).then_some(id)
}

/// Pairs the files of both sides by their keys, in the order of the keys.
fn pair(sides: [Vec<(String, PathBuf)>; 2]) -> Result<Corpus> {
    let mut found: BTreeMap<String, [Option<PathBuf>; 2]> = BTreeMap::new();
    for (side, files) in sides.into_iter().enumerate() {
        for (key, path) in files {
            let place = &mut found.entry(key).or_default()[side];
            if let Some(other) = place.replace(path) {
                let path = place.as_ref().unwrap_or(&other).display();
                return Err(Failure::input(format!(
                    "{} and {path} have the same name except for their extensions",
                    other.display()
                ))
                .hint("rename or move one of them, or use a template or a manifest"));
            }
        }
    }
    let mut corpus = Corpus::default();
    for (id, paths) in found {
        let (side, path) = match paths {
            [Some(src), Some(tgt)] => {
                corpus.entries.push(CorpusEntry::of_files(id, [src, tgt]));
                continue;
            }
            [Some(path), None] => (0, path),
            [None, Some(path)] => (1, path),
            [None, None] => continue,
        };
        let reason = UnpairedReason::NoPartner;
        corpus.unpaired.push(UnpairedFile { side: Some(side), path, reason });
    }
    Ok(corpus)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const LANGUAGES: [Language; 2] = [Language::Arabic, Language::English];

    fn tree(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, "نص").expect("a file");
        }
        folder
    }

    fn ids_and_unpaired(corpus: &Corpus) -> (Vec<&str>, Vec<(Option<usize>, String)>) {
        let unpaired = |file: &UnpairedFile| {
            let name = file.path.file_name().expect("a name").to_string_lossy().into_owned();
            (file.side, name)
        };
        let ids = corpus.entries.iter().map(|entry| entry.id.as_str()).collect();
        (ids, corpus.unpaired.iter().map(unpaired).collect())
    }

    #[test]
    fn keys_have_no_extensions_and_no_language() {
        for (name, key) in [
            ("a/1.ar.txt.gz", "a/1"),
            ("1_AR.txt", "1"),
            ("v1.2.txt", "v1.2"),
            ("calendar", "calendar"),
            ("calendar.txt", "calendar"),
            ("a.d/ar.txt", "a.d"),
            ("ar.txt", "ar"),
            ("دستور-arabic.md", "دستور"),
            ("1.en.txt", "1.en"),
        ] {
            assert_eq!(key_of(name, Language::Arabic), key, "{name}");
        }
    }

    #[test]
    fn folders_are_paired_at_any_depth() {
        // The second name has its madda as a separate code point.
        let folder = tree(&[
            "ar/ب/آ.txt",
            "en/ب/ا\u{653}.txt",
            "ar/2.ar.txt",
            "en/2.en.txt.gz",
            "ar/3.txt",
            "en/4.txt",
            "ar/5_en.txt",
            "en/5_en.txt",
            "ar/.hidden",
            "out/docs/5.txt",
        ]);
        let at = |name: &str| folder.path().join(name);
        let corpus = folders([&at("ar"), &at("en")], LANGUAGES, None).expect("pairs");
        let (ids, unpaired) = ids_and_unpaired(&corpus);
        assert_eq!(ids, ["2", "5_en", "ب/آ"]);
        assert_eq!(unpaired, [(Some(0), "3.txt".to_owned()), (Some(1), "4.txt".to_owned())]);
        let single = super::folder(folder.path(), LANGUAGES, None).expect("pairs");
        let (single_ids, unpaired) = ids_and_unpaired(&single);
        assert_eq!(single_ids, ids);
        assert_eq!(unpaired.last(), Some(&(None, "5.txt".to_owned())), "a file outside");
    }

    #[test]
    fn one_folder_is_paired_by_language_suffixes() {
        let folder = tree(&["x/1.ar.txt", "x/1.en.txt", "2-ar.txt", "notes.txt", "out/9.ar.txt"]);
        let out = folder.path().join("out").canonicalize().expect("a folder");
        let corpus = super::folder(folder.path(), LANGUAGES, Some(&out)).expect("pairs");
        let unpaired = vec![(Some(0), "2-ar.txt".to_owned()), (None, "notes.txt".to_owned())];
        assert_eq!(ids_and_unpaired(&corpus), (vec!["x/1"], unpaired));
        let none = tree(&["notes.txt"]);
        assert!(super::folder(none.path(), LANGUAGES, None).is_err());
    }

    #[test]
    fn templates_match_ids() {
        for (name, pattern, id) in [
            ("a/b.ar.txt", "{id}.ar.txt", Some("a/b")),
            ("x-1/x-1.ar", "{id}/{id}.ar", Some("x-1")),
            ("x-1/x-2.ar", "{id}/{id}.ar", None),
            (".ar.txt", "{id}.ar.txt", None),
            ("فصل.txt", "ف{id}.txt", Some("صل")),
            ("1.en.txt", "{id}.ar.txt", None),
        ] {
            assert_eq!(id_of(name, pattern), id, "{name}");
        }
        let folder = tree(&["t/a/1/ar.txt", "t/a/1/en.txt", "t/2/en.txt"]);
        let at = |name: &str| folder.path().join(name);
        let corpus = templates([&at("t/{id}/ar.txt"), &at("t/{id}/en.txt")], None).expect("pairs");
        assert_eq!(ids_and_unpaired(&corpus), (vec!["a/1"], vec![(Some(1), "en.txt".to_owned())]));
        assert!(templates([&at("t/{id}"), &at("t")], None).is_err());
    }

    #[test]
    fn files_that_two_others_fit_are_listed() {
        let folder = tree(&["ar/1.md", "ar/1.html", "en/1.txt"]);
        let at = |name: &str| folder.path().join(name);
        let corpus = folders([&at("ar"), &at("en")], LANGUAGES, None).expect("a listing");
        assert!(corpus.entries.is_empty());
        let reasons = corpus.unpaired.iter().map(|file| file.reason);
        assert_eq!(reasons.collect::<Vec<_>>(), [UnpairedReason::Ambiguous; 3]);
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_are_paired_or_listed() {
        use std::os::unix::ffi::OsStrExt;

        let folder = tree(&["ar/1.txt", "en/1.txt"]);
        let bad = |name: &[u8]| folder.path().join(std::ffi::OsStr::from_bytes(name));
        fs::write(bad(b"ar/k\xc7.txt"), "x").expect("a file");
        let of = |side: &str| folder.path().join(side);
        let corpus = folders([&of("ar"), &of("en")], LANGUAGES, None).expect("pairs");
        assert_eq!(ids_and_unpaired(&corpus).0, ["1"]);
        assert_eq!(corpus.unpaired.len(), 1);
        fs::write(bad(b"en/k\xc7.txt"), "x").expect("a file");
        let corpus = folders([&of("ar"), &of("en")], LANGUAGES, None).expect("pairs");
        assert_eq!(ids_and_unpaired(&corpus).0, ["1", "k\\xc7"]);
    }
}
