//! What the registry holds about each format of bitexts.
//!
//! The file of a format has a [`FormatEntry`]; `format.rs` lists the entries.

#[cfg(any(feature = "parquet", feature = "xlsx"))]
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use super::lines::TextStream;
use super::note::ReadNote;
use super::verbatim::BitextTail;
use super::writer::RowLayout;
use super::{BitextInput, BitextRow, BitextSchema, Loss, WriteOptions};
use crate::error::Result;
use crate::format::BitextHeader;
use crate::record::BeadRecord;

/// A format of bitexts: its names, how it is recognised, its reader and its writer.
pub(crate) struct FormatEntry {
    /// The name, which is also the usual file ending.
    pub(crate) name: &'static str,
    /// File endings without the dot; empty if a file name does not show the format.
    pub(crate) endings: &'static [&'static str],
    /// A few words about the format, for lists.
    pub(crate) description: &'static str,
    /// Judges by the beginning of a file whether it is in this format.
    pub(crate) recognise: fn(&FileStart<'_>) -> Likeness,
    /// The reader, if the format can be read as a bitext.
    pub(crate) reader: Option<ReaderEntry>,
    /// The writer, if the format can be written.
    pub(crate) writer: Option<WriterEntry>,
    /// What a writer of the format may count as lost; [`Loss::Column`] represents any column.
    pub(crate) losses: &'static [Loss],
    /// Whether it is a table that has the same columns in all rows.
    pub(crate) has_columns: bool,
    /// Whether its bytes are not text.
    pub(crate) is_binary: bool,
}

/// How a format is read.
pub(crate) struct ReaderEntry {
    /// How many files a bitext may have besides its first.
    pub(crate) more_files: &'static [usize],
    /// Opens a reader.
    pub(crate) open: OpenReader,
}

/// The function that opens a reader.
pub(crate) enum OpenReader {
    /// For text, which is read from streams.
    Text(fn(TextFiles<'_>) -> Result<Box<dyn BitextSource>>),
    /// For a binary format, which is read from a file.
    #[cfg(any(feature = "parquet", feature = "xlsx"))]
    File(fn(&Path, &BitextInput) -> Result<Box<dyn BitextSource>>),
}

/// The files of a bitext that is text: decompressed, in UTF-8 and without byte order marks.
pub(crate) struct TextFiles<'i> {
    /// The first file.
    pub(crate) first: TextStream,
    /// The others, with their paths.
    pub(crate) more: Vec<(TextStream, PathBuf)>,
    /// How the bitext is to be read.
    pub(crate) input: &'i BitextInput,
}

/// Reads the rows of a bitext.
pub(crate) trait BitextSource: Send {
    /// Returns the next row, or `None` at the end.
    fn next_row(&mut self) -> Result<Option<BitextRow>>;

    /// Returns the columns and the names of source and target.
    fn schema(&self) -> BitextSchema {
        BitextSchema::named("src".into(), "tgt".into())
    }

    /// Returns the languages of source and target as far as the file has named them.
    fn languages(&self) -> Option<[String; 2]> {
        None
    }

    /// Returns the languages that occur in the file so far, as it has them, if it labels texts.
    fn found_languages(&self) -> Vec<String> {
        Vec::new()
    }

    /// Returns what follows the last pair, once, if the file is read for copying.
    fn take_tail(&mut self) -> Result<Option<BitextTail>> {
        Ok(None)
    }

    /// Returns how many units were skipped because they lack text in one of the languages.
    fn untranslated(&self) -> u64 {
        0
    }

    /// Returns how many units had further texts that no row has.
    fn with_more_texts(&self) -> u64 {
        0
    }

    /// Returns what was decided about the file that it does not state.
    fn notes(&self) -> Vec<ReadNote> {
        Vec::new()
    }

    /// Reports whether reading can continue after a row that does not follow the format: in XML,
    /// whether it can after the last error.
    fn can_resume(&self) -> bool {
        false
    }
}

/// How a format is written.
pub(crate) struct WriterEntry {
    /// The number of files.
    pub(crate) files: usize,
    /// Starts a layout.
    pub(crate) start: fn(LayoutSettings<'_>) -> Result<Box<dyn RowLayout>>,
    /// Converts a bead, given the number of beads before it, to a row of the format.
    pub(crate) bead_row: fn(&BeadRecord, u64) -> BitextRow,
    /// What comes before the names of metadata.
    pub(crate) metadata_prefix: &'static str,
    /// Why a file cannot hold several documents, as a sentence; `None` if it can.
    pub(crate) single_document: Option<&'static str>,
    /// Whether only the times of subtitles can be written.
    pub(crate) needs_times: bool,
}

/// What a layout is started from.
pub(crate) struct LayoutSettings<'s> {
    /// The columns, with those that are added.
    pub(crate) schema: BitextSchema,
    pub(crate) options: WriteOptions,
    /// The columns that are added to those of the rows that are read.
    pub(crate) added: &'s [Arc<str>],
    pub(crate) header: &'s BitextHeader,
}

/// How strongly the beginning of a file suggests a format; the strongest format wins, and the first
/// in the list of formats among equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// It is another format.
    None,
    /// It is this one if no other format fits better.
    Possible,
    /// It is this one unless another format is certain.
    Likely,
    /// It is this one.
    Certain,
}

impl Likeness {
    /// Returns `self` if the condition holds.
    pub(crate) fn when(self, holds: bool) -> Self {
        if holds { self } else { Self::None }
    }
}

/// The recogniser of formats that the beginning of a file does not show.
pub(crate) fn unrecognisable(_: &FileStart<'_>) -> Likeness {
    Likeness::None
}

/// The beginning of a file, without a byte order mark and leading white space.
pub(crate) struct FileStart<'b>(&'b [u8]);

impl<'b> FileStart<'b> {
    /// The number of bytes that are examined.
    const LENGTH: usize = 4096;

    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Self(bytes[..bytes.len().min(Self::LENGTH)].trim_ascii_start())
    }

    pub(crate) fn starts_with(&self, prefix: &[u8]) -> bool {
        self.0.starts_with(prefix)
    }

    pub(crate) fn contains(&self, part: &[u8]) -> bool {
        self.0.windows(part.len()).any(|window| window == part)
    }

    pub(crate) fn bytes(&self) -> &'b [u8] {
        self.0
    }

    /// Returns the lines that are not blank, without one that is cut off.
    pub(crate) fn whole_lines(&self) -> Vec<&'b [u8]> {
        let mut lines: Vec<&[u8]> = self.0.split(|&byte| byte == b'\n').collect();
        if self.0.len() > Self::LENGTH / 2 && lines.len() > 1 {
            lines.pop();
        }
        lines.retain(|line| !line.trim_ascii().is_empty());
        lines
    }

    pub(crate) fn first_line(&self) -> &'b [u8] {
        self.0.split(|&byte| byte == b'\n').next().unwrap_or_default()
    }
}
