//! The rows of a spreadsheet in Office Open XML.
//!
//! All sheets with the same header are read one after the other, as nasaq continues a long table in
//! further sheets. The rows are held in memory.

use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;

use calamine::{Data, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

use crate::error::{Error, ErrorKind, Result};

/// The maximum size of the parts of a file in bytes.
const MAX_BYTES: u64 = 4 << 30;

/// The rows of a spreadsheet, each with its number from 1, and the names of skipped sheets.
pub(super) struct SheetRows {
    pub(super) rows: Vec<(u64, Vec<String>)>,
    pub(super) skipped: Vec<String>,
}

/// Reads a spreadsheet.
pub(super) fn read(path: &Path) -> Result<SheetRows> {
    let mut file = File::open(path).map_err(Error::reading)?;
    let size = ZipArchive::new(&mut file)
        .map_err(|error| damaged(&error))?
        .decompressed_size()
        .unwrap_or_default();
    if size > u128::from(MAX_BYTES) {
        return Err(ErrorKind::TooLarge { max_bytes: MAX_BYTES }.into());
    }
    file.rewind().map_err(Error::reading)?;
    let mut workbook: Xlsx<_> =
        Xlsx::new(BufReader::new(file)).map_err(|error: XlsxError| match error {
            XlsxError::Password => ErrorKind::Encrypted("spreadsheet").into(),
            error => damaged(&error),
        })?;
    let mut found = SheetRows { rows: Vec::new(), skipped: Vec::new() };
    let mut header: Option<Vec<String>> = None;
    for name in workbook.sheet_names() {
        let rows = sheet(&mut workbook, &name)?;
        let Some((_, first)) = rows.first() else { continue };
        match &header {
            None => {
                header = Some(first.clone());
                found.rows = rows;
            }
            Some(header) if header == first => found.rows.extend(rows.into_iter().skip(1)),
            Some(_) => found.skipped.push(name),
        }
    }
    Ok(found)
}

/// Returns the rows of a sheet that have a filled cell, all with the same number of cells.
fn sheet(workbook: &mut Xlsx<BufReader<File>>, name: &str) -> Result<Vec<(u64, Vec<String>)>> {
    // A sheet of charts has no cells.
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { return Ok(Vec::new()) };
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    let mut width = 0;
    while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
        let (row, column) = cell.get_position();
        let text = Data::from(cell.get_value().clone()).to_string();
        if text.is_empty() {
            continue;
        }
        let (number, column) = (u64::from(row) + 1, column as usize);
        if rows.last().is_none_or(|(last, _)| *last != number) {
            rows.push((number, Vec::new()));
        }
        let Some((_, row)) = rows.last_mut() else { continue };
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = text;
        width = width.max(column + 1);
    }
    // A cell far to the right would make every row as wide.
    let cells = rows.len().saturating_mul(width);
    if cells > MAX_CELLS {
        let reason = "the sheet has too many empty cells".to_owned();
        return Err(ErrorKind::Damaged { what: "spreadsheet", reason }.into());
    }
    for (_, row) in &mut rows {
        row.resize(width, String::new());
    }
    Ok(rows)
}

/// The maximum number of cells of a sheet, empty ones included.
const MAX_CELLS: usize = 1 << 27;

fn damaged(error: &dyn std::error::Error) -> Error {
    ErrorKind::Damaged { what: "spreadsheet", reason: error.to_string() }.into()
}
