//! Tables, with a header that names the columns or without one: TSV, which the
//! [IANA describes](https://www.iana.org/assignments/media-types/text/tab-separated-values), and CSV,
//! [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180).
//!
//! **Escapes of TSV.** The registered format has no place for a tab or a line break inside a cell.
//! Where the header calls the texts `src` and `tgt`, as nasaq's own tables do, a tab is `\t`, a line
//! feed `\n`, a carriage return `\r` and a backslash `\\`; the reader restores them and takes any
//! other escape as it stands. In every other TSV a backslash is a backslash, in both directions, and
//! a tab or a line break becomes a space. [`TextColumns::escaped`] overrules the header. Nothing is
//! quoted: a `"` is a `"`.
//!
//! **CSV** quotes cells that need it. A cell that begins with `=`, `+`, `-` or `@` is written as it
//! is, though a spreadsheet may take it for a formula: it is counted, and XLSX has no such danger.
//!
//! Loses the types of values, but for those that nasaq's own columns have, and columns that the first
//! rows do not have.

use std::borrow::Cow;
use std::sync::Arc;

use super::beside::Columns;
use super::lines::{Lines, Stream};
use super::writer::{Buffers, Layout};
use super::{BitextRow, BitextSchema, FieldValue, Loss, typed};
use crate::error::{Error, ErrorKind, Result};
use crate::remedy::Remedy;
use crate::tsv::{escape_field, unescape_field};

/// Names that a source column goes by, and a target column.
pub(super) const SRC_NAMES: [&str; 6] =
    ["src", "source", "ar", "arabic", "src_text", "source_text"];
pub(super) const TGT_NAMES: [&str; 6] =
    ["tgt", "target", "en", "english", "tgt_text", "target_text"];

/// Which columns hold the texts, where the user says so: by name or by number from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextColumns {
    /// The source's.
    pub src: Option<String>,
    /// The target's.
    pub tgt: Option<String>,
    /// TSV has tabs and line breaks as escapes; not told: where its header says `src` and `tgt`.
    pub escaped: Option<bool>,
}

enum Cells {
    Tsv(Lines),
    Csv(Box<csv::Reader<Stream>>),
}

/// Reads a table.
pub(super) struct Table {
    cells: Cells,
    pub(super) schema: BitextSchema,
    src: usize,
    tgt: usize,
    /// nasaq's own tables escape tabs and line breaks; others have their cells as they are.
    escaped: bool,
    /// The first row of a table without a header.
    first: Option<(u64, Vec<String>)>,
}

impl Table {
    pub(super) fn new(lines: Lines, columns: &TextColumns) -> Result<Self> {
        Self::start(Cells::Tsv(lines), columns)
    }

    pub(super) fn csv(mut stream: Stream, columns: &TextColumns) -> Result<Self> {
        // Spreadsheet programs write semicolons where the comma is for decimals.
        let start = stream.fill_buf().map_err(Error::reading)?;
        let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let delimiter = if !line.contains(&b',') && line.contains(&b';') { b';' } else { b',' };
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(stream);
        Self::start(Cells::Csv(Box::new(reader)), columns)
    }

    fn start(mut cells: Cells, wanted: &TextColumns) -> Result<Self> {
        let Some((line, first)) = cells.next()? else { return Err(ErrorKind::Empty.into()) };
        let lower: Vec<String> = first.iter().map(|cell| cell.trim().to_lowercase()).collect();
        let named = |wanted: &Option<String>, names: &[&str]| -> Option<usize> {
            match wanted {
                Some(name) => first.iter().position(|cell| cell == name),
                None => names.iter().find_map(|name| lower.iter().position(|cell| cell == name)),
            }
        };
        let header = (named(&wanted.src, &SRC_NAMES), named(&wanted.tgt, &TGT_NAMES));
        // Columns given by number under a header that has the usual names.
        let is_name = |wanted: &Option<String>| {
            let at = wanted.as_ref()?.parse::<usize>().ok()?.checked_sub(1)?;
            let cell = lower.get(at)?.as_str();
            (SRC_NAMES.contains(&cell) || TGT_NAMES.contains(&cell)).then_some(at)
        };
        let header = match (is_name(&wanted.src), is_name(&wanted.tgt)) {
            (Some(src), Some(tgt)) => (Some(src), Some(tgt)),
            _ => header,
        };
        let (src, tgt, has_header) = match header {
            (Some(src), Some(tgt)) if src != tgt => (src, tgt, true),
            _ => {
                let number = |wanted: &Option<String>, default: usize| match wanted {
                    None => Ok(default),
                    Some(name) => {
                        name.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).ok_or_else(|| {
                            let what = format!("there is no column \"{name}\"");
                            Error::syntax(
                                line,
                                what,
                                "give a name of the header or a number from 1",
                            )
                        })
                    }
                };
                (number(&wanted.src, 0)?, number(&wanted.tgt, 1)?, false)
            }
        };
        if src == tgt {
            let what = "source and target are the same column";
            return Err(Error::syntax(line, what, "give two columns"));
        }
        if src.max(tgt) >= first.len() {
            let what = format!("{} where source and target want two", count(first.len()));
            return Err(Error::syntax(line, what, Remedy::CheckSeparator));
        }
        let columns: Vec<Arc<str>> = if has_header {
            first.iter().map(|name| Arc::from(name.trim())).collect()
        } else {
            let name = |at: usize| match at {
                _ if at == src => "src".into(),
                _ if at == tgt => "tgt".into(),
                _ => format!("column{}", at + 1).into(),
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
        let is_tsv = matches!(cells, Cells::Tsv(_));
        let escaped = is_tsv && wanted.escaped.unwrap_or_else(|| is_ours(&schema));
        let first = (!has_header).then_some((line, first));
        Ok(Self { cells, schema, src, tgt, escaped, first })
    }

    pub(super) fn is_csv(&self) -> bool {
        matches!(self.cells, Cells::Csv(_))
    }

    pub(super) fn next(&mut self) -> Result<Option<BitextRow>> {
        let Some((line, cells)) =
            self.first.take().map_or_else(|| self.cells.next(), |row| Ok(Some(row)))?
        else {
            return Ok(None);
        };
        let wanted = self.schema.columns.len();
        if cells.len() != wanted {
            let than = if self.schema.has_header { "header" } else { "first row" };
            let what = format!("{} where the {than} has {wanted}", count(cells.len()));
            return Err(Error::syntax(line, what, Remedy::SkipBadRows));
        }
        let mut row = BitextRow {
            src: String::new(),
            tgt: String::new(),
            fields: Vec::with_capacity(wanted - 2),
            line,
        };
        let is_ours = is_ours(&self.schema);
        for (at, cell) in cells.into_iter().enumerate() {
            let cell = if self.escaped && cell.contains('\\') {
                unescape_field(&cell).into_owned()
            } else {
                cell
            };
            if at == self.src {
                row.src = cell;
            } else if at == self.tgt {
                row.tgt = cell;
            } else {
                let name = &self.schema.columns[at];
                let value = if is_ours { typed(name, cell) } else { Some(FieldValue::Text(cell)) };
                if let Some(value) = value {
                    row.fields.push((Arc::clone(name), value));
                }
            }
        }
        Ok(Some(row))
    }
}

/// Tells whether a table is one of nasaq's own, which have types and escapes: it goes by these names.
fn is_ours(schema: &BitextSchema) -> bool {
    schema.has_header
        && (schema.src_name.as_deref(), schema.tgt_name.as_deref()) == (Some("src"), Some("tgt"))
}

fn count(columns: usize) -> String {
    if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") }
}

impl Cells {
    fn next(&mut self) -> Result<Option<(u64, Vec<String>)>> {
        match self {
            Self::Tsv(lines) => {
                let cells = lines.next()?.map(|line| line.split('\t').map(str::to_owned).collect());
                Ok(cells.map(|cells| (lines.number(), cells)))
            }
            Self::Csv(reader) => {
                let mut record = csv::StringRecord::new();
                match reader.read_record(&mut record) {
                    Ok(true) => {
                        let line = record.position().map_or(0, csv::Position::line);
                        Ok(Some((line, record.iter().map(str::to_owned).collect())))
                    }
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
                                let what = format!("this is no CSV: {kind:?}");
                                Error::syntax(line, what, "save the table as CSV UTF-8")
                            }
                        })
                    }
                }
            }
        }
    }
}

/// Writes tables.
pub(super) struct TableLayout {
    columns: Columns,
    kind: TableKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TableKind {
    Tsv { escaped: bool },
    Csv { bom: bool },
}

impl TableLayout {
    pub(super) fn tsv(schema: BitextSchema) -> Self {
        let escaped = is_ours(&schema);
        Self { columns: Columns::new(schema), kind: TableKind::Tsv { escaped } }
    }

    pub(super) fn csv(schema: BitextSchema, bom: bool) -> Self {
        Self { columns: Columns::new(schema), kind: TableKind::Csv { bom } }
    }
}

impl Layout for TableLayout {
    fn start(&mut self, out: &mut Buffers) -> Result<()> {
        if self.kind == (TableKind::Csv { bom: true }) {
            out.push("\u{feff}");
        }
        let schema = &self.columns.schema;
        if schema.has_header {
            for (at, name) in schema.columns.iter().enumerate() {
                self.kind.cell(at, name, out);
            }
            self.kind.end_row(out);
        }
        Ok(())
    }

    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let values = self.columns.values(row, &mut out.losses);
        for at in 0..values.len() {
            self.kind.cell(at, &self.columns.text(at, row, &values), out);
        }
        self.kind.end_row(out);
        Ok(())
    }
}

impl TableKind {
    fn cell(self, at: usize, text: &str, out: &mut Buffers) {
        match self {
            Self::Tsv { escaped } => {
                if at > 0 {
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
                if at > 0 {
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

/// Makes a space of each line break, and of each tab where that is wanted, and counts texts that had
/// any.
pub(super) fn flat<'t>(text: &'t str, tabs: bool, losses: &mut super::Losses) -> Cow<'t, str> {
    let has_breaks = text.contains(['\n', '\r']);
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
    let space = |c: char| matches!(c, '\n' | '\r') || tabs && c == '\t';
    Cow::Owned(text.replace("\r\n", " ").replace(space, " "))
}
