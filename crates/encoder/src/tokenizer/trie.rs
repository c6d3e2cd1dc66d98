//! The vocabulary as a double-array trie over bytes (Aoe 1989), read as stored.

/// A double-array trie: each node is one `u32`.
///
/// From the top bit, a node consists of a zero, the offset of its children (22 bits), whether a key
/// ends at it, and the byte that leads to it. Its child by byte `c` is at `offset ^ c`. Where a key
/// ends, the value is at `offset` itself, marked by its top bit, so keys contain no zero byte.
/// Unused nodes are zero.
pub(super) struct Trie {
    nodes: Vec<u32>,
}

const KEY_ENDS: u32 = 1 << 8;
const VALUE: u32 = 1 << 31;
const LABEL: u32 = 0xFF;

impl Trie {
    /// Takes the nodes. Returns `None` where a value is not below `limit`.
    pub(super) fn new(nodes: Vec<u32>, limit: usize) -> Option<Self> {
        let fits = |&node: &u32| node & VALUE == 0 || ((node & !VALUE) as usize) < limit;
        nodes.iter().all(fits).then_some(Self { nodes })
    }

    /// Calls `found(length, value)` for each key that `text` starts with, shortest first.
    #[inline]
    pub(super) fn prefixes(&self, text: &[u8], mut found: impl FnMut(usize, u32)) {
        let Some(&root) = self.nodes.first() else { return };
        let mut offset = root >> 9;
        for (at, &byte) in text.iter().enumerate() {
            let child = offset ^ u32::from(byte);
            let Some(&node) = self.nodes.get(child as usize) else { return };
            if byte == 0 || node & (VALUE | LABEL) != u32::from(byte) {
                return;
            }
            offset = node >> 9;
            if node & KEY_ENDS != 0
                && let Some(&value) = self.nodes.get(offset as usize)
                && value & VALUE != 0
            {
                found(at + 1, value & !VALUE);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_its_mark_is_no_token() {
        // The root leads to a key of one byte, whose value should be in the first node.
        let mut nodes = vec![0; 256];
        nodes[0] = 100 << 9;
        nodes[usize::from(b'a') ^ 100] = 7 << 9 | KEY_ENDS | u32::from(b'a');
        for (value, expected) in [(VALUE | 3, vec![(1, 3)]), (200, Vec::new())] {
            nodes[7] = value;
            let trie = Trie::new(nodes.clone(), 5).expect("values below the limit");
            let mut found = Vec::new();
            trie.prefixes(b"ab", |length, value| found.push((length, value)));
            assert_eq!(found, expected);
        }
    }
}
