//! Documents: what each consists of, and how sure its beads are along its length.

use std::collections::BTreeMap;
use std::sync::Arc;

use nasaq::{FindingKind, Language};
use serde::Serialize;

use crate::least::{Least, ascending, descending};
use crate::listed::DoubtfulPair;
use crate::number::{rounded, share};
use crate::options::{ReportOptions, Verdict};
use crate::row::Row;

mod path;
mod ribbon;

pub use path::{PathBlock, PathPlot};
pub use ribbon::{Ribbon, RibbonCell};

use path::PathBuilder;
use ribbon::RibbonBuilder;

/// The worst pairs of a document that are listed.
const WORST: usize = 12;

/// How many pairs are fit for what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdicts {
    /// Pairs to use as they are.
    pub ready: u64,
    /// Pairs to look at.
    pub check: u64,
    /// Pairs that are most likely not fit for use.
    pub reject: u64,
    /// Pairs of which nothing is known.
    pub unrated: u64,
}

impl Verdicts {
    pub(crate) fn add(&mut self, verdict: Option<Verdict>) {
        *match verdict {
            Some(Verdict::Ready) => &mut self.ready,
            Some(Verdict::Check) => &mut self.check,
            Some(Verdict::Reject) => &mut self.reject,
            None => &mut self.unrated,
        } += 1;
    }
}

/// One side of a document or a corpus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct SideTotals {
    /// Segments; 0 where the rows do not say.
    pub segments: u64,
    /// Words.
    pub words: u64,
    /// Chars.
    pub chars: u64,
    /// Chars of text that has a counterpart.
    pub paired_chars: u64,
}

impl SideTotals {
    pub(crate) fn add(&mut self, text: &str, words: u64, segments: u64, paired: bool) {
        let chars = text.trim().chars().count() as u64;
        self.segments += segments;
        self.words += words;
        self.chars += chars;
        self.paired_chars += if paired { chars } else { 0 };
    }

    /// Gives the share of the chars that have a counterpart.
    #[must_use]
    pub fn coverage(&self) -> f64 {
        share(self.paired_chars, self.chars)
    }
}

/// One document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentReport {
    /// Its name.
    pub name: Arc<str>,
    /// Its first row in the corpus, from 0.
    pub row: u64,
    /// Its rows.
    pub rows: u64,
    /// Rows with text on both sides.
    pub pairs: u64,
    /// Beads of each shape, source first.
    pub kinds: BTreeMap<String, u64>,
    /// What its pairs are fit for.
    pub verdicts: Verdicts,
    /// The Arabic side.
    pub arabic: SideTotals,
    /// The English side.
    pub english: SideTotals,
    /// The mean probability of its pairs.
    pub probability: Option<f64>,
    /// The mean quality of its pairs.
    pub quality: Option<f64>,
    /// How many of its pairs are expected to be wrong beads.
    pub expected_wrong: Option<f64>,
    /// Position against confidence.
    pub ribbon: Ribbon,
    /// Source position against target position, where the rows say.
    pub path: Option<PathPlot>,
}

/// The documents of a corpus.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Documents {
    /// All of them.
    pub count: u64,
    /// The rows name them.
    pub are_named: bool,
    /// The most doubtful ones, as many as were asked for, in the order of the corpus.
    pub listed: Vec<DocumentReport>,
}

/// A mean that may have nothing to be of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mean {
    pub(crate) sum: f64,
    pub(crate) count: u64,
}

impl Mean {
    pub(crate) fn add(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1;
        }
    }

    pub(crate) fn get(self) -> Option<f64> {
        (self.count > 0).then(|| rounded(self.sum / self.count as f64))
    }
}

/// A document that is being read.
#[derive(Clone, Debug)]
struct Open {
    report: DocumentReport,
    probability: Mean,
    quality: Mean,
    ribbon: RibbonBuilder,
    path: PathBuilder,
    worst: Least<i64, DoubtfulPair>,
    last_bead: Option<u64>,
}

/// Documents with their worst pairs.
#[derive(Clone, Debug)]
pub(crate) struct DocumentsBuilder {
    count: u64,
    are_named: bool,
    open: Option<Open>,
    listed: Least<i64, (DocumentReport, Vec<DoubtfulPair>)>,
}

impl DocumentsBuilder {
    pub(crate) fn new(options: &ReportOptions) -> Self {
        Self { count: 0, are_named: false, open: None, listed: Least::new(options.documents) }
    }

    /// Tells whether a row begins another document: it has another name, or its beads are counted
    /// anew.
    pub(crate) fn begins(&self, row: &Row<'_>) -> bool {
        self.open.as_ref().is_none_or(|open| {
            *open.report.name != *row.doc
                || matches!((open.last_bead, row.bead), (Some(last), Some(bead)) if bead <= last)
        })
    }

    /// Begins a document, and ends the one before it. Gives its name.
    pub(crate) fn begin(&mut self, row: &Row<'_>, number: u64) -> Arc<str> {
        self.end();
        self.count += 1;
        self.are_named |= !row.doc.is_empty();
        let name: Arc<str> = row.doc.into();
        self.open = Some(Open {
            report: DocumentReport {
                name: Arc::clone(&name),
                row: number,
                rows: 0,
                pairs: 0,
                kinds: BTreeMap::new(),
                verdicts: Verdicts::default(),
                arabic: SideTotals::default(),
                english: SideTotals::default(),
                probability: None,
                quality: None,
                expected_wrong: None,
                ribbon: Ribbon::default(),
                path: None,
            },
            probability: Mean::default(),
            quality: Mean::default(),
            ribbon: RibbonBuilder::default(),
            path: PathBuilder::default(),
            worst: Least::new(WORST),
            last_bead: None,
        });
        name
    }

    /// Adds a row to the document that is open.
    pub(crate) fn add(
        &mut self,
        row: &Row<'_>,
        number: u64,
        words: [u64; 2],
        verdict: Option<Verdict>,
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
        if is_pair {
            report.pairs += 1;
            report.verdicts.add(verdict);
            open.probability.add(row.probability);
            open.quality.add(row.quality);
        }
        open.ribbon.add(number, row.confidence().filter(|_| is_pair), verdict, is_pair);
        open.path.add(row, missing);
    }

    /// Tells whether a doubtful pair of the open document would be kept with it.
    pub(crate) fn wants(&self, confidence: f64, row: u64) -> bool {
        self.open.as_ref().is_some_and(|open| open.worst.wants(&ascending(confidence), row))
    }

    /// Keeps a doubtful pair with the open document.
    pub(crate) fn keep(&mut self, confidence: f64, pair: &DoubtfulPair) {
        if let Some(open) = &mut self.open {
            open.worst.add(ascending(confidence), pair.pair.row, || pair.clone());
        }
    }

    /// Ends the document that is open.
    pub(crate) fn end(&mut self) {
        let Some(open) = self.open.take() else { return };
        let Open { mut report, probability, quality, ribbon, path, worst, .. } = open;
        report.probability = probability.get();
        report.quality = quality.get();
        let wrong = probability.count as f64 - probability.sum;
        report.expected_wrong = (probability.count > 0).then(|| rounded(wrong));
        report.ribbon = ribbon.finish();
        report.path = path.finish();
        let doubt = report.expected_wrong.unwrap_or(quality.count as f64 - quality.sum);
        let row = report.row;
        self.listed.add(descending(doubt), row, || (report, worst.into_sorted()));
    }

    /// Gives the documents, and the worst pairs of those that are listed.
    pub(crate) fn finish(mut self) -> (Documents, Vec<DoubtfulPair>) {
        self.end();
        let mut listed = self.listed.into_sorted();
        listed.sort_by_key(|(report, _)| report.row);
        let (listed, pairs): (Vec<_>, Vec<_>) = listed.into_iter().unzip();
        let documents = Documents { count: self.count, are_named: self.are_named, listed };
        (documents, pairs.into_iter().flatten().collect())
    }
}
