//! Minimum values that a report must reach.

use std::fmt;
use std::str::FromStr;

use crate::corpus::CorpusReport;
use crate::number::share;

/// A number of a report that a [`Gate`] can check. Higher is better for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Metric {
    /// The number of pairs.
    Pairs,
    /// The share of pairs that are ready.
    Ready,
    /// The share of pairs that are not rejected.
    Usable,
    /// The mean quality.
    Quality,
    /// The mean probability: the expected share of right beads.
    Probability,
    /// The share of the Arabic chars that have a counterpart.
    ArabicCoverage,
    /// The share of the English chars that have a counterpart.
    EnglishCoverage,
    /// The share of pairs that do not repeat an earlier one.
    Distinct,
    /// The share of rows that pass all filters.
    Kept,
    /// The strict F1 against gold alignments.
    StrictF1,
}

impl Metric {
    /// All metrics.
    pub const ALL: [Self; 10] = [
        Self::Pairs,
        Self::Ready,
        Self::Usable,
        Self::Quality,
        Self::Probability,
        Self::ArabicCoverage,
        Self::EnglishCoverage,
        Self::Distinct,
        Self::Kept,
        Self::StrictF1,
    ];

    /// Returns the name of the metric, as in `--fail-under`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pairs => "pairs",
            Self::Ready => "ready",
            Self::Usable => "usable",
            Self::Quality => "quality",
            Self::Probability => "probability",
            Self::ArabicCoverage => "arabic-coverage",
            Self::EnglishCoverage => "english-coverage",
            Self::Distinct => "distinct",
            Self::Kept => "kept",
            Self::StrictF1 => "strict-f1",
        }
    }

    /// Returns the value of the metric; `None` if the corpus lacks the data for it.
    #[must_use]
    pub fn value(self, report: &CorpusReport) -> Option<f64> {
        let headline = &report.headline;
        let verdicts = &headline.verdicts;
        let rated = headline.pairs - verdicts.unrated;
        let share_of_rated = |pairs: u64| (rated > 0).then(|| share(pairs, rated));
        match self {
            Self::Pairs => Some(headline.pairs as f64),
            Self::Ready => share_of_rated(verdicts.ready),
            Self::Usable => share_of_rated(verdicts.ready + verdicts.check),
            Self::Quality => headline.quality,
            Self::Probability => headline.probability,
            Self::ArabicCoverage => (headline.arabic.chars > 0).then_some(headline.arabic_coverage),
            Self::EnglishCoverage => {
                (headline.english.chars > 0).then_some(headline.english_coverage)
            }
            Self::Distinct => (headline.pairs > 0).then_some(1.0 - report.duplicates.share),
            Self::Kept => report.filters.as_ref().map(|account| share(account.kept, account.rows)),
            Self::StrictF1 => report.gold.as_ref().map(|gold| gold.evaluation.strict.f1()),
        }
    }
}

/// A minimum value of a metric, written `ready=0.9`.
///
/// ```
/// use nasaq_report::{Gate, Metric};
///
/// let gate: Gate = "ready=0.9".parse()?;
/// assert_eq!((gate.metric, gate.min), (Metric::Ready, 0.9));
/// # Ok::<(), nasaq_report::GateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Gate {
    /// The metric.
    pub metric: Metric,
    /// The minimum value that passes.
    pub min: f64,
}

/// The reason why a text is not a valid [`Gate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateError(String);

impl fmt::Display for GateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GateError {}

impl FromStr for Gate {
    type Err = GateError;

    /// Parses `NAME=VALUE`.
    ///
    /// # Errors
    /// Returns an error if there is no such metric, or if the value is not a number in its range:
    /// all metrics but `pairs` are between 0 and 1.
    fn from_str(text: &str) -> Result<Self, GateError> {
        let names = || Metric::ALL.map(Metric::name).join(", ");
        let (name, value) = text.split_once('=').ok_or_else(|| {
            GateError(format!("expected NAME=VALUE, as in ready=0.9; the names are {}", names()))
        })?;
        let metric =
            Metric::ALL.into_iter().find(|metric| metric.name() == name.trim()).ok_or_else(
                || GateError(format!("unknown name \"{name}\"; the names are {}", names())),
            )?;
        let min: f64 = value.trim().parse().map_err(|_| {
            GateError(format!("\"{value}\" is not a number; write for example ready=0.9"))
        })?;
        let (max, range) = match metric {
            Metric::Pairs => (f64::INFINITY, "at least 0"),
            _ => (1.0, "between 0 and 1"),
        };
        if !(0.0..=max).contains(&min) {
            return Err(GateError(format!("{name} must be {range}")));
        }
        Ok(Self::new(metric, min))
    }
}

impl Gate {
    /// Creates a gate.
    #[must_use]
    pub fn new(metric: Metric, min: f64) -> Self {
        Self { metric, min }
    }

    /// Returns whether a report passes. A report that lacks the data for the metric does not.
    #[must_use]
    pub fn passes(&self, report: &CorpusReport) -> bool {
        self.metric.value(report).is_some_and(|value| value >= self.min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_gates_are_parsed_and_others_rejected_with_a_reason() {
        let gate: Gate = "ready=0.9".parse().unwrap();
        assert_eq!((gate.metric, gate.min), (Metric::Ready, 0.9));
        for (text, part) in [
            ("0.9", "expected NAME=VALUE"),
            ("smell=1", "unknown name"),
            ("ready=x", "not a number"),
            ("ready=90", "between 0 and 1"),
            ("pairs=-1", "at least 0"),
            ("pairs=nan", "at least 0"),
        ] {
            assert!(text.parse::<Gate>().unwrap_err().to_string().contains(part), "{text}");
        }
        assert!("pairs=100000".parse::<Gate>().is_ok());
    }
}
