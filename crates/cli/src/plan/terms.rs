//! The plan of `nasaq terms`.

use std::path::Path;

use nasaq::TermSettings;
use nasaq_formats::{OutputTarget, TermFormat};
use nasaq_job::UserLexicon;

use super::{BitextPlan, output_target};
use crate::args::{TermsArgs, TermsFormat};
use crate::inputs::{NamedFiles, bitexts, named_files};

/// What `nasaq terms` will do.
#[derive(Debug)]
pub(crate) struct TermsPlan {
    pub(crate) bitext: BitextPlan,
    pub(crate) target: OutputTarget,
    pub(crate) format: TermFormat,
    pub(crate) settings: TermSettings,
    pub(crate) only_new: bool,
    pub(crate) lexicons: Vec<UserLexicon>,
}

impl TermsPlan {
    pub(crate) fn new(args: TermsArgs) -> anyhow::Result<Self> {
        let NamedFiles { files, skipped } = named_files(&args.inputs)?;
        let sources = bitexts(files, args.reading.from)?;
        let bitext = BitextPlan::of_sources(sources, args.reading, None, false)?;
        let mut settings = TermSettings::default();
        settings.min_count = args.min_count;
        settings.max_words = args.max_words;
        settings.min_score = args.min_score;
        let lexicons = args.lexicon.iter().map(|path| UserLexicon::read(path));
        Ok(Self {
            bitext: BitextPlan { skipped, ..bitext },
            format: format(args.to, args.output.as_deref()),
            target: output_target(args.output.as_deref())?,
            settings,
            only_new: args.new,
            lexicons: lexicons.collect::<Result<_, _>>()?,
        })
    }
}

fn format(to: Option<TermsFormat>, output: Option<&Path>) -> TermFormat {
    let is_tbx =
        || output.and_then(Path::extension).is_some_and(|end| end.eq_ignore_ascii_case("tbx"));
    match to {
        Some(TermsFormat::Tbx) => TermFormat::Tbx,
        None if is_tbx() => TermFormat::Tbx,
        Some(TermsFormat::Tsv) | None => TermFormat::Tsv,
    }
}
