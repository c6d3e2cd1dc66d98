//! Sessions of memories: rows that do not follow one another as text.

use super::*;

/// Four units, of which the second has two target segments: the aligner would pair them one by one.
fn units() -> Session {
    let span = |start, end| Span { start, end };
    let rows = [(0, 0, 1), (1, 1, 3), (2, 3, 4), (3, 4, 5)]
        .map(|(src, start, end)| Row::new(span(src, src + 1), span(start, end), 0.5));
    let mut head = head_of([side("كلمة", 4), side("word", 5)], rows.to_vec());
    head.header.continuous = false;
    Session::in_memory(head, Some(Box::new(OneByOne)))
}

#[test]
fn a_decision_about_a_unit_leaves_the_others_as_they_are() {
    let mut session = units();
    session.apply(confirm(0)).expect("a row");
    session.apply(confirm(2)).expect("a row");
    assert_eq!(shown(&session), ["0-1:0-1!", "1-2:1-3", "2-3:3-4!", "3-4:4-5"]);
    session.apply(Decision::Unalign { row: 3, seen: None }).expect("a row");
    assert_eq!(shown(&session)[..3], ["0-1:0-1!", "1-2:1-3", "2-3:3-4!"]);
}

#[test]
fn the_segments_of_a_unit_are_aligned_again_among_themselves() {
    let mut session = units();
    let cut = Decision::Cut { side: ReviewSide::Src, segment: 1, at: 9 };
    session.apply(cut).expect("a space");
    assert_eq!(shown(&session), ["0-1:0-1", "1-2:1-2", "2-3:2-3", "3-4:3-4", "4-5:4-5"]);
    session.apply(Decision::Reject { row: 0, seen: None }).expect("a row");
    assert_eq!(shown(&session)[..3], ["0-1:0-0", "1-1:0-1", "1-2:1-2"]);
    session.apply(Decision::Clear { row: 3, seen: None }).expect_err("it is free");
    session.apply(confirm(3)).expect("a row");
    session.apply(Decision::Clear { row: 3, seen: None }).expect("fixed");
    assert_eq!(shown(&session)[2..], ["1-2:1-2", "2-3:2-3", "3-4:3-4", "4-5:4-5"]);
}

#[test]
fn a_log_says_that_its_rows_are_units() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("memory.review.jsonl");
    let head = Head { header: units().header().clone(), state: units().state().clone() };
    drop(Session::create(&path, head, None).expect("a log"));
    assert!(!Session::read(&path).expect("a log").header().continuous);
    let text = session(1, 1);
    assert!(!serde_json::to_string(text.header()).expect("JSON").contains("continuous"));
}
