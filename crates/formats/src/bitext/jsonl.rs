//! [JSON Lines](https://jsonlines.org/) of any objects: what is not the pair is kept as it is written,
//! numbers to their last digit.
//!
//! Strings are Unicode text, so an escape for half of a surrogate pair, `\ud800`, has no meaning and
//! its line is refused. Loses the place of the texts among the members: they are written first.

use std::fmt;
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serializer};
use serde_json::value::RawValue;

use super::columns::{SRC_NAMES, TGT_NAMES, TextColumns};
use super::writer::{Buffers, Layout};
use super::{BitextRow, BitextSchema, FieldValue, SPANS};
use crate::error::{Error, Result};
use crate::remedy::Remedy;

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

/// Gives the names that source and target go by in a line, as far as it is an object with both.
pub(super) fn names(line: &str, columns: &TextColumns) -> Option<(String, String)> {
    let Members(members) = serde_json::from_str(line).ok()?;
    let name = |wanted: &Option<String>, names: &[&str]| match wanted {
        Some(name) => Some(name.clone()),
        None => {
            let known = |name: &&&str| members.iter().any(|(key, _)| key == **name);
            names.iter().find(known).map(|name| (*name).to_owned())
        }
    };
    Some((name(&columns.src, &SRC_NAMES)?, name(&columns.tgt, &TGT_NAMES)?))
}

/// Reads one line.
pub(super) fn read(line: &str, number: u64, columns: &TextColumns) -> Result<BitextRow> {
    let wanted = || Remedy::NameColumns;
    let Members(members) = serde_json::from_str(line).map_err(|error| {
        Error::syntax(number, format!("this line is no JSON object: {error}"), wanted())
    })?;
    let place = |name: &Option<String>, names: &[&str]| match name {
        Some(name) => members.iter().position(|(key, _)| key == name),
        None => names.iter().find_map(|name| members.iter().position(|(key, _)| key == name)),
    };
    let (Some(src), Some(tgt)) = (place(&columns.src, &SRC_NAMES), place(&columns.tgt, &TGT_NAMES))
    else {
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).take(8).collect();
        let what = format!("this object has no source or no target; it has: {}", keys.join(", "));
        return Err(Error::syntax(number, what, wanted()));
    };
    let mut row =
        BitextRow { src: String::new(), tgt: String::new(), fields: Vec::new(), line: number };
    for (at, (key, json)) in members.into_iter().enumerate() {
        let value = match json.get() {
            "null" => FieldValue::Nothing,
            text if text.starts_with('"') => FieldValue::Text(string(text, number)?),
            text => match span(&key, text) {
                Some(span) => FieldValue::Span(span),
                None => FieldValue::Json(json),
            },
        };
        if at == src || at == tgt {
            let text = match value {
                FieldValue::Text(text) => text,
                FieldValue::Nothing => String::new(),
                _ => return Err(Error::syntax(number, format!("{key} is no string"), wanted())),
            };
            *(if at == src { &mut row.src } else { &mut row.tgt }) = text;
        } else {
            row.fields.push((Arc::from(key), value));
        }
    }
    Ok(row)
}

fn string(json: &str, number: u64) -> Result<String> {
    serde_json::from_str(json)
        .map_err(|error| Error::syntax(number, error.to_string(), "mend the line"))
}

/// Reads a span of nasaq's own.
fn span(name: &str, json: &str) -> Option<[u64; 2]> {
    if SPANS.contains(&name) { serde_json::from_str(json).ok() } else { None }
}

/// Writes objects.
pub(super) struct JsonlLayout {
    names: [String; 2],
}

impl JsonlLayout {
    pub(super) fn new(schema: &BitextSchema) -> Self {
        let name =
            |name: &Option<Arc<str>>, usual: &str| name.as_deref().unwrap_or(usual).to_owned();
        Self { names: [name(&schema.src_name, "src"), name(&schema.tgt_name, "tgt")] }
    }
}

impl Layout for JsonlLayout {
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
