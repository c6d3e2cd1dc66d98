//! Where a bitext comes from, and one reader over all formats.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::columns::{Table, TextColumns};
use super::hunalign::{self, HunalignText};
use super::ladder::Rungs;
use super::lines::{Lines, Stream, check_start};
use super::moses::Moses;
#[cfg(feature = "parquet")]
use super::parquet::Batches;
use super::po::Catalogue;
use super::recode::recoded;
use super::tmx::Units;
use super::xliff::Segments;
use super::{BitextRow, BitextSchema, jsonl};
use crate::compress::Unpacker;
use crate::error::{Error, ErrorKind, Result};
use crate::format::Format;

/// Bytes that are read at a time.
const BUFFER: usize = 1 << 16;

/// Where a bitext comes from, and how it is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitextInput {
    /// The file; of a Moses pair the source side's. `-` is standard input, which is read once.
    pub path: PathBuf,
    /// The file of the target side of a Moses pair; the two files of lines that a ladder is about.
    pub more: Vec<PathBuf>,
    /// The format; by the ending of the name, or by how the text begins, where it is not given. Two
    /// files are a Moses pair.
    pub format: Option<Format>,
    /// Which columns hold the texts.
    pub columns: TextColumns,
    /// Languages of source and target to look for where a file has more of them, as in TMX.
    pub languages: [Option<String>; 2],
    /// What messages call the file, where it is not its path.
    pub name: Option<String>,
}

impl BitextInput {
    /// A file whose format follows from its name or its contents.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            more: Vec::new(),
            format: None,
            columns: TextColumns::default(),
            languages: [None, None],
            name: None,
        }
    }

    /// Opens the bitext.
    ///
    /// # Errors
    /// Where a file cannot be read, is no text, or does not begin as its format wants.
    pub fn open(&self) -> Result<BitextReader> {
        let paths = std::iter::once(&self.path).chain(&self.more);
        let files = paths.enumerate().map(|(at, path)| {
            open(path).map_err(|error| match &self.name {
                Some(name) if at == 0 => error.at_path(name),
                _ => error.at_path(path),
            })
        });
        self.read(files.collect::<Result<_>>()?)
    }

    /// Reads the bitext from streams that stand for its files, in their order.
    ///
    /// # Errors
    /// As [`BitextInput::open`].
    ///
    /// # Panics
    /// Panics without a stream.
    pub fn read(&self, files: Vec<Box<dyn Read + Send>>) -> Result<BitextReader> {
        let name = self.name.clone().unwrap_or_else(|| self.path.display().to_string());
        let mut has_bom = false;
        let inner = self.rows(files, &mut has_bom).map_err(|error| match error.path() {
            Some(_) => error,
            None => error.at_path(&name),
        })?;
        Ok(BitextReader { inner, name, has_bom })
    }

    /// Finds the format by what is told, by the name, or by how the file begins.
    fn format(&self, stream: &mut Stream) -> Result<Format> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let by_name = Format::from_path(&self.path);
        if let [other] = &self.more[..] {
            for (path, format) in [(&self.path, &by_name), (other, &Format::from_path(other))] {
                if let Ok(format) = format {
                    return Err(Error::from(ErrorKind::NotLineFile(format.name())).at_path(path));
                }
            }
            return Ok(Format::Moses);
        }
        match by_name {
            Ok(format) if format.reads() => Ok(format),
            #[cfg(feature = "xlsx")]
            Ok(Format::Xlsx) => Err(ErrorKind::WriteOnly(Format::Xlsx.name()).into()),
            // What it holds may be read though its name says otherwise.
            _ => Ok(Format::of_start(stream.fill_buf().map_err(Error::reading)?)),
        }
    }

    fn rows(&self, files: Vec<Box<dyn Read + Send>>, has_bom: &mut bool) -> Result<Rows> {
        let mut files = files.into_iter();
        let mut stream = unpacked(files.next().expect("a bitext has a file"))?;
        let format = self.format(&mut stream)?;
        let texts = match format {
            Format::Moses => 1..=1,
            Format::Ladder => 2..=2,
            Format::Hunalign => 0..=2,
            _ => 0..=0,
        };
        if !texts.contains(&files.len()) || format == Format::Hunalign && files.len() == 1 {
            return Err(
                ErrorKind::FileCount { format: format.name(), expected: *texts.end() }.into()
            );
        }
        #[cfg(feature = "parquet")]
        if format == Format::Parquet {
            // It is read from its end, which a stream does not show.
            let copy = (self.path == Path::new("-")).then(|| spool(stream)).transpose()?;
            let path = copy.as_ref().map_or(&*self.path, |copy| copy.path());
            return Ok(Rows::Parquet(Box::new(Batches::new(path, &self.columns)?)));
        }
        let stream = text(stream, has_bom)?;
        let mut paths = self.more.iter().cloned();
        let others = files.map(|file| {
            let path = paths.next().unwrap_or_default();
            let stream = unpacked(file).and_then(|stream| text(stream, &mut false));
            Ok((stream.map_err(|error| error.at_path(&path))?, path))
        });
        let mut others = others.collect::<Result<Vec<_>>>()?.into_iter();
        // As many as the format wants, which was looked at.
        let mut other = || others.next().ok_or(ErrorKind::Empty);
        Ok(match format {
            Format::Tsv => Rows::Table(Box::new(Table::new(Lines::new(stream), &self.columns)?)),
            Format::Csv => Rows::Table(Box::new(Table::csv(stream, &self.columns)?)),
            Format::Jsonl => {
                let mut lines = Lines::new(stream);
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
            Format::Tmx => Rows::Tmx(Box::new(Units::new(stream, self.languages.clone()))),
            Format::Xliff => Rows::Xliff(Box::new(Segments::new(stream, self.languages.clone()))),
            Format::Po => Rows::Po(Box::new(Catalogue::new(Lines::new(stream)))),
            Format::Moses => Rows::Moses(Moses::new(stream, other()?)),
            Format::Ladder => Rows::Rungs(Rungs::vecalign(stream, [other()?, other()?])?),
            Format::Hunalign => match (others.next(), others.next()) {
                (Some(src), Some(tgt)) => {
                    let rungs = hunalign::read_hunalign(&mut Lines::new(stream))?;
                    Rows::Rungs(Rungs::new(rungs, "score", [src, tgt])?)
                }
                _ => Rows::Hunalign(HunalignText::new(Lines::new(stream))),
            },
            _ => return Err(ErrorKind::WriteOnly(format.name()).into()),
        })
    }
}

fn open(path: &Path) -> Result<Box<dyn Read + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path).map_err(Error::reading)?;
    if file.metadata().map_err(Error::reading)?.is_dir() {
        return Err(ErrorKind::Folder.into());
    }
    Ok(Box::new(file))
}

fn unpacked(stream: Box<dyn Read + Send>) -> Result<Stream> {
    let unpacked = Unpacker::new(stream).map_err(Error::reading)?;
    recoded(Box::new(BufReader::with_capacity(BUFFER, unpacked))).map_err(Error::reading)
}

/// Takes the byte order mark off a stream, and refuses what is no text.
fn text(mut stream: Stream, has_bom: &mut bool) -> Result<Stream> {
    *has_bom = stream.fill_buf().map_err(Error::reading)?.starts_with(b"\xef\xbb\xbf");
    if *has_bom {
        stream.consume(3);
    }
    check_start(stream.fill_buf().map_err(Error::reading)?)?;
    Ok(stream)
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
    Tmx(Box<Units>),
    Xliff(Box<Segments>),
    Po(Box<Catalogue>),
    Moses(Moses),
    Rungs(Rungs),
    Hunalign(HunalignText),
    #[cfg(feature = "parquet")]
    Parquet(Box<Batches>),
}

/// Reads the pairs of a bitext, one at a time.
pub struct BitextReader {
    inner: Rows,
    name: String,
    has_bom: bool,
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
        let schema = match &self.inner {
            Rows::Table(table) => table.schema.clone(),
            Rows::Jsonl { names: [src, tgt], .. } => named(src, tgt),
            #[cfg(feature = "parquet")]
            Rows::Parquet(batches) => batches.schema.clone(),
            _ => named(&Arc::from("src"), &Arc::from("tgt")),
        };
        BitextSchema { has_bom: self.has_bom, ..schema }
    }

    /// Gives the format.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.inner {
            Rows::Table(table) if table.is_csv() => Format::Csv,
            Rows::Table(_) => Format::Tsv,
            Rows::Jsonl { .. } => Format::Jsonl,
            Rows::Tmx(_) => Format::Tmx,
            Rows::Xliff(_) => Format::Xliff,
            Rows::Po(_) => Format::Po,
            Rows::Moses(_) => Format::Moses,
            Rows::Rungs(_) => Format::Ladder,
            Rows::Hunalign(_) => Format::Hunalign,
            #[cfg(feature = "parquet")]
            Rows::Parquet(_) => Format::Parquet,
        }
    }

    /// Gives the languages of source and target as the file has them, as far as it was read.
    #[must_use]
    pub fn languages(&self) -> Option<[String; 2]> {
        match &self.inner {
            Rows::Tmx(units) => units.languages.clone(),
            Rows::Xliff(segments) => segments.languages(),
            Rows::Po(catalogue) => catalogue.languages(),
            _ => None,
        }
    }

    /// Tells how many units were passed over, as they have no text in one of the languages: units
    /// of a translation memory or of XLIFF, and entries of a catalogue that are untranslated or
    /// obsolete.
    #[must_use]
    pub fn skipped_units(&self) -> u64 {
        match &self.inner {
            Rows::Tmx(units) => units.passed_over,
            Rows::Xliff(segments) => segments.passed_over,
            Rows::Po(catalogue) => catalogue.passed_over,
            _ => 0,
        }
    }

    /// Tells how many units had more texts than the pair: further languages, further plural forms.
    #[must_use]
    pub fn partial_units(&self) -> u64 {
        match &self.inner {
            Rows::Tmx(units) => units.left_out,
            Rows::Po(catalogue) => catalogue.left_out,
            _ => 0,
        }
    }

    /// Tells whether the reader can go on after [`ErrorKind::Syntax`] of a single row: where a row is
    /// a line or a record, and not in XML.
    #[must_use]
    pub fn can_resume(&self) -> bool {
        matches!(self.inner, Rows::Table(_) | Rows::Jsonl { .. } | Rows::Hunalign(_))
    }

    /// Gives the next pair; `None` at the end.
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
            Self::Xliff(segments) => segments.next(),
            Self::Po(catalogue) => catalogue.next(),
            Self::Moses(moses) => moses.next(),
            Self::Rungs(rungs) => rungs.next(),
            Self::Hunalign(text) => text.next(),
            #[cfg(feature = "parquet")]
            Self::Parquet(batches) => batches.next(),
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
