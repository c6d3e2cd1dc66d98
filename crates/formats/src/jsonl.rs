//! [JSON Lines](https://jsonlines.org/) of beads: one object per bead, with the fields of
//! [`BeadRecord`].
//!
//! Loses nothing of a bead. The metadata of a document, if it has any, are the object `meta` of
//! each of its beads. No line describes the file as a whole, so the settings of the alignment are
//! not in it. The reader skips empty lines and unknown fields.

use std::io::Write;

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::metadata::Metadata;
use crate::record::BeadRecord;

/// Writes beads as objects.
#[derive(Debug)]
pub struct JsonlWriter<W> {
    out: W,
    metadata: Metadata,
}

/// A bead and the metadata of its document.
#[derive(Serialize)]
struct BeadLine<'a> {
    #[serde(flatten)]
    record: &'a BeadRecord,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    meta: &'a Metadata,
}

impl<W: Write> JsonlWriter<W> {
    /// Starts a file; it has no header.
    pub fn new(out: W) -> Self {
        Self { out, metadata: Metadata::new() }
    }

    /// Sets the metadata of the document that the next beads belong to.
    pub(crate) fn document(&mut self, metadata: &Metadata) {
        self.metadata.clone_from(metadata);
    }

    /// Writes one object.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if writing fails.
    pub fn write(&mut self, record: &BeadRecord) -> Result<()> {
        serde_json::to_writer(&mut self.out, &BeadLine { record, meta: &self.metadata })
            .map_err(|error| Error::writing(error.into()))?;
        self.out.write_all(b"\n").map_err(Error::writing)
    }

    /// Returns the output.
    pub fn finish(self) -> W {
        self.out
    }
}

/// Reads beads.
///
/// # Errors
/// [`ErrorKind::Json`] with the line, for a line that is not a bead.
pub fn read_jsonl(text: &str) -> Result<Vec<BeadRecord>> {
    text.lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty())
        .map(|(line, number)| {
            serde_json::from_str(line)
                .map_err(|error| Error::from(ErrorKind::Json(error.into())).at_line(number))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use nasaq::BeadKind;
    use proptest::prelude::*;

    use super::*;
    use crate::record::Composition;
    use crate::record::strategies::placed_record;

    #[test]
    fn the_fields_of_a_line_are_stable() {
        let record = BeadRecord {
            doc: "news".to_owned(),
            bead: 3,
            kind: BeadKind { src: 1, tgt: 2 },
            src: "سطر\nآخر".to_owned(),
            tgt: "One. Two.".to_owned(),
            src_segments: [4, 5],
            tgt_segments: [4, 6],
            src_bytes: [100, 113],
            tgt_bytes: [90, 99],
            probability: 0.93,
            score: Some(-0.5),
            document_score: None,
            log_odds: None,
            moved: false,
            counterpart: None,
            src_place: None,
            tgt_place: None,
            reviewed: None,
            reviewer: None,
            note: None,
            words: None,
            composition: Composition::Unknown,
        };
        let mut writer = JsonlWriter::new(Vec::new());
        writer.write(&record).expect("memory");
        assert_eq!(
            String::from_utf8(writer.finish()).expect("UTF-8"),
            concat!(
                r#"{"doc":"news","bead":3,"kind":"1-2","src":"سطر\nآخر","tgt":"One. Two.","#,
                r#""src_segments":[4,5],"tgt_segments":[4,6],"src_bytes":[100,113],"#,
                r#""tgt_bytes":[90,99],"probability":0.93,"score":-0.5}"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_span_in_moved_is_the_counterpart_as_earlier_versions_wrote_it() {
        let read = |more: &str| {
            let line = format!(
                r#"{{"doc":"a","bead":0,"kind":"1-0","src":"س","tgt":"","src_segments":[0,1],{}"#,
                format_args!(
                    r#""tgt_segments":[0,0],"src_bytes":[0,2],"tgt_bytes":[0,0],{}{more}}}"#,
                    r#""probability":0.5,"score":0.0"#
                )
            );
            let record = read_jsonl(&line).expect("a bead").remove(0);
            (record.moved, record.counterpart)
        };
        assert_eq!(read(r#","moved":[7,9]"#), (false, Some([7, 9])));
        assert_eq!(read(r#","counterpart":[7,9]"#), (false, Some([7, 9])));
        assert_eq!(read(r#","moved":true"#), (true, None));
        assert_eq!(read(""), (false, None));
    }

    #[test]
    fn errors_name_the_line() {
        let error = read_jsonl("\n{\"doc\":1}\n").expect_err("no bead");
        assert_eq!(error.to_string(), "line 2: this line is not a bead");
        assert!(std::error::Error::source(&error).is_some());
    }

    proptest! {
        #[test]
        fn reading_restores_what_was_written(beads in prop::collection::vec(placed_record(), 0..6)) {
            let mut writer = JsonlWriter::new(Vec::new());
            for bead in &beads {
                writer.write(bead).expect("memory");
            }
            let text = String::from_utf8(writer.finish()).expect("UTF-8");
            prop_assert_eq!(read_jsonl(&text).expect("beads"), beads);
        }
    }
}
