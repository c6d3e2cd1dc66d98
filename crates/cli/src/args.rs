//! The command line: the arguments of every command, as typed and not yet checked.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

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
mod short_help;
pub(crate) mod terms;

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
pub use terms::{TermsArgs, TermsFormat};

/// The name of the program.
pub(crate) const PROGRAM: &str = "nasaq";

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

    /// Print errors only: no warnings, notes or summaries
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Colours: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto,
        hide_default_value = true, hide_possible_values = true)]
    pub color: ColorChoice,
}

/// Arguments of `nasaq completions`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  nasaq completions bash > ~/.local/share/bash-completion/completions/nasaq
  nasaq completions zsh > ~/.zfunc/_nasaq          a folder of $fpath
  nasaq completions fish > ~/.config/fish/completions/nasaq.fish")]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Arguments of `nasaq man`.
#[derive(Clone, Debug, clap::Args)]
pub struct ManArgs {
    /// The folder to write to; it is created if it does not exist
    pub folder: PathBuf,
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
    /// List candidates for a terminology: what a bitext translates alike again and again
    Terms(Box<TermsArgs>),
    /// Keep the good pairs of a bitext, and count what each filter rejects
    Filter(Box<FilterArgs>),
    /// Describe a corpus: a page, JSON, or a summary in the terminal
    Report(Box<ReportArgs>),
    /// Compare alignments with gold alignments: strict and lax precision, recall and F1
    Eval(EvalArgs),
    /// Print a script that completes commands and options in a shell
    Completions(CompletionsArgs),
    /// Write manual pages to a folder
    #[command(hide = true)]
    Man(ManArgs),
}

/// Returns the definition of the command line. `-h` of a command prints its common options on one
/// screen, `--help` prints all.
pub(crate) fn program() -> clap::Command {
    short_help::shorten(Args::command())
}

/// Parses a command line, whose first item is the name of the program.
///
/// The colours of help and errors follow `--color`, so it is looked for before the rest is parsed.
///
/// # Errors
/// If the command line is wrong, and if it asks for help or for the version.
pub fn parse_args(items: impl IntoIterator<Item = OsString>) -> Result<Args, clap::Error> {
    let items: Vec<OsString> = items.into_iter().collect();
    let color = requested_color(&items);
    color.write_global();
    let mut program = program();
    // Computing it takes longer than some commands.
    if items.iter().any(|item| item == "--version") {
        // clap takes text of the whole run. It is printed, and the program ends.
        let text: &str = crate::version::long_version().leak();
        program = program.long_version(text);
    }
    let matches = program.try_get_matches_from_mut(items)?;
    Args::from_arg_matches(&matches).map_err(|error| error.format(&mut program))
}

/// Returns the last value of `--color`. A wrong one is reported when all items are parsed.
fn requested_color(items: &[OsString]) -> anstream::ColorChoice {
    let mut values = items.iter().enumerate().filter_map(|(at, item)| match item.to_str()? {
        "--color" => items.get(at + 1)?.to_str(),
        item => item.strip_prefix("--color="),
    });
    match values.next_back() {
        Some("always") => anstream::ColorChoice::Always,
        Some("never") => anstream::ColorChoice::Never,
        _ => anstream::ColorChoice::Auto,
    }
}

/// Parses a share or an F1.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let value: Option<f64> = text.trim().parse().ok();
    value.filter(|value| (0.0..=1.0).contains(value)).ok_or_else(|| {
        let other = if text.contains('=') { "; NAME=VALUE is for `nasaq report`" } else { "" };
        format!("a number from 0 to 1 is expected{other}")
    })
}

/// Parses a probability.
pub(crate) fn probability(text: &str) -> Result<f32, String> {
    let value: Option<f32> = text.trim().parse().ok();
    value
        .filter(|value| (0.0..=1.0).contains(value))
        .ok_or_else(|| "a number from 0 to 1 is expected".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn argument_definitions_are_valid() {
        program().debug_assert();
    }

    #[test]
    fn colour_is_found_anywhere() {
        let of = |items: &[&str]| {
            let items: Vec<OsString> = items.iter().map(OsString::from).collect();
            requested_color(&items)
        };
        assert_eq!(of(&["nasaq", "align", "--color=always"]), anstream::ColorChoice::Always);
        assert_eq!(of(&["nasaq", "--color", "never", "align"]), anstream::ColorChoice::Never);
        assert_eq!(of(&["nasaq", "--color"]), anstream::ColorChoice::Auto);
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
