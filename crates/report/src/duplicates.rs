//! Repeated pairs, and texts with several translations.
//!
//! Two texts are equal if they have the same letters and digits ([`nasaq_quality::text_key`]);
//! punctuation, case, spaces and tashkeel are ignored. Counts are exact up to half a million
//! distinct pairs. Beyond that they are estimated from a sample.

use nasaq_quality::text_key;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::distinct_sketch::{DistinctSketch, PrehashedMap};
use crate::excerpt::excerpt;
use crate::histogram::Histogram;
use crate::number::{rounded, share};
use crate::row::ReportRow;

/// Maximum number of distinct pairs, and of distinct texts of a side, that are counted exactly.
const CAPACITY: usize = 1 << 19;
/// Maximum number of repeated pairs whose texts are stored.
const MAX_STORED: usize = 256;
/// Maximum number of repeated pairs that are listed.
const MAX_LISTED: usize = 15;
/// Maximum length of the text of a repeated pair, in chars.
const MAX_TEXT_CHARS: usize = 160;

/// How much of a corpus is repeated.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DuplicateReport {
    /// Whether the counts are exact. Otherwise they are estimates with an error of a few parts per
    /// thousand.
    pub exact: bool,
    /// The number of distinct pairs.
    pub distinct_pairs: u64,
    /// The share of the pairs that repeat an earlier one.
    pub share: f64,
    /// The number of distinct Arabic texts.
    pub distinct_arabic: u64,
    /// The number of distinct English texts.
    pub distinct_english: u64,
    /// The number of Arabic texts with more than one English translation.
    pub arabic_inconsistent: u64,
    /// The number of English texts with more than one Arabic translation.
    pub english_inconsistent: u64,
    /// Distinct pairs by the number of words on the English side, in bins of one word.
    pub distinct_by_words: Histogram,
    /// The pairs that are repeated most, at most 15.
    pub repeated: Vec<RepeatedPair>,
}

/// A pair that occurs more than once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RepeatedPair {
    /// How often the pair occurs.
    pub count: u64,
    /// The Arabic text. A text of more than 160 chars is cut and ends with `…`.
    pub arabic: String,
    /// The English text, cut like the Arabic text.
    pub english: String,
}

/// What is stored for a distinct pair.
#[derive(Clone, Copy, Debug, Default)]
struct DistinctPair {
    count: u32,
    /// Words on the English side, at most 257.
    words: u16,
}

/// What is stored for a distinct text of one side.
#[derive(Clone, Copy, Debug, Default)]
struct DistinctText {
    /// The key of the text on the other side when this text was last seen.
    other: u64,
    is_seen: bool,
    is_inconsistent: bool,
}

/// Collects duplicates.
#[derive(Clone, Debug)]
pub(crate) struct DuplicatesBuilder {
    pairs: u64,
    distinct: DistinctSketch<DistinctPair>,
    sides: [DistinctSketch<DistinctText>; 2],
    repeated: PrehashedMap<RepeatedPair>,
}

impl DuplicatesBuilder {
    pub(crate) fn new() -> Self {
        Self {
            pairs: 0,
            distinct: DistinctSketch::new(CAPACITY),
            sides: [DistinctSketch::new(CAPACITY), DistinctSketch::new(CAPACITY)],
            repeated: PrehashedMap::default(),
        }
    }

    /// Adds a pair with `words` words on its English side.
    pub(crate) fn add(&mut self, row: &ReportRow<'_>, words: u64) {
        self.pairs += 1;
        let keys = [text_key(row.arabic), text_key(row.english)];
        let mut both = [0; 16];
        both[..8].copy_from_slice(&keys[0].to_le_bytes());
        both[8..].copy_from_slice(&keys[1].to_le_bytes());
        let hash = xxh3_64(&both);
        for (at, side) in self.sides.iter_mut().enumerate() {
            if let Some(entry) = side.entry(keys[at]) {
                let other = keys[1 - at];
                entry.is_inconsistent |= entry.is_seen && entry.other != other;
                (entry.is_seen, entry.other) = (true, other);
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
            self.store_texts(hash, u64::from(count), row);
        }
    }

    /// Stores the texts of a repeated pair. If there is no room, they replace those of the pair
    /// with the lowest count, provided that its count is lower.
    fn store_texts(&mut self, hash: u64, count: u64, row: &ReportRow<'_>) {
        if self.repeated.len() >= MAX_STORED {
            let rarest = self.repeated.iter().map(|(hash, pair)| (pair.count, *hash)).min();
            match rarest {
                Some((fewer, rarest)) if fewer < count => self.repeated.remove(&rarest),
                _ => return,
            };
        }
        let [arabic, english] = [row.arabic, row.english].map(|text| excerpt(text, MAX_TEXT_CHARS));
        self.repeated.insert(hash, RepeatedPair { count, arabic, english });
    }

    pub(crate) fn finish(self) -> DuplicateReport {
        let mut by_words = Histogram::new(0.0, 256.0, 256);
        let (mut sampled, mut rows) = (0, 0);
        for (_, entry) in self.distinct.iter() {
            sampled += 1;
            rows += u64::from(entry.count);
            let times = self.distinct.scaled(1);
            match by_words.counts.get_mut(usize::from(entry.words)) {
                Some(count) => *count += times,
                None => by_words.above += times,
            }
        }
        let distinct =
            |side: &DistinctSketch<DistinctText>| side.scaled(side.iter().count() as u64);
        let inconsistent = |side: &DistinctSketch<DistinctText>| {
            side.scaled(side.iter().filter(|(_, entry)| entry.is_inconsistent).count() as u64)
        };
        let mut repeated: Vec<RepeatedPair> = self.repeated.into_values().collect();
        repeated.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.english.cmp(&b.english)));
        repeated.truncate(MAX_LISTED);
        let [arabic, english] = &self.sides;
        DuplicateReport {
            exact: [arabic, english].iter().all(|side| side.is_exact()) && self.distinct.is_exact(),
            distinct_pairs: self.distinct.scaled(sampled).min(self.pairs),
            share: rounded(1.0 - if rows == 0 { 1.0 } else { share(sampled, rows) }),
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
            duplicates.add(&ReportRow::new(arabic, english), 2);
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
