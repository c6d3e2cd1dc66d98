//! PDF with a structure tree: where it is used, and where it is not.

use std::time::{Duration, Instant};

use nasaq_formats::DocumentReader;

use crate::pdf::{FONT, PAGES, kinds, pdf, read, source, stream};

/// A text with its tag, its marked content id and its place.
type Marked<'a> = (&'a str, Option<u32>, [u32; 2], &'a str);

/// Returns a page of 600 by 800 points with a structure tree. `contents` are texts with their tag, their
/// marked content id and their place; `elements` are the objects of the tree from number 6 on, of which the
/// first is the root.
fn tagged_pdf(contents: &[Marked<'_>], elements: &[&str]) -> Vec<u8> {
    let catalog = "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>>>";
    let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources {FONT}>>");
    let mut shown = String::new();
    for (tag, id, [x, y], text) in contents {
        let mark = match id {
            Some(id) => format!("/{tag} <</MCID {id}>> BDC"),
            None if tag.is_empty() => "/Untagged BMC".to_owned(),
            None => format!("/{tag} BMC"),
        };
        shown += &format!("{mark} BT /F 10 Tf {x} {y} Td ({text}) Tj ET EMC\n");
    }
    let shown = stream("", &shown);
    pdf(&[&[catalog, PAGES, &page, &shown, "null"], elements].concat())
}

fn read_tagged(contents: &[Marked<'_>], elements: &[&str]) -> (Vec<(String, String)>, Vec<String>) {
    let bytes = tagged_pdf(contents, elements);
    let document = DocumentReader::new().from_bytes("a.pdf", bytes).expect("a document");
    let blocks =
        kinds(&document).into_iter().map(|(kind, text)| (kind.to_string(), text.to_owned()));
    (blocks.collect(), document.notes.iter().map(|note| note.text.clone()).collect())
}

fn pairs(blocks: &[(String, String)]) -> Vec<(&str, &str)> {
    blocks.iter().map(|(kind, text)| (kind.as_str(), text.as_str())).collect()
}

const LONG: &str = "All of this line is full of words that are set in one size and reach";

#[test]
fn a_structure_tree_shows_blocks_that_the_layout_does_not() {
    // Nothing on the page shows where these blocks end.
    let contents = [
        ("Artifact", None, [50, 760], "The law, page one"),
        ("H2", Some(0), [50, 700], "A heading of the size of the text"),
        ("P", Some(1), [50, 688], LONG),
        ("Span", Some(2), [50, 676], LONG),
        ("P", Some(3), [50, 664], LONG),
        ("P", Some(4), [400, 700], "the end, in the other column."),
        ("Artifact", None, [400, 688], "a watermark"),
        ("Lbl", Some(5), [400, 676], "1."),
        ("LBody", Some(6), [415, 676], "An item"),
        ("Own", Some(7), [400, 664], "A note"),
        ("TD", Some(8), [400, 652], "one"),
        ("TD", Some(9), [430, 652], "two"),
        ("Lost", Some(99), [400, 640], "x"),
        ("", None, [50, 20], "7 of 9"),
    ];
    let elements = [
        "<</Type/StructTreeRoot/K 7 0 R/RoleMap<</Own/Style/Style/Note>>>>",
        "<</S/Document/Pg 3 0 R/K[8 0 R 9 0 R 10 0 R 11 0 R 12 0 R 14 0 R]>>",
        "<</S/H2/K 0>>",
        "<</S/P/K[1<</S/Span/K 2>>]>>",
        "<</S/Own/K 7>>",
        "<</S/P/K[3<</Type/MCR/Pg 3 0 R/MCID 4>>]>>",
        "<</S/L/K<</S/LI/K[<</S/Lbl/K 5>><</S/LBody/K 6>>]>>>>",
        "null",
        "<</S/Table/K<</S/TR/K[<</S/TD/K 8>><</S/TD/K<</S/P/K 9>>>>]>>>>",
    ];
    let (blocks, notes) = read_tagged(&contents, &elements);
    let paragraph = format!("{LONG} {LONG}");
    let columns = format!("{LONG} the end, in the other column.");
    let expected = [
        ("h2", "A heading of the size of the text"),
        ("paragraph", paragraph.as_str()),
        ("paragraph", columns.as_str()),
        ("item", "1. An item"),
        ("cell", "one"),
        ("cell", "two"),
        ("paragraph", "x"),
        ("footnote", "A note"),
    ];
    assert_eq!(pairs(&blocks), expected);
    assert_eq!(
        notes,
        ["3 lines that pages repeat are omitted: running heads, page numbers, heads of tables"]
    );
}

#[test]
fn tagged_files_of_three_programs_have_the_blocks_of_their_texts() {
    for name in [
        "prose.en.columns.weasyprint_tagged.dejavu.pdf",
        "footnotes.ar.page.typst.dejavu.pdf",
        "footnotes.ar.page.libreoffice_tagged.naskh.pdf",
    ] {
        let document = read(name);
        let blocks = kinds(&document);
        let text = source(name);
        let texts: Vec<&str> = text.lines().collect();
        assert_eq!(blocks.len(), texts.len(), "{name}: {blocks:?}");
        for ((kind, found), text) in blocks.iter().zip(texts) {
            let found = found.trim_start_matches(|c: char| c.is_numeric() || c == ' ');
            assert_eq!(found, text.trim_start(), "{name}: {kind}");
        }
        assert_eq!(blocks[0].0.to_string(), "h1", "{name}");
        assert!(document.notes.iter().all(|note| note.kind != "structure-tree"), "{name}");
    }
}

#[test]
fn the_head_of_a_table_that_each_page_repeats_is_read_once() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 7 0 R>>";
    let pages = "<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2/MediaBox[0 0 600 800]>>";
    let page = |contents: u32| {
        format!("<</Type/Page/Parent 2 0 R/Contents {contents} 0 R/Resources {FONT}>>")
    };
    let cells = |texts: [&str; 4]| {
        let cell = |(at, text): (usize, &&str)| {
            let [x, y] = [50 + 200 * (at % 2), 500 - 30 * (at / 2)];
            format!("/TD <</MCID {at}>> BDC BT /F 10 Tf {x} {y} Td ({text}) Tj ET EMC\n")
        };
        stream("", &texts.iter().enumerate().map(cell).collect::<String>())
    };
    let rows = |page: u32| {
        format!(
            "<</S/TR/Pg {page} 0 R/K[<</S/TH/K 0>><</S/TH/K 1>>]>>\
             <</S/TR/Pg {page} 0 R/K[<</S/TD/K 2>><</S/TD/K 3>>]>>"
        )
    };
    let tree = format!("<</K<</S/Table/K[{}{}]>>>>", rows(3), rows(5));
    let [first, second] =
        [["Item", "Price", "boat", "7"], ["Item", "Price", "rope", "7"]].map(cells);
    let bytes = pdf(&[catalog, pages, &page(4), &first, &page(6), &second, &tree]);
    let document = DocumentReader::new().from_bytes("a.pdf", bytes).expect("a document");
    let texts: Vec<&str> = kinds(&document).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["Item", "Price", "boat", "7", "rope", "7"]);
    assert_eq!(
        document.notes[0].text,
        "2 lines that pages repeat are omitted: running heads, page numbers, heads of tables"
    );
}

/// Returns lines below each other, each with an id.
fn numbered(lines: &[&'static str]) -> Vec<Marked<'static>> {
    let line = |(at, text): (usize, &&'static str)| {
        ("P", Some(at as u32), [50, 700 - 12 * at as u32], *text)
    };
    lines.iter().enumerate().map(line).collect()
}

#[test]
fn a_structure_tree_that_does_not_fit_the_page_is_not_used() {
    let element = |ids: &str| format!("<</S/P/Pg 3 0 R/K[{ids}]>>");
    let root = |elements: &[String]| format!("<</K[{}]>>", elements.concat());
    let note = |reason: &str| {
        vec![format!("the structure tree is not used for 1 of 1 pages, because {reason}")]
    };
    // Each line is a paragraph.
    let lines = numbered(&[LONG, LONG, LONG, LONG, LONG, "and end."]);
    let each: Vec<String> = (0..6).map(|at| element(&at.to_string())).collect();
    let (blocks, notes) = read_tagged(&lines, &[&root(&each)]);
    assert_eq!(blocks.len(), 1, "{blocks:?}");
    assert_eq!(notes, note("it divides paragraphs or lines"));
    // All paragraphs are one.
    let short = ["One line.", LONG, "ends.", "Two lines.", "A third.", "A fourth.", "A fifth."];
    let (blocks, notes) = read_tagged(&numbered(&short), &[&root(&[element("0 1 2 3 4 5 6")])]);
    assert_eq!(blocks.len(), 6, "{blocks:?}");
    assert_eq!(notes, note("it joins paragraphs"));
    // Another order than that of the page.
    let words = ["One line.", "Two lines.", "A third.", "A fourth.", "A fifth."];
    let turned: Vec<String> = (0..5).rev().map(|at| element(&at.to_string())).collect();
    let (blocks, notes) = read_tagged(&numbered(&words), &[&root(&turned)]);
    assert!(blocks[0].1.starts_with("One line."), "{blocks:?}");
    assert_eq!(notes, note("it has another order"));
    // Paragraphs in each other.
    let mixed = [element("0 2 4"), element("1 3")];
    assert_eq!(read_tagged(&numbered(&words), &[&root(&mixed)]).1, note("its paragraphs overlap"));
    // Most of the text is outside the tree.
    let (blocks, notes) = read_tagged(&numbered(&words), &[&root(&[element("0")])]);
    assert!(blocks.last().expect("blocks").1.ends_with("A fifth."), "{blocks:?}");
    assert_eq!(notes, note("text is outside it"));
    // Text is marked as decoration.
    let mut marked = numbered(&words);
    for line in &mut marked[2..] {
        (line.0, line.1) = ("Artifact", None);
    }
    let (blocks, notes) = read_tagged(&marked, &[&root(&[element("0"), element("1")])]);
    assert!(blocks.last().expect("blocks").1.ends_with("A fifth."), "{blocks:?}");
    assert_eq!(notes, note("it marks the text as decoration"));
}

#[test]
fn hostile_structure_trees_end_soon() {
    let words = numbered(&["One line.", "Two lines."]);
    let deep = format!("{}0{}", "<</S/Div/Pg 3 0 R/K ".repeat(3000), ">>".repeat(3000));
    let wide = format!("<</S/P/Pg 3 0 R/K[{}]>>", "0 ".repeat(1_500_000));
    // Twenty arrays, each of which has the next one twice.
    let doubled: Vec<String> =
        (7..27).map(|id| format!("[<</S/Div/K {0} 0 R>><</S/Div/K {0} 0 R>>]", id + 1)).collect();
    let doubled: Vec<&str> =
        std::iter::once("<</K 7 0 R>>").chain(doubled.iter().map(String::as_str)).collect();
    let trees: Vec<Vec<&str>> = vec![
        vec!["<</K 6 0 R>>"],
        vec!["<</K[7 0 R]>>", "<</S/Div/Pg 3 0 R/K[7 0 R 6 0 R 0 1 7 0 R]>>"],
        vec!["<</K 7 0 R>>", &deep],
        vec!["<</K 7 0 R>>", &wide],
        doubled,
        vec!["<</K[-1 99999999999 null (a) <</Type/MCR/MCID -5>><</Type/MCR/Stm 6 0 R>>]>>"],
        vec!["<</K<</S/A/Pg 3 0 R/K[0 1]>>/RoleMap<</A/B/B/A>>>>"],
        vec!["<</K<</S/P/Pg 3 0 R/K[0 0 1 1 0 1]>>>>"],
    ];
    for (at, tree) in trees.iter().enumerate() {
        let start = Instant::now();
        let (blocks, _) = read_tagged(&words, tree);
        let text: Vec<&str> = blocks.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(text.join(" "), "One line. Two lines.", "{at}");
        assert!(start.elapsed() < Duration::from_secs(20), "{at}: {:?}", start.elapsed());
    }
}
