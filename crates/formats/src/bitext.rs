//! Bitexts of any kind, a pair at a time: what others made is read, and all that they wrote beside
//! a pair is kept.
//!
//! | format | read | written | what is kept beside source and target |
//! |---|---|---|---|
//! | TSV | with a header or without | with or without | every column |
//! | CSV ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)) | likewise | likewise | every column |
//! | JSON Lines | objects | objects | every member, with its type |
//! | TMX 1.x | by language | 1.4b | the unit's `tuid` and properties |
//! | Moses | two files of the same lines | – | nothing: there is nothing else |
//!
//! Files compressed with gzip or zstd are read as what they hold, known by their first bytes, and
//! written so by the ending of their name. Memory does not grow with the file.

use std::fmt;
use std::sync::Arc;

mod columns;
mod input;
mod jsonl;
mod lines;
#[cfg(test)]
mod tests;
mod tmx;
mod writer;

pub use columns::TextColumns;
pub use input::{BitextFormat, BitextReader, BitextSource, spool};
pub use writer::BitextWriter;

/// A value beside a pair.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number with the digits after its point that are written in text formats.
    Number(f64, usize),
    /// Several words; in text formats joined by a semicolon.
    List(Vec<String>),
    /// JSON as it was read: a number, an object, an array, true, false or null.
    Json(Box<serde_json::value::RawValue>),
    /// Nothing: an empty cell, `null`.
    Nothing,
}

impl Value {
    /// Gives the value as a number, where it is one or looks like one.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(value, _) => Some(*value),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Json(json) => json.get().parse().ok(),
            Self::List(_) | Self::Nothing => None,
        }
    }
}

impl fmt::Display for Value {
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
            Self::Json(json) => f.write_str(json.get()),
            Self::Nothing => Ok(()),
        }
    }
}

/// A pair of texts and what stands beside it.
#[derive(Clone, Debug)]
pub struct BitextRow {
    /// The source text.
    pub src: String,
    /// The target text.
    pub tgt: String,
    /// What stands beside it, by name, in the order of the file.
    pub fields: Vec<(Arc<str>, Value)>,
    /// Where it stands: the line, from 1.
    pub line: u64,
}

impl BitextRow {
    /// Gives the value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }

    /// Sets the value of a name, in its place where it is known and at the end otherwise.
    pub fn set(&mut self, name: &Arc<str>, value: Value) {
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
}
