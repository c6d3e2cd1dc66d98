//! Numbers that are counted by row: headline, documents, missing text, histograms.

use std::collections::HashMap;

use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::bundled::OwnedRow;
use crate::corpus::*;

#[test]
fn headline_and_kinds() {
    let corpus = RecountedCorpus::new();
    let headline = &corpus.json["headline"];
    let all: Vec<&OwnedRow> = corpus.rows.iter().collect();
    let pairs = corpus.pairs().count();
    assert_eq!(headline["rows"], all.len());
    assert_eq!(headline["pairs"], pairs);
    assert_eq!(headline["missing"], all.len() - pairs);
    assert_eq!(headline["empty"], 0);
    assert_eq!(headline["documents"], 16);
    check_side(&headline["arabic"], &all, true);
    check_side(&headline["english"], &all, false);
    for (name, arabic) in [("arabic_coverage", true), ("english_coverage", false)] {
        let (_, _, chars, paired) = side(&all, arabic);
        near(&headline[name], paired as f64 / chars as f64);
    }
    assert_eq!(headline["verdicts"], verdicts(corpus.rows.iter()));
    near(&headline["probability"], mean(corpus.pairs().filter_map(|(_, row)| row.probability)));
    near(&headline["quality"], mean(corpus.pairs().filter_map(|(_, row)| row.quality)));
    let wrong: Vec<f64> = corpus.pairs().map(|(_, row)| 1.0 - row.probability.unwrap()).collect();
    let sum: f64 = wrong.iter().sum();
    let half = 1.959_964 * wrong.iter().map(|q| q * (1.0 - q)).sum::<f64>().sqrt();
    assert_eq!(headline["expected_wrong"]["of"], pairs);
    near(&headline["expected_wrong"]["wrong"], sum);
    near(&headline["expected_wrong"]["low"], sum - half);
    near(&headline["expected_wrong"]["high"], sum + half);
    assert_eq!(corpus.json["kinds"], kinds(corpus.rows.iter()));
    let truncated = corpus.pairs().filter(|(_, row)| !row.reasons.is_empty()).count();
    assert_eq!(corpus.json["reasons"], json!([{"name": "truncated", "count": truncated}]));
}

#[test]
fn the_interval_contains_the_number_of_wrong_pairs_95_times_in_100() {
    // Two thousand draws, in each of which every pair is wrong with its own probability.
    let corpus = RecountedCorpus::new();
    let expected = &corpus.json["headline"]["expected_wrong"];
    let (low, high) = (expected["low"].as_f64().unwrap(), expected["high"].as_f64().unwrap());
    let chances: Vec<f64> = corpus.pairs().map(|(_, row)| 1.0 - row.probability.unwrap()).collect();
    let draw = |round: u64, at: usize| {
        let hash = xxh3_64_with_seed(&(at as u64).to_le_bytes(), round);
        (hash >> 11) as f64 / (1_u64 << 53) as f64
    };
    let inside = (0..2000)
        .filter(|round| {
            let wrong =
                chances.iter().enumerate().filter(|(at, q)| draw(*round, *at) < **q).count();
            (low..=high).contains(&(wrong as f64))
        })
        .count();
    assert!(
        (1880..=1920).contains(&(inside)) || (inside as f64 / 2000.0 - 0.95).abs() < 0.02,
        "{inside}"
    );
}

#[test]
fn documents() {
    let corpus = RecountedCorpus::new();
    let documents = &corpus.json["documents"];
    assert_eq!(
        (documents["count"].as_u64(), documents["are_named"].as_bool()),
        (Some(16), Some(true))
    );
    let listed = documents["listed"].as_array().expect("a list");
    assert_eq!(listed.len(), 16);
    for document in listed {
        let name = document["name"].as_str().expect("a name");
        let rows: Vec<&OwnedRow> = corpus.rows.iter().filter(|row| row.doc == name).collect();
        let first = corpus.rows.iter().position(|row| row.doc == name).expect("a row") as u64;
        let pairs: Vec<&&OwnedRow> = rows.iter().filter(|row| is_pair(row)).collect();
        assert_eq!(document["row"], first);
        assert_eq!(document["rows"], rows.len());
        assert_eq!(document["pairs"], pairs.len());
        assert_eq!(document["kinds"], kinds(rows.iter().copied()));
        assert_eq!(document["verdicts"], verdicts(rows.iter().copied()));
        check_side(&document["arabic"], &rows, true);
        check_side(&document["english"], &rows, false);
        near(&document["probability"], mean(pairs.iter().filter_map(|row| row.probability)));
        near(&document["quality"], mean(pairs.iter().filter_map(|row| row.quality)));
        let wrong: f64 = pairs.iter().map(|row| 1.0 - row.probability.unwrap()).sum();
        near(&document["expected_wrong"], wrong);
        // All bundled documents are short enough for one cell per row.
        let ribbon = &document["ribbon"];
        assert_eq!(ribbon["rows_per_cell"], 1);
        for ((cell, row), at) in ribbon["cells"].as_array().unwrap().iter().zip(&rows).zip(first..)
        {
            assert_eq!(
                (&cell["row"], &cell["rows"], &cell["worst_row"]),
                (&json!(at), &json!(1), &json!(at))
            );
            assert_eq!(cell["missing"], u64::from(!is_pair(row)));
            if is_pair(row) {
                near(&cell["confidence"], RecountedCorpus::confidence(row));
                assert_eq!(cell["verdict"], RecountedCorpus::verdict(row));
            } else {
                assert_eq!((&cell["confidence"], &cell["verdict"]), (&Value::Null, &Value::Null));
            }
        }
        let path = &document["path"];
        let ends = |side: fn(&OwnedRow) -> usize| rows.iter().map(|row| side(row)).max().unwrap();
        assert_eq!(path["segments"], json!([ends(|row| row.src[1]), ends(|row| row.tgt[1])]));
        assert_eq!(path["points"].as_array().unwrap().len(), rows.len() + 1);
        let marked = |kind: &str, side: usize| -> u64 {
            let blocks =
                path["blocks"].as_array().unwrap().iter().filter(|block| block["kind"] == kind);
            let spans = blocks.map(|block| &block[["src", "tgt"][side]]);
            spans.map(|span| span[1].as_u64().unwrap() - span[0].as_u64().unwrap()).sum()
        };
        let null = |row: &&&OwnedRow, side: usize| {
            !is_pair(row)
                && row.counterpart.is_none()
                && [row.src, row.tgt][side][0] < [row.src, row.tgt][side][1]
        };
        assert_eq!(marked("omitted", 0), rows.iter().filter(|row| null(row, 0)).count() as u64);
        assert_eq!(marked("added", 1), rows.iter().filter(|row| null(row, 1)).count() as u64);
    }
}

#[test]
fn missing_text() {
    let corpus = RecountedCorpus::new();
    let mut expected: HashMap<&str, [u64; 3]> = HashMap::new();
    let mut open: Option<(&str, usize, &str)> = None;
    // For each side: a run ends at a pair, at the end of a document and at a gap.
    for source in [true, false] {
        for row in &corpus.rows {
            if is_pair(row) {
                open = None;
                continue;
            }
            let own = if source { row.src } else { row.tgt };
            if own[0] == own[1] {
                continue;
            }
            let kind = match (row.counterpart, source) {
                (Some(_), _) => "moved",
                (None, true) => "omitted",
                (None, false) => "added",
            };
            let sums = expected.entry(kind).or_default();
            if open != Some((row.doc.as_str(), own[0], kind)) {
                sums[0] += 1;
            }
            sums[1] += 1;
            sums[2] += word_count(&row.arabic) + word_count(&row.english);
            open = Some((row.doc.as_str(), own[1], kind));
        }
        open = None;
    }
    let missing = &corpus.json["missing"];
    for (kind, [runs, rows, words]) in &expected {
        assert_eq!(missing[kind], json!({"runs": runs, "rows": rows, "words": words}), "{kind}");
    }
    let runs = missing["runs"].as_array().unwrap();
    let all: u64 = expected.values().map(|sums| sums[0]).sum();
    assert_eq!(runs.len() as u64, all.min(60));
    assert!(runs.windows(2).all(|pair| pair[0]["words"].as_u64() >= pair[1]["words"].as_u64()));
    for run in runs {
        let row = &corpus.rows[run["row"].as_u64().unwrap() as usize];
        assert_eq!(run["doc"], row.doc);
        let text = if run["is_arabic"] == true { &row.arabic } else { &row.english };
        let shown = run["text"].as_str().unwrap().trim_end_matches('…');
        assert!(shown.starts_with(text.as_str()) || text.starts_with(shown));
    }
}

#[test]
fn histograms_and_thresholds() {
    let corpus = RecountedCorpus::new();
    for (name, of) in [
        ("probability", (|row: &OwnedRow| row.probability) as fn(&OwnedRow) -> Option<f64>),
        ("quality", |row| row.quality),
    ] {
        let histogram = &corpus.json[name];
        assert_eq!((&histogram["from"], &histogram["to"]), (&json!(0.0), &json!(1.0)));
        for (bin, count) in histogram["counts"].as_array().unwrap().iter().enumerate() {
            let (from, to) = (bin as f64 / 50.0, (bin + 1) as f64 / 50.0);
            let inside = |value: f64| value >= from && (value < to || bin == 49 && value <= 1.0);
            let expected = corpus.pairs().filter(|(_, row)| of(row).is_some_and(inside)).count();
            assert_eq!(*count, expected, "{name} from {from}");
        }
    }
    let kept = corpus.json["kept"].as_array().unwrap();
    assert_eq!(kept.len(), 101);
    for (step, point) in kept.iter().enumerate() {
        let threshold = step as f64 / 100.0;
        let reach = || corpus.pairs().filter(|(_, row)| row.quality >= Some(threshold));
        let words: u64 = reach().map(|(_, row)| word_count(&row.english)).sum();
        assert_eq!(
            *point,
            json!({"threshold": threshold, "pairs": reach().count(), "english_words": words})
        );
    }
}
