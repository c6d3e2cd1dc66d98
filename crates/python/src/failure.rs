//! What can go wrong, and the exceptions that it becomes.

use std::any::Any;
use std::error::Error;

use pyo3::prelude::*;

/// Why a document cannot be aligned, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// A short name for programs.
    pub(crate) kind: &'static str,
    pub(crate) reason: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(kind: &'static str, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), hint: None }
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Makes a failure of a setting.
    pub(crate) fn setting(error: &(dyn Error + 'static)) -> Self {
        Self::new("setting", with_causes(error))
    }

    /// Says why a text cannot be used.
    pub(crate) fn text(error: &nasaq_formats::Error) -> Self {
        let kind = match error.kind() {
            nasaq_formats::ErrorKind::Empty => "empty",
            nasaq_formats::ErrorKind::Binary { .. } => "not-text",
            nasaq_formats::ErrorKind::NotUtf8 { .. } => "encoding",
            _ => "unreadable",
        };
        // Hints are about files, and here is none.
        Self::new(kind, with_causes(error))
    }

    /// Takes what the library says.
    pub(crate) fn alignment(error: &(dyn Error + 'static)) -> Self {
        Self::new("alignment", with_causes(error))
    }

    /// Takes a panic: a bug that this document brings to light.
    pub(crate) fn internal(panic: &(dyn Any + Send)) -> Self {
        let text = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Self::new("internal", format!("nasaq has a bug: {text}"))
            .hint("please report it with the document")
    }

    /// Makes the exception of the package's tree.
    pub(crate) fn raise(self, py: Python<'_>) -> PyErr {
        let name = match self.kind {
            "setting" => "SettingError",
            "internal" => "InternalError",
            _ => "InputError",
        };
        let make = || {
            let class = py.import("nasaq._errors")?.getattr(name)?;
            class.call1((self.reason, self.kind, self.hint))
        };
        match make() {
            Ok(exception) => PyErr::from_value(exception),
            Err(error) => error,
        }
    }
}

fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
