//! Detects garbled text: bytes decoded in a wrong encoding, replacement characters, escapes.
//!
//! Arabic in UTF-8 that was decoded as Windows-1252 consists of Ø and Ù, each followed by a symbol;
//! decoded as Windows-1256, it consists of ط and ظ, each followed by a symbol. English quotation
//! marks and dashes become `â€™` and similar sequences.

/// Returns the number of garbled characters.
pub(super) fn mojibake(text: &str) -> f32 {
    let mut count = 0_usize;
    let chars: Vec<char> = text.chars().collect();
    let mut before = ' ';
    for (at, &c) in chars.iter().enumerate() {
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        let after = chars.get(at + 2).copied().unwrap_or(' ');
        count += usize::from(match c {
            '\u{FFFD}' => true,
            // The first byte of an Arabic letter or a Latin letter with a diacritic, followed by a
            // continuation byte.
            'Ø' | 'Ù' | 'Ú' | 'Û' | 'Ã' | 'Â' | 'Ð' | 'Ñ' => is_continuation(next),
            'â' => matches!(next, '€' | '\u{80}'),
            // The same in Windows-1256, where the first byte becomes an Arabic letter. One sequence
            // could be the end of a word and a mark, so another must follow.
            'ط' | 'ظ' => is_arabic_continuation(next) && matches!(after, 'ط' | 'ظ'),
            // A Latin letter with a diacritic, decoded as Windows-1256, next to other Latin
            // letters.
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

/// Returns whether a character is that of a byte from 80 to BF in Windows-1252, except quotation
/// marks and the no-break space that ordinary text has.
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

/// Returns whether a character is that of a byte from 80 to BF in Windows-1256, except letters of
/// ordinary Arabic words.
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
    fn text_in_a_wrong_encoding_is_found() {
        assert_eq!(mojibake("Ø§Ù„ÙƒØªØ§Ø¨"), 6.0);
        assert_eq!(mojibake("donâ€™t"), 1.0);
        assert_eq!(mojibake("Sإ‚ania, أœrأ¼mqi"), 3.0);
        assert_eq!(mojibake("a\u{FFFD}b \\u0645"), 2.0);
    }

    #[test]
    fn arabic_decoded_as_windows_1256_counts_each_sequence_that_another_follows() {
        for (text, count) in [
            // الكتاب
            ("ط§ظ„ظƒطھط§ط¨", 5.0),
            ("ط§ط§", 1.0),
            ("ط§ظ„", 1.0),
            ("ظ„ط§", 1.0),
            ("ظ„ظ„", 1.0),
            // One sequence is no evidence, nor are two letters that no symbol separates.
            ("ط§", 0.0),
            ("ظ„ ", 0.0),
            ("خط؟ نعم", 0.0),
            ("لاحظ؛ ثم", 0.0),
            ("ططط", 0.0),
            ("طلظ", 0.0),
            ("ظ.ط", 0.0),
        ] {
            assert_eq!(mojibake(text), count, "{text}");
        }
    }

    #[test]
    fn ordinary_words_are_not_garbled() {
        for text in ["ظطظ", "حظ طيب وظلال", "Ørsted, Ángel, Ñandú, naïve: «Ù»", "C:\\users"]
        {
            assert_eq!(mojibake(text), 0.0, "{text}");
        }
    }
}
