//! Tables: TSV and CSV, with a header that names the columns or without one.

use std::io::BufRead;
use std::sync::Arc;

use super::lines::Lines;
use super::{BitextRow, BitextSchema, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::tsv::unescape_field;

/// Names that a source column goes by, and a target column.
pub(super) const SRC_NAMES: [&str; 6] =
    ["src", "source", "ar", "arabic", "src_text", "source_text"];
pub(super) const TGT_NAMES: [&str; 6] =
    ["tgt", "target", "en", "english", "tgt_text", "target_text"];

/// Columns of nasaq's own tables that are numbers where a format tells numbers from text.
const OWN_NUMBERS: [&str; 4] = ["probability", "score", "bead", "quality"];

/// Which columns hold the texts, where the user says so: by name or by number from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextColumns {
    /// The source's.
    pub src: Option<String>,
    /// The target's.
    pub tgt: Option<String>,
}

enum Cells {
    Tsv(Lines),
    Csv(Box<csv::Reader<Box<dyn BufRead + Send>>>),
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

    pub(super) fn csv(stream: Box<dyn BufRead + Send>, columns: &TextColumns) -> Result<Self> {
        let reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(stream);
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
        if src.max(tgt) >= first.len() {
            let what = format!("{} where source and target want two", count(first.len()));
            return Err(Error::syntax(
                line,
                what,
                "columns are divided by tabs in TSV and by commas in CSV; say --from for another format",
            ));
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
        };
        let escaped = matches!(cells, Cells::Tsv(_))
            && has_header
            && (&*schema.columns[src], &*schema.columns[tgt]) == ("src", "tgt");
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
            return Err(Error::syntax(
                line,
                what,
                "mend the row, or leave such rows out with --skip-bad",
            ));
        }
        let mut row = BitextRow {
            src: String::new(),
            tgt: String::new(),
            fields: Vec::with_capacity(wanted - 2),
            line,
        };
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
                let is_number = self.escaped && OWN_NUMBERS.contains(&&**name);
                let number =
                    is_number.then(|| serde_json::value::RawValue::from_string(cell.clone()));
                let value = match number {
                    Some(Ok(json)) => Value::Json(json),
                    _ => Value::Text(cell),
                };
                row.fields.push((Arc::clone(name), value));
            }
        }
        Ok(Some(row))
    }
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
                        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
                        if line == 1 && cells[0].starts_with('\u{feff}') {
                            cells[0].remove(0);
                        }
                        Ok(Some((line, cells)))
                    }
                    Ok(false) => Ok(None),
                    Err(error) => {
                        let line = error.position().map_or(0, csv::Position::line);
                        Err(match error.into_kind() {
                            csv::ErrorKind::Io(source) => Error::reading(source),
                            kind => {
                                let what = format!("this is not CSV in UTF-8: {kind:?}");
                                Error::syntax(line, what, "save the table as CSV UTF-8")
                            }
                        })
                    }
                }
            }
        }
    }
}
