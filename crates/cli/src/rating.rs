//! Ratings of the pairs of a bitext, as `nasaq score`, `nasaq filter` and `nasaq report` need them.

use std::io::Write;
use std::sync::Arc;

use nasaq::{Encoder, Lexicon};
use nasaq_encoder::CnnEncoder;
use nasaq_formats::{BitextInput, BitextRow};
use nasaq_job::{ModelSource, UserLexicon, load_encoder};
use nasaq_quality::{CorpusProfile, CorpusScorer, HeldOutTexts, QualityScorer};

use crate::bitext::CorpusInput;
use crate::failure::Failure;
use crate::plan::RatingPlan;

pub(crate) mod columns;

/// A row of a bitext with its rating.
pub(crate) type RatedBitextRow = nasaq_quality::RatedRow<BitextRow>;

/// Loads the encoder, if pairs are rated with one.
pub(crate) fn encoder(plan: &RatingPlan) -> anyhow::Result<Option<Arc<CnnEncoder>>> {
    let load = || load_encoder(&ModelSource::Builtin, plan.precision, plan.kernel);
    Ok(plan.with_encoder.then(load).transpose()?)
}

/// Creates the scorer of a bitext, which reads it once where duplicates or lengths are measured.
pub(crate) fn corpus_scorer<'e>(
    plan: &RatingPlan,
    bitext: &CorpusInput,
    encoder: Option<&'e CnnEncoder>,
) -> anyhow::Result<CorpusScorer<'e>> {
    let encoder = encoder.map(|encoder| encoder as &dyn Encoder);
    let lexicon = if plan.lexicons.is_empty() {
        Lexicon::builtin()
    } else {
        UserLexicon::add_to_builtin(&plan.lexicons)
    };
    let mut scorer = QualityScorer::new(lexicon, encoder).with_kernel(plan.kernel);
    if let Some(model) = &plan.model {
        scorer = scorer.with_model(model.clone());
    }
    let test_set = test_set(plan)?;
    let scorer = CorpusScorer::new(scorer, profile(plan, bitext)?);
    Ok(match test_set {
        Some(texts) => scorer.test_set(texts),
        None => scorer,
    })
}

/// Reads the texts of all test sets.
fn test_set(plan: &RatingPlan) -> anyhow::Result<Option<HeldOutTexts>> {
    if plan.test_sets.is_empty() {
        return Ok(None);
    }
    let mut texts = HeldOutTexts::default();
    for path in &plan.test_sets {
        for row in BitextInput::file(path).open()? {
            let row = row?;
            texts.add(&row.src);
            texts.add(&row.tgt);
        }
    }
    Ok(Some(texts))
}

/// Measures the corpus as far as the options need it, and writes its profile if `--write-profile`
/// is set.
fn profile(plan: &RatingPlan, bitext: &CorpusInput) -> anyhow::Result<CorpusProfile> {
    if !plan.needs_two_passes() {
        return Ok(CorpusProfile::from_lengths(plan.profile.clone().unwrap_or_default()));
    }
    let mut profile =
        CorpusProfile::measure(bitext.rows()?, |row| bitext.pair(row), plan.with_duplicates)?;
    if let Some(target) = &plan.write_profile {
        let mut out = target.open()?;
        let text =
            toml::to_string(&profile.lengths).map_err(|error| Failure::input(error.to_string()))?;
        out.write_all(text.as_bytes())?;
        out.commit()?;
    }
    if let Some(lengths) = &plan.profile {
        profile.lengths = lengths.clone();
    }
    Ok(profile)
}
