//! Bitexts in any format, one pair at a time. Files of other programs are read with everything that
//! they have besides the texts.
//!
//! Each format is a file here: its specification, what it loses, its reader, its writer and its
//! entry in the registry. Rows go from any reader to any writer; what a writer has no place for is
//! counted in [`Losses`]. Memory does not grow with the file, except as [`BitextWriter`] documents
//! for XLSX.
//!
//! Files compressed with gzip or Zstandard are recognised by their first bytes when they are read;
//! the ending of a name decides how a file is written. UTF-16 with a byte order mark and XML that
//! declares another encoding are read too; an unpaired surrogate in UTF-16 is read as U+FFFD.

use std::fmt;
use std::sync::Arc;

use verbatim::RowOrigin;

mod column_names;
mod columns;
mod copied;
mod counter;
mod csv_quotes;
mod entry;
pub(crate) mod html;
mod html_words;
pub(crate) mod hunalign;
mod inline_text;
mod input;
mod json_values;
pub(crate) mod jsonl;
pub(crate) mod ladder;
mod ladder_gaps;
mod language_tag;
mod lines;
mod loss;
mod manifest;
pub(crate) mod markup;
pub(crate) mod moses;
mod note;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod po;
mod reader;
mod recode;
mod sentences;
pub(crate) mod srt;
pub(crate) mod table;
mod table_columns;
mod table_dialect;
mod table_layout;
mod table_rows;
pub(crate) mod tei;
#[cfg(test)]
mod tests;
pub(crate) mod tmx;
mod verbatim;
mod writer;
pub(crate) mod xces;
pub(crate) mod xliff;
#[cfg(feature = "xlsx")]
pub(crate) mod xlsx;
#[cfg(feature = "xlsx")]
mod xlsx_rows;

pub use counter::ReadCounter;
pub use csv_quotes::unclosed_quote;
pub(crate) use entry::{FileStart, FormatEntry, Likeness};
pub use input::{BitextInput, SpooledFile, certain_format, is_stream};
pub use ladder::{read_ladder, write_rung};
pub use ladder_gaps::LadderGaps;
pub use language_tag::language_of_tag;
pub use loss::{Loss, Losses};
pub use note::ReadNote;
pub use reader::{BitextReader, SkippedRows};
pub(crate) use recode::UndecodableError;
pub use table::TextColumns;
pub use tmx::{TmxUnit, TmxVariant, read_tmx};
pub use verbatim::BitextTail;
pub use writer::{BitextWriter, WriteOptions};

/// How many rows are examined for what a file does not declare: its columns and its languages.
///
/// Programs that convert a format without columns to a table read this many rows first; a field
/// that occurs only in later rows is counted as [`Loss::Column`].
pub const SCHEMA_ROWS: usize = 1000;

/// JSON as it was read: a number, an object, an array, true, false or null.
#[derive(Clone, Debug)]
pub struct RawJson(Box<serde_json::value::RawValue>);

impl RawJson {
    /// Returns the JSON in a text, or `None` if the text is not valid JSON.
    #[must_use]
    pub fn new(text: String) -> Option<Self> {
        serde_json::value::RawValue::from_string(text).ok().map(Self)
    }

    /// Returns the text.
    #[must_use]
    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl serde::Serialize for RawJson {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(out)
    }
}

/// The value of a field besides the texts of a pair.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FieldValue {
    /// Text.
    Text(String),
    /// A number, and how many digits after the decimal point text formats have.
    Number(f64, usize),
    /// Several words; text formats join them by semicolons.
    List(Vec<String>),
    /// A half-open range of segments or bytes: `4:6` in text formats, `[4,6]` in JSON.
    Span([u64; 2]),
    /// JSON as it was read.
    Json(RawJson),
    /// No value: an empty cell, `null`.
    Nothing,
}

impl FieldValue {
    /// Returns `true` or `false`, as JSON has it.
    #[must_use]
    pub fn flag(value: bool) -> Self {
        let text = value.to_string();
        RawJson::new(text.clone()).map_or(Self::Text(text), Self::Json)
    }

    /// Returns the value as a flag, if it is one or is written like one.
    #[must_use]
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Json(json) => json.get().parse().ok(),
            _ => None,
        }
    }

    /// Returns the value as a number, if it is one or is written like one. A bound such as `>0.99`
    /// is the number that it names: spreadsheets show and export probabilities like this.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(value, _) => Some(*value),
            Self::Text(text) => text.trim().parse().ok().or_else(|| bound(text)),
            Self::Json(json) => json.get().parse().ok(),
            Self::List(_) | Self::Span(_) | Self::Nothing => None,
        }
    }
}

impl fmt::Display for FieldValue {
    /// Writes the value as text formats have it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(value, decimals) => {
                if let Some((whole, fraction)) = decimal(*value, *decimals) {
                    return match decimals {
                        0 => write!(f, "{whole}"),
                        _ => write!(f, "{whole}.{fraction:0decimals$}"),
                    };
                }
                // Rounding may produce a negative zero.
                let text = format!("{value:.decimals$}");
                let zero = text.starts_with('-') && !text.contains(|c| matches!(c, '1'..='9'));
                f.write_str(if zero { &text[1..] } else { &text })
            }
            Self::List(words) => f.write_str(&words.join(";")),
            Self::Span([start, end]) => write!(f, "{start}:{end}"),
            Self::Json(json) => f.write_str(json.get()),
            Self::Nothing => Ok(()),
        }
    }
}

/// Returns the digits of a number before and after the point, if they are sure: rounding takes less
/// time this way than by the exact conversion.
fn decimal(value: f64, decimals: usize) -> Option<(u64, u64)> {
    let unit = *[1.0, 10.0, 100.0, 1000.0, 10_000.0].get(decimals)?;
    let scaled = value * unit;
    // The product is exact but for a relative error of 2⁻⁵³, so that only values near a half are
    // in doubt.
    let is_sure = (0.0..1e9).contains(&scaled) && (scaled.fract() - 0.5).abs() > 1e-6;
    let rounded = is_sure.then(|| scaled.round() as u64)?;
    Some((rounded / unit as u64, rounded % unit as u64))
}

/// Returns the number of a text such as `>0.99`, `< 0.01` or `≥0.5`.
fn bound(text: &str) -> Option<f64> {
    let number = text.trim().strip_prefix(['<', '>', '≤', '≥'])?;
    let number = number.strip_prefix('=').unwrap_or(number);
    number.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// nasaq's own columns that hold numbers, and whether Parquet stores them as integers.
const NUMBERS: [(&str, bool); 6] = [
    ("probability", false),
    ("score", false),
    ("quality", false),
    ("document_score", false),
    ("log_odds", false),
    ("bead", true),
];
/// nasaq's own columns that hold spans.
const SPANS: [&str; 5] = ["src_segments", "tgt_segments", "src_bytes", "tgt_bytes", COUNTERPART];
/// nasaq's own columns that are true or false.
const FLAGS: [&str; 1] = [MOVED];
/// The column that marks pairs of moved text.
const MOVED: &str = "moved";
/// The column of the counterpart of moved text that is not paired.
const COUNTERPART: &str = "counterpart";

/// Reports whether an earlier version wrote a table with these columns: it had the counterpart in
/// the column `moved`, and no other column for it.
fn has_old_counterpart(columns: &[&str]) -> bool {
    let has = |name: &str| columns.contains(&name);
    has(MOVED) && !has(COUNTERPART) && has("src_bytes") && has("tgt_bytes")
}

/// Returns the name of a field: `counterpart` for a span in `moved`, as earlier versions wrote it.
fn field_name<'n>(name: &'n str, value: &FieldValue) -> &'n str {
    match value {
        FieldValue::Span(_) if name == MOVED => COUNTERPART,
        _ => name,
    }
}

/// Parses the text of a field whose type nasaq knows; `None` for a missing span or flag.
///
/// Text that does not parse as its type stays text, so that nothing is lost.
fn typed(name: &str, text: String) -> Option<FieldValue> {
    if FLAGS.contains(&name) {
        match text.as_str() {
            "" => return None,
            "true" | "false" => return Some(FieldValue::flag(text == "true")),
            _ => {}
        }
    }
    // Earlier versions wrote the counterpart to the column of the flag.
    if SPANS.contains(&name) || name == MOVED {
        if text.is_empty() {
            return None;
        }
        let ends = text.split_once(':').and_then(|(a, b)| Some([a.parse().ok()?, b.parse().ok()?]));
        if let Some(span @ [start, end]) = ends
            && text == format!("{start}:{end}")
        {
            return Some(FieldValue::Span(span));
        }
    }
    if NUMBERS.iter().any(|(number, _)| *number == name) {
        let number = bound(&text).map_or_else(|| text.clone(), |bound| bound.to_string());
        if number.parse::<f64>().is_ok_and(f64::is_finite)
            && let Some(json) = RawJson::new(number)
        {
            return Some(FieldValue::Json(json));
        }
    }
    Some(FieldValue::Text(text))
}

/// A pair of texts and its other fields.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct BitextRow {
    /// The source text.
    pub src: String,
    /// The target text.
    pub tgt: String,
    /// The other fields by name, in the order of the file.
    pub fields: Vec<(Arc<str>, FieldValue)>,
    /// The line of the file that the row begins on, from 1.
    pub line: u64,
    /// What else the file has of it.
    pub(crate) origin: RowOrigin,
}

impl BitextRow {
    /// Returns a row without other fields and without a line.
    #[must_use]
    pub fn new(src: impl Into<String>, tgt: impl Into<String>) -> Self {
        Self {
            src: src.into(),
            tgt: tgt.into(),
            fields: Vec::new(),
            line: 0,
            origin: RowOrigin::default(),
        }
    }

    /// Adds fields after those that the row has.
    #[must_use]
    pub fn with_fields(mut self, fields: impl IntoIterator<Item = (Arc<str>, FieldValue)>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Returns what the file has of the row that no field holds: inline codes, and notes, dates,
    /// authors or further texts. A writer of another format counts the same.
    #[must_use]
    pub fn unheld_parts(&self) -> Vec<Loss> {
        let parts = [(self.origin.codes, Loss::Codes), (self.origin.details, Loss::Details)];
        parts.into_iter().filter(|(has, _)| *has).map(|(_, loss)| loss).collect()
    }

    /// Forgets the unit of an XML file that the row was read from, so that the row is written from
    /// its texts and fields alone. Call it before fields are removed: a translation memory still judges
    /// the pair by the probability that it has now.
    pub fn forget_unit(&mut self) {
        self.origin.probability = self.probability_for_memory();
        self.origin.is_reviewed = self.is_reviewed();
        self.origin.unit = None;
    }

    /// Reports whether the pair is from a spreadsheet for review: it has the
    /// [`SHEET_COLUMNS`](crate::SHEET_COLUMNS).
    #[must_use]
    pub fn is_of_review_sheet(&self) -> bool {
        crate::format::SHEET_COLUMNS.iter().all(|name| self.get(name).is_some())
    }

    /// Reports whether somebody has confirmed or changed the pair: an empty cell means nobody has.
    fn is_reviewed(&self) -> bool {
        let is_set = |value: &FieldValue| !value.to_string().trim().is_empty();
        self.origin.is_reviewed || self.get("reviewed").is_some_and(is_set)
    }

    /// Returns the probability by which a translation memory judges the pair; `None` for a pair that
    /// has none or that somebody has reviewed.
    pub(crate) fn probability_for_memory(&self) -> Option<f32> {
        if self.is_reviewed() {
            return None;
        }
        let number = |name| self.get(name).and_then(FieldValue::as_number).map(|it| it as f32);
        let probability = number("probability")
            .map(|it| crate::record::memory_probability(it, number("document_score")));
        probability.or(self.origin.probability)
    }

    /// Returns the date of the last change, or otherwise of the creation, as a translation memory
    /// has it: `20260131T120000Z`.
    #[must_use]
    pub fn changed(&self) -> Option<&str> {
        self.origin.date.as_deref()
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.fields.iter().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }

    /// Returns the span in a field.
    pub(crate) fn span(&self, name: &str) -> Option<[u64; 2]> {
        match self.get(name)? {
            FieldValue::Span(span) => Some(*span),
            _ => None,
        }
    }

    /// Returns the document that the pair comes from, if a field names it.
    pub(crate) fn doc(&self) -> Option<String> {
        self.get("doc").map(FieldValue::to_string)
    }

    /// Sets the value of a field, at its present position or as the last field.
    pub fn set(&mut self, name: &Arc<str>, value: FieldValue) {
        match self.fields.iter_mut().find(|(known, _)| **known == **name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((Arc::clone(name), value)),
        }
    }
}

/// The columns of a whole bitext.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BitextSchema {
    /// All columns in the order of the file, source and target among them; empty if the format has
    /// no columns.
    pub columns: Vec<Arc<str>>,
    /// The name of the source.
    pub src_name: Option<Arc<str>>,
    /// The name of the target.
    pub tgt_name: Option<Arc<str>>,
    /// Whether the file names its columns.
    pub has_header: bool,
    /// Whether the file begins with a byte order mark.
    pub has_bom: bool,
    /// The object that holds both texts, if they are nested: their names begin with it and a full
    /// stop.
    pub parent: Option<Arc<str>>,
}

impl BitextSchema {
    /// Returns the schema of a format without columns, with the names of source and target.
    #[must_use]
    pub fn named(src: Arc<str>, tgt: Arc<str>) -> Self {
        Self { src_name: Some(src), tgt_name: Some(tgt), ..Self::default() }
    }

    /// Adds the fields of the first rows as columns if the file has no columns of its own.
    #[must_use]
    pub fn with_columns_of(mut self, rows: &[BitextRow]) -> Self {
        if self.columns.is_empty() {
            let names = [self.src_name.clone(), self.tgt_name.clone()];
            self.columns.extend(names.into_iter().flatten());
            let mut known: std::collections::HashSet<Arc<str>> =
                self.columns.iter().cloned().collect();
            for (name, _) in rows.iter().flat_map(|row| &row.fields) {
                if known.insert(Arc::clone(name)) {
                    self.columns.push(Arc::clone(name));
                }
            }
            self.has_header = self.columns.len() > 2;
        }
        self
    }
}
