//! [TEI P5](https://tei-c.org/release/doc/tei-p5-doc/en/html/SA.html#SACS): both texts of a document,
//! sentence by sentence, and the links between them, in one file.
//!
//! ```xml
//! <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>…</teiHeader>
//!   <text><group>
//!     <text xml:lang="ar"><body><ab><s xml:id="s1">…</s></ab></body></text>
//!     <text xml:lang="en"><body><ab><s xml:id="t1">…</s> <s xml:id="t2">…</s></ab></body></text>
//!   </group></text>
//!   <standOff><linkGrp type="alignment"><link target="#s1 #t1 #t2" cert="0.9700"/></linkGrp></standOff>
//! </TEI>
//! ```
//!
//! **Reader.** A pair is a `<link>` of elements of the file, which are source or target by their
//! `xml:lang`. A sentence (`<s>` or `<seg>` with an id) without a link is text without a counterpart.
//! Links to other files are errors. One `<TEI>` is held in memory.
//!
//! **Writer.** One `<TEI>` for each document, in a `<teiCorpus>` if there are several. The probability
//! is `cert`, moved text has `type="moved"`, and text without a counterpart has no link. The texts of
//! one document are held in memory.
//!
//! Loses fields besides those, and line breaks in a text. Pairs whose segments are not known have one
//! sentence for each text.

use super::Loss;
use super::entry::{FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use crate::bead_writer::linked_row;

mod layout;
mod pairs;
mod reader;

use layout::TeiLayout;
use reader::TeiReader;

pub(crate) const TEI: FormatEntry = FormatEntry {
    name: "tei",
    endings: &["tei"],
    description: "Texts and the links between their sentences, TEI P5",
    recognise: |start| {
        let is_tei = start.contains(b"<TEI") || start.contains(b"<teiCorpus");
        Likeness::Certain.when(start.starts_with(b"<") && is_tei)
    },
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| Ok(Box::new(TeiReader::new(files.first, files.input)))),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(TeiLayout::new(settings.header))),
        bead_row: linked_row,
        metadata_prefix: "",
        single_document: None,
        needs_times: false,
    }),
    losses: &[Loss::LineBreaks, Loss::Characters, Loss::Fields, Loss::Segments],
    has_columns: false,
    is_binary: false,
};

#[cfg(test)]
mod tests;
