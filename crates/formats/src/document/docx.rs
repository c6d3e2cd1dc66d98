//! DOCX
//! ([ECMA-376](https://ecma-international.org/publications-and-standards/standards/ecma-376/)):
//! paragraphs, headings, list items and table cells in their order, then footnotes and endnotes.
//!
//! Omitted: page headers and footers, comments, the second copies of text boxes, deleted text of
//! tracked changes (inserted text is read, as if all changes were accepted), hidden text, field
//! codes, the numbers and bullets that Word computes, and all formatting. A tab is a tab, a line or
//! page break a line end.
//!
//! Styles or notes that are missing or damaged are a note of the document, and the rest is read.
//!
//! The index of a paragraph counts the `w:p` elements of its part from 0, including those without
//! text.

mod styles;

use std::sync::Arc;

use quick_xml::events::BytesStart;

use self::styles::Styles;
use super::archive::{Archive, note_of_part, resolve};
use super::block::{BlockKind, Blocks};
use super::note::DocumentNote;
use super::office_xml::{OfficeXml, local};
use crate::error::{Error, ErrorKind, Result};
use crate::xml::{Node, XmlReader};

const WHAT: &str = "DOCX";
/// The part that lists the others.
const RELATIONS: &str = "_rels/.rels";
/// The part of the document, unless the relations name another.
pub(crate) const DOCUMENT: &str = "word/document.xml";

/// Reads the blocks of a document.
pub(crate) fn read(mut archive: Archive, out: &mut Blocks) -> Result<()> {
    archive.set_name(WHAT);
    if archive.has("EncryptedPackage") {
        return Err(ErrorKind::Encrypted(WHAT).into());
    }
    let document = main_part(&mut archive)?;
    let sibling = |name: &str| resolve(&document, name).unwrap_or_default();
    let name = sibling("styles.xml");
    let styles = match read_styles(&mut archive, &name) {
        Ok(styles) => styles,
        Err(error) => {
            out.notes.push(note_of_part(&name, error)?);
            Styles::default()
        }
    };
    let body = archive.required_text(&document)?;
    PartReader::new(&body, &document, &styles, out).read()?;
    // Damaged relations affect no text: the parts have their usual names.
    let relations = archive.text(&relations_of(&document)).ok().flatten().unwrap_or_default();
    for target in ["footnotes.xml", "endnotes.xml"] {
        let name = sibling(target);
        if let Err(error) = read_notes(&mut archive, &name, &styles, out) {
            out.notes.push(note_of_part(&name, error)?);
        } else if relations.contains(&format!("\"{target}\"")) && !archive.has(&name) {
            let text = format!("a part is missing or damaged: it has no {name}");
            out.notes.push(DocumentNote::damage("damaged-part", text));
        }
    }
    Ok(())
}

/// Returns the name of the part that lists what a part refers to.
fn relations_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{name}.rels").trim_start_matches('/').to_owned()
}

fn read_styles(archive: &mut Archive, name: &str) -> Result<Styles> {
    match archive.text(name)? {
        Some(xml) => Styles::read(&xml),
        None => Ok(Styles::default()),
    }
}

/// Reads the footnotes or endnotes, if there are any.
fn read_notes(archive: &mut Archive, name: &str, styles: &Styles, out: &mut Blocks) -> Result<()> {
    match archive.text(name)? {
        Some(xml) => PartReader { notes: true, ..PartReader::new(&xml, name, styles, out) }.read(),
        None => Ok(()),
    }
}

/// Finds the part of the document itself.
fn main_part(archive: &mut Archive) -> Result<String> {
    if archive.has(DOCUMENT) {
        return Ok(DOCUMENT.to_owned());
    }
    let relations = archive.required_text(RELATIONS)?;
    let mut reader = XmlReader::new(&relations);
    while let Some(node) = reader.next()? {
        let Node::Start(tag) = node else { continue };
        let is_document = reader
            .attribute(&tag, &["Type"])?
            .is_some_and(|kind| kind.ends_with("/officeDocument"));
        if is_document && let Some(target) = reader.attribute(&tag, &["Target"])? {
            return resolve("", &target)
                .ok_or_else(|| damaged("its document is outside the archive".to_owned()));
        }
    }
    Err(damaged("it names no document".to_owned()))
}

fn damaged(reason: String) -> Error {
    ErrorKind::Damaged { what: WHAT, reason }.into()
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
struct Paragraph {
    index: u32,
    text: String,
    kind: Option<BlockKind>,
    /// Whether its end was deleted, so that the next paragraph continues it.
    continues: bool,
    /// Whether its runs are hidden by default.
    hidden: bool,
}

/// Reads the paragraphs of one part.
struct PartReader<'a, 'x> {
    reader: OfficeXml<'x>,
    part: Arc<str>,
    styles: &'a Styles,
    out: &'a mut Blocks,
    notes: bool,
    paragraphs: u32,
    /// The open paragraph and those around it: a text box contains paragraphs too.
    open: Vec<Paragraph>,
    /// The text of paragraphs whose ends were deleted, with the kind and the index of the first.
    carried: Option<Paragraph>,
    cells: usize,
    /// Whether the open run is hidden.
    hidden: bool,
}

impl<'a, 'x> PartReader<'a, 'x> {
    fn new(xml: &'x str, part: &str, styles: &'a Styles, out: &'a mut Blocks) -> Self {
        Self {
            reader: OfficeXml::new(xml),
            part: Arc::from(part),
            styles,
            out,
            notes: false,
            paragraphs: 0,
            open: Vec::new(),
            carried: None,
            cells: 0,
            hidden: false,
        }
    }

    fn read(mut self) -> Result<()> {
        let part = Arc::clone(&self.part);
        self.nodes().map_err(|error| match error.kind() {
            ErrorKind::Hostile(_) => error,
            _ => damaged(format!("{part}: {error}")),
        })?;
        if let Some(paragraph) = self.carried.take() {
            self.add(&paragraph);
        }
        Ok(())
    }

    fn nodes(&mut self) -> Result<()> {
        let mut in_text = false;
        while let Some(node) = self.reader.next()? {
            match node {
                Node::Start(tag) => {
                    in_text = local(&tag) == "t";
                    self.start(&tag)?;
                }
                Node::Text(text) if in_text && !self.hidden => self.push(&text),
                Node::Text(_) => {}
                Node::End(name) => {
                    in_text = false;
                    self.end(&name);
                }
            }
        }
        Ok(())
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let parent = self.reader.reader.up(1).unwrap_or_default().to_owned();
        match (local(tag), parent.as_str()) {
            // Deleted text, the copy for old programs, and the formatting before a change.
            ("del" | "moveFrom", parent) if parent != "rPr" && parent != "trPr" => {
                self.reader.skip()?;
            }
            ("Fallback" | "rPrChange" | "pPrChange" | "sdtPr", _) => self.reader.skip()?,
            // The separator lines above notes are notes of another type.
            ("footnote" | "endnote", _)
                if self.reader.get(tag, "type")?.is_some_and(|kind| kind != "normal") =>
            {
                self.reader.skip()?;
            }
            ("tc", _) => self.cells += 1,
            ("p", _) => {
                let index = self.paragraphs;
                self.paragraphs += 1;
                let kind = (self.cells > 0).then_some(BlockKind::TableCell);
                self.open.push(Paragraph { index, kind, ..Paragraph::default() });
            }
            ("r", _) => self.hidden = self.open.last().is_some_and(|it| it.hidden),
            ("vanish", "rPr") => {
                let hidden = self.reader.is_on(tag)?;
                // Otherwise only the paragraph mark is hidden.
                if self.reader.reader.up(2) == Some("r") {
                    self.hidden = hidden;
                }
            }
            ("rStyle", _) => {
                if let Some(id) = self.reader.get(tag, "val")?
                    && let Some(hidden) = self.styles.find(&id, |style| style.hidden)
                {
                    self.hidden = hidden;
                }
            }
            ("del", "rPr") => {
                if self.reader.reader.up(2) == Some("pPr")
                    && let Some(paragraph) = self.open.last_mut()
                {
                    paragraph.continues = true;
                }
            }
            ("pStyle", _) => {
                let id = self.reader.get(tag, "val")?.unwrap_or_default();
                let kind = self.styles.find(&id, |style| style.kind);
                let hidden = self.styles.find(&id, |style| style.hidden).unwrap_or(false);
                if let Some(paragraph) = self.open.last_mut() {
                    // A heading in a cell is a heading; a list item in a cell is a cell.
                    if paragraph.kind.is_none() || matches!(kind, Some(BlockKind::Heading(_))) {
                        paragraph.kind = kind.or(paragraph.kind);
                    }
                    paragraph.hidden = hidden;
                }
            }
            ("outlineLvl", "pPr") => {
                let level = self.reader.get(tag, "val")?.and_then(|it| it.parse::<u8>().ok());
                if let Some(level @ 0..=8) = level
                    && let Some(paragraph) = self.open.last_mut()
                {
                    paragraph.kind = Some(BlockKind::Heading(level + 1));
                }
            }
            ("numPr", "pPr") => {
                if let Some(paragraph) = self.open.last_mut() {
                    paragraph.kind = paragraph.kind.or(Some(BlockKind::ListItem));
                }
            }
            ("tab", "r") | ("ptab", _) => self.push_in_run("\t"),
            ("br" | "cr", "r") => self.push_in_run("\n"),
            ("noBreakHyphen", _) => self.push_in_run("\u{2011}"),
            ("softHyphen", _) => self.push_in_run("\u{ad}"),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        match name {
            "tc" => self.cells = self.cells.saturating_sub(1),
            "r" => self.hidden = false,
            "p" => {
                if let Some(paragraph) = self.open.pop() {
                    self.ended(paragraph);
                }
            }
            _ => {}
        }
    }

    fn push_in_run(&mut self, text: &str) {
        if !self.hidden {
            self.push(text);
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn ended(&mut self, mut paragraph: Paragraph) {
        if let Some(mut first) = self.carried.take() {
            first.text.push_str(&paragraph.text);
            first.continues = paragraph.continues;
            first.kind = first.kind.or(paragraph.kind);
            paragraph = first;
        }
        if paragraph.continues {
            self.carried = Some(paragraph);
        } else {
            self.add(&paragraph);
        }
    }

    fn add(&mut self, paragraph: &Paragraph) {
        let kind = match paragraph.kind {
            _ if self.notes => BlockKind::Footnote,
            Some(kind) => kind,
            None => BlockKind::Paragraph,
        };
        self.out.push(kind, &paragraph.text, Some(&self.part), paragraph.index, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::archive::tests::packed;

    const STYLES: &str = "<w:styles><w:style w:styleId='1'><w:name w:val='heading 1'/></w:style>\
        <w:style w:styleId='Mine'><w:name w:val='Mine'/><w:basedOn w:val='1'/></w:style>\
        <w:style w:styleId='Loop'><w:basedOn w:val='Loop'/></w:style>\
        <w:style w:styleId='C'><w:name w:val='caption'/></w:style>\
        <w:style w:styleId='H'><w:rPr><w:vanish/></w:rPr></w:style></w:styles>";

    fn read_parts(parts: &[(&str, &[u8])]) -> Result<Vec<String>> {
        let mut out = Blocks::default();
        read(Archive::open(packed(parts), WHAT, u64::MAX)?, &mut out)?;
        let listed = |it: &crate::document::block::DocumentBlock| {
            format!("{} {} {}", it.index, it.kind, &out.text[it.text.clone()])
        };
        Ok(out.blocks.iter().map(listed).collect())
    }

    fn body(xml: &str) -> Result<Vec<String>> {
        let document = format!("<w:document xmlns:w='x'><w:body>{xml}</w:body></w:document>");
        read_parts(&[(DOCUMENT, document.as_bytes()), ("word/styles.xml", STYLES.as_bytes())])
    }

    fn run(text: &str) -> String {
        format!("<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>")
    }

    #[test]
    fn paragraphs_have_their_kinds() {
        let p = |style: &str, text: &str| format!("<w:p><w:pPr>{style}</w:pPr>{}</w:p>", run(text));
        let xml = [
            p("<w:pStyle w:val='Mine'/>", "عنوان"),
            p("", "One &amp; two"),
            "<w:p/>".to_owned(),
            p("<w:numPr><w:numId w:val='1'/></w:numPr>", "item"),
            p("<w:pStyle w:val='C'/>", "Figure"),
            p("<w:outlineLvl w:val='2'/>", "third"),
            p("<w:pStyle w:val='Loop'/>", "loop"),
            format!(
                "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
                p("", "a"),
                p("", "b")
            ),
        ];
        assert_eq!(
            body(&xml.concat()).expect("a document"),
            [
                "0 h1 عنوان",
                "1 paragraph One & two",
                "3 item item",
                "4 caption Figure",
                "5 h3 third",
                "6 paragraph loop",
                "7 cell a",
                "8 cell b",
            ]
        );
    }

    #[test]
    fn runs_are_read_as_a_reader_sees_them() {
        let xml = format!(
            "<w:p>{}<w:del><w:r><w:delText>old</w:delText><w:t>old</w:t></w:r></w:del><w:ins>{}</w:ins>\
             <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>\
             <w:r><w:rPr><w:rStyle w:val='H'/></w:rPr><w:t>hidden</w:t></w:r>\
             <w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:tab/><w:t>c</w:t><w:br/><w:t>d</w:t></w:r>\
             <w:r><w:instrText>PAGE</w:instrText></w:r></w:p>\
             <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{}</w:p><w:p>{}</w:p>",
            run("a "),
            run("b"),
            run("first "),
            run("and second")
        );
        let found = body(&xml).expect("a document");
        assert_eq!(found, ["0 paragraph a b\tc\nd", "1 paragraph first and second"]);
    }

    #[test]
    fn text_boxes_are_read_once() {
        let inner = format!("<w:txbxContent><w:p>{}</w:p></w:txbxContent>", run("box"));
        let xml = format!(
            "<w:p>{}<w:r><mc:AlternateContent><mc:Choice>{inner}</mc:Choice>\
             <mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
            run("outer")
        );
        assert_eq!(body(&xml).expect("a document"), ["1 paragraph box", "0 paragraph outer"]);
    }

    #[test]
    fn notes_come_last() {
        let document =
            format!("<w:document><w:body><w:p>{}</w:p></w:body></w:document>", run("text"));
        let notes = format!(
            "<w:footnotes><w:footnote w:type='separator'><w:p>{}</w:p></w:footnote>\
             <w:footnote w:id='2'><w:p>{}</w:p></w:footnote></w:footnotes>",
            run("no"),
            run("note")
        );
        let parts = [("word/footnotes.xml", notes.as_bytes()), (DOCUMENT, document.as_bytes())];
        assert_eq!(
            read_parts(&parts).expect("a document"),
            ["0 paragraph text", "0 footnote note"]
        );
    }

    #[test]
    fn a_document_is_read_without_its_damaged_styles_and_notes() {
        let document = format!("<w:document><w:p>{}</w:p></w:document>", run("text"));
        let relations = "<Relationships><Relationship Target=\"endnotes.xml\"/></Relationships>";
        let notes = format!("<w:footnotes><w:p>{}</w:p><w:p>", run("note"));
        let parts: [(&str, &[u8]); 4] = [
            (DOCUMENT, document.as_bytes()),
            ("word/styles.xml", b"<w:styles><w:style"),
            ("word/footnotes.xml", notes.as_bytes()),
            ("word/_rels/document.xml.rels", relations.as_bytes()),
        ];
        let mut out = Blocks::default();
        let archive = Archive::open(packed(&parts), WHAT, u64::MAX).expect("an archive");
        read(archive, &mut out).expect("a document");
        assert_eq!(out.text, "text\nnote");
        let named: Vec<bool> = ["word/styles.xml", "word/footnotes.xml", "word/endnotes.xml"]
            .iter()
            .zip(&out.notes)
            .map(|(name, note)| note.is_damage && note.text.contains(name))
            .collect();
        assert_eq!(named, [true; 3], "{:?}", out.notes);
    }

    #[test]
    fn hostile_documents_are_errors() {
        let deep = format!("{}{}", "<w:sdt>".repeat(5000), "</w:sdt>".repeat(5000));
        let error = body(&deep).expect_err("deep");
        assert!(error.to_string().contains("more than 256 elements"), "{error}");
        let entities = "<!DOCTYPE a [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]>\
            <w:document><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:document>";
        let error = read_parts(&[(DOCUMENT, entities.as_bytes())]).expect_err("an entity");
        assert!(error.to_string().contains("&c;"), "{error}");
        for xml in ["<w:p><w:r><w:t>cut", "<w:p></w:r>", "<w:p a='"] {
            assert!(matches!(body(xml).expect_err("no XML").kind(), ErrorKind::Damaged { .. }));
        }
        assert!(read_parts(&[("other.xml", b"<a/>")]).is_err());
    }
}
