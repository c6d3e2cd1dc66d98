//! The documents of a corpus: where their texts are, and what else is known about them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use nasaq::Language;
use nasaq_formats::{Document, DocumentFormat, DocumentReader, Metadata};

use super::manifest::{Manifest, RowSpan, text_bytes};
use super::memory;
use super::pairing::{self, UnpairedReason};
use crate::failure::{Failure, Result};

/// Where one side of a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextPlace {
    /// In a file.
    File(PathBuf),
    /// In the row of the manifest.
    Manifest,
}

/// A document of a corpus and its translation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CorpusEntry {
    /// Its name: a path without its extension, with `/` between folders.
    pub id: String,
    /// Where source and target are.
    pub places: [TextPlace; 2],
    /// About how many bytes of text they have; 0 for a file that cannot be read.
    pub bytes: [u64; 2],
    /// Where its row is in the manifest, if there is one.
    pub(crate) row: Option<RowSpan>,
}

impl CorpusEntry {
    /// Makes a document of two files.
    pub(super) fn of_files(id: String, paths: [PathBuf; 2]) -> Self {
        let bytes = paths.each_ref().map(|path| text_bytes(path));
        Self { id, bytes, places: paths.map(TextPlace::File), row: None }
    }

    /// Returns about how many bytes of text both sides have.
    #[must_use]
    pub fn text_bytes(&self) -> u64 {
        self.bytes.iter().sum()
    }
}

/// A file without a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnpairedFile {
    /// 0 for a source, 1 for a target, nothing if its name does not show it.
    pub side: Option<usize>,
    /// The file.
    pub path: PathBuf,
    /// Why it has no partner.
    pub reason: UnpairedReason,
}

/// The documents to align, in the order of the output.
#[derive(Debug, Default)]
pub struct Corpus {
    pub(crate) entries: Vec<CorpusEntry>,
    pub(crate) unpaired: Vec<UnpairedFile>,
    /// The indices of entries whose names are only similar.
    pub(crate) similar: Vec<usize>,
    pub(crate) manifest: Option<Manifest>,
}

/// The texts and the metadata of a document.
pub(crate) struct LoadedDocument {
    pub(crate) documents: [Document; 2],
    pub(crate) metadata: Metadata,
}

impl LoadedDocument {
    /// Returns how many bytes of text both sides have.
    pub(crate) fn text_bytes(&self) -> u64 {
        self.documents.iter().map(|document| document.text.len() as u64).sum()
    }

    /// Returns about how many bytes of memory the document needs while it is aligned.
    pub(crate) fn memory_estimate(&self) -> u64 {
        let segments = self.documents.iter().map(|document| memory::count_segments(&document.text));
        memory::estimate_segmented(self.text_bytes(), segments.sum())
    }
}

impl Corpus {
    /// Finds the documents that one or two paths name.
    ///
    /// Two paths are two folders, or two templates such as `texts/{id}.ar.txt`. One path is a folder
    /// that holds both sides, or a manifest. `output` is skipped, in case it is inside a folder.
    ///
    /// # Errors
    /// A [`Failure`] for paths that are none of these, for names that are ambiguous, for a manifest
    /// with a bad row, and if there is no document.
    pub fn find(
        src: &Path,
        tgt: Option<&Path>,
        languages: [Language; 2],
        output: Option<&Path>,
    ) -> Result<Self> {
        let skip = output.and_then(|path| path.canonicalize().ok());
        let corpus = Self::look_up(src, tgt, languages, skip.as_deref())?;
        if !corpus.entries.is_empty() {
            return Ok(corpus);
        }
        let reason = match corpus.unpaired.len() {
            0 => "there is no document".to_owned(),
            count => format!("no source and target have the same name; {count} files are unpaired"),
        };
        let failure = Failure::input(format!("{}: {reason}", src.display()));
        Err(match src.is_file() {
            true => failure.hint("a manifest has a row for each document below its header"),
            false => failure.with_remedy(crate::Remedy::NameFilesAlike),
        })
    }

    fn look_up(
        src: &Path,
        tgt: Option<&Path>,
        languages: [Language; 2],
        skip: Option<&Path>,
    ) -> Result<Self> {
        let Some(tgt) = tgt else {
            if src.is_dir() {
                return pairing::folder(src, languages, skip);
            }
            if pairing::is_template(src) {
                return Err(Failure::usage("one template is not enough")
                    .hint("give one for the source and one for the target"));
            }
            return Manifest::open(src);
        };
        if pairing::is_template(src) || pairing::is_template(tgt) {
            return pairing::templates([src, tgt], skip);
        }
        for path in [src, tgt] {
            if !path.is_dir() {
                let hint = match (path.is_file(), Manifest::is_manifest(path)) {
                    (true, true) => "give a manifest alone, without a second folder or file",
                    (true, false) => "two files are one document, not a corpus",
                    _ => "check the spelling and the current folder",
                };
                return Err(Failure::input(format!("{}: not a folder", path.display())).hint(hint));
            }
        }
        pairing::folders([src, tgt], languages, skip)
    }

    /// Adds the documents of another corpus. One whose id is taken is unpaired.
    pub(super) fn add(&mut self, other: Self) {
        let known: HashSet<String> = self.entries.iter().map(|entry| entry.id.clone()).collect();
        for (index, entry) in other.entries.into_iter().enumerate() {
            if known.contains(&entry.id) {
                for (side, place) in entry.places.into_iter().enumerate() {
                    if let TextPlace::File(path) = place {
                        let (side, reason) = (Some(side), UnpairedReason::Ambiguous);
                        self.unpaired.push(UnpairedFile { side, path, reason });
                    }
                }
                continue;
            }
            if other.similar.contains(&index) {
                self.similar.push(self.entries.len());
            }
            self.entries.push(entry);
        }
        self.unpaired.extend(other.unpaired);
    }

    /// Returns the documents.
    #[must_use]
    pub fn entries(&self) -> &[CorpusEntry] {
        &self.entries
    }

    /// Returns the files that no name pairs.
    #[must_use]
    pub fn unpaired(&self) -> &[UnpairedFile] {
        &self.unpaired
    }

    /// Returns the documents whose two names are not the same but similar: they differ in case,
    /// digits or separators, or only one shows its language.
    pub fn similar(&self) -> impl Iterator<Item = &CorpusEntry> {
        self.similar.iter().map(|entry| &self.entries[*entry])
    }

    /// Returns about how many bytes of text all documents have.
    #[must_use]
    pub fn text_bytes(&self) -> u64 {
        self.entries.iter().map(CorpusEntry::text_bytes).sum()
    }

    /// Returns the names of all metadata.
    pub(crate) fn metadata_names(&self) -> &[String] {
        self.manifest.as_ref().map_or(&[], Manifest::metadata_names)
    }

    /// Finds two documents where the output file of one, with this extension, would be a folder of
    /// the other.
    pub(crate) fn name_clash(&self, extension: &str) -> Option<[&str; 2]> {
        let mut folders = HashMap::new();
        for entry in &self.entries {
            for (at, _) in entry.id.match_indices('/') {
                let name =
                    entry.id[..at].strip_suffix(extension).and_then(|it| it.strip_suffix('.'));
                folders.extend(name.map(|name| (name, &*entry.id)));
            }
        }
        if folders.is_empty() {
            return None;
        }
        let ids = self.entries.iter().map(|entry| &*entry.id);
        ids.into_iter().find_map(|id| Some([id, folders.get(id)?]))
    }

    /// Reports whether the name of any file is that of a format with blocks.
    pub(crate) fn names_blocks(&self) -> bool {
        let has_format = |place: &TextPlace| match place {
            TextPlace::File(path) => DocumentFormat::from_path(path).is_some(),
            TextPlace::Manifest => false,
        };
        self.entries.iter().flat_map(|entry| &entry.places).any(has_format)
    }

    /// Reads the texts of a document, each of at most `max_bytes`.
    pub(crate) fn load(
        &self,
        entry: &CorpusEntry,
        readers: [DocumentReader; 2],
        max_bytes: u64,
    ) -> Result<LoadedDocument> {
        if entry.row.is_none() {
            for place in &entry.places {
                let TextPlace::File(path) = place else { continue };
                pairing::check_name(&entry.id, path)?;
            }
        }
        let (mut texts, metadata) = match (&self.manifest, entry.row) {
            (Some(manifest), Some(row)) => {
                let row = manifest.read(row)?;
                (row.texts, row.metadata)
            }
            _ => Default::default(),
        };
        let mut side = |side: usize| match &entry.places[side] {
            TextPlace::File(path) => readers[side].max_bytes(max_bytes).read(path),
            TextPlace::Manifest => {
                let text = texts[side].take().unwrap_or_default();
                let name = ["source", "target"][side];
                Document::from_bytes(format!("{} ({name} text)", entry.id), text.into_bytes())
            }
        };
        Ok(LoadedDocument { documents: [side(0)?, side(1)?], metadata })
    }

    /// Reads only the metadata of a document.
    pub(crate) fn metadata(&self, entry: &CorpusEntry) -> Result<Metadata> {
        match (&self.manifest, entry.row) {
            (Some(manifest), Some(row)) => Ok(manifest.read(row)?.metadata),
            _ => Ok(Metadata::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_where_a_folder_would_be_is_found() {
        let entry = |id: &str| CorpusEntry {
            id: id.to_owned(),
            places: [TextPlace::Manifest, TextPlace::Manifest],
            bytes: [0; 2],
            row: None,
        };
        let ids = ["a", "b.tsv/a", "c/a.tsv/b", "c/a"];
        let corpus = Corpus { entries: ids.map(entry).into(), ..Corpus::default() };
        assert_eq!(corpus.name_clash("tsv"), Some(["c/a", "c/a.tsv/b"]));
        assert_eq!(corpus.name_clash("tmx"), None);
    }
}
