//! One row of a corpus, as the report is fed it.

use nasaq::{BeadKind, Span};

/// A pair of texts, or a text without counterpart, with what is known of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row<'t> {
    /// The document; rows of one document stand together. Empty where the corpus names none.
    pub doc: &'t str,
    /// The bead's number in the document, from 0.
    pub bead: Option<u64>,
    /// The Arabic text; empty where it is missing.
    pub arabic: &'t str,
    /// The English text; empty where it is missing.
    pub english: &'t str,
    /// How many segments each side has, source first.
    pub kind: Option<BeadKind>,
    /// The source segments and the target segments.
    pub spans: Option<(Span, Span)>,
    /// Of a text without counterpart: the segments of the other side that it was moved to.
    pub moved: Option<Span>,
    /// The chance that the bead is the right one, 0 to 1.
    pub probability: Option<f64>,
    /// How good a translation the pair is, 0 to 1.
    pub quality: Option<f64>,
    /// What speaks against the pair.
    pub reasons: &'t [String],
    /// The features, in the order of [`ReportOptions::features`](crate::ReportOptions); `None`
    /// where one does not apply.
    pub features: &'t [Option<f64>],
    /// By filter of [`ReportOptions::filters`](crate::ReportOptions): whether it rejects the pair.
    pub rejected: &'t [bool],
}

impl Row<'_> {
    /// Tells whether both sides have text.
    #[must_use]
    pub fn is_pair(&self) -> bool {
        !self.arabic.trim().is_empty() && !self.english.trim().is_empty()
    }

    /// Gives one number to order pairs by: probability times quality, or the one that is known.
    #[must_use]
    pub fn confidence(&self) -> Option<f64> {
        match (self.probability, self.quality) {
            (Some(probability), Some(quality)) => Some(probability * quality),
            (one, other) => one.or(other),
        }
    }
}
