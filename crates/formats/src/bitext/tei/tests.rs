use super::super::{
    BitextInput, BitextRow, BitextSchema, BitextWriter, FieldValue, ReadNote, WriteOptions,
};
use crate::format::{BitextHeader, Format};

const TEXT: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title>A story</title></titleStmt></fileDesc></teiHeader>
<text xml:lang="en"><body><p xml:id="e"><s xml:id="e1">Yes.</s> <s xml:id="e2">No.</s>
<s xml:id="e3">Alone.</s></p></body></text>
<text xml:lang="ar"><body><ab><s xml:id="a1">نعم ولا.</s><s xml:id="a2">وحدها.</s>
<s xml:id="a3">كتاب</s></ab></body></text>
<text xml:lang="fr"><body><s xml:id="f1">Oui.</s></body></text>
<standOff><linkGrp type="alignment">
<link target="#e1 #e2 #a1 #f1" cert="0.97"/>
<link target="#a9 #e3"/>
<link target="other.xml#a3 #e3"/>
</linkGrp></standOff></TEI>
"##;

fn open(text: &str) -> crate::bitext::BitextReader {
    let stream = std::io::Cursor::new(text.as_bytes().to_vec());
    BitextInput::file("a.xml").read(vec![Box::new(stream)]).expect("a bitext")
}

fn shown(row: &BitextRow) -> String {
    let fields: Vec<String> =
        row.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}|{}|{}", row.src, row.tgt, fields.join(" "))
}

#[test]
fn links_within_a_file_are_read_and_text_without_a_link_stands_alone() {
    let mut reader = open(TEXT).skipping_bad(true);
    assert_eq!(reader.format(), Format::Tei);
    let rows: Vec<String> = reader.by_ref().map(|row| shown(&row.expect("a row"))).collect();
    assert_eq!(
        rows,
        [
            "نعم ولا.|Yes. No.|doc=A story kind=1-2 src_segments=0:1 tgt_segments=0:2 probability=0.97",
            "وحدها.||doc=A story kind=1-0 src_segments=1:2 tgt_segments=2:2",
            "كتاب||doc=A story kind=1-0 src_segments=2:3 tgt_segments=2:2",
            "|Alone.|doc=A story kind=0-1 src_segments=3:3 tgt_segments=2:3",
        ]
    );
    assert_eq!(reader.skipped().malformed, 2);
    assert_eq!(reader.languages(), Some(["ar".to_owned(), "en".to_owned()]));
    let errors: Vec<String> =
        open(TEXT).filter_map(|row| row.err().map(|error| error.to_string())).collect();
    assert_eq!(errors[0], "a.xml:11: the sentence \"#a9\" is not in the document");
    assert_eq!(errors[1], "a.xml:12: the link \"other.xml#a3\" leads to another file");
}

#[test]
fn sentences_that_cannot_be_linked_are_counted() {
    // One in French, one with the id of another, one without an id.
    let body = "<s xml:id='a' xml:lang='ar'>نعم</s><s xml:id='x' xml:lang='en'>Yes</s>\
                <s xml:id='f' xml:lang='fr'>Oui</s><s xml:id='a' xml:lang='ar'>لا</s>\
                <s xml:lang='en'>No</s><link target='#a #x #f'/><link target=' '/>";
    let mut reader = open(&format!("<TEI>{body}</TEI>")).skipping_bad(true);
    assert_eq!(reader.by_ref().filter(Result::is_ok).count(), 1);
    assert_eq!(reader.notes(), [ReadNote::Unusable(3)]);
    assert_eq!(reader.skipped().malformed, 1);
}

#[test]
fn a_document_without_pairs_is_read_after_others() {
    let rows = [
        row("first", "نعم", "Yes", [&[], &[]]),
        row("second", "وحدها", "", [&[], &[]]),
        row("third", "كلا", "Never", [&[], &[]]),
    ];
    let read: Vec<BitextRow> = open(&written(&rows)).map(|row| row.expect("a row")).collect();
    let texts: Vec<[&str; 2]> = read.iter().map(|row| [&*row.src, &*row.tgt]).collect();
    assert_eq!(texts, [["نعم", "Yes"], ["وحدها", ""], ["كلا", "Never"]]);
}

#[test]
fn files_without_links_or_languages_are_errors() {
    let error = |text: &str| open(text).find_map(Result::err).expect("an error").to_string();
    let tei = |body: &str| format!("<TEI>{body}</TEI>");
    let links = "<s xml:id='a'>x</s><s xml:id='b'>y</s><link target='#a #b'/>";
    assert!(error(&tei("<s xml:id='a'>x</s>")).contains("has no links between its sentences"));
    assert!(error(&tei(links)).contains("the languages (xml:lang) of the sentences are none"));
    assert!(error("<TEI><text>").contains("the file ends inside <TEI><text>"));
}

fn row(doc: &str, src: &str, tgt: &str, ends: [&[u32]; 2]) -> BitextRow {
    let mut row = BitextRow::new(src, tgt).with_fields([
        ("doc".into(), FieldValue::Text(doc.to_owned())),
        ("probability".into(), FieldValue::Number(0.5, 4)),
    ]);
    row.origin.segment_ends = Some(Box::new(ends.map(<[u32]>::to_vec)));
    row
}

fn written(rows: &[BitextRow]) -> String {
    let (options, schema) = (WriteOptions::default(), BitextSchema::default());
    let header = BitextHeader::default();
    let outs = vec![Vec::new()];
    let mut writer =
        BitextWriter::new(Format::Tei, options, outs, &schema, &[], &header).expect("memory");
    for row in rows {
        writer.write(row).expect("memory");
    }
    let (mut outs, losses) = writer.finish_with_losses().expect("memory");
    assert!(losses.is_empty(), "{losses}");
    String::from_utf8(outs.remove(0)).expect("UTF-8")
}

#[test]
fn a_document_has_both_texts_and_links_between_their_sentences() {
    let rows =
        [row("a & b", "نعم. لا.", "Yes & no.", [&[7], &[]]), row("a & b", "", "What?", [&[], &[]])];
    let text = written(&rows);
    assert!(text.contains("<title>a &amp; b</title>"), "{text}");
    let body = &text[text.find("<text>").expect("a text")..];
    assert_eq!(
        body,
        "<text>\n<group>\n<text xml:lang=\"ar\">\n<body>\n<ab>\n<s xml:id=\"s1\">نعم.</s>\n\
         <s xml:id=\"s2\">لا.</s>\n</ab>\n</body>\n</text>\n<text xml:lang=\"en\">\n<body>\n<ab>\n\
         <s xml:id=\"t1\">Yes &amp; no.</s>\n<s xml:id=\"t2\">What?</s>\n</ab>\n</body>\n</text>\n\
         </group>\n</text>\n<standOff>\n<linkGrp type=\"alignment\">\n\
         <link target=\"#s1 #s2 #t1\" cert=\"0.5000\"/>\n</linkGrp>\n</standOff>\n</TEI>\n"
    );
    let found: Vec<String> = open(&text).map(|row| shown(&row.expect("a row"))).collect();
    assert_eq!(
        found,
        [
            "نعم. لا.|Yes & no.|doc=a & b kind=2-1 src_segments=0:2 tgt_segments=0:1 probability=0.5000",
            "|What?|doc=a & b kind=0-1 src_segments=2:2 tgt_segments=1:2",
        ]
    );
}

#[test]
fn several_documents_are_a_corpus() {
    let rows = ["a", "b", "c"].map(|doc| row(doc, "نعم", "Yes", [&[], &[]]));
    let text = written(&rows);
    assert_eq!(text.matches("<teiCorpus").count(), 1);
    assert!(text.ends_with("</TEI>\n</teiCorpus>\n") && text.contains("#d3.s1 #d3.t1"), "{text}");
    let docs: Vec<String> =
        open(&text).map(|row| row.expect("a row").doc().expect("a name")).collect();
    assert_eq!(docs, ["a", "b", "c"]);
    assert!(open(&written(&[])).next().is_some_and(|row| row.is_err()), "no pairs");
}
