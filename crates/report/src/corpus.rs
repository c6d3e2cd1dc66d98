//! The report of one corpus: every number that the page, the JSON and the terminal summary show.

use std::collections::BTreeMap;

use nasaq_quality::FilterSummary;
use serde::Serialize;

use crate::arabic::ArabicReport;
use crate::correlation::CorrelationMatrix;
use crate::documents::Documents;
use crate::duplicates::DuplicateReport;
use crate::gold::GoldReport;
use crate::histogram::Histogram;
use crate::languages::LanguagePairCount;
use crate::lengths::LengthReport;
use crate::listed_pair::{DoubtfulPair, ListedPair};
use crate::missing::MissingText;
use crate::number::rounded;
use crate::options::ReportOptions;
use crate::reasons::NamedCount;
use crate::retention::RetentionPoint;
use crate::totals::{SideTotals, VerdictCounts};
use crate::words::{SpellingReport, VocabularyStats};

/// Lines that are the same on both sides, because they are only names, code or addresses.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CopiedLines {
    /// The number of them.
    pub count: u64,
    /// The first of them, at most 30.
    pub listed: Vec<ListedPair>,
}

/// The report of one corpus, made by [`ReportBuilder`](crate::ReportBuilder).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CorpusReport {
    /// The settings of the report.
    pub options: ReportOptions,
    /// The most important numbers.
    pub headline: Headline,
    /// The number of beads of each shape, source first.
    pub kinds: BTreeMap<String, u64>,
    /// The number of pairs with each reason for a low quality, the most frequent reason first.
    pub reasons: Vec<NamedCount>,
    /// Doubtful pairs: first those whose alignment is doubtful, the least probable first, then
    /// those whose translation is, the lowest quality first.
    pub doubtful: Vec<DoubtfulPair>,
    /// Lines that are the same on both sides: names, code and addresses. They are not doubtful.
    pub copies: CopiedLines,
    /// Text without a counterpart on the other side.
    pub missing: MissingText,
    /// The pairs with the most numbers that only one side has, at most 30.
    pub numbers: Vec<Disagreement>,
    /// The pairs with the most names that only one side has, at most 30.
    pub names: Vec<Disagreement>,
    /// The documents.
    pub documents: Documents,
    /// How many rows each filter rejects, if filters were applied.
    pub filters: Option<FilterSummary>,
    /// Pairs by probability, in bins of 0.02.
    pub probability: Option<Histogram>,
    /// Pairs by quality, in bins of 0.02.
    pub quality: Option<Histogram>,
    /// What remains of the corpus at each threshold on the quality, in steps of 0.01.
    pub kept: Vec<RetentionPoint>,
    /// The lengths of the pairs.
    pub lengths: LengthReport,
    /// The correlations of the scores and features.
    pub correlation: CorrelationMatrix,
    /// Repeated pairs.
    pub duplicates: DuplicateReport,
    /// The languages of the two sides.
    pub languages: Vec<LanguagePairCount>,
    /// The pairs whose quality is closest to the ready threshold, at most 20.
    pub borderline: Vec<ListedPair>,
    /// The vocabulary of the Arabic side.
    pub arabic_vocabulary: VocabularyStats,
    /// The vocabulary of the English side.
    pub english_vocabulary: VocabularyStats,
    /// How the Arabic text is written.
    pub arabic: ArabicReport,
    /// Arabic words that occur in several spellings.
    pub spellings: SpellingReport,
    /// A random sample of the pairs for a reader to judge.
    pub sample: Vec<ListedPair>,
    /// The accuracy of the beads, if gold alignments were given.
    pub gold: Option<GoldReport>,
}

/// The most important numbers of a corpus.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Headline {
    /// The number of rows.
    pub rows: u64,
    /// Rows with text on both sides.
    pub pairs: u64,
    /// Pairs of moved text: their target is elsewhere than the pairs around suggest.
    pub moved: u64,
    /// Rows with text on one side only.
    pub missing: u64,
    /// Rows without text.
    pub empty: u64,
    /// The number of documents.
    pub documents: u64,
    /// The size of the Arabic side.
    pub arabic: SideTotals,
    /// The size of the English side.
    pub english: SideTotals,
    /// The share of the Arabic chars that have a counterpart.
    pub arabic_coverage: f64,
    /// The share of the English chars that have a counterpart.
    pub english_coverage: f64,
    /// The number of pairs with each verdict.
    pub verdicts: VerdictCounts,
    /// The mean probability of the pairs.
    pub probability: Option<f64>,
    /// The mean quality of the pairs.
    pub quality: Option<f64>,
    /// The expected number of pairs that are wrong beads, if the pairs have probabilities.
    pub expected_wrong: Option<ExpectedWrong>,
}

/// The expected number of wrong beads with a 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExpectedWrong {
    /// The number of pairs that have a probability.
    pub of: u64,
    /// The expected number: the sum of 1 − probability.
    pub wrong: f64,
    /// The lower end of the interval. The interval is correct if the probabilities are.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl ExpectedWrong {
    /// Computes the interval from the sum of 1 − p and the variance, the sum of p (1 − p); `None`
    /// if no pair has a probability.
    ///
    /// Each pair is wrong with its own probability, so the number of wrong pairs has a Poisson
    /// binomial distribution, which is approximated by a normal one.
    pub(crate) fn new(of: u64, wrong: f64, variance: f64) -> Option<Self> {
        let half = 1.959_964 * variance.max(0.0).sqrt();
        (of > 0).then(|| Self {
            of,
            wrong: rounded(wrong),
            low: rounded((wrong - half).max(0.0)),
            high: rounded((wrong + half).min(of as f64)),
        })
    }
}

/// A pair with numbers or names that only one side has.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Disagreement {
    /// The pair.
    #[serde(flatten)]
    pub pair: ListedPair,
    /// How many numbers or names have no counterpart on the other side.
    pub missing: u64,
    /// The numbers of the Arabic side that the English side lacks, as written. Empty for names.
    pub only_arabic: Vec<String>,
    /// The numbers of the English side that the Arabic side lacks, as written. Empty for names.
    pub only_english: Vec<String>,
}
