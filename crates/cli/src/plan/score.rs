//! What the arguments of `nasaq score` and `nasaq filter` mean.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use nasaq::Language;
use nasaq_encoder::Precision;
use nasaq_formats::{BitextInput, Format, OutputTarget, TextColumns};
use nasaq_job::UserLexicon;
use nasaq_kernels::Kernel;
use nasaq_quality::{Filters, LengthProfile, QualityModel};

use super::{Input, output};
use crate::args::score::{BitextArgs, FilterArgs, RatingArgs, ScoreArgs};
use crate::failure::Failure;
use crate::formats::PairsOutput;
use crate::scoring::columns::is_column;
use crate::settings::language_tag;

/// A bitext to read.
#[derive(Clone, Debug)]
pub(crate) struct BitextPlan {
    /// Where standard input is to be read, the path is `-`.
    pub(crate) source: BitextInput,
    pub(crate) src_lang: Option<Language>,
    pub(crate) skip_bad: bool,
    pub(crate) to: Option<Format>,
}

impl BitextPlan {
    pub(crate) fn new(args: BitextArgs) -> Result<Self, Failure> {
        let input = args.input.ok_or_else(|| {
            Failure::usage("no bitext is named").hint("name a file, or - for standard input")
        })?;
        if args.tgt.as_deref() == Some(Path::new("-"))
            || args.tgt.is_some() && input == Path::new("-")
        {
            return Err(Failure::usage("a pair of files of lines is read from files")
                .hint("write standard input to a file first"));
        }
        let one_file = |from: Format| from != Format::Moses;
        if args.tgt.is_some() && args.reading.from.is_some_and(one_file) {
            return Err(Failure::usage("two files are read as lines, and --from names a format")
                .hint("leave --from out, or give one file"));
        }
        let src_lang = args
            .reading
            .src_lang
            .map(|lang| language_tag("--src-lang", &lang).map(|tag| tag.language))
            .transpose()?;
        Ok(Self {
            source: BitextInput {
                path: input,
                more: args.tgt.into_iter().collect(),
                format: args.reading.from,
                columns: TextColumns {
                    src: args.reading.src_column,
                    tgt: args.reading.tgt_column,
                    escaped: None,
                },
                languages: [None, None],
                name: None,
            },
            src_lang,
            skip_bad: args.reading.skip_bad,
            to: args.to,
        })
    }

    pub(crate) fn is_stdin(&self) -> bool {
        self.source.path == Path::new("-")
    }

    fn inputs(&self) -> Vec<Input> {
        let paths = std::iter::once(&self.source.path).chain(&self.source.more);
        paths.map(|path| Input::new(path.clone())).collect()
    }

    /// Checks where pairs that are read from here go to.
    fn output(&self, path: Option<&Path>) -> Result<PairsOutput, Failure> {
        PairsOutput::new(path, self.to, self.inputs())
    }
}

/// How pairs are rated.
#[derive(Debug)]
pub(crate) struct RatingPlan {
    pub(crate) with_encoder: bool,
    pub(crate) with_duplicates: bool,
    pub(crate) profile: Option<LengthProfile>,
    pub(crate) write_profile: Option<OutputTarget>,
    pub(crate) test_sets: Vec<PathBuf>,
    pub(crate) lexicons: Vec<UserLexicon>,
    pub(crate) model: Option<QualityModel>,
    pub(crate) threads: Option<usize>,
    pub(crate) precision: Precision,
    pub(crate) kernel: Kernel,
}

impl RatingPlan {
    pub(crate) fn new(args: &RatingArgs, bitext: &BitextPlan) -> anyhow::Result<Self> {
        let profile = args.profile.as_deref().map(read_profile).transpose()?;
        let inputs = bitext.inputs();
        let write_profile = args
            .write_profile
            .as_deref()
            .map(|path| output(Some(path), &inputs.iter().collect::<Vec<_>>()))
            .transpose()?;
        if profile.is_some() && write_profile.is_some() {
            return Err(Failure::usage(
                "--profile takes lengths and --write-profile measures them",
            )
            .hint("leave one of them out")
            .into());
        }
        let kernel = match args.kernel {
            None => Kernel::detect(),
            Some(isa) => Kernel::new(isa).ok_or_else(|| {
                Failure::usage(format!("this processor has no {isa}"))
                    .hint("leave --kernel out to use the best that it has")
            })?,
        };
        Ok(Self {
            with_encoder: !args.no_encoder,
            with_duplicates: !args.no_duplicates,
            profile,
            write_profile,
            model: args
                .quality_model
                .as_deref()
                .map(|path| read_model(path, !args.no_encoder))
                .transpose()?,
            test_sets: args.test_set.clone(),
            lexicons: args
                .lexicon
                .iter()
                .map(|path| UserLexicon::read(path))
                .collect::<Result<_, _>>()?,
            threads: args.threads.map(usize::from),
            precision: args.precision,
            kernel,
        })
    }

    /// Tells whether the corpus must be looked through before its pairs are rated.
    pub(crate) fn needs_two_passes(&self) -> bool {
        self.profile.is_none() || self.with_duplicates || self.write_profile.is_some()
    }
}

fn read_model(path: &Path, with_encoder: bool) -> Result<QualityModel, Failure> {
    let hint = "leave --quality-model out to use the model inside the program";
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())).hint(hint))?;
    QualityModel::from_toml(&text, with_encoder)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())).hint(hint))
}

fn read_profile(path: &Path) -> Result<LengthProfile, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::input(format!("{}: {error}", path.display())).hint("make one with --write-profile")
    })?;
    toml::from_str(&text).map_err(|error| {
        Failure::input(format!("{}: this is no profile: {}", path.display(), error.message()))
            .hint("make one with --write-profile")
    })
}

/// What `nasaq score` will do.
#[derive(Debug)]
pub(crate) struct ScorePlan {
    pub(crate) bitext: BitextPlan,
    pub(crate) rating: RatingPlan,
    pub(crate) columns: Option<BTreeSet<String>>,
    pub(crate) explain: BTreeSet<u64>,
    pub(crate) output: PairsOutput,
    pub(crate) json: bool,
}

impl ScorePlan {
    pub(crate) fn new(args: ScoreArgs) -> anyhow::Result<Self> {
        let bitext = BitextPlan::new(args.bitext)?;
        if let Some(unknown) = args.columns.iter().find(|name| !is_column(name)) {
            return Err(Failure::usage(format!("--columns: no column is called \"{unknown}\""))
                .hint("quality, reasons, and the features of docs/quality.md")
                .into());
        }
        let output = bitext.output(args.output.as_deref())?;
        if args.json && output.target.is_stdout() {
            return Err(Failure::usage("--json prints the summary on standard output")
                .hint("write the pairs to a file with -o")
                .into());
        }
        Ok(Self {
            rating: RatingPlan::new(&args.rating, &bitext)?,
            columns: (!args.columns.is_empty()).then(|| args.columns.into_iter().collect()),
            explain: args.explain.into_iter().collect(),
            output,
            json: args.json,
            bitext,
        })
    }
}

/// What `nasaq filter` will do.
#[derive(Debug)]
pub(crate) struct FilterPlan {
    pub(crate) bitext: BitextPlan,
    pub(crate) rating: RatingPlan,
    pub(crate) filters: Filters,
    /// Where they are from, if not from inside the program.
    pub(crate) filters_file: Option<PathBuf>,
    pub(crate) output: PairsOutput,
    pub(crate) rejects: Option<PairsOutput>,
    pub(crate) dry_run: bool,
    pub(crate) json: bool,
    pub(crate) fail_under: Option<f64>,
}

impl FilterPlan {
    pub(crate) fn new(args: FilterArgs) -> anyhow::Result<Self> {
        let bitext = BitextPlan::new(args.bitext)?;
        let filters = match &args.filters {
            None => Filters::default(),
            Some(path) => read_filters(path)?,
        };
        if args.fail_under.is_some_and(|bar| !(0.0..=1.0).contains(&bar)) {
            return Err(Failure::usage("--fail-under is not between 0 and 1").into());
        }
        let output = bitext.output(args.output.as_deref())?;
        if args.json && output.target.is_stdout() && !args.dry_run {
            return Err(Failure::usage("--json prints the account on standard output")
                .hint("write the pairs to a file with -o, or count only with --dry-run")
                .into());
        }
        let rejects = args.rejects.as_deref().map(|path| bitext.output(Some(path))).transpose()?;
        if let Some(rejects) = &rejects
            && rejects.target == output.target
        {
            return Err(Failure::usage("kept and rejected pairs go to the same place")
                .hint("give -o and --rejects different names")
                .into());
        }
        Ok(Self {
            rating: RatingPlan::new(&args.rating, &bitext)?,
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

pub(crate) fn read_filters(path: &Path) -> Result<Filters, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::input(format!("{}: {error}", path.display()))
            .hint("start from `nasaq filter --show-default > filters.toml`")
    })?;
    Filters::from_toml(&text).map_err(|error| {
        Failure::input(format!("{}: {error}", path.display())).hint(
            "docs/quality.md tells what a filter may say; `nasaq filter --show-default` shows some",
        )
    })
}
