//! The bitexts that a command line names: files, patterns, and folders of a run.

use std::path::{Path, PathBuf};

use nasaq_formats::{BitextInput, Compression, Format, certain_format};

use crate::command::report::{SkippedFiles, bitext_paths};
use crate::failure::Failure;

/// The files that arguments name.
#[derive(Debug, Default)]
pub(crate) struct NamedFiles {
    pub(crate) files: Vec<PathBuf>,
    /// What is not read of folders.
    pub(crate) skipped: Vec<SkippedFiles>,
}

/// Returns the files that arguments name. A folder stands for its bitexts, a pattern with `*`, `?`
/// or `[` for the files that match it, in the order of their names.
pub(crate) fn named_files(arguments: &[PathBuf]) -> anyhow::Result<NamedFiles> {
    let NamedFiles { mut files, mut skipped } = NamedFiles::default();
    for argument in arguments {
        if argument == Path::new("-") {
            files.push(argument.clone());
        } else if argument.is_dir() {
            let found = bitext_paths(argument)?;
            files.extend(found.paths);
            skipped.extend(found.skipped);
        } else if argument.symlink_metadata().is_err() && is_pattern(argument) {
            files.extend(matches(argument)?);
        } else {
            files.push(argument.clone());
        }
    }
    Ok(NamedFiles { files, skipped })
}

fn is_pattern(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.contains(['*', '?', '[']))
}

fn matches(pattern: &Path) -> Result<Vec<PathBuf>, Failure> {
    let text = pattern.to_str().unwrap_or_default();
    let wrong = |reason: String| {
        Failure::input(format!("{text}: {reason}"))
            .hint("* stands for any part of a name, ** for any folders, ? for a character")
    };
    let found = glob::glob(text).map_err(|error| wrong(error.to_string()))?;
    let mut files = Vec::new();
    for path in found {
        let path = path.map_err(|error| wrong(error.to_string()))?;
        if path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(wrong("no file matches".to_owned()));
    }
    Ok(files)
}

/// Groups files to bitexts: a ladder with its two texts, two line-aligned files, or each file by
/// itself.
pub(crate) fn bitexts(
    files: Vec<PathBuf>,
    from: Option<Format>,
) -> Result<Vec<BitextInput>, Failure> {
    let stdin = files.iter().filter(|path| *path == Path::new("-")).count();
    let by_name = |path: &PathBuf| Format::from_path(path).ok();
    let first = files.first().and_then(by_name);
    let is_one_file = |format: Option<Format>| format.is_none_or(Format::is_single_file);
    let is_one_bitext = match (from, &files[..]) {
        (_, [_]) => true,
        (Some(from), _) => !from.is_single_file(),
        (None, [_, _]) => {
            let is_bitext = |path: &&PathBuf| {
                by_name(path).is_some()
                    || is_xml(path)
                    || certain_format(path).is_some_and(Format::is_single_file)
            };
            files.iter().filter(is_bitext).count() < 2
        }
        // A ladder may have any name; its texts have no name of a format.
        (None, [ladder, texts @ ..]) if files.len() == 3 && first.is_none() => {
            texts.iter().all(|path| by_name(path).is_none())
                && certain_format(ladder).is_some_and(|format| !format.is_single_file())
        }
        (None, _) => !is_one_file(first),
    };
    if stdin > 1 || stdin == 1 && files.len() > 1 && files[0] != Path::new("-") {
        return Err(Failure::usage("only the first input may be standard input, and only once")
            .hint("write the others to files first"));
    }
    if is_one_bitext {
        let mut files = files.into_iter();
        let Some(first) = files.next() else { return Ok(Vec::new()) };
        return Ok(vec![BitextInput::file(first).with_more(files)]);
    }
    Ok(files.into_iter().map(BitextInput::file).collect())
}

/// Reports whether a name ends in `.xml`, so that the contents show the format, and the file is not
/// one with a segment on each line.
fn is_xml(path: &Path) -> bool {
    let (_, plain) = Compression::from_path(path);
    plain.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(files: &[&str], from: Option<Format>) -> Vec<usize> {
        let files = files.iter().map(PathBuf::from).collect();
        let found = bitexts(files, from).expect("bitexts");
        found.iter().map(|bitext| 1 + bitext.more.len()).collect()
    }

    #[test]
    fn files_are_grouped_by_their_formats() {
        assert_eq!(grouped(&["a.tmx"], None), [1]);
        assert_eq!(grouped(&["a.tmx", "b.tsv.gz"], None), [1, 1]);
        assert_eq!(grouped(&["a.ar", "a.en"], None), [2]);
        assert_eq!(grouped(&["a.xml", "b.xml.gz"], None), [1, 1]);
        assert_eq!(grouped(&["a.ladder", "a.ar", "a.en"], None), [3]);
        assert_eq!(grouped(&["a", "b", "c"], Some(Format::Hunalign)), [3]);
        assert_eq!(grouped(&["a.tmx", "b.tmx"], Some(Format::Moses)), [2]);
        assert_eq!(grouped(&["a", "b", "c"], Some(Format::Tmx)), [1, 1, 1]);
        assert_eq!(grouped(&["a.tmx", "b.xliff", "c.po"], None), [1, 1, 1]);
        assert!(bitexts(vec!["a".into(), "-".into()], None).is_err());
    }
}
