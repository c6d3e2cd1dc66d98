//! The exceptions that failures become.

use nasaq_job::Failure;
use pyo3::prelude::*;

use crate::remedy::hint;

/// Makes the exception of a failure, of the class that its kind calls for.
pub(crate) fn exception(py: Python<'_>, failure: &Failure) -> PyErr {
    let name = match failure.kind() {
        "setting" => "SettingError",
        "internal" | "threads" => "InternalError",
        _ => "InputError",
    };
    let make = || {
        let class = py.import("nasaq._errors")?.getattr(name)?;
        class.call1((failure.reason(), failure.kind(), hint(failure)))
    };
    match make() {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}
