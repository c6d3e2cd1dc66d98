//! The rows, their report as JSON, and helpers for recomputing it.

use std::collections::BTreeMap;

use nasaq_text::{normalise, words};
use serde_json::{Value, json};

use crate::bundled::{OwnedRow, options, report, rows};

pub(crate) fn near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - expected).abs() < 2e-6, "{found} is not {expected}");
}

pub(crate) fn word_count(text: &str) -> u64 {
    words(&normalise(text)).count() as u64
}

pub(crate) fn is_pair(row: &OwnedRow) -> bool {
    !row.arabic.is_empty() && !row.english.is_empty()
}

pub(crate) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

pub(crate) struct RecountedCorpus {
    pub(crate) rows: Vec<OwnedRow>,
    pub(crate) json: Value,
}

impl RecountedCorpus {
    pub(crate) fn new() -> Self {
        let rows = rows();
        let json = serde_json::to_value(report(&rows, options(), None)).expect("JSON");
        Self { rows, json }
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (u64, &OwnedRow)> {
        self.rows
            .iter()
            .enumerate()
            .map(|(at, row)| (at as u64, row))
            .filter(|(_, row)| is_pair(row))
    }

    pub(crate) fn verdict(row: &OwnedRow) -> &'static str {
        let (p, q) =
            (row.probability.expect("all rows have one"), row.quality.expect("all pairs have one"));
        if p < 0.5 || q < 0.05 {
            "reject"
        } else if p < 0.9 || q < 0.5 {
            "check"
        } else {
            "ready"
        }
    }

    /// What is doubtful about a pair, and the score that shows it.
    pub(crate) fn doubt(row: &OwnedRow) -> Option<(&'static str, f64)> {
        let alignment = row.probability.filter(|value| (*value as f32) < 0.9_f32);
        let translation = row.quality.filter(|value| *value < 0.5 && row.reasons != ["copy"]);
        alignment
            .map(|value| ("alignment", value))
            .or(translation.map(|value| ("translation", value)))
    }

    pub(crate) fn confidence(row: &OwnedRow) -> f64 {
        row.probability.unwrap_or(1.0) * row.quality.unwrap_or(1.0)
    }
}

pub(crate) fn side<'r>(rows: &[&'r OwnedRow], arabic: bool) -> (u64, u64, u64, u64) {
    let text = |row: &&'r OwnedRow| if arabic { &row.arabic } else { &row.english };
    let chars = |row: &&'r OwnedRow| text(row).chars().count() as u64;
    (
        rows.iter()
            .map(
                |row| if arabic { row.src[1] - row.src[0] } else { row.tgt[1] - row.tgt[0] } as u64,
            )
            .sum(),
        rows.iter().map(|row| word_count(text(row))).sum(),
        rows.iter().map(chars).sum(),
        rows.iter().filter(|row| is_pair(row)).map(chars).sum(),
    )
}

pub(crate) fn check_side(found: &Value, rows: &[&OwnedRow], arabic: bool) {
    let (segments, words, chars, paired) = side(rows, arabic);
    let expected =
        json!({"segments": segments, "words": words, "chars": chars, "paired_chars": paired});
    assert_eq!(*found, expected);
}

pub(crate) fn verdicts<'r>(rows: impl Iterator<Item = &'r OwnedRow>) -> Value {
    let mut counts = json!({"ready": 0, "check": 0, "reject": 0, "unrated": 0});
    for row in rows.filter(|row| is_pair(row)) {
        let count = &mut counts[RecountedCorpus::verdict(row)];
        *count = json!(count.as_u64().expect("a count") + 1);
    }
    counts
}

pub(crate) fn kinds<'r>(rows: impl Iterator<Item = &'r OwnedRow>) -> Value {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows {
        *kinds.entry(row.kind().to_string()).or_default() += 1;
    }
    json!(kinds)
}
