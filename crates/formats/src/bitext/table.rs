//! Tables with or without a header that names the columns: TSV, which the [IANA
//! describes](https://www.iana.org/assignments/media-types/text/tab-separated-values), and CSV,
//! [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180).
//!
//! **Escapes in TSV.** The registered format has no way to write a tab or a line break in a cell.
//! If the header calls the texts `src` and `tgt`, as nasaq's own tables do, a tab is `\t`, a line
//! feed `\n`, a carriage return `\r`, a backslash `\\` and every other character that some program
//! takes for a line break is like `\u2028`; the reader restores them and leaves every other escape
//! as it is. In all other TSV a backslash is a backslash, in both directions, and a tab or a line
//! break is written as a space. [`TextColumns::escaped`] overrides the header.
//!
//! **Quotes in TSV.** The registered format has none, and none are written. Excel and pandas quote
//! cells as in CSV; a file whose first rows are quoted in this way is read so, which
//! [`TextColumns::quoted`] overrides. Elsewhere a `"` is a `"`.
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

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use nasaq_text::is_arabic_letter;

use super::columns::{self, CellCounts, Evidence, FoundColumns, FoundInTable};
use super::entry::{
    BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry, unrecognisable,
};
use super::note::ReadNote;
use super::table_layout::TableLayout;
use super::table_rows::{NumberedRow, TableRows, unclosed};
#[cfg(feature = "xlsx")]
use super::xlsx_rows::SheetRows;
use super::{
    BitextRow, BitextSchema, COUNTERPART, FieldValue, Loss, MOVED, has_old_counterpart, typed,
};
use crate::bead_writer::full_row;
use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;
use crate::tsv::{unescape_field, wrong_length};

pub(crate) const TSV: FormatEntry = FormatEntry {
    name: "tsv",
    endings: &["tsv", "tab"],
    description: "Columns separated by tabs, with a header",
    recognise: unrecognisable,
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| {
            let rows = TableRows::tsv(files.first, &files.input.columns)?;
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
        let is_separated = line.iter().any(|byte| b",;|".contains(byte));
        Likeness::Possible.when(!line.contains(&b'\t') && is_separated)
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
    /// Whether quotes around the cells of a TSV file are not part of the texts; if `None`, the
    /// beginning of the file shows it.
    pub quoted: Option<bool>,
}

impl TextColumns {
    /// Names the columns of source and target; `None` for one that is found by its name.
    #[must_use]
    pub fn new(src: Option<String>, tgt: Option<String>) -> Self {
        Self { src, tgt, escaped: None, quoted: None }
    }

    /// Sets whether a TSV file has tabs and line breaks as escapes.
    #[must_use]
    pub fn with_escaped(mut self, escaped: impl Into<Option<bool>>) -> Self {
        self.escaped = escaped.into();
        self
    }

    /// Sets whether quotes around the cells of a TSV file are not part of the texts.
    #[must_use]
    pub fn with_quoted(mut self, quoted: impl Into<Option<bool>>) -> Self {
        self.quoted = quoted.into();
        self
    }
}

/// Reads a table.
struct TableReader {
    rows: TableRows,
    /// Rows that were read to find the columns.
    sample: VecDeque<Result<NumberedRow>>,
    schema: BitextSchema,
    src: usize,
    tgt: usize,
    /// Whether the cells are escaped, as in nasaq's own tables.
    escaped: bool,
    notes: Vec<ReadNote>,
}

impl TableReader {
    fn new(mut rows: TableRows, named: &TextColumns) -> Result<Self> {
        let Some((mut line, mut first)) = rows.next()? else { return Err(ErrorKind::Empty.into()) };
        let mut sample = rows.sample(first.len());
        let preamble = preamble(&first, &sample);
        if preamble > 0 {
            (line, first) = sample.drain(..preamble).next_back().expect("a header")?;
        }
        let FoundInTable { columns: found, has_header } =
            text_columns(line, &first, &sample, named)?;
        let FoundColumns { src, tgt, .. } = found;
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
        let mut notes = notes(&first, found, has_header, &rows, named);
        if preamble > 0 {
            notes.insert(0, ReadNote::SkippedRows(preamble));
        }
        if has_header && named.src.is_none() && named.tgt.is_none() {
            let counts = count_sample(first.len(), &sample);
            notes.extend(columns::doubts(&first, [src, tgt], &counts));
        }
        let schema = BitextSchema {
            src_name: Some(Arc::clone(&columns[src])),
            tgt_name: Some(Arc::clone(&columns[tgt])),
            columns,
            has_header,
            has_bom: false,
            parent: None,
        };
        let escaped = is_tsv && named.escaped.unwrap_or_else(|| is_ours(&schema));
        if !has_header {
            sample.push_front(Ok((line, first)));
        }
        Ok(Self { rows, sample, schema, src, tgt, escaped, notes })
    }
}

/// Counts the cells of each column in the rows that have as many cells as the first.
fn count_sample(columns: usize, sample: &VecDeque<Result<NumberedRow>>) -> Vec<CellCounts> {
    let rows = sample.iter().filter_map(|row| row.as_ref().ok()).map(|(_, cells)| &cells[..]);
    columns::count_cells(columns, rows.filter(|row| row.len() == columns))
}

/// Returns the number of rows before the header: a title above the table, blank rows, and names of
/// groups of columns.
///
/// The names of the header certainly call the texts. A row of the preamble has at most one cell that
/// is not blank, or short cells without Arabic, which are no pair of texts.
fn preamble(first: &[String], sample: &VecDeque<Result<NumberedRow>>) -> usize {
    const MAX_PREAMBLE: usize = 20;
    const MAX_NAME_WORDS: usize = 3;
    let is_name = |cell: &String| {
        !cell.contains(is_arabic_letter) && cell.split_whitespace().count() <= MAX_NAME_WORDS
    };
    let is_title = |row: &[String]| {
        row.iter().filter(|cell| !cell.trim().is_empty()).count() <= 1 || row.iter().all(is_name)
    };
    if !is_title(first) || columns::are_names(first) {
        return 0;
    }
    for (index, row) in sample.iter().take(MAX_PREAMBLE).enumerate() {
        match row {
            Ok((_, row)) if columns::are_names(row) => return index + 1,
            Ok((_, row)) if is_title(row) => {}
            _ => break,
        }
    }
    0
}

/// Opens the rows of a spreadsheet as a table.
#[cfg(feature = "xlsx")]
pub(super) fn sheet_reader(
    SheetRows { rows, skipped }: SheetRows,
    named: &TextColumns,
) -> Result<Box<dyn BitextSource>> {
    let mut reader = TableReader::new(TableRows::Sheet(rows.into_iter()), named)?;
    if !skipped.is_empty() {
        reader.notes.push(ReadNote::SkippedSheets(skipped));
    }
    Ok(Box::new(reader))
}

/// Returns what was decided about a table that it does not state.
fn notes(
    first: &[String],
    found: FoundColumns,
    has_header: bool,
    rows: &TableRows,
    named: &TextColumns,
) -> Vec<ReadNote> {
    let mut notes = Vec::new();
    let shown = |index: usize| match has_header {
        true => format!("{} \"{}\"", index + 1, first[index].trim()),
        false => (index + 1).to_string(),
    };
    if found.evidence != Evidence::Plain {
        let by_contents = found.evidence == Evidence::Contents;
        notes.push(ReadNote::Columns { src: shown(found.src), tgt: shown(found.tgt), by_contents });
        if by_contents && has_header {
            notes.push(ReadNote::Header);
        }
    }
    if matches!(rows, TableRows::Csv { is_tsv: true, .. }) && named.quoted.is_none() {
        notes.push(ReadNote::Quotes);
    }
    notes
}

/// Finds the columns of source and target, and whether the first row is a header.
fn text_columns(
    line: u64,
    first: &[String],
    sample: &VecDeque<Result<NumberedRow>>,
    named: &TextColumns,
) -> Result<FoundInTable> {
    if first.len() < 2 {
        let what = format!("{} where source and target need two", counted(first.len()));
        return Err(Error::syntax(line, what, FormatRemedy::CheckSeparator));
    }
    let counts = count_sample(first.len(), sample);
    let unknown = || {
        let what = format!(
            "cannot tell which columns are source and target; the columns are {}",
            columns::listed(first.iter().map(String::as_str))
        );
        Error::syntax(line, what, FormatRemedy::NameColumns)
    };
    if named.src.is_none() && named.tgt.is_none() {
        return columns::in_table(first, &counts).ok_or_else(unknown);
    }
    let auto = columns::in_table(first, &counts);
    let named_column = |named: &Option<String>| -> Result<Option<(usize, bool)>> {
        let Some(name) = named else { return Ok(None) };
        if let Some(index) = first.iter().position(|cell| cell.trim() == name.trim()) {
            return Ok(Some((index, true)));
        }
        let index = name.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match index {
            Some(index) if index < first.len() => Ok(Some((index, false))),
            _ => {
                let what = format!(
                    "there is no column \"{name}\"; the columns are {}",
                    columns::listed(first.iter().map(String::as_str))
                );
                Err(Error::syntax(line, what, "use a name from the header or a number from 1"))
            }
        }
    };
    let (src, tgt) = (named_column(&named.src)?, named_column(&named.tgt)?);
    let by_name = [src, tgt].into_iter().flatten().any(|(_, by_name)| by_name);
    let numbers = [src, tgt].map(|found| found.map(|(index, _)| index));
    let has_header = by_name || columns::is_header_of(first, &counts, numbers, auto);
    let (src, tgt) = match (numbers, auto) {
        ([Some(src), Some(tgt)], _) => (src, tgt),
        // The other text is the one of the two that were found that is not this one.
        ([Some(src), None], Some(auto)) => (src, auto.columns.other(src)),
        ([None, Some(tgt)], Some(auto)) => (auto.columns.other(tgt), tgt),
        _ => return Err(unknown()),
    };
    Ok(FoundInTable { columns: FoundColumns { src, tgt, evidence: Evidence::Plain }, has_header })
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
        let row = match self.sample.pop_front() {
            Some(row) => row.map(Some),
            None => self.rows.next(),
        };
        let Some((line, cells)) = row? else { return Ok(None) };
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
            TableRows::Tsv(_) | TableRows::Barred(_) => true,
            #[cfg(feature = "xlsx")]
            TableRows::Sheet(_) => true,
            // What follows an unclosed quote is in its cell, so nothing is left to read.
            TableRows::Csv { reader, .. } => !self.sample.is_empty() || unclosed(reader).is_none(),
        }
    }

    fn notes(&self) -> Vec<ReadNote> {
        self.notes.clone()
    }
}

/// Reports whether a table is one of nasaq's own, which have types and escapes: whether its header
/// names `src` and `tgt`.
pub(super) fn is_ours(schema: &BitextSchema) -> bool {
    schema.has_header
        && (schema.src_name.as_deref(), schema.tgt_name.as_deref()) == (Some("src"), Some("tgt"))
}

fn counted(columns: usize) -> String {
    if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") }
}
