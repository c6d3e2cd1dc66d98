//! The command line: the arguments of every command, as typed and not yet checked.

use clap::{Parser, Subcommand};

pub(crate) mod align;
pub(crate) mod convert;
pub(crate) mod document;
pub(crate) mod eval;
pub(crate) mod merge;
pub(crate) mod pair;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod score;
pub(crate) mod segment;

pub(crate) use align::TABLE;
pub use align::{AlignArgs, OutputFormat};
pub use convert::ConvertArgs;
pub(crate) use document::encoding;
pub use eval::EvalArgs;
pub use merge::{Keep, MergeArgs};
pub use pair::PairArgs;
pub use report::ReportArgs;
pub use review::ReviewArgs;
pub use score::{BitextArgs, FilterArgs, RatingArgs, ReadingArgs, ScoreArgs};
pub use segment::{SegmentArgs, SegmentFormat};

const EXAMPLES: &str = "\
Examples:
  nasaq align story.ar.txt story.en.txt              show an alignment in the terminal
  nasaq align story.ar.txt story.en.txt -o story.tmx write a translation memory
  nasaq align --corpus ar/ en/ -o out/               align all documents of two folders
  nasaq review story.ar.txt story.en.txt             correct an alignment in the browser
  nasaq pair ar/ en/ -o manifest.tsv                 find which files belong together
  nasaq segment story.ar.txt --lang ar               print one sentence per line
  nasaq score corpus.tsv -o scored.tsv               rate each pair of a bitext
  nasaq report corpus.tsv -o report.html             describe a corpus on one page
  nasaq filter corpus.tsv -o good.tsv                keep the good pairs and count the others
  nasaq convert memory.tmx -o memory.tsv             convert a bitext to another format
  nasaq merge old.tmx new.tmx -o memory.tmx          join bitexts without duplicates
  nasaq eval --gold gold.ladder --test test.ladder   compute precision, recall and F1

Exit codes: 0 success, 1 failure, 2 invalid usage, 3 unusable input, 4 below --fail-under";

/// Aligns Arabic text with its English translation, sentence by sentence, with calibrated
/// probabilities.
#[derive(Clone, Debug, Parser)]
#[command(name = "nasaq", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Args {
    /// The command to run
    #[command(subcommand)]
    pub command: Command,

    /// Print no warnings, notes or summaries; errors are still printed
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Align the sentences of a document with those of its translation
    Align(AlignArgs),
    /// Find which files of two folders are translations of each other
    Pair(PairArgs),
    /// Correct an alignment on a page in the browser; the rest is aligned again around each correction
    Review(Box<ReviewArgs>),
    /// Split a document into sentences
    Segment(SegmentArgs),
    /// Rate each pair of a bitext, with reasons
    Score(Box<ScoreArgs>),
    /// Convert a bitext to another format: TMX, XLIFF, tables, JSON Lines, Moses, HTML and more
    Convert(Box<ConvertArgs>),
    /// Join bitexts to one without duplicates, and list what they translate differently
    Merge(Box<MergeArgs>),
    /// Keep the good pairs of a bitext, and count what each filter rejects
    Filter(Box<FilterArgs>),
    /// Describe a corpus: a page, JSON, or a summary in the terminal
    Report(Box<ReportArgs>),
    /// Compare alignments with gold alignments: strict and lax precision, recall and F1
    Eval(EvalArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn argument_definitions_are_valid() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_minimum_score_of_a_pair_has_two_names() {
        for name in ["--threshold", "--min-score"] {
            let args = Args::try_parse_from(["nasaq", "pair", "ar", "en", name, "0.75"]);
            let Ok(Args { command: Command::Pair(args), .. }) = args else {
                panic!("{name}: {args:?}");
            };
            assert!((args.threshold - 0.75).abs() < f32::EPSILON, "{name}");
        }
    }

    #[test]
    fn no_example_is_wrapped_by_clap() {
        let program = Args::command();
        for command in program.get_subcommands().chain([&program]) {
            let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in examples.lines() {
                assert!(line.chars().count() <= 100, "{}: {line}", command.get_name());
            }
        }
    }
}
