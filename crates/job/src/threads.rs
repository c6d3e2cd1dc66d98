//! Threads: the one rule by which documents share them.
//!
//! Documents are aligned in parallel, each in a pool of one thread, because a thread that waits inside
//! one document would otherwise start another and hold both in memory. A document so large that it
//! would keep one thread busy long after the others are done is aligned alone, with all threads.

use std::cmp::Reverse;
use std::mem;
use std::process;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::failure::{Failure, Result};

/// A document of fewer bytes is never aligned alone if there are enough others.
const MIN_ALONE: u64 = 256 << 10;
/// How often the lock of the pool is tried, a millisecond apart.
const LOCK_ATTEMPTS: usize = 100;

/// A pool and the process that started it.
type Slot = Option<(u32, Arc<ThreadPool>)>;

/// A number of threads, and a pool of them that is started when it is first needed.
///
/// A process that was forked starts a pool of its own, because a fork has none of the threads of its
/// parent.
#[derive(Debug)]
pub struct Threads {
    count: usize,
    pool: Mutex<Slot>,
}

impl Threads {
    /// Uses `count` threads, by default one per core.
    #[must_use]
    pub fn new(count: Option<usize>) -> Self {
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        Self { count: count.unwrap_or_else(cores).max(1), pool: Mutex::new(None) }
    }

    /// Returns the number of threads.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Runs work that uses all threads, and waits for it.
    ///
    /// # Errors
    /// A [`Failure`] if the system starts no threads.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T> {
        Ok(self.pool()?.install(work))
    }

    fn pool(&self) -> Result<Arc<ThreadPool>> {
        let find = |slot: &mut Slot| match slot {
            Some((process, pool)) if *process == process::id() => Some(Arc::clone(pool)),
            _ => None,
        };
        if let Some(pool) = self.with_slot(find).flatten() {
            return Ok(pool);
        }
        // Started while the slot is not locked: see `with_slot`.
        let pool = Arc::new(thread_pool(self.count)?);
        self.with_slot(|slot| match slot.replace((process::id(), Arc::clone(&pool))) {
            // Its threads do not exist in this process: dropping it would wait for them for ever.
            Some((process, pool)) if process != process::id() => mem::forget(pool),
            _ => {}
        });
        Ok(pool)
    }

    /// Accesses the slot of the pool; returns nothing if it stays locked.
    ///
    /// The lock is held for a moment. If the process was forked in that moment by another thread, no
    /// thread of this process will release it.
    fn with_slot<T>(&self, access: impl FnOnce(&mut Slot) -> T) -> Option<T> {
        for _ in 0..LOCK_ATTEMPTS {
            match self.pool.try_lock() {
                Ok(mut slot) => return Some(access(&mut slot)),
                Err(TryLockError::Poisoned(slot)) => return Some(access(&mut slot.into_inner())),
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
            }
        }
        None
    }

    /// Runs `work` for each item and returns the results in the order of the items.
    ///
    /// `size` returns how many bytes of text an item has, which decides whether it is worked on
    /// alone or beside others.
    ///
    /// # Errors
    /// A [`Failure`] if the system starts no threads.
    #[expect(clippy::missing_panics_doc, reason = "`run` handles every item unless it fails")]
    pub fn map<I: Sync, T: Send>(
        &self,
        items: &[I],
        size: impl Fn(&I) -> u64,
        work: impl Fn(&I) -> T + Sync,
    ) -> Result<Vec<T>> {
        let results: Vec<Mutex<Option<T>>> = items.iter().map(|_| Mutex::new(None)).collect();
        let run = |index: usize| -> Result<()> {
            let result = work(&items[index]);
            *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            Ok(())
        };
        let Schedule { alone, parallel } =
            Schedule::new(0..items.len(), |index| size(&items[index]), self.count);
        self.run(&alone, &parallel, run)?;
        let results = results.into_iter().map(|slot| {
            let result = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
            result.expect("`run` has handled every item")
        });
        Ok(results.collect())
    }

    /// Runs `work` for some jobs one at a time, with all threads, and then for the others in
    /// parallel, with one thread each. The first error ends it.
    pub(crate) fn run(
        &self,
        alone: &[usize],
        parallel: &[usize],
        work: impl Fn(usize) -> Result<()> + Sync,
    ) -> Result<()> {
        if !alone.is_empty() {
            self.install(|| alone.iter().try_for_each(|&job| work(job)))??;
        }
        self.in_parallel(parallel, work)
    }

    /// Runs `work` for jobs in parallel, started in their order. The first error ends it.
    pub(crate) fn in_parallel(
        &self,
        jobs: &[usize],
        work: impl Fn(usize) -> Result<()> + Sync,
    ) -> Result<()> {
        let next = AtomicUsize::new(0);
        let stopped = AtomicBool::new(false);
        let first_error = Mutex::new(None);
        let worker = || -> Result<()> {
            thread_pool(1)?.install(|| {
                while !stopped.load(Ordering::Relaxed)
                    && let Some(&job) = jobs.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    work(job)?;
                }
                Ok(())
            })
        };
        let stop = |error: Failure| {
            stopped.store(true, Ordering::Relaxed);
            let mut slot = first_error.lock().unwrap_or_else(PoisonError::into_inner);
            slot.get_or_insert(error);
        };
        thread::scope(|scope| {
            for _ in 0..self.count.min(jobs.len()) {
                let run = || worker().unwrap_or_else(stop);
                if let Err(error) = thread::Builder::new().spawn_scoped(scope, run) {
                    return stop(threads_failure(self.count, &error));
                }
            }
        });
        match first_error.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

/// Starts a pool of threads.
pub(crate) fn thread_pool(count: usize) -> Result<ThreadPool> {
    ThreadPoolBuilder::new()
        .num_threads(count)
        .thread_name(|index| format!("nasaq-{index}"))
        .build()
        .map_err(|error| threads_failure(count, &error))
}

/// Returns the failure of starting threads.
pub(crate) fn threads_failure(count: usize, error: &impl std::fmt::Display) -> Failure {
    Failure::new("threads", format!("starting {count} threads failed: {error}"))
        .hint("use fewer threads, or raise the limits of memory and of processes")
}

/// The order in which jobs are run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// Jobs that would keep one thread busy long after the others: run one at a time.
    pub(crate) alone: Vec<usize>,
    /// The others, the largest first.
    pub(crate) parallel: Vec<usize>,
}

impl Schedule {
    /// Orders jobs by their size in bytes.
    pub(crate) fn new(
        jobs: impl Iterator<Item = usize>,
        size: impl Fn(usize) -> u64,
        threads: usize,
    ) -> Self {
        let mut jobs: Vec<usize> = jobs.collect();
        let total: u64 = jobs.iter().map(|&job| size(job)).sum();
        let count = jobs.len();
        jobs.sort_by_key(|&job| Reverse(size(job)));
        let (alone, parallel) = jobs.into_iter().partition(|&job| {
            let share = size(job).saturating_mul(4 * threads as u64);
            threads > 1 && share > total && (size(job) > MIN_ALONE || count < threads)
        });
        Self { alone, parallel }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(sizes: &[u64], threads: usize) -> (Vec<usize>, Vec<usize>) {
        let Schedule { alone, parallel } = Schedule::new(0..sizes.len(), |job| sizes[job], threads);
        (alone, parallel)
    }

    #[test]
    fn the_largest_go_first_and_the_huge_alone() {
        let sizes = [10, 30, 20, 30, 100 << 20];
        assert_eq!(schedule(&sizes, 2), (vec![4], vec![1, 3, 2, 0]));
        assert_eq!(schedule(&sizes, 1), (vec![], vec![4, 1, 3, 2, 0]));
    }

    #[test]
    fn the_only_document_has_all_threads() {
        assert_eq!(schedule(&[10], 2), (vec![0], vec![]));
        assert_eq!(schedule(&[10, 10], 2).0, Vec::<usize>::new());
    }

    #[test]
    fn results_have_the_order_of_the_items() {
        let items: Vec<u64> = (0..50).map(|item| item * 7 % 50).collect();
        for threads in [1, 3] {
            let threads = Threads::new(Some(threads));
            let doubled = threads.map(&items, |item| *item, |item| item * 2).expect("threads");
            assert!(items.iter().zip(&doubled).all(|(item, doubled)| item * 2 == *doubled));
        }
    }

    #[test]
    fn a_lock_that_is_never_released_does_not_block() {
        let threads = Threads::new(Some(2));
        // As in a process that was forked while another thread had the lock.
        let _held = threads.pool.lock().expect("no panic");
        for _ in 0..2 {
            assert_eq!(threads.install(rayon::current_num_threads).expect("threads"), 2);
        }
    }

    #[test]
    fn a_pool_is_started_once() {
        let threads = Threads::new(Some(1));
        let first = threads.install(|| thread::current().id()).expect("threads");
        assert_eq!(threads.install(|| thread::current().id()).expect("threads"), first);
    }

    #[test]
    fn jobs_in_parallel_have_one_thread_each_and_those_alone_all() {
        let threads = Threads::new(Some(3));
        let used = Mutex::new(vec![0; 4]);
        let work = |job: usize| {
            used.lock().expect("no panic")[job] = rayon::current_num_threads();
            Ok(())
        };
        threads.run(&[2], &[0, 1, 3], work).expect("threads");
        assert_eq!(*used.lock().expect("no panic"), [1, 1, 3, 1]);
    }

    #[test]
    fn first_error_ends_the_work() {
        let done = AtomicUsize::new(0);
        let jobs: Vec<usize> = (0..100).collect();
        let failed = Threads::new(Some(1)).in_parallel(&jobs, |job| {
            done.fetch_add(1, Ordering::Relaxed);
            if job == 2 { Err(Failure::new("failed", "two")) } else { Ok(()) }
        });
        assert_eq!(failed.expect_err("two").reason(), "two");
        assert_eq!(done.load(Ordering::Relaxed), 3);
    }
}
