//! Text documents: what `nasaq` reads to align or to segment.
//!
//! A document is UTF-8 ([RFC 3629](https://www.rfc-editor.org/rfc/rfc3629)), with or without a byte
//! order mark, with any line ends. The mark is removed; offsets count from after it. A document may be
//! packed with gzip or Zstandard, whatever its name; offsets are those of the unpacked text.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::compress::Unpacker;
use crate::encoding::EncodingGuess;
use crate::error::{Error, ErrorKind, Result};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How files that people mistake for text begin, what they are, and what to do about it.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "a PDF", "take the text out first: pdftotext -layout FILE.pdf FILE.txt"),
    (
        b"PK\x03\x04",
        "a ZIP archive, as DOCX, ODT and EPUB files are",
        "save the document as plain text (UTF-8), or use: pandoc -t plain FILE.docx -o FILE.txt",
    ),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file", "save it as plain text (UTF-8)"),
    (b"\xfd7zXZ\x00", "an xz file", "unpack it first: unxz FILE.xz"),
    (b"BZh", "a bzip2 file", "unpack it first: bunzip2 FILE.bz2"),
    (b"\x89PNG", "a PNG image", "use its text, not its picture"),
    (b"\xff\xd8\xff", "a JPEG image", "use its text, not its picture"),
    (b"GIF8", "a GIF image", "use its text, not its picture"),
    (b"{\\rtf", "an RTF file", "save it as plain text (UTF-8)"),
    (b"\x7fELF", "a program", "name a text file"),
];

/// The text of a file, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What messages call it: the path as given, or `standard input`.
    pub name: String,
    /// The text, without a byte order mark; never only white space.
    pub text: String,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ErrorKind::Missing`], [`ErrorKind::Folder`], [`ErrorKind::Denied`] or [`ErrorKind::Io`]
    /// where it cannot be read, and the errors of [`Document::from_bytes`].
    pub fn read(path: &Path) -> Result<Self> {
        Self::read_at_most(path, u64::MAX)
    }

    /// Reads a file that has no more than so many bytes, unpacked.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`] for one that has more, and the errors of [`Document::read`].
    pub fn read_at_most(path: &Path, most: u64) -> Result<Self> {
        let name = path.display().to_string();
        let bytes = open(path).map_err(|source| Error::reading(source).at_path(path))?;
        Self::from_stream(name, bytes, most)
    }

    /// Reads standard input, or any other stream, to its end.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] where reading fails, and the errors of [`Document::from_bytes`].
    pub fn from_reader(name: &str, reader: impl Read) -> Result<Self> {
        Self::from_stream(name.to_owned(), reader, u64::MAX)
    }

    fn from_stream(name: String, reader: impl Read, most: u64) -> Result<Self> {
        match read_bytes(reader, most) {
            Ok(bytes) => Self::from_bytes(name, bytes),
            Err(error) => Err(error.at_path(name)),
        }
    }

    /// Checks the bytes of a file.
    ///
    /// # Errors
    /// [`ErrorKind::Binary`] for what is no text, [`ErrorKind::NotUtf8`] for text in another
    /// encoding, with the line of the first bad byte, and [`ErrorKind::Empty`] where there is
    /// nothing but white space.
    pub fn from_bytes(name: String, bytes: Vec<u8>) -> Result<Self> {
        match check(bytes) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => Err(error.at_path(name)),
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    // Opening a folder succeeds on Unix and only reading it fails, with a message that varies.
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(file)
}

/// Reads to the end and unpacks; a small file may unpack to more than the memory holds, so nothing
/// is read beyond `most`.
fn read_bytes(reader: impl Read, most: u64) -> Result<Vec<u8>> {
    let unpacker = Unpacker::new(reader).map_err(Error::reading)?;
    let packing = unpacker.packing();
    let mut bytes = Vec::new();
    unpacker.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(
        |source| match packing {
            Some(packing) => ErrorKind::Packed { packing, source }.into(),
            None => Error::reading(source),
        },
    )?;
    if bytes.len() as u64 > most {
        return Err(ErrorKind::TooLarge { most }.into());
    }
    Ok(bytes)
}

fn check(mut bytes: Vec<u8>) -> Result<String> {
    for (magic, what, advice) in MAGIC {
        if bytes.starts_with(magic) {
            return Err(ErrorKind::Binary { what, advice }.into());
        }
    }
    // Before the NUL check, because UTF-16 is full of them; and before the UTF-8 check, because
    // Arabic in UTF-16 without a mark is made of bytes below 128.
    if let Some(guess) = EncodingGuess::wide(&bytes) {
        return Err(Error::from(ErrorKind::NotUtf8 { offset: 0, guess }).at_line(1));
    }
    if let Some(offset) = bytes.iter().position(|byte| *byte == 0) {
        let kind = ErrorKind::Binary { what: "binary data", advice: "name a text file" };
        return Err(Error::from(kind).at_line(line_of(&bytes, offset)));
    }
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    bytes.drain(..mark);
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        // In the file as the user has it, where the mark still is.
        let kind = ErrorKind::NotUtf8 { offset: mark + offset, guess: EncodingGuess::of(bytes) };
        Error::from(kind).at_line(line_of(bytes, offset))
    })?;
    if text.trim().is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    Ok(text)
}

/// Gives the line, from 1, that a byte is on.
fn line_of(bytes: &[u8], offset: usize) -> u64 {
    1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count() as u64
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
    fn text_is_kept_as_it_is() {
        for text in ["a", "سطر\r\nline\r\n", " \u{feff}x", "no end"] {
            assert_eq!(document(text.as_bytes()).expect("good input").text, text);
        }
    }

    #[test]
    fn byte_order_mark_is_removed() {
        assert_eq!(document("\u{feff}abc".as_bytes()).expect("good input").text, "abc");
    }

    #[test]
    fn bad_bytes_are_told_with_their_place_and_encoding() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode("one\ntwo\nثلاثة أسطر من النص\n");
        let error = document(&bytes).expect_err("bad input");
        assert_eq!(
            error.to_string(),
            "a.txt:3: this is not UTF-8 (first bad byte at offset 8); it looks like windows-1256"
        );
        assert_eq!(
            error.hint().as_deref(),
            Some("convert it: iconv -f CP1256 -t UTF-8 a.txt > a.txt.utf8")
        );
    }

    #[test]
    fn place_of_a_bad_byte_counts_the_byte_order_mark() {
        assert!(message(b"\xef\xbb\xbfab\xff").contains("offset 5"));
    }

    #[test]
    fn arabic_in_utf16_is_told_although_its_bytes_are_ascii() {
        let bytes: Vec<u8> = "نص عربي".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(std::str::from_utf8(&bytes).is_ok(), "the trap that this is about");
        assert!(message(&bytes).ends_with("it looks like UTF-16LE"));
    }

    #[test]
    fn files_that_are_no_text_are_named() {
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
    fn packed_documents_are_unpacked_whatever_their_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        for bytes in packed("\u{feff}سطر\n") {
            std::fs::write(&path, &bytes).expect("a file");
            assert_eq!(Document::read(&path).expect("a document").text, "سطر\n");
            std::fs::write(&path, &bytes[..bytes.len() - 3]).expect("a file");
            let error = Document::read(&path).expect_err("half a file");
            assert!(matches!(error.kind(), ErrorKind::Packed { .. }), "{error}");
            assert!(error.hint().is_some());
        }
    }

    #[test]
    fn large_documents_are_refused_before_they_fill_the_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        let text = "a".repeat(1000);
        for bytes in packed(&text).into_iter().chain([text.clone().into_bytes()]) {
            std::fs::write(&path, bytes).expect("a file");
            assert!(Document::read_at_most(&path, 1000).is_ok());
            let error = Document::read_at_most(&path, 999).expect_err("too large");
            assert!(matches!(error.kind(), ErrorKind::TooLarge { most: 999 }), "{error}");
        }
    }

    #[test]
    fn nothing_is_an_error() {
        for bytes in [&b""[..], b"\n \t\r\n", b"\xef\xbb\xbf", "\u{2003}\n".as_bytes()] {
            assert_eq!(message(bytes), "a.txt: this file has no text");
        }
    }

    #[test]
    fn missing_file_and_folder_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = Document::read(&folder.path().join("none")).expect_err("missing");
        assert!(matches!(missing.kind(), ErrorKind::Missing));
        let folder = Document::read(folder.path()).expect_err("a folder");
        assert!(matches!(folder.kind(), ErrorKind::Folder));
    }
}
