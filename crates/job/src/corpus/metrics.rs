//! What a run did, and how long each stage took.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::memory;

/// A stage of the work on a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Reading the texts, and the results of earlier runs.
    Read,
    Segment,
    Encode,
    /// Scoring beads and searching the best path.
    Search,
    Write,
}

/// Times by stage, summed over all documents.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    nanoseconds: [AtomicU64; 5],
}

impl Metrics {
    /// Runs work of a stage and measures it.
    pub(crate) fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.add(stage, start.elapsed());
        done
    }

    /// Adds the time of a stage.
    pub(crate) fn add(&self, stage: Stage, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds[stage as usize].fetch_add(nanoseconds, Ordering::Relaxed);
    }

    fn seconds(&self, stage: Stage) -> f64 {
        self.nanoseconds[stage as usize].load(Ordering::Relaxed) as f64 / 1e9
    }

    fn stages(&self) -> StageSeconds {
        StageSeconds {
            read: self.seconds(Stage::Read),
            segment: self.seconds(Stage::Segment),
            encode: self.seconds(Stage::Encode),
            search: self.seconds(Stage::Search),
            write: self.seconds(Stage::Write),
        }
    }
}

/// The time during which at least one thread does some work: the chunks of a long document are
/// encoded in parallel.
#[derive(Debug, Default)]
pub(crate) struct Busy(Mutex<Running>);

#[derive(Debug, Default)]
struct Running {
    threads: usize,
    /// When the first of them started.
    since: Option<Instant>,
    earlier: Duration,
}

impl Busy {
    /// Runs some of the work.
    pub(crate) fn time<T>(&self, work: impl FnOnce() -> T) -> T {
        self.begin(Instant::now());
        let done = work();
        self.end(Instant::now());
        done
    }

    /// Returns the time.
    pub(crate) fn total(&self) -> Duration {
        self.0.lock().map_or(Duration::ZERO, |running| running.earlier)
    }

    fn begin(&self, now: Instant) {
        if let Ok(mut running) = self.0.lock() {
            running.threads += 1;
            running.since.get_or_insert(now);
        }
    }

    fn end(&self, now: Instant) {
        if let Ok(mut running) = self.0.lock() {
            running.threads -= 1;
            if running.threads == 0
                && let Some(since) = running.since.take()
            {
                running.earlier += now.saturating_duration_since(since);
            }
        }
    }
}

/// The counts of a corpus run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CorpusTotals {
    /// All documents.
    pub documents: usize,
    /// Those that are aligned, by this run or an earlier one.
    pub aligned: usize,
    /// Of the aligned ones, those that an earlier run had aligned.
    pub reused: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those with a warning.
    pub warned: usize,
    /// Those with notes, but no warning.
    pub noted: usize,
    /// Segments of both sides that this run aligned.
    pub segments: u64,
    /// Beads of all aligned documents.
    pub beads: u64,
    /// Pairs of all aligned documents with a probability below that of the settings, which
    /// translation memories omit.
    pub improbable: u64,
    /// Beads of all aligned documents with text on one side only, which translation memories omit.
    pub one_sided: u64,
    /// Failed documents that still have the output of an earlier run.
    pub kept: usize,
    /// Output files of earlier runs that stay although the corpus no longer has their documents.
    pub stale: usize,
    /// Output files that were removed because the corpus no longer has their documents.
    pub pruned: usize,
    /// Output files of earlier runs that were removed because their documents are now in other
    /// files: in another format, or in another shard.
    pub replaced: usize,
}

/// Seconds by stage, summed over all documents; more than the wall time if there are threads.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct StageSeconds {
    /// Reading the texts, and the results of earlier runs.
    pub read: f64,
    /// Dividing texts into segments.
    pub segment: f64,
    /// Encoding segments as vectors.
    pub encode: f64,
    /// Scoring beads and searching the best path.
    pub search: f64,
    /// Writing files.
    pub write: f64,
}

/// What a corpus run did. It serialises as the metrics file of `nasaq align --corpus`.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct CorpusOutcome {
    /// The counts.
    #[serde(flatten)]
    pub totals: CorpusTotals,
    /// Threads used.
    pub threads: usize,
    /// Seconds from start to end.
    pub wall_seconds: f64,
    /// Segments of both sides aligned per second of wall time.
    pub segments_per_second: f64,
    /// Seconds by stage.
    pub stage_seconds: StageSeconds,
    /// Peak memory of the process, if the system reports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
}

impl CorpusOutcome {
    pub(crate) fn new(
        totals: CorpusTotals,
        metrics: &Metrics,
        threads: usize,
        wall: Duration,
    ) -> Self {
        Self {
            totals,
            threads,
            wall_seconds: wall.as_secs_f64(),
            segments_per_second: totals.segments as f64 / wall.as_secs_f64().max(1e-9),
            stage_seconds: metrics.stages(),
            peak_memory_bytes: memory::peak(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_work_is_counted_once() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let busy = Busy::default();
        busy.begin(at(0));
        busy.begin(at(1));
        busy.end(at(3));
        busy.end(at(4));
        assert_eq!(busy.total(), Duration::from_secs(4));
        busy.begin(at(10));
        busy.end(at(12));
        assert_eq!(busy.total(), Duration::from_secs(6));
    }
}
