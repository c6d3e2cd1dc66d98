//! Length: how far a pair's ratio is from the corpus's own, by kind of bead.
//!
//! Gale and Church's model (1993, "A Program for Aligning Sentences in Bilingual Corpora"), on
//! logarithms and fitted to the corpus itself by medians, so that bad pairs do not move it: the
//! logarithm of the ratio of lengths is spread around its median, the more the shorter the text.

use nasaq::BeadKind;
use nasaq_text::{TATWEEL, is_arabic_mark, is_ignorable};

/// Kinds of bead that have a ratio of their own: one to one, one to many, many to one, the rest.
pub const LENGTH_CLASSES: usize = 4;

/// Pairs that a corpus must have before its own ratio outweighs the usual one.
const PRIOR_PAIRS: f64 = 30.0;

/// Steps of the histogram of logarithms, and the greatest logarithm, either way.
const STEPS: usize = 400;
const GREATEST: f64 = 4.0;
/// A median deviation by the standard deviation of a normal spread.
const MAD: f64 = 0.674_489_75;

/// Gives the length of a text in chars, without the marks, strokes and invisible characters that
/// it may be written without.
pub(super) fn chars(text: &str) -> usize {
    let counts = |c: &char| !is_arabic_mark(*c) && *c != TATWEEL && !is_ignorable(*c);
    text.trim().chars().filter(counts).count()
}

/// Gives the class of a kind of bead, with the Arabic side first.
pub(super) fn class(kind: Option<BeadKind>) -> usize {
    match kind {
        None | Some(BeadKind { src: 1, tgt: 1 }) => 0,
        Some(BeadKind { src: 1, .. }) => 1,
        Some(BeadKind { tgt: 1, .. }) => 2,
        Some(_) => 3,
    }
}

/// The ratio of one class of beads.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LengthClass {
    /// Median of ln(Arabic chars / English chars).
    pub median: f64,
    /// Spread of a long pair's logarithm.
    pub spread: f64,
    /// Pairs that it was fitted to.
    pub pairs: u64,
}

/// Lengths of a corpus: what is usual for each class of beads.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LengthProfile {
    /// One to one; one Arabic to several English segments; several to one; all others.
    pub classes: [LengthClass; LENGTH_CLASSES],
}

impl Default for LengthProfile {
    /// What is usual of Arabic and English: 0.82 Arabic chars a char of English.
    fn default() -> Self {
        let usual = LengthClass { median: -0.20, spread: 0.20, pairs: 0 };
        Self { classes: [usual; LENGTH_CLASSES] }
    }
}

/// Gives how far short texts spread beyond long ones: the spread is multiplied by it.
fn widening(arabic: usize, english: usize) -> f64 {
    let shorter = arabic.min(english).max(1) as f64;
    (1.0 + 25.0 / shorter).sqrt()
}

impl LengthProfile {
    /// Gives the z-score of a pair's lengths in chars; `None` where a side is empty.
    pub(super) fn z(&self, class: usize, arabic: usize, english: usize) -> Option<f32> {
        if arabic == 0 || english == 0 {
            return None;
        }
        let LengthClass { median, spread, .. } = self.classes[class];
        let log = libm::log(arabic as f64 / english as f64);
        Some(((log - median) / (spread * widening(arabic, english))) as f32)
    }
}

/// Gathers the lengths of a corpus, in memory that does not grow.
#[derive(Clone, Debug)]
pub(super) struct LengthCounts {
    /// By class: how many pairs have each logarithm.
    logs: Vec<[u64; STEPS]>,
    /// The same, each logarithm drawn in towards the usual median by how far a pair of its length
    /// spreads: what is left is the spread of long pairs.
    widened: Vec<[u64; STEPS]>,
}

impl Default for LengthCounts {
    fn default() -> Self {
        Self { logs: vec![[0; STEPS]; LENGTH_CLASSES], widened: vec![[0; STEPS]; LENGTH_CLASSES] }
    }
}

fn step(value: f64) -> usize {
    let at = (value + GREATEST) / (2.0 * GREATEST) * STEPS as f64;
    at.clamp(0.0, (STEPS - 1) as f64) as usize
}

fn value(step: usize) -> f64 {
    (step as f64 + 0.5) / STEPS as f64 * 2.0 * GREATEST - GREATEST
}

impl LengthCounts {
    pub(super) fn add(&mut self, class: usize, arabic: usize, english: usize) {
        if arabic == 0 || english == 0 {
            return;
        }
        let log = libm::log(arabic as f64 / english as f64);
        self.logs[class][step(log)] += 1;
        // Around the usual median, which is near enough to scale by.
        let usual = LengthProfile::default().classes[class].median;
        let widened = (log - usual) / widening(arabic, english) + usual;
        self.widened[class][step(widened)] += 1;
    }

    /// Fits what is usual; a class of few pairs leans on the one-to-one pairs, and those on what is
    /// usual of the languages.
    pub(super) fn fit(&self) -> LengthProfile {
        let mut profile = LengthProfile::default();
        for class in 0..LENGTH_CLASSES {
            // The first class is fitted by now where another one leans on it.
            let prior = profile.classes[0];
            let pairs: u64 = self.logs[class].iter().sum();
            let own = pairs as f64 / (pairs as f64 + PRIOR_PAIRS);
            let mix = |own_value: f64, prior: f64| own * own_value + (1.0 - own) * prior;
            let median = quantile(&self.logs[class], 0.5).unwrap_or(prior.median);
            let spread = self.spread(class).unwrap_or(prior.spread);
            profile.classes[class] = LengthClass {
                median: mix(median, prior.median),
                spread: mix(spread, prior.spread).clamp(0.08, 0.6),
                pairs,
            };
        }
        profile
    }

    /// Half the distance between the quantiles that a normal spread has at one deviation.
    fn spread(&self, class: usize) -> Option<f64> {
        let counts = &self.widened[class];
        let (low, high) = (quantile(counts, 0.25)?, quantile(counts, 0.75)?);
        Some((high - low) / 2.0 / MAD)
    }
}

/// Gives the value that a share of the counts is below, with the step it falls into divided.
fn quantile(counts: &[u64; STEPS], share: f64) -> Option<f64> {
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return None;
    }
    let wanted = share * total as f64;
    let mut before = 0.0;
    for (at, &count) in counts.iter().enumerate() {
        let count = count as f64;
        if count > 0.0 && before + count >= wanted {
            let width = 2.0 * GREATEST / STEPS as f64;
            return Some(value(at) + ((wanted - before) / count - 0.5) * width);
        }
        before += count;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_not_counted() {
        assert_eq!(chars(" شُكْراً جَزِيلاً "), chars("شكرا جزيلا"));
        assert_eq!(chars("العـــربية"), 7);
    }

    #[test]
    fn fit_follows_the_corpus_and_not_its_outliers() {
        let mut counts = LengthCounts::default();
        for n in 0..500_usize {
            counts.add(0, 60 + n % 20, 100);
            if n % 10 == 0 {
                counts.add(0, 300, 20);
            }
        }
        let profile = counts.fit();
        let median = profile.classes[0].median;
        assert!((median - libm::log(0.7)).abs() < 0.05, "{median}");
        assert!(profile.z(0, 70, 100).unwrap().abs() < 0.5);
        assert!(profile.z(0, 30, 100).unwrap() < -3.0);
        assert_eq!(profile.z(0, 0, 5), None);
    }

    #[test]
    fn few_pairs_change_little() {
        let mut counts = LengthCounts::default();
        counts.add(0, 10, 100);
        let [first, ..] = counts.fit().classes;
        assert!((first.median - LengthProfile::default().classes[0].median).abs() < 0.1);
    }
}
