//! Repeated runs of `nasaq align --corpus`: no finished output is lost.

use std::fs;

use crate::util::{ARABIC, ENGLISH, Folder, Run};

/// Makes a manifest of documents `a`, `b` and `c` with different texts.
fn with_manifest() -> Folder {
    let folder = Folder::new();
    for (id, skipped) in ["a", "b", "c"].into_iter().zip(0..) {
        let part = |text: &str| -> String { text.split_inclusive('\n').skip(skipped).collect() };
        folder.write(&format!("{id}.ar"), part(ARABIC));
        folder.write(&format!("{id}.en"), part(ENGLISH));
    }
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\nb\tb.ar\tb.en\nc\tc.ar\tc.en\n");
    folder
}

fn align(folder: &Folder, options: &[&str]) -> Run {
    folder.run(&[&["align", "--corpus", "list.tsv", "-o", "out", "--json"][..], options].concat())
}

#[track_caller]
fn check(run: &Run, code: i32, parts: &[&str]) {
    assert_eq!(run.code, code, "{run:?}");
    for part in parts {
        assert!(run.stdout.contains(part) || run.stderr.contains(part), "{part:?}: {run:?}");
    }
}

#[test]
fn output_of_a_document_that_fails_this_time_stays() {
    let folder = with_manifest();
    align(&folder, &[]).ok();
    let aligned = folder.read("out/docs/b.tsv");
    let damages: [&dyn Fn(); 3] = [
        &|| fs::remove_file(folder.path("b.ar")).expect("a file"),
        &|| folder.write("b.ar", [0, 1, 2, 0xff, 0xfe, 0, 0, 7]),
        &|| folder.write("b.ar", ARABIC.repeat(2000)),
    ];
    for damage in damages {
        let before = fs::read(folder.path("b.ar")).expect("a file");
        damage();
        let run = align(&folder, &["--max-memory", "260M", "--prune"]);
        check(&run, 1, &["\"failed\":1", "\"kept\":1", "1 of the failed documents keep"]);
        assert_eq!(folder.read("out/docs/b.tsv"), aligned);
        let documents = folder.read("out/documents.tsv");
        assert!(documents.contains("\nb\tfailed\tdocs/b.tsv\t"), "{documents}");
        // The journal still knows the output: when the source is back, it is reused.
        folder.write("b.ar", before);
        check(&align(&folder, &[]), 0, &["\"aligned\":3,\"reused\":3", "\"kept\":0"]);
    }
    // Also in another format.
    fs::remove_file(folder.path("b.ar")).expect("a file");
    let run = align(&folder, &["--to", "jsonl"]);
    check(&run, 1, &["\"kept\":1,\"stale\":0,\"pruned\":0,\"replaced\":2"]);
    assert_eq!(folder.read("out/docs/b.tsv"), aligned);
    assert!(!folder.path("out/docs/a.tsv").exists());
}

#[test]
fn output_of_a_document_that_the_corpus_no_longer_has_needs_prune() {
    let folder = with_manifest();
    align(&folder, &[]).ok();
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\nc\tc.ar\tc.en\n");
    for _ in 0..2 {
        let parts =
            ["\"stale\":1", "1 outputs of documents that the corpus no longer has; --prune"];
        check(&align(&folder, &[]), 0, &parts);
        assert!(folder.path("out/docs/b.tsv").exists());
    }
    let run = align(&folder, &["--prune"]);
    check(&run, 0, &["\"stale\":0,\"pruned\":1", "that the corpus no longer has were removed"]);
    assert!(!folder.path("out/docs/b.tsv").exists());
    check(&align(&folder, &[]), 0, &["\"stale\":0,\"pruned\":0"]);
}

#[test]
fn shard_keeps_a_document_that_fails_this_time() {
    let folder = with_manifest();
    let options = ["--shard-size", "2"];
    align(&folder, &options).ok();
    let (first, aligned) =
        (folder.read("out/shards/00000.tsv"), folder.read("out/shards/00001.tsv"));
    fs::rename(folder.path("b.ar"), folder.path("away")).expect("a file");
    for _ in 0..2 {
        check(&align(&folder, &options), 1, &["\"aligned\":2,\"reused\":2", "\"kept\":1"]);
        assert_eq!(folder.read("out/shards/00000.tsv"), first);
    }
    // Its neighbour has changed: the old shard is set aside.
    let changed: String = ENGLISH.split_inclusive('\n').take(4).collect();
    folder.write("a.en", changed);
    for _ in 0..2 {
        check(&align(&folder, &[&options[..], &["--prune"]].concat()), 1, &["\"kept\":1"]);
        assert_ne!(folder.read("out/shards/00000.tsv"), first);
        let kept = fs::read_dir(folder.path("out/set-aside")).expect("a folder");
        let kept: Vec<_> = kept.map(|entry| entry.expect("an entry").path()).collect();
        assert_eq!(kept.len(), 1);
        assert_eq!(fs::read_to_string(&kept[0]).expect("a shard"), first);
    }
    fs::rename(folder.path("away"), folder.path("b.ar")).expect("a file");
    check(&align(&folder, &options), 0, &["\"aligned\":3", "\"kept\":0,\"stale\":0"]);
    assert!(!folder.path("out/set-aside").exists());
    assert_eq!(folder.read("out/shards/00001.tsv"), aligned);
}

#[test]
fn shard_with_a_document_that_the_corpus_no_longer_has_is_set_aside() {
    let folder = with_manifest();
    let options = ["--shard-size", "2"];
    align(&folder, &options).ok();
    let first = folder.read("out/shards/00000.tsv");
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\nc\tc.ar\tc.en\n");
    // The second shard has only a document that is now in the first one.
    let run = align(&folder, &options);
    check(&run, 0, &["\"aligned\":2", "\"stale\":1,\"pruned\":0,\"replaced\":1"]);
    let kept = fs::read_dir(folder.path("out/set-aside")).expect("a folder").next();
    let kept = kept.expect("a shard").expect("an entry").path();
    assert_eq!(fs::read_to_string(kept).expect("a shard"), first);
    check(&align(&folder, &[&options[..], &["--prune"]].concat()), 0, &["\"pruned\":1"]);
    assert!(!folder.path("out/set-aside").exists());
}

#[test]
fn journal_that_names_files_elsewhere_is_refused() {
    let folder = with_manifest();
    align(&folder, &[]).ok();
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\nc\tc.ar\tc.en\n");
    let journal = folder.read("out/journal.jsonl");
    // The hash of the output of b, so that only the name keeps the file.
    fs::copy(folder.path("out/docs/b.tsv"), folder.path("victim.tsv")).expect("a copy");
    for name in ["../victim.tsv", "docs/../../victim.tsv"] {
        folder.write("out/journal.jsonl", journal.replace("docs/b.tsv", name));
        align(&folder, &["--prune"]).fails(3, &["journal.jsonl:2: ", "is not an output"]);
        assert!(folder.path("victim.tsv").exists());
    }
    let absolute = folder.path("victim.tsv").display().to_string();
    folder.write("out/journal.jsonl", journal.replace("docs/b.tsv", &absolute));
    align(&folder, &["--prune"]).fails(3, &["is not an output"]);
    assert!(folder.path("victim.tsv").exists());
}

#[cfg(unix)]
#[test]
fn links_in_an_output_folder_are_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = with_manifest();
    align(&folder, &[]).ok();
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\nc\tc.ar\tc.en\n");
    fs::rename(folder.path("out/docs"), folder.path("elsewhere")).expect("a folder");
    symlink("../elsewhere", folder.path("out/docs")).expect("a link");
    align(&folder, &["--prune"]).fails(3, &["out/docs: a symbolic link"]);
    assert!(folder.path("elsewhere/b.tsv").exists());

    fs::remove_file(folder.path("out/docs")).expect("a link");
    fs::rename(folder.path("elsewhere"), folder.path("out/docs")).expect("a folder");
    folder.write("precious", "text\n");
    fs::remove_file(folder.path("out/errors.jsonl")).expect("a file");
    symlink("../precious", folder.path("out/errors.jsonl")).expect("a link");
    align(&folder, &[]).ok();
    assert_eq!(folder.read("precious"), "text\n");

    fs::remove_file(folder.path("out/journal.jsonl")).expect("a file");
    symlink("../precious", folder.path("out/journal.jsonl")).expect("a link");
    align(&folder, &[]).fails(3, &["out/journal.jsonl: a symbolic link"]);
    assert_eq!(folder.read("precious"), "text\n");
}
