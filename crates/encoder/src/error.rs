//! The crate's one error type.

/// What went wrong; [`Error`] carries one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes do not start as a model file does.
    #[error("not a nasaq model file")]
    NotAModel,
    /// A version that this program does not read.
    #[error("model file version {found}, but this nasaq reads version {supported}")]
    Version {
        /// Version in the file.
        found: u32,
        /// Version that this program reads.
        supported: u32,
    },
    /// Fewer or more bytes than the header says.
    #[error("the model file is cut short or has bytes too many: {found} bytes, not {expected}")]
    Length {
        /// Bytes found.
        found: u64,
        /// Bytes that the header names.
        expected: u64,
    },
    /// The checksum does not fit the bytes.
    #[error("the model file is altered: its checksum is {found:016x}, not {expected:016x}")]
    Checksum {
        /// Checksum of the bytes.
        found: u64,
        /// Checksum that the header names.
        expected: u64,
    },
    /// The payload cannot be unpacked.
    #[error("the model file cannot be unpacked")]
    Unpack(#[source] std::io::Error),
    /// The payload is not a set of tensors.
    #[error("the model's tensors cannot be read")]
    Tensors(#[source] safetensors::SafeTensorError),
    /// A tensor is absent or has another type or shape.
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
