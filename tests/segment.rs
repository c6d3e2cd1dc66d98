//! Tests of `nasaq segment`.

use crate::util::{ARABIC, ENGLISH, Folder};

#[test]
fn text_has_one_sentence_per_line() {
    let folder = Folder::new();
    folder.write("a.en", ENGLISH.replace('\n', " "));
    assert_eq!(folder.run(&["segment", "a.en", "--lang", "en"]).ok(), ENGLISH);
}

#[test]
fn byte_offsets_of_jsonl_locate_segments_in_the_document() {
    let folder = Folder::new();
    folder.write("a.ar", format!("\u{feff}{ARABIC}"));
    let text = folder.run(&["segment", "a.ar", "--lang", "ar", "--to", "jsonl"]).ok();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 5);
    for (index, line) in lines.iter().enumerate() {
        let offset = |end: usize| {
            usize::try_from(line["bytes"][end].as_u64().expect("a number")).expect("an offset")
        };
        assert_eq!(line["text"], ARABIC[offset(0)..offset(1)]);
        assert_eq!(line["segment"], index);
        assert_eq!(line["doc"], "a.ar");
    }
}

#[test]
fn standard_input_is_read_and_a_file_is_written() {
    let folder = Folder::new();
    let args = ["segment", "-", "--lang", "en", "-o", "out.txt"];
    assert_eq!(folder.run_with_input(&args, ENGLISH.as_bytes()).ok(), "");
    assert_eq!(folder.read("out.txt"), ENGLISH);
}

/// A paragraph of two sentences, wrapped at 40 columns.
const WRAPPED: &str = "The old potter went down to the river\nevery morning before the village woke.\nHe \
     took a reed basket with him and a\nshort knife, and he said little.\n";

#[test]
fn wrapped_lines_are_joined_and_reported() {
    let folder = Folder::new();
    folder.write("a.en", WRAPPED);
    let run = folder.run(&["segment", "a.en", "--lang", "en"]);
    run.notes(&["note: a.en: the text is wrapped: 2 line ends", "--lines keep"]);
    let joined = "The old potter went down to the river every morning before the village woke.\n\
         He took a reed basket with him and a short knife, and he said little.\n";
    for (lines, expected) in [("auto", joined), ("join", joined), ("keep", WRAPPED)] {
        let run = folder.run(&["segment", "a.en", "--lang", "en", "--lines", lines]);
        assert_eq!(run.ok(), expected, "{lines}");
    }
    folder.write("two.en", "He waited on the\nold quay. She came.\n");
    for (lines, count) in [("auto", 3), ("keep", 3), ("join", 2)] {
        let run = folder.run(&["segment", "two.en", "--lang", "en", "--lines", lines]);
        assert_eq!(run.ok().lines().count(), count, "{lines}");
    }
}

#[test]
fn abbreviations_of_a_file_end_no_sentence() {
    let folder = Folder::new();
    folder.write("list.txt", "# titles\nar\tمهـ.\nen\tengr.\n");
    folder.write("a.ar", "حضر مهـ. سامي. ثم رحل.");
    folder.write("a.en", "Engr. Sami came. He left.");
    for (file, lang) in [("a.ar", "ar"), ("a.en", "en")] {
        let args = ["segment", file, "--lang", lang];
        assert_eq!(folder.run(&args).ok().lines().count(), 3);
        let args = ["segment", file, "--lang", lang, "--abbreviations", "list.txt"];
        assert_eq!(folder.run(&args).ok().lines().count(), 2);
    }
    folder.write("bad.txt", "engr.\nof a kind\n");
    folder.run(&["segment", "a.en", "--lang", "en", "--abbreviations", "bad.txt"]).fails(
        3,
        &["bad.txt:2: \"of a kind\": an abbreviation is one word", "one abbreviation a line"],
    );
    folder
        .run(&["segment", "a.en", "--lang", "en", "--abbreviations", "list.txt", "-o", "list.txt"])
        .fails(2, &["list.txt"]);
}

#[test]
fn invisible_marks_do_not_move_sentences_into_other_blocks() {
    let folder = Folder::new();
    folder.write("a.html", "<p>&rlm;عنوان الخبر</p><p>&rlm;وصل القطار.</p>");
    folder.write(
        "a.srt",
        "1\n00:00:01,000 --> 00:00:02,000\n\u{202B}وصل القطار.\u{202C}\n\n\
         2\n00:00:03,000 --> 00:00:04,000\n\u{202B}لم ينتظره أحد.\u{202C}\n",
    );
    for file in ["a.html", "a.srt"] {
        let text = folder.run(&["segment", file, "--lang", "ar", "--to", "jsonl"]).ok();
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines.len(), 2, "{text}");
        for (index, line) in lines.iter().enumerate() {
            assert_eq!(line["place"]["blocks"], serde_json::json!([index, index + 1]), "{text}");
            let text = line["text"].as_str().expect("a text");
            assert!(text.starts_with(['\u{200F}', '\u{202B}']), "{text:?}");
        }
    }
}
