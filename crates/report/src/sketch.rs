//! How many different things there are, in memory that does not grow.
//!
//! Adaptive sampling of hashes (Wegman; Flajolet 1990, "On adaptive sampling"): entries are kept by
//! hash, and when there are too many, only those in half of the hash space are, and so on. What is
//! kept is a sample of the *distinct* things, each with all that was counted of it; totals are the
//! kept ones times the halvings. Exact as long as all fit.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

/// Keys are hashes as they come.
#[derive(Default)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are 64-bit numbers");
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

pub(crate) type ByHash<V> = HashMap<u64, V, BuildHasherDefault<Identity>>;

/// Things by their hash, all of them or a sample.
#[derive(Clone, Debug)]
pub(crate) struct Sketch<V> {
    entries: ByHash<V>,
    capacity: usize,
    halvings: u32,
}

impl<V: Default> Sketch<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::default(), capacity, halvings: 0 }
    }

    fn is_kept(&self, hash: u64) -> bool {
        // Bits that a hash table does not go by: neither the lowest nor the highest.
        (hash >> 32) & ((1 << self.halvings) - 1) == 0
    }

    /// Gives what is counted of a thing, new where it is; `None` where it is not in the sample.
    pub(crate) fn entry(&mut self, hash: u64) -> Option<&mut V> {
        if !self.is_kept(hash) {
            return None;
        }
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&hash) {
            while self.entries.len() >= self.capacity && self.halvings < 24 {
                self.halvings += 1;
                let halvings = self.halvings;
                self.entries.retain(|hash, _| (hash >> 32) & ((1 << halvings) - 1) == 0);
            }
            if !self.is_kept(hash) {
                return None;
            }
        }
        Some(match self.entries.entry(hash) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(V::default()),
        })
    }

    /// Gives the things that are kept, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &V)> {
        self.entries.iter().map(|(hash, value)| (*hash, value))
    }

    /// Tells whether all things were kept.
    pub(crate) fn is_exact(&self) -> bool {
        self.halvings == 0
    }

    /// Scales a number counted over the kept things to all.
    pub(crate) fn scaled(&self, count: u64) -> u64 {
        count << self.halvings
    }
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;

    fn sketch(capacity: usize, things: u64) -> Sketch<u64> {
        let mut sketch = Sketch::new(capacity);
        for round in 0..2 {
            for thing in 0..things {
                if let Some(count) = sketch.entry(xxh3_64(&thing.to_le_bytes())) {
                    *count += 1 + round;
                }
            }
        }
        sketch
    }

    #[test]
    fn what_fits_is_exact() {
        let sketch = sketch(1000, 1000);
        assert!(sketch.is_exact());
        assert_eq!(sketch.iter().count(), 1000);
        assert!(sketch.iter().all(|(_, count)| *count == 3));
    }

    #[test]
    fn a_sample_is_near_and_counts_its_things_whole() {
        let sketch = sketch(4096, 100_000);
        assert!(!sketch.is_exact() && sketch.iter().count() <= 4096);
        assert!(sketch.iter().all(|(_, count)| *count == 3));
        let estimate = sketch.scaled(sketch.iter().count() as u64) as f64;
        assert!((estimate / 100_000.0 - 1.0).abs() < 0.06, "{estimate}");
    }
}
