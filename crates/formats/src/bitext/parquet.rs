//! [Apache Parquet](https://parquet.apache.org/docs/file-format/): columns for Spark, DuckDB,
//! pandas.
//!
//! **Writer.** The columns are those of a table, in its order, except that a span is two columns:
//! `src_segments` is `src_segments_start` and `src_segments_end`. Texts are UTF-8 strings;
//! probability, score and quality are 32-bit floats; `moved` is a boolean; counts and offsets are
//! signed 64-bit integers, because Spark has no unsigned ones; all but source and target may be
//! null. Compressed with Snappy; settings and languages are in the key-value metadata of the file.
//! Row groups have at most 65,536 pairs, so memory does not grow with the file. Loses columns that
//! the first rows do not have, and the types of values in columns that are not nasaq's own, which
//! become strings.
//!
//! **Reader.** Strings, booleans, integers and floats, also inside of groups, as in
//! `translation.ar`; compressed with Snappy, Zstandard, gzip, LZ4, Brotli or not at all. Other columns,
//! such as lists and dates, are skipped and reported. The two columns of a span become one value again.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Fields};

use super::columns::{self, CellCounts, Evidence, FoundColumns};
use super::entry::{BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use super::note::ReadNote;
use super::table::TextColumns;
use super::{
    BitextRow, BitextSchema, COUNTERPART, FieldValue, Loss, MOVED, RawJson, SCHEMA_ROWS, SPANS,
};
use crate::bead_writer::full_row;
use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;

mod groups;
mod layout;

use groups::{BrokenGroup, GroupReader};
use layout::ParquetLayout;

pub(crate) const PARQUET: FormatEntry = FormatEntry {
    name: "parquet",
    endings: &["parquet"],
    description: "Apache Parquet",
    recognise: |start| Likeness::Certain.when(start.starts_with(b"PAR1")),
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::File(|path, input| Ok(Box::new(BatchReader::new(path, &input.columns)?))),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(ParquetLayout::new(&settings.schema, settings.header)?)),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: None,
        needs_times: false,
    }),
    losses: &[Loss::Column(String::new())],
    has_columns: true,
    is_binary: true,
};

/// Reads pairs.
struct BatchReader {
    groups: GroupReader,
    /// Row groups that cannot be read, and whose rows were not reported yet.
    broken: VecDeque<BrokenGroup>,
    /// The columns of the last batch that are read.
    batch: Vec<ArrayRef>,
    rows: usize,
    /// The index of the next row in the batch.
    next: usize,
    line: u64,
    schema: BitextSchema,
    columns: Vec<ParquetColumn>,
    /// Where the values of the columns of the schema come from.
    origins: Vec<ValueOrigin>,
    notes: Vec<ReadNote>,
}

/// A column that is read: its name, in which the names of nested columns are joined by full stops,
/// and its path.
struct ParquetColumn {
    name: String,
    path: Vec<String>,
}

/// The columns of the file that a value comes from, by index.
enum ValueOrigin {
    Src(usize),
    Tgt(usize),
    Field(Arc<str>, usize),
    Span(Arc<str>, [usize; 2]),
}

/// How deep columns may be nested that are read.
const MAX_DEPTH: usize = 4;

/// The columns that are read, and the names of the others with their types.
#[derive(Default)]
struct ReadColumns {
    read: Vec<ParquetColumn>,
    skipped: Vec<String>,
}

impl ReadColumns {
    fn add(&mut self, fields: &Fields, path: &[String]) {
        for field in fields {
            let path = [path, std::slice::from_ref(field.name())].concat();
            let name = path.join(".");
            match field.data_type() {
                DataType::Struct(inner) if path.len() < MAX_DEPTH => self.add(inner, &path),
                kind if is_read(kind) => self.read.push(ParquetColumn { name, path }),
                kind => self.skipped.push(format!("{name} ({})", type_name(kind))),
            }
        }
    }
}

/// Returns the name of a type without its details.
fn type_name(kind: &DataType) -> String {
    let text = kind.to_string();
    text.split(['(', '<', '{']).next().unwrap_or_default().trim().to_owned()
}

impl BatchReader {
    fn new(path: &Path, named: &TextColumns) -> Result<Self> {
        let mut file = File::open(path).map_err(Error::reading)?;
        let mut magic = [0; 4];
        if file.read_exact(&mut magic).is_err() || magic != *b"PAR1" {
            return Err(bad("this is not a Parquet file"));
        }
        // The Arrow types in the metadata may be ones that the file itself does not have.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata =
            ArrowReaderMetadata::load(&file, options).map_err(|error| bad(error.to_string()))?;
        let mut columns = ReadColumns::default();
        columns.add(metadata.schema().fields(), &[]);
        let ReadColumns { read: columns, skipped } = columns;
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let mask = ProjectionMask::columns(metadata.parquet_schema(), names.iter().copied());
        let groups = GroupReader::new(file, metadata, mask);
        let mut batches = Self {
            groups,
            broken: VecDeque::new(),
            batch: Vec::new(),
            rows: 0,
            next: 0,
            line: 0,
            schema: BitextSchema::default(),
            columns,
            origins: Vec::new(),
            notes: Vec::new(),
        };
        while batches.rows == 0 && batches.load()? {}
        let (found, doubts) = batches.text_columns(named, &skipped)?;
        batches.set_origins(found.src, found.tgt);
        if found.evidence != Evidence::Plain {
            let shown = |index: usize| format!("\"{}\"", batches.columns[index].name);
            batches.notes.push(ReadNote::Columns {
                src: shown(found.src),
                tgt: shown(found.tgt),
                by_contents: found.evidence == Evidence::Contents,
            });
        }
        batches.notes.extend(doubts);
        if !skipped.is_empty() {
            batches.notes.push(ReadNote::SkippedColumns(skipped));
        }
        Ok(batches)
    }

    /// Finds the columns of the texts, by the first rows if the names do not tell them.
    fn text_columns(
        &self,
        named: &TextColumns,
        skipped: &[String],
    ) -> Result<(FoundColumns, Vec<ReadNote>)> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let position = |named: &Option<String>| -> Result<Option<usize>> {
            let Some(name) = named else { return Ok(None) };
            let by_number =
                || name.parse::<usize>().ok()?.checked_sub(1).filter(|it| *it < names.len());
            match names.iter().position(|column| column == name).or_else(by_number) {
                Some(index) => Ok(Some(index)),
                None => {
                    let unread = skipped.iter().find(|it| it.starts_with(&format!("{name} (")));
                    Err(bad(match unread {
                        Some(column) => format!("the column {column} is not text or a number"),
                        None => format!(
                            "there is no column \"{name}\"; the columns are {}",
                            columns::listed(names.iter().copied())
                        ),
                    }))
                }
            }
        };
        let (src, tgt) = (position(&named.src)?, position(&named.tgt)?);
        let mut counts = vec![CellCounts::default(); names.len()];
        for (column, counts) in self.batch.iter().zip(&mut counts) {
            for row in 0..self.rows.min(SCHEMA_ROWS) {
                if let Some(value) = value(column, row) {
                    counts.add(&value.to_string());
                }
            }
        }
        let auto = columns::among_named(&names, &counts);
        let pair = match (src, tgt, auto) {
            (Some(src), Some(tgt), _) => Some((src, tgt)),
            (Some(src), None, Some(auto)) => Some((src, auto.other(src))),
            (None, Some(tgt), Some(auto)) => Some((auto.other(tgt), tgt)),
            (None, None, Some(auto)) => {
                let doubts = columns::doubts(&names, [auto.src, auto.tgt], &counts).collect();
                return Ok((auto, doubts));
            }
            _ => None,
        };
        match pair {
            Some((src, tgt)) if src != tgt => {
                Ok((FoundColumns { src, tgt, evidence: Evidence::Plain }, Vec::new()))
            }
            Some(_) => Err(bad("source and target are the same column")),
            None if names.is_empty() => Err(bad(format!(
                "no column is text or a number; the columns are {}",
                skipped.join(", ")
            ))),
            None => Err(bad(format!(
                "cannot tell which columns are source and target; the columns are {}",
                columns::listed(names.iter().copied())
            ))),
        }
    }

    /// Sets where the values of the columns come from, and the schema.
    fn set_origins(&mut self, src: usize, tgt: usize) {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let origin = |index: usize| match index {
            _ if index == src => Some(ValueOrigin::Src(index)),
            _ if index == tgt => Some(ValueOrigin::Tgt(index)),
            _ => {
                let is_span = |name: &&str| SPANS.contains(name) || *name == MOVED;
                let span_name = |end: &str| names[index].strip_suffix(end).filter(is_span);
                if let Some(name) = span_name("_start")
                    && let Some(end) = names.iter().position(|n| *n == format!("{name}_end"))
                {
                    // Earlier versions had the counterpart in the column of the flag.
                    let name = if name == MOVED { COUNTERPART } else { name };
                    return Some(ValueOrigin::Span(name.into(), [index, end]));
                }
                let is_end = span_name("_end")
                    .is_some_and(|name| names.contains(&format!("{name}_start").as_str()));
                (!is_end).then(|| ValueOrigin::Field(names[index].into(), index))
            }
        };
        let origins: Vec<ValueOrigin> = (0..names.len()).filter_map(origin).collect();
        let name = |origin: &ValueOrigin| match origin {
            ValueOrigin::Src(index) | ValueOrigin::Tgt(index) => Arc::from(names[*index]),
            ValueOrigin::Field(name, _) | ValueOrigin::Span(name, _) => Arc::clone(name),
        };
        self.schema = BitextSchema {
            columns: origins.iter().map(name).collect(),
            src_name: Some(names[src].into()),
            tgt_name: Some(names[tgt].into()),
            has_header: true,
            ..BitextSchema::default()
        };
        self.origins = origins;
    }

    /// Reads the next batch; reports whether there is one. The batch of a broken row group is empty.
    fn load(&mut self) -> Result<bool> {
        (self.next, self.rows) = (0, 0);
        self.batch.clear();
        let batch = match self.groups.next() {
            None => return Ok(false),
            Some(Ok(batch)) => batch,
            Some(Err(broken)) => {
                self.broken.push_back(broken);
                return Ok(true);
            }
        };
        self.rows = batch.num_rows();
        for ParquetColumn { name, path } in &self.columns {
            let nested = |array: ArrayRef, part: &String| {
                array.as_struct_opt().and_then(|it| it.column_by_name(part)).cloned()
            };
            let top = batch.column_by_name(&path[0]).cloned();
            let array = path[1..].iter().try_fold(top, |array, part| Some(nested(array?, part)));
            let array =
                array.flatten().ok_or_else(|| bad(format!("the column {name} cannot be read")))?;
            self.batch.push(array);
        }
        Ok(true)
    }
}

impl BitextSource for BatchReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        loop {
            // Broken groups are before the batch: the first ones were skipped to find its columns.
            if let Some(broken) = self.broken.front_mut() {
                self.line += 1;
                let error = broken.next_row().at_line(self.line);
                if broken.rows == 0 {
                    self.broken.pop_front();
                }
                return Err(error);
            }
            if self.next < self.rows {
                break;
            }
            if !self.load()? {
                return Ok(None);
            }
        }
        let (batch, row) = (&self.batch, self.next);
        self.next += 1;
        self.line += 1;
        let (mut src, mut tgt, mut fields) = (String::new(), String::new(), Vec::new());
        let text = |column: usize| value(&batch[column], row).map(|value| value.to_string());
        for origin in &self.origins {
            match origin {
                ValueOrigin::Src(column) => src = text(*column).unwrap_or_default(),
                ValueOrigin::Tgt(column) => tgt = text(*column).unwrap_or_default(),
                ValueOrigin::Field(name, column) => {
                    if let Some(value) = value(&batch[*column], row) {
                        fields.push((Arc::clone(name), value));
                    }
                }
                ValueOrigin::Span(name, [start, end]) => {
                    let number = |column: usize| text(column)?.parse().ok();
                    if let Some((start, end)) = number(*start).zip(number(*end)) {
                        fields.push((Arc::clone(name), FieldValue::Span([start, end])));
                    }
                }
            }
        }
        Ok(Some(BitextRow { src, tgt, fields, line: self.line, ..BitextRow::default() }))
    }

    fn can_resume(&self) -> bool {
        true
    }

    fn schema(&self) -> BitextSchema {
        self.schema.clone()
    }

    fn notes(&self) -> Vec<ReadNote> {
        self.notes.clone()
    }
}

fn bad(what: impl Into<String>) -> Error {
    let remedy = FormatRemedy::Advice(
        "two columns must hold the texts: src and tgt, ar and en, or two that are named",
    );
    ErrorKind::Syntax { what: what.into(), remedy }.into()
}

fn is_read(kind: &DataType) -> bool {
    kind.is_integer()
        || matches!(
            kind,
            DataType::Utf8
                | DataType::LargeUtf8
                | DataType::Utf8View
                | DataType::Boolean
                | DataType::Float32
                | DataType::Float64
        )
}

/// Returns a cell; `None` for null.
fn value(column: &ArrayRef, row: usize) -> Option<FieldValue> {
    if column.is_null(row) {
        return None;
    }
    let json = |text: String| match RawJson::new(text.clone()) {
        Some(json) => FieldValue::Json(json),
        None => FieldValue::Text(text),
    };
    macro_rules! number {
        ($kind:ty) => {
            json(column.as_primitive::<$kind>().value(row).to_string())
        };
    }
    Some(match column.data_type() {
        DataType::LargeUtf8 => FieldValue::Text(column.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => FieldValue::Text(column.as_string_view().value(row).to_owned()),
        DataType::Utf8 => FieldValue::Text(column.as_string::<i32>().value(row).to_owned()),
        DataType::Boolean => json(column.as_boolean().value(row).to_string()),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
