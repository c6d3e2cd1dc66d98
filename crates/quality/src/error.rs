//! The crate's one error type.

use std::error::Error as StdError;

/// What went wrong; [`Error`] carries one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A quality model file that cannot be used.
    #[error("the quality model cannot be used: {reason}")]
    QualityModel {
        /// What is wrong with it.
        reason: String,
    },
    /// A filter file that cannot be used.
    #[error("the filters cannot be used: {reason}")]
    Filter {
        /// What is wrong with it.
        reason: String,
    },
    /// The encoder failed.
    #[error("the encoder failed")]
    Encoder(#[source] Box<dyn StdError + Send + Sync>),
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
