//! Lists of decisions of which some cannot be taken.

use std::fs;

use nasaq_formats::BitextInput;

use super::*;

/// Aligns no stretch in which a segment may not be unaligned.
struct Refusing;

impl Realign for Refusing {
    fn prepare(&mut self, _: &[Side; 2], _: [Range<usize>; 2]) {}

    fn realign(&mut self, _: &[Side; 2], stretches: &[Stretch]) -> Vec<SearchResult> {
        let is_null = |(src, tgt): &(Span, Span)| src.is_empty() || tgt.is_empty();
        let aligned = |stretch: &Stretch| match stretch.rejected.iter().any(is_null) {
            true => Err(Refusal::decision("no way").hint("another")),
            false => Ok(OneByOne::beads(stretch)),
        };
        stretches.iter().map(aligned).collect()
    }
}

fn refusing() -> Session {
    Session::in_memory(head(3, 2), Some(Box::new(Refusing)))
}

#[test]
fn the_decisions_of_a_list_hold_but_for_those_that_leave_no_alignment() {
    let mut session = refusing();
    assert_eq!(shown(&session), ["0-1:0-1", "1-2:1-2", "2-3:2-2"]);
    let reject = |row| Decision::Reject { row, seen: Some(session.rows()[row].segments()) };
    let decisions = vec![reject(2), confirm(0), reject(1)];
    let change = session.apply(Decision::All { decisions: decisions.clone() }).expect("two hold");
    assert_eq!(change.refused, [(0, "no way; another".to_owned())]);
    assert_eq!(shown(&session), ["0-1:0-1!", "1-2:1-1", "2-3:1-2"]);
    session.undo().expect("one decision");
    let refusal = session.apply(Decision::All { decisions: decisions[..1].to_vec() });
    let refusal = refusal.expect_err("nothing is left");
    assert_eq!((refusal.kind(), refusal.refused().len()), (RefusalKind::Nothing, 1));
    let refusal = session.apply(decisions[0].clone()).expect_err("it is alone");
    assert_eq!((refusal.kind(), refusal.reason()), (RefusalKind::Decision, "no way"));
}

#[test]
fn a_line_of_a_sheet_that_is_refused_is_named_and_not_counted() {
    let mut session = refusing();
    let folder = tempfile::tempdir().expect("a folder");
    let sheet = folder.path().join("sheet.tsv");
    let records = session.records();
    let line = |row: usize, verdict: &str| {
        format!("{}\t{}\t{}\t{verdict}\t\n", row + 1, records[row].src, records[row].tgt)
    };
    let lines = [line(0, "right"), line(2, "wrong"), line(1, "wrong")].concat();
    fs::write(&sheet, format!("pair\tsrc\ttgt\tverdict\tcomment\n{lines}")).expect("a file");
    let report = session.import(&BitextInput::file(&sheet)).expect("a sheet");
    assert_eq!((report.confirmed, report.rejected), (1, 1), "{report:?}");
    assert_eq!(report.unused, [(3, "no way; another".to_owned())]);
    session.undo().expect("one decision");
    fs::write(&sheet, format!("pair\tsrc\ttgt\tverdict\tcomment\n{}", line(2, "wrong")))
        .expect("a file");
    let report = session.import(&BitextInput::file(&sheet)).expect("a sheet");
    assert_eq!((report.rejected, report.unused.len()), (0, 1), "{report:?}");
    assert!(report.change.is_none());
}
