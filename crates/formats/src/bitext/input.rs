//! Where a bitext comes from, and one reader over all formats.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use super::columns::{Table, TextColumns};
use super::lines::Lines;
use super::tmx::Units;
use super::{BitextRow, BitextSchema, jsonl};
use crate::compress::{Compression, Unpacker};
use crate::error::{Error, ErrorKind, Result};

/// A format of pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BitextFormat {
    /// Columns divided by tabs.
    Tsv,
    /// Columns divided by commas.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Translation memory.
    Tmx,
}

impl BitextFormat {
    /// Finds the format by the ending of a name, before `.gz` or `.zst`.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let (_, path) = Compression::from_path(path);
        path.extension()?.to_str()?.to_ascii_lowercase().parse().ok()
    }

    /// Gives the name, which is also the usual file ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tsv => "tsv",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Tmx => "tmx",
        }
    }

    /// Guesses by how a text begins.
    fn of_start(start: &[u8]) -> Self {
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Self::Jsonl,
            Some(b'<') => Self::Tmx,
            _ => Self::Tsv,
        }
    }
}

impl FromStr for BitextFormat {
    type Err = Error;

    /// Reads a name; `ndjson` is another name of `jsonl`.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownFormat`] for every other name.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "tsv" => Ok(Self::Tsv),
            "csv" => Ok(Self::Csv),
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            "tmx" => Ok(Self::Tmx),
            _ => Err(ErrorKind::UnknownFormat(name.to_owned()).into()),
        }
    }
}

/// Where a bitext comes from, and how it is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitextSource {
    /// The file, or the source side's file of a Moses pair.
    pub path: PathBuf,
    /// The target side's file of a Moses pair.
    pub tgt_path: Option<PathBuf>,
    /// The format; by the ending of the name, or by how the text begins, where it is not given.
    pub format: Option<BitextFormat>,
    /// Which columns hold the texts.
    pub columns: TextColumns,
    /// What messages call the file, where it is not its path.
    pub name: Option<String>,
}

impl BitextSource {
    /// A file whose format follows from its name or its contents.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            tgt_path: None,
            format: None,
            columns: TextColumns::default(),
            name: None,
        }
    }

    /// Opens the bitext.
    ///
    /// # Errors
    /// Where a file cannot be read, is no text, or does not begin as its format wants.
    pub fn open(&self) -> Result<BitextReader> {
        let name = self.name.clone().unwrap_or_else(|| self.path.display().to_string());
        let inner = self.rows().map_err(|error| error.at_path(&name))?;
        Ok(BitextReader { inner, name })
    }

    fn rows(&self) -> Result<Rows> {
        let stream = open(&self.path)?;
        if let Some(tgt) = &self.tgt_path {
            let other = open(tgt).map_err(|error| error.at_path(tgt))?;
            return Ok(Rows::Moses {
                src: Lines::new(stream),
                tgt: Lines::new(other),
                tgt_name: tgt.display().to_string(),
            });
        }
        let mut lines = Lines::new(stream);
        let format = match self.format.or_else(|| BitextFormat::from_path(&self.path)) {
            Some(format) => format,
            None => BitextFormat::of_start(lines.peek()?),
        };
        Ok(match format {
            BitextFormat::Tsv => Rows::Table(Box::new(Table::new(lines, &self.columns)?)),
            BitextFormat::Csv => {
                Rows::Table(Box::new(Table::csv(lines.into_stream(), &self.columns)?))
            }
            BitextFormat::Jsonl => {
                let mut first = None;
                while let Some(line) = lines.next()? {
                    if !line.trim().is_empty() {
                        first = Some(line.to_owned());
                        break;
                    }
                }
                let names = first.as_deref().and_then(|line| jsonl::names(line, &self.columns));
                let (src, tgt) = names.unwrap_or_else(|| ("src".to_owned(), "tgt".to_owned()));
                let names = [Arc::from(src), Arc::from(tgt)];
                Rows::Jsonl { lines, columns: self.columns.clone(), first, names }
            }
            BitextFormat::Tmx => Rows::Tmx(Units::new(lines)),
        })
    }
}

fn open(path: &Path) -> Result<Box<dyn BufRead + Send>> {
    let file = File::open(path).map_err(Error::reading)?;
    if file.metadata().map_err(Error::reading)?.is_dir() {
        return Err(ErrorKind::Folder.into());
    }
    let unpacked = Unpacker::new(file).map_err(Error::reading)?;
    Ok(Box::new(BufReader::new(unpacked)))
}

enum Rows {
    Table(Box<Table>),
    Jsonl {
        lines: Lines,
        columns: TextColumns,
        /// The first line, which was read for its names.
        first: Option<String>,
        names: [Arc<str>; 2],
    },
    Tmx(Units),
    Moses {
        src: Lines,
        tgt: Lines,
        tgt_name: String,
    },
}

/// Reads the pairs of a bitext, one at a time.
pub struct BitextReader {
    inner: Rows,
    name: String,
}

impl BitextReader {
    /// Gives what is true of the whole file, as far as its beginning tells.
    #[must_use]
    pub fn schema(&self) -> BitextSchema {
        let named = |src: &Arc<str>, tgt: &Arc<str>| BitextSchema {
            src_name: Some(Arc::clone(src)),
            tgt_name: Some(Arc::clone(tgt)),
            ..BitextSchema::default()
        };
        match &self.inner {
            Rows::Table(table) => table.schema.clone(),
            Rows::Jsonl { names: [src, tgt], .. } => named(src, tgt),
            Rows::Tmx(_) | Rows::Moses { .. } => named(&Arc::from("src"), &Arc::from("tgt")),
        }
    }

    /// Gives the format; a pair of files of lines counts as a table.
    #[must_use]
    pub fn format(&self) -> BitextFormat {
        match &self.inner {
            Rows::Table(table) if table.is_csv() => BitextFormat::Csv,
            Rows::Table(_) | Rows::Moses { .. } => BitextFormat::Tsv,
            Rows::Jsonl { .. } => BitextFormat::Jsonl,
            Rows::Tmx(_) => BitextFormat::Tmx,
        }
    }

    /// Tells how many units of a translation memory were passed over, as they have no Arabic or no
    /// English text.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        match &self.inner {
            Rows::Tmx(units) => units.passed_over,
            _ => 0,
        }
    }

    /// Gives the next pair; `None` at the end.
    ///
    /// After [`ErrorKind::Syntax`] of a single row the reader can go on with the next one.
    ///
    /// # Errors
    /// Where reading fails, or a row does not follow the format, with the file and the line.
    pub fn next_row(&mut self) -> Result<Option<BitextRow>> {
        self.inner.next().map_err(|error| match error.path() {
            Some(_) => error,
            None => error.at_path(&self.name),
        })
    }
}

impl Iterator for BitextReader {
    type Item = Result<BitextRow>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}

impl Rows {
    fn next(&mut self) -> Result<Option<BitextRow>> {
        match self {
            Self::Table(table) => table.next(),
            Self::Tmx(units) => units.next(),
            Self::Jsonl { lines, columns, first, .. } => {
                if let Some(line) = first.take() {
                    return jsonl::read(&line, lines.number(), columns).map(Some);
                }
                loop {
                    let Some(line) = lines.next()? else { return Ok(None) };
                    if !line.trim().is_empty() {
                        let line = line.to_owned();
                        return jsonl::read(&line, lines.number(), columns).map(Some);
                    }
                }
            }
            Self::Moses { src, tgt, tgt_name } => {
                let left = src.next()?.map(str::to_owned);
                let right = tgt.next().map_err(|error| error.at_path(&*tgt_name))?;
                match (left, right.map(str::to_owned)) {
                    (None, None) => Ok(None),
                    (Some(left), Some(right)) => Ok(Some(BitextRow {
                        src: left,
                        tgt: right,
                        fields: Vec::new(),
                        line: src.number(),
                    })),
                    (left, _) => {
                        let (short, line) = match left {
                            Some(_) => ("the target file", tgt.number()),
                            None => ("the source file", src.number()),
                        };
                        let what = format!("{short} ends here, and the other one goes on");
                        let wanted = "line n of one file is the translation of line n of the other";
                        Err(Error::syntax(line, what, wanted))
                    }
                }
            }
        }
    }
}

/// Copies a stream to a file, as it must be read twice.
///
/// # Errors
/// Where reading or writing fails.
pub fn spool(mut stream: impl Read) -> Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new().map_err(Error::writing)?;
    io::copy(&mut stream, &mut file).map_err(Error::reading)?;
    Ok(file)
}
