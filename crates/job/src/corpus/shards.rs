//! Shards: files of several documents each, in the order of the corpus.
//!
//! The beads of a document are written to a part file until all documents of its shard are finished;
//! then the shard is written from the parts, which are removed. So shards have the same content
//! whatever order documents are finished in.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use nasaq_formats::{BeadWriter, BitextHeader, Document, Format, WriteOptions, read_jsonl};
use xxhash_rust::xxh3::Xxh3;

use super::entry::Corpus;
use super::folder::{HashedFile, OutputFolder, WriteError};
use super::journal::{ContentHash, DocumentLine, ShardLine};
use crate::failure::Result;

/// How many documents each shard has, and how many of them are unfinished.
#[derive(Debug)]
pub(crate) struct Shards {
    size: usize,
    documents: usize,
    unfinished: Vec<AtomicUsize>,
}

impl Shards {
    pub(crate) fn new(size: usize, documents: usize) -> Self {
        let mut shards = Self { size, documents, unfinished: Vec::new() };
        shards.unfinished =
            (0..documents.div_ceil(size)).map(|shard| shards.range(shard).len().into()).collect();
        shards
    }

    /// Returns the number of shards.
    pub(crate) fn count(&self) -> usize {
        self.unfinished.len()
    }

    /// Returns the shard of a document.
    pub(crate) fn of(&self, document: usize) -> usize {
        document / self.size
    }

    /// Returns the documents of a shard.
    pub(crate) fn range(&self, shard: usize) -> Range<usize> {
        shard * self.size..((shard + 1) * self.size).min(self.documents)
    }

    /// Counts a finished document. Returns whether it is the last one of its shard.
    pub(crate) fn finish(&self, document: usize) -> bool {
        self.unfinished[self.of(document)].fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// Returns the name of a shard's file.
    pub(crate) fn name(shard: usize, format: Format) -> String {
        format!("shards/{shard:05}.{}", format.name())
    }

    /// Returns the name of a shard that is set aside: unique to its content, and in another folder,
    /// so that programs that read all shards do not read a document twice.
    pub(crate) fn set_aside_name(line: &ShardLine, format: &str) -> String {
        format!("set-aside/{:05}-{:032x}.{format}", line.shard, line.output.0)
    }
}

/// Returns the path of a shard in an output folder.
#[must_use]
pub fn shard_path(folder: &Path, shard: usize, format: Format) -> PathBuf {
    folder.join(Shards::name(shard, format))
}

/// Returns the hash of what a shard is made from.
pub(crate) fn input_hash<'l>(members: impl Iterator<Item = &'l DocumentLine>) -> ContentHash {
    let mut hash = Xxh3::new();
    for member in members {
        hash.update(&member.input.0.to_le_bytes());
    }
    ContentHash(hash.digest128())
}

/// Writes a shard from the parts of its documents. `record` gets its line of the journal.
pub(crate) fn assemble(
    folder: &OutputFolder,
    corpus: &Corpus,
    shard: usize,
    format: Format,
    header: &BitextHeader,
    members: &[(usize, &DocumentLine)],
    record: impl FnOnce(ShardLine) -> Result<()>,
) -> Result<()> {
    let file = Shards::name(shard, format);
    let content = |out: &mut HashedFile| -> Result<(), WriteError> {
        let mut writer = BeadWriter::new(format, WriteOptions::default(), vec![out], header)?;
        for &(document, _) in members {
            let path = folder.path(&OutputFolder::part_name(document));
            writer.document(&corpus.metadata(&corpus.entries[document])?);
            // A part has one line per bead. A document may have none, which is no valid text file.
            let part = match std::fs::metadata(&path)?.len() {
                0 => String::new(),
                _ => Document::read(&path)?.text,
            };
            for bead in read_jsonl(&part).map_err(|error| error.at_path(&path))? {
                writer.write(&bead)?;
            }
        }
        writer.finish()?;
        Ok(())
    };
    let input = input_hash(members.iter().map(|(_, line)| *line));
    let ids = members.iter().map(|(_, line)| line.id.clone()).collect();
    let line = |output| ShardLine { shard, input, file: file.clone(), output, ids };
    folder.write(&file, true, content, |output| record(line(output)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_document_finishes_its_shard() {
        let shards = Shards::new(3, 7);
        assert_eq!(shards.count(), 3);
        assert_eq!((shards.range(0), shards.range(2)), (0..3, 6..7));
        assert_eq!((shards.of(2), shards.of(3)), (0, 1));
        assert!(!shards.finish(1) && !shards.finish(2));
        assert!(shards.finish(6));
        assert!(shards.finish(0));
        assert_eq!(Shards::name(12, Format::Tmx), "shards/00012.tmx");
    }
}
