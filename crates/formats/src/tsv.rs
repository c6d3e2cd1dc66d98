//! The rows of TSV, its escapes, and the reader of a table of beads with the columns `src tgt
//! probability kind score doc bead src_segments tgt_segments src_bytes tgt_bytes moved counterpart
//! document_score log_odds`.
//!
//! `bitext/table.rs` documents how tables are written and what they lose. Spans are `start:end`,
//! half-open. The reader finds the columns by the names in the header: they may be in any order,
//! unknown ones are skipped, and only `src` and `tgt` are required. `src_place` and `tgt_place`
//! ([`DocumentPlace`]), if the documents have blocks, and the metadata of a document have one
//! column each after these.

use std::borrow::Cow;
use std::str::FromStr;

use nasaq::BeadKind;

use crate::document::DocumentPlace;
use crate::error::{Error, ErrorKind, Result};
use crate::record::{BeadRecord, Composition, WrittenMove};
use crate::remedy::FormatRemedy;

/// The columns, in the order that they are written.
pub const TSV_COLUMNS: [&str; 15] = [
    "src",
    "tgt",
    "probability",
    "kind",
    "score",
    "doc",
    "bead",
    "src_segments",
    "tgt_segments",
    "src_bytes",
    "tgt_bytes",
    "moved",
    "counterpart",
    "document_score",
    "log_odds",
];

/// Returns the lines of a table without their ends, numbered from 1. They end in line feeds, with or
/// without carriage returns; without any line feed they end in carriage returns.
pub(crate) fn numbered_lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let has_only_carriage_returns =
        !text.contains('\n') && text.trim_end_matches('\r').contains('\r');
    let lines = text.split_terminator(if has_only_carriage_returns { '\r' } else { '\n' });
    (1..).zip(lines.map(|line| line.strip_suffix('\r').unwrap_or(line)))
}

/// Returns the cells of a row, as they are written.
pub(crate) fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.split('\t')
}

/// Returns the error for a row with more or fewer cells than the `model`, such as the header.
pub(crate) fn wrong_length(line: u64, found: usize, expected: usize, model: &str) -> Error {
    let s = if found == 1 { "" } else { "s" };
    let what = format!("{found} column{s} where the {model} has {expected}");
    Error::syntax(line, what, FormatRemedy::SkipBadRows)
}

/// Reads a table of beads with a header.
///
/// A missing column counts as 0 or as an empty name; a missing `kind` as one segment on each side
/// that has text.
///
/// # Errors
/// [`ErrorKind::Column`] if `src` or `tgt` is missing, and [`ErrorKind::Syntax`] with the line for
/// a row of another length or a field that is not of its type.
pub fn read_tsv(text: &str) -> Result<Vec<BeadRecord>> {
    let mut lines = numbered_lines(text);
    let header: Vec<&str> = cells(lines.next().map_or("", |(_, line)| line)).collect();
    for name in ["src", "tgt"] {
        if !header.contains(&name) {
            return Err(Error::from(ErrorKind::Column(name)).at_line(1));
        }
    }
    lines.map(|(number, line)| BeadRow::new(&header, line, number)?.record()).collect()
}

/// A row of a table of beads.
struct BeadRow<'t> {
    header: &'t [&'t str],
    fields: Vec<&'t str>,
    line: u64,
}

impl<'t> BeadRow<'t> {
    fn new(header: &'t [&'t str], line: &'t str, number: u64) -> Result<Self> {
        let fields: Vec<&str> = cells(line).collect();
        if fields.len() != header.len() {
            return Err(wrong_length(number, fields.len(), header.len(), "header"));
        }
        Ok(Self { header, fields, line: number })
    }

    fn get(&self, name: &str) -> Option<&'t str> {
        self.header.iter().position(|column| *column == name).map(|index| self.fields[index])
    }

    fn text(&self, name: &str) -> String {
        self.get(name).map(unescape_field).unwrap_or_default().into_owned()
    }

    fn number<T: FromStr + Default>(&self, name: &str) -> Result<T> {
        match self.get(name) {
            None => Ok(T::default()),
            Some(field) => field.parse().map_err(|_| self.error(name, "a number")),
        }
    }

    fn optional_number(&self, name: &str) -> Result<Option<f32>> {
        match self.get(name) {
            None | Some("") => Ok(None),
            Some(_) => self.number(name).map(Some),
        }
    }

    fn span<T: FromStr + Default + Copy>(&self, name: &str) -> Result<[T; 2]> {
        let Some(field) = self.get(name) else { return Ok([T::default(); 2]) };
        let ends = field
            .split_once(':')
            .and_then(|(start, end)| Some([start.parse().ok()?, end.parse().ok()?]));
        ends.ok_or_else(|| self.error(name, "start:end"))
    }

    fn error(&self, name: &str, expected: &'static str) -> Error {
        let what = format!("the column {name} is not {expected}");
        Error::syntax(self.line, what, FormatRemedy::UseBeadColumns)
    }

    fn record(&self) -> Result<BeadRecord> {
        let (src, tgt) = (self.text("src"), self.text("tgt"));
        let kind = match self.get("kind") {
            None => {
                BeadKind { src: usize::from(!src.is_empty()), tgt: usize::from(!tgt.is_empty()) }
            }
            Some(field) => field.parse().map_err(|_| self.error("kind", "like 1-2"))?,
        };
        let (moved, counterpart) = self.moved()?.split(match self.get("counterpart") {
            None | Some("") => None,
            Some(_) => Some(self.span("counterpart")?),
        });
        Ok(BeadRecord {
            doc: self.text("doc"),
            bead: self.number("bead")?,
            kind,
            src,
            tgt,
            src_segments: self.span("src_segments")?,
            tgt_segments: self.span("tgt_segments")?,
            src_bytes: self.span("src_bytes")?,
            tgt_bytes: self.span("tgt_bytes")?,
            probability: self.number("probability")?,
            score: self.optional_number("score")?,
            document_score: self.optional_number("document_score")?,
            log_odds: self.optional_number("log_odds")?,
            moved,
            counterpart,
            src_place: self.place("src_place")?,
            tgt_place: self.place("tgt_place")?,
            reviewed: match self.get("reviewed") {
                None | Some("") => None,
                Some(word) => {
                    Some(word.parse().map_err(|_| self.error("reviewed", "confirmed or changed"))?)
                }
            },
            reviewer: Some(self.text("reviewer")).filter(|text| !text.is_empty()),
            note: Some(self.text("note")).filter(|text| !text.is_empty()),
            words: Some(self.text("words")).filter(|text| !text.is_empty()),
            composition: Composition::Unknown,
        })
    }

    fn moved(&self) -> Result<WrittenMove> {
        Ok(match self.get("moved") {
            None | Some("" | "false") => WrittenMove::Flag(false),
            Some("true") => WrittenMove::Flag(true),
            Some(span) if span.contains(':') => WrittenMove::Counterpart(self.span("moved")?),
            Some(_) => return Err(self.error("moved", "true or empty")),
        })
    }

    fn place(&self, name: &str) -> Result<Option<DocumentPlace>> {
        match self.get(name).map(unescape_field).as_deref() {
            None | Some("") => Ok(None),
            Some(text) => {
                let place = text.parse().map_err(|_| self.error(name, "like paragraph 3:4"))?;
                Ok(Some(place))
            }
        }
    }
}

/// Reports whether some program takes a character for the end of a line: awk and most others the
/// line feed, old ones the carriage return, Python also those of Unicode and the separators of ASCII.
pub(crate) fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Escapes the tabs, line ends and backslashes of a field, as `\t`, `\n`, `\r` and `\\`. Any other
/// character that some program takes for the end of a line is escaped by its number, as `\u2028`.
#[must_use]
pub fn escape_field(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| matches!(c, '\t' | '\\') || is_line_break(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            _ if is_line_break(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Restores what [`escape_field`] escaped; any other escape stays as it is.
#[must_use]
pub fn unescape_field(field: &str) -> Cow<'_, str> {
    if !field.contains('\\') {
        return Cow::Borrowed(field);
    }
    let mut out = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some(code @ ('t' | 'n' | 'r' | '\\'))) => {
                chars.next();
                out.push(match code {
                    't' => '\t',
                    'n' => '\n',
                    'r' => '\r',
                    _ => '\\',
                });
            }
            ('\\', Some('u')) => match numbered_line_break(chars.as_str()) {
                Some((found, rest)) => {
                    out.push(found);
                    chars = rest.chars();
                }
                None => out.push(c),
            },
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Parses the part of an escape such as `\u2028` after its backslash, and returns the text after it.
fn numbered_line_break(text: &str) -> Option<(char, &str)> {
    let (digits, rest) = text.strip_prefix('u')?.split_at_checked(4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?)?;
    is_line_break(found).then_some((found, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_and_line_breaks_do_not_split_a_row() {
        assert_eq!(escape_field("a\tb\r\nc\\t"), "a\\tb\\r\\nc\\\\t");
        assert_eq!(unescape_field("a\\tb\\r\\nc\\\\t"), "a\tb\r\nc\\t");
        assert_eq!(escape_field("a\u{2028}\u{85}\u{b}\\u2028"), "a\\u2028\\u0085\\u000b\\\\u2028");
        assert_eq!(unescape_field("a\\u2028\\u0085\\\\u2028"), "a\u{2028}\u{85}\\u2028");
        for text in ["\\u0041", "\\u202", "\\u+028", "\\u20س", "\\user"] {
            assert_eq!(unescape_field(text), text, "only line breaks have numbers");
        }
        assert_eq!(unescape_field("C:\\Users\\"), "C:\\Users\\", "unknown escapes stay");
    }

    #[test]
    fn columns_are_found_by_name() {
        let found = read_tsv("note\ttgt\tsrc\r\nx\tT\tS\r\n\t\tS2\n").expect("a table");
        assert_eq!((found[0].src.as_str(), found[0].tgt.as_str()), ("S", "T"));
        assert_eq!(found[1].kind.to_string(), "1-0");
    }

    #[test]
    fn a_span_in_moved_is_the_counterpart_as_earlier_versions_wrote_it() {
        let text = "src\ttgt\tmoved\tcounterpart\na\tb\ttrue\t\nc\t\t\t4:6\n";
        let found = read_tsv(text).expect("a table");
        assert_eq!((found[0].moved, found[0].counterpart), (true, None));
        assert_eq!((found[1].moved, found[1].counterpart), (false, Some([4, 6])));
        let found = read_tsv("src\ttgt\tmoved\na\t\t4:6\nb\tc\t\n").expect("a table");
        assert_eq!((found[0].moved, found[0].counterpart), (false, Some([4, 6])));
        assert_eq!((found[1].moved, found[1].counterpart), (false, None));
    }

    #[test]
    fn errors_name_the_line() {
        for (text, message) in [
            ("", "line 1: the header has no column \"src\""),
            ("src\tx\n", "line 1: the header has no column \"tgt\""),
            ("src\ttgt\na\tb\nc\n", "line 3: 1 column where the header has 2"),
            ("src\ttgt\tbead\na\tb\tx\n", "line 2: the column bead is not a number"),
            ("src\ttgt\tsrc_bytes\na\tb\t1-2\n", "line 2: the column src_bytes is not start:end"),
            ("src\ttgt\tmoved\na\tb\tyes\n", "line 2: the column moved is not true or empty"),
        ] {
            assert_eq!(read_tsv(text).expect_err("no table").to_string(), message);
        }
    }
}
