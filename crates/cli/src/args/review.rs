//! Arguments of `nasaq review`.

use std::num::NonZeroU16;
use std::path::PathBuf;

use nasaq_encoder::Precision;
use nasaq_kernels::Isa;

use super::document::{DocumentArgs, SideArgs};

const REVIEW_EXAMPLES: &str = "\
Examples:
  nasaq review story.ar.docx story.en.docx           align, open the page, keep decisions
  nasaq review story.review.jsonl                    go on with a review
  nasaq review memory.tmx -o memory.review.jsonl     review a translation memory
  nasaq review story.ladder story.ar story.en        review a ladder with its two texts
  nasaq review out/                                  review the documents of a corpus run
  nasaq review a.ar.txt a.en.txt --import a.xlsx     take in the verdicts of a spreadsheet
  nasaq convert story.review.jsonl -o story.tmx      write what was reviewed

The address that is printed has a random token: who knows it can read the documents and decide.
Every decision is in the log before the page shows it; the same command goes on where you stopped.
End the program with Ctrl-C. docs/review.md describes the page, its keys and the HTTP interface.";

/// Arguments of `nasaq review`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = REVIEW_EXAMPLES)]
pub struct ReviewArgs {
    /// A document and its translation; or a bitext that `nasaq convert` reads; or a ladder and its two
    /// texts; or the output folder of `nasaq align --corpus`; or the log of a review
    #[arg(required = true, value_name = "INPUT", num_args = 1..=3)]
    pub inputs: Vec<PathBuf>,

    /// The log of the decisions, or for a corpus the folder of the logs [default: beside the first
    /// input, ending in .review.jsonl]
    #[arg(short, long, value_name = "LOG")]
    pub output: Option<PathBuf>,

    /// Take in verdicts and corrected texts from a spreadsheet that nasaq wrote for review: XLSX, CSV
    /// or TSV
    #[arg(long, value_name = "FILE")]
    pub import: Option<PathBuf>,

    /// If the inputs have changed since the log was begun: begin a new log with the decisions that
    /// still apply; the old one is renamed
    #[arg(long)]
    pub carry_over: bool,

    /// Print the address and open no browser
    #[arg(long)]
    pub no_open: bool,

    /// The port to listen on [default: a free one]
    #[arg(long, value_name = "PORT")]
    pub port: Option<NonZeroU16>,

    /// The address to listen on; any but that of this machine lets others connect
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: String,

    /// Take each line as one segment, without splitting or joining lines
    #[arg(long)]
    pub segmented: bool,

    /// Also split long Arabic sentences where the English has a sentence boundary
    #[arg(long)]
    pub split_long: bool,

    /// Keep all beads in order on both sides
    #[arg(long)]
    pub monotone: bool,

    /// Language of the source: ar or en, or a locale such as ar-EG [default: ar]
    #[arg(long, value_name = "LANG")]
    pub src_lang: Option<String>,

    /// Language of the target [default: en, or ar if the source is en]
    #[arg(long, value_name = "LANG")]
    pub tgt_lang: Option<String>,

    /// A lexicon or glossary to add to the built-in one, TSV, CSV or TBX; repeatable
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,

    /// Number of threads; does not change the result [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// How documents are read
    #[command(flatten)]
    pub documents: DocumentArgs,

    /// How the documents of one side are read
    #[command(flatten)]
    pub sides: SideArgs,

    /// An encoder model to use instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,

    /// Precision of the encoder: int8 is faster, f32 is closer to the reference model
    #[arg(long, value_name = "int8|f32", default_value_t)]
    pub precision: Precision,

    /// Instruction set of the kernels; for tests
    #[arg(long, value_name = "NAME", hide = true)]
    pub kernel: Option<Isa>,
}
