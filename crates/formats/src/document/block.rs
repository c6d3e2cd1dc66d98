//! The blocks of a document: their kinds, and where they are in the source.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::note::DocumentNote;

/// The kind of a block of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub enum BlockKind {
    /// A paragraph of running text.
    Paragraph,
    /// A heading, of level 1 (the highest) to 9.
    Heading(u8),
    /// A list item, or a paragraph of one.
    ListItem,
    /// A table cell, or a paragraph of one.
    TableCell,
    /// The caption of a picture or a table.
    Caption,
    /// A footnote or an endnote.
    Footnote,
    /// A subtitle.
    Cue,
    /// A subtitle, or a line of one, that describes a sound or is sung.
    Description,
}

impl fmt::Display for BlockKind {
    /// Writes a word; a heading as `h1` to `h9`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heading(level) => write!(f, "h{level}"),
            Self::Paragraph => f.pad("paragraph"),
            Self::ListItem => f.pad("item"),
            Self::TableCell => f.pad("cell"),
            Self::Caption => f.pad("caption"),
            Self::Footnote => f.pad("footnote"),
            Self::Cue => f.pad("cue"),
            Self::Description => f.pad("description"),
        }
    }
}

impl FromStr for BlockKind {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(match word {
            "paragraph" => Self::Paragraph,
            "item" => Self::ListItem,
            "cell" => Self::TableCell,
            "caption" => Self::Caption,
            "footnote" => Self::Footnote,
            "cue" => Self::Cue,
            "description" => Self::Description,
            _ => match word.strip_prefix('h').map(str::parse) {
                Some(Ok(level @ 1..=9)) => Self::Heading(level),
                _ => return Err("the kind of a block is a word such as \"paragraph\" or \"h2\""),
            },
        })
    }
}

impl From<BlockKind> for String {
    fn from(kind: BlockKind) -> Self {
        kind.to_string()
    }
}

impl TryFrom<String> for BlockKind {
    type Error = &'static str;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        word.parse()
    }
}

/// A block of a document: a paragraph, a heading, a subtitle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentBlock {
    /// The kind.
    pub kind: BlockKind,
    /// The range of bytes in the text of the document.
    pub text: Range<usize>,
    /// The part of an archive that the block is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Arc<str>>,
    /// The index in its part, or in the document.
    pub index: u32,
    /// The range of bytes in the source, decoded to UTF-8; `None` if the source is an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Range<usize>>,
    /// When a subtitle is shown, as a half-open range in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<[u64; 2]>,
}

/// The text and the blocks of a document while it is read.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    pub(crate) text: String,
    pub(crate) blocks: Vec<DocumentBlock>,
    pub(crate) notes: Vec<DocumentNote>,
}

impl Blocks {
    /// Adds a block on a separate line, unless it has no text.
    pub(crate) fn push(
        &mut self,
        kind: BlockKind,
        text: &str,
        part: Option<&Arc<str>>,
        index: u32,
        bytes: Option<Range<usize>>,
    ) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.blocks.push(DocumentBlock {
            kind,
            text: start..self.text.len(),
            part: part.cloned(),
            index,
            bytes,
            time: None,
        });
    }
}

/// Appends a text with runs of white space collapsed to one space, as HTML does.
///
/// A no-break space does not count as white space.
pub(crate) fn push_collapsed(out: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
            if !out.is_empty() && !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
}

/// Appends a line end in a block; consecutive line ends are one.
pub(crate) fn push_line_end(out: &mut String) {
    if out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_parse_back() {
        for kind in [
            BlockKind::Paragraph,
            BlockKind::Heading(1),
            BlockKind::Heading(9),
            BlockKind::ListItem,
            BlockKind::TableCell,
            BlockKind::Caption,
            BlockKind::Footnote,
            BlockKind::Cue,
            BlockKind::Description,
        ] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        for bad in ["", "h", "h0", "h10", "hx", "Paragraph"] {
            assert!(bad.parse::<BlockKind>().is_err(), "{bad}");
        }
    }

    #[test]
    fn blocks_are_lines_of_the_text() {
        let mut blocks = Blocks::default();
        blocks.push(BlockKind::Heading(1), " عنوان ", None, 0, None);
        blocks.push(BlockKind::Paragraph, " \n", None, 1, None);
        blocks.push(BlockKind::Paragraph, "نص\nسطر", None, 2, None);
        assert_eq!(blocks.text, "عنوان\nنص\nسطر");
        let texts: Vec<&str> =
            blocks.blocks.iter().map(|block| &blocks.text[block.text.clone()]).collect();
        assert_eq!(texts, ["عنوان", "نص\nسطر"]);
        assert_eq!(blocks.blocks[1].index, 2);
    }

    #[test]
    fn white_space_collapses() {
        let mut out = String::new();
        push_collapsed(&mut out, "  a \n b\u{a0}c ");
        push_line_end(&mut out);
        push_collapsed(&mut out, "  d");
        assert_eq!(out, "a b\u{a0}c\nd");
    }
}
