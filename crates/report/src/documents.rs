//! What each document consists of, and the confidence of its beads from start to end.

use std::collections::BTreeMap;
use std::sync::Arc;

use nasaq::{Alignment, FindingKind, Language};
use serde::Serialize;

use crate::listed_pair::{DoubtKey, DoubtfulPair};
use crate::number::rounded;
use crate::options::{PairVerdict, ReportOptions};
use crate::row::ReportRow;
use crate::top_k::{TopK, descending_key};
use crate::totals::{RunningMean, SideTotals, VerdictCounts};

mod path;
mod ribbon;

pub use path::{PathBlock, PathPlot};
pub use ribbon::{Ribbon, RibbonCell};

use path::PathBuilder;
use ribbon::RibbonBuilder;

/// Maximum number of doubtful pairs that are listed for a document.
const MAX_DOUBTFUL: usize = 12;

/// The report of one document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DocumentReport {
    /// The name of the document.
    pub name: Arc<str>,
    /// The index of its first row in the corpus, from 0.
    pub row: u64,
    /// The number of rows.
    pub rows: u64,
    /// The number of rows with text on both sides.
    pub pairs: u64,
    /// The number of these whose target is elsewhere than the pairs around suggest.
    pub moved: u64,
    /// The number of beads of each shape, source first.
    pub kinds: BTreeMap<String, u64>,
    /// The number of pairs with each verdict.
    pub verdicts: VerdictCounts,
    /// The size of the Arabic side.
    pub arabic: SideTotals,
    /// The size of the English side.
    pub english: SideTotals,
    /// The mean probability of the pairs.
    pub probability: Option<f64>,
    /// The mean quality of the pairs.
    pub quality: Option<f64>,
    /// The probability, 0 to 1, that its two sides are translations of each other.
    pub document_score: Option<f64>,
    /// The expected number of pairs that are wrong beads.
    pub expected_wrong: Option<f64>,
    /// The confidence along the document.
    pub ribbon: Ribbon,
    /// The path of the alignment, if all rows have their segments.
    pub path: Option<PathPlot>,
}

impl DocumentReport {
    /// Returns whether its two sides are probably not translations of each other.
    #[must_use]
    pub fn is_unrelated(&self) -> bool {
        self.document_score.is_some_and(|score| score < f64::from(Alignment::UNRELATED_BELOW))
    }

    /// Returns the key of the order in which documents need a look: those that are probably not
    /// translations first, then those with the most pairs that are expected to be wrong.
    pub(crate) fn doubt_key(&self) -> (bool, i64) {
        (!self.is_unrelated(), descending_key(self.expected_wrong.unwrap_or(0.0)))
    }
}

/// The documents of a corpus.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Documents {
    /// The number of documents.
    pub count: u64,
    /// Whether the rows have names of documents.
    pub are_named: bool,
    /// The most doubtful documents, at most [`ReportOptions::documents`], in the order of the
    /// corpus.
    pub listed: Vec<DocumentReport>,
}

/// A document that is being read.
#[derive(Clone, Debug)]
struct OpenDocument {
    report: DocumentReport,
    probability: RunningMean,
    quality: RunningMean,
    ribbon: RibbonBuilder,
    path: PathBuilder,
    doubtful: TopK<DoubtKey, DoubtfulPair>,
    last_bead: Option<u64>,
}

/// The order of documents: those that are probably not translations first, then those with the most
/// pairs that are expected to be wrong.
type DocumentKey = (bool, i64);

/// Collects the documents and their doubtful pairs.
#[derive(Clone, Debug)]
pub(crate) struct DocumentsBuilder {
    count: u64,
    are_named: bool,
    open: Option<OpenDocument>,
    listed: TopK<DocumentKey, (DocumentReport, Vec<DoubtfulPair>)>,
}

impl DocumentsBuilder {
    pub(crate) fn new(options: &ReportOptions) -> Self {
        Self { count: 0, are_named: false, open: None, listed: TopK::new(options.documents) }
    }

    /// Returns whether a row begins a new document: its document has another name, or its bead
    /// index does not increase.
    pub(crate) fn is_new_document(&self, row: &ReportRow<'_>) -> bool {
        self.open.as_ref().is_none_or(|open| {
            *open.report.name != *row.doc
                || matches!((open.last_bead, row.bead), (Some(last), Some(bead)) if bead <= last)
        })
    }

    /// Ends the open document and begins a new one. Returns the name of the new one.
    pub(crate) fn begin(&mut self, row: &ReportRow<'_>, index: u64) -> Arc<str> {
        self.end();
        self.count += 1;
        self.are_named |= !row.doc.is_empty();
        let name: Arc<str> = row.doc.into();
        self.open = Some(OpenDocument {
            report: DocumentReport {
                name: Arc::clone(&name),
                row: index,
                rows: 0,
                pairs: 0,
                moved: 0,
                kinds: BTreeMap::new(),
                verdicts: VerdictCounts::default(),
                arabic: SideTotals::default(),
                english: SideTotals::default(),
                probability: None,
                quality: None,
                document_score: None,
                expected_wrong: None,
                ribbon: Ribbon::default(),
                path: None,
            },
            probability: RunningMean::default(),
            quality: RunningMean::default(),
            ribbon: RibbonBuilder::default(),
            path: PathBuilder::default(),
            doubtful: TopK::new(MAX_DOUBTFUL),
            last_bead: None,
        });
        name
    }

    /// Adds a row to the open document.
    pub(crate) fn add(
        &mut self,
        row: &ReportRow<'_>,
        index: u64,
        words: [u64; 2],
        verdict: Option<PairVerdict>,
        missing: Option<FindingKind>,
        source: Language,
    ) {
        let Some(open) = &mut self.open else { return };
        let report = &mut open.report;
        let is_pair = missing.is_none();
        report.rows += 1;
        open.last_bead = row.bead;
        if let Some(kind) = row.kind {
            *report.kinds.entry(kind.to_string()).or_default() += 1;
        }
        let (src, tgt) = row.kind.map_or((0, 0), |kind| (kind.src as u64, kind.tgt as u64));
        let (ar, en) = if source == Language::Arabic { (src, tgt) } else { (tgt, src) };
        report.arabic.add(row.arabic, words[0], ar, is_pair);
        report.english.add(row.english, words[1], en, is_pair);
        report.document_score = row.document_score.map(rounded).or(report.document_score);
        if is_pair {
            report.pairs += 1;
            report.moved += u64::from(row.moved);
            report.verdicts.add(verdict);
            open.probability.add(row.probability);
            open.quality.add(row.quality);
        }
        open.ribbon.add(index, row.confidence().filter(|_| is_pair), verdict, is_pair);
        open.path.add(row, missing);
    }

    /// Returns whether [`add_doubtful`](Self::add_doubtful) would store a pair.
    pub(crate) fn accepts_doubtful(&self, key: DoubtKey, row: u64) -> bool {
        self.open.as_ref().is_some_and(|open| open.doubtful.accepts(&key, row))
    }

    /// Adds a doubtful pair to the open document.
    pub(crate) fn add_doubtful(&mut self, pair: &DoubtfulPair) {
        if let Some(open) = &mut self.open {
            open.doubtful.add(pair.key(), pair.pair.row, || pair.clone());
        }
    }

    /// Ends the open document.
    fn end(&mut self) {
        let Some(open) = self.open.take() else { return };
        let OpenDocument { mut report, probability, quality, ribbon, path, doubtful, .. } = open;
        report.probability = probability.get();
        report.quality = quality.get();
        let wrong = probability.count as f64 - probability.sum;
        report.expected_wrong = (probability.count > 0).then(|| rounded(wrong));
        report.ribbon = ribbon.finish();
        report.path = path.finish();
        let doubt = report.expected_wrong.unwrap_or(quality.count as f64 - quality.sum);
        let row = report.row;
        let key = (!report.is_unrelated(), descending_key(doubt));
        self.listed.add(key, row, || (report, doubtful.into_sorted()));
    }

    /// Returns the documents, and the doubtful pairs of those that are listed.
    pub(crate) fn finish(mut self) -> (Documents, Vec<DoubtfulPair>) {
        self.end();
        let mut listed = self.listed.into_sorted();
        listed.sort_by_key(|(report, _)| report.row);
        let (listed, pairs): (Vec<_>, Vec<_>) = listed.into_iter().unzip();
        let documents = Documents { count: self.count, are_named: self.are_named, listed };
        (documents, pairs.into_iter().flatten().collect())
    }
}
