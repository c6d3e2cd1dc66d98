//! EPUB ([EPUB 3.3](https://www.w3.org/TR/epub-33/)): the chapters in the order of the spine, each
//! read as XHTML.
//!
//! Omitted: what [HTML](super::html) omits, the table of contents unless it is in the spine, and
//! everything that is not XHTML. Encrypted books are refused; obfuscated fonts do not count as
//! encryption. A chapter that is missing or damaged is a note of the document, and the others are
//! read; a book without any readable chapter is an error.

use std::collections::HashMap;
use std::sync::Arc;

use super::archive::{Archive, note_of_part, resolve};
use super::block::Blocks;
use super::html::{self, HtmlOptions};
use super::note::DocumentNote;
use crate::error::{Error, ErrorKind, Result};
use crate::xml::{Node, XmlReader};

const WHAT: &str = "EPUB";
pub(crate) const CONTAINER: &str = "META-INF/container.xml";
/// Algorithms that obfuscate fonts and do not affect the text.
const FONT_OBFUSCATION: [&str; 2] =
    ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

/// Reads the blocks of a book.
pub(crate) fn read(mut archive: Archive, options: HtmlOptions, out: &mut Blocks) -> Result<()> {
    archive.set_name(WHAT);
    let package = package_name(&mut archive)?;
    let encrypted = encrypted_parts(&mut archive)?;
    let xml = archive.required_text(&package)?;
    let Spine { chapters, unknown, others } =
        spine(&xml, &package).map_err(|error| damaged(format!("{package}: {error}")))?;
    if chapters.is_empty() {
        return Err(damaged(format!("{package} names no chapter")));
    }
    for id in unknown {
        let text = format!("a chapter is missing: {package} has no item {id}");
        out.notes.push(DocumentNote::damage("damaged-part", text));
    }
    if !others.is_empty() {
        let (s, are) = if others.len() == 1 { ("", "is") } else { ("s", "are") };
        let (count, names) = (others.len(), others.join(", "));
        let text = format!("{count} part{s} of the book {are} not XHTML and skipped: {names}");
        out.notes.push(DocumentNote::new("skipped-part", text));
    }
    let options = HtmlOptions { xhtml: true, ..options };
    let mut found = false;
    let mut failure = None;
    for name in chapters {
        if encrypted.contains(&name) {
            return Err(ErrorKind::Encrypted(WHAT).into());
        }
        match archive.required_text(&name) {
            Ok(chapter) => {
                if chapter.trim().is_empty() {
                    let text = format!("a chapter is empty: {name}");
                    out.notes.push(DocumentNote::damage("damaged-part", text));
                }
                html::read(&chapter, options, Some(&Arc::from(name)), out);
                found = true;
            }
            Err(error) => {
                failure.get_or_insert_with(|| {
                    damaged(match error.kind() {
                        ErrorKind::Damaged { reason, .. } => reason.clone(),
                        _ => error.to_string(),
                    })
                });
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

/// Finds the package document, which lists the chapters.
fn package_name(archive: &mut Archive) -> Result<String> {
    let xml = match archive.text(CONTAINER)? {
        Some(xml) => xml,
        // Without it, a book usually has one package.
        None => match archive.first_name_with(".opf") {
            Some(name) => return Ok(name),
            None => archive.required_text(CONTAINER)?,
        },
    };
    let mut reader = XmlReader::new(&xml);
    while let Some(node) =
        reader.next().map_err(|error| damaged(format!("{CONTAINER}: {error}")))?
    {
        if let Node::Start(tag) = node
            && let Some(path) = reader.attribute(&tag, &["full-path"])?
        {
            return resolve("", &path)
                .ok_or_else(|| damaged("its package is outside the archive".to_owned()));
        }
    }
    Err(damaged(format!("{CONTAINER} names no package")))
}

/// Lists the encrypted parts.
fn encrypted_parts(archive: &mut Archive) -> Result<Vec<String>> {
    const ENCRYPTION: &str = "META-INF/encryption.xml";
    let Some(xml) = archive.text(ENCRYPTION)? else { return Ok(Vec::new()) };
    let mut reader = XmlReader::new(&xml);
    let mut encrypted = Vec::new();
    let mut fonts_only = false;
    while let Some(node) =
        reader.next().map_err(|error| damaged(format!("{ENCRYPTION}: {error}")))?
    {
        let Node::Start(tag) = node else { continue };
        // The algorithm precedes the reference to the data.
        if let Some(algorithm) = reader.attribute(&tag, &["Algorithm"])?
            && reader.up(1) == Some("EncryptedData")
        {
            fonts_only = FONT_OBFUSCATION.contains(&algorithm.as_str());
        }
        if let Some(reference) = reader.attribute(&tag, &["URI"])?
            && !fonts_only
        {
            encrypted.extend(resolve("", &reference));
        }
    }
    Ok(encrypted)
}

/// The chapters that a package lists.
struct Spine {
    /// Their parts, in their order.
    chapters: Vec<String>,
    /// The ids of chapters that the package does not describe.
    unknown: Vec<String>,
    /// The references to what is not XHTML, besides tables of contents.
    others: Vec<String>,
}

/// Lists the chapters.
fn spine(xml: &str, package: &str) -> Result<Spine> {
    let mut reader = XmlReader::new(xml);
    let mut items: HashMap<String, (String, String)> = HashMap::new();
    let mut order = Vec::new();
    while let Some(node) = reader.next()? {
        let Node::Start(tag) = node else { continue };
        match reader.up(0) {
            Some("item") => {
                let get = |name| reader.attribute(&tag, &[name]).map(Option::unwrap_or_default);
                items.insert(get("id")?, (get("href")?, get("media-type")?));
            }
            Some("itemref") => order.extend(reader.attribute(&tag, &["idref"])?),
            _ => {}
        }
    }
    let unknown = order.iter().filter(|id| !items.contains_key(*id)).cloned().collect();
    let references = order.iter().filter_map(|id| items.get(id));
    let (texts, others): (Vec<_>, Vec<_>) =
        references.partition(|(reference, kind)| is_chapter(reference, kind));
    let others = others.into_iter().filter(|(_, kind)| !kind.contains("ncx"));
    let others = others.map(|(reference, _)| reference.trim().to_owned()).collect();
    let references = texts.into_iter();
    let mut chapters: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (reference, _) in references {
        if let Some(part) = resolve(package, reference.trim())
            && seen.insert(part.clone())
        {
            chapters.push(part);
        }
    }
    Ok(Spine { chapters, unknown, others })
}

/// Reports whether an item of the spine is a chapter, by its type or, because programs write wrong
/// types, by its name.
fn is_chapter(reference: &str, kind: &str) -> bool {
    let name = reference.trim().split(['#', '?']).next().unwrap_or_default().to_ascii_lowercase();
    kind.is_empty()
        || kind.contains("html")
        || [".xhtml", ".html", ".htm"].iter().any(|ending| name.ends_with(ending))
        || name.ends_with(".xml") && matches!(kind, "application/xml" | "text/xml")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::archive::tests::packed;

    const CONTAINER_XML: &str = "<?xml version='1.0'?><container><rootfiles>\
        <rootfile full-path='OEBPS/book.opf'/></rootfiles></container>";
    const PACKAGE: &str = "<package><manifest>\
        <item id='b' href='text/2.xhtml' media-type='application/xhtml+xml'/>\
        <item id='a' href='text/1%20a.xhtml' media-type='application/xhtml+xml'/>\
        <item id='n' href='toc.ncx' media-type='application/x-dtbncx+xml'/></manifest>\
        <spine><itemref idref='a'/><itemref idref='b'/><itemref idref='n'/></spine></package>";
    const ONE: &str = "<html><head><title/></head><body><h1>الأول</h1><p>One.</p></body></html>";
    const TWO: &str = "<html><body><p>Two.</p></body></html>";

    fn book(more: &[(&str, &[u8])]) -> Result<Blocks> {
        let mut parts: Vec<(&str, &[u8])> = vec![
            ("mimetype", b"application/epub+zip"),
            (CONTAINER, CONTAINER_XML.as_bytes()),
            ("OEBPS/text/2.xhtml", TWO.as_bytes()),
            ("OEBPS/text/1 a.xhtml", ONE.as_bytes()),
        ];
        parts.extend(more);
        let mut out = Blocks::default();
        read(Archive::open(packed(&parts), WHAT, u64::MAX)?, HtmlOptions::default(), &mut out)?;
        Ok(out)
    }

    #[test]
    fn chapters_come_in_the_order_of_the_spine() {
        let Blocks { text, blocks, .. } =
            book(&[("OEBPS/book.opf", PACKAGE.as_bytes())]).expect("a book");
        assert_eq!(text, "الأول\nOne.\nTwo.");
        assert_eq!(blocks[2].part.as_deref(), Some("OEBPS/text/2.xhtml"));
        assert_eq!((blocks[1].index, blocks[2].index), (1, 0));
    }

    fn noted(parts: &[(&str, &[u8])]) -> (String, Vec<String>) {
        let mut out = Blocks::default();
        let archive = Archive::open(packed(parts), WHAT, u64::MAX).expect("an archive");
        read(archive, HtmlOptions::default(), &mut out).expect("a book");
        (out.text, out.notes.into_iter().map(|note| note.text).collect())
    }

    /// Reads a book of one chapter that has one name in the package and another in the archive.
    fn named(href: &str, name: &str) -> (String, Vec<String>) {
        let package = format!(
            "<package><manifest><item id='a' href='{href}'/></manifest>\
             <spine><itemref idref='a'/></spine></package>"
        );
        noted(&[
            (CONTAINER, CONTAINER_XML.as_bytes()),
            ("OEBPS/book.opf", package.as_bytes()),
            (name, TWO.as_bytes()),
        ])
    }

    #[test]
    fn chapters_with_a_wrong_type_are_read_and_other_parts_reported() {
        let package = "<package><manifest><item id='a' href='a.xhtml' media-type='text/plain'/>\
             <item id='b' href='b.xml' media-type='application/xml'/>\
             <item id='c' href='c.svg' media-type='image/svg+xml'/>\
             <item id='d' href='d.xhtml' media-type='application/xhtml+xml'/></manifest><spine>\
             <itemref idref='a'/><itemref idref='b'/><itemref idref='c'/><itemref idref='d'/>\
             </spine></package>";
        let (text, notes) = noted(&[
            (CONTAINER, CONTAINER_XML.as_bytes()),
            ("OEBPS/book.opf", package.as_bytes()),
            ("OEBPS/a.xhtml", TWO.as_bytes()),
            ("OEBPS/b.xml", TWO.as_bytes()),
            ("OEBPS/c.svg", b"<svg/>"),
            ("OEBPS/d.xhtml", b""),
        ]);
        assert_eq!(text, "Two.\nTwo.");
        assert_eq!(
            notes,
            [
                "1 part of the book is not XHTML and skipped: c.svg",
                "a chapter is empty: OEBPS/d.xhtml"
            ]
        );
    }

    #[test]
    fn chapters_are_found_in_other_spellings_of_their_names() {
        for (href, name) in [
            ("نهائي.xhtml", "OEBPS/نها\u{64a}\u{654}ي.xhtml"),
            ("نها\u{64a}\u{654}ي.xhtml", "OEBPS/نهائي.xhtml"),
            ("%D8%A2%D8%AE%D8%B1.xhtml", "OEBPS/ا\u{653}خر.xhtml"),
            ("آخر.xhtml", "OEBPS/%D8%A2%D8%AE%D8%B1.xhtml"),
            ("1.xhtml?x=1", "OEBPS/1.xhtml"),
            ("1.xhtml?x=1#a", "OEBPS/1.xhtml"),
            ("Text/Chapter1.XHTML", "OEBPS/text/chapter1.xhtml"),
            ("../Text/1.xhtml", "text/1.xhtml"),
            ("1 a.xhtml", "OEBPS/1 a.xhtml"),
            (" 1.xhtml\n", "OEBPS/1.xhtml"),
            ("e\u{301}t\u{e9}.xhtml", "OEBPS/\u{c9}te\u{301}.xhtml"),
        ] {
            assert_eq!(named(href, name), ("Two.".to_owned(), Vec::new()), "{href}, {name}");
        }
        let container = CONTAINER_XML.replace("OEBPS/book.opf", "oebps/Book.opf");
        let parts: [(&str, &[u8]); 4] = [
            (CONTAINER, container.as_bytes()),
            ("OEBPS/book.opf", PACKAGE.as_bytes()),
            ("OEBPS/text/2.xhtml", TWO.as_bytes()),
            ("OEBPS/text/1 a.xhtml", ONE.as_bytes()),
        ];
        assert_eq!(noted(&parts).0, "الأول\nOne.\nTwo.");
        assert_eq!(noted(&parts[1..]).0, "الأول\nOne.\nTwo.", "without a container");
    }

    #[test]
    fn an_exact_name_precedes_another_spelling() {
        let package = "<package><manifest><item id='a' href='B.xhtml'/><item id='b' href='b.xhtml'/>\
            </manifest><spine><itemref idref='a'/><itemref idref='b'/></spine></package>";
        let parts: [(&str, &[u8]); 4] = [
            (CONTAINER, CONTAINER_XML.as_bytes()),
            ("OEBPS/book.opf", package.as_bytes()),
            ("OEBPS/b.xhtml", TWO.as_bytes()),
            ("OEBPS/B.xhtml", ONE.as_bytes()),
        ];
        assert_eq!(noted(&parts).0, "الأول\nOne.\nTwo.");
    }

    #[test]
    fn a_chapter_that_cannot_be_read_is_noted_and_the_others_are_read() {
        let base: [(&str, &[u8]); 3] = [
            (CONTAINER, CONTAINER_XML.as_bytes()),
            ("OEBPS/book.opf", PACKAGE.as_bytes()),
            ("OEBPS/text/2.xhtml", TWO.as_bytes()),
        ];
        let (text, notes) = noted(&base);
        assert_eq!(text, "Two.");
        let missing = "a part is missing or damaged: it has no OEBPS/text/1 a.xhtml";
        assert_eq!(notes, [missing]);
        // A chapter whose checksum is wrong.
        let mut bytes = packed(&[&base[..], &[("OEBPS/text/1 a.xhtml", b"stored")]].concat());
        let at = bytes.windows(6).position(|window| window == b"stored");
        match at {
            Some(at) => bytes[at] ^= 1,
            None => {
                let name = b"OEBPS/text/1 a.xhtml";
                let at = bytes.windows(name.len()).position(|it| it == name).expect("a name");
                bytes[at + name.len() + 2] ^= 0x55;
            }
        }
        let mut out = Blocks::default();
        read(
            Archive::open(bytes, WHAT, u64::MAX).expect("an archive"),
            HtmlOptions::default(),
            &mut out,
        )
        .expect("a book");
        assert_eq!(out.text, "Two.");
        assert!(out.notes[0].is_damage && out.notes[0].text.contains("OEBPS/text/1 a.xhtml"));
        // A chapter that the package does not describe.
        let package = PACKAGE.replace("idref='a'", "idref='zz'");
        let (text, notes) = noted(&[base[0], ("OEBPS/book.opf", package.as_bytes()), base[2]]);
        assert_eq!((text.as_str(), notes.len()), ("Two.", 1));
        assert!(notes[0].ends_with("has no item zz"), "{notes:?}");
    }

    #[test]
    fn encrypted_books_are_refused_but_not_obfuscated_fonts() {
        let data = |algorithm: &str, place: &str| {
            format!(
                "<encryption><EncryptedData><EncryptionMethod Algorithm='{algorithm}'/>\
                 <CipherData><CipherReference URI='{place}'/></CipherData></EncryptedData></encryption>"
            )
        };
        let read = |xml: String| {
            book(&[
                ("OEBPS/book.opf", PACKAGE.as_bytes()),
                ("META-INF/encryption.xml", xml.as_bytes()),
            ])
        };
        let error = read(data("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/text/2.xhtml"));
        assert!(matches!(error.expect_err("locked").kind(), ErrorKind::Encrypted("EPUB")));
        assert!(read(data(FONT_OBFUSCATION[0], "OEBPS/font.otf")).is_ok());
    }

    #[test]
    fn books_without_chapters_are_errors() {
        for package in [
            "<package/>",
            "<package><manifest><item id='a' href='none.xhtml'/></manifest><spine><itemref idref='a'/></spine></package>",
            "<package><manifest><item id='a' href='../../../etc/passwd'/></manifest><spine><itemref idref='a'/></spine></package>",
            "<package>",
        ] {
            let error = book(&[("OEBPS/book.opf", package.as_bytes())]).expect_err("no chapter");
            assert!(matches!(error.kind(), ErrorKind::Damaged { .. }), "{error}");
        }
        assert!(book(&[]).is_err());
    }
}
