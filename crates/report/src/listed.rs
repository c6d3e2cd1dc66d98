//! Pairs that the report shows, with their texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use nasaq::Span;
use serde::Serialize;

use crate::number::rounded;
use crate::options::{ReportOptions, Verdict};
use crate::row::Row;

/// Chars of a text that are shown.
const SHOWN: usize = 600;
/// Chars of a neighbour's text that are shown.
const NEIGHBOUR: usize = 160;

/// A pair as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedPair {
    /// The row in the corpus, from 0.
    pub row: u64,
    /// The document.
    pub doc: Arc<str>,
    /// The bead's number in the document.
    pub bead: Option<u64>,
    /// The shape, source first.
    pub kind: Option<String>,
    /// The source segments, half-open.
    pub src_segments: Option<[u32; 2]>,
    /// The target segments, half-open.
    pub tgt_segments: Option<[u32; 2]>,
    /// The Arabic text, or its first 600 chars with … after them.
    pub arabic: String,
    /// The English text, likewise.
    pub english: String,
    /// The chance that the bead is right.
    pub probability: Option<f64>,
    /// How good a translation it is.
    pub quality: Option<f64>,
    /// What it is fit for.
    pub verdict: Option<Verdict>,
    /// What speaks against it.
    pub reasons: Vec<String>,
    /// The filters that reject it.
    pub rejected_by: Vec<String>,
}

/// A doubtful pair with its neighbours.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoubtfulPair {
    /// The pair.
    #[serde(flatten)]
    pub pair: ListedPair,
    /// Arabic and English text of the row before it in the document.
    pub before: Option<[String; 2]>,
    /// Likewise of the row after it.
    pub after: Option<[String; 2]>,
}

/// Gives the first chars of a text, with … where there are more; between words where one ends near.
pub(crate) fn clipped(text: &str, chars: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((end, _)) => {
            let cut = &text[..end];
            let near = cut.rfind(char::is_whitespace).filter(|at| end - at < 40 && end < 2 * at);
            format!("{}…", near.map_or(cut, |at| &cut[..at]).trim_end())
        }
    }
}

/// Gives the texts of a row as a neighbour's.
pub(crate) fn neighbour(row: &Row<'_>) -> [String; 2] {
    [clipped(row.arabic, NEIGHBOUR), clipped(row.english, NEIGHBOUR)]
}

fn ends(span: Span) -> [u32; 2] {
    [span.start, span.end]
}

impl ListedPair {
    pub(crate) fn new(row: &Row<'_>, number: u64, doc: &Arc<str>, options: &ReportOptions) -> Self {
        let rejected = options.filters.iter().zip(row.rejected).filter(|(_, rejects)| **rejects);
        Self {
            row: number,
            doc: Arc::clone(doc),
            bead: row.bead,
            kind: row.kind.map(|kind| kind.to_string()),
            src_segments: row.spans.map(|(src, _)| ends(src)),
            tgt_segments: row.spans.map(|(_, tgt)| ends(tgt)),
            arabic: clipped(row.arabic, SHOWN),
            english: clipped(row.english, SHOWN),
            probability: row.probability.map(rounded),
            quality: row.quality.map(rounded),
            verdict: options.thresholds.judge(row.probability, row.quality),
            reasons: row.reasons.to_vec(),
            rejected_by: rejected.map(|(name, _)| name.clone()).collect(),
        }
    }

    /// Gives one number to order pairs by.
    pub(crate) fn confidence(&self) -> Option<f64> {
        let known = Row { probability: self.probability, quality: self.quality, ..Row::default() };
        known.confidence()
    }
}

/// How often each reason speaks against a pair.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reasons(BTreeMap<String, u64>);

impl Reasons {
    pub(crate) fn add(&mut self, reasons: &[String]) {
        for reason in reasons {
            if let Some(count) = self.0.get_mut(reason) {
                *count += 1;
            } else if self.0.len() < 200 {
                // Reasons are names of faults; a column of free text must not fill the memory.
                self.0.insert(reason.clone(), 1);
            }
        }
    }

    /// Gives the reasons, the most frequent first.
    pub(crate) fn finish(self) -> Vec<NamedCount> {
        let named = |(name, count)| NamedCount { name, count };
        let mut counts: Vec<NamedCount> = self.0.into_iter().map(named).collect();
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        counts
    }
}

/// A count and what of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedCount {
    /// What is counted.
    pub name: String,
    /// How often it is there.
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_clipped_between_chars() {
        assert_eq!(clipped(" نعم ", 3), "نعم");
        assert_eq!(clipped("نعم لا", 4), "نعم…");
    }
}
