//! Where a bitext comes from, and how its format is found.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use super::counter::{CountedFile, ReadCounter};
use super::entry::{FileStart, OpenReader, TextFiles};
use super::lines::{TextStream, check_start};
use super::manifest::ManifestCheck;
use super::note::ReadNote;
use super::reader::BitextReader;
use super::recode::{is_declared, recoded, recoded_from, wrongly_declared};
use super::table::TextColumns;
use super::table_dialect::{START, peeked};
use crate::compress::Unpacker;
use crate::decode::{TextEncoding, certain_encoding};
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
    /// The folder in which documents are looked up that the file names; if `None`, that of the file.
    pub folder: Option<PathBuf>,
    /// The encoding of all files that are text; if `None`, the one that a file declares, UTF-8, or
    /// one that is detected and certain.
    pub encoding: Option<TextEncoding>,
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
            folder: None,
            encoding: None,
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

    /// Sets the encoding of the files, by default the one that they declare, UTF-8, or one that is
    /// detected and certain.
    #[must_use]
    pub fn with_encoding(mut self, encoding: impl Into<Option<TextEncoding>>) -> Self {
        self.encoding = encoding.into();
        self
    }

    /// Opens the bitext.
    ///
    /// # Errors
    /// If a file cannot be read, is not text, or does not begin as its format requires.
    pub fn open(&self) -> Result<BitextReader> {
        self.open_counted(&ReadCounter::default())
    }

    /// Opens the bitext, and counts the bytes that are read from its files.
    ///
    /// # Errors
    /// Those of [`BitextInput::open`].
    pub fn open_counted(&self, counter: &ReadCounter) -> Result<BitextReader> {
        let paths = std::iter::once(&self.path).chain(&self.more);
        let files = paths.enumerate().map(|(index, path)| {
            let file = open(path).map_err(|error| match &self.name {
                Some(name) if index == 0 => error.at_path(name),
                _ => error.at_path(path),
            })?;
            let counted: Box<dyn Read + Send> = Box::new(CountedFile::new(file, counter));
            Ok(counted)
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
        let first = unpacked(files.next().expect("a bitext has a file"))?;
        let (mut first, mut found) = self.decoded(first)?;
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
            #[cfg(any(feature = "parquet", feature = "xlsx"))]
            OpenReader::File(open) => {
                // A reader that seeks needs a file.
                let copy = is_stream(&self.path).then(|| SpooledFile::new(first)).transpose()?;
                open(copy.as_ref().map_or(&*self.path, SpooledFile::path), self)?
            }
            OpenReader::Text(open) => {
                let first = text(first, &mut has_bom)?;
                let mut paths = self.more.iter().cloned();
                let more = files.map(|file| {
                    let path = paths.next().unwrap_or_default();
                    let stream = unpacked(file).and_then(|stream| {
                        let (stream, detected) = self.decoded(stream)?;
                        found = found.take().or(detected);
                        text(stream, &mut false)
                    });
                    Ok((stream.map_err(|error| error.at_path(&path))?, path))
                });
                open(TextFiles { first, more: more.collect::<Result<_>>()?, input: self })?
            }
        };
        let manifest = ManifestCheck::new(self);
        Ok(BitextReader::new(source, format, name.to_owned(), has_bom, found, manifest))
    }

    /// Returns a stream as UTF-8, and what was decided about its encoding.
    fn decoded(&self, stream: TextStream) -> Result<(TextStream, Option<ReadNote>)> {
        let (start, stream) = peeked(stream, START)?;
        if BINARY.iter().any(|magic| start.starts_with(magic)) {
            return Ok((stream, None));
        }
        if let Some(encoding) = self.encoding {
            return Ok((recoded_from(stream, encoding), None));
        }
        if let Some(name) = wrongly_declared(&start) {
            return Ok((stream, Some(ReadNote::WrongDeclaration(name))));
        }
        if is_declared(&start) {
            return Ok((recoded(stream).map_err(Error::reading)?, None));
        }
        match certain_encoding(&start) {
            Some(encoding) => {
                let note = ReadNote::Encoding(encoding.name());
                Ok((recoded_from(stream, encoding), Some(note)))
            }
            None => Ok((stream, None)),
        }
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
            // Only ladders have two texts.
            _ if self.more.len() == 2 => Ok(Format::Ladder),
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

/// Returns the format that the contents of a file certainly show, whatever its name; `None` for
/// pipes, which can be read only once, and for files that cannot be read.
#[must_use]
pub fn certain_format(path: &Path) -> Option<Format> {
    if is_stream(path) {
        return None;
    }
    let mut stream = unpacked(open(path).ok()?).ok()?;
    Format::certain_of_start(&FileStart::new(stream.fill_buf().ok()?))
}

/// Opens a file as text in UTF-8 that another file names, in the encoding of the bitext.
pub(super) fn open_text(path: &Path, input: &BitextInput) -> Result<TextStream> {
    let (stream, _) = input.decoded(unpacked(open(path)?)?)?;
    text(stream, &mut false)
}

fn unpacked(stream: Box<dyn Read + Send>) -> Result<TextStream> {
    let unpacked = Unpacker::new(stream).map_err(Error::reading)?;
    Ok(Box::new(BufReader::with_capacity(BUFFER, unpacked)))
}

/// How files begin that have no encoding.
const BINARY: [&[u8]; 5] = [b"PAR1", b"PK\x03\x04", b"%PDF-", b"BZh", b"\xfd7zXZ\0"];

/// Reports whether a file can be read only once, as standard input and pipes can.
#[must_use]
pub fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
        || std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
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

/// The maximum size of a temporary copy in bytes.
const MAX_SPOOL: u64 = 64_000_000_000;

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
    /// [`ErrorKind::TooLarge`] for more than 64 GB.
    pub fn new(stream: impl Read) -> Result<Self> {
        Self::within(stream, MAX_SPOOL)
    }

    fn within(mut stream: impl Read, max_bytes: u64) -> Result<Self> {
        let spooled = Self::empty()?;
        let mut buffer = vec![0; BUFFER];
        let mut bytes = 0;
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return Ok(spooled),
                Ok(count) => {
                    bytes += count as u64;
                    if bytes > max_bytes {
                        return Err(ErrorKind::TooLarge { max_bytes }.into());
                    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_a_limit() {
        let copy = SpooledFile::within(&[b'a'; 100][..], 100).expect("within the limit");
        assert_eq!(std::fs::read(copy.path()).expect("a copy").len(), 100);
        let error = SpooledFile::within(&[b'a'; 101][..], 100).expect_err("too large");
        assert!(matches!(error.kind(), ErrorKind::TooLarge { max_bytes: 100 }));
    }
}
