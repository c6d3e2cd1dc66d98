//! Tests of `nasaq merge`, and of commands that read several bitexts.

use nasaq_formats::read_tmx;

use crate::util::Folder;

fn unit(id: &str, date: &str, en: &str, ar: &str) -> String {
    format!(
        "<tu tuid=\"{id}\" changedate=\"{date}\"><note>n{id}</note><tuv xml:lang=\"en\"><seg>{en}</seg></tuv>\
         <tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv></tu>\n"
    )
}

fn memory(units: &[String]) -> String {
    format!(
        "<tmx version=\"1.4\"><header srclang=\"en\"><prop type=\"a\">b</prop></header><body>\n{}</body></tmx>\n",
        units.concat()
    )
}

fn ids(memory: &str) -> Vec<String> {
    let units = read_tmx(memory).expect("TMX");
    units.into_iter().map(|unit| unit.id.unwrap_or_default()).collect()
}

fn two_memories() -> Folder {
    let folder = Folder::new();
    folder.write(
        "a.tmx",
        memory(&[
            unit("1", "20200101T000000Z", "Open the <ph>x</ph>file.", "افتح الملف"),
            unit("2", "20230101T000000Z", "Close the door", "أغلق الباب"),
            unit("3", "20200101T000000Z", "Yes", "نعم"),
        ]),
    );
    folder.write(
        "b.tmx",
        memory(&[
            unit("4", "20210101T000000Z", "Open the file", "اِفتح الملف!"),
            unit("5", "20220101T000000Z", "Close the door", "أغلق الباب"),
            unit("6", "20220101T000000Z", "yes", "أجل"),
        ]),
    );
    folder
}

#[test]
fn the_newest_of_duplicates_is_kept_as_it_is() {
    let folder = two_memories();
    let run =
        folder.run(&["merge", "a.tmx", "b.tmx", "-o", "c.tmx", "--conflicts", "conflicts.tsv"]);
    assert!(run.stderr.contains("6 pairs of 2 bitexts merged: 4 kept, 2 duplicates left out, 1 source with different targets"), "{}", run.stderr);
    assert!(run.stderr.contains("header of 1 file omitted"), "{}", run.stderr);
    run.ok();
    let merged = folder.read("c.tmx");
    assert_eq!(ids(&merged), ["2", "3", "4", "6"]);
    assert!(
        merged.contains("<note>n4</note>") && merged.contains("changedate=\"20210101T000000Z\"")
    );
    assert!(merged.contains("<prop type=\"a\">b</prop>"));
    assert_eq!(
        folder.read("conflicts.tsv"),
        "conflict\tsrc\ttgt\tfile\tline\tchanged\n1\tYes\tنعم\ta.tmx\t4\t20200101T000000Z\n\
         1\tyes\tأجل\tb.tmx\t4\t20220101T000000Z\n"
    );
    folder.run(&["merge", "a.tmx", "b.tmx", "-o", "c.tmx", "--keep", "first"]).ok();
    let merged = folder.read("c.tmx");
    assert_eq!(ids(&merged), ["1", "2", "3", "6"]);
    assert!(merged.contains("<ph>x</ph>"), "codes are copied");
    // A merged memory has nothing left to merge.
    let run = folder.run(&["merge", "c.tmx", "-o", "d.tmx"]);
    assert!(run.stderr.contains("0 duplicates left out"), "{}", run.stderr);
    assert_eq!(folder.read("d.tmx"), merged);
}

#[test]
fn the_best_of_duplicates_is_kept_in_any_format() {
    let folder = Folder::new();
    folder.write("a.tsv", "src\ttgt\tquality\nنعم\tYes\t0.5\nلا\tNo\t0.9\n");
    folder.write("b.jsonl", "{\"src\":\"Yes!\",\"tgt\":\"نعم\",\"quality\":0.7,\"src_place\":\"x\"}\n{\"src\":\"no\",\"tgt\":\"لا\"}\n");
    let out = folder.run(&["merge", "a.tsv", "b.jsonl", "--keep", "best"]).ok();
    // The sides of the second file are the other way round.
    assert_eq!(out, "src\ttgt\tquality\ttgt_place\nلا\tNo\t0.9\t\nنعم\tYes!\t0.7\tx\n");
    let run = folder.run(&["merge", "a.tsv", "b.jsonl", "-o", "c.tsv"]);
    run.warns(&["no pair has a date: the first of duplicates was kept"]);
    assert_eq!(folder.read("c.tsv").lines().count(), 3);
    folder.run(&["merge", "a.tsv", "b.jsonl", "-o", "a.tsv"]).fails(2, &["would replace an input"]);
    folder
        .run(&["merge", "a.tsv", "b.jsonl", "-o", "c.tsv", "--conflicts", "c.tsv"])
        .fails(2, &["same file"]);
    folder.run(&["merge", "a.tsv", "missing.tsv"]).fails(3, &["missing.tsv: no such file"]);
}

#[test]
fn several_files_patterns_and_folders_are_one_corpus() {
    let folder = Folder::new();
    for (name, rows) in [
        ("shards/1.tsv", "نعم\tYes\tx\nلا\tNo\ty\n"),
        ("shards/2.tsv", "لا\tNo.\tz\n"),
        ("run/docs/a.tsv", "كتاب\tA book\tx\n"),
        ("run/docs/b/c.tsv", "نَعم\tYes!\ty\n"),
    ] {
        folder.write(name, format!("src\ttgt\tnote\n{rows}"));
    }
    folder.write("run/documents.tsv", "id\tstatus\na\tok\n");
    folder.write("f.toml", "[[filter]]\nname = 'duplicate'\nbest_of = 'cluster'\n");
    let inputs = ["shards/*.tsv", "run"];
    let filter = [&["filter"], &inputs[..], &["--filters", "f.toml", "--no-encoder"]].concat();
    let out = folder.run(&filter).ok();
    assert_eq!(out.lines().count(), 4, "a header and three different pairs: {out}");
    let out = folder.run(&[&["convert"], &inputs[..]].concat()).ok();
    assert_eq!(out.lines().count(), 6, "{out}");
    let run = folder.run(&[&["merge"], &inputs[..], &["-o", "m.tsv"]].concat());
    assert!(run.stderr.contains("5 pairs of 4 bitexts merged: 3 kept"), "{}", run.stderr);
    let out = folder
        .run(&[&["score"], &inputs[..], &["--no-encoder", "--columns", "duplicates"]].concat())
        .ok();
    let counts: Vec<&str> =
        out.lines().skip(1).filter_map(|line| line.split('\t').nth(3)).collect();
    assert_eq!(counts, ["2", "2", "2", "1", "2"]);
    folder.run(&["convert", "none/*.tsv"]).fails(3, &["none/*.tsv: no file matches"]);
    folder.run(&["filter", "run", "-o", "run/docs/a.tsv"]).fails(2, &["would replace an input"]);
    folder
        .run(&["convert", "shards/1.tsv", "shards/2.tsv", "-o", "shards/2.tsv"])
        .fails(2, &["would replace an input"]);
    folder.write("empty.tsv", "src\ttgt\n");
    let run = folder.run(&["convert", "shards/1.tsv", "empty.tsv", "--to", "jsonl"]);
    run.warns(&["the bitext has no pairs: empty.tsv"]);
    assert_eq!(run.stdout.lines().count(), 2);
    folder
        .run(&["merge", "empty.tsv", "empty.tsv"])
        .fails(3, &["the bitext has no pairs: empty.tsv"]);
}

#[test]
fn several_memories_become_one_with_all_units() {
    let folder = two_memories();
    let run = folder.run(&["convert", "a.tmx", "b.tmx", "-o", "c.tmx"]);
    assert!(run.stderr.contains("header of 1 file omitted"), "{}", run.stderr);
    let all = folder.read("c.tmx");
    assert_eq!(ids(&all), ["1", "2", "3", "4", "5", "6"]);
    assert!(all.contains("<ph>x</ph>") && all.matches("<note>").count() == 6);
    folder.write("x.tsv", "src\ttgt\tnote\nكتاب\tA book\tn\n");
    folder.run(&["convert", "a.tmx", "x.tsv", "-o", "d.tmx"]).ok();
    let mixed = folder.read("d.tmx");
    assert_eq!(ids(&mixed), ["1", "2", "3", ""]);
    assert!(mixed.contains("x-nasaq-note"), "{mixed}");
    // Documents of XLIFF have no common frame.
    folder.run(&["convert", "a.tmx", "-o", "a.xliff"]).ok();
    folder.run(&["convert", "a.xliff", "a.xliff", "-o", "b.xliff"]).ok();
    assert_eq!(folder.read("b.xliff").matches("<unit ").count(), 6);
}
