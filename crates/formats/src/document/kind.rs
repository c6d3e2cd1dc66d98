//! The formats of documents, and how a format is recognised: by its name, by the file ending, by
//! the beginning of the text.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::subtitles::{is_ass, is_subrip};
use crate::compress::Compression;
use crate::error::{Error, ErrorKind, Result};

/// A format of documents that can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentFormat {
    /// Plain text.
    #[default]
    Text,
    /// HTML or XHTML.
    Html,
    /// Word document.
    Docx,
    /// OpenDocument text.
    Odt,
    /// PowerPoint presentation.
    Pptx,
    /// E-book.
    Epub,
    /// SubRip subtitles.
    Srt,
    /// WebVTT subtitles.
    Vtt,
    /// ASS or SSA subtitles.
    Ass,
    /// TTML or DFXP subtitles.
    Ttml,
    /// Markdown.
    Markdown,
    /// Portable Document Format; it can be read if the feature `pdf` is enabled.
    Pdf,
}

impl DocumentFormat {
    /// All formats.
    pub const ALL: &[Self] = &[
        Self::Text,
        Self::Html,
        Self::Docx,
        Self::Odt,
        Self::Pptx,
        Self::Epub,
        Self::Srt,
        Self::Vtt,
        Self::Ass,
        Self::Ttml,
        Self::Markdown,
        Self::Pdf,
    ];

    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Pptx => "pptx",
            Self::Epub => "epub",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Ass => "ass",
            Self::Ttml => "ttml",
            Self::Markdown => "markdown",
            Self::Pdf => "pdf",
        }
    }

    /// Finds the format by the ending of a file name, before `.gz` or `.zst`; `None` for `.txt` and
    /// other endings, because the text shows the format of such a file.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let (_, path) = Compression::from_path(path);
        Some(match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" | "xhtml" | "xht" => Self::Html,
            "docx" | "docm" | "dotx" => Self::Docx,
            "odt" | "ott" => Self::Odt,
            "pptx" | "pptm" | "ppsx" => Self::Pptx,
            "epub" => Self::Epub,
            "srt" => Self::Srt,
            "vtt" => Self::Vtt,
            "ass" | "ssa" => Self::Ass,
            "ttml" | "dfxp" => Self::Ttml,
            "md" | "markdown" | "mkd" | "mdown" => Self::Markdown,
            "pdf" => Self::Pdf,
            _ => return None,
        })
    }

    /// Finds the format by how a text begins.
    pub(crate) fn of_text(text: &str) -> Self {
        let start: String = text.trim_start().chars().take(15).collect();
        let start = start.to_ascii_lowercase();
        let is_xml = start.starts_with("<?xml");
        let root = if is_xml { xml_root(text) } else { None };
        let is_root = |name: &str| root.is_some_and(|root| root.eq_ignore_ascii_case(name));
        if text.trim_start().starts_with("WEBVTT") {
            Self::Vtt
        } else if start.starts_with("<!doctype html")
            || start.starts_with("<html")
            || is_root("html")
        {
            Self::Html
        } else if is_root("tt") || start.starts_with("<tt ") || start.starts_with("<tt>") {
            Self::Ttml
        } else if is_ass(text) {
            Self::Ass
        } else if is_subrip(text) {
            Self::Srt
        } else {
            Self::Text
        }
    }

    /// Reports whether its blocks have times, as subtitles do.
    #[must_use]
    pub fn has_times(self) -> bool {
        matches!(self, Self::Srt | Self::Vtt | Self::Ass | Self::Ttml)
    }

    /// Reports whether it is an archive.
    pub(crate) fn is_archive(self) -> bool {
        matches!(self, Self::Docx | Self::Odt | Self::Pptx | Self::Epub)
    }
}

impl fmt::Display for DocumentFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for DocumentFormat {
    type Err = Error;

    /// Parses a name, in upper or lower case; `txt` and `plain` are text, `md` is Markdown, `xhtml`
    /// is HTML, `ssa` is ASS, `dfxp` is TTML.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownDocument`] for every other name.
    fn from_str(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        let name_in_list = match lower.as_str() {
            "txt" | "plain" => "text",
            "md" => "markdown",
            "xhtml" | "htm" => "html",
            "ssa" => "ass",
            "dfxp" => "ttml",
            other => other,
        };
        let found = Self::ALL.iter().copied().find(|format| format.name() == name_in_list);
        found.ok_or_else(|| ErrorKind::UnknownDocument(name.to_owned()).into())
    }
}

/// Returns the name of the first element of XML, without its prefix.
fn xml_root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')? + 1..];
        if rest.starts_with(|c: char| c.is_alphabetic()) {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
            let name = &rest[..end.unwrap_or(rest.len())];
            return Some(name.rsplit(':').next().unwrap_or(name));
        }
        // A declaration, a document type or a comment, which may contain other tags.
        let end = if rest.starts_with("!--") { rest.find("-->")? } else { rest.find('>')? };
        rest = &rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_endings_find_their_format() {
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
        assert!("rtf".parse::<DocumentFormat>().is_err());
    }

    #[test]
    fn texts_are_recognised_by_their_beginning() {
        for (text, format) in [
            ("\n <!DOCTYPE HTML>\n<p>", DocumentFormat::Html),
            ("<html lang=ar>", DocumentFormat::Html),
            ("WEBVTT\n\n", DocumentFormat::Vtt),
            ("1\r\n00:00:01,000 --> 00:00:02,000\r\nx", DocumentFormat::Srt),
            ("<?xml version='1.0'?>\n<!-- <tt> -->\n<html xmlns='x'>", DocumentFormat::Html),
            ("<?xml version='1.0'?><tt:tt xmlns:tt='x'>", DocumentFormat::Ttml),
            ("<tt xml:lang='ar'>", DocumentFormat::Ttml),
            ("[Script Info]\nTitle: x", DocumentFormat::Ass),
            ("<p> is an element", DocumentFormat::Text),
            ("# no title", DocumentFormat::Text),
            ("", DocumentFormat::Text),
        ] {
            assert_eq!(DocumentFormat::of_text(text), format, "{text}");
        }
    }
}
