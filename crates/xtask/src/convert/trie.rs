//! Builds the double-array trie that the tokenizer reads; its layout is in `docs/model.md`.

use std::collections::{BTreeMap, HashSet};

const KEY_ENDS: u32 = 1 << 8;
/// Tells a value from a node, so that no label leads to it.
const VALUE: u32 = 1 << 31;

/// Builds the trie of distinct, non-empty keys without zero bytes.
pub(super) fn build(mut keys: Vec<(&[u8], u32)>) -> Vec<u32> {
    keys.sort_unstable();
    let mut array = Array::default();
    array.take(0);
    // A node is its place, the depth below it, and the run of keys that pass through it.
    let mut open = vec![(0_usize, 0_usize, 0..keys.len())];
    while let Some((place, depth, run)) = open.pop() {
        let mut value = None;
        let mut children: BTreeMap<u8, std::ops::Range<usize>> = BTreeMap::new();
        for index in run {
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
        array.nodes[place] |= (offset as u32) << 9;
        if let Some(value) = value {
            array.nodes[place] |= KEY_ENDS;
            array.take(offset);
            array.nodes[offset] = VALUE | value;
        }
        for (byte, run) in children {
            let child = offset ^ usize::from(byte);
            array.take(child);
            array.nodes[child] = u32::from(byte);
            open.push((child, depth + 1, run));
        }
    }
    while array.taken.last() == Some(&false) {
        array.taken.pop();
        array.nodes.pop();
    }
    array.nodes
}

#[derive(Default)]
struct Array {
    nodes: Vec<u32>,
    taken: Vec<bool>,
    /// Offsets in use: two nodes with one offset would have each other's children.
    offsets: HashSet<usize>,
    /// No place below is free.
    first_free: usize,
}

impl Array {
    fn take(&mut self, place: usize) {
        self.grow(place + 1);
        self.taken[place] = true;
        while self.taken.get(self.first_free) == Some(&true) {
            self.first_free += 1;
        }
    }

    fn grow(&mut self, length: usize) {
        if self.nodes.len() < length {
            // Offsets and labels combine by exclusive or, so whole blocks of 256.
            let length = length.next_multiple_of(256);
            self.nodes.resize(length, 0);
            self.taken.resize(length, false);
        }
    }

    /// Finds an offset whose places for all labels are free.
    fn find(&mut self, labels: &[u8]) -> usize {
        let Some(&first) = labels.first() else { return 0 };
        let mut place = self.first_free;
        loop {
            let offset = place ^ usize::from(first);
            self.grow((offset | 0xFF) + 1);
            if !self.taken[place]
                && !self.offsets.contains(&offset)
                && labels.iter().all(|&label| !self.taken[offset ^ usize::from(label)])
            {
                self.offsets.insert(offset);
                return offset;
            }
            place += 1;
            self.grow(place + 1);
        }
    }
}
