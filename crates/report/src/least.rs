//! The few of many that come first.

use std::collections::BinaryHeap;

/// Keeps the values of the least keys; of equal keys the first.
#[derive(Clone, Debug)]
pub(crate) struct Least<K, V> {
    heap: BinaryHeap<Ranked<K, V>>,
    capacity: usize,
}

#[derive(Clone, Debug)]
struct Ranked<K, V> {
    key: (K, u64),
    value: V,
}

impl<K: Ord, V> PartialEq for Ranked<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<K: Ord, V> Eq for Ranked<K, V> {}

impl<K: Ord, V> PartialOrd for Ranked<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, V> Ord for Ranked<K, V> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl<K: Ord, V> Least<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { heap: BinaryHeap::new(), capacity }
    }

    /// Tells whether a value of this key and row would be kept.
    pub(crate) fn wants(&self, key: &K, row: u64) -> bool {
        self.heap.len() < self.capacity
            || self.heap.peek().is_some_and(|last| (key, row) < (&last.key.0, last.key.1))
    }

    /// Adds a value of a row; the value is only made where it is kept.
    pub(crate) fn add(&mut self, key: K, row: u64, value: impl FnOnce() -> V) {
        if !self.wants(&key, row) {
            return;
        }
        self.heap.push(Ranked { key: (key, row), value: value() });
        if self.heap.len() > self.capacity {
            self.heap.pop();
        }
    }

    /// Gives the values, the least key first.
    pub(crate) fn into_sorted(self) -> Vec<V> {
        self.heap.into_sorted_vec().into_iter().map(|ranked| ranked.value).collect()
    }
}

/// Gives a key that orders as the number does.
pub(crate) fn ascending(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// Gives a key that orders the greatest number first.
pub(crate) fn descending(value: f64) -> i64 {
    !ascending(value)
}

/// Gives the key of a row in a random order that the seed chooses.
pub(crate) fn shuffled(row: u64, seed: u64) -> u64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(&row.to_le_bytes(), seed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_least_are_those_of_sorting(values in prop::collection::vec(-2.0..2.0_f64, 0..50)) {
            let mut least = Least::new(7);
            for (row, value) in values.iter().enumerate() {
                least.add(ascending(*value), row as u64, || *value);
            }
            let mut sorted = values;
            sorted.sort_by(f64::total_cmp);
            sorted.truncate(7);
            prop_assert_eq!(least.into_sorted(), sorted);
        }

        #[test]
        fn keys_order_as_numbers(a in -1e9..1e9_f64, b in -1e9..1e9_f64) {
            prop_assert_eq!(ascending(a).cmp(&ascending(b)), a.total_cmp(&b));
            prop_assert_eq!(descending(a).cmp(&descending(b)), b.total_cmp(&a));
        }
    }
}
