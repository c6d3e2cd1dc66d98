//! The accuracy on the bundled corpora does not fall.

use std::fs;
use std::path::{Path, PathBuf};

use nasaq::Rung;
use nasaq_formats::{read_ladder, read_tmx, read_tsv};

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
    let test = read_ladder(&run.ok()).expect("a ladder");
    nasaq::evaluate(&gold(set), &test).strict.f1()
}

/// Returns the gold ladder of a set, with pairs of moved text in place of the nulls that it has for
/// them.
fn gold(set: &str) -> Vec<Rung> {
    let read = |name: &str| {
        let text = fs::read_to_string(corpora().join(set).join(name)).ok()?;
        Some(read_ladder(&text).expect("a ladder"))
    };
    let moved = read("moved.ladder").unwrap_or_default();
    let is_moved = |rung: &Rung| {
        let shares = |own: &[u32], other: &[u32]| own.iter().any(|at| other.contains(at));
        moved.iter().any(|pair| shares(&pair.src, &rung.src) || shares(&pair.tgt, &rung.tgt))
    };
    let gold = read("gold.ladder").expect("a ladder").into_iter();
    gold.filter(|rung| !is_moved(rung)).chain(moved.clone()).collect()
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
fn moved_pairs_of_the_travel_essay_are_in_every_kind_of_output() {
    let at = |name: &str| corpora().join("travel").join(name).to_string_lossy().into_owned();
    let (src, tgt) = (at("ar.segments.txt"), at("en.segments.txt"));
    let moved = read_ladder(&fs::read_to_string(at("moved.ladder")).expect("a ladder"));
    let moved = moved.expect("a ladder");
    let folder = Folder::new();
    let run =
        |options: &[&str]| folder.run(&[&["align", &src, &tgt, "--segmented"], options].concat());
    // As a ladder: the rungs of moved text cross the others, and no segment is in two.
    let ladder = read_ladder(&run(&["-q", "--to", "ladder"]).ok()).expect("a ladder");
    for pair in &moved {
        assert!(ladder.iter().any(|rung| (&rung.src, &rung.tgt) == (&pair.src, &pair.tgt)));
    }
    let mut targets: Vec<u32> = ladder.iter().flat_map(|rung| rung.tgt.clone()).collect();
    targets.sort_unstable();
    assert_eq!(targets, (0..50).collect::<Vec<u32>>());
    // As a table of beads.
    let beads = read_tsv(&run(&["-q", "--to", "tsv"]).ok()).expect("a table");
    let marked = beads.iter().filter(|bead| bead.moved);
    let spans: Vec<_> = marked.map(|bead| (bead.src_segments, bead.tgt_segments)).collect();
    let span = |side: &[u32]| [side[0], side[side.len() - 1] + 1];
    let expected: Vec<_> = moved.iter().map(|it| (span(&it.src), span(&it.tgt))).collect();
    assert_eq!(spans, expected);
    assert!(beads.iter().all(|bead| bead.counterpart.is_none()));
    // As a translation memory.
    let units = read_tmx(&run(&["-q", "--to", "tmx", "--properties"]).ok()).expect("a memory");
    let unit = units.iter().filter(|unit| unit.prop("x-nasaq-moved") == Some("true"));
    let texts: Vec<&str> = unit.map(|unit| unit.variants[1].text.as_str()).collect();
    assert_eq!(texts.len(), 4);
    assert!(texts[1].contains("The first glass") && texts[1].contains("Someone always does."));
    // As a table for people, with a count and both places below it.
    let table = run(&["--to", "table"]).ok();
    assert_eq!(table.lines().filter(|line| line.contains("1-1  ~0.9")).count(), 3, "{table}");
    assert!(table.contains("1-2  ~0.9"));
    assert!(table.contains("; moved: 4\n"));
    assert!(table.contains("moved: source segments 8–11 to target segments 41–45"));
}

#[test]
fn a_monotone_alignment_of_the_travel_essay_is_in_order() {
    let at = |name: &str| corpora().join("travel").join(name).to_string_lossy().into_owned();
    let (src, tgt) = (at("ar.segments.txt"), at("en.segments.txt"));
    let folder = Folder::new();
    let options = ["--segmented", "--monotone", "-q", "--to", "tsv"];
    let text = folder.run(&[&["align", &src, &tgt], &options[..]].concat()).ok();
    let beads = read_tsv(&text).expect("a table");
    let ends = |at: usize| [beads[at].src_segments[1], beads[at].tgt_segments[1]];
    let starts = |at: usize| [beads[at].src_segments[0], beads[at].tgt_segments[0]];
    assert!((1..beads.len()).all(|at| starts(at) == ends(at - 1)));
    assert!(beads.iter().all(|bead| !bead.moved));
    let places = |at: u32| {
        let bead = beads.iter().find(|bead| bead.src_segments == [at, at + 1]);
        bead.expect("a null").counterpart
    };
    assert_eq!([7, 8, 9, 10].map(places), [Some([40, 45]); 4]);
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
    // A doubtful bead may differ: windows are a number of tokens on the source side.
    let missed = |of: &[Rung], among: &[Rung]| -> Vec<Rung> {
        let is_missed = |rung: &&Rung| {
            let exchanged = |it: &Rung| it.src == rung.tgt && it.tgt == rung.src;
            rung.score.expect("a probability") >= 0.9 && !among.iter().any(exchanged)
        };
        of.iter().filter(is_missed).cloned().collect()
    };
    assert_eq!(missed(&forward, &backward), []);
    assert_eq!(missed(&backward, &forward), []);
    let sure = forward.iter().filter(|rung| rung.score >= Some(0.9)).count();
    assert!(sure > forward.len() * 9 / 10, "{sure} of {}", forward.len());
}
