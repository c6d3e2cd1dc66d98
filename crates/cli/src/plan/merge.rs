//! The plan of `nasaq merge`.

use nasaq_formats::OutputTarget;

use super::{BitextPlan, output_target};
use crate::args::{Keep, MergeArgs};
use crate::formats::PairsOutput;
use crate::paths::CommandPaths;

/// What `nasaq merge` will do.
#[derive(Debug)]
pub(crate) struct MergePlan {
    pub(crate) bitext: BitextPlan,
    pub(crate) output: PairsOutput,
    pub(crate) keep: Keep,
    pub(crate) conflicts: Option<OutputTarget>,
}

impl MergePlan {
    pub(crate) fn new(args: MergeArgs, paths: &CommandPaths) -> anyhow::Result<Self> {
        let bitext = BitextPlan::new(args.bitext)?;
        let conflicts = args.conflicts.as_deref();
        Ok(Self {
            output: bitext.output("-o", args.output.as_deref(), paths)?,
            keep: args.keep,
            conflicts: conflicts.map(|path| output_target(Some(path))).transpose()?,
            bitext,
        })
    }
}
