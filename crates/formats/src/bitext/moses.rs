//! Moses pairs: two files, where line *n* of one is the translation of line *n* of the other
//! ([corpus preparation](https://www2.statmt.org/moses/?n=FactoredTraining.PrepareTraining)).
//!
//! A pair with text on one side only has an empty line on the other. Loses all fields besides the
//! texts; a line break in a text becomes a space, because the format has no escapes. U+FEFF at the
//! start of a file is a byte order mark and not text.

use std::path::PathBuf;

use super::entry::{
    BitextSource, FormatEntry, OpenReader, ReaderEntry, WriterEntry, unrecognisable,
};
use super::lines::LineReader;
use super::table::flat;
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
            Ok(Box::new(MosesReader { src, tgt, tgt_path }))
        }),
    }),
    writer: Some(WriterEntry {
        files: 2,
        start: |_| Ok(Box::new(MosesLayout)),
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
}

impl BitextSource for MosesReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        let src = self.src.next()?.map(str::to_owned);
        let tgt = self.tgt.next().map_err(|error| error.at_path(&self.tgt_path))?;
        match (src, tgt.map(str::to_owned)) {
            (None, None) => Ok(None),
            (Some(src), Some(tgt)) => {
                Ok(Some(BitextRow { src, tgt, fields: Vec::new(), line: self.src.number() }))
            }
            (src, _) => {
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
}

/// Writes two files line by line.
struct MosesLayout;

impl RowLayout for MosesLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        for (file, text) in out.files.iter_mut().zip([&row.src, &row.tgt]) {
            file.extend_from_slice(flat(text, false, &mut out.losses).as_bytes());
            file.push(b'\n');
        }
        if !row.fields.is_empty() {
            out.losses.add(Loss::Fields);
        }
        Ok(())
    }
}
