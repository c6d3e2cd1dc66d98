//! The names of outputs that consist of several files: a prefix, and what each file has after it.

use std::path::{Path, PathBuf};

use nasaq_formats::{BitextHeader, Compression, Format};

use crate::failure::Failure;

/// Reports whether a format has several files, so that `-o` is the beginning of their names.
pub(crate) fn is_prefix(format: Format) -> bool {
    format.output_files() > 1
}

/// Returns the failure for an output of several files without a prefix.
pub(crate) fn no_prefix(format: Format) -> Failure {
    let (name, count) = match (format.name(), format.output_files()) {
        (name, 2) => (name, "two"),
        (name, _) => (name, "three"),
    };
    let names = endings(format, ["ar", "en"]).map(|ending| format!("corpus{ending}"));
    let names: Vec<String> = names.collect();
    let (last, first) = names.split_last().expect("a format has files");
    let names = format!("{} and {last}", first.join(", "));
    Failure::usage(format!("--to {name} writes {count} files"))
        .hint(format!("set the prefix of their names with -o: -o corpus writes {names}"))
}

/// Returns what follows the prefix in the names of the files.
fn endings(format: Format, [src, tgt]: [&str; 2]) -> impl Iterator<Item = String> {
    let endings = match format.output_files() {
        2 => vec![format!(".{src}"), format!(".{tgt}")],
        // As InterText names them.
        _ => vec![
            format!(".{src}.xml"),
            format!(".{tgt}.xml"),
            format!(".{src}.{tgt}.alignment.xml"),
        ],
    };
    endings.into_iter()
}

/// Returns the paths of the files of a format: the prefix, the languages, and `.gz` or `.zst`.
pub(crate) fn file_paths(format: Format, prefix: &Path, languages: [&str; 2]) -> Vec<PathBuf> {
    endings(format, languages).map(|ending| file_path(prefix, &ending)).collect()
}

fn file_path(prefix: &Path, ending: &str) -> PathBuf {
    let (compression, _) = Compression::from_path(prefix);
    let mut name = prefix.to_path_buf();
    let packed = name.extension().map(|ending| ending.to_string_lossy().into_owned());
    if compression != Compression::None {
        name.set_extension("");
    }
    let mut text = name.into_os_string();
    text.push(ending);
    if let (true, Some(packed)) = (compression != Compression::None, packed) {
        text.push(format!(".{packed}"));
    }
    text.into()
}

/// Sets the names by which the files of a format refer to each other.
pub(crate) fn with_file_names(
    header: BitextHeader,
    format: Option<Format>,
    prefix: Option<&Path>,
) -> BitextHeader {
    let (Some(format), Some(prefix)) = (format.filter(|format| is_prefix(*format)), prefix) else {
        return header;
    };
    let paths = file_paths(format, prefix, [&header.src_lang, &header.tgt_lang]);
    let name = |path: &PathBuf| {
        path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let names = [name(&paths[0]), name(&paths[1])];
    header.with_file_names(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_their_language() {
        let names = |format: Format, prefix: &str| -> Vec<String> {
            let paths = file_paths(format, Path::new(prefix), ["ar", "en"]);
            paths.iter().map(|path| path.display().to_string()).collect()
        };
        assert_eq!(names(Format::Moses, "a/b"), ["a/b.ar", "a/b.en"]);
        assert_eq!(names(Format::Moses, "b.gz"), ["b.ar.gz", "b.en.gz"]);
        assert_eq!(names(Format::Moses, "b.v2"), ["b.v2.ar", "b.v2.en"]);
        assert_eq!(
            names(Format::Xces, "a/b.gz"),
            ["a/b.ar.xml.gz", "a/b.en.xml.gz", "a/b.ar.en.alignment.xml.gz"]
        );
        let header = with_file_names(
            BitextHeader::default(),
            Some(Format::InterText),
            Some(Path::new("a/b")),
        );
        assert_eq!(header.file_names, ["b.ar.xml", "b.en.xml"]);
    }
}
