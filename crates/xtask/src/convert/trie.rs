//! Builds the double-array trie of the tokenizer; `docs/model.md` documents its layout.

use std::collections::{BTreeMap, HashSet};

/// The flag of a node at which a key ends.
const KEY_ENDS: u32 = 1 << 8;
/// The flag of a value, which no label equals.
const VALUE: u32 = 1 << 31;

/// Builds the trie of distinct, non-empty keys without zero bytes.
pub(super) fn build(mut keys: Vec<(&[u8], u32)>) -> Vec<u32> {
    keys.sort_unstable();
    let mut array = NodeArray::default();
    array.take(0);
    // A node with its index, its depth and the range of keys that pass through it.
    let mut open = vec![(0_usize, 0_usize, 0..keys.len())];
    while let Some((node, depth, range)) = open.pop() {
        let mut value = None;
        let mut children: BTreeMap<u8, std::ops::Range<usize>> = BTreeMap::new();
        for index in range {
            match keys[index].0.get(depth) {
                None => value = Some(keys[index].1),
                Some(&byte) => {
                    children.entry(byte).or_insert(index..index).end = index + 1;
                }
            }
        }
        let mut labels: Vec<u8> = children.keys().copied().collect();
        if value.is_some() {
            labels.push(0);
        }
        let offset = array.find(&labels);
        array.nodes[node] |= (offset as u32) << 9;
        if let Some(value) = value {
            array.nodes[node] |= KEY_ENDS;
            array.take(offset);
            array.nodes[offset] = VALUE | value;
        }
        for (byte, range) in children {
            let child = offset ^ usize::from(byte);
            array.take(child);
            array.nodes[child] = u32::from(byte);
            open.push((child, depth + 1, range));
        }
    }
    while array.taken.last() == Some(&false) {
        array.taken.pop();
        array.nodes.pop();
    }
    array.nodes
}

#[derive(Default)]
struct NodeArray {
    nodes: Vec<u32>,
    taken: Vec<bool>,
    /// The offsets in use. Two nodes with the same offset would share their children.
    offsets: HashSet<usize>,
    /// All nodes below this index are taken.
    first_free: usize,
}

impl NodeArray {
    fn take(&mut self, node: usize) {
        self.grow(node + 1);
        self.taken[node] = true;
        while self.taken.get(self.first_free) == Some(&true) {
            self.first_free += 1;
        }
    }

    fn grow(&mut self, length: usize) {
        if self.nodes.len() < length {
            // Offsets and labels are combined by exclusive or, which needs whole blocks of 256.
            let length = length.next_multiple_of(256);
            self.nodes.resize(length, 0);
            self.taken.resize(length, false);
        }
    }

    /// Returns an offset at which the nodes of all labels are free.
    fn find(&mut self, labels: &[u8]) -> usize {
        let Some(&first) = labels.first() else { return 0 };
        let mut node = self.first_free;
        loop {
            let offset = node ^ usize::from(first);
            self.grow((offset | 0xFF) + 1);
            if !self.taken[node]
                && !self.offsets.contains(&offset)
                && labels.iter().all(|&label| !self.taken[offset ^ usize::from(label)])
            {
                self.offsets.insert(offset);
                return offset;
            }
            node += 1;
            self.grow(node + 1);
        }
    }
}
