//! The standard roles of structure elements
//! ([ISO 32000-2](https://pdfa.org/resource/iso-32000-2/), 14.8.4), as far as they make blocks.

use crate::document::block::BlockKind;

/// What an element is for the blocks of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A paragraph, or a heading of a level.
    Paragraph,
    Heading(u8),
    /// A heading whose level is the depth of its section.
    SectionHeading,
    /// The mark of a list item or a note.
    Label,
    /// An element whose paragraphs have a kind of their own, and whose text is a paragraph.
    Container(BlockKind),
    /// A cell of the head of a table.
    HeadCell,
    /// An element that has paragraphs.
    Group,
    /// A group that counts for the level of headings.
    Section,
    /// A part of a paragraph, or an element without a meaning of its own.
    Inline,
    /// What is no part of the text.
    Artifact,
}

impl Role {
    /// Returns the role of a standard name.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"P" => Self::Paragraph,
            b"H" => Self::SectionHeading,
            b"Title" => Self::Heading(1),
            [b'H', level @ b'1'..=b'9'] => Self::Heading(level - b'0'),
            b"Lbl" => Self::Label,
            b"LI" => Self::Container(BlockKind::ListItem),
            b"TD" => Self::Container(BlockKind::TableCell),
            b"TH" => Self::HeadCell,
            b"Note" | b"FENote" => Self::Container(BlockKind::Footnote),
            b"Caption" => Self::Container(BlockKind::Caption),
            b"TOCI" => Self::Container(BlockKind::Paragraph),
            b"Sect" | b"Art" | b"Part" => Self::Section,
            b"Document" | b"DocumentFragment" | b"Div" | b"Aside" | b"BlockQuote" | b"TOC"
            | b"Index" | b"L" | b"Table" | b"THead" | b"TBody" | b"TFoot" | b"TR" | b"Figure"
            | b"Formula" | b"Form" => Self::Group,
            b"Span" | b"Quote" | b"Reference" | b"BibEntry" | b"Code" | b"Link" | b"Annot"
            | b"Ruby" | b"Warichu" | b"RB" | b"RT" | b"RP" | b"WT" | b"WP" | b"Em" | b"Strong"
            | b"Sub" | b"NonStruct" | b"Private" | b"LBody" => Self::Inline,
            b"Artifact" => Self::Artifact,
            _ => return None,
        })
    }
}
