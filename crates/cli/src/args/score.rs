//! Arguments of `nasaq score` and `nasaq filter`.

use std::path::PathBuf;

use nasaq_encoder::Precision;
use nasaq_formats::{Format, TextEncoding};
use nasaq_kernels::Isa;

const SCORE_EXAMPLES: &str = "\
Examples:
  nasaq score corpus.tsv -o scored.tsv
  nasaq align a.ar.txt a.en.txt | nasaq score - --no-encoder > scored.tsv
  nasaq score corpus.ar corpus.en --to jsonl -o scored.jsonl.zst     two line-aligned files
  nasaq score memory.tmx --columns quality,reasons -o scored.tmx
  nasaq score 'shards/*.tsv.gz' -o scored.tsv                        several files, as one corpus
  nasaq score corpus.tsv --explain 17                                why pair 17 has its rating

Adds the columns quality (0 to 1), reasons, and all features that they are computed from;
docs/quality.md defines each. The corpus is read twice: the first pass collects typical lengths,
repeated lines and duplicates, and needs 76 bytes of memory per pair. With --profile and
--no-duplicates it is read once.

Source and target are found by the names in a header (src, source, ar, arabic, text_ar; tgt, target,
en, english, text_en and other spellings), or by what the columns hold, which is reported. Which one
is Arabic is detected from the text.";

/// The bitext to read and the format to write.
#[derive(Clone, Debug, clap::Args)]
pub struct BitextArgs {
    /// The bitext: TSV, CSV, JSON Lines, TMX, XLIFF, PO or Parquet, optionally .gz or .zst; - is
    /// standard input. Several files, patterns such as 'shards/*.tsv' and output folders of
    /// `nasaq align --corpus` are read one after the other, as one corpus; two files without the
    /// ending of a format are the sides of one bitext, line by line
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,

    /// Format of the output [default: from the ending of -o, or that of the input]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::writable())]
    pub to: Option<Format>,

    /// Write all columns of nasaq as properties to a translation memory, and not only those that the
    /// command adds; other formats have them anyway
    #[arg(long)]
    pub properties: bool,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub reading: ReadingArgs,
}

/// How a bitext is read.
#[derive(Clone, Debug, clap::Args)]
pub struct ReadingArgs {
    /// Format of the input [default: from the file ending, or from the contents]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::readable())]
    pub from: Option<Format>,

    /// Column of the source text, by name or by position from 1
    #[arg(long, value_name = "COLUMN")]
    pub src_column: Option<String>,

    /// Column of the target text, by name or by position from 1
    #[arg(long, value_name = "COLUMN")]
    pub tgt_column: Option<String>,

    /// Text encoding of the input, such as windows-1256 [default: as it declares, UTF-8, or detected
    /// and reported]
    #[arg(long, value_name = "NAME", value_parser = crate::args::encoding)]
    pub encoding: Option<TextEncoding>,

    /// Language of the source, as the bitext has it: ar, ara, arz, en, en-US; selects it if the
    /// bitext has several [default: detected from the text]
    #[arg(long, value_name = "LANG")]
    pub src_lang: Option<String>,

    /// Language of the target, in the same way
    #[arg(long, value_name = "LANG")]
    pub tgt_lang: Option<String>,

    /// Skip and count malformed rows instead of stopping at the first one
    #[arg(long)]
    pub skip_bad: bool,
}

/// How pairs are rated.
#[derive(Clone, Debug, clap::Args)]
pub struct RatingArgs {
    /// Rate pairs by their text alone: about ten times as fast, less accurate
    #[arg(long)]
    pub no_encoder: bool,

    /// Do not look for duplicates, repeated lines and near duplicates; memory use stays constant
    #[arg(long)]
    pub no_duplicates: bool,

    /// Read typical lengths from this file instead of measuring them in the corpus
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// Write the typical lengths of this corpus to a file, for --profile
    #[arg(long, value_name = "FILE")]
    pub write_profile: Option<PathBuf>,

    /// A bitext that the corpus must not overlap with, such as a test set; adds the column overlap;
    /// repeatable
    #[arg(long, value_name = "FILE")]
    pub test_set: Vec<PathBuf>,

    /// Text encoding of the test sets, such as windows-1256 [default: as they declare, UTF-8, or
    /// detected if it is certain]
    #[arg(long, value_name = "NAME", value_parser = crate::args::encoding, requires = "test_set")]
    pub test_set_encoding: Option<TextEncoding>,

    /// A lexicon or glossary to add to the built-in one, TSV, CSV or TBX; repeatable
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,

    /// A quality model to use instead of the built-in one: TOML, in the form of
    /// crates/quality/assets/quality.toml
    #[arg(long, value_name = "FILE")]
    pub quality_model: Option<PathBuf>,

    /// Number of threads; does not change the result [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Precision of the encoder: int8 is faster, f32 is closer to the reference model
    #[arg(long, value_name = "int8|f32", default_value_t)]
    pub precision: Precision,

    /// Instruction set of the kernels; for tests
    #[arg(long, value_name = "NAME", hide = true)]
    pub kernel: Option<Isa>,
}

/// Arguments of `nasaq score`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = SCORE_EXAMPLES)]
pub struct ScoreArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub bitext: BitextArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub rating: RatingArgs,

    /// Add only these columns
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Vec<String>,

    /// Print how each feature contributes to the quality of a pair, by position from 1, instead of the
    /// pairs; repeatable
    #[arg(long, value_name = "PAIR", value_parser = clap::value_parser!(u64).range(1..))]
    pub explain: Vec<u64>,

    /// Write to this file instead of standard output; nothing is written if the command fails
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Print the summary as JSON on standard output; the pairs are written to -o
    #[arg(long, requires = "output")]
    pub json: bool,
}

const FILTER_EXAMPLES: &str = "\
Examples:
  nasaq filter corpus.tsv -o good.tsv --rejects rejected.tsv
  nasaq filter scored.jsonl -o good.jsonl --filters my.toml
  nasaq filter corpus.tsv --dry-run                     what would each filter reject?
  nasaq filter a.tmx b.tmx out/ -o good.tmx             duplicates are found across all files
  nasaq filter --show-default > my.toml                 the default filters, to start from

A filter has a column with min, max or both; or an expression that rejects a pair if it is true; or
the column of a cluster of which only the best pair is kept. docs/quality.md describes all of them.
Columns that the input does not have are computed as by `nasaq score`. Pairs that are kept are
written unchanged; rejected pairs get the columns first_reason and all_reasons.

The counts of a filter are the pairs that it rejects: alone, whatever the other filters do; first,
that no filter before it rejects; cumulative, together with the filters before it; only it, that no
other filter rejects.";

/// Arguments of `nasaq filter`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = FILTER_EXAMPLES)]
pub struct FilterArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub bitext: BitextArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub rating: RatingArgs,

    /// The filters, TOML [default: those of --show-default]
    #[arg(long, value_name = "FILE")]
    pub filters: Option<PathBuf>,

    /// Write the pairs that pass all filters to this file instead of standard output
    #[arg(short, long, alias = "keep", value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write the rejected pairs to this file, with the columns first_reason and all_reasons
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,

    /// Print the default filters and exit
    #[arg(long, exclusive = true)]
    pub show_default: bool,

    /// Count what each filter rejects, and write no pairs
    #[arg(long, conflicts_with_all = ["output", "rejects"])]
    pub dry_run: bool,

    /// Print the counts as JSON on standard output; requires -o or --dry-run
    #[arg(long)]
    pub json: bool,

    /// Exit with code 4 if a smaller share of the pairs than this is kept, 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = super::share)]
    pub fail_under: Option<f64>,
}
