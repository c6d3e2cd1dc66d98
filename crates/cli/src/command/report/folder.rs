//! A folder as one corpus, such as the output folder of `nasaq align --corpus`.

use std::collections::HashSet;
use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use nasaq_formats::{
    BitextHeader, BitextInput, BitextSchema, BitextWriter, FileIdentity, Format, SkippedRows,
    SpooledFile, WriteOptions,
};
use nasaq_job::{DOCUMENTS_FILE, current_outputs};

use crate::bitext::{BitextRows, count};
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
    let FolderBitexts { paths, skipped } = bitext_paths(folder)?;
    skipped.iter().for_each(|skipped| skipped.warn(printer));
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
    /// What is not read.
    pub(crate) skipped: Vec<SkippedFiles>,
}

/// Files of a folder that are not read.
#[derive(Clone, Debug)]
pub(crate) struct SkippedFiles {
    folder: PathBuf,
    why: SkipReason,
    count: usize,
    first: PathBuf,
}

#[derive(Clone, Copy, Debug)]
enum SkipReason {
    /// An earlier path leads to them already, by a link.
    Repeated,
    /// They are in the output folder of a run that does not list them.
    Unlisted,
}

impl SkippedFiles {
    fn of(folder: &Path, why: SkipReason, files: &[PathBuf]) -> Option<Self> {
        let first = files.first()?.clone();
        Some(Self { folder: folder.to_owned(), why, count: files.len(), first })
    }

    /// Warns of them.
    pub(crate) fn warn(&self, printer: Printer) {
        let Self { folder, why, count: skipped, first } = self;
        let (folder, first) = (folder.display(), first.display());
        match why {
            SkipReason::Repeated => printer.warn(
                &format!(
                    "{folder}: read once what several paths lead to, and skipped {skipped} of them, \
                     such as {first}"
                ),
                "remove the links, or name the files",
            ),
            SkipReason::Unlisted => printer.note(&format!(
                "{folder}: skipped {} that {DOCUMENTS_FILE} does not list, such as {first}: outputs \
                 of earlier runs, which align --corpus --prune removes",
                count(*skipped as u64, "file")
            )),
        }
    }
}

/// Finds the bitexts of a folder: those in its folders `shards` and `docs`, if there is one of them,
/// otherwise all. Of the output folder of a run only the files count that it lists: others are of
/// earlier runs. A file counts once, and so does a folder, so that links that lead back to it have an end.
pub(crate) fn bitext_paths(folder: &Path) -> anyhow::Result<FolderBitexts> {
    // Also if the folder of the files is named, and not that of the run.
    let run = match folder.file_name().and_then(|name| name.to_str()) {
        Some("docs" | "shards") => folder.parent().unwrap_or(folder),
        _ => folder,
    };
    let current = current_outputs(run);
    let inside = ["shards", "docs"].map(|name| folder.join(name));
    let mut roots: Vec<PathBuf> = inside.into_iter().filter(|path| path.is_dir()).collect();
    if current.is_none() {
        roots.truncate(1);
    }
    if roots.is_empty() {
        roots.push(folder.to_owned());
    }
    let root = roots[0].clone();
    let (mut found, mut folders) = (Vec::new(), roots);
    let mut known_folders: HashSet<PathBuf> =
        folders.iter().map(|root| root.canonicalize()).collect::<Result<_, _>>()?;
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
    let mut unlisted = Vec::new();
    if let Some(current) = current {
        (found, unlisted) = found.into_iter().partition(|path| current.contains(path));
    }
    let mut known_files = HashSet::new();
    let (paths, links) = found.into_iter().partition(|path| {
        FileIdentity::of(path).is_none_or(|identity| known_files.insert(identity))
    });
    repeated.extend::<Vec<PathBuf>>(links);
    repeated.sort();
    let skipped = [(SkipReason::Repeated, repeated), (SkipReason::Unlisted, unlisted)];
    let skipped =
        skipped.iter().filter_map(|(why, files)| SkippedFiles::of(folder, *why, files)).collect();
    let found = FolderBitexts { paths, skipped };
    if found.paths.is_empty() {
        return Err(Failure::input(format!("{}: the folder has no bitexts", root.display()))
            .hint("a folder is read as one corpus of its .tsv, .csv, .jsonl, .tmx, .xliff, .po and .parquet files")
            .into());
    }
    Ok(found)
}
