//! What `nasaq score` and `nasaq filter` were given.

use std::path::PathBuf;

use nasaq_encoder::Precision;
use nasaq_formats::Format;
use nasaq_kernels::Isa;

const SCORE_EXAMPLES: &str = "\
Examples:
  nasaq score corpus.tsv -o scored.tsv
  nasaq align a.ar.txt a.en.txt | nasaq score - --no-encoder > scored.tsv
  nasaq score corpus.ar corpus.en --to jsonl -o scored.jsonl.zst     two files of lines
  nasaq score memory.tmx --columns quality,reasons -o scored.tmx
  nasaq score corpus.tsv --explain 17                                why is pair 17 rated so?

Adds quality (0 to 1), reasons, and every feature that they follow from; docs/quality.md defines
each. The corpus is read twice: first for its usual lengths, repeated lines and duplicates, for
which 76 bytes a pair are kept. With --profile and --no-duplicates it is read once.

Source and target are found by the names of a header (src, source, ar, arabic; tgt, target, en,
english) or are the first two columns; which one is Arabic is seen from the text.";

/// A bitext to read.
#[derive(Clone, Debug, clap::Args)]
pub struct BitextArgs {
    /// The bitext: TSV, CSV, JSON Lines, TMX, XLIFF, PO or Parquet, plain or .gz or .zst; - is standard
    /// input
    #[arg(required = true)]
    pub input: Option<PathBuf>,

    /// The target side, where the bitext is two files of lines
    pub tgt: Option<PathBuf>,

    /// Format of the output [default: by the ending of -o, or that of the input]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::writable())]
    pub to: Option<Format>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub reading: ReadingArgs,
}

/// How a bitext is read.
#[derive(Clone, Debug, clap::Args)]
pub struct ReadingArgs {
    /// Format of the input [default: by the ending of its name, or by how it begins]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::readable())]
    pub from: Option<Format>,

    /// The column of the source text: a name or a number from 1
    #[arg(long, value_name = "COLUMN")]
    pub src_column: Option<String>,

    /// The column of the target text: a name or a number from 1
    #[arg(long, value_name = "COLUMN")]
    pub tgt_column: Option<String>,

    /// Language of the source: ar or en [default: as the text shows]
    #[arg(long, value_name = "LANG")]
    pub src_lang: Option<String>,

    /// Leave out rows that do not follow the format, and count them, instead of ending there
    #[arg(long)]
    pub skip_bad: bool,
}

/// How pairs are rated.
#[derive(Clone, Debug, clap::Args)]
pub struct RatingArgs {
    /// Rate by the text alone: about ten times as fast, and less sure
    #[arg(long)]
    pub no_encoder: bool,

    /// Do not look for duplicates, repeated lines and nearly equal pairs: memory stays the same
    #[arg(long)]
    pub no_duplicates: bool,

    /// Take what lengths are usual from this file instead of from the corpus
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// Write what lengths are usual in this corpus to a file, for --profile
    #[arg(long, value_name = "FILE")]
    pub write_profile: Option<PathBuf>,

    /// A bitext whose texts the corpus must not have; sets the column overlap; may be repeated
    #[arg(long, value_name = "FILE")]
    pub test_set: Vec<PathBuf>,

    /// Your own lexicon or glossary, added to the one inside the program; TSV or TBX; may be repeated
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,

    /// A quality model to use in place of the one inside the program: TOML like its
    /// crates/quality/assets/quality.toml
    #[arg(long, value_name = "FILE")]
    pub quality_model: Option<PathBuf>,

    /// Threads to use; the result does not depend on it [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// How exactly the encoder reckons: int8 is faster, f32 nearer to the reference
    #[arg(long, value_name = "int8|f32", default_value_t)]
    pub precision: Precision,

    /// Which kernels to compute with; for tests
    #[arg(long, value_name = "scalar|neon|avx2|avx512|vnni", hide = true)]
    pub kernel: Option<Isa>,
}

/// What `nasaq score` was given.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = SCORE_EXAMPLES)]
pub struct ScoreArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub bitext: BitextArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub rating: RatingArgs,

    /// Add these columns only
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Vec<String>,

    /// Show what each feature adds to the quality of this pair, counted from 1, and write nothing
    /// else; may be repeated
    #[arg(long, value_name = "PAIR", value_parser = clap::value_parser!(u64).range(1..))]
    pub explain: Vec<u64>,

    /// Write to this file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Print the summary as JSON on standard output (the pairs go to -o)
    #[arg(long, requires = "output")]
    pub json: bool,
}

const FILTER_EXAMPLES: &str = "\
Examples:
  nasaq filter corpus.tsv -o kept.tsv --rejects rejected.tsv
  nasaq filter scored.jsonl -o kept.jsonl --filters my.toml
  nasaq filter corpus.tsv --dry-run                     what would each filter cost?
  nasaq filter --show-default > my.toml                 the default filters, to start from

A filter names a column with min, max or both, or an expression that must not hold, or the column
of a cluster of which the best stays; docs/quality.md tells all. Columns that the input has not are
worked out as `nasaq score` does. Kept rows are written as they came; rejects have the first reason
and all reasons beside them.

The account says of each filter how many pairs it rejects alone, first, cumulatively and only it.";

/// What `nasaq filter` was given.
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

    /// Write the pairs that are kept to this file instead of standard output
    #[arg(short, long, alias = "keep", value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write the pairs that are rejected to this file, with first_reason and all_reasons
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,

    /// Print the filters that are used where no others are given, and do nothing else
    #[arg(long, exclusive = true)]
    pub show_default: bool,

    /// Count only, and write no pairs
    #[arg(long, conflicts_with_all = ["output", "rejects"])]
    pub dry_run: bool,

    /// Print the account as JSON on standard output (the pairs go to -o, or nowhere)
    #[arg(long)]
    pub json: bool,

    /// End with exit code 4 where a smaller share of the pairs than this is kept, 0 to 1
    #[arg(long, value_name = "SHARE")]
    pub fail_under: Option<f64>,
}
