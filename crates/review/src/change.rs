//! What a decision did, or why it was refused.

use std::error::Error;
use std::fmt;

use nasaq_job::Failure;
use serde::Serialize;

use crate::decision::ReviewSide;
use crate::summary::Summary;

/// What a decision, an undo or a redo did to the rows.
///
/// Rows outside `first_row..first_row + removed_rows` are the same beads as before; those behind it
/// have other indices if the numbers of rows differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The revision of the session now.
    pub revision: u64,
    /// The first row that differs.
    pub first_row: usize,
    /// How many rows were replaced.
    pub removed_rows: usize,
    /// How many rows are there instead.
    pub inserted_rows: usize,
    /// The segments that have another index, because one before them was cut or joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renumbered: Option<Renumbered>,
    /// What else the reviewer should know, such as an earlier decision that this one replaces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// Decisions of a list that were refused: their index in the list, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<(usize, String)>,
    /// The state of the review.
    pub summary: Summary,
}

/// Segments whose index changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Renumbered {
    /// Their side.
    pub side: ReviewSide,
    /// The first of them, by its old index.
    pub from: usize,
    /// What is added to their index.
    pub by: i64,
}

/// Why a decision was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The decision contradicts the session: a row that is not there, segments that overlap.
    Decision,
    /// The row has other segments than the reviewer saw.
    Stale,
    /// There is nothing to undo, to redo or to change.
    Nothing,
    /// The decision could not be stored.
    Log,
    /// The stretch could not be aligned again, or the session has a bug.
    Search,
}

/// A decision that was not taken. The session is as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    kind: RefusalKind,
    reason: String,
    hint: Option<String>,
    refused: Vec<(usize, String)>,
}

impl Refusal {
    pub(crate) fn new(kind: RefusalKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), hint: None, refused: Vec::new() }
    }

    pub(crate) fn decision(reason: impl Into<String>) -> Self {
        Self::new(RefusalKind::Decision, reason)
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(crate) fn with_refused(self, refused: Vec<(usize, String)>) -> Self {
        Self { refused, ..self }
    }

    /// Returns the reason and what to do about it in one line.
    pub(crate) fn in_full(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}; {hint}", self.reason),
            None => self.reason.clone(),
        }
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// Returns why, as a message in lower case without a full stop.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn remedy(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Returns the decisions of a list that were refused each by itself: their index in the list,
    /// and why.
    #[must_use]
    pub fn refused(&self) -> &[(usize, String)] {
        &self.refused
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let hint = refusal.hint.clone();
        let failure = Self::of("failed", refusal);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Error for Refusal {}
