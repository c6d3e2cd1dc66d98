//! Pairs that the report lists with their texts.

use std::sync::Arc;

use nasaq::Span;
use serde::Serialize;

use crate::excerpt::excerpt;
use crate::number::rounded;
use crate::options::{Doubt, PairVerdict, ReportOptions};
use crate::row::ReportRow;
use crate::top_k::ascending_key;

/// Maximum length of a listed text, in chars.
const MAX_TEXT_CHARS: usize = 600;
/// Maximum length of the text of a neighbouring row, in chars.
const MAX_NEIGHBOUR_CHARS: usize = 160;

/// A pair with its texts and scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ListedPair {
    /// The index of the row in the corpus, from 0.
    pub row: u64,
    /// The name of the document.
    pub doc: Arc<str>,
    /// The index of the bead in the document.
    pub bead: Option<u64>,
    /// The shape of the bead, source first, for example `1-2`.
    pub kind: Option<String>,
    /// The source segments, half-open.
    pub src_segments: Option<[u32; 2]>,
    /// The target segments, half-open.
    pub tgt_segments: Option<[u32; 2]>,
    /// The Arabic text. A text of more than 600 chars is cut and ends with `…`.
    pub arabic: String,
    /// The English text, cut like the Arabic text.
    pub english: String,
    /// The probability that the bead is right, 0 to 1.
    pub probability: Option<f64>,
    /// The quality of the translation, 0 to 1.
    pub quality: Option<f64>,
    /// The verdict on the pair; `None` if it has neither probability nor quality.
    pub verdict: Option<PairVerdict>,
    /// The likely faults of the pair.
    pub reasons: Vec<String>,
    /// The filters that reject the pair.
    pub rejected_by: Vec<String>,
}

/// A doubtful pair with the rows before and after it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DoubtfulPair {
    /// The pair.
    #[serde(flatten)]
    pub pair: ListedPair,
    /// What is doubtful about it.
    pub doubt: Doubt,
    /// The Arabic and the English text of the previous row of the document.
    pub before: Option<[String; 2]>,
    /// The Arabic and the English text of the next row of the document.
    pub after: Option<[String; 2]>,
}

/// Returns the texts of a row, shortened for display beside a doubtful pair.
pub(crate) fn neighbour_texts(row: &ReportRow<'_>) -> [String; 2] {
    [row.arabic, row.english].map(|text| excerpt(text, MAX_NEIGHBOUR_CHARS))
}

fn bounds(span: Span) -> [u32; 2] {
    [span.start, span.end]
}

impl ListedPair {
    pub(crate) fn new(
        row: &ReportRow<'_>,
        index: u64,
        doc: &Arc<str>,
        options: &ReportOptions,
    ) -> Self {
        let rejected = options.filters.iter().zip(row.rejected).filter(|(_, rejects)| **rejects);
        Self {
            row: index,
            doc: Arc::clone(doc),
            bead: row.bead,
            kind: row.kind.map(|kind| kind.to_string()),
            src_segments: row.spans.map(|(src, _)| bounds(src)),
            tgt_segments: row.spans.map(|(_, tgt)| bounds(tgt)),
            arabic: excerpt(row.arabic, MAX_TEXT_CHARS),
            english: excerpt(row.english, MAX_TEXT_CHARS),
            probability: row.probability.map(rounded),
            quality: row.quality.map(rounded),
            verdict: options.thresholds.judge(row.probability, row.quality),
            reasons: row.reasons.to_vec(),
            rejected_by: rejected.map(|(name, _)| name.clone()).collect(),
        }
    }
}

/// The order of doubtful pairs: by what is doubtful, then by the score that shows it.
pub(crate) type DoubtKey = (Doubt, i64);

/// Returns the key of a row in the order of doubtful pairs; `None` if nothing is doubtful. A line
/// that is the same on both sides, because it is only names or code, needs no look.
pub(crate) fn doubt_key(row: &ReportRow<'_>, options: &ReportOptions) -> Option<DoubtKey> {
    let (doubt, score) = options.thresholds.doubt(row.probability, row.quality)?;
    let is_copy = doubt == Doubt::Translation && is_copy(row);
    (!is_copy).then(|| (doubt, ascending_key(score)))
}

/// Returns whether a row is a line that is the same on both sides: names, code, addresses.
pub(crate) fn is_copy(row: &ReportRow<'_>) -> bool {
    matches!(row.reasons, [only] if only == "copy")
}

impl DoubtfulPair {
    /// Returns the key of the pair in the order of doubtful pairs.
    pub(crate) fn key(&self) -> DoubtKey {
        let score = match self.doubt {
            Doubt::Alignment => self.pair.probability,
            Doubt::Translation => self.pair.quality,
        };
        (self.doubt, ascending_key(score.unwrap_or(1.0)))
    }
}
