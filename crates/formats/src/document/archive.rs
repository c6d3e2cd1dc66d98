//! ZIP archives ([APPNOTE](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)) that
//! documents are packed in, read with care: an archive may come from anybody.
//!
//! Parts are read into memory by their names and never written, so that no name leads anywhere.
//! Only the parts that are needed are unpacked, each with a limit, and all together; archives inside
//! archives are not opened.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::{Error, ErrorKind, Result};

/// Parts that an archive may have.
const MOST_PARTS: usize = 100_000;
/// Bytes that the parts read may have together, unpacked.
const MOST_BYTES: u64 = 1 << 30;
/// How many times its packed size a part may have; text is packed to a tenth, tables of one word to
/// a hundredth.
const MOST_RATIO: u64 = 400;
/// A part of no more bytes may have any ratio.
const SMALL: u64 = 1 << 22;

/// How an archive begins.
pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";

/// An open archive.
pub(crate) struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    /// What is in it, for messages.
    what: &'static str,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl Archive {
    /// Opens an archive from which no more than so many bytes are to be unpacked.
    pub(crate) fn open(bytes: Vec<u8>, what: &'static str, most: u64) -> Result<Self> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(what, &error))?;
        if zip.len() > MOST_PARTS {
            return Err(ErrorKind::Hostile(format!("{} parts in one archive", zip.len())).into());
        }
        Ok(Self { zip, what, left: most.min(MOST_BYTES) })
    }

    /// Says what is in it, once that is known.
    pub(crate) fn call(&mut self, what: &'static str) {
        self.what = what;
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// Reads a part; none where there is no such part.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let what = self.what;
        let Some(index) = self.zip.index_for_name(name) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                Error::from(ErrorKind::Encrypted(what))
            }
            error => damaged(what, &error),
        })?;
        let packed = file.compressed_size();
        let by_ratio = packed.saturating_mul(MOST_RATIO).max(SMALL);
        let most = self.left.min(by_ratio);
        let mut bytes = Vec::new();
        // What the archive says of the size may be a lie; what is read is not.
        file.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged_part(what, name, &error))?;
        if bytes.len() as u64 > most {
            let why = if most == by_ratio { "times its size" } else { "bytes in all" };
            let limit = if most == by_ratio { MOST_RATIO } else { most };
            return Err(ErrorKind::Hostile(format!(
                "{name} in this {what} unpacks to more than {limit} {why}"
            ))
            .into());
        }
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// Reads a part that must be there.
    pub(crate) fn needed(&mut self, name: &str) -> Result<Vec<u8>> {
        let what = self.what;
        self.part(name)?
            .ok_or_else(|| ErrorKind::Damaged { what, reason: format!("it has no {name}") }.into())
    }
}

fn damaged(what: &'static str, error: &ZipError) -> Error {
    ErrorKind::Damaged { what, reason: error.to_string() }.into()
}

fn damaged_part(what: &'static str, name: &str, error: &std::io::Error) -> Error {
    ErrorKind::Damaged { what, reason: format!("{name}: {error}") }.into()
}

/// Gives the place in an archive that a reference from a part leads to: relative to the part's
/// folder, with `..` and percent signs resolved, without a fragment; none where it leads out.
pub(crate) fn resolve(part: &str, reference: &str) -> Option<String> {
    let reference = reference.split('#').next().unwrap_or_default();
    let decoded = percent_decoded(reference);
    let mut folders: Vec<&str> = match decoded.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => {
            let mut folders: Vec<&str> = part.split('/').collect();
            folders.pop();
            folders
        }
    };
    for piece in decoded.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                folders.pop()?;
            }
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (bytes[at], hex(at + 1), hex(at + 2)) {
            out.push(u8::try_from(high * 16 + low).unwrap_or_default());
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    /// Packs parts as documents are packed.
    pub(crate) fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).expect("memory");
            writer.write_all(bytes).expect("memory");
        }
        writer.finish().expect("memory").into_inner()
    }

    #[test]
    fn parts_are_read_by_name() {
        let bytes = packed(&[("a/b.xml", b"text"), ("../../etc/passwd", b"no")]);
        let mut archive = Archive::open(bytes, "DOCX", u64::MAX).expect("an archive");
        assert_eq!(archive.part("a/b.xml").expect("a part").as_deref(), Some(&b"text"[..]));
        assert_eq!(archive.part("none").expect("no error"), None);
        assert!(archive.needed("none").is_err());
    }

    #[test]
    fn bombs_are_refused_before_they_go_off() {
        let bytes = packed(&[("bomb", &vec![b' '; 8 << 20])]);
        assert!(bytes.len() < 20_000, "packed tightly");
        let mut archive = Archive::open(bytes, "DOCX", u64::MAX).expect("an archive");
        let error = archive.part("bomb").expect_err("a bomb");
        assert!(matches!(error.kind(), ErrorKind::Hostile(_)), "{error}");
        let bytes = packed(&[("large", &[b'a'; 5000]), ("other", &[b'b'; 5000])]);
        let mut archive = Archive::open(bytes, "DOCX", 6000).expect("an archive");
        assert!(archive.part("large").is_ok());
        assert!(archive.part("other").is_err(), "limits are for all parts together");
    }

    #[test]
    fn archives_that_are_cut_short_are_told() {
        let bytes = packed(&[("word/document.xml", b"<w:document/>")]);
        for cut in [10, bytes.len() / 2, bytes.len() - 1] {
            let error = Archive::open(bytes[..cut].to_vec(), "DOCX", u64::MAX).err();
            assert!(error.is_none_or(|it| matches!(it.kind(), ErrorKind::Damaged { .. })));
        }
    }

    #[test]
    fn references_stay_inside() {
        for (part, reference, place) in [
            ("OEBPS/a.opf", "text/1.xhtml#p", Some("OEBPS/text/1.xhtml")),
            ("OEBPS/a.opf", "../1%20b.xhtml", Some("1 b.xhtml")),
            ("a.opf", "../../etc/passwd", None),
            ("x/a.opf", "/b", Some("b")),
            ("a.opf", "%", Some("%")),
        ] {
            assert_eq!(resolve(part, reference).as_deref(), place, "{reference}");
        }
    }
}
