//! Alignments beside two documents, as OPUS and InterText keep them: a file of links between the ids
//! of sentences, and a file of sentences for each language.
//!
//! - **XCES** of [OPUS](https://opus.nlpl.eu): `<cesAlign>` with a `<linkGrp>` for each pair of
//!   documents. `<link xtargets="s1 s2;s1" certainty="0.7"/>` has the sentences of `fromDoc`, a
//!   semicolon, and those of `toDoc`.
//! - **InterText** ([formats](https://github.com/czcorpus/InterText_server)): one `<linkGrp>` as the
//!   root. `<link type="1-2" xtargets="1:1;1:1 1:2" status="man"/>` has the sentences of `toDoc` first.
//!
//! **Reader.** The root decides which side is first, unless only the other order has ids that both
//! documents know. Documents are looked up beside the file of links, by the path that it names, by the
//! name alone, and with or without `.gz`; a path never leads out of that folder. The source is the
//! document whose language is requested, by default Arabic; see `sides.rs`. All attributes of a link
//! but `xtargets` and `type` become fields. A pair of documents is held in memory.
//!
//! **Writer.** Three files: both documents, whose sentences are counted from 1, and the links. The
//! rows are held in memory, because the sentences of moved text are written in the order of their
//! document. InterText has all links in order, so there a moved pair becomes two links of one side.
//!
//! Loses fields besides the probability, which is `certainty`, and line breaks in a text. Pairs whose
//! segments are not known have one sentence for each text.

use super::entry::{FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use super::{FileStart, Loss};
use crate::bead_writer::linked_row;

mod documents;
mod layout;
mod links;
mod order;
mod reader;
mod sides;

pub(super) use layout::{LinkedIds, count_fields, count_joined, numbered};
pub(super) use order::{LinkedRow, LinkedRows, in_document_order};
pub(super) use reader::{joined, span};

use layout::XcesLayout;
use reader::XcesReader;

const LOSSES: &[Loss] = &[Loss::LineBreaks, Loss::Characters, Loss::Fields, Loss::Segments];

pub(crate) const XCES: FormatEntry = FormatEntry {
    name: "xces",
    endings: &["xces", "cesalign"],
    description: "Links and two documents, cesAlign as OPUS has it",
    recognise: |start| {
        let is_ces = start.starts_with(b"<") && start.contains(b"<cesAlign");
        Likeness::Certain.when(is_ces)
    },
    reader: Some(READER),
    writer: Some(WriterEntry {
        files: 3,
        start: |settings| Ok(Box::new(XcesLayout::new(settings.header, false))),
        bead_row: linked_row,
        metadata_prefix: "",
        single_document: Some("cesAlign has the sentences of each language in one file"),
        needs_times: false,
    }),
    losses: LOSSES,
    has_columns: false,
    is_binary: false,
};

pub(crate) const INTERTEXT: FormatEntry = FormatEntry {
    name: "intertext",
    endings: &[],
    description: "Links and two documents, as InterText has them",
    recognise: |start| Likeness::Certain.when(has_bare_links(start)),
    reader: Some(READER),
    writer: Some(WriterEntry {
        files: 3,
        start: |settings| Ok(Box::new(XcesLayout::new(settings.header, true))),
        bead_row: linked_row,
        metadata_prefix: "",
        single_document: Some("InterText has the sentences of each language in one file"),
        needs_times: false,
    }),
    losses: &[Loss::LineBreaks, Loss::Characters, Loss::Fields, Loss::Segments, Loss::Moved],
    has_columns: false,
    is_binary: false,
};

const READER: ReaderEntry = ReaderEntry {
    more_files: &[0],
    open: OpenReader::Text(|files| Ok(Box::new(XcesReader::open(files.first, files.input)?))),
};

/// Reports whether a file begins with links that are not in `<cesAlign>` or another format.
fn has_bare_links(start: &FileStart<'_>) -> bool {
    start.starts_with(b"<")
        && start.contains(b"<linkGrp")
        && start.contains(b"toDoc=")
        && !start.contains(b"<cesAlign")
}

#[cfg(test)]
mod tests;
