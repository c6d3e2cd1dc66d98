//! [Apache Parquet](https://parquet.apache.org/docs/file-format/): columns for Spark, DuckDB, pandas.
//!
//! The columns are those of TSV, in its order, except that a span is two columns: `src_segments` is
//! `src_segments_start` and `src_segments_end`. Texts are UTF-8 strings, probability and score
//! 32-bit floats, counts and offsets signed 64-bit (Spark knows no unsigned ones). `moved_start` and
//! `moved_end` are null where nothing was moved. A document's metadata are nullable string columns. Compressed with Snappy; settings and languages are in the
//! file's key-value metadata. Row groups are at most 65,536 beads, so memory does not grow with the
//! file.
//!
//! Loses nothing of a bead.

use std::io::Write;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::{ArrayRef, Float32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use crate::error::{Error, Result};
use crate::format::Header;
use crate::metadata::{Metadata, text_of};
use crate::record::BeadRecord;

/// Beads in a row group.
const GROUP: usize = 1 << 16;
/// Beads that are turned into columns at a time.
const BATCH: usize = 1 << 12;

const TEXT: DataType = DataType::Utf8;
const FLOAT: DataType = DataType::Float32;
const COUNT: DataType = DataType::Int64;

/// The columns before the metadata; those from `moved_start` on may be null.
const COLUMNS: [(&str, DataType); 17] = [
    ("src", TEXT),
    ("tgt", TEXT),
    ("probability", FLOAT),
    ("kind", TEXT),
    ("score", FLOAT),
    ("doc", TEXT),
    ("bead", COUNT),
    ("src_segments_start", COUNT),
    ("src_segments_end", COUNT),
    ("tgt_segments_start", COUNT),
    ("tgt_segments_end", COUNT),
    ("src_bytes_start", COUNT),
    ("src_bytes_end", COUNT),
    ("tgt_bytes_start", COUNT),
    ("tgt_bytes_end", COUNT),
    ("moved_start", COUNT),
    ("moved_end", COUNT),
];

/// Writes beads as rows of columns.
#[derive(Debug)]
pub struct ParquetWriter<W> {
    out: W,
    writer: ArrowWriter<Vec<u8>>,
    schema: SchemaRef,
    /// Names of the metadata columns, and the current document's values.
    names: Vec<String>,
    metadata: Vec<Option<String>>,
    rows: Vec<(BeadRecord, Vec<Option<String>>)>,
    in_group: usize,
}

impl<W: Write> ParquetWriter<W> {
    /// Starts a file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn new(out: W, header: &Header) -> Result<Self> {
        let columns = COLUMNS
            .iter()
            .map(|(name, kind)| Field::new(*name, kind.clone(), name.starts_with("moved")));
        let metadata = header.metadata.iter().map(|name| Field::new(name, TEXT, true));
        let schema = Arc::new(Schema::new(columns.chain(metadata).collect::<Vec<_>>()));
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
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties))
            .map_err(failed)?;
        Ok(Self {
            out,
            writer,
            schema,
            names: header.metadata.clone(),
            metadata: vec![None; header.metadata.len()],
            rows: Vec::new(),
            in_group: 0,
        })
    }

    /// Takes the metadata of the document that the next beads belong to.
    pub(crate) fn document(&mut self, metadata: &Metadata) {
        self.metadata = self.names.iter().map(|name| text_of(metadata.get(name))).collect();
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn write(&mut self, record: &BeadRecord) -> Result<()> {
        self.rows.push((record.clone(), self.metadata.clone()));
        if self.rows.len() == BATCH { self.flush_rows() } else { Ok(()) }
    }

    /// Ends the file and gives the output back.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn finish(mut self) -> Result<W> {
        self.flush_rows()?;
        let rest = self.writer.into_inner().map_err(failed)?;
        self.out.write_all(&rest).map_err(Error::writing)?;
        Ok(self.out)
    }

    fn flush_rows(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let count = self.rows.len();
        let batch = self.batch().map_err(|error| failed(error.into()))?;
        self.writer.write(&batch).map_err(failed)?;
        self.rows.clear();
        self.in_group += count;
        if self.in_group >= GROUP {
            self.in_group = 0;
            self.writer.flush().map_err(failed)?;
            // What has been written is never looked at again.
            let written = std::mem::take(self.writer.inner_mut());
            self.out.write_all(&written).map_err(Error::writing)?;
        }
        Ok(())
    }

    fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let rows = || self.rows.iter().map(|(record, _)| record);
        let texts = |of: fn(&BeadRecord) -> &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows().map(of)))
        };
        let floats = |of: fn(&BeadRecord) -> f32| -> ArrayRef {
            Arc::new(Float32Array::from_iter_values(rows().map(of)))
        };
        let counts = |of: fn(&BeadRecord) -> usize| -> ArrayRef {
            let signed = |count| i64::try_from(count).unwrap_or(i64::MAX);
            Arc::new(Int64Array::from_iter_values(rows().map(of).map(signed)))
        };
        let moved = |end: usize| -> ArrayRef {
            let value = |row: &BeadRecord| row.moved.map(|span| i64::from(span[end]));
            Arc::new(rows().map(value).collect::<Int64Array>())
        };
        let mut columns = vec![
            texts(|row| &row.src),
            texts(|row| &row.tgt),
            floats(|row| row.probability),
            Arc::new(StringArray::from_iter_values(rows().map(|row| row.kind.to_string()))),
            floats(|row| row.score),
            texts(|row| &row.doc),
            counts(|row| row.bead),
            counts(|row| row.src_segments[0] as usize),
            counts(|row| row.src_segments[1] as usize),
            counts(|row| row.tgt_segments[0] as usize),
            counts(|row| row.tgt_segments[1] as usize),
            counts(|row| row.src_bytes[0]),
            counts(|row| row.src_bytes[1]),
            counts(|row| row.tgt_bytes[0]),
            counts(|row| row.tgt_bytes[1]),
            moved(0),
            moved(1),
        ];
        for at in 0..self.names.len() {
            let values: StringArray =
                self.rows.iter().map(|(_, values)| values[at].as_deref()).collect();
            columns.push(Arc::new(values));
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

fn failed(error: ParquetError) -> Error {
    Error::writing(std::io::Error::other(error))
}

#[cfg(test)]
mod tests {
    use ::parquet::arrow::arrow_reader::ParquetRecordBatchReader;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float32Type, Int64Type};
    use proptest::prelude::*;

    use super::*;
    use crate::record::parse_kind;
    use crate::record::strategies::record;

    fn read(bytes: &[u8]) -> Vec<(BeadRecord, Option<String>)> {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("space on the disk");
        let reader = ParquetRecordBatchReader::try_new(file, 100);
        let mut found = Vec::new();
        for batch in reader.expect("a file") {
            let batch = batch.expect("rows");
            for row in 0..batch.num_rows() {
                let column = |name: &str| batch.column_by_name(name).expect("a column");
                let text = |name| column(name).as_string::<i32>().value(row).to_owned();
                let float = |name| column(name).as_primitive::<Float32Type>().value(row);
                let count =
                    |name: &str| column(name).as_primitive::<Int64Type>().value(row) as usize;
                let span = |name| [count(&format!("{name}_start")), count(&format!("{name}_end"))];
                let genre = column("genre").as_string::<i32>();
                let record = BeadRecord {
                    doc: text("doc"),
                    bead: count("bead"),
                    kind: parse_kind(&text("kind")).expect("a kind"),
                    src: text("src"),
                    tgt: text("tgt"),
                    src_segments: span("src_segments").map(|at| at as u32),
                    tgt_segments: span("tgt_segments").map(|at| at as u32),
                    src_bytes: span("src_bytes"),
                    tgt_bytes: span("tgt_bytes"),
                    probability: float("probability"),
                    score: float("score"),
                    moved: column("moved_start")
                        .is_valid(row)
                        .then(|| span("moved").map(|at| at as u32)),
                    src_place: None,
                    tgt_place: None,
                };
                let genre = genre.is_valid(row).then(|| genre.value(row).to_owned());
                found.push((record, genre));
            }
        }
        found
    }

    fn header() -> Header {
        Header { metadata: vec!["genre".to_owned()], ..Header::default() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn reading_gives_back_what_was_written(beads in prop::collection::vec(record(), 0..6)) {
            let mut writer = ParquetWriter::new(Vec::new(), &header()).expect("memory");
            for bead in &beads {
                writer.write(bead).expect("memory");
            }
            let found = read(&writer.finish().expect("memory"));
            let expected: Vec<_> = beads.into_iter().map(|bead| (bead, None)).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn files_of_several_row_groups_are_whole() {
        let bead = BeadRecord {
            doc: "a".to_owned(),
            bead: 0,
            kind: nasaq::BeadKind { src: 1, tgt: 1 },
            src: "نص".to_owned(),
            tgt: "text".to_owned(),
            src_segments: [0, 1],
            tgt_segments: [0, 1],
            src_bytes: [0, 4],
            tgt_bytes: [0, 4],
            probability: 0.5,
            score: 1.0,
            moved: None,
            src_place: None,
            tgt_place: None,
        };
        let mut writer = ParquetWriter::new(Vec::new(), &header()).expect("memory");
        let count = 2 * GROUP + 5;
        for number in 0..count {
            if number == GROUP + 1 {
                let mut metadata = Metadata::new();
                metadata.insert("genre".to_owned(), "law".into());
                writer.document(&metadata);
            }
            writer.write(&BeadRecord { bead: number, ..bead.clone() }).expect("memory");
        }
        let found = read(&writer.finish().expect("memory"));
        assert_eq!(found.len(), count);
        assert!(found.iter().enumerate().all(|(number, (bead, _))| bead.bead == number));
        assert_eq!(found[GROUP].1, None);
        assert_eq!(found[GROUP + 1].1.as_deref(), Some("law"));
    }
}
