//! Conditions on a report: a bar that a number must reach.

use std::fmt;
use std::str::FromStr;

use crate::corpus::CorpusReport;
use crate::number::share;

/// A number that a bar can be set for; more is better of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How many pairs there are.
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
    /// Likewise of the English chars.
    EnglishCoverage,
    /// The share of pairs that repeat no earlier one.
    Distinct,
    /// The share of pairs that the filters keep.
    Kept,
    /// Strict F1 against gold.
    StrictF1,
}

impl Measure {
    /// All of them.
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

    /// Gives its name.
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

    /// Gives its value; `None` where the corpus has not what it is of.
    #[must_use]
    pub fn of(self, report: &CorpusReport) -> Option<f64> {
        let headline = &report.headline;
        let verdicts = &headline.verdicts;
        let rated = headline.pairs - verdicts.unrated;
        let of_rated = |pairs: u64| (rated > 0).then(|| share(pairs, rated));
        match self {
            Self::Pairs => Some(headline.pairs as f64),
            Self::Ready => of_rated(verdicts.ready),
            Self::Usable => of_rated(verdicts.ready + verdicts.check),
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

/// A bar: a name and the least value, as `ready=0.9`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gate {
    /// What is measured.
    pub measure: Measure,
    /// The least value that passes.
    pub least: f64,
}

/// Why a text is no bar.
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

    /// Reads `NAME=VALUE`.
    ///
    /// # Errors
    /// Where there is no such measure, or the value is none: shares go from 0 to 1.
    fn from_str(text: &str) -> Result<Self, GateError> {
        let names = || Measure::ALL.map(Measure::name).join(", ");
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| GateError(format!("it looks like ready=0.9; names are {}", names())))?;
        let measure = Measure::ALL
            .into_iter()
            .find(|measure| measure.name() == name.trim())
            .ok_or_else(|| GateError(format!("\"{name}\" is none of {}", names())))?;
        let least: f64 = value
            .trim()
            .parse()
            .map_err(|_| GateError(format!("\"{value}\" is no number; write ready=0.9")))?;
        let most = if measure == Measure::Pairs { f64::INFINITY } else { 1.0 };
        if !(0.0..=most).contains(&least) {
            return Err(GateError(format!("{name} goes from 0 to {most}")));
        }
        Ok(Self { measure, least })
    }
}

impl Gate {
    /// Tells whether a report passes; what it has not does not.
    #[must_use]
    pub fn passes(&self, report: &CorpusReport) -> bool {
        self.measure.of(report).is_some_and(|value| value >= self.least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_read_and_others_explained() {
        let gate: Gate = "ready=0.9".parse().unwrap();
        assert_eq!((gate.measure, gate.least), (Measure::Ready, 0.9));
        for (text, part) in [
            ("0.9", "looks like"),
            ("smell=1", "none of"),
            ("ready=x", "no number"),
            ("ready=90", "0 to 1"),
        ] {
            assert!(text.parse::<Gate>().unwrap_err().to_string().contains(part), "{text}");
        }
        assert!("pairs=100000".parse::<Gate>().is_ok());
    }
}
