//! One writer for all formats.

use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;

use super::entry::LayoutSettings;
use super::verbatim::BitextTail;
use super::{BitextRow, BitextSchema, Loss, Losses};
use crate::compress::{Compression, Packer};
use crate::error::{Error, ErrorKind, Result};
use crate::format::{BitextHeader, Format};

/// How many bytes are collected before they are written.
const BUFFER: usize = 1 << 15;

/// Converts rows to the bytes of a format.
pub(crate) trait RowLayout: Send {
    /// Writes what precedes the first row.
    fn start(&mut self, _out: &mut Buffers) -> Result<()> {
        Ok(())
    }

    /// Writes a row. A layout that copies units also counts what a row that it does not copy
    /// loses, with [`Buffers::count_lost_parts`].
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()>;

    /// Leaves out a row, but writes what its file has around it, if that is copied.
    fn omit(&mut self, _row: &BitextRow, _out: &mut Buffers) -> Result<()> {
        Ok(())
    }

    /// Takes the end of a file whose units are copied.
    fn tail(&mut self, _tail: &BitextTail, _out: &mut Buffers) -> Result<()> {
        Ok(())
    }

    /// Reports whether units that were read from the same format are copied.
    fn copies_units(&self) -> bool {
        false
    }

    /// Writes what follows the last row.
    fn end(&mut self, _out: &mut Buffers) -> Result<()> {
        Ok(())
    }
}

/// Bytes on their way to the file, or to several if the format has one for each side.
#[derive(Default)]
pub(crate) struct Buffers {
    pub(super) files: [Vec<u8>; 3],
    pub(super) losses: Losses,
}

impl Buffers {
    pub(super) fn push(&mut self, text: &str) {
        self.files[0].extend_from_slice(text.as_bytes());
    }

    /// Counts what a row had in its file that no field holds.
    pub(super) fn count_lost_parts(&mut self, row: &BitextRow) {
        if row.origin.codes {
            self.losses.add(Loss::Codes);
        }
        if row.origin.details {
            self.losses.add(Loss::Details);
        }
    }
}

/// Settings of a writer; the default suits most files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteOptions {
    /// How the output is compressed.
    pub compression: Compression,
    /// Whether CSV begins with a byte order mark, by which spreadsheets recognise UTF-8; if `None`,
    /// it does if the file that was read did.
    pub bom: Option<bool>,
    /// Whether a table has no line with the names of its columns; its texts are then not escaped.
    pub no_header: bool,
}

impl WriteOptions {
    /// Sets how the output is compressed, by default not at all.
    #[must_use]
    pub fn with_compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }
}

/// Writes the rows of a bitext.
///
/// Memory does not grow with the number of pairs, except for XLSX, where it grows by the size of
/// the finished, compressed file.
pub struct BitextWriter<W: Write> {
    outs: Vec<Packer<W>>,
    layout: Box<dyn RowLayout>,
    buffers: Buffers,
}

impl<W: Write> BitextWriter<W> {
    /// Starts a file with the columns of a schema, followed by those in `added`.
    ///
    /// A table has a header line if the one that was read had one, or if columns are added. Moses
    /// needs two outputs, the source's first; XCES and InterText three, the links last; every other
    /// format one.
    ///
    /// # Errors
    /// [`ErrorKind::ReadOnly`] for a format that can only be read, and [`ErrorKind::Io`] if writing
    /// fails.
    ///
    /// # Panics
    /// Panics if the number of outputs is not the one that the format needs.
    pub fn new(
        format: Format,
        options: WriteOptions,
        outs: Vec<W>,
        schema: &BitextSchema,
        added: &[Arc<str>],
        header: &BitextHeader,
    ) -> Result<Self> {
        let Some(writer) = &format.entry().writer else {
            return Err(ErrorKind::ReadOnly(format.name()).into());
        };
        let files = writer.files;
        assert_eq!(outs.len(), files, "{} is written to {files} outputs", format.name());
        let schema = full_schema(schema, added, options);
        let layout = (writer.start)(LayoutSettings { schema, options, added, header })?;
        let outs = outs.into_iter().map(|out| Packer::new(options.compression, out));
        let outs = outs.collect::<Result<_, _>>().map_err(Error::writing)?;
        let mut writer = Self { outs, layout, buffers: Buffers::default() };
        writer.layout.start(&mut writer.buffers)?;
        Ok(writer)
    }

    /// Writes one pair. A table has the columns that it began with and no other fields of the row.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if writing fails, and [`ErrorKind::Syntax`] if the row lacks something
    /// that the format needs, such as the segments of a ladder.
    pub fn write(&mut self, row: &BitextRow) -> Result<()> {
        if !self.layout.copies_units() {
            self.buffers.count_lost_parts(row);
        }
        self.layout.row(row, &mut self.buffers)?;
        self.flush_from(BUFFER)
    }

    /// Leaves out a row. If its file is copied, because it is of the same XML format and was read
    /// with [`BitextInput::with_copies`](super::BitextInput::with_copies), what is around the row
    /// is written.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if writing fails.
    pub fn omit(&mut self, row: &BitextRow) -> Result<()> {
        self.layout.omit(row, &mut self.buffers)?;
        self.flush_from(BUFFER)
    }

    /// Takes the end of a bitext, after its last row has been written or left out.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if writing fails.
    pub fn add_tail(&mut self, tail: &BitextTail) -> Result<()> {
        self.layout.tail(tail, &mut self.buffers)?;
        self.flush_from(BUFFER)
    }

    /// Writes the buffers that have at least `min_len` bytes.
    fn flush_from(&mut self, min_len: usize) -> Result<()> {
        for (out, bytes) in self.outs.iter_mut().zip(&mut self.buffers.files) {
            if bytes.len() >= min_len {
                out.write_all(bytes).map_err(Error::writing)?;
                bytes.clear();
            }
        }
        Ok(())
    }

    /// Returns what the format had no place for so far.
    #[must_use]
    pub fn losses(&self) -> &Losses {
        &self.buffers.losses
    }

    /// Ends the file and returns the outputs.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if writing fails.
    pub fn finish(self) -> Result<Vec<W>> {
        self.finish_with_losses().map(|(outs, _)| outs)
    }

    /// Ends the file, and returns the outputs and what the format had no place for.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if writing fails.
    pub fn finish_with_losses(mut self) -> Result<(Vec<W>, Losses)> {
        self.layout.end(&mut self.buffers)?;
        self.flush_from(0)?;
        let outs = self.outs.into_iter().map(Packer::finish).collect::<Result<_, _>>();
        Ok((outs.map_err(Error::writing)?, self.buffers.losses))
    }
}

/// Returns the columns of a table: those of the schema, or source and target, and the added ones.
fn full_schema(schema: &BitextSchema, added: &[Arc<str>], options: WriteOptions) -> BitextSchema {
    let mut schema = schema.clone();
    let name =
        |name: &Option<Arc<str>>, default: &str| name.clone().unwrap_or_else(|| default.into());
    let names = [name(&schema.src_name, "src"), name(&schema.tgt_name, "tgt")];
    if schema.columns.is_empty() {
        schema.columns = names.to_vec();
    }
    [schema.src_name, schema.tgt_name] = names.map(Some);
    schema.has_header |= !added.is_empty();
    schema.has_header &= !options.no_header;
    let mut known: HashSet<Arc<str>> = schema.columns.iter().cloned().collect();
    let new = added.iter().filter(|&name| known.insert(Arc::clone(name)));
    schema.columns.extend(new.cloned());
    schema
}
