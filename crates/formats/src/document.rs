//! Documents: what `nasaq` reads to align or to segment.
//!
//! A document is plain text or in one of the formats of [`DocumentFormat`], each described in its
//! own module. Plain text may be in any encoding that can be detected: UTF-8 ([RFC
//! 3629](https://www.rfc-editor.org/rfc/rfc3629)), UTF-16 with or without a byte order mark,
//! windows-1256, ISO-8859-6, plain windows-1252; or in one that the caller names. Line ends of any
//! kind are accepted. A byte order mark is removed. A document may be compressed with gzip or
//! Zstandard, whatever its name.
//!
//! Offsets count bytes of [`Document::text`]: for plain text these are the bytes of the file,
//! decoded to UTF-8, after a byte order mark.

mod archive;
mod block;
mod boilerplate;
mod docx;
mod epub;
mod html;
mod kind;
mod markdown;
mod mirror;
mod not_prose;
mod note;
mod odt;
mod office_xml;
#[cfg(feature = "pdf")]
mod pdf;
mod place;
mod pptx;
mod reader;
mod subtitles;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub use self::block::{BlockKind, DocumentBlock};
pub use self::kind::DocumentFormat;
pub use self::note::DocumentNote;
pub use self::place::DocumentPlace;
pub use self::reader::DocumentReader;
use crate::compress::Unpacker;
use crate::decode::{BYTE_ORDER_MARK, EncodingSource, line_of, refuse_nul};
use crate::encoding::EncodingGuess;
use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;
use crate::stamp::StableFile;

/// The maximum length in bytes of a document other than plain text, and of files of settings.
const MAX_MARKUP: u64 = 1 << 30;

/// The first bytes of files that are often mistaken for text, what they are, and what to do.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (
        b"%PDF-",
        "a PDF",
        "use the document that it was made from, or read it as PDF and not as text",
    ),
    (
        b"PK\x03\x04",
        "a ZIP archive, as DOCX, ODT, EPUB and XLSX files are",
        "save it as plain text (UTF-8), a spreadsheet as CSV; for a document, pandoc does it: \
         pandoc -t plain FILE.docx -o FILE.txt",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "an old or an encrypted Word or Excel file",
        "save it as DOCX without a password: soffice --headless --convert-to docx FILE.doc",
    ),
    (b"\xfd7zXZ\x00", "an xz file", "decompress it first: unxz FILE.xz"),
    (b"BZh", "a bzip2 file", "decompress it first: bunzip2 FILE.bz2"),
    (b"\x89PNG", "a PNG image", "use its text, not its picture"),
    (b"\xff\xd8\xff", "a JPEG image", "use its text, not its picture"),
    (b"GIF8", "a GIF image", "use its text, not its picture"),
    (b"{\\rtf", "an RTF file", "save it as DOCX: soffice --headless --convert-to docx FILE.rtf"),
    (b"\x7fELF", "a program", "name a text file"),
];

/// A document: its text and its blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Document {
    /// The name in messages: the path as given, or `standard input`.
    pub name: String,
    /// The text, without a byte order mark; never only white space. Each block is on separate
    /// lines, except that subtitles may share a line.
    pub text: String,
    /// The blocks of the text, in order; empty for plain text.
    pub blocks: Vec<DocumentBlock>,
    /// The format of the document.
    pub format: DocumentFormat,
    /// The encoding of the document; UTF-8 for archives.
    pub encoding: &'static str,
    /// How the encoding was determined.
    pub encoding_source: EncodingSource,
    /// What the reader changed, omitted or could not read.
    pub notes: Vec<DocumentNote>,
}

impl Document {
    /// Returns the beginning of the document: a share of its text, without blocks.
    #[must_use]
    pub fn beginning(&self, share: f64) -> Self {
        let mut end = ((self.text.len() as f64 * share) as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        Self { text: self.text[..end].to_owned(), blocks: Vec::new(), ..self.clone() }
    }

    /// Reads a file of UTF-8 text, whatever its name, of at most 1 GiB.
    ///
    /// # Errors
    /// [`ErrorKind::Missing`], [`ErrorKind::Folder`], [`ErrorKind::Denied`] or [`ErrorKind::Io`] if
    /// it cannot be read, [`ErrorKind::Changed`] if it changes meanwhile, [`ErrorKind::TooLarge`], and the errors of [`Document::from_bytes`].
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let bytes = open(path).map_err(|source| Error::reading(source).at_path(path))?;
        let bytes = read_bytes(bytes, MAX_MARKUP).map_err(|error| error.at_path(&name))?;
        Self::from_bytes(name, bytes)
    }

    /// Validates bytes of UTF-8 text.
    ///
    /// # Errors
    /// [`ErrorKind::Binary`] if the bytes are not text, [`ErrorKind::NotUtf8`] for text in another
    /// encoding, with the line of the first bad byte, and [`ErrorKind::Empty`] if there is only
    /// white space.
    pub fn from_bytes(name: String, bytes: Vec<u8>) -> Result<Self> {
        match utf8_text(bytes) {
            Ok(text) => Ok(Self {
                name,
                text,
                blocks: Vec::new(),
                format: DocumentFormat::Text,
                encoding: encoding_rs::UTF_8.name(),
                encoding_source: EncodingSource::Utf8,
                notes: Vec::new(),
            }),
            Err(error) => Err(error.at_path(name)),
        }
    }

    /// Returns a message about the encoding, if it was neither UTF-8 nor named by the caller.
    #[must_use]
    pub fn encoding_note(&self) -> Option<String> {
        let how = match self.encoding_source {
            EncodingSource::Utf8 | EncodingSource::Named => return None,
            EncodingSource::ByteOrderMark => "by its byte order mark",
            EncodingSource::Declared => "as the document declares",
            EncodingSource::Detected => "detected from its bytes",
        };
        Some(format!("{}: read as {} ({how})", self.name, self.encoding))
    }
}

fn open(path: &Path) -> io::Result<StableFile> {
    let file = File::open(path)?;
    // Opening a folder succeeds on Unix and only reading it fails, with a message that varies.
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    StableFile::new(file)
}

/// No document begins with as many zero bytes.
const ZEROS: usize = 4096;

/// Reads to the end and decompresses; a small file may decompress to more than the memory holds, so
/// nothing is read beyond `max_bytes`.
fn read_bytes(reader: impl Read, max_bytes: u64) -> Result<Vec<u8>> {
    let unpacker = Unpacker::new(reader).map_err(Error::reading)?;
    let mut bytes = Vec::new();
    let mut limited = unpacker.take(max_bytes.saturating_add(1));
    // A device such as /dev/zero would be read up to the limit.
    limited.by_ref().take(ZEROS as u64).read_to_end(&mut bytes).map_err(Error::reading)?;
    if bytes.len() == ZEROS && bytes.iter().all(|byte| *byte == 0) {
        let kind = ErrorKind::Binary { what: "binary data", remedy: "name a text file".into() };
        return Err(Error::from(kind).at_line(1));
    }
    limited.read_to_end(&mut bytes).map_err(Error::reading)?;
    if bytes.len() as u64 > max_bytes {
        return Err(ErrorKind::TooLarge { max_bytes }.into());
    }
    Ok(bytes)
}

/// Refuses files that are known not to be text.
fn refuse_magic(bytes: &[u8]) -> Result<()> {
    match MAGIC.iter().find(|(magic, _, _)| bytes.starts_with(magic)) {
        Some((_, what, advice)) => {
            let remedy = FormatRemedy::Advice(advice);
            Err(ErrorKind::Binary { what, remedy }.into())
        }
        None => Ok(()),
    }
}

/// Validates bytes that must be UTF-8 text.
fn utf8_text(mut bytes: Vec<u8>) -> Result<String> {
    refuse_magic(&bytes)?;
    // Before the NUL check, because UTF-16 has many; and before the UTF-8 check, because Arabic in
    // UTF-16 without a mark consists of bytes below 128.
    if let Some(guess) = EncodingGuess::wide(&bytes) {
        return Err(Error::from(ErrorKind::NotUtf8 { offset: 0, guess }).at_line(1));
    }
    refuse_nul(&bytes)?;
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    bytes.drain(..mark);
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        // The offset in the file, which still has the mark.
        let kind = ErrorKind::NotUtf8 { offset: mark + offset, guess: EncodingGuess::of(bytes) };
        Error::from(kind).at_line(line_of(bytes, offset))
    })?;
    if text.trim().is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(bytes: &[u8]) -> Result<Document> {
        Document::from_bytes("a.txt".to_owned(), bytes.to_vec())
    }

    fn message(bytes: &[u8]) -> String {
        document(bytes).expect_err("bad input").to_string()
    }

    #[test]
    fn text_is_not_changed() {
        for text in ["a", "سطر\r\nline\r\n", " \u{feff}x", "no end"] {
            assert_eq!(document(text.as_bytes()).expect("good input").text, text);
        }
    }

    #[test]
    fn byte_order_mark_is_removed() {
        assert_eq!(document("\u{feff}abc".as_bytes()).expect("good input").text, "abc");
    }

    #[test]
    fn bad_bytes_are_reported_with_their_offset_and_encoding() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode("one\ntwo\nثلاثة أسطر من النص\n");
        let error = document(&bytes).expect_err("bad input");
        assert_eq!(
            error.to_string(),
            "a.txt:3: this is not UTF-8 (first bad byte at offset 8); it looks like windows-1256"
        );
        assert_eq!(
            error.remedy(),
            Some(FormatRemedy::ConvertEncoding {
                guess: EncodingGuess::Legacy("windows-1256"),
                path: Some("a.txt".into()),
            })
        );
    }

    #[test]
    fn the_offset_of_a_bad_byte_counts_the_byte_order_mark() {
        assert!(message(b"\xef\xbb\xbfab\xff").contains("offset 5"));
    }

    #[test]
    fn arabic_in_utf16_is_recognised_although_its_bytes_are_ascii() {
        let bytes: Vec<u8> = "نص عربي".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(std::str::from_utf8(&bytes).is_ok(), "the bytes alone are valid UTF-8");
        assert!(message(&bytes).ends_with("it looks like UTF-16LE"));
    }

    #[test]
    fn files_that_are_not_text_are_named() {
        for (bytes, what) in [
            (&b"%PDF-1.7\n"[..], "a PDF"),
            (b"PK\x03\x04\x14\0", "DOCX"),
            (b"\xfd7zXZ\0", "an xz file"),
            (b"\x89PNG\r\n\x1a\n", "PNG"),
            (b"a\x01\0\0\0\xff\xfe\x80\x81\x82", "binary data"),
        ] {
            assert!(message(bytes).contains(what), "{}", message(bytes));
        }
    }

    fn packed(text: &str) -> [Vec<u8>; 2] {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text.as_bytes()).expect("memory");
        let gzip = gzip.finish().expect("memory");
        [gzip, zstd::encode_all(text.as_bytes(), 1).expect("memory")]
    }

    #[test]
    fn compressed_documents_are_decompressed_whatever_their_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        for bytes in packed("\u{feff}سطر\n") {
            std::fs::write(&path, &bytes).expect("a file");
            assert_eq!(Document::read(&path).expect("a document").text, "سطر\n");
            std::fs::write(&path, &bytes[..bytes.len() - 3]).expect("a file");
            let error = Document::read(&path).expect_err("half a file");
            assert!(matches!(error.kind(), ErrorKind::Packed { .. }), "{error}");
            assert!(error.remedy().is_some());
        }
    }

    #[test]
    fn a_long_window_of_zstd_is_named() {
        let mut packer = zstd::Encoder::new(Vec::new(), 1).expect("memory");
        packer.long_distance_matching(true).expect("a setting");
        packer.window_log(28).expect("a setting");
        packer.include_contentsize(false).expect("a setting");
        io::Write::write_all(&mut packer, &b"text ".repeat(1000)).expect("memory");
        let bytes = packer.finish().expect("memory");
        let error = DocumentReader::new().from_reader("a", &bytes[..]).expect_err("too long");
        assert_eq!(
            error.to_string(),
            "a: this zstd file was compressed with a window of more than 128 MB"
        );
        assert!(error.remedy().is_some_and(|it| it.to_string().contains("zstd -d --long=31")));
    }

    #[test]
    fn large_documents_are_refused_before_they_fill_the_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        let text = "a".repeat(1000);
        for bytes in packed(&text).into_iter().chain([text.clone().into_bytes()]) {
            std::fs::write(&path, bytes).expect("a file");
            assert!(DocumentReader::new().max_bytes(1000).read(&path).is_ok());
            let error = DocumentReader::new().max_bytes(999).read(&path).expect_err("too large");
            assert!(matches!(error.kind(), ErrorKind::TooLarge { max_bytes: 999 }), "{error}");
        }
    }

    #[test]
    fn an_empty_document_is_an_error() {
        for bytes in [&b""[..], b"\n \t\r\n", b"\xef\xbb\xbf", "\u{2003}\n".as_bytes()] {
            assert_eq!(message(bytes), "a.txt: this file has no text");
        }
    }

    #[test]
    fn missing_files_and_folders_are_distinguished() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = Document::read(&folder.path().join("none")).expect_err("missing");
        assert!(matches!(missing.kind(), ErrorKind::Missing));
        let folder = Document::read(folder.path()).expect_err("a folder");
        assert!(matches!(folder.kind(), ErrorKind::Folder));
    }
}
