//! The error of writing a page.

use std::fmt;

/// The page could not be written, because the output failed.
#[derive(Debug)]
pub struct Error(Box<askama::Error>);

impl Error {
    pub(crate) fn new(error: askama::Error) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot write the page")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}
