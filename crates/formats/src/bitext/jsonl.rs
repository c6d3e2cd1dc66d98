//! JSON Lines of any objects: what is not the pair is kept as it is written.

use std::fmt;
use std::sync::Arc;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::columns::{SRC_NAMES, TGT_NAMES, TextColumns};
use super::{BitextRow, Value};
use crate::error::{Error, Result};

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

/// Reads one line.
pub(super) fn read(line: &str, number: u64, columns: &TextColumns) -> Result<BitextRow> {
    let wanted =
        "each line is an object with src and tgt, or name them with --src-column and --tgt-column";
    let Members(members) = serde_json::from_str(line).map_err(|error| {
        Error::syntax(number, format!("this line is no JSON object: {error}"), wanted)
    })?;
    let place = |name: &Option<String>, names: &[&str]| match name {
        Some(name) => members.iter().position(|(key, _)| key == name),
        None => names.iter().find_map(|name| members.iter().position(|(key, _)| key == name)),
    };
    let (Some(src), Some(tgt)) = (place(&columns.src, &SRC_NAMES), place(&columns.tgt, &TGT_NAMES))
    else {
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).take(8).collect();
        let what = format!("this object has no source or no target; it has: {}", keys.join(", "));
        return Err(Error::syntax(number, what, wanted));
    };
    let mut row =
        BitextRow { src: String::new(), tgt: String::new(), fields: Vec::new(), line: number };
    for (at, (key, json)) in members.into_iter().enumerate() {
        let value = match json.get() {
            "null" => Value::Nothing,
            text if text.starts_with('"') => Value::Text(string(text, number)?),
            _ => Value::Json(json),
        };
        if at == src || at == tgt {
            let text = match value {
                Value::Text(text) => text,
                Value::Nothing => String::new(),
                _ => return Err(Error::syntax(number, format!("{key} is no string"), wanted)),
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
