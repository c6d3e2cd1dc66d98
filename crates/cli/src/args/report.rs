//! What `nasaq report` was given.

use std::path::PathBuf;

use nasaq_report::Gate;

use super::score::ReadingArgs;

const REPORT_EXAMPLES: &str = "\
Examples:
  nasaq report aligned.jsonl -o report.html
  nasaq report scored.tsv.zst -o report.html --json report.json
  nasaq report before.jsonl after.jsonl -o both.html        side by side, with the differences
  nasaq report aligned.jsonl --gold gold/ -o report.html    with accuracy and reliability
  nasaq align a.ar.txt a.en.txt --to jsonl | nasaq report - --summary
  nasaq report corpus.jsonl --fail-under ready=0.9 --fail-under english-coverage=0.95

A corpus is a bitext of any format that `nasaq score` reads, or the output folder of
`nasaq align --corpus`. Probabilities, documents, beads and segments are taken from its columns;
where it has no column quality, its pairs are rated as `nasaq score` does. docs/report.md says what
each number is.

--fail-under takes a number and the least value that passes: pairs, ready, usable, quality,
probability, arabic-coverage, english-coverage, distinct, kept, strict-f1. It may be repeated; where
one fails for one corpus the exit code is 4, and everything is written all the same.";

/// What `nasaq report` was given.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub struct ReportArgs {
    /// One to four corpora: TSV, CSV, JSON Lines, TMX, XLIFF, PO or Parquet, plain or .gz or .zst, or
    /// folders; - is standard input
    #[arg(required = true, num_args = 1..=4)]
    pub inputs: Vec<PathBuf>,

    /// Write the page to this file, whole or not at all; - is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write the same numbers as JSON to this file; - is standard output
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,

    /// Print the headline and small bar charts [default: where neither -o nor --json is given]
    #[arg(long)]
    pub summary: bool,

    /// A gold ladder, or a folder of them by the names of the documents: NAME, NAME.ladder or
    /// NAME/gold.ladder
    #[arg(long, value_name = "PATH")]
    pub gold: Option<PathBuf>,

    /// End with exit code 4 where a number is below this; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub fail_under: Vec<Gate>,

    /// Chooses the random samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Pairs of the sample to judge
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(0..=1000))]
    pub sample: u16,

    /// Doubtful pairs to list, beside the worst of each document
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub doubtful: u16,

    /// Rate by the text alone, where the corpus is not rated: about ten times as fast, less sure
    #[arg(long)]
    pub no_encoder: bool,

    /// The filters to account for, TOML [default: those of `nasaq filter --show-default`]
    #[arg(long, value_name = "FILE")]
    pub filters: Option<PathBuf>,

    /// Your own lexicon or glossary for rating; TSV or TBX; may be repeated
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,

    /// A quality model to use in place of the one inside the program
    #[arg(long, value_name = "FILE")]
    pub quality_model: Option<PathBuf>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub reading: ReadingArgs,

    /// Threads to use; the result does not depend on it [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}
