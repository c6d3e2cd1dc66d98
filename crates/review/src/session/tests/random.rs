//! Random decisions, undo and redo.

use nasaq::Span;
use nasaq_formats::{BeadRecord, BitextInput, Format, WriteOptions, read_jsonl, read_tsv};
use proptest::prelude::*;

use super::*;

/// What a random reviewer does; numbers are reduced to what the session has.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Decide(u8, [usize; 5]),
    Undo,
    Redo,
}

pub(super) fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => (0..13_u8, any::<[u8; 5]>()).prop_map(|(kind, numbers)| {
            Step::Decide(kind, numbers.map(usize::from))
        }),
        1 => Just(Step::Undo),
        1 => Just(Step::Redo),
    ];
    prop::collection::vec(step, 0..count)
}

/// Makes a decision that is often, but not always, possible.
pub(super) fn decision(session: &Session, kind: u8, [a, b, c, d, e]: [usize; 5]) -> Decision {
    let rows = session.rows();
    let row = a % rows.len();
    let [src_len, tgt_len] = session.sizes();
    let side = if b % 2 == 0 { ReviewSide::Src } else { ReviewSide::Tgt };
    let segment = c % session.sizes()[side.index()];
    let span = |start: usize, len: usize, of: usize| {
        let start = start % of;
        segments(start as u32, (start + 1 + len % 3).min(of) as u32)
    };
    match kind {
        0 | 1 => Decision::Confirm { row, seen: None },
        2 => Decision::ConfirmAbove { probability: 0.9 + b as f32 / 2550.0 },
        3 | 4 => merge(session, row, b),
        5 => Decision::Unalign { row, seen: None },
        6 => Decision::Reject { row, seen: None },
        7 => Decision::PairMoved { src: span(b, c, src_len), tgt: span(d, e, tgt_len) },
        8 => {
            let len = session.segment(side, segment).len();
            Decision::Cut { side, segment, at: d % (len + 1) }
        }
        9 => Decision::Join { side, segment },
        12 => {
            Decision::UnalignSegments { side, segments: span(c, d, session.sizes()[side.index()]) }
        }
        10 => Decision::Clear { row, seen: None },
        _ => match b % 3 {
            0 => Decision::Note { row, text: format!("n{c}"), seen: None },
            1 => Decision::Edit { row, side, text: format!("e{c}"), seen: None },
            _ => Decision::Sample { size: 1 + c % 5, seed: d as u64 },
        },
    }
}

/// Merges a row with those behind it, or shifts their boundary.
fn merge(session: &Session, row: usize, number: usize) -> Decision {
    let rows = session.rows();
    let behind = (row + 1 + number % 2).min(rows.len() - 1);
    let in_order = rows[row..=behind].iter().filter(|row| !row.moved);
    let unite = |a: Span, b: Span| match (a.is_empty(), b.is_empty()) {
        (true, _) => b,
        (_, true) => a,
        _ => Span { start: a.start.min(b.start), end: a.end.max(b.end) },
    };
    let empty = Span { start: 0, end: 0 };
    let src = in_order.clone().map(|row| row.src).fold(empty, unite);
    let tgt = in_order.map(|row| row.tgt).fold(empty, unite);
    let bead = |src: Span, tgt: Span| BeadSegments { src: src.into(), tgt: tgt.into() };
    let beads = match number % 3 {
        0 if src.len() > 1 && tgt.len() > 1 => {
            let cut = |span: Span, first: bool| match first {
                true => Span { end: span.start + 1, ..span },
                false => Span { start: span.start + 1, ..span },
            };
            vec![bead(cut(src, true), cut(tgt, true)), bead(cut(src, false), cut(tgt, false))]
        }
        _ => vec![bead(src, tgt)],
    };
    Decision::SetBeads { src: src.into(), tgt: tgt.into(), beads }
}

/// Takes a step; returns whether anything changed.
pub(super) fn take(session: &mut Session, step: &Step) -> bool {
    match step {
        Step::Decide(kind, numbers) => {
            let decision = decision(session, *kind, *numbers);
            let before = (session.rows().to_vec(), session.revision());
            match session.apply(decision.clone()) {
                Ok(_) => true,
                Err(refusal) => {
                    assert_ne!(refusal.kind(), RefusalKind::Search, "{decision:?}: {refusal}");
                    assert_eq!(before, (session.rows().to_vec(), session.revision()));
                    false
                }
            }
        }
        Step::Undo => session.undo().is_ok(),
        Step::Redo => session.redo().is_ok(),
    }
}

/// The fixed beads, by the bytes of their text, which cuts and joins do not change.
fn fixed(session: &Session) -> Vec<[Option<Range<usize>>; 2]> {
    let sides = &session.state().sides;
    let fixed = session.rows().iter().filter(|row| row.is_fixed());
    fixed.map(|row| [sides[0].bytes(row.src), sides[1].bytes(row.tgt)]).collect()
}

/// The rows with their texts.
fn texts_shown(session: &Session) -> Vec<(Row, Vec<String>)> {
    let texts = |row: &Row| {
        let of = |side: ReviewSide| row.side(side).range().map(move |at| (side, at));
        let all = of(ReviewSide::Src).chain(of(ReviewSide::Tgt));
        all.map(|(side, at)| session.segment(side, at).to_owned()).collect()
    };
    session.rows().iter().map(|row| (row.clone(), texts(row))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn beads_always_partition_both_sides(
        src in 1..30_usize, tgt in 1..30_usize, steps in steps(40)
    ) {
        let mut session = session(src, tgt);
        for step in &steps {
            take(&mut session, step);
            prop_assert_eq!(session.state().fault(), None);
        }
    }

    /// Whoever replaces the rows that a change names has the rows and texts of the session.
    #[test]
    fn changes_name_every_row_that_differs(steps in steps(40)) {
        let mut session = session(9, 11);
        let mut shown = texts_shown(&session);
        for step in &steps {
            let change = match step {
                Step::Decide(kind, numbers) => {
                    let decision = decision(&session, *kind, *numbers);
                    session.apply(decision)
                }
                Step::Undo => session.undo(),
                Step::Redo => session.redo(),
            };
            let Ok(change) = change else { continue };
            let (first, end) = (change.first_row, change.first_row + change.inserted_rows);
            let now = texts_shown(&session);
            shown.splice(first..first + change.removed_rows, now[first..end].iter().cloned());
            if let Some(it) = change.renumbered {
                for (_, (row, _)) in
                    shown.iter_mut().enumerate().filter(|(at, _)| !(first..end).contains(at))
                {
                    let span = if it.side == ReviewSide::Src { &mut row.src } else { &mut row.tgt };
                    for at in [&mut span.start, &mut span.end] {
                        if *at as usize >= it.from {
                            *at = (i64::from(*at) + it.by) as u32;
                        }
                    }
                }
            }
            prop_assert_eq!(&shown, &now, "{:?}", step);
        }
    }

    #[test]
    fn undo_to_the_start_and_redo_to_the_end(steps in steps(30)) {
        let mut session = session(15, 17);
        let start = session.rows().to_vec();
        let mut states = vec![start.clone()];
        for step in &steps {
            let Step::Decide(..) = step else { continue };
            if take(&mut session, step) {
                states.push(session.rows().to_vec());
            }
        }
        let end = session.state().clone();
        for state in states.iter().rev().skip(1) {
            let before = session.rows().to_vec();
            let change = session.undo().expect("one more");
            prop_assert_eq!(session.rows(), &state[..]);
            if change.renumbered.is_none() {
                let first = change.first_row;
                prop_assert_eq!(&before[..first], &state[..first]);
                let (old, new) = (first + change.removed_rows, first + change.inserted_rows);
                prop_assert_eq!(&before[old..], &state[new..]);
            }
        }
        prop_assert!(!session.can_undo());
        prop_assert_eq!(session.rows(), &start[..]);
        while session.can_redo() {
            session.redo().expect("one more");
        }
        prop_assert_eq!(session.rows(), &end.rows[..]);
        prop_assert_eq!(&session.state().remarks, &end.remarks);
        prop_assert_eq!(&session.state().sides[1].segments, &end.sides[1].segments);
    }

    /// Confirming, cutting, joining and noting never change what the reviewer fixed before.
    #[test]
    fn what_is_fixed_stays(steps in steps(40)) {
        let mut session = session(20, 18);
        for step in &steps {
            let before = fixed(&session);
            take(&mut session, step);
            if let Step::Decide(0..=2 | 8 | 9 | 11, _) = step {
                let after = fixed(&session);
                prop_assert!(before.iter().all(|bead| after.contains(bead)), "{step:?}");
            }
        }
    }

    #[test]
    fn exports_give_the_state_back(steps in steps(30)) {
        let mut session = session(9, 11);
        for step in &steps {
            take(&mut session, step);
        }
        let written = |format| {
            let header = session.bitext_header();
            let (outs, options) = (vec![Vec::new()], WriteOptions::default());
            let (mut outs, _) = session.export(format, options, outs, &header).expect("memory");
            String::from_utf8(outs.remove(0)).expect("UTF-8")
        };
        let records = session.records();
        prop_assert_eq!(&read_jsonl(&written(Format::Jsonl)).expect("beads"), &records);
        let table = read_tsv(&written(Format::Tsv)).expect("beads");
        let said = |it: &BeadRecord| {
            (it.src_segments, it.tgt_segments, it.moved, it.reviewed, it.note.clone(), it.tgt.clone())
        };
        let table: Vec<_> = table.iter().map(said).collect();
        prop_assert_eq!(table, records.iter().map(said).collect::<Vec<_>>());
    }

    /// The rows of the sheet are in any order.
    #[test]
    fn sheet_gives_its_verdicts_back(
        right in prop::collection::vec(any::<bool>(), 12),
        order in prop::collection::vec(any::<u8>(), 12),
    ) {
        let mut session = session(12, 13);
        let records = session.records();
        let mut rows: Vec<usize> = (0..12).collect();
        rows.sort_by_key(|&row| order[row]);
        let cells = |row: usize| {
            let verdict = if right[row] { "right" } else { "" };
            let (src, tgt) = (&records[row].src, &records[row].tgt);
            format!("{}\t{src}\t{tgt}\t{verdict}\t\n", row + 1)
        };
        let text: String = rows.iter().map(|&row| cells(row)).collect();
        let file = tempfile::Builder::new().suffix(".tsv").tempfile().expect("a file");
        std::fs::write(file.path(), format!("pair\tsrc\ttgt\tverdict\tcomment\n{text}")).expect("a file");
        let sheet = BitextInput::file(file.path());
        let report = session.import(&sheet).expect("a sheet");
        let count = right.iter().filter(|it| **it).count();
        prop_assert_eq!((report.confirmed, report.blank, report.missing), (count, 12 - count, 1));
        prop_assert_eq!(report.unused, []);
        let confirmed = session.rows().iter().filter(|row| row.is_fixed());
        let confirmed: Vec<[u32; 2]> = confirmed.map(|row| [row.src.start, row.tgt.start]).collect();
        let chosen = (0..12_u32).filter(|&row| right[row as usize]).map(|row| [row, row]);
        prop_assert_eq!(confirmed, chosen.collect::<Vec<_>>());
    }

    #[test]
    fn decisions_as_json_are_read_back(numbers in any::<[u8; 5]>(), kind in 0..13_u8) {
        let decision = decision(&session(9, 9), kind, numbers.map(usize::from));
        let text = serde_json::to_string(&decision).expect("JSON");
        let back: Decision = serde_json::from_str(&text).expect("a decision");
        prop_assert_eq!(back, decision);
    }
}
