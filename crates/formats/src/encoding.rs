//! Says which encoding bytes that are not UTF-8 look like.

use std::fmt;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// Of the characters outside ASCII, how many must be Arabic letters in an Arabic encoding
/// before we say that it is that one. Western text read that way shows Arabic letters here and there.
const ARABIC_SHARE: f64 = 0.6;

/// Of the characters outside ASCII, how many must be sound before we say that the file is UTF-8
/// with damage and not another encoding.
const SOUND_SHARE: f64 = 0.5;

/// Which encoding some bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodingGuess {
    /// UTF-8 but for some bytes: cut short, or damaged on its way.
    DamagedUtf8,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// UTF-32, either end first.
    Utf32,
    /// A one- or two-byte encoding, by its WHATWG name.
    Legacy(&'static str),
}

impl EncodingGuess {
    /// Guesses the encoding of bytes that are not UTF-8.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        if let Some(wide) = Self::wide(bytes) {
            return wide;
        }
        let (mut sound, mut broken) = (0_usize, 0_usize);
        for chunk in bytes.utf8_chunks() {
            sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            broken += usize::from(!chunk.invalid().is_empty());
        }
        if share(sound, sound + broken) >= SOUND_SHARE {
            return Self::DamagedUtf8;
        }
        let (windows, iso) = (
            arabic_share(encoding_rs::WINDOWS_1256, bytes),
            arabic_share(encoding_rs::ISO_8859_6, bytes),
        );
        // Short texts may be letters in both; then it is the one that is common.
        if windows.max(iso) >= ARABIC_SHARE {
            return Self::Legacy(if iso > windows { "ISO-8859-6" } else { "windows-1256" });
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        Self::Legacy(detector.guess(None, Utf8Detection::Deny).name())
    }

    /// Recognises UTF-16 and UTF-32 by the byte order mark, or by where the NUL bytes are.
    pub(crate) fn wide(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Some(Self::Utf32),
            [0xff, 0xfe, ..] => return Some(Self::Utf16Le),
            [0xfe, 0xff, ..] => return Some(Self::Utf16Be),
            _ => {}
        }
        if !bytes.contains(&0) {
            return None;
        }
        // In UTF-16 the high bytes of both our scripts are 0 (Latin) and 6 (Arabic), and control
        // characters such as these do not occur in text.
        let head = &bytes[..bytes.len().min(4096)];
        let high = |first: usize| {
            let at = head.iter().skip(first).step_by(2);
            share(at.clone().filter(|byte| matches!(byte, 0 | 6)).count(), at.count())
        };
        let (even, odd) = (high(0), high(1));
        if odd > 0.8 && even < 0.3 {
            Some(Self::Utf16Le)
        } else if even > 0.8 && odd < 0.3 {
            Some(Self::Utf16Be)
        } else {
            None
        }
    }

    /// Gives the name that `iconv` knows the encoding by, where there is one encoding to convert.
    #[must_use]
    pub fn iconv_name(self) -> Option<&'static str> {
        match self {
            Self::DamagedUtf8 => None,
            Self::Utf16Le => Some("UTF-16LE"),
            Self::Utf16Be => Some("UTF-16BE"),
            Self::Utf32 => Some("UTF-32"),
            Self::Legacy("windows-1256") => Some("CP1256"),
            Self::Legacy("windows-1252") => Some("CP1252"),
            Self::Legacy(name) => Some(name),
        }
    }

    pub(crate) fn advice(self, path: &str) -> String {
        match self.iconv_name() {
            Some(name) => format!("convert it: iconv -f {name} -t UTF-8 {path} > {path}.utf8"),
            None => "get a sound copy, or repair the place; this drops the bad bytes: \
                     iconv -c -f UTF-8 -t UTF-8"
                .to_owned(),
        }
    }
}

impl fmt::Display for EncodingGuess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DamagedUtf8 => "UTF-8 that is damaged or cut short there",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf32 => "UTF-32",
            Self::Legacy(name) => name,
        })
    }
}

/// Gives the share, among the characters outside ASCII, of Arabic letters and marks beside another.
///
/// Accented letters of Western text may decode to Arabic ones, but stand alone.
fn arabic_share(encoding: &'static Encoding, bytes: &[u8]) -> f64 {
    let (text, _, _) = encoding.decode(bytes);
    let is_arabic = |c: char| ('\u{621}'..='\u{652}').contains(&c);
    let arabic = text
        .split(|c| !is_arabic(c))
        .map(|run| run.chars().count())
        .filter(|length| *length > 1)
        .sum();
    share(arabic, text.chars().filter(|c| !c.is_ascii()).count())
}

fn share(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than two digits")]
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARABIC: &str = "وصل القطار إلى المحطة قبل الفجر، ولم يكن في انتظاره أحد.\n";
    const FRENCH: &str = "Le garçon était déjà là : « Où êtes-vous allé cet été, à Orléans ? »\n";

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn arabic_code_page_is_recognised() {
        for text in [ARABIC, "مرحبا", "Price: 5 دنانير only"] {
            let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(text);
            assert_eq!(EncodingGuess::of(&bytes), EncodingGuess::Legacy("windows-1256"), "{text}");
        }
    }

    #[test]
    fn iso_arabic_is_not_taken_for_windows_arabic() {
        let (bytes, _, _) = encoding_rs::ISO_8859_6.encode(ARABIC);
        assert_eq!(EncodingGuess::of(&bytes), EncodingGuess::Legacy("ISO-8859-6"));
    }

    #[test]
    fn western_text_is_not_taken_for_arabic() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(FRENCH);
        assert_eq!(EncodingGuess::of(&bytes), EncodingGuess::Legacy("windows-1252"));
    }

    #[test]
    fn wide_text_is_recognised_with_and_without_a_mark() {
        for text in [ARABIC, FRENCH, "plain"] {
            let (le, be) = (utf16(text, u16::to_le_bytes), utf16(text, u16::to_be_bytes));
            assert_eq!(EncodingGuess::wide(&le), Some(EncodingGuess::Utf16Le), "{text}");
            assert_eq!(EncodingGuess::wide(&be), Some(EncodingGuess::Utf16Be), "{text}");
        }
        assert_eq!(EncodingGuess::wide(b"\xff\xfea\0"), Some(EncodingGuess::Utf16Le));
        assert_eq!(EncodingGuess::wide(ARABIC.as_bytes()), None);
    }

    #[test]
    fn utf8_with_one_bad_byte_is_damaged_utf8() {
        let mut bytes = ARABIC.as_bytes().to_vec();
        bytes[20] = b'?';
        assert_eq!(EncodingGuess::of(&bytes), EncodingGuess::DamagedUtf8);
        assert_eq!(EncodingGuess::of(&ARABIC.as_bytes()[..15]), EncodingGuess::DamagedUtf8);
    }
}
