//! Arguments of `nasaq merge`.

use std::path::PathBuf;

use super::score::BitextArgs;

const MERGE_EXAMPLES: &str = "\
Examples:
  nasaq merge old.tmx new.tmx -o memory.tmx
  nasaq merge 'memories/*.tmx' extra.tsv -o all.tmx --conflicts conflicts.tsv
  nasaq merge scored/ -o best.tmx --keep best

Duplicates are pairs whose texts have the same letters and numbers: case, punctuation, spaces and
tashkeel do not count. Of each, one pair is written, in the place where it stands. Conflicts are
pairs of one source with different targets: all are written, counted, and listed with --conflicts.

Units of a TMX are copied as they are, with codes, notes, dates and authors. The file begins as the
first one does. The bitexts are read twice; memory is about 60 bytes per different pair.";

/// Which pair of duplicates is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Keep {
    /// The one that was changed last, by the dates of the memory; without dates, the first
    #[default]
    Newest,
    /// The one with the highest quality, or otherwise probability; without either, the first
    Best,
    /// The first
    First,
}

/// Arguments of `nasaq merge`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = MERGE_EXAMPLES)]
pub struct MergeArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub bitext: BitextArgs,

    /// Write to this file instead of standard output; nothing is written if the command fails
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Which pair of duplicates to keep
    #[arg(
        long,
        value_name = "newest|best|first",
        default_value = "newest",
        hide_default_value = false
    )]
    pub keep: Keep,

    /// List sources with different targets in this file, TSV
    #[arg(long, value_name = "FILE")]
    pub conflicts: Option<PathBuf>,
}
