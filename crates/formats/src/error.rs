//! The crate's one error type: what went wrong, where, and the way out.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::encoding::EncodingGuess;
use crate::format::Format;

/// What went wrong; [`Error`] carries one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such file.
    #[error("no such file")]
    Missing,
    /// A folder where a file is wanted.
    #[error("this is a folder, not a file")]
    Folder,
    /// The file exists and may not be read.
    #[error("this file may not be read")]
    Denied(#[source] io::Error),
    /// Reading or writing failed.
    #[error("{doing} failed")]
    Io {
        /// `reading` or `writing`.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Output cannot be created at the place that was asked for.
    #[error("cannot write here")]
    Unwritable(#[source] io::Error),
    /// The output's folder does not exist.
    #[error("cannot write here: there is no folder {}", .0.display())]
    NoFolder(PathBuf),
    /// A file that is no text.
    #[error("this is not a text file: it looks like {what}")]
    Binary {
        /// What it looks like.
        what: &'static str,
        /// What to do about it.
        advice: &'static str,
    },
    /// Text in another encoding than UTF-8.
    #[error("this is not UTF-8 (first bad byte at offset {offset}); it looks like {guess}")]
    NotUtf8 {
        /// Offset in the file of the first byte that does not belong to UTF-8.
        offset: usize,
        /// Which encoding it looks like.
        guess: EncodingGuess,
    },
    /// Text that is not UTF-8, in an encoding that is not sure.
    #[error(
        "this is not UTF-8 (first bad byte at offset {offset}); it may be {guess}, which is not sure"
    )]
    UnsureEncoding {
        /// Offset in the file of the first byte that does not belong to UTF-8.
        offset: usize,
        /// Which encoding it looks like.
        guess: EncodingGuess,
    },
    /// Bytes that are none of the encoding that the text is said, or was found, to be in.
    #[error("the bytes at offset {offset} are no {encoding}")]
    Undecodable {
        /// The encoding.
        encoding: &'static str,
        /// Offset in the file of the first of them.
        offset: usize,
    },
    /// A name of an encoding that is not known.
    #[error("\"{0}\" is no encoding that nasaq knows")]
    UnknownEncoding(String),
    /// A name of a kind of document that is not known.
    #[error("\"{0}\" is no kind of document that nasaq reads")]
    UnknownDocument(String),
    /// A document in an archive, or the archive, that is not as it must be.
    #[error("this {what} is damaged or cut short: {reason}")]
    Damaged {
        /// `DOCX` or `EPUB`.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A document that would take more room than any honest one does.
    #[error("{0}")]
    Hostile(String),
    /// A document that only its owner's program can read.
    #[error("this {0} is encrypted")]
    Encrypted(&'static str),
    /// A packed file that cannot be unpacked.
    #[error("this {packing} file is damaged or cut short")]
    Packed {
        /// `gzip` or `zstd`.
        packing: &'static str,
        /// What went wrong.
        source: io::Error,
    },
    /// A file with more bytes than there is room for.
    #[error("this file has more than {most} bytes of text")]
    TooLarge {
        /// Bytes that it may have.
        most: u64,
    },
    /// A file without any text.
    #[error("this file has no text")]
    Empty,
    /// A line, row or element that does not follow the format.
    #[error("{what}")]
    Syntax {
        /// What is wrong.
        what: String,
        /// What the format wants.
        wanted: &'static str,
    },
    /// A line that is not the JSON object that is wanted.
    #[error("this line is not a bead")]
    Json(#[source] serde_json::Error),
    /// XML that is not well-formed.
    #[error("this is not well-formed XML")]
    Xml(#[source] quick_xml::Error),
    /// A column that a header must name.
    #[error("the header has no column \"{0}\"")]
    Column(&'static str),
    /// A lexicon without a pair of terms.
    #[error("no Arabic term with an English one is in this file")]
    NoTerms,
    /// A format name or file ending that is not known.
    #[error("\"{0}\" is no format that nasaq knows")]
    UnknownFormat(String),
    /// A format that is only written.
    #[error("{0} is written and not read as a bitext")]
    WriteOnly(&'static str),
    /// A format that is only read.
    #[error("{0} is read and not written")]
    ReadOnly(&'static str),
    /// A format that is read with texts beside it, without them or with too many.
    #[error("{format} is read with {} beside it", match wanted {
        0 => "no file",
        1 => "the other side's file",
        _ => "its two texts",
    })]
    Texts {
        /// The format's name.
        format: &'static str,
        /// Files that it wants at most.
        wanted: usize,
    },
    /// Two files, as of two sides, of which one is a whole bitext or a document.
    #[error("two files are two sides, a line a segment, and this is {0} by its name")]
    Sides(&'static str),
}

/// An error of this crate, with the file and the line where they are known.
#[derive(Debug)]
pub struct Error(Box<Place>);

#[derive(Debug)]
struct Place {
    kind: ErrorKind,
    path: Option<PathBuf>,
    line: Option<u64>,
}

impl Error {
    /// Gives what went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Gives the file, where it is known.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Gives the line, from 1, where there is one.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// Names the file that the error is about.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// Names the line, from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.0.line = Some(line);
        self
    }

    /// Says what a user can do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let path = self.path().map_or_else(|| "FILE".to_owned(), |path| path.display().to_string());
        match self.kind() {
            ErrorKind::Missing => Some("check the spelling and the current folder".to_owned()),
            ErrorKind::Folder => Some("name a file in it".to_owned()),
            ErrorKind::Denied(_) => Some(format!("check the rights: ls -l {path}")),
            ErrorKind::Binary { advice, .. } => Some((*advice).to_owned()),
            ErrorKind::NotUtf8 { guess, .. } => Some(guess.advice(&path)),
            ErrorKind::UnsureEncoding { guess, .. } => Some(format!(
                "if it is, say --encoding {guess}; if not, name another: windows-1256, ISO-8859-6, \
                 windows-1252, UTF-16LE"
            )),
            ErrorKind::Undecodable { .. } => Some(
                "name its encoding with --encoding, or get a sound copy; it may be cut short"
                    .to_owned(),
            ),
            ErrorKind::UnknownEncoding(_) => Some(
                "names are those of the web: UTF-8, UTF-16LE, UTF-16BE, windows-1256, ISO-8859-6, \
                 windows-1252"
                    .to_owned(),
            ),
            ErrorKind::UnknownDocument(_) => {
                Some("use text, html, docx, epub, srt, vtt or markdown".to_owned())
            }
            ErrorKind::Damaged { .. } => {
                Some("get it again, or open it in the program that made it and save it anew".to_owned())
            }
            ErrorKind::Hostile(_) => {
                Some("no usual document is like that; save its text as plain text (UTF-8)".to_owned())
            }
            ErrorKind::Encrypted(_) => {
                Some("save it without protection, or get a copy that has none".to_owned())
            }
            ErrorKind::Packed { .. } => Some("get it again, or pack it again".to_owned()),
            ErrorKind::TooLarge { .. } => Some("cut it at chapters".to_owned()),
            ErrorKind::Empty => Some("was it saved, and is it the right file?".to_owned()),
            ErrorKind::Syntax { wanted, .. } => Some((*wanted).to_owned()),
            ErrorKind::Json(_) => {
                Some("each line is one object as `nasaq align --to jsonl` writes it".to_owned())
            }
            ErrorKind::UnknownFormat(_) => {
                let names: Vec<&str> = Format::all().map(Format::name).collect();
                Some(format!("use one of {}, as a name or as a file ending", names.join(", ")))
            }
            ErrorKind::WriteOnly("xlsx") => {
                Some("save it as CSV UTF-8 in the spreadsheet program, and give that".to_owned())
            }
            ErrorKind::WriteOnly(_) => Some("give a bitext in another format".to_owned()),
            ErrorKind::ReadOnly(_) => Some("choose another format".to_owned()),
            ErrorKind::Texts { .. } => Some(
                "moses: SRC TGT; ladder: LADDER SRC TGT, texts of a segment a line; other formats have \
                 one file"
                    .to_owned(),
            ),
            ErrorKind::Sides(_) => Some(
                "give one bitext at a time, align documents with nasaq align, or say --from moses where \
                 these are lines all the same"
                    .to_owned(),
            ),
            ErrorKind::Unwritable(_) | ErrorKind::NoFolder(_) => {
                Some("make the folder, or choose another place with -o".to_owned())
            }
            ErrorKind::NoTerms => Some(
                "a lexicon is TBX with terms in ar and en, or rows of an Arabic and an English term"
                    .to_owned(),
            ),
            ErrorKind::Xml(_) => Some(format!(
                "save it again with the program that made it; xmllint --noout {path} shows more"
            )),
            ErrorKind::Column(_) | ErrorKind::Io { .. } => None,
        }
    }

    /// Tells whether the reader of a pipe has gone away, which is no failure.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self.kind(), ErrorKind::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(crate) fn reading(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => ErrorKind::Missing.into(),
            io::ErrorKind::IsADirectory => ErrorKind::Folder.into(),
            io::ErrorKind::PermissionDenied => ErrorKind::Denied(source).into(),
            _ => ErrorKind::Io { doing: "reading", source }.into(),
        }
    }

    pub(crate) fn writing(source: io::Error) -> Self {
        ErrorKind::Io { doing: "writing", source }.into()
    }

    pub(crate) fn syntax(line: u64, what: impl Into<String>, wanted: &'static str) -> Self {
        Self::from(ErrorKind::Syntax { what: what.into(), wanted }).at_line(line)
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(Place { kind, path: None, line: None }))
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
