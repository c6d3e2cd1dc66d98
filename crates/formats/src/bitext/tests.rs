//! Tests of the readers and writers with whole files.

use std::fs;
use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::compress::Compression;
use crate::format::{BitextHeader, Format};
use crate::record::strategies::text;
use crate::tsv::is_line_break;

fn rows(name: &str, bytes: &[u8]) -> crate::Result<(BitextSchema, Format, Vec<BitextRow>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file");
    let mut reader = BitextInput::file(&path).open()?;
    let (schema, format) = (reader.schema(), reader.format());
    let rows = std::iter::from_fn(|| reader.next_row().transpose()).collect::<Result<_, _>>()?;
    Ok((schema, format, rows))
}

fn message(name: &str, bytes: &[u8]) -> String {
    let error = rows(name, bytes).map(|_| ()).expect_err("bad input");
    assert!(error.remedy().is_some(), "{error}: no remedy");
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
    let header = BitextHeader { version: "1".to_owned(), ..BitextHeader::default() };
    let options = WriteOptions::default();
    let mut writer = BitextWriter::new(format, options, vec![Vec::new()], &schema, &[], &header)
        .expect("memory");
    for row in &rows {
        writer.write(row).expect("memory");
    }
    String::from_utf8(writer.finish().expect("memory").remove(0)).expect("UTF-8")
}

#[test]
fn tables_are_read_with_a_header_and_without() {
    let (_, _, found) = rows("a.tsv", "id\ten\tar\r\n7\tYes\tنعم\r\n".as_bytes()).expect("rows");
    // The Arabic column is the source, at any position.
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
    assert_eq!(format, Format::Csv);
    assert_eq!(shown(&found), [pair("نعم، \"حقا\"", "Yes,\nreally", &["note=x"])]);
    assert_eq!(rewritten("a.csv", text.as_bytes()), text);
}

#[test]
fn json_members_are_written_as_they_were_read() {
    let text = "{\"src\":\"نعم\",\"tgt\":\"Yes\",\"n\":0.9300,\"o\":{\"a\":[1, 2]},\"t\":\"x\",\"z\":null}\n";
    let (_, format, found) = rows("a.txt", text.as_bytes()).expect("rows");
    assert_eq!(format, Format::Jsonl, "known by how it begins");
    assert_eq!(found[0].get("n").and_then(FieldValue::as_number), Some(0.93));
    assert_eq!(rewritten("a.txt", text.as_bytes()), text);
    let named = "\n{\"ar\":\"نعم\",\"en\":\"Yes\"}\n";
    assert_eq!(rewritten("a.jsonl", named.as_bytes()), &named[1..]);
}

#[test]
fn memories_are_read_by_language_one_unit_at_a_time() {
    let text = concat!(
        "<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"><header srclang=\"en-US\"/>\n<body>\n",
        "<tu tuid=\"a&amp;b\"><prop type=\"client\">x</prop>\n<tuv xml:lang=\"en-US\"><seg>Yes &amp; no</seg></tuv>",
        "<tuv xml:lang=\"AR\"><seg>نعم <ph x=\"1\"/>ولا</seg></tuv></tu><tu><tuv xml:lang=\"fr\">",
        "<seg>oui</seg></tuv></tu>\n</body></tmx>\n"
    );
    let (_, format, found) = rows("a.tmx", text.as_bytes()).expect("rows");
    assert_eq!(format, Format::Tmx);
    assert_eq!(shown(&found), [pair("Yes & no", "نعم ولا", &["tuid=a&b", "client=x"])]);
    assert_eq!(found[0].line, 4);
}

#[test]
fn only_our_own_tables_have_escapes() {
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
    assert!(matches!(found[0].get("probability"), Some(FieldValue::Json(_))));
    assert!(matches!(found[0].get("id"), Some(FieldValue::Text(_))));
    assert_eq!(rewritten("a.tsv", text.as_bytes()), text);
}

#[test]
fn compressed_files_are_recognised_by_their_first_bytes() {
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
fn declared_encodings_are_followed_in_compressed_files_too() {
    let memory = "<?xml version=\"1.0\" encoding=\"windows-1256\"?>\n<tmx version=\"1.4\"><header/><body><tu>\
                  <tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>Yes</seg></tuv></tu></body></tmx>";
    let catalogue = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=windows-1256\\n\"\n\n\
                     msgid \"Yes\"\nmsgstr \"نعم\"\n";
    for (name, text) in [("a.tmx", memory), ("a.po", catalogue), ("no_ending", catalogue)] {
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(text);
        let mut packed = crate::compress::Packer::new(Compression::Gzip, Vec::new()).expect("gzip");
        packed.write_all(&bytes).expect("memory");
        for bytes in [bytes.to_vec(), packed.finish().expect("memory")] {
            let (_, _, found) = rows(name, &bytes).expect("rows");
            assert_eq!(found.len(), 1, "{name}");
            assert!([&found[0].src, &found[0].tgt].contains(&&"نعم".to_owned()), "{name}");
        }
    }
}

#[test]
fn two_bitexts_or_documents_are_not_two_sides() {
    let folder = tempfile::tempdir().expect("a folder");
    for (one, other) in [("a.tmx", "b.tmx"), ("a.ar", "b.tsv"), ("film.ar.srt", "film.en.srt")] {
        let [one, other] = [one, other].map(|name| folder.path().join(name));
        fs::write(&one, "a\n").and_then(|()| fs::write(&other, "b\n")).expect("files");
        let source = BitextInput { more: vec![other], ..BitextInput::file(one) };
        let error = source.open().err().expect("two bitexts");
        assert!(error.to_string().contains("two files must be two sides"), "{error}");
        assert!(BitextInput { format: Some(Format::Moses), ..source }.open().is_ok());
    }
}

#[test]
fn tables_of_spreadsheet_programs_may_have_semicolons() {
    let (_, format, found) = rows("a.csv", "src;tgt\nنعم;\"Yes; no\"\n".as_bytes()).expect("rows");
    assert_eq!((format, shown(&found)), (Format::Csv, vec![pair("نعم", "Yes; no", &[])]));
    let found = message("b.csv", b"src,tgt\n\xe4,Yes\n");
    assert!(
        found.starts_with("b.csv:2: this is not UTF-8 (first bad byte at offset 8)"),
        "{found}"
    );
}

#[test]
fn both_files_of_a_pair_must_have_the_same_number_of_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.ar"), "نعم\nلا\n").expect("a file");
    fs::write(path("a.en"), "Yes\n").expect("a file");
    let source = BitextInput { more: vec![path("a.en")], ..BitextInput::file(path("a.ar")) };
    let mut reader = source.open().expect("two files");
    assert_eq!(reader.next_row().expect("a row").expect("a row").tgt, "Yes");
    let error = reader.next_row().expect_err("no second line");
    assert!(error.to_string().contains("the target file ends here"), "{error}");
}

#[test]
fn bad_input_is_reported_with_its_line() {
    for (name, bytes, expected) in [
        ("a.tsv", &b""[..], "a.tsv: this file has no text"),
        ("a.tsv", b"one\n", "a.tsv:1: 1 column where source and target need two"),
        ("a.tsv", b"a\tb\nc\n", "a.tsv:2: 1 column where the first row has 2"),
        ("a.tsv", b"src\ttgt\na\tb\tc\n", "a.tsv:2: 3 columns where the header has 2"),
        ("a.tsv", b"a\tb\nc\t\xff\n", "a.tsv:2: this is not UTF-8"),
        ("a.jsonl", b"{\"src\":\"a\"}\n", "a.jsonl:1: this object lacks source or target"),
        ("a.jsonl", b"\n{\"src\":1,\"tgt\":\"\"}\n", "a.jsonl:2: src is not a string"),
        ("a.jsonl", b"[1]\n", "a.jsonl:1: this line is not a JSON object"),
        ("a.tmx", b"a\tb\n", "a.tmx: this is not TMX"),
        (
            "a.tmx",
            b"<tmx><body>\n<tu>\n<tuv>",
            "a.tmx:3: the file ends inside <tmx><body><tu><tuv>",
        ),
        ("a.xlf", b"<tmx>\n</tmx>", "a.xlf: this is not XLIFF"),
        ("a.po", b"a\tb\n", "a.po:1: this line is not part of an entry"),
        ("a.hunalign", b"a\tb\n", "a.hunalign:1: this line is not in the text form of hunalign"),
        ("a.ladder", b"[0]:[0]\n", "a.ladder: ladder is read together with its two texts"),
        (
            "a.jsonl",
            b"{\"src\":\"\\ud800\",\"tgt\":\"\"}\n",
            "a.jsonl:1: unexpected end of hex escape",
        ),
        ("a.tmx", b"<tmx><body>\n<tu>\n<seg></x></tu>", "a.tmx:2: this is not well-formed XML"),
        #[cfg(feature = "xlsx")]
        ("a.xlsx", b"PK\x03\x04", "a.xlsx: this spreadsheet is damaged"),
        ("a.zip", b"PK\x03\x04", "a.zip: this is not a text file"),
    ] {
        let found = message(name, bytes);
        assert!(found.starts_with(expected), "{found}, not {expected}");
    }
}

#[test]
fn tables_in_utf_16_are_read() {
    let text = "\u{feff}src\ttgt\nنعم\tYes\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (_, _, found) = rows("a.tsv", &bytes).expect("rows");
    assert_eq!(shown(&found), [pair("نعم", "Yes", &[])]);
}

#[test]
fn the_header_decides_about_escapes_unless_the_caller_does() {
    let read = |text: &str, escaped: Option<bool>| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.tsv");
        fs::write(&path, text).expect("a file");
        let columns = TextColumns { escaped, ..TextColumns::default() };
        let source = BitextInput { columns, ..BitextInput::file(&path) };
        source.open().expect("a table").next_row().expect("a row").expect("a row").src
    };
    assert_eq!(read("src\ttgt\nC:\\new\tx\n", None), "C:\new");
    assert_eq!(read("src\ttgt\nC:\\new\tx\n", Some(false)), "C:\\new");
    assert_eq!(read("ar\ten\nC:\\new\tx\n", None), "C:\\new");
    assert_eq!(read("C:\\new\tx\n", Some(true)), "C:\new");
}

#[test]
fn columns_by_number_skip_a_known_header() {
    let read = |text: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.tsv");
        fs::write(&path, text).expect("a file");
        let columns =
            TextColumns { src: Some("3".into()), tgt: Some("2".into()), ..TextColumns::default() };
        let source = BitextInput { columns, ..BitextInput::file(&path) };
        source.open().expect("a table").next_row().expect("a row").expect("a row").src
    };
    assert_eq!(read("id\ten\tar\n7\tYes\tنعم\n"), "نعم");
    assert_eq!(read("7\tYes\tنعم\n"), "نعم");
}

#[test]
fn rows_without_segments_are_refused_in_ladders() {
    for format in [Format::Ladder, Format::Hunalign] {
        let out = vec![Vec::new()];
        let (options, schema) = (WriteOptions::default(), BitextSchema::default());
        let mut writer =
            BitextWriter::new(format, options, out, &schema, &[], &BitextHeader::default())
                .expect("memory");
        let row = BitextRow {
            src: "a".into(),
            tgt: "b".into(),
            fields: Vec::new(),
            line: 3,
            ..BitextRow::default()
        };
        let error = writer.write(&row).expect_err("no segments");
        assert!(
            error.to_string().starts_with("line 3: this pair does not name its segments"),
            "{error}"
        );
    }
}

/// Writes rows and reads them back.
fn round_trip(format: Format, rows: &[BitextRow]) -> (Vec<BitextRow>, Losses) {
    let folder = tempfile::tempdir().expect("a folder");
    let outs = if format == Format::Moses { 2 } else { 1 };
    let names = rows.iter().flat_map(|row| &row.fields).map(|(name, _)| Arc::clone(name));
    let mut added: Vec<Arc<str>> = names.collect();
    added.sort();
    added.dedup();
    let options = WriteOptions { compression: Compression::Zstd, ..WriteOptions::default() };
    // Parquet has its own compression, and its reader seeks in the file.
    let options = if format.is_binary() { WriteOptions::default() } else { options };
    let schema = BitextSchema { has_header: true, ..BitextSchema::default() };
    let header = BitextHeader::default();
    let mut writer =
        BitextWriter::new(format, options, vec![Vec::new(); outs], &schema, &added, &header)
            .expect("memory");
    for row in rows {
        writer.write(row).expect("memory");
    }
    let (files, losses) = writer.finish_with_losses().expect("memory");
    let path = |at: usize| folder.path().join(format!("a{at}.{}", format.name()));
    for (at, file) in files.iter().enumerate() {
        fs::write(path(at), file).expect("a file");
    }
    let source = BitextInput {
        more: (1..outs).map(path).collect(),
        format: Some(format),
        ..BitextInput::file(path(0))
    };
    let found = source.open().and_then(Iterator::collect).expect("what was written");
    (found, losses)
}

/// Returns text without the characters that XML 1.0 forbids.
fn legal(text: &str) -> String {
    text.chars().filter(|c| markup::is_xml_char(*c)).collect()
}

fn one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(is_line_break, " ")
}

fn row(src: &str, tgt: &str, fields: &[(&str, &str)]) -> BitextRow {
    let fields = fields
        .iter()
        .filter_map(|(name, text)| Some((Arc::from(*name), typed(name, (*text).to_owned())?)));
    BitextRow {
        src: src.into(),
        tgt: tgt.into(),
        fields: fields.collect(),
        line: 0,
        ..BitextRow::default()
    }
}

/// Returns rows as they are after a round trip, with the losses that each format documents.
fn after_losses(format: Format, rows: &[BitextRow]) -> Vec<(String, String, Vec<String>)> {
    let lossy = |row: &BitextRow| {
        let lossy_text = |text: &str| match format {
            Format::Tmx => legal(text),
            Format::Moses => one_line(text),
            _ => text.to_owned(),
        };
        let mut row = row.clone();
        (row.src, row.tgt) = (lossy_text(&row.src), lossy_text(&row.tgt));
        match format {
            Format::Moses => row.fields.clear(),
            Format::Tmx | Format::Xliff => {
                for (_, value) in &mut row.fields {
                    if let FieldValue::Text(text) = value {
                        *text = legal(text);
                    }
                }
            }
            _ => {}
        }
        if format == Format::Tmx {
            row.fields.retain(|(_, value)| !value.to_string().is_empty());
        }
        row
    };
    let blank = |row: &&BitextRow| row.src.trim().is_empty() || row.tgt.trim().is_empty();
    let rows: Vec<BitextRow> =
        rows.iter().filter(|row| format != Format::Tmx || !blank(row)).map(lossy).collect();
    sorted(&rows)
}

fn sorted(rows: &[BitextRow]) -> Vec<(String, String, Vec<String>)> {
    let mut rows = shown(rows);
    for (_, _, fields) in &mut rows {
        fields.sort();
    }
    rows
}

/// Returns the formats that can be read and written and have texts and fields. A cell of a spreadsheet
/// has a maximum length, and the sheet has columns of its own.
fn both_ways() -> impl Iterator<Item = Format> {
    let both = |format: &Format| format.reads() && format.writes();
    Format::all().filter(both).filter(|format| {
        !matches!(
            format,
            Format::Ladder | Format::Hunalign | Format::Xces | Format::InterText | Format::Tei
        ) && format.name() != "xlsx"
    })
}

#[test]
fn a_segment_of_a_megabyte_is_read_back() {
    let long = "قال: ".repeat(150_000);
    let rows = [row(&long, &long.replace(' ', "\n"), &[("note", "x")])];
    for format in both_ways() {
        let (found, _) = round_trip(format, &rows);
        assert_eq!(sorted(&found), after_losses(format, &rows), "{}", format.name());
    }
}

#[test]
fn characters_that_xml_forbids_are_removed_and_counted_or_escaped() {
    let rows = [row("a\u{0}\u{1b}\u{fffe}b", "c]]>\r\n\t d", &[("doc", "x\u{1}")])];
    let (found, losses) = round_trip(Format::Tmx, &rows);
    assert_eq!(shown(&found), [pair("ab", "c]]>\r\n\t d", &["doc=x"])]);
    assert_eq!(losses.count(&Loss::Characters), 2);
    let (found, losses) = round_trip(Format::Xliff, &rows);
    assert_eq!(shown(&found), [pair("a\u{0}\u{1b}\u{fffe}b", "c]]>\r\n\t d", &["doc=x"])]);
    assert_eq!(losses.count(&Loss::Characters), 1, "the text has them as code points");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn rows_are_read_back_from_every_format(
        texts in prop::collection::vec((text(), text(), text(), text(), any::<u16>()), 1..5),
    ) {
        let rows: Vec<BitextRow> = texts
            .iter()
            .map(|(src, tgt, doc, note, number)| {
                let span = format!("{number}:{}", u32::from(*number) + 2);
                let number = format!("0.{number}");
                row(src, tgt, &[
                    ("doc", doc),
                    ("probability", &number),
                    ("src_segments", &span),
                    ("note", note),
                ])
            })
            .collect();
        for format in both_ways() {
            // A first line with NUL is refused as binary.
            let hostile = |row: &BitextRow| row.src.contains('\0') || row.tgt.contains('\0');
            if format == Format::Moses && rows.iter().any(hostile) {
                continue;
            }
            let (found, _) = round_trip(format, &rows);
            if format.is_binary() {
                // In Parquet numbers are 32-bit floats.
                let texts = |rows: &[BitextRow]| -> Vec<[String; 2]> {
                    rows.iter().map(|row| [row.src.clone(), row.tgt.clone()]).collect()
                };
                prop_assert_eq!(texts(&found), texts(&rows));
                continue;
            }
            prop_assert_eq!(sorted(&found), after_losses(format, &rows), "{}", format.name());
        }
    }
}

#[test]
fn writers_count_only_the_losses_that_their_entry_declares() {
    let fields: [(&str, &str); 4] = [
        ("src_segments", "0:1"),
        ("tgt_segments", "0:1"),
        ("src_time", "00:00:01,000 --> 00:00:02,000"),
        ("unknown\u{0}", "=\u{0}\t\n"),
    ];
    let long = "a\t\u{0}\r\n".repeat(20_000);
    for format in Format::all().filter(|format| format.writes()) {
        for schema in [BitextSchema::default(), BitextSchema::named("src".into(), "tgt".into())] {
            let outs = vec![Vec::new(); format.output_files()];
            let (options, header) = (WriteOptions::default(), BitextHeader::default());
            let mut writer =
                BitextWriter::new(format, options, outs, &schema, &[], &header).expect("memory");
            writer.write(&row("=1", &long, &fields)).expect("memory");
            let (_, losses) = writer.finish_with_losses().expect("memory");
            for (loss, _) in losses.iter() {
                assert!(format.can_lose(loss), "{} loses {loss:?}", format.name());
            }
        }
    }
}

#[test]
fn numbers_have_the_digits_of_their_exact_value() {
    let values = (0..200_000_u32).map(|n| f64::from(n) / 8192.0 + f64::from(n % 7) / 3.0);
    let halves =
        [0.5, 1.5, 2.5, 0.05, 0.15, 0.125, 0.0005, 0.00005, 0.99995, -0.0, -0.4, 1e9, 1e300];
    for value in values.chain(halves).chain([f64::from(0.05_f32), f64::from(0.0085_f32)]) {
        for decimals in 0..6 {
            let exact = format!("{value:.decimals$}");
            let zero = exact.starts_with('-') && !exact.contains(|c| matches!(c, '1'..='9'));
            let expected = if zero { &exact[1..] } else { &exact };
            assert_eq!(FieldValue::Number(value, decimals).to_string(), expected, "{value}");
        }
    }
}
