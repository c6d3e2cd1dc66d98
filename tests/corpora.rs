//! The accuracy on the bundled corpora does not fall.

use std::fs;
use std::path::{Path, PathBuf};

use nasaq_formats::read_ladder;

use crate::util::Folder;

/// The minimum strict F1 of each set: what the aligner reached when it was last changed, minus one or
/// two beads. `docs/results/` has the measured values.
const MIN_F1: [(&str, f64); 8] = [
    ("dialogue", 0.97),
    ("encyclopedia", 0.94),
    ("law", 0.98),
    ("letters", 0.95),
    ("news", 0.95),
    ("prose", 0.86),
    ("technical", 0.92),
    ("travel", 0.94),
];

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora")
}

/// Aligns two files of a set and returns strict F1 against its gold.
fn strict_f1(set: &str, src: &str, tgt: &str, options: &[&str]) -> f64 {
    let at = |name: &str| corpora().join(set).join(name).to_string_lossy().into_owned();
    let (src, tgt) = (at(src), at(tgt));
    let run =
        Folder::new().run(&[&["align", "-q", "--to", "ladder", &src, &tgt], options].concat());
    let gold = fs::read_to_string(at("gold.ladder")).expect("a ladder");
    let [gold, test] = [&gold, &run.ok()].map(|text| read_ladder(text).expect("a ladder"));
    nasaq::evaluate(&gold, &test).strict.f1()
}

#[test]
fn accuracy_on_segmented_corpora_does_not_fall() {
    for (set, min_f1) in MIN_F1 {
        let f1 = strict_f1(set, "ar.segments.txt", "en.segments.txt", &["--segmented"]);
        assert!(f1 >= min_f1, "{set}: strict F1 {f1:.4} is below {min_f1}");
    }
}

#[test]
fn accuracy_on_raw_corpora_is_that_of_segmented_ones() {
    for (set, min_f1) in MIN_F1 {
        let f1 = strict_f1(set, "ar.txt", "en.txt", &[]);
        assert!(f1 >= min_f1, "{set}: strict F1 {f1:.4} is below {min_f1}");
    }
}

/// A finding: its kind, source span and target span.
type Finding = (String, [u64; 2], [u64; 2]);

/// Returns the findings of a set.
fn findings(set: &str) -> Vec<Finding> {
    let at = |name: &str| corpora().join(set).join(name).to_string_lossy().into_owned();
    let (src, tgt) = (at("ar.segments.txt"), at("en.segments.txt"));
    let folder = Folder::new();
    let json = folder.run(&["align", &src, &tgt, "--segmented", "--json", "-o", "out.tsv"]).ok();
    let summary: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let found = summary["findings"].as_array().expect("findings");
    let span = |span: &serde_json::Value| {
        ["start", "end"].map(|end| span[end].as_u64().expect("a segment"))
    };
    found
        .iter()
        .map(|found| {
            let kind = found["kind"].as_str().expect("a kind").to_owned();
            (kind, span(&found["src"]), span(&found["tgt"]))
        })
        .collect()
}

#[test]
fn moved_omitted_and_added_passages_of_the_travel_essay_are_found() {
    let ladder = fs::read_to_string(corpora().join("travel/moved.ladder")).expect("a ladder");
    let pairs = read_ladder(&ladder).expect("a ladder");
    let found = findings("travel");
    let moves: Vec<_> = found.iter().filter(|(kind, ..)| kind == "moved").collect();
    for pair in &pairs {
        let contains = |span: [u64; 2], indices: &[u32]| {
            indices.iter().any(|&at| (span[0]..span[1]).contains(&at.into()))
        };
        let found = moves
            .iter()
            .filter(|(_, src, tgt)| contains(*src, &pair.src) && contains(*tgt, &pair.tgt));
        assert_eq!(found.count(), 1, "{pair:?} in {moves:?}");
    }
    // The passages about the bus that broke down and about the museum.
    for (gap, src, tgt) in [("omitted", [19, 24], [19, 19]), ("added", [32, 32], [25, 30])] {
        assert!(found.contains(&(gap.to_owned(), src, tgt)), "{gap} in {found:?}");
    }
}

#[test]
fn corpora_without_moved_passages_have_no_moves() {
    for (set, _) in MIN_F1.iter().filter(|(set, _)| *set != "travel") {
        let moves: Vec<_> =
            findings(set).into_iter().filter(|(kind, ..)| kind == "moved").collect();
        assert!(moves.is_empty(), "{set}: {moves:?}");
    }
}

#[test]
fn every_set_has_a_minimum() {
    let mut sets: Vec<String> = fs::read_dir(corpora())
        .expect("the corpora")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    sets.sort();
    assert_eq!(sets, MIN_F1.map(|(set, _)| set));
}

#[test]
fn exchanging_source_and_target_exchanges_the_sides_of_the_beads() {
    let at = |name: &str| corpora().join("law").join(name).to_string_lossy().into_owned();
    let (ar, en) = (at("ar.txt"), at("en.txt"));
    let folder = Folder::new();
    let ladder = |args: &[&str]| {
        let text = folder.run(&[&["align", "-q", "--to", "ladder"], args].concat()).ok();
        read_ladder(&text).expect("a ladder")
    };
    let forward = ladder(&[&ar, &en]);
    let backward = ladder(&[&en, &ar, "--src-lang", "en", "--tgt-lang", "ar"]);
    let exchanged: Vec<_> = backward.into_iter().map(|rung| (rung.tgt, rung.src)).collect();
    let forward: Vec<_> = forward.into_iter().map(|rung| (rung.src, rung.tgt)).collect();
    assert_eq!(forward, exchanged);
}
