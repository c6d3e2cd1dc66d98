//! Which formats there are, by name and by file ending, and one writer over all of them.

use std::io::Write;
use std::path::Path;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
use crate::jsonl::JsonlWriter;
use crate::ladder::LadderWriter;
use crate::metadata::Metadata;
#[cfg(feature = "parquet")]
use crate::parquet::ParquetWriter;
use crate::record::BeadRecord;
use crate::tmx::TmxWriter;
use crate::tsv::TsvWriter;

/// A format that an alignment is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Index lists, `[0]:[0, 1]:0.9700`.
    Ladder,
    /// Columns divided by tabs, with a header.
    Tsv,
    /// One JSON object a bead.
    Jsonl,
    /// Translation memory, TMX 1.4b.
    Tmx,
    /// Apache Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    /// All formats.
    pub const ALL: &[Self] = &[
        Self::Ladder,
        Self::Tsv,
        Self::Jsonl,
        Self::Tmx,
        #[cfg(feature = "parquet")]
        Self::Parquet,
    ];

    /// Gives the name, which is also the usual file ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ladder => "ladder",
            Self::Tsv => "tsv",
            Self::Jsonl => "jsonl",
            Self::Tmx => "tmx",
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
        }
    }

    /// Finds the format by a file's ending, in either case.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownFormat`] for another ending or none.
    pub fn from_path(path: &Path) -> Result<Self> {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        ending.parse().map_err(|error: Error| error.at_path(path))
    }
}

impl FromStr for Format {
    type Err = Error;

    /// Reads a name, in either case; `ndjson` is another name of `jsonl`.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownFormat`] for every other name.
    fn from_str(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        let wanted = if lower == "ndjson" { "jsonl" } else { &lower };
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == wanted)
            .ok_or_else(|| ErrorKind::UnknownFormat(name.to_owned()).into())
    }
}

/// What is true of a whole file and not of one bead.
///
/// Languages, version and settings have a place in TMX and Parquet only; the other formats leave them
/// out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Language of the source, as a BCP 47 tag.
    pub src_lang: String,
    /// Language of the target, as a BCP 47 tag.
    pub tgt_lang: String,
    /// Version of the program that aligned.
    pub version: String,
    /// Settings that the alignment was made with, as name and value.
    pub settings: Vec<(String, String)>,
    /// Names of the documents' metadata, which TSV and Parquet have columns for.
    pub metadata: Vec<String>,
}

impl Default for Header {
    /// Arabic to English, this version, no settings.
    fn default() -> Self {
        Self {
            src_lang: "ar".to_owned(),
            tgt_lang: "en".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: Vec::new(),
            metadata: Vec::new(),
        }
    }
}

/// Writes beads in any format.
#[derive(Debug)]
pub struct Writer<W>(Inner<W>);

#[derive(Debug)]
enum Inner<W> {
    Ladder(LadderWriter<W>),
    Tsv(TsvWriter<W>),
    Jsonl(JsonlWriter<W>),
    Tmx(TmxWriter<W>),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetWriter<W>>),
}

impl<W: Write> Writer<W> {
    /// Starts a file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] where writing fails.
    pub fn new(format: Format, out: W, header: &Header) -> Result<Self> {
        Ok(Self(match format {
            Format::Ladder => Inner::Ladder(LadderWriter::new(out)),
            Format::Tsv => Inner::Tsv(TsvWriter::with_metadata(out, &header.metadata)?),
            Format::Jsonl => Inner::Jsonl(JsonlWriter::new(out)),
            Format::Tmx => Inner::Tmx(TmxWriter::new(out, header)?),
            #[cfg(feature = "parquet")]
            Format::Parquet => Inner::Parquet(Box::new(ParquetWriter::new(out, header)?)),
        }))
    }

    /// Takes the metadata of the document that the next beads belong to; a ladder has no place for
    /// them.
    pub fn document(&mut self, metadata: &Metadata) {
        match &mut self.0 {
            Inner::Ladder(_) => {}
            Inner::Tsv(writer) => writer.document(metadata),
            Inner::Jsonl(writer) => writer.document(metadata),
            Inner::Tmx(writer) => writer.document(metadata),
            #[cfg(feature = "parquet")]
            Inner::Parquet(writer) => writer.document(metadata),
        }
    }

    /// Writes one bead.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] where writing fails.
    pub fn write(&mut self, record: &BeadRecord) -> Result<()> {
        match &mut self.0 {
            Inner::Ladder(writer) => writer.write(record),
            Inner::Tsv(writer) => writer.write(record),
            Inner::Jsonl(writer) => writer.write(record),
            Inner::Tmx(writer) => writer.write(record),
            #[cfg(feature = "parquet")]
            Inner::Parquet(writer) => writer.write(record),
        }
    }

    /// Ends the file, flushes it and gives the output back.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] where writing fails.
    pub fn finish(self) -> Result<W> {
        let mut out = match self.0 {
            Inner::Ladder(writer) => writer.finish(),
            Inner::Tsv(writer) => writer.finish(),
            Inner::Jsonl(writer) => writer.finish(),
            Inner::Tmx(writer) => writer.finish()?,
            #[cfg(feature = "parquet")]
            Inner::Parquet(writer) => writer.finish()?,
        };
        out.flush().map_err(Error::writing)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_endings_find_their_format() {
        for &format in Format::ALL {
            assert_eq!(format.name().parse::<Format>().expect("a name"), format);
            let path = format!("a.b/فصل ١.{}", format.name().to_uppercase());
            assert_eq!(Format::from_path(Path::new(&path)).expect("an ending"), format);
        }
        assert_eq!("ndjson".parse::<Format>().expect("a name"), Format::Jsonl);
    }

    #[test]
    fn other_endings_are_an_error() {
        for path in ["a", "a.txt", ".tmx", "a.tmx.gz", ""] {
            assert!(Format::from_path(Path::new(path)).is_err(), "{path}");
        }
    }
}
