//! `nasaq segment`: a document in, its sentences out.

use std::io::Write;

use nasaq_formats::DocumentPlace;
use nasaq_job::document_segments;
use serde::Serialize;

use crate::args::SegmentFormat;
use crate::failure::ExitStatus;
use crate::plan::SegmentPlan;
use crate::printer::Printer;

/// One line of `--to jsonl`.
#[derive(Serialize)]
struct SegmentRecord<'a> {
    doc: &'a str,
    segment: usize,
    text: &'a str,
    bytes: [usize; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<DocumentPlace>,
}

/// Reads, cuts, writes.
pub(crate) fn run(plan: &SegmentPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let document = plan.input.read(&plan.reader)?;
    if let Some(note) = document.encoding_note() {
        printer.note(&note);
    }
    let doc = plan.input.file_name().unwrap_or_default();
    let mut out = plan.output.open()?;
    for (number, segment) in document_segments(&document, plan.language).iter().enumerate() {
        match plan.format {
            SegmentFormat::Text => writeln!(out, "{}", one_line(segment.text))?,
            SegmentFormat::Jsonl => {
                let bytes = segment.bytes();
                let record = SegmentRecord {
                    doc: &doc,
                    segment: number,
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

/// Makes each line break, with the white space around it, one space, so that a line stays a line
/// for every program that reads it.
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
