use std::fs;
use std::path::Path;

use super::super::{BitextInput, BitextRow, BitextSchema, BitextWriter, FieldValue, WriteOptions};
use crate::format::{BitextHeader, Format};

const OPUS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">
<cesAlign version="1.0">
<linkGrp targType="s" fromDoc="ar/1.xml.gz" toDoc="en/1.xml.gz">
<link certainty="1.25" xtargets="s1 s2;s1" id="SL0" />
<link certainty="-0.3" xtargets=";s2" id="SL1" />
<link xtargets="s3;s3 s4" />
</linkGrp>
<linkGrp targType="s" fromDoc="ar/2.xml" toDoc="en/2.xml">
<link xtargets="1;1" />
</linkGrp>
</cesAlign>
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn opus() -> tempfile::TempDir {
    folder(&[
        ("ar-en.xml", OPUS),
        (
            "ar/1.xml",
            "<?xml version='1.0'?>\n<text><body><p id='p1'>\n<s id='s1'>نعم.</s><s id='s2'>\n  <time \
             id='T1S'/>\nلا &amp; كلا.\n</s></p><s id='s3'>ربما.</s><s id='s9'>زائدة</s></body></text>",
        ),
        (
            "en/1.xml",
            "<text><s id='s1'>Yes, no.</s><s id='s2'>What?</s><s id='s3'>Per</s><s id='s4'>haps.</s></text>",
        ),
        ("ar/2.xml", "<text><s id='1'>كتاب</s></text>"),
        ("en/2.xml", "<text><s id='1'><w>A</w> <w>book</w></s></text>"),
    ])
}

fn rows(path: &Path) -> Vec<BitextRow> {
    let reader = BitextInput::file(path).open().expect("links");
    reader.map(|row| row.expect("a row")).collect()
}

fn shown(rows: &[BitextRow]) -> Vec<String> {
    rows.iter()
        .map(|row| {
            let fields: Vec<String> =
                row.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{}|{}|{}", row.src, row.tgt, fields.join(" "))
        })
        .collect()
}

#[test]
fn links_of_opus_are_read_with_the_texts_of_their_documents() {
    let folder = opus();
    let mut reader = BitextInput::file(folder.path().join("ar-en.xml")).open().expect("links");
    assert_eq!(reader.format(), Format::Xces);
    let found: Vec<BitextRow> = reader.by_ref().map(|row| row.expect("a row")).collect();
    assert_eq!(
        shown(&found),
        [
            "نعم. لا & كلا.|Yes, no.|doc=ar/1 kind=2-1 src_segments=0:2 tgt_segments=0:1 \
             certainty=1.25 id=SL0",
            "|What?|doc=ar/1 kind=0-1 src_segments=2:2 tgt_segments=1:2 certainty=-0.3 id=SL1",
            "ربما.|Per haps.|doc=ar/1 kind=1-2 src_segments=2:3 tgt_segments=2:4",
            "كتاب|A book|doc=ar/2 kind=1-1 src_segments=0:1 tgt_segments=0:1",
        ]
    );
    assert_eq!(reader.languages(), Some(["ar".to_owned(), "en".to_owned()]));
    let notes: Vec<String> = reader.notes().iter().map(ToString::to_string).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].starts_with("the texts of en/2.xml are separate words"), "{notes:?}");
    assert!(notes[1].starts_with("1 sentence of the documents is in no link"), "{notes:?}");
}

#[test]
fn links_of_intertext_have_the_other_document_first() {
    let links = "<?xml version='1.0' encoding='utf-8'?>\n\
        <linkGrp toDoc='story.ar.xml' fromDoc='story.en.xml'>\n\
        <link type='1-2' xtargets='1:1;1:1 1:2' status='man'/>\n\
        <link type='1-0' xtargets='2:1;' status='auto' mark='1'/>\n</linkGrp>\n";
    let folder = folder(&[
        ("story.en.ar.alignment.xml", links),
        (
            "story.ar.xml",
            "<doc><p id='1'><s id='1:1'>نعم ولا.</s></p><p id='2'><s id='2:1'>ثم.</s></p></doc>",
        ),
        ("story.en.xml", "<doc><p id='1'><s id='1:1'>Yes.</s> <s id='1:2'>No.</s></p></doc>"),
    ]);
    let path = folder.path().join("story.en.ar.alignment.xml");
    assert_eq!(BitextInput::file(&path).open().expect("links").format(), Format::InterText);
    assert_eq!(
        shown(&rows(&path)),
        [
            "نعم ولا.|Yes. No.|doc=story.ar kind=1-2 src_segments=0:1 tgt_segments=0:2 status=man",
            "ثم.||doc=story.ar kind=1-0 src_segments=1:2 tgt_segments=2:2 status=auto mark=1",
        ]
    );
    // If only the other order fits the ids, it is the one, and reported.
    let turned = links.replace("1:1;1:1 1:2", "1:1 1:2;1:1").replace("2:1;", ";2:1");
    fs::write(&path, turned).expect("a file");
    let mut reader = BitextInput::file(&path).open().expect("links");
    assert_eq!(reader.next_row().expect("a row").expect("a row").tgt, "Yes. No.");
    let notes: Vec<String> = reader.notes().iter().map(ToString::to_string).collect();
    assert!(notes[0].starts_with("the links of 1 pair of documents have the sides"), "{notes:?}");
}

#[test]
fn wrong_links_and_missing_documents_are_errors_that_can_be_skipped() {
    let folder = opus();
    fs::remove_file(folder.path().join("en/2.xml")).expect("a file");
    let path = folder.path().join("ar-en.xml");
    let wrong = OPUS.replace(";s2\"", ";s7\"").replace("s3;s3 s4", "s3;s3;s4");
    fs::write(&path, wrong).expect("a file");
    let mut reader = BitextInput::file(&path).open().expect("links").skipping_bad(true);
    assert_eq!(reader.by_ref().filter(Result::is_ok).count(), 1);
    assert_eq!(reader.skipped().malformed, 3);
    let errors: Vec<String> = BitextInput::file(&path)
        .open()
        .expect("links")
        .filter_map(|row| row.err().map(|error| error.to_string()))
        .collect();
    let name = path.display().to_string();
    for (error, part) in errors.iter().zip([
        ":6: the sentence \"s7\" is not in its document",
        ":7: the link \"s3;s3;s4\" has not two sides",
        ":10: a document of this link cannot be read:",
    ]) {
        assert!(error.starts_with(&name) && error.contains(part), "{error}");
    }
    assert_eq!(errors.len(), 3);
}

#[test]
fn documents_outside_of_the_folder_are_not_read() {
    let links =
        OPUS.replace("ar/2.xml", "../../../etc/passwd").replace("ar/1.xml.gz", "/etc/passwd");
    let folder = folder(&[("a.xml", &links)]);
    for row in BitextInput::file(folder.path().join("a.xml")).open().expect("links") {
        let error = row.expect_err("outside").to_string();
        assert!(error.contains("is outside of the folder of the links"), "{error}");
    }
}

#[test]
fn files_that_are_not_links_are_errors() {
    for (text, part) in [
        ("<cesAlign></cesAlign>", "this is not cesAlign: it has no <linkGrp>"),
        ("<cesAlign>\n<linkGrp toDoc='a'/></cesAlign>", ":2: links without fromDoc"),
        ("<cesAlign><linkGrp fromDoc='a' toDoc='b'>", "the file ends inside"),
    ] {
        let input = BitextInput::file("a.xces").with_format(Format::Xces);
        let stream = std::io::Cursor::new(text.as_bytes().to_vec());
        let error = input.read(vec![Box::new(stream)]).err().expect("an error").to_string();
        assert!(error.contains(part), "{error}");
    }
}

fn row(src: &str, tgt: &str, ends: [&[u32]; 2], spans: [[u64; 2]; 2], moved: bool) -> BitextRow {
    let mut row = BitextRow::new(src, tgt).with_fields([
        ("probability".into(), FieldValue::Number(0.5, 4)),
        ("src_segments".into(), FieldValue::Span(spans[0])),
        ("tgt_segments".into(), FieldValue::Span(spans[1])),
    ]);
    if moved {
        row = row.with_fields([("moved".into(), FieldValue::flag(true))]);
    }
    row.origin.segment_ends = Some(Box::new(ends.map(<[u32]>::to_vec)));
    row
}

fn written(format: Format, rows: &[BitextRow]) -> (Vec<String>, crate::bitext::Losses) {
    let names = ["a.ar.xml".to_owned(), "a.en.xml".to_owned()];
    let header = BitextHeader::default().with_file_names(names);
    let outs = vec![Vec::new(); format.output_files()];
    let (options, schema) = (WriteOptions::default(), BitextSchema::default());
    let mut writer =
        BitextWriter::new(format, options, outs, &schema, &[], &header).expect("memory");
    for row in rows {
        writer.write(row).expect("memory");
    }
    let (outs, losses) = writer.finish_with_losses().expect("memory");
    (outs.into_iter().map(|out| String::from_utf8(out).expect("UTF-8")).collect(), losses)
}

fn example() -> [BitextRow; 4] {
    [
        row("a b", "one & two", [&[1], &[]], [[0, 2], [0, 1]], false),
        row("c", "four", [&[], &[]], [[2, 3], [2, 3]], true),
        row("d", "three", [&[], &[]], [[3, 4], [1, 2]], false),
        row("e", "", [&[], &[]], [[4, 5], [3, 3]], false),
    ]
}

#[test]
fn segments_become_sentences_in_the_order_of_their_documents() {
    let (files, losses) = written(Format::Xces, &example());
    assert!(losses.is_empty(), "{losses}");
    assert_eq!(
        files[1],
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<text xml:lang=\"en\">\n<p>\n\
         <s id=\"1\">one &amp; two</s>\n<s id=\"2\">three</s>\n<s id=\"3\">four</s>\n</p>\n</text>\n"
    );
    assert!(
        files[0].contains("<s id=\"1\">a</s>\n<s id=\"2\">b</s>\n<s id=\"3\">c</s>"),
        "{}",
        files[0]
    );
    assert_eq!(
        files[2],
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE cesAlign PUBLIC \"-//CES//DTD XML cesAlign//EN\" \"\">\n<cesAlign version=\"1.0\">\n\
         <linkGrp targType=\"s\" fromDoc=\"a.ar.xml\" toDoc=\"a.en.xml\">\n\
         <link xtargets=\"1 2;1\" certainty=\"0.5000\"/>\n\
         <link xtargets=\"3;3\" certainty=\"0.5000\"/>\n\
         <link xtargets=\"4;2\" certainty=\"0.5000\"/>\n\
         <link xtargets=\"5;\" certainty=\"0.5000\"/>\n</linkGrp>\n</cesAlign>\n"
    );
}

#[test]
fn intertext_has_its_links_in_order() {
    let (files, losses) = written(Format::InterText, &example());
    assert_eq!(losses.count(&crate::bitext::Loss::Moved), 1);
    let links: Vec<&str> = files[2].lines().skip(1).collect();
    assert_eq!(
        links,
        [
            "<linkGrp toDoc=\"a.en.xml\" fromDoc=\"a.ar.xml\">",
            "<link type=\"1-2\" xtargets=\"1;1 2\" status=\"auto\" certainty=\"0.5000\"/>",
            "<link type=\"0-1\" xtargets=\";3\" status=\"auto\"/>",
            "<link type=\"1-1\" xtargets=\"2;4\" status=\"auto\" certainty=\"0.5000\"/>",
            "<link type=\"0-1\" xtargets=\";5\" status=\"auto\" certainty=\"0.5000\"/>",
            "<link type=\"1-0\" xtargets=\"3;\" status=\"auto\"/>",
            "</linkGrp>",
        ]
    );
}

#[test]
fn what_is_written_is_read_back() {
    for format in [Format::Xces, Format::InterText] {
        let (files, _) = written(format, &example()[..1]);
        let folder =
            folder(&[("a.ar.xml", &files[0]), ("a.en.xml", &files[1]), ("a.xml", &files[2])]);
        let found = rows(&folder.path().join("a.xml"));
        assert_eq!((&*found[0].src, &*found[0].tgt), ("a b", "one & two"));
        let (again, losses) = written(format, &found);
        assert_eq!(again, files, "{}", format.name());
        assert!(losses.is_empty(), "{losses}");
    }
}

#[test]
fn pairs_with_unknown_segments_are_counted() {
    let mut row = BitextRow::new("a b\nc", "d");
    row.fields.push(("kind".into(), FieldValue::Text("2-1".to_owned())));
    row.fields.push(("note".into(), FieldValue::Text("x".to_owned())));
    let (files, losses) = written(Format::Xces, &[row]);
    assert!(files[0].contains("<s id=\"1\">a b c</s>"), "{}", files[0]);
    for loss in [
        crate::bitext::Loss::Segments,
        crate::bitext::Loss::Fields,
        crate::bitext::Loss::LineBreaks,
    ] {
        assert_eq!(losses.count(&loss), 1, "{loss:?}");
    }
}

#[test]
fn rows_of_other_documents_are_counted() {
    let named = |doc: &str| {
        let mut row = row("نعم", "Yes", [&[], &[]], [[0, 1], [0, 1]], false);
        row.fields.retain(|(name, _)| &**name != "doc");
        row.fields.push(("doc".into(), FieldValue::Text(doc.to_owned())));
        row
    };
    let losses = |docs: [&str; 3]| written(Format::Xces, &docs.map(named)).1;
    assert_eq!(losses(["a", "a", "a"]).count(&crate::bitext::Loss::Fields), 0);
    assert_eq!(losses(["a", "b", "a"]).count(&crate::bitext::Loss::Fields), 1);
}
