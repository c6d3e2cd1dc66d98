//! The journal: one line per finished document or shard, so that a run resumes a stopped one.
//!
//! A line is written after its file has been renamed to its final name. The last line of a stopped
//! run may be incomplete; it is dropped, and its document is aligned again.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::slice;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::folder::{OutputFolder, WriteError};
use crate::failure::{Failure, Result};
use crate::message::Message;

/// The file name of the journal in the output folder.
pub(crate) const JOURNAL: &str = "journal.jsonl";

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum JournalLine {
    Document(DocumentLine),
    Shard(ShardLine),
    SetAside(SetAsideLine),
}

impl JournalLine {
    /// Returns the file that the line is about, with the hash of its content.
    fn output(&self) -> Option<(&str, ContentHash)> {
        match self {
            Self::Document(line) => Some((line.file.as_deref()?, line.output?)),
            Self::Shard(line) => Some((&line.file, line.output)),
            Self::SetAside(line) => Some((&line.set_aside, line.output)),
        }
    }

    /// Returns the ids of the documents that the file holds.
    fn ids(&self) -> &[String] {
        match self {
            Self::Document(line) => slice::from_ref(&line.id),
            Self::Shard(line) => &line.ids,
            Self::SetAside(line) => &line.ids,
        }
    }
}

/// A finished document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DocumentLine {
    pub(crate) id: String,
    /// Hash of the texts, their metadata and the settings.
    pub(crate) input: ContentHash,
    /// The file that its beads are in: its own, or its part of an unfinished shard. Nothing once the
    /// shard is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Hash of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<ContentHash>,
    #[serde(flatten)]
    pub(crate) summary: DocumentSummary,
}

/// What is known about an aligned document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentSummary {
    /// Segments of the source.
    pub src_segments: usize,
    /// Segments of the target.
    pub tgt_segments: usize,
    /// Beads, null beads included.
    pub beads: usize,
    /// Beads with a probability below [`DOUBTFUL_BELOW`](nasaq::Alignment::DOUBTFUL_BELOW).
    pub doubtful: usize,
    /// How many beads are expected to be wrong: the sum of 1 − probability.
    pub expected_wrong: f64,
    /// The probability that the two documents are translations of each other.
    pub document_score: f64,
    /// What a user should look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Message>,
}

/// A finished shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShardLine {
    pub(crate) shard: usize,
    /// Hash of the input hashes of its documents.
    pub(crate) input: ContentHash,
    pub(crate) file: String,
    pub(crate) output: ContentHash,
    /// The documents that the file holds, in its order.
    pub(crate) ids: Vec<String>,
}

/// A shard that got another name, because a document that it holds is in no new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SetAsideLine {
    /// The file.
    pub(crate) set_aside: String,
    pub(crate) output: ContentHash,
    /// The documents that the file holds, in its order.
    pub(crate) ids: Vec<String>,
}

/// A file that an earlier run wrote.
pub(crate) struct EarlierFile<'j> {
    pub(crate) name: &'j str,
    pub(crate) output: ContentHash,
    /// The documents that it holds.
    pub(crate) ids: &'j [String],
    pub(crate) line: &'j JournalLine,
}

/// A 128-bit hash, written in hexadecimal: many JSON readers have no 128-bit integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentHash(pub(crate) u128);

impl Serialize for ContentHash {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        u128::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

/// The journal of an output folder: what earlier runs wrote, and the file to append to.
pub(crate) struct Journal {
    file: Mutex<File>,
    lines: Vec<JournalLine>,
    /// The line of each document, by its id; as all below, the last one.
    documents: HashMap<String, usize>,
    shards: HashMap<usize, usize>,
    /// All files that earlier runs wrote, whatever their format.
    files: HashMap<String, usize>,
}

impl Journal {
    /// Reads the journal and drops an incomplete last line.
    ///
    /// A line that cannot be parsed is ignored: its document is aligned again.
    pub(crate) fn open(folder: &OutputFolder) -> Result<Self> {
        let path = folder.path(JOURNAL);
        let failed = |error: std::io::Error| WriteError::Io(error).at(&path);
        let bytes = fs::read(&path).unwrap_or_default();
        let complete = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut lines: Vec<JournalLine> = Vec::new();
        for (line, number) in bytes[..complete].split(|byte| *byte == b'\n').zip(1..) {
            let Ok(line) = serde_json::from_slice::<JournalLine>(line) else { continue };
            if let Some((file, _)) = line.output()
                && !OutputFolder::is_output_name(file)
            {
                let place = format!("{}:{number}", path.display());
                return Err(Failure::input(format!("{place}: {file:?} is not an output"))
                    .hint("remove the journal; all documents are then aligned again"));
            }
            lines.push(line);
        }
        let mut file =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        file.set_len(complete as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(Self::of_lines(file, lines))
    }

    fn of_lines(file: File, lines: Vec<JournalLine>) -> Self {
        let (mut documents, mut shards) = (HashMap::new(), HashMap::new());
        let mut files = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            if let Some((file, _)) = line.output() {
                files.insert(file.to_owned(), at);
            }
            match line {
                JournalLine::Document(line) => drop(documents.insert(line.id.clone(), at)),
                JournalLine::Shard(line) => drop(shards.insert(line.shard, at)),
                JournalLine::SetAside(_) => {}
            }
        }
        Self { file: Mutex::new(file), lines, documents, shards, files }
    }

    /// Returns the line of a document that an earlier run finished.
    pub(crate) fn document(&self, id: &str) -> Option<&DocumentLine> {
        match &self.lines[*self.documents.get(id)?] {
            JournalLine::Document(line) => Some(line),
            _ => None,
        }
    }

    /// Returns the line of a shard that an earlier run finished.
    pub(crate) fn shard(&self, shard: usize) -> Option<&ShardLine> {
        match &self.lines[*self.shards.get(&shard)?] {
            JournalLine::Shard(line) => Some(line),
            _ => None,
        }
    }

    /// Returns a file that an earlier run wrote.
    pub(crate) fn file(&self, name: &str) -> Option<EarlierFile<'_>> {
        let line = &self.lines[*self.files.get(name)?];
        let (name, output) = line.output()?;
        Some(EarlierFile { name, output, ids: line.ids(), line })
    }

    /// Returns the files that earlier runs wrote, in the order of their names.
    pub(crate) fn files(&self) -> impl Iterator<Item = EarlierFile<'_>> {
        let mut names: Vec<&str> = self.files.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.into_iter().filter_map(|name| self.file(name))
    }

    /// Appends a line.
    pub(crate) fn append(&self, line: &JournalLine, path: &Path) -> Result<()> {
        let bytes = line_bytes(line);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // In one call: a run that is stopped during it leaves at most one incomplete line.
        file.write_all(&bytes).map_err(|error| WriteError::Io(error).at(path))
    }
}

/// Returns a line as bytes, with its line end.
pub(crate) fn line_bytes(line: &JournalLine) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(line).expect("keys are strings and numbers finite");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str) -> JournalLine {
        JournalLine::Document(DocumentLine {
            id: id.to_owned(),
            input: ContentHash(7),
            file: Some(format!("docs/{id}.tsv")),
            output: Some(ContentHash(u128::MAX)),
            summary: DocumentSummary {
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
    fn complete_lines_are_read_back_and_an_incomplete_one_is_dropped() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = OutputFolder::open(root.path()).expect("writable");
        let path = root.path().join(JOURNAL);
        let shard = ShardLine {
            shard: 3,
            input: ContentHash(1),
            file: "shards/s".into(),
            output: ContentHash(2),
            ids: vec!["فصل ١".into(), "2".into()],
        };
        let journal = Journal::open(&folder).expect("readable");
        for line in [line("فصل ١"), JournalLine::Shard(shard.clone()), line("2")] {
            journal.append(&line, &path).expect("space on the disk");
        }
        let bytes = fs::read(&path).expect("the journal");
        for cut in 0..bytes.len() {
            fs::write(&path, &bytes[..cut]).expect("a file");
            let journal = Journal::open(&folder).expect("readable");
            let lines = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(journal.documents.len() + journal.shards.len(), lines);
            journal.append(&line("3"), &path).expect("space on the disk");
            let journal = Journal::open(&folder).expect("readable");
            assert_eq!(journal.document("3").map(|line| &*line.id), Some("3"));
        }
        fs::write(&path, &bytes).expect("a file");
        let journal = Journal::open(&folder).expect("readable");
        assert_eq!(journal.shard(3), Some(&shard));
        assert_eq!(
            journal.document("فصل ١").cloned().map(JournalLine::Document),
            Some(line("فصل ١"))
        );
        assert_eq!(journal.file("shards/s").map(|file| file.ids.len()), Some(2));
        assert_eq!(journal.files().count(), 3);
        // Also the file of a stopped run with another format.
        let JournalLine::Document(again) = line("2") else { panic!("a document") };
        let again = DocumentLine { file: Some("docs/2.jsonl".to_owned()), ..again };
        journal.append(&JournalLine::Document(again), &path).expect("space on the disk");
        assert_eq!(Journal::open(&folder).expect("readable").files().count(), 4);
    }
}
