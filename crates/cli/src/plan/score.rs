//! The plan of `nasaq score`.

use std::collections::BTreeSet;

use super::{BitextPlan, RatingPlan};
use crate::args::ScoreArgs;
use crate::failure::Failure;
use crate::formats::PairsOutput;
use crate::paths::CommandPaths;
use crate::rating::columns::is_rating_column;

/// What `nasaq score` will do.
#[derive(Debug)]
pub(crate) struct ScorePlan {
    pub(crate) bitext: BitextPlan,
    pub(crate) rating: RatingPlan,
    /// The columns to add; `None` means all.
    pub(crate) columns: Option<BTreeSet<String>>,
    /// The pairs to explain, by position from 1.
    pub(crate) explain: BTreeSet<u64>,
    pub(crate) output: PairsOutput,
    pub(crate) json: bool,
}

impl ScorePlan {
    pub(crate) fn new(args: ScoreArgs, paths: &CommandPaths) -> anyhow::Result<Self> {
        let bitext = BitextPlan::new(args.bitext)?;
        if let Some(unknown) = args.columns.iter().find(|name| !is_rating_column(name)) {
            return Err(Failure::usage(format!("--columns: there is no column \"{unknown}\""))
                .hint("use quality, reasons, and the features of docs/quality.md")
                .into());
        }
        let output = bitext.output("-o", args.output.as_deref(), paths)?;
        if args.json && output.target.is_stdout() {
            return Err(Failure::usage("--json prints the summary on standard output")
                .hint("write the pairs to a file with -o")
                .into());
        }
        Ok(Self {
            rating: RatingPlan::new(&args.rating)?,
            columns: (!args.columns.is_empty()).then(|| args.columns.into_iter().collect()),
            explain: args.explain.into_iter().collect(),
            output,
            json: args.json,
            bitext,
        })
    }
}
