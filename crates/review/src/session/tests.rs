//! Sessions with an aligner that is quick and knows nothing: what must hold whatever it answers.

mod lists;
mod logs;
mod processes;
mod random;
mod units;

use std::ops::Range;

use nasaq::{Bead, Segment, Span};
use nasaq_formats::Document;

use super::*;
use crate::decision::{BeadSegments, Segments};
use crate::log::Header;
use crate::realign::SearchResult;
use crate::row::Decided;
use crate::side::Side;
use crate::stretch::Stretch;

/// Pairs free segments one by one, as far as nothing forbids it.
pub(super) struct OneByOne;

impl Realign for OneByOne {
    fn prepare(&mut self, _: &[Side; 2], _: [Range<usize>; 2]) {}

    fn realign(&mut self, _: &[Side; 2], stretches: &[Stretch]) -> Vec<SearchResult> {
        stretches.iter().map(|stretch| Ok(Self::beads(stretch))).collect()
    }
}

impl OneByOne {
    fn beads(stretch: &Stretch) -> Vec<Bead> {
        let Stretch { src, tgt, rejected, excluded, .. } = stretch;
        let is_held =
            |at: usize, side: usize| excluded[side].iter().any(|span| span.range().contains(&at));
        let single = |at: usize| Span::new(at, at + 1);
        let (mut i, mut j) = (src.start, tgt.start);
        let mut beads = Vec::new();
        while i < src.end || j < tgt.end {
            let (a, b) = (single(i), single(j));
            let is_pair = i < src.end
                && j < tgt.end
                && !is_held(i, 0)
                && !is_held(j, 1)
                && !rejected.contains(&(a, b));
            let probability = ((i * 31 + j * 17) % 100) as f32 / 100.0;
            if is_pair {
                beads.push(Bead::new(a, b, probability, 0.0));
                (i, j) = (i + 1, j + 1);
            } else if i < src.end && (is_held(i, 0) || !is_held(j, 1) || j >= tgt.end) {
                beads.push(Bead::new(a, Span::new(j, j), probability, 0.0));
                i += 1;
            } else {
                beads.push(Bead::new(Span::new(i, i), b, probability, 0.0));
                j += 1;
            }
        }
        beads
    }
}

/// Returns a side of segments of two words.
pub(super) fn side(word: &str, count: usize) -> Side {
    let segments: Vec<String> = (0..count).map(|at| format!("{word} {at}.")).collect();
    let text = segments.join(" ");
    let document = Document::from_bytes(word.to_owned(), text.clone().into_bytes());
    let mut start = 0;
    let places = segments.iter().map(|segment| {
        let place = Segment { text: segment, start };
        start += segment.len() + 1;
        place
    });
    Side::new(document.expect("text"), &places.collect::<Vec<_>>())
}

/// Returns the head of a log of documents that the aligner pairs one by one.
pub(super) fn head(src: usize, tgt: usize) -> Head {
    let sides = [side("كلمة", src), side("word", tgt)];
    let stretch = Stretch {
        src: 0..src,
        tgt: 0..tgt,
        rejected: Vec::new(),
        excluded: [Vec::new(), Vec::new()],
        window: [0..src, 0..tgt],
    };
    let beads = OneByOne::beads(&stretch);
    head_of(sides, beads.iter().map(Row::from).collect())
}

pub(super) fn head_of(sides: [Side; 2], rows: Vec<Row>) -> Head {
    let header = Header {
        nasaq_review: 1,
        version: "0".to_owned(),
        name: "story".to_owned(),
        languages: ["ar".to_owned(), "en".to_owned()],
        inputs: Vec::new(),
        settings: Vec::new(),
        reviewer: None,
        document_score: None,
        continuous: true,
        time: "2026-01-01T00:00:00Z".to_owned(),
    };
    Head { header, state: State::new(sides, rows) }
}

pub(super) fn session(src: usize, tgt: usize) -> Session {
    Session::in_memory(head(src, tgt), Some(Box::new(OneByOne)))
}

fn segments(start: u32, end: u32) -> Segments {
    Segments { start, end }
}

fn bead(src: (u32, u32), tgt: (u32, u32)) -> BeadSegments {
    BeadSegments { src: segments(src.0, src.1), tgt: segments(tgt.0, tgt.1) }
}

fn shown(session: &Session) -> Vec<String> {
    let mark = |row: &Row| match (row.decided, row.moved) {
        (Decided::Aligner, false) => "",
        (Decided::Aligner, true) => "m",
        (_, false) => "!",
        (_, true) => "!m",
    };
    let spans = |row: &Row| {
        format!("{}-{}:{}-{}{}", row.src.start, row.src.end, row.tgt.start, row.tgt.end, mark(row))
    };
    session.rows().iter().map(spans).collect()
}

fn confirm(row: usize) -> Decision {
    Decision::Confirm { row, seen: None }
}

#[test]
fn merge_fixes_the_bead_and_aligns_its_neighbours() {
    let mut session = session(5, 6);
    let region = (segments(0, 2), segments(0, 3));
    let beads = vec![bead((0, 1), (0, 2)), bead((1, 2), (2, 3))];
    let change = session.apply(Decision::SetBeads { src: region.0, tgt: region.1, beads });
    let change = change.expect_err("row 3 has segment 2");
    assert_eq!(change.reason(), "row 3 has segments inside and outside the region");
    let beads = vec![bead((0, 1), (0, 2)), bead((1, 3), (2, 3))];
    let set = Decision::SetBeads { src: segments(0, 3), tgt: segments(0, 3), beads };
    let change = session.apply(set).expect("a region");
    assert_eq!(shown(&session), ["0-1:0-2!", "1-3:2-3!", "3-4:3-4", "4-5:4-5", "5-5:5-6"]);
    assert_eq!((change.first_row, change.removed_rows, change.inserted_rows), (0, 3, 2));
    assert_eq!(change.summary.changed, 2);
    assert_eq!(change.revision, 1);
}

#[test]
fn rejected_pair_does_not_come_back_until_it_is_set() {
    let mut session = session(4, 4);
    session.apply(Decision::Reject { row: 1, seen: None }).expect("a pair");
    let pairs = |session: &Session| {
        session.rows().iter().any(|row| (row.src.start, row.tgt.start) == (1, 1) && !row.is_null())
    };
    assert!(!pairs(&session), "{:?}", shown(&session));
    session.apply(confirm(0)).expect("a row");
    assert!(!pairs(&session));
    let beads = (0..4).map(|at| bead((at, at + 1), (at, at + 1))).collect();
    let all = segments(0, 4);
    let change = session.apply(Decision::SetBeads { src: all, tgt: all, beads }).expect("all");
    assert!(pairs(&session));
    assert_eq!(change.notices, ["the pair was rejected before; this is withdrawn"]);
}

#[test]
fn pair_that_was_moved_stays_while_text_around_is_aligned() {
    let mut session = session(6, 6);
    session.apply(Decision::PairMoved { src: segments(1, 2), tgt: segments(4, 5) }).expect("free");
    assert_eq!(
        shown(&session),
        ["0-1:0-1", "1-2:4-5!m", "2-3:1-2", "3-4:2-3", "4-5:3-4", "5-6:5-6"]
    );
    session.apply(confirm(3)).expect("a row");
    assert_eq!(shown(&session)[1], "1-2:4-5!m");
    session.apply(Decision::Clear { row: 1, seen: None }).expect("fixed");
    assert!(!session.rows()[1].moved);
    let refusal = session.apply(Decision::PairMoved { src: segments(2, 4), tgt: segments(0, 1) });
    assert!(refusal.expect_err("row 4 is confirmed").reason().contains("decided before"));
}

#[test]
fn unaligned_segments_stay_unaligned() {
    let mut session = session(3, 3);
    session.apply(Decision::Unalign { row: 1, seen: None }).expect("a pair");
    assert_eq!(shown(&session), ["0-1:0-1", "1-2:1-1!", "2-2:1-2!", "2-3:2-3"]);
    session.apply(Decision::Clear { row: 1, seen: None }).expect("fixed");
    assert_eq!(session.summary().changed, 1);
}

#[test]
fn cut_and_join_keep_places_in_the_document() {
    let mut session = session(3, 3);
    let text = session.segment(ReviewSide::Tgt, 1).to_owned();
    assert_eq!(text, "word 1.");
    let cut = |at| Decision::Cut { side: ReviewSide::Tgt, segment: 1, at };
    assert!(session.apply(cut(0)).is_err() && session.apply(cut(7)).is_err());
    session.apply(confirm(2)).expect("a row");
    let change = session.apply(cut(5)).expect("a space");
    assert_eq!(session.sizes(), [3, 4]);
    assert_eq!(session.segment(ReviewSide::Tgt, 1), "word");
    assert_eq!(session.segment(ReviewSide::Tgt, 2), "1.");
    assert_eq!(change.renumbered.map(|it| (it.from, it.by)), Some((2, 1)));
    assert_eq!(shown(&session), ["0-1:0-1", "1-2:1-2", "2-2:2-3", "2-3:3-4!"]);
    let refusal = session.apply(Decision::Join { side: ReviewSide::Tgt, segment: 2 });
    assert!(refusal.expect_err("row 4 is confirmed").reason().contains("two rows"));
    session.apply(Decision::Join { side: ReviewSide::Tgt, segment: 1 }).expect("free rows");
    assert_eq!(session.segment(ReviewSide::Tgt, 1), text);
    assert_eq!(shown(&session), ["0-1:0-1", "1-2:1-2", "2-3:2-3!"]);
}

#[test]
fn a_cut_or_a_join_inside_a_decided_row_changes_it() {
    let mut session = session(3, 3);
    session.apply(confirm(1)).expect("a row");
    let rows = |change: Change| (change.first_row, change.removed_rows, change.inserted_rows);
    let cut = Decision::Cut { side: ReviewSide::Tgt, segment: 1, at: 5 };
    assert_eq!(rows(session.apply(cut).expect("a space")), (1, 1, 1));
    assert_eq!(shown(&session), ["0-1:0-1", "1-2:1-3!", "2-3:3-4"]);
    assert_eq!(rows(session.undo().expect("a cut")), (1, 1, 1));
    assert_eq!(rows(session.redo().expect("a cut")), (1, 1, 1));
    let join = Decision::Join { side: ReviewSide::Tgt, segment: 1 };
    assert_eq!(rows(session.apply(join).expect("one row")), (1, 1, 1));
    let change = session.undo().expect("a join");
    assert_eq!(change.renumbered.map(|it| (it.from, it.by)), Some((2, 1)));
    assert_eq!(rows(change), (1, 1, 1));
}

#[test]
fn notes_and_corrections_are_of_the_bead() {
    let mut session = session(3, 3);
    let note = |row, text: &str| Decision::Note { row, text: text.to_owned(), seen: None };
    let change = session.apply(note(2, " check ")).expect("a row");
    assert_eq!((change.first_row, change.removed_rows), (2, 1));
    assert_eq!(session.note(2).as_deref(), Some("check"));
    session.apply(note(2, "")).expect("a row");
    assert_eq!(session.note(2), None);
    let edit = |text: &str| Decision::Edit {
        row: 0,
        side: ReviewSide::Tgt,
        text: text.to_owned(),
        seen: None,
    };
    session.apply(edit("words")).expect("a row");
    assert_eq!(session.rows()[0].edited(ReviewSide::Tgt), Some("words"));
    assert_eq!(session.rows()[0].decided, Decided::Changed);
    let change = session.apply(Decision::Reject { row: 0, seen: None }).expect("a pair");
    assert_eq!(change.notices.len(), 2, "{:?}", change.notices);
}

#[test]
fn beads_that_the_reviewer_set_have_no_score() {
    let mut session = session(3, 3);
    session
        .apply(Decision::PairMoved { src: segments(0, 1), tgt: segments(0, 1) })
        .expect("a pair");
    session.apply(confirm(1)).expect("a row");
    let scores: Vec<Option<f32>> = session.records().iter().map(|it| it.score).collect();
    assert_eq!(scores, [None, Some(0.0), Some(0.0)]);
}

#[test]
fn queue_and_summary_say_what_is_left() {
    let mut session = session(10, 10);
    assert_eq!(session.next(None, Order::Reading), Some(0));
    assert_eq!(session.next(None, Order::Risk), Some(0));
    session.apply(Decision::ConfirmAbove { probability: 0.5 }).expect("some");
    let left = session.summary().unlooked;
    assert!(left > 0 && !session.summary().enough);
    session.apply(Decision::Sample { size: 2, seed: 7 }).expect("some are left");
    let drawn = session.next(None, Order::Sample).expect("drawn");
    session.apply(confirm(drawn)).expect("a row");
    let sample = session.summary().sample.expect("drawn");
    assert_eq!((sample.drawn, sample.checked, sample.right), (2, 1, 1));
    while let Some(row) = session.next(None, Order::Risk) {
        session.apply(confirm(row)).expect("a row");
    }
    assert!(session.summary().enough);
    assert!(session.apply(Decision::ConfirmAbove { probability: 0.0 }).is_err());
}

#[test]
fn a_row_that_changed_is_found_by_its_segments_or_refused() {
    let mut session = session(4, 4);
    let seen = Some(bead((2, 3), (2, 3)));
    session.apply(Decision::Confirm { row: 0, seen }).expect("row 2 has them");
    assert!(session.rows()[2].is_fixed() && !session.rows()[0].is_fixed());
    let seen = Some(bead((2, 3), (1, 3)));
    let refusal = session.apply(Decision::Confirm { row: 2, seen }).expect_err("no such row");
    assert_eq!(refusal.kind(), RefusalKind::Stale);
}
