//! Makes documents of a bitext: each text is in its document, in order, and divided into segments
//! where its row has several.

use std::collections::BTreeMap;
use std::ops::Range;

use nasaq::{Segment, Span};
use nasaq_formats::{BitextInput, BitextReader, BitextRow, Document, FieldValue};
use nasaq_job::{Engine, Failure};

use super::unheld::Unheld;
use super::{ReadSource, is_ladder};
use crate::decision::ReviewSide;
use crate::row::{Decided, Row};
use crate::side::Side;
use crate::span::is_same;
use crate::words::counted;

/// What a bitext says about a row.
struct BitextBead {
    texts: [String; 2],
    /// The segments of each side in its document, if the bitext has them.
    spans: [Option<[u64; 2]>; 2],
    probability: Option<f32>,
    score: Option<f32>,
    moved: bool,
    decided: Decided,
    note: String,
}

/// Reads the rows of a bitext, or those of one document in it.
pub(super) fn read(
    engine: &Engine,
    input: &BitextInput,
    document: Option<&str>,
) -> Result<ReadSource, Failure> {
    let mut reader = input.open()?;
    let lines = match is_ladder(Some(reader.format())) && input.more.len() == 2 {
        true => Some([lines_of(&input.more[0])?, lines_of(&input.more[1])?]),
        false => None,
    };
    let name = reader.name().to_owned();
    let mut notices: Vec<String> =
        reader.notes().iter().map(|note| format!("{name}: {note}")).collect();
    let mut unheld = Unheld::default();
    let (beads, several) = beads(&mut reader, document, &mut unheld, &mut notices)?;
    let skipped = reader.skipped();
    let counts = [
        (skipped.untranslated, "skipped for lack of one of the texts"),
        (skipped.with_more_texts, "with more texts than the pair, which are not read"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let unit = |count: u64| counted(count as usize, "unit");
    notices.extend(counts.map(|(count, what)| format!("{name}: {} {what}", unit(*count))));
    notices.extend(unheld.notice().map(|what| format!("{name}: {what}")));
    if several {
        notices.push(format!("{name}: its documents become one, and exports lack their names"));
    }
    let mut sides = Vec::with_capacity(2);
    let mut spans = Vec::with_capacity(2);
    let (mut unsplit, mut continuous) = (0, !several);
    for side in [0, 1] {
        let language = engine.settings().languages[side].language;
        let segmenter = engine.settings().segmenter(language);
        let split = |bead: &BitextBead| {
            let text = &bead.texts[side];
            match (&lines, bead.spans[side]) {
                (Some(lines), Some(span)) => parts_of_lines(text, &lines[side], span),
                (_, Some([start, end])) if end - start > 1 => segmenter
                    .segments(text)
                    .iter()
                    .map(Segment::bytes)
                    .collect::<Vec<Range<usize>>>(),
                _ => whole(text),
            }
        };
        let built = document_of(&name, side, &beads, several, split)?;
        unsplit += built.unsplit;
        continuous &= built.is_placed;
        sides.push(built.side);
        spans.push(built.spans);
    }
    if unsplit > 0 {
        notices.push(format!(
            "{name}: {} of several segments could not be divided into these; each is one segment now",
            counted(unsplit, "text")
        ));
    }
    let rows = beads.iter().enumerate().map(|(index, bead)| Row {
        moved: bead.moved && !spans[0][index].is_empty() && !spans[1][index].is_empty(),
        decided: bead.decided,
        score: bead.score.filter(|it| it.is_finite()),
        ..Row::new(spans[0][index], spans[1][index], bead.probability.unwrap_or(0.0))
    });
    let mut rows: Vec<Row> = rows.collect();
    let Ok(sides) = <[Side; 2]>::try_from(sides) else { unreachable!("two sides") };
    let unknown: Vec<usize> =
        (0..rows.len()).filter(|&row| beads[row].probability.is_none()).collect();
    if !unknown.is_empty() {
        estimate(engine, &sides, &mut rows, &unknown)?;
        notices.push(format!(
            "{name}: {} had no probability; it is that of the aligner for the same beads",
            counted(unknown.len(), "pair")
        ));
    }
    if !continuous {
        notices.push(format!(
            "{name}: its rows are units of their own, not a text: a decision aligns no others again"
        ));
    }
    let notes = notes(&beads, &rows);
    let (languages, document_score) = (reader.languages(), None);
    let reviewer = unheld.reviewer();
    Ok(ReadSource { sides, rows, notes, languages, reviewer, document_score, continuous, notices })
}

/// Returns the notes on the rows, each at the first segment of its row.
fn notes(beads: &[BitextBead], rows: &[Row]) -> BTreeMap<(ReviewSide, u32), String> {
    let with_note = beads.iter().zip(rows).filter(|(bead, _)| !bead.note.is_empty());
    with_note.map(|(bead, row)| (row.first_segment(), bead.note.clone())).collect()
}

/// Reads the rows, and reports whether they are of several documents.
fn beads(
    reader: &mut BitextReader,
    document: Option<&str>,
    unheld: &mut Unheld,
    notices: &mut Vec<String>,
) -> Result<(Vec<BitextBead>, bool), Failure> {
    let (mut beads, mut empty, mut first, mut several) = (Vec::new(), 0, None, false);
    while let Some(row) = reader.next_row()? {
        let doc = row.get("doc").map(ToString::to_string);
        if document.is_some() && doc.is_some() && doc.as_deref() != document {
            continue;
        }
        match &first {
            None => first = Some(doc),
            Some(first) => several |= *first != doc,
        }
        match row.src.trim().is_empty() && row.tgt.trim().is_empty() {
            true => empty += 1,
            false => {
                unheld.add(&row);
                beads.push(bead(&row));
            }
        }
    }
    if empty > 0 {
        let rows = counted(empty, "row");
        notices.push(format!("{}: {rows} without text skipped", reader.name()));
    }
    match beads.is_empty() {
        true => Err(Failure::input(format!("{}: there are no pairs", reader.name()))),
        false => Ok((beads, several)),
    }
}

fn bead(row: &BitextRow) -> BitextBead {
    let span = |name: &str| match row.get(name)? {
        FieldValue::Span(span) if span[0] <= span[1] => Some(*span),
        _ => None,
    };
    let probability = row.get("probability").and_then(FieldValue::as_number);
    let decided = row.get("reviewed").map(ToString::to_string);
    BitextBead {
        texts: [row.src.trim().to_owned(), row.tgt.trim().to_owned()],
        spans: [span("src_segments"), span("tgt_segments")],
        probability: probability.filter(|it| (0.0..=1.0).contains(it)).map(|it| it as f32),
        score: row.get("score").and_then(FieldValue::as_number).map(|it| it as f32),
        moved: row.get("moved").and_then(FieldValue::as_flag).unwrap_or(false),
        decided: match decided.as_deref() {
            Some("confirmed") => Decided::Confirmed,
            Some("changed") => Decided::Changed,
            _ => Decided::Aligner,
        },
        note: row.get("note").map(|note| note.to_string().trim().to_owned()).unwrap_or_default(),
    }
}

struct BuiltSide {
    side: Side,
    /// The segments of each bead.
    spans: Vec<Span>,
    /// How many texts could not be divided into their segments.
    unsplit: usize,
    /// Whether all texts have a place in their document.
    is_placed: bool,
}

/// Puts the texts of a side together, in the order of their segments if they have any.
fn document_of(
    name: &str,
    side: usize,
    beads: &[BitextBead],
    several: bool,
    split: impl Fn(&BitextBead) -> Vec<Range<usize>>,
) -> Result<BuiltSide, Failure> {
    let mut order: Vec<usize> =
        (0..beads.len()).filter(|&bead| !beads[bead].texts[side].is_empty()).collect();
    let place = |bead: usize| beads[bead].spans[side];
    let is_placed = order.iter().all(|&bead| place(bead).is_some());
    if !several && is_placed {
        order.sort_by_key(|&bead| place(bead).map(|span| span[0]));
    }
    let (mut text, mut segments, mut unsplit) = (String::new(), Vec::new(), 0);
    let mut spans = vec![Span { start: 0, end: 0 }; beads.len()];
    for bead in order {
        if !text.is_empty() {
            text.push('\n');
        }
        let mut parts = split(&beads[bead]);
        let count = place(bead).map_or(1, |span| (span[1] - span[0]).max(1)) as usize;
        if parts.len() != count || parts.is_empty() {
            unsplit += usize::from(count > 1);
            parts = whole(&beads[bead].texts[side]);
        }
        let first = segments.len();
        segments.extend(parts.iter().map(|part| part.start + text.len()..part.end + text.len()));
        spans[bead] = Span::new(first, segments.len());
        text.push_str(&beads[bead].texts[side]);
    }
    if segments.is_empty() {
        let side = ["source", "target"][side];
        return Err(Failure::input(format!("{name}: no pair has a {side} text")));
    }
    let document = Document::from_bytes(name.to_owned(), text.into_bytes())?;
    Ok(BuiltSide { side: Side::of(document, segments), spans, unsplit, is_placed })
}

/// Returns the range of all of a text.
fn whole(text: &str) -> Vec<Range<usize>> {
    std::iter::once(0..text.len()).collect()
}

/// Reads the lines of a text, which are the segments of a ladder.
fn lines_of(path: &std::path::Path) -> Result<Vec<String>, Failure> {
    let document = nasaq_formats::DocumentReader::new().read(path)?;
    Ok(nasaq::lines(&document.text).iter().map(|line| line.text.trim().to_owned()).collect())
}

/// Finds the lines of a bead in its text, which has them joined by spaces.
fn parts_of_lines(text: &str, lines: &[String], [start, end]: [u64; 2]) -> Vec<Range<usize>> {
    let lines = lines.get(start as usize..end as usize).unwrap_or_default();
    let mut parts = Vec::new();
    let mut at = 0;
    for line in lines.iter().filter(|line| !line.is_empty()) {
        let Some(found) = text[at..].find(line.as_str()) else { return Vec::new() };
        parts.push(at + found..at + found + line.len());
        at += found + line.len();
    }
    parts
}

/// Aligns the segments, and takes the probabilities of beads that the aligner finds, too. For
/// others it is what the aligner's beads of the same segments leave.
fn estimate(
    engine: &Engine,
    sides: &[Side; 2],
    rows: &mut [Row],
    unknown: &[usize],
) -> Result<(), Failure> {
    let [src, tgt] = sides.each_ref().map(Side::segments);
    let align = || engine.aligner().align(engine.encoder(), &src, &tgt);
    let alignment = engine.threads().install(align)??;
    let mut at_src = vec![0; src.len()];
    let mut at_tgt = vec![0; tgt.len()];
    for (index, bead) in alignment.beads().iter().enumerate() {
        at_src[bead.src.range()].fill(index);
        at_tgt[bead.tgt.range()].fill(index);
    }
    for &row in unknown {
        let row = &mut rows[row];
        let src = row.src.range().map(|segment| at_src[segment]);
        let found = src.chain(row.tgt.range().map(|segment| at_tgt[segment]));
        let beads = found.map(|index| &alignment.beads()[index]);
        let mut rival = 0.0_f32;
        let mut probability = None;
        for bead in beads {
            if is_same(bead.src, row.src) && is_same(bead.tgt, row.tgt) {
                probability = Some(bead.probability);
            }
            rival = rival.max(bead.probability);
        }
        row.probability = probability.unwrap_or(1.0 - rival);
    }
    Ok(())
}
