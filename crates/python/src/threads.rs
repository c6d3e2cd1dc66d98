//! Work beside the interpreter: without its lock, on threads of our own, stopped by signals.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use nasaq::{Encoder, EncoderError, PairVectors, RunRequest, VectorRequest};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::failure::Failure;

/// How long a signal waits to be noticed.
const NOTICE: Duration = Duration::from_millis(50);

/// Threads that are started when there is work for them.
pub(crate) struct Threads {
    count: usize,
    /// And the process that has started them: a fork has none of its parent's threads.
    pool: Mutex<Option<(u32, Arc<ThreadPool>)>>,
}

/// Whether work is to end early.
#[derive(Debug, Default)]
pub(crate) struct Stop(AtomicBool);

impl Stop {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Threads {
    /// Takes so many threads, or one a core.
    pub(crate) fn new(count: Option<usize>) -> Self {
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        Self { count: count.unwrap_or_else(cores), pool: Mutex::new(None) }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    fn pool(&self) -> PyResult<Arc<ThreadPool>> {
        let mut slot = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.take() {
            Some((process, pool)) if process == process::id() => {
                *slot = Some((process, Arc::clone(&pool)));
                return Ok(pool);
            }
            // To end threads that are not there would take for ever.
            Some((_, pool)) => mem::forget(pool),
            None => {}
        }
        let pool = Arc::new(pool_of(self.count)?);
        *slot = Some((process::id(), Arc::clone(&pool)));
        Ok(pool)
    }

    /// Does some work, which should look now and then whether it is to stop.
    ///
    /// # Errors
    /// The exception of a signal's handler, and `InternalError` where the work panics.
    pub(crate) fn run<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&Stop) -> T + Send,
    ) -> PyResult<T> {
        let pool = self.pool()?;
        let stop = Stop::default();
        let (sender, receiver) = sync_channel(1);
        let receiver = Mutex::new(receiver);
        let wait =
            |time| receiver.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(time);
        pool.in_place_scope(|scope| {
            scope.spawn(|_| {
                let done = catch_unwind(AssertUnwindSafe(|| work(&stop)));
                let _ = sender.send(done);
            });
            loop {
                match py.detach(|| wait(NOTICE)) {
                    Ok(Ok(done)) => return Ok(done),
                    Ok(Err(panic)) => return Err(Failure::internal(&*panic).raise(py)),
                    Err(RecvTimeoutError::Disconnected) => {
                        return Err(PyRuntimeError::new_err("a thread of nasaq has ended"));
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                }
                if let Err(signal) = py.check_signals() {
                    stop.0.store(true, Ordering::Relaxed);
                    let _ = py.detach(|| wait(Duration::MAX));
                    return Err(signal);
                }
            }
        })
    }
}

/// Makes a pool of threads.
pub(crate) fn pool_of(count: usize) -> PyResult<ThreadPool> {
    ThreadPoolBuilder::new()
        .num_threads(count)
        .thread_name(|number| format!("nasaq-{number}"))
        .build()
        .map_err(|error| PyRuntimeError::new_err(format!("starting {count} threads: {error}")))
}

/// An encoder that refuses work once it is to stop. A long document asks it for every piece.
pub(crate) struct Stoppable<'a, E> {
    pub(crate) encoder: &'a E,
    pub(crate) stop: &'a Stop,
}

impl<E> Stoppable<'_, E> {
    fn check(&self) -> Result<(), EncoderError> {
        if self.stop.is_set() { Err("stopped".into()) } else { Ok(()) }
    }
}

impl<E: Encoder> Encoder for Stoppable<'_, E> {
    fn dim(&self) -> usize {
        self.encoder.dim()
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        self.check()?;
        self.encoder.encode(texts)
    }

    fn token_count(&self, text: &str) -> usize {
        self.encoder.token_count(text)
    }

    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        self.check()?;
        self.encoder.encode_pair(src, tgt, request)
    }

    fn encode_runs(&self, texts: &[&str], request: &RunRequest) -> Result<Vec<f32>, EncoderError> {
        self.check()?;
        self.encoder.encode_runs(texts, request)
    }
}
