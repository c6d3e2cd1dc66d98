//! Ladders as vecalign writes them: `[0, 1]:[2]:0.9300`, one bead per line, segments from 0.
//!
//! Described in the [README of vecalign](https://github.com/thompsonb/vecalign#run-vecalign). The
//! third field, which is a cost there, is the probability in ladders of nasaq and may be missing. It is
//! a cost if the format is named `vecalign`, if a number is above 1, or if all have six decimals as
//! vecalign writes them; ladders of nasaq have four. A null has `[]` on one side. The reader skips empty lines and lines that begin with `#`, and allows spaces
//! anywhere.
//!
//! A ladder has no texts: as a bitext it is read together with two files with one segment per line,
//! which are held in memory. The segments of a bead must be consecutive, and the ladder must end
//! where both texts end: the ladder of other texts would pair unrelated lines.
//!
//! Loses the texts and all fields besides the segments, and all but four decimals of the
//! probability.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use nasaq::Rung;

use super::entry::{
    BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry, unrecognisable,
};
use super::hunalign;
use super::ladder_gaps::LadderGaps;
use super::lines::{LineReader, TextStream};
use super::note::ReadNote;
use super::table_dialect::{START, peeked};
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, FieldValue};
use crate::bead_writer::full_row;
use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;

pub(crate) const LADDER: FormatEntry = FormatEntry {
    name: "ladder",
    endings: &["ladder"],
    description: "Index lists as vecalign writes them",
    recognise: |start| {
        let line = std::str::from_utf8(start.first_line()).unwrap_or_default().trim();
        Likeness::Certain.when(line.starts_with('[') && rung(line).is_ok())
    },
    reader: Some(ReaderEntry {
        more_files: &[2],
        open: OpenReader::Text(|files| {
            let Ok(texts) = <[_; 2]>::try_from(files.more) else {
                return Err(ErrorKind::Empty.into());
            };
            Ok(Box::new(RungReader::open(files.first, texts, false)?))
        }),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |_| Ok(Box::new(LadderLayout)),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: Some("a ladder has no place for the name of a document"),
        needs_times: false,
    }),
    losses: &[],
    has_columns: false,
    is_binary: false,
};

pub(crate) const VECALIGN: FormatEntry = FormatEntry {
    name: "vecalign",
    endings: &["vecalign"],
    description: "Index lists with costs, as vecalign writes them",
    recognise: unrecognisable,
    reader: Some(ReaderEntry {
        more_files: &[2],
        open: OpenReader::Text(|files| {
            let Ok(texts) = <[_; 2]>::try_from(files.more) else {
                return Err(ErrorKind::Empty.into());
            };
            Ok(Box::new(RungReader::open(files.first, texts, true)?))
        }),
    }),
    writer: None,
    losses: &[],
    has_columns: false,
    is_binary: false,
};

const EXPECTED_RUNG: &str = "a line of a ladder looks like [0, 1]:[2] or [0, 1]:[2]:0.93";

/// Reads a ladder of vecalign, of nasaq or of hunalign.
///
/// # Errors
/// [`ErrorKind::Syntax`] with the line, for a line that is not a rung.
pub fn read_ladder(text: &str) -> Result<Vec<Rung>> {
    if hunalign::is_ladder(text.as_bytes()) {
        return hunalign::read_beads(text);
    }
    let mut rungs = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            rungs.push(rung(line).map_err(|what| Error::syntax(number, what, EXPECTED_RUNG))?);
        }
    }
    Ok(rungs)
}

fn rung(line: &str) -> Result<Rung, String> {
    let mut fields = line.splitn(3, ':');
    let mut side = || indices(fields.next().unwrap_or_default());
    let (src, tgt) = (side()?, side()?);
    let score = match fields.next().map(str::trim) {
        None | Some("") => None,
        Some(score) => match score.parse::<f32>() {
            Ok(score) if score.is_finite() => Some(score),
            _ => return Err(format!("\"{}\" is not a score", short(score))),
        },
    };
    Ok(Rung::new(src, tgt).with_score(score))
}

fn indices(field: &str) -> Result<Vec<u32>, String> {
    let inner = field
        .trim()
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .ok_or_else(|| format!("\"{}\" is not a list of segments", short(field)))?
        .trim();
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    inner
        .split(',')
        .map(|index| {
            let index = index.trim();
            index.parse().map_err(|_| format!("\"{}\" is not a segment index", short(index)))
        })
        .collect()
}

/// Truncates a quotation in a message, because a file of another format may have long lines.
fn short(text: &str) -> String {
    const MAX_QUOTE: usize = 40;
    let mut cut: String = text.trim().chars().take(MAX_QUOTE).collect();
    if text.trim().chars().count() > MAX_QUOTE {
        cut.push('…');
    }
    cut
}

/// Writes one line of a ladder; a score is written with four decimals.
///
/// # Errors
/// [`ErrorKind::Io`] if writing fails.
pub fn write_rung(out: &mut impl Write, rung: &Rung) -> Result<()> {
    let list = |side: &[u32]| {
        let numbers: Vec<String> = side.iter().map(u32::to_string).collect();
        format!("[{}]", numbers.join(", "))
    };
    let (src, tgt) = (list(&rung.src), list(&rung.tgt));
    match rung.score {
        Some(score) => writeln!(out, "{src}:{tgt}:{score:.4}"),
        None => writeln!(out, "{src}:{tgt}"),
    }
    .map_err(Error::writing)
}

/// The maximum length of a ladder in bytes.
const MAX_LADDER: u64 = 1 << 30;

/// The segments of both texts of a ladder.
pub(super) struct LadderTexts {
    texts: [Vec<String>; 2],
    paths: [PathBuf; 2],
}

impl LadderTexts {
    /// Reads both texts, one segment per line.
    pub(super) fn read(
        [(src, src_path), (tgt, tgt_path)]: [(TextStream, PathBuf); 2],
    ) -> Result<Self> {
        let lines = |stream: TextStream, path: &PathBuf| -> Result<Vec<String>> {
            let mut lines = LineReader::new(stream);
            let mut texts = Vec::new();
            while let Some(line) = lines.next().map_err(|error| error.at_path(path))? {
                texts.push(line.to_owned());
            }
            Ok(texts)
        };
        let texts = [lines(src, &src_path)?, lines(tgt, &tgt_path)?];
        Ok(Self { texts, paths: [src_path, tgt_path] })
    }

    /// Returns the error for a ladder with these numbers of segments.
    pub(super) fn mismatch(&self, counts: [usize; 2]) -> Error {
        mismatch(counts, &self.texts, &self.paths)
    }

    /// Returns the number of lines of each text.
    pub(super) fn counts(&self) -> [usize; 2] {
        self.texts.each_ref().map(Vec::len)
    }
}

/// Reads the beads of a ladder with their texts.
pub(super) struct RungReader {
    rungs: std::vec::IntoIter<Rung>,
    /// The field that the score of a rung becomes.
    score_name: Arc<str>,
    texts: [Vec<String>; 2],
    /// Where the previous bead ends.
    ends: [u64; 2],
    line: u64,
    notes: Vec<ReadNote>,
}

/// What the numbers of a ladder are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RungNumbers {
    Probabilities,
    /// They could be either.
    PossibleCosts,
    Costs,
}

impl RungNumbers {
    /// Judges by the numbers: a cost may exceed 1, and vecalign writes six decimals, nasaq four.
    fn of(text: &str) -> Self {
        let numbers: Vec<&str> = text
            .lines()
            .filter_map(|line| line.rsplit_once("]:").map(|(_, number)| number.trim()))
            .filter(|number| !number.is_empty() && !number.starts_with('['))
            .collect();
        let decimals =
            |number: &&str| number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let is_cost =
            |number: &&str| number.parse::<f32>().is_ok_and(|it| !(0.0..=1.0).contains(&it));
        let all = |count: usize| numbers.iter().all(|number| decimals(number) == count);
        if numbers.iter().any(is_cost) || !numbers.is_empty() && all(6) {
            Self::Costs
        } else if all(4) {
            Self::Probabilities
        } else {
            Self::PossibleCosts
        }
    }
}

impl RungReader {
    /// Opens a ladder with its texts: one of hunalign if it begins like one.
    fn open(
        stream: TextStream,
        texts: [(TextStream, PathBuf); 2],
        has_costs: bool,
    ) -> Result<Self> {
        let (start, stream) = peeked(stream, START)?;
        if hunalign::is_ladder(&start) {
            let mut reader = hunalign::ladder_reader(stream, texts)?;
            reader.notes.push(ReadNote::Hunalign);
            return Ok(reader);
        }
        let mut text = String::new();
        let read = stream.take(MAX_LADDER + 1).read_to_string(&mut text).map_err(Error::reading)?;
        if read as u64 > MAX_LADDER {
            return Err(ErrorKind::TooLarge { max_bytes: MAX_LADDER }.into());
        }
        let rungs = read_ladder(&text)?;
        let (name, note) = match RungNumbers::of(&text) {
            _ if has_costs => (COST, None),
            RungNumbers::Costs => (COST, Some(ReadNote::Costs)),
            RungNumbers::PossibleCosts => ("probability", Some(ReadNote::PossibleCosts)),
            RungNumbers::Probabilities => ("probability", None),
        };
        let mut reader = Self::new(rungs, name, LadderTexts::read(texts)?)?;
        reader.notes.splice(0..0, note);
        Ok(reader)
    }

    pub(super) fn new(
        rungs: Vec<Rung>,
        score_name: &str,
        LadderTexts { texts, paths }: LadderTexts,
    ) -> Result<Self> {
        check_lengths(&rungs, &texts, &paths)?;
        let gaps = LadderGaps::of_texts(&rungs, &texts);
        let notes = (!gaps.is_empty()).then_some(ReadNote::Gaps(gaps)).into_iter().collect();
        let (rungs, score_name) = (rungs.into_iter(), score_name.into());
        Ok(Self { rungs, score_name, texts, ends: [0; 2], line: 0, notes })
    }

    fn next(&mut self) -> Result<Option<BitextRow>> {
        let Some(rung) = self.rungs.next() else { return Ok(None) };
        self.line += 1;
        let src = self.side(0, &rung.src)?;
        let tgt = self.side(1, &rung.tgt)?;
        let kind = rung.kind();
        let mut fields: Vec<(Arc<str>, FieldValue)> = Vec::new();
        let decimals = if &*self.score_name == COST { 6 } else { 4 };
        if let Some(score) = rung.score {
            fields.push((
                Arc::clone(&self.score_name),
                FieldValue::Number(f64::from(score), decimals),
            ));
        }
        fields.push(("kind".into(), FieldValue::Text(kind.to_string())));
        fields.push(("src_segments".into(), FieldValue::Span(src.1)));
        fields.push(("tgt_segments".into(), FieldValue::Span(tgt.1)));
        Ok(Some(BitextRow {
            src: src.0,
            tgt: tgt.0,
            fields,
            line: self.line,
            ..BitextRow::default()
        }))
    }

    /// Returns the text of one side of a bead and its segments.
    fn side(&mut self, side: usize, segments: &[u32]) -> Result<(String, [u64; 2])> {
        let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
            return Ok((String::new(), [self.ends[side]; 2]));
        };
        let texts = &self.texts[side];
        let bead = self.line;
        if segments.windows(2).any(|pair| pair[0].checked_add(1) != Some(pair[1])) {
            let what = format!("the segments of bead {bead} are not consecutive");
            return Err(Error::syntax(bead, what, "nasaq has no such beads; correct the ladder"));
        }
        // `check_lengths` ensures that the texts have all segments of the ladder.
        let lines = &texts[*first as usize..=*last as usize];
        let filled: Vec<&str> =
            lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        self.ends[side] = u64::from(*last) + 1;
        Ok((filled.join(" "), [u64::from(*first), self.ends[side]]))
    }
}

/// Returns an error if the texts do not have exactly the segments of the ladder; blank lines at the
/// end of a file do not count.
fn check_lengths(rungs: &[Rung], texts: &[Vec<String>; 2], paths: &[PathBuf; 2]) -> Result<()> {
    type RungSide = fn(&Rung) -> &[u32];
    let sides: [RungSide; 2] = [|rung| &rung.src, |rung| &rung.tgt];
    let counts =
        sides.map(|side| rungs.iter().flat_map(side).max().map_or(0, |last| *last as usize + 1));
    let fits = |(count, lines): (&usize, &Vec<String>)| {
        lines.get(*count..).is_some_and(|rest| rest.iter().all(|line| line.trim().is_empty()))
    };
    if counts.iter().zip(texts).all(fits) {
        return Ok(());
    }
    Err(mismatch(counts, texts, paths))
}

fn mismatch(counts: [usize; 2], texts: &[Vec<String>; 2], paths: &[PathBuf; 2]) -> Error {
    let what = format!(
        "the ladder has {} source and {} target segments, but the texts have {} lines in {} and {} in {}",
        counts[0],
        counts[1],
        texts[0].len(),
        paths[0].display(),
        texts[1].len(),
        paths[1].display()
    );
    ErrorKind::Syntax { what, remedy: FormatRemedy::PassSegments }.into()
}

/// Returns the segments of a pair, which a ladder consists of.
pub(super) fn segments(row: &BitextRow) -> Result<[[u64; 2]; 2]> {
    let spans = row.span("src_segments").zip(row.span("tgt_segments"));
    // A longer span is not a bead, and would be a line of any length.
    const MAX_SEGMENTS: u64 = 100_000;
    // Ladders are read with indices of 32 bits.
    const MAX_END: u64 = u32::MAX as u64;
    let in_order = |span: &[u64; 2]| {
        span[0] <= span[1] && span[1] - span[0] <= MAX_SEGMENTS && span[1] <= MAX_END
    };
    if let Some((src, tgt)) = spans
        && src[1].max(tgt[1]) > MAX_END
    {
        return Err(Error::syntax(
            row.line,
            format!("the segment {} is beyond the maximum of {MAX_END}", src[1].max(tgt[1])),
            "segments are counted from 0 in each document; check the columns src_segments and \
             tgt_segments",
        ));
    }
    match spans {
        Some((src, tgt)) if in_order(&src) && in_order(&tgt) => Ok([src, tgt]),
        _ => Err(Error::syntax(
            row.line,
            "this pair does not name its segments",
            "a ladder needs the columns src_segments and tgt_segments, which an alignment has in tsv, \
             csv, jsonl, xliff and parquet",
        )),
    }
}

impl BitextSource for RungReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        self.next()
    }

    fn notes(&self) -> Vec<ReadNote> {
        self.notes.clone()
    }
}

/// The field of a cost.
const COST: &str = "cost";

/// Writes ladders.
struct LadderLayout;

impl RowLayout for LadderLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let [src, tgt] = segments(row)?;
        let list = |[start, end]: [u64; 2]| -> Vec<u32> {
            // `segments` refuses larger ones.
            (start..end).filter_map(|index| u32::try_from(index).ok()).collect()
        };
        let score =
            row.get("probability").and_then(FieldValue::as_number).map(|score| score as f32);
        let rung = Rung::new(list(src), list(tgt));
        let cost = row.get(COST).and_then(FieldValue::as_number).filter(|_| score.is_none());
        match cost {
            None => write_rung(&mut out.files[0], &rung.with_score(score)),
            // Six decimals show that it is a cost.
            Some(cost) => {
                let mut line = Vec::new();
                write_rung(&mut line, &rung)?;
                let line = String::from_utf8_lossy(&line);
                writeln!(out.files[0], "{}:{cost:.6}", line.trim_end()).map_err(Error::writing)
            }
        }
    }
}

#[cfg(test)]
mod tests;
