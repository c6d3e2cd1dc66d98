//! Where a bitext comes from, and how its format is found.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use super::entry::{FileStart, OpenReader, TextFiles};
use super::lines::{TextStream, check_start};
use super::reader::BitextReader;
use super::recode::recoded;
use super::table::TextColumns;
use crate::compress::Unpacker;
use crate::error::{Error, ErrorKind, Result, TemporaryError};
use crate::format::Format;
use crate::output::UnfinishedFile;
use crate::stamp::StableFile;

/// The number of bytes that are read at a time.
const BUFFER: usize = 1 << 16;

/// Where a bitext comes from, and how it is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BitextInput {
    /// The file; for Moses that of the source. `-` is standard input.
    pub path: PathBuf,
    /// The other files: the target of a Moses pair, or the two texts of a ladder.
    pub more: Vec<PathBuf>,
    /// The format; if `None`, the ending of the name decides, or how the file begins. Two files are
    /// a Moses pair.
    pub format: Option<Format>,
    /// Which columns hold the texts.
    pub columns: TextColumns,
    /// The languages of source and target in a file that has several, such as TMX.
    pub languages: [Option<String>; 2],
    /// Whether rows keep what a file of XML has besides texts and fields, so that the same format is
    /// written as it was read.
    pub copies: bool,
    /// Whether copies have only the texts of the requested languages, and only units that have both.
    pub selects_languages: bool,
    /// The name of the file in messages, if it is not its path.
    pub name: Option<String>,
}

impl BitextInput {
    /// Returns a file whose format follows from its name or its contents.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            more: Vec::new(),
            format: None,
            columns: TextColumns::default(),
            languages: [None, None],
            copies: false,
            selects_languages: false,
            name: None,
        }
    }

    /// Adds the other files, by default none.
    #[must_use]
    pub fn with_more(mut self, more: impl IntoIterator<Item = PathBuf>) -> Self {
        self.more.extend(more);
        self
    }

    /// Sets the format, by default found by the name or the contents.
    #[must_use]
    pub fn with_format(mut self, format: impl Into<Option<Format>>) -> Self {
        self.format = format.into();
        self
    }

    /// Sets which columns hold the texts, by default found by their names.
    #[must_use]
    pub fn with_columns(mut self, columns: TextColumns) -> Self {
        self.columns = columns;
        self
    }

    /// Sets the languages of source and target in a file that has several.
    #[must_use]
    pub fn with_languages(mut self, languages: [Option<String>; 2]) -> Self {
        self.languages = languages;
        self
    }

    /// Sets whether rows keep what a file of XML has besides texts and fields; by default not.
    #[must_use]
    pub fn with_copies(mut self, on: bool) -> Self {
        self.copies = on;
        self
    }

    /// Sets whether copies have only the texts of the requested languages; by default all.
    #[must_use]
    pub fn selecting_languages(mut self, on: bool) -> Self {
        self.selects_languages = on;
        self
    }

    /// Sets the name of the file in messages, by default its path.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<Option<String>>) -> Self {
        self.name = name.into();
        self
    }

    /// Opens the bitext.
    ///
    /// # Errors
    /// If a file cannot be read, is not text, or does not begin as its format requires.
    pub fn open(&self) -> Result<BitextReader> {
        let paths = std::iter::once(&self.path).chain(&self.more);
        let files = paths.enumerate().map(|(index, path)| {
            open(path).map_err(|error| match &self.name {
                Some(name) if index == 0 => error.at_path(name),
                _ => error.at_path(path),
            })
        });
        self.read(files.collect::<Result<_>>()?)
    }

    /// Reads the bitext from streams, one for each of its files in their order.
    ///
    /// # Errors
    /// Those of [`BitextInput::open`].
    ///
    /// # Panics
    /// Panics if there is no stream.
    pub fn read(&self, files: Vec<Box<dyn Read + Send>>) -> Result<BitextReader> {
        let name = self.name.clone().unwrap_or_else(|| self.path.display().to_string());
        self.reader(files, &name).map_err(|error| match error.path() {
            Some(_) => error,
            None => error.at_path(&name),
        })
    }

    fn reader(&self, files: Vec<Box<dyn Read + Send>>, name: &str) -> Result<BitextReader> {
        let mut files = files.into_iter();
        let mut first = unpacked(files.next().expect("a bitext has a file"))?;
        let format = self.find_format(&mut first)?;
        let Some(reader) = &format.entry().reader else {
            return Err(ErrorKind::WriteOnly(format.name()).into());
        };
        if !reader.more_files.contains(&files.len()) {
            let expected = reader.more_files.last().copied().unwrap_or_default();
            return Err(ErrorKind::FileCount { format: format.name(), expected }.into());
        }
        let mut has_bom = false;
        let source = match reader.open {
            #[cfg(feature = "parquet")]
            OpenReader::File(open) => {
                // A reader that seeks needs a file.
                let copy =
                    (self.path == Path::new("-")).then(|| SpooledFile::new(first)).transpose()?;
                open(copy.as_ref().map_or(&*self.path, SpooledFile::path), self)?
            }
            OpenReader::Text(open) => {
                let first = text(first, &mut has_bom)?;
                let mut paths = self.more.iter().cloned();
                let more = files.map(|file| {
                    let path = paths.next().unwrap_or_default();
                    let stream = unpacked(file).and_then(|stream| text(stream, &mut false));
                    Ok((stream.map_err(|error| error.at_path(&path))?, path))
                });
                open(TextFiles { first, more: more.collect::<Result<_>>()?, input: self })?
            }
        };
        Ok(BitextReader::new(source, format, name.to_owned(), has_bom))
    }

    /// Finds the format: the one that was named, that of the file name, or the one that the file
    /// begins like.
    fn find_format(&self, stream: &mut TextStream) -> Result<Format> {
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
            // A binary file cannot be a readable format under a wrong name.
            Ok(format) if format.is_binary() => Err(ErrorKind::WriteOnly(format.name()).into()),
            _ => {
                let start = stream.fill_buf().map_err(Error::reading)?;
                Ok(Format::of_start(&FileStart::new(start)))
            }
        }
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
    Ok(Box::new(StableFile::new(file).map_err(Error::reading)?))
}

fn unpacked(stream: Box<dyn Read + Send>) -> Result<TextStream> {
    let unpacked = Unpacker::new(stream).map_err(Error::reading)?;
    recoded(Box::new(BufReader::with_capacity(BUFFER, unpacked))).map_err(Error::reading)
}

/// Removes the byte order mark of a stream, and refuses one that is not text.
fn text(mut stream: TextStream, has_bom: &mut bool) -> Result<TextStream> {
    *has_bom = stream.fill_buf().map_err(Error::reading)?.starts_with(b"\xef\xbb\xbf");
    if *has_bom {
        stream.consume(3);
    }
    check_start(stream.fill_buf().map_err(Error::reading)?)?;
    Ok(stream)
}

/// Writes to a temporary file.
struct SpoolWriter<'f>(&'f File);

impl Write for SpoolWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(TemporaryError::wrap)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(TemporaryError::wrap)
    }
}

/// A temporary copy of a stream, for input that is read more than once; deleted when it is dropped.
#[derive(Debug)]
pub struct SpooledFile(UnfinishedFile);

impl SpooledFile {
    /// Copies a stream to its end.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if reading fails, and [`ErrorKind::Temporary`] if writing does.
    pub fn new(mut stream: impl Read) -> Result<Self> {
        let spooled = Self::empty()?;
        let mut buffer = vec![0; BUFFER];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return Ok(spooled),
                Ok(count) => {
                    spooled.writer().write_all(&buffer[..count]).map_err(Error::writing)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::reading(error)),
            }
        }
    }

    /// Creates a copy that is written with [`writer`](Self::writer).
    ///
    /// # Errors
    /// [`ErrorKind::Temporary`] if it cannot be created.
    pub fn empty() -> Result<Self> {
        UnfinishedFile::private()
            .map(Self)
            .map_err(|error| Error::writing(TemporaryError::wrap(error)))
    }

    /// Returns what writes to the copy, after what was written before. Its errors name the folder of
    /// temporary files.
    #[must_use]
    pub fn writer(&self) -> impl Write + '_ {
        SpoolWriter(self.0.as_file())
    }

    /// Returns the path of the copy.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
