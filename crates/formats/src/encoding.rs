//! Guesses the encoding of bytes that are not UTF-8.

use std::fmt;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// The minimum share of Arabic letters among the characters outside ASCII for an Arabic encoding.
/// Western text that is decoded in one has some Arabic letters too.
const MIN_ARABIC_SHARE: f64 = 0.6;

/// The minimum share of valid UTF-8 among the characters outside ASCII for a file to be damaged
/// UTF-8 and not in another encoding.
const MIN_VALID_SHARE: f64 = 0.5;

/// The encoding that some bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodingGuess {
    /// UTF-8 except for some bytes: truncated or damaged.
    DamagedUtf8,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// UTF-32 in either byte order.
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
        let (mut valid, mut invalid) = (0_usize, 0_usize);
        for chunk in bytes.utf8_chunks() {
            valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            invalid += usize::from(!chunk.invalid().is_empty());
        }
        if share(valid, valid + invalid) >= MIN_VALID_SHARE {
            return Self::DamagedUtf8;
        }
        let (windows, iso) = (
            arabic_share(encoding_rs::WINDOWS_1256, bytes),
            arabic_share(encoding_rs::ISO_8859_6, bytes),
        );
        // Short texts may be letters in both encodings; then the more common one is likelier.
        if windows.max(iso) >= MIN_ARABIC_SHARE {
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
        // In UTF-16 the high bytes of Latin and Arabic letters are 0 and 6, which as characters of
        // one byte would be control characters that do not occur in text.
        let head = &bytes[..bytes.len().min(4096)];
        let high = |first: usize| {
            let bytes = head.iter().skip(first).step_by(2);
            share(bytes.clone().filter(|byte| matches!(byte, 0 | 6)).count(), bytes.count())
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

    /// Returns the name of the encoding for `iconv`; `None` for damaged UTF-8, which cannot be
    /// converted.
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
}

impl fmt::Display for EncodingGuess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DamagedUtf8 => "UTF-8 that is damaged or truncated there",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf32 => "UTF-32",
            Self::Legacy(name) => name,
        })
    }
}

/// The approximate frequency of Arabic letters and marks in text, in per mille.
const LETTER_FREQUENCIES: &[(char, f64)] = &[
    ('ا', 125.0),
    ('ل', 117.0),
    ('ي', 65.0),
    ('م', 60.0),
    ('ن', 58.0),
    ('و', 58.0),
    ('ر', 46.0),
    ('ت', 45.0),
    ('ب', 38.0),
    ('ع', 36.0),
    ('ه', 35.0),
    ('ة', 32.0),
    ('د', 30.0),
    ('أ', 28.0),
    ('ف', 28.0),
    ('س', 27.0),
    ('ق', 24.0),
    ('ك', 22.0),
    ('ح', 21.0),
    ('ج', 13.0),
    ('ش', 11.0),
    ('ص', 11.0),
    ('ط', 10.0),
    ('ى', 10.0),
    ('إ', 10.0),
    ('خ', 9.0),
    ('ذ', 8.0),
    ('ث', 7.0),
    ('ض', 6.0),
    ('ز', 6.0),
    ('غ', 5.0),
    ('ئ', 4.0),
    ('ء', 4.0),
    ('آ', 3.0),
    ('ظ', 2.0),
    ('ؤ', 2.0),
    ('،', 8.0),
    ('؟', 1.0),
    ('؛', 1.0),
    ('\u{64b}', 4.0),
    ('\u{64c}', 3.0),
    ('\u{64d}', 3.0),
    ('\u{64e}', 15.0),
    ('\u{64f}', 9.0),
    ('\u{650}', 11.0),
    ('\u{651}', 8.0),
    ('\u{652}', 8.0),
];
/// The frequency of any other character outside ASCII in Arabic text, in per mille.
const OTHER_FREQUENCY: f64 = 0.3;
/// The frequency of control characters and invalid bytes, in per mille.
const INVALID_FREQUENCY: f64 = 0.001;
/// The minimum number of characters outside ASCII for a decision.
const MIN_CHARS: usize = 16;
/// The minimum difference between the log-likelihoods of the two Arabic encodings.
const MIN_ADVANTAGE: f64 = 14.0;
/// The minimum mean log-likelihood of a character; Arabic text has about -3.1.
const MIN_MEAN: f64 = -3.9;

/// Returns the Arabic encoding of bytes if it is certain: decoded in it they have the letter
/// frequencies of Arabic text, and decoded in the other one they do not.
pub(crate) fn arabic_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let read = |encoding: &'static Encoding| {
        let (sum, count) = likelihood(encoding, bytes);
        (encoding, sum, count)
    };
    let (windows, iso) = (read(encoding_rs::WINDOWS_1256), read(encoding_rs::ISO_8859_6));
    let (best, other) = if windows.1 >= iso.1 { (windows, iso) } else { (iso, windows) };
    #[expect(clippy::cast_precision_loss, reason = "no text has so many letters")]
    let mean = best.1 / best.2.max(1) as f64;
    let certain = best.2 >= MIN_CHARS
        && best.1 - other.1 >= MIN_ADVANTAGE
        && mean >= MIN_MEAN
        && arabic_share(best.0, bytes) >= MIN_ARABIC_SHARE;
    certain.then_some(best.0)
}

/// Returns the log-likelihood of the characters outside ASCII, and their number.
fn likelihood(encoding: &'static Encoding, bytes: &[u8]) -> (f64, usize) {
    // In a single-byte encoding every byte has one likelihood.
    let high: Vec<u8> = (0x80..=0xff).collect();
    let likelihoods: Vec<f64> = high
        .iter()
        .map(|&byte| {
            let (text, _, bad) = encoding.decode(std::slice::from_ref(&byte));
            let c = text.chars().next().unwrap_or('\u{fffd}');
            let known = LETTER_FREQUENCIES.iter().find(|(letter, _)| *letter == c);
            let per_mille = match known {
                Some((_, per_mille)) => *per_mille,
                None if bad || c.is_control() => INVALID_FREQUENCY,
                None => OTHER_FREQUENCY,
            };
            (per_mille / 1000.0).ln()
        })
        .collect();
    let mut counts = [0_u32; 128];
    for byte in bytes.iter().filter(|byte| **byte >= 0x80) {
        let count = &mut counts[usize::from(byte - 0x80)];
        *count = count.saturating_add(1);
    }
    let sum = counts.iter().zip(&likelihoods).map(|(&count, value)| f64::from(count) * value).sum();
    (sum, counts.iter().map(|&count| count as usize).sum())
}

/// Reports whether bytes are plain Western text: ASCII letters with a few accented ones among them,
/// and typographic quotation marks and dashes.
pub(crate) fn is_plainly_western(bytes: &[u8]) -> bool {
    let (text, _, bad) = encoding_rs::WINDOWS_1252.decode(bytes);
    let (mut letters, mut accented) = (0_usize, 0_usize);
    let mut before = ' ';
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' => letters += 1,
            '‘' | '’' | '“' | '”' | '–' | '—' | '…' | '•' | '«' | '»' | '©' | '®' | '™' | '°'
            | '§' | '£' | '€' | '·' | '\u{a0}' | '\u{ad}' => {}
            // The quotation marks of MacRoman.
            'Ò' | 'Ó' | 'Ô' | 'Õ' => return false,
            'À'..='ÿ' | 'Œ' | 'œ' | 'Š' | 'š' | 'Ž' | 'ž' | 'Ÿ'
                if !(c.is_uppercase() && before.is_lowercase()) =>
            {
                accented += 1;
            }
            _ if c.is_ascii() => {}
            _ => return false,
        }
        before = c;
    }
    let likely = || {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(None, Utf8Detection::Deny).name() == "windows-1252"
    };
    !bad && accented * 8 <= letters && (accented == 0 || likely())
}

/// Returns the share, among the characters outside ASCII, of Arabic letters and marks next to
/// another.
///
/// Accented letters of Western text may decode to Arabic letters, but to isolated ones.
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
    fn iso_arabic_is_distinguished_from_windows_arabic() {
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
