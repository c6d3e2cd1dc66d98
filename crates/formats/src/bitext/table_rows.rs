//! The rows of a table, before it is known which columns hold the texts.

use std::collections::VecDeque;
use std::io::{BufRead, Cursor, Read};

use super::SCHEMA_ROWS;
use super::csv_quotes::{OpenQuote, QuoteStream};
use super::lines::{LineReader, TextStream, not_utf8};
use super::table::TextColumns;
use super::table_dialect::{
    BARS, START, delimiter, is_barred, is_quoted_tsv, peeked, take_separator_line,
};
use super::table_layout::MARK;
use crate::error::{Error, Result};
use crate::tsv::cells;

/// The rows of a table, not yet assigned to columns.
pub(super) enum TableRows {
    Tsv(LineReader),
    /// Lines of cells that `|||` separates.
    Barred(LineReader),
    #[cfg(feature = "xlsx")]
    Sheet(std::vec::IntoIter<NumberedRow>),
    Csv {
        reader: Box<csv::Reader<QuoteStream>>,
        /// The number of lines before the first row.
        skipped: u64,
        /// Whether it is a TSV file.
        is_tsv: bool,
    },
}

/// A row and its line.
pub(super) type NumberedRow = (u64, Vec<String>);

/// The maximum size of the rows that are read to find the columns, in bytes.
const MAX_SAMPLE: usize = 1 << 20;

impl TableRows {
    pub(super) fn tsv(stream: TextStream, named: &TextColumns) -> Result<Self> {
        let (mut start, mut stream) = peeked(stream, START)?;
        if let Some(delimiter) = take_separator_line(&mut stream, &mut start) {
            return Ok(Self::separated(stream, &start, delimiter, 1, true));
        }
        let is_ours = || {
            let line = start.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
            let has = |name: &[u8]| line.split(|byte| *byte == b'\t').any(|cell| cell == name);
            has(b"src") && has(b"tgt")
        };
        let is_quoted = named.quoted.unwrap_or_else(|| !is_ours() && is_quoted_tsv(&start));
        if is_quoted {
            return Ok(Self::separated(stream, &start, b'\t', 0, true));
        }
        Ok(Self::Tsv(LineReader::new(stream)))
    }

    pub(super) fn csv(stream: TextStream) -> Result<Self> {
        let (mut start, mut stream) = peeked(stream, START)?;
        let named = take_separator_line(&mut stream, &mut start);
        if named.is_none() && is_barred(&start) {
            return Ok(Self::Barred(LineReader::new(stream)));
        }
        let delimiter = named.unwrap_or_else(|| delimiter(&start));
        Ok(Self::separated(stream, &start, delimiter, named.is_some().into(), false))
    }

    fn separated(
        mut stream: TextStream,
        start: &[u8],
        delimiter: u8,
        skipped: u64,
        is_tsv: bool,
    ) -> Self {
        if start.starts_with(MARK.as_bytes()) {
            // The parser removes a byte order mark, but that of the file was removed: this is text.
            // It takes a read of the mark alone for the whole file, so more must follow at once.
            stream.consume(start.len());
            stream = Box::new(Cursor::new([MARK.as_bytes(), start].concat()).chain(stream));
        }
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(QuoteStream::new(stream, delimiter));
        Self::Csv { reader: Box::new(reader), skipped, is_tsv }
    }

    /// Reads rows to find the columns, with the errors of bad ones.
    pub(super) fn sample(&mut self, columns: usize) -> VecDeque<Result<NumberedRow>> {
        let mut sample = VecDeque::new();
        let mut bytes = 0;
        while sample.len() < SCHEMA_ROWS && bytes < MAX_SAMPLE {
            match self.next() {
                Ok(None) => break,
                Ok(Some(row)) => {
                    bytes += columns + row.1.iter().map(String::len).sum::<usize>();
                    sample.push_back(Ok(row));
                }
                Err(error) => {
                    let is_row = error.line().is_some();
                    sample.push_back(Err(error));
                    let is_unclosed =
                        matches!(self, Self::Csv { reader, .. } if unclosed(reader).is_some());
                    if !is_row || is_unclosed {
                        break;
                    }
                }
            }
        }
        sample
    }

    /// Returns the cells of the next row and its line.
    pub(super) fn next(&mut self) -> Result<Option<NumberedRow>> {
        match self {
            Self::Tsv(lines) => {
                let row = lines.next()?.map(|line| cells(line).map(str::to_owned).collect());
                Ok(row.map(|row| (lines.number(), row)))
            }
            Self::Barred(lines) => {
                let row = lines.next()?.map(|line| {
                    line.split(BARS).map(|cell| cell.trim_matches(' ').to_owned()).collect()
                });
                Ok(row.map(|row| (lines.number(), row)))
            }
            #[cfg(feature = "xlsx")]
            Self::Sheet(rows) => Ok(rows.next()),
            Self::Csv { reader, skipped, .. } => {
                let mut record = csv::ByteRecord::new();
                let read = reader.read_byte_record(&mut record).map_err(|error| {
                    let line = error.position().map_or(0, csv::Position::line) + *skipped;
                    match error.into_kind() {
                        csv::ErrorKind::Io(source) => Error::reading(source),
                        kind => {
                            let what = format!("this row is not valid CSV: {kind:?}");
                            Error::syntax(line, what, "save the table as CSV UTF-8")
                        }
                    }
                })?;
                if !read {
                    return Ok(None);
                }
                if let Some(quote) = unclosed(reader) {
                    return Err(Error::syntax(
                        quote.line + *skipped,
                        "a quote opens here and is never closed",
                        "close it; a quote inside a quoted cell is written twice",
                    ));
                }
                let line = record.position().map_or(0, csv::Position::line) + *skipped;
                let offset = record.position().map_or(0, csv::Position::byte);
                let row: Result<Vec<String>, _> = record
                    .iter()
                    .map(|cell| std::str::from_utf8(cell).map(str::to_owned))
                    .collect();
                let bad = |_| {
                    let bytes = record.iter().collect::<Vec<_>>().concat();
                    not_utf8(&bytes, usize::try_from(offset).unwrap_or(usize::MAX)).at_line(line)
                };
                Ok(Some((line, row.map_err(bad)?)))
            }
        }
    }
}

/// Returns the quote that the last row opened and did not close.
pub(super) fn unclosed(reader: &csv::Reader<QuoteStream>) -> Option<OpenQuote> {
    // The stream is read ahead of the rows.
    reader.get_ref().unclosed().filter(|quote| quote.offset < reader.position().byte())
}
