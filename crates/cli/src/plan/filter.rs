//! The plan of `nasaq filter`.

use std::path::{Path, PathBuf};

use nasaq_quality::Filters;

use super::{BitextPlan, RatingPlan, read_settings};
use crate::args::FilterArgs;
use crate::failure::Failure;
use crate::formats::PairsOutput;
use crate::paths::CommandPaths;

/// What `nasaq filter` will do.
#[derive(Debug)]
pub(crate) struct FilterPlan {
    pub(crate) bitext: BitextPlan,
    pub(crate) rating: RatingPlan,
    pub(crate) filters: Filters,
    /// The file of the filters; `None` means the default filters.
    pub(crate) filters_file: Option<PathBuf>,
    pub(crate) output: PairsOutput,
    pub(crate) rejects: Option<PairsOutput>,
    pub(crate) dry_run: bool,
    pub(crate) json: bool,
    pub(crate) fail_under: Option<f64>,
}

impl FilterPlan {
    pub(crate) fn new(args: FilterArgs, paths: &CommandPaths) -> anyhow::Result<Self> {
        let bitext = BitextPlan::new(args.bitext)?;
        let filters = args.filters.as_deref().map(read_filters).transpose()?.unwrap_or_default();
        let output = bitext.output("-o", args.output.as_deref(), paths)?;
        if args.json && output.target.is_stdout() && !args.dry_run {
            return Err(Failure::usage("--json prints the counts on standard output")
                .hint("write the pairs to a file with -o, or only count them with --dry-run")
                .into());
        }
        let rejects = args.rejects.as_deref();
        let rejects =
            rejects.map(|path| bitext.output("--rejects", Some(path), paths)).transpose()?;
        Ok(Self {
            rating: RatingPlan::new(&args.rating)?,
            filters,
            filters_file: args.filters,
            output,
            rejects,
            dry_run: args.dry_run,
            json: args.json,
            fail_under: args.fail_under,
            bitext,
        })
    }
}

/// Reads a filter file.
pub(super) fn read_filters(path: &Path) -> Result<Filters, Failure> {
    let text = read_settings(path).map_err(|error| {
        Failure::from(error).hint("start from `nasaq filter --show-default > filters.toml`")
    })?;
    Filters::from_toml(&text).map_err(|error| {
        Failure::input(format!("{}: {error}", path.display())).hint(
            "docs/quality.md describes filters; `nasaq filter --show-default` prints examples",
        )
    })
}
