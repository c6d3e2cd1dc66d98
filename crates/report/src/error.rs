//! What can go wrong with writing a page: writing.

use std::fmt;

/// The page could not be written.
#[derive(Debug)]
pub struct Error(Box<askama::Error>);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("writing the page failed")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self(Box::new(error))
    }
}
