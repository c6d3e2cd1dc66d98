//! Writes beads in any format: as rows, except in JSON Lines, which have a line for each bead with
//! all its fields.

use std::io::Write;
use std::sync::Arc;

use crate::bitext::{
    BitextRow, BitextSchema, BitextWriter, FieldValue, Loss, Losses, WriteOptions,
};
use crate::compress::Packer;
use crate::document::DocumentPlace;
use crate::error::{Error, Result};
use crate::format::{BitextHeader, Format, PLACE_COLUMNS, REVIEW_COLUMNS, WORDS_COLUMN};
use crate::jsonl::JsonlWriter;
use crate::metadata::Metadata;
use crate::record::{BeadRecord, Composition};
use crate::tsv::TSV_COLUMNS;

/// Writes beads.
pub struct BeadWriter<W: Write>(BeadSink<W>);

enum BeadSink<W: Write> {
    Jsonl(Box<JsonlWriter<Packer<W>>>),
    Rows {
        writer: Box<BitextWriter<W>>,
        format: Format,
        /// The metadata of the current document.
        metadata: Vec<(Arc<str>, FieldValue)>,
        /// The number of beads so far.
        beads: u64,
        /// What the format has no place for besides what rows hold.
        losses: Losses,
    },
}

impl<W: Write> BeadWriter<W> {
    /// Starts a file; Moses needs two outputs, the source's first, XCES and InterText three, the links
    /// last, and every other format one.
    ///
    /// # Errors
    /// [`ErrorKind::ReadOnly`](crate::ErrorKind::ReadOnly) for a format that can only be read, and
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if writing fails.
    ///
    /// # Panics
    /// Panics if the number of outputs is not the one that the format needs.
    pub fn new(
        format: Format,
        options: WriteOptions,
        mut outs: Vec<W>,
        header: &BitextHeader,
    ) -> Result<Self> {
        if format == Format::Jsonl
            && let Some(out) = outs.pop()
        {
            let out = Packer::new(options.compression, out).map_err(Error::writing)?;
            return Ok(Self(BeadSink::Jsonl(Box::new(JsonlWriter::new(out)))));
        }
        let places = PLACE_COLUMNS.into_iter().filter(|_| header.places);
        let review = REVIEW_COLUMNS.into_iter().filter(|_| header.review);
        let words = header.words.then_some(WORDS_COLUMN);
        let metadata = header.metadata.iter().map(String::as_str);
        let names =
            TSV_COLUMNS.into_iter().chain(places).chain(review).chain(words).chain(metadata);
        let schema = BitextSchema {
            columns: names.map(Arc::from).collect(),
            src_name: Some("src".into()),
            tgt_name: Some("tgt".into()),
            has_header: true,
            // Spreadsheets recognise UTF-8 by it.
            has_bom: true,
            parent: None,
        };
        let writer = Box::new(BitextWriter::new(format, options, outs, &schema, &[], header)?);
        let (metadata, losses) = (Vec::new(), Losses::default());
        Ok(Self(BeadSink::Rows { writer, format, metadata, beads: 0, losses }))
    }

    /// Sets the metadata of the document that the next beads belong to.
    pub fn document(&mut self, new: &Metadata) {
        match &mut self.0 {
            BeadSink::Jsonl(writer) => writer.document(new),
            BeadSink::Rows { metadata, format, .. } => {
                let prefix =
                    format.entry().writer.as_ref().map_or("", |writer| writer.metadata_prefix);
                let field = |(name, text): (&str, String)| {
                    (Arc::from(format!("{prefix}{name}")), FieldValue::Text(text))
                };
                *metadata = new.texts().map(field).collect();
            }
        }
    }

    /// Writes one bead.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if writing fails.
    pub fn write(&mut self, record: &BeadRecord) -> Result<()> {
        match &mut self.0 {
            BeadSink::Jsonl(writer) => writer.write(record),
            BeadSink::Rows { writer, format, metadata, beads, losses } => {
                count_review(record, *format, losses);
                let convert =
                    format.entry().writer.as_ref().map_or(full_row as _, |it| it.bead_row);
                let mut row: BitextRow = convert(record, *beads);
                row.fields.extend(metadata.iter().cloned());
                *beads += 1;
                row.line = *beads;
                writer.write(&row)
            }
        }
    }

    /// Ends the file, flushes it, and returns the outputs and what the format had no place for.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if writing fails.
    pub fn finish(self) -> Result<(Vec<W>, Losses)> {
        match self.0 {
            BeadSink::Rows { writer, losses: of_reviews, .. } => {
                let (outs, mut losses) = writer.finish_with_losses()?;
                losses.extend(of_reviews);
                Ok((outs, losses))
            }
            BeadSink::Jsonl(writer) => {
                let out = writer.finish().finish().map_err(Error::writing)?;
                Ok((vec![out], Losses::default()))
            }
        }
    }
}

/// Counts what a reviewer decided, if the format has no place for it.
fn count_review(record: &BeadRecord, format: Format, losses: &mut Losses) {
    if !format.holds_reviews() && (record.reviewed.is_some() || record.note.is_some()) {
        losses.add(Loss::Review);
    }
    if !format.holds_texts() && matches!(record.composition, Composition::Corrected) {
        losses.add(Loss::Corrections);
    }
}

/// Converts a bead to a row with all its fields.
pub(crate) fn full_row(record: &BeadRecord, _index: u64) -> BitextRow {
    let span = |[start, end]: [usize; 2]| FieldValue::Span([start as u64, end as u64]);
    let segments = |span: [u32; 2]| FieldValue::Span(span.map(u64::from));
    let mut fields: Vec<(Arc<str>, FieldValue)> = vec![
        ("probability".into(), FieldValue::Number(f64::from(record.probability), 4)),
        ("kind".into(), FieldValue::Text(record.kind.to_string())),
        ("doc".into(), FieldValue::Text(record.doc.clone())),
        ("bead".into(), FieldValue::Number(record.bead as f64, 0)),
        ("src_segments".into(), segments(record.src_segments)),
        ("tgt_segments".into(), segments(record.tgt_segments)),
        ("src_bytes".into(), span(record.src_bytes)),
        ("tgt_bytes".into(), span(record.tgt_bytes)),
    ];
    let score = record.score.map(|score| FieldValue::Number(f64::from(score), 4));
    // Behind the kind, where its column is.
    fields.splice(2..2, score.map(|score| ("score".into(), score)));
    if record.moved {
        fields.push(("moved".into(), FieldValue::flag(true)));
    }
    if let Some(counterpart) = record.counterpart {
        fields.push(("counterpart".into(), segments(counterpart)));
    }
    let numbers = [("document_score", record.document_score), ("log_odds", record.log_odds)];
    for (name, number) in numbers {
        fields.extend(number.map(|it| (name.into(), FieldValue::Number(f64::from(it), 4))));
    }
    let places = PLACE_COLUMNS.into_iter().zip([&record.src_place, &record.tgt_place]);
    for (name, place) in places {
        fields.extend(place.as_ref().map(|it| (name.into(), FieldValue::Text(it.to_string()))));
    }
    fields.extend(review_fields(record));
    let words = record.words.as_ref().map(|words| FieldValue::Text(words.clone()));
    fields.extend(words.map(|words| (WORDS_COLUMN.into(), words)));
    BitextRow {
        src: record.src.clone(),
        tgt: record.tgt.clone(),
        fields,
        line: 0,
        ..BitextRow::default()
    }
}

/// Returns what the reviewer decided, as fields.
fn review_fields(record: &BeadRecord) -> impl Iterator<Item = (Arc<str>, FieldValue)> {
    let reviewed = record.reviewed.map(|review| review.name().to_owned());
    let values = [reviewed, record.reviewer.clone(), record.note.clone()];
    let fields = REVIEW_COLUMNS.into_iter().zip(values);
    fields.filter_map(|(name, value)| Some((name.into(), FieldValue::Text(value?))))
}

/// Converts a bead to a row with the times of its places, for subtitles.
pub(crate) fn timed_row(record: &BeadRecord, index: u64) -> BitextRow {
    let mut timed = full_row(record, index);
    let places = ["src_time", "tgt_time"].into_iter().zip([&record.src_place, &record.tgt_place]);
    for (name, place) in places {
        let times = place.as_ref().and_then(DocumentPlace::subrip_times);
        timed.fields.extend(times.map(|times| (name.into(), FieldValue::Text(times))));
    }
    timed
}

/// Converts a bead to a row whose segments become sentences with links between them.
pub(crate) fn linked_row(record: &BeadRecord, _index: u64) -> BitextRow {
    let segments = |span: [u32; 2]| FieldValue::Span(span.map(u64::from));
    let mut fields: Vec<(Arc<str>, FieldValue)> = vec![
        ("probability".into(), FieldValue::Number(f64::from(record.probability), 4)),
        ("kind".into(), FieldValue::Text(record.kind.to_string())),
        ("doc".into(), FieldValue::Text(record.doc.clone())),
        ("src_segments".into(), segments(record.src_segments)),
        ("tgt_segments".into(), segments(record.tgt_segments)),
    ];
    if record.moved {
        fields.push(("moved".into(), FieldValue::flag(true)));
    }
    let mut row = BitextRow::new(&record.src, &record.tgt).with_fields(fields);
    row.origin.segment_ends = record.composition.segment_ends().cloned().map(Box::new);
    row
}

/// Converts a bead to a unit of a translation memory: on one line, with the fields that translators
/// use.
pub(crate) fn unit_row(record: &BeadRecord, index: u64) -> BitextRow {
    let text = |text: &str| text.replace("\r\n", " ").replace(['\r', '\n'], " ");
    let mut fields: Vec<(Arc<str>, FieldValue)> = vec![
        ("tuid".into(), FieldValue::Number(index as f64, 0)),
        ("doc".into(), FieldValue::Text(text(&record.doc))),
        ("kind".into(), FieldValue::Text(record.kind.to_string())),
        ("probability".into(), FieldValue::Number(f64::from(record.probability), 4)),
    ];
    let score = record.document_score.map(|score| FieldValue::Number(f64::from(score), 4));
    fields.extend(score.map(|score| ("document_score".into(), score)));
    if record.moved {
        fields.push(("moved".into(), FieldValue::flag(true)));
    }
    fields.extend(review_fields(record));
    let (src, tgt) = if record.kind.is_null() {
        // A null has no translation, even if its other side has text.
        (String::new(), String::new())
    } else {
        (text(&record.src), text(&record.tgt))
    };
    BitextRow { src, tgt, fields, line: 0, ..BitextRow::default() }
}

#[cfg(test)]
mod tests {
    use nasaq::BeadKind;
    use proptest::prelude::*;

    use super::*;
    use crate::record::strategies::record;
    use crate::{read_ladder, read_tmx, read_tsv};

    fn write(format: Format, records: &[BeadRecord], header: &BitextHeader) -> (String, Losses) {
        let mut writer = BeadWriter::new(format, WriteOptions::default(), vec![Vec::new()], header)
            .expect("memory");
        for record in records {
            writer.write(record).expect("memory");
        }
        let (mut outs, losses) = writer.finish().expect("memory");
        (String::from_utf8(outs.remove(0)).expect("UTF-8"), losses)
    }

    fn bead() -> BeadRecord {
        BeadRecord {
            doc: "a&b".to_owned(),
            bead: 7,
            kind: BeadKind { src: 1, tgt: 2 },
            src: "قال: <نعم>\u{0} & لا".to_owned(),
            tgt: "He said:\r\n\"yes\" & no".to_owned(),
            src_segments: [0, 1],
            tgt_segments: [0, 2],
            src_bytes: [0, 1],
            tgt_bytes: [0, 1],
            probability: 0.5,
            score: Some(0.0),
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
        }
    }

    #[test]
    fn memories_are_as_cat_tools_accept_them() {
        let null = BeadRecord { kind: BeadKind { src: 1, tgt: 0 }, ..bead() };
        let header = BitextHeader {
            version: "1.2".to_owned(),
            settings: vec![("segmented".to_owned(), "true".to_owned())],
            ..BitextHeader::default()
        };
        let (text, losses) = write(Format::Tmx, &[null, bead()], &header);
        assert_eq!(
            text,
            r#"<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4">
  <header creationtool="nasaq" creationtoolversion="1.2" segtype="sentence" o-tmf="nasaq" adminlang="en" srclang="ar" datatype="plaintext">
    <prop type="x-nasaq-segmented">true</prop>
  </header>
  <body>
    <tu tuid="1">
      <prop type="x-nasaq-doc">a&amp;b</prop>
      <prop type="x-nasaq-kind">1-2</prop>
      <prop type="x-nasaq-probability">0.5000</prop>
      <tuv xml:lang="ar"><seg>قال: &lt;نعم&gt; &amp; لا</seg></tuv>
      <tuv xml:lang="en"><seg>He said: "yes" &amp; no</seg></tuv>
    </tu>
  </body>
</tmx>
"#
        );
        assert_eq!(losses.count(&Loss::OneSided), 1);
        assert_eq!(losses.count(&Loss::Characters), 1);
    }

    #[test]
    fn memories_omit_pairs_below_the_minimum_and_other_formats_do_not() {
        let pair = |probability: f32| BeadRecord { probability, ..bead() };
        let pairs = [pair(0.5), pair(0.499_99), pair(0.9)];
        let header = BitextHeader::default().with_min_probability(Some(0.5));
        let (text, losses) = write(Format::Tmx, &pairs, &header);
        assert_eq!((text.matches("<tu ").count(), losses.count(&Loss::Improbable)), (2, 1));
        let (text, losses) = write(Format::Tsv, &pairs, &header);
        assert_eq!((text.lines().count(), losses), (4, Losses::default()));
        let (text, _) = write(Format::Tmx, &pairs, &BitextHeader::default());
        assert_eq!(text.matches("<tu ").count(), 3);
    }

    #[test]
    fn metadata_have_columns() {
        let header = BitextHeader { metadata: vec!["genre".to_owned()], ..BitextHeader::default() };
        let mut writer =
            BeadWriter::new(Format::Csv, WriteOptions::default(), vec![Vec::new()], &header)
                .expect("memory");
        let metadata: Metadata = serde_json::from_str(r#"{"genre":"law"}"#).expect("an object");
        writer.document(&metadata);
        writer.write(&bead()).expect("memory");
        let (outs, _) = writer.finish().expect("memory");
        let text = String::from_utf8_lossy(&outs[0]);
        assert!(
            text.starts_with("\u{feff}src,tgt,probability,") && text.ends_with(",,law\n"),
            "{text}"
        );
    }

    #[test]
    fn places_have_columns_if_they_are_requested() {
        let bead = BeadRecord { src_place: "h1 0:1".parse().ok(), ..bead() };
        for (places, columns) in [(true, 17), (false, 15)] {
            let header = BitextHeader { places, ..BitextHeader::default() };
            let (text, _) = write(Format::Tsv, std::slice::from_ref(&bead), &header);
            assert_eq!(text.lines().next().expect("a header").split('\t').count(), columns);
            let back = read_tsv(&text).expect("a table");
            assert_eq!(back[0].src_place, bead.src_place.clone().filter(|_| places));
        }
    }

    proptest! {
        #[test]
        fn tables_restore_the_beads(beads in prop::collection::vec(record(), 0..6)) {
            let (text, losses) = write(Format::Tsv, &beads, &BitextHeader::default());
            prop_assert_eq!(text.matches('\n').count(), beads.len() + 1);
            prop_assert_eq!(losses, Losses::default());
            let mut back = read_tsv(&text).expect("a table");
            prop_assert_eq!(back.len(), beads.len());
            for (back, bead) in back.iter_mut().zip(&beads) {
                prop_assert!((back.probability - bead.probability).abs() <= 6e-5);
                let near = |a: Option<f32>, b: Option<f32>| {
                    a.is_some() == b.is_some() && a.zip(b).is_none_or(|(a, b)| (a - b).abs() <= 6e-5)
                };
                prop_assert!(near(back.score, bead.score));
                prop_assert!(near(back.document_score, bead.document_score));
                prop_assert!(near(back.log_odds, bead.log_odds));
                (back.probability, back.score) = (bead.probability, bead.score);
                (back.document_score, back.log_odds) = (bead.document_score, bead.log_odds);
                prop_assert_eq!(&*back, bead);
            }
        }

        #[test]
        fn ladders_restore_the_segments(beads in prop::collection::vec(record(), 0..8)) {
            let (text, _) = write(Format::Ladder, &beads, &BitextHeader::default());
            let back = read_ladder(&text).expect("a ladder");
            prop_assert_eq!(back.len(), beads.len());
            for (rung, bead) in back.iter().zip(&beads) {
                let span = |[start, end]: [u32; 2]| (start..end).collect::<Vec<_>>();
                prop_assert_eq!(&rung.src, &span(bead.src_segments));
                prop_assert_eq!(&rung.tgt, &span(bead.tgt_segments));
                prop_assert!((rung.score.expect("a score") - bead.probability).abs() <= 6e-5);
            }
        }

        #[test]
        fn memories_restore_the_units(beads in prop::collection::vec(record(), 0..6)) {
            let (text, _) = write(Format::Tmx, &beads, &BitextHeader::default());
            let units = read_tmx(&text).expect("a memory");
            let one_line = |text: &str| {
                let legal = |c: &char| {
                    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
                };
                let text = text.replace("\r\n", " ").replace(['\r', '\n'], " ");
                text.chars().filter(legal).collect::<String>()
            };
            let expected: Vec<_> = beads
                .iter()
                .filter(|bead| !bead.kind.is_null())
                .filter(|bead| !bead.src.trim().is_empty() && !bead.tgt.trim().is_empty())
                .collect();
            prop_assert_eq!(units.len(), expected.len());
            for (unit, bead) in units.iter().zip(expected) {
                prop_assert_eq!(&unit.variants[0].text, &one_line(&bead.src));
                prop_assert_eq!(&unit.variants[1].text, &one_line(&bead.tgt));
                let kind = bead.kind.to_string();
                prop_assert_eq!(unit.prop("x-nasaq-kind"), Some(kind.as_str()));
                prop_assert_eq!(unit.prop("x-nasaq-moved"), bead.moved.then_some("true"));
            }
        }
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn parquet_of_several_row_groups_is_whole() {
        let mut out = tempfile::Builder::new().suffix(".parquet").tempfile().expect("a file");
        let count = (1 << 17) + 5;
        let mut writer = BeadWriter::new(
            Format::Parquet,
            WriteOptions::default(),
            vec![&mut out],
            &BitextHeader::default(),
        )
        .expect("memory");
        for number in 0..count {
            writer.write(&BeadRecord { bead: number, ..bead() }).expect("memory");
        }
        writer.finish().expect("memory");
        let mut reader = crate::BitextInput::file(out.path()).open().expect("a file");
        for number in 0..count {
            let row = reader.next_row().expect("a row").expect("a row");
            assert_eq!(row.get("bead").and_then(FieldValue::as_number), Some(number as f64));
            assert_eq!(row.get("tgt_segments").map(ToString::to_string).as_deref(), Some("0:2"));
            assert!(row.get("moved").is_none() && row.get("counterpart").is_none());
        }
        assert!(reader.next_row().expect("the end").is_none());
    }
}
