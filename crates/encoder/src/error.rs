//! The crate's error type.

use std::error::Error as StdError;

/// What went wrong; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file does not start with the magic bytes of a model file.
    #[error("not a nasaq model file")]
    NotAModel,
    /// The version is not supported.
    #[error("model file version {found}, but this nasaq reads version {supported}")]
    Version {
        /// Version in the file.
        found: u32,
        /// The supported version.
        supported: u32,
    },
    /// The file is shorter or longer than its header says.
    #[error("the model file is {found} bytes long, not {expected}: it was truncated or extended")]
    Length {
        /// Length of the file in bytes.
        found: u64,
        /// Length according to the header.
        expected: u64,
    },
    /// The checksum does not match the bytes.
    #[error("the model file is damaged: its checksum is {found:016x}, not {expected:016x}")]
    Checksum {
        /// Checksum of the bytes.
        found: u64,
        /// Checksum in the header.
        expected: u64,
    },
    /// The compressor failed.
    #[error("the model file cannot be packed")]
    Pack(#[source] std::io::Error),
    /// The payload cannot be unpacked.
    #[error("the model file cannot be unpacked")]
    Unpack(#[source] std::io::Error),
    /// The payload is not a set of tensors.
    #[error("the model's tensors cannot be read")]
    Tensors(#[source] Box<dyn StdError + Send + Sync>),
    /// A tensor has a wrong type or shape.
    #[error("tensor {name}: {reason}")]
    Tensor {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: String,
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
