//! Runs of `nasaq pair`.

use std::fs;
use std::path::Path;

use crate::util::{ENGLISH, Folder};

const NAMES: [&str; 8] =
    ["dialogue", "encyclopedia", "law", "letters", "news", "prose", "technical", "travel"];

/// Copies the bundled texts under meaningless names, without one of the English and one of the Arabic
/// texts.
fn shuffled() -> Folder {
    let folder = Folder::new();
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora");
    for (number, name) in NAMES.into_iter().enumerate() {
        let text = |language: &str| {
            fs::read(corpora.join(name).join(format!("{language}.txt"))).expect("a bundled text")
        };
        if name != "law" {
            folder.write(&format!("ar/{number}.txt"), text("ar"));
        }
        if name != "travel" {
            folder.write(&format!("en/x/{}.txt", number * 5 % 8), text("en"));
        }
    }
    folder
}

#[test]
fn files_are_paired_with_their_translations_and_align_reads_the_manifest() {
    let folder = shuffled();
    let run = folder.run(&["pair", "ar", "en", "-o", "list.tsv"]);
    assert!(run.stderr.contains("unpaired: source ar/7.txt (nearest en/x/"), "{}", run.stderr);
    assert!(run.stderr.contains("unpaired: target en/x/2.txt (nearest ar/"), "{}", run.stderr);
    assert!(run.stderr.contains("6 pairs; unpaired: 1 sources, 1 targets"), "{}", run.stderr);
    run.ok();
    let list = folder.read("list.tsv");
    for row in list.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let number = |text: &str| {
            text.rsplit('/').next().and_then(|name| name.split('.').next()?.parse().ok())
        };
        let (src, tgt): (Option<usize>, Option<usize>) = (number(fields[1]), number(fields[2]));
        assert_eq!(src.map(|src| src * 5 % 8), tgt, "{row}");
        assert_eq!(fields[0].parse().ok(), src);
    }
    let run = folder.run(&["align", "--corpus", "list.tsv", "-o", "out"]);
    assert!(
        run.stderr.contains("6 documents: 6 aligned, 0 failed, 0 with warnings"),
        "{}",
        run.stderr
    );
    assert!(
        folder
            .read("out/docs/0.tsv")
            .lines()
            .next()
            .expect("a header")
            .ends_with("\tpair_score\tpair_margin")
    );
}

#[test]
fn a_mixed_folder_is_divided_by_language() {
    let folder = Folder::new();
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora");
    for (number, name) in ["news", "law", "travel"].into_iter().enumerate() {
        for (of, language) in ["ar", "en"].into_iter().enumerate() {
            let text = fs::read(corpora.join(name).join(format!("{language}.txt")));
            let number = (number * 2 + of) * 5 % 7;
            folder.write(&format!("in/{number}.txt"), text.expect("a bundled text"));
        }
    }
    folder.write("in/numbers.txt", "1 2 3\n");
    let run = folder.run(&["pair", "in", "-o", "list.tsv"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let skipped = "skipped: in/numbers.txt: no Arabic and no Latin letters\n";
    assert!(run.stderr.contains(skipped), "{}", run.stderr);
    let list = folder.read("list.tsv");
    let rows: Vec<Vec<&str>> = list.lines().skip(1).map(|row| row.split('\t').collect()).collect();
    let pairs: Vec<[&str; 2]> = rows.iter().map(|row| [row[1], row[2]]).collect();
    assert_eq!(
        pairs,
        [["in/0.txt", "in/5.txt"], ["in/3.txt", "in/1.txt"], ["in/6.txt", "in/4.txt"]]
    );
    // One folder given twice is one mixed folder: no file is paired with itself.
    folder.run(&["pair", "in", "./in", "-o", "twice.tsv"]);
    assert_eq!(folder.read("twice.tsv"), list);
    folder.write("one/1.txt", ENGLISH);
    folder.run(&["pair", "one"]).fails(3, &["one: no Arabic document"]);
}

#[test]
fn threads_change_nothing_and_the_output_folder_only_the_paths() {
    let folder = shuffled();
    let expected = folder.run(&["pair", "ar", "en", "--threads", "1"]).ok();
    assert_eq!(folder.run(&["pair", "ar", "en", "--threads", "3"]).ok(), expected);
    // The paths are right for a manifest in another folder too.
    folder.write("m/empty", "");
    folder.run(&["pair", "ar", "en", "-o", "m/list.tsv"]).ok();
    let dry = folder.run(&["align", "--corpus", "m/list.tsv", "--dry-run"]).ok();
    assert!(dry.lines().skip(1).all(|row| !row.ends_with("\t0")), "{dry}");
}

#[test]
fn unreadable_files_are_reported_and_the_others_paired() {
    let folder = Folder::with_pair();
    folder.write("ar/1.txt", folder.read("a.ar"));
    folder.write("en/2.txt", ENGLISH);
    folder.write("en/3.txt", b"\xff\xfe\x00");
    let run = folder.run(&["pair", "ar", "en", "--json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("skipped: en/3.txt:1: the bytes at offset 2 are not valid UTF-16LE"),
        "{}",
        run.stderr
    );
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(json["pairs"][0]["tgt"], "en/2.txt");
    folder.run(&["pair", "ar", "none"]).fails(3, &["none: not a folder"]);
    folder.run(&["pair", "ar", "en", "--threshold", "2"]).stderr.contains("--threshold");
}
