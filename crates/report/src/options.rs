//! Settings of a report, and the verdict on a pair.

use nasaq::Language;
use serde::{Serialize, Serializer};

/// What a pair is fit for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PairVerdict {
    /// The pair can be used as it is.
    Ready,
    /// A reader should look at the pair first.
    Check,
    /// The pair is probably not fit for use.
    Reject,
}

impl PairVerdict {
    /// Returns the name of the verdict in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Check => "check",
            Self::Reject => "reject",
        }
    }
}

/// What is doubtful about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Doubt {
    /// The alignment: its probability is low, so it may not be the right pair.
    Alignment,
    /// The translation: it is probably the right pair, and its quality is low.
    Translation,
}

impl Doubt {
    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Alignment => "alignment",
            Self::Translation => "translation",
        }
    }
}

/// The minimum scores of a pair that is *ready* and of one that is not *reject*.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Thresholds {
    /// The minimum probability of a ready pair. Default 0.9.
    pub ready_probability: f64,
    /// The minimum quality of a ready pair. Default 0.5: if half of all pairs were bad, such a pair
    /// would be as likely good as bad.
    pub ready_quality: f64,
    /// A pair with a lower probability is rejected. Default 0.5.
    pub reject_probability: f64,
    /// A pair with a lower quality is rejected. Default 0.05.
    pub reject_quality: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            ready_probability: 0.9,
            ready_quality: 0.5,
            reject_probability: 0.5,
            reject_quality: 0.05,
        }
    }
}

impl Thresholds {
    /// Returns what is doubtful about a pair that is not ready, and the score that shows it.
    pub(crate) fn doubt(
        &self,
        probability: Option<f64>,
        quality: Option<f64>,
    ) -> Option<(Doubt, f64)> {
        let is_low = |value: &f64| (*value as f32) < self.ready_probability as f32;
        let alignment = probability.filter(is_low).map(|value| (Doubt::Alignment, value));
        let is_poor = |value: &f64| *value < self.ready_quality;
        let translation = quality.filter(is_poor).map(|value| (Doubt::Translation, value));
        alignment.or(translation)
    }

    /// Returns the verdict on a pair: the worse of those that its probability and its quality get,
    /// or `None` if it has neither.
    #[must_use]
    pub fn judge(&self, probability: Option<f64>, quality: Option<f64>) -> Option<PairVerdict> {
        if probability.is_none() && quality.is_none() {
            return None;
        }
        let is_below = |min_probability: f64, min_quality: f64| {
            // Probabilities are 32-bit numbers. Compared as 64-bit numbers, the `f32` nearest to
            // 0.9 would be below 0.9.
            probability.is_some_and(|value| (value as f32) < min_probability as f32)
                || quality.is_some_and(|value| value < min_quality)
        };
        Some(if is_below(self.reject_probability, self.reject_quality) {
            PairVerdict::Reject
        } else if is_below(self.ready_probability, self.ready_quality) {
            PairVerdict::Check
        } else {
            PairVerdict::Ready
        })
    }
}

/// Settings of a report.
///
/// ```
/// use nasaq_report::ReportOptions;
///
/// let mut options = ReportOptions::new("news");
/// options.sample = 20;
/// assert_eq!(options.thresholds.ready_probability, 0.9);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReportOptions {
    /// The name of the corpus. Default empty.
    pub name: String,
    /// The language of the source side. Default Arabic.
    #[serde(serialize_with = "serialize_code")]
    pub source: Language,
    /// The names of the features that the rows have. Default none.
    pub features: Vec<String>,
    /// The names of the filters that were applied to the rows. Default none.
    pub filters: Vec<String>,
    /// When a pair is ready and when it is rejected.
    pub thresholds: Thresholds,
    /// The seed of all random samples. Default 1.
    pub seed: u64,
    /// The number of pairs in the sample to judge. Default 100.
    pub sample: usize,
    /// The number of pairs to list whose alignment is doubtful, and of those whose translation is,
    /// in addition to the worst ones of each document. Default 100.
    pub doubtful: usize,
    /// The number of documents to list, the most doubtful ones. Default 200.
    pub documents: usize,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            name: String::new(),
            source: Language::Arabic,
            features: Vec::new(),
            filters: Vec::new(),
            thresholds: Thresholds::default(),
            seed: 1,
            sample: 100,
            doubtful: 100,
            documents: 200,
        }
    }
}

impl ReportOptions {
    /// Returns the default settings for a corpus with this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

fn serialize_code<S: Serializer>(language: &Language, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(language.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_of_two_scores_decides() {
        let judge = |p, q| Thresholds::default().judge(p, q);
        assert_eq!(judge(Some(0.95), Some(0.6)), Some(PairVerdict::Ready));
        assert_eq!(judge(Some(f64::from(0.9_f32)), None), Some(PairVerdict::Ready));
        assert_eq!(judge(Some(0.95), Some(0.4)), Some(PairVerdict::Check));
        assert_eq!(judge(Some(0.6), None), Some(PairVerdict::Check));
        assert_eq!(judge(Some(0.4), Some(1.0)), Some(PairVerdict::Reject));
        assert_eq!(judge(None, Some(0.01)), Some(PairVerdict::Reject));
        assert_eq!(judge(None, None), None);
    }

    #[test]
    fn doubtful_means_the_same_in_a_summary_and_in_a_report() {
        let ready = Thresholds::default().ready_probability as f32;
        assert_eq!(ready.to_bits(), crate::DOUBTFUL_BELOW.to_bits());
    }
}
