//! The journal: what is done, a line each, so that a run goes on where one was stopped.
//!
//! A line is written after its file has come to its place. The last line of a stopped run may be
//! half a line; it is dropped, and its document is done again.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::folder::{OutputFolder, at};
use super::work::Aligned;

/// The journal's name in the output folder.
pub(crate) const JOURNAL: &str = "journal.jsonl";

/// A line: a document or a shard that is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Line {
    Document(DocumentLine),
    Shard(ShardLine),
}

/// A document that is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DocumentLine {
    pub(crate) id: String,
    /// Hash of the texts, their metadata and the settings.
    pub(crate) input: Hash,
    /// The file that it is in: its own or, without a shard's name, a part of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Hash of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<Hash>,
    #[serde(flatten)]
    pub(crate) aligned: Aligned,
}

/// A shard that is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShardLine {
    pub(crate) shard: usize,
    /// Hash of its documents' hashes.
    pub(crate) input: Hash,
    pub(crate) file: String,
    pub(crate) output: Hash,
}

/// A hash of 128 bits; hexadecimal in the file, where 128-bit numbers are not for everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hash(pub(crate) u128);

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        u128::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

/// The journal of an output folder: what earlier runs wrote, and the end to write to.
pub(crate) struct Journal {
    file: Mutex<File>,
    documents: HashMap<String, DocumentLine>,
    shards: HashMap<usize, ShardLine>,
    /// What earlier runs wrote, also in another format.
    files: HashMap<String, Hash>,
}

impl Journal {
    /// Reads what is there and drops half a last line.
    ///
    /// What cannot be read is as if it were not there: its documents are done again.
    pub(crate) fn open(folder: &OutputFolder) -> anyhow::Result<Self> {
        let path = folder.path(JOURNAL);
        let failed = |error: std::io::Error| at(error.into(), &path);
        let bytes = fs::read(&path).unwrap_or_default();
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (mut documents, mut shards) = (HashMap::new(), HashMap::new());
        let mut files = HashMap::new();
        for line in bytes[..whole].split(|byte| *byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(Line::Document(line)) => {
                    files.extend(line.file.clone().zip(line.output));
                    documents.insert(line.id.clone(), line);
                }
                Ok(Line::Shard(line)) => {
                    files.insert(line.file.clone(), line.output);
                    shards.insert(line.shard, line);
                }
                Err(_) => {}
            }
        }
        let mut file =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        file.set_len(whole as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(Self { file: Mutex::new(file), documents, shards, files })
    }

    /// Gives what an earlier run said of a document.
    pub(crate) fn document(&self, id: &str) -> Option<&DocumentLine> {
        self.documents.get(id)
    }

    /// Gives what an earlier run said of a shard.
    pub(crate) fn shard(&self, shard: usize) -> Option<&ShardLine> {
        self.shards.get(&shard)
    }

    /// Gives the files that earlier runs wrote, with their hashes.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, Hash)> {
        self.files.iter().map(|(file, &hash)| (&**file, hash))
    }

    /// Adds a line.
    pub(crate) fn add(&self, line: &Line, path: &Path) -> anyhow::Result<()> {
        let bytes = line_bytes(line);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // In one piece: whoever is stopped in between leaves half a line at the end at the most.
        file.write_all(&bytes).map_err(|error| at(error.into(), path))
    }
}

/// Gives a line as bytes.
pub(crate) fn line_bytes(line: &Line) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(line).expect("names are text and numbers finite");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str) -> Line {
        Line::Document(DocumentLine {
            id: id.to_owned(),
            input: Hash(7),
            file: Some(format!("docs/{id}.tsv")),
            output: Some(Hash(u128::MAX)),
            aligned: Aligned {
                src_segments: 1,
                tgt_segments: 2,
                beads: 1,
                doubtful: 0,
                expected_wrong: 0.1,
                document_score: 0.9,
                warnings: Vec::new(),
            },
        })
    }

    #[test]
    fn what_was_written_is_known_and_half_a_line_is_not() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = OutputFolder::open(root.path()).expect("writable");
        let path = root.path().join(JOURNAL);
        let shard = ShardLine { shard: 3, input: Hash(1), file: "s".into(), output: Hash(2) };
        let journal = Journal::open(&folder).expect("readable");
        for line in [line("فصل ١"), Line::Shard(shard.clone()), line("2")] {
            journal.add(&line, &path).expect("space on the disk");
        }
        let bytes = fs::read(&path).expect("the journal");
        for cut in 0..bytes.len() {
            fs::write(&path, &bytes[..cut]).expect("a file");
            let journal = Journal::open(&folder).expect("readable");
            let lines = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(journal.documents.len() + journal.shards.len(), lines);
            journal.add(&line("3"), &path).expect("space on the disk");
            let journal = Journal::open(&folder).expect("readable");
            assert_eq!(journal.document("3").map(|line| &*line.id), Some("3"));
        }
        fs::write(&path, &bytes).expect("a file");
        let journal = Journal::open(&folder).expect("readable");
        assert_eq!(journal.shard(3), Some(&shard));
        assert_eq!(journal.document("فصل ١").cloned().map(Line::Document), Some(line("فصل ١")));
        assert_eq!(journal.files().count(), 3);
        // Also of a stopped run in another format.
        let Line::Document(again) = line("2") else { panic!("a document") };
        let again = DocumentLine { file: Some("docs/2.jsonl".to_owned()), ..again };
        journal.add(&Line::Document(again), &path).expect("space on the disk");
        assert_eq!(Journal::open(&folder).expect("readable").files().count(), 4);
    }
}
