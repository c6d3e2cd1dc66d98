//! ODT, [OpenDocument text](https://docs.oasis-open.org/office/OpenDocument/v1.3/): headings,
//! paragraphs, list items and table cells in their order, then footnotes and endnotes.
//!
//! Omitted: deleted text of tracked changes, comments, hidden text, page headers and footers,
//! computed numbers and bullets, and all formatting.
//!
//! The index of a block counts the paragraphs and headings of the document from 0, including those
//! without text.

use std::collections::HashSet;
use std::sync::Arc;

use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::block::{BlockKind, Blocks, push_collapsed, push_line_end};
use super::office_xml::{OfficeXml, local};
use crate::error::{ErrorKind, Result};
use crate::xml::Node;

const WHAT: &str = "ODT";
/// The part with the text.
pub(crate) const CONTENT: &str = "content.xml";
const MANIFEST: &str = "META-INF/manifest.xml";
/// The maximum number of spaces that one element stands for.
const MAX_SPACES: usize = 1000;

/// Reports whether an archive is an OpenDocument text.
pub(crate) fn is_odt(archive: &mut Archive) -> bool {
    let kind = archive.part("mimetype").ok().flatten().unwrap_or_default();
    kind.starts_with(b"application/vnd.oasis.opendocument.text")
}

/// Reads the blocks of a document.
pub(crate) fn read(mut archive: Archive, out: &mut Blocks) -> Result<()> {
    archive.set_name(WHAT);
    let manifest = archive.text(MANIFEST).ok().flatten().unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(ErrorKind::Encrypted(WHAT).into());
    }
    let xml = archive.required_text(CONTENT)?;
    let mut reader = ContentReader {
        reader: OfficeXml::new(&xml),
        hidden_styles: HashSet::new(),
        open: Vec::new(),
        notes: Vec::new(),
        paragraphs: 0,
        part: Arc::from(CONTENT),
        out,
    };
    reader.read().map_err(|error| match error.kind() {
        ErrorKind::Hostile(_) => error,
        _ => ErrorKind::Damaged { what: WHAT, reason: format!("{CONTENT}: {error}") }.into(),
    })
}

/// A paragraph or a heading.
struct Paragraph {
    kind: BlockKind,
    text: String,
    index: u32,
}

struct ContentReader<'a, 'x> {
    reader: OfficeXml<'x>,
    /// The names of styles that hide text.
    hidden_styles: HashSet<String>,
    /// The open paragraph and those around it: notes and frames contain paragraphs too.
    open: Vec<Paragraph>,
    notes: Vec<Paragraph>,
    paragraphs: u32,
    part: Arc<str>,
    out: &'a mut Blocks,
}

impl ContentReader<'_, '_> {
    fn read(&mut self) -> Result<()> {
        // The styles that the start of a style names.
        let mut style = String::new();
        // What a paragraph is in, from the outside.
        let mut around: Vec<BlockKind> = Vec::new();
        while let Some(node) = self.reader.next()? {
            match node {
                Node::Start(tag) => match local(&tag) {
                    "style" => style = self.get(&tag, "style:name")?.unwrap_or_default(),
                    "text-properties" => {
                        if self.get(&tag, "text:display")?.is_some_and(|it| it == "none") {
                            self.hidden_styles.insert(style.clone());
                        }
                    }
                    name => {
                        around.extend(container(name));
                        self.start(&tag, around.last().copied())?;
                    }
                },
                Node::Text(text) => {
                    if let Some(paragraph) = self.open.last_mut() {
                        push_collapsed(&mut paragraph.text, &text);
                    }
                }
                Node::End(name) => {
                    if container(&name).is_some() {
                        around.pop();
                    }
                    self.end(&name);
                }
            }
        }
        for Paragraph { kind, text, index } in std::mem::take(&mut self.notes) {
            self.out.push(kind, &text, Some(&self.part), index, None);
        }
        Ok(())
    }

    fn get(&self, tag: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
        self.reader.reader.attribute(tag, &[name])
    }

    fn start(&mut self, tag: &BytesStart<'_>, around: Option<BlockKind>) -> Result<()> {
        match local(tag) {
            "tracked-changes" | "annotation" | "note-citation" | "forms" | "hidden-text"
            | "sequence-decls" | "master-styles" | "ruby-text" => self.reader.skip()?,
            "span" => {
                let style = self.get(tag, "text:style-name")?.unwrap_or_default();
                if self.hidden_styles.contains(&style) {
                    self.reader.skip()?;
                }
            }
            "p" | "h" => {
                let level = self.get(tag, "text:outline-level")?;
                let level = level.and_then(|it| it.parse::<u8>().ok()).unwrap_or(1).clamp(1, 9);
                let kind = match (local(tag), around) {
                    (_, Some(BlockKind::Footnote)) => BlockKind::Footnote,
                    ("h", _) => BlockKind::Heading(level),
                    (_, Some(kind)) => kind,
                    _ => BlockKind::Paragraph,
                };
                let index = self.paragraphs;
                self.paragraphs += 1;
                self.open.push(Paragraph { kind, text: String::new(), index });
            }
            "s" => {
                let count = self.get(tag, "text:c")?.and_then(|it| it.parse::<usize>().ok());
                self.push(&" ".repeat(count.unwrap_or(1).min(MAX_SPACES)));
            }
            "tab" => self.push("\t"),
            "line-break" => {
                if let Some(paragraph) = self.open.last_mut() {
                    push_line_end(&mut paragraph.text);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) {
        if matches!(name, "p" | "h")
            && let Some(paragraph) = self.open.pop()
        {
            if paragraph.kind == BlockKind::Footnote {
                self.notes.push(paragraph);
            } else {
                let Paragraph { kind, text, index } = paragraph;
                self.out.push(kind, &text, Some(&self.part), index, None);
            }
        }
    }
}

/// Returns the kind of the paragraphs in an element.
fn container(name: &str) -> Option<BlockKind> {
    Some(match name {
        "list-item" => BlockKind::ListItem,
        "table-cell" => BlockKind::TableCell,
        "note-body" => BlockKind::Footnote,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::archive::tests::packed;

    fn read_parts(parts: &[(&str, &[u8])]) -> Result<Vec<String>> {
        let mut out = Blocks::default();
        read(Archive::open(packed(parts), WHAT, u64::MAX)?, &mut out)?;
        let listed = |it: &crate::document::DocumentBlock| {
            format!("{} {} {}", it.index, it.kind, &out.text[it.text.clone()])
        };
        Ok(out.blocks.iter().map(listed).collect())
    }

    fn body(xml: &str) -> Result<Vec<String>> {
        let content = format!(
            "<office:document-content><office:automatic-styles><style:style style:name='T1'>\
             <style:text-properties text:display='none'/></style:style></office:automatic-styles>\
             <office:body><office:text>{xml}</office:text></office:body></office:document-content>"
        );
        read_parts(&[(CONTENT, content.as_bytes())])
    }

    #[test]
    fn paragraphs_have_their_kinds_and_notes_come_last() {
        let xml = "<text:tracked-changes><text:changed-region><text:p>no</text:p>\
            </text:changed-region></text:tracked-changes>\
            <text:h text:outline-level='2'>عنوان</text:h>\
            <text:p>One<text:note><text:note-citation>1</text:note-citation><text:note-body>\
            <text:p>Note.</text:p></text:note-body></text:note> and\n  <text:span>two</text:span>\
            <text:s text:c='2'/>x<text:line-break/>y<text:tab/>z\
            <text:span text:style-name='T1'>hidden</text:span></text:p><text:p/>\
            <text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>\
            <table:table><table:table-row><table:table-cell><text:p>cell</text:p>\
            </table:table-cell></table:table-row></table:table>\
            <text:p>end<office:annotation><text:p>comment</text:p></office:annotation></text:p>";
        assert_eq!(
            body(xml).expect("a document"),
            [
                "0 h2 عنوان",
                "1 paragraph One and two  x\ny\tz",
                "4 item item",
                "5 cell cell",
                "6 paragraph end",
                "2 footnote Note.",
            ]
        );
    }

    #[test]
    fn damaged_and_encrypted_documents_are_errors() {
        for xml in ["<text:p>cut", "<text:p></text:h>"] {
            assert!(matches!(body(xml).expect_err("no XML").kind(), ErrorKind::Damaged { .. }));
        }
        assert!(read_parts(&[("other.xml", b"<a/>")]).is_err());
        let manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>";
        let error = read_parts(&[(CONTENT, b"secret"), (MANIFEST, manifest)]).expect_err("locked");
        assert!(matches!(error.kind(), ErrorKind::Encrypted("ODT")), "{error}");
    }
}
