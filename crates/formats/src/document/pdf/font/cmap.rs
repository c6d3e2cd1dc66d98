//! CMaps: how the bytes of a string are divided into codes, and the text or the glyph of a code
//! ([ISO 32000-2](https://pdfa.org/resource/iso-32000-2/), 9.7.5 and 9.10.3).
//!
//! A CMap is PostScript, but the operators that matter have the syntax of page contents.

use std::collections::BTreeMap;
use std::sync::Arc;

use lopdf::Object;
use lopdf::content::Content;

/// The maximum number of entries that the ranges of one CMap may have.
const MAX_ENTRIES: usize = 1 << 20;
/// The maximum length of the text of a code, in UTF-16 units.
const MAX_TEXT: usize = 64;

/// A CMap that was read.
#[derive(Debug, Default)]
pub(super) struct CMap {
    /// The ranges of codes: their length in bytes, the first and the last.
    codespaces: Vec<(usize, u32, u32)>,
    texts: BTreeMap<u32, Arc<str>>,
    /// The ranges of character ids, ordered by their first code: this, the last, and the id of the
    /// first.
    cids: Vec<(u32, u32, u32)>,
}

impl CMap {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut cmap = Self::default();
        for operation in Content::decode_iter(bytes) {
            let Ok(operation) = operation else { break };
            let operands = &operation.operands;
            match operation.operator.as_str() {
                "endcodespacerange" => cmap.read_codespaces(operands),
                "endbfchar" => cmap.read_chars(operands),
                "endbfrange" => cmap.read_ranges(operands),
                "endcidrange" => cmap.read_cid_ranges(operands),
                "endcidchar" => cmap.read_cid_chars(operands),
                _ => {}
            }
        }
        // Of ranges with the same first code, the last one holds.
        cmap.cids.sort_by_key(|(first, _, _)| *first);
        cmap
    }

    /// Returns the text of a code, if the CMap has one.
    pub(super) fn text(&self, code: u32) -> Option<&Arc<str>> {
        self.texts.get(&code)
    }

    /// Returns the codes that have a text, with it.
    pub(super) fn texts(&self) -> impl Iterator<Item = (u32, &Arc<str>)> {
        self.texts.iter().map(|(code, text)| (*code, text))
    }

    /// Returns the character id of a code, if the CMap has one.
    pub(super) fn cid(&self, code: u32) -> Option<u32> {
        let end = self.cids.partition_point(|(first, _, _)| *first <= code);
        let (first, last, cid) = self.cids.get(end.checked_sub(1)?)?;
        (code <= *last).then(|| cid.saturating_add(code - first))
    }

    /// Returns the length of the code at the beginning of a string, in bytes, if a range of codes
    /// has it.
    pub(super) fn code_len(&self, bytes: &[u8]) -> Option<usize> {
        (1..=4).find(|&len| {
            let Some(code) = bytes.get(..len).map(number) else { return false };
            self.codespaces.iter().any(|&(own, first, last)| {
                own == len && {
                    // A code is in a range if each of its bytes is.
                    (0..len).all(|at| {
                        let byte = |number: u32| (number >> (8 * (len - 1 - at))) & 0xff;
                        (byte(first)..=byte(last)).contains(&byte(code))
                    })
                }
            })
        })
    }

    fn read_codespaces(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let (Ok(first), Ok(last)) = (pair[0].as_str(), pair[1].as_str())
                && self.codespaces.len() < 100
                && (1..=4).contains(&first.len())
            {
                self.codespaces.push((first.len(), number(first), number(last)));
            }
        }
    }

    fn read_chars(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let (Ok(code), Ok(text)) = (pair[0].as_str(), pair[1].as_str()) {
                self.insert(number(code), &units(text));
            }
        }
    }

    fn read_ranges(&mut self, operands: &[Object]) {
        for range in operands.chunks_exact(3) {
            let (Ok(first), Ok(last)) = (range[0].as_str(), range[1].as_str()) else { continue };
            let (first, last) = (number(first), number(last));
            match &range[2] {
                Object::Array(texts) => {
                    for (code, text) in (first..=last).zip(texts) {
                        if let Ok(text) = text.as_str() {
                            self.insert(code, &units(text));
                        }
                    }
                }
                text => {
                    let Ok(text) = text.as_str() else { continue };
                    let mut text = units(text);
                    for code in first..=last {
                        if text.is_empty() || !self.insert(code, &text) {
                            break;
                        }
                        let end = text.len() - 1;
                        text[end] = text[end].wrapping_add(1);
                    }
                }
            }
        }
    }

    fn read_cid_ranges(&mut self, operands: &[Object]) {
        for range in operands.chunks_exact(3) {
            if let (Ok(first), Ok(last), Ok(cid)) =
                (range[0].as_str(), range[1].as_str(), range[2].as_i64())
                && self.cids.len() < MAX_ENTRIES
            {
                self.cids.push((number(first), number(last), u32::try_from(cid).unwrap_or(0)));
            }
        }
    }

    fn read_cid_chars(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let (Ok(code), Ok(cid)) = (pair[0].as_str(), pair[1].as_i64())
                && self.cids.len() < MAX_ENTRIES
            {
                let code = number(code);
                self.cids.push((code, code, u32::try_from(cid).unwrap_or(0)));
            }
        }
    }

    /// Adds the text of a code; returns whether there is room for more.
    fn insert(&mut self, code: u32, units: &[u16]) -> bool {
        let text = String::from_utf16_lossy(&units[..units.len().min(MAX_TEXT)]);
        self.texts.insert(code, text.into());
        self.texts.len() < MAX_ENTRIES
    }
}

/// Returns the number that bytes write, the highest first.
pub(super) fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Returns the UTF-16 units of a text; a single byte is one unit.
fn units(bytes: &[u8]) -> Vec<u16> {
    match bytes {
        [byte] => vec![u16::from(*byte)],
        _ => bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_ids_of_codes_are_read() {
        let cmap = CMap::read(
            b"%!PS-Adobe-3.0 Resource-CMap\n/CIDInit /ProcSet findresource begin\n12 dict begin\n\
              begincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
              1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n\
              2 beginbfchar\n<0003> <0020>\n<0004> <06440627>\nendbfchar\n\
              2 beginbfrange\n<0010> <0012> <0628>\n<0020> <0021> [<0041> <00420043>]\nendbfrange\n\
              1 begincidrange\n<0000> <00FF> 5\nendcidrange\nendcmap\nend\nend",
        );
        for (code, text) in
            [(3, " "), (4, "لا"), (0x10, "ب"), (0x11, "ة"), (0x12, "ت"), (0x20, "A"), (0x21, "BC")]
        {
            assert_eq!(cmap.text(code).map(AsRef::as_ref), Some(text), "{code:x}");
        }
        assert_eq!(cmap.text(0x13), None);
        assert_eq!(cmap.cid(7), Some(12));
        assert_eq!(cmap.cid(0x100), None);
        assert_eq!(cmap.code_len(&[0, 3, 0]), Some(2));
        assert_eq!(cmap.code_len(&[0]), None);
    }

    #[test]
    fn many_character_ids_are_found_soon() {
        let mut text = String::from("1 begincidchar ");
        for code in (0..200_000_u32).rev() {
            text.push_str(&format!("<{code:06X}> {} ", code % 65_536));
        }
        let cmap = CMap::read(format!("{text}endcidchar").as_bytes());
        let start = std::time::Instant::now();
        assert!((0..200_000).all(|code| cmap.cid(code) == Some(code % 65_536)));
        assert!(start.elapsed().as_secs() < 5);
    }

    #[test]
    fn a_huge_range_is_bounded() {
        let cmap = CMap::read(b"1 beginbfrange <00000000> <FFFFFFFF> <0628> endbfrange");
        assert_eq!(cmap.texts.len(), MAX_ENTRIES);
    }
}
