//! Bad input: each kind has a message with file and line, a hint and an exit code, and none leaves a
//! partial output file.

use std::fs;

use crate::util::{ARABIC, ENGLISH, Folder, Run};

const INPUT: i32 = 3;
const USAGE: i32 = 2;

/// Aligns `bad` with a good text, on both sides in turn, and checks that nothing is written.
#[track_caller]
fn align_bad(bad: &[u8], parts: &[&str]) {
    for (src, tgt) in [("bad.txt", "a.en"), ("a.ar", "bad.txt")] {
        let folder = Folder::with_pair();
        folder.write("bad.txt", bad);
        let before = folder.names();
        let run = folder.run(&["align", src, tgt, "-o", "out.tsv"]);
        run.fails(INPUT, parts);
        assert_eq!(folder.names(), before, "nothing is left behind");
    }
}

fn windows_1256(text: &str) -> Vec<u8> {
    // The letters that the tests use.
    let page = [('و', 0xe6), ('ا', 0xc7), ('ح', 0xcd), ('د', 0xcf), ('ث', 0xcb), ('ن', 0xe4)];
    text.chars()
        .map(|c| page.iter().find(|(found, _)| *found == c).map_or(c as u8, |(_, byte)| *byte))
        .collect()
}

#[test]
fn empty_file() {
    align_bad(b"", &["bad.txt: this file has no text"]);
}

#[test]
fn file_of_white_space_only() {
    align_bad("\u{feff} \r\n\t\n".as_bytes(), &["bad.txt: this file has no text"]);
}

#[test]
fn arabic_that_may_be_windows_1256() {
    align_bad(
        &windows_1256("one\ntwo\nواحد ثان\n"),
        &["bad.txt:3:", "offset 8", "windows-1256", "--encoding windows-1256"],
    );
}

#[test]
fn utf8_that_is_truncated() {
    // Inside the second letter of the second line.
    let start = ARABIC.find('\n').expect("lines") + 3;
    let offset = format!("offset {start}");
    align_bad(&ARABIC.as_bytes()[..=start], &["bad.txt:2:", &offset, "damaged or truncated"]);
}

#[test]
fn binary_files() {
    for (bytes, what) in [
        (&b"\xfd7zXZ\0..."[..], "unxz"),
        (b"\x89PNG\r\n\x1a\n...", "PNG"),
        (b"text\0text \x01\x02\x03\xff\xfe", "binary data"),
    ] {
        align_bad(bytes, &["bad.txt", "not a text file", what]);
    }
    align_bad(b"PK\x03\x04....", &["bad.txt", "ZIP archive", "truncated"]);
    align_bad(b"%PDF-1.7 ...", &["bad.txt", "PDF", "damaged or truncated"]);
}

#[test]
fn missing_file() {
    let folder = Folder::with_pair();
    folder.run(&["align", "a.ar", "none.txt"]).fails(INPUT, &["none.txt: no such file"]);
    folder.run(&["segment", "none.txt", "--lang", "ar"]).fails(INPUT, &["none.txt: no such file"]);
}

#[test]
fn folder_for_a_file() {
    let folder = Folder::with_pair();
    folder.write("texts/a", "x");
    let corpus = ["texts: this is a folder", "--corpus"];
    folder.run(&["align", "texts", "a.en"]).fails(INPUT, &corpus);
    folder.run(&["align", "texts", "-o", "all.tmx"]).fails(INPUT, &corpus);
    let review = folder.run(&["review", "texts", "texts", "--no-open"]);
    review.fails(INPUT, &["texts: this is a folder", "align --corpus", "nasaq review out/"]);
}

#[test]
fn a_translation_that_is_missing_is_named_as_such() {
    let folder = Folder::with_pair();
    folder.write("report.txt", "تقرير قصير.\n");
    let missing = ["the translation of report.txt is missing", "both documents"];
    folder.run(&["align", "report.txt"]).fails(USAGE, &missing);
    folder.run(&["review", "report.txt", "--no-open"]).fails(USAGE, &missing);
}

#[test]
fn shares_are_numbers() {
    let folder = Folder::with_pair();
    for command in [&["filter", "a.tsv"][..], &["eval", "--gold", "a", "--test", "b"]] {
        let run = folder.run(&[command, &["--fail-under", "kept=0.9"]].concat());
        assert_eq!(run.code, USAGE);
        for part in ["a number from 0 to 1 is expected", "`nasaq report`"] {
            assert!(run.stderr.contains(part), "{}", run.stderr);
        }
    }
}

#[test]
fn same_file_twice() {
    let folder = Folder::with_pair();
    folder.write("copy.ar", ARABIC);
    let same = "have the same text";
    folder.run(&["align", "a.ar", "a.ar"]).fails(INPUT, &[same]);
    folder.run(&["align", "a.ar", "copy.ar"]).fails(INPUT, &["a.ar and copy.ar", same]);
}

#[test]
fn swapped_languages_are_a_warning_with_the_right_options() {
    let folder = Folder::with_pair();
    let run = folder.run(&["align", "a.en", "a.ar", "--to", "ladder"]);
    run.warns(&["swapped", "--src-lang en --tgt-lang ar"]);
    let fixed = folder.run(&["align", "a.en", "a.ar", "--src-lang", "en", "--to", "ladder"]);
    assert!(!fixed.stderr.contains("warning"), "{}", fixed.stderr);
}

#[test]
fn wrong_language_on_one_side_is_a_warning() {
    let folder = Folder::with_pair();
    folder.write("b.en", "Another text. It is English too.");
    folder.run(&["align", "b.en", "a.en", "--to", "ladder"]).warns(&["b.en should be Arabic"]);
}

#[test]
fn one_sentence_against_a_thousand_is_a_warning() {
    let folder = Folder::new();
    folder.write("one.ar", "جملة واحدة فقط.");
    let many: String = (0..1000).map(|i| format!("This is sentence number {i}.\n")).collect();
    folder.write("many.en", many);
    folder
        .run(&["align", "one.ar", "many.en", "--to", "ladder"])
        .warns(&["many.en has 1000 segments and one.ar has 1"]);
}

#[test]
fn line_of_a_megabyte_is_a_warning_with_its_line() {
    let folder = Folder::with_pair();
    let long = "كلمة ".repeat(1_000_000 / "كلمة ".len());
    folder.write("long.ar", format!("{ARABIC}{long}\n"));
    let run = folder.run(&["align", "long.ar", "a.en", "--segmented", "--to", "ladder"]);
    run.warns(&["long.ar:6: a segment of", "--segmented"]);
}

#[test]
fn quiet_suppresses_warnings_and_summary_but_not_errors() {
    let folder = Folder::with_pair();
    let run = folder.run(&["align", "a.en", "a.ar", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    folder.run(&["-q", "align", "a.ar", "a.ar"]).fails(INPUT, &[]);
}

#[test]
fn output_that_cannot_be_written_is_reported_before_the_inputs_are_read() {
    let folder = Folder::new();
    folder.write("dir/x", "x");
    for out in ["none/out.tsv", "dir"] {
        // The inputs are missing too.
        let run = folder.run(&["align", "no.ar", "no.en", "-o", out]);
        run.fails(USAGE, &[out]);
    }
}

#[cfg(unix)]
#[test]
fn folder_without_write_permission() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with_pair();
    folder.write("locked/x", "x");
    let locked = folder.path("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("rights");
    if fs::write(locked.join("probe"), "").is_ok() {
        return; // This user may write everywhere.
    }
    folder
        .run(&["align", "a.ar", "a.en", "-o", "locked/out.tsv"])
        .fails(USAGE, &["locked/out.tsv: cannot write here"]);
}

#[test]
fn failed_run_leaves_the_old_output() {
    let folder = Folder::with_pair();
    folder.write("out.tsv", "old");
    folder.write("bad.en", "");
    folder.run(&["align", "a.ar", "bad.en", "-o", "out.tsv"]).fails(INPUT, &[]);
    assert_eq!(folder.read("out.tsv"), "old");
}

#[test]
fn output_over_an_input_is_refused() {
    let folder = Folder::with_pair();
    let run = folder.run(&["align", "a.ar", "a.en", "--to", "tsv", "-o", "a.en"]);
    run.fails(USAGE, &["would replace an input"]);
    assert_eq!(folder.read("a.en"), ENGLISH);
}

#[test]
fn wrong_usage_is_reported_first() {
    let folder = Folder::with_pair();
    for (args, part) in [
        (&["align", "-", "-"][..], "both sides are standard input"),
        (&["align", "a.ar", "a.en", "-o", "out.docx"], "out.docx"),
        (&["align", "a.ar", "a.en", "--src-lang", "fr"], "--src-lang fr"),
        (&["align", "a.ar", "a.en", "--src-lang", "ar", "--tgt-lang", "ar-EG"], "both languages"),
        (&["align", "a.ar", "a.en", "--split-long", "--segmented"], "--segmented keeps them"),
        (&["segment", "a.ar", "--lang", "xx"], "--lang xx"),
    ] {
        folder.run(args).fails(USAGE, &[part]);
    }
    for args in [
        &["align", "a.ar"][..],
        &["align", "a.ar", "a.en", "--threads", "0"],
        &["align", "a.ar", "a.en", "--anchor", "5"],
        &["align", "a.ar", "a.en", "--json"],
        &["align", "a.ar", "a.en", "--to", "docx"],
        &["eval", "--gold", "x"],
        &["frobnicate"],
    ] {
        let run = folder.run(args);
        assert_eq!(run.code, USAGE, "{args:?}");
        assert!(run.stderr.starts_with("nasaq: error: "), "{}", run.stderr);
    }
}

#[test]
fn no_command_at_all_prints_the_help() {
    let run = Folder::new().run(&[]);
    assert_eq!(run.code, USAGE);
    assert!(run.stderr.starts_with("Aligns Arabic text"), "{}", run.stderr);
}

#[test]
fn errors_of_anchor_files_have_the_line() {
    let folder = Folder::with_pair();
    folder.write("anchors.tsv", "# source, target\n0\t0\n1\n");
    folder
        .run(&["align", "a.ar", "a.en", "--anchors", "anchors.tsv"])
        .fails(INPUT, &["anchors.tsv:3: not a pair of segments", "from 0"]);
}

#[test]
fn errors_of_lexicons_have_the_line() {
    let folder = Folder::with_pair();
    for (name, text, parts) in [
        ("a.tsv", "ar\ten\nbench\tseat\n", &["a.tsv:2: neither term is in Arabic", "a tab"][..]),
        ("b.tsv", "مقعد\tbench\tvery\n", &["b.tsv:1: the third column", "0 to 1"]),
        ("c.csv", "مقعد,bench\nكرسي,\n", &["c.csv:2: a term is missing", "commas"]),
        ("d.tsv", "# nothing yet\n", &["d.tsv: this file has no Arabic term"]),
        ("e.tbx", "<martif>\n<text></martif>", &["e.tbx:2: this is not well-formed", "xmllint"]),
        ("f.tbx", "<!DOCTYPE martif>\n<martif>&x;", &["f.tbx:2: the entity &x;"]),
        ("g.tbx", "<tmx></tmx>", &["g.tbx:1: this XML file is <tmx> and not TBX"]),
        ("h.tbx", "<tbx>\n", &["h.tbx:2: the file ends inside <tbx>", "truncated"]),
        ("i.tsv", "", &["i.tsv: this file has no text"]),
    ] {
        folder.write(name, text);
        let run = folder.run(&["align", "a.ar", "a.en", "--lexicon", name, "-o", "out.tsv"]);
        run.fails(INPUT, parts);
    }
    folder.run(&["align", "a.ar", "a.en", "--lexicon", "none.tsv"]).fails(INPUT, &["no such file"]);
    assert!(!folder.path("out.tsv").exists());
}

#[test]
fn errors_of_model_files_have_the_file_name() {
    let folder = Folder::with_pair();
    folder.write("short.model", "nasaq");
    for name in ["short.model", "none.model"] {
        let run = folder.run(&["align", "a.ar", "a.en", "--model", name, "-o", "out.tsv"]);
        run.fails(INPUT, &[name, "--model"]);
    }
    assert!(!folder.path("out.tsv").exists());
}

#[test]
fn truncated_and_altered_model_files_are_distinguished() {
    let folder = Folder::with_pair();
    let mut model = nasaq_encoder::builtin_model().to_vec();
    folder.write("cut.model", &model[..model.len() / 2]);
    let middle = model.len() / 2;
    model[middle] ^= 1;
    folder.write("altered.model", &model);
    for (name, part) in [("cut.model", "truncated"), ("altered.model", "altered")] {
        folder
            .run(&["align", "a.ar", "a.en", "--model", name, "-o", "out.tsv"])
            .fails(INPUT, &[name, part, "--model"]);
    }
    assert!(!folder.path("out.tsv").exists());
}

#[test]
fn bad_anchors_are_named() {
    let folder = Folder::with_pair();
    let align = |anchors: &[&str]| {
        let given = anchors.iter().flat_map(|anchor| ["--anchor", anchor]);
        folder.run(&["align", "a.ar", "a.en"].into_iter().chain(given).collect::<Vec<_>>())
    };
    align(&["1:1", "5:2"]).fails(INPUT, &["5:2", "no such source segment", "0 to 4"]);
    align(&["2:9"]).fails(INPUT, &["2:9", "no such target segment"]);
    align(&["1:3", "2:1"]).fails(INPUT, &["crosses another anchor"]);
    align(&["1:3", "2:3"]).ok();
}

/// Evaluates two ladders.
fn eval(gold: &str, test: &str) -> Run {
    let folder = Folder::new();
    folder.write("gold.ladder", gold);
    folder.write("test.ladder", test);
    folder.run(&["eval", "--gold", "gold.ladder", "--test", "test.ladder"])
}

#[test]
fn ladders_of_different_texts_are_an_error_with_both_counts() {
    eval("[0]:[0]\n[1]:[1]\n", "[0]:[0]\n[1]:[1]\n[]:[2]\n")
        .fails(INPUT, &["test.ladder has 3 target segments and gold.ladder has 2", "--segmented"]);
    eval("[0]:[0]\n[1]:[0]\n", "[0]:[0]\n").fails(INPUT, &["1 source segments", "has 2"]);
}

#[test]
fn errors_of_ladders_have_the_line() {
    eval("[0]:[0]\n", "[0]:[0]\n[1]=[1]\n").fails(INPUT, &["test.ladder:2:", "[0, 1]:[2]"]);
    eval("", "[0]:[0]\n").fails(INPUT, &["gold.ladder: this file has no text"]);
}
