//! Recognises a manifest that is read as a bitext: a table of documents, whose columns `src` and
//! `tgt` name files.
//!
//! Its rows would become pairs of file names. It is recognised by its columns and by cells that are
//! paths of existing files, whatever the table is called.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{BitextInput, BitextRow, BitextSchema};
use crate::error::{Error, ErrorKind};

/// How many rows are checked: some of the files may be gone.
const MAX_ROWS: u8 = 100;
/// The column that each row of a manifest has.
const ID: &str = "id";

/// Checks the first rows of a bitext.
pub(super) struct ManifestCheck {
    /// The folders that paths may be relative to.
    folders: [PathBuf; 2],
    rows: u8,
}

impl ManifestCheck {
    /// Starts before the first row.
    pub(super) fn new(input: &BitextInput) -> Self {
        let own = input.folder.as_deref().or_else(|| input.path.parent());
        Self { folders: [own.unwrap_or(Path::new("")).to_owned(), PathBuf::new()], rows: 0 }
    }

    /// Returns an error if the next row lists two files.
    pub(super) fn add(
        &mut self,
        row: &BitextRow,
        schema: impl FnOnce() -> BitextSchema,
    ) -> Option<Error> {
        if self.rows == MAX_ROWS {
            return None;
        }
        self.rows += 1;
        let schema = schema();
        let has = |name: &Option<Arc<str>>, expected| name.as_deref() == Some(expected);
        let has_columns = has(&schema.src_name, "src")
            && has(&schema.tgt_name, "tgt")
            && (row.get(ID).is_some() || schema.columns.iter().any(|name| &**name == ID));
        if !has_columns {
            return None;
        }
        let file = self.file(&row.src)?;
        self.file(&row.tgt)?;
        Some(Error::from(ErrorKind::Manifest(file)).at_line(row.line))
    }

    /// Returns the path that a cell names, if there is such a file.
    fn file(&self, cell: &str) -> Option<PathBuf> {
        if cell.is_empty() || cell.contains(['\n', '\0']) {
            return None;
        }
        let path = PathBuf::from(cell);
        self.folders.iter().any(|folder| folder.join(&path).is_file()).then_some(path)
    }
}
