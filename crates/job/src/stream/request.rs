//! A line of a stream: the document that it has, and the line that answers it.

use nasaq_formats::{BeadRecord, Metadata};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::corpus::DocumentSummary;
use crate::document::{SideText, TextPair};
use crate::engine::Engine;
use crate::failure::{Failure, Result};
use crate::message::Message;
use crate::object::UniqueObject;
use crate::remedy::{Remedy, Wording};

/// A line of the output, with its line end.
pub(super) struct StreamReply {
    pub(super) line: Vec<u8>,
    pub(super) failed: bool,
}

/// One side of a document.
#[derive(Clone, Debug, PartialEq)]
enum SideValue {
    /// A text that is not yet divided.
    Text(String),
    /// Segments.
    Segments(Vec<String>),
}

impl SideValue {
    fn as_text(&self) -> SideText<'_> {
        match self {
            Self::Text(text) => SideText::Text(text),
            Self::Segments(segments) => {
                SideText::Segments(segments.iter().map(String::as_str).collect())
            }
        }
    }
}

/// The document of a line.
#[derive(Debug)]
struct StreamRequest {
    src: SideValue,
    tgt: SideValue,
    meta: Metadata,
}

/// The fields of an output line.
#[derive(Debug, Default, Serialize)]
struct ReplyFields {
    id: Value,
    line: usize,
    status: &'static str,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    meta: Metadata,
    error: Option<Message>,
    document_score: Option<f64>,
    src_segments: Option<usize>,
    tgt_segments: Option<usize>,
    warnings: Vec<Message>,
    beads: Vec<BeadRecord>,
}

/// Aligns the document of a line. For a line that is too long, `line` has its length and the max
/// length.
pub(super) fn answer(
    engine: &Engine,
    number: usize,
    line: Result<&[u8], (u64, u64)>,
    wording: Wording,
) -> StreamReply {
    let mut reply = ReplyFields { line: number, status: "ok", ..ReplyFields::default() };
    let result = parse(line, &mut reply.id).and_then(|request| {
        let StreamRequest { src, tgt, meta } = request;
        reply.meta = meta;
        let id = match &reply.id {
            Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        let texts = TextPair::new(&id, [src.as_text(), tgt.as_text()])?;
        let aligned = texts.job(engine)?.run()?;
        let summary = DocumentSummary::new(&aligned, engine.settings(), wording);
        reply.beads = aligned.beads;
        reply.document_score = Some(summary.document_score);
        reply.src_segments = Some(summary.src_segments);
        reply.tgt_segments = Some(summary.tgt_segments);
        reply.warnings = summary.warnings;
        Ok(())
    });
    if let Err(failure) = result {
        reply.error = Some(Message::of_failure(&failure, wording));
        reply.status = "error";
    }
    let mut line = serde_json::to_vec(&reply).expect("keys are strings");
    line.push(b'\n');
    StreamReply { line, failed: reply.error.is_some() }
}

/// Parses a line, and its id even if the rest is wrong.
fn parse(line: Result<&[u8], (u64, u64)>, id: &mut Value) -> Result<StreamRequest> {
    let line = line.map_err(|(bytes, max_bytes)| {
        let reason = format!("the line has {bytes} bytes, and the maximum is {max_bytes}");
        Failure::new("too-large", reason).with_remedy(Remedy::RaiseMemoryLimit)
    })?;
    let UniqueObject(mut fields) = serde_json::from_slice(line).map_err(|error| {
        let what = if error.is_data() { "a JSON object" } else { "JSON" };
        bad(format!("the line is not {what}: {}", without_line(&error)))
    })?;
    match fields.remove("id") {
        Some(found @ (Value::String(_) | Value::Number(_))) => *id = found,
        Some(_) => return Err(bad("id is neither a text nor a number".to_owned())),
        None => return Err(bad("there is no id".to_owned())),
    }
    let src = side(&mut fields, "src")?;
    let tgt = side(&mut fields, "tgt")?;
    let meta = Metadata::deserialize(fields).expect("an object is metadata");
    Ok(StreamRequest { src, tgt, meta })
}

/// Returns the message with its column only: the line that the parser counts is always the first.
fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace(&format!(" at line {} column ", error.line()), " at column ")
}

fn side(fields: &mut Map<String, Value>, name: &str) -> Result<SideValue> {
    let segment = |value| match value {
        Value::String(text) => Ok(text),
        _ => Err(bad(format!("{name}: a segment is not a text"))),
    };
    match fields.remove(name) {
        Some(Value::String(text)) => Ok(SideValue::Text(text)),
        Some(Value::Array(items)) => {
            Ok(SideValue::Segments(items.into_iter().map(segment).collect::<Result<_>>()?))
        }
        Some(_) => Err(bad(format!("{name} is neither a text nor a list of segments"))),
        None => Err(bad(format!("there is no {name}"))),
    }
}

fn bad(reason: String) -> Failure {
    let hint =
        r#"a line looks like {"id": "a", "src": "…", "tgt": "…"}, with texts or lists of them"#;
    Failure::new("request", reason).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(line: &str) -> (Value, Result<StreamRequest>) {
        let mut id = Value::Null;
        let request = parse(Ok(line.as_bytes()), &mut id);
        (id, request)
    }

    #[test]
    fn all_other_fields_are_metadata() {
        let (id, request) = request(r#"{"tgt":["a"," b"],"src":"ا","id":7,"year":1995}"#);
        let request = request.expect("a document");
        assert_eq!(id, 7);
        assert_eq!(request.src, SideValue::Text("ا".to_owned()));
        assert_eq!(request.tgt, SideValue::Segments(vec!["a".to_owned(), " b".to_owned()]));
        assert_eq!(request.meta.text("year").as_deref(), Some("1995"));
    }

    #[test]
    fn bad_lines_have_a_reason_and_the_id_if_it_is_known() {
        for (line, known, reason) in [
            ("", false, "the line is not JSON: EOF while parsing a value at column 0"),
            (
                "[]",
                false,
                "the line is not a JSON object: invalid type: sequence, expected an object at column 0",
            ),
            (
                r#"{"id":1,"id":2}"#,
                false,
                "the line is not a JSON object: the name \"id\" occurs twice at column 15",
            ),
            ("{}", false, "there is no id"),
            (r#"{"id":null}"#, false, "id is neither a text nor a number"),
            (r#"{"id":"a","src":"x"}"#, true, "there is no tgt"),
            (r#"{"id":"a","src":1}"#, true, "src is neither a text nor a list of segments"),
            (
                r#"{"src":"x","tgt":null,"id":"a"}"#,
                true,
                "tgt is neither a text nor a list of segments",
            ),
            (r#"{"id":"a","src":"x","tgt":[1]}"#, true, "tgt: a segment is not a text"),
        ] {
            let (id, request) = request(line);
            assert_eq!(id == "a", known, "{line}");
            assert_eq!(request.expect_err(line).reason(), reason);
        }
    }
}
