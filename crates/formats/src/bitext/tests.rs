//! Whole files in, rows, whole files out.

use std::fs;
use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::Compression;
use crate::format::Header;

fn rows(name: &str, bytes: &[u8]) -> crate::Result<(BitextSchema, BitextFormat, Vec<BitextRow>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file");
    let mut reader = BitextSource::file(&path).open()?;
    let (schema, format) = (reader.schema(), reader.format());
    let rows = std::iter::from_fn(|| reader.next_row().transpose()).collect::<Result<_, _>>()?;
    Ok((schema, format, rows))
}

fn message(name: &str, bytes: &[u8]) -> String {
    let error = rows(name, bytes).map(|_| ()).expect_err("bad input");
    assert!(error.hint().is_some(), "{error}: no way out");
    let text = error.to_string();
    text.rsplit_once('/').map_or(text.clone(), |(_, name)| name.to_owned())
}

fn shown(rows: &[BitextRow]) -> Vec<(String, String, Vec<String>)> {
    let fields = |row: &BitextRow| {
        row.fields.iter().map(|(name, value)| format!("{name}={value}")).collect()
    };
    rows.iter().map(|row| (row.src.clone(), row.tgt.clone(), fields(row))).collect()
}

fn pair(src: &str, tgt: &str, fields: &[&str]) -> (String, String, Vec<String>) {
    (src.to_owned(), tgt.to_owned(), fields.iter().map(|f| (*f).to_owned()).collect())
}

fn rewritten(name: &str, bytes: &[u8]) -> String {
    let (schema, format, rows) = rows(name, bytes).expect("rows");
    let header = Header { version: "1".to_owned(), ..Header::default() };
    let mut writer =
        BitextWriter::new(format, Compression::None, Vec::new(), &schema, &[], &header)
            .expect("memory");
    for row in &rows {
        writer.write(row).expect("memory");
    }
    String::from_utf8(writer.finish().expect("memory")).expect("UTF-8")
}

#[test]
fn tables_are_read_with_a_header_and_without() {
    let (_, _, found) = rows("a.tsv", "id\ten\tar\r\n7\tYes\tنعم\r\n".as_bytes()).expect("rows");
    // The Arabic column is the source, wherever it stands.
    assert_eq!(shown(&found), [pair("نعم", "Yes", &["id=7"])]);
    let (schema, _, found) = rows("a.tsv", "نعم\tYes\t0.5\nلا\tNo\t\n".as_bytes()).expect("rows");
    assert!(!schema.has_header);
    assert_eq!(shown(&found)[0], pair("نعم", "Yes", &["column3=0.5"]));
    assert_eq!(found[1].line, 2);
}

#[test]
fn csv_has_quotes_and_line_breaks_in_cells() {
    let text = "source,target,note\n\"نعم، \"\"حقا\"\"\",\"Yes,\nreally\",x\n";
    let (_, format, found) = rows("a.csv", text.as_bytes()).expect("rows");
    assert_eq!(format, BitextFormat::Csv);
    assert_eq!(shown(&found), [pair("نعم، \"حقا\"", "Yes,\nreally", &["note=x"])]);
    assert_eq!(rewritten("a.csv", text.as_bytes()), text);
}

#[test]
fn json_keeps_every_member_as_it_is_written() {
    let text = "{\"src\":\"نعم\",\"tgt\":\"Yes\",\"n\":0.9300,\"o\":{\"a\":[1, 2]},\"t\":\"x\",\"z\":null}\n";
    let (_, format, found) = rows("a.txt", text.as_bytes()).expect("rows");
    assert_eq!(format, BitextFormat::Jsonl, "known by how it begins");
    assert_eq!(found[0].get("n").and_then(Value::as_number), Some(0.93));
    assert_eq!(rewritten("a.txt", text.as_bytes()), text);
    let named = "\n{\"ar\":\"نعم\",\"en\":\"Yes\"}\n";
    assert_eq!(rewritten("a.jsonl", named.as_bytes()), &named[1..]);
}

#[test]
fn memories_are_read_by_language_a_unit_at_a_time() {
    let text = concat!(
        "<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"><header srclang=\"en-US\"/>\n<body>\n",
        "<tu tuid=\"a&amp;b\"><prop type=\"client\">x</prop>\n<tuv xml:lang=\"en-US\"><seg>Yes &amp; no</seg></tuv>",
        "<tuv xml:lang=\"AR\"><seg>نعم <ph x=\"1\"/>ولا</seg></tuv></tu><tu><tuv xml:lang=\"fr\">",
        "<seg>oui</seg></tuv></tu>\n</body></tmx>\n"
    );
    let (_, format, found) = rows("a.tmx", text.as_bytes()).expect("rows");
    assert_eq!(format, BitextFormat::Tmx);
    assert_eq!(shown(&found), [pair("Yes & no", "نعم ولا", &["tuid=a&b", "client=x"])]);
    assert_eq!(found[0].line, 4);
}

#[test]
fn our_own_tables_have_escapes_and_others_stay_as_they_are() {
    let own = "src\ttgt\tdoc\nا\\tب\tA\\\\n\tx\\ty\n";
    let (_, _, found) = rows("a.tsv", own.as_bytes()).expect("rows");
    assert_eq!(shown(&found), [pair("ا\tب", "A\\n", &["doc=x\ty"])]);
    assert_eq!(rewritten("a.tsv", own.as_bytes()), own);
    let other = "ا\\tب\t\\alpha\\n\n";
    assert_eq!(rewritten("a.tsv", other.as_bytes()), other);
}

#[test]
fn numbers_of_our_own_tables_are_numbers() {
    let text = "src\ttgt\tprobability\tid\nنعم\tYes\t0.9700\t7\n";
    let (_, _, found) = rows("a.tsv", text.as_bytes()).expect("rows");
    assert!(matches!(found[0].get("probability"), Some(Value::Json(_))));
    assert!(matches!(found[0].get("id"), Some(Value::Text(_))));
    assert_eq!(rewritten("a.tsv", text.as_bytes()), text);
}

#[test]
fn compressed_files_are_known_by_their_first_bytes() {
    let text = "نعم\tYes\n".as_bytes();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text).expect("memory");
    // Two members, as concatenated files have.
    let mut packed = gzip.finish().expect("memory");
    packed.extend(packed.clone());
    assert_eq!(rows("a.tsv.gz", &packed).expect("rows").2.len(), 2);
    let packed = zstd::encode_all(text, 1).expect("memory");
    assert_eq!(rows("a.tsv", &packed).expect("rows").2.len(), 1);
}

#[test]
fn pairs_of_files_must_have_as_many_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.ar"), "نعم\nلا\n").expect("a file");
    fs::write(path("a.en"), "Yes\n").expect("a file");
    let source = BitextSource { tgt_path: Some(path("a.en")), ..BitextSource::file(path("a.ar")) };
    let mut reader = source.open().expect("two files");
    assert_eq!(reader.next_row().expect("a row").expect("a row").tgt, "Yes");
    let error = reader.next_row().expect_err("no second line");
    assert!(error.to_string().contains("the target file ends here"), "{error}");
}

#[test]
fn bad_input_is_told_with_its_line() {
    for (name, bytes, expected) in [
        ("a.tsv", &b""[..], "a.tsv: this file has no text"),
        ("a.tsv", b"one\n", "a.tsv:1: 1 column where source and target want two"),
        ("a.tsv", b"a\tb\nc\n", "a.tsv:2: 1 column where the first row has 2"),
        ("a.tsv", b"src\ttgt\na\tb\tc\n", "a.tsv:2: 3 columns where the header has 2"),
        ("a.tsv", b"a\tb\nc\t\xff\n", "a.tsv:2: this is not UTF-8"),
        ("a.jsonl", b"{\"src\":\"a\"}\n", "a.jsonl:1: this object has no source or no target"),
        ("a.jsonl", b"\n{\"src\":1,\"tgt\":\"\"}\n", "a.jsonl:2: src is no string"),
        ("a.jsonl", b"[1]\n", "a.jsonl:1: this line is no JSON object"),
        ("a.tmx", b"a\tb\n", "a.tmx: this is no TMX"),
        ("a.tmx", b"<tmx><body>\n<tu>\n<tuv>", "a.tmx:2: a <tu> that does not end"),
        ("a.tmx", b"<tmx><body>\n<tu>\n<seg></x></tu>", "a.tmx:3: this is not well-formed XML"),
        ("a.xlsx", b"PK\x03\x04", "a.xlsx: this is not a text file"),
    ] {
        let found = message(name, bytes);
        assert!(found.starts_with(expected), "{found}, not {expected}");
    }
}

proptest! {
    #[test]
    fn rows_survive_every_format(
        texts in prop::collection::vec(("[^\u{0}]{0,12}", "[^\u{0}]{0,12}", "[a-z\t\"',\\\\]{0,8}"), 1..5),
    ) {
        for format in [BitextFormat::Tsv, BitextFormat::Csv, BitextFormat::Jsonl] {
            let name = Arc::<str>::from("note");
            let added = [Arc::clone(&name)];
            let mut writer = BitextWriter::new(
                format,
                Compression::Zstd,
                Vec::new(),
                &BitextSchema::default(),
                &added,
                &Header::default(),
            )
            .expect("memory");
            for (src, tgt, note) in &texts {
                let fields = vec![(Arc::clone(&name), Value::Text(note.clone()))];
                let row = BitextRow { src: src.clone(), tgt: tgt.clone(), fields, line: 0 };
                writer.write(&row).expect("memory");
            }
            let bytes = writer.finish().expect("memory");
            let (_, _, found) = rows(&format!("a.{}", format.name()), &bytes).expect("rows");
            let expected: Vec<_> =
                texts.iter().map(|(s, t, n)| pair(s, t, &[&format!("note={n}")])).collect();
            prop_assert_eq!(shown(&found), expected);
        }
    }
}
