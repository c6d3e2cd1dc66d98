//! Decodes text to UTF-8, from the encoding that the caller names, that a byte order mark shows,
//! that the document declares, or that is detected from the bytes; an uncertain guess is an error.
//!
//! The encodings are those of the [WHATWG Encoding Standard](https://encoding.spec.whatwg.org/).
//! Line ends and Unicode normalisation forms are preserved.

use std::fmt;
use std::str::FromStr;

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::encoding::{EncodingGuess, arabic_encoding, is_plainly_western};
use crate::error::{Error, ErrorKind, Result};

pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// An encoding of text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

impl TextEncoding {
    /// Returns its name in the WHATWG standard.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    pub(crate) fn encoding(self) -> &'static Encoding {
        self.0
    }
}

impl fmt::Debug for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TextEncoding {
    type Err = Error;

    /// Parses any label of the standard, `windows-1256` or `cp1256`, `iso-8859-6` or `arabic`,
    /// in upper or lower case.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownEncoding`] for another name.
    fn from_str(name: &str) -> Result<Self> {
        let label = name.trim().to_ascii_lowercase().replace('_', "-");
        let label = match label.as_str() {
            "utf16" => "utf-16",
            "utf16le" => "utf-16le",
            "utf16be" => "utf-16be",
            "cp-1256" | "ansi-1256" => "cp1256",
            other => other,
        };
        Encoding::for_label_no_replacement(label.as_bytes())
            .map(Self)
            .ok_or_else(|| ErrorKind::UnknownEncoding(name.to_owned()).into())
    }
}

/// How the encoding of a text was determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodingSource {
    /// The text is UTF-8, which is the default.
    Utf8,
    /// The caller named it.
    Named,
    /// The text begins with a byte order mark.
    ByteOrderMark,
    /// The document declares it.
    Declared,
    /// It was detected from the bytes.
    Detected,
}

/// A decoded text.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: TextEncoding,
    pub(crate) source: EncodingSource,
}

/// Decodes bytes in the first of these encodings: the named one, that of a byte order mark, UTF-8
/// if the bytes are valid, the declared one, a detected one.
pub(crate) fn decode(
    bytes: Vec<u8>,
    named: Option<TextEncoding>,
    declared: Option<TextEncoding>,
) -> Result<Decoded> {
    if let Some(TextEncoding(encoding)) = named {
        return decode_strictly(encoding, &bytes, EncodingSource::Named);
    }
    if let Some((encoding, _)) = Encoding::for_bom(&bytes)
        && encoding != UTF_8
        // The byte order mark of UTF-32 begins like that of UTF-16.
        && EncodingGuess::wide(&bytes) != Some(EncodingGuess::Utf32)
    {
        return decode_strictly(encoding, &bytes, EncodingSource::ByteOrderMark);
    }
    // Before UTF-8, because Arabic in UTF-16 without a mark consists of bytes below 128.
    match EncodingGuess::wide(&bytes) {
        Some(EncodingGuess::Utf16Le) => {
            return decode_strictly(UTF_16LE, &bytes, EncodingSource::Detected);
        }
        Some(EncodingGuess::Utf16Be) => {
            return decode_strictly(UTF_16BE, &bytes, EncodingSource::Detected);
        }
        Some(guess) => {
            return Err(Error::from(ErrorKind::NotUtf8 { offset: 0, guess }).at_line(1));
        }
        None => {}
    }
    refuse_nul(&bytes)?;
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let bytes = match utf8(bytes, mark) {
        Ok(text) => {
            let encoding = TextEncoding(UTF_8);
            return Ok(Decoded { text, encoding, source: EncodingSource::Utf8 });
        }
        Err(bytes) => bytes,
    };
    // Old Arabic pages may declare a Western encoding because nobody had set the right one.
    let arabic = if mark > 0 { None } else { arabic_encoding(&bytes) };
    if let Some(TextEncoding(encoding)) = declared
        && encoding != UTF_8
        && !(encoding == WINDOWS_1252 && arabic.is_some())
    {
        return decode_strictly(encoding, &bytes, EncodingSource::Declared);
    }
    let guess = EncodingGuess::of(&bytes);
    let certain = match guess {
        EncodingGuess::Legacy(_) if mark > 0 => None,
        EncodingGuess::Legacy(_) => {
            arabic.or_else(|| is_plainly_western(&bytes).then_some(WINDOWS_1252))
        }
        _ => None,
    };
    if let Some(encoding) = certain {
        return decode_strictly(encoding, &bytes, EncodingSource::Detected);
    }
    let offset = std::str::from_utf8(&bytes).err().map_or(0, |error| error.valid_up_to());
    let line = line_of(&bytes, offset);
    Err(Error::from(match guess {
        EncodingGuess::Legacy(_) => ErrorKind::UnsureEncoding { offset, guess },
        _ => ErrorKind::NotUtf8 { offset, guess },
    })
    .at_line(line))
}

/// Detects the encoding of the beginning of a text, if it is not UTF-8 and the encoding is certain.
pub(crate) fn certain_encoding(start: &[u8]) -> Option<TextEncoding> {
    let found = match EncodingGuess::wide(start) {
        Some(EncodingGuess::Utf16Le) => UTF_16LE,
        Some(EncodingGuess::Utf16Be) => UTF_16BE,
        Some(_) => return None,
        None => {
            // The last character may be cut off.
            let error = std::str::from_utf8(start).err()?;
            error.error_len()?;
            match EncodingGuess::of(start) {
                EncodingGuess::Legacy(_) => arabic_encoding(start)?,
                _ => return None,
            }
        }
    };
    Some(TextEncoding(found))
}

/// Returns the bytes after the mark as a string without copying them, or the bytes if they are not
/// UTF-8.
fn utf8(mut bytes: Vec<u8>, mark: usize) -> Result<String, Vec<u8>> {
    if std::str::from_utf8(&bytes).is_err() {
        return Err(bytes);
    }
    bytes.drain(..mark);
    String::from_utf8(bytes).map_err(std::string::FromUtf8Error::into_bytes)
}

/// Returns an error if bytes that are not UTF-16 contain NUL.
pub(crate) fn refuse_nul(bytes: &[u8]) -> Result<()> {
    match bytes.iter().position(|byte| *byte == 0) {
        None => Ok(()),
        Some(offset) => {
            let kind = ErrorKind::Binary { what: "binary data", remedy: "name a text file".into() };
            Err(Error::from(kind).at_line(line_of(bytes, offset)))
        }
    }
}

/// Decodes in one encoding and returns an error for bytes that are invalid in it.
fn decode_strictly(
    encoding: &'static Encoding,
    bytes: &[u8],
    source: EncodingSource,
) -> Result<Decoded> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let capacity = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(capacity.unwrap_or(bytes.len()));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    if let DecoderResult::Malformed(length, after) = result {
        let offset = read.saturating_sub(usize::from(length) + usize::from(after));
        let line = 1 + text.bytes().filter(|byte| *byte == b'\n').count() as u64;
        let name = encoding.name();
        return Err(Error::from(ErrorKind::Undecodable { encoding: name, offset }).at_line(line));
    }
    refuse_nul(text.as_bytes())?;
    text.shrink_to_fit();
    Ok(Decoded { text, encoding: TextEncoding(encoding), source })
}

/// Returns the line of a byte, from 1.
pub(crate) fn line_of(bytes: &[u8], offset: usize) -> u64 {
    1 + bytes[..offset.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedy::FormatRemedy;

    const ARABIC: &str = "وصل القطار إلى المحطة قبل الفجر، ولم يكن في انتظاره أحد.\r\nجلس.\r\n";

    fn found(bytes: &[u8]) -> Result<(String, &'static str, EncodingSource)> {
        decode(bytes.to_vec(), None, None).map(|it| (it.text, it.encoding.name(), it.source))
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn encodings_are_detected_and_reported() {
        use EncodingSource::{ByteOrderMark, Detected, Utf8};
        let (windows, _, _) = encoding_rs::WINDOWS_1256.encode(ARABIC);
        let iso_text = ARABIC;
        let (iso, _, _) = encoding_rs::ISO_8859_6.encode(iso_text);
        let (le, be) = (utf16(ARABIC, u16::to_le_bytes), utf16(ARABIC, u16::to_be_bytes));
        for (bytes, name, source) in [
            (ARABIC.as_bytes().to_vec(), "UTF-8", Utf8),
            ([BYTE_ORDER_MARK, ARABIC.as_bytes()].concat(), "UTF-8", Utf8),
            (windows.to_vec(), "windows-1256", Detected),
            (iso.to_vec(), "ISO-8859-6", Detected),
            (le.clone(), "UTF-16LE", Detected),
            (be.clone(), "UTF-16BE", Detected),
            ([&b"\xff\xfe"[..], &le].concat(), "UTF-16LE", ByteOrderMark),
            ([&b"\xfe\xff"[..], &be].concat(), "UTF-16BE", ByteOrderMark),
        ] {
            let decoded = found(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(decoded, (ARABIC.to_owned(), name, source));
        }
    }

    #[test]
    fn normalisation_forms_are_preserved() {
        for text in ["cafe\u{301} آ ا\u{653}\n", "caf\u{e9}\r\n"] {
            assert_eq!(found(text.as_bytes()).expect("UTF-8").0, text);
        }
    }

    #[test]
    fn western_text_is_accepted_only_if_it_is_plain() {
        let plain = b"\x93It\x92s late,\x94 said Ren\xe9 \x96 and left the caf\xe9.\n";
        let decoded = found(plain).expect("plain");
        assert_eq!(decoded.0, "“It’s late,” said René – and left the café.\n");
        assert_eq!(decoded.1, "windows-1252");
        // MacRoman's quotation marks are letters in windows-1252; Polish is windows-1250.
        for uncertain in [
            &b"\xd2It\xd5s late\xd3, she said.\n"[..],
            b"Za\xbf\xf3\xb3\xe6 g\xea\x9cl\xb9 ja\x9f\xf1\n",
            b"\xef\xbb\xbfcaf\xe9 \x93yes\x94\n",
        ] {
            assert!(found(uncertain).is_err(), "{}", String::from_utf8_lossy(uncertain));
        }
    }

    #[test]
    fn an_uncertain_guess_is_an_error_with_a_remedy() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode("مرحبا");
        let error = found(&bytes).expect_err("five letters");
        assert!(matches!(error.kind(), ErrorKind::UnsureEncoding { offset: 0, .. }), "{error}");
        assert!(matches!(error.remedy(), Some(FormatRemedy::ConfirmEncoding { .. })));
        let named = "cp1256".parse().expect("a label");
        assert_eq!(decode(bytes.to_vec(), Some(named), None).expect("named").text, "مرحبا");
    }

    #[test]
    fn the_named_encoding_takes_precedence_and_is_strict() {
        let latin = "latin1".parse().expect("a label");
        assert_eq!(decode("é".into(), Some(latin), None).expect("named").text, "Ã©");
        let utf8 = "UTF-8".parse().expect("a label");
        let error = decode(b"ab\ncd\xff".to_vec(), Some(utf8), None).expect_err("no UTF-8");
        assert_eq!(error.line(), Some(2));
        assert!(matches!(error.kind(), ErrorKind::Undecodable { offset: 5, .. }), "{error}");
        assert!("klingon".parse::<TextEncoding>().is_err());
    }

    #[test]
    fn lone_surrogates_are_an_error_with_their_line() {
        let mut bytes = utf16("\u{feff}one\ntwo", u16::to_le_bytes);
        bytes.extend(0xd800_u16.to_le_bytes());
        bytes.extend(utf16("three\n", u16::to_le_bytes));
        let error = found(&bytes).expect_err("an unpaired surrogate");
        assert_eq!(error.line(), Some(2));
        assert!(error.to_string().contains("UTF-16LE"), "{error}");
        bytes.truncate(7);
        assert!(found(&bytes).is_err(), "half a unit");
    }

    #[test]
    fn declared_encodings_apply_if_the_text_is_not_utf8() {
        let declared = "windows-1256".parse().ok();
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode("مرحبا");
        let text = |bytes: &[u8]| decode(bytes.to_vec(), None, declared).expect("declared").text;
        assert_eq!(text(&bytes), "مرحبا");
        assert_eq!(text("مرحبا".as_bytes()), "مرحبا");
        let western = "iso-8859-1".parse().ok();
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(ARABIC);
        assert_eq!(decode(bytes.to_vec(), None, western).expect("Arabic").text, ARABIC);
    }
}
