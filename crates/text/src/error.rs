//! The crate's one error type.

/// What went wrong; [`Error`] carries one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A language code that nasaq has no rules for.
    #[error("language \"{0}\" is not known: use ar or en")]
    UnknownLanguage(String),
    /// Bytes that are no lexicon of nasaq's, or a damaged one.
    #[error("the lexicon cannot be read: {reason}")]
    Lexicon {
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

/// A result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
