//! Compares the length ratio of a pair with that of the corpus, by kind of bead.
//!
//! The model follows Gale and Church 1993, "A Program for Aligning Sentences in Bilingual Corpora":
//! the logarithm of the length ratio is distributed around its median, more widely for shorter
//! texts. Median and spread are fitted to the corpus by quantiles, which bad pairs hardly change.

use nasaq::BeadKind;
use nasaq_text::{TATWEEL, is_arabic_mark, is_ignorable};

/// The number of classes of beads with separate ratios: 1-1, 1-n, n-1, n-m.
pub const LENGTH_CLASS_COUNT: usize = 4;

/// The weight of the prior ratio, in pairs.
const PRIOR_PAIRS: f64 = 30.0;

/// The number of bins of the histogram of log ratios, which covers -MAX_LOG to MAX_LOG.
const BINS: usize = 400;
const MAX_LOG: f64 = 4.0;
/// The upper quartile of the standard normal distribution.
const NORMAL_QUARTILE: f64 = 0.674_489_75;

/// Returns the length of a text in chars, without optional marks, tatweel and invisible characters.
pub(super) fn chars(text: &str) -> usize {
    let counts = |c: &char| !is_arabic_mark(*c) && *c != TATWEEL && !is_ignorable(*c);
    text.trim().chars().filter(counts).count()
}

/// Returns the class of a kind of bead, which has the Arabic side first.
pub(super) fn class(kind: Option<BeadKind>) -> usize {
    match kind {
        None | Some(BeadKind { src: 1, tgt: 1 }) => 0,
        Some(BeadKind { src: 1, .. }) => 1,
        Some(BeadKind { tgt: 1, .. }) => 2,
        Some(_) => 3,
    }
}

/// The length ratio of one class of beads.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LengthClass {
    /// The median of ln(Arabic chars / English chars).
    pub median: f64,
    /// The standard deviation of this logarithm for long pairs.
    pub spread: f64,
    /// The number of pairs that it was fitted to.
    pub pairs: u64,
}

/// The typical length ratios of a corpus.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LengthProfile {
    /// By class: 1-1 beads, one Arabic to several English segments, several to one, all others.
    pub classes: [LengthClass; LENGTH_CLASS_COUNT],
}

impl Default for LengthProfile {
    /// Returns the typical ratio for Arabic and English: 0.82 Arabic chars per English char.
    fn default() -> Self {
        let typical = LengthClass { median: -0.20, spread: 0.20, pairs: 0 };
        Self { classes: [typical; LENGTH_CLASS_COUNT] }
    }
}

/// Returns the factor by which the spread of a pair of these lengths exceeds that of long pairs.
fn widening(arabic: usize, english: usize) -> f64 {
    let shorter = arabic.min(english).max(1) as f64;
    (1.0 + 25.0 / shorter).sqrt()
}

impl LengthProfile {
    /// Returns the z-score of a pair of texts of these lengths in chars; `None` if a side is empty.
    pub(super) fn z(&self, class: usize, arabic: usize, english: usize) -> Option<f32> {
        if arabic == 0 || english == 0 {
            return None;
        }
        let LengthClass { median, spread, .. } = self.classes[class];
        let log = libm::log(arabic as f64 / english as f64);
        Some(((log - median) / (spread * widening(arabic, english))) as f32)
    }
}

/// Histograms of the length ratios of a corpus.
#[derive(Clone, Debug)]
pub(super) struct LengthCounts {
    /// By class: the number of pairs in each bin of the logarithm.
    logs: Vec<[u64; BINS]>,
    /// The same for logarithms whose distance from the typical median is divided by
    /// [`widening`], so that their spread is that of long pairs.
    narrowed: Vec<[u64; BINS]>,
}

impl Default for LengthCounts {
    fn default() -> Self {
        Self {
            logs: vec![[0; BINS]; LENGTH_CLASS_COUNT],
            narrowed: vec![[0; BINS]; LENGTH_CLASS_COUNT],
        }
    }
}

/// Returns the bin of a logarithm.
fn bin(value: f64) -> usize {
    let at = (value + MAX_LOG) / (2.0 * MAX_LOG) * BINS as f64;
    at.clamp(0.0, (BINS - 1) as f64) as usize
}

/// Returns the logarithm in the middle of a bin.
fn bin_middle(bin: usize) -> f64 {
    (bin as f64 + 0.5) / BINS as f64 * 2.0 * MAX_LOG - MAX_LOG
}

impl LengthCounts {
    pub(super) fn add(&mut self, class: usize, arabic: usize, english: usize) {
        if arabic == 0 || english == 0 {
            return;
        }
        let log = libm::log(arabic as f64 / english as f64);
        self.logs[class][bin(log)] += 1;
        // The median of the corpus is not known yet; the typical one is near enough for the scale.
        let typical = LengthProfile::default().classes[class].median;
        let narrowed = (log - typical) / widening(arabic, english) + typical;
        self.narrowed[class][bin(narrowed)] += 1;
    }

    /// Fits the ratios. The prior of the class 1-1 is the typical ratio of the languages, and that
    /// of the other classes is the fitted class 1-1.
    pub(super) fn fit(&self) -> LengthProfile {
        let mut profile = LengthProfile::default();
        for class in 0..LENGTH_CLASS_COUNT {
            // In the first iteration this is the typical ratio, afterwards the fitted class 1-1.
            let prior = profile.classes[0];
            let pairs: u64 = self.logs[class].iter().sum();
            let weight = pairs as f64 / (pairs as f64 + PRIOR_PAIRS);
            let mix = |fitted: f64, prior: f64| weight * fitted + (1.0 - weight) * prior;
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

    /// Returns the standard deviation of a normal distribution with the quartiles of a class.
    fn spread(&self, class: usize) -> Option<f64> {
        let counts = &self.narrowed[class];
        let (low, high) = (quantile(counts, 0.25)?, quantile(counts, 0.75)?);
        Some((high - low) / 2.0 / NORMAL_QUARTILE)
    }
}

/// Returns a quantile of a histogram, interpolated within its bin.
fn quantile(counts: &[u64; BINS], share: f64) -> Option<f64> {
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return None;
    }
    let rank = share * total as f64;
    let mut before = 0.0;
    for (at, &count) in counts.iter().enumerate() {
        let count = count as f64;
        if count > 0.0 && before + count >= rank {
            let width = 2.0 * MAX_LOG / BINS as f64;
            return Some(bin_middle(at) + ((rank - before) / count - 0.5) * width);
        }
        before += count;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_marks_are_not_counted() {
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
    fn few_pairs_hardly_change_the_prior() {
        let mut counts = LengthCounts::default();
        counts.add(0, 10, 100);
        let [first, ..] = counts.fit().classes;
        assert!((first.median - LengthProfile::default().classes[0].median).abs() < 0.1);
    }
}
