//! The crate's one error type.

use std::error::Error as StdError;

/// What went wrong; [`Error`] carries one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A side with no segment at all.
    #[error("the {side} side has no text")]
    EmptySide {
        /// `source` or `target`.
        side: &'static str,
    },
    /// An anchor outside the document, or one that crosses another.
    #[error("anchor {index} ({src}, {tgt}): {reason}")]
    Anchor {
        /// Which anchor, 0-based, in the order given.
        index: usize,
        /// Source segment.
        src: usize,
        /// Target segment.
        tgt: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Anchors that only a bead of more segments than allowed could satisfy.
    #[error("the anchors force a bead of more than {most} segments")]
    AnchorsTooFar {
        /// Segments that a bead may hold.
        most: usize,
    },
    /// A setting outside its range.
    #[error("{name}: {reason}")]
    Setting {
        /// The setter's name.
        name: &'static str,
        /// What it must be.
        reason: &'static str,
    },
    /// Vectors that cannot be those of a document's segments.
    #[error("the vectors of the {side} side: {reason}")]
    Vectors {
        /// `source` or `target`.
        side: &'static str,
        /// What is wrong with them.
        reason: String,
    },
    /// The encoder failed, or what it returned is not what it should be.
    #[error("the encoder failed")]
    Encoder(#[source] Box<dyn StdError + Send + Sync>),
}

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// Gives what went wrong.
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
