//! Pairs and sides that are there more than once.
//!
//! Equal means: the same letters and numbers ([`nasaq_quality::text_key`]); marks, case, spaces and tashkeel
//! aside. Counts are exact up to half a million distinct pairs, and estimates from a sample beyond.

use nasaq_quality::text_key;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::histogram::Histogram;
use crate::listed::clipped;
use crate::number::share;
use crate::row::Row;
use crate::sketch::{ByHash, Sketch};

/// Distinct things that are kept.
const CAPACITY: usize = 1 << 19;
/// Repeated pairs whose texts are kept, and those that are listed.
const KEPT: usize = 256;
const LISTED: usize = 15;

/// What is there more than once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Duplicates {
    /// The counts are exact; otherwise they are off by a few in a thousand.
    pub exact: bool,
    /// Distinct pairs.
    pub distinct_pairs: u64,
    /// Share of the pairs that repeat an earlier one.
    pub share: f64,
    /// Distinct Arabic texts.
    pub distinct_arabic: u64,
    /// Distinct English texts.
    pub distinct_english: u64,
    /// Arabic texts with more than one English translation.
    pub arabic_inconsistent: u64,
    /// English texts with more than one Arabic translation.
    pub english_inconsistent: u64,
    /// Distinct pairs by words of the English side, in steps of one.
    pub distinct_by_words: Histogram,
    /// The pairs that are repeated most.
    pub repeated: Vec<RepeatedPair>,
}

/// A pair that is there more than once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepeatedPair {
    /// How often.
    pub count: u64,
    /// Its Arabic text.
    pub arabic: String,
    /// Its English text.
    pub english: String,
}

/// What is kept of a distinct pair.
#[derive(Clone, Copy, Debug, Default)]
struct PairEntry {
    count: u32,
    words: u16,
}

/// What is kept of a distinct text of one side.
#[derive(Clone, Copy, Debug, Default)]
struct SideEntry {
    /// Where it was first seen with which text of the other side.
    other: u64,
    seen: bool,
    inconsistent: bool,
}

/// Gathers duplicates.
#[derive(Clone, Debug)]
pub(crate) struct DuplicatesBuilder {
    pairs: u64,
    distinct: Sketch<PairEntry>,
    sides: [Sketch<SideEntry>; 2],
    repeated: ByHash<RepeatedPair>,
}

impl DuplicatesBuilder {
    pub(crate) fn new() -> Self {
        Self {
            pairs: 0,
            distinct: Sketch::new(CAPACITY),
            sides: [Sketch::new(CAPACITY), Sketch::new(CAPACITY)],
            repeated: ByHash::default(),
        }
    }

    /// Adds a pair; `words` are those of its English side.
    pub(crate) fn add(&mut self, row: &Row<'_>, words: u64) {
        self.pairs += 1;
        let keys = [text_key(row.arabic), text_key(row.english)];
        let mut both = [0; 16];
        both[..8].copy_from_slice(&keys[0].to_le_bytes());
        both[8..].copy_from_slice(&keys[1].to_le_bytes());
        let hash = xxh3_64(&both);
        for (at, side) in self.sides.iter_mut().enumerate() {
            if let Some(entry) = side.entry(keys[at]) {
                let other = keys[1 - at];
                entry.inconsistent |= entry.seen && entry.other != other;
                (entry.seen, entry.other) = (true, other);
            }
        }
        let count = match self.distinct.entry(hash) {
            Some(entry) => {
                if entry.count == 0 {
                    entry.words = words.min(257) as u16;
                }
                entry.count += 1;
                entry.count
            }
            None => 0,
        };
        if let Some(known) = self.repeated.get_mut(&hash) {
            known.count += 1;
        } else if count > 1 {
            self.remember(hash, u64::from(count), row);
        }
    }

    /// Keeps the texts of a repeated pair, in the place of the least repeated where there is none
    /// left.
    fn remember(&mut self, hash: u64, count: u64, row: &Row<'_>) {
        if self.repeated.len() >= KEPT {
            let least = self.repeated.iter().map(|(hash, pair)| (pair.count, *hash)).min();
            match least {
                Some((fewer, least)) if fewer < count => self.repeated.remove(&least),
                _ => return,
            };
        }
        let [arabic, english] = [row.arabic, row.english].map(|text| clipped(text, 160));
        self.repeated.insert(hash, RepeatedPair { count, arabic, english });
    }

    pub(crate) fn finish(self) -> Duplicates {
        let mut by_words = Histogram::new(0.0, 256.0, 256);
        let (mut kept, mut rows) = (0, 0);
        for (_, entry) in self.distinct.iter() {
            kept += 1;
            rows += u64::from(entry.count);
            let times = self.distinct.scaled(1);
            match by_words.counts.get_mut(usize::from(entry.words)) {
                Some(count) => *count += times,
                None => by_words.above += times,
            }
        }
        let distinct = |side: &Sketch<SideEntry>| side.scaled(side.iter().count() as u64);
        let inconsistent = |side: &Sketch<SideEntry>| {
            side.scaled(side.iter().filter(|(_, entry)| entry.inconsistent).count() as u64)
        };
        let mut repeated: Vec<RepeatedPair> = self.repeated.into_values().collect();
        repeated.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.english.cmp(&b.english)));
        repeated.truncate(LISTED);
        let [arabic, english] = &self.sides;
        Duplicates {
            exact: [arabic, english].iter().all(|side| side.is_exact()) && self.distinct.is_exact(),
            distinct_pairs: self.distinct.scaled(kept).min(self.pairs),
            share: crate::number::rounded(1.0 - if rows == 0 { 1.0 } else { share(kept, rows) }),
            distinct_arabic: distinct(arabic).min(self.pairs),
            distinct_english: distinct(english).min(self.pairs),
            arabic_inconsistent: inconsistent(arabic),
            english_inconsistent: inconsistent(english),
            distinct_by_words: by_words,
            repeated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_pairs_and_texts_with_two_translations_are_found() {
        let mut duplicates = DuplicatesBuilder::new();
        for (arabic, english) in [
            ("اقرأ المزيد", "Read more"),
            ("اقرأ المَزيد.", "READ MORE!"),
            ("اقرأ المزيد", "Read on"),
            ("وصل القطار", "The train arrived"),
        ] {
            duplicates.add(&Row { arabic, english, ..Row::default() }, 2);
        }
        let found = duplicates.finish();
        assert!(found.exact);
        assert_eq!(
            (found.distinct_pairs, found.distinct_arabic, found.distinct_english),
            (3, 2, 3)
        );
        assert_eq!((found.arabic_inconsistent, found.english_inconsistent), (1, 0));
        assert_eq!(found.share, 0.25);
        assert_eq!(found.repeated.len(), 1);
        assert_eq!(found.repeated[0].count, 2);
        assert_eq!(found.distinct_by_words.total(), 3);
    }
}
