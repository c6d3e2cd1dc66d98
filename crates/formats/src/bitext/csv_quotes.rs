//! Finds a quote in CSV that is never closed, which parsers take for a cell up to the end of the
//! file.

use std::io::{self, Read};

use super::lines::{MAX_LINE, TextStream};

/// Where a quoted cell begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenQuote {
    /// The line, from 1.
    pub(super) line: u64,
    /// The offset in bytes.
    pub(super) offset: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum QuoteState {
    FieldStart,
    Unquoted,
    Quoted(OpenQuote),
    /// After a quote in a quoted cell, which ends the cell unless another follows.
    Closing(OpenQuote),
}

/// Follows the quotes of CSV, by the rules of the parser.
struct QuoteScanner {
    delimiter: u8,
    state: QuoteState,
    line: u64,
    offset: u64,
    /// The offset at which the row begins.
    row: u64,
}

impl QuoteScanner {
    fn new(delimiter: u8) -> Self {
        Self { delimiter, state: QuoteState::FieldStart, line: 1, offset: 0, row: 0 }
    }

    fn scan(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.state = match (self.state, byte) {
                (QuoteState::FieldStart, b'"') => {
                    QuoteState::Quoted(OpenQuote { line: self.line, offset: self.offset })
                }
                (QuoteState::Quoted(at), b'"') => QuoteState::Closing(at),
                (QuoteState::Closing(at), b'"') => QuoteState::Quoted(at),
                (QuoteState::Quoted(at), _) => QuoteState::Quoted(at),
                (_, b'\n' | b'\r') => {
                    self.row = self.offset + 1;
                    QuoteState::FieldStart
                }
                (_, byte) if byte == self.delimiter => QuoteState::FieldStart,
                _ => QuoteState::Unquoted,
            };
            self.line += u64::from(byte == b'\n');
            self.offset += 1;
        }
    }

    fn open(&self) -> Option<OpenQuote> {
        match self.state {
            QuoteState::Quoted(at) => Some(at),
            _ => None,
        }
    }
}

/// Returns the line, from 1, of a quote in comma-separated rows that is never closed.
#[must_use]
pub fn unclosed_quote(rows: &[u8]) -> Option<u64> {
    let mut scanner = QuoteScanner::new(b',');
    scanner.scan(rows);
    scanner.open().map(|at| at.line)
}

/// A stream of CSV whose quotes are followed while it is read.
///
/// A row of more than [`MAX_LINE`] bytes is an error; if it is in a quoted cell, the stream ends there
/// as if the quote was not closed, which does not load a whole file.
pub(super) struct QuoteStream {
    stream: TextStream,
    scanner: QuoteScanner,
    ended: bool,
}

impl QuoteStream {
    pub(super) fn new(stream: TextStream, delimiter: u8) -> Self {
        Self { stream, scanner: QuoteScanner::new(delimiter), ended: false }
    }

    /// Returns the quote that is still open at the end of the stream, once that was reached.
    pub(super) fn unclosed(&self) -> Option<OpenQuote> {
        self.scanner.open().filter(|_| self.ended)
    }
}

impl Read for QuoteStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let is_endless = self.scanner.offset - self.scanner.row > MAX_LINE as u64;
        let count = match self.scanner.open() {
            Some(_) if is_endless => 0,
            None if is_endless => {
                return Err(io::Error::other("a row of more than 256 MB"));
            }
            _ => self.stream.read(buffer)?,
        };
        self.ended |= count == 0 && !buffer.is_empty();
        self.scanner.scan(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_quote_that_stays_open_is_unclosed() {
        for (rows, line) in [
            ("a,b\n", None),
            ("a,\"b\"\n", None),
            ("a,\"b\"\"c\nd\"\n", None),
            ("a,b \"c\n", None),
            ("a,\"b\" c\"d\n", None),
            ("\"\",\"\"\"\"\r\n", None),
            ("a,b\nc,\"d\n\ne,f\n", Some(2)),
            ("a,\"b\"\"\nc", Some(1)),
        ] {
            assert_eq!(unclosed_quote(rows.as_bytes()), line, "{rows:?}");
        }
    }
}
