//! The lines of a text stream, validated and numbered.

use std::io::{BufRead, Read};

use crate::encoding::EncodingGuess;
use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;

/// A text stream, decompressed and in UTF-8.
pub(super) type TextStream = Box<dyn BufRead + Send>;

/// The maximum length of a line in bytes. A longer one means that the file is not text with lines.
const MAX_LINE: usize = 1 << 28;

const NOT_A_BITEXT: FormatRemedy = FormatRemedy::Advice(
    "a bitext is a table, JSON Lines, TMX, XLIFF or two files with one segment per line",
);

/// Reads a stream line by line.
pub(super) struct LineReader {
    stream: TextStream,
    buffer: Vec<u8>,
    number: u64,
    offset: usize,
}

impl LineReader {
    pub(super) fn new(stream: TextStream) -> Self {
        Self { stream, buffer: Vec::new(), number: 0, offset: 0 }
    }

    /// Returns the number of the last line, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Returns the next line without its end, or `None` at the end of the stream.
    pub(super) fn next(&mut self) -> Result<Option<&str>> {
        self.offset += self.buffer.len();
        self.buffer.clear();
        let mut limited = Read::take(&mut self.stream, MAX_LINE as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.buffer).map_err(Error::reading)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if read > MAX_LINE {
            let what = "a line of more than 256 MB";
            return Err(Error::syntax(self.number, what, "a bitext has one pair per line"));
        }
        let mut line = &*self.buffer;
        line = line.strip_suffix(b"\n").unwrap_or(line);
        line = line.strip_suffix(b"\r").unwrap_or(line);
        std::str::from_utf8(line).map(Some).map_err(|error| {
            let offset = self.offset + error.valid_up_to();
            let kind = ErrorKind::NotUtf8 { offset, guess: EncodingGuess::of(line) };
            Error::from(kind).at_line(self.number)
        })
    }

    /// Returns the next line that is not blank.
    pub(super) fn next_filled(&mut self) -> Result<Option<String>> {
        while let Some(line) = self.next()? {
            if !line.trim().is_empty() {
                return Ok(Some(line.to_owned()));
            }
        }
        Ok(None)
    }
}

/// Refuses the beginning of a file that is not text with lines.
pub(super) fn check_start(start: &[u8]) -> Result<()> {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if let Some(guess) = EncodingGuess::wide(line) {
        return Err(Error::from(ErrorKind::NotUtf8 { offset: 0, guess }).at_line(1));
    }
    for (magic, what) in [
        (&b"PK\x03\x04"[..], "a ZIP archive, as XLSX and DOCX files are"),
        (b"%PDF-", "a PDF"),
        (b"PAR1", "a Parquet file"),
        (b"BZh", "a bzip2 file"),
        (b"\xfd7zXZ\0", "an xz file"),
    ] {
        if line.starts_with(magic) {
            return Err(ErrorKind::Binary { what, remedy: NOT_A_BITEXT }.into());
        }
    }
    if line.contains(&0) {
        let kind = ErrorKind::Binary { what: "binary data", remedy: NOT_A_BITEXT };
        return Err(Error::from(kind).at_line(1));
    }
    Ok(())
}
