//! `nasaq segment`: splits a document into sentences.

use std::io::Write;

use nasaq_formats::DocumentPlace;
use nasaq_job::{Warning, document_segments, max_document_bytes};
use serde::Serialize;

use crate::args::SegmentFormat;
use crate::failure::ExitStatus;
use crate::plan::SegmentPlan;
use crate::printer::Printer;

/// A line of `--to jsonl`.
#[derive(Serialize)]
struct SegmentRecord<'a> {
    doc: &'a str,
    segment: usize,
    text: &'a str,
    bytes: [usize; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<DocumentPlace>,
}

/// Reads the document and writes its segments.
pub(crate) fn run(plan: &SegmentPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let document = plan.input.read(&plan.reader.max_bytes(max_document_bytes()))?;
    for note in Warning::of_document(&document) {
        printer.warning(&note);
    }
    let segments = document_segments(&document, &plan.segmenter);
    if let Some(note) = Warning::of_joined_lines(&document, &segments) {
        printer.warning(&note);
    }
    if let Some(note) = Warning::of_running_text(&document, &segments) {
        printer.warning(&note);
    }
    let doc = plan.input.file_name().unwrap_or_default();
    let mut out = plan.output.open()?;
    for (index, segment) in segments.iter().enumerate() {
        match plan.format {
            SegmentFormat::Text => writeln!(out, "{}", one_line(segment.text))?,
            SegmentFormat::Jsonl => {
                let bytes = segment.bytes();
                let record = SegmentRecord {
                    doc: &doc,
                    segment: index,
                    text: segment.text,
                    bytes: [bytes.start, bytes.end],
                    place: document.place(bytes),
                };
                serde_json::to_writer(&mut out, &record).map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
        }
    }
    out.commit()?;
    Ok(ExitStatus::Done)
}

/// Replaces each line break and the white space around it by one space. Every character that some
/// program treats as a line break counts.
fn one_line(text: &str) -> String {
    let breaks = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let lines: Vec<&str> =
        text.split(breaks).map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_become_one_space() {
        assert_eq!(one_line("a\r\n  b\u{2028}c  d\n"), "a b c  d");
    }
}
