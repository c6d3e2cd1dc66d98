//! Filters applied to the rows of a bitext.

use std::path::Path;

use nasaq_formats::{BitextRow, FieldValue};
use nasaq_quality::{FilterPass, FilterValue, FilterVerdicts, Filters};

use super::columns::ColumnCheck;
use crate::bitext::{CorpusInput, row_kind};
use crate::rating::RatedBitextRow;
use crate::rating::columns::rating_value;

/// Applies filters to row after row, and checks that the columns that they name exist.
pub(in crate::command) struct RowFilter<'f> {
    pass: FilterPass<'f>,
    check: ColumnCheck<'f>,
}

impl<'f> RowFilter<'f> {
    /// Starts before the first row. `file` is the file of the filters; `None` means the default
    /// filters.
    ///
    /// # Errors
    /// A column of a filter that the header of the bitext does not have is an error.
    pub(in crate::command) fn new(
        filters: &'f Filters,
        file: Option<&Path>,
        bitext: &CorpusInput,
    ) -> anyhow::Result<Self> {
        let check = ColumnCheck::new(filters, file, bitext)?;
        Ok(Self { pass: FilterPass::new(filters), check })
    }

    /// Applies the filters to the next row and returns, for each filter, whether it rejects the row.
    pub(in crate::command) fn add(
        &mut self,
        row: &BitextRow,
        rated: Option<&RatedBitextRow>,
    ) -> anyhow::Result<Vec<bool>> {
        let cell = |name: &str| cell(row, rated, name);
        self.check.add(row, cell)?;
        Ok(self.pass.add(row_kind(row), cell))
    }

    /// Returns the verdicts of all rows.
    ///
    /// # Errors
    /// A column of a filter that no row had is an error.
    pub(in crate::command) fn finish(self) -> anyhow::Result<FilterVerdicts<'f>> {
        self.check.finish()?;
        Ok(self.pass.finish())
    }
}

/// Returns a column of a row: of the input if it has the column, otherwise of the rating.
fn cell(row: &BitextRow, rated: Option<&RatedBitextRow>, name: &str) -> FilterValue {
    let own = match name {
        "src" => return FilterValue::Text(row.src.clone()),
        "tgt" => return FilterValue::Text(row.tgt.clone()),
        name => row.get(name),
    };
    let computed = if own.is_none() { rated.map(|rated| rating_value(rated, name)) } else { None };
    match own.or(computed.as_ref()) {
        None | Some(FieldValue::Nothing) => FilterValue::Missing,
        Some(value) => match (value.as_number(), value) {
            (Some(number), _) => FilterValue::Number(number),
            (None, FieldValue::Text(text)) if text.is_empty() => FilterValue::Missing,
            (None, value) => FilterValue::Text(value.to_string()),
        },
    }
}
