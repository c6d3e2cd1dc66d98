//! PDF, read by the whole program: the files in `tests/pdf/files` were made by `tests/pdf/make.py` from
//! `tests/pdf/texts`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nasaq_formats::{BlockKind, Document, DocumentReader, read_jsonl};
use unicode_normalization::UnicodeNormalization;

use crate::util::Folder;

/// The exit code of input that cannot be used.
const INPUT: i32 = 3;

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/pdf")
}

pub(crate) fn read(name: &str) -> Document {
    let path = folder().join("files").join(name);
    DocumentReader::new().read(&path).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns the text that a file was made from, without its markup.
pub(crate) fn source(name: &str) -> String {
    let text: Vec<&str> = name.splitn(3, '.').collect();
    let path = folder().join(format!("texts/{}.{}.txt", text[0], text[1]));
    let text = fs::read_to_string(path).expect("a text");
    let plain = |line: &str| {
        let line = line.trim_start_matches(['#', '-', '|']).trim_start().replace(" | ", " ");
        line.replace("[1]", "").replace("[2]", "")
    };
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}

/// Returns the words of a text after NFKC, without tatweel and bullets, with tashkeel or without.
fn words(text: &str, with_marks: bool) -> Vec<String> {
    let is_left = |c: &char| {
        let is_mark = matches!(c, '\u{64B}'..='\u{65F}' | '\u{670}');
        !matches!(c, '\u{640}' | '•') && (with_marks || !is_mark)
    };
    let text: String = text.nfkc().filter(is_left).collect();
    text.split_whitespace().map(str::to_owned).collect()
}

/// Returns the share of words that are found, in their order.
fn intact(expected: &[String], found: &[String]) -> f64 {
    // The longest common subsequence.
    let mut row = vec![0_usize; found.len() + 1];
    for word in expected {
        let mut before = 0;
        for (at, other) in found.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    row[found.len()] as f64 / expected.len() as f64
}

#[test]
fn words_of_files_from_seven_programs_are_intact() {
    let mut count = 0;
    for entry in fs::read_dir(folder().join("files")).expect("files") {
        let name = entry.expect("a file").file_name().into_string().expect("a name");
        let (text, found) = (source(&name), read(&name).text);
        let min: &[(bool, f64)] = match name.starts_with("vocalised.ar") {
            true => &[(false, 0.98), (true, 0.96)],
            false => &[(true, 0.985)],
        };
        for (with_marks, min) in min {
            let share = intact(&words(&text, *with_marks), &words(&found, *with_marks));
            assert!(share >= *min, "{name}: {:.1} % with marks: {with_marks}", 100.0 * share);
        }
        count += 1;
    }
    assert!(count >= 15, "{count}");
}

pub(crate) fn kinds(document: &Document) -> Vec<(BlockKind, &str)> {
    let text = |block: &nasaq_formats::DocumentBlock| &document.text[block.text.clone()];
    document.blocks.iter().map(|block| (block.kind, text(block))).collect()
}

#[test]
fn blocks_have_their_kinds_and_places() {
    let document = read("table.ar.page.typst.dejavu.pdf");
    let blocks = kinds(&document);
    assert_eq!(blocks[0], (BlockKind::Heading(1), "إنتاج التمور في الواحات الثلاث"));
    let cells: Vec<&str> = blocks
        .iter()
        .filter(|(kind, _)| *kind == BlockKind::TableCell)
        .map(|(_, text)| *text)
        .collect();
    assert_eq!(cells.len(), 16, "{cells:?}");
    assert_eq!(
        cells[..5],
        ["الواحة", "الإنتاج بالطن", "عدد المزارعين", "ملاحظات", "واحة النخيل الكبير"]
    );
    assert_eq!(blocks.last().expect("blocks").0, BlockKind::Paragraph);
    let place = document.place(document.blocks[2].text.clone()).expect("a place");
    assert_eq!(place.to_string(), "cell 2:3 page 1");
}

#[test]
fn footnotes_are_last_and_their_references_omitted() {
    for name in
        ["footnotes.ar.page.libreoffice.naskh.pdf", "footnotes.ar.page.weasyprint.dejavu.pdf"]
    {
        let document = read(name);
        let blocks = kinds(&document);
        let notes = blocks.iter().filter(|(kind, _)| *kind == BlockKind::Footnote).count();
        assert_eq!(notes, 2, "{name}: {blocks:?}");
        assert!(document.text.contains("المدن المجاورة، وكانت"), "{name}: {}", document.text);
        assert!(document.notes.iter().any(|note| note.kind == "note-references"), "{name}");
    }
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let document = read("prose.ar.columns.weasyprint.dejavu.pdf");
    let blocks = kinds(&document);
    assert_eq!(blocks.len(), 6, "{blocks:?}");
    let texts: Vec<String> = source("prose.ar").lines().map(str::to_owned).collect();
    for ((_, found), text) in blocks.iter().zip(&texts) {
        assert_eq!(found, text);
    }
}

#[test]
fn a_pair_is_aligned_as_the_text_that_it_was_made_from() {
    let folder = Folder::new();
    for (pdf, text) in [
        ("prose.ar.page.pango.naskh.pdf", "prose.ar.txt"),
        ("prose.en.page.pango.amiri.pdf", "prose.en.txt"),
    ] {
        let bytes = fs::read(self::folder().join("files").join(pdf)).expect("a file");
        folder.write(&text.replace(".txt", ".pdf"), bytes);
        folder.write(text, source(text));
    }
    folder.run(&["align", "prose.ar.txt", "prose.en.txt", "-o", "text.jsonl"]).ok();
    folder.run(&["align", "prose.ar.pdf", "prose.en.pdf", "-o", "pdf.jsonl"]).ok();
    let beads = |name: &str| {
        let records = read_jsonl(&folder.read(name)).expect("beads");
        records.into_iter().map(|it| (it.src, it.tgt)).collect::<Vec<_>>()
    };
    assert_eq!(beads("pdf.jsonl"), beads("text.jsonl"));
    assert!(folder.read("pdf.jsonl").contains("\"part\":\"page 1\""));
}

/// Copies PDF files of the repository under other names.
fn copy(folder: &Folder, names: &[(&str, &str)]) {
    for (from, to) in names {
        let bytes = fs::read(self::folder().join("files").join(from)).expect("a file");
        folder.write(to, bytes);
    }
}

#[test]
fn every_format_has_the_pages_of_its_segments() {
    let folder = Folder::new();
    copy(
        &folder,
        &[
            ("prose.ar.page.pango.naskh.pdf", "a.ar.pdf"),
            ("prose.en.page.pango.amiri.pdf", "a.en.pdf"),
        ],
    );
    for (format, place) in [
        ("tsv", "paragraph 2:3 page 1"),
        ("csv", "paragraph 2:3 page 1"),
        ("xliff", "paragraph 2:3 page 1"),
        ("jsonl", r#"{"kind":"paragraph","blocks":[2,3],"part":"page 1"}"#),
    ] {
        let out = folder.run(&["align", "a.ar.pdf", "a.en.pdf", "--to", format]).ok();
        assert!(out.matches(place).count() >= 2, "{format}: {out}");
    }
    let segments = folder.run(&["segment", "a.ar.pdf", "--lang", "ar", "--to", "jsonl"]).ok();
    assert!(segments.contains(r#""part":"page 1""#), "{segments}");
}

#[test]
fn corpora_have_pdf_files() {
    let folder = Folder::new();
    copy(
        &folder,
        &[
            ("prose.ar.page.typst.naskh.pdf", "t/prose.ar.pdf"),
            ("prose.en.page.pango.amiri.pdf", "t/prose.en.pdf"),
            ("law.ar.page.libreoffice.scheherazade.pdf", "t/law.ar.pdf"),
            ("law.en.page.pango.amiri.pdf", "t/law.en.pdf"),
        ],
    );
    folder.write("t/cut.ar.pdf", b"%PDF-1.7\n1 0 obj <<");
    folder.write("t/cut.en.txt", "A text.\n");
    let run = folder.run(&["align", "--corpus", "t", "-o", "out"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    for name in ["prose", "law"] {
        let table = folder.read(&format!("out/docs/{name}.tsv"));
        assert!(table.lines().skip(1).all(|row| row.contains(" page 1")), "{table}");
    }
    assert!(folder.read("out/errors.jsonl").contains("cut.ar.pdf"));
}

#[test]
fn pdf_files_are_paired_by_their_texts() {
    let folder = Folder::new();
    copy(
        &folder,
        &[
            ("prose.ar.page.typst.naskh.pdf", "ar/1.pdf"),
            ("law.ar.page.libreoffice.scheherazade.pdf", "ar/2.pdf"),
            ("law.en.page.pango.amiri.pdf", "en/7.pdf"),
            ("prose.en.page.pango.amiri.pdf", "en/8.pdf"),
        ],
    );
    folder.run(&["pair", "ar", "en", "-o", "list.tsv"]).ok();
    let list = folder.read("list.tsv");
    for pair in ["ar/1.pdf\ten/8.pdf", "ar/2.pdf\ten/7.pdf"] {
        assert!(list.contains(pair), "{list}");
    }
    folder.run(&["align", "--corpus", "list.tsv", "-o", "out"]).ok();
    assert!(folder.read("out/docs/2.tsv").contains(" page 1"));
}

/// Returns a PDF of objects, which are numbered from 1; the first is the catalog.
pub(crate) fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).into_bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let size = objects.len() + 1;
    let trailer = format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    out.extend(trailer.into_bytes());
    out
}

pub(crate) fn stream(dict: &str, text: &str) -> String {
    format!("<<{dict}/Length {}>>\nstream\n{text}\nendstream", text.len())
}

pub(crate) const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>";
pub(crate) const FONT: &str = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";

#[test]
fn hostile_files_end_soon() {
    let folder = Folder::new();
    let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources {FONT}>>");
    let catalog = "<</Type/Catalog/Pages 2 0 R>>";
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let words = stream("", &"BT /F 12 Tf 10 10 Td (word) Tj ET\n".repeat(200_000));
    let saved = stream("", &"q ".repeat(2_000_000));
    let form = "/Type/XObject/Subtype/Form/Resources<</XObject<</X 5 0 R>>>>";
    let loops = stream(form, "/X Do /X Do /X Do");
    let range = stream(
        "",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange \
        1 beginbfrange <0000> <FFFFFFFF> <0628> endbfrange",
    );
    let composite = "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R\
        /DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/A/W[0 4294967295 500]>>]>>";
    let ranges = format!("<</Font<</F {composite}>>>>");
    let files: Vec<(&str, Vec<u8>)> = vec![
        (
            "loop.pdf",
            pdf(&[catalog, "<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]>>", &page, &stream("", "")]),
        ),
        ("self.pdf", pdf(&[catalog, "2 0 R"])),
        ("deep.pdf", pdf(&[catalog, PAGES, &page, &stream("", &deep), &deep])),
        ("strings.pdf", pdf(&[catalog, PAGES, &page, &stream("", &"(".repeat(500_000))])),
        ("words.pdf", pdf(&[catalog, PAGES, &page, &words])),
        ("saved.pdf", pdf(&[catalog, PAGES, &page, &saved])),
        (
            "forms.pdf",
            pdf(&[
                catalog,
                PAGES,
                "<</Type/Page/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
                &stream("", "/X Do"),
                &loops,
            ]),
        ),
        (
            "ranges.pdf",
            pdf(&[
                catalog,
                PAGES,
                &page.replace(FONT, &ranges),
                &stream("", "BT /F 12 Tf 10 10 Td <00410042> Tj ET"),
                "null",
                &range,
            ]),
        ),
        (
            "numbers.pdf",
            pdf(&[
                catalog,
                PAGES,
                &page,
                &stream(
                    "",
                    "BT /F 1e38 Tf 1e38 0 0 1e38 -1e38 99999999999999999999 Tm (abc) Tj ET",
                ),
            ]),
        ),
        ("kids.pdf", {
            let kids = "3 0 R ".repeat(500_000);
            pdf(&[catalog, &format!("<</Type/Pages/Kids[{kids}]>>"), &page, &stream("", "")])
        }),
        ("tree.pdf", {
            // A page below thirty thousand nodes.
            let node = |id: usize| format!("<</Type/Pages/Kids[{} 0 R]/Count 1>>", id + 1);
            let nodes: Vec<String> = (2..30_002).map(node).collect();
            let nodes = nodes.iter().map(String::as_str);
            pdf(&std::iter::once(catalog).chain(nodes).chain([page.as_str()]).collect::<Vec<_>>())
        }),
        ("forms-in-forms.pdf", {
            // Each form draws the next one a hundred times.
            let form = |next: usize| {
                let dict =
                    format!("/Type/XObject/Subtype/Form/Resources<</XObject<</X {next} 0 R>>>>");
                stream(&dict, &"/X Do ".repeat(100))
            };
            let forms: Vec<String> = (6..16).map(form).collect();
            let page = "<</Type/Page/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>";
            let draw = stream("", "/X Do");
            let mut objects = vec![catalog, PAGES, page, &draw];
            objects.extend(forms.iter().map(String::as_str));
            let last = stream("/Type/XObject/Subtype/Form", "q Q");
            objects.push(&last);
            pdf(&objects)
        }),
        ("ids.pdf", {
            // Many codes, each with an id of its own and no text.
            let id = |code: u32| format!("<{code:06X}> {} ", code % 65_536);
            let ids: String = (0..150_000).rev().map(id).collect();
            let encoding = format!(
                "1 begincodespacerange <000000> <FFFFFF> endcodespacerange 1 begincidchar {ids} \
                 endcidchar"
            );
            let codes: String = (0..150_000).map(|code| format!("{code:06X}")).collect();
            let font = "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding 5 0 R/ToUnicode 6 0 R\
                /DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/A>>]>>";
            let page = page.replace(FONT, &format!("<</Font<</F {font}>>>>"));
            let text = stream("", &format!("BT /F 12 Tf 10 10 Td <{codes}> Tj ET"));
            let cmap = stream("", "1 beginbfrange <000000> <0FFFFF> <0628> endbfrange");
            pdf(&[catalog, PAGES, &page, &text, &stream("", &encoding), &cmap])
        }),
        ("empty.pdf", b"%PDF-1.7\n".to_vec()),
        ("noise.pdf", [b"%PDF-1.4\n".to_vec(), (0..=255).cycle().take(300_000).collect()].concat()),
    ];
    for (name, bytes) in files {
        folder.write(name, bytes);
        let start = Instant::now();
        let run = folder.run(&["segment", name, "--lang", "en"]);
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
        assert!(run.code == 0 || run.stderr.contains(name), "{name}: {}", run.stderr);
        assert!(!run.stderr.contains("panicked"), "{name}: {}", run.stderr);
    }
}

#[test]
fn streams_that_explode_are_refused() {
    use std::io::Write;
    let folder = Folder::new();
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..300 {
        packer.write_all(&zeros).expect("memory");
    }
    let packed = packer.finish().expect("memory");
    let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources {FONT}>>");
    let dict = format!("<</Filter/FlateDecode/Length {}>>\nstream\n", packed.len());
    let mut bytes = pdf(&["<</Type/Catalog/Pages 2 0 R>>", PAGES, &page]);
    let bomb = [format!("4 0 obj\n{dict}").into_bytes(), packed, b"\nendstream\nendobj\n".to_vec()];
    bytes.splice(9..9, bomb.concat());
    folder.write("bomb.pdf", bytes);
    folder
        .run(&["segment", "bomb.pdf", "--lang", "en"])
        .fails(INPUT, &["bomb.pdf", "decompressed"]);
}

/// A small file that draws as many glyphs as one may have needs no more memory than that.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    use std::process::Command;
    let folder = Folder::new();
    let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources {FONT}>>");
    let kids = "3 0 R 5 0 R 6 0 R 7 0 R ";
    let pages = format!("<</Type/Pages/Kids[{kids}]/Count 4/MediaBox[0 0 600 800]>>");
    let word = "BT /F 1 Tf 10 10 Td (abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz) Tj ET\n";
    let contents = stream("", &word.repeat(7_000));
    let objects = ["<</Type/Catalog/Pages 2 0 R>>", &pages, &page, &contents, &page, &page, &page];
    folder.write("glyphs.pdf", pdf(&objects));
    let script = "ulimit -v 2000000; exec \"$0\" segment glyphs.pdf --lang en";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_nasaq")]).current_dir(folder.path(""));
    let output = command.output().expect("the program");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | INPUT)), "{:?} {stderr}", output.status);
}

#[test]
fn scans_are_refused_and_pages_without_text_noted() {
    let folder = Folder::new();
    let image = stream(
        "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8",
        "x",
    );
    let scan = "<</Type/Page/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>";
    let draw = stream("", "q 600 0 0 800 0 0 cm /I Do Q");
    let catalog = "<</Type/Catalog/Pages 2 0 R>>";
    folder.write("scan.pdf", pdf(&[catalog, PAGES, scan, &draw, &image]));
    folder
        .run(&["segment", "scan.pdf", "--lang", "en"])
        .fails(INPUT, &["scan.pdf: the page of this PDF is a scan", "ocrmypdf"]);
    let text = format!("<</Type/Page/Contents 7 0 R/Resources {FONT}>>");
    let two = "<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2/MediaBox[0 0 600 800]>>";
    let shown = stream("", "BT /F 12 Tf 50 700 Td (The second page has its own text.) Tj ET");
    folder.write("half.pdf", pdf(&[catalog, two, scan, &draw, &image, &text, &shown]));
    let run = folder.run(&["segment", "half.pdf", "--lang", "en"]);
    assert_eq!(run.stdout, "The second page has its own text.\n");
    assert!(run.stderr.contains("page 1 without text"), "{}", run.stderr);
}

#[test]
fn form_fields_and_text_boxes_are_counted() {
    let folder = Folder::new();
    let annotations = "[<</Subtype/Widget/FT/Tx/V(Sami)>> 5 0 R<</Subtype/FreeText/Contents(Note)>>\
        <</Subtype/Widget/FT/Tx/V()>><</Subtype/Link>><</Subtype/Text/Contents(a comment)>>]";
    let page = format!("<</Type/Page/Contents 4 0 R/Resources {FONT}/Annots{annotations}>>");
    let text = stream("", "BT /F 12 Tf 50 700 Td (The form has a name.) Tj ET");
    let child = "<</Subtype/Widget/Parent 6 0 R>>";
    let field = "<</FT/Tx/V<FEFF0633>>>";
    folder.write(
        "form.pdf",
        pdf(&["<</Type/Catalog/Pages 2 0 R>>", PAGES, &page, &text, child, field]),
    );
    let run = folder.run(&["segment", "form.pdf", "--lang", "en"]);
    assert_eq!(run.stdout, "The form has a name.\n");
    assert!(run.stderr.contains("3 form fields and text boxes"), "{}", run.stderr);
}

#[test]
fn damaged_files_are_errors_or_text() {
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for entry in fs::read_dir(folder().join("files")).expect("files") {
        let bytes = fs::read(entry.expect("a file").path()).expect("a file");
        for round in 0..12 {
            let mut damaged = bytes.clone();
            for _ in 0..1 << (round % 6) {
                let at = random(damaged.len());
                damaged[at] = random(256) as u8;
            }
            if round % 3 == 0 {
                damaged.truncate(random(bytes.len()));
            }
            let start = Instant::now();
            if let Ok(document) = DocumentReader::new().from_bytes("a.pdf", damaged) {
                for block in &document.blocks {
                    assert!(document.place(block.text.clone()).is_some());
                }
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
        }
    }
}
