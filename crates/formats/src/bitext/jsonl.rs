//! [JSON Lines](https://jsonlines.org/) of any objects: members other than the texts are preserved
//! as they are written, numbers to their last digit.
//!
//! Strings are Unicode text, so an escape for an unpaired surrogate, `\ud800`, has no meaning and
//! its line is refused. A name occurs once in an object. The texts may be in an object inside, as in
//! `{"translation": {"ar": …, "en": …}}`; objects may also be in an array. Loses the position of
//! the texts among the members: they are written first.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serializer};
use serde_json::value::RawValue;

use super::columns::{self, CellCounts, Evidence};
use super::entry::{BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use super::json_values::{JsonValues, is_array};
use super::note::ReadNote;
use super::table::TextColumns;
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, BitextSchema, FieldValue, MOVED, RawJson, SCHEMA_ROWS, SPANS, field_name};
use crate::bead_writer::full_row;
use crate::error::{Error, Result};
use crate::remedy::FormatRemedy;

pub(crate) const JSONL: FormatEntry = FormatEntry {
    name: "jsonl",
    endings: &["jsonl", "ndjson"],
    description: "One JSON object per pair",
    recognise: |start| {
        let is_json = start.starts_with(b"{") || is_array(start.bytes());
        Likeness::Certain.when(is_json)
    },
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| {
            let values = JsonValues::new(files.first)?;
            Ok(Box::new(ObjectReader::new(values, files.input.columns.clone())))
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
    values: JsonValues,
    /// Objects that were read to find the texts.
    sample: VecDeque<Result<(u64, String)>>,
    /// The names of the texts; those of nested members are joined by full stops.
    names: [Option<String>; 2],
    notes: Vec<ReadNote>,
}

impl ObjectReader {
    fn new(mut values: JsonValues, columns: TextColumns) -> Self {
        let mut sample = VecDeque::new();
        let mut bytes = 0;
        while sample.len() < SCHEMA_ROWS && bytes < MAX_SAMPLE {
            // An error is that of its row, which may be skipped.
            match values.next() {
                Ok(None) => break,
                Ok(Some(value)) => {
                    bytes += value.1.len();
                    sample.push_back(Ok(value));
                }
                Err(error) => {
                    let can_resume = values.can_resume() && error.line().is_some();
                    sample.push_back(Err(error));
                    if !can_resume {
                        break;
                    }
                }
            }
        }
        let texts = sample.iter().filter_map(|value| value.as_ref().ok());
        let (names, notes) = find_names(texts.map(|(_, text)| text.as_str()), columns);
        Self { values, sample, names, notes }
    }

    /// Returns the object that the texts are in, if both are in the same.
    fn parent(&self) -> Option<&str> {
        let [src, tgt] = self.names.each_ref().map(|name| name.as_deref()?.split_once('.'));
        src.zip(tgt).filter(|((a, _), (b, _))| a == b).map(|((parent, _), _)| parent)
    }
}

impl BitextSource for ObjectReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        let value = match self.sample.pop_front() {
            Some(value) => value.map(Some),
            None => self.values.next(),
        };
        let value = value?;
        value.map(|(line, text)| read(&text, line, &self.names)).transpose()
    }

    fn schema(&self) -> BitextSchema {
        let [src, tgt] = self.names.each_ref().map(Option::as_deref);
        let (src, tgt) = (src.unwrap_or("src"), tgt.unwrap_or("tgt"));
        BitextSchema {
            parent: self.parent().map(Arc::from),
            ..BitextSchema::named(src.into(), tgt.into())
        }
    }

    fn notes(&self) -> Vec<ReadNote> {
        self.notes.clone()
    }

    fn can_resume(&self) -> bool {
        !self.sample.is_empty() || self.values.can_resume()
    }
}

/// The maximum size of the objects that are read to find the texts, in bytes.
const MAX_SAMPLE: usize = 1 << 20;
/// The maximum number of names that are examined.
const MAX_NAMES: usize = 1 << 12;
/// How deep members may be nested whose texts are found.
const MAX_DEPTH: usize = 4;

/// Finds the names of the texts in the first objects.
fn find_names<'t>(
    objects: impl Iterator<Item = &'t str>,
    TextColumns { src, tgt, .. }: TextColumns,
) -> ([Option<String>; 2], Vec<ReadNote>) {
    if src.is_some() && tgt.is_some() {
        return ([src, tgt], Vec::new());
    }
    let (mut indices, mut counts) = (HashMap::new(), Vec::new());
    for object in objects {
        let Ok(Members(members)) = serde_json::from_str(object) else { continue };
        for (name, json) in expanded(members, &|_| true, 0) {
            if indices.len() == MAX_NAMES || !is_text(json.get()) {
                continue;
            }
            let next = indices.len();
            let index = *indices.entry(name).or_insert(next);
            if index == counts.len() {
                counts.push(CellCounts::default());
            }
            if let Ok(Some(text)) = serde_json::from_str::<Option<String>>(json.get()) {
                counts[index].add(&text);
            }
        }
    }
    let mut names: Vec<&String> = indices.keys().collect();
    names.sort_by_key(|name| indices[*name]);
    let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    let Some(found) = columns::among_named(&names, &counts) else {
        return ([src, tgt], Vec::new());
    };
    let [found_src, found_tgt] = [found.src, found.tgt].map(|index| names[index].to_owned());
    let mut notes = Vec::new();
    if found.evidence != Evidence::Plain && src.is_none() && tgt.is_none() {
        notes.push(ReadNote::Columns {
            src: format!("\"{found_src}\""),
            tgt: format!("\"{found_tgt}\""),
            by_contents: found.evidence == Evidence::Contents,
        });
    }
    if src.is_none() && tgt.is_none() {
        notes.extend(columns::doubts(&names, [found.src, found.tgt], &counts));
    }
    let other = |named: &String| if *named == found_src { &found_tgt } else { &found_src }.clone();
    let names = match (src, tgt) {
        (Some(src), None) => [Some(src.clone()), Some(other(&src))],
        (None, Some(tgt)) => [Some(other(&tgt)), Some(tgt.clone())],
        (src, tgt) => [src.or(Some(found_src)), tgt.or(Some(found_tgt))],
    };
    (names, notes)
}

fn is_text(json: &str) -> bool {
    json.starts_with('"') || json == "null"
}

/// Returns the members of an object with those of the objects inside it that are wanted, whose names
/// are joined by full stops.
fn expanded(
    members: Vec<(String, Box<RawValue>)>,
    is_wanted: &dyn Fn(&str) -> bool,
    depth: usize,
) -> Vec<(String, Box<RawValue>)> {
    let mut all = Vec::with_capacity(members.len());
    for (name, json) in members {
        if depth < MAX_DEPTH
            && json.get().starts_with('{')
            && is_wanted(&name)
            && let Ok(Members(inner)) = serde_json::from_str(json.get())
        {
            let inner = inner.into_iter().map(|(key, json)| (format!("{name}.{key}"), json));
            all.extend(expanded(inner.collect(), is_wanted, depth + 1));
        } else {
            all.push((name, json));
        }
    }
    all
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
fn read(line: &str, number: u64, names: &[Option<String>; 2]) -> Result<BitextRow> {
    let Members(members) = serde_json::from_str(line).map_err(|error| {
        Error::syntax(
            number,
            format!("this line is not a JSON object: {error}"),
            FormatRemedy::NameColumns,
        )
    })?;
    check_names(&members, number)?;
    // A name with a full stop may be that of a member itself.
    let is_wanted = |name: &str| {
        let is_inside =
            |wanted: &String| wanted.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        names.iter().flatten().any(is_inside)
    };
    let members = expanded(members, &is_wanted, 0);
    check_names(&members, number)?;
    let place =
        |name: &Option<String>| members.iter().position(|(key, _)| Some(key) == name.as_ref());
    let places = match (place(&names[0]), place(&names[1])) {
        (Some(src), Some(tgt)) => Some([src, tgt]),
        // Another object may have other names.
        _ => {
            let keys: Vec<Cow<'_, str>> =
                members.iter().map(|(key, _)| Cow::Borrowed(key.as_str())).collect();
            columns::usual(&keys).first().copied()
        }
    };
    let Some([src, tgt]) = places else {
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).take(8).collect();
        let what = format!("this object lacks source or target; it has: {}", keys.join(", "));
        return Err(Error::syntax(number, what, FormatRemedy::NameColumns));
    };
    if src == tgt {
        let what = "source and target are the same member";
        return Err(Error::syntax(number, what, FormatRemedy::NameColumns));
    }
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
    /// The object that the texts are in, if they are nested.
    parent: Option<String>,
}

impl JsonlLayout {
    fn new(schema: &BitextSchema) -> Self {
        let name =
            |name: &Option<Arc<str>>, default: &str| name.as_deref().unwrap_or(default).to_owned();
        Self {
            names: [name(&schema.src_name, "src"), name(&schema.tgt_name, "tgt")],
            parent: schema.parent.as_deref().map(str::to_owned),
        }
    }
}

impl RowLayout for JsonlLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let bytes = &mut out.files[0];
        let written = match &self.parent {
            None => object(row, &self.names, bytes),
            Some(parent) => nested_object(row, &self.names, parent, bytes),
        };
        written.map_err(|error| Error::writing(error.into()))?;
        bytes.push(b'\n');
        Ok(())
    }
}

/// Writes an object with another in it that has the texts, and the fields that were in it.
fn nested_object(
    row: &BitextRow,
    names: &[String; 2],
    parent: &str,
    bytes: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let inner = |name: &str| {
        name.strip_prefix(parent).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned)
    };
    let (mut inside, mut outside) = (BitextRow::new(&row.src, &row.tgt), Vec::new());
    for (name, value) in &row.fields {
        match inner(name) {
            Some(name) => inside.fields.push((name.into(), value.clone())),
            None => outside.push((name, value)),
        }
    }
    let mut nested = Vec::new();
    let names = names.each_ref().map(|name| inner(name).unwrap_or_else(|| name.clone()));
    object(&inside, &names, &mut nested)?;
    let nested = RawValue::from_string(String::from_utf8_lossy(&nested).into_owned())?;
    let mut json = serde_json::Serializer::new(bytes);
    let mut map = json.serialize_map(None)?;
    map.serialize_entry(parent, &nested)?;
    for (name, value) in outside {
        member(&mut map, name, value)?;
    }
    SerializeMap::end(map)
}

fn object(row: &BitextRow, names: &[String; 2], bytes: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut json = serde_json::Serializer::new(bytes);
    let mut map = json.serialize_map(None)?;
    map.serialize_entry(&names[0], &row.src)?;
    map.serialize_entry(&names[1], &row.tgt)?;
    for (name, value) in &row.fields {
        member(&mut map, name, value)?;
    }
    SerializeMap::end(map)
}

fn member<M: SerializeMap>(map: &mut M, name: &str, value: &FieldValue) -> Result<(), M::Error> {
    match value {
        FieldValue::Text(text) => map.serialize_entry(name, text),
        FieldValue::List(words) => map.serialize_entry(name, words),
        FieldValue::Span(span) => map.serialize_entry(name, span),
        FieldValue::Json(json) => map.serialize_entry(name, json),
        FieldValue::Nothing => map.serialize_entry(name, &()),
        FieldValue::Number(..) => {
            let raw =
                RawValue::from_string(value.to_string()).map_err(serde::ser::Error::custom)?;
            map.serialize_entry(name, &raw)
        }
    }
}
