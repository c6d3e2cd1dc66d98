//! Moses pairs: two files of which line *n* of one is the translation of line *n* of the other
//! ([corpus preparation](https://www2.statmt.org/moses/?n=FactoredTraining.PrepareTraining)).
//!
//! A pair with text on one side only has an empty line on the other. Loses all that stands beside
//! the texts; a line break inside a text becomes a space, since the format has no escapes. U+FEFF at the
//! start of a file is a byte order mark and no text.

use std::path::PathBuf;

use super::columns::flat;
use super::lines::{Lines, Stream};
use super::writer::{Buffers, Layout};
use super::{BitextRow, Loss};
use crate::error::{Error, Result};

/// Reads two files of lines.
pub(super) struct Moses {
    src: Lines,
    tgt: Lines,
    tgt_path: PathBuf,
}

impl Moses {
    pub(super) fn new(src: Stream, (tgt, tgt_path): (Stream, PathBuf)) -> Self {
        Self { src: Lines::new(src), tgt: Lines::new(tgt), tgt_path }
    }

    pub(super) fn next(&mut self) -> Result<Option<BitextRow>> {
        let left = self.src.next()?.map(str::to_owned);
        let right = self.tgt.next().map_err(|error| error.at_path(&self.tgt_path))?;
        match (left, right.map(str::to_owned)) {
            (None, None) => Ok(None),
            (Some(src), Some(tgt)) => {
                Ok(Some(BitextRow { src, tgt, fields: Vec::new(), line: self.src.number() }))
            }
            (left, _) => {
                let (short, line) = match left {
                    Some(_) => ("the target file", self.tgt.number()),
                    None => ("the source file", self.src.number()),
                };
                let what = format!("{short} ends here, and the other one goes on");
                let wanted = "line n of one file is the translation of line n of the other";
                Err(Error::syntax(line, what, wanted))
            }
        }
    }
}

/// Writes two files of lines.
pub(super) struct MosesLayout;

impl Layout for MosesLayout {
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
