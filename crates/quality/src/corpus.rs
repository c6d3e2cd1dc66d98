//! Statistics of a whole corpus: typical lengths, repeated texts, duplicates.
//!
//! A first pass observes each pair, a [`CorpusProfile`] is built from the observations, and a
//! second pass rates the pairs with it. Lengths are stored in histograms of constant size. A
//! complete observation takes 56 bytes of fingerprints, or 24 without near-duplicates, and 20 bytes
//! in the profile.

use std::collections::HashSet;

use crate::fingerprint::{BANDS, Fingerprint};
use crate::length::{LengthCounts, LengthProfile, chars, class};
use crate::scorer::{PairCounts, SentencePair};

/// What a profile needs of one pair.
#[derive(Clone, Copy, Debug)]
pub struct PairObservation {
    class: usize,
    arabic_chars: usize,
    english_chars: usize,
    fingerprint: Option<Fingerprint>,
}

impl PairObservation {
    /// Observes the lengths and the texts of a pair.
    #[must_use]
    pub fn new(pair: &SentencePair<'_>) -> Self {
        let fingerprint = Some(Fingerprint::new(pair.arabic, pair.english));
        Self { fingerprint, ..Self::lengths_only(pair) }
    }

    /// Observes only the lengths of a pair. A profile of such observations has no duplicates.
    #[must_use]
    pub fn lengths_only(pair: &SentencePair<'_>) -> Self {
        Self {
            class: class(pair.kind),
            arabic_chars: chars(pair.arabic),
            english_chars: chars(pair.english),
            fingerprint: None,
        }
    }
}

/// Builds a profile from the observations of a corpus, in the order of its pairs. The observations
/// must all be complete or all be of lengths only.
#[derive(Clone, Debug)]
pub struct CorpusBuilder {
    lengths: LengthCounts,
    near: bool,
    arabic: Vec<u64>,
    english: Vec<u64>,
    pairs: Vec<u64>,
    bands: [Vec<u64>; BANDS],
}

impl CorpusBuilder {
    /// Creates a builder without pairs. If `near_duplicates` is set, near-duplicates are clustered
    /// too, which needs more memory.
    #[must_use]
    pub fn new(near_duplicates: bool) -> Self {
        Self {
            lengths: LengthCounts::default(),
            near: near_duplicates,
            arabic: Vec::new(),
            english: Vec::new(),
            pairs: Vec::new(),
            bands: Default::default(),
        }
    }

    /// Adds the observation of the next pair.
    pub fn add(&mut self, observation: &PairObservation) {
        let PairObservation { class, arabic_chars, english_chars, fingerprint } = observation;
        self.lengths.add(*class, *arabic_chars, *english_chars);
        let Some(fingerprint) = fingerprint else { return };
        self.arabic.push(fingerprint.arabic);
        self.english.push(fingerprint.english);
        self.pairs.push(fingerprint.pair);
        if self.near {
            for (band, key) in self.bands.iter_mut().zip(fingerprint.bands) {
                band.push(key);
            }
        }
    }

    /// Builds the profile.
    #[must_use]
    pub fn build(self) -> CorpusProfile {
        let count = |keys: &[u64]| {
            let mut counts = vec![0_u32; keys.len()];
            for_each_group(keys, |rows| {
                for row in rows {
                    counts[row.1 as usize] = rows.len() as u32;
                }
            });
            counts
        };
        let mut clusters: Vec<u32> = (0..self.pairs.len() as u32).collect();
        for_each_group(&self.pairs, |rows| {
            for row in rows {
                clusters[row.1 as usize] = rows[0].1;
            }
        });
        let mut near = Clusters(clusters.clone());
        for band in &self.bands {
            for_each_group(band, |rows| {
                for row in rows {
                    near.join(rows[0].1, row.1);
                }
            });
        }
        let near = if self.near { near.finish() } else { Vec::new() };
        CorpusProfile {
            lengths: self.lengths.fit(),
            arabic: count(&self.arabic),
            english: count(&self.english),
            duplicates: count(&self.pairs),
            clusters,
            near,
        }
    }
}

/// Calls `each` with the (key, row) entries of every group of rows with the same key, the rows in
/// ascending order.
fn for_each_group(keys: &[u64], mut each: impl FnMut(&[(u64, u32)])) {
    let mut sorted: Vec<(u64, u32)> = keys.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        each(group);
    }
}

/// Disjoint sets of rows (union-find); a set is represented by its first row.
struct Clusters(Vec<u32>);

impl Clusters {
    fn first(&mut self, row: u32) -> u32 {
        let mut at = row;
        while self.0[at as usize] != at {
            let next = self.0[at as usize];
            self.0[at as usize] = self.0[next as usize];
            at = self.0[at as usize];
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    fn finish(mut self) -> Vec<u32> {
        for row in 0..self.0.len() as u32 {
            self.0[row as usize] = self.first(row);
        }
        self.0
    }
}

/// The statistics of a corpus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CorpusProfile {
    /// The typical length ratios.
    pub lengths: LengthProfile,
    arabic: Vec<u32>,
    english: Vec<u32>,
    duplicates: Vec<u32>,
    clusters: Vec<u32>,
    near: Vec<u32>,
}

impl CorpusProfile {
    /// Creates a profile that has only lengths, such as those of another corpus.
    #[must_use]
    pub fn from_lengths(lengths: LengthProfile) -> Self {
        Self { lengths, ..Self::default() }
    }

    /// Returns the counts of a row by its index; `None` if the profile has only lengths or fewer
    /// rows.
    #[must_use]
    pub fn counts(&self, row: usize) -> Option<PairCounts> {
        Some(PairCounts {
            arabic: *self.arabic.get(row)?,
            english: *self.english.get(row)?,
            duplicates: *self.duplicates.get(row)?,
            cluster: *self.clusters.get(row)?,
            near_cluster: self.near.get(row).copied(),
        })
    }
}

/// Texts that a corpus must not contain, such as those of a test set.
#[derive(Clone, Debug, Default)]
pub struct HeldOutTexts {
    keys: HashSet<u64>,
}

impl HeldOutTexts {
    /// Adds a text, in either language.
    pub fn add(&mut self, text: &str) {
        self.keys.insert(crate::fingerprint::text_key(text));
    }

    /// Returns whether a side of the pair is one of the texts, compared by
    /// [`text_key`](crate::text_key).
    #[must_use]
    pub fn matches(&self, pair: &SentencePair<'_>) -> bool {
        [pair.arabic, pair.english]
            .iter()
            .any(|text| self.keys.contains(&crate::fingerprint::text_key(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(pairs: &[(&str, &str)]) -> CorpusProfile {
        let mut builder = CorpusBuilder::new(true);
        for (arabic, english) in pairs {
            builder.add(&PairObservation::new(&SentencePair { arabic, english, kind: None }));
        }
        builder.build()
    }

    #[test]
    fn rows_are_counted_and_clustered() {
        let profile = profile(&[
            ("اقرأ المزيد", "Read more"),
            ("وصل القطار", "The train arrived"),
            ("اقرأ المَزيد.", "READ MORE!"),
            ("اقرأ المزيد", "Contribution this"),
        ]);
        let counts = |row| profile.counts(row).unwrap();
        assert_eq!((counts(0).arabic, counts(0).english, counts(0).duplicates), (3, 2, 2));
        assert_eq!((counts(2).cluster, counts(2).near_cluster), (0, Some(0)));
        assert_eq!((counts(3).cluster, counts(1).duplicates), (3, 1));
        assert_eq!(profile.counts(4), None);
    }

    #[test]
    fn held_out_texts_are_recognised() {
        let mut held_out = HeldOutTexts::default();
        held_out.add("Read more");
        let pair = |english| SentencePair { arabic: "نص", english, kind: None };
        assert!(held_out.matches(&pair("read more.")));
        assert!(!held_out.matches(&pair("read less")));
    }
}
