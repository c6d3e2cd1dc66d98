//! The log of a review in other commands: `convert`, and `align --review`.

use std::path::Path;
use std::sync::Arc;

use nasaq_formats::{BeadReview, read_jsonl, read_tmx};
use nasaq_job::{Engine, Settings};
use nasaq_review::{Decision, ReviewSide, ReviewSource, Session};

use crate::util::{ARABIC, ENGLISH, Folder};

/// Reviews two documents: confirms a bead, corrects the next and leaves the last unaligned.
fn review(src: &Path, tgt: &Path, log: &Path) {
    let engine = Arc::new(Engine::new(Settings::default()).expect("the built-in model"));
    let source = ReviewSource::documents(src, tgt).with_reviewer(Some("Muna".to_owned()));
    let mut session = Session::open(log, &source, &engine).expect("documents");
    session.apply(Decision::Confirm { row: 0, seen: None }).expect("a row");
    let text = "Nobody waited.".to_owned();
    let edit = Decision::Edit { row: 1, side: ReviewSide::Tgt, text, seen: None };
    session.apply(edit).expect("a row");
    let last = session.rows().len() - 1;
    session.apply(Decision::Unalign { row: last, seen: None }).expect("a row");
}

fn reviewed() -> Folder {
    let folder = Folder::with_pair();
    review(&folder.path("a.ar"), &folder.path("a.en"), &folder.path("a.review.jsonl"));
    folder
}

#[test]
fn a_log_is_converted_with_what_was_decided() {
    let folder = reviewed();
    let run = folder.run(&["convert", "a.review.jsonl", "-o", "a.tmx"]);
    assert!(run.stderr.contains("1 confirmed, 3 changed"), "{}", run.stderr);
    run.ok();
    let tmx = folder.read("a.tmx");
    let units = read_tmx(&tmx).expect("a memory");
    assert_eq!(units.len(), 4, "the last pair is unaligned");
    assert_eq!(units[0].prop("x-nasaq-reviewed"), Some("confirmed"));
    assert_eq!(units[0].prop("x-nasaq-reviewer"), Some("Muna"));
    assert_eq!(units[1].variants[1].text, "Nobody waited.");
    assert_eq!(units[2].prop("x-nasaq-reviewed"), None);
    let table = folder.run(&["convert", "a.review.jsonl"]).ok();
    assert!(table.lines().next().is_some_and(|header| header.contains("\treviewed\treviewer\t")));
    for wrong in [&["--columns", "1,2"][..], &["a.review.jsonl"]] {
        let arguments = [&["convert", "a.review.jsonl", "-o", "b.tsv"], wrong].concat();
        folder.run(&arguments).fails(2, &["review"]);
    }
}

#[test]
fn a_new_alignment_keeps_the_decisions_whose_text_is_there() {
    let folder = reviewed();
    folder.write("a.en", format!("A line before.\n{}", ENGLISH.replace("Nobody was", "None were")));
    let align = ["align", "a.ar", "a.en", "--review", "a.review.jsonl", "-o", "new.jsonl"];
    let run = folder.run(&align);
    run.warns(&["1 of 4 decisions not carried over", "its text has changed"]);
    let beads = read_jsonl(&folder.read("new.jsonl")).expect("beads");
    let find = |src: &str| {
        let first = ARABIC.lines().find(|line| line.starts_with(src)).expect("a line");
        beads.iter().find(|bead| bead.src == first).expect("a bead")
    };
    // The aligner may have it otherwise now; then it counts as changed.
    let first = find("وصل");
    assert_eq!((first.kind.to_string().as_str(), first.reviewed.is_some()), ("1-1", true));
    assert_eq!(find("لم").reviewed, None);
    assert_eq!(
        (find("ثم").kind.to_string().as_str(), find("ثم").reviewed.is_some()),
        ("1-0", true)
    );
}

#[test]
fn a_corpus_run_takes_a_folder_of_logs() {
    let folder = Folder::new();
    for id in ["a", "b"] {
        folder.write(&format!("c/{id}.ar.txt"), ARABIC);
        folder.write(&format!("c/{id}.en.txt"), ENGLISH);
    }
    let align = ["align", "--corpus", "c", "-o", "out", "--review", "logs", "--to", "jsonl"];
    folder.run(&align).fails(2, &["this is no folder"]);
    folder.write("logs/other.review.jsonl", "");
    folder.run(&align).fails(3, &["no document has a log"]);
    folder.write("logs/sub/older.review.jsonl", "");
    let [src, tgt] = ["c/b.ar.txt", "c/b.en.txt"].map(|name| folder.path(name));
    review(&src, &tgt, &folder.path("logs/b.review.jsonl"));
    let run = folder.run(&align);
    run.notes(&["1 of the documents has a review"]);
    assert!(run.stderr.contains("2 logs of no document of the corpus: other"), "{}", run.stderr);
    let beads = read_jsonl(&folder.read("out/docs/b.jsonl")).expect("beads");
    assert_eq!(beads[0].reviewed.map(BeadReview::name), Some("confirmed"));
    assert_eq!(beads[1].tgt, "Nobody waited.");
    let beads = read_jsonl(&folder.read("out/docs/a.jsonl")).expect("beads");
    assert!(beads.iter().all(|bead| bead.reviewed.is_none()));

    // Without the review, the run would write what the aligner finds.
    let plain = ["align", "--corpus", "c", "-o", "out", "--to", "jsonl"];
    let parts = ["the decisions of a reviewer about 1 document would be lost: b", "--review"];
    folder.run(&plain).fails(2, &parts);
    let beads = read_jsonl(&folder.read("out/docs/b.jsonl")).expect("beads");
    assert!(beads[0].reviewed.is_some());
    folder.run(&[&plain[..], &["--force"]].concat()).ok();
    let beads = read_jsonl(&folder.read("out/docs/b.jsonl")).expect("beads");
    assert!(beads[0].reviewed.is_none());
    folder.run(&plain).ok();
}

#[test]
fn options_that_have_no_effect_on_a_review_are_refused() {
    let folder = reviewed();
    let review = |args: &[&str]| folder.run(&[&["review", "--no-open"][..], args].concat());
    let log = "a.review.jsonl";
    review(&[log, "--split-long", "--from", "text", "--src-lang", "ar", "--carry-over"])
        .fails(2, &["--split-long, --from, --src-lang, --carry-over: the log has"]);
    folder.write("a.tsv", "src\ttgt\nنعم\tYes\n");
    review(&["a.tsv", "--monotone"]).fails(2, &["--monotone: a bitext has its segments"]);
    folder.run(&["align", "--corpus", ".", "-o", "out"]);
    folder.write(
        "out/documents.tsv",
        "id\tstatus\tfile\tbeads\texpected_wrong\na\taligned\ta\t1\t1\n",
    );
    review(&["out", "--carry-over"]).fails(2, &["--carry-over: the run has aligned"]);
}

#[test]
fn a_log_that_cannot_be_written_or_a_host_that_is_not_here_is_named() {
    let folder = Folder::with_pair();
    let run = folder.run(&["review", "--no-open", "a.ar", "a.en", "-o", "none/x.review.jsonl"]);
    assert!(run.stderr.contains("none/x.review.jsonl:"), "{}", run.stderr);
    assert!(run.stderr.contains("hint:") && !run.stderr.contains(".lock"), "{}", run.stderr);
    let run = folder.run(&["review", "--no-open", "a.ar", "a.en", "--host", "no.such.invalid"]);
    assert!(run.stderr.contains("--host no.such.invalid:"), "{}", run.stderr);
    assert!(run.stderr.contains("an address or a name of this machine"), "{}", run.stderr);
}
