//! Encoders that are written in Python: a callable that takes texts and returns vectors.

use std::sync::{Mutex, PoisonError};

use nasaq::{Encoder, EncoderError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyList;

use crate::threads::StopFlag;

/// A callable, and the length of its vectors.
///
/// It takes a list of texts and returns the numbers of their vectors, as the package makes them from
/// the arrays that the user's callable returns.
pub(crate) struct EncoderCallable {
    pub(crate) callable: Py<PyAny>,
    pub(crate) dim: usize,
}

/// The first exception that a callable has raised during a call of the package.
#[derive(Default)]
pub(crate) struct RaisedSlot(Mutex<Option<PyErr>>);

impl RaisedSlot {
    /// Returns the exception, if there is one, in place of a result.
    pub(crate) fn check<T>(self, result: PyResult<T>) -> PyResult<T> {
        match self.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(raised) => Err(raised),
            None => result,
        }
    }
}

/// An encoder for one call of the package. The first exception stops all work of the call.
pub(crate) struct CalledEncoder<'a> {
    pub(crate) encoder: &'a EncoderCallable,
    pub(crate) raised: &'a RaisedSlot,
    pub(crate) stop: &'a StopFlag,
}

impl CalledEncoder<'_> {
    fn call(&self, texts: &[&str]) -> PyResult<Vec<f32>> {
        Python::attach(|py| {
            let bytes = self.encoder.callable.call1(py, (PyList::new(py, texts)?,))?;
            let bytes: PyBackedBytes = bytes.extract(py)?;
            Ok(floats(&bytes))
        })
    }
}

impl Encoder for CalledEncoder<'_> {
    fn dim(&self) -> usize {
        self.encoder.dim
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        if self.stop.is_set() {
            return Err("the call was stopped".into());
        }
        self.call(texts).map_err(|error| {
            self.stop.set();
            let mut slot = self.raised.0.lock().unwrap_or_else(PoisonError::into_inner);
            slot.get_or_insert(error);
            "the encoder raised an exception".into()
        })
    }

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }
}

/// Returns the 32-bit floats of a buffer of an array.
pub(crate) fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|bytes| f32::from_ne_bytes(*bytes)).collect()
}
