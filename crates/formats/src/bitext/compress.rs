//! Compressed files: read by what they begin with, written by the ending of their name.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use flate2::Compression as Level;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

const BUFFER: usize = 1 << 16;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Finds the compression by the ending of a name, and gives the name without that ending.
    #[must_use]
    pub fn from_path(path: &Path) -> (Self, &Path) {
        let found = match path.extension().and_then(|ending| ending.to_str()) {
            Some(ending) if ending.eq_ignore_ascii_case("gz") => Self::Gzip,
            Some(ending) if ending.eq_ignore_ascii_case("zst") => Self::Zstd,
            _ => return (Self::None, path),
        };
        (found, Path::new(path.file_stem().unwrap_or_default()))
    }
}

/// Reads what a stream holds, unpacked.
pub(super) fn unpacked(stream: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let mut stream = BufReader::with_capacity(BUFFER, stream);
    let start = stream.fill_buf()?;
    Ok(if start.starts_with(b"\x1f\x8b") {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(stream)))
    } else if start.starts_with(b"\x28\xb5\x2f\xfd") {
        Box::new(BufReader::with_capacity(BUFFER, zstd::Decoder::with_buffer(stream)?))
    } else {
        Box::new(stream)
    })
}

/// Packs what is written.
pub(super) enum Packer<W: Write> {
    None(W),
    Gzip(GzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Packer<W> {
    pub(super) fn new(compression: Compression, out: W) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None(out),
            // Without a time in its header, so that the same rows give the same bytes.
            Compression::Gzip => Self::Gzip(GzEncoder::new(out, Level::default())),
            Compression::Zstd => Self::Zstd(zstd::Encoder::new(out, 0)?),
        })
    }

    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::None(out) => Ok(out),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
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
