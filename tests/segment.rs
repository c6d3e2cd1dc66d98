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
