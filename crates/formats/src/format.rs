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
    /// TSV and Parquet have columns for the places of the texts in their documents.
    pub places: bool,
}

impl Default for Header {
    /// Arabic to English, this version, no settings, no places.
    fn default() -> Self {
        Self {
            src_lang: "ar".to_owned(),
            tgt_lang: "en".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: Vec::new(),
            metadata: Vec::new(),
            places: false,
        }
    }
}

/// The columns of the places of both texts, in formats that have columns.
pub const PLACE_COLUMNS: [&str; 2] = ["src_place", "tgt_place"];

/// Writes beads in any format.
#[derive(Debug)]
pub struct Writer<W> {
    inner: Inner<W>,
    /// The current document's metadata, where each bead's places are written as columns among them.
    placed: Option<Metadata>,
}

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
        let places = PLACE_COLUMNS.iter().filter(|_| header.places).map(ToString::to_string);
        let columns = Header {
            metadata: places.chain(header.metadata.iter().cloned()).collect(),
            ..header.clone()
        };
        let header = match format {
            Format::Tsv => &columns,
            #[cfg(feature = "parquet")]
            Format::Parquet => &columns,
            _ => header,
        };
        let placed = (header.places && std::ptr::eq(header, &columns)).then(Metadata::new);
        let inner = match format {
            Format::Ladder => Inner::Ladder(LadderWriter::new(out)),
            Format::Tsv => Inner::Tsv(TsvWriter::with_metadata(out, &header.metadata)?),
            Format::Jsonl => Inner::Jsonl(JsonlWriter::new(out)),
            Format::Tmx => Inner::Tmx(TmxWriter::new(out, header)?),
            #[cfg(feature = "parquet")]
            Format::Parquet => Inner::Parquet(Box::new(ParquetWriter::new(out, header)?)),
        };
        Ok(Self { inner, placed })
    }

    /// Takes the metadata of the document that the next beads belong to; a ladder has no place for
    /// them.
    pub fn document(&mut self, metadata: &Metadata) {
        if let Some(placed) = &mut self.placed {
            placed.clone_from(metadata);
        }
        match &mut self.inner {
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
        if let Some(placed) = &mut self.placed {
            for (name, place) in PLACE_COLUMNS.iter().zip([&record.src_place, &record.tgt_place]) {
                let place = place.as_ref().map(ToString::to_string);
                placed.insert((*name).to_owned(), place.into());
            }
            match &mut self.inner {
                Inner::Tsv(writer) => writer.document(placed),
                #[cfg(feature = "parquet")]
                Inner::Parquet(writer) => writer.document(placed),
                _ => {}
            }
        }
        match &mut self.inner {
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
        let mut out = match self.inner {
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
    fn places_have_columns_where_they_are_wanted() {
        let place = |text: &str| text.parse().ok();
        let record = BeadRecord {
            src_place: place("h1 0:1"),
            ..crate::read_tsv("src\ttgt\na\tb\n").expect("a table").remove(0)
        };
        for (places, columns) in [(true, 15), (false, 13)] {
            let metadata = vec!["genre".to_owned()];
            let header = Header { places, metadata, ..Header::default() };
            let mut writer = Writer::new(Format::Tsv, Vec::new(), &header).expect("memory");
            let mut genre = Metadata::new();
            genre.insert("genre".to_owned(), "law".into());
            writer.document(&genre);
            writer.write(&record).expect("memory");
            let text = String::from_utf8(writer.finish().expect("memory")).expect("UTF-8");
            assert_eq!(text.lines().next().expect("a header").split('\t').count(), columns);
            assert!(text.ends_with(if places { "\th1 0:1\t\tlaw\n" } else { "\tlaw\n" }), "{text}");
            let back = crate::read_tsv(&text).expect("a table");
            assert_eq!(back[0].src_place, record.src_place.clone().filter(|_| places));
        }
    }

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
