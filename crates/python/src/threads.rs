//! Runs work while the interpreter's lock is released, and stops it when a signal arrives.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use nasaq::Monitor;
use nasaq_job::{Result, Threads, guard};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::failure::exception;

/// How often signals are checked for.
const SIGNAL_INTERVAL: Duration = Duration::from_millis(50);

/// A flag that is set when work should end early.
#[derive(Debug, Default)]
pub(crate) struct StopFlag(AtomicBool);

impl Monitor for StopFlag {
    fn is_cancelled(&self) -> bool {
        self.is_set()
    }
}

impl StopFlag {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs work on all threads without the interpreter's lock, as [`run_alone`] does on one.
///
/// # Errors
/// The same.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    threads: &Threads,
    work: impl FnOnce(&StopFlag) -> Result<T> + Send,
) -> PyResult<T> {
    run_alone(py, |stop| threads.install(|| work(stop))?)
}

/// Runs work on another thread without the interpreter's lock. The work should regularly check the
/// flag that it is passed.
///
/// Only the thread that called from Python can run the handlers of signals. So the work runs on
/// another thread, while this one waits for its result and checks for signals.
///
/// # Errors
/// The exception for the failure of the work (`InternalError` if it panics), or the exception that
/// the handler of a signal raised.
pub(crate) fn run_alone<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&StopFlag) -> Result<T> + Send,
) -> PyResult<T> {
    run_watched(py, || Ok(()), work)
}

/// Runs work as [`run_alone`] does, and calls `watch` on this thread at every check for signals, with
/// the interpreter's lock. An exception of it stops the work, as that of a signal does.
///
/// # Errors
/// The same, and the exception of `watch`.
pub(crate) fn run_watched<T: Send>(
    py: Python<'_>,
    watch: impl FnMut() -> PyResult<()>,
    work: impl FnOnce(&StopFlag) -> Result<T> + Send,
) -> PyResult<T> {
    let stop = StopFlag::default();
    let (sender, receiver) = sync_channel(1);
    let receiver = Results(Mutex::new(receiver));
    thread::scope(|scope| {
        let stop = &stop;
        let run = move || {
            // A panic on a thread of the pool continues on this one, where the guard catches it.
            let result = guard(|| work(stop));
            // The receiver outlives this thread: it is dropped after the scope.
            let _ = sender.send(result);
        };
        thread::Builder::new().spawn_scoped(scope, run)?;
        let result = receiver.wait(py, watch).inspect_err(|_| {
            stop.set();
            // The exception replaces the result.
            let _ = py.detach(|| receiver.next(Duration::MAX));
        });
        result?.map_err(|failure| exception(py, &failure))
    })
}

/// Runs work that cannot be stopped on another thread without the interpreter's lock. If a signal's
/// handler raises an exception, the call ends at once; the work goes on and its result is dropped.
///
/// # Errors
/// Those of [`run_alone`].
pub(crate) fn run_detached<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> PyResult<T> {
    let (sender, receiver) = sync_channel(1);
    thread::Builder::new().spawn(move || {
        // Nobody receives the result if the call has ended.
        let _ = sender.send(guard(work));
    })?;
    let result = Results(Mutex::new(receiver)).wait(py, || Ok(()))?;
    result.map_err(|failure| exception(py, &failure))
}

/// What a thread sends when it is done.
///
/// The closure of `detach` must be `Send`, so it can borrow only what is `Sync`, which a receiver is
/// not. Nothing else locks the mutex.
struct Results<T>(Mutex<Receiver<Result<T>>>);

impl<T: Send> Results<T> {
    fn next(&self, time: Duration) -> std::result::Result<Result<T>, RecvTimeoutError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(time)
    }

    /// Waits for the result without the interpreter's lock, and checks for signals and calls `watch`
    /// with it at every interval.
    fn wait(&self, py: Python<'_>, mut watch: impl FnMut() -> PyResult<()>) -> PyResult<Result<T>> {
        loop {
            match py.detach(|| self.next(SIGNAL_INTERVAL)) {
                Ok(result) => return Ok(result),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(PyRuntimeError::new_err("a thread of nasaq ended early"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            py.check_signals().and_then(|()| watch())?;
        }
    }
}
