//! Streams in other encodings than UTF-8, as UTF-8: UTF-16 with a byte order mark, XML that
//! declares its encoding, gettext catalogues that name their charset.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that are looked at for a declaration.
const START: usize = 4096;

/// Gives a stream as UTF-8 where its beginning says that it is not; otherwise as it is.
///
/// What cannot be decoded, half of a surrogate pair for one, becomes U+FFFD.
pub(super) fn recoded(mut stream: Box<dyn BufRead + Send>) -> io::Result<Box<dyn BufRead + Send>> {
    let Some(encoding) = declared(stream.fill_buf()?) else { return Ok(stream) };
    let decoder = encoding.new_decoder_with_bom_removal();
    let recoder = Recoder { stream, decoder, out: Vec::new(), at: 0, ended: false };
    Ok(Box::new(BufReader::new(recoder)))
}

fn declared(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        // Not a UTF-32 mark.
        [0xff, 0xfe, rest @ ..] if !rest.starts_with(&[0, 0]) => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let start = &start[..start.len().min(START)];
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
    // A UTF-16 declaration in bytes that are plainly no UTF-16 is wrong.
    let found = Encoding::for_label(label.as_bytes())?;
    (found != UTF_8 && found != UTF_16LE && found != UTF_16BE).then_some(found)
}

struct Recoder {
    stream: Box<dyn BufRead + Send>,
    decoder: Decoder,
    out: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for Recoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() {
            if self.ended {
                return Ok(0);
            }
            let input = self.stream.fill_buf()?;
            self.ended = input.is_empty();
            self.out.resize(self.decoder.max_utf8_buffer_length(input.len()).unwrap_or(1 << 16), 0);
            let (_, read, written, _) =
                self.decoder.decode_to_utf8(input, &mut self.out, self.ended);
            self.stream.consume(read);
            self.out.truncate(written);
            self.at = 0;
        }
        let count = buffer.len().min(self.out.len() - self.at);
        buffer[..count].copy_from_slice(&self.out[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(bytes: &[u8]) -> String {
        // A small buffer, so that characters are cut everywhere.
        let stream = BufReader::with_capacity(4096, Cursor::new(bytes.to_vec()));
        let mut text = String::new();
        recoded(Box::new(stream)).expect("memory").read_to_string(&mut text).expect("UTF-8");
        text
    }

    fn utf16(text: &str) -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn utf_16_is_read_by_its_mark() {
        let text = "نعم\tYes 👍\n".repeat(5000);
        assert_eq!(read(&utf16(&text)), text);
        let big: Vec<u8> = utf16("نعم").chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
        assert_eq!(read(&big), "نعم");
    }

    #[test]
    fn half_of_a_surrogate_pair_is_replaced() {
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
        assert_eq!(
            read("<?xml version=\"1.0\" encoding=\"UTF-16\"?>ن".as_bytes()).chars().last(),
            Some('ن')
        );
    }
}
