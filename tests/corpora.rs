//! The bundled corpora keep the accuracy that they are known to have.

use std::fs;
use std::path::{Path, PathBuf};

use nasaq_formats::read_ladder;

use crate::util::Folder;

/// Strict F1 of each set, below which something has broken. They are what the aligner reached when
/// it was last changed, less a bead or two; `docs/results/` has the figures themselves.
const FLOORS: [(&str, f64); 8] = [
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

/// Aligns two files of a set and gives strict F1 against its gold.
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
fn segmented_corpora_keep_their_accuracy() {
    for (set, floor) in FLOORS {
        let f1 = strict_f1(set, "ar.segments.txt", "en.segments.txt", &["--segmented"]);
        assert!(f1 >= floor, "{set}: strict F1 {f1:.4} is below {floor}");
    }
}

#[test]
fn raw_corpora_have_the_accuracy_of_segmented_ones() {
    for (set, floor) in FLOORS {
        let f1 = strict_f1(set, "ar.txt", "en.txt", &[]);
        assert!(f1 >= floor, "{set}: strict F1 {f1:.4} is below {floor}");
    }
}

#[test]
fn every_set_has_a_floor() {
    let mut sets: Vec<String> = fs::read_dir(corpora())
        .expect("the corpora")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    sets.sort();
    assert_eq!(sets, FLOORS.map(|(set, _)| set));
}

#[test]
fn a_document_aligned_backwards_has_the_same_beads_the_other_way_round() {
    let at = |name: &str| corpora().join("law").join(name).to_string_lossy().into_owned();
    let (ar, en) = (at("ar.txt"), at("en.txt"));
    let folder = Folder::new();
    let ladder = |args: &[&str]| {
        let text = folder.run(&[&["align", "-q", "--to", "ladder"], args].concat()).ok();
        read_ladder(&text).expect("a ladder")
    };
    let forward = ladder(&[&ar, &en]);
    let backward = ladder(&[&en, &ar, "--src-lang", "en", "--tgt-lang", "ar"]);
    let turned: Vec<_> = backward.into_iter().map(|rung| (rung.tgt, rung.src)).collect();
    let forward: Vec<_> = forward.into_iter().map(|rung| (rung.src, rung.tgt)).collect();
    assert_eq!(forward, turned);
}
