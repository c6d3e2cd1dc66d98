//! Where a command writes: never over its inputs or another output, and only where it was told.

use std::fs;

use crate::util::{ENGLISH, Folder};

const USAGE: i32 = 2;

/// Makes a folder with a document and its translation, a bitext of them and other small files.
fn with_bitext() -> Folder {
    let folder = Folder::with_pair();
    folder.run(&["align", "a.ar", "a.en", "-o", "pairs.tsv"]).ok();
    folder.write("terms.tsv", "قطار\ttrain\n");
    folder.write("anchors.tsv", "0\t0\n");
    folder.write("rungs.ladder", "[0]:[0]:0.9\n");
    folder.write("filters.toml", folder.run(&["filter", "--show-default"]).ok());
    folder
}

#[test]
fn output_that_is_an_input_is_refused_by_both_options() {
    let folder = with_bitext();
    fs::hard_link(folder.path("terms.tsv"), folder.path("hard.tsv")).expect("a link");
    folder.write("ar/1.txt", "نص");
    folder.write("en/1.txt", "text");
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\n");
    let log = "{\"nasaq_review\":1}\n";
    folder.write("a.review.jsonl", log);
    folder.write("logs/a.review.jsonl", log);
    let cases: &[(&[&str], [&str; 2])] = &[
        (
            &["align", "a.ar", "a.en", "--lexicon", "terms.tsv", "-o", "terms.tsv"],
            ["-o", "--lexicon"],
        ),
        (
            &["align", "a.ar", "a.en", "--lexicon", "terms.tsv", "-o", "hard.tsv"],
            ["-o", "--lexicon"],
        ),
        (
            &["align", "a.ar", "a.en", "--anchors", "anchors.tsv", "-o", "ar/../anchors.tsv"],
            ["-o", "--anchors"],
        ),
        (
            &["align", "a.ar", "a.en", "--review", "a.review.jsonl", "-o", "a.review.jsonl"],
            ["-o", "--review"],
        ),
        (
            &["align", "--corpus", "list.tsv", "--review", "logs", "-o", "logs/a.review.jsonl"],
            ["-o", "--review"],
        ),
        (&["align", "a.ar", "a.en", "--to", "tsv", "-o", "a.ar"], ["-o", "SRC"]),
        (&["align", "--jsonl", "a.ar", "-o", "a.ar"], ["-o", "SRC"]),
        (&["segment", "a.en", "--lang", "en", "-o", "a.en"], ["-o", "FILE"]),
        (
            &["score", "pairs.tsv", "--test-set", "a.en", "--to", "tsv", "-o", "a.en"],
            ["-o", "--test-set"],
        ),
        (&["score", "pairs.tsv", "--write-profile", "pairs.tsv"], ["--write-profile", "INPUT"]),
        (
            &["filter", "pairs.tsv", "--filters", "filters.toml", "--rejects", "filters.toml"],
            ["--rejects", "--filters"],
        ),
        (
            &["report", "pairs.tsv", "--gold", "rungs.ladder", "--json", "rungs.ladder"],
            ["--json", "--gold"],
        ),
        (&["pair", "ar", "en", "-o", "en/1.txt"], ["-o", "TGT"]),
        (
            &["align", "--corpus", "list.tsv", "-o", "out", "--metrics", "list.tsv"],
            ["--metrics", "SRC"],
        ),
        (
            &["align", "--corpus", "list.tsv", "-o", "out", "--metrics", "a.en"],
            ["--metrics", "the source"],
        ),
    ];
    for (args, [output, input]) in cases {
        let (output, input) = (format!("{output} "), format!("{input} "));
        let parts = [&*output, "would replace an input", &*input];
        folder.run(args).fails(USAGE, &parts);
    }
    assert_eq!(folder.read("a.en"), ENGLISH);
    assert_eq!(folder.read("a.review.jsonl"), log);
}

#[test]
fn two_outputs_in_one_file_are_refused() {
    let folder = with_bitext();
    for args in [
        &["filter", "pairs.tsv", "-o", "x.tsv", "--rejects", "./x.tsv"][..],
        &["filter", "pairs.tsv", "-o", "x.tsv", "--write-profile", "x.tsv"],
        &["filter", "pairs.tsv", "--rejects", "-"],
        &["filter", "pairs.tsv", "--to", "moses", "-o", "x", "--rejects", "./x"],
        &["report", "pairs.tsv", "-o", "x", "--json", "x"],
    ] {
        folder.run(args).fails(USAGE, &["are the same file"]);
    }
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\n");
    folder.run(&["align", "--corpus", "list.tsv", "-o", "out"]).ok();
    let metrics = ["align", "--corpus", "list.tsv", "-o", "out", "--metrics", "out/docs/a.tsv"];
    folder.run(&metrics).fails(USAGE, &["-o out and --metrics out/docs/a.tsv are the same file"]);
    // Devices may be shared.
    #[cfg(unix)]
    folder.run(&["filter", "pairs.tsv", "-o", "/dev/null", "--rejects", "/dev/null"]).ok();
}

#[test]
fn corpus_does_not_replace_its_sources() {
    let folder = Folder::with_pair();
    folder.write("out/docs/a.tsv", crate::util::ARABIC);
    folder.write("list.tsv", "id\tsrc\ttgt\na\tout/docs/a.tsv\ta.en\n");
    let run = folder.run(&["align", "--corpus", "list.tsv", "-o", "out"]);
    run.fails(USAGE, &["the output folder out would replace an input", "out/docs/a.tsv"]);
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\n");
    folder.run(&["align", "--corpus", "list.tsv", "-o", "new"]).ok();
    let run = folder.run(&["align", "--corpus", "new/documents.tsv", "-o", "new"]);
    run.fails(USAGE, &["-o new would replace an input", "SRC new/documents.tsv"]);
}

#[test]
fn files_of_a_moses_pair_replace_nothing() {
    let folder = with_bitext();
    let run =
        folder.run(&["convert", "a.ar", "a.en", "--from", "moses", "--to", "moses", "-o", "a"]);
    run.fails(USAGE, &["-o a.ar would replace an input", "INPUT a.ar"]);
    let args = ["filter", "pairs.tsv", "--to", "moses", "-o", "x", "--rejects", "y"];
    folder.run(&args).ok();
    assert!(folder.path("x.ar").exists() && folder.path("y.en").exists());
}

#[test]
fn languages_of_a_file_do_not_lead_to_another_folder() {
    let folder = Folder::new();
    // The files would be in/b./../../out and so on.
    folder.write("in/b./x", "");
    for tag in ["/../../out", "../../out", "a/../../b"] {
        let tmx = format!(
            "<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"><header creationtool=\"x\" \
             creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"x\" adminlang=\"en\" \
             srclang=\"ar\" datatype=\"plaintext\"/><body><tu><tuv xml:lang=\"ar\"><seg>نص</seg>\
             </tuv><tuv xml:lang=\"{tag}\"><seg>text</seg></tuv></tu></body></tmx>\n"
        );
        folder.write("in/a.tmx", tmx);
        let xliff = format!(
            "<xliff version=\"2.0\" srcLang=\"ar\" trgLang=\"{tag}\" \
             xmlns=\"urn:oasis:names:tc:xliff:document:2.0\"><file id=\"f\"><unit id=\"1\"><segment>\
             <source>نص</source><target>text</target></segment></unit></file></xliff>\n"
        );
        folder.write("in/a.xliff", xliff);
        let po = format!(
            "msgid \"\"\nmsgstr \"\"\n\"Language: {tag}\\n\"\n\
             \"Content-Type: text/plain; charset=UTF-8\\n\"\n\nmsgid \"نص\"\nmsgstr \"text\"\n"
        );
        folder.write("in/a.po", po);
        for input in ["in/a.tmx", "in/a.xliff", "in/a.po"] {
            let run = folder.run(&["convert", input, "--to", "moses", "-o", "in/b"]);
            assert!(run.code != 0 || !run.stderr.contains(tag), "{input} {tag}: {run:?}");
            assert_eq!(folder.names(), ["in"], "{input} {tag}");
        }
    }
    let run = folder.run(&["convert", "in/a.xliff", "--to", "moses", "-o", "in/b"]);
    run.fails(3, &["is not a language tag"]);
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, File};
    use std::io::Write;
    use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown, symlink};
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, Command, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::with_bitext;
    use crate::util::Folder;

    #[cfg(target_os = "linux")]
    #[test]
    fn standard_output_by_its_path_is_appended_to() {
        let folder = with_bitext();
        let expected = format!("old\n{}", folder.read("pairs.tsv"));
        for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            folder.write("all.tsv", "old\n");
            let all = File::options().append(true).open(folder.path("all.tsv")).expect("a file");
            let inode = all.metadata().expect("a file").ino();
            let mut command = folder.command(&["align", "a.ar", "a.en", "--to", "tsv", "-o", path]);
            assert!(command.stdout(all).status().expect("a run").success());
            assert_eq!(folder.read("all.tsv"), expected, "{path}");
            assert_eq!(fs::metadata(folder.path("all.tsv")).expect("a file").ino(), inode);
        }
        // Another open file of the process.
        folder.write("all.tsv", "old\n");
        let script = "exec \"$0\" align a.ar a.en --to tsv -o /dev/fd/3 3>> all.tsv";
        let mut shell = Command::new("sh");
        shell.args(["-c", script, env!("CARGO_BIN_EXE_nasaq")]).current_dir(folder.path(""));
        assert!(shell.stderr(Stdio::null()).status().expect("a shell").success());
        assert_eq!(folder.read("all.tsv"), expected);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn input_that_standard_output_is_appended_to_is_refused() {
        let folder = with_bitext();
        let before = folder.read("pairs.tsv");
        let out = File::options().append(true).open(folder.path("pairs.tsv")).expect("a file");
        let mut command = folder.command(&["convert", "pairs.tsv", "--to", "jsonl"]);
        assert_eq!(command.stdout(out).status().expect("a run").code(), Some(2));
        assert_eq!(folder.read("pairs.tsv"), before);
    }

    #[test]
    fn named_pipe_is_written_and_stays() {
        let folder = with_bitext();
        let pipe = folder.path("pipe.tsv");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
        let reader = {
            let pipe = pipe.clone();
            thread::spawn(move || fs::read_to_string(pipe).expect("text"))
        };
        folder.run(&["convert", "pairs.tsv", "-o", "pipe.tsv"]).ok();
        assert!(fs::metadata(&pipe).expect("a pipe").file_type().is_fifo());
        let text = reader.join().expect("the reader");
        assert!(text.starts_with("src\ttgt\t") && text.lines().count() > 3, "{text}");
    }

    #[test]
    fn replaced_file_keeps_its_mode_and_owner() {
        let folder = with_bitext();
        folder.write("out.tsv", "old");
        let path = folder.path("out.tsv");
        // Only root may give a file away.
        let is_given = chown(&path, Some(12_345), Some(54_321)).is_ok();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("rights");
        folder.run(&["convert", "pairs.tsv", "-o", "out.tsv"]).ok();
        let found = fs::metadata(&path).expect("a file");
        assert_eq!(found.mode() & 0o777, 0o640);
        if is_given {
            assert_eq!((found.uid(), found.gid()), (12_345, 54_321));
        }
        folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\n");
        let corpus = ["align", "--corpus", "list.tsv", "-o", "out"];
        folder.run(&corpus).ok();
        let output = folder.path("out/docs/a.tsv");
        fs::set_permissions(&output, fs::Permissions::from_mode(0o600)).expect("rights");
        folder.run(&[&corpus[..], &["--segmented"]].concat()).ok();
        assert_eq!(fs::metadata(&output).expect("a file").mode() & 0o777, 0o600);

        symlink("real.tsv", folder.path("link.tsv")).expect("a link");
        for _ in 0..2 {
            folder.run(&["convert", "pairs.tsv", "-o", "link.tsv"]).ok();
            assert!(folder.path("link.tsv").is_symlink());
            assert!(folder.path("real.tsv").is_file());
            folder.write("real.tsv", "old");
        }
    }

    /// Starts a conversion that has begun to write and waits for more input.
    fn unfinished(folder: &Folder, command: &mut Command) -> Child {
        let mut child = command.stdin(Stdio::piped()).spawn().expect("the program");
        let rows = "نص طويل\tlong text\n".repeat(40_000);
        let input = child.stdin.as_mut().expect("a pipe");
        input.write_all(format!("src\ttgt\n{rows}").as_bytes()).expect("a pipe");
        let start = Instant::now();
        while !folder.names().iter().any(|name| name.ends_with(".part")) {
            assert!(start.elapsed() < Duration::from_secs(30), "no unfinished file appears");
            thread::sleep(Duration::from_millis(10));
        }
        child
    }

    fn send(child: &Child, signal: &str) {
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().expect("kill").success());
    }

    #[test]
    fn signal_removes_unfinished_files() {
        // A test may itself run with signals ignored, which the program inherits.
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        for (signal, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
            if ignored >> (number - 1) & 1 == 1 {
                continue;
            }
            let folder = Folder::new();
            let args = ["convert", "-", "--from", "tsv", "-o", "out.jsonl"];
            let mut child = unfinished(&folder, &mut folder.command(&args));
            // `wait` closes the input, at whose end the program could finish before it stops.
            let _input = child.stdin.take();
            send(&child, signal);
            assert_eq!(child.wait().expect("an end").signal(), Some(number), "{signal}");
            assert!(folder.names().is_empty(), "{signal}: {:?}", folder.names());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn ignored_signal_stays_ignored() {
        let folder = Folder::new();
        let script = "trap '' HUP; exec \"$0\" convert - --from tsv -o out.jsonl";
        let mut shell = Command::new("sh");
        shell.args(["-c", script, env!("CARGO_BIN_EXE_nasaq")]).current_dir(folder.path(""));
        let mut child = unfinished(&folder, shell.stderr(Stdio::null()));
        send(&child, "HUP");
        drop(child.stdin.take());
        assert!(child.wait().expect("an end").success());
        assert_eq!(folder.names(), ["out.jsonl"]);
    }
}
