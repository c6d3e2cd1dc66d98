//! A folder as one corpus: the files that `nasaq align --corpus` leaves, one after the other.

use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use nasaq_formats::{BitextHeader, BitextInput, BitextSchema, BitextWriter, Format, WriteOptions};
use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::plan::score::BitextPlan;

/// All files of a folder in one, for as long as the value lives.
pub(super) struct Joined {
    pub(super) plan: BitextPlan,
    _file: NamedTempFile,
}

/// Joins the files of a folder; `None` where the input is no folder.
pub(super) fn join(plan: &BitextPlan) -> anyhow::Result<Option<Joined>> {
    let folder = &plan.source.path;
    if !folder.is_dir() {
        return Ok(None);
    }
    let files = files(folder)?;
    let mut file = NamedTempFile::new()?;
    let schema = BitextSchema::default();
    let mut writer = BitextWriter::new(
        Format::Jsonl,
        WriteOptions::default(),
        vec![BufWriter::new(file.as_file_mut())],
        &schema,
        &[],
        &BitextHeader::default(),
    )?;
    for path in files {
        let source = BitextInput { path, name: None, ..plan.source.clone() };
        for row in source.open()? {
            writer.write(&row?)?;
        }
    }
    writer.finish()?;
    let source = BitextInput {
        path: file.path().to_owned(),
        format: Some(Format::Jsonl),
        name: Some(folder.display().to_string()),
        ..BitextInput::file("")
    };
    let plan = BitextPlan { source, ..plan.clone() };
    Ok(Some(Joined { plan, _file: file }))
}

/// Lists the bitexts of a folder in the order of their names: those in `shards` or `docs` where
/// there are such folders, otherwise its own.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let inside = ["shards", "docs"].map(|name| folder.join(name));
    let root = inside.iter().find(|path| path.is_dir()).map_or(folder, PathBuf::as_path);
    let (mut found, mut open) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let hidden =
                path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            if hidden {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if Format::from_path(&path).is_ok_and(Format::is_single_file) {
                found.push(path);
            }
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Failure::input(format!("{}: there is no bitext in it", root.display()))
            .hint("a folder is read as one corpus: its .tsv, .csv, .jsonl, .tmx, .xliff, .po and .parquet files")
            .into());
    }
    Ok(found)
}
