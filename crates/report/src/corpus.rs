//! The report of one corpus: every number that the page, the JSON and the terminal show.

use std::collections::BTreeMap;

use nasaq_quality::Account;
use serde::Serialize;

use crate::arabic::ArabicReport;
use crate::correlation::Correlation;
use crate::curve::KeptAt;
use crate::documents::{Documents, SideTotals, Verdicts};
use crate::duplicates::Duplicates;
use crate::gold::GoldReport;
use crate::histogram::Histogram;
use crate::languages::LanguagePair;
use crate::lengths::Lengths;
use crate::listed::{DoubtfulPair, ListedPair, NamedCount};
use crate::missing::Missing;
use crate::options::ReportOptions;
use crate::words::{Spellings, Vocabulary};

/// What a corpus is like.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CorpusReport {
    /// The settings that the numbers follow from.
    pub options: ReportOptions,
    /// The few numbers that say most.
    pub headline: Headline,
    /// Beads of each shape, source first.
    pub kinds: BTreeMap<String, u64>,
    /// Why pairs are doubtful: how many pairs have each reason.
    pub reasons: Vec<NamedCount>,
    /// Doubtful pairs, the least sure first.
    pub doubtful: Vec<DoubtfulPair>,
    /// Text that one side lacks.
    pub missing: Missing,
    /// Pairs whose numbers disagree, those with the most first.
    pub numbers: Vec<Disagreement>,
    /// Pairs whose names disagree, those with the most first.
    pub names: Vec<Disagreement>,
    /// The documents.
    pub documents: Documents,
    /// What each filter rejects, where there are filters.
    pub filters: Option<Account>,
    /// Pairs by probability, steps of 0.02.
    pub probability: Option<Histogram>,
    /// Pairs by quality, steps of 0.02.
    pub quality: Option<Histogram>,
    /// How much is kept at which threshold of the quality.
    pub kept: Vec<KeptAt>,
    /// Lengths.
    pub lengths: Lengths,
    /// Which features go together.
    pub correlation: Correlation,
    /// Repeated pairs.
    pub duplicates: Duplicates,
    /// Languages of the two sides.
    pub languages: Vec<LanguagePair>,
    /// Pairs whose quality is nearest to where ready begins.
    pub borderline: Vec<ListedPair>,
    /// The words of the Arabic side.
    pub arabic_vocabulary: Vocabulary,
    /// The words of the English side.
    pub english_vocabulary: Vocabulary,
    /// How the Arabic is written.
    pub arabic: ArabicReport,
    /// Arabic words that are spelt in several ways.
    pub spellings: Spellings,
    /// Pairs chosen at random, for a reader to judge.
    pub sample: Vec<ListedPair>,
    /// How right the beads are, where there is gold.
    pub gold: Option<GoldReport>,
}

/// The few numbers that say most.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Headline {
    /// All rows.
    pub rows: u64,
    /// Rows with text on both sides.
    pub pairs: u64,
    /// Rows with text on one side.
    pub missing: u64,
    /// Rows without text.
    pub empty: u64,
    /// Documents.
    pub documents: u64,
    /// The Arabic side.
    pub arabic: SideTotals,
    /// The English side.
    pub english: SideTotals,
    /// Share of the Arabic chars that have a counterpart.
    pub arabic_coverage: f64,
    /// Likewise of the English chars.
    pub english_coverage: f64,
    /// What the pairs are fit for.
    pub verdicts: Verdicts,
    /// The mean probability of the pairs.
    pub probability: Option<f64>,
    /// The mean quality of the pairs.
    pub quality: Option<f64>,
    /// How many pairs are expected to be wrong beads.
    pub expected_wrong: Option<Expected>,
}

/// An expected number with an interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Expected {
    /// Pairs that have a probability.
    pub of: u64,
    /// The sum of 1 − probability.
    pub wrong: f64,
    /// With a chance of 95 % the number lies from here, where the probabilities are right.
    pub low: f64,
    /// To here.
    pub high: f64,
}

/// A pair whose sides disagree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Disagreement {
    /// The pair.
    #[serde(flatten)]
    pub pair: ListedPair,
    /// How many numbers or names one side lacks.
    pub missing: u64,
    /// Those of the Arabic side that the English one lacks, as they are written.
    pub only_arabic: Vec<String>,
    /// The reverse.
    pub only_english: Vec<String>,
}
