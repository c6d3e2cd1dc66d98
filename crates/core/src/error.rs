//! The crate's error type.

use std::error::Error as StdError;
use std::ops::Range;

/// What went wrong; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A side without any segment.
    #[error("the {side} side has no segments")]
    EmptySide {
        /// `source` or `target`.
        side: &'static str,
    },
    /// An anchor outside the document, or one that crosses another.
    #[error("anchor {index} ({src}, {tgt}): {reason}")]
    Anchor {
        /// Index of the anchor, 0-based, in the order in which they were passed.
        index: usize,
        /// Source segment of the anchor.
        src: usize,
        /// Target segment of the anchor.
        tgt: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Anchors that no bead of the allowed size could satisfy.
    #[error("the anchors force a bead of more than {max} segments")]
    AnchorsTooFar {
        /// Maximum number of segments of both sides together in a bead that is not long.
        max: usize,
    },
    /// A region that does not lie in the document.
    #[error("the region of source segments {src:?} and target segments {tgt:?}: {reason}")]
    Region {
        /// Its source segments.
        src: Range<usize>,
        /// Its target segments.
        tgt: Range<usize>,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Rejected pairs that leave no alignment of a region.
    #[error("no alignment of the region is left without the rejected pairs")]
    AllRejected,
    /// A setting outside its range.
    #[error("{name}: {reason}")]
    Setting {
        /// The setter's name.
        name: &'static str,
        /// What it must be.
        reason: &'static str,
    },
    /// Precomputed vectors that do not fit a document.
    #[error("the vectors of the {side} side: {reason}")]
    Vectors {
        /// `source` or `target`.
        side: &'static str,
        /// What is wrong with them.
        reason: String,
    },
    /// The monitor cancelled the search.
    #[error("the alignment was cancelled")]
    Cancelled,
    /// The encoder failed, or returned vectors of a wrong size or with NaN or infinity.
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
