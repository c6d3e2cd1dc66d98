//! Reads the row groups of a file one by one, so that a broken one does not end the reading.

use std::fs::File;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use arrow_array::RecordBatch;

use crate::error::{Error, ErrorKind};
use crate::remedy::FormatRemedy;

/// How many rows are converted at a time.
const BATCH: usize = 1 << 12;
/// How many rows of a broken group are reported at most: a damaged file may claim any number.
const MAX_REPORTED: u64 = 1 << 24;

/// A row group that cannot be read, or whose rest cannot.
#[derive(Debug)]
pub(super) struct BrokenGroup {
    what: String,
    /// How many of its rows were not reported yet.
    pub(super) rows: u64,
}

impl BrokenGroup {
    /// Returns the error of its next row.
    pub(super) fn next_row(&mut self) -> Error {
        self.rows = self.rows.saturating_sub(1);
        let remedy = FormatRemedy::SkipBadRows;
        ErrorKind::Syntax { what: self.what.clone(), remedy }.into()
    }
}

/// Reads the batches of all groups.
pub(super) struct GroupReader {
    file: File,
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
    /// The index of the next group.
    next_group: usize,
    /// The group that is read.
    reader: Option<ParquetRecordBatchReader>,
    /// How many rows of the group were not read yet.
    rows: u64,
}

impl GroupReader {
    pub(super) fn new(file: File, metadata: ArrowReaderMetadata, mask: ProjectionMask) -> Self {
        Self { file, metadata, mask, next_group: 0, reader: None, rows: 0 }
    }

    /// Returns the next batch, or the group that cannot be read; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Result<RecordBatch, BrokenGroup>> {
        loop {
            if let Some(reader) = &mut self.reader {
                match reader.next() {
                    Some(Ok(batch)) => {
                        self.rows = self.rows.saturating_sub(batch.num_rows() as u64);
                        return Some(Ok(batch));
                    }
                    Some(Err(error)) => return Some(Err(self.broken(&error.to_string()))),
                    None => self.reader = None,
                }
            }
            let group = self.next_group;
            if group == self.metadata.metadata().num_row_groups() {
                return None;
            }
            self.next_group += 1;
            let rows = self.metadata.metadata().row_group(group).num_rows();
            self.rows = u64::try_from(rows).unwrap_or(0);
            match self.open(group) {
                Ok(reader) => self.reader = Some(reader),
                Err(reason) => return Some(Err(self.broken(&reason))),
            }
        }
    }

    fn open(&self, group: usize) -> Result<ParquetRecordBatchReader, String> {
        let file = self.file.try_clone().map_err(|error| error.to_string())?;
        ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(self.mask.clone())
            .with_batch_size(BATCH)
            .build()
            .map_err(|error| error.to_string())
    }

    /// Ends the group that is read.
    fn broken(&mut self, reason: &str) -> BrokenGroup {
        self.reader = None;
        let count = self.metadata.metadata().num_row_groups();
        let (rows, group) = (self.rows, self.next_group);
        let what = format!(
            "row group {group} of {count} is broken: {rows} of its rows cannot be read: {reason}"
        );
        BrokenGroup { what, rows: rows.clamp(1, MAX_REPORTED) }
    }
}
