//! Reads Roman numerals.

use super::QuantityToken;

const DIGITS: [(&str, u64); 13] = [
    ("M", 1000),
    ("CM", 900),
    ("D", 500),
    ("CD", 400),
    ("C", 100),
    ("XC", 90),
    ("L", 50),
    ("XL", 40),
    ("X", 10),
    ("IX", 9),
    ("V", 5),
    ("IV", 4),
    ("I", 1),
];

/// The longest numeral that is read, in letters: MMXXVIII.
const MAX_LETTERS: usize = 8;

/// Reads the Roman numeral at a token: two letters or more, or I, V or X after a word with a capital
/// (Chapter V, Charles I).
pub(super) fn read(tokens: &[QuantityToken<'_>], at: usize) -> Option<u64> {
    let word = tokens[at].text;
    let is_numeral = |b: u8| matches!(b, b'I' | b'V' | b'X' | b'L' | b'C' | b'D' | b'M');
    if word.len() > MAX_LETTERS || !word.bytes().all(is_numeral) {
        return None;
    }
    let follows_capital = at > 0
        && tokens[at].gap == " "
        && tokens[at - 1].text.len() > 2
        && tokens[at - 1].text.starts_with(|c: char| c.is_uppercase());
    if word.len() == 1 && !(follows_capital && matches!(word, "I" | "V" | "X")) {
        return None;
    }
    value(word)
}

/// Returns the value of a numeral in its usual form; `None` for other letters in a row.
fn value(word: &str) -> Option<u64> {
    let (mut value, mut rest) = (0, word);
    for (digits, worth) in DIGITS {
        let repeats = if digits.len() == 1 && !matches!(digits, "V" | "L" | "D") { 3 } else { 1 };
        for _ in 0..repeats {
            let Some(after) = rest.strip_prefix(digits) else { break };
            (value, rest) = (value + worth, after);
        }
    }
    let mut canonical = String::new();
    let mut left = value;
    for (digits, worth) in DIGITS {
        while left >= worth {
            canonical.push_str(digits);
            left -= worth;
        }
    }
    (canonical == word).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_usual_form_of_a_numeral_is_read() {
        for (word, expected) in
            [("II", 2), ("IV", 4), ("XIV", 14), ("XL", 40), ("XCIX", 99), ("MCMXCV", 1995)]
        {
            assert_eq!(value(word), Some(expected), "{word}");
        }
        for word in ["IIII", "VV", "IC", "DVD", "CCD", "LCD", "XM", "IVI"] {
            assert_eq!(value(word), None, "{word}");
        }
    }
}
