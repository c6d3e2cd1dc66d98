//! Arguments of `nasaq pair`.

use std::path::PathBuf;

use super::document::DocumentArgs;

const PAIR_EXAMPLES: &str = "\
Examples:
  nasaq pair arabic/ english/ -o manifest.tsv
  nasaq pair mixed/ -o manifest.tsv
  nasaq align --corpus manifest.tsv -o out/

The manifest has the columns id, src, tgt, pair_score and pair_margin. pair_score is how well the
two files match, about 0 to 1; pair_margin is how much better they match than either matches another
file. A file is in at most one pair. Unpaired files are listed on standard error; --json prints
everything as JSON.";

/// Arguments of `nasaq pair`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = PAIR_EXAMPLES)]
pub struct PairArgs {
    /// The folder of the documents, searched recursively
    pub src: PathBuf,

    /// The folder of their translations; without it SRC has both languages, detected by their letters
    pub tgt: Option<PathBuf>,

    /// Minimum score of a pair, 0 to 1
    #[arg(long, alias = "min-score", value_name = "SCORE", default_value_t = nasaq::MIN_PAIR_SCORE)]
    pub threshold: f32,

    /// Write to this file instead of standard output; nothing is written if the command fails
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Print JSON: the pairs, and each unpaired file with its nearest candidate
    #[arg(long)]
    pub json: bool,

    /// Language of SRC: ar or en, or a locale such as ar-EG [default: ar, or en if TGT is ar]
    #[arg(long, value_name = "LANG")]
    pub src_lang: Option<String>,

    /// Language of TGT [default: en, or ar if SRC is en]
    #[arg(long, value_name = "LANG")]
    pub tgt_lang: Option<String>,

    /// How documents are read
    #[command(flatten)]
    pub documents: DocumentArgs,

    /// Number of threads; does not change the result [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// An encoder model to use instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}
