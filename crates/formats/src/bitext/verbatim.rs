//! Units of XML files as they were written, so that a file of the same format gets them unchanged.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::error::{Error, Result, TemporaryError};

/// How much text around units is held in memory; more is held in a temporary file.
const MAX_HELD: usize = 1 << 20;

/// What a row keeps of the unit that it was read from.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowOrigin {
    /// The unit, if it was read for copying.
    pub(crate) unit: Option<Arc<SourceUnit>>,
    /// Which pair of the unit the row is.
    pub(crate) part: usize,
    /// Whether the texts had inline codes.
    pub(crate) codes: bool,
    /// Whether the unit has what no field holds: notes, dates, authors.
    pub(crate) details: bool,
    /// The date of the last change, or of the creation, as the file has it.
    pub(crate) date: Option<Arc<str>>,
    /// The probability by which a memory judges the pair, if its columns were not selected.
    pub(crate) probability: Option<f32>,
    /// Whether somebody has reviewed the pair, if the column that says so was not selected.
    pub(crate) is_reviewed: bool,
    /// Where the segments of source and target end in their texts, except the last; each is followed
    /// by a space. `None` if it is not known.
    pub(crate) segment_ends: Option<Box<[Vec<u32>; 2]>>,
}

/// Which format a unit is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnitKind {
    Tmx,
    /// XLIFF 1.x.
    Xliff1,
    /// XLIFF 2.x.
    Xliff2,
}

/// A property that nasaq wrote.
#[derive(Clone, Debug)]
pub(crate) struct OwnProperty {
    /// Which pair of the unit it belongs to.
    pub(crate) part: usize,
    /// Its name, without prefix.
    pub(crate) name: String,
    pub(crate) value: String,
    /// Where it is in the unit.
    pub(crate) range: Range<usize>,
}

/// A unit as its file has it.
#[derive(Clone, Debug)]
pub(crate) struct SourceUnit {
    /// The file, by an id that no other file of the run has.
    pub(crate) file: u64,
    pub(crate) kind: UnitKind,
    /// The text from its start tag to its end tag.
    pub(crate) xml: String,
    /// What the file has between the unit before and this one.
    pub(crate) before: Surroundings,
    /// For each pair, what is removed with it if others of the unit stay.
    pub(crate) parts: Vec<Vec<Range<usize>>>,
    /// Whether it is removed if all its pairs are; otherwise it has further texts.
    pub(crate) is_removable: bool,
    /// Where properties are added.
    pub(crate) insert: usize,
    /// The prefix of the element for metadata within which they are added, if there is one.
    pub(crate) metadata_prefix: Option<String>,
    pub(crate) properties: Vec<OwnProperty>,
    /// The elements around nasaq's properties, which are written anew with them.
    pub(crate) groups: Vec<Range<usize>>,
    /// The prefix of the names of its elements, with the colon.
    pub(crate) prefix: String,
}

/// Returns an id for a file that is read.
pub(crate) fn next_file() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What a text around units is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// The beginning of the file, up to its first unit.
    Head,
    /// Markup between units.
    Markup,
    /// A unit that is no pair, because it lacks text in one of the languages.
    Unit,
    /// The end of the file.
    Tail,
}

/// What a file has between two units.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    /// What precedes `held`, if it is long.
    spilled: Option<Arc<Mutex<File>>>,
    held: Vec<(PieceKind, String)>,
}

impl Surroundings {
    /// Calls `each` for the pieces in order.
    pub(crate) fn for_each(&self, mut each: impl FnMut(PieceKind, &str)) -> Result<()> {
        if let Some(file) = &self.spilled {
            let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            file.rewind().map_err(Error::reading)?;
            let mut reader = BufReader::new(&mut *file);
            while let Some((kind, text)) = read_piece(&mut reader).map_err(Error::reading)? {
                each(kind, &text);
            }
        }
        for (kind, text) in &self.held {
            each(*kind, text);
        }
        Ok(())
    }
}

/// Collects what is between two units.
#[derive(Debug, Default)]
pub(crate) struct SurroundingsBuilder {
    file: Option<File>,
    held: Vec<(PieceKind, String)>,
    held_len: usize,
}

impl SurroundingsBuilder {
    /// Adds a piece.
    pub(crate) fn push(&mut self, kind: PieceKind, text: String) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.held_len += text.len();
        self.held.push((kind, text));
        if self.held_len > MAX_HELD {
            self.spill().map_err(|error| Error::writing(TemporaryError::wrap(error)))?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            empty => empty.insert(tempfile::tempfile()?),
        };
        let mut bytes = Vec::with_capacity(self.held_len + 9 * self.held.len());
        for (kind, text) in self.held.drain(..) {
            bytes.push(kind as u8);
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        self.held_len = 0;
        file.write_all(&bytes)
    }

    /// Returns what was collected, and begins anew.
    pub(crate) fn finish(&mut self) -> Surroundings {
        let this = std::mem::take(self);
        Surroundings { spilled: this.file.map(|file| Arc::new(Mutex::new(file))), held: this.held }
    }
}

fn read_piece(reader: &mut impl Read) -> io::Result<Option<(PieceKind, String)>> {
    let mut head = [0; 9];
    match reader.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let kinds = [PieceKind::Head, PieceKind::Markup, PieceKind::Unit, PieceKind::Tail];
    let kind = kinds[usize::from(head[0]).min(kinds.len() - 1)];
    let len = head[1..].iter().rev().fold(0, |len, byte| len << 8 | u64::from(*byte));
    let mut text = String::new();
    reader.take(len).read_to_string(&mut text)?;
    Ok(Some((kind, text)))
}

/// The end of a bitext of XML, after its last pair.
#[derive(Clone, Debug)]
pub struct BitextTail {
    pub(crate) file: u64,
    pub(crate) kind: UnitKind,
    pub(crate) rest: Surroundings,
}

/// Applies edits to a text: replaces ranges, which do not overlap.
pub(crate) fn edited(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len() + 128);
    let mut at = 0;
    for (range, new) in edits {
        // A range within one that was removed is gone already.
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Names UTF-8 in the XML declaration of a text, if it names another encoding.
pub(crate) fn declare_utf8(head: String) -> String {
    let declaration = match head.trim_start_matches('\u{feff}').strip_prefix("<?xml") {
        Some(rest) => {
            rest.find("?>").map(|end| head.len() - rest.len()..head.len() - rest.len() + end)
        }
        None => None,
    };
    let Some(declaration) = declaration else { return head };
    let text = &head[declaration.clone()];
    let Some(name) = text.find("encoding") else { return head };
    let Some(open) = text[name..].find(['"', '\'']).map(|at| name + at) else { return head };
    let quote = &text[open..=open];
    let Some(len) = text[open + 1..].find(quote) else { return head };
    let range = declaration.start + open + 1..declaration.start + open + 1 + len;
    if head[range.clone()].eq_ignore_ascii_case("utf-8") {
        return head;
    }
    edited(&head, vec![(range, "UTF-8".to_owned())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_surroundings_are_read_in_order() {
        let mut builder = SurroundingsBuilder::default();
        let mut expected = Vec::new();
        for index in 0..40 {
            let kind = if index % 2 == 0 { PieceKind::Markup } else { PieceKind::Unit };
            let text = format!("{index}").repeat(MAX_HELD / 20);
            builder.push(kind, text.clone()).expect("space");
            expected.push((kind, text));
        }
        let surroundings = builder.finish();
        assert!(surroundings.spilled.is_some());
        for _ in 0..2 {
            let mut found = Vec::new();
            surroundings
                .for_each(|kind, text| found.push((kind, text.to_owned())))
                .expect("a file");
            assert!(found == expected);
        }
        assert!(builder.finish().held.is_empty());
    }

    #[test]
    fn the_declaration_names_the_encoding_that_is_written() {
        for (head, expected) in [
            (
                "<?xml version='1.0' encoding='utf-16'?><a>",
                "<?xml version='1.0' encoding='UTF-8'?><a>",
            ),
            (
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
            ),
            ("<?xml version=\"1.0\"?><a encoding='x'>", "<?xml version=\"1.0\"?><a encoding='x'>"),
            ("<a>", "<a>"),
        ] {
            assert_eq!(declare_utf8(head.to_owned()), expected);
        }
    }

    #[test]
    fn edits_are_applied_from_the_first_to_the_last() {
        let edits = vec![(4..5, String::new()), (0..1, "x".to_owned()), (3..5, "y".to_owned())];
        assert_eq!(edited("abcdef", edits), "xbcyf");
    }
}
