//! Compressed files: recognised by their first bytes when read, by the ending of the name when
//! written.

use std::io::{self, BufReader, Chain, Cursor, Read, Write};
use std::path::Path;

use flate2::Compression as Level;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;

use crate::error::{ErrorKind, is_inner};
use crate::stamp::ChangedError;

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTANDARD: &[u8] = b"\x28\xb5\x2f\xfd";
const BUFFER: usize = 1 << 16;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip, `.gz`.
    Gzip,
    /// Zstandard, `.zst`.
    Zstd,
}

impl Compression {
    /// Finds the compression by the ending of a name, and returns the name without that ending.
    #[must_use]
    pub fn from_path(path: &Path) -> (Self, &Path) {
        let found = match path.extension().and_then(|ending| ending.to_str()) {
            Some(ending) if ending.eq_ignore_ascii_case("gz") => Self::Gzip,
            Some(ending) if ending.eq_ignore_ascii_case("zst") => Self::Zstd,
            _ => return (Self::None, path),
        };
        (found, Path::new(path.file_stem().unwrap_or_default()))
    }

    /// Compresses a stream, and returns the output with its buffers flushed.
    ///
    /// # Errors
    /// An error of reading or of writing.
    pub fn pack<W: Write>(self, input: &mut impl Read, out: W) -> io::Result<W> {
        let mut packer = Packer::new(self, out)?;
        io::copy(input, &mut packer)?;
        packer.finish()
    }
}

/// A stream that is decompressed while it is read: gzip ([RFC
/// 1952](https://www.rfc-editor.org/rfc/rfc1952)), Zstandard ([RFC
/// 8878](https://www.rfc-editor.org/rfc/rfc8878)), or not at all.
pub(crate) enum Unpacker<R: Read> {
    None(Started<R>),
    Gzip(Box<MultiGzDecoder<Started<R>>>),
    Zstd(zstd::Decoder<'static, Started<R>>),
}

/// A stream whose first bytes were read to recognise the compression.
type Started<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

impl<R: Read> Unpacker<R> {
    pub(crate) fn new(mut stream: R) -> io::Result<Self> {
        // As much as one read returns, because formats and encodings need more bytes than the
        // compression does; but at least as many as that needs, because a pipe may return one byte.
        let mut start = vec![0; BUFFER];
        let mut filled = 0;
        while filled < ZSTANDARD.len() {
            match stream.read(&mut start[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        start.truncate(filled);
        let (gzip, zstd) = (start.starts_with(GZIP), start.starts_with(ZSTANDARD));
        let stream = BufReader::with_capacity(BUFFER, Cursor::new(start).chain(stream));
        Ok(if gzip {
            Self::Gzip(Box::new(MultiGzDecoder::new(stream)))
        } else if zstd {
            Self::Zstd(zstd::Decoder::with_buffer(stream)?)
        } else {
            Self::None(stream)
        })
    }
}

impl<R: Read> Read for Unpacker<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::None(stream) => stream.read(buffer),
            Self::Gzip(decoder) => {
                decoder.read(buffer).map_err(|error| UnpackError::wrap("gzip", error))
            }
            Self::Zstd(decoder) => {
                decoder.read(buffer).map_err(|error| UnpackError::wrap("zstd", error))
            }
        }
    }
}

/// The error of a decompressor, inside the error of a stream.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub(crate) struct UnpackError {
    packing: &'static str,
    source: io::Error,
}

impl UnpackError {
    /// Wraps an error of the decompressor. Errors of the file itself stay as they are: those of the
    /// system, and that of a file that has changed.
    fn wrap(packing: &'static str, source: io::Error) -> io::Error {
        if source.raw_os_error().is_some() || is_inner::<ChangedError>(&source) {
            return source;
        }
        io::Error::new(source.kind(), Self { packing, source })
    }

    /// Returns what is wrong with the compressed file.
    pub(crate) fn into_kind(self) -> ErrorKind {
        // The library has no code for it.
        if self.source.to_string().contains("requires too much memory") {
            return ErrorKind::LongWindow;
        }
        ErrorKind::Packed { packing: self.packing, source: self.source }
    }
}

/// Compresses what is written.
pub(crate) enum Packer<W: Write> {
    None(W),
    Gzip(GzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Packer<W> {
    pub(crate) fn new(compression: Compression, out: W) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None(out),
            // Without a time in its header, so that the same rows produce the same bytes.
            Compression::Gzip => Self::Gzip(GzEncoder::new(out, Level::default())),
            Compression::Zstd => Self::Zstd(zstd::Encoder::new(out, 0)?),
        })
    }

    /// Ends the compressed stream, and returns the output with its buffers flushed.
    pub(crate) fn finish(self) -> io::Result<W> {
        let mut out = match self {
            Self::None(out) => out,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        };
        out.flush()?;
        Ok(out)
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::None(out) => out.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::None(out) => out.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}
