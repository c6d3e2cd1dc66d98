//! Bitexts of any kind, a pair at a time: what others made is read, and all that they wrote beside
//! a pair is kept.
//!
//! A format is a file here: its specification, what it loses, its reader and its writer. Rows go from
//! any reader to any writer; what a writer has no place for is counted in [`Losses`]. Memory does
//! not grow with the file, but for what [`BitextWriter`] says of XLSX.
//!
//! Files compressed with gzip or zstd are read as what they hold, known by their first bytes, and
//! written so by the ending of their name. UTF-16 with a byte order mark and XML that declares
//! another encoding are read too; half of a surrogate pair in UTF-16 is read as U+FFFD.

use std::fmt;
use std::sync::Arc;

mod beside;
mod columns;
mod html;
mod hunalign;
mod input;
mod jsonl;
mod ladder;
mod lines;
mod loss;
mod markup;
mod moses;
#[cfg(feature = "parquet")]
mod parquet;
mod po;
mod recode;
mod srt;
#[cfg(test)]
mod tests;
mod tmx;
mod writer;
mod xliff;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use columns::TextColumns;
pub use input::{BitextInput, BitextReader, spool};
pub use ladder::{read_ladder, write_rung};
pub use loss::{Loss, Losses};
pub use tmx::{TmxUnit, TmxVariant, read_tmx};
pub use writer::{BitextWriter, WriteOptions};

/// A value beside a pair.
#[derive(Clone, Debug)]
pub enum FieldValue {
    /// Text.
    Text(String),
    /// A number with the digits after its point that are written in text formats.
    Number(f64, usize),
    /// Several words; in text formats joined by a semicolon.
    List(Vec<String>),
    /// A half-open run of segments or bytes; `4:6` in text formats, `[4,6]` in JSON.
    Span([u64; 2]),
    /// JSON as it was read: a number, an object, an array, true, false or null.
    Json(Box<serde_json::value::RawValue>),
    /// Nothing: an empty cell, `null`.
    Nothing,
}

impl FieldValue {
    /// Gives the value as a number, where it is one or looks like one.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(value, _) => Some(*value),
            Self::Text(text) => text.trim().parse().ok(),
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
            // Rounding may leave a nought with a sign.
            Self::Number(value, decimals) => {
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

/// Columns of nasaq's own that are numbers, with what Parquet keeps them as.
const NUMBERS: [(&str, bool); 4] =
    [("probability", false), ("score", false), ("quality", false), ("bead", true)];
/// Columns of nasaq's own that are spans.
const SPANS: [&str; 5] = ["src_segments", "tgt_segments", "src_bytes", "tgt_bytes", "moved"];

/// Reads the text of a field that nasaq gives a type; `None` for a span that is not there.
///
/// What does not look like its type stays text, so that nothing is lost.
fn typed(name: &str, text: String) -> Option<FieldValue> {
    if SPANS.contains(&name) {
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
    if NUMBERS.iter().any(|(number, _)| *number == name)
        && text.parse::<f64>().is_ok_and(f64::is_finite)
        && let Ok(json) = serde_json::value::RawValue::from_string(text.clone())
    {
        return Some(FieldValue::Json(json));
    }
    Some(FieldValue::Text(text))
}

/// A pair of texts and what stands beside it.
#[derive(Clone, Debug)]
pub struct BitextRow {
    /// The source text.
    pub src: String,
    /// The target text.
    pub tgt: String,
    /// What stands beside it, by name, in the order of the file.
    pub fields: Vec<(Arc<str>, FieldValue)>,
    /// Where it stands: the line, from 1.
    pub line: u64,
}

impl BitextRow {
    /// Gives the value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.fields.iter().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }

    /// Gives a span by its name.
    pub(crate) fn span(&self, name: &str) -> Option<[u64; 2]> {
        match self.get(name)? {
            FieldValue::Span(span) => Some(*span),
            _ => None,
        }
    }

    /// Gives the document that the pair comes from, where it is told.
    pub(crate) fn doc(&self) -> Option<String> {
        self.get("doc").map(FieldValue::to_string)
    }

    /// Sets the value of a name, in its place where it is known and at the end otherwise.
    pub fn set(&mut self, name: &Arc<str>, value: FieldValue) {
        match self.fields.iter_mut().find(|(known, _)| **known == **name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((Arc::clone(name), value)),
        }
    }
}

/// What is true of a whole bitext.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BitextSchema {
    /// Columns in the order of the file, with the places of source and target among them; empty
    /// where the format has no columns.
    pub columns: Vec<Arc<str>>,
    /// The names that source and target go by.
    pub src_name: Option<Arc<str>>,
    /// Likewise.
    pub tgt_name: Option<Arc<str>>,
    /// The columns were named by the file.
    pub has_header: bool,
    /// The file began with a byte order mark.
    pub has_bom: bool,
}
