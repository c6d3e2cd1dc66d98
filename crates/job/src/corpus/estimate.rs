//! What a run would do, before it: the documents that fail, and the memory and time it takes.

use std::time::Instant;

use super::memory;
use super::metrics::Metrics;
use super::{CorpusEntry, CorpusJob};
use crate::failure::{Failure, Result};
use crate::threads::thread_pool;

/// Documents that are aligned to measure the speed, and the seconds that this may take.
const SAMPLES: usize = 16;
const SAMPLE_SECONDS: f64 = 2.0;
/// Bytes of a document pair that are aligned; a longer one takes no more time per byte.
const SAMPLE_BYTES: f64 = 100_000.0;
/// Files of fewer bytes may have no text, and are read.
const SMALL_FILE: u64 = 64;

impl CorpusJob<'_> {
    /// Returns the ids of documents that fail, with the reasons, as far as that is known without
    /// reading all of them: because a file is missing, has no text or is too large.
    #[must_use]
    pub fn expected_failures(&self) -> Vec<(&str, Failure)> {
        let max_bytes = memory::max_text_bytes(self.memory_limit);
        let is_suspect = |entry: &&CorpusEntry| {
            entry.bytes.iter().any(|bytes| *bytes < SMALL_FILE) || entry.text_bytes() > max_bytes
        };
        let suspects = self.corpus.entries.iter().filter(is_suspect);
        suspects.filter_map(|entry| Some((&*entry.id, self.load(entry).err()?))).collect()
    }

    /// Returns about how many bytes of memory the job needs.
    #[must_use]
    pub fn expected_memory(&self) -> u64 {
        let mut sizes: Vec<u64> = self.corpus.entries.iter().map(CorpusEntry::text_bytes).collect();
        sizes.sort_unstable();
        let largest = sizes.iter().rev().take(self.engine.threads().count());
        memory::estimate_all(largest.copied()).min(self.memory_limit)
    }

    /// Aligns some documents for about two seconds and returns about how many seconds the job
    /// takes; nothing if none of the documents can be aligned.
    ///
    /// # Errors
    /// A [`Failure`] if the system starts no threads.
    pub fn expected_seconds(&self) -> Result<Option<f64>> {
        let text_bytes = self.corpus.text_bytes() as f64;
        let threads = self.engine.threads().count() as f64;
        Ok(self.seconds_per_byte()?.map(|seconds| text_bytes * seconds / threads))
    }

    fn seconds_per_byte(&self) -> Result<Option<f64>> {
        let entries = &self.corpus.entries;
        let step = entries.len().div_ceil(SAMPLES).max(1);
        let samples: Vec<&CorpusEntry> = entries.iter().step_by(step).collect();
        let max_bytes = memory::max_text_bytes(self.memory_limit);
        let metrics = Metrics::default();
        let align = |entry: &CorpusEntry| -> Option<u64> {
            let readers = self.engine.settings().readers;
            let mut loaded = self.corpus.load(entry, readers, max_bytes).ok()?;
            let share = SAMPLE_BYTES / entry.text_bytes().max(1) as f64;
            if share < 1.0 {
                loaded.documents = loaded.documents.each_ref().map(|it| it.beginning(share));
            }
            self.align(&entry.id, &loaded, &metrics, &()).ok()?;
            Some(loaded.text_bytes())
        };
        thread_pool(1)?.install(|| {
            // The first document fills tables that all use; it is not measured.
            if samples.len() > 1 {
                let _ = samples.first().and_then(|entry| align(entry));
            }
            let start = Instant::now();
            let mut bytes = 0;
            for entry in samples {
                bytes += align(entry).unwrap_or_default();
                if bytes > 0 && start.elapsed().as_secs_f64() > SAMPLE_SECONDS {
                    break;
                }
            }
            Ok((bytes > 0).then(|| start.elapsed().as_secs_f64() / bytes as f64))
        })
    }
}
