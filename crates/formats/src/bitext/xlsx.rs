//! A spreadsheet for review, [Office Open
//! XML](https://ecma-international.org/publications-and-standards/standards/ecma-376/). Any sheet
//! with two columns of text is read as a table.
//!
//! One row per pair under a frozen header: its number, source, target, probability, a verdict to
//! choose from a list, cells for corrected texts and a comment, then all other columns. Arabic is set from right to
//! left. Probability (is it the right pair) and quality (is it a good translation) are coloured below 0.9
//! and below 0.5, and every column can be filtered and sorted, so the doubtful pairs are one click
//! away; `log_odds` ranks pairs that are nearly sure. No probability is shown as 1. Every text is stored as text:
//! none is taken for a formula. More than 1,048,575 pairs continue in further sheets.
//!
//! Loses what exceeds 32,767 UTF-16 units of a text, the maximum length of a cell, characters that
//! XML 1.0 forbids, and columns that the first rows do not have. Rows are stored in a temporary
//! file; the finished file is held in memory once.

use std::io;
use std::sync::Arc;

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, DocProperties, ExcelDateTime,
    Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::entry::{FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use super::language_tag::is_language;
use super::markup::is_xml_char;
use super::table_columns::TableColumns;
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, BitextSchema, FieldValue, Loss, Losses, NUMBERS};
use crate::bead_writer::full_row;
use crate::error::{Error, Result, TemporaryError};
use crate::format::BitextHeader;
use crate::quiet::quietly;

pub(crate) const XLSX: FormatEntry = FormatEntry {
    name: "xlsx",
    endings: &["xlsx"],
    description: "Spreadsheet for review",
    recognise: |start| {
        // A DOCX file is a ZIP archive, too.
        let is_sheet = start.starts_with(b"PK") && start.contains(b"xl/");
        Likeness::Certain.when(is_sheet)
    },
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::File(|path, input| {
            super::table::sheet_reader(super::xlsx_rows::read(path)?, &input.columns)
        }),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(XlsxLayout::new(settings.schema, settings.header))),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: None,
        needs_times: false,
    }),
    losses: &[Loss::Characters, Loss::Cut, Loss::Column(String::new())],
    has_columns: true,
    is_binary: true,
};

/// The maximum number of rows of a sheet, without its header.
const MAX_ROWS: u32 = (1 << 20) - 1;
/// The maximum length of a cell in UTF-16 units.
const MAX_CELL: usize = 32_767;
/// How a spreadsheet shows probabilities: none is shown as 1, because no pair is certain.
const PROBABILITY_FORMAT: &str = "[>=0.995]\">0.99\";0.00";
/// Below this value a number is coloured.
const CHECK: f64 = 0.9;
/// Below this value a number is coloured more strongly.
const DOUBT: f64 = 0.5;

/// Writes spreadsheets.
struct XlsxLayout {
    workbook: Workbook,
    fields: TableColumns,
    /// The index of the field with the number of a pair, if the rows have one.
    pair: Option<usize>,
    /// The columns after the texts: fields, and those for the reviewer.
    columns: Vec<SheetColumn>,
    texts: [Format; 2],
    number: Format,
    probability: Format,
    plain: Format,
    sheets: usize,
    /// The number of rows of the last sheet.
    row: u32,
    /// The number of rows of all sheets.
    pairs: u64,
}

/// A column of a sheet after the texts.
#[derive(Clone, Debug, PartialEq)]
enum SheetColumn {
    /// The name of a field, and its index among all columns of the table.
    Field(Arc<str>, usize),
    /// A column for the reviewer, and the index of the field that has been filled in before.
    Review(&'static str, Option<usize>),
}

/// The column of the numbers of pairs.
const PAIR: &str = "pair";
const VERDICT: &str = "verdict";
/// The columns for the reviewer, and their widths.
const REVIEW: [(&str, u16); 4] =
    [(VERDICT, 11), ("corrected_src", 32), ("corrected_tgt", 32), ("comment", 32)];

impl XlsxLayout {
    fn new(schema: BitextSchema, header: &BitextHeader) -> Self {
        let mut workbook = Workbook::new();
        let properties = DocProperties::new().set_author("nasaq");
        // A fixed date, so that the same rows produce the same bytes.
        let properties = match ExcelDateTime::from_ymd(2000, 1, 1) {
            Ok(date) => properties.set_creation_datetime(&date),
            Err(_) => properties,
        };
        workbook.set_properties(&properties);
        // A sheet that was filled in has the columns for the reviewer already.
        let is_own = |name: &str| name == PAIR || REVIEW.iter().any(|(own, _)| *own == name);
        let is_field = |name: &Arc<str>| {
            ![&schema.src_name, &schema.tgt_name].contains(&&Some(name.clone())) && !is_own(name)
        };
        let position = |name: &str| schema.columns.iter().position(|column| &**column == name);
        let fields = schema.columns.iter().enumerate().filter(|(_, name)| is_field(name));
        let (first, rest): (Vec<_>, Vec<_>) = fields
            .map(|(index, name)| SheetColumn::Field(name.clone(), index))
            .partition(|it| matches!(it, SheetColumn::Field(name, _) if matches!(&**name, "probability" | "quality")));
        let mut columns: Vec<SheetColumn> = first;
        columns.extend(REVIEW.map(|(name, _)| SheetColumn::Review(name, position(name))));
        columns.extend(rest);
        let text = |lang: &str| {
            let format =
                Format::new().set_text_wrap().set_align(FormatAlign::Top).set_font_size(11);
            if is_language(lang, "ar") {
                format.set_reading_direction(2).set_align(FormatAlign::Right).set_font_size(13)
            } else {
                format.set_reading_direction(1).set_align(FormatAlign::Left)
            }
        };
        Self {
            workbook,
            pair: position(PAIR),
            columns,
            texts: [text(&header.src_lang), text(&header.tgt_lang)],
            number: Format::new().set_num_format("0.00").set_align(FormatAlign::Top),
            probability: Format::new()
                .set_num_format(PROBABILITY_FORMAT)
                .set_align(FormatAlign::Top),
            plain: Format::new().set_align(FormatAlign::Top),
            fields: TableColumns::new(schema),
            sheets: 0,
            row: 0,
            pairs: 0,
        }
    }

    fn sheet(&mut self) -> Result<&mut Worksheet, XlsxError> {
        self.workbook.worksheet_from_index(self.sheets - 1)
    }

    fn start_sheet(&mut self) -> Result<(), XlsxError> {
        let head =
            Format::new().set_bold().set_align(FormatAlign::Top).set_background_color(0xE9_EEEE);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        self.sheets += 1;
        self.row = 0;
        sheet.set_name(match self.sheets {
            1 => "pairs".to_owned(),
            number => format!("pairs {number}"),
        })?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_column_width(0, 7)?;
        sheet.set_column_width(1, 60)?;
        sheet.set_column_width(2, 60)?;
        for (at, name) in (0..).zip(["pair", "src", "tgt"]) {
            sheet.write_string_with_format(0, at, name, &head)?;
        }
        for (at, column) in (3..).zip(&self.columns) {
            let (name, width) = match column {
                SheetColumn::Field(name, _) => (&**name, 13),
                SheetColumn::Review(name, _) => {
                    (*name, REVIEW.iter().find(|(own, _)| own == name).map_or(13, |own| own.1))
                }
            };
            sheet.set_column_width(at, width)?;
            sheet.write_string_with_format(0, at, name, &head)?;
        }
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        let (last, columns) = (self.row.max(1), self.columns.clone());
        let sheet = self.sheet()?;
        sheet.autofilter(0, 0, last, 2 + columns.len() as u16)?;
        for (at, column) in (3..).zip(columns) {
            match column {
                SheetColumn::Field(name, _) if matches!(&*name, "probability" | "quality") => {
                    for (threshold, colour, ink) in
                        [(DOUBT, 0xFB_D5D0, 0x8C_1D18), (CHECK, 0xFB_EECD, 0x6B_4500)]
                    {
                        let format = Format::new().set_background_color(colour).set_font_color(ink);
                        // A blank cell does not count as a number below the threshold.
                        let rule = ConditionalFormatCell::new()
                            .set_rule(ConditionalFormatCellRule::Between(-1e9, threshold - 1e-9))
                            .set_format(format)
                            .set_stop_if_true(true);
                        sheet.add_conditional_format(1, at, last, at, &rule)?;
                    }
                }
                SheetColumn::Review(VERDICT, _) => {
                    let list =
                        DataValidation::new().allow_list_strings(&["right", "wrong", "unsure"])?;
                    sheet.add_data_validation(1, at, last, at, &list)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn write_row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<(), XlsxError> {
        if self.sheets == 0 || self.row == MAX_ROWS {
            if self.sheets > 0 {
                self.end_sheet()?;
            }
            self.start_sheet()?;
        }
        self.row += 1;
        self.pairs += 1;
        let (at, number_of_pair, pair) = (self.row, self.pairs, self.pair);
        let Self { workbook, columns, texts, number, probability, plain, fields, sheets, .. } =
            self;
        let sheet = workbook.worksheet_from_index(*sheets - 1)?;
        for (column, (text, format)) in (1..).zip([&row.src, &row.tgt].into_iter().zip(&*texts)) {
            sheet.write_string_with_format(at, column, fitted(text, &mut out.losses), format)?;
        }
        let values = fields.values(row, &mut out.losses);
        let given = pair.map(|index| fields.text(index, row, &values)).unwrap_or_default();
        match given.trim().parse::<u64>() {
            Err(_) if !given.trim().is_empty() => {
                let text = fitted(&given, &mut out.losses);
                sheet.write_string_with_format(at, 0, text, plain)?;
            }
            given => {
                let number = given.unwrap_or(number_of_pair);
                sheet.write_number_with_format(at, 0, number as f64, plain)?;
            }
        }
        for (column, kind) in (3..).zip(&*columns) {
            let (name, index): (&str, &usize) = match kind {
                SheetColumn::Field(name, index) => (name, index),
                SheetColumn::Review(name, Some(index)) => (name, index),
                SheetColumn::Review(_, None) => continue,
            };
            let is_number = NUMBERS.iter().any(|(known, _)| *known == name);
            let value = values[*index].filter(|_| is_number).and_then(FieldValue::as_number);
            match value.filter(|number| number.is_finite()) {
                Some(value) if name == "bead" => {
                    sheet.write_number_with_format(at, column, value, plain)?;
                }
                Some(value) => {
                    let is_open = matches!(name, "score" | "log_odds");
                    let format = if is_open { &*number } else { &*probability };
                    sheet.write_number_with_format(at, column, value, format)?;
                }
                None => {
                    let text = fields.text(*index, row, &values);
                    if !text.is_empty() {
                        let text = fitted(&text, &mut out.losses);
                        sheet.write_string_with_format(at, column, text, plain)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<u8>, XlsxError> {
        if self.sheets == 0 {
            self.start_sheet()?;
        }
        self.end_sheet()?;
        self.workbook.save_to_buffer()
    }
}

impl RowLayout for XlsxLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        storing(|| self.write_row(row, out))
    }

    fn end(&mut self, out: &mut Buffers) -> Result<()> {
        out.files[0] = storing(|| self.finish())?;
        Ok(())
    }
}

/// Fits a text into a cell.
fn fitted(text: &str, losses: &mut Losses) -> String {
    let mut fitted: String = text.chars().filter(|c| is_xml_char(*c)).collect();
    if fitted.len() != text.len() {
        losses.add(Loss::Characters);
    }
    if fitted.len() > MAX_CELL {
        let mut units = 0;
        let end = fitted.char_indices().find(|(_, c)| {
            units += c.len_utf16();
            units > MAX_CELL
        });
        if let Some((end, _)) = end {
            losses.add(Loss::Cut);
            fitted.truncate(end);
        }
    }
    fitted
}

/// Runs work that stores rows in the temporary file of a sheet.
///
/// The library panics if it cannot write there, for example to a full disk.
fn storing<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T> {
    match quietly(work) {
        Some(result) => result.map_err(failed),
        None => {
            let reason = "no space is left, or the folder has become unwritable";
            Err(Error::writing(TemporaryError::wrap(io::Error::other(reason))))
        }
    }
}

fn failed(error: XlsxError) -> Error {
    match error {
        XlsxError::TempFileError(_, source) => Error::writing(TemporaryError::wrap(source)),
        error => Error::writing(io::Error::other(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    fn write(rows: &[BitextRow]) -> (Vec<u8>, Losses) {
        let columns = ["src", "tgt", "probability", "kind"].map(Arc::from).to_vec();
        let (src_name, tgt_name) = (Some("src".into()), Some("tgt".into()));
        let schema = BitextSchema {
            columns,
            src_name,
            tgt_name,
            has_header: true,
            ..BitextSchema::default()
        };
        let mut layout = XlsxLayout::new(schema, &BitextHeader::default());
        let mut out = Buffers::default();
        for row in rows {
            layout.row(row, &mut out).expect("a row");
        }
        layout.end(&mut out).expect("an end");
        (std::mem::take(&mut out.files[0]), out.losses)
    }

    fn row(src: &str, tgt: &str) -> BitextRow {
        let fields = vec![
            ("probability".into(), FieldValue::Number(0.41, 4)),
            ("kind".into(), FieldValue::Text("1-1".to_owned())),
        ];
        BitextRow {
            src: src.to_owned(),
            tgt: tgt.to_owned(),
            fields,
            line: 1,
            ..BitextRow::default()
        }
    }

    #[test]
    fn the_same_rows_produce_the_same_bytes() {
        let rows = [row("نعم", "=1+1"), row("\u{0}", &"ك".repeat(40_000))];
        let (bytes, losses) = write(&rows);
        assert!(bytes.starts_with(b"PK"));
        assert_eq!(write(&rows).0, bytes);
        assert_eq!((losses.count(&Loss::Cut), losses.count(&Loss::Characters)), (1, 1));
    }

    #[test]
    fn no_text_is_a_formula() {
        let (bytes, _) = write(&[row("=HYPERLINK(\"x\")", "+1")]);
        // Parts of the archive are compressed.
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut sheet = String::new();
        let mut part = archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet");
        part.read_to_string(&mut sheet).expect("UTF-8");
        assert!(!sheet.contains("<f>") && sheet.contains("=HYPERLINK"), "{sheet}");
    }
}
