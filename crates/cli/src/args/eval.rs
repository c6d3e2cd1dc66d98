//! Arguments of `nasaq eval`.

use std::path::PathBuf;

const EVAL_EXAMPLES: &str = "\
Examples:
  nasaq eval --gold gold.ladder --test test.ladder --by-type
  nasaq eval --gold gold/ --test out/ --json
  nasaq eval --gold gold/ --test out/ --fail-under 0.95

Strict: a bead is correct if both of its sides equal those of a gold bead. Lax: a bead is correct if
it shares a source segment and a target segment with a gold bead. Precision counts null beads,
recall does not. Counts are summed over all documents before dividing. These are the definitions of
vecalign's scorer.";

/// Arguments of `nasaq eval`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EVAL_EXAMPLES)]
pub struct EvalArgs {
    /// The gold ladder, or a folder of gold ladders
    #[arg(long, value_name = "PATH")]
    pub gold: PathBuf,

    /// The ladder to evaluate, or a folder of ladders with the same file names as the gold; the
    /// output folder of `nasaq align --corpus --to ladder` is one
    #[arg(long, value_name = "PATH")]
    pub test: PathBuf,

    /// Also print a row per bead kind
    #[arg(long)]
    pub by_type: bool,

    /// Print JSON: counts and ratios per document, per kind and in total
    #[arg(long)]
    pub json: bool,

    /// Exit with code 4 if the strict F1 over all documents is below this, 0 to 1
    #[arg(long, value_name = "F1", value_parser = super::share)]
    pub fail_under: Option<f64>,
}
