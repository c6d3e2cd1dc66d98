//! Sets of short words with a fast hash.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// A set of words. Its order depends on nothing but the words.
pub(crate) type WordSet = HashSet<String, BuildHasherDefault<Fnv>>;

/// The FNV-1a hash, which is fast for short words.
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}
