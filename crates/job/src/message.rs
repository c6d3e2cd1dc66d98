//! A failure or a warning as it is written to files.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::remedy::{Remedy, Wording};
use crate::warning::Warning;

/// A failure or a warning about a document as files have it: in the journal, in `errors.jsonl` and
/// `warnings.jsonl`, and in the results of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// A short name for programs, such as `empty` or `unrelated`.
    pub kind: String,
    /// What is wrong.
    pub reason: String,
    /// What to do about it, in the words of the shell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Message {
    /// Words a failure.
    #[must_use]
    pub fn of_failure(failure: &Failure, wording: Wording) -> Self {
        Self::new(failure.kind(), failure.reason(), failure.remedy(), wording)
    }

    /// Words a warning.
    #[must_use]
    pub fn of_warning(warning: &Warning, wording: Wording) -> Self {
        Self::new(warning.kind, warning.reason.clone(), warning.remedy.as_ref(), wording)
    }

    fn new(kind: &str, reason: String, remedy: Option<&Remedy>, wording: Wording) -> Self {
        Self { kind: kind.to_owned(), reason, hint: remedy.map(wording) }
    }
}
