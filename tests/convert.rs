//! `nasaq convert`: bitexts in all formats, and the messages about losses and errors.

use std::process::Command;

use nasaq_formats::{BitextInput, read_ladder, read_tmx};

use crate::util::{ARABIC, ENGLISH, Folder};

/// Aligns the bundled pair and writes its beads in all formats that can hold them.
fn aligned() -> Folder {
    let folder = Folder::with_pair();
    folder.run(&["align", "a.ar", "a.en", "-o", "a.jsonl"]).ok();
    folder
}

/// Returns the texts of a bitext.
fn texts(folder: &Folder, name: &str, more: &[&str]) -> Vec<(String, String)> {
    let more = more.iter().map(|name| folder.path(name));
    let source = BitextInput::file(folder.path(name)).with_more(more);
    let rows = source.open().expect("a bitext");
    rows.map(|row| row.expect("a row")).map(|row| (row.src, row.tgt)).collect()
}

#[test]
fn a_bitext_is_converted_through_all_formats() {
    let folder = aligned();
    let expected = texts(&folder, "a.jsonl", &[]);
    assert_eq!(expected.len(), 5);
    let mut last = "a.jsonl".to_owned();
    for ending in ["xliff", "tsv.gz", "parquet", "csv", "tmx.zst", "jsonl"] {
        let next = format!("b.{ending}");
        folder.run(&["convert", &last, "-o", &next]).ok();
        assert_eq!(texts(&folder, &next, &[]), expected, "{ending}");
        last = next;
    }
    folder.run(&["convert", &last, "-o", "m.gz", "--to", "moses"]).ok();
    assert_eq!(texts(&folder, "m.ar.gz", &["m.en.gz"]), expected);
    folder.run(&["convert", "m.ar.gz", "m.en.gz", "-o", "c.tmx"]).ok();
    assert_eq!(texts(&folder, "c.tmx", &[]), expected);
}

#[test]
fn converting_an_alignment_writes_what_align_writes() {
    let folder = aligned();
    folder.run(&["align", "a.ar", "a.en", "-o", "direct.tsv"]).ok();
    folder.run(&["convert", "a.jsonl", "-o", "converted.xliff"]).ok();
    for name in ["ladder", "hunalign", "html"] {
        let direct = folder.run(&["align", "a.ar", "a.en", "--to", name]).ok();
        for from in ["a.jsonl", "direct.tsv", "converted.xliff"] {
            let converted = folder.run(&["convert", from, "--to", name]).ok();
            assert_eq!(converted, direct, "{name} from {from}");
        }
    }
}

#[test]
fn ladders_are_read_with_their_texts() {
    let folder = aligned();
    for (name, lang) in [("a.ar", "ar"), ("a.en", "en")] {
        let lines = folder.run(&["segment", name, "--lang", lang]).ok();
        folder.write(&format!("{name}.lines"), lines);
    }
    let expected = texts(&folder, "a.jsonl", &[]);
    for (name, format) in [("l.ladder", "ladder"), ("l.hun", "hunalign")] {
        folder.run(&["convert", "a.jsonl", "-o", name, "--to", format]).ok();
        let args = ["convert", name, "a.ar.lines", "a.en.lines", "--from", format, "-o", "l.tsv"];
        folder.run(&args).ok();
        assert_eq!(texts(&folder, "l.tsv", &[]), expected, "{format}");
        let ladder = folder.run(&["convert", "l.tsv", "--to", "ladder"]).ok();
        assert_eq!(read_ladder(&ladder).expect("a ladder").len(), expected.len());
    }
    let short = folder.run(&["convert", "l.ladder", "a.ar.lines", "a.jsonl", "--from", "ladder"]);
    assert_eq!(short.code, 0, "five lines are enough for five segments: {}", short.stderr);
    folder.write("one", "x\n");
    let short = folder.run(&["convert", "l.ladder", "a.ar.lines", "one"]);
    short.fails(3, &["l.ladder: the ladder has 5 source and 5 target", "1 in one", "segment FILE"]);
    // The document itself, whose lines are not segments.
    folder.write("wrapped", folder.read("a.en.lines").replace('\n', "\n\n"));
    let other = folder.run(&["convert", "l.ladder", "a.ar.lines", "wrapped"]);
    other.fails(3, &["5 lines in a.ar.lines and 10 in wrapped"]);
}

#[test]
fn columns_are_selected_by_number_and_name() {
    let folder = Folder::new();
    folder.write("a.tsv", "7\tx\tYes\tنعم\n8\ty\tNo\tلا\n");
    let out =
        folder.run(&["convert", "a.tsv", "--columns", "4,3,1=id", "--to", "csv", "--no-bom"]).ok();
    assert_eq!(out, "src,tgt,id\nنعم,Yes,7\nلا,No,8\n");
    folder.write("b.tsv", "id\tfr\tعربي\n7\tOui\tنعم\n");
    let out = folder.run(&["convert", "b.tsv", "--columns", "عربي,fr", "--to", "jsonl"]).ok();
    assert_eq!(out, "{\"src\":\"نعم\",\"tgt\":\"Oui\"}\n");
    let run = folder.run(&["convert", "b.tsv", "--columns", "عربي,fr,x", "--to", "jsonl"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("hint: the input has: id, fr, عربي"), "{}", run.stderr);
}

#[test]
fn languages_are_selected_among_several() {
    let folder = Folder::new();
    let tuv = |lang: &str, text: &str| format!("<tuv xml:lang=\"{lang}\"><seg>{text}</seg></tuv>");
    let unit = [tuv("en-US", "Yes"), tuv("fr", "Oui"), tuv("ar-EG", "نعم")].concat();
    let other = tuv("fr", "Non");
    folder.write(
        "a.tmx",
        format!("<tmx version=\"1.4\"><header srclang=\"en\"/><body><tu>{unit}</tu><tu>{other}</tu></body></tmx>"),
    );
    let run = folder.run(&["convert", "a.tmx", "--to", "tsv"]);
    assert!(
        run.stderr.contains("skipped 1 unit without text in one of the languages"),
        "{}",
        run.stderr
    );
    assert_eq!(run.ok(), "src\ttgt\nYes\tنعم\n");
    let args = ["convert", "a.tmx", "--src-lang", "ar", "--tgt-lang", "fr", "-o", "b.tmx"];
    folder.run(&args).ok();
    let units = read_tmx(&folder.read("b.tmx")).expect("TMX");
    let langs: Vec<&str> = units[0].variants.iter().map(|variant| &*variant.lang).collect();
    assert_eq!(langs, ["ar", "fr"]);
}

#[test]
fn escapes_of_our_tables_are_restored_and_other_backslashes_preserved() {
    let folder = Folder::new();
    folder.write("a.jsonl", "{\"src\":\"ا\\tب\\nج\\\\n\",\"tgt\":\"a\\r\\nb\"}\n");
    let table = folder.run(&["convert", "a.jsonl"]).ok();
    assert_eq!(table, "src\ttgt\nا\\tب\\nج\\\\n\ta\\r\\nb\n");
    folder.write("a.tsv", &table);
    assert_eq!(folder.run(&["convert", "a.tsv", "--to", "jsonl"]).ok(), folder.read("a.jsonl"));
    folder.write("b.tsv", "en\tar\nC:\\new\tنعم\n");
    let json = folder.run(&["convert", "b.tsv", "--to", "jsonl"]).ok();
    assert_eq!(json, "{\"src\":\"نعم\",\"tgt\":\"C:\\\\new\"}\n");
    let run = folder.run(&["convert", "a.jsonl", "--no-header"]);
    assert!(run.stderr.contains("1 text had tabs, which became spaces"), "{}", run.stderr);
    assert_eq!(run.ok(), "ا ب ج\\n\ta b\n");
}

#[test]
fn losses_are_reported_once() {
    let folder = Folder::new();
    folder.write("a.csv", "src,tgt,note\nنعم,\"Yes\nno\",x\nلا,,y\n\u{1}ب,=b,z\n");
    let run = folder.run(&["convert", "a.csv", "-o", "m", "--to", "moses"]);
    assert!(run.stderr.contains("moses: 1 text had line breaks"), "{}", run.stderr);
    assert!(
        run.stderr.contains("fields of 3 pairs omitted, for which the format has no place: "),
        "{}",
        run.stderr
    );
    let run = folder.run(&["convert", "a.csv", "-o", "a.tmx"]);
    assert!(run.stderr.contains("1 pair with text on one side only omitted"), "{}", run.stderr);
    assert!(run.stderr.contains("1 text had characters that the format forbids"), "{}", run.stderr);
    let run = folder.run(&["convert", "a.csv", "-o", "b.csv"]);
    assert!(run.stderr.contains("1 cell with = + - or @ at the start"), "{}", run.stderr);
    assert!(!folder.read("b.csv").starts_with('\u{feff}'), "as the file that was read");
    folder.run(&["convert", "a.csv", "-o", "c.tsv", "-q"]).ok();
    folder.run(&["convert", "c.tsv", "-o", "c.csv"]).ok();
    assert!(folder.read("c.csv").starts_with('\u{feff}'), "a new file is for spreadsheets");
}

#[test]
fn memories_omit_pairs_with_a_low_probability_and_filters_read_the_document_score() {
    let folder = Folder::new();
    let table = "src\ttgt\tprobability\tdocument_score\nنعم\tYes\t0.3\t0.31\nلا\tNo\t0.5\t0.9\n\
        ربما\tMaybe\t\t\n";
    folder.write("a.tsv", table);
    let run = folder.run(&["convert", "a.tsv", "-o", "a.tmx"]);
    let omitted = "1 pair omitted: the probability is below the minimum";
    assert!(run.stderr.contains(omitted) && run.stderr.contains("--min-probability 0"));
    assert_eq!(folder.read("a.tmx").matches("<tu>").count(), 2);
    folder.run(&["convert", "a.tsv", "-o", "all.tmx", "--min-probability", "0"]).ok();
    assert_eq!(folder.read("all.tmx").matches("<tu>").count(), 3);
    let run = folder.run(&["convert", "a.tsv", "-o", "b.tmx", "--min-probability", "2"]);
    assert!(run.stderr.contains("a number from 0 to 1 is expected"), "{}", run.stderr);
    folder.write("f.toml", "[[filter]]\nname = \"unrelated\"\nreject = \"document_score < 0.5\"\n");
    let kept = folder.run(&["filter", "a.tsv", "--filters", "f.toml"]).ok();
    assert_eq!(kept.lines().count(), 3, "{kept}");
    // A copy of a memory has all its units.
    let unit = |p: &str| {
        format!(
            "<tu><prop type=\"x-nasaq-probability\">{p}</prop><tuv xml:lang=\"ar\"><seg>نعم</seg>\
            </tuv><tuv xml:lang=\"en\"><seg>Yes {p}</seg></tuv></tu>"
        )
    };
    let body = [unit("0.1"), unit("0.9")].concat();
    let memory = format!("<tmx version=\"1.4\"><header srclang=\"ar\"/><body>{body}</body></tmx>");
    folder.write("m.tmx", memory);
    folder.run(&["convert", "m.tmx", "-o", "copy.tmx"]).ok();
    assert_eq!(folder.read("copy.tmx").matches("<tuv").count(), 4);
}

#[test]
fn errors_name_the_file_the_line_and_a_remedy() {
    let folder = Folder::new();
    folder.write("a.tmx", "<tmx><body>\n<tu>");
    folder.write("a.po", "msgid \"a\nmsgstr \"b\"\n");
    folder.write("a.tsv", "src\ttgt\nنعم\tYes\nلا\n");
    folder.write("a", "نعم\n");
    folder.write("good.tsv", "src\ttgt\nنعم\tYes\n");
    folder.write("a.xlsx", b"PK\x03\x04");
    folder.write("a.zip", b"PK\x03\x04");
    folder.write("a.parquet", "PAR1 and no more");
    folder.write("empty.tsv", "src\ttgt\n");
    for (args, code, message) in [
        (&["a.tmx"][..], 3, "a.tmx:2: the file ends inside <tmx><body><tu>"),
        (&["a.po"], 3, "a.po:1: a string that is not in quotes"),
        (&["a.tsv", "--to", "tmx"], 3, "a.tsv:3: 1 column where the header has 2"),
        (&["a.xlsx"], 3, "a.xlsx: this spreadsheet is damaged or truncated"),
        (&["a.zip"], 3, "a.zip: this is not a text file: it looks like a ZIP archive"),
        (&["good.tsv", "a.tsv"], 3, "a.tsv:3: 1 column where the header has 2"),
        (&["good.tsv", "x.ar"], 3, "x.ar: no such file"),
        (&["good.tsv", "a"], 3, "two files must be two sides"),
        (&["a.parquet"], 3, "a.parquet: "),
        (&["empty.tsv"], 3, "the bitext has no pairs"),
        (&["no.tsv"], 3, "no.tsv: no such file"),
        (&["good.tsv", "--to", "ladder"], 3, "good.tsv:2: this pair does not name its segments"),
        (&["good.tsv", "--to", "srt"], 3, "good.tsv:2: this pair has no time"),
        (&["a.tsv", "--to", "moses"], 2, "--to moses writes two files"),
        (&["a.tsv", "-o", "a.tsv"], 2, "would replace an input"),
        (&["a.tsv", "-o", "a.docx"], 2, "the file ending is not that of a format"),
        (&["a.tsv", "-o", "b.po"], 2, "po can be read but not written"),
        (&["a.tsv", "--columns", "1"], 2, "--columns has only one column"),
        (&["a.tsv", "--src-lang", "<x>"], 2, "--src-lang is not a language tag"),
        (&["good.tsv", "x.tsv"], 3, "x.tsv: no such file"),
        (&["good.tsv", "a.po", "a.tmx"], 3, "a.po:1: a string that is not in quotes"),
    ] {
        let args: Vec<&str> = [&["convert"], args].concat();
        let run = folder.run(&args);
        assert_eq!(run.code, code, "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains(message), "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains("hint: "), "{args:?}: {}", run.stderr);
    }
    // The first row was good, but no output was created.
    let run = folder.run(&["convert", "a.tsv", "-o", "half.jsonl"]);
    assert_eq!(run.code, 3);
    assert!(!folder.path("half.jsonl").exists());
    let run = folder.run(&["convert", "a.tsv", "--skip-bad", "--to", "jsonl"]);
    assert!(run.stderr.contains("skipped 1 malformed row"), "{}", run.stderr);
    assert_eq!(run.ok().lines().count(), 1);
}

#[test]
fn the_format_of_standard_input_is_recognised_by_its_beginning() {
    let folder = Folder::new();
    folder.write("a.tsv", "src\ttgt\nنعم\tYes\n");
    for format in ["parquet", "xliff", "csv", "tmx"] {
        let file = format!("a.{format}");
        folder.run(&["convert", "a.tsv", "-o", &file]).ok();
        let bytes = std::fs::read(folder.path(&file)).expect("the file");
        let run = folder.run_with_input(&["convert", "-", "--to", "moses", "-o", "b"], &bytes);
        assert_eq!(run.code, 0, "{format}: {}", run.stderr);
        let texts = ["b.ar", "b.en"].map(|name| std::fs::read_to_string(folder.path(name)));
        assert_eq!(texts.map(Result::unwrap), ["نعم\n", "Yes\n"], "{format}");
    }
    let json = "{\"ar\":\"نعم\",\"en\":\"Yes\",\"n\":1}\n";
    let run = folder.run_with_input(&["convert", "-"], json.as_bytes());
    assert_eq!(run.ok(), "src\ttgt\tn\nنعم\tYes\t1\n");
}

#[test]
fn alignments_are_written_as_pages_and_spreadsheets() {
    let folder = Folder::with_pair();
    folder.run(&["align", "a.ar", "a.en", "-o", "a.html"]).ok();
    let page = folder.read("a.html");
    assert_eq!(page.matches("<div class=\"pair").count(), 5);
    assert!(!page.contains("<script") && !page.contains("src="));
    folder.run(&["align", "a.ar", "a.en", "-o", "a.xlsx"]).ok();
    let bytes = std::fs::read(folder.path("a.xlsx")).expect("a spreadsheet");
    folder.run(&["align", "a.ar", "a.en", "-o", "a.xlsx"]).ok();
    assert_eq!(
        std::fs::read(folder.path("a.xlsx")).expect("a spreadsheet"),
        bytes,
        "the same bytes"
    );
}

/// Validates a file with xmllint and a schema of this repository; returns false if there is no
/// xmllint.
fn is_valid(folder: &Folder, name: &str, schema: &str) -> bool {
    let schema = format!("{}/../../tests/schemas/{schema}", env!("CARGO_MANIFEST_DIR"));
    let run = Command::new("xmllint")
        .args(["--nonet", "--noout", "--huge", "--dtdvalid", &schema])
        .arg(folder.path(name))
        .output();
    let Ok(run) = run else {
        // Report that the test was skipped.
        #[expect(clippy::print_stderr, reason = "a notice of the tests")]
        {
            eprintln!("skipped: there is no xmllint here (Debian: apt install libxml2-utils)");
        }
        return false;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    true
}

#[test]
fn memories_and_xliff_are_valid() {
    let folder = Folder::new();
    let hostile = "]]> <a> & \\\" \\u0000 \\u001b \\ufffe \\u202e \\u2028 \\r\\n\\t 👍";
    let long = "س".repeat(500_000);
    folder.write("a.ar", ARABIC);
    folder.write("a.en", ENGLISH);
    folder.write(
        "h.jsonl",
        format!(
            "{{\"src\":\"{hostile}\",\"tgt\":\"{hostile}\",\"doc\":\"{hostile}\",\"a<b\":\"{hostile}\",\"id\":\"&\"}}\n\
             {{\"src\":\"{long}\",\"tgt\":\"x\"}}\n{{\"src\":\"\",\"tgt\":\"only here\"}}\n{{\"src\":\"هنا\",\"tgt\":\"\"}}\n"
        ),
    );
    for (ending, schema) in [("tmx", "tmx.dtd"), ("xliff", "xliff.dtd")] {
        folder.run(&["align", "a.ar", "a.en", "-o", &format!("a.{ending}")]).ok();
        folder.run(&["convert", "h.jsonl", "-o", &format!("h.{ending}"), "-q"]).ok();
        let valid = ["a", "h"].map(|name| is_valid(&folder, &format!("{name}.{ending}"), schema));
        if valid == [true; 2] {
            // The schema must refuse an invalid file.
            let broken = folder.read(&format!("a.{ending}")).replace("version=\"", "versions=\"");
            folder.write("broken.xml", broken);
            let broken = std::panic::catch_unwind(|| is_valid(&folder, "broken.xml", schema));
            assert!(broken.is_err());
        }
    }
}
