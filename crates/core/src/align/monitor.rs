//! Progress and cancellation of a search.

use std::sync::{Mutex, PoisonError};

use crate::error::{ErrorKind, Result};

/// Watches a search: is informed of its progress and can cancel it.
///
/// Both methods may be called from several threads; calls of [`progress`](Self::progress) do not
/// overlap.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use nasaq::{Aligner, Monitor, PrecomputedVectors, Progress};
///
/// /// Remembers how many segments are aligned.
/// struct Counter(AtomicUsize);
///
/// impl Monitor for Counter {
///     fn progress(&self, progress: Progress) {
///         self.0.store(progress.segments_done, Ordering::Relaxed);
///     }
/// }
///
/// let vectors = PrecomputedVectors::from_segments(2, vec![1.0, 0.0], vec![1.0, 0.0])?;
/// let aligner = Aligner::builder().build()?;
/// let counter = Counter(AtomicUsize::new(0));
/// aligner.search(&vectors, &["واحد."], &["One."])?.monitor(&counter).align()?;
/// assert_eq!(counter.0.into_inner(), 2);
/// # Ok::<(), nasaq::Error>(())
/// ```
pub trait Monitor: Sync {
    /// Receives the progress, first of nothing done and last of everything done.
    fn progress(&self, _progress: Progress) {}

    /// Reports whether the search is to stop: it then returns
    /// [`ErrorKind::Cancelled`].
    ///
    /// This is called often, between short stretches of work; a chunk of a long document, or a
    /// document of up to 4,000 segments, is encoded in one such stretch.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// How far a search is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Segments of both sides that are aligned.
    pub segments_done: usize,
    /// Segments of both sides.
    pub segments_total: usize,
}

/// Counts the progress of one search and reports it to a monitor, if there is one.
#[derive(Default)]
pub(super) struct ProgressCounter<'a> {
    pub(super) monitor: Option<&'a dyn Monitor>,
    total: usize,
    done: Mutex<usize>,
}

impl ProgressCounter<'_> {
    /// Starts a search with the number of segments of both sides.
    pub(super) fn start(&mut self, total: usize) {
        self.total = total;
        *self.done.get_mut().unwrap_or_else(PoisonError::into_inner) = 0;
        self.add(0);
    }

    /// Adds segments that are aligned.
    pub(super) fn add(&self, segments: usize) {
        let Some(monitor) = self.monitor else { return };
        // The lock is held during the call, so that reports come in order.
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        *done = (*done + segments).min(self.total);
        monitor.progress(Progress { segments_done: *done, segments_total: self.total });
    }

    /// Returns an error if the search is cancelled.
    pub(super) fn check(&self) -> Result<()> {
        match self.monitor {
            Some(monitor) if monitor.is_cancelled() => Err(ErrorKind::Cancelled.into()),
            _ => Ok(()),
        }
    }
}
