//! Recomputes every number of a report from the rows, with independent code.

#[path = "../bundled/mod.rs"]
mod bundled;
mod corpus;
mod rows;
mod texts;

use corpus::RecountedCorpus;

#[test]
fn every_part_of_a_report_is_recomputed() {
    // Each of these is recomputed by a test of this crate, or is passed through unchanged.
    let checked = [
        "arabic",
        "arabic_vocabulary",
        "borderline",
        "copies",
        "correlation",
        "documents",
        "doubtful",
        "duplicates",
        "english_vocabulary",
        "filters",
        "gold",
        "headline",
        "kept",
        "kinds",
        "languages",
        "lengths",
        "missing",
        "names",
        "numbers",
        "options",
        "probability",
        "quality",
        "reasons",
        "sample",
        "spellings",
    ];
    let corpus = RecountedCorpus::new();
    let keys: Vec<&str> = corpus.json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, checked);
}
