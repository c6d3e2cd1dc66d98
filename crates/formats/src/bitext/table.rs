//! Tables with or without a header that names the columns: TSV, which the [IANA
//! describes](https://www.iana.org/assignments/media-types/text/tab-separated-values), and CSV,
//! [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180).
//!
//! **Escapes in TSV.** The registered format has no way to write a tab or a line break in a cell.
//! If the header calls the texts `src` and `tgt`, as nasaq's own tables do, a tab is `\t`, a line
//! feed `\n`, a carriage return `\r`, a backslash `\\` and every other character that some program
//! takes for a line break is like `\u2028`; the reader restores them and leaves every other escape
//! as it is. In all other TSV a backslash is a backslash, in both directions, and a tab or a line
//! break is written as a space. [`TextColumns::escaped`] overrides the header. Nothing is quoted: a
//! `"` is a `"`.
//!
//! Lines of TSV end in a line feed, which may follow a carriage return; in a file without any line
//! feed they end in a carriage return. The names in a header are distinct.
//!
//! **CSV** quotes the cells that need it. A cell that begins with `=`, `+`, `-` or `@` is written
//! unchanged, although a spreadsheet may take it for a formula: it is counted, and XLSX has no such
//! risk.
//!
//! Loses the types of values except in nasaq's own columns, and columns that the first rows do not
//! have.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{Cursor, Read};
use std::sync::Arc;

use super::csv_quotes::{OpenQuote, QuoteStream};
use super::entry::{
    BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry, unrecognisable,
};
use super::lines::{LineReader, TextStream};
use super::table_columns::TableColumns;
use super::writer::{Buffers, RowLayout};
use super::{
    BitextRow, BitextSchema, COUNTERPART, FieldValue, Loss, Losses, MOVED, has_old_counterpart,
    typed,
};
use crate::bead_writer::full_row;
use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;
use crate::tsv::{cells, escape_field, is_line_break, unescape_field, wrong_length};

pub(crate) const TSV: FormatEntry = FormatEntry {
    name: "tsv",
    endings: &["tsv", "tab"],
    description: "Columns separated by tabs, with a header",
    recognise: unrecognisable,
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| {
            let rows = TableRows::Tsv(LineReader::new(files.first));
            Ok(Box::new(TableReader::new(rows, &files.input.columns)?))
        }),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(TableLayout::tsv(settings.schema))),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: None,
        needs_times: false,
    }),
    losses: &[Loss::LineBreaks, Loss::Tabs, Loss::Column(String::new())],
    has_columns: true,
    is_binary: false,
};

pub(crate) const CSV: FormatEntry = FormatEntry {
    name: "csv",
    endings: &["csv"],
    description: "Columns separated by commas, as spreadsheets open them",
    // A table without a tab does not have two columns in TSV.
    recognise: |start| {
        let line = start.first_line();
        Likeness::Possible.when(!line.contains(&b'\t') && line.contains(&b','))
    },
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| {
            let rows = TableRows::csv(files.first)?;
            Ok(Box::new(TableReader::new(rows, &files.input.columns)?))
        }),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| {
            let bom = settings.options.bom.unwrap_or(settings.schema.has_bom);
            Ok(Box::new(TableLayout::csv(settings.schema, bom)))
        },
        bead_row: full_row,
        metadata_prefix: "",
        single_document: None,
        needs_times: false,
    }),
    losses: &[Loss::Formula, Loss::Column(String::new())],
    has_columns: true,
    is_binary: false,
};

/// The names of a source column, and of a target column.
pub(super) const SRC_NAMES: [&str; 6] =
    ["src", "source", "ar", "arabic", "src_text", "source_text"];
pub(super) const TGT_NAMES: [&str; 6] =
    ["tgt", "target", "en", "english", "tgt_text", "target_text"];

/// Which columns hold the texts, if the caller names them: by name or by number from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextColumns {
    /// The column of the source.
    pub src: Option<String>,
    /// The column of the target.
    pub tgt: Option<String>,
    /// Whether a TSV file has tabs and line breaks as escapes; if `None`, it does if its header
    /// names `src` and `tgt`.
    pub escaped: Option<bool>,
}

impl TextColumns {
    /// Names the columns of source and target; `None` for one that is found by its name.
    #[must_use]
    pub fn new(src: Option<String>, tgt: Option<String>) -> Self {
        Self { src, tgt, escaped: None }
    }

    /// Sets whether a TSV file has tabs and line breaks as escapes.
    #[must_use]
    pub fn with_escaped(mut self, escaped: impl Into<Option<bool>>) -> Self {
        self.escaped = escaped.into();
        self
    }
}

/// The rows of a table, not yet assigned to columns.
enum TableRows {
    Tsv(LineReader),
    Csv(Box<csv::Reader<QuoteStream>>),
}

/// Reads a table.
struct TableReader {
    rows: TableRows,
    schema: BitextSchema,
    src: usize,
    tgt: usize,
    /// Whether the cells are escaped, as in nasaq's own tables.
    escaped: bool,
    /// The first row of a table without a header, with its line.
    first: Option<(u64, Vec<String>)>,
}

impl TableReader {
    fn new(mut rows: TableRows, named: &TextColumns) -> Result<Self> {
        let Some((line, first)) = rows.next()? else { return Err(ErrorKind::Empty.into()) };
        let (src, tgt, has_header) = text_columns(line, &first, named)?;
        if src == tgt {
            let what = "source and target are the same column";
            return Err(Error::syntax(line, what, "name two columns"));
        }
        if src.max(tgt) >= first.len() {
            let what = format!("{} where source and target need two", counted(first.len()));
            return Err(Error::syntax(line, what, FormatRemedy::CheckSeparator));
        }
        let is_tsv = matches!(rows, TableRows::Tsv(_));
        let columns: Vec<Arc<str>> = if has_header {
            header_names(line, &first, is_tsv)?
        } else {
            let name = |index: usize| match index {
                _ if index == src => "src".into(),
                _ if index == tgt => "tgt".into(),
                _ => format!("column{}", index + 1).into(),
            };
            (0..first.len()).map(name).collect()
        };
        let schema = BitextSchema {
            src_name: Some(Arc::clone(&columns[src])),
            tgt_name: Some(Arc::clone(&columns[tgt])),
            columns,
            has_header,
            has_bom: false,
        };
        let escaped = is_tsv && named.escaped.unwrap_or_else(|| is_ours(&schema));
        let first = (!has_header).then_some((line, first));
        Ok(Self { rows, schema, src, tgt, escaped, first })
    }
}

/// Finds the columns of source and target in the first row, and whether that row is a header.
fn text_columns(line: u64, first: &[String], named: &TextColumns) -> Result<(usize, usize, bool)> {
    let lower: Vec<String> = first.iter().map(|cell| cell.trim().to_lowercase()).collect();
    let by_name = |named: &Option<String>, names: &[&str]| -> Option<usize> {
        match named {
            Some(name) => first.iter().position(|cell| cell == name),
            None => names.iter().find_map(|name| lower.iter().position(|cell| cell == name)),
        }
    };
    // A number may point at a header that has one of the usual names.
    let by_number = |named: &Option<String>| {
        let index = named.as_ref()?.parse::<usize>().ok()?.checked_sub(1)?;
        let cell = lower.get(index)?.as_str();
        (SRC_NAMES.contains(&cell) || TGT_NAMES.contains(&cell)).then_some(index)
    };
    let header = match (by_number(&named.src), by_number(&named.tgt)) {
        (Some(src), Some(tgt)) => (Some(src), Some(tgt)),
        _ => (by_name(&named.src, &SRC_NAMES), by_name(&named.tgt, &TGT_NAMES)),
    };
    if let (Some(src), Some(tgt)) = header
        && src != tgt
    {
        return Ok((src, tgt, true));
    }
    let index = |named: &Option<String>, default: usize| match named {
        None => Ok(default),
        Some(name) => {
            name.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).ok_or_else(|| {
                let what = format!("there is no column \"{name}\"");
                Error::syntax(line, what, "use a name from the header or a number from 1")
            })
        }
    };
    Ok((index(&named.src, 0)?, index(&named.tgt, 1)?, false))
}

/// Checks the names in a header, and returns those of the columns.
///
/// Columns without a name, which spreadsheets write after the last one, are named by their position
/// if there are several.
fn header_names(line: u64, header: &[String], is_tsv: bool) -> Result<Vec<Arc<str>>> {
    let names: Vec<&str> = header.iter().map(|name| name.trim()).collect();
    let is_old = has_old_counterpart(&names);
    let unnamed = names.iter().filter(|name| name.is_empty()).count();
    let mut known = HashSet::new();
    let name = |(index, name): (usize, &str)| -> Result<Arc<str>> {
        if let Some(what) = unusable_name(name, is_tsv) {
            return Err(Error::syntax(line, what, "correct the header"));
        }
        let name: Arc<str> = match name {
            MOVED if is_old => COUNTERPART.into(),
            "" if unnamed > 1 => format!("column{}", index + 1).into(),
            name => name.into(),
        };
        if !known.insert(Arc::clone(&name)) {
            let what = format!("the header names the column \"{name}\" twice");
            return Err(Error::syntax(line, what, "give each column its own name"));
        }
        Ok(name)
    };
    names.into_iter().enumerate().map(name).collect()
}

/// Returns what is wrong with the name of a column that cannot be written again.
fn unusable_name(name: &str, is_tsv: bool) -> Option<&'static str> {
    if name.contains('\0') {
        return Some("the name of a column has the character NUL");
    }
    // The file has line feeds, or it would have been split at its carriage returns.
    (is_tsv && name.contains('\r')).then_some("the name of a column has a carriage return")
}

impl BitextSource for TableReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        let Some((line, cells)) =
            self.first.take().map_or_else(|| self.rows.next(), |row| Ok(Some(row)))?
        else {
            return Ok(None);
        };
        let expected = self.schema.columns.len();
        if cells.len() != expected {
            let model = if self.schema.has_header { "header" } else { "first row" };
            return Err(wrong_length(line, cells.len(), expected, model));
        }
        let mut row = BitextRow {
            src: String::new(),
            tgt: String::new(),
            fields: Vec::with_capacity(expected - 2),
            line,
            ..BitextRow::default()
        };
        let is_ours = is_ours(&self.schema);
        for (index, cell) in cells.into_iter().enumerate() {
            let cell = if self.escaped && cell.contains('\\') {
                unescape_field(&cell).into_owned()
            } else {
                cell
            };
            if index == self.src {
                row.src = cell;
            } else if index == self.tgt {
                row.tgt = cell;
            } else {
                let name = &self.schema.columns[index];
                let value = if is_ours { typed(name, cell) } else { Some(FieldValue::Text(cell)) };
                if let Some(value) = value {
                    row.fields.push((Arc::clone(name), value));
                }
            }
        }
        Ok(Some(row))
    }

    fn schema(&self) -> BitextSchema {
        self.schema.clone()
    }

    fn can_resume(&self) -> bool {
        match &self.rows {
            TableRows::Tsv(_) => true,
            // What follows an unclosed quote is in its cell, so nothing is left to read.
            TableRows::Csv(reader) => unclosed(reader).is_none(),
        }
    }
}

/// Reports whether a table is one of nasaq's own, which have types and escapes: whether its header
/// names `src` and `tgt`.
fn is_ours(schema: &BitextSchema) -> bool {
    schema.has_header
        && (schema.src_name.as_deref(), schema.tgt_name.as_deref()) == (Some("src"), Some("tgt"))
}

fn counted(columns: usize) -> String {
    if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") }
}

impl TableRows {
    fn csv(mut stream: TextStream) -> Result<Self> {
        // Spreadsheet programs write semicolons in countries where the comma is a decimal
        // separator.
        let start = stream.fill_buf().map_err(Error::reading)?;
        let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let delimiter = if !line.contains(&b',') && line.contains(&b';') { b';' } else { b',' };
        if start.starts_with(MARK.as_bytes()) {
            // The parser removes a byte order mark, but that of the file was removed: this is text.
            // It takes a read of the mark alone for the whole file.
            let start = [MARK.as_bytes(), start].concat();
            stream.consume(start.len() - MARK.len());
            stream = Box::new(Cursor::new(start).chain(stream));
        }
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(QuoteStream::new(stream, delimiter));
        Ok(Self::Csv(Box::new(reader)))
    }

    /// Returns the cells of the next row and its line.
    fn next(&mut self) -> Result<Option<(u64, Vec<String>)>> {
        match self {
            Self::Tsv(lines) => {
                let row = lines.next()?.map(|line| cells(line).map(str::to_owned).collect());
                Ok(row.map(|row| (lines.number(), row)))
            }
            Self::Csv(reader) => {
                let mut record = csv::StringRecord::new();
                match reader.read_record(&mut record) {
                    Ok(true) => match unclosed(reader) {
                        Some(quote) => Err(Error::syntax(
                            quote.line,
                            "a quote opens here and is never closed",
                            "close it; a quote inside a quoted cell is written twice",
                        )),
                        None => {
                            let line = record.position().map_or(0, csv::Position::line);
                            Ok(Some((line, record.iter().map(str::to_owned).collect())))
                        }
                    },
                    Ok(false) => Ok(None),
                    Err(error) => {
                        let line = error.position().map_or(0, csv::Position::line);
                        Err(match error.into_kind() {
                            csv::ErrorKind::Io(source) => Error::reading(source),
                            csv::ErrorKind::Utf8 { .. } => Error::syntax(
                                line,
                                "this row is not UTF-8",
                                "save the table as CSV UTF-8",
                            ),
                            kind => {
                                let what = format!("this row is not valid CSV: {kind:?}");
                                Error::syntax(line, what, "save the table as CSV UTF-8")
                            }
                        })
                    }
                }
            }
        }
    }
}

/// Returns the quote that the last row opened and did not close.
fn unclosed(reader: &csv::Reader<QuoteStream>) -> Option<OpenQuote> {
    // The stream is read ahead of the rows.
    reader.get_ref().unclosed().filter(|quote| quote.offset < reader.position().byte())
}

/// U+FEFF, which is a byte order mark at the start of a file: a text that begins with it needs a mark
/// in front.
pub(super) const MARK: &str = "\u{feff}";

/// Writes tables.
struct TableLayout {
    columns: TableColumns,
    kind: TableKind,
    /// Whether nothing was written yet.
    is_empty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TableKind {
    Tsv { escaped: bool },
    Csv { bom: bool },
}

impl TableLayout {
    fn tsv(schema: BitextSchema) -> Self {
        let escaped = is_ours(&schema);
        Self {
            columns: TableColumns::new(schema),
            kind: TableKind::Tsv { escaped },
            is_empty: true,
        }
    }

    fn csv(schema: BitextSchema, bom: bool) -> Self {
        Self { columns: TableColumns::new(schema), kind: TableKind::Csv { bom }, is_empty: true }
    }
}

impl RowLayout for TableLayout {
    fn start(&mut self, out: &mut Buffers) -> Result<()> {
        if self.kind == (TableKind::Csv { bom: true }) {
            out.push(MARK);
            self.is_empty = false;
        }
        let schema = &self.columns.schema;
        if schema.has_header {
            self.is_empty = false;
            for (index, name) in schema.columns.iter().enumerate() {
                self.kind.cell(index, name, out);
            }
            self.kind.end_row(out);
        }
        Ok(())
    }

    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let values = self.columns.values(row, &mut out.losses);
        for index in 0..values.len() {
            let text = self.columns.text(index, row, &values);
            if std::mem::take(&mut self.is_empty) && text.starts_with(MARK) {
                out.push(MARK);
            }
            self.kind.cell(index, &text, out);
        }
        self.kind.end_row(out);
        Ok(())
    }
}

impl TableKind {
    fn cell(self, index: usize, text: &str, out: &mut Buffers) {
        match self {
            Self::Tsv { escaped } => {
                if index > 0 {
                    out.push("\t");
                }
                if escaped {
                    out.push(&escape_field(text));
                } else {
                    let text = flat(text, true, &mut out.losses);
                    out.push(&text);
                }
            }
            Self::Csv { .. } => {
                if index > 0 {
                    out.push(",");
                }
                if text.starts_with(['=', '+', '-', '@']) && text.parse::<f64>().is_err() {
                    out.losses.add(Loss::Formula);
                }
                if text.contains(['"', ',', '\n', '\r']) {
                    out.push("\"");
                    out.push(&text.replace('"', "\"\""));
                    out.push("\"");
                } else {
                    out.push(text);
                }
            }
        }
    }

    fn end_row(self, out: &mut Buffers) {
        out.push("\n");
    }
}

/// Replaces each line break, and if `tabs` is set each tab, by a space, and counts the texts that
/// had any.
pub(super) fn flat<'t>(text: &'t str, tabs: bool, losses: &mut Losses) -> Cow<'t, str> {
    let has_breaks = text.contains(is_line_break);
    let has_tabs = tabs && text.contains('\t');
    if !has_breaks && !has_tabs {
        return Cow::Borrowed(text);
    }
    if has_breaks {
        losses.add(Loss::LineBreaks);
    }
    if has_tabs {
        losses.add(Loss::Tabs);
    }
    let space = |c: char| is_line_break(c) || tabs && c == '\t';
    Cow::Owned(text.replace("\r\n", " ").replace(space, " "))
}
