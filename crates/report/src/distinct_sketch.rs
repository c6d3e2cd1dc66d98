//! Counts distinct items in bounded memory.
//!
//! Adaptive sampling of hashes (Wegman; Flajolet 1990, "On adaptive sampling"): items are stored by
//! their hash. When there are too many, only those in one half of the hash space are retained, then
//! those in one quarter, and so on. What is stored is therefore a random sample of the *distinct*
//! items, each with everything that was counted for it, and the total is estimated as the count of
//! the sample times 2 for each halving. The counts are exact as long as all items fit.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

/// A hasher for keys that are hashes already.
#[derive(Default)]
pub(crate) struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("all keys are of type u64");
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A map from 64-bit hashes.
pub(crate) type PrehashedMap<V> = HashMap<u64, V, BuildHasherDefault<IdentityHasher>>;

/// Items by their hash: all of them, or a sample if there are more than `capacity`.
#[derive(Clone, Debug)]
pub(crate) struct DistinctSketch<V> {
    entries: PrehashedMap<V>,
    capacity: usize,
    halvings: u32,
}

/// Returns whether an item belongs to the sample after some halvings.
///
/// The middle bits of the hash decide: a hash table uses the lowest and the highest ones.
fn is_sampled(hash: u64, halvings: u32) -> bool {
    (hash >> 32) & ((1 << halvings) - 1) == 0
}

impl<V: Default> DistinctSketch<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::default(), capacity, halvings: 0 }
    }

    /// Returns the value of an item, which is `V::default()` at first; `None` if the item is not in
    /// the sample.
    pub(crate) fn entry(&mut self, hash: u64) -> Option<&mut V> {
        if !is_sampled(hash, self.halvings) {
            return None;
        }
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&hash) {
            while self.entries.len() >= self.capacity && self.halvings < 24 {
                self.halvings += 1;
                let halvings = self.halvings;
                self.entries.retain(|hash, _| is_sampled(*hash, halvings));
            }
            if !is_sampled(hash, self.halvings) {
                return None;
            }
        }
        Some(match self.entries.entry(hash) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(V::default()),
        })
    }

    /// Iterates over the sampled items in arbitrary order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &V)> {
        self.entries.iter().map(|(hash, value)| (*hash, value))
    }

    /// Returns whether the sample contains all items.
    pub(crate) fn is_exact(&self) -> bool {
        self.halvings == 0
    }

    /// Scales a count over the sample to an estimate for all items.
    pub(crate) fn scaled(&self, count: u64) -> u64 {
        count << self.halvings
    }
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;

    fn sketch(capacity: usize, items: u64) -> DistinctSketch<u64> {
        let mut sketch = DistinctSketch::new(capacity);
        for round in 0..2 {
            for item in 0..items {
                if let Some(count) = sketch.entry(xxh3_64(&item.to_le_bytes())) {
                    *count += 1 + round;
                }
            }
        }
        sketch
    }

    #[test]
    fn counts_are_exact_while_all_items_fit() {
        let sketch = sketch(1000, 1000);
        assert!(sketch.is_exact());
        assert_eq!(sketch.iter().count(), 1000);
        assert!(sketch.iter().all(|(_, count)| *count == 3));
    }

    #[test]
    fn a_sample_estimates_the_total_and_has_full_counts_of_its_items() {
        let sketch = sketch(4096, 100_000);
        assert!(!sketch.is_exact() && sketch.iter().count() <= 4096);
        assert!(sketch.iter().all(|(_, count)| *count == 3));
        let estimate = sketch.scaled(sketch.iter().count() as u64) as f64;
        assert!((estimate / 100_000.0 - 1.0).abs() < 0.06, "{estimate}");
    }
}
