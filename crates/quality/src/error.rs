//! The error type of this crate.

use std::error::Error as StdError;

/// The cause of an [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An invalid quality model.
    #[error("the quality model cannot be used: {reason}")]
    QualityModel {
        /// What is wrong with the model.
        reason: String,
    },
    /// An invalid filter file.
    #[error("the filters cannot be used: {reason}")]
    Filter {
        /// What is wrong with the file.
        reason: String,
    },
    /// The encoder failed, or returned invalid vectors.
    #[error("the encoder failed")]
    Encoder(#[source] Box<dyn StdError + Send + Sync>),
}

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// Returns the cause.
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

/// Returns what is wrong with a TOML file and where, on one line.
pub(crate) fn toml_reason(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    match before.map(|before| before.matches('\n').count() + 1) {
        Some(line) => format!("line {line}: {}", error.message()),
        None => error.message().to_owned(),
    }
}

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
