//! Progress and cancellation of a job over many documents.

use nasaq::Monitor;

use crate::corpus::DocumentSummary;
use crate::message::Message;
use crate::warning::Warning;

/// Watches a job: shows its progress, and may cancel it.
///
/// Its functions are called from many threads and should return soon. `()` observes nothing.
pub trait Observer: Sync {
    /// Called once for each document, when it is finished.
    fn document_done(&self, document: &DocumentDone<'_>) {
        let _ = document;
    }

    /// Called for each file that a [`PairingJob`](crate::PairingJob) has read, with how many of the files
    /// it has read so far.
    fn file_read(&self, done: usize, total: usize) {
        let _ = (done, total);
    }

    /// Called for each warning that is about the whole job, and not about one document.
    fn warning(&self, warning: &Warning) {
        let _ = warning;
    }

    /// Returns whether the job should end. It is called now and then; a cancelled job fails with a
    /// [`Failure`](crate::Failure) that [`is_cancelled`](crate::Failure::is_cancelled), and what it
    /// has finished is not lost.
    fn is_cancelled(&self) -> bool {
        false
    }
}

impl Observer for () {}

/// Cancels the search of a document when the observer cancels the job.
pub(crate) struct ObserverMonitor<'o>(pub(crate) &'o dyn Observer);

impl Monitor for ObserverMonitor<'_> {
    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// A finished document.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DocumentDone<'a> {
    /// The document's id.
    pub id: &'a str,
    /// About how many bytes of text it has.
    pub bytes: u64,
    /// Its result, or why it failed.
    pub result: Result<&'a DocumentSummary, &'a Message>,
    /// Whether the result is that of an earlier run.
    pub reused: bool,
}

impl DocumentDone<'_> {
    /// Returns how many segments of both sides were aligned for this document.
    #[must_use]
    pub fn segments(&self) -> u64 {
        match self.result {
            Ok(summary) if !self.reused => (summary.src_segments + summary.tgt_segments) as u64,
            _ => 0,
        }
    }
}
