//! The command line of nasaq: [`Args`] as typed, [`run`] does them, [`explain`] words a failure.
//!
//! A command goes from its arguments to a checked plan, which opens nothing but has looked at
//! everything that could be wrong with the command line, then to the work, then to the printer.
//! Data goes to standard output or to `-o`, everything else to standard error.
#![forbid(unsafe_code)]

mod anchors;
mod args;
mod check;
mod command;
mod corpus;
mod engine;
mod failure;
mod findings;
mod formats;
mod lexicon;
mod plan;
mod printer;
mod remedy;
mod scoring;
mod settings;
mod table;

pub use args::{
    AlignArgs, Args, BitextArgs, Command, ConvertArgs, EvalArgs, FilterArgs, OutputFormat,
    PairArgs, RatingArgs, ReadingArgs, ReportArgs, ScoreArgs, SegmentArgs, SegmentFormat,
};
pub use failure::{ExitStatus, Failure, explain};

/// The README's example, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// Does what the arguments say.
///
/// # Errors
/// Whatever went wrong; [`explain`] gives its text and its exit status. Nothing is written to an
/// output file then.
pub fn run(args: Args) -> anyhow::Result<ExitStatus> {
    let printer = printer::Printer::new(args.quiet);
    match args.command {
        Command::Align(args) if args.corpus => {
            command::corpus::run(&corpus::CorpusPlan::new(args)?, printer)
        }
        Command::Align(args) if args.jsonl => {
            corpus::stream(&corpus::StreamPlan::new(&args)?, printer)
        }
        Command::Align(args) => command::align::run(&plan::AlignPlan::new(args)?, printer),
        Command::Pair(args) => command::pair::run(&command::pair::PairPlan::new(args)?, printer),
        Command::Segment(args) => command::segment::run(&plan::SegmentPlan::new(args)?, printer),
        Command::Score(args) => command::score::run(&plan::score::ScorePlan::new(*args)?, printer),
        Command::Filter(args) if args.show_default => command::filter::show_default(),
        Command::Filter(args) => {
            command::filter::run(&plan::score::FilterPlan::new(*args)?, printer)
        }
        Command::Convert(args) => {
            command::convert::run(&plan::convert::ConvertPlan::new(*args)?, printer)
        }
        Command::Report(args) => {
            command::report::run(&plan::report::ReportPlan::new(*args)?, printer)
        }
        Command::Eval(args) => command::eval::run(&plan::EvalPlan::new(args)?, printer),
    }
}
