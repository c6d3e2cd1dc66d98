//! Runs of `nasaq align --corpus`.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use nasaq_formats::{read_jsonl, read_tmx, read_tsv};

use crate::util::{ARABIC, ENGLISH, Folder, Run};

/// Makes a folder with `count` documents in `ar` and `en`, of one to five sentences.
fn with_documents(count: usize) -> Folder {
    let folder = Folder::new();
    for index in 0..count {
        // Each document has another text: the same sentences from a different start.
        let part = |text: &str| -> String {
            let lines: Vec<&str> = text.lines().collect();
            let take = 1 + index % lines.len();
            let lines = lines.iter().cycle().skip(index / lines.len() % lines.len());
            lines.take(take).map(|line| format!("{line}\n")).collect()
        };
        folder.write(&format!("ar/{}/{index:03}.ar.txt", index % 3), part(ARABIC));
        folder.write(&format!("en/{}/{index:03}.en.txt", index % 3), part(ENGLISH));
    }
    folder
}

fn corpus(folder: &Folder, options: &[&str]) -> Run {
    folder.run(&[&["align", "--corpus", "ar", "en"][..], options].concat())
}

/// Reads all files below a folder.
fn contents(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below").display().to_string();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn each_document_is_aligned_as_by_itself() {
    let folder = with_documents(4);
    corpus(&folder, &["-o", "out", "--to", "jsonl"]).ok();
    for id in ["0/000", "1/001", "2/002", "0/003"] {
        let beads = folder.read(&format!("out/docs/{id}.jsonl"));
        let (src, tgt) = (format!("ar/{id}.ar.txt"), format!("en/{id}.en.txt"));
        let single = folder.run(&["align", &src, &tgt, "--to", "jsonl"]).ok();
        let file = src.rsplit('/').next().expect("a name");
        assert_eq!(
            beads,
            single.replace(&format!("\"doc\":\"{file}\""), &format!("\"doc\":\"{id}\""))
        );
    }
    let documents = folder.read("out/documents.tsv");
    assert_eq!(documents.lines().count(), 5);
    assert!(documents.contains("\n0/003\taligned\tdocs/0/003.jsonl\t4\t4\t"), "{documents}");
    assert_eq!(folder.read("out/errors.jsonl"), "");
}

#[test]
fn threads_memory_and_shards_change_no_byte() {
    let folder = with_documents(7);
    for options in [&["--to", "tmx"][..], &["--shard-size", "3", "--to", "parquet"]] {
        let run = |output: &str, more: &[&str]| {
            corpus(&folder, &[options, &["-o", output], more].concat()).ok();
            contents(&folder.path(output))
        };
        let name = format!("out{}", options.len());
        let expected = run(&name, &["--threads", "1"]);
        assert_eq!(run(&format!("{name}b"), &["--threads", "3", "--max-memory", "260M"]), expected);
        // A second run in the same folder changes nothing.
        assert_eq!(run(&name, &[]), expected);
    }
}

#[test]
fn shards_have_all_documents_in_order_in_each_format() {
    let folder = with_documents(5);
    let run = |format: &str| -> Vec<String> {
        corpus(&folder, &["-o", format, "--to", format, "--shard-size", "2"]).ok();
        let name = |shard| format!("{format}/shards/{shard:05}.{format}");
        (0..3).map(|shard| folder.read(&name(shard))).collect()
    };
    let beads: Vec<_> =
        run("jsonl").iter().map(|text| read_jsonl(text).expect("JSON Lines")).collect();
    let docs = |shard: usize| {
        let mut docs: Vec<&str> = beads[shard].iter().map(|bead| bead.doc.as_str()).collect();
        docs.dedup();
        docs
    };
    assert_eq!([docs(0), docs(1), docs(2)].concat(), ["0/000", "0/003", "1/001", "1/004", "2/002"]);
    for (shard, text) in run("tsv").into_iter().enumerate() {
        let rows = read_tsv(&text).expect("TSV");
        assert_eq!(rows.len(), beads[shard].len());
        assert!(rows.iter().zip(&beads[shard]).all(|(row, bead)| row.src == bead.src));
    }
    for (shard, text) in run("tmx").into_iter().enumerate() {
        let units = read_tmx(&text).expect("TMX");
        assert_eq!(units.len(), beads[shard].iter().filter(|bead| !bead.kind.is_null()).count());
    }
}

#[test]
fn every_format_can_be_written() {
    let folder = with_documents(2);
    for format in ["csv", "xliff", "html", "xlsx", "ladder", "hunalign"] {
        corpus(&folder, &["-o", format, "--to", format]).ok();
        assert!(folder.path(&format!("{format}/docs/1/001.{format}")).exists());
        if !["ladder", "hunalign"].contains(&format) {
            let output = format!("{format}-shards");
            corpus(&folder, &["-o", &output, "--to", format, "--shard-size", "2"]).ok();
            assert!(folder.path(&format!("{output}/shards/00000.{format}")).exists());
        }
    }
    let cues = |text: &str| {
        let cue = |(at, line)| format!("{at}\n00:00:0{at},000 --> 00:00:0{at},900\n{line}\n\n");
        (1..).zip(text.lines()).map(cue).collect::<String>()
    };
    folder.write("film/a.ar.srt", cues(ARABIC));
    folder.write("film/a.en.srt", cues(ENGLISH));
    folder.run(&["align", "--corpus", "film", "-o", "cues", "--to", "srt"]).ok();
    let written = folder.read("cues/docs/a.srt");
    assert!(written.starts_with("1\n00:00:01,000 --> 00:00:01,900\n"), "{written}");
}

#[test]
fn metadata_of_a_manifest_is_in_the_output() {
    let folder = Folder::with_pair();
    let json = |text: &str| serde_json::to_string(text).expect("JSON");
    folder.write(
        "m/list.jsonl",
        format!(
            "{{\"id\":\"فصل/١\",\"src\":\"../a.ar\",\"tgt_text\":{},\"genre\":\"prose\",\"year\":1962}}\n\
             {{\"id\":\"2\",\"src_text\":{},\"tgt\":\"../a.en\",\"genre\":null}}\n",
            json(ENGLISH),
            json(ARABIC)
        ),
    );
    folder.run(&["align", "--corpus", "m/list.jsonl", "-o", "out"]).ok();
    let rows = folder.read("out/docs/فصل/١.tsv");
    let mut lines = rows.lines();
    assert!(lines.next().expect("a header").ends_with("\tdocument_score\tlog_odds\tgenre\tyear"));
    assert!(lines.all(|line| line.ends_with("\tprose\t1962")));
    let documents = folder.read("out/documents.tsv");
    assert!(documents.lines().nth(1).expect("a row").ends_with("\tprose\t1962"), "{documents}");

    let options = ["--to", "jsonl", "--shard-size", "9"];
    folder.run(&[&["align", "--corpus", "m/list.jsonl", "-o", "out"][..], &options].concat()).ok();
    let beads = folder.read("out/shards/00000.jsonl");
    assert!(
        beads
            .lines()
            .next()
            .expect("a bead")
            .ends_with(",\"meta\":{\"genre\":\"prose\",\"year\":1962}}")
    );
    assert!(!folder.path("out/docs").exists(), "files of the first run are removed");
}

#[test]
fn bad_documents_are_listed_and_do_not_end_the_run() {
    let folder = with_documents(2);
    folder.write(
        "ar/utf16.txt",
        "\u{feff}نص عربي"
            .encode_utf16()
            .chain([0xd800, 0x0a])
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>(),
    );
    folder.write("en/utf16.txt", ENGLISH);
    folder.write("ar/empty.txt", " \n");
    folder.write("en/empty.txt", ENGLISH);
    folder.write("ar/same.txt", ENGLISH);
    folder.write("en/same.txt", ENGLISH);
    folder.write("ar/large.txt", ARABIC.repeat(2000));
    folder.write("en/large.txt", ENGLISH.repeat(2000));
    folder.write("ar/alone.txt", ARABIC);
    let run = corpus(&folder, &["-o", "out", "--max-memory", "260M"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("source without target: ar/alone.txt"), "{}", run.stderr);
    assert!(run.stderr.contains("6 documents: 2 aligned, 4 failed"), "{}", run.stderr);
    let errors = folder.read("out/errors.jsonl");
    let kinds =
        [("empty", "empty"), ("large", "too-large"), ("same", "identical"), ("utf16", "encoding")];
    for (line, (id, kind)) in errors.lines().zip(kinds) {
        assert!(
            line.starts_with(&format!("{{\"id\":\"{id}\",\"kind\":\"{kind}\",\"reason\":")),
            "{line}"
        );
    }
    assert_eq!(errors.lines().count(), 4);

    // Only the corrected document is aligned again.
    folder.write("ar/utf16.txt", ARABIC);
    let run = corpus(&folder, &["-o", "out", "--max-memory", "260M", "--json"]);
    assert!(run.stdout.contains("\"aligned\":3,\"reused\":2,\"failed\":3"), "{}", run.stdout);
}

#[test]
fn changed_texts_settings_and_outputs_are_aligned_again() {
    let folder = with_documents(3);
    let reused = |options: &[&str]| {
        let run = corpus(&folder, &[&["-o", "out", "--json"], options].concat()).ok();
        let totals: serde_json::Value = serde_json::from_str(&run).expect("JSON");
        totals["reused"].as_u64().expect("a number")
    };
    assert_eq!(reused(&[]), 0);
    assert_eq!(reused(&[]), 3);
    folder.write("ar/0/000.ar.txt", "وصل القطار إلى المحطة قبل الفجر بساعة.\n");
    assert_eq!(reused(&[]), 2);
    fs::remove_file(folder.path("out/docs/1/001.tsv")).expect("a file");
    folder.write("out/docs/2/002.tsv", "cut short");
    assert_eq!(reused(&["--force"]), 1);
    assert_eq!(reused(&["--monotone"]), 0);
    assert_eq!(reused(&["--split-long"]), 0);
    fs::remove_file(folder.path("ar/0/000.ar.txt")).expect("a file");
    assert_eq!(reused(&["--split-long", "--prune"]), 2);
    assert!(!folder.path("out/docs/0").exists(), "the files of a removed document are removed");
}

#[test]
fn unrelated_documents_have_a_warning() {
    let folder = with_documents(3);
    let bundled = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora").join(name);
        fs::read_to_string(path).expect("a bundled corpus")
    };
    folder.write("ar/wrong.txt", bundled("law/ar.txt"));
    folder.write("en/wrong.txt", bundled("travel/en.txt"));
    corpus(&folder, &["-o", "out"]).ok();
    let warnings = folder.read("out/warnings.jsonl");
    assert!(warnings.starts_with("{\"id\":\"wrong\",\"kind\":\"unrelated\""), "{warnings}");
    assert_eq!(warnings.lines().count(), 1);
    let run = folder.run(&["align", "ar/wrong.txt", "en/wrong.txt", "--to", "ladder"]);
    run.warns(&["ar/wrong.txt and en/wrong.txt do not look like translations of each other"]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = with_documents(2);
    folder.write("en/alone.txt", ENGLISH);
    let run = corpus(&folder, &["-o", "out", "--dry-run"]);
    assert_eq!(run.stdout.lines().next(), Some("id\tsrc\ttgt\tsrc_bytes\ttgt_bytes"));
    assert!(run.stdout.contains("\n1/001\tar/1/001.ar.txt\ten/1/001.en.txt\t"), "{}", run.stdout);
    assert!(run.stderr.contains("2 pairs, 1 unpaired file"), "{}", run.stderr);
    assert_eq!(folder.names(), ["ar", "en"]);
}

#[test]
fn a_corpus_is_written_as_one_file() {
    let folder = with_documents(3);
    let run = corpus(&folder, &["-o", "memory.tmx"]);
    assert!(run.stderr.contains("3 documents: 3 aligned"), "{}", run.stderr);
    run.ok();
    let memory = folder.read("memory.tmx");
    assert_eq!(folder.names(), ["ar", "en", "memory.tmx"], "no parts are left");
    corpus(&folder, &["-o", "shards", "--to", "tmx", "--shard-size", "3"]).ok();
    assert_eq!(folder.read("shards/shards/00000.tmx"), memory);
    // The ending names the compression, a slash at the end a folder.
    corpus(&folder, &["-o", "pairs.tsv.gz"]).ok();
    let plain = folder.run(&["convert", "pairs.tsv.gz", "--to", "jsonl"]).ok();
    assert!(plain.lines().count() >= 6, "{plain}");
    corpus(&folder, &["-o", "folder.tsv/"]).ok();
    assert!(folder.path("folder.tsv/docs").is_dir());

    // A failure leaves the list of failures, and the rest in the file.
    folder.write("ar/0/000.ar.txt", " ");
    let run = corpus(&folder, &["-o", "memory.tmx"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(folder.read("memory.tmx.parts/errors.jsonl").contains("\"empty\""));
    assert!(folder.read("memory.tmx").len() < memory.len());
    folder.write("ar/0/000.ar.txt", ARABIC);
    corpus(&folder, &["-o", "memory.tmx"]).ok();
    assert!(!folder.path("memory.tmx.parts").exists());
}

#[test]
fn every_file_of_a_mixed_folder_is_paired_or_listed() {
    let folder = Folder::new();
    let pairs = [
        ("1/001_AR_l.txt", "1/001_EN_l.txt"),
        ("a.ar.txt", "a.en.txt"),
        ("ar_g.txt", "en_g.txt"),
        ("d.ar-EG.txt", "d.en-US.txt"),
        ("f (Arabic).txt", "f (English).txt"),
        ("m عربي.txt", "m إنجليزي.txt"),
        ("x.txt.ar", "x.txt.en"),
        ("report.txt", "report_en.txt"),
    ];
    for (src, tgt) in pairs {
        folder.write(&format!("in/{src}"), ARABIC);
        folder.write(&format!("in/{tgt}"), ENGLISH);
    }
    for (name, text) in [("alone_ar.txt", ARABIC), ("notes.txt", ENGLISH)] {
        folder.write(&format!("in/{name}"), text);
    }
    folder.write("in/two.ar.md", ARABIC);
    folder.write("in/two.ar.txt", ARABIC);
    folder.write("in/two.en.html", ENGLISH);
    let run = folder.run(&["align", "--corpus", "in", "--dry-run"]);
    assert_eq!(run.stdout.lines().count(), 1 + pairs.len(), "{}", run.stdout);
    for message in [
        "similar names: in/report.txt and in/report_en.txt\n",
        "source without target: in/alone_ar.txt\n",
        "no language in this name: in/notes.txt\n",
        "several files have this name: in/two.ar.md\n",
        "several files have this name: in/two.en.html\n",
        "hint: `nasaq pair`",
        "8 pairs, 5 unpaired files",
    ] {
        assert!(run.stderr.contains(message), "{message} is not in {}", run.stderr);
    }
    let run = folder.run(&["align", "--corpus", "in", "-o", "out"]);
    assert!(run.stderr.contains("; 5 unpaired files\n"), "{}", run.stderr);
    folder.write("none/notes.txt", ENGLISH);
    folder
        .run(&["align", "--corpus", "none", "-o", "out2"])
        .fails(3, &["no file name shows its language"]);
}

#[test]
fn a_dry_run_reports_the_same_failures_as_the_run() {
    let folder = Folder::with_pair();
    folder.write("empty.ar", "");
    folder.write("blank.en", " \n");
    folder.write(
        "list.tsv",
        "id\tsrc\ttgt\n1\ta.ar\ta.en\n2\tnone.ar\ta.en\n3\tempty.ar\ta.en\n4\ta.ar\tblank.en\n",
    );
    let failed = |options: &[&str]| {
        let run = folder.run(&[&["align", "--corpus", "list.tsv"][..], options].concat());
        assert_eq!(run.code, 1, "{}", run.stderr);
        let mut lines: Vec<String> =
            run.stderr.lines().filter(|it| it.starts_with("failed: ")).map(str::to_owned).collect();
        lines.sort();
        (lines, run)
    };
    let (dry, run) = failed(&["--dry-run"]);
    assert!(run.stderr.contains("4 pairs, 0 unpaired files, 3 pairs fail"), "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 5);
    let (mut real, _) = failed(&["-o", "out"]);
    real.retain(|line| !line.contains("errors.jsonl"));
    assert_eq!(dry, real);
    assert_eq!(dry.len(), 3);
}

#[test]
fn bad_command_lines_and_corpora_are_errors() {
    let folder = with_documents(1);
    folder.write("list.tsv", "id\tsrc\n");
    folder.write("file", "");
    let fails = |options: &[&str], code: i32, part: &str| {
        folder.run(&[&["align", "--corpus"][..], options].concat()).fails(code, &[part]);
    };
    fails(&["ar", "en"], 2, "--corpus needs an output");
    fails(&["ar", "en", "-o", "file"], 2, "-o file: not a folder");
    fails(&["ar", "none", "-o", "out"], 3, "none: not a folder");
    fails(&["ar", "ar", "-o", "out", "--to", "table"], 2, "--to table");
    for format in ["ladder", "hunalign", "srt"] {
        let options = ["ar", "en", "-o", "out", "--to", format, "--shard-size", "2"];
        fails(&options, 2, "no place for the name of a document");
    }
    fails(&["ar", "en", "-o", "out", "--to", "moses"], 2, "two files per document");
    fails(&["ar", "en", "-o", "out", "--to", "srt"], 2, "0/000 is not two files of subtitles");
    fails(&["{id}.ar", "-o", "out"], 2, "one template is not enough");
    fails(&["list.tsv", "-o", "out"], 3, "list.tsv:1: the header has neither");
    fails(&["none.tsv", "-o", "out"], 3, "none.tsv: no such file");
    fails(&["{id}.x", "{id}.y", "-o", "out"], 3, "there is no document");
    assert_eq!(folder.names(), ["ar", "en", "file", "list.tsv"]);
}

/// Run it with more kills by `NASAQ_KILLS=200 cargo test --release --test integration kill`.
#[test]
#[expect(clippy::print_stdout, reason = "prints how many kills and files were checked")]
fn a_killed_run_leaves_complete_files_and_is_resumed() {
    let kills: u64 = env::var("NASAQ_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    let folder = with_documents(60);
    for (options, output) in
        [(&["--to", "jsonl"][..], "docs"), (&["--to", "tsv", "--shard-size", "7"], "shards")]
    {
        let args =
            |name| [&["align", "--corpus", "ar", "en", "-q", "-o", name][..], options].concat();
        folder.run(&args(output)).ok();
        let expected = contents(&folder.path(output));
        let (mut done, mut complete, mut state) = (0, 0, 0x9E37_79B9_u64);
        while done < kills.div_ceil(2) {
            let mut run = folder.command(&args("killed")).spawn().expect("the program");
            // Random: mostly after the model is loaded, while documents are being aligned.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            thread::sleep(Duration::from_millis(30 + (state >> 33) % 600));
            let _ = run.kill();
            let ended = run.wait().expect("an ending");
            let found = contents(&folder.path("killed"));
            for (name, bytes) in found.iter().filter(|(name, _)| name.starts_with(output)) {
                assert_eq!(Some(bytes), expected.get(name), "{name}");
                complete += 1;
            }
            if ended.success() {
                assert_eq!(found, expected);
                fs::remove_dir_all(folder.path("killed")).expect("a folder");
            } else {
                done += 1;
            }
        }
        folder.run(&args("killed")).ok();
        assert_eq!(contents(&folder.path("killed")), expected);
        println!("{output}: {done} kills, {complete} complete files checked after them");
        fs::remove_dir_all(folder.path("killed")).expect("a folder");
    }
}
