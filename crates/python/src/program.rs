//! The program, which is part of the package.

use std::ffi::OsString;

use nasaq_job::guard;
use pyo3::prelude::*;

use crate::failure::exception;

/// Runs the program with a command line, whose first item is its name, and returns the exit code. See
/// [`nasaq_cli::main_with`]: the process should end with that code.
#[pyfunction]
pub(crate) fn run_program(
    py: Python<'_>,
    items: Vec<OsString>,
    launcher: Vec<OsString>,
) -> PyResult<i32> {
    py.detach(|| guard(|| Ok(nasaq_cli::main_with(items, &launcher) as i32)))
        .map_err(|failure| exception(py, &failure))
}
