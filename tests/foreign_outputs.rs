//! Files in the output folder of a corpus that the program did not write, or that somebody has changed,
//! and documents whose names no file can have.

use std::fs;

use crate::util::{ARABIC, ENGLISH, Folder, Run};

const USAGE: i32 = 2;

/// Makes a manifest of documents with these ids.
fn with_manifest(ids: &[&str]) -> Folder {
    let folder = Folder::with_pair();
    let rows = ids.iter().map(|id| format!("{id}\ta.ar\ta.en\n"));
    folder.write("list.tsv", format!("id\tsrc\ttgt\n{}", rows.collect::<String>()));
    folder
}

fn align(folder: &Folder, options: &[&str]) -> Run {
    folder.run(&[&["align", "--corpus", "list.tsv", "-o", "out"][..], options].concat())
}

#[test]
fn files_that_no_run_wrote_are_not_replaced_without_force() {
    let folder = with_manifest(&["a", "b"]);
    for name in ["docs/a.tsv", "documents.tsv", "errors.jsonl", "journal.jsonl"] {
        fs::remove_dir_all(folder.path("out")).unwrap_or_default();
        let name = format!("out/{name}");
        folder.write(&name, "my notes\n");
        let short = name.rsplit('/').next().expect("a name");
        align(&folder, &[]).fails(USAGE, &[short, "--force"]);
        assert_eq!(folder.read(&name), "my notes\n");
        align(&folder, &["--force"]).ok();
        assert_ne!(folder.read(&name), "my notes\n");
        align(&folder, &[]).ok();
    }
    // Files of which this run writes none are not in the way, nor are empty ones.
    folder.write("out/docs/other.tsv", "my notes\n");
    folder.write("out/docs/a.tsv", "");
    align(&folder, &[]).ok();
    assert_eq!(folder.read("out/docs/other.tsv"), "my notes\n");
}

#[test]
fn files_that_somebody_changed_are_not_replaced_without_force() {
    let ids: Vec<String> = (0..8).map(|id| id.to_string()).collect();
    let folder = with_manifest(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    align(&folder, &[]).ok();
    let first = folder.read("out/docs/0.tsv");
    for id in &ids[..7] {
        folder.write(&format!("out/docs/{id}.tsv"), format!("{first}# checked\n"));
    }
    let parts = [
        "out: 7 files would be replaced that no earlier run wrote or that changed since",
        "docs/0.tsv, docs/1.tsv, docs/2.tsv, docs/3.tsv, docs/4.tsv and 2 more",
    ];
    align(&folder, &[]).fails(USAGE, &parts);
    assert!(folder.read("out/docs/6.tsv").ends_with("# checked\n"));
    align(&folder, &["--force"]).ok();
    assert_eq!(folder.read("out/docs/0.tsv"), first);

    folder.write("out/warnings.jsonl", "edited\n");
    align(&folder, &[]).fails(USAGE, &["1 file would be replaced", "warnings.jsonl"]);
    align(&folder, &["--force"]).ok();

    let shards = ["--shard-size", "4"];
    align(&folder, &shards).ok();
    folder.write("out/shards/00001.tsv", "edited\n");
    align(&folder, &shards).fails(USAGE, &["shards/00001.tsv"]);
    // A folder cannot be replaced at all.
    fs::remove_file(folder.path("out/shards/00001.tsv")).expect("a file");
    fs::create_dir(folder.path("out/shards/00001.tsv")).expect("a folder");
    let run = align(&folder, &[&shards[..], &["--force"]].concat());
    run.fails(USAGE, &["cannot be replaced: shards/00001.tsv (a folder)"]);
}

#[test]
fn damaged_lines_of_the_journal_are_reported() {
    let folder = with_manifest(&["a", "b", "c"]);
    align(&folder, &[]).ok();
    let journal = folder.read("out/journal.jsonl");
    let damaged = journal.replacen("{\"id\":\"b\"", "{\"id\":\0b\"", 1);
    folder.write("out/journal.jsonl", &damaged);
    // The journal no longer knows the file.
    align(&folder, &[]).fails(USAGE, &["docs/b.tsv", "line 2 of journal.jsonl is damaged"]);
    fs::remove_file(folder.path("out/docs/b.tsv")).expect("a file");
    let run = align(&folder, &[]);
    run.warns(&["out: line 2 of journal.jsonl is damaged", "are aligned again"]);
    assert!(run.stderr.contains("2 of them by an earlier run"), "{}", run.stderr);
    assert_eq!(folder.read("out/journal.jsonl"), journal);
    // An incomplete last line is what a stopped run leaves.
    folder.write("out/journal.jsonl", &journal[..journal.len() - 30]);
    let run = align(&folder, &[]);
    assert!(run.code == 0 && !run.stderr.contains("nasaq: warning"), "{run:?}");
}

#[test]
fn journal_without_hashes_of_outputs_and_lists_is_resumed() {
    let folder = with_manifest(&["a", "b"]);
    align(&folder, &[]).ok();
    let (journal, aligned) = (folder.read("out/journal.jsonl"), folder.read("out/docs/a.tsv"));
    let mut older = String::new();
    for line in journal.lines().filter(|line| !line.contains("\"listing\"")) {
        let mut value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if value["id"] == "a" {
            value.as_object_mut().expect("an object").remove("output");
        }
        older.push_str(&format!("{value}\n"));
    }
    folder.write("out/journal.jsonl", older);
    let run = align(&folder, &[]);
    assert!(run.code == 0 && run.stderr.contains("1 of them by an earlier run"), "{run:?}");
    assert_eq!(folder.read("out/docs/a.tsv"), aligned);
    assert_eq!(folder.read("out/journal.jsonl"), journal);
}

#[test]
fn id_that_is_too_long_has_a_shortened_name() {
    let long = "x".repeat(300);
    let deep = format!("d/{}/e", "y".repeat(256));
    let folder = with_manifest(&["a", &long, &deep, "b"]);
    let run = align(&folder, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let warning = "the ids of 2 documents are too long for a file name and shortened, the first to \
                   docs/xxx";
    assert!(run.stderr.contains(warning), "{}", run.stderr);
    let listed = folder.read("out/documents.tsv");
    let file = |id: &str| {
        let row = listed.lines().find(|row| row.starts_with(&format!("{id}\t"))).expect("a row");
        row.split('\t').find(|cell| cell.starts_with("docs/")).expect("a file").to_owned()
    };
    for id in [&long, &deep] {
        let file = file(id);
        assert!(file.len() < 300 && folder.path("out").join(&file).exists(), "{file}");
    }
    // The same names in the next run, which finds its outputs.
    let run = align(&folder, &[]);
    assert!(run.code == 0 && run.stderr.contains("4 of them by an earlier run"), "{run:?}");
    // A shard has no file of that name.
    let run = align(&folder, &["--shard-size", "9", "--to", "jsonl"]);
    assert!(run.code == 0 && !run.stderr.contains("shortened"), "{run:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn link_to_nothing_and_name_that_is_not_utf8_fail_alone() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    for (name, lines) in [("1", 0..2), ("2", 2..5)] {
        for (side, text) in [("ar", ARABIC), ("en", ENGLISH)] {
            let part: Vec<&str> = text.lines().collect();
            folder.write(&format!("{side}/{name}.txt"), part[lines.clone()].join("\n"));
        }
    }
    for (side, text) in [("ar", ARABIC), ("en", ENGLISH)] {
        let bad = folder.path(side).join(OsStr::from_bytes(b"caf\xe9.txt"));
        // Some file systems refuse such names.
        if fs::write(bad, text).is_err() {
            return;
        }
        symlink("nowhere", folder.path(side).join("gone.txt")).expect("a link");
        symlink("nowhere", folder.path(side).join(".hidden")).expect("a link");
    }
    let run = folder.run(&["align", "--corpus", "ar", "en", "-o", "out"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("2 aligned, 2 failed"), "{}", run.stderr);
    let errors = folder.read("out/errors.jsonl");
    assert!(errors.contains("{\"id\":\"caf\\\\xe9\",\"kind\":\"name\""), "{errors}");
    assert!(errors.contains("{\"id\":\"gone\",\"kind\":\"missing\""), "{errors}");

    let run = folder.run(&["pair", "ar", "en", "-o", "list.tsv"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.stderr.matches("skipped: ").count(), 4, "{}", run.stderr);
    assert_eq!(folder.read("list.tsv").lines().count(), 3);
}

#[test]
fn files_in_the_folder_of_parts_stay() {
    let folder = with_manifest(&["a", "b"]);
    let align = |options: &[&str]| {
        folder.run(&[&["align", "--corpus", "list.tsv", "-o", "memory.tmx"][..], options].concat())
    };
    folder.write("memory.tmx.parts/notes/a.txt", "my notes\n");
    let run = align(&[]);
    let line = "memory.tmx.parts is not removed: it has files that no run wrote\n";
    assert!(run.code == 0 && run.stderr.ends_with(line), "{}", run.stderr);
    let memory = folder.read("memory.tmx");
    assert_eq!(fs::read_dir(folder.path("memory.tmx.parts")).expect("a folder").count(), 1);
    assert_eq!(folder.read("memory.tmx.parts/notes/a.txt"), "my notes\n");

    // A part that somebody wrote is in the way.
    let part = "memory.tmx.parts/shards/00000.tmx";
    folder.write(part, "my notes\n");
    folder.write("memory.tmx", "old\n");
    align(&[]).fails(USAGE, &["shards/00000.tmx", "--force"]);
    assert_eq!(
        (folder.read(part), folder.read("memory.tmx")),
        ("my notes\n".into(), "old\n".into())
    );
    align(&["--force"]).ok();
    assert_eq!(folder.read("memory.tmx"), memory);
    assert!(!folder.path(part).exists());

    // Without other files, the folder is removed.
    fs::remove_dir_all(folder.path("memory.tmx.parts/notes")).expect("a folder");
    align(&[]).ok();
    assert!(!folder.path("memory.tmx.parts").exists());
}
