//! Where `nasaq align --corpus` writes: a folder, or one file.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

use nasaq_formats::{Compression, Error, ErrorKind, Format, Output, OutputTarget};
use nasaq_job::{CorpusTotals, remove_corpus_output, shard_path};

use crate::args::AlignArgs;
use crate::failure::Failure;

/// What is added to the name of a file for the folder of its parts.
const PARTS: &str = ".parts";

/// Where a corpus is written.
#[derive(Clone, Debug)]
pub(crate) enum CorpusOutput {
    /// A folder with a file per document or per shard.
    Folder(PathBuf),
    /// One file with all documents.
    File {
        path: PathBuf,
        /// The folder of its parts, which is there while the corpus is being aligned.
        parts: PathBuf,
    },
}

impl CorpusOutput {
    /// Returns what `-o` names: a file if the name ends as that of a format and is not one of a
    /// folder, and no shards are asked for.
    ///
    /// # Errors
    /// A name with an ending that is not that of a format is a folder only if it exists or ends in a
    /// separator: it is more likely a file whose ending is misspelt.
    pub(crate) fn of(args: &AlignArgs) -> Result<Option<Self>, Failure> {
        let Some(path) = args.output.clone() else { return Ok(None) };
        let names_folder = path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
        let has_format = Format::from_path(&path).is_ok();
        let is_folder = names_folder || path.is_dir() || args.shard_size.is_some();
        if !is_folder && path.extension().is_some() && !has_format {
            let text = format!("-o {}: the file ending is not that of a format", path.display());
            return Err(Failure::usage(text).hint(
                "end it as a format, as in memory.tmx or pairs.tsv.gz; for a folder of this name end \
                 it with /",
            ));
        }
        if is_folder || !has_format {
            return Ok(Some(Self::Folder(path)));
        }
        let mut parts = OsString::from(&path);
        parts.push(PARTS);
        Ok(Some(Self::File { path, parts: parts.into() }))
    }

    /// Returns the folder that the job writes into.
    pub(crate) fn folder(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::File { parts: path, .. } => path,
        }
    }

    /// Returns the one file, if it is one, with the content of its part. The caller commits it.
    pub(crate) fn assemble(
        &self,
        format: Format,
        totals: &CorpusTotals,
    ) -> anyhow::Result<Option<Output>> {
        let Self::File { path, parts } = self else { return Ok(None) };
        if totals.aligned == 0 {
            return Ok(None);
        }
        let part = shard_path(parts, 0, format);
        let out = OutputTarget::new(Some(path))?.open()?;
        let (compression, _) = Compression::from_path(path);
        let copied = File::open(&part).and_then(|mut part| compression.pack(&mut part, out));
        let out = copied.map_err(|source| {
            Error::from(ErrorKind::Io { doing: "copying", source }).at_path(&part)
        })?;
        Ok(Some(out))
    }

    /// Removes the parts of the one file, if it is one. Returns the folder if files are left in it
    /// that no run wrote.
    ///
    /// The parts stay, with the lists of failures and warnings, if there are any.
    pub(crate) fn remove_parts(&self, totals: &CorpusTotals) -> anyhow::Result<Option<&Path>> {
        match self {
            Self::File { parts, .. } if totals.failed + totals.warned + totals.noted == 0 => {
                Ok(remove_corpus_output(parts)?.then_some(parts))
            }
            _ => Ok(None),
        }
    }
}
