//! A folder as one corpus, such as the output folder of `nasaq align --corpus`.

use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use nasaq_formats::{
    BitextHeader, BitextInput, BitextSchema, BitextWriter, Format, SpooledFile, WriteOptions,
};

use crate::failure::Failure;
use crate::plan::BitextPlan;

/// All files of a folder joined into one temporary file, which is deleted with the value.
pub(super) struct JoinedFolder {
    pub(super) plan: BitextPlan,
    _file: SpooledFile,
}

/// Joins the files of a folder; returns `None` if the input is not a folder.
pub(super) fn join(plan: &BitextPlan) -> anyhow::Result<Option<JoinedFolder>> {
    let folder = &plan.source.path;
    if !folder.is_dir() {
        return Ok(None);
    }
    let paths = bitext_paths(folder)?;
    let file = SpooledFile::empty()?;
    let schema = BitextSchema::default();
    let mut writer = BitextWriter::new(
        Format::Jsonl,
        WriteOptions::default(),
        vec![BufWriter::new(file.as_file())],
        &schema,
        &[],
        &BitextHeader::default(),
    )?;
    for path in paths {
        let mut source = plan.source.clone().with_name(None);
        source.path = path;
        for row in source.open()? {
            writer.write(&row?)?;
        }
    }
    writer.finish()?;
    let source = BitextInput::file(file.path())
        .with_format(Format::Jsonl)
        .with_name(folder.display().to_string());
    let plan = BitextPlan { source, ..plan.clone() };
    Ok(Some(JoinedFolder { plan, _file: file }))
}

/// Returns the bitexts of a folder, sorted by path: those in its folder `shards` or `docs`, if there
/// is one, otherwise all.
pub(crate) fn bitext_paths(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let inside = ["shards", "docs"].map(|name| folder.join(name));
    let root = inside.iter().find(|path| path.is_dir()).map_or(folder, PathBuf::as_path);
    let (mut found, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let hidden =
                path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            if hidden {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if Format::from_path(&path).is_ok_and(Format::is_single_file) {
                found.push(path);
            }
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Failure::input(format!("{}: the folder has no bitexts", root.display()))
            .hint("a folder is read as one corpus of its .tsv, .csv, .jsonl, .tmx, .xliff, .po and .parquet files")
            .into());
    }
    Ok(found)
}
