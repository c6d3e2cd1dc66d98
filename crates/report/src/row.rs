//! The input of a report: one row of a corpus.

use nasaq::{BeadKind, Span};

/// One row of a corpus: a pair of texts, or a text without a counterpart, with its scores.
///
/// Start from [`new`](Self::new) and set the fields that the corpus has.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ReportRow<'t> {
    /// The name of the document, empty if the corpus does not name documents. Rows of one document
    /// follow each other.
    pub doc: &'t str,
    /// The index of the bead in the document, from 0.
    pub bead: Option<u64>,
    /// The Arabic text; empty if this side is missing.
    pub arabic: &'t str,
    /// The English text; empty if this side is missing.
    pub english: &'t str,
    /// The number of segments on each side, source first.
    pub kind: Option<BeadKind>,
    /// The source segments and the target segments.
    pub spans: Option<(Span, Span)>,
    /// Whether the row is a pair whose target is elsewhere than the rows around suggest.
    pub moved: bool,
    /// For a text without a counterpart in this place: the segments of the other side where its
    /// counterpart is.
    pub counterpart: Option<Span>,
    /// The probability that the bead is right, 0 to 1.
    pub probability: Option<f64>,
    /// The probability, 0 to 1, that the documents are translations of each other.
    pub document_score: Option<f64>,
    /// The quality of the translation, 0 to 1.
    pub quality: Option<f64>,
    /// The likely faults of the pair.
    pub reasons: &'t [String],
    /// The features, in the order of [`ReportOptions::features`](crate::ReportOptions::features);
    /// `None` if a feature does not apply to the pair.
    pub features: &'t [Option<f64>],
    /// For each filter of [`ReportOptions::filters`](crate::ReportOptions::filters): whether it
    /// rejects the pair.
    pub rejected: &'t [bool],
}

impl<'t> ReportRow<'t> {
    /// Creates a row with two texts and nothing else.
    #[must_use]
    pub fn new(arabic: &'t str, english: &'t str) -> Self {
        Self { arabic, english, ..Self::default() }
    }

    /// Returns whether both sides have text.
    #[must_use]
    pub fn is_pair(&self) -> bool {
        !self.arabic.trim().is_empty() && !self.english.trim().is_empty()
    }

    /// Returns the value by which pairs are ordered: probability times quality, or the one of the
    /// two that is known.
    #[must_use]
    pub fn confidence(&self) -> Option<f64> {
        confidence(self.probability, self.quality)
    }
}

/// Returns probability times quality, or the one of the two that is known.
pub(crate) fn confidence(probability: Option<f64>, quality: Option<f64>) -> Option<f64> {
    match (probability, quality) {
        (Some(probability), Some(quality)) => Some(probability * quality),
        (probability, quality) => probability.or(quality),
    }
}
