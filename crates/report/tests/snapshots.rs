//! The printed forms of a report of the bundled corpora's gold alignments.

mod bundled;

use bundled::{options, report, rows};
use nasaq::Rung;
use nasaq_report::{GoldBuilder, PageInfo, ReportOptions, page, terminal};

#[test]
fn terminal_summary() {
    // The numbers are those that `recount` checks.
    insta::assert_snapshot!(terminal(&[report(&rows(), options(), None)]));
}

#[test]
fn two_corpora_are_compared() {
    let rows = rows();
    let half = ReportOptions { name: "half".to_owned(), ..options() };
    let reports = [report(&rows, options(), None), report(&rows[..rows.len() / 2], half, None)];
    let text = terminal(&reports);
    let table = text.rfind("\n\n").expect("a table at the end");
    insta::assert_snapshot!(&text[table + 2..]);
}

#[test]
fn json() {
    let rows = rows();
    let rung = |score| Rung { src: vec![0], tgt: vec![0], score: Some(score) };
    let mut gold = GoldBuilder::new();
    gold.add(&[rung(1.0)], &[rung(0.95)]);
    let first: Vec<_> = rows.into_iter().filter(|row| row.doc == "letters").take(12).collect();
    let options =
        ReportOptions { sample: 2, doubtful: 2, filters: vec!["empty".to_owned()], ..options() };
    let mut value = serde_json::to_value(report(&first, options, gold.finish())).expect("JSON");
    // Counts of one by one and empty bins say little and are long.
    for pointer in [
        "/kept",
        "/lengths/arabic_histogram/counts",
        "/lengths/english_histogram/counts",
        "/lengths/log_ratio/counts",
        "/duplicates/distinct_by_words/counts",
        "/probability/counts",
        "/quality/counts",
        "/documents/listed/0/ribbon/cells",
        "/borderline",
    ] {
        let list = value.pointer_mut(pointer).and_then(|list| list.as_array_mut()).expect(pointer);
        let length = list.len();
        list.truncate(2);
        list.push(format!("… {length} in all").into());
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).expect("text"));
}

#[test]
fn the_same_corpus_gives_the_same_bytes() {
    let html = || {
        let mut html = String::new();
        page(&[report(&rows(), options(), None)], &PageInfo::default(), &mut html).expect("a page");
        html
    };
    assert!(html() == html());
}
