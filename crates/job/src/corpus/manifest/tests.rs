use super::*;

#[test]
fn a_row_that_has_changed_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.tsv");
    fs::write(&path, "id\tsrc_text\ttgt_text\n1\tأ\ta\n2\tب\tb\n").expect("a file");
    let corpus = Manifest::open(&path).expect("a manifest");
    let manifest = corpus.manifest.as_ref().expect("one");
    // A line of the same length was inserted, so that the rows are those of other documents.
    fs::write(&path, "id\tsrc_text\ttgt_text\n9\tج\tc\n1\tأ\ta\n2\tب\tb\n").expect("a file");
    for entry in &corpus.entries {
        let error = manifest.read(entry.row.expect("a row")).expect_err("another row");
        assert!(error.reason().contains("this row changed after"), "{}", error.reason());
    }
}

#[test]
fn a_quote_that_is_never_closed_is_an_error_with_its_line() {
    let text = "id,src_text,tgt_text\n1,أ,a\n2,\"ب\nx\",\"b\n3,ج,c\n";
    let reason = open("a.csv", text).expect_err("an open quote").reason();
    assert!(reason.ends_with("a.csv:4: a quote opens here and is never closed"), "{reason}");
    let text = "{\"id\":1,\"id\":2,\"src\":\"a\",\"tgt\":\"b\"}\n";
    let reason = open("a.jsonl", text).expect_err("two ids").reason();
    assert!(reason.contains("the name \"id\" occurs twice"), "{reason}");
}

fn open(name: &str, text: &str) -> Result<Corpus> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, text).expect("a file");
    let corpus = Manifest::open(&path)?;
    // All rows can be read again.
    for entry in &corpus.entries {
        let row = corpus.manifest.as_ref().expect("one").read(entry.row.expect("a row"))?;
        assert_eq!(row.id, entry.id);
    }
    Ok(corpus)
}

fn inline(corpus: &Corpus) -> ([String; 2], Metadata) {
    let manifest = corpus.manifest.as_ref().expect("a manifest");
    let row = manifest.read(corpus.entries[0].row.expect("a row")).expect("a row");
    (row.texts.map(Option::unwrap_or_default), row.metadata)
}

#[test]
fn the_three_formats_are_equivalent() {
    let folder = tempfile::tempdir().expect("a folder");
    let kinds = [
        (
            "a.tsv",
            "\u{feff}genre\tid\tsrc_text\ttgt_text\n\nlaw\tفصل ١\tسطر\\nسطر, \"آخر\"\tA\\tb\r\n",
        ),
        (
            "a.csv",
            "\u{feff}genre,id,src_text,tgt_text\n\nlaw,فصل ١,\"سطر\nسطر, \"\"آخر\"\"\",A\tb\r\n",
        ),
        (
            "a.jsonl",
            "\n{\"id\":\"فصل ١\",\"src_text\":\"سطر\\nسطر, \\\"آخر\\\"\",\"tgt_text\":\"A\\tb\",\"genre\":\"law\"}\n",
        ),
    ];
    for (name, text) in kinds {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        let corpus = Manifest::open(&path).expect(name);
        assert_eq!(corpus.entries.len(), 1, "{name}");
        assert_eq!(corpus.entries[0].id, "فصل ١", "{name}");
        assert_eq!(corpus.metadata_names(), ["genre"], "{name}");
        let (texts, metadata) = inline(&corpus);
        assert_eq!(texts, ["سطر\nسطر, \"آخر\"", "A\tb"], "{name}");
        assert_eq!(metadata.text("genre").as_deref(), Some("law"), "{name}");
    }
}

#[test]
fn paths_are_relative_to_the_folder_of_the_manifest() {
    let corpus = open("a.tsv", "id\tsrc\ttgt\n1\tar/1.txt\t/en/1.txt\n").expect("a manifest");
    let TextPlace::File(src) = &corpus.entries[0].places[0] else { panic!("a file") };
    assert!(src.is_absolute() && src.ends_with("ar/1.txt"));
    assert_eq!(corpus.entries[0].places[1], TextPlace::File(PathBuf::from("/en/1.txt")));
}

#[test]
fn bad_rows_are_reported_with_their_line() {
    let head = "id\tsrc\ttgt\n";
    for (name, text, part) in [
        ("a.tsv", String::new(), "a.tsv:1: this manifest is empty"),
        ("a.tsv", "src\ttgt\n".into(), "a.tsv:1: the header has no column \"id\""),
        ("a.tsv", "id\tsrc\n".into(), "a.tsv:1: the header has neither a column \"tgt\""),
        ("a.tsv", "id\tsrc\ttgt\tid\n".into(), "twice"),
        ("a.tsv", "id\tsrc\ttgt\tscore\n1\ta\tb\t1\n".into(), "\"score\" is one of the output's"),
        ("a.tsv", format!("{head}1\ta\n"), "a.tsv:2: 2 columns where the header has 3"),
        (
            "a.tsv",
            format!("{head}1\ta\tb\n\n1\ta\tb\n"),
            "a.tsv:4: the id \"1\" is also that of line 2",
        ),
        ("a.tsv", format!("{head}1\ta\t\n"), "neither \"tgt\" nor \"tgt_text\""),
        ("a.tsv", format!("{head}../1\ta\tb\n"), "cannot be the name of a file"),
        ("a.tsv", format!("{head}/1\ta\tb\n"), "cannot be the name of a file"),
        ("a.csv", "id,src,tgt\n1,a,b,c\n".into(), "a.csv:2: 4 columns"),
        (
            "a.jsonl",
            "{\"id\":1,\"src\":\"a\",\"tgt\":\"b\"}\n{\n".into(),
            "a.jsonl:2: this is not JSON",
        ),
        ("a.jsonl", "[1]\n".into(), "not a JSON object"),
        ("a.jsonl", "{\"id\":[],\"src\":\"a\",\"tgt\":\"b\"}".into(), "\"id\" is not a string"),
    ] {
        let error = open(name, &text).expect_err(&text).to_string();
        assert!(error.contains(part), "{error}");
    }
}
