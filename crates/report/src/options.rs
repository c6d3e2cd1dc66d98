//! What a report is to hold, and when a pair counts as ready.

use nasaq::Language;
use serde::{Serialize, Serializer};

/// What a pair is fit for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Use it as it is.
    Ready,
    /// A reader should look at it first.
    Check,
    /// Most likely not fit for use.
    Reject,
}

impl Verdict {
    /// Gives the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Check => "check",
            Self::Reject => "reject",
        }
    }
}

/// Where *ready* begins and where *reject* does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Thresholds {
    /// A pair is ready at this probability and more. Default 0.9.
    pub ready_probability: f64,
    /// And at this quality and more. Default 0.5: as likely good as not, were half of all bad.
    pub ready_quality: f64,
    /// A pair below this probability is rejected. Default 0.5.
    pub reject_probability: f64,
    /// Likewise below this quality. Default 0.05.
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
    /// Judges a pair by what is known of it; `None` where that is nothing.
    #[must_use]
    pub fn judge(&self, probability: Option<f64>, quality: Option<f64>) -> Option<Verdict> {
        if probability.is_none() && quality.is_none() {
            return None;
        }
        let any = |probability_below: f64, quality_below: f64| {
            // A probability is a 32-bit number: 0.9 must not fall below 0.9.
            probability.is_some_and(|value| (value as f32) < probability_below as f32)
                || quality.is_some_and(|value| value < quality_below)
        };
        Some(if any(self.reject_probability, self.reject_quality) {
            Verdict::Reject
        } else if any(self.ready_probability, self.ready_quality) {
            Verdict::Check
        } else {
            Verdict::Ready
        })
    }
}

/// Settings of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportOptions {
    /// What the corpus is called.
    pub name: String,
    /// The language of the source side.
    #[serde(serialize_with = "code")]
    pub source: Language,
    /// The names of the rows' features.
    pub features: Vec<String>,
    /// The names of the filters.
    pub filters: Vec<String>,
    /// When a pair is ready, and when it is rejected.
    pub thresholds: Thresholds,
    /// Chooses the samples. Default 1.
    pub seed: u64,
    /// Pairs of the manual sample. Default 100.
    pub sample: usize,
    /// Doubtful pairs to list, beside the worst of each document. Default 100.
    pub doubtful: usize,
    /// Documents to list, the most doubtful first. Default 200.
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

fn code<S: Serializer>(language: &Language, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(language.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_of_two_numbers_decides() {
        let judge = |p, q| Thresholds::default().judge(p, q);
        assert_eq!(judge(Some(0.95), Some(0.6)), Some(Verdict::Ready));
        assert_eq!(judge(Some(f64::from(0.9_f32)), None), Some(Verdict::Ready));
        assert_eq!(judge(Some(0.95), Some(0.4)), Some(Verdict::Check));
        assert_eq!(judge(Some(0.6), None), Some(Verdict::Check));
        assert_eq!(judge(Some(0.4), Some(1.0)), Some(Verdict::Reject));
        assert_eq!(judge(None, Some(0.01)), Some(Verdict::Reject));
        assert_eq!(judge(None, None), None);
    }

    #[test]
    fn doubtful_is_one_word() {
        let ready = Thresholds::default().ready_probability as f32;
        assert_eq!(ready.to_bits(), crate::DOUBTFUL_BELOW.to_bits());
    }
}
