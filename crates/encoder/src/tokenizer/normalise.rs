//! The text normalisation of the tokenizer: the character map of the model, then white space.

/// The representation of a space inside tokens: U+2581.
const SPACE: &[u8] = "\u{2581}".as_bytes();

/// Max. bytes of a replacement; the longest of NFKC has 33.
const MAX_REPLACEMENT: usize = 256;

/// The precompiled character map of the model: NFKC with additions, as a Darts-clone double array
/// over bytes, whose values are offsets into a list of zero-terminated replacements.
pub(super) struct CharsMap {
    units: Vec<u32>,
    replacements: Vec<u8>,
}

impl CharsMap {
    /// Reads the blob: the array's length in bytes (u32), the array, the replacements.
    ///
    /// Returns `None` for an array that is longer than the blob, and for a replacement so long that a
    /// text would grow without limit.
    pub(super) fn new(blob: &[u8]) -> Option<Self> {
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let (array, replacements) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        if replacements.split(|&byte| byte == 0).any(|text| text.len() > MAX_REPLACEMENT) {
            return None;
        }
        let (units, _) = array.as_chunks::<4>();
        let units = units.iter().map(|&unit| u32::from_le_bytes(unit)).collect();
        Some(Self { units, replacements: replacements.to_vec() })
    }

    /// Returns the distance from a unit to its children.
    fn offset(unit: u32) -> usize {
        ((unit >> 10) << ((unit & 0x200) >> 6)) as usize
    }

    /// Returns the length and the replacement of the longest entry that `text` starts with. Where
    /// there is none, the first character is its own replacement.
    fn longest<'a>(&'a self, text: &'a [u8]) -> (usize, &'a [u8]) {
        let mut best = None;
        if let Some(&root) = self.units.first() {
            let mut node = Self::offset(root);
            for (at, &byte) in text.iter().enumerate() {
                node ^= usize::from(byte);
                let Some(&unit) = self.units.get(node) else { break };
                // The top bit marks a value, which is not a label.
                if unit & 0x8000_00FF != u32::from(byte) {
                    break;
                }
                node ^= Self::offset(unit);
                if unit & 0x100 != 0 {
                    let value = self.units.get(node).map_or(0, |value| value & 0x7FFF_FFFF);
                    best = Some((at + 1, value as usize));
                }
            }
        }
        if let Some((length, offset)) = best
            && let Some(tail) = self.replacements.get(offset..)
        {
            let end = tail.iter().position(|&byte| byte == 0).unwrap_or(tail.len());
            return (length, &tail[..end]);
        }
        // An entry may have ended inside a character.
        let length = character_width(text[0]).min(text.len());
        (length, &text[..length])
    }

    /// Writes the normalised text to `out`: mapped, with one space in front, with runs of spaces
    /// collapsed and none at the end. It is empty where the text is only white space.
    pub(super) fn normalise(&self, text: &str, out: &mut Vec<u8>) {
        out.clear();
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let (length, replacement) = self.longest(rest);
            if replacement != b" " {
                break;
            }
            rest = &rest[length..];
        }
        if rest.is_empty() {
            return;
        }
        out.extend_from_slice(SPACE);
        let mut after_space = true;
        while !rest.is_empty() {
            let (length, mut replacement) = self.longest(rest);
            rest = &rest[length..];
            if after_space {
                let spaces = replacement.iter().take_while(|&&byte| byte == b' ').count();
                replacement = &replacement[spaces..];
            }
            for &byte in replacement {
                if byte == b' ' {
                    out.extend_from_slice(SPACE);
                } else {
                    out.push(byte);
                }
            }
            if let Some(&last) = replacement.last() {
                after_space = last == b' ';
            }
        }
        while out.ends_with(SPACE) {
            out.truncate(out.len() - SPACE.len());
        }
    }
}

/// Returns the number of bytes of the character that starts with `first`.
pub(super) fn character_width(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(replacements: &[u8]) -> Vec<u8> {
        [&4_u32.to_le_bytes()[..], &[0; 4], replacements].concat()
    }

    #[test]
    fn a_map_that_claims_more_than_it_has_is_refused() {
        assert!(CharsMap::new(&blob(b"abc\0d\0")).is_some());
        assert!(CharsMap::new(&blob(&[b'a'; 257])).is_none());
        assert!(CharsMap::new(&u32::MAX.to_le_bytes()).is_none());
        assert!(CharsMap::new(b"ab").is_none());
    }

    #[test]
    fn half_a_character_at_the_end_is_kept() {
        let map = CharsMap::new(&blob(b"\0")).expect("a map");
        assert_eq!(map.longest(&"ب".as_bytes()[1..]), (1, &"ب".as_bytes()[1..]));
    }
}
