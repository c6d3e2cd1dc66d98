//! One writer over all formats.

use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;

use super::columns::TableLayout;
use super::html::HtmlLayout;
use super::hunalign::HunalignLayout;
use super::jsonl::JsonlLayout;
use super::ladder::LadderLayout;
use super::loss::Losses;
use super::moses::MosesLayout;
#[cfg(feature = "parquet")]
use super::parquet::ParquetLayout;
use super::srt::SrtLayout;
use super::tmx::TmxLayout;
use super::xliff::XliffLayout;
#[cfg(feature = "xlsx")]
use super::xlsx::XlsxLayout;
use super::{BitextRow, BitextSchema};
use crate::compress::{Compression, Packer};
use crate::error::{Error, ErrorKind, Result};
use crate::format::{BitextHeader, Format};

/// Bytes that are gathered before they are written.
const GATHERED: usize = 1 << 15;

/// How a format puts rows into bytes.
pub(super) trait Layout: Send {
    /// Puts what stands before the first row.
    fn start(&mut self, _out: &mut Buffers) -> Result<()> {
        Ok(())
    }

    /// Puts a row.
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()>;

    /// Puts what stands after the last row.
    fn end(&mut self, _out: &mut Buffers) -> Result<()> {
        Ok(())
    }
}

/// Bytes on their way to the file, or to two where a format has one a side.
#[derive(Default)]
pub(super) struct Buffers {
    pub(super) files: [Vec<u8>; 2],
    pub(super) losses: Losses,
}

impl Buffers {
    pub(super) fn push(&mut self, text: &str) {
        self.files[0].extend_from_slice(text.as_bytes());
    }
}

/// Choices of a writer that have a usual answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// How the output is compressed.
    pub compression: Compression,
    /// Whether CSV begins with a byte order mark, by which spreadsheets know UTF-8; not told: as the
    /// file that was read.
    pub bom: Option<bool>,
    /// A table has no line with the names of its columns; then texts have no escapes.
    pub no_header: bool,
}

/// Writes pairs.
///
/// Memory does not grow with the number of pairs, except that of XLSX grows by what the finished,
/// compressed file takes.
pub struct BitextWriter<W: Write> {
    outs: Vec<Packer<W>>,
    layout: Box<dyn Layout>,
    buffers: Buffers,
}

impl<W: Write> BitextWriter<W> {
    /// Starts a file like the one whose schema is given, with further columns after its own.
    ///
    /// A table has a header line where the one that was read had one, or where columns are added.
    /// Moses wants two outputs, the source's first, and every other format one.
    ///
    /// # Errors
    /// [`ErrorKind::ReadOnly`] for a format that is only read, and [`ErrorKind::Io`] where writing
    /// fails.
    ///
    /// # Panics
    /// Panics where there are not as many outputs as the format wants.
    pub fn new(
        format: Format,
        options: WriteOptions,
        outs: Vec<W>,
        schema: &BitextSchema,
        added: &[Arc<str>],
        header: &BitextHeader,
    ) -> Result<Self> {
        let wanted = if format == Format::Moses { 2 } else { 1 };
        assert_eq!(outs.len(), wanted, "{} is written to {wanted} outputs", format.name());
        let schema = full_schema(schema, added, options);
        let layout: Box<dyn Layout> = match format {
            Format::Tsv => Box::new(TableLayout::tsv(schema)),
            Format::Csv => {
                let bom = options.bom.unwrap_or(schema.has_bom);
                Box::new(TableLayout::csv(schema, bom))
            }
            Format::Jsonl => Box::new(JsonlLayout::new(&schema)),
            Format::Tmx => Box::new(TmxLayout::new(header)),
            Format::Xliff => Box::new(XliffLayout::new(header)),
            Format::Moses => Box::new(MosesLayout),
            Format::Ladder => Box::new(LadderLayout),
            Format::Hunalign => Box::new(HunalignLayout::default()),
            Format::Srt => Box::new(SrtLayout::default()),
            Format::Html => Box::new(HtmlLayout::new(header)),
            #[cfg(feature = "xlsx")]
            Format::Xlsx => Box::new(XlsxLayout::new(schema, header)),
            #[cfg(feature = "parquet")]
            Format::Parquet => Box::new(ParquetLayout::new(&schema, header)?),
            Format::Po => return Err(ErrorKind::ReadOnly(format.name()).into()),
        };
        let outs = outs.into_iter().map(|out| Packer::new(options.compression, out));
        let outs = outs.collect::<Result<_, _>>().map_err(Error::writing)?;
        let mut writer = Self { outs, layout, buffers: Buffers::default() };
        writer.layout.start(&mut writer.buffers)?;
        Ok(writer)
    }

    /// Writes one pair. A table has the columns that it began with, and nothing else of the row.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] where writing fails, and [`ErrorKind::Syntax`] where a format cannot do
    /// without something that the row has not, as a ladder without numbers of segments.
    pub fn write(&mut self, row: &BitextRow) -> Result<()> {
        self.layout.row(row, &mut self.buffers)?;
        self.pour(GATHERED)
    }

    fn pour(&mut self, least: usize) -> Result<()> {
        for (out, bytes) in self.outs.iter_mut().zip(&mut self.buffers.files) {
            if bytes.len() >= least {
                out.write_all(bytes).map_err(Error::writing)?;
                bytes.clear();
            }
        }
        Ok(())
    }

    /// Gives what the format had no place for so far.
    #[must_use]
    pub fn losses(&self) -> &Losses {
        &self.buffers.losses
    }

    /// Ends the file and gives the outputs back.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] where writing fails.
    pub fn finish(self) -> Result<Vec<W>> {
        self.finish_with_losses().map(|(outs, _)| outs)
    }

    /// Ends the file, and gives the outputs back and what the format had no place for.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] where writing fails.
    pub fn finish_with_losses(mut self) -> Result<(Vec<W>, Losses)> {
        self.layout.end(&mut self.buffers)?;
        self.pour(0)?;
        let outs = self.outs.into_iter().map(Packer::finish).collect::<Result<_, _>>();
        Ok((outs.map_err(Error::writing)?, self.buffers.losses))
    }
}

/// Gives the columns of a table: those of the schema, or source and target, and what is added.
fn full_schema(schema: &BitextSchema, added: &[Arc<str>], options: WriteOptions) -> BitextSchema {
    let mut schema = schema.clone();
    let name =
        |name: &Option<Arc<str>>, usual: &str| name.clone().unwrap_or_else(|| Arc::from(usual));
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
