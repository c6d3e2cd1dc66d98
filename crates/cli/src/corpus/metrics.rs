//! Where the time goes.

use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nasaq_formats::OutputTarget;
use serde::Serialize;

use super::memory;

/// A stage of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Reading the texts, and what was written before.
    Read,
    Segment,
    Encode,
    /// Scoring and searching.
    Search,
    Write,
}

/// Times by stage, added up over all documents.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    nanoseconds: [AtomicU64; 5],
}

impl Metrics {
    /// Does some work of a stage.
    pub(crate) fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.add(stage, start.elapsed());
        done
    }

    /// Adds time that a stage took.
    pub(crate) fn add(&self, stage: Stage, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds[stage as usize].fetch_add(nanoseconds, Ordering::Relaxed);
    }

    fn seconds(&self, stage: Stage) -> f64 {
        self.nanoseconds[stage as usize].load(Ordering::Relaxed) as f64 / 1e9
    }

    fn stages(&self) -> Stages {
        Stages {
            read: self.seconds(Stage::Read),
            segment: self.seconds(Stage::Segment),
            encode: self.seconds(Stage::Encode),
            search: self.seconds(Stage::Search),
            write: self.seconds(Stage::Write),
        }
    }
}

/// The time in which at least one thread does some work: a long document has its pieces encoded side
/// by side.
#[derive(Debug, Default)]
pub(crate) struct Busy(Mutex<Running>);

#[derive(Debug, Default)]
struct Running {
    threads: usize,
    /// When the first of them began.
    since: Option<Instant>,
    before: Duration,
}

impl Busy {
    /// Does some of the work.
    pub(crate) fn time<T>(&self, work: impl FnOnce() -> T) -> T {
        self.begin(Instant::now());
        let done = work();
        self.end(Instant::now());
        done
    }

    /// Gives the time.
    pub(crate) fn total(&self) -> Duration {
        self.0.lock().map_or(Duration::ZERO, |running| running.before)
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
                running.before += now.saturating_duration_since(since);
            }
        }
    }
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Totals {
    pub(crate) documents: usize,
    pub(crate) aligned: usize,
    /// Of these, how many an earlier run had done.
    pub(crate) reused: usize,
    pub(crate) failed: usize,
    pub(crate) warned: usize,
    /// Segments of both sides, of what this run aligned.
    pub(crate) segments: u64,
    pub(crate) beads: u64,
}

/// Seconds by stage.
#[derive(Debug, Serialize)]
struct Stages {
    read: f64,
    segment: f64,
    encode: f64,
    search: f64,
    write: f64,
}

#[derive(Debug, Serialize)]
struct Written {
    documents: usize,
    aligned: usize,
    reused: usize,
    failed: usize,
    warned: usize,
    segments: u64,
    beads: u64,
    threads: usize,
    wall_seconds: f64,
    segments_per_second: f64,
    /// Of all documents together.
    stage_seconds: Stages,
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_memory_bytes: Option<u64>,
}

/// Writes a run's times to a file.
pub(crate) fn write(
    path: &Path,
    metrics: &Metrics,
    totals: Totals,
    threads: usize,
    wall: Duration,
) -> anyhow::Result<()> {
    let Totals { documents, aligned, reused, failed, warned, segments, beads } = totals;
    let written = Written {
        documents,
        aligned,
        reused,
        failed,
        warned,
        segments,
        beads,
        threads,
        wall_seconds: wall.as_secs_f64(),
        segments_per_second: segments as f64 / wall.as_secs_f64().max(1e-9),
        stage_seconds: metrics.stages(),
        peak_memory_bytes: memory::peak(),
    };
    let mut out = OutputTarget::new(Some(path))?.open()?;
    serde_json::to_writer_pretty(&mut out, &written).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_side_by_side_is_one_time() {
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
