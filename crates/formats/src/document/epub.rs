//! EPUB ([EPUB 3.3](https://www.w3.org/TR/epub-33/)): the chapters in the order of the spine, each
//! read as XHTML.
//!
//! Omitted: what [HTML](super::html) omits, the table of contents unless it is in the spine, and
//! everything that is not XHTML. Encrypted books are refused; obfuscated fonts do not count as
//! encryption.

use std::collections::HashMap;
use std::sync::Arc;

use super::archive::{Archive, resolve};
use super::block::Blocks;
use super::docx::text_of;
use super::html::{self, HtmlOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::xml::{Node, XmlReader};

const WHAT: &str = "EPUB";
pub(crate) const CONTAINER: &str = "META-INF/container.xml";
/// Algorithms that obfuscate fonts and do not affect the text.
const FONT_OBFUSCATION: [&str; 2] =
    ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

/// Reads the blocks of a book.
pub(crate) fn read(mut archive: Archive, main_only: bool, out: &mut Blocks) -> Result<()> {
    archive.set_name(WHAT);
    let package = package_name(&mut archive)?;
    let encrypted = encrypted_parts(&mut archive)?;
    let xml = text_of(archive.required(&package)?, &package)?;
    let chapters = spine(&xml, &package).map_err(|error| damaged(format!("{package}: {error}")))?;
    if chapters.is_empty() {
        return Err(damaged(format!("{package} names no chapter")));
    }
    let options = HtmlOptions { xhtml: true, main_only };
    for name in chapters {
        if encrypted.contains(&name) {
            return Err(ErrorKind::Encrypted(WHAT).into());
        }
        let chapter = text_of(archive.required(&name)?, &name)?;
        html::read(&chapter, options, Some(&Arc::from(name)), out);
    }
    Ok(())
}

fn damaged(reason: String) -> Error {
    ErrorKind::Damaged { what: WHAT, reason }.into()
}

/// Finds the package document, which lists the chapters.
fn package_name(archive: &mut Archive) -> Result<String> {
    let xml = text_of(archive.required(CONTAINER)?, CONTAINER)?;
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
    let Some(bytes) = archive.part(ENCRYPTION)? else { return Ok(Vec::new()) };
    let xml = text_of(bytes, ENCRYPTION)?;
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

/// Lists the parts of the chapters, in their order.
fn spine(xml: &str, package: &str) -> Result<Vec<String>> {
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
    let is_text = |kind: &str| kind.is_empty() || kind.contains("html");
    let references = order.iter().filter_map(|id| items.get(id)).filter(|(_, kind)| is_text(kind));
    let mut chapters: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (reference, _) in references {
        if let Some(part) = resolve(package, reference)
            && seen.insert(part.clone())
        {
            chapters.push(part);
        }
    }
    Ok(chapters)
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
        read(Archive::open(packed(&parts), WHAT, u64::MAX)?, false, &mut out)?;
        Ok(out)
    }

    #[test]
    fn chapters_come_in_the_order_of_the_spine() {
        let Blocks { text, blocks } =
            book(&[("OEBPS/book.opf", PACKAGE.as_bytes())]).expect("a book");
        assert_eq!(text, "الأول\nOne.\nTwo.");
        assert_eq!(blocks[2].part.as_deref(), Some("OEBPS/text/2.xhtml"));
        assert_eq!((blocks[1].index, blocks[2].index), (1, 0));
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
