//! Arguments of `nasaq report`.

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

A corpus is a bitext in any format that `nasaq score` reads, or the output folder of
`nasaq align --corpus`. Probabilities, documents, beads and segments are read from its columns. If
it has no column quality, its pairs are rated as `nasaq score` rates them. docs/report.md defines
every number.

--fail-under takes a metric and its minimum: pairs, ready, usable, quality, probability,
arabic-coverage, english-coverage, distinct, kept, strict-f1. If a corpus is below a minimum, the
exit code is 4; all outputs are still written.";

/// Arguments of `nasaq report`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub struct ReportArgs {
    /// One to four corpora: TSV, CSV, JSON Lines, TMX, XLIFF, PO or Parquet, optionally .gz or .zst,
    /// or folders; - is standard input
    #[arg(required = true, num_args = 1..=4)]
    pub inputs: Vec<PathBuf>,

    /// Write the page to this file; - is standard output. Nothing is written if the command fails
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write the same numbers as JSON to this file; - is standard output
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,

    /// Print a headline and small bar charts [default: if neither -o nor --json is given]
    #[arg(long)]
    pub summary: bool,

    /// A gold ladder, or a folder of gold ladders named after the documents: NAME, NAME.ladder or
    /// NAME/gold.ladder
    #[arg(long, value_name = "PATH")]
    pub gold: Option<PathBuf>,

    /// Exit with code 4 if a metric is below its minimum; repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub fail_under: Vec<Gate>,

    /// Seed of the random samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Number of pairs in the sample to judge
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(0..=1000))]
    pub sample: u16,

    /// Number of doubtful pairs to list, in addition to the worst of each document
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub doubtful: u16,

    /// Rate pairs by their text alone: about ten times as fast, less accurate; no effect on a corpus
    /// that has a column quality
    #[arg(long)]
    pub no_encoder: bool,

    /// Filters to count, TOML [default: those of `nasaq filter --show-default`]
    #[arg(long, value_name = "FILE")]
    pub filters: Option<PathBuf>,

    /// A lexicon or glossary to add to the built-in one when pairs are rated, TSV, CSV or TBX; repeatable
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,

    /// A quality model to use instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub quality_model: Option<PathBuf>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub reading: ReadingArgs,

    /// Number of threads; does not change the result [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}
