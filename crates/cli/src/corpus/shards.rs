//! Shards: several documents a file, in the order of the corpus.
//!
//! A document's beads wait in a part of their own until all documents of the shard are done; then
//! the shard is written in one go and the parts are removed. So the shards are the same in whatever
//! order documents come.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use nasaq_formats::{BeadWriter, BitextHeader, Document, Format, WriteOptions, read_jsonl};
use xxhash_rust::xxh3::Xxh3;

use super::entry::Corpus;
use super::folder::OutputFolder;
use super::journal::{DocumentLine, Hash, ShardLine};

/// How many documents a shard has, and how many of them are still to be done.
#[derive(Debug)]
pub(crate) struct Shards {
    size: usize,
    documents: usize,
    left: Vec<AtomicUsize>,
}

impl Shards {
    pub(crate) fn new(size: usize, documents: usize) -> Self {
        let mut shards = Self { size, documents, left: Vec::new() };
        shards.left =
            (0..documents.div_ceil(size)).map(|shard| shards.range(shard).len().into()).collect();
        shards
    }

    pub(crate) fn count(&self) -> usize {
        self.left.len()
    }

    /// Gives the shard of a document.
    pub(crate) fn of(&self, document: usize) -> usize {
        document / self.size
    }

    /// Gives the documents of a shard.
    pub(crate) fn range(&self, shard: usize) -> Range<usize> {
        shard * self.size..((shard + 1) * self.size).min(self.documents)
    }

    /// Counts a document that is done; true for the last one of its shard.
    pub(crate) fn is_last(&self, document: usize) -> bool {
        self.left[self.of(document)].fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// Gives the name of a shard's file.
    pub(crate) fn name(shard: usize, format: Format) -> String {
        format!("shards/{shard:05}.{}", format.name())
    }
}

/// Gives the hash of what a shard is made from.
pub(crate) fn input<'l>(members: impl Iterator<Item = &'l DocumentLine>) -> Hash {
    let mut hash = Xxh3::new();
    for member in members {
        hash.update(&member.input.0.to_le_bytes());
    }
    Hash(hash.digest128())
}

/// Puts the parts of a shard's documents together.
pub(crate) fn assemble(
    folder: &OutputFolder,
    corpus: &Corpus,
    shard: usize,
    format: Format,
    header: &BitextHeader,
    members: &[(usize, &DocumentLine)],
) -> anyhow::Result<ShardLine> {
    let file = Shards::name(shard, format);
    let output = folder.write(&file, true, |out| -> anyhow::Result<()> {
        let mut writer = BeadWriter::new(format, WriteOptions::default(), vec![out], header)?;
        for &(document, _) in members {
            let path = folder.path(&OutputFolder::part_name(document));
            writer.document(&corpus.metadata(&corpus.entries[document])?);
            // A part has a line a bead, and a document of which nothing is left has none.
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
    })?;
    let input = input(members.iter().map(|(_, line)| *line));
    Ok(ShardLine { shard, input, file, output: Hash(output) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_counted_by_shard() {
        let shards = Shards::new(3, 7);
        assert_eq!(shards.count(), 3);
        assert_eq!((shards.range(0), shards.range(2)), (0..3, 6..7));
        assert_eq!((shards.of(2), shards.of(3)), (0, 1));
        assert!(!shards.is_last(1) && !shards.is_last(2));
        assert!(shards.is_last(6));
        assert!(shards.is_last(0));
        assert_eq!(Shards::name(12, Format::Tmx), "shards/00012.tmx");
    }
}
