//! Arguments of every command that reads documents.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use nasaq::{Abbreviations, LineEnds};
use nasaq_formats::{DocumentFormat, DocumentReader, TextEncoding};

use crate::failure::Failure;
use crate::remedy::format_hint;

/// How documents are read.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Documents")]
pub struct DocumentArgs {
    /// Kind of the documents: text, html, docx, odt, pptx, epub, srt, vtt, ass, ttml, markdown or pdf
    /// [default: from the file ending and the contents]
    #[arg(long, value_name = "KIND", value_parser = parse::<DocumentFormat>)]
    pub from: Option<DocumentFormat>,

    /// Text encoding, such as windows-1256 [default: UTF-8, or detected and then reported]
    #[arg(long, value_name = "NAME", value_parser = parse::<TextEncoding>)]
    pub encoding: Option<TextEncoding>,

    /// Line ends of plain text: join takes those inside paragraphs as spaces, keep ends a sentence at
    /// each, auto joins lines that were evidently wrapped and reports it
    #[arg(long, value_name = "join|keep|auto", value_enum, default_value_t = Lines::Auto,
        hide_possible_values = true)]
    pub lines: Lines,

    /// A file of abbreviations after which no sentence ends, one a line; a language (ar or en) and a
    /// tab before one restrict it to documents in that language
    #[arg(long, value_name = "FILE")]
    pub abbreviations: Option<PathBuf>,

    /// Read only the main text of HTML and EPUB: no navigation, headers, footers or link lists
    #[arg(long)]
    pub main: bool,

    /// What happens to subtitles that only describe a sound or are sung, such as [door closes]
    #[arg(
        long,
        value_name = "keep|drop",
        value_enum,
        default_value_t,
        hide_possible_values = true
    )]
    pub descriptions: Descriptions,
}

/// The value of `--descriptions`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Descriptions {
    /// They are segments of their own
    #[default]
    Keep,
    /// They are left out
    Drop,
}

/// The value of `--lines`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Lines {
    /// Line ends inside paragraphs are spaces.
    Join,
    /// Each line end ends a sentence.
    Keep,
    /// As the document shows.
    #[default]
    Auto,
}

impl From<Lines> for LineEnds {
    fn from(lines: Lines) -> Self {
        match lines {
            Lines::Join => Self::Soft,
            Lines::Keep => Self::Hard,
            Lines::Auto => Self::Auto,
        }
    }
}

/// How the documents of one side are read, if not like those of the other side.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Documents")]
pub struct SideArgs {
    /// Kind of SRC, instead of --from
    #[arg(long, value_name = "KIND", value_parser = parse::<DocumentFormat>)]
    pub src_from: Option<DocumentFormat>,

    /// Kind of TGT, instead of --from
    #[arg(long, value_name = "KIND", value_parser = parse::<DocumentFormat>)]
    pub tgt_from: Option<DocumentFormat>,

    /// Text encoding of SRC, instead of --encoding
    #[arg(long, value_name = "NAME", value_parser = parse::<TextEncoding>)]
    pub src_encoding: Option<TextEncoding>,

    /// Text encoding of TGT, instead of --encoding
    #[arg(long, value_name = "NAME", value_parser = parse::<TextEncoding>)]
    pub tgt_encoding: Option<TextEncoding>,
}

impl DocumentArgs {
    /// Returns the abbreviations of the user.
    pub(crate) fn abbreviations(&self) -> Result<Abbreviations, Failure> {
        match &self.abbreviations {
            Some(path) => Ok(nasaq_job::read_abbreviations(path)?),
            None => Ok(Abbreviations::new()),
        }
    }

    /// Returns a reader with these options.
    pub(crate) fn reader(&self) -> DocumentReader {
        DocumentReader::new()
            .format(self.from)
            .encoding(self.encoding)
            .main_only(self.main)
            .drop_descriptions(self.descriptions == Descriptions::Drop)
    }

    /// Returns the readers of the source and the target.
    pub(crate) fn readers(&self, sides: &SideArgs) -> [DocumentReader; 2] {
        let SideArgs { src_from, tgt_from, src_encoding, tgt_encoding } = sides;
        [(src_from, src_encoding), (tgt_from, tgt_encoding)].map(|(format, encoding)| {
            self.reader().format(format.or(self.from)).encoding(encoding.or(self.encoding))
        })
    }
}

/// Parses the name of an encoding.
pub(crate) fn encoding(name: &str) -> Result<TextEncoding, String> {
    parse(name)
}

/// Parses a name; the error message ends with the hint.
fn parse<T: FromStr<Err = nasaq_formats::Error>>(name: &str) -> Result<T, String> {
    name.parse().map_err(|error: nasaq_formats::Error| match error.remedy() {
        Some(remedy) => format!("{}; {}", error.kind(), format_hint(&remedy)),
        None => error.kind().to_string(),
    })
}
