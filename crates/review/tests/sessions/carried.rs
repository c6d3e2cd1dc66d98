//! Decisions in other versions of their documents, and in runs of a corpus.

use std::fs;

use nasaq::Language;
use nasaq_job::{Corpus, CorpusJob};
use nasaq_review::{Decided, Decision, Order, ReviewFolder, ReviewLogs, ReviewSide, Session};

use super::{confirm, corpus, engine, folder, pairs, story};

#[test]
fn decisions_are_carried_over_to_changed_documents() {
    let folder = folder();
    let engine = engine(false);
    let source = story(&folder, "news", ".txt");
    let log = source.log_path();
    let mut session = Session::open(&log, &source, &engine).expect("documents");
    let rows = pairs(&session)[3..8].to_vec();
    let texts_of = |session: &Session, row: usize| -> [String; 2] {
        let record = session.records().swap_remove(row);
        [record.src, record.tgt]
    };
    let kept: Vec<[String; 2]> = rows.iter().map(|&row| texts_of(&session, row)).collect();
    for &row in &rows {
        let seen = Some(session.rows()[row].segments());
        session.apply(Decision::Confirm { row, seen }).expect("a row");
    }
    let note = Decision::Note { row: rows[1], text: "n".to_owned(), seen: None };
    session.apply(note).expect("a row");
    drop(session);

    // A sentence is added at the start of one side, and one that was decided changes.
    let path = folder.path().join("story.en.txt");
    let english = fs::read_to_string(&path).expect("a text");
    let gone = kept[2][1].split_whitespace().next_back().expect("a word");
    let at = english.find(kept[2][1].split_whitespace().next().expect("a word"));
    let changed = match kept[2][1].as_str() {
        whole if english.contains(whole) => english.replacen(whole, "Otherwise it is.", 1),
        // Its lines were joined.
        _ => english.replacen(gone, "otherwise.", 1),
    };
    assert!(at.is_some() && changed != english);
    fs::write(&path, format!("Added at the start.\n\n{changed}")).expect("a file");
    let failure = Session::open(&log, &source, &engine).expect_err("another text");
    assert_eq!(failure.kind(), "changed");
    assert!(failure.reason().contains("story.en.txt"), "{}", failure.reason());

    let (session, report) = Session::carry_over(&log, &source, &engine).expect("a new log");
    assert_eq!((report.carried, report.dropped.len()), (5, 1), "{report:?}");
    assert_eq!(report.dropped[0].reason, "its text has changed");
    let fixed: Vec<[String; 2]> = (0..session.rows().len())
        .filter(|&row| session.rows()[row].is_fixed())
        .map(|row| texts_of(&session, row))
        .collect();
    assert_eq!(fixed, [&kept[..2], &kept[3..]].concat());
    assert!((0..session.rows().len()).any(|row| session.note(row).as_deref() == Some("n")));
    let backup = folder.path().join("story.review.jsonl.1");
    assert_eq!(Session::read(&backup).expect("the earlier log").summary().confirmed, 5);
    drop(session);
    assert!(Session::open(&log, &source, &engine).is_ok(), "it is the log of these texts now");
}

#[test]
fn documents_of_a_corpus_run_are_reviewed_one_by_one() {
    let folder = folder();
    for name in ["news", "letters"] {
        for lang in ["ar", "en"] {
            let to = folder.path().join(format!("{name}.{lang}.txt"));
            fs::copy(corpus(name).join(format!("{lang}.txt")), to).expect("a file");
        }
    }
    let engine = engine(false);
    let out = folder.path().join("out");
    let languages = [Language::Arabic, Language::English];
    let corpus = Corpus::find(folder.path(), None, languages, Some(&out)).expect("two documents");
    CorpusJob::new(&engine, &corpus).run(&out, &()).expect("a run");
    let review = ReviewFolder::open(&out).expect("a run");
    let wrong: Vec<f64> = review.documents().iter().map(|it| it.expected_wrong).collect();
    assert!(wrong.len() == 2 && wrong[0] >= wrong[1], "{wrong:?}");
    let mut session = review.session("letters", &engine).expect("a document");
    let row = session.next(Some(0), Order::Risk).expect("a row");
    session.apply(Decision::Unalign { row, seen: None }).expect("a row");
    session.apply(confirm(0)).expect("a row");
    let text = session.records()[0].src.clone();
    drop(session);
    assert!(review.session("no such", &engine).is_err());
    let listed = ReviewFolder::open(&out).expect("a run");
    let letters = listed.documents().iter().find(|it| it.id == "letters").expect("listed");
    assert!(letters.decided >= 2);

    // The next run has the decisions, and aligns only the document whose review has changed.
    let logs = ReviewLogs::new(out.join("review"), &engine);
    let again = folder.path().join("again");
    let run = || CorpusJob::new(&engine, &corpus).reviews(&logs).run(&again, &()).expect("a run");
    assert_eq!(run().totals.reused, 0);
    let table = fs::read_to_string(again.join("docs/letters.tsv")).expect("a file");
    assert!(table.lines().next().is_some_and(|header| header.contains("\treviewed\t")));
    let reviewed: Vec<&str> = table
        .lines()
        .filter(|line| line.contains("\tconfirmed\t") || line.contains("\tchanged\t"))
        .collect();
    assert!(reviewed.iter().any(|line| line.starts_with(&text)), "{reviewed:?}");
    assert!(reviewed.len() >= 2, "{reviewed:?}");
    assert_eq!(run().totals.reused, 2);
    let mut session = review.session("letters", &engine).expect("a document");
    session.apply(confirm(session.rows().len() - 1)).expect("a row");
    drop(session);
    assert_eq!(run().totals.reused, 1);

    // The run has written the decisions; the review goes on from there.
    let mut review = ReviewFolder::open(&again).expect("a run").with_logs(out.join("review"));
    let decided = |session: &Session| session.rows().iter().filter(|row| row.is_fixed()).count();
    let before = decided(&Session::read(&review.log_path("letters")).expect("a log"));
    let session = review.session("letters", &engine).expect("a document");
    assert_eq!(decided(&session), before, "{:?}", session.notices());
    assert!(session.notices().iter().any(|it| it.contains("carried over")));
    drop(session);
    review = ReviewFolder::open(&again).expect("a run").with_logs(out.join("review"));
    let session = review.session("letters", &engine).expect("a document");
    assert!(session.notices().is_empty(), "{:?}", session.notices());
}

#[test]
fn corrections_and_changed_beads_last_through_runs_of_a_corpus() {
    let folder = folder();
    for lang in ["ar", "en"] {
        let to = folder.path().join(format!("news.{lang}.txt"));
        fs::copy(corpus("news").join(format!("{lang}.txt")), to).expect("a file");
    }
    let engine = engine(false);
    let out = folder.path().join("out");
    let languages = [Language::Arabic, Language::English];
    let corpus = Corpus::find(folder.path(), None, languages, Some(&out)).expect("a document");
    CorpusJob::new(&engine, &corpus).run(&out, &()).expect("a run");
    let open = || {
        let review = ReviewFolder::open(&out).expect("a run");
        review.session("news", &engine).expect("a document")
    };
    let mut session = open();
    let rows = pairs(&session)[2..5].to_vec();
    let [a, b] = [session.rows()[rows[0]].segments(), session.rows()[rows[1]].segments()];
    let original = session.records().swap_remove(rows[0]).tgt;
    let text = "Corrected by hand.".to_owned();
    let edit = Decision::Edit { row: rows[0], side: ReviewSide::Tgt, text, seen: Some(a) };
    session.apply(edit).expect("a row");
    // The same bead, set by the reviewer.
    session.apply(Decision::PairMoved { src: b.src, tgt: b.tgt }).expect("a pair");
    session.apply(confirm(rows[2])).expect("a row");
    let note = Decision::Note { row: rows[0], text: "n".to_owned(), seen: None };
    session.apply(note).expect("a row");
    let decided = |session: &Session| -> Vec<(String, Decided)> {
        let records = session.records().into_iter().zip(session.rows());
        let fixed = records.filter(|(_, row)| row.is_fixed());
        fixed.map(|(record, row)| (record.tgt, row.decided)).collect()
    };
    let expected = decided(&session);
    assert_eq!(expected.len(), 3);
    drop(session);
    for _ in 0..2 {
        let logs = ReviewLogs::new(out.join("review"), &engine);
        CorpusJob::new(&engine, &corpus).reviews(&logs).run(&out, &()).expect("a run");
        let session = open();
        assert_eq!(decided(&session), expected, "{:?}", session.notices());
        let row = session.rows().iter().find(|row| row.edited(ReviewSide::Tgt).is_some());
        let row = row.expect("it is a correction still");
        assert_eq!(row.edited(ReviewSide::Tgt), Some("Corrected by hand."));
        let texts: Vec<&str> =
            row.tgt.range().map(|at| session.segment(ReviewSide::Tgt, at)).collect();
        assert_eq!(texts.join(" "), original);
        assert!((0..session.rows().len()).any(|row| session.note(row).as_deref() == Some("n")));
        assert!(!session.notices().iter().any(|it| it.contains("not carried")));
    }
}
