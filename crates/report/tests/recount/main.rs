//! Every number of a report is counted again from the rows, by other code.

#[path = "../bundled/mod.rs"]
mod bundled;
mod corpus;
mod rows;
mod texts;

use corpus::RecountedCorpus;

#[test]
fn no_number_is_forgotten() {
    // Each of these is counted again by a test above, in `gold.rs`, or handed through as it is.
    let checked = [
        "arabic",
        "arabic_vocabulary",
        "borderline",
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
