//! [JSON Lines](https://jsonlines.org/) of any objects: members other than the texts are preserved
//! as they are written, numbers to their last digit.
//!
//! Strings are Unicode text, so an escape for an unpaired surrogate, `\ud800`, has no meaning and
//! its line is refused. A name occurs once in an object. Loses the position of the texts among the members: they are written first.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serializer};
use serde_json::value::RawValue;

use super::entry::{BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use super::lines::LineReader;
use super::table::{SRC_NAMES, TGT_NAMES, TextColumns};
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, BitextSchema, FieldValue, MOVED, RawJson, SPANS, field_name};
use crate::bead_writer::full_row;
use crate::error::{Error, Result};
use crate::remedy::FormatRemedy;

pub(crate) const JSONL: FormatEntry = FormatEntry {
    name: "jsonl",
    endings: &["jsonl", "ndjson"],
    description: "One JSON object per pair",
    recognise: |start| Likeness::Certain.when(start.starts_with(b"{")),
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| {
            let lines = LineReader::new(files.first);
            Ok(Box::new(ObjectReader::new(lines, files.input.columns.clone())?))
        }),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(JsonlLayout::new(&settings.schema))),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: None,
        needs_times: false,
    }),
    losses: &[],
    has_columns: false,
    is_binary: false,
};

/// Reads objects.
struct ObjectReader {
    lines: LineReader,
    columns: TextColumns,
    /// The first line, which was read for its names.
    first: Result<Option<String>>,
    names: [Arc<str>; 2],
}

impl ObjectReader {
    fn new(mut lines: LineReader, columns: TextColumns) -> Result<Self> {
        // An error of the first line is that of the first row, which may be skipped.
        let first = lines.next_filled();
        let line = first.as_ref().ok().and_then(Option::as_deref);
        let names = line.and_then(|line| names(line, &columns));
        let (src, tgt) = names.unwrap_or_else(|| ("src".to_owned(), "tgt".to_owned()));
        Ok(Self { lines, columns, first, names: [src.into(), tgt.into()] })
    }
}

impl BitextSource for ObjectReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        let line = match std::mem::replace(&mut self.first, Ok(None))? {
            Some(line) => Some(line),
            None => self.lines.next_filled()?,
        };
        line.map(|line| read(&line, self.lines.number(), &self.columns)).transpose()
    }

    fn schema(&self) -> BitextSchema {
        let [src, tgt] = &self.names;
        BitextSchema::named(Arc::clone(src), Arc::clone(tgt))
    }

    fn can_resume(&self) -> bool {
        true
    }
}

/// The members of an object in their order, each as it is written.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        input.deserialize_map(Collect)
    }
}

/// Returns the names of source and target in a line, if it is an object with both.
fn names(line: &str, columns: &TextColumns) -> Option<(String, String)> {
    let Members(members) = serde_json::from_str(line).ok()?;
    let name = |named: &Option<String>, names: &[&str]| match named {
        Some(name) => Some(name.clone()),
        None => {
            let known = |name: &&&str| members.iter().any(|(key, _)| key == **name);
            names.iter().find(known).map(|name| (*name).to_owned())
        }
    };
    Some((name(&columns.src, &SRC_NAMES)?, name(&columns.tgt, &TGT_NAMES)?))
}

/// Refuses names that occur twice, of which other programs see one only, and names with NUL, which
/// no table can have.
fn check_names(members: &[(String, Box<RawValue>)], line: u64) -> Result<()> {
    let mut known = HashSet::new();
    for (name, _) in members {
        if name.contains('\0') {
            let what = "a name in this object has the character NUL";
            return Err(Error::syntax(line, what, FormatRemedy::SkipBadRows));
        }
        if !known.insert(name) {
            let what = format!("this object has the name \"{name}\" twice");
            return Err(Error::syntax(line, what, FormatRemedy::SkipBadRows));
        }
    }
    Ok(())
}

/// Reads one line.
fn read(line: &str, number: u64, columns: &TextColumns) -> Result<BitextRow> {
    let Members(members) = serde_json::from_str(line).map_err(|error| {
        Error::syntax(
            number,
            format!("this line is not a JSON object: {error}"),
            FormatRemedy::NameColumns,
        )
    })?;
    check_names(&members, number)?;
    let place = |name: &Option<String>, names: &[&str]| match name {
        Some(name) => members.iter().position(|(key, _)| key == name),
        None => names.iter().find_map(|name| members.iter().position(|(key, _)| key == name)),
    };
    let (Some(src), Some(tgt)) = (place(&columns.src, &SRC_NAMES), place(&columns.tgt, &TGT_NAMES))
    else {
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).take(8).collect();
        let what = format!("this object lacks source or target; it has: {}", keys.join(", "));
        return Err(Error::syntax(number, what, FormatRemedy::NameColumns));
    };
    let mut row = BitextRow {
        src: String::new(),
        tgt: String::new(),
        fields: Vec::new(),
        line: number,
        ..BitextRow::default()
    };
    for (at, (key, json)) in members.into_iter().enumerate() {
        let value = match json.get() {
            "null" => FieldValue::Nothing,
            text if text.starts_with('"') => FieldValue::Text(string(text, number)?),
            text => match span(&key, text) {
                Some(span) => FieldValue::Span(span),
                None => FieldValue::Json(RawJson(json)),
            },
        };
        if at == src || at == tgt {
            let text = match value {
                FieldValue::Text(text) => text,
                FieldValue::Nothing => String::new(),
                _ => {
                    return Err(Error::syntax(
                        number,
                        format!("{key} is not a string"),
                        FormatRemedy::NameColumns,
                    ));
                }
            };
            *(if at == src { &mut row.src } else { &mut row.tgt }) = text;
        } else {
            row.fields.push((field_name(&key, &value).into(), value));
        }
    }
    Ok(row)
}

fn string(json: &str, number: u64) -> Result<String> {
    serde_json::from_str(json)
        .map_err(|error| Error::syntax(number, error.to_string(), "correct the line"))
}

/// Parses the span of one of nasaq's own members.
fn span(name: &str, json: &str) -> Option<[u64; 2]> {
    let is_span = SPANS.contains(&name) || name == MOVED;
    if is_span { serde_json::from_str(json).ok() } else { None }
}

/// Writes objects.
struct JsonlLayout {
    names: [String; 2],
}

impl JsonlLayout {
    fn new(schema: &BitextSchema) -> Self {
        let name =
            |name: &Option<Arc<str>>, default: &str| name.as_deref().unwrap_or(default).to_owned();
        Self { names: [name(&schema.src_name, "src"), name(&schema.tgt_name, "tgt")] }
    }
}

impl RowLayout for JsonlLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let bytes = &mut out.files[0];
        object(row, &self.names, bytes).map_err(|error| Error::writing(error.into()))?;
        bytes.push(b'\n');
        Ok(())
    }
}

fn object(row: &BitextRow, names: &[String; 2], bytes: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut json = serde_json::Serializer::new(bytes);
    let mut map = json.serialize_map(None)?;
    map.serialize_entry(&names[0], &row.src)?;
    map.serialize_entry(&names[1], &row.tgt)?;
    for (name, value) in &row.fields {
        match value {
            FieldValue::Text(text) => map.serialize_entry(&**name, text),
            FieldValue::List(words) => map.serialize_entry(&**name, words),
            FieldValue::Span(span) => map.serialize_entry(&**name, span),
            FieldValue::Json(json) => map.serialize_entry(&**name, json),
            FieldValue::Nothing => map.serialize_entry(&**name, &()),
            FieldValue::Number(..) => {
                let raw = RawValue::from_string(value.to_string())?;
                map.serialize_entry(&**name, &raw)
            }
        }?;
    }
    SerializeMap::end(map)
}
