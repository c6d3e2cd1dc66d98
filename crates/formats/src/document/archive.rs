//! ZIP archives ([APPNOTE](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)) of
//! documents, read defensively: an archive may come from anybody.
//!
//! Parts are read into memory by their names and never written to disk, so that no name can point
//! outside. A name that the archive does not have is found in another spelling: decomposed, in
//! other case, in another encoding. Only the parts that are needed are decompressed, with a limit
//! for each and for all together; archives in archives are not opened.

mod names;

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use self::names::PartNames;
use super::note::DocumentNote;
use crate::decode::decode;
use crate::error::{ByteCount, Error, ErrorKind, Result};

/// The maximum number of parts of an archive.
const MAX_PARTS: usize = 100_000;
/// The maximum total size of the parts that are read, decompressed, in bytes.
const MAX_BYTES: u64 = 1 << 30;
/// The maximum ratio of the size of a part to its compressed size; text compresses to a tenth,
/// tables of one word to a hundredth.
const MAX_RATIO: u64 = 400;
/// A part of up to this size may have any ratio, in bytes.
const SMALL_PART: u64 = 1 << 22;

/// The first bytes of an archive.
pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";

/// An open archive.
pub(crate) struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    names: PartNames,
    /// The name of its kind, for messages.
    what: &'static str,
    /// The number of bytes that may still be decompressed.
    remaining: u64,
}

impl Archive {
    /// Opens an archive; `max_bytes` limits the total size of the parts that are read.
    pub(crate) fn open(bytes: Vec<u8>, what: &'static str, max_bytes: u64) -> Result<Self> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(what, &error))?;
        if zip.len() > MAX_PARTS {
            return Err(ErrorKind::Hostile(format!("{} parts in one archive", zip.len())).into());
        }
        let names = PartNames::new(&mut zip);
        Ok(Self { zip, names, what, remaining: max_bytes.min(MAX_BYTES) })
    }

    /// Sets the name of its kind, once that is known.
    pub(crate) fn set_name(&mut self, what: &'static str) {
        self.what = what;
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    /// Returns the first name with this ending, in the order of the archive.
    pub(crate) fn first_name_with(&self, ending: &str) -> Option<String> {
        let mut names = self.zip.file_names().flatten();
        names.find(|name| name.ends_with(ending)).map(String::from)
    }

    /// Finds a part by its name, or else by another spelling of it.
    fn index(&self, name: &str) -> Option<usize> {
        self.zip.index_for_name(name).or_else(|| self.names.find(name))
    }

    /// Reads a part, or returns `None` if the archive has no such part.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let what = self.what;
        let Some(index) = self.index(name) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                Error::from(ErrorKind::Encrypted(what))
            }
            error => damaged(what, &error),
        })?;
        let compressed = file.compressed_size();
        let by_ratio = compressed.saturating_mul(MAX_RATIO).max(SMALL_PART);
        let max_len = self.remaining.min(by_ratio);
        let mut bytes = Vec::new();
        // The size in the archive may be false, so the bytes are counted.
        file.take(max_len + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged_part(what, name, &error))?;
        if bytes.len() as u64 > max_len {
            let limit = match max_len == by_ratio {
                true => format!("{MAX_RATIO} times its size"),
                false => format!("the {} that may still be read", ByteCount(max_len)),
            };
            let reason = format!("{name} in this {what} decompresses to more than {limit}");
            return Err(ErrorKind::Hostile(reason).into());
        }
        self.remaining -= bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// Reads a part that the archive must have.
    pub(crate) fn required(&mut self, name: &str) -> Result<Vec<u8>> {
        let what = self.what;
        self.part(name)?
            .ok_or_else(|| ErrorKind::Damaged { what, reason: format!("it has no {name}") }.into())
    }

    /// Reads the text of a part that the archive must have: XML in UTF-8 or UTF-16.
    pub(crate) fn required_text(&mut self, name: &str) -> Result<String> {
        let bytes = self.required(name)?;
        self.decoded(bytes, name)
    }

    /// Reads the text of a part, or returns `None` if the archive has no such part.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>> {
        self.part(name)?.map(|bytes| self.decoded(bytes, name)).transpose()
    }

    fn decoded(&self, bytes: Vec<u8>, name: &str) -> Result<String> {
        let declared = super::html::declared_encoding(&bytes);
        let decoded = decode(bytes, None, declared).map_err(|error| {
            Error::from(ErrorKind::Damaged { what: self.what, reason: format!("{name}: {error}") })
        })?;
        Ok(decoded.text)
    }
}

/// Returns a note of a part that cannot be read, so that the rest of the document can be.
///
/// # Errors
/// The error itself if the document must be refused: it may be an attack, or encrypted.
pub(crate) fn note_of_part(name: &str, error: Error) -> Result<DocumentNote> {
    let reason = match error.kind() {
        ErrorKind::Hostile(_) | ErrorKind::Encrypted(_) => return Err(error),
        ErrorKind::Damaged { reason, .. } => reason.clone(),
        _ => error.to_string(),
    };
    let text = match reason.contains(name) {
        true => format!("a part is missing or damaged: {reason}"),
        false => format!("a part is missing or damaged: {name}: {reason}"),
    };
    Ok(DocumentNote::damage("damaged-part", text))
}

fn damaged(what: &'static str, error: &ZipError) -> Error {
    ErrorKind::Damaged { what, reason: error.to_string() }.into()
}

fn damaged_part(what: &'static str, name: &str, error: &std::io::Error) -> Error {
    ErrorKind::Damaged { what, reason: format!("{name}: {error}") }.into()
}

/// Resolves a reference in a part to the name of another part: relative to the folder of the part,
/// with `..` and percent escapes resolved and without a query or a fragment; `None` if it points
/// outside.
pub(crate) fn resolve(part: &str, reference: &str) -> Option<String> {
    let reference = reference.split(['#', '?']).next().unwrap_or_default();
    let decoded = percent_decoded(reference);
    let mut folders: Vec<&str> = match decoded.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => {
            let mut folders: Vec<&str> = part.split('/').collect();
            folders.pop();
            folders
        }
    };
    for segment in decoded.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                folders.pop()?;
            }
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

pub(super) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let hex = |index: usize| bytes.get(index).and_then(|&byte| char::from(byte).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (bytes[index], hex(index + 1), hex(index + 2)) {
            out.push(u8::try_from(high * 16 + low).unwrap_or_default());
            index += 3;
        } else {
            out.push(bytes[index]);
            index += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    /// Builds an archive of parts.
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
        assert!(archive.required("none").is_err());
    }

    #[test]
    fn decompression_bombs_are_refused() {
        let bytes = packed(&[("bomb", &vec![b' '; 8 << 20])]);
        assert!(bytes.len() < 20_000, "highly compressed");
        let mut archive = Archive::open(bytes, "DOCX", u64::MAX).expect("an archive");
        let error = archive.part("bomb").expect_err("a bomb");
        assert!(matches!(error.kind(), ErrorKind::Hostile(_)), "{error}");
        let bytes = packed(&[("large", &[b'a'; 5000]), ("other", &[b'b'; 5000])]);
        let mut archive = Archive::open(bytes, "DOCX", 6000).expect("an archive");
        assert!(archive.part("large").is_ok());
        assert!(archive.part("other").is_err(), "limits are for all parts together");
    }

    #[test]
    fn truncated_archives_are_errors() {
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
            ("a.opf", "1.xhtml?x=1#a", Some("1.xhtml")),
            ("a.opf", "1%3F.xhtml", Some("1?.xhtml")),
        ] {
            assert_eq!(resolve(part, reference).as_deref(), place, "{reference}");
        }
    }
}
