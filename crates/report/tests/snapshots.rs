//! Snapshots of the report of the gold alignments of the bundled corpora, as text and as JSON.

mod bundled;

use bundled::{options, report, rows};
use nasaq::Rung;
use nasaq_report::{GoldBuilder, PageInfo, terminal_summary, write_page};

#[test]
fn one_corpus_is_summarised() {
    // The test `recount` checks the numbers.
    insta::assert_snapshot!(terminal_summary(&[report(&rows(), options(), None)]));
}

#[test]
fn two_corpora_are_compared() {
    let rows = rows();
    let mut half = options();
    half.name = "half".to_owned();
    let reports = [report(&rows, options(), None), report(&rows[..rows.len() / 2], half, None)];
    let text = terminal_summary(&reports);
    let table = text.rfind("\n\n").expect("a table at the end");
    insta::assert_snapshot!(&text[table + 2..]);
}

#[test]
fn json() {
    let rows = rows();
    let rung = |score| Rung::new([0], [0]).with_score(score);
    let mut gold = GoldBuilder::new();
    gold.add(&[rung(1.0)], &[rung(0.95)]);
    let first: Vec<_> = rows.into_iter().filter(|row| row.doc == "letters").take(12).collect();
    let mut options = options();
    options.sample = 2;
    options.doubtful = 2;
    options.filters = vec!["empty".to_owned()];
    let mut value = serde_json::to_value(report(&first, options, gold.finish())).expect("JSON");
    // Long lists are cut, and their lengths are recorded instead.
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
fn the_same_corpus_produces_the_same_bytes() {
    let html = || {
        let mut html = String::new();
        write_page(&[report(&rows(), options(), None)], &PageInfo::default(), &mut html)
            .expect("a page");
        html
    };
    assert!(html() == html());
}
