//! What a reader has decided by itself, for messages.

use std::fmt;

use super::ladder_gaps::LadderGaps;

/// A decision about how a file is read that the file does not state.
///
/// `Display` words it as a sentence without a full stop, to follow the name of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadNote {
    /// Which columns hold the texts.
    Columns {
        /// The name of the source, or its position.
        src: String,
        /// The name of the target, or its position.
        tgt: String,
        /// Whether the cells showed it; otherwise the names did.
        by_contents: bool,
    },
    /// Other columns whose names call the language of a text, and which hold as much text.
    OtherColumns(String),
    /// Columns of texts whose names call another language than that of their cells.
    Mislabelled(String),
    /// How many rows before the header are skipped: titles and blank rows.
    SkippedRows(usize),
    /// The first row is taken for a header because it does not fit the rows after it.
    Header,
    /// Quotes around cells of a tab-separated table are not part of the texts.
    Quotes,
    /// The encoding was detected.
    Encoding(&'static str),
    /// The file declares this encoding, but it is in UTF-8.
    WrongDeclaration(&'static str),
    /// Columns were skipped because they hold neither text nor numbers.
    SkippedColumns(Vec<String>),
    /// The numbers of a ladder are costs, as vecalign writes them.
    Costs,
    /// The numbers of a ladder are taken for probabilities, but could be costs.
    PossibleCosts,
    /// Segments with text are in no rung of a ladder.
    Gaps(LadderGaps),
    /// The file is a ladder of hunalign.
    Hunalign,
    /// Sheets were skipped because they have other columns than the first.
    SkippedSheets(Vec<String>),
    /// The words of a document are elements, so that its texts have spaces around punctuation.
    SeparateWords(String),
    /// For how many pairs of documents links have their sides in the other order than the file.
    TurnedLinks(u64),
    /// How many sentences of documents are in no link.
    Unlinked(u64),
    /// How many sentences have no id, the id of another one, or a third language.
    Unusable(u64),
}

impl fmt::Display for ReadNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { src, tgt, by_contents } => {
                let how = if *by_contents { "what they hold" } else { "their names" };
                write!(f, "source is column {src} and target is column {tgt}, found by {how}")
            }
            Self::OtherColumns(names) => {
                write!(f, "other columns could be the source or target, too: {names}")
            }
            Self::Mislabelled(names) => {
                write!(f, "the cells are not in the language that the name calls in column {names}")
            }
            Self::SkippedRows(count) => {
                let s = if *count == 1 { "" } else { "s" };
                write!(f, "skipped {count} row{s} before the header")
            }
            Self::Header => f.write_str("the first row is taken for a header, because it differs from the others"),
            Self::Quotes => f.write_str("quotes around cells are those of a spreadsheet and not part of the texts"),
            Self::Encoding(name) => write!(f, "read as {name}, which was detected"),
            Self::WrongDeclaration(name) => {
                write!(f, "the file declares {name}, but it is UTF-8 and read as such")
            }
            Self::SkippedColumns(names) => {
                write!(f, "skipped columns that are not text or numbers: {}", names.join(", "))
            }
            Self::Costs => f.write_str(
                "the numbers of the beads are costs, as vecalign writes them, and become the column cost",
            ),
            Self::PossibleCosts => f.write_str(
                "the numbers of the beads are taken for probabilities; those of vecalign are costs",
            ),
            Self::Gaps(gaps) => write!(f, "{gaps}; their text is omitted"),
            Self::Hunalign => f.write_str("read as a ladder of hunalign"),
            Self::SkippedSheets(names) => {
                write!(f, "skipped sheets with other columns than the first: {}", names.join(", "))
            }
            Self::SeparateWords(name) => write!(
                f,
                "the texts of {name} are separate words, which are joined by spaces; the raw documents \
                 of the corpus have the texts as they were"
            ),
            Self::TurnedLinks(count) => write!(
                f,
                "the links of {count} pair{} of documents have the sides in the other order, by their \
                 ids",
                if *count == 1 { "" } else { "s" }
            ),
            Self::Unlinked(count) => {
                let (s, are) = if *count == 1 { ("", "is") } else { ("s", "are") };
                write!(f, "{count} sentence{s} of the documents {are} in no link, and omitted")
            }
            Self::Unusable(count) => {
                let (s, are) = if *count == 1 { ("", "is") } else { ("s", "are") };
                write!(
                    f,
                    "{count} sentence{s} without an id of their own, or in a third language, {are} \
                     omitted"
                )
            }
        }
    }
}
