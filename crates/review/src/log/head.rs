//! The head of a log: what is reviewed.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nasaq::Span;
use nasaq_formats::{Document, DocumentBlock};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::decision::ReviewSide;
use crate::row::{Decided, Row};
use crate::side::Side;
use crate::state::State;

/// The version of the log's format that this program writes.
pub(crate) const FORMAT: u32 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    /// The version of the format.
    pub(crate) nasaq_review: u32,
    /// The version of the program.
    pub(crate) version: String,
    /// The name of the document in outputs.
    pub(crate) name: String,
    /// The languages of source and target, as outputs have them.
    pub(crate) languages: [String; 2],
    /// The files that were read.
    pub(crate) inputs: Vec<InputFile>,
    /// The settings that the alignment depends on, the model among them.
    pub(crate) settings: Vec<(String, String)>,
    /// Who decides, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reviewer: Option<String>,
    /// The probability that the documents are translations of each other, if they were aligned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) document_score: Option<f32>,
    /// Whether the segments of each side follow one another as text. The rows of a memory are units
    /// of their own, which no search joins.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub(crate) continuous: bool,
    /// When the session began.
    pub(crate) time: String,
}

fn yes() -> bool {
    true
}

/// A file that a session was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InputFile {
    /// The path: from the folder of the log, if the file is in it.
    pub path: PathBuf,
    /// The length in bytes.
    pub bytes: u64,
    /// The XXH3 hash of the contents, 128 bits in hexadecimal digits.
    pub hash: String,
}

impl InputFile {
    /// Reads a file to identify it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut file = std::fs::File::open(path)?;
        let mut hash = Counted::default();
        io::copy(&mut file, &mut hash)?;
        let Counted { hash, bytes } = hash;
        let hash = format!("{:032x}", hash.digest128());
        Ok(Self { path: path.to_owned(), bytes, hash })
    }

    /// Returns the file with its path from the folder of a log, if it is in it, and from the root
    /// otherwise.
    pub(crate) fn seen_from(mut self, log: &Path) -> Self {
        let parent = |path: &Path| Some(path.canonicalize().ok()?.parent()?.to_owned());
        let folder = log.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok();
        self.path = match self.path.file_name() {
            Some(name) if folder.is_some() && parent(&self.path) == folder => name.into(),
            _ => self.path.canonicalize().unwrap_or(self.path),
        };
        self
    }

    /// Returns where the file is, for a log in a folder.
    pub(crate) fn path_from(&self, log: &Path) -> PathBuf {
        log.parent().unwrap_or(Path::new("")).join(&self.path)
    }
}

#[derive(Default)]
struct Counted {
    hash: Xxh3,
    bytes: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The line of a document: its text, blocks and segments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct DocumentLine {
    pub(super) document: ReviewSide,
    name: String,
    text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    blocks: Vec<DocumentBlock>,
    segments: Vec<[usize; 2]>,
}

impl DocumentLine {
    fn new(document: ReviewSide, side: &Side) -> Self {
        let segments = side.segments.iter().map(|bytes| [bytes.start, bytes.end]).collect();
        let Document { name, text, blocks, .. } = &*side.document;
        let (name, text, blocks) = (name.clone(), text.clone(), blocks.clone());
        Self { document, name, text, blocks, segments }
    }

    /// Returns the document with its segments, or what is wrong with them.
    pub(super) fn side(self) -> Result<Side, String> {
        let Self { name, text, blocks, segments, .. } = self;
        let mut end = 0;
        for &[start, stop] in &segments {
            if start < end || text.get(start..stop).is_none() {
                return Err(format!("a segment at byte {start} is not in the text"));
            }
            end = stop;
        }
        let mut document =
            Document::from_bytes(name, text.into_bytes()).map_err(|error| error.to_string())?;
        document.blocks = blocks;
        let segments = segments.into_iter().map(|[start, end]| start..end).collect();
        Ok(Side { document: document.into(), segments: std::sync::Arc::new(segments) })
    }
}

/// The line of the aligner's beads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct BeadsLine {
    /// Source and target segments, the probability, and 1 for a moved bead, 2 for one that was
    /// confirmed in the bitext that is reviewed, 4 for one that was changed there.
    beads: Vec<(u32, u32, u32, u32, f32, u8)>,
    /// The aligner's score of each bead, if any is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scores: Vec<Option<f32>>,
    /// The notes of the bitext that is reviewed: the side and index of a segment, and the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<(ReviewSide, u32, String)>,
}

impl BeadsLine {
    fn new(state: &State) -> Self {
        let rows = &state.rows;
        let bead = |row: &Row| {
            let (src, tgt) = (row.src, row.tgt);
            let decided = [0, 2, 4][row.decided as usize];
            let flags = u8::from(row.moved) + decided;
            (src.start, src.end, tgt.start, tgt.end, row.probability, flags)
        };
        let mut scores: Vec<Option<f32>> = rows.iter().map(|row| row.score).collect();
        if scores.iter().all(Option::is_none) {
            scores.clear();
        }
        let notes = state.remarks.notes.iter();
        let notes = notes.map(|((side, at), text)| (*side, *at, text.clone())).collect();
        Self { beads: rows.iter().map(bead).collect(), scores, notes }
    }

    /// Returns the state that the beads begin with; `None` if they are not valid spans.
    pub(super) fn state(self, sides: [Side; 2]) -> Option<State> {
        let sizes = sides.each_ref().map(Side::len);
        if self.notes.iter().any(|(side, at, _)| *at as usize >= sizes[side.index()]) {
            return None;
        }
        let mut state = State::new(sides, self.rows()?);
        let notes = self.notes.into_iter().map(|(side, at, text)| ((side, at), text));
        state.remarks_mut().notes = notes.collect();
        Some(state)
    }

    /// Returns the rows; `None` if a span ends before it starts, or the scores are not those of the
    /// beads.
    fn rows(&self) -> Option<Vec<Row>> {
        if !self.scores.is_empty() && self.scores.len() != self.beads.len() {
            return None;
        }
        let scores = self.scores.iter().copied().chain(std::iter::repeat(None));
        let beads = self.beads.iter().zip(scores);
        let rows = beads.map(|(&(a, b, c, d, probability, flags), score)| {
            let (src, tgt) = (Span { start: a, end: b }, Span { start: c, end: d });
            let decided = match flags & 6 {
                2 => Decided::Confirmed,
                4 => Decided::Changed,
                _ => Decided::Aligner,
            };
            let moved = flags & 1 == 1;
            let row = Row { score, moved, decided, ..Row::new(src, tgt, probability) };
            (a <= b && c <= d).then_some(row)
        });
        rows.collect()
    }
}

/// The head of a log.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) header: Header,
    /// The state before the first decision.
    pub(crate) state: State,
}

impl Head {
    /// Writes the lines of the head.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let [src, tgt] = &self.state.sides;
        write_line(out, &self.header)?;
        write_line(out, &DocumentLine::new(ReviewSide::Src, src))?;
        write_line(out, &DocumentLine::new(ReviewSide::Tgt, tgt))?;
        write_line(out, &BeadsLine::new(&self.state))
    }
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::BeadsLine;

    #[test]
    fn beads_of_earlier_logs_have_no_scores() {
        let scores = |line: &str| {
            let line: BeadsLine = serde_json::from_str(line).expect("JSON");
            line.rows().map(|rows| rows.iter().map(|row| row.score).collect::<Vec<_>>())
        };
        let bead = "[0,1,0,1,0.5,0]";
        assert_eq!(scores(&format!("{{\"beads\":[{bead}]}}")), Some(vec![None]));
        let with = |list: &str| format!("{{\"beads\":[{bead}],\"scores\":[{list}]}}");
        assert_eq!(scores(&with("-1.5")), Some(vec![Some(-1.5)]));
        assert_eq!(scores(&with("1,2")), None);
    }
}
