//! The error type of the crate: what went wrong, where, and what a user can do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::bitext::UndecodableError;
use crate::compress::UnpackError;
use crate::encoding::EncodingGuess;
use crate::remedy::FormatRemedy;
use crate::stamp::ChangedError;

/// What went wrong, as [`Error::kind`] returns it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file does not exist.
    #[error("no such file")]
    Missing,
    /// A folder was named where a file is expected.
    #[error("this is a folder, not a file")]
    Folder,
    /// The file exists, but the user may not read it.
    #[error("this file cannot be read")]
    Denied(#[source] io::Error),
    /// Reading or writing failed.
    #[error("{doing} failed")]
    Io {
        /// `reading` or `writing`.
        doing: &'static str,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Output cannot be created at the requested place.
    #[error("cannot write here")]
    Unwritable(#[source] io::Error),
    /// The output's folder does not exist.
    #[error("cannot write here: there is no folder {}", .0.display())]
    NoFolder(PathBuf),
    /// A file that is not text.
    #[error("this is not a text file: it looks like {what}")]
    Binary {
        /// What it looks like.
        what: &'static str,
        /// What to do about it.
        remedy: FormatRemedy,
    },
    /// Text in an encoding other than UTF-8.
    #[error("this is not UTF-8 (first bad byte at offset {offset}); it looks like {guess}")]
    NotUtf8 {
        /// Offset in the file of the first byte that is not valid UTF-8.
        offset: usize,
        /// The encoding that it looks like.
        guess: EncodingGuess,
    },
    /// Text that is not UTF-8, in an encoding that is uncertain.
    #[error(
        "this is not UTF-8 (first bad byte at offset {offset}); it may be {guess}, but that is uncertain"
    )]
    UnsureEncoding {
        /// Offset in the file of the first byte that is not valid UTF-8.
        offset: usize,
        /// The encoding that it looks like.
        guess: EncodingGuess,
    },
    /// Bytes that are invalid in the encoding that was named, declared or detected.
    #[error("the bytes at offset {offset} are not valid {encoding}")]
    Undecodable {
        /// The encoding.
        encoding: &'static str,
        /// Offset in the file of the first invalid byte.
        offset: usize,
    },
    /// An unknown name of an encoding.
    #[error("unknown encoding \"{0}\"")]
    UnknownEncoding(String),
    /// An unknown name of a document format.
    #[error("unknown document format \"{0}\"")]
    UnknownDocument(String),
    /// An archive, or a document in one, that does not follow its format.
    #[error("this {what} is damaged or truncated: {reason}")]
    Damaged {
        /// `DOCX` or `EPUB`.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A document that would need more memory than any ordinary one does.
    #[error("{0}")]
    Hostile(String),
    /// A document that cannot be read without a key.
    #[error("this {0} is encrypted")]
    Encrypted(&'static str),
    /// A document whose pages are pictures, or whose fonts do not state their letters.
    #[error("{what}")]
    NoText {
        /// What it has in place of text.
        what: String,
    },
    /// A compressed file that cannot be decompressed.
    #[error("this {packing} file is damaged or truncated")]
    Packed {
        /// `gzip` or `zstd`.
        packing: &'static str,
        /// The error of the decompressor.
        source: io::Error,
    },
    /// A Zstandard file that needs more memory to be decompressed than any level without a long window.
    #[error("this zstd file was compressed with a window of more than 128 MB")]
    LongWindow,
    /// A file that another program changed while it was read.
    #[error("this file changed while it was read")]
    Changed,
    /// A temporary file that cannot be written.
    #[error("cannot write a temporary file in {}", folder.display())]
    Temporary {
        /// The folder of temporary files.
        folder: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A file with more bytes than the limit.
    #[error("this file has more than {} of text", ByteCount(*max_bytes))]
    TooLarge {
        /// The limit.
        max_bytes: u64,
    },
    /// A file without any text.
    #[error("this file has no text")]
    Empty,
    /// A line, row or element that does not follow the format.
    #[error("{what}")]
    Syntax {
        /// What is wrong.
        what: String,
        /// What to do about it.
        remedy: FormatRemedy,
    },
    /// A line that is not a bead as a JSON object.
    #[error("this line is not a bead")]
    Json(#[source] ParserError),
    /// XML that is not well-formed.
    #[error("this is not well-formed XML")]
    Xml(#[source] ParserError),
    /// A table of documents where one of texts is expected.
    #[error("this is a manifest: the columns src and tgt have names of files, such as {}", .0.display())]
    Manifest(PathBuf),
    /// A column that the header lacks.
    #[error("the header has no column \"{0}\"")]
    Column(&'static str),
    /// A lexicon without a pair of terms.
    #[error("this file has no Arabic term with an English translation")]
    NoTerms,
    /// An unknown format name or file ending.
    #[error("unknown format \"{0}\"")]
    UnknownFormat(String),
    /// A format that can only be written.
    #[error("{0} can be written but not read as a bitext")]
    WriteOnly(&'static str),
    /// A format that can only be read.
    #[error("{0} can be read but not written")]
    ReadOnly(&'static str),
    /// A bitext that consists of fewer or more files than its format needs.
    #[error("{format} is read {}", match expected {
        0 => "from one file",
        1 => "from the files of both sides",
        _ => "together with its two texts",
    })]
    FileCount {
        /// The name of the format.
        format: &'static str,
        /// The maximum number of files besides the first.
        expected: usize,
    },
    /// Two files, as for two sides, of which one is a whole bitext or a document.
    #[error("two files must be two sides with one segment per line, but this is {0} by its name")]
    NotLineFile(&'static str),
}

/// An error of a parser, as the source of an [`ErrorKind`].
pub type ParserError = Box<dyn std::error::Error + Send + Sync>;

/// An error of this crate, with the file and the line if they are known.
#[derive(Debug)]
pub struct Error(Box<ErrorInner>);

#[derive(Debug)]
struct ErrorInner {
    kind: ErrorKind,
    path: Option<PathBuf>,
    line: Option<u64>,
}

impl Error {
    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Returns the file, if it is known.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Returns the line, from 1, if there is one.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// Sets the file that the error is about.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// Sets the line, from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.0.line = Some(line);
        self
    }

    /// Returns what a user can do about it, if anything is known to help.
    #[must_use]
    pub fn remedy(&self) -> Option<FormatRemedy> {
        let path = || self.0.path.clone();
        Some(match self.kind() {
            ErrorKind::Missing => "check the spelling and the current folder".into(),
            ErrorKind::Folder => "name a file in the folder".into(),
            ErrorKind::Denied(_) => FormatRemedy::CheckPermissions { path: path() },
            ErrorKind::Binary { remedy, .. } | ErrorKind::Syntax { remedy, .. } => remedy.clone(),
            ErrorKind::NotUtf8 { guess, .. } => {
                FormatRemedy::ConvertEncoding { guess: *guess, path: path() }
            }
            ErrorKind::UnsureEncoding { guess, .. } => {
                FormatRemedy::ConfirmEncoding { guess: *guess }
            }
            ErrorKind::Undecodable { .. } => FormatRemedy::NameEncoding,
            ErrorKind::NoText { .. } => FormatRemedy::RecogniseText { path: path() },
            ErrorKind::UnknownEncoding(_) => FormatRemedy::ChooseEncoding,
            ErrorKind::UnknownDocument(_) => FormatRemedy::ChooseDocumentFormat,
            ErrorKind::Damaged { .. } => {
                "get the file again, or open it in the program that created it and save it again"
                    .into()
            }
            ErrorKind::Hostile(_) => {
                "no ordinary document is like this; save its text as plain text (UTF-8)".into()
            }
            ErrorKind::Encrypted(_) => {
                "save the file without protection, or get an unprotected copy".into()
            }
            ErrorKind::Packed { .. } => "get the file again, or compress it again".into(),
            ErrorKind::LongWindow => "decompress it first: zstd -d --long=31 FILE".into(),
            ErrorKind::Changed => {
                "run again when no other program writes to it, or use a copy".into()
            }
            ErrorKind::Temporary { .. } => {
                "free space there, or set TMPDIR to a folder on another disk".into()
            }
            ErrorKind::TooLarge { .. } => FormatRemedy::SplitFile,
            ErrorKind::Empty => "check that the file was saved and is the right one".into(),
            ErrorKind::Json(_) => FormatRemedy::PassBeads,
            ErrorKind::UnknownFormat(_) => FormatRemedy::ChooseFormat,
            ErrorKind::WriteOnly(_) => "use a bitext in another format".into(),
            ErrorKind::ReadOnly(_) => "choose another format".into(),
            ErrorKind::FileCount { .. } => FormatRemedy::PassAllFiles,
            ErrorKind::NotLineFile(_) => FormatRemedy::ReadAsLines,
            ErrorKind::Unwritable(_) | ErrorKind::NoFolder(_) => FormatRemedy::ChooseOutput,
            ErrorKind::Manifest(_) => FormatRemedy::AlignManifest,
            ErrorKind::NoTerms => "a lexicon is TBX with terms in ar and en, or a table with an \
                 Arabic and an English term in each row"
                .into(),
            ErrorKind::Xml(_) => FormatRemedy::CheckXml { path: path() },
            ErrorKind::Io { doing: "writing", source } if is_lack_of_space(source) => {
                "free some space, or raise the limit of file sizes or the quota".into()
            }
            ErrorKind::Column(_) | ErrorKind::Io { .. } => return None,
        })
    }

    /// Reports whether the reader of a pipe has closed it, which is not a failure.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self.kind(), ErrorKind::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(crate) fn reading(source: io::Error) -> Self {
        let source = match downcast::<UnpackError>(source) {
            Ok(error) => return error.into_kind().into(),
            Err(source) => source,
        };
        let source = match downcast::<UndecodableError>(source) {
            Ok(UndecodableError { encoding, offset }) => {
                return ErrorKind::Undecodable { encoding, offset }.into();
            }
            Err(source) => source,
        };
        if is_inner::<ChangedError>(&source) {
            return ErrorKind::Changed.into();
        }
        match source.kind() {
            io::ErrorKind::NotFound => ErrorKind::Missing.into(),
            io::ErrorKind::IsADirectory => ErrorKind::Folder.into(),
            io::ErrorKind::PermissionDenied => ErrorKind::Denied(source).into(),
            _ => ErrorKind::Io { doing: "reading", source }.into(),
        }
    }

    pub(crate) fn writing(source: io::Error) -> Self {
        let source = match downcast::<TemporaryError>(source) {
            Ok(TemporaryError { folder, source }) => {
                return ErrorKind::Temporary { folder, source }.into();
            }
            Err(source) => source,
        };
        ErrorKind::Io { doing: "writing", source }.into()
    }

    pub(crate) fn syntax(
        line: u64,
        what: impl Into<String>,
        remedy: impl Into<FormatRemedy>,
    ) -> Self {
        Self::from(ErrorKind::Syntax { what: what.into(), remedy: remedy.into() }).at_line(line)
    }
}

fn is_lack_of_space(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// Reports whether an error of a stream has an error of this type inside.
pub(crate) fn is_inner<E: std::error::Error + Send + Sync + 'static>(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<E>)
}

/// Returns the error of this crate in an error of a stream, or the error of the stream.
fn downcast<E: std::error::Error + Send + Sync + 'static>(
    error: io::Error,
) -> Result<E, io::Error> {
    if !is_inner::<E>(&error) {
        return Err(error);
    }
    let kind = error.kind();
    let inner = error.into_inner().ok_or_else(|| io::Error::from(kind))?;
    inner.downcast().map(|inner| *inner).map_err(|inner| io::Error::new(kind, inner))
}

/// The error of a temporary file, inside the error of a stream.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub(crate) struct TemporaryError {
    pub(crate) folder: PathBuf,
    pub(crate) source: io::Error,
}

impl TemporaryError {
    /// Wraps an error of a file in the folder of temporary files.
    pub(crate) fn wrap(source: io::Error) -> io::Error {
        io::Error::new(source.kind(), Self { folder: std::env::temp_dir(), source })
    }
}

/// A number of bytes in a unit that can be read.
pub(crate) struct ByteCount(pub(crate) u64);

impl fmt::Display for ByteCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bytes) = *self;
        let of = |unit: u64| bytes as f64 / unit as f64;
        match bytes {
            0..1_000 => write!(f, "{bytes} bytes"),
            1_000..1_000_000 => write!(f, "{:.1} kB", of(1_000)),
            1_000_000..1_000_000_000 => write!(f, "{:.1} MB", of(1_000_000)),
            _ => write!(f, "{:.1} GB", of(1_000_000_000)),
        }
    }
}

impl From<io::Error> for Error {
    /// Returns the error of a file that could not be opened or read.
    fn from(source: io::Error) -> Self {
        Self::reading(source)
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(ErrorInner { kind, path: None, line: None }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.path, self.0.line) {
            (Some(path), Some(line)) => write!(f, "{}:{line}: ", path.display())?,
            (Some(path), None) => write!(f, "{}: ", path.display())?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        self.0.kind.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.kind.source()
    }
}

/// A result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
