//! Which formats there are: one list of names and file endings for every command.

use std::path::Path;
use std::str::FromStr;

use crate::compress::Compression;
use crate::error::{Error, ErrorKind, Result};

/// A format of bitexts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Columns divided by tabs.
    Tsv,
    /// Columns divided by commas.
    Csv,
    /// One JSON object a pair.
    Jsonl,
    /// Translation memory.
    Tmx,
    /// XLIFF 1.2, 2.0 and 2.1.
    Xliff,
    /// Two files of the same lines.
    Moses,
    /// Index lists, `[0]:[0, 1]:0.9700`.
    Ladder,
    /// hunalign's ladder, or its text.
    Hunalign,
    /// Catalogue of gettext.
    Po,
    /// Bilingual subtitles, SubRip.
    Srt,
    /// Page to read, both languages side by side.
    Html,
    /// Spreadsheet for review.
    #[cfg(feature = "xlsx")]
    Xlsx,
    /// Apache Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// What the list says of a format.
struct Entry {
    format: Format,
    name: &'static str,
    /// File endings; the name is the first where a file has one.
    endings: &'static [&'static str],
    about: &'static str,
    reads: bool,
    writes: bool,
}

const ENTRIES: &[Entry] = &[
    Entry {
        format: Format::Tsv,
        name: "tsv",
        endings: &["tsv", "tab"],
        about: "Columns divided by tabs, with a header",
        reads: true,
        writes: true,
    },
    Entry {
        format: Format::Csv,
        name: "csv",
        endings: &["csv"],
        about: "Columns divided by commas, as spreadsheets open them",
        reads: true,
        writes: true,
    },
    Entry {
        format: Format::Jsonl,
        name: "jsonl",
        endings: &["jsonl", "ndjson"],
        about: "One JSON object a pair",
        reads: true,
        writes: true,
    },
    Entry {
        format: Format::Tmx,
        name: "tmx",
        endings: &["tmx"],
        about: "Translation memory, TMX 1.4b",
        reads: true,
        writes: true,
    },
    Entry {
        format: Format::Xliff,
        name: "xliff",
        endings: &["xliff", "xlf"],
        about: "XLIFF for translation tools: 1.2, 2.0 and 2.1 are read, 2.1 is written",
        reads: true,
        writes: true,
    },
    Entry {
        format: Format::Moses,
        name: "moses",
        endings: &[],
        about: "Two files, line by line",
        reads: true,
        writes: true,
    },
    Entry {
        format: Format::Ladder,
        name: "ladder",
        endings: &["ladder"],
        about: "Index lists as vecalign writes them",
        reads: true,
        writes: true,
    },
    Entry {
        format: Format::Hunalign,
        name: "hunalign",
        endings: &["hunalign"],
        about: "Ladder of hunalign; its text is read too",
        reads: true,
        writes: true,
    },
    Entry {
        format: Format::Po,
        name: "po",
        endings: &["po", "pot"],
        about: "Catalogue of gettext",
        reads: true,
        writes: false,
    },
    Entry {
        format: Format::Srt,
        name: "srt",
        endings: &["srt"],
        about: "Subtitles in both languages, where the times are known",
        reads: false,
        writes: true,
    },
    Entry {
        format: Format::Html,
        name: "html",
        endings: &["html", "htm"],
        about: "Page to read, side by side, in one file",
        reads: false,
        writes: true,
    },
    #[cfg(feature = "xlsx")]
    Entry {
        format: Format::Xlsx,
        name: "xlsx",
        endings: &["xlsx"],
        about: "Spreadsheet for review",
        reads: false,
        writes: true,
    },
    #[cfg(feature = "parquet")]
    Entry {
        format: Format::Parquet,
        name: "parquet",
        endings: &["parquet"],
        about: "Apache Parquet",
        reads: true,
        writes: true,
    },
];

impl Format {
    /// Gives all formats, in the order that they are listed to users.
    pub fn all() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(|entry| entry.format)
    }

    fn entry(self) -> &'static Entry {
        // Every variant has its entry; a test counts on it.
        ENTRIES.iter().find(|entry| entry.format == self).unwrap_or(&ENTRIES[0])
    }

    /// Gives the name, which is also the usual file ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Says in a few words what it is.
    #[must_use]
    pub fn description(self) -> &'static str {
        self.entry().about
    }

    /// Tells whether bitexts can be read from it.
    #[must_use]
    pub fn reads(self) -> bool {
        self.entry().reads
    }

    /// Tells whether bitexts can be written in it.
    #[must_use]
    pub fn writes(self) -> bool {
        self.entry().writes
    }

    /// Tells whether one file of it is a bitext; a ladder or one file of lines is none by itself.
    #[must_use]
    pub fn is_single_file(self) -> bool {
        self.reads() && !matches!(self, Self::Ladder | Self::Hunalign | Self::Moses)
    }

    /// Tells whether it is a table whose columns are the same for all rows.
    #[must_use]
    pub fn has_columns(self) -> bool {
        match self {
            Self::Tsv | Self::Csv => true,
            #[cfg(feature = "xlsx")]
            Self::Xlsx => true,
            #[cfg(feature = "parquet")]
            Self::Parquet => true,
            _ => false,
        }
    }

    /// Tells whether it is no text that a terminal can show.
    #[must_use]
    pub fn is_binary(self) -> bool {
        match self {
            #[cfg(feature = "xlsx")]
            Self::Xlsx => true,
            #[cfg(feature = "parquet")]
            Self::Parquet => true,
            _ => false,
        }
    }

    /// Finds the format by a file's ending, in either case, before `.gz` or `.zst`.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownFormat`] for another ending or none.
    pub fn from_path(path: &Path) -> Result<Self> {
        let (_, plain) = Compression::from_path(path);
        let ending = plain.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        ENTRIES
            .iter()
            .find(|entry| entry.endings.contains(&&*ending))
            .map(|entry| entry.format)
            .ok_or_else(|| Error::from(ErrorKind::UnknownFormat(ending)).at_path(path))
    }

    /// Guesses by how a text begins.
    pub(crate) fn of_start(start: &[u8]) -> Self {
        /// Bytes that are looked at.
        const START: usize = 4096;
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let start = &start[..start.len().min(START)].trim_ascii_start();
        let first_line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let has = |what: &[u8]| start.windows(what.len()).any(|window| window == what);
        match start {
            #[cfg(feature = "parquet")]
            _ if start.starts_with(b"PAR1") => Self::Parquet,
            [b'{', ..] => Self::Jsonl,
            [b'<', ..] if has(b"<xliff") || has(b":xliff") => Self::Xliff,
            [b'<', ..] => Self::Tmx,
            _ if start.starts_with(b"msgid ") || has(b"\nmsgid ") => Self::Po,
            // A table without a tab has no two columns.
            _ if !first_line.contains(&b'\t') && first_line.contains(&b',') => Self::Csv,
            _ => Self::Tsv,
        }
    }
}

impl FromStr for Format {
    type Err = Error;

    /// Reads a name, in either case; a file ending is one too.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownFormat`] for every other name.
    fn from_str(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        ENTRIES
            .iter()
            .find(|entry| entry.name == lower || entry.endings.contains(&&*lower))
            .map(|entry| entry.format)
            .ok_or_else(|| ErrorKind::UnknownFormat(name.to_owned()).into())
    }
}

/// What is true of a whole file and not of one pair.
///
/// Languages have a place in TMX, XLIFF, HTML and Parquet, version and settings in TMX and Parquet;
/// the other formats leave them out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitextHeader {
    /// Language of the source, as a BCP 47 tag.
    pub src_lang: String,
    /// Language of the target, as a BCP 47 tag.
    pub tgt_lang: String,
    /// Version of the program that aligned.
    pub version: String,
    /// Settings that the alignment was made with, as name and value.
    pub settings: Vec<(String, String)>,
    /// Names of the documents' metadata, which tables have columns for.
    pub metadata: Vec<String>,
    /// Tables have columns for the places of the texts in their documents.
    pub places: bool,
}

impl Default for BitextHeader {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_endings_find_their_format() {
        for entry in ENTRIES {
            let format = entry.format;
            assert_eq!(format.name(), entry.name);
            assert_eq!(format.name().parse::<Format>().expect("a name"), format);
            for ending in entry.endings {
                let path = format!("a.b/فصل ١.{}", ending.to_uppercase());
                assert_eq!(Format::from_path(Path::new(&path)).expect("an ending"), format);
                let packed = format!("{path}.gz");
                assert_eq!(Format::from_path(Path::new(&packed)).expect("an ending"), format);
            }
        }
        assert_eq!(Format::all().count(), ENTRIES.len());
    }

    #[test]
    fn other_endings_are_an_error() {
        for path in ["a", "a.txt", ".tmx", "a.gz", "a.moses", ""] {
            assert!(Format::from_path(Path::new(path)).is_err(), "{path}");
        }
    }

    #[test]
    fn beginnings_tell_the_format() {
        for (start, format) in [
            ("\u{feff} {\"src\"", Format::Jsonl),
            ("<?xml version=\"1.0\"?>\n<xliff version=\"2.1\"", Format::Xliff),
            ("<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"", Format::Tmx),
            ("# Arabic\nmsgid \"\"\n", Format::Po),
            ("نعم\tYes, and", Format::Tsv),
            ("src,tgt\nنعم\tنعم,Yes", Format::Csv),
            ("", Format::Tsv),
        ] {
            assert_eq!(Format::of_start(start.as_bytes()), format, "{start}");
        }
    }
}
