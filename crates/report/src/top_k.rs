//! A collection of bounded size for the entries that come first in some order.

use std::collections::BinaryHeap;

/// The `capacity` entries with the smallest keys. Among equal keys, lower rows come first.
#[derive(Clone, Debug)]
pub(crate) struct TopK<K, V> {
    heap: BinaryHeap<HeapEntry<K, V>>,
    capacity: usize,
}

/// An entry that is ordered by its key and row alone.
#[derive(Clone, Debug)]
struct HeapEntry<K, V> {
    key: (K, u64),
    value: V,
}

impl<K: Ord, V> PartialEq for HeapEntry<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<K: Ord, V> Eq for HeapEntry<K, V> {}

impl<K: Ord, V> PartialOrd for HeapEntry<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, V> Ord for HeapEntry<K, V> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl<K: Ord, V> TopK<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { heap: BinaryHeap::new(), capacity }
    }

    /// Returns whether an entry with this key and row would be stored.
    pub(crate) fn accepts(&self, key: &K, row: u64) -> bool {
        self.heap.len() < self.capacity
            || self.heap.peek().is_some_and(|last| (key, row) < (&last.key.0, last.key.1))
    }

    /// Adds an entry; `value` is called only if the entry is stored.
    pub(crate) fn add(&mut self, key: K, row: u64, value: impl FnOnce() -> V) {
        if !self.accepts(&key, row) {
            return;
        }
        self.heap.push(HeapEntry { key: (key, row), value: value() });
        if self.heap.len() > self.capacity {
            self.heap.pop();
        }
    }

    /// Returns the values in ascending order of their keys.
    pub(crate) fn into_sorted(self) -> Vec<V> {
        self.heap.into_sorted_vec().into_iter().map(|entry| entry.value).collect()
    }
}

/// Returns an integer that orders as `f64::total_cmp` orders the value.
pub(crate) fn ascending_key(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// Returns an integer that orders larger values first.
pub(crate) fn descending_key(value: f64) -> i64 {
    !ascending_key(value)
}

/// Returns the position of a row in a random order that is determined by the seed.
pub(crate) fn shuffled_key(row: u64, seed: u64) -> u64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(&row.to_le_bytes(), seed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_smallest_keys_are_those_that_sorting_puts_first(
            values in prop::collection::vec(-2.0..2.0_f64, 0..50),
        ) {
            let mut top = TopK::new(7);
            for (row, value) in values.iter().enumerate() {
                top.add(ascending_key(*value), row as u64, || *value);
            }
            let mut sorted = values;
            sorted.sort_by(f64::total_cmp);
            sorted.truncate(7);
            prop_assert_eq!(top.into_sorted(), sorted);
        }

        #[test]
        fn keys_order_like_their_values(a in -1e9..1e9_f64, b in -1e9..1e9_f64) {
            prop_assert_eq!(ascending_key(a).cmp(&ascending_key(b)), a.total_cmp(&b));
            prop_assert_eq!(descending_key(a).cmp(&descending_key(b)), b.total_cmp(&a));
        }
    }
}
