//! Tests of `nasaq score`.

use crate::util::{ARABIC, ENGLISH, Folder};

/// Returns a table of the pairs of the example text, with a header and one more column.
fn table() -> String {
    let rows = ARABIC.lines().zip(ENGLISH.lines()).enumerate();
    let rows: Vec<String> = rows.map(|(id, (ar, en))| format!("{id}\t{ar}\t{en}")).collect();
    format!("id\tar\ten\n{}\n", rows.join("\n"))
}

fn column(table: &str, name: &str) -> Vec<String> {
    let mut lines = table.lines();
    let at = lines.next().unwrap().split('\t').position(|column| column == name).expect(name);
    lines.map(|line| line.split('\t').nth(at).unwrap().to_owned()).collect()
}

#[test]
fn columns_are_added_to_those_of_the_input() {
    let folder = Folder::new();
    folder.write("a.tsv", table());
    let scored = folder.run(&["score", "a.tsv"]).ok();
    assert!(scored.starts_with("id\tar\ten\tquality\treasons\t"));
    assert_eq!(column(&scored, "id"), ["0", "1", "2", "3", "4"]);
    for quality in column(&scored, "quality") {
        assert!((0.0..=1.0).contains(&quality.parse::<f64>().unwrap()), "{quality}");
    }
    assert_eq!(column(&scored, "cluster"), ["1", "2", "3", "4", "5"]);
    assert_eq!(column(&scored, "ar_script")[0], "1.000");
}

#[test]
fn scores_do_not_depend_on_format_or_threads() {
    let folder = Folder::new();
    folder.write("a.tsv", table());
    let one = folder.run(&["score", "a.tsv", "--to", "jsonl", "--threads", "1"]).ok();
    let three = folder.run(&["score", "a.tsv", "--to", "jsonl", "--threads", "3"]).ok();
    assert_eq!(one, three);
    let stdin = folder.run_with_input(&["score", "-", "--to", "jsonl"], table().as_bytes()).ok();
    assert_eq!(one, stdin);
    // Scoring a scored file replaces its scores.
    folder.write("b.jsonl", &one);
    assert_eq!(folder.run(&["score", "b.jsonl"]).ok(), one);
    folder.run(&["score", "a.tsv", "-o", "a.tmx.gz"]).ok();
    assert_eq!(
        folder
            .run(&["score", "a.tmx.gz", "--to", "jsonl", "--columns", "quality"])
            .ok()
            .lines()
            .count(),
        5
    );
}

#[test]
fn scores_do_not_depend_on_which_language_is_the_source() {
    let folder = Folder::new();
    folder.write("a.ar", ARABIC);
    folder.write("a.en", ENGLISH);
    let options = ["--no-encoder", "--columns", "quality,length_z,ar_chars"];
    let score = |src: &str, tgt: &str| {
        let table = folder.run(&[&["score", src, tgt][..], &options].concat()).ok();
        ["quality", "length_z", "ar_chars"].map(|name| column(&table, name))
    };
    assert_eq!(score("a.ar", "a.en"), score("a.en", "a.ar"));
}

#[test]
fn a_rating_is_explained() {
    let folder = Folder::new();
    folder.write("a.tsv", "وُلد عام ١٩٩٥ في القاهرة.\tHe was born in Cairo in 1985.\n");
    let explanation = folder.run(&["score", "a.tsv", "--explain", "1"]).ok();
    for part in ["pair 1, line 1", "quality 0.", "wrong_number", "numbers_missing"] {
        assert!(explanation.contains(part), "{part} is not in {explanation}");
    }
    folder.run(&["score", "a.tsv", "--explain", "2"]).fails(3, &["there is no pair 2"]);
}

#[test]
fn profiles_are_written_and_read() {
    let folder = Folder::new();
    folder.write("a.tsv", table());
    let fast = ["--no-encoder", "--no-duplicates", "--columns", "length_z"];
    let first =
        folder.run(&[&["score", "a.tsv", "--write-profile", "p.toml"][..], &fast].concat()).ok();
    let second = folder.run(&[&["score", "a.tsv", "--profile", "p.toml"][..], &fast].concat()).ok();
    assert_eq!(first, second);
    folder.write("bad.toml", "classes = 3");
    folder.run(&["score", "a.tsv", "--profile", "bad.toml"]).fails(3, &["not a length profile"]);
}

#[test]
fn overlap_with_a_test_set_is_found() {
    let folder = Folder::new();
    folder.write("a.tsv", table());
    folder.write("test.tsv", "نص آخر\tNobody was waiting for it\n");
    let args = ["score", "a.tsv", "--no-encoder", "--test-set", "test.tsv", "--columns", "overlap"];
    assert_eq!(column(&folder.run(&args).ok(), "overlap"), ["0", "1", "0", "0", "0"]);
}

#[test]
fn bad_input_is_reported_and_leaves_no_output() {
    let folder = Folder::new();
    folder.write("bad.tsv", "نعم\tYes\nلا\n");
    let run = folder.run(&["score", "bad.tsv", "-o", "out.tsv"]);
    run.fails(3, &["bad.tsv:2", "1 column"]);
    assert_eq!(folder.names(), ["bad.tsv"]);
    folder
        .run(&["score", "bad.tsv", "--no-encoder", "--skip-bad"])
        .warns(&["skipped 1 malformed row"]);
    folder.write("empty.tsv", "src\ttgt\n");
    folder.run(&["score", "empty.tsv"]).fails(3, &["no pairs"]);
    folder.run(&["score", "none.tsv"]).fails(3, &["none.tsv: no such file"]);
    folder.run(&["score", "bad.tsv", "--columns", "beauty"]).fails(2, &["beauty"]);
    folder.run(&["score", "bad.tsv", "-o", "bad.tsv"]).fails(2, &["replace an input"]);
}

#[test]
fn a_single_pair_is_compared_with_built_in_sentences() {
    let quality = |english: &str, options: &[&str]| -> f64 {
        let folder = Folder::new();
        let arabic = "أعلنت الوزارة أن المستشفى الجديد سيفتح أبوابه في الربيع المقبل.";
        folder.write("a.tsv", format!("src\ttgt\n{arabic}\t{english}\n"));
        let args = [&["score", "a.tsv", "--columns", "quality"], options].concat();
        column(&folder.run(&args).ok(), "quality")[0].parse().expect("a number")
    };
    for options in [&[][..], &["--no-encoder"]] {
        let good = quality(
            "The ministry said the new hospital would open its doors next spring.",
            options,
        );
        let bad = quality("He lost his hat on the way to the harbour two days ago.", options);
        assert!(good > 0.8 && bad < 0.3, "{options:?}: {good} and {bad}");
    }
}
