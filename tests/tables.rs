//! Tables, data sets and ladders of other programs: which columns hold the texts, pipes, and reviews.

use std::process::Command;

use crate::util::Folder;

const PAIRS: &str = "{\"src\":\"افتح الملف\",\"tgt\":\"Open the file\"";

/// Encodes Arabic and ASCII text in windows-1256.
fn windows_1256(text: &str) -> Vec<u8> {
    const LETTERS: &[(char, u8)] = &[
        ('ا', 0xc7),
        ('ب', 0xc8),
        ('ة', 0xc9),
        ('ت', 0xca),
        ('ح', 0xcd),
        ('د', 0xcf),
        ('ر', 0xd1),
        ('ف', 0xdd),
        ('ق', 0xde),
        ('ك', 0xdf),
        ('ل', 0xe1),
        ('م', 0xe3),
        ('ن', 0xe4),
        ('ه', 0xe5),
        ('و', 0xe6),
        ('ي', 0xed),
        ('أ', 0xc3),
        ('غ', 0xdb),
        ('ع', 0xda),
        ('ط', 0xd8),
        ('إ', 0xc5),
        ('ى', 0xec),
    ];
    let byte = |c: char| LETTERS.iter().find(|(known, _)| *known == c).map(|(_, byte)| *byte);
    text.chars()
        .map(|c| byte(c).unwrap_or_else(|| u8::try_from(c).expect("a known letter")))
        .collect()
}

#[test]
fn columns_are_found_by_their_names_in_many_spellings() {
    let folder = Folder::new();
    for header in [
        "id,ar-SA,en-US",
        "id,Arabic text,English text",
        "id,العربية,English",
        "id,text_ar,text_en",
        "id,arb,eng",
        "id,arb_Arab,eng_Latn",
        "id,original,translation",
        "id,Source (AR),Target (EN)",
        "id,Arabic (Saudi Arabia),English (UK)",
        "ID,AR,EN",
        "id,النص الأصلي,الترجمة",
    ] {
        folder.write("a.csv", format!("{header}\n1,افتح الملف,Open the file\n"));
        let rows = folder.run(&["convert", "a.csv", "--to", "jsonl"]).ok();
        assert!(rows.starts_with(PAIRS), "{header}: {rows}");
        assert_eq!(rows.lines().count(), 1, "{header}: a header is never a pair");
    }
}

#[test]
fn columns_without_known_names_are_found_by_their_cells() {
    let folder = Folder::new();
    folder.write(
        "a.csv",
        "ref,Phrase A,Phrase B\n1,افتح الملف,Open the file\n2,أغلق الباب,Close the door\n",
    );
    let run = folder.run(&["convert", "a.csv", "--to", "jsonl"]);
    assert!(
        run.stderr.contains("a.csv: source is column 2 \"Phrase A\" and target is column 3"),
        "{}",
        run.stderr
    );
    let rows = run.ok();
    assert!(rows.starts_with(PAIRS) && rows.lines().count() == 2, "{rows}");
    folder.write("b.tsv", "17\tافتح الملف\tOpen the file\n18\tأغلق الباب\tClose the door\n");
    assert!(folder.run(&["convert", "b.tsv", "--to", "jsonl"]).ok().starts_with(PAIRS));
    let scored = folder.run(&["score", "b.tsv", "--no-encoder", "--columns", "quality"]);
    assert!(scored.stderr.contains("--src-column and --tgt-column"), "{}", scored.stderr);
    // A number is never Arabic, and nothing else is.
    for table in ["1,Open\n2,Close\n", "a,b,c\n1,نعم,2\n"] {
        folder.write("c.csv", table);
        let run = folder.run(&["convert", "c.csv"]);
        run.fails(3, &["cannot tell which columns", "--columns"]);
    }
}

#[test]
fn tables_of_spreadsheet_programs_are_read() {
    let folder = Folder::new();
    folder.write("a.csv", "sep=;\r\nar;en\r\nافتح الملف;Open the file\r\n");
    assert!(folder.run(&["convert", "a.csv", "--to", "jsonl"]).ok().starts_with(PAIRS));
    folder.write(
        "b.tsv",
        "ar\ten\nقال \tHe\n".replace("قال \tHe", "\"قال \"\"نعم\"\"\"\t\"He said \"\"yes\"\"\""),
    );
    let run = folder.run(&["convert", "b.tsv", "--to", "jsonl"]);
    assert!(run.stderr.contains("quotes around cells"), "{}", run.stderr);
    assert_eq!(run.ok(), "{\"src\":\"قال \\\"نعم\\\"\",\"tgt\":\"He said \\\"yes\\\"\"}\n");
    let literal = folder.run(&["convert", "b.tsv", "--to", "jsonl", "--quotes", "off"]).ok();
    assert!(literal.contains("\"\\\"قال"), "{literal}");
    for (name, text) in [
        ("c.csv", "ar|en\nافتح الملف|Open the file\n"),
        ("d.csv", "ar\ten\nافتح الملف\tOpen the file\n"),
    ] {
        folder.write(name, text);
        assert!(folder.run(&["convert", name, "--to", "jsonl"]).ok().starts_with(PAIRS), "{name}");
    }
}

#[test]
fn encodings_are_detected_and_reported_or_named() {
    let folder = Folder::new();
    let row = "افتح الملف,Open the file\n";
    folder.write("a.csv", windows_1256(&format!("ar,en\n{}", row.repeat(30))));
    for args in [
        &["convert", "a.csv", "--to", "jsonl"][..],
        &["score", "a.csv", "--no-encoder", "--to", "jsonl"],
    ] {
        let run = folder.run(args);
        assert!(run.stderr.contains("read as windows-1256, which was detected"), "{}", run.stderr);
        assert!(run.ok().contains("افتح الملف"));
    }
    folder.write("b.csv", windows_1256("ar,en\nنعم,Yes\n"));
    folder.run(&["convert", "b.csv"]).fails(3, &["b.csv:2", "--encoding windows-1256"]);
    let rows = folder.run(&["convert", "b.csv", "--to", "jsonl", "--encoding", "cp1256"]).ok();
    assert_eq!(rows, "{\"src\":\"نعم\",\"tgt\":\"Yes\"}\n");
    let text = "\u{feff}ar\ten\nافتح الملف\tOpen the file\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [("c.csv", &utf16[..]), ("d.tsv", &utf16[2..])] {
        folder.write(name, bytes);
        assert!(folder.run(&["convert", name, "--to", "jsonl"]).ok().starts_with(PAIRS), "{name}");
    }
}

#[test]
fn json_is_read_from_arrays_and_nested_objects() {
    let folder = Folder::new();
    for (name, text) in [
        (
            "a.json",
            "[{\"ar\": \"افتح الملف\", \"en\": \"Open the file\"}, {\"ar\": \"نعم\", \"en\": \"Yes\"}]",
        ),
        ("b.jsonl", "{\"translation\": {\"ar\": \"افتح الملف\", \"en\": \"Open the file\"}}\n"),
        (
            "c.json",
            "[\n {\n  \"id\": 7,\n  \"text_ar\": \"افتح الملف\",\n  \"text_en\": \"Open the file\"\n }\n]\n",
        ),
        (
            "d.jsonl",
            "{\"arb_Arab\": \"افتح الملف\", \"eng_Latn\": \"Open the file\", \"score\": 1.2}\n",
        ),
    ] {
        folder.write(name, text);
        let rows = folder.run(&["convert", name, "--to", "jsonl"]).ok();
        assert!(rows.starts_with(PAIRS), "{name}: {rows}");
    }
    let named = ["convert", "b.jsonl", "--columns", "translation.en,translation.ar", "--to", "tsv"];
    assert_eq!(folder.run(&named).ok(), "src\ttgt\nOpen the file\tافتح الملف\n");
    // A row that is kept is written as it was.
    let kept = folder.run(&["score", "b.jsonl", "--no-encoder", "--columns", "quality"]).ok();
    assert!(
        kept.starts_with("{\"translation\":{\"ar\":\"افتح الملف\",\"en\":\"Open the file\"}"),
        "{kept}"
    );
    folder.write("e.json", "[{\"ar\": \"نعم\", \"en\": \"Yes\"}");
    folder.run(&["convert", "e.json"]).fails(3, &["the array does not end"]);
}

#[cfg(unix)]
#[test]
fn pipes_are_read_like_files() {
    let folder = Folder::with_pair();
    let nasaq = env!("CARGO_BIN_EXE_nasaq");
    let run = |script: &str| {
        let mut command = Command::new("bash");
        command.args(["-c", script]).current_dir(folder.path(".")).env("N", nasaq);
        let output = command.output().expect("bash");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    folder
        .write("two.tsv", "نعم، هذا هو البيت.\tYes, this is the house.\nلا أعرف.\tI do not know.\n");
    let expected = folder.run(&["score", "a.ar", "a.en", "--no-encoder"]).ok();
    let (code, out, err) = run("$N score <(cat a.ar) <(cat a.en) --no-encoder");
    assert_eq!((code, out), (Some(0), expected), "{err}");
    let (code, out, err) = run("$N filter <(cat two.tsv) --no-encoder");
    assert!(code == Some(0) && out.lines().count() >= 2, "{out} {err}");
    let (code, out, err) =
        run("mkfifo p.tsv; (cat two.tsv > p.tsv &); timeout 60 $N score p.tsv --no-encoder");
    assert!(code == Some(0) && out.lines().count() >= 2, "{out} {err}");
    for command in ["score", "filter", "convert"] {
        let (code, _, err) = run(&format!("$N {command} <(true) <(true)"));
        assert_eq!(code, Some(3), "{command}: {err}");
    }
}

#[test]
fn costs_of_vecalign_are_not_probabilities() {
    let folder = Folder::new();
    folder.write("s", "واحد\nاثنان\n");
    folder.write("t", "one\ntwo\n");
    folder.write("a.ladder", "[0]:[0]:0.156\n[1]:[1]:1.35\n");
    let run = folder.run(&["convert", "a.ladder", "s", "t", "--to", "tsv"]);
    assert!(run.stderr.contains("costs, as vecalign writes them"), "{}", run.stderr);
    assert!(run.ok().starts_with("src\ttgt\tcost\tkind"));
    folder.write("b.ladder", "[0]:[0]:0.156\n[1]:[1]:0.2\n");
    let run = folder.run(&["convert", "b.ladder", "s", "t", "--to", "tsv"]);
    assert!(run.stderr.contains("--from vecalign"), "{}", run.stderr);
    let named = ["convert", "b.ladder", "s", "t", "--from", "vecalign", "--to", "ladder"];
    assert_eq!(folder.run(&named).ok(), "[0]:[0]:0.156000\n[1]:[1]:0.200000\n");
    folder.write("h.ladder", "0\t0\t0.5\n1\t1\t0.3\n2\t2\t0\n");
    let run = folder.run(&["convert", "h.ladder", "s", "t", "--to", "tsv"]);
    assert!(run.stderr.contains("ladder of hunalign"), "{}", run.stderr);
    assert_eq!(run.ok().lines().count(), 3);
    let eval = folder.run(&["eval", "--gold", "b.ladder", "--test", "h.ladder"]).ok();
    assert!(eval.contains("1.0000 1.0000 1.0000"), "{eval}");
}

#[test]
fn a_reviewed_spreadsheet_comes_back() {
    let folder = Folder::new();
    folder.write("a.tsv", "src\ttgt\tprobability\nنعم\tYes\t0.9\nلا\tNo\t0.8\n");
    folder.run(&["convert", "a.tsv", "-o", "a.xlsx"]).ok();
    let rows = folder.run(&["convert", "a.xlsx", "--to", "jsonl"]).ok();
    assert_eq!(rows.lines().count(), 2);
    assert!(rows.starts_with("{\"src\":\"نعم\",\"tgt\":\"Yes\""), "{rows}");
    // As a spreadsheet program saves the sheet.
    folder.write(
        "r.csv",
        "pair,src,tgt,verdict,corrected_src,corrected_tgt,comment\n1,نعم,Yes,right,,,\n\
         2,لا,Yes,wrong,,,\n3,باب,Dor,right,,Door,typo\n4,ماء,Water,unsure,,,\n5,نار,Fire,,,,\n",
    );
    let run = folder.run(&["convert", "r.csv", "--to", "tsv", "--columns", "src,tgt"]);
    assert!(
        run.stderr
            .contains("review: 2 right, 1 wrong and dropped, 1 corrected, 1 with another verdict"),
        "{}",
        run.stderr
    );
    assert_eq!(run.ok(), "src\ttgt\nنعم\tYes\nباب\tDoor\nماء\tWater\nنار\tFire\n");
}

#[test]
fn names_of_groups_of_columns_are_no_pair() {
    let folder = Folder::new();
    folder.write("a.csv", "L1,L2\nen,ar\nOpen the file,افتح الملف\n");
    let run = folder.run(&["convert", "a.csv", "--to", "jsonl"]);
    assert!(run.stderr.contains("skipped 1 row before the header"), "{}", run.stderr);
    assert_eq!(run.ok(), "{\"src\":\"افتح الملف\",\"tgt\":\"Open the file\"}\n");
    // Short texts above a row that could be a header are texts.
    folder.write("b.csv", "en,ar\nOpen,افتح\nen,ar\nStop,قف\n");
    assert_eq!(folder.run(&["convert", "b.csv", "--to", "jsonl"]).ok().lines().count(), 3);
    folder.write("c.csv", "Open,افتح\nSource,Target\nStop,قف\n");
    assert_eq!(folder.run(&["convert", "c.csv", "--to", "jsonl"]).ok().lines().count(), 3);
}
