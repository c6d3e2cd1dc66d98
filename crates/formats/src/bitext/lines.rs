//! The lines of a text stream, validated and numbered.

use std::io::{BufRead, Cursor, Read};

use crate::encoding::EncodingGuess;
use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;

/// A text stream, decompressed and in UTF-8.
pub(super) type TextStream = Box<dyn BufRead + Send>;

/// The maximum length of a line in bytes. A longer one means that the file is not text with lines.
pub(super) const MAX_LINE: usize = 1 << 28;

const NOT_A_BITEXT: FormatRemedy = FormatRemedy::Advice(
    "a bitext is a table, JSON Lines, TMX, XLIFF or two files with one segment per line",
);

/// Reads a stream line by line. Lines end in a line feed, which may follow a carriage return; in a
/// stream without any line feed they end in a carriage return.
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
        let mut read = self.fill()?;
        if self.number == 0 && read <= MAX_LINE && has_only_carriage_returns(&self.buffer) {
            let mut text = std::mem::take(&mut self.buffer);
            text.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
            self.stream = Box::new(Cursor::new(text));
            read = self.fill()?;
        }
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if read > MAX_LINE {
            // Its rest is not another line.
            if self.buffer.last() != Some(&b'\n') {
                self.offset += self.stream.skip_until(b'\n').map_err(Error::reading)?;
            }
            let what = "a line of more than 256 MB";
            return Err(Error::syntax(self.number, what, "a bitext has one pair per line"));
        }
        let mut line = &*self.buffer;
        line = line.strip_suffix(b"\n").unwrap_or(line);
        line = line.strip_suffix(b"\r").unwrap_or(line);
        std::str::from_utf8(line).map(Some).map_err(|error| {
            let offset = self.offset + error.valid_up_to();
            not_utf8(line, offset).at_line(self.number)
        })
    }

    /// Reads up to a line feed, and returns the number of bytes.
    fn fill(&mut self) -> Result<usize> {
        self.buffer.clear();
        let mut limited = Read::take(&mut self.stream, MAX_LINE as u64 + 1);
        limited.read_until(b'\n', &mut self.buffer).map_err(Error::reading)
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

/// Reports whether a whole text has lines that end in carriage returns, as old programs write them.
fn has_only_carriage_returns(text: &[u8]) -> bool {
    let [inner @ .., last] = text else { return false };
    *last != b'\n' && inner.contains(&b'\r')
}

/// Returns the error for a row that is not UTF-8, with the encoding that it may be in.
pub(super) fn not_utf8(row: &[u8], offset: usize) -> Error {
    match EncodingGuess::of(row) {
        guess @ EncodingGuess::Legacy(_) => ErrorKind::UnsureEncoding { offset, guess },
        guess => ErrorKind::NotUtf8 { offset, guess },
    }
    .into()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static str) -> Vec<(u64, String)> {
        let mut lines = LineReader::new(Box::new(text.as_bytes()));
        let mut found = Vec::new();
        while let Some(line) = lines.next().expect("UTF-8").map(str::to_owned) {
            found.push((lines.number(), line));
        }
        found
    }

    #[test]
    fn carriage_returns_end_lines_if_there_is_no_line_feed() {
        let expected = [(1, "a".to_owned()), (2, String::new()), (3, "ب".to_owned())];
        for text in ["a\n\nب\n", "a\r\n\r\nب", "a\r\rب\r", "a\r\rب"] {
            assert_eq!(lines(text), expected, "{text:?}");
        }
        assert_eq!(lines("a\rb\nc\n"), [(1, "a\rb".to_owned()), (2, "c".to_owned())]);
        assert_eq!(lines("a\r"), [(1, "a".to_owned())]);
    }
}
