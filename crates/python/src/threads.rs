//! Work beside the interpreter: without its lock, and stopped by signals.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
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

/// Whether work should end early.
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
}

/// Runs work on all threads without the interpreter's lock. The work should check now and then
/// whether it should stop.
///
/// # Errors
/// The exception of a failure, which `InternalError` is if the work panics, or the exception that the
/// handler of a signal raised.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    threads: &Threads,
    work: impl FnOnce(&StopFlag) -> Result<T> + Send,
) -> PyResult<T> {
    let stop = StopFlag::default();
    let (sender, receiver) = sync_channel(1);
    let receiver = Mutex::new(receiver);
    let wait = |time| receiver.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(time);
    thread::scope(|scope| {
        let stop = &stop;
        scope.spawn(move || {
            let result = guard(|| threads.install(|| guard(|| work(stop)))?);
            let _ = sender.send(result);
        });
        loop {
            match py.detach(|| wait(SIGNAL_INTERVAL)) {
                Ok(result) => return result.map_err(|failure| exception(py, &failure)),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(PyRuntimeError::new_err("a thread of nasaq ended early"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Err(raised) = py.check_signals() {
                stop.0.store(true, Ordering::Relaxed);
                let _ = py.detach(|| wait(Duration::MAX));
                return Err(raised);
            }
        }
    })
}
