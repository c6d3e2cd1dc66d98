//! The command line of nasaq: [`Args`] are what was typed, [`run`] runs them, [`explain`] words an
//! error, and [`main_with`] is all of it: the program, as the binary and the Python package start it.
//!
//! A command turns its arguments into a checked plan, so that a wrong command line is reported before
//! any work, and then runs the plan. Data goes to standard output or to `-o`, everything else to
//! standard error. The work itself is done by the packages below: this one parses, words and prints.
#![forbid(unsafe_code)]

mod anchors;
mod arenas;
mod args;
mod bitext;
mod command;
mod corpus_output;
mod failure;
mod findings;
mod formats;
mod inputs;
mod message_style;
mod output_names;
mod paths;
mod plan;
mod printer;
mod process;
mod progress;
mod rating;
mod remedy;
mod reviewed_output;
mod settings;
mod shown;
mod signals;
mod size;
mod table;
mod version;

pub use args::{
    AlignArgs, Args, BitextArgs, Command, CompletionsArgs, ConvertArgs, EvalArgs, FilterArgs, Keep,
    ManArgs, MergeArgs, OutputFormat, PairArgs, RatingArgs, ReadingArgs, ReportArgs, ReviewArgs,
    ScoreArgs, SegmentArgs, SegmentFormat, TermsArgs, TermsFormat, parse_args,
};
pub use failure::{ExitStatus, Failure, explain};
pub use message_style::MessageStyle;
pub use process::main_with;

/// The example of the README, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../repository.md")]
struct Readme;

/// Runs a command.
///
/// # Errors
/// Any error of the command; [`explain`] returns its text and its exit status. An output file is then
/// not written.
pub fn run(args: Args) -> anyhow::Result<ExitStatus> {
    let printer = printer::Printer::new(args.quiet);
    let paths = paths::CommandPaths::of(&args.command);
    paths.check()?;
    match args.command {
        Command::Align(args) if args.corpus => {
            command::corpus::run(&command::corpus::AlignCorpusPlan::new(&args, &paths)?, printer)
        }
        Command::Align(args) if args.jsonl => {
            command::stream::run(&command::stream::AlignStreamPlan::new(&args)?, printer)
        }
        Command::Align(args) => command::align::run(&plan::AlignPlan::new(args, &paths)?, printer),
        Command::Pair(args) => command::pair::run(&command::pair::PairPlan::new(args)?, printer),
        Command::Review(args) => {
            command::review::run(&command::review::ReviewPlan::new(*args)?, printer)
        }
        Command::Segment(args) => command::segment::run(&plan::SegmentPlan::new(args)?, printer),
        Command::Score(args) => command::score::run(&plan::ScorePlan::new(*args, &paths)?, printer),
        Command::Filter(args) if args.show_default => command::filter::show_default(),
        Command::Filter(args) => {
            command::filter::run(&plan::FilterPlan::new(*args, &paths)?, printer)
        }
        Command::Convert(args) => {
            command::convert::run(&plan::ConvertPlan::new(*args, &paths)?, printer)
        }
        Command::Merge(args) => command::merge::run(&plan::MergePlan::new(*args, &paths)?, printer),
        Command::Terms(args) => command::terms::run(&plan::TermsPlan::new(*args)?, printer),
        Command::Report(args) => command::report::run(&plan::ReportPlan::new(*args)?, printer),
        Command::Eval(args) => command::eval::run(&plan::EvalPlan::new(args)?, printer),
        Command::Completions(args) => command::completions::run(&args),
        Command::Man(args) => command::man::run(&args, printer),
    }
}
