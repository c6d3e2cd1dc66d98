//! Writes pairs as rows of columns.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::{ArrayRef, BooleanArray, Float32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use crate::bitext::table_columns::TableColumns;
use crate::bitext::writer::{Buffers, RowLayout};
use crate::bitext::{BitextRow, BitextSchema, FLAGS, FieldValue, NUMBERS, SPANS};
use crate::error::{Error, Result};
use crate::format::BitextHeader;

/// The number of pairs in a row group.
const GROUP: usize = 1 << 16;
/// The number of pairs that are converted to columns at a time.
const BATCH: usize = 1 << 12;

/// Writes pairs as rows of columns.
pub(super) struct ParquetLayout {
    writer: Option<ArrowWriter<Vec<u8>>>,
    arrow: SchemaRef,
    columns: TableColumns,
    rows: Vec<ColumnarRow>,
    in_group: usize,
}

/// The texts of a row, and its values by column.
struct ColumnarRow {
    src: String,
    tgt: String,
    values: Vec<Option<FieldValue>>,
}

impl ParquetLayout {
    pub(super) fn new(schema: &BitextSchema, header: &BitextHeader) -> Result<Self> {
        let mut fields = Vec::new();
        for name in &schema.columns {
            let is_text = [&schema.src_name, &schema.tgt_name].contains(&&Some(Arc::clone(name)));
            if is_text {
                fields.push(Field::new(&**name, DataType::Utf8, false));
            } else if SPANS.contains(&&**name) {
                for end in ["start", "end"] {
                    fields.push(Field::new(format!("{name}_{end}"), DataType::Int64, true));
                }
            } else {
                fields.push(Field::new(&**name, data_type(name), true));
            }
        }
        let arrow = Arc::new(Schema::new(fields));
        let mut pairs = vec![
            KeyValue::new("nasaq.version".to_owned(), header.version.clone()),
            KeyValue::new("nasaq.src-lang".to_owned(), header.src_lang.clone()),
            KeyValue::new("nasaq.tgt-lang".to_owned(), header.tgt_lang.clone()),
        ];
        let setting = |(name, value): &(String, String)| {
            KeyValue::new(format!("nasaq.{name}"), value.clone())
        };
        pairs.extend(header.settings.iter().map(setting));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP))
            .set_created_by(format!("nasaq {}", header.version))
            .set_key_value_metadata(Some(pairs))
            .build();
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&arrow), Some(properties))
            .map_err(failed)?;
        let columns = TableColumns::new(schema.clone());
        Ok(Self { writer: Some(writer), arrow, columns, rows: Vec::new(), in_group: 0 })
    }

    /// Writes the rows that were collected.
    fn flush_rows(&mut self, out: &mut Buffers) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let batch = self.batch().map_err(|error| failed(error.into()))?;
        self.in_group += self.rows.len();
        self.rows.clear();
        if let Some(writer) = &mut self.writer {
            writer.write(&batch).map_err(failed)?;
            if self.in_group >= GROUP {
                self.in_group = 0;
                writer.flush().map_err(failed)?;
                // The writer never reads what it has written.
                out.files[0].append(writer.inner_mut());
            }
        }
        Ok(())
    }

    /// Converts the rows to columns.
    fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let rows = &self.rows;
        let mut columns: Vec<ArrayRef> = Vec::new();
        let schema = &self.columns.schema;
        for (index, name) in schema.columns.iter().enumerate() {
            if schema.src_name.as_ref() == Some(name) {
                columns.push(Arc::new(StringArray::from_iter_values(rows.iter().map(|r| &r.src))));
            } else if schema.tgt_name.as_ref() == Some(name) {
                columns.push(Arc::new(StringArray::from_iter_values(rows.iter().map(|r| &r.tgt))));
            } else if SPANS.contains(&&**name) {
                for end in 0..2 {
                    let value = |row: &ColumnarRow| match row.values[index] {
                        Some(FieldValue::Span(span)) => i64::try_from(span[end]).ok(),
                        _ => None,
                    };
                    columns.push(Arc::new(rows.iter().map(value).collect::<Int64Array>()));
                }
            } else {
                let number = |row: &ColumnarRow| row.values[index].as_ref()?.as_number();
                columns.push(match data_type(name) {
                    DataType::Float32 => {
                        let value = |row| number(row).map(|number| number as f32);
                        Arc::new(rows.iter().map(value).collect::<Float32Array>())
                    }
                    DataType::Int64 => {
                        let value = |row| number(row).map(|number| number as i64);
                        Arc::new(rows.iter().map(value).collect::<Int64Array>())
                    }
                    DataType::Boolean => {
                        let value = |row: &ColumnarRow| row.values[index].as_ref()?.as_flag();
                        Arc::new(rows.iter().map(value).collect::<BooleanArray>())
                    }
                    _ => {
                        let value = |row: &ColumnarRow| match row.values[index].as_ref()? {
                            FieldValue::Nothing => None,
                            value => Some(value.to_string()),
                        };
                        Arc::new(rows.iter().map(value).collect::<StringArray>())
                    }
                });
            }
        }
        RecordBatch::try_new(Arc::clone(&self.arrow), columns)
    }
}

impl RowLayout for ParquetLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let values = self.columns.values(row, &mut out.losses);
        let values = values.into_iter().map(Option::<&FieldValue>::cloned).collect();
        self.rows.push(ColumnarRow { src: row.src.clone(), tgt: row.tgt.clone(), values });
        if self.rows.len() == BATCH { self.flush_rows(out) } else { Ok(()) }
    }

    fn end(&mut self, out: &mut Buffers) -> Result<()> {
        self.flush_rows(out)?;
        if let Some(writer) = self.writer.take() {
            out.files[0].append(&mut writer.into_inner().map_err(failed)?);
        }
        Ok(())
    }
}

/// Returns the type of a column by its name.
fn data_type(name: &str) -> DataType {
    match NUMBERS.iter().find(|(number, _)| *number == name) {
        Some((_, true)) => DataType::Int64,
        Some((_, false)) => DataType::Float32,
        None if FLAGS.contains(&name) => DataType::Boolean,
        None => DataType::Utf8,
    }
}

/// Converts an error of the format.
pub(super) fn failed(error: ParquetError) -> Error {
    Error::writing(std::io::Error::other(error))
}
