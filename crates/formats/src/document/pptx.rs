//! PPTX, presentations of
//! [ECMA-376](https://ecma-international.org/publications-and-standards/standards/ecma-376/): the
//! titles, paragraphs and table cells of the slides, in their order.
//!
//! Omitted: speaker notes, comments, charts and diagrams, and what layouts and masters show. A
//! slide that is missing or damaged is a note of the document, and the others are read.
//!
//! The index of a paragraph counts those of its slide from 0.

use std::collections::HashMap;
use std::sync::Arc;

use super::archive::{Archive, note_of_part, resolve};
use super::block::{BlockKind, Blocks};
use super::office_xml::{OfficeXml, local};
use crate::error::{Error, ErrorKind, Result};
use crate::xml::{Node, XmlReader};

const WHAT: &str = "PPTX";
/// The part that lists the slides.
pub(crate) const PRESENTATION: &str = "ppt/presentation.xml";
const RELATIONS: &str = "ppt/_rels/presentation.xml.rels";

/// Reads the blocks of a presentation.
pub(crate) fn read(mut archive: Archive, out: &mut Blocks) -> Result<()> {
    archive.set_name(WHAT);
    let slides = slides(&mut archive).map_err(|error| match error.kind() {
        ErrorKind::Damaged { .. } | ErrorKind::Hostile(_) | ErrorKind::Encrypted(_) => error,
        _ => damaged(error.to_string()),
    })?;
    let mut found = false;
    let mut failure = None;
    for name in slides {
        match archive.required_text(&name).and_then(|xml| read_slide(&xml, &name, out)) {
            Ok(()) => found = true,
            Err(error) => {
                failure.get_or_insert_with(|| damaged(format!("{name}: {error}")));
                out.notes.push(note_of_part(&name, error)?);
            }
        }
    }
    match failure {
        Some(error) if !found => Err(error),
        _ => Ok(()),
    }
}

fn damaged(reason: String) -> Error {
    ErrorKind::Damaged { what: WHAT, reason }.into()
}

/// Lists the parts of the slides, in their order.
fn slides(archive: &mut Archive) -> Result<Vec<String>> {
    let xml = archive.required_text(RELATIONS)?;
    let mut parts: HashMap<String, String> = HashMap::new();
    let mut reader = XmlReader::new(&xml);
    while let Some(node) = reader.next()? {
        let Node::Start(tag) = node else { continue };
        let (id, target) = (reader.attribute(&tag, &["Id"])?, reader.attribute(&tag, &["Target"])?);
        if let (Some(id), Some(target)) = (id, target)
            && let Some(part) = resolve(PRESENTATION, &target)
        {
            parts.insert(id, part);
        }
    }
    let xml = archive.required_text(PRESENTATION)?;
    let mut reader = XmlReader::new(&xml);
    let mut slides = Vec::new();
    while let Some(node) = reader.next()? {
        let Node::Start(tag) = node else { continue };
        if local(&tag) == "sldId"
            && let Some(id) = reader.attribute(&tag, &["r:id"])?
        {
            slides.push(parts.get(&id).cloned().unwrap_or(id));
        }
    }
    Ok(slides)
}

fn read_slide(xml: &str, name: &str, out: &mut Blocks) -> Result<()> {
    let part: Arc<str> = Arc::from(name);
    let mut reader = OfficeXml::new(xml);
    let (mut is_title, mut cells, mut index) = (false, 0_usize, 0_u32);
    let mut text = String::new();
    let mut in_text = false;
    while let Some(node) = reader.next()? {
        match node {
            Node::Start(tag) => {
                in_text = local(&tag) == "t";
                match local(&tag) {
                    "Fallback" => reader.skip()?,
                    "sp" => is_title = false,
                    "ph" => {
                        let kind = reader.reader.attribute(&tag, &["type"])?;
                        is_title = kind.is_some_and(|kind| matches!(&*kind, "title" | "ctrTitle"));
                    }
                    "tc" => cells += 1,
                    "p" => text.clear(),
                    "br" => text.push('\n'),
                    "tab" => text.push('\t'),
                    _ => {}
                }
            }
            Node::Text(content) if in_text => text.push_str(&content),
            Node::Text(_) => {}
            Node::End(name) => {
                in_text = false;
                match name.as_str() {
                    "tc" => cells = cells.saturating_sub(1),
                    "p" => {
                        let kind = match (is_title, cells) {
                            (true, _) => BlockKind::Heading(1),
                            (false, 0) => BlockKind::Paragraph,
                            _ => BlockKind::TableCell,
                        };
                        out.push(kind, &text, Some(&part), index, None);
                        index += 1;
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::archive::tests::packed;

    const LIST: &str = "<p:presentation><p:sldIdLst><p:sldId id='1' r:id='rB'/>\
        <p:sldId id='2' r:id='rA'/></p:sldIdLst></p:presentation>";
    const PARTS: &str = "<Relationships><Relationship Id='rA' Target='slides/slide1.xml'/>\
        <Relationship Id='rB' Target='/ppt/slides/slide2.xml'/></Relationships>";

    fn slide(shapes: &str) -> String {
        format!("<p:sld><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>")
    }

    fn paragraph(text: &str) -> String {
        format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>")
    }

    #[test]
    fn slides_are_read_in_their_order_and_a_damaged_one_is_noted() {
        let title = format!(
            "<p:sp><p:nvSpPr><p:nvPr><p:ph type='title'/></p:nvPr></p:nvSpPr><p:txBody>{}</p:txBody></p:sp>",
            paragraph("عنوان")
        );
        let body = format!(
            "<p:sp><p:txBody>{}<a:p><a:r><a:t>b</a:t></a:r><a:br/><a:r><a:t>c</a:t></a:r></a:p>\
             </p:txBody></p:sp><a:tbl><a:tr><a:tc><a:txBody>{}</a:txBody></a:tc></a:tr></a:tbl>",
            paragraph("a &amp; a"),
            paragraph("cell")
        );
        let (first, second) = (slide(&body), slide(&title));
        let read_with = |first: &str| {
            let parts: [(&str, &[u8]); 4] = [
                (PRESENTATION, LIST.as_bytes()),
                (RELATIONS, PARTS.as_bytes()),
                ("ppt/slides/slide1.xml", first.as_bytes()),
                ("ppt/slides/slide2.xml", second.as_bytes()),
            ];
            let mut out = Blocks::default();
            read(Archive::open(packed(&parts), WHAT, u64::MAX).expect("an archive"), &mut out)
                .expect("slides");
            out
        };
        let out = read_with(&first);
        let listed: Vec<String> = out
            .blocks
            .iter()
            .map(|it| format!("{} {}", it.kind, &out.text[it.text.clone()]))
            .collect();
        assert_eq!(listed, ["h1 عنوان", "paragraph a & a", "paragraph b\nc", "cell cell"]);
        assert_eq!(out.blocks[0].part.as_deref(), Some("ppt/slides/slide2.xml"));
        let out = read_with("<p:sld>");
        assert_eq!(out.text, "عنوان");
        assert!(out.notes[0].text.contains("ppt/slides/slide1.xml"), "{:?}", out.notes);
    }

    #[test]
    fn presentations_without_their_list_are_errors() {
        for parts in [
            &[(PRESENTATION, LIST.as_bytes())][..],
            &[(PRESENTATION, &b"<p:presentation>"[..]), (RELATIONS, PARTS.as_bytes())],
            &[(PRESENTATION, LIST.as_bytes()), (RELATIONS, PARTS.as_bytes())],
        ] {
            let archive = Archive::open(packed(parts), WHAT, u64::MAX).expect("an archive");
            let error = read(archive, &mut Blocks::default()).expect_err("no slide");
            assert!(matches!(error.kind(), ErrorKind::Damaged { .. }), "{error}");
        }
    }
}
