//! What a user can do about an error, in words that fit any interface.

use std::fmt;
use std::path::PathBuf;

use crate::document::DocumentFormat;
use crate::encoding::EncodingGuess;
use crate::format::Format;

/// What a user can do about an error.
///
/// `Display` words it for any interface. An interface that has a setting for it, such as an option
/// of a program or an argument of a function, can match on the variant and name the setting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormatRemedy {
    /// A sentence that no setting would make more precise.
    Advice(&'static str),
    /// Check who may read the file.
    CheckPermissions {
        /// The file, if it is known.
        path: Option<PathBuf>,
    },
    /// Convert the file to UTF-8 from the encoding that it appears to be in, or repair it.
    ConvertEncoding {
        /// The encoding that the file appears to be in.
        guess: EncodingGuess,
        /// The file, if it is known.
        path: Option<PathBuf>,
    },
    /// Name the encoding, which was guessed and is uncertain.
    ConfirmEncoding {
        /// The encoding that the file may be in.
        guess: EncodingGuess,
    },
    /// Name the encoding: the file does not follow the one that was named or declared.
    NameEncoding,
    /// Recognise the text of a scan, or use the document that it was made from.
    RecogniseText {
        /// The file, if it is known.
        path: Option<PathBuf>,
    },
    /// Use one of the known encoding names.
    ChooseEncoding,
    /// Use one of the known document formats.
    ChooseDocumentFormat,
    /// Use one of the known bitext formats.
    ChooseFormat,
    /// Name the bitext format: the contents do not match the name of the file.
    NameFormat,
    /// Name the document format: the contents do not match the name of the file.
    NameDocumentFormat,
    /// Name the columns that hold the source and the target text.
    NameColumns,
    /// Check what separates the columns of a table, or name the format.
    CheckSeparator,
    /// Write the character in place of an XML entity, or skip such units.
    ReplaceEntity,
    /// Correct the row, or skip the rows that do not follow the format.
    SkipBadRows,
    /// Split the file into smaller ones.
    SplitFile,
    /// Create the output folder, or write somewhere else.
    ChooseOutput,
    /// Check the XML, or save the file again.
    CheckXml {
        /// The file, if it is known.
        path: Option<PathBuf>,
    },
    /// Pass as many files as the format consists of.
    PassAllFiles,
    /// Pass one bitext, or state that the two files have one segment per line.
    ReadAsLines,
    /// Pass the segments that a ladder was made from, one per line.
    PassSegments,
    /// Align the documents that a manifest lists, and pass their alignments.
    AlignManifest,
    /// Pass beads as they are written in JSON Lines.
    PassBeads,
    /// Use the columns of a table of beads.
    UseBeadColumns,
}

impl From<&'static str> for FormatRemedy {
    fn from(advice: &'static str) -> Self {
        Self::Advice(advice)
    }
}

impl fmt::Display for FormatRemedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Advice(advice) => advice,
            Self::CheckPermissions { .. } => "check the permissions of the file",
            Self::ConvertEncoding { guess, .. } => match guess.iconv_name() {
                Some(name) => return write!(f, "convert the file from {name} to UTF-8"),
                None => "get an undamaged copy, or repair the file at that place",
            },
            Self::ConfirmEncoding { guess } => {
                return write!(
                    f,
                    "name the encoding: {guess} if that is right, or another such as windows-1256, \
                     ISO-8859-6, windows-1252 or UTF-16LE"
                );
            }
            Self::NameEncoding => {
                "name the encoding, or get an undamaged copy; the file may be truncated"
            }
            Self::RecogniseText { .. } => {
                "use the document that it was made from, or recognise its text with an OCR program \
                 first, such as OCRmyPDF"
            }
            Self::ChooseEncoding => {
                "use a name of the WHATWG Encoding Standard: UTF-8, UTF-16LE, UTF-16BE, \
                 windows-1256, ISO-8859-6, windows-1252"
            }
            Self::ChooseDocumentFormat => {
                return write!(f, "use {}", listed(DocumentFormat::ALL.iter().map(|it| it.name())));
            }
            Self::ChooseFormat => {
                let names = listed(Format::all().map(Format::name));
                return write!(f, "use {names}, as a name or as a file ending");
            }
            Self::NameFormat => "name the format if it is another one",
            Self::NameDocumentFormat => "name the format if it is another one, such as text",
            Self::NameColumns => {
                "the columns src and tgt hold the source and the target text; if they have other \
                 names, name the columns"
            }
            Self::CheckSeparator => {
                "columns are separated by tabs in TSV and by commas in CSV; name the format if it is \
                 another one"
            }
            Self::ReplaceEntity => {
                "write the character itself in place of the entity, or skip such units"
            }
            Self::SkipBadRows => "correct the row, or skip the rows that do not follow the format",
            Self::SplitFile => "split the file, for example at its chapters",
            Self::ChooseOutput => "create the folder, or choose another place",
            Self::CheckXml { .. } => {
                "check the XML, or save the file again in the program that created it"
            }
            Self::PassAllFiles => {
                "Moses has a source and a target file; a ladder needs both texts, one segment per \
                 line; every other format is one file"
            }
            Self::ReadAsLines => {
                "pass one bitext at a time; if these are two files with one segment per line, name \
                 the format moses"
            }
            Self::PassSegments => {
                "the texts of a ladder are the segments that were aligned, one per line: segment the \
                 documents first, or write the pairs as a table and not as a ladder"
            }
            Self::AlignManifest => {
                "align the documents that it lists as a corpus, and pass the output of that"
            }
            Self::PassBeads => "each line is one bead as an alignment is written to JSON Lines",
            Self::UseBeadColumns => "the columns are those of an alignment that is written to TSV",
        })
    }
}

/// Joins names as a sentence lists them: `a, b or c`.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    match &names[..] {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_remedy_names_an_option_of_the_program() {
        let path = Some(PathBuf::from("a.txt"));
        let guess = EncodingGuess::Legacy("windows-1256");
        for remedy in [
            FormatRemedy::CheckPermissions { path: path.clone() },
            FormatRemedy::ConvertEncoding { guess, path: path.clone() },
            FormatRemedy::ConvertEncoding { guess: EncodingGuess::DamagedUtf8, path: path.clone() },
            FormatRemedy::ConfirmEncoding { guess },
            FormatRemedy::NameEncoding,
            FormatRemedy::RecogniseText { path: path.clone() },
            FormatRemedy::ChooseEncoding,
            FormatRemedy::ChooseDocumentFormat,
            FormatRemedy::ChooseFormat,
            FormatRemedy::NameFormat,
            FormatRemedy::NameDocumentFormat,
            FormatRemedy::NameColumns,
            FormatRemedy::CheckSeparator,
            FormatRemedy::ReplaceEntity,
            FormatRemedy::SkipBadRows,
            FormatRemedy::SplitFile,
            FormatRemedy::ChooseOutput,
            FormatRemedy::CheckXml { path },
            FormatRemedy::PassAllFiles,
            FormatRemedy::ReadAsLines,
            FormatRemedy::PassSegments,
            FormatRemedy::AlignManifest,
            FormatRemedy::PassBeads,
            FormatRemedy::UseBeadColumns,
        ] {
            let text = remedy.to_string();
            assert!(!text.is_empty() && !text.contains("--") && !text.contains('`'), "{text}");
        }
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(
            FormatRemedy::ChooseDocumentFormat.to_string(),
            "use text, html, docx, odt, pptx, epub, srt, vtt, ass, ttml, markdown or pdf"
        );
        assert_eq!(listed(["a"].into_iter()), "a");
    }
}
