//! Offsets between bytes of UTF-8 and code units of UTF-16, in which JavaScript counts.

use std::ops::Range;

/// Returns the code units before a byte. A byte inside a character counts as its start.
pub(super) fn to_units(text: &str, byte: usize) -> usize {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if at + c.len_utf8() > byte {
            break;
        }
        units += c.len_utf16();
    }
    units
}

/// Returns a range in code units.
pub(super) fn range_to_units(text: &str, bytes: &Range<usize>) -> [usize; 2] {
    [to_units(text, bytes.start), to_units(text, bytes.end)]
}

/// Returns the byte at a number of code units, or `None` beyond the end and inside a character.
pub(super) fn to_bytes(text: &str, units: usize) -> Option<usize> {
    let mut passed = 0;
    for (at, c) in text.char_indices() {
        if passed >= units {
            return (passed == units).then_some(at);
        }
        passed += c.len_utf16();
    }
    (passed == units).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_agree_at_every_character() {
        let text = "aكتاب𝄞é b";
        for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
            assert_eq!(to_bytes(text, to_units(text, byte)), Some(byte));
        }
        let clef = text.find('𝄞').expect("it has one");
        assert_eq!(to_bytes(text, to_units(text, clef) + 1), None);
        assert_eq!(to_bytes(text, 100), None);
        assert_eq!(range_to_units("كتاب", &(2..6)), [1, 3]);
    }
}
