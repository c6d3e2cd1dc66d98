//! Text that is not read or not written is counted, and nothing else is taken for a bitext.

use crate::util::{ARABIC, ENGLISH, Folder};

#[test]
fn a_manifest_is_no_bitext() {
    let folder = Folder::with_pair();
    folder.write("texts/b.ar", ARABIC);
    folder.write("texts/b.en", ENGLISH);
    let manifest = |ar: &str, en: &str| format!("id\tsrc\ttgt\tpair_score\na\t{ar}\t{en}\t0.9\n");
    folder.write("list.tsv", manifest("a.ar", "a.en"));
    // Relative to its own folder.
    folder.write("texts/table.txt", manifest("b.ar", "b.en"));
    folder.write("list.csv", "id,src,tgt\ngone,gone.ar,gone.en\na,a.ar,a.en\n");
    folder.write("list.jsonl", "{\"id\":\"a\",\"src\":\"a.ar\",\"tgt\":\"a.en\"}\n");
    let expected = ["this is a manifest", "a.ar", "nasaq align --corpus"];
    for command in [
        &["convert", "list.tsv"][..],
        &["convert", "list.csv"],
        &["convert", "list.jsonl", "--skip-bad"],
        &["score", "list.tsv", "--no-encoder"],
        &["filter", "list.tsv"],
        &["terms", "list.tsv"],
        &["report", "list.tsv", "-o", "r.html"],
        &["merge", "list.tsv", "list.csv"],
        &["review", "list.tsv", "--no-open"],
    ] {
        folder.run(command).fails(3, &expected);
    }
    folder.run(&["convert", "texts/table.txt"]).fails(3, &["this is a manifest", "b.ar"]);
    folder.run(&["align", "--corpus", "list.tsv", "-o", "a.tmx"]).ok();
    // A pair whose texts are names of files, without an id, or names of no files.
    folder.write("b.tsv", "src\ttgt\na.ar\ta.en\n");
    folder.run(&["convert", "b.tsv"]).ok();
    folder.write("c.tsv", "id\tsrc\ttgt\n1\tc.ar\tc.en\n");
    folder.run(&["convert", "c.tsv"]).ok();
}

#[test]
fn segments_in_no_rung_are_counted() {
    let folder = Folder::with_pair();
    folder.write("gap.ladder", "[0]:[0]\n[4]:[4]\n");
    let gaps = "3 source segments are in no rung, the first is 1; 3 target segments are in no rung, the \
                first is 1";
    for command in [
        &["convert", "gap.ladder", "a.ar", "a.en", "-o", "d.tsv"][..],
        &["score", "gap.ladder", "a.ar", "a.en", "--no-encoder", "-o", "d.tsv"],
        &["merge", "gap.ladder", "a.ar", "a.en", "-o", "d.tsv"],
    ] {
        let run = folder.run(command);
        assert!(run.stderr.contains(gaps), "{command:?}: {}", run.stderr);
        run.ok();
    }
    folder.write("gold.ladder", "[0]:[0]\n[1]:[]\n[2, 3]:[1]\n[]:[2]\n[]:[3]\n[4]:[4]\n");
    let run = folder.run(&["eval", "--gold", "gold.ladder", "--test", "gap.ladder"]);
    run.warns(&["gap.ladder: 3 source segments"]);
    assert!(!run.stderr.contains("gold.ladder: "), "{}", run.stderr);
    // Moved text and blank lines are no gaps; a ladder of hunalign may begin late.
    folder.write("moved.ladder", "[1]:[0]\n[0]:[1]\n[3]:[3]\n");
    folder.write("s", "a\nb\n\nd\n");
    folder.write("t", "a\nb\n \nd\n");
    let run = folder.run(&["convert", "moved.ladder", "s", "t", "--to", "tsv"]);
    assert!(!run.stderr.contains("in no rung"), "{}", run.stderr);
    folder.write("h.ladder", "1\t0\t0.5\n4\t4\t0\n");
    let run = folder.run(&["convert", "h.ladder", "s", "t", "--to", "tsv"]);
    assert!(
        run.stderr.contains("1 source segment is in no rung, the first is 0"),
        "{}",
        run.stderr
    );
}

#[test]
fn outputs_of_earlier_runs_are_not_read() {
    let folder = Folder::with_pair();
    let align = |id: &str, options: &[&str]| {
        folder.write("list.tsv", format!("id\tsrc\ttgt\n{id}\ta.ar\ta.en\n"));
        folder.run(&[&["align", "--corpus", "list.tsv", "-o", "out"][..], options].concat()).ok();
    };
    align("old", &[]);
    align("new", &["--to", "jsonl"]);
    assert!(folder.path("out/docs/old.tsv").exists());
    let note = "skipped 1 file that documents.tsv does not list, such as out/docs/old.tsv";
    for input in ["out/", "out", "out/docs"] {
        let run = folder.run(&["convert", input, "--to", "jsonl"]);
        assert!(run.stderr.contains(note), "{}", run.stderr);
        assert_eq!(run.ok().lines().count(), 5);
    }
    for command in [
        &["filter", "out", "-o", "f.tsv", "--no-encoder"][..],
        &["report", "out", "-o", "r.html", "--no-encoder"],
        &["terms", "out", "-o", "t.tsv"],
        &["merge", "out", "-o", "m.tsv"],
    ] {
        let run = folder.run(command);
        assert!(run.stderr.contains(note), "{command:?}: {}", run.stderr);
        run.ok();
    }
    // Shards of a run before, beside the present documents.
    align("shard", &["--shard-size", "9", "--prune"]);
    align("new", &[]);
    let run = folder.run(&["convert", "out", "--to", "tsv"]);
    assert!(run.stderr.contains("out/shards/00000.tsv"), "{}", run.stderr);
    assert!(run.ok().contains("\tnew\t"));
    // A folder of other programs is read whole.
    folder.write("own/docs/a.tsv", "src\ttgt\nنعم\tYes\n");
    folder.write("own/documents.tsv", "a\tb\n");
    assert_eq!(folder.run(&["convert", "own", "--to", "jsonl"]).ok().lines().count(), 1);
}

#[test]
fn one_sided_pairs_of_a_corpus_are_counted() {
    let folder = Folder::new();
    folder.write("a.ar", ARABIC);
    folder
        .write("a.en", format!("{ENGLISH}Copyright 2019 by the publisher, all rights reserved.\n"));
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\n");
    folder.run(&["align", "a.ar", "a.en", "-o", "a.jsonl"]).ok();
    let one_sided = folder.read("a.jsonl").matches("\"kind\":\"0-1\"").count();
    assert_eq!(one_sided, 1);
    let expected = "tmx: 1 pair with text on one side only omitted";
    for output in ["a.tmx", "out"] {
        let run = folder.run(&["align", "--corpus", "list.tsv", "-o", output, "--to", "tmx"]);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        run.ok();
    }
    let run = folder.run(&["align", "--corpus", "list.tsv", "-o", "a.tsv"]);
    assert!(!run.stderr.contains("one side only"), "{}", run.stderr);
}

#[test]
fn only_pairs_that_were_written_are_counted() {
    let folder = Folder::new();
    folder.write("a", "نعم\nلا\n\nماء\n");
    folder.write("b", "Yes\n\nNo\nWater\n");
    folder.write("a.tsv", "src\ttgt\nنعم\tYes\nلا\t\n");
    let run = folder.run(&["convert", "a", "b", "-o", "m.tmx"]);
    assert!(run.stderr.contains("2 pairs converted from moses to tmx"), "{}", run.stderr);
    let run = folder.run(&["convert", "m.tmx", "a.tsv", "-o", "j.jsonl"]);
    assert!(run.stderr.contains("4 pairs converted from tmx and tsv to jsonl"), "{}", run.stderr);
    let run = folder.run(&["merge", "m.tmx", "a.tsv", "-o", "all.tmx"]);
    assert!(run.stderr.contains("2 kept, 1 duplicate left out"), "{}", run.stderr);
}

#[test]
fn a_corpus_needs_a_folder_or_a_format() {
    let folder = Folder::with_pair();
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\n");
    let align = |output: &str| folder.run(&["align", "--corpus", "list.tsv", "-o", output]);
    align("oo.xyz")
        .fails(2, &["-o oo.xyz: the file ending is not that of a format", "end it with /"]);
    assert!(!folder.path("oo.xyz").exists());
    align("oo.xyz/").ok();
    align("oo.xyz").ok();
    align("a.tmx").ok();
    let help = folder.run(&["align", "--help"]).ok();
    assert!(help.contains("-o is a folder, or one file"), "{help}");
}
