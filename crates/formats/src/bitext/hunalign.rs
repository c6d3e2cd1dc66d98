//! The output of [hunalign](https://github.com/danielvarga/hunalign#output), in both of its forms.
//!
//! **Ladder.** `i`, `j` and a score, separated by tabs: a bead begins with source segment `i` and
//! target segment `j` and ends before those of the next line; the last line has the number of
//! segments of each side. It is read together with two files with one segment per line, and the
//! score becomes `score`. When a ladder is written, its score is the probability.
//!
//! **Text** (`-text` of hunalign), which can only be read: source, target and score, separated by
//! tabs; the segments of a side are separated by ` ~~~ `, and the kind is counted from them.
//!
//! A written ladder loses the texts and all fields besides the segments. It can only hold beads
//! that follow each other without a gap on either side, so pairs of moved text become nulls on both
//! sides, which are counted.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use nasaq::{BeadKind, Rung};

use super::entry::{BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use super::ladder::{LadderTexts, RungReader, segments};
use super::lines::{LineReader, TextStream};
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, FieldValue, Loss, MOVED};
use crate::bead_writer::full_row;
use crate::error::{Error, Result};

pub(crate) const HUNALIGN: FormatEntry = FormatEntry {
    name: "hunalign",
    endings: &["hunalign"],
    description: "Ladder of hunalign; its text can be read too",
    recognise: |start| {
        let lines = start.whole_lines();
        Likeness::Certain.when(is_whole_ladder(&lines) || is_text_form(&lines))
    },
    reader: Some(ReaderEntry {
        more_files: &[0, 2],
        open: OpenReader::Text(|files| {
            let Ok(texts) = <[_; 2]>::try_from(files.more) else {
                let lines = LineReader::new(files.first);
                return Ok(Box::new(HunalignTextReader { lines }));
            };
            Ok(Box::new(ladder_reader(files.first, texts)?))
        }),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |_| Ok(Box::new(HunalignLayout::default())),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: Some("a ladder of hunalign has no place for the name of a document"),
        needs_times: false,
    }),
    losses: &[Loss::Moved],
    has_columns: false,
    is_binary: false,
};

/// The separator of the segments of a side.
const SEPARATOR: &str = " ~~~ ";
/// The maximum number of segments of a bead on one side.
const MAX_SEGMENTS: u32 = 100_000;

/// A line of a ladder: where a bead begins on each side, and its score.
#[derive(Clone, Copy)]
struct RungPlace {
    segments: [u32; 2],
    score: f32,
}

/// Opens a ladder with its texts.
pub(super) fn ladder_reader(
    stream: TextStream,
    texts: [(TextStream, PathBuf); 2],
) -> Result<RungReader> {
    let texts = LadderTexts::read(texts)?;
    let places = read_hunalign(&mut LineReader::new(stream))?;
    if let Some(last) = places.last() {
        // Before any list of segments is made: a short ladder may claim billions.
        let counts = last.segments.map(|count| count as usize);
        if counts.iter().zip(texts.counts()).any(|(count, lines)| *count > lines) {
            return Err(texts.mismatch(counts));
        }
    }
    RungReader::new(rungs(&places), "score", texts)
}

/// Reports whether a text begins like a ladder of hunalign: with two numbers, and a third that is a
/// score.
pub(super) fn is_ladder(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    let Ok(line) = std::str::from_utf8(line.unwrap_or_default()) else { return false };
    let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
    let is_index = |cell: &&str| cell.parse::<u32>().is_ok();
    matches!(cells.len(), 2 | 3)
        && cells[..2].iter().all(is_index)
        && cells.get(2).is_none_or(|score| score.parse::<f32>().is_ok())
}

/// Reports whether lines are rungs of a ladder, from its beginning.
fn is_whole_ladder(lines: &[&[u8]]) -> bool {
    lines.len() > 1 && lines[0].starts_with(b"0\t0\t") && lines.iter().all(|line| is_ladder(line))
}

/// Reports whether lines are beads of the text form: with a score, and some with several segments.
fn is_text_form(lines: &[&[u8]]) -> bool {
    let is_bead = |line: &&[u8]| {
        let cells: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
        let score = std::str::from_utf8(cells.last().copied().unwrap_or_default());
        cells.len() == 3 && score.is_ok_and(|score| score.trim().parse::<f32>().is_ok())
    };
    let has_separator =
        |line: &&[u8]| line.windows(SEPARATOR.len()).any(|window| window == SEPARATOR.as_bytes());
    lines.iter().any(has_separator) && lines.iter().all(is_bead)
}

/// Reads the beads of a ladder from its text.
pub(super) fn read_beads(text: &str) -> Result<Vec<Rung>> {
    let stream: TextStream = Box::new(Cursor::new(text.as_bytes().to_vec()));
    let places = read_hunalign(&mut LineReader::new(stream))?;
    Ok(rungs(&places))
}

/// Reads the lines of a ladder.
fn read_hunalign(lines: &mut LineReader) -> Result<Vec<RungPlace>> {
    let mut places: Vec<RungPlace> = Vec::new();
    while let Some(line) = lines.next()?.map(str::to_owned) {
        if line.trim().is_empty() {
            continue;
        }
        let mut cells = line.split('\t').map(str::trim);
        let mut number = || cells.next().and_then(|cell| cell.parse::<u32>().ok());
        let place = number().zip(number());
        let score = cells.next().map_or(Some(0.0), |cell| cell.parse::<f32>().ok());
        let rest = cells.next();
        let number = lines.number();
        let (Some((src, tgt)), Some(score), None) = (place, score.filter(|s| s.is_finite()), rest)
        else {
            return Err(Error::syntax(
                number,
                "this line is not a rung of hunalign",
                "a rung is two numbers and a score, separated by tabs; if the file is the text form of \
                 hunalign, pass it alone, without its texts",
            ));
        };
        if let Some(RungPlace { segments: [from_src, from_tgt], .. }) = places.last().copied() {
            let too_far = |from: u32, to: u32| to < from || to - from > MAX_SEGMENTS;
            if too_far(from_src, src) || too_far(from_tgt, tgt) {
                let what = format!("the rung {src}, {tgt} goes back or too far ahead");
                return Err(Error::syntax(number, what, "rungs ascend on both sides"));
            }
        }
        places.push(RungPlace { segments: [src, tgt], score });
    }
    Ok(places)
}

/// Returns the beads of a ladder: each ends where the next begins.
fn rungs(places: &[RungPlace]) -> Vec<Rung> {
    let rung = |pair: &[RungPlace]| {
        let side = |side: usize| -> Vec<u32> {
            (pair[0].segments[side]..pair[1].segments[side]).collect()
        };
        Rung::new(side(0), side(1)).with_score(pair[0].score)
    };
    places.windows(2).map(rung).collect()
}

/// Reads the text form.
struct HunalignTextReader {
    lines: LineReader,
}

impl BitextSource for HunalignTextReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        let Some(line) = self.lines.next()? else { return Ok(None) };
        let cells: Vec<&str> = line.split('\t').collect();
        let score = cells.get(2).and_then(|cell| cell.trim().parse::<f64>().ok());
        let (&[src, tgt, _], Some(score)) = (&cells[..], score.filter(|score| score.is_finite()))
        else {
            let number = self.lines.number();
            return Err(Error::syntax(
                number,
                "this line is not in the text form of hunalign",
                "it has source, target and score, separated by tabs; a ladder is read together with its \
                 two texts",
            ));
        };
        let count =
            |text: &str| text.split(SEPARATOR).filter(|part| !part.trim().is_empty()).count();
        let kind = BeadKind { src: count(src), tgt: count(tgt) };
        let fields: Vec<(Arc<str>, FieldValue)> = vec![
            ("score".into(), FieldValue::Number(score, 4)),
            ("kind".into(), FieldValue::Text(kind.to_string())),
        ];
        let joined = |text: &str| text.replace(SEPARATOR, " ").trim().to_owned();
        let row = BitextRow {
            src: joined(src),
            tgt: joined(tgt),
            fields,
            line: self.lines.number(),
            ..BitextRow::default()
        };
        Ok(Some(row))
    }

    fn can_resume(&self) -> bool {
        true
    }
}

/// Writes ladders.
///
/// The ladder is written at the end: only then is it known which target segments belong to moved
/// text, so that they can be nulls in their place.
#[derive(Default)]
struct HunalignLayout {
    rows: Vec<RungRow>,
}

/// What a ladder has of a row.
struct RungRow {
    src: [u64; 2],
    tgt: [u64; 2],
    score: f64,
    is_moved: bool,
    line: u64,
}

impl RungRow {
    fn is_pair(&self) -> bool {
        self.src[0] < self.src[1] && self.tgt[0] < self.tgt[1]
    }
}

impl RowLayout for HunalignLayout {
    fn row(&mut self, row: &BitextRow, _: &mut Buffers) -> Result<()> {
        let [src, tgt] = segments(row)?;
        let score =
            row.get("probability").or_else(|| row.get("score")).and_then(FieldValue::as_number);
        let score = score.unwrap_or(0.0);
        let is_moved = row.get(MOVED).and_then(FieldValue::as_flag) == Some(true);
        self.rows.push(RungRow { src, tgt, score, is_moved, line: row.line });
        Ok(())
    }

    fn end(&mut self, out: &mut Buffers) -> Result<()> {
        let moved = self.rows.iter().filter(|row| row.is_moved).count();
        let rungs = if moved == 0 { in_order(&self.rows)? } else { around_moves(&self.rows)? };
        (0..moved).for_each(|_| out.losses.add(Loss::Moved));
        for ([src, tgt], score) in rungs {
            out.push(&format!("{src}\t{tgt}\t{score:.4}\n"));
        }
        Ok(())
    }
}

/// A line of a ladder: where a bead begins, and its score.
type RungStart = ([u64; 2], f64);

/// Returns the lines of beads that follow each other on both sides.
fn in_order(rows: &[RungRow]) -> Result<Vec<RungStart>> {
    for pair in rows.windows(2) {
        if [pair[0].src[1], pair[0].tgt[1]] != [pair[1].src[0], pair[1].tgt[0]] {
            return Err(out_of_order(&pair[1]));
        }
    }
    let end = rows.last().map(|row| ([row.src[1], row.tgt[1]], 0.0));
    Ok(rows.iter().map(|row| ([row.src[0], row.tgt[0]], row.score)).chain(end).collect())
}

/// Returns the lines of beads some of which are moved: these become nulls on both sides.
fn around_moves(rows: &[RungRow]) -> Result<Vec<RungStart>> {
    let mut rungs = Vec::with_capacity(rows.len() + 1);
    let mut end = [rows[0].src[0], 0];
    for row in rows {
        if row.src[0] != end[0] || row.is_pair() && !row.is_moved && row.tgt[0] < end[1] {
            return Err(out_of_order(row));
        }
        if row.is_pair() && !row.is_moved {
            if row.tgt[0] > end[1] {
                rungs.push((end, 0.0));
            }
            rungs.push(([row.src[0], row.tgt[0]], row.score));
            end = [row.src[1], row.tgt[1]];
        } else if row.src[0] < row.src[1] {
            rungs.push((end, if row.is_moved { 0.0 } else { row.score }));
            end[0] = row.src[1];
        }
    }
    let last = rows.iter().map(|row| row.tgt[1]).max().unwrap_or(end[1]);
    if last > end[1] {
        rungs.push((end, 0.0));
    }
    rungs.push(([end[0], last], 0.0));
    Ok(rungs)
}

fn out_of_order(row: &RungRow) -> Error {
    Error::syntax(
        row.line,
        "this pair does not follow the one before it",
        "a ladder of hunalign has all beads of one document in order; use the format ladder",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static str) -> LineReader {
        LineReader::new(Box::new(text.as_bytes()))
    }

    #[test]
    fn a_rung_ends_where_the_next_begins() {
        let places = read_hunalign(&mut lines("0\t0\t0.5\n1\t2\t-0.25\n1\t3\t1\n2\t3\t0\n"));
        let rung = |src: &[u32], tgt: &[u32], score| Rung::new(src, tgt).with_score(score);
        let expected = [rung(&[0], &[0, 1], 0.5), rung(&[], &[2], -0.25), rung(&[1], &[], 1.0)];
        assert_eq!(rungs(&places.expect("a ladder")), expected);
    }

    fn written(rows: &[([u64; 2], [u64; 2], bool)]) -> Result<(String, u64)> {
        let (mut layout, mut out) = (HunalignLayout::default(), Buffers::default());
        for &(src, tgt, is_moved) in rows {
            let row = BitextRow::new("", "").with_fields([
                ("src_segments".into(), FieldValue::Span(src)),
                ("tgt_segments".into(), FieldValue::Span(tgt)),
                ("probability".into(), FieldValue::Number(0.5, 4)),
                ("moved".into(), FieldValue::flag(is_moved)),
            ]);
            layout.row(&row, &mut out)?;
        }
        layout.end(&mut out)?;
        let text = String::from_utf8_lossy(&out.files[0]).into_owned();
        Ok((text, out.losses.count(&Loss::Moved)))
    }

    #[test]
    fn moved_pairs_become_nulls_on_both_sides() {
        let rows = [
            ([0, 1], [0, 1], false),
            ([1, 2], [3, 4], true),
            ([2, 2], [4, 5], false),
            ([2, 3], [5, 6], true),
            ([3, 4], [1, 3], false),
            ([4, 5], [6, 7], false),
        ];
        let (text, losses) = written(&rows).expect("a ladder");
        let expected = "0\t0\t0.5000\n1\t1\t0.0000\n2\t1\t0.0000\n3\t1\t0.5000\n\
                        4\t3\t0.0000\n4\t6\t0.5000\n5\t7\t0.0000\n";
        assert_eq!((text.as_str(), losses), (expected, 2));
        let back = read_hunalign(&mut LineReader::new(Box::new(Cursor::new(text))));
        let kinds: Vec<String> =
            rungs(&back.expect("a ladder")).iter().map(|rung| rung.kind().to_string()).collect();
        assert_eq!(kinds, ["1-1", "1-0", "1-0", "1-2", "0-3", "1-1"]);
        let error = written(&[([0, 1], [3, 4], false), ([1, 2], [0, 1], false)]).map(|_| ());
        let error = error.expect_err("out of order").to_string();
        assert!(error.contains("does not follow the one before"), "{error}");
    }

    #[test]
    fn other_files_are_refused() {
        for (text, start) in [
            ("0\t0\t0\n1\t1\n\nx\t2\t0\n", "line 4: this line is not a rung"),
            ("1\t1\t0\n0\t2\t0\n", "line 2: the rung 0, 2 goes back"),
            ("0\t0\tnan\n", "line 1: this line is not a rung"),
        ] {
            let error =
                read_hunalign(&mut lines(text)).map(|_| ()).expect_err("no ladder").to_string();
            assert!(error.starts_with(start), "{error}");
        }
    }

    #[test]
    fn the_text_form_has_its_segments_joined_and_counted() {
        let lines = lines("نعم. ~~~ لا.\tYes. No.\t0.75\n\tLost.\t-0.3\n");
        let mut text = HunalignTextReader { lines };
        let row = text.next_row().expect("a row").expect("a row");
        assert_eq!((row.src.as_str(), row.tgt.as_str()), ("نعم. لا.", "Yes. No."));
        assert_eq!(row.get("kind").map(ToString::to_string).as_deref(), Some("2-1"));
        let row = text.next_row().expect("a row").expect("a row");
        assert_eq!(row.get("kind").map(ToString::to_string).as_deref(), Some("0-1"));
    }
}
