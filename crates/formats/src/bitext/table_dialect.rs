//! How the cells of a table are separated and quoted, by the beginning of the file.

use std::io::{BufRead, Cursor, Read};

use super::lines::TextStream;
use crate::error::{Error, Result};

/// The number of bytes at the beginning of a file that are examined.
pub(super) const START: usize = 1 << 18;
/// The number of rows that are examined for what separates the cells.
const ROWS: usize = 100;
/// What may separate the cells of a file of comma-separated values, the most common first.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// Returns the beginning of a stream, and the whole stream.
pub(super) fn peeked(mut stream: TextStream, length: usize) -> Result<(Vec<u8>, TextStream)> {
    let mut start = Vec::new();
    Read::take(&mut stream, length as u64).read_to_end(&mut start).map_err(Error::reading)?;
    let whole = Cursor::new(start.clone()).chain(stream);
    Ok((start, Box::new(whole)))
}

/// Removes the line `sep=;`, which tells Excel what separates the cells, and returns the separator.
pub(super) fn take_separator_line(stream: &mut TextStream, start: &mut Vec<u8>) -> Option<u8> {
    let line = start.split_inclusive(|byte| *byte == b'\n').next()?;
    let length = line.len();
    let line = line.trim_ascii_end();
    // A tab is white space itself.
    let line = if line.len() == 4 && start.get(4) == Some(&b'\t') { &start[..5] } else { line };
    let line = line.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")).unwrap_or(line);
    let (name, separator) = line.split_at_checked(4)?;
    let &[separator] = separator else { return None };
    if !name.eq_ignore_ascii_case(b"sep=") || separator.is_ascii_alphanumeric() {
        return None;
    }
    let mut rest = length;
    while rest > 0 {
        let available = stream.fill_buf().ok()?.len().min(rest);
        if available == 0 {
            break;
        }
        stream.consume(available);
        rest -= available;
    }
    start.drain(..length);
    Some(separator)
}

/// What separates the texts of a line in the input of word aligners.
pub(super) const BARS: &str = "|||";

/// Reports whether [`BARS`] separate the cells: whether all rows have equally many.
pub(super) fn is_barred(start: &[u8]) -> bool {
    let lines = start.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let bars = |line: &[u8]| line.windows(BARS.len()).filter(|it| it == b"|||").count();
    let mut counts = lines.take(ROWS).map(bars);
    // The last of these lines may be cut off.
    let first = counts.next().unwrap_or_default();
    first > 0 && counts.all(|count| count == first || start.len() == START)
}

/// Finds what separates the cells of comma-separated values: what gives most rows as many cells as
/// the first row, which has at least two.
///
/// Spreadsheet programs write semicolons in countries where the comma is a decimal separator.
pub(super) fn delimiter(start: &[u8]) -> u8 {
    let mut best = (0.0, b',');
    for delimiter in DELIMITERS {
        let share = share_of_equal_rows(start, delimiter);
        if share > best.0 {
            best = (share, delimiter);
        }
    }
    best.1
}

/// Returns the share of rows that have as many cells as the first; 0 if that has only one.
fn share_of_equal_rows(start: &[u8], delimiter: u8) -> f64 {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(start);
    let lengths: Vec<usize> =
        reader.byte_records().map_while(|row| Some(row.ok()?.len())).take(ROWS).collect();
    // The last row may be cut off.
    let rows = if start.len() == START { &lengths[..lengths.len().max(2) - 1] } else { &lengths };
    match rows.first() {
        None | Some(0 | 1) => 0.0,
        Some(first) => {
            rows.iter().filter(|length| *length == first).count() as f64 / rows.len() as f64
        }
    }
}

/// Reports whether cells of a table that is separated by tabs are quoted, as Excel and pandas quote
/// them: whether all quotes are where these programs write them, and some show that they are not
/// part of the text.
///
/// These are doubled quotes inside of quoted cells, quoted tabs and line breaks, quotes around all
/// cells, or around exactly those with commas.
pub(super) fn is_quoted_tsv(start: &[u8]) -> bool {
    let Some(quotes) = Quotes::count(start) else { return false };
    if quotes.quoted == 0 {
        return false;
    }
    if quotes.with_breaks > 0 {
        // A quotation of several lines has quotes at the same places.
        let equal = share_of_equal_rows(start, b'\t');
        return equal >= 1.0 && share_of_equal_lines(start) < 1.0;
    }
    quotes.doubled > 0
        || quotes.unquoted == 0
        || quotes.with_commas == quotes.quoted && quotes.unquoted_with_commas == 0
}

fn share_of_equal_lines(start: &[u8]) -> f64 {
    let lines: Vec<usize> = start
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .take(ROWS)
        .map(|line| line.iter().filter(|byte| **byte == b'\t').count())
        .collect();
    match lines.first() {
        None => 1.0,
        Some(first) => {
            lines.iter().filter(|tabs| *tabs == first).count() as f64 / lines.len() as f64
        }
    }
}

/// What the cells of a table are, if its quotes are those of quoted cells.
#[derive(Debug, Default)]
struct Quotes {
    /// Cells in quotes.
    quoted: usize,
    /// Those of them with doubled quotes, with tabs or line breaks, and with commas.
    doubled: usize,
    with_breaks: usize,
    with_commas: usize,
    /// Cells without quotes that are not empty, and those of them with commas.
    unquoted: usize,
    unquoted_with_commas: usize,
}

impl Quotes {
    /// Counts the cells; `None` if a quote is where no program writes one.
    fn count(start: &[u8]) -> Option<Self> {
        let mut quotes = Self::default();
        let mut rest = start;
        while !rest.is_empty() {
            let after = if let Some(inner) = rest.strip_prefix(b"\"") {
                match quoted_cell(inner)? {
                    None if start.len() < START => return None,
                    None => break,
                    Some(length) => {
                        quotes.add_quoted(&inner[..length]);
                        &inner[length + 1..]
                    }
                }
            } else {
                let end = rest.iter().position(|byte| is_end(*byte)).unwrap_or(rest.len());
                let cell = &rest[..end];
                if cell.contains(&b'"') {
                    return None;
                }
                quotes.unquoted += usize::from(!cell.is_empty());
                quotes.unquoted_with_commas += usize::from(cell.contains(&b','));
                &rest[end..]
            };
            rest = after.get(1..).unwrap_or_default();
        }
        Some(quotes)
    }

    fn add_quoted(&mut self, cell: &[u8]) {
        self.quoted += 1;
        self.doubled += usize::from(cell.contains(&b'"'));
        self.with_breaks += usize::from(cell.iter().any(|byte| is_end(*byte)));
        self.with_commas += usize::from(cell.contains(&b','));
    }
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Returns the length of a cell up to its closing quote: `Some(None)` if it does not end, `None` if
/// something follows the quote.
#[expect(clippy::option_option, reason = "an unfinished cell is neither an end nor a fault")]
fn quoted_cell(inner: &[u8]) -> Option<Option<usize>> {
    let mut at = 0;
    while let Some(next) = inner.get(at..)?.iter().position(|byte| *byte == b'"') {
        at += next;
        match inner.get(at + 1) {
            Some(b'"') => at += 2,
            None => return Some(Some(at)),
            Some(byte) if is_end(*byte) => return Some(Some(at)),
            Some(_) => return None,
        }
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_what_makes_rows_equal() {
        for (text, expected) in [
            ("ar,en\nنعم,Yes\n", b','),
            ("نعم;Yes, sir\nلا;No\n", b';'),
            ("نعم;Yes, sir\n\"لا;\";No\n", b';'),
            ("ar|en\nنعم|Yes, sir\n", b'|'),
            ("ar\ten\nنعم\tYes, sir\n", b'\t'),
            ("ar,en\n\"a;b\",\"c;d\"\n", b','),
            ("one\n", b','),
            ("", b','),
        ] {
            assert_eq!(delimiter(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn the_separator_line_is_not_a_row() {
        for (text, expected) in [
            ("sep=;\r\nar;en\n", Some(b';')),
            ("SEP=,\nar,en\n", Some(b',')),
            ("\"sep=;\"\nar;en\n", Some(b';')),
            ("sep=\t\r\nar\ten\n", Some(b'\t')),
            ("sep=;", Some(b';')),
            ("separator;x\n", None),
            ("sep=ab\n", None),
            ("", None),
        ] {
            let (mut start, mut stream) = peeked(Box::new(text.as_bytes()), START).expect("memory");
            assert_eq!(take_separator_line(&mut stream, &mut start), expected, "{text:?}");
            let mut rest = String::new();
            stream.read_to_string(&mut rest).expect("UTF-8");
            assert_eq!(rest.as_bytes(), start);
            assert_eq!(rest.starts_with("sep"), expected.is_none() && !text.is_empty());
        }
    }

    #[test]
    fn quotes_of_programs_are_told_from_quotes_of_texts() {
        for quoted in [
            "ar\ten\n\"قال \"\"نعم\"\"\"\t\"He said \"\"yes\"\"\"\n",
            "\"ar\"\t\"en\"\r\n\"نعم\"\t\"Yes\"\r\n",
            "ar\ten\nنعم\t\"Yes, sir\"\nلا\tNo\n",
            "ar\ten\nنعم\t\"Yes\nsir\"\nلا\tNo\n",
            "ar\ten\nنعم\t\"Yes\tsir\"\n",
        ] {
            assert!(is_quoted_tsv(quoted.as_bytes()), "{quoted:?}");
        }
        for literal in [
            "ar\ten\nنعم\tYes\n",
            "ar\ten\n\"نعم\"\t\"Yes\"\n",
            "ar\ten\n\"نعم\"\tHe said \"yes\"\n",
            "ar\ten\nنعم\t\"Yes\" and no\n",
            "ar\ten\nنعم\t\"Yes, sir\"\nلا\tNo, sir\n",
            "ar\ten\nنعم\t\"Yes\nلا\tNo\"\n",
            "ar\ten\n\"نعم\nلا\t\"it\"\n",
            "",
        ] {
            assert!(!is_quoted_tsv(literal.as_bytes()), "{literal:?}");
        }
    }
}
