//! What answers contain: beads, the ribbon, where moved text is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nasaq_text::{Language, Lexicon};
use serde::Serialize;

use super::utf16::range_to_units;
use crate::decision::{ReviewSide, Segments};
use crate::doubt::{BeadTexts, Doubt, DoubtKind, doubts};
use crate::row::{Decided, Row};
use crate::session::Session;

const SIDES: [ReviewSide; 2] = [ReviewSide::Src, ReviewSide::Tgt];

/// A bead as the page shows it.
#[derive(Debug, Serialize)]
pub(super) struct BeadView {
    row: usize,
    src: Segments,
    tgt: Segments,
    src_segments: Vec<SegmentView>,
    tgt_segments: Vec<SegmentView>,
    probability: f32,
    decided: Decided,
    moved: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited: Option<EditedView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    doubts: Vec<DoubtView>,
}

#[derive(Debug, Serialize)]
struct SegmentView {
    index: usize,
    text: String,
}

#[derive(Debug, Serialize)]
struct EditedView {
    #[serde(skip_serializing_if = "Option::is_none")]
    src: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tgt: Option<String>,
}

#[derive(Debug, Serialize)]
struct DoubtView {
    kind: DoubtKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<ReviewSide>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// Segment, start and end in UTF-16 code units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ranges: Vec<[usize; 3]>,
}

/// Returns the bead of a row. `usual_ratio` is that of [`doubts`].
pub(super) fn bead_view(
    session: &Session,
    row: usize,
    lexicon: &Lexicon,
    usual_ratio: f32,
) -> BeadView {
    let bead = &session.rows()[row];
    let texts = SIDES.map(|side| segments(session, bead, side));
    let bead_texts = BeadTexts { languages: languages(session), segments: [&texts[0], &texts[1]] };
    let is_open = bead.decided == Decided::Aligner;
    let found = if is_open {
        doubts(bead_texts, lexicon, bead.probability, usual_ratio)
    } else {
        Vec::new()
    };
    let edited = |side| bead.edited(side).map(str::to_owned);
    let [src_edited, tgt_edited] = SIDES.map(edited);
    let is_edited = src_edited.is_some() || tgt_edited.is_some();
    let [src_segments, tgt_segments] = texts.each_ref().map(|side| side_view(side));
    BeadView {
        row,
        src: bead.src.into(),
        tgt: bead.tgt.into(),
        src_segments,
        tgt_segments,
        probability: bead.probability,
        decided: bead.decided,
        moved: bead.moved,
        note: session.note(row),
        edited: is_edited.then_some(EditedView { src: src_edited, tgt: tgt_edited }),
        doubts: found.into_iter().map(|doubt| doubt_view(doubt, &texts)).collect(),
    }
}

/// Returns the languages of the sides. Rules exist for Arabic and English; another language is taken
/// for English, in which words are runs of letters.
pub(super) fn languages(session: &Session) -> [Language; 2] {
    session.languages().each_ref().map(|tag| tag.parse().unwrap_or(Language::English))
}

/// Returns the segments of a side of a bead with their indices.
pub(super) fn segments<'s>(
    session: &'s Session,
    bead: &Row,
    side: ReviewSide,
) -> Vec<(usize, &'s str)> {
    bead.side(side).range().map(|index| (index, session.segment(side, index))).collect()
}

fn side_view(side: &[(usize, &str)]) -> Vec<SegmentView> {
    side.iter().map(|&(index, text)| SegmentView { index, text: text.to_owned() }).collect()
}

fn doubt_view(doubt: Doubt, texts: &[Vec<(usize, &str)>; 2]) -> DoubtView {
    let range = doubt.side.zip(doubt.place).and_then(|(side, (segment, bytes))| {
        let (_, text) = texts[side.index()].iter().find(|(index, _)| *index == segment)?;
        let [start, end] = range_to_units(text, &bytes);
        Some([segment, start, end])
    });
    let ranges = range.into_iter().collect();
    DoubtView { kind: doubt.kind, side: doubt.side, text: doubt.text, ranges }
}

/// The whole document in two bytes a row.
#[derive(Debug, Serialize)]
pub(super) struct RibbonView {
    revision: u64,
    total: usize,
    probability: String,
    decided: String,
    findings: Vec<FindingView>,
}

/// A run of rows that were moved, omitted or added.
#[derive(Debug, PartialEq, Serialize)]
struct FindingView {
    kind: &'static str,
    rows: [usize; 2],
}

/// The shortest run of rows without a counterpart that the ribbon marks.
const MIN_MISSING: usize = 2;

pub(super) fn ribbon_view(session: &Session) -> RibbonView {
    let rows = session.rows();
    let probability: Vec<u8> =
        rows.iter().map(|row| (row.probability.clamp(0.0, 1.0) * 255.0).round() as u8).collect();
    let decided: Vec<u8> = rows.iter().map(row_code).collect();
    RibbonView {
        revision: session.revision(),
        total: rows.len(),
        probability: STANDARD.encode(probability),
        decided: STANDARD.encode(decided),
        findings: findings(rows),
    }
}

fn row_code(row: &Row) -> u8 {
    let who = match row.decided {
        Decided::Aligner => 0,
        Decided::Confirmed => 1,
        Decided::Changed => 2,
    };
    who | u8::from(row.is_null()) << 2 | u8::from(row.moved) << 3
}

fn findings(rows: &[Row]) -> Vec<FindingView> {
    let kind = |row: &Row| match (row.moved, row.src.is_empty(), row.tgt.is_empty()) {
        (true, _, _) => Some("moved"),
        (false, true, _) => Some("added"),
        (false, _, true) => Some("omitted"),
        _ => None,
    };
    let mut found = Vec::new();
    let mut start = 0;
    for run in rows.chunk_by(|a, b| kind(a) == kind(b)) {
        let rows = [start, start + run.len()];
        start += run.len();
        if let Some(kind) = kind(&run[0])
            && (kind == "moved" || run.len() >= MIN_MISSING)
        {
            found.push(FindingView { kind, rows });
        }
    }
    found
}

/// Returns the rows of moved text, each with the row after which its target would be in order.
pub(super) fn moves(rows: &[Row]) -> Vec<[usize; 2]> {
    if !rows.iter().any(|row| row.moved) {
        return Vec::new();
    }
    let in_order: Vec<(u32, usize)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.moved && !row.tgt.is_empty())
        .map(|(index, row)| (row.tgt.end, index))
        .collect();
    let place = |row: &Row| {
        let before = in_order.partition_point(|(end, _)| *end <= row.tgt.start);
        before.checked_sub(1).map_or(0, |last| in_order[last].1)
    };
    let moved = rows.iter().enumerate().filter(|(_, row)| row.moved);
    moved.map(|(index, row)| [index, place(row)]).collect()
}

#[cfg(test)]
mod tests {
    use nasaq::Span;

    use super::*;

    fn row(src: [usize; 2], tgt: [usize; 2]) -> Row {
        Row::new(Span::new(src[0], src[1]), Span::new(tgt[0], tgt[1]), 0.9)
    }

    #[test]
    fn moved_text_is_placed_after_the_row_before_its_target() {
        let mut rows = vec![
            row([0, 1], [0, 1]),
            row([1, 2], [3, 4]),
            row([2, 3], [1, 3]),
            row([3, 4], [4, 5]),
        ];
        rows[1].moved = true;
        assert_eq!(moves(&rows), [[1, 2]]);
        assert!(moves(&rows[2..]).is_empty());
    }

    #[test]
    fn runs_without_a_counterpart_are_findings() {
        let mut rows = vec![
            row([0, 1], [0, 1]),
            row([1, 2], [1, 1]),
            row([2, 3], [1, 1]),
            row([3, 3], [1, 2]),
            row([3, 4], [2, 3]),
        ];
        assert_eq!(findings(&rows), [FindingView { kind: "omitted", rows: [1, 3] }]);
        rows[4].moved = true;
        assert_eq!(findings(&rows)[1], FindingView { kind: "moved", rows: [4, 5] });
        assert_eq!(row_code(&rows[1]), 4);
        assert_eq!(row_code(&rows[4]), 8);
    }
}
