//! Which kinds of documents there are, and how one is known: by name, by file ending, by its first
//! bytes.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::subtitles::is_subrip;
use crate::compress::Compression;
use crate::error::{Error, ErrorKind, Result};

/// A kind of document that can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentFormat {
    /// Plain text.
    #[default]
    Text,
    /// HTML or XHTML.
    Html,
    /// Word.
    Docx,
    /// A book.
    Epub,
    /// SubRip subtitles.
    Srt,
    /// WebVTT subtitles.
    Vtt,
    /// Markdown.
    Markdown,
}

impl DocumentFormat {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Text, Self::Html, Self::Docx, Self::Epub, Self::Srt, Self::Vtt, Self::Markdown];

    /// Gives the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Epub => "epub",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Markdown => "markdown",
        }
    }

    /// Finds the kind by the ending of a name, before `.gz` or `.zst`; none for `.txt` and for
    /// endings that say nothing, as what is in such a file is seen from its text.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let (_, path) = Compression::from_path(path);
        Some(match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" | "xhtml" | "xht" => Self::Html,
            "docx" | "docm" | "dotx" => Self::Docx,
            "epub" => Self::Epub,
            "srt" => Self::Srt,
            "vtt" => Self::Vtt,
            "md" | "markdown" | "mkd" | "mdown" => Self::Markdown,
            _ => return None,
        })
    }

    /// Finds the kind by how a text begins.
    pub(crate) fn of_text(text: &str) -> Self {
        let start: String = text.trim_start().chars().take(15).collect();
        let start = start.to_ascii_lowercase();
        if text.starts_with("WEBVTT") {
            Self::Vtt
        } else if start.starts_with("<!doctype html") || start.starts_with("<html") {
            Self::Html
        } else if is_subrip(text) {
            Self::Srt
        } else {
            Self::Text
        }
    }

    /// Tells whether it is an archive.
    pub(crate) fn is_packed(self) -> bool {
        matches!(self, Self::Docx | Self::Epub)
    }
}

impl fmt::Display for DocumentFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for DocumentFormat {
    type Err = Error;

    /// Reads a name, in either case; `txt` and `plain` are text, `md` is Markdown, `xhtml` is HTML.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownDocument`] for every other name.
    fn from_str(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        let wanted = match lower.as_str() {
            "txt" | "plain" => "text",
            "md" => "markdown",
            "xhtml" | "htm" => "html",
            other => other,
        };
        let found = Self::ALL.iter().copied().find(|format| format.name() == wanted);
        found.ok_or_else(|| ErrorKind::UnknownDocument(name.to_owned()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_endings_find_their_kind() {
        for &format in DocumentFormat::ALL {
            assert_eq!(format.name().to_uppercase().parse::<DocumentFormat>().ok(), Some(format));
        }
        for (name, format) in [
            ("a.ar.DOCX", Some(DocumentFormat::Docx)),
            ("a.htm.gz", Some(DocumentFormat::Html)),
            ("فصل.md", Some(DocumentFormat::Markdown)),
            ("a.txt", None),
            ("srt", None),
            ("a.ar", None),
        ] {
            assert_eq!(DocumentFormat::from_path(Path::new(name)), format, "{name}");
        }
        assert!("pdf".parse::<DocumentFormat>().is_err());
    }

    #[test]
    fn texts_are_known_by_their_beginning() {
        for (text, format) in [
            ("\n <!DOCTYPE HTML>\n<p>", DocumentFormat::Html),
            ("<html lang=ar>", DocumentFormat::Html),
            ("WEBVTT\n\n", DocumentFormat::Vtt),
            ("1\r\n00:00:01,000 --> 00:00:02,000\r\nx", DocumentFormat::Srt),
            ("<p> is an element", DocumentFormat::Text),
            ("# no title", DocumentFormat::Text),
            ("", DocumentFormat::Text),
        ] {
            assert_eq!(DocumentFormat::of_text(text), format, "{text}");
        }
    }
}
