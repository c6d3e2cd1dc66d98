//! The registry of formats: the one list that names, file endings, readers and writers come from.
//!
//! A new format is a file in `bitext` with its [`FormatEntry`] and one line in the list below.

use std::path::Path;
use std::str::FromStr;

use crate::bitext::{self, FileStart, FormatEntry, Likeness, Loss};
use crate::compress::Compression;
use crate::error::{Error, ErrorKind, Result};

/// Declares the formats, in the order that they are listed to users, each with its entry.
macro_rules! formats {
    ($($(#[doc = $doc:literal])+ $variant:ident $(if $feature:literal)? => $entry:path,)+) => {
        /// A format of bitexts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Format {
            $(
                $(#[doc = $doc])+
                $(#[cfg(feature = $feature)])?
                $variant,
            )+
        }

        impl Format {
            const ALL: &[Self] = &[$($(#[cfg(feature = $feature)])? Self::$variant,)+];

            pub(crate) fn entry(self) -> &'static FormatEntry {
                match self {
                    $(
                        $(#[cfg(feature = $feature)])?
                        Self::$variant => {
                            const ENTRY: &FormatEntry = &$entry;
                            ENTRY
                        }
                    )+
                }
            }
        }
    };
}

formats! {
    /// Columns separated by tabs.
    Tsv => bitext::table::TSV,
    /// Columns separated by commas.
    Csv => bitext::table::CSV,
    /// One JSON object per pair.
    Jsonl => bitext::jsonl::JSONL,
    /// Translation memory.
    Tmx => bitext::tmx::TMX,
    /// XLIFF 1.2, 2.0 and 2.1.
    Xliff => bitext::xliff::XLIFF,
    /// Two files with the same number of lines.
    Moses => bitext::moses::MOSES,
    /// Lists of segment indices, `[0]:[0, 1]:0.9700`.
    Ladder => bitext::ladder::LADDER,
    /// Lists of segment indices with costs, as vecalign writes them.
    Vecalign => bitext::ladder::VECALIGN,
    /// The ladder of hunalign, or its text.
    Hunalign => bitext::hunalign::HUNALIGN,
    /// Links between two documents, as OPUS has them.
    Xces => bitext::xces::XCES,
    /// Links between two documents, as InterText has them.
    InterText => bitext::xces::INTERTEXT,
    /// Both texts and the links between their sentences, in TEI.
    Tei => bitext::tei::TEI,
    /// Catalogue of gettext.
    Po => bitext::po::PO,
    /// Bilingual subtitles, SubRip.
    Srt => bitext::srt::SRT,
    /// A page for reading, both languages side by side.
    Html => bitext::html::HTML,
    /// Spreadsheet for review.
    Xlsx if "xlsx" => bitext::xlsx::XLSX,
    /// Apache Parquet.
    Parquet if "parquet" => bitext::parquet::PARQUET,
}

impl Format {
    /// Iterates over all formats, in the order that they are listed to users.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied()
    }

    /// Returns the name, which is also the usual file ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Returns a description of a few words.
    #[must_use]
    pub fn description(self) -> &'static str {
        self.entry().description
    }

    /// Reports whether bitexts can be read from it.
    #[must_use]
    pub fn reads(self) -> bool {
        self.entry().reader.is_some()
    }

    /// Reports whether bitexts can be written in it.
    #[must_use]
    pub fn writes(self) -> bool {
        self.entry().writer.is_some()
    }

    /// Returns how many files it is written to.
    #[must_use]
    pub fn output_files(self) -> usize {
        self.entry().writer.as_ref().map_or(0, |writer| writer.files)
    }

    /// Returns why a file in it cannot hold several documents, as a sentence for messages; `None` if
    /// it can.
    #[must_use]
    pub fn single_document_reason(self) -> Option<&'static str> {
        self.entry().writer.as_ref().and_then(|writer| writer.single_document)
    }

    /// Reports whether it is written only from documents with times, such as subtitles.
    #[must_use]
    pub fn needs_times(self) -> bool {
        self.entry().writer.as_ref().is_some_and(|writer| writer.needs_times)
    }

    /// Reports whether every bitext in it is one file; a ladder needs texts, and a Moses pair has
    /// two files.
    #[must_use]
    pub fn is_single_file(self) -> bool {
        self.entry().reader.as_ref().is_some_and(|reader| reader.more_files == [0])
    }

    /// Reports whether it is a table that has the same columns in all rows.
    #[must_use]
    pub fn has_columns(self) -> bool {
        self.entry().has_columns
    }

    /// Reports whether it has a place for what a reviewer decided.
    #[must_use]
    pub fn holds_reviews(self) -> bool {
        self.has_columns() || matches!(self, Self::Jsonl | Self::Tmx | Self::Xliff)
    }

    /// Reports whether it has the texts of pairs, and not only their places.
    #[must_use]
    pub fn holds_texts(self) -> bool {
        !matches!(self, Self::Ladder | Self::Vecalign | Self::Hunalign)
    }

    /// Reports whether its bytes are not text that a terminal can show.
    #[must_use]
    pub fn is_binary(self) -> bool {
        self.entry().is_binary
    }

    /// Reports whether a writer of the format may count a loss of this kind.
    #[must_use]
    pub fn can_lose(self, loss: &Loss) -> bool {
        // These depend on what was read.
        matches!(loss, Loss::Codes | Loss::Details)
            || (*loss == Loss::Review && !self.holds_reviews())
            || (*loss == Loss::Corrections && !self.holds_texts())
            || self.entry().losses.iter().any(|known| known.is_like(loss))
    }

    /// Finds the format by the ending of a file name, in upper or lower case, before `.gz` or
    /// `.zst`.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownFormat`] for another ending or none.
    pub fn from_path(path: &Path) -> Result<Self> {
        let (_, plain) = Compression::from_path(path);
        let ending = plain.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        Self::all()
            .find(|format| format.entry().endings.contains(&&*ending))
            .ok_or_else(|| Error::from(ErrorKind::UnknownFormat(ending)).at_path(path))
    }

    /// Guesses the format by how a file begins; TSV if no format is recognised.
    pub(crate) fn of_start(start: &FileStart<'_>) -> Self {
        Self::best_of_start(start).0
    }

    /// Returns the format that the beginning of a file certainly shows.
    pub(crate) fn certain_of_start(start: &FileStart<'_>) -> Option<Self> {
        let (format, likeness) = Self::best_of_start(start);
        (likeness == Likeness::Certain).then_some(format)
    }

    fn best_of_start(start: &FileStart<'_>) -> (Self, Likeness) {
        let (mut best, mut likeness) = (Self::Tsv, Likeness::None);
        for format in Self::all() {
            let found = (format.entry().recognise)(start);
            if found > likeness {
                (best, likeness) = (format, found);
            }
        }
        (best, likeness)
    }
}

impl FromStr for Format {
    type Err = Error;

    /// Parses a name or a file ending, in upper or lower case.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownFormat`] for every other name.
    fn from_str(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        Self::all()
            .find(|format| format.name() == lower || format.entry().endings.contains(&&*lower))
            .ok_or_else(|| ErrorKind::UnknownFormat(name.to_owned()).into())
    }
}

/// What concerns a whole file and not one pair.
///
/// TMX, XLIFF, HTML and Parquet have a place for languages, TMX and Parquet for version and
/// settings; the other formats omit them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BitextHeader {
    /// Language of the source, as a BCP 47 tag.
    pub src_lang: String,
    /// Language of the target, as a BCP 47 tag.
    pub tgt_lang: String,
    /// Version of the program that aligned.
    pub version: String,
    /// Settings of the alignment, as name and value.
    pub settings: Vec<(String, String)>,
    /// Names of the metadata of the documents, for which tables have columns.
    pub metadata: Vec<String>,
    /// Whether tables have columns for the places of the texts in their documents.
    pub places: bool,
    /// Whether tables have columns for what a reviewer decided.
    pub review: bool,
    /// Whether tables have a column for the words that translate each other.
    pub words: bool,
    /// Whether units that are no pairs are copied from a file of the same XML format.
    pub copies_others: bool,
    /// The probability below which a translation memory omits a pair; pairs without a probability and
    /// units that are copied from another memory stay.
    pub min_probability: Option<f32>,
    /// The names of the files of source and target, in formats that refer to them.
    pub file_names: [String; 2],
    /// Columns that a translation memory omits unless they are added to the pairs that were read; if
    /// there are any, the settings are omitted, too.
    pub omitted: Vec<String>,
}

impl Default for BitextHeader {
    /// Returns a header from Arabic to English, with this version, no settings and no places,
    /// that copies units.
    fn default() -> Self {
        Self {
            src_lang: "ar".to_owned(),
            tgt_lang: "en".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: Vec::new(),
            metadata: Vec::new(),
            places: false,
            review: false,
            words: false,
            copies_others: true,
            min_probability: None,
            file_names: ["src.xml".to_owned(), "tgt.xml".to_owned()],
            omitted: Vec::new(),
        }
    }
}

impl BitextHeader {
    /// Sets the languages of source and target, as BCP 47 tags.
    #[must_use]
    pub fn with_languages(mut self, [src, tgt]: [String; 2]) -> Self {
        self.src_lang = src;
        self.tgt_lang = tgt;
        self
    }

    /// Sets the settings of the alignment, as name and value.
    #[must_use]
    pub fn with_settings(mut self, settings: Vec<(String, String)>) -> Self {
        self.settings = settings;
        self
    }

    /// Sets the names of the files of source and target, by default `src.xml` and `tgt.xml`.
    #[must_use]
    pub fn with_file_names(mut self, names: [String; 2]) -> Self {
        self.file_names = names;
        self
    }

    /// Sets the columns that a translation memory omits, by default none.
    #[must_use]
    pub fn omitting(mut self, columns: impl IntoIterator<Item = String>) -> Self {
        self.omitted = columns.into_iter().collect();
        self
    }

    /// Sets the probability below which a translation memory omits a pair, by default none.
    #[must_use]
    pub fn with_min_probability(mut self, min: Option<f32>) -> Self {
        self.min_probability = min;
        self
    }

    /// Sets whether units that are no pairs are copied from a file of the same XML format; by default
    /// they are.
    #[must_use]
    pub fn with_other_units(mut self, on: bool) -> Self {
        self.copies_others = on;
        self
    }

    /// Sets whether tables have columns for what a reviewer decided; by default not.
    #[must_use]
    pub fn with_review(mut self, on: bool) -> Self {
        self.review = on;
        self
    }

    /// Sets whether tables have a column for the words that translate each other; by default not.
    #[must_use]
    pub fn with_words(mut self, on: bool) -> Self {
        self.words = on;
        self
    }

    /// Sets whether tables have columns for the places of the texts in their documents.
    #[must_use]
    pub fn with_places(mut self, on: bool) -> Self {
        self.places = on;
        self
    }
}

/// The columns of an alignment besides the texts, which describe how the texts were aligned.
pub const ALIGNMENT_COLUMNS: [&str; 15] = [
    "probability",
    "kind",
    "score",
    "doc",
    "bead",
    "src_segments",
    "tgt_segments",
    "src_bytes",
    "tgt_bytes",
    "moved",
    "counterpart",
    "document_score",
    "log_odds",
    PLACE_COLUMNS[0],
    PLACE_COLUMNS[1],
];

/// The columns by which a spreadsheet for review is recognised: the number of the pair, and what the
/// reviewer enters.
pub const SHEET_COLUMNS: [&str; 3] = ["pair", "verdict", "comment"];

/// The columns that `nasaq pair` writes to a manifest besides those that every manifest has.
pub const PAIRING_COLUMNS: [&str; 2] = ["pair_score", "pair_margin"];

/// The columns of what a reviewer decided, in formats that have columns.
pub const REVIEW_COLUMNS: [&str; 3] = ["reviewed", "reviewer", "note"];

/// The column of the words that translate each other, in formats that have columns.
pub(crate) const WORDS_COLUMN: &str = "words";

/// The columns of the places of both texts, in formats that have columns.
pub const PLACE_COLUMNS: [&str; 2] = ["src_place", "tgt_place"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_endings_find_their_format() {
        for format in Format::all() {
            assert_eq!(format.name().parse::<Format>().expect("a name"), format);
            for ending in format.entry().endings {
                let path = format!("a.b/فصل ١.{}", ending.to_uppercase());
                assert_eq!(Format::from_path(Path::new(&path)).expect("an ending"), format);
                let packed = format!("{path}.gz");
                assert_eq!(Format::from_path(Path::new(&packed)).expect("an ending"), format);
            }
        }
    }

    #[test]
    fn no_two_formats_share_a_name_or_an_ending() {
        let mut names: Vec<&str> = Format::all()
            .flat_map(|format| {
                let entry = format.entry();
                entry
                    .endings
                    .iter()
                    .copied()
                    .chain((entry.endings.is_empty()).then_some(entry.name))
            })
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(Format::all().all(|format| format.reads() || format.writes()));
    }

    #[test]
    fn a_file_holds_several_documents_exactly_if_it_has_their_names() {
        let single = Format::all().filter(|it| it.single_document_reason().is_some());
        let names: Vec<&str> = single.map(Format::name).collect();
        assert_eq!(names, ["moses", "ladder", "hunalign", "xces", "intertext", "srt"]);
        let timed: Vec<Format> = Format::all().filter(|format| format.needs_times()).collect();
        assert_eq!(timed, [Format::Srt]);
    }

    #[test]
    fn other_endings_are_an_error() {
        for path in ["a", "a.txt", ".tmx", "a.gz", "a.moses", ""] {
            assert!(Format::from_path(Path::new(path)).is_err(), "{path}");
        }
    }

    #[test]
    fn the_beginning_of_a_file_shows_its_format() {
        for (start, format) in [
            ("\u{feff} {\"src\"", Format::Jsonl),
            ("{\"src\": \"a, b\"\nmsgid ", Format::Jsonl),
            ("<?xml version=\"1.0\"?>\n<xliff version=\"2.1\"", Format::Xliff),
            ("<x:xliff version=\"2.0\"", Format::Xliff),
            ("<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"", Format::Tmx),
            ("<tmx a=\"1, 2\">\nmsgid ", Format::Tmx),
            ("<!DOCTYPE cesAlign>\n<cesAlign>\n<linkGrp fromDoc='a' toDoc='b'>", Format::Xces),
            ("<?xml version='1.0'?>\n<linkGrp toDoc='b' fromDoc='a'>", Format::InterText),
            ("<?xml version='1.0'?>\n<TEI xmlns='http://www.tei-c.org/ns/1.0'>", Format::Tei),
            ("# Arabic\nmsgid \"\"\n", Format::Po),
            ("# a, b\nmsgid \"\"\n", Format::Po),
            ("نعم\tYes, and", Format::Tsv),
            ("src,tgt\nنعم\tنعم,Yes", Format::Csv),
            ("", Format::Tsv),
        ] {
            let found = Format::of_start(&FileStart::new(start.as_bytes()));
            assert_eq!(found, format, "{start}");
        }
    }
}
