//! Documents in all formats, read by the whole program.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use encoding_rs::{Encoding, ISO_8859_6, WINDOWS_1252, WINDOWS_1256};
use nasaq_formats::read_jsonl;
use zip::write::SimpleFileOptions;

use crate::util::{ARABIC, ENGLISH, Folder};

/// The exit code of input that cannot be used.
const INPUT: i32 = 3;

/// Returns a text of the bundled corpora.
fn corpus_text(set: &str, language: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora").join(set);
    fs::read_to_string(folder.join(format!("{language}.txt"))).expect("a bundled text")
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn escaped(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;")
}

fn packed(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("memory");
        writer.write_all(text.as_bytes()).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

fn html(text: &str) -> String {
    let body: String = lines(text).map(|line| format!("<p>{}</p>\n", escaped(line))).collect();
    format!("<!doctype html><title>x</title><body><script>x = '<p>no';</script>{body}")
}

fn docx(text: &str) -> Vec<u8> {
    let paragraph = |line| {
        let line = escaped(line);
        format!("<w:p><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>")
    };
    let body: String = lines(text).map(paragraph).collect();
    let xml = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    packed(&[("word/document.xml", xml)])
}

fn epub(text: &str) -> Vec<u8> {
    // Two chapters.
    let all: Vec<&str> = lines(text).collect();
    let (first, second) = all.split_at(all.len() / 2);
    let chapter = |lines: &[&str]| {
        let body: String = lines.iter().map(|line| format!("<p>{}</p>", escaped(line))).collect();
        format!("<?xml version=\"1.0\"?><html><head><title/></head><body>{body}</body></html>")
    };
    packed(&[
        (
            "META-INF/container.xml",
            "<container><rootfile full-path=\"a/b.opf\"/></container>".into(),
        ),
        (
            "a/b.opf",
            "<package><manifest><item id=\"1\" href=\"1.xhtml\"/><item id=\"2\" href=\"2.xhtml\"/>\
             </manifest><spine><itemref idref=\"1\"/><itemref idref=\"2\"/></spine></package>"
                .into(),
        ),
        ("a/2.xhtml", chapter(second)),
        ("a/1.xhtml", chapter(first)),
    ])
}

/// Returns subtitles with pauses so long that no sentence continues in the next one.
fn subtitles(text: &str) -> String {
    let cue = |(number, line): (usize, &str)| {
        let (minutes, seconds) = (number / 6, number % 6 * 10);
        format!(
            "{number}\n00:{minutes:02}:{seconds:02},000 --> 00:{minutes:02}:{seconds:02},500\n{line}\n\n"
        )
    };
    (1..).zip(lines(text)).map(cue).collect()
}

fn markdown(text: &str) -> String {
    let escape = |line: &str| -> String {
        let mark = |c: char| if c.is_ascii_punctuation() { "\\" } else { "" };
        line.chars().map(|c| format!("{}{c}", mark(c))).collect()
    };
    lines(text).map(|line| format!("{}\n\n", escape(line))).collect()
}

/// Aligns two documents of a folder and returns the columns that do not depend on the format.
fn beads(folder: &Folder, src: &str, tgt: &str) -> Vec<(String, String, String, f32)> {
    let run = folder.run(&["align", src, tgt, "--to", "jsonl"]).ok();
    let beads = read_jsonl(&run).expect("JSON Lines");
    beads.into_iter().map(|it| (it.src, it.tgt, it.kind.to_string(), it.probability)).collect()
}

#[test]
fn a_text_in_any_format_is_aligned_like_plain_text() {
    for set in ["news", "technical"] {
        let folder = Folder::new();
        let [ar, en] = ["ar", "en"].map(|language| corpus_text(set, language));
        for (language, text) in [("ar", &ar), ("en", &en)] {
            let name = |ending: &str| format!("{language}.{ending}");
            folder.write(&name("txt"), text);
            folder.write(&name("html"), html(text));
            folder.write(&name("docx"), docx(text));
            folder.write(&name("epub"), epub(text));
            folder.write(&name("srt"), subtitles(text));
            folder.write(&name("vtt"), format!("WEBVTT\n\n{}", subtitles(text).replace(',', ".")));
            folder.write(&name("md"), markdown(text));
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            folder.write(&name("utf16"), utf16);
        }
        let plain = beads(&folder, "ar.txt", "en.txt");
        for kind in ["html", "docx", "epub", "srt", "md", "utf16"] {
            assert_eq!(beads(&folder, &format!("ar.{kind}"), "en.txt"), plain, "{set} {kind}");
            assert_eq!(beads(&folder, "ar.txt", &format!("en.{kind}")), plain, "{set} {kind}");
        }
    }
}

fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

#[test]
fn encodings_are_detected_reported_and_overridden() {
    let folder = Folder::with_pair();
    let plain = beads(&folder, "a.ar", "a.en");
    // The text has no character outside ISO-8859-6 except a mark.
    for (encoding, name) in [(WINDOWS_1256, "windows-1256"), (ISO_8859_6, "ISO-8859-6")] {
        folder.write("old.txt", encoded(encoding, ARABIC));
        assert_eq!(beads(&folder, "old.txt", "a.en"), plain, "{name}");
        let run = folder.run(&["align", "old.txt", "a.en"]);
        let note = format!("nasaq: note: old.txt: read as {name}");
        assert!(run.stderr.contains(&note), "{}", run.stderr);
        let quiet = folder.run(&["align", "old.txt", "a.en", "--src-encoding", name]);
        assert!(!quiet.stderr.contains("note:"), "{}", quiet.stderr);
        assert_eq!(quiet.stdout, run.stdout);
    }
    folder.write("west.txt", encoded(WINDOWS_1252, &ENGLISH.replace("an old", "an “old”")));
    let run = folder.run(&["segment", "west.txt", "--lang", "en"]);
    assert!(run.stderr.contains("west.txt: read as windows-1252"), "{}", run.stderr);
    assert!(
        run.stderr.contains("\nhint: if the text looks wrong, set the encoding with --encoding")
    );
    assert!(run.ok().contains("“old”"));
    let wrong = ["segment", "west.txt", "--lang", "en", "--encoding", "klingon"];
    let run = folder.run(&wrong);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("klingon") && run.stderr.contains("windows-1256"));
}

#[test]
fn places_are_written_if_documents_have_blocks() {
    let folder = Folder::with_pair();
    folder.write("a.docx", docx(ARABIC));
    let header =
        |args: &[&str]| folder.run(args).ok().lines().next().unwrap_or_default().to_owned();
    assert!(!header(&["align", "a.ar", "a.en", "--to", "tsv"]).contains("place"));
    assert!(header(&["align", "a.docx", "a.en", "--to", "tsv"]).ends_with("src_place\ttgt_place"));
    let json = folder.run(&["align", "a.docx", "a.en", "--to", "jsonl"]).ok();
    for (number, bead) in (0..).zip(read_jsonl(&json).expect("JSON Lines")) {
        let place = bead.src_place.expect("a place");
        assert_eq!(place.blocks, [number, number + 1]);
        assert_eq!(place.part.as_deref(), Some("word/document.xml"));
        assert_eq!(bead.tgt_place, None);
    }
    let segments = folder.run(&["segment", "a.docx", "--lang", "ar", "--to", "jsonl"]).ok();
    assert!(segments.contains("\"place\":{\"kind\":\"paragraph\",\"blocks\":[4,5]"), "{segments}");
}

#[test]
fn corpora_have_documents_of_every_format() {
    let folder = Folder::new();
    folder.write("t/1.ar.docx", docx(ARABIC));
    folder.write("t/1.en.html", html(ENGLISH));
    folder.write("t/2.ar.txt", encoded(WINDOWS_1256, ARABIC));
    folder.write("t/2.en.srt", subtitles(ENGLISH));
    folder.write("t/3.ar.docx", &docx(ARABIC)[..200]);
    folder.write("t/3.en.txt", ENGLISH);
    let run = folder.run(&["align", "--corpus", "t", "-o", "out"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let counts = "2 aligned, 1 failed, 0 with warnings, 1 with notes only";
    assert!(run.stderr.contains(counts), "{}", run.stderr);
    assert!(folder.read("out/docs/1.tsv").contains("word/document.xml"));
    assert!(folder.read("out/docs/2.tsv").contains("cue 0:1 00:00:10.000-00:00:10.500"));
    assert!(folder.read("out/errors.jsonl").contains("3.ar.docx"));
    assert!(folder.read("out/warnings.jsonl").contains("windows-1256"));
    let templates = ["align", "--corpus", "t/{id}.ar.docx", "t/{id}.en.html", "-o", "two"];
    assert_eq!(folder.run(&templates).code, 0);
    let shards = ["align", "--corpus", "t", "-o", "shards", "--shard-size", "10"];
    folder.run(&shards);
    assert!(folder.read("shards/shards/00000.tsv").contains("word/document.xml"));
}

#[test]
fn hostile_documents_are_refused_with_their_names() {
    let folder = Folder::with_pair();
    let bomb = packed(&[("word/document.xml", " ".repeat(16 << 20))]);
    let deep = "<w:sdt>".repeat(3000) + &"</w:sdt>".repeat(3000);
    let entities = "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><w:p><w:r><w:t>&x;</w:t></w:r></w:p>";
    let mut surrogate: Vec<u8> = ARABIC.encode_utf16().flat_map(u16::to_le_bytes).collect();
    surrogate.extend([0x00, 0xd8, 0x0a, 0x00]);
    for (name, bytes, parts) in [
        ("bomb.docx", bomb, &["bomb.docx", "decompresses to more"][..]),
        ("deep.docx", packed(&[("word/document.xml", deep)]), &["deep.docx", "inside each other"]),
        ("entity.docx", packed(&[("word/document.xml", entities.into())]), &["entity.docx", "&x;"]),
        ("cut.docx", docx(ARABIC)[..300].to_vec(), &["cut.docx", "damaged or truncated"]),
        ("text.docx", ARABIC.into(), &["text.docx", "ZIP"]),
        ("empty.zip", packed(&[("a.txt", "text".into())]), &["empty.zip", "DOCX"]),
        ("half.txt", surrogate, &["half.txt:6", "UTF-16LE", "--encoding"]),
        ("bad.srt", b"1\n00:00:01 --- 00:00:02\nx\n".to_vec(), &["bad.srt", "--from text"]),
        ("tables.html", b"<script>only</script>".to_vec(), &["tables.html", "no text"]),
    ] {
        folder.write(name, bytes);
        folder.run(&["align", name, "a.en"]).fails(INPUT, parts);
    }
}

#[test]
fn files_that_are_not_documents_are_not_read_as_text() {
    let folder = Folder::with_pair();
    let xlsx = packed(&[("xl/workbook.xml", "<workbook/>".into())]);
    for (name, bytes, parts) in [
        (
            "film.sub",
            b"{10}{50}Who?\n{60}{90}Me.\n".to_vec(),
            &["film.sub:1", "MicroDVD", "ffmpeg"],
        ),
        ("film.txt", b"[10][50]Who?\n[60][90]Me.\n".to_vec(), &["film.txt:1", "MPL2", "ffmpeg"]),
        ("a.json", b"[{\"text\": \"One.\"}]".to_vec(), &["a.json:1", "JSON", "text"]),
        ("a.jsonl", b"{\"a\": 1}\n{\"a\": 2}\n".to_vec(), &["a.jsonl:1", "JSON", "text"]),
        ("a.tmx", b"<?xml version='1.0'?><tmx/>".to_vec(), &["a.tmx:1", "XML", "text"]),
        ("a.xlsx", xlsx, &["a.xlsx", "XLSX", "CSV"]),
        ("a.rtf", b"{\\rtf1 One.}".to_vec(), &["a.rtf", "RTF", "soffice"]),
    ] {
        folder.write(name, bytes);
        folder.run(&["align", "a.ar", name]).fails(INPUT, parts);
    }
    let text = folder.run(&["segment", "a.json", "--lang", "en", "--from", "text"]).ok();
    assert!(text.starts_with("[{"), "{text}");
}

#[test]
fn a_book_is_read_without_a_missing_chapter_and_says_so() {
    let folder = Folder::with_pair();
    folder.write(
        "a.epub",
        packed(&[
            (
                "META-INF/container.xml",
                "<container><rootfile full-path=\"a.opf\"/></container>".into(),
            ),
            (
                "a.opf",
                "<package><manifest><item id=\"1\" href=\"نهائي.xhtml?x\"/>\
                 <item id=\"2\" href=\"none.xhtml\"/></manifest><spine><itemref idref=\"1\"/>\
                 <itemref idref=\"2\"/></spine></package>"
                    .into(),
            ),
            ("نها\u{64a}\u{654}ي.XHTML", "<html><body><p>وصل القطار.</p></body></html>".into()),
        ]),
    );
    let run = folder.run(&["segment", "a.epub", "--lang", "ar"]);
    run.warns(&["a.epub", "none.xhtml"]);
    assert_eq!(run.ok(), "وصل القطار.\n");
}

#[test]
fn one_page_in_two_languages_is_read_in_that_of_its_side() {
    let folder = Folder::new();
    let paragraphs = |text: &str| -> String {
        lines(text).map(|line| format!("<p>{}</p>", escaped(line))).collect()
    };
    let page = format!(
        "<html lang=ar><body><section lang=ar>{}</section><section lang=en hidden>{}</section>",
        paragraphs(ARABIC),
        paragraphs(ENGLISH)
    );
    folder.write("a.html", page);
    folder.write("a.ar", ARABIC);
    folder.write("a.en", ENGLISH);
    assert_eq!(beads(&folder, "a.html", "a.html"), beads(&folder, "a.ar", "a.en"));
}

#[test]
fn boilerplate_is_omitted_on_request() {
    let folder = Folder::new();
    let page = "<nav><ul><li><a href=1>Home</a><li><a href=2>Sport</a></ul></nav><main><h1>Rain</h1>\
        <p>It rained.</p></main><footer>Contact</footer>";
    folder.write("a.html", page);
    let segment = |options: &[&str]| {
        folder.run(&[&["segment", "a.html", "--lang", "en"], options].concat()).ok()
    };
    assert_eq!(segment(&[]), "Home\nSport\nRain\nIt rained.\nContact\n");
    assert_eq!(segment(&["--main"]), "Rain\nIt rained.\n");
    assert!(segment(&["--from", "text"]).contains("<nav>"));
}
