//! Inputs that could be misread without anybody noticing: each is an error, or read right.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use crate::util::{ARABIC, ENGLISH, Folder};

/// Characters that some program takes for the end of a line.
const LINE_BREAKS: [char; 10] =
    ['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];

#[test]
fn a_quote_that_is_never_closed_is_an_error_with_its_line() {
    let folder = Folder::new();
    folder.write("a.csv", format!("src,tgt\nأ,A\nنعم,\"Yes\n{}", "لا,No\n".repeat(50_000)));
    let parts = ["a.csv:3: a quote opens here and is never closed"];
    folder.run(&["convert", "a.csv", "-o", "b.tsv"]).fails(3, &parts);
    folder.run(&["convert", "a.csv", "-o", "b.tsv", "--skip-bad"]).fails(3, &parts);
    folder.run(&["score", "a.csv", "--no-encoder", "-o", "b.tsv"]).fails(3, &parts);
    assert_eq!(folder.names(), ["a.csv"]);
    folder.write("b.csv", "\"src,tgt\nنعم,Yes\n");
    folder.run(&["convert", "b.csv"]).fails(3, &["b.csv:1: a quote opens here"]);
    folder.write("c.csv", "src,tgt\nنعم,\"Yes, \"\"yes\"\"\n\"\nلا,5\" and 6\"\n");
    let rows = folder.run(&["convert", "c.csv", "--to", "jsonl"]).ok();
    assert_eq!(
        rows,
        "{\"src\":\"نعم\",\"tgt\":\"Yes, \\\"yes\\\"\\n\"}\n{\"src\":\"لا\",\"tgt\":\"5\\\" and 6\\\"\"}\n"
    );
}

#[test]
fn lines_that_end_in_carriage_returns_are_lines() {
    let folder = Folder::new();
    folder.write("a.tsv", "src\ttgt\rنعم\tYes\rلا\tNo\r");
    let expected = "{\"src\":\"نعم\",\"tgt\":\"Yes\"}\n{\"src\":\"لا\",\"tgt\":\"No\"}\n";
    assert_eq!(folder.run(&["convert", "a.tsv", "--to", "jsonl"]).ok(), expected);
    folder.write("a.ar", "نعم\rلا\r");
    folder.write("a.en", "Yes\nNo\n");
    assert_eq!(folder.run(&["convert", "a.ar", "a.en", "--to", "jsonl"]).ok(), expected);
    // With line feeds, a carriage return in a header has no meaning.
    folder.write("b.tsv", "src\ttgt\tx\ry\nنعم\tYes\t1\n");
    folder.run(&["convert", "b.tsv"]).fails(3, &["b.tsv:1", "carriage return"]);
}

#[test]
fn a_name_that_occurs_twice_is_an_error() {
    let folder = Folder::new();
    folder.write("a.tsv", "src\ttgt\tx\tx\nنعم\tYes\t1\t2\n");
    folder.run(&["convert", "a.tsv"]).fails(3, &["a.tsv:1", "the column \"x\" twice"]);
    folder.write(
        "a.jsonl",
        "{\"src\":\"أ\",\"tgt\":\"A\"}\n{\"src\":\"ب\",\"tgt\":\"B\",\"src\":\"\"}\n",
    );
    folder.run(&["convert", "a.jsonl"]).fails(3, &["a.jsonl:2", "the name \"src\" twice"]);
    let run = folder.run(&["convert", "a.jsonl", "--skip-bad", "-o", "b.jsonl"]);
    run.warns(&["skipped 1 malformed row"]);
    folder.write("c.tsv", "ar\ten\tsrc\tx\nنعم\tYes\t1\t2\n");
    let columns = |columns: &str| folder.run(&["convert", "c.tsv", "--columns", columns]);
    columns("ar,en,x,x").fails(2, &["--columns names the column \"x\" twice"]);
    columns("ar,ar").fails(2, &["--columns names the column \"ar\" twice"]);
    columns("ar,en,src").fails(2, &["two columns of the output would have the name \"src\""]);
    assert_eq!(columns("ar,en,src=n").ok(), "src\ttgt\tn\nنعم\tYes\t1\n");
    // Spreadsheets write columns without a name after the last one.
    folder.write("d.csv", "src,tgt,,\nنعم,Yes,,7\n");
    assert_eq!(
        folder.run(&["convert", "d.csv", "--to", "jsonl"]).ok(),
        "{\"src\":\"نعم\",\"tgt\":\"Yes\",\"column3\":\"\",\"column4\":\"7\"}\n"
    );
    folder.write("nul.jsonl", "{\"src\":\"أ\",\"tgt\":\"A\",\"x\\u0000y\":1}\n");
    folder.run(&["convert", "nul.jsonl"]).fails(3, &["nul.jsonl:1", "NUL"]);
}

#[test]
fn numbers_that_no_reader_takes_are_errors() {
    let folder = Folder::new();
    folder.write(
        "a.tsv",
        "src\ttgt\tsrc_segments\ttgt_segments\nنعم\tYes\t0:1\t4294967296:4294967297\n",
    );
    for format in ["ladder", "hunalign"] {
        let run = folder.run(&["convert", "a.tsv", "--to", format]);
        run.fails(3, &["a.tsv:2", "the segment 4294967297 is beyond the maximum"]);
    }
    for (bounds, part) in [
        ("min = nan", "finite numbers"),
        ("max = inf", "finite numbers"),
        ("min = 2\nmax = 1", "min is greater than max"),
    ] {
        let filter = format!("[[filter]]\nname = 'a'\ncolumn = 'x'\n{bounds}\n");
        folder.write("f.toml", filter);
        let run = folder.run(&["filter", "a.tsv", "--filters", "f.toml", "--dry-run"]);
        run.fails(3, &["f.toml", "filter \"a\"", part]);
    }
}

#[test]
fn filters_of_any_length_are_used_or_refused() {
    let folder = Folder::new();
    folder.write("a.tsv", "src\ttgt\tx\nنعم\tYes\t1\nلا\tNo\t5\n");
    let terms = "x > 9 or ".repeat(80_000);
    folder.write("f.toml", format!("[[filter]]\nname = 'a'\nreject = '{terms}x > 3'\n"));
    let run = ["filter", "a.tsv", "--filters", "f.toml"];
    assert_eq!(folder.run(&run).ok(), "src\ttgt\tx\nنعم\tYes\t1\n");
    folder.write("f.toml", format!("[[filter]]\nname = 'a'\nreject = '{terms}x >'\n"));
    folder.run(&run).fails(3, &["expected a column, a number or a 'text'"]);
    folder.write("f.toml", format!("[[filter]]\nname = 'a'\nreject = '{terms}"));
    let failed = folder.run(&run);
    failed.fails(3, &["line 3: "]);
    assert!(failed.stderr.len() < 1000, "{} bytes", failed.stderr.len());
}

#[test]
fn line_breaks_of_other_programs_do_not_break_a_file() {
    let folder = Folder::new();
    let row = |c: &char| {
        let [src, tgt] = [format!("ا{c}ب"), format!("a{c}b")];
        format!("{}\n", serde_json::json!({"src": src, "tgt": tgt}))
    };
    let rows: String = LINE_BREAKS.iter().map(row).collect();
    folder.write("a.jsonl", &rows);
    let has_breaks = |text: &str| text.replace('\n', "").contains(LINE_BREAKS);
    let table = folder.run(&["convert", "a.jsonl"]).ok();
    assert!(!has_breaks(&table) && table.lines().count() == 11, "{table:?}");
    folder.write("a.tsv", &table);
    assert_eq!(folder.run(&["convert", "a.tsv", "--to", "jsonl"]).ok(), rows, "nothing is lost");
    let run = folder.run(&["convert", "a.jsonl", "--to", "moses", "-o", "m"]);
    assert!(run.stderr.contains("20 texts had line breaks, which became spaces"), "{}", run.stderr);
    for name in ["m.ar", "m.en"] {
        let text = folder.read(name);
        assert!(!has_breaks(&text) && text.lines().count() == 10, "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_at_the_start_of_a_first_text_survives() {
    let folder = Folder::new();
    let row = "{\"src\":\"\u{feff}نعم\",\"tgt\":\"\u{feff}Yes\"}\n";
    folder.write("a.jsonl", row);
    folder.run(&["convert", "a.jsonl", "--to", "moses", "-o", "m"]).ok();
    assert_eq!(folder.run(&["convert", "m.ar", "m.en", "--to", "jsonl"]).ok(), row);
    for name in ["t.tsv", "t.csv"] {
        folder.run(&["convert", "a.jsonl", "--no-header", "--no-bom", "-o", name]).ok();
        assert_eq!(folder.run(&["convert", name, "--to", "jsonl"]).ok(), row, "{name}");
    }
}

#[test]
fn an_input_that_changes_while_it_is_read_is_an_error() {
    let folder = Folder::new();
    let rows = "نعم\tYes\n".repeat(100_000);
    folder.write("a.tsv", format!("src\ttgt\n{rows}"));
    // The pipe of the output holds the program in the middle of the file.
    let mut child = folder.command(&["convert", "a.tsv"]).spawn().expect("the program");
    std::thread::sleep(std::time::Duration::from_millis(500));
    let mut file = File::options().append(true).open(folder.path("a.tsv")).expect("a file");
    file.write_all("لا\tNo\n".as_bytes()).expect("space");
    drop(file);
    drop(child.stdin.take());
    let output = child.wait_with_output().expect("an exit status");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{message}");
    assert!(message.contains("a.tsv: this file changed while it was read"), "{message}");
}

#[test]
fn a_folder_with_links_is_read_once() {
    let folder = Folder::new();
    folder.write("c/a.tsv", "src\ttgt\nنعم\tYes\nلا\tNo\n");
    folder.write("c/sub/bad.tsv", "src\ttgt\nنعم\n");
    symlink("..", folder.path("c/sub/back")).expect("a link");
    symlink("../a.tsv", folder.path("c/sub/b.tsv")).expect("a link");
    std::fs::hard_link(folder.path("c/a.tsv"), folder.path("c/z.tsv")).expect("a link");
    let report = ["report", "c", "--no-encoder", "--summary"];
    let run = folder.run(&report);
    assert!(run.code == 3 && run.stderr.contains("error: c/sub/bad.tsv:2"), "{run:?}");
    let run = folder.run(&[&report[..], &["--skip-bad"]].concat());
    run.warns(&["skipped 3 of them, such as c/sub/b", "skipped 1 malformed row"]);
    assert!(run.stdout.contains("2 pairs in 1 document"), "{}", run.stdout);
}

#[test]
fn a_document_with_two_names_is_paired_once() {
    let folder = Folder::new();
    folder.write("ar/a.txt", ARABIC);
    folder.write("en/a.txt", ENGLISH);
    symlink("a.txt", folder.path("ar/b.txt")).expect("a link");
    let run = folder.run(&["pair", "ar", "en"]);
    assert!(
        run.stderr.contains("skipped: ar/b.txt is the same file as ar/a.txt"),
        "{}",
        run.stderr
    );
    assert_eq!(run.ok().lines().count(), 2, "a header and one pair");
    symlink(".", folder.path("ar/loop")).expect("a link");
    folder.run(&["pair", "ar", "en"]).fails(3, &["loop"]);
}

#[test]
fn a_short_ladder_does_not_allocate_what_it_claims() {
    let folder = Folder::new();
    let rungs: String = (1..40_000).map(|n| format!("{0}\t{0}\t0.5\n", n * 100_000_u64)).collect();
    folder.write("a.hun", format!("0\t0\t0.5\n{rungs}"));
    folder.write("s", "نعم.\n");
    folder.write("t", "Yes.\n");
    // 30 GB of indices in less than 2 GB of memory.
    let script = format!(
        "ulimit -v 2000000; exec {} convert a.hun s t --from hunalign",
        env!("CARGO_BIN_EXE_nasaq")
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path("."))
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{message}");
    assert!(message.contains("the ladder has 3999900000 source"), "{message}");
}

#[test]
fn bad_rows_of_every_format_of_lines_are_skipped() {
    let folder = Folder::new();
    let bad: [(&str, &[u8]); 5] = [
        ("a.tsv", b"src\ttgt\n\xff\tA\none\n\xd8\xa8\tB\n"),
        ("a.csv", b"src,tgt\n\xff,A\none\n\xd8\xa8,B\n"),
        ("a.jsonl", b"{\"src\":\"\xff\",\"tgt\":\"A\"}\n{\n{\"src\":\"\xd8\xa8\",\"tgt\":\"B\"}\n"),
        ("a.hunalign", b"\xff\tA\t0.5\none\n\xd8\xa8\tB\t0.5\n"),
        ("a.ar", b"\xff\nx\n\xd8\xa8\n"),
    ];
    folder.write("a.en", b"A\n\xff\nB\n");
    for (name, bytes) in bad {
        folder.write(name, bytes);
        let args = ["convert", name, "a.en", "--to", "csv", "--no-bom", "--skip-bad"];
        let args = if name == "a.ar" { args.to_vec() } else { [&args[..2], &args[3..]].concat() };
        let run = folder.run(&args);
        run.warns(&["skipped 2 malformed rows"]);
        assert!(run.stdout.contains("\nب,B") && run.stdout.lines().count() == 2, "{name}: {run:?}");
        let strict: Vec<&str> = args.into_iter().filter(|arg| *arg != "--skip-bad").collect();
        assert_eq!(folder.run(&strict).code, 3, "{name}");
    }
}

#[test]
fn temporary_files_that_cannot_be_written_are_named() {
    let folder = Folder::new();
    folder.write("a.tsv", "src\ttgt\nنعم\tYes\n");
    let mut command = folder.command(&["convert", "a.tsv", "-o", "a.xlsx"]);
    command.env("TMPDIR", folder.path("none"));
    let output = command.stdin(Stdio::null()).output().expect("the program");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("cannot write a temporary file in"), "{message}");
    assert!(message.contains("TMPDIR") && !message.contains("panicked"), "{message}");
}

#[test]
fn endless_inputs_are_refused() {
    let folder = Folder::with_pair();
    for (args, part) in [
        (&["align", "a.ar", "a.en", "--model", "/dev/zero"][..], "larger than any model"),
        (&["align", "a.ar", "a.en", "--lexicon", "/dev/zero"], "binary data"),
        (&["align", "/dev/zero", "a.en"], "binary data"),
        (&["segment", "/dev/zero", "--lang", "en"], "binary data"),
        (&["convert", "/dev/zero"], "binary data"),
        (&["filter", "a.ar", "--filters", "/dev/zero"], "binary data"),
    ] {
        folder.run(args).fails(3, &["/dev/zero", part]);
    }
}
