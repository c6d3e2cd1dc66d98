//! Garbled text: bytes read in a wrong encoding, replacement characters, escapes.
//!
//! UTF-8 Arabic read as Windows-1252 is a row of Ø and Ù with a sign after each, read as
//! Windows-1256 a row of ط and ظ likewise; English quotes and dashes become `â€™` and its like.

/// Gives how many places are garbled.
pub(super) fn mojibake(text: &str) -> f32 {
    let mut count = 0_usize;
    let chars: Vec<char> = text.chars().collect();
    let mut before = ' ';
    for (at, &c) in chars.iter().enumerate() {
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        let after = chars.get(at + 2).copied().unwrap_or(' ');
        count += usize::from(match c {
            '\u{FFFD}' => true,
            // The first bytes of Arabic and of Latin letters with marks, and a continuation.
            'Ø' | 'Ù' | 'Ú' | 'Û' | 'Ã' | 'Â' | 'Ð' | 'Ñ' => is_continuation(next),
            'â' => matches!(next, '€' | '\u{80}'),
            // Read as Windows-1256: two in a row, or one would be too few to tell from a word.
            'ط' | 'ظ' => is_arabic_continuation(next) && matches!(after, 'ط' | 'ظ'),
            // A Latin letter with a mark among others.
            'أ' | 'ؤ' | 'إ' => {
                is_arabic_continuation(next)
                    && (before.is_ascii_alphabetic() || after.is_ascii_alphabetic())
            }
            '\\' => matches!(next, 'u' | 'x') && after.is_ascii_hexdigit(),
            _ => false,
        });
        before = c;
    }
    count as f32
}

/// Tells whether a character is what a byte from 80 to BF is in Windows-1252, letters left out.
fn is_continuation(c: char) -> bool {
    matches!(
        c,
        '\u{80}'
            ..='\u{BF}'
                | '€'
                | '‚'
                | 'ƒ'
                | '„'
                | '…'
                | '†'
                | '‡'
                | 'ˆ'
                | '‰'
                | 'Š'
                | '‹'
                | 'Œ'
                | 'Ž'
                | '‘'
                | '’'
                | '“'
                | '”'
                | '•'
                | '–'
                | '—'
                | '˜'
                | '™'
                | 'š'
                | '›'
                | 'œ'
                | 'ž'
                | 'Ÿ'
    ) && c != '«'
        && c != '»'
        && c != '\u{A0}'
}

/// Tells whether a character is what a byte from 80 to BF is in Windows-1256 and in no word.
fn is_arabic_continuation(c: char) -> bool {
    is_continuation(c)
        || matches!(
            c,
            '§' | '±'
                | '©'
                | '¨'
                | '¹'
                | '¯'
                | '®'
                | '¬'
                | '°'
                | '²'
                | '³'
                | '´'
                | '¦'
                | 'ھ'
                | 'چ'
                | 'پ'
                | 'ژ'
                | 'گ'
                | 'ڈ'
                | '¾'
                | '½'
                | '¼'
                | '¶'
                | '·'
                | '¸'
                | '؛'
                | '؟'
                | '،'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_encodings_are_found() {
        assert!(mojibake("Ø§Ù„ÙƒØªØ§Ø¨") >= 5.0);
        assert!(mojibake("ط§ظ„ظƒطھط§ط¨") >= 4.0);
        assert!(mojibake("donâ€™t") >= 1.0);
        assert_eq!(mojibake("Sإ‚ania, أœrأ¼mqi"), 3.0);
        assert_eq!(mojibake("a\u{FFFD}b \\u0645"), 2.0);
    }

    #[test]
    fn words_are_left_alone() {
        for text in ["ظطظ", "حظ طيب وظلال", "Ørsted, Ángel, Ñandú, naïve: «Ù»", "C:\\users"]
        {
            assert_eq!(mojibake(text), 0.0, "{text}");
        }
    }
}
