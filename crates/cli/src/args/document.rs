//! How documents are to be read, as it was typed.

use nasaq_formats::{DocumentFormat, DocumentReader, TextEncoding};

use crate::remedy::hint;

/// Options of every command that reads documents.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Documents")]
pub struct DocumentArgs {
    /// What the documents are: text, html, docx, epub, srt, vtt or markdown [default: by the ending
    /// of a name, and by what is in it]
    #[arg(long, value_name = "KIND", value_parser = parse::<DocumentFormat>)]
    pub from: Option<DocumentFormat>,

    /// The encoding of their text, as in windows-1256 [default: UTF-8 or what is found, which is told]
    #[arg(long, value_name = "NAME", value_parser = parse::<TextEncoding>)]
    pub encoding: Option<TextEncoding>,

    /// Of HTML and EPUB only the main text: no navigation, headers, footers, lists of links
    #[arg(long)]
    pub main: bool,
}

/// The same for one side.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Documents")]
pub struct SideArgs {
    /// What SRC is, where it differs
    #[arg(long, value_name = "KIND", value_parser = parse::<DocumentFormat>)]
    pub src_from: Option<DocumentFormat>,

    /// What TGT is
    #[arg(long, value_name = "KIND", value_parser = parse::<DocumentFormat>)]
    pub tgt_from: Option<DocumentFormat>,

    /// The encoding of SRC, where it differs
    #[arg(long, value_name = "NAME", value_parser = parse::<TextEncoding>)]
    pub src_encoding: Option<TextEncoding>,

    /// The encoding of TGT
    #[arg(long, value_name = "NAME", value_parser = parse::<TextEncoding>)]
    pub tgt_encoding: Option<TextEncoding>,
}

impl DocumentArgs {
    /// Gives the reader that was asked for.
    pub(crate) fn reader(&self) -> DocumentReader {
        DocumentReader::new().format(self.from).encoding(self.encoding).main_only(self.main)
    }

    /// Gives the readers of both sides.
    pub(crate) fn readers(&self, sides: &SideArgs) -> [DocumentReader; 2] {
        let SideArgs { src_from, tgt_from, src_encoding, tgt_encoding } = sides;
        [(src_from, src_encoding), (tgt_from, tgt_encoding)].map(|(format, encoding)| {
            self.reader().format(format.or(self.from)).encoding(encoding.or(self.encoding))
        })
    }
}

fn parse<T: std::str::FromStr<Err = nasaq_formats::Error>>(name: &str) -> Result<T, String> {
    name.parse().map_err(|error: nasaq_formats::Error| match error.remedy() {
        Some(remedy) => format!("{}; {}", error.kind(), hint(&remedy)),
        None => error.kind().to_string(),
    })
}
