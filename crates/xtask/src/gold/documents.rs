//! Reads the documents of gold sets.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nasaq::{Rung, lines};

/// A document with its gold alignment.
pub(crate) struct GoldDocument {
    pub(crate) set: String,
    pub(crate) name: String,
    pub(crate) src: Vec<String>,
    pub(crate) tgt: Vec<String>,
    pub(crate) gold: Vec<Rung>,
}

/// Reads the documents of a folder of gold sets, or only those of some sets.
///
/// The folder has one folder per set, with the files `ar/NAME` and `en/NAME` (one segment per line)
/// and `gold/NAME` (a ladder).
pub(crate) fn read_documents(folder: &Path, only: &[String]) -> Result<Vec<GoldDocument>> {
    let mut documents = Vec::new();
    for set in names(folder)? {
        let at = folder.join(&set);
        if !at.is_dir() || !only.is_empty() && !only.contains(&set) {
            continue;
        }
        for name in names(&at.join("gold"))? {
            let paths = ["ar", "en", "gold"].map(|side| at.join(side).join(&name));
            documents.push(read_document(set.clone(), name, paths)?);
        }
    }
    Ok(documents)
}

/// Reads the bundled corpora as documents of the set `corpora`: folders with `ar.segments.txt`,
/// `en.segments.txt` and `gold.ladder`.
pub(crate) fn read_corpora(folder: &Path) -> Result<Vec<GoldDocument>> {
    let folders = names(folder)?.into_iter().filter(|name| folder.join(name).is_dir());
    folders
        .map(|name| {
            let files = ["ar.segments.txt", "en.segments.txt", "gold.ladder"];
            let paths = files.map(|file| folder.join(&name).join(file));
            read_document("corpora".to_owned(), name, paths)
        })
        .collect()
}

fn read_document(
    set: String,
    name: String,
    [src, tgt, gold]: [PathBuf; 3],
) -> Result<GoldDocument> {
    let read = |path: PathBuf| -> Result<String> {
        fs::read_to_string(&path).with_context(|| path.display().to_string())
    };
    let segments = |text: &str| -> Vec<String> {
        lines(text).iter().map(|segment| segment.text.to_owned()).collect()
    };
    Ok(GoldDocument {
        set,
        name,
        src: segments(&read(src)?),
        tgt: segments(&read(tgt)?),
        gold: nasaq_formats::read_ladder(&read(gold)?)?,
    })
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
}
