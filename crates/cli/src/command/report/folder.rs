//! A folder as one corpus, such as the output folder of `nasaq align --corpus`.

use std::collections::HashSet;
use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use nasaq_formats::{
    BitextHeader, BitextInput, BitextSchema, BitextWriter, FileIdentity, Format, SkippedRows,
    SpooledFile, WriteOptions,
};

use crate::bitext::BitextRows;
use crate::failure::Failure;
use crate::plan::BitextPlan;
use crate::printer::Printer;

/// All files of a folder joined into one temporary file, which is deleted with the value.
pub(super) struct JoinedFolder {
    pub(super) plan: BitextPlan,
    /// What was not read from the files.
    pub(super) skipped: SkippedRows,
    /// The message of the first malformed row that was skipped.
    pub(super) first_bad: Option<String>,
    _file: SpooledFile,
}

/// Joins the files of a folder; returns `None` if the input is not a folder.
pub(super) fn join(plan: &BitextPlan, printer: Printer) -> anyhow::Result<Option<JoinedFolder>> {
    let [source] = &plan.sources[..] else { return Ok(None) };
    let folder = &source.path;
    if !folder.is_dir() {
        return Ok(None);
    }
    let FolderBitexts { paths, repeated } = bitext_paths(folder)?;
    if let [first, ..] = &repeated[..] {
        let text = format!(
            "{}: read once what several paths lead to, and skipped {} of them, such as {}",
            folder.display(),
            repeated.len(),
            first.display()
        );
        printer.warn(&text, "remove the links, or name the files");
    }
    let file = SpooledFile::empty()?;
    let schema = BitextSchema::default();
    let mut writer = BitextWriter::new(
        Format::Jsonl,
        WriteOptions::default(),
        vec![BufWriter::new(file.writer())],
        &schema,
        &[],
        &BitextHeader::default(),
    )?;
    let mut skipped = SkippedRows::default();
    let mut first_bad = None;
    for path in paths {
        let mut source = source.clone().with_name(None);
        source.path = path;
        let mut rows = BitextRows::new(source.open()?, plan.skip_bad);
        for row in rows.by_ref() {
            writer.write(&row?)?;
        }
        first_bad = first_bad.or_else(|| rows.first_bad());
        let more = rows.skipped();
        skipped.malformed += more.malformed;
        skipped.untranslated += more.untranslated;
        skipped.with_more_texts += more.with_more_texts;
    }
    writer.finish()?;
    let source = BitextInput::file(file.path())
        .with_format(Format::Jsonl)
        .with_name(folder.display().to_string());
    let plan = BitextPlan { sources: vec![source], ..plan.clone() };
    Ok(Some(JoinedFolder { plan, skipped, first_bad, _file: file }))
}

/// The bitexts of a folder.
pub(crate) struct FolderBitexts {
    /// The files, sorted by path.
    pub(crate) paths: Vec<PathBuf>,
    /// Files and folders that an earlier path leads to already, by a link.
    repeated: Vec<PathBuf>,
}

/// Finds the bitexts of a folder: those in its folder `shards` or `docs`, if there is one, otherwise
/// all. A file counts once, and so does a folder, so that links that lead back to it have an end.
pub(crate) fn bitext_paths(folder: &Path) -> anyhow::Result<FolderBitexts> {
    let inside = ["shards", "docs"].map(|name| folder.join(name));
    let root = inside.iter().find(|path| path.is_dir()).map_or(folder, PathBuf::as_path);
    let (mut found, mut folders) = (Vec::new(), vec![root.to_owned()]);
    let mut known_folders = HashSet::from([root.canonicalize()?]);
    let mut repeated = Vec::new();
    while let Some(folder) = folders.pop() {
        let mut paths = fs::read_dir(&folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<Vec<_>>>()?;
        paths.sort();
        for path in paths {
            let hidden =
                path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            if hidden {
                continue;
            }
            if path.is_dir() {
                if known_folders.insert(path.canonicalize()?) {
                    folders.push(path);
                } else {
                    repeated.push(path);
                }
            } else if Format::from_path(&path).is_ok_and(Format::is_single_file) {
                found.push(path);
            }
        }
    }
    found.sort();
    let mut known_files = HashSet::new();
    let (paths, links) = found.into_iter().partition(|path| {
        FileIdentity::of(path).is_none_or(|identity| known_files.insert(identity))
    });
    repeated.extend::<Vec<PathBuf>>(links);
    repeated.sort();
    let found = FolderBitexts { paths, repeated };
    if found.paths.is_empty() {
        return Err(Failure::input(format!("{}: the folder has no bitexts", root.display()))
            .hint("a folder is read as one corpus of its .tsv, .csv, .jsonl, .tmx, .xliff, .po and .parquet files")
            .into());
    }
    Ok(found)
}
