//! The part of a plan that describes how pairs are rated.

use std::path::{Path, PathBuf};

use nasaq_encoder::Precision;
use nasaq_formats::{OutputTarget, TextEncoding};
use nasaq_job::UserLexicon;
use nasaq_kernels::Kernel;
use nasaq_quality::{LengthProfile, QualityModel};

use super::{output_target, read_settings};
use crate::args::RatingArgs;
use crate::failure::Failure;

/// How pairs are rated.
#[derive(Debug)]
pub(crate) struct RatingPlan {
    pub(crate) with_encoder: bool,
    pub(crate) with_duplicates: bool,
    pub(crate) profile: Option<LengthProfile>,
    pub(crate) write_profile: Option<OutputTarget>,
    pub(crate) test_sets: Vec<PathBuf>,
    /// The encoding of the test sets, if it is named.
    pub(crate) test_set_encoding: Option<TextEncoding>,
    pub(crate) lexicons: Vec<UserLexicon>,
    pub(crate) model: Option<QualityModel>,
    pub(crate) threads: Option<usize>,
    pub(crate) precision: Precision,
    pub(crate) kernel: Kernel,
}

impl RatingPlan {
    pub(crate) fn new(args: &RatingArgs) -> anyhow::Result<Self> {
        let profile = args.profile.as_deref().map(read_profile).transpose()?;
        let write_profile = args.write_profile.as_deref();
        let write_profile = write_profile.map(|path| output_target(Some(path))).transpose()?;
        if profile.is_some() && write_profile.is_some() {
            return Err(Failure::usage(
                "--profile reads typical lengths, but --write-profile measures them",
            )
            .hint("omit one of them")
            .into());
        }
        let kernel = nasaq_job::kernel(args.kernel)?;
        let with_encoder = !args.no_encoder;
        let model = args.quality_model.as_deref().map(|path| read_model(path, with_encoder));
        let lexicons = args.lexicon.iter().map(|path| UserLexicon::read(path));
        Ok(Self {
            with_encoder,
            with_duplicates: !args.no_duplicates,
            profile,
            write_profile,
            model: model.transpose()?,
            test_sets: args.test_set.clone(),
            test_set_encoding: args.test_set_encoding,
            lexicons: lexicons.collect::<Result<_, _>>()?,
            threads: args.threads.map(usize::from),
            precision: args.precision,
            kernel,
        })
    }

    /// Returns whether the corpus must be measured before its pairs are rated.
    pub(crate) fn needs_two_passes(&self) -> bool {
        self.profile.is_none() || self.with_duplicates || self.write_profile.is_some()
    }
}

fn read_model(path: &Path, with_encoder: bool) -> Result<QualityModel, Failure> {
    let hint = "omit --quality-model to use the built-in model";
    let text = read_settings(path).map_err(|error| Failure::from(error).hint(hint))?;
    QualityModel::from_toml(&text, with_encoder)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())).hint(hint))
}

fn read_profile(path: &Path) -> Result<LengthProfile, Failure> {
    let hint = "create a profile with --write-profile";
    let text = read_settings(path).map_err(|error| Failure::from(error).hint(hint))?;
    toml::from_str(&text).map_err(|error| {
        let text = format!("{}: this is not a length profile: {}", path.display(), error.message());
        Failure::input(text).hint(hint)
    })
}
