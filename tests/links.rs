//! Links between documents: XCES as OPUS has it, InterText, and TEI.

use nasaq_formats::{BitextInput, BitextRow};

use crate::util::{ARABIC, ENGLISH, Folder};

const USAGE: i32 = 2;
const INPUT: i32 = 3;

/// Returns the rows of a bitext.
fn rows(folder: &Folder, name: &str) -> Vec<BitextRow> {
    let reader = BitextInput::file(folder.path(name)).open().expect("a bitext");
    reader.map(|row| row.expect("a row")).collect()
}

fn texts(rows: &[BitextRow]) -> Vec<(&str, &str)> {
    rows.iter().map(|row| (row.src.as_str(), row.tgt.as_str())).collect()
}

fn field(row: &BitextRow, name: &str) -> String {
    row.get(name).map(ToString::to_string).unwrap_or_default()
}

#[test]
fn alignments_are_written_sentence_by_sentence_and_read_back() {
    let folder = Folder::new();
    folder.write("a.ar", format!("{ARABIC}جملة أولى. جملة ثانية.\n"));
    folder.write("a.en", format!("{ENGLISH}The first sentence and the second sentence.\n"));
    folder.run(&["align", "a.ar", "a.en", "-o", "a.tsv"]).ok();
    let expected = rows(&folder, "a.tsv");
    let mut segments = 0;
    for row in &expected {
        let kind = field(row, "kind");
        let (src, _) = kind.split_once('-').expect("a kind");
        segments += src.parse::<usize>().expect("a number");
    }
    for (format, links, src) in [
        ("xces", "x.ar.en.alignment.xml", "x.ar.xml"),
        ("intertext", "x.ar.en.alignment.xml", "x.ar.xml"),
        ("tei", "x", "x"),
    ] {
        let run = folder.run(&["align", "a.ar", "a.en", "-o", "x", "--to", format]);
        assert!(run.code == 0 && !run.stderr.contains("note:"), "{run:?}");
        let found = rows(&folder, links);
        assert_eq!(texts(&found), texts(&expected), "{format}");
        for (found, expected) in found.iter().zip(&expected) {
            for name in ["kind", "src_segments", "tgt_segments"] {
                assert_eq!(field(found, name), field(expected, name), "{format}, {name}");
            }
            let probability =
                field(found, if format == "tei" { "probability" } else { "certainty" });
            let has_link = format != "tei" || !found.src.is_empty() && !found.tgt.is_empty();
            assert!(!has_link || probability == field(expected, "probability"), "{format}");
        }
        let sentences = folder.read(src).matches("<s ").count();
        assert!(sentences >= segments, "{format}: {sentences} sentences for {segments} segments");
    }
}

#[test]
fn packed_documents_are_converted_filtered_and_merged() {
    let folder = Folder::with_pair();
    folder.run(&["align", "a.ar", "a.en", "-o", "a.tsv"]).ok();
    let expected = rows(&folder, "a.tsv");
    folder.run(&["align", "a.ar", "a.en", "-o", "x.gz", "--to", "xces"]).ok();
    assert!(folder.path("x.ar.xml.gz").exists(), "{:?}", folder.names());
    let links = "x.ar.en.alignment.xml.gz";
    assert_eq!(texts(&rows(&folder, links)), texts(&expected));
    for command in ["convert", "filter", "score"] {
        let options: &[&str] = if command == "convert" { &[] } else { &["--no-encoder"] };
        let args = [&[command, links, "-o", "out.tsv"][..], options].concat();
        folder.run(&args).ok();
        assert!(!rows(&folder, "out.tsv").is_empty(), "{command}");
    }
    // On standard input, the documents are in the current folder.
    let bytes = std::fs::read(folder.path(links)).expect("links");
    let run = folder.run_with_input(&["convert", "-", "-o", "stdin.tsv"], &bytes);
    assert!(run.code == 0 && rows(&folder, "stdin.tsv").len() == expected.len(), "{run:?}");
    // Links of two files become one corpus.
    folder.run(&["convert", links, links, "-o", "two.tsv"]).ok();
    assert_eq!(rows(&folder, "two.tsv").len(), 2 * expected.len());
    // The segments stay apart on the way from one format of links to another.
    folder.run(&["convert", links, "-o", "y.tei"]).ok();
    let run = folder.run(&["convert", "y.tei", "-o", "z", "--to", "intertext"]);
    assert!(run.code == 0 && !run.stderr.contains("one sentence"), "{run:?}");
    assert_eq!(texts(&rows(&folder, "z.ar.en.alignment.xml")), texts(&expected));
}

#[test]
fn text_without_segments_and_fields_without_a_place_are_counted() {
    let folder = Folder::new();
    folder.write("a.tsv", "src\ttgt\tkind\tnote\nنعم. لا.\tYes. No.\t2-2\tx\nكتاب\tBook\t1-1\t\n");
    for format in ["xces", "tei"] {
        let run = folder.run(&["convert", "a.tsv", "-o", "x", "--to", format]);
        run.notes(&["segments of 1 pair written as one sentence", "fields of 1 pair omitted"]);
    }
}

#[test]
fn wrong_use_is_an_error_with_a_way_out() {
    let folder = Folder::with_pair();
    let run = folder.run(&["align", "a.ar", "a.en", "--to", "xces"]);
    run.fails(USAGE, &["--to xces writes three files", "corpus.ar.en.alignment.xml"]);
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\n");
    let run = folder.run(&["align", "--corpus", "list.tsv", "-o", "out", "--to", "intertext"]);
    run.fails(USAGE, &["intertext is three files per document"]);
    // Documents that are missing, or outside of the folder.
    let link = "<link xtargets=\"1;1\"/>";
    for (name, part) in [("ar.xml", "cannot be read"), ("../a.ar", "outside of the folder")] {
        let links = format!(
            "<cesAlign><linkGrp fromDoc=\"{name}\" toDoc=\"en.xml\">{link}</linkGrp></cesAlign>"
        );
        folder.write("links.xml", links);
        folder.run(&["convert", "links.xml", "-o", "o.tsv"]).fails(INPUT, &["links.xml:1", part]);
        // All pairs are skipped, so there is none.
        let run = folder.run(&["convert", "links.xml", "-o", "o.tsv", "--skip-bad"]);
        assert_eq!(run.code, INPUT, "{run:?}");
    }
    // The files of an output do not replace the links that are read.
    folder.run(&["align", "a.ar", "a.en", "-o", "x", "--to", "xces"]).ok();
    let run = folder.run(&["convert", "x.ar.en.alignment.xml", "-o", "x", "--to", "xces"]);
    run.fails(USAGE, &["x.ar.en.alignment.xml"]);
}

#[test]
fn what_several_xliff_documents_lose_is_counted() {
    let folder = Folder::new();
    for (name, src, tgt) in [("a", "نعم", "Yes"), ("b", "لا", "No")] {
        let unit = format!(
            "<trans-unit id=\"1\" approved=\"yes\"><source><g id=\"1\">{src}</g></source><target>{tgt}</target>\
             </trans-unit>"
        );
        let file =
            format!("<file original=\"{name}\" source-language=\"ar\" target-language=\"en\">");
        let text = format!("<xliff version=\"1.2\">{file}<body>{unit}</body></file></xliff>");
        folder.write(&format!("{name}.xliff"), text);
    }
    let run = folder.run(&["convert", "a.xliff", "b.xliff", "-o", "c.xliff"]);
    run.notes(&["inline codes of 2 pairs omitted", "other attributes of 2 pairs omitted"]);
}

#[test]
fn the_encoding_of_a_test_set_is_named() {
    let folder = Folder::new();
    folder.write("a.tsv", "src\ttgt\nكتاب\tBook\nبيت\tHouse\n");
    let windows = b"src\ttgt\n\xc8\xed\xca\tA house\n";
    std::fs::write(folder.path("test.tsv"), windows).expect("a file");
    let args = ["score", "a.tsv", "--no-encoder", "--test-set", "test.tsv", "-o", "b.tsv"];
    folder.run(&[&args[..], &["--test-set-encoding", "windows-1256"]].concat()).ok();
    let found = rows(&folder, "b.tsv");
    let overlaps: Vec<String> = found.iter().map(|row| field(row, "overlap")).collect();
    assert_eq!(overlaps, ["0", "1"]);
    // Without it, the line is not valid UTF-8.
    assert_eq!(folder.run(&args).code, INPUT);
}
