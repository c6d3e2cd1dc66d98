//! Converts streams to UTF-8: UTF-16 with a byte order mark, XML that declares its encoding,
//! gettext catalogues that name their charset.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::decode::TextEncoding;

/// The number of bytes that are searched for a declaration.
const DECLARATION_LEN: usize = 4096;

/// Returns a stream as UTF-8 if its beginning declares another encoding; otherwise unchanged.
///
/// Bytes that cannot be decoded, such as an unpaired surrogate, become U+FFFD.
pub(super) fn recoded(mut stream: Box<dyn BufRead + Send>) -> io::Result<Box<dyn BufRead + Send>> {
    let Some(encoding) = declared(stream.fill_buf()?) else { return Ok(stream) };
    Ok(Recoder::start(stream, encoding, false))
}

/// Returns a stream in an encoding as UTF-8. Bytes that are not valid in it are an error with their
/// offset.
pub(super) fn recoded_from(
    stream: Box<dyn BufRead + Send>,
    encoding: TextEncoding,
) -> Box<dyn BufRead + Send> {
    if encoding.encoding() == UTF_8 {
        stream
    } else {
        Recoder::start(stream, encoding.encoding(), true)
    }
}

/// The error of bytes that are not valid in the encoding of a stream.
#[derive(Debug, thiserror::Error)]
#[error("not valid {encoding}")]
pub(crate) struct UndecodableError {
    pub(crate) encoding: &'static str,
    pub(crate) offset: usize,
}

/// Reports whether the beginning of a file declares an encoding other than UTF-8.
pub(super) fn is_declared(start: &[u8]) -> bool {
    declared(start).is_some()
}

/// Returns the name of the encoding that the beginning of a file declares if the file is in UTF-8.
///
/// Programs write declarations without looking at the text. Other encodings of Arabic hardly ever
/// have two letters that are valid UTF-8.
pub(super) fn wrongly_declared(start: &[u8]) -> Option<&'static str> {
    let encoding = declared(start)?;
    if encoding == UTF_16LE || encoding == UTF_16BE || start.is_ascii() {
        return None;
    }
    // The last character may be cut off.
    let is_utf8 = std::str::from_utf8(start).map_or_else(|it| it.error_len().is_none(), |_| true);
    is_utf8.then(|| encoding.name())
}

fn declared(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        // Not the byte order mark of UTF-32.
        [0xff, 0xfe, rest @ ..] if !rest.starts_with(&[0, 0]) => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let start = &start[..start.len().min(DECLARATION_LEN)];
    let text = String::from_utf8_lossy(start);
    let label = if let Some(declaration) = text.strip_prefix("<?xml") {
        let declaration = &declaration[..declaration.find("?>")?];
        let value = declaration[declaration.find("encoding")?..].split(['"', '\'']).nth(1)?;
        value.to_owned()
    } else if text.contains("msgid \"\"") {
        let rest = text.split_once("charset=")?.1;
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
    } else {
        return None;
    };
    // A declaration of UTF-16 that can be read as single bytes is wrong.
    let found = Encoding::for_label(label.as_bytes())?;
    (found != UTF_8 && found != UTF_16LE && found != UTF_16BE).then_some(found)
}

struct Recoder {
    stream: Box<dyn BufRead + Send>,
    decoder: Decoder,
    out: Vec<u8>,
    position: usize,
    ended: bool,
    /// Whether invalid bytes are an error and not replaced.
    is_strict: bool,
    /// The number of bytes that were decoded.
    offset: usize,
}

impl Recoder {
    fn start(
        stream: Box<dyn BufRead + Send>,
        encoding: &'static Encoding,
        is_strict: bool,
    ) -> Box<dyn BufRead + Send> {
        let decoder = encoding.new_decoder_with_bom_removal();
        let (out, position, ended, offset) = (Vec::new(), 0, false, 0);
        Box::new(BufReader::new(Self { stream, decoder, out, position, ended, is_strict, offset }))
    }
}

impl Read for Recoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.position == self.out.len() {
            if self.ended {
                return Ok(0);
            }
            let input = self.stream.fill_buf()?;
            self.ended = input.is_empty();
            self.out.resize(self.decoder.max_utf8_buffer_length(input.len()).unwrap_or(1 << 16), 0);
            let (read, written) = if self.is_strict {
                let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                    input,
                    &mut self.out,
                    self.ended,
                );
                if let DecoderResult::Malformed(length, after) = result {
                    let end = self.offset + read - usize::from(after);
                    let encoding = self.decoder.encoding().name();
                    let offset = end.saturating_sub(usize::from(length));
                    return Err(io::Error::other(UndecodableError { encoding, offset }));
                }
                (read, written)
            } else {
                let (_, read, written, _) =
                    self.decoder.decode_to_utf8(input, &mut self.out, self.ended);
                (read, written)
            };
            self.stream.consume(read);
            self.offset += read;
            self.out.truncate(written);
            self.position = 0;
        }
        let count = buffer.len().min(self.out.len() - self.position);
        buffer[..count].copy_from_slice(&self.out[self.position..self.position + count]);
        self.position += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(bytes: &[u8]) -> String {
        // A small buffer, so that characters are split in many places.
        let stream = BufReader::with_capacity(4096, Cursor::new(bytes.to_vec()));
        let mut text = String::new();
        recoded(Box::new(stream)).expect("memory").read_to_string(&mut text).expect("UTF-8");
        text
    }

    fn utf16(text: &str) -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn utf_16_is_recognised_by_its_mark() {
        let text = "نعم\tYes 👍\n".repeat(5000);
        assert_eq!(read(&utf16(&text)), text);
        let big: Vec<u8> = utf16("نعم").chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
        assert_eq!(read(&big), "نعم");
    }

    #[test]
    fn an_unpaired_surrogate_is_replaced() {
        let mut bytes = utf16("a");
        bytes.extend([0x00, 0xd8]);
        bytes.extend("b".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(read(&bytes), "a\u{fffd}b");
    }

    #[test]
    fn declarations_are_followed() {
        let xml = b"<?xml version=\"1.0\" encoding='windows-1256'?><a>\xe4\xda\xe3</a>";
        assert!(read(xml).ends_with("<a>نعم</a>"));
        let po = b"msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=ISO-8859-6\\n\"\n\xe6";
        assert!(read(po).ends_with('ن'), "{}", read(po));
        assert_eq!(wrongly_declared(xml), None);
        let wrong = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>نعم</a>".as_bytes();
        assert_eq!(wrongly_declared(wrong), Some("windows-1252"));
        assert_eq!(
            read("<?xml version=\"1.0\" encoding=\"UTF-16\"?>ن".as_bytes()).chars().last(),
            Some('ن')
        );
    }
}
