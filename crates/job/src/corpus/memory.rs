//! Memory: how much a document needs, and how much all may use together.

use std::fs;
use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes used before the first document: model, tables, lexicon.
const BASE: u64 = 200 << 20;
/// Bytes used by a document of any length.
const DOCUMENT: u64 = 8 << 20;
/// Bytes used per byte of text, both sides together; measured (docs/results).
const PER_BYTE: u64 = 800;
/// A long document is searched in chunks, four at a time, which use no more than this (measured:
/// 0.66 GB).
const CHUNKS: u64 = 1 << 30;
/// Bytes used by texts and words per byte of text, however the document is searched (measured: 3).
const TEXT_PER_BYTE: u64 = 6;
/// Bytes that the program has used when its first document begins (measured: 72 MB), with a margin for
/// other builds. [`BASE`] is the larger part of a limit that documents may not use, so that the
/// limit of their size does not depend on threads.
const PROGRAM: u64 = 84 << 20;
/// Bytes that a thread retains between documents besides the buffers of the encoder: its stack, and
/// memory that the allocator could not return.
const THREAD: u64 = 8 << 20;
/// What must be left for documents so that threads may retain the buffers of the encoder.
const AMPLE: u64 = 1 << 30;
/// Bytes used while a chunk of tokens is encoded, by any document of more than a few pages, and per byte
/// of text by a shorter one (measured: 52 MB, 2 to 3 kB).
const ENCODING: u64 = 56 << 20;
const ENCODING_PER_BYTE: u64 = 3000;
/// Bytes used per byte of text besides, and per segment: the vectors of its blocks, and the states of
/// the search (measured: 70 and 39,000).
const SEARCH_PER_BYTE: u64 = 80;
const PER_SEGMENT: u64 = 42_000;
/// The memory of the machine if the system does not report it.
const ASSUMED: u64 = 4 << 30;

/// The smallest memory limit: what the program and a document of one byte need.
pub const MIN_MEMORY_LIMIT: u64 = BASE + DOCUMENT + PER_BYTE + TEXT_PER_BYTE;

/// Returns about how many bytes of memory a document needs while it is aligned.
pub(crate) fn estimate(text_bytes: u64) -> u64 {
    let search = text_bytes.saturating_mul(PER_BYTE).min(CHUNKS);
    DOCUMENT + search + text_bytes.saturating_mul(TEXT_PER_BYTE)
}

/// Returns about how many bytes of memory a document needs while it is aligned, by the number of its
/// segments, both sides together: short ones need more than their bytes suggest.
pub(crate) fn estimate_segmented(text_bytes: u64, segments: u64) -> u64 {
    let encoding = text_bytes.saturating_mul(ENCODING_PER_BYTE).min(ENCODING);
    let search = text_bytes.saturating_mul(SEARCH_PER_BYTE);
    let search = search.saturating_add(segments.saturating_mul(PER_SEGMENT));
    let needed = DOCUMENT + encoding.saturating_add(search).min(CHUNKS);
    estimate(text_bytes).max(needed + text_bytes.saturating_mul(TEXT_PER_BYTE))
}

/// Returns about how many segments a text has, without segmenting it: its lines, and its stops before
/// a space.
pub(crate) fn count_segments(text: &str) -> u64 {
    let mut last = '\n';
    let mut count = 0;
    for c in text.chars() {
        let ends = match c {
            '\n' => last != '\n',
            _ => c.is_whitespace() && matches!(last, '.' | '!' | '?' | '؟' | '۔' | '…'),
        };
        count += u64::from(ends);
        last = if ends { '\n' } else { c };
    }
    count + 1
}

/// Returns how many bytes of text a document may have in a process with this memory limit.
pub(crate) fn max_text_bytes(limit: u64) -> u64 {
    let room = limit.saturating_sub(BASE + DOCUMENT);
    let in_chunks = room.saturating_sub(CHUNKS) / TEXT_PER_BYTE;
    in_chunks.max(room / (PER_BYTE + TEXT_PER_BYTE))
}

/// Returns how many bytes a document may have, decompressed, for its alignment to fit into the default
/// memory limit of a job: a small file may unpack to more than the machine has.
#[must_use]
pub fn max_document_bytes() -> u64 {
    max_text_bytes(default_memory_limit())
}

/// Returns about how much memory the program and documents of these sizes need.
pub(crate) fn estimate_all(documents: impl Iterator<Item = u64>) -> u64 {
    BASE + documents.map(estimate).sum::<u64>()
}

/// Returns the default memory limit of a job: three quarters of the machine's memory, or of what the
/// container or service that the process runs in may use.
#[must_use]
pub fn default_memory_limit() -> u64 {
    let limits = [machine_memory(), group_limit()];
    let available = limits.into_iter().flatten().min().unwrap_or(ASSUMED);
    // In a small container a document that does not fit is refused; the system would end the run.
    (available / 4 * 3).max((2 * BASE).min(available)).max(MIN_MEMORY_LIMIT)
}

/// Returns the memory of the machine, if the system reports it.
#[cfg(target_os = "linux")]
fn machine_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// Returns the memory of the machine, if the system reports it.
#[cfg(not(target_os = "linux"))]
fn machine_memory() -> Option<u64> {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    Some(system.total_memory()).filter(|bytes| *bytes > 0)
}

/// Returns the memory limit of the control groups that the process is in.
#[cfg(target_os = "linux")]
fn group_limit() -> Option<u64> {
    super::cgroup::memory_limit()
}

/// Returns nothing: only Linux has control groups.
#[cfg(not(target_os = "linux"))]
fn group_limit() -> Option<u64> {
    None
}

/// Returns the peak memory of this process, if the system reports it.
pub(crate) fn peak() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// Memory that documents share: taking a share blocks until enough is free.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Bytes that all documents may use together.
    limit: u64,
    /// Whether threads free the buffers of the encoder after each document.
    releases: bool,
    free: Mutex<u64>,
    freed: Condvar,
}

/// A share of the budget, returned to it when dropped.
pub(crate) struct Share<'b> {
    budget: &'b Budget,
    size: u64,
}

impl Budget {
    /// Makes the budget of a process with this memory limit, for documents on this many threads.
    pub(crate) fn new(process_limit: u64, threads: usize) -> Self {
        let threads = threads as u64;
        let retained = PROGRAM + (THREAD + ENCODING) * threads;
        let releases = process_limit < retained + AMPLE;
        let reserve = if releases { (PROGRAM + THREAD * threads).min(BASE) } else { retained };
        let limit = process_limit.saturating_sub(reserve);
        Self { limit, releases, free: Mutex::new(limit), freed: Condvar::new() }
    }

    /// Frees what the current thread retains, if there is not memory for all threads to do so.
    pub(crate) fn release_thread(&self) {
        if self.releases {
            nasaq_encoder::release_thread_memory();
        }
    }

    /// Reports whether a process with this memory limit cannot align a document, because it needs more
    /// than there is besides the program.
    pub(crate) fn is_too_large(process_limit: u64, size: u64) -> bool {
        size > process_limit.saturating_sub(PROGRAM + THREAD)
    }

    /// Waits for a share. A share above the limit is clamped to it, so that it is available once
    /// nothing else is in use.
    pub(crate) fn take(&self, size: u64) -> Share<'_> {
        let size = size.min(self.limit);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free < size {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= size;
        Share { budget: self, size }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.size;
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn largest_document_fits_and_a_larger_one_does_not() {
        for limit in [300_u64 << 20, 1 << 30, 1500 << 20, 16 << 30] {
            let max = max_text_bytes(limit);
            assert!(BASE + estimate(max) <= limit, "{limit}");
            assert!(BASE + estimate(max + max / 50 + 1000) > limit, "{limit}");
        }
        // A book of 100,000 sentences per side fits in a gigabyte and a half.
        assert!(max_text_bytes(1500 << 20) > 20_000_000);
    }

    #[test]
    fn short_segments_need_more_than_their_bytes_suggest() {
        const MEASURED: [(u64, u64, u64); 9] = [
            (2_039, 20, 6_648),
            (21_344, 200, 52_838),
            (63_852, 600, 78_728),
            (129_190, 1200, 104_468),
            (130_140, 2000, 134_124),
            (85_337, 200, 65_792),
            (256_921, 600, 92_064),
            (214_132, 200, 75_076),
            (128_382, 60, 63_748),
        ];
        for (bytes, segments, kilobytes) in MEASURED {
            let estimate = estimate_segmented(bytes, segments);
            assert!(estimate >= kilobytes << 10, "{bytes} bytes, {segments} segments: {estimate}");
        }
        assert!(estimate_segmented(u64::MAX / 1000, u64::MAX) >= CHUNKS);
        assert_eq!(count_segments("a. b? c\n\nd 1.5\n"), 4 + 1);
        assert_eq!(count_segments(&". ".repeat(3)), 3 + 1);
    }

    #[test]
    fn shares_never_exceed_the_limit() {
        let budget = Budget::new(PROGRAM + THREAD * 6 + 100, 6);
        let used = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for size in [60, 60, 30, 100, 500, 1] {
                let (budget, used) = (&budget, &used);
                scope.spawn(move || {
                    for _ in 0..200 {
                        let share = budget.take(size);
                        let now = used.fetch_add(share.size, Ordering::SeqCst) + share.size;
                        assert!(now <= 100);
                        used.fetch_sub(share.size, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(*budget.free.lock().expect("no panic"), 100);
    }
}
