//! Arguments of `nasaq segment`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::document::DocumentArgs;

const SEGMENT_EXAMPLES: &str = "\
Examples:
  nasaq segment story.ar.txt --lang ar > story.ar
  nasaq segment story.en.txt --lang en --to jsonl | head

text has one sentence per line; a line break inside a sentence becomes a space. jsonl has one object
per sentence: doc, segment (index from 0), text, bytes (half-open, UTF-8 bytes of the text after a
byte order mark), and place if the document has paragraphs, cells or subtitles.";

/// Arguments of `nasaq segment`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = SEGMENT_EXAMPLES)]
pub struct SegmentArgs {
    /// The document: text, HTML, DOCX, ODT, PPTX, EPUB, subtitles or Markdown; - is standard input
    pub file: PathBuf,

    /// Its language: ar or en
    #[arg(long, value_name = "LANG")]
    pub lang: String,

    /// How the document is read
    #[command(flatten)]
    pub documents: DocumentArgs,

    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = SegmentFormat::Text)]
    pub to: SegmentFormat,

    /// Write to this file instead of standard output; nothing is written if the command fails
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// The value of `nasaq segment --to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SegmentFormat {
    /// One sentence per line
    Text,
    /// One JSON object per sentence, with byte offsets
    Jsonl,
}
