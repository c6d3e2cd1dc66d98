//! The documents of a corpus: where their texts are, and what else is known of them.

use std::collections::HashMap;
use std::path::PathBuf;

use nasaq_formats::{Document, DocumentFormat, DocumentReader, Metadata};

use super::manifest::{Manifest, RowPlace};

/// Where one side of a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    File(PathBuf),
    /// In the manifest's row.
    Inline,
}

/// A pair of texts that are to be aligned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name: a path without its ending, with `/` between folders.
    pub(crate) id: String,
    /// Source and target.
    pub(crate) places: [Place; 2],
    /// About how many bytes of text they have; 0 for a file that cannot be looked at.
    pub(crate) bytes: [u64; 2],
    /// Its row in the manifest, where there is one.
    pub(crate) row: Option<RowPlace>,
}

impl Entry {
    /// Gives about how many bytes of text both sides have.
    pub(crate) fn text_bytes(&self) -> u64 {
        self.bytes.iter().sum()
    }
}

/// A file without a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alone {
    /// 0 for a source, 1 for a target.
    pub(crate) side: usize,
    pub(crate) path: PathBuf,
}

/// What is to be aligned, in the order in which it comes out.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    pub(crate) entries: Vec<Entry>,
    pub(crate) alone: Vec<Alone>,
    pub(crate) manifest: Option<Manifest>,
}

/// The texts of a document.
pub(crate) struct Loaded {
    pub(crate) documents: [Document; 2],
    pub(crate) metadata: Metadata,
}

impl Corpus {
    /// Gives the names of all metadata.
    pub(crate) fn metadata_names(&self) -> &[String] {
        self.manifest.as_ref().map_or(&[], Manifest::metadata_names)
    }

    /// Finds two documents of which one's file, with such an ending, would be the other's folder.
    pub(crate) fn clash(&self, ending: &str) -> Option<[&str; 2]> {
        let mut folders = HashMap::new();
        for entry in &self.entries {
            for (at, _) in entry.id.match_indices('/') {
                let name = entry.id[..at].strip_suffix(ending).and_then(|it| it.strip_suffix('.'));
                folders.extend(name.map(|name| (name, &*entry.id)));
            }
        }
        if folders.is_empty() {
            return None;
        }
        let ids = self.entries.iter().map(|entry| &*entry.id);
        ids.into_iter().find_map(|id| Some([id, folders.get(id)?]))
    }

    /// Tells whether a document has blocks, as far as it is seen from the names.
    pub(crate) fn has_places(&self) -> bool {
        let is_known = |place: &Place| match place {
            Place::File(path) => DocumentFormat::from_path(path).is_some(),
            Place::Inline => false,
        };
        self.entries.iter().flat_map(|entry| &entry.places).any(is_known)
    }

    /// Reads a document's texts, each of at most so many bytes.
    pub(crate) fn load(
        &self,
        entry: &Entry,
        readers: [DocumentReader; 2],
        most: u64,
    ) -> nasaq_formats::Result<Loaded> {
        let (mut texts, metadata) = match (&self.manifest, entry.row) {
            (Some(manifest), Some(row)) => {
                let row = manifest.read(row)?;
                (row.texts, row.metadata)
            }
            _ => Default::default(),
        };
        let mut side = |side: usize| match &entry.places[side] {
            Place::File(path) => readers[side].max_bytes(most).read(path),
            Place::Inline => {
                let text = texts[side].take().unwrap_or_default();
                let name = ["source", "target"][side];
                Document::from_bytes(format!("{} ({name} text)", entry.id), text.into_bytes())
            }
        };
        Ok(Loaded { documents: [side(0)?, side(1)?], metadata })
    }

    /// Reads a document's metadata alone.
    pub(crate) fn metadata(&self, entry: &Entry) -> nasaq_formats::Result<Metadata> {
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
        let entry = |id: &str| Entry {
            id: id.to_owned(),
            places: [Place::Inline, Place::Inline],
            bytes: [0; 2],
            row: None,
        };
        let ids = ["a", "b.tsv/a", "c/a.tsv/b", "c/a"];
        let corpus = Corpus { entries: ids.map(entry).into(), ..Corpus::default() };
        assert_eq!(corpus.clash("tsv"), Some(["c/a", "c/a.tsv/b"]));
        assert_eq!(corpus.clash("tmx"), None);
    }
}
