//! Bilingual subtitles, [SubRip](https://matroska.org/technical/subtitles.html#srt-subtitles): one
//! cue per pair, the source above the target. Written only; subtitles are read as documents.
//!
//! The times are those of `src_time`, or of `tgt_time` if the source has none, each as SubRip
//! writes it: `00:01:02,500 --> 00:01:04,000`; without either they are those of `src_place` or
//! `tgt_place`, which aligned subtitles have. A pair without a time cannot be written.
//!
//! Loses all fields besides the texts and the time, and line breaks in a text, which become spaces.

use super::entry::{FormatEntry, WriterEntry, unrecognisable};
use super::table_layout::flat;
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, FieldValue, Loss};
use crate::bead_writer::timed_row;
use crate::document::DocumentPlace;
use crate::error::{Error, Result};
use crate::format::PLACE_COLUMNS;

pub(crate) const SRT: FormatEntry = FormatEntry {
    name: "srt",
    endings: &["srt"],
    description: "Subtitles in both languages, if the times are known",
    recognise: unrecognisable,
    reader: None,
    writer: Some(WriterEntry {
        files: 1,
        start: |_| Ok(Box::new(SrtLayout::default())),
        bead_row: timed_row,
        metadata_prefix: "",
        single_document: Some("subtitles have no place for the name of a document"),
        needs_times: true,
    }),
    losses: &[Loss::LineBreaks, Loss::Fields],
    has_columns: false,
    is_binary: false,
};

/// Writes cues.
#[derive(Default)]
struct SrtLayout {
    cues: u64,
}

impl RowLayout for SrtLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let time =
            |name: &str| row.get(name).map(FieldValue::to_string).and_then(|text| times(&text));
        let named = time("src_time").or_else(|| time("tgt_time"));
        let Some(times) = named.or_else(|| PLACE_COLUMNS.iter().find_map(|name| shown(row, name)))
        else {
            return Err(Error::syntax(
                row.line,
                "this pair has no time",
                "subtitles need the column src_time or tgt_time, as in 00:01:02,500 --> 00:01:04,000, or \
                 the places that aligned subtitles have",
            ));
        };
        self.cues += 1;
        let texts =
            [&row.src, &row.tgt].map(|text| flat(text, false, &mut out.losses).into_owned());
        let lines: Vec<&str> =
            texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        out.push(&format!("{}\n{times}\n{}\n\n", self.cues, lines.join("\n")));
        let names = row.fields.iter().map(|(name, _)| name);
        out.losses.add_fields(names.filter(|name| !matches!(&***name, "src_time" | "tgt_time")));
        Ok(())
    }
}

/// Returns when the cues that one side of a pair was taken from were shown.
fn shown(row: &BitextRow, name: &str) -> Option<String> {
    let place: DocumentPlace = match row.get(name)? {
        FieldValue::Json(json) => serde_json::from_str(json.get()).ok()?,
        text => text.to_string().parse().ok()?,
    };
    place.subrip_times()
}

/// Checks the times of a cue and returns them as SubRip writes them.
fn times(text: &str) -> Option<String> {
    let (start, end) = text.split_once("-->")?;
    Some(format!("{} --> {}", time(start)?, time(end)?))
}

fn time(text: &str) -> Option<String> {
    let text = text.trim().replace('.', ",");
    let (clock, thousandths) = text.split_once(',')?;
    let parts: Vec<u32> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes, seconds] => (hours, minutes, seconds),
        [minutes, seconds] => (0, minutes, seconds),
        _ => return None,
    };
    let thousandths: u32 = thousandths.parse().ok().filter(|_| thousandths.len() == 3)?;
    (minutes < 60 && seconds < 60)
        .then(|| format!("{hours:02}:{minutes:02}:{seconds:02},{thousandths:03}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::bitext::RawJson;

    fn row(src: &str, tgt: &str, times: &[(&str, &str)]) -> BitextRow {
        let field = |(name, value): &(&str, &str)| {
            (Arc::from(*name), FieldValue::Text((*value).to_owned()))
        };
        let fields = times.iter().map(field).collect();
        BitextRow {
            src: src.to_owned(),
            tgt: tgt.to_owned(),
            fields,
            line: 7,
            ..BitextRow::default()
        }
    }

    #[test]
    fn cues_have_both_languages() {
        let mut layout = SrtLayout::default();
        let mut out = Buffers::default();
        for row in [
            row("نعم\n\nحقا", "Yes", &[("src_time", "00:00:01,000 --> 00:00:02,500")]),
            row("", "No", &[("src_time", ""), ("tgt_time", "01:03.000 --> 1:00:04.000")]),
        ] {
            layout.row(&row, &mut out).expect("a time");
        }
        assert_eq!(
            String::from_utf8_lossy(&out.files[0]),
            "1\n00:00:01,000 --> 00:00:02,500\nنعم  حقا\nYes\n\n2\n00:01:03,000 --> 01:00:04,000\nNo\n\n"
        );
    }

    #[test]
    fn places_supply_the_times_that_no_column_has() {
        let json = r#"{"kind":"cue","blocks":[0,2],"time":[1000,6000],"bytes":[32,129]}"#;
        let json = RawJson::new(json.to_owned()).expect("JSON");
        let text = "cue 0:2 00:00:01.000-00:00:06.000 @32:129".to_owned();
        for place in [FieldValue::Json(json), FieldValue::Text(text)] {
            let fields =
                vec![("src_place".into(), FieldValue::Nothing), ("tgt_place".into(), place)];
            let row = BitextRow { fields, ..row("نعم", "Yes", &[]) };
            let mut out = Buffers::default();
            SrtLayout::default().row(&row, &mut out).expect("a time");
            let written = String::from_utf8_lossy(&out.files[0]);
            assert!(written.starts_with("1\n00:00:01,000 --> 00:00:06,000\n"), "{written}");
        }
    }

    #[test]
    fn pairs_without_a_time_are_refused() {
        for time in ["", "1 --> 2", "00:00:01,000", "00:61:00,000 --> 00:62:00,000"] {
            let row = row("a", "b", &[("src_time", time)]);
            let error = SrtLayout::default().row(&row, &mut Buffers::default()).expect_err(time);
            assert_eq!(error.to_string(), "line 7: this pair has no time");
        }
    }
}
