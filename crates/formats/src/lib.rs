//! Files of nasaq: reads text documents, writes and reads aligned bitexts, and bitexts of others.
//!
//! | format | read | written | what it loses |
//! |---|---|---|---|
//! | document: text, HTML, DOCX, EPUB, SRT, WebVTT, Markdown | [`DocumentReader`] | – | pictures, formatting, what readers do not see |
//! | ladder | [`read_ladder`] | [`LadderWriter`] | texts, offsets, score; probability has four decimals |
//! | TSV | [`read_tsv`] | [`TsvWriter`] | numbers have four decimals |
//! | JSON Lines | [`read_jsonl`] | [`JsonlWriter`] | nothing |
//! | TMX 1.4b | [`read_tmx`] | [`TmxWriter`] | nulls, offsets, line breaks, characters that XML forbids |
//! | Parquet, with the feature `parquet` | – | `ParquetWriter` | nothing |
//! | bitext: TSV, CSV, JSON Lines, TMX, two files of lines | [`BitextSource`] | [`BitextWriter`] | inline markup of TMX |
//! | lexicon, TSV | [`read_lexicon_tsv`] | – | comments, the header |
//! | lexicon, TBX (ISO 30042) | [`read_tbx`] | – | all but the terms in Arabic and English |
//!
//! Every byte offset is relative to the document's text, that is after a byte order mark if there
//! was one. Whole files are held in memory, bitexts a pair at a time. Documents may be packed with
//! gzip or Zstandard.
//!
//! ```
//! use nasaq_formats::{Format, Header, Writer, read_jsonl};
//! # use nasaq_formats::BeadRecord;
//! # let record = BeadRecord {
//! #     doc: "news".into(), bead: 0, kind: nasaq::BeadKind { src: 1, tgt: 1 },
//! #     src: "نصّ".into(), tgt: "Text".into(), src_segments: [0, 1], tgt_segments: [0, 1],
//! #     src_bytes: [0, 6], tgt_bytes: [0, 4], probability: 0.93, score: 0.5,
//! #     moved: None, src_place: None, tgt_place: None,
//! # };
//! let mut writer = Writer::new(Format::Jsonl, Vec::new(), &Header::default())?;
//! writer.write(&record)?;
//! let bytes = writer.finish()?;
//! let back = read_jsonl(std::str::from_utf8(&bytes)?)?;
//! assert_eq!(back, [record]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod bitext;
mod compress;
mod decode;
mod document;
mod encoding;
mod error;
mod format;
mod jsonl;
mod ladder;
mod lexicon;
mod lexicon_tsv;
mod metadata;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
mod record;
mod tbx;
mod tmx;
mod tsv;
mod xml;

pub use bitext::{
    BitextFormat, BitextReader, BitextRow, BitextSchema, BitextSource, BitextWriter, TextColumns,
    Value, spool,
};
pub use compress::Compression;
pub use decode::{EncodingSource, TextEncoding};
pub use document::{Block, BlockKind, Document, DocumentFormat, DocumentReader, SourcePlace};
pub use encoding::EncodingGuess;
pub use error::{Error, ErrorKind, Result};
pub use format::{Format, Header, PLACE_COLUMNS, Writer};
pub use jsonl::{JsonlWriter, read_jsonl};
pub use ladder::{LadderWriter, read_ladder, write_rung};
pub use lexicon::{TermPair, read_lexicon};
pub use lexicon_tsv::read_lexicon_tsv;
pub use metadata::Metadata;
pub use output::{Output, OutputTarget};
#[cfg(feature = "parquet")]
pub use parquet::ParquetWriter;
pub use record::{BeadRecord, parse_kind, records};
pub use tbx::read_tbx;
pub use tmx::{TmxUnit, TmxVariant, TmxWriter, read_tmx};
pub use tsv::{TSV_COLUMNS, TsvWriter, escape_field, read_tsv, unescape_field};
