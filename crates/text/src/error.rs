//! The error type of this crate.

/// The cause of an [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A language code other than those of Arabic and English.
    #[error("unknown language \"{0}\": use ar or en")]
    UnknownLanguage(String),
    /// An entry of a list of abbreviations that is none.
    #[error("{}\"{abbreviation}\": {reason}", at_line(*line))]
    Abbreviation {
        /// The line of the list, from 1, if it was read.
        line: Option<usize>,
        /// The entry.
        abbreviation: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Bytes that are not a lexicon file, or a damaged one.
    #[error("the lexicon cannot be read: {reason}")]
    Lexicon {
        /// What is wrong with the bytes.
        reason: &'static str,
    },
}

fn at_line(line: Option<usize>) -> String {
    line.map(|line| format!("line {line}: ")).unwrap_or_default()
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

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
