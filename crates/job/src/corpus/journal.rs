//! The journal: one line per finished document or shard, so that a run resumes a stopped one.
//!
//! A line is written when its file is complete, just before the file is renamed to its final name. So
//! every output has a line, and a line whose hash is not that of the file does not count: the run was
//! stopped between the two, or somebody has changed the file. The last line of a stopped run may be
//! incomplete; it is dropped, and its document is aligned again.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub use self::line::DocumentSummary;
pub(crate) use self::line::{
    ContentHash, DocumentLine, JournalLine, ListingLine, SetAsideLine, ShardLine, line_bytes,
};
use super::folder::{OutputFolder, WriteError};
use crate::failure::{Failure, Result};
use crate::remedy::Remedy;

mod line;

/// The file name of the journal in the output folder.
pub(crate) const JOURNAL: &str = "journal.jsonl";

/// Lines of a journal that cannot be read. What they recorded is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DamagedLines {
    pub(crate) count: usize,
    /// The first of them, from 1.
    pub(crate) first: usize,
}

impl DamagedLines {
    fn add(&mut self, number: usize) {
        if self.count == 0 {
            self.first = number;
        }
        self.count += 1;
    }
}

/// A file that an earlier run wrote.
pub(crate) struct EarlierFile<'j> {
    pub(crate) name: &'j str,
    pub(crate) output: ContentHash,
    /// The documents that it holds.
    pub(crate) ids: &'j [String],
    pub(crate) line: &'j JournalLine,
}

/// The journal of an output folder: what earlier runs wrote, and the file to append to.
pub(crate) struct Journal {
    file: Mutex<File>,
    lines: Vec<JournalLine>,
    /// The line of each document, by its id; as all below, the last one.
    documents: HashMap<String, usize>,
    shards: HashMap<usize, usize>,
    /// The lines of all files that earlier runs wrote, whatever their format, in their order.
    files: HashMap<String, Vec<usize>>,
    /// Files of beads whose content was not recorded.
    without_hash: HashSet<String>,
    /// The recorded contents of the lists of results; nothing for one that a run appended to.
    listings: HashMap<String, Vec<Option<ContentHash>>>,
    damaged: DamagedLines,
}

impl Journal {
    /// Reads the journal and drops an incomplete last line.
    ///
    /// # Errors
    /// A [`Failure`] for a journal that cannot be read, that names other files than outputs, and, unless
    /// it may be replaced, for a file without a line of a journal.
    pub(crate) fn open(folder: &OutputFolder, is_replaceable: bool) -> Result<Self> {
        let path = folder.path(JOURNAL);
        let failed = |error: io::Error| WriteError::Io(error).at(&path);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            read => read.map_err(|source| {
                let kind = nasaq_formats::ErrorKind::Io { doing: "reading", source };
                nasaq_formats::Error::from(kind).at_path(&path)
            })?,
        };
        let mut complete = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut lines: Vec<JournalLine> = Vec::new();
        let mut damaged = DamagedLines::default();
        let text = &bytes[..complete.saturating_sub(1)];
        let parts = text.split(|byte| *byte == b'\n').take_while(|_| complete > 0);
        for (line, number) in parts.zip(1..) {
            let Ok(line) = serde_json::from_slice::<JournalLine>(line) else {
                damaged.add(number);
                continue;
            };
            if let Some((file, _)) = line.output()
                && !OutputFolder::is_output_name(file)
            {
                let place = format!("{}:{number}", path.display());
                return Err(Failure::input(format!("{place}: {file:?} is not an output"))
                    .hint("remove the journal; all documents are then aligned again"));
            }
            lines.push(line);
        }
        if !JournalLine::is_beginning(&bytes[complete..]) {
            damaged.add(lines.len() + damaged.count + 1);
        }
        if lines.is_empty() && damaged.count > 0 {
            if !is_replaceable {
                return Err(Failure::usage(format!("{}: not a journal of nasaq", path.display()))
                    .with_remedy(Remedy::ReplaceFiles));
            }
            (complete, damaged) = (0, DamagedLines::default());
        }
        let mut file =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        file.set_len(complete as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(Self { damaged, ..Self::of_lines(file, lines) })
    }

    fn of_lines(file: File, lines: Vec<JournalLine>) -> Self {
        let mut journal = Self {
            file: Mutex::new(file),
            lines: Vec::new(),
            documents: HashMap::new(),
            shards: HashMap::new(),
            files: HashMap::new(),
            without_hash: HashSet::new(),
            listings: HashMap::new(),
            damaged: DamagedLines::default(),
        };
        for (at, line) in lines.iter().enumerate() {
            if let Some((file, _)) = line.output() {
                journal.files.entry(file.to_owned()).or_default().push(at);
            }
            match line {
                JournalLine::Document(line) => {
                    journal.documents.insert(line.id.clone(), at);
                    if let (Some(file), None) = (&line.file, line.output) {
                        journal.without_hash.insert(file.clone());
                    }
                }
                JournalLine::Shard(line) => drop(journal.shards.insert(line.shard, at)),
                JournalLine::SetAside(_) => {}
                JournalLine::Listing(ListingLine { listing, output }) => {
                    journal.listings.entry(listing.clone()).or_default().push(*output);
                }
            }
        }
        Self { lines, ..journal }
    }

    /// Returns the lines that could not be read.
    pub(crate) fn damaged(&self) -> DamagedLines {
        self.damaged
    }

    /// Reports whether an earlier run wrote a file with this content.
    pub(crate) fn has_written(&self, name: &str, hash: ContentHash) -> bool {
        self.file_with(name, hash).is_some() || self.without_hash.contains(name)
    }

    /// Reports whether an earlier run wrote a list of results with this content.
    pub(crate) fn has_listed(&self, name: &str, hash: ContentHash) -> bool {
        match self.listings.get(name) {
            // A journal of an older version does not record them.
            None => !self.lines.is_empty(),
            Some(known) => known.iter().any(|known| known.is_none_or(|known| known == hash)),
        }
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

    /// Returns what is known about a file with this content, if an earlier run wrote it.
    pub(crate) fn file_with(&self, name: &str, hash: ContentHash) -> Option<EarlierFile<'_>> {
        let lines = self.files.get(name)?.iter().rev().map(|at| &self.lines[*at]);
        lines.filter_map(Self::earlier_file).find(|file| file.output == hash)
    }

    /// Returns the files that earlier runs wrote, in the order of their names, as the last line of each
    /// describes it.
    pub(crate) fn files(&self) -> impl Iterator<Item = EarlierFile<'_>> {
        let mut last: Vec<usize> =
            self.files.values().filter_map(|lines| lines.last()).copied().collect();
        last.sort_unstable_by_key(|at| self.lines[*at].output().map(|(name, _)| name));
        last.into_iter().filter_map(|at| Self::earlier_file(&self.lines[at]))
    }

    fn earlier_file(line: &JournalLine) -> Option<EarlierFile<'_>> {
        let (name, output) = line.output()?;
        Some(EarlierFile { name, output, ids: line.ids(), line })
    }

    /// Appends a line.
    pub(crate) fn append(&self, line: &JournalLine, path: &Path) -> Result<()> {
        let bytes = line_bytes(line);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // In one call: a run that is stopped during it leaves at most one incomplete line.
        file.write_all(&bytes).map_err(|error| WriteError::Io(error).at(path))
    }
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
                improbable: 0,
                one_sided: 0,
                reviewed: 0,
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
        let journal = Journal::open(&folder, false).expect("readable");
        for line in [line("فصل ١"), JournalLine::Shard(shard.clone()), line("2")] {
            journal.append(&line, &path).expect("space on the disk");
        }
        let bytes = fs::read(&path).expect("the journal");
        for cut in 0..bytes.len() {
            fs::write(&path, &bytes[..cut]).expect("a file");
            let journal = Journal::open(&folder, false).expect("readable");
            let lines = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(journal.documents.len() + journal.shards.len(), lines);
            journal.append(&line("3"), &path).expect("space on the disk");
            let journal = Journal::open(&folder, false).expect("readable");
            assert_eq!(journal.document("3").map(|line| &*line.id), Some("3"));
        }
        fs::write(&path, &bytes).expect("a file");
        let journal = Journal::open(&folder, false).expect("readable");
        assert_eq!(journal.shard(3), Some(&shard));
        assert_eq!(
            journal.document("فصل ١").cloned().map(JournalLine::Document),
            Some(line("فصل ١"))
        );
        let file = |output| journal.file_with("shards/s", ContentHash(output));
        assert_eq!(file(2).map(|file| file.ids.len()), Some(2));
        assert!(file(3).is_none());
        assert_eq!(journal.files().count(), 3);
        // Also the file of a stopped run with another format.
        let JournalLine::Document(again) = line("2") else { panic!("a document") };
        let again = DocumentLine { file: Some("docs/2.jsonl".to_owned()), ..again };
        journal.append(&JournalLine::Document(again), &path).expect("space on the disk");
        assert_eq!(Journal::open(&folder, false).expect("readable").files().count(), 4);
    }

    #[test]
    fn damaged_lines_are_counted_and_another_file_is_no_journal() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = OutputFolder::open(root.path()).expect("writable");
        let path = root.path().join(JOURNAL);
        let lines = [line("1"), line("2")].map(|line| line_bytes(&line));
        fs::write(&path, [&lines[0][..], b"{\"id\":\"x\"}\n\0\0\n", &lines[1], b"\0\0"].concat())
            .expect("a file");
        let journal = Journal::open(&folder, false).expect("a journal");
        assert_eq!(journal.damaged(), DamagedLines { count: 3, first: 2 });
        assert!(journal.document("1").is_some() && journal.document("2").is_some());
        for text in ["my notes", "my notes\n", "{\"id\":7}\n", "\n"] {
            fs::write(&path, text).expect("a file");
            let failure = Journal::open(&folder, false).map(drop).expect_err("no journal");
            assert_eq!(failure.remedy(), Some(&Remedy::ReplaceFiles));
            assert_eq!(fs::read_to_string(&path).expect("a file"), text);
        }
        Journal::open(&folder, true).expect("replaceable");
        assert_eq!(fs::read(&path).expect("a file"), b"");
        for text in ["{\"id\":\"unfini", "{\"li", "{"] {
            fs::write(&path, text).expect("a file");
            let journal = Journal::open(&folder, false).expect("a stopped run");
            assert_eq!(journal.damaged().count, 0);
        }
    }

    #[test]
    fn contents_are_those_of_any_line() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = OutputFolder::open(root.path()).expect("writable");
        let path = root.path().join(JOURNAL);
        let journal = Journal::open(&folder, false).expect("writable");
        assert!(!journal.has_listed("documents.tsv", ContentHash(1)), "there is no journal");
        let JournalLine::Document(first) = line("a") else { panic!("a document") };
        let second = DocumentLine { output: Some(ContentHash(5)), ..first.clone() };
        let old = DocumentLine { file: Some("docs/b".into()), output: None, ..first.clone() };
        for line in [first, second, old] {
            journal.append(&JournalLine::Document(line), &path).expect("space on the disk");
        }
        let journal = Journal::open(&folder, false).expect("readable");
        for (name, hash, expected) in [
            ("docs/a.tsv", u128::MAX, true),
            ("docs/a.tsv", 5, true),
            ("docs/a.tsv", 6, false),
            ("docs/b", 9, true),
            ("docs/c", 9, false),
        ] {
            assert_eq!(journal.has_written(name, ContentHash(hash)), expected, "{name} {hash}");
        }
        assert!(journal.has_listed("documents.tsv", ContentHash(1)), "it is of an older version");
        for output in [Some(ContentHash(1)), Some(ContentHash(2))] {
            let listing = "documents.tsv".to_owned();
            let line = JournalLine::Listing(ListingLine { listing, output });
            journal.append(&line, &path).expect("space on the disk");
        }
        let journal = Journal::open(&folder, false).expect("readable");
        let is_listed =
            [1, 2, 3].map(|hash| journal.has_listed("documents.tsv", ContentHash(hash)));
        assert_eq!(is_listed, [true, true, false]);
    }
}
