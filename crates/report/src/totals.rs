//! Running totals that corpora and documents share.

use serde::Serialize;

use crate::number::{rounded, share};
use crate::options::PairVerdict;

/// The number of pairs with each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VerdictCounts {
    /// Pairs that can be used as they are.
    pub ready: u64,
    /// Pairs that a reader should look at.
    pub check: u64,
    /// Pairs that are probably not fit for use.
    pub reject: u64,
    /// Pairs with neither probability nor quality.
    pub unrated: u64,
}

impl VerdictCounts {
    pub(crate) fn add(&mut self, verdict: Option<PairVerdict>) {
        *match verdict {
            Some(PairVerdict::Ready) => &mut self.ready,
            Some(PairVerdict::Check) => &mut self.check,
            Some(PairVerdict::Reject) => &mut self.reject,
            None => &mut self.unrated,
        } += 1;
    }
}

/// The size of one side of a document or a corpus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SideTotals {
    /// The number of segments; 0 if the rows have no shape.
    pub segments: u64,
    /// The number of words.
    pub words: u64,
    /// The number of chars.
    pub chars: u64,
    /// The number of chars in text that has a counterpart.
    pub paired_chars: u64,
}

impl SideTotals {
    pub(crate) fn add(&mut self, text: &str, words: u64, segments: u64, is_paired: bool) {
        let chars = text.trim().chars().count() as u64;
        self.segments += segments;
        self.words += words;
        self.chars += chars;
        self.paired_chars += if is_paired { chars } else { 0 };
    }

    /// Returns the share of the chars that have a counterpart.
    #[must_use]
    pub fn coverage(&self) -> f64 {
        share(self.paired_chars, self.chars)
    }
}

/// The mean of the values that are present.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RunningMean {
    pub(crate) sum: f64,
    pub(crate) count: u64,
}

impl RunningMean {
    pub(crate) fn add(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1;
        }
    }

    /// Returns the mean, or `None` if there are no values.
    pub(crate) fn get(self) -> Option<f64> {
        (self.count > 0).then(|| rounded(self.sum / self.count as f64))
    }
}
