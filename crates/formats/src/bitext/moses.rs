//! Moses pairs: two files, where line *n* of one is the translation of line *n* of the other
//! ([corpus preparation](https://www2.statmt.org/moses/?n=FactoredTraining.PrepareTraining)).
//!
//! A pair with text on one side only has an empty line on the other. Loses all fields besides the
//! texts; a line break in a text becomes a space, because the format has no escapes: a line feed, a
//! carriage return, and what other programs take for a line break, such as U+2028. U+FEFF at the
//! start of a file is a byte order mark and not text; a first text that begins with it is written
//! after a mark.

use std::path::PathBuf;

use super::entry::{
    BitextSource, FormatEntry, OpenReader, ReaderEntry, WriterEntry, unrecognisable,
};
use super::lines::LineReader;
use super::table_layout::{MARK, flat};
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, Loss};
use crate::bead_writer::full_row;
use crate::error::{Error, Result};

pub(crate) const MOSES: FormatEntry = FormatEntry {
    name: "moses",
    endings: &[],
    description: "Two files, line by line",
    recognise: unrecognisable,
    reader: Some(ReaderEntry {
        more_files: &[1],
        open: OpenReader::Text(|mut files| {
            let (tgt, tgt_path) = files.more.remove(0);
            let (src, tgt) = (LineReader::new(files.first), LineReader::new(tgt));
            Ok(Box::new(MosesReader { src, tgt, tgt_path, is_short: false }))
        }),
    }),
    writer: Some(WriterEntry {
        files: 2,
        start: |_| Ok(Box::new(MosesLayout { is_empty: true })),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: Some("lines of text have no place for the name of a document"),
        needs_times: false,
    }),
    losses: &[Loss::LineBreaks, Loss::Fields],
    has_columns: false,
    is_binary: false,
};

/// Reads two files line by line.
struct MosesReader {
    src: LineReader,
    tgt: LineReader,
    tgt_path: PathBuf,
    /// Whether one file has ended before the other.
    is_short: bool,
}

impl BitextSource for MosesReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        // Both are read before an error is returned, so that the next lines belong together.
        let src = self.src.next().map(|line| line.map(str::to_owned));
        let tgt = self.tgt.next().map_err(|error| error.at_path(&self.tgt_path));
        let tgt = tgt.map(|line| line.map(str::to_owned));
        match (src?, tgt?) {
            (None, None) => Ok(None),
            (Some(src), Some(tgt)) => Ok(Some(BitextRow {
                src,
                tgt,
                fields: Vec::new(),
                line: self.src.number(),
                ..BitextRow::default()
            })),
            (src, _) => {
                self.is_short = true;
                let (short, line) = match src {
                    Some(_) => ("the target file", self.tgt.number()),
                    None => ("the source file", self.src.number()),
                };
                let what = format!("{short} ends here, but the other one continues");
                let expected = "line n of one file is the translation of line n of the other";
                Err(Error::syntax(line, what, expected))
            }
        }
    }

    fn can_resume(&self) -> bool {
        !self.is_short
    }
}

/// Writes two files line by line.
struct MosesLayout {
    /// Whether nothing was written yet.
    is_empty: bool,
}

impl RowLayout for MosesLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let is_first = std::mem::take(&mut self.is_empty);
        for (file, text) in out.files.iter_mut().zip([&row.src, &row.tgt]) {
            if is_first && text.starts_with(MARK) {
                file.extend_from_slice(MARK.as_bytes());
            }
            file.extend_from_slice(flat(text, false, &mut out.losses).as_bytes());
            file.push(b'\n');
        }
        out.losses.add_fields(row.fields.iter().map(|(name, _)| name));
        Ok(())
    }
}
