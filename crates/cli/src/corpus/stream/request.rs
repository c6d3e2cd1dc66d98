//! A line of a stream: what it asks for, and the line that answers it.

use nasaq::Segment;
use nasaq_formats::{BeadRecord, Document, Metadata};
use serde::Serialize;
use serde_json::Value;

use crate::corpus::metrics::Metrics;
use crate::corpus::work::{self, Told};
use crate::engine::Engine;

/// A line of the output, with its end.
pub(super) struct Answer {
    pub(super) line: Vec<u8>,
    pub(super) failed: bool,
}

/// One side of a document.
#[derive(Clone, Debug, PartialEq)]
enum Text {
    /// As it is, to be cut.
    Raw(String),
    /// Cut by somebody else.
    Segments(Vec<String>),
}

/// What a line asks for.
#[derive(Debug)]
struct Request {
    src: Text,
    tgt: Text,
    meta: Metadata,
}

/// What is answered.
#[derive(Debug, Default, Serialize)]
struct Reply {
    id: Value,
    line: usize,
    status: &'static str,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    meta: Metadata,
    error: Option<Told>,
    document_score: Option<f64>,
    src_segments: Option<usize>,
    tgt_segments: Option<usize>,
    warnings: Vec<Told>,
    beads: Vec<BeadRecord>,
}

/// Aligns the document of a line. Of a line that is too long there are its length and what is the
/// most.
pub(super) fn answer(
    engine: &Engine<'_>,
    place: usize,
    line: Result<&[u8], (u64, u64)>,
    metrics: &Metrics,
) -> Answer {
    let mut reply = Reply { line: place, status: "ok", ..Reply::default() };
    let error = read(line, &mut reply.id).and_then(|request| {
        reply.meta = request.meta;
        let id = match &reply.id {
            Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        let documents =
            [document(&id, "source", &request.src)?, document(&id, "target", &request.tgt)?];
        let cut = || {
            let [src, tgt] = engine.segments([&documents[0], &documents[1]]);
            [request.src.or(src), request.tgt.or(tgt)]
        };
        let [src, tgt] = &documents;
        let (beads, aligned) = work::align_cut(engine, &id, [src, tgt], cut, metrics)?;
        reply.beads = beads;
        reply.document_score = Some(aligned.document_score);
        reply.src_segments = Some(aligned.src_segments);
        reply.tgt_segments = Some(aligned.tgt_segments);
        reply.warnings = aligned.warnings;
        Ok(())
    });
    reply.error = error.err();
    if reply.error.is_some() {
        reply.status = "error";
    }
    let mut line = serde_json::to_vec(&reply).expect("all keys are texts");
    line.push(b'\n');
    Answer { line, failed: reply.error.is_some() }
}

/// Reads a line, and its id even where the rest is wrong.
fn read(line: Result<&[u8], (u64, u64)>, id: &mut Value) -> Result<Request, Told> {
    let line = line.map_err(|(bytes, most)| Told {
        kind: "too-large".to_owned(),
        reason: format!("the line has {bytes} bytes, and {most} can be worked on"),
        hint: Some("give --max-memory more, or cut the document at chapters".to_owned()),
    })?;
    let value: Value = serde_json::from_slice(line)
        .map_err(|error| bad(format!("the line is not JSON: {}", in_line(&error))))?;
    let Value::Object(mut fields) = value else {
        return Err(bad("the line is not a JSON object".to_owned()));
    };
    match fields.remove("id") {
        Some(found @ (Value::String(_) | Value::Number(_))) => *id = found,
        Some(_) => return Err(bad("id is neither a text nor a number".to_owned())),
        None => return Err(bad("there is no id".to_owned())),
    }
    let src = text(&mut fields, "src")?;
    let tgt = text(&mut fields, "tgt")?;
    Ok(Request { src, tgt, meta: fields })
}

/// Says what is wrong and at which column; the line that the parser counts is always the first.
fn in_line(error: &serde_json::Error) -> String {
    error.to_string().replace(&format!(" at line {} column ", error.line()), " at column ")
}

fn text(fields: &mut Metadata, name: &str) -> Result<Text, Told> {
    let segment = |value| match value {
        Value::String(text) => Ok(text),
        _ => Err(bad(format!("{name}: a segment is not a text"))),
    };
    match fields.remove(name) {
        Some(Value::String(text)) => Ok(Text::Raw(text)),
        Some(Value::Array(items)) => {
            Ok(Text::Segments(items.into_iter().map(segment).collect::<Result<_, _>>()?))
        }
        Some(_) => Err(bad(format!("{name} is neither a text nor a list of segments"))),
        None => Err(bad(format!("there is no {name}"))),
    }
}

fn bad(reason: String) -> Told {
    let hint =
        r#"a line looks like {"id": "a", "src": "…", "tgt": "…"}, with texts or lists of them"#;
    Told { kind: "request".to_owned(), reason, hint: Some(hint.to_owned()) }
}

fn document(id: &str, side: &str, text: &Text) -> Result<Document, Told> {
    let bytes = match text {
        Text::Raw(text) => text.clone(),
        Text::Segments(items) => items.join("\n"),
    };
    Document::from_bytes(format!("{id} ({side} text)"), bytes.into_bytes())
        .map_err(Told::unreadable)
}

impl Text {
    /// Gives the segments that were given, or else those that were cut.
    fn or<'t>(&'t self, cut: Vec<Segment<'t>>) -> Vec<Segment<'t>> {
        match self {
            Self::Raw(_) => cut,
            Self::Segments(items) => nasaq::items(items),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(line: &str) -> (Value, Result<Request, Told>) {
        let mut id = Value::Null;
        let request = read(Ok(line.as_bytes()), &mut id);
        (id, request)
    }

    #[test]
    fn all_else_is_metadata() {
        let (id, request) = request(r#"{"tgt":["a"," b"],"src":"ا","id":7,"year":1995}"#);
        let request = request.expect("a document");
        assert_eq!(id, 7);
        assert_eq!(request.src, Text::Raw("ا".to_owned()));
        assert_eq!(request.tgt, Text::Segments(vec!["a".to_owned(), " b".to_owned()]));
        assert_eq!(request.meta["year"], 1995);
    }

    #[test]
    fn bad_lines_say_what_is_wrong_and_whose_they_are() {
        for (line, known, reason) in [
            ("", false, "the line is not JSON: EOF while parsing a value at column 0"),
            ("[]", false, "the line is not a JSON object"),
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
            assert_eq!(request.expect_err(line).reason, reason);
        }
    }
}
