//! Reads documents, and reads and writes bitexts: those that nasaq aligned and those of other
//! programs.
//!
//! | what | read | written |
//! |---|---|---|
//! | document: text, HTML, DOCX, EPUB, SRT, WebVTT, Markdown; PDF with the feature `pdf` | [`DocumentReader`] | – |
//! | bitext in any [`Format`], one pair at a time | [`BitextInput`] | [`BitextWriter`] |
//! | beads in any [`Format`] | [`read_jsonl`], [`read_tsv`], [`read_ladder`] | [`BeadWriter`] |
//! | lexicon, TSV, CSV or TBX (ISO 30042) | [`read_lexicon`] | [`TermWriter`] |
//!
//! The module of each format documents which specification it follows and what it loses;
//! `docs/bitexts.md` does so for users. An [`Error`] has a [`FormatRemedy`], which each interface words
//! in terms of its settings.
//!
//! Byte offsets are relative to the text of the document, after a byte order mark if there is one.
//! Documents are held in memory, bitexts one pair at a time. Both may be compressed with gzip or
//! Zstandard.
//!
//! ```
//! use nasaq_formats::{Format, BitextHeader, WriteOptions, BeadWriter, read_jsonl};
//! # use nasaq_formats::BeadRecord;
//! # let record = BeadRecord::new(nasaq::BeadKind { src: 1, tgt: 1 }, "نصّ", "Text");
//! let (options, header) = (WriteOptions::default(), BitextHeader::default());
//! let mut writer = BeadWriter::new(Format::Jsonl, options, vec![Vec::new()], &header)?;
//! writer.write(&record)?;
//! let (files, _losses) = writer.finish()?;
//! let back = read_jsonl(std::str::from_utf8(&files[0])?)?;
//! assert_eq!(back, [record]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod bead_writer;
mod bitext;
mod compress;
mod decode;
mod document;
mod encoding;
mod error;
mod format;
mod jsonl;
mod lexicon;
mod lexicon_csv;
mod lexicon_tsv;
mod metadata;
mod output;
#[cfg(any(feature = "pdf", feature = "xlsx"))]
mod quiet;
mod record;
mod remedy;
mod stamp;
mod tbx;
mod terms;
mod tsv;
mod xml;

pub use bead_writer::BeadWriter;
pub use bitext::{
    BitextInput, BitextReader, BitextRow, BitextSchema, BitextTail, BitextWriter, FieldValue,
    LadderGaps, Loss, Losses, RawJson, ReadCounter, ReadNote, SCHEMA_ROWS, SkippedRows,
    SpooledFile, TextColumns, TmxUnit, TmxVariant, WriteOptions, certain_format, is_stream,
    language_of_tag, read_ladder, read_tmx, unclosed_quote, write_rung,
};
pub use compress::Compression;
pub use decode::{EncodingSource, TextEncoding};
pub use document::{
    BlockKind, Document, DocumentBlock, DocumentFormat, DocumentNote, DocumentPlace, DocumentReader,
};
pub use encoding::EncodingGuess;
pub use error::{Error, ErrorKind, ParserError, Result};
pub use format::{
    ALIGNMENT_COLUMNS, BitextHeader, Format, PAIRING_COLUMNS, PLACE_COLUMNS, REVIEW_COLUMNS,
    SHEET_COLUMNS,
};
pub use jsonl::{JsonlWriter, read_jsonl};
pub use lexicon::{TermPair, read_lexicon};
pub use lexicon_tsv::read_lexicon_tsv;
pub use metadata::Metadata;
pub use output::{
    FileIdentity, ListedPath, Output, OutputTarget, UnfinishedFile, remove_unfinished,
};
pub use record::{BeadRecord, BeadReview, memory_probability, records};
pub use remedy::FormatRemedy;
pub use stamp::FileStamp;
pub use tbx::read_tbx;
pub use terms::{TermFormat, TermWriter};
pub use tsv::{TSV_COLUMNS, escape_field, read_tsv, unescape_field};
