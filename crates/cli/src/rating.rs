//! Ratings of the pairs of a bitext, as `nasaq score`, `nasaq filter` and `nasaq report` need them.

use std::io::Write;
use std::sync::Arc;

use nasaq::{Encoder, Lexicon};
use nasaq_encoder::CnnEncoder;
use nasaq_formats::{BitextInput, BitextRow, Output};
use nasaq_job::{ModelSource, UserLexicon, load_encoder};
use nasaq_quality::{CorpusProfile, CorpusScorer, HeldOutTexts, LengthProfile, QualityScorer};

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

/// Creates the scorer of a bitext, which reads it once where duplicates or lengths are measured, and
/// returns what was measured.
pub(crate) fn corpus_scorer<'e>(
    plan: &RatingPlan,
    bitext: &CorpusInput,
    encoder: Option<&'e CnnEncoder>,
) -> anyhow::Result<(CorpusScorer<'e>, LengthProfile)> {
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
    let profile = profile(plan, bitext)?;
    let lengths = profile.lengths.clone();
    let scorer = CorpusScorer::new(scorer, profile);
    let scorer = match test_set {
        Some(texts) => scorer.test_set(texts),
        None => scorer,
    };
    Ok((scorer, lengths))
}

/// Writes the profile of `--write-profile`, if it is set. The caller commits it.
pub(crate) fn write_profile(
    plan: &RatingPlan,
    lengths: &LengthProfile,
) -> anyhow::Result<Option<Output>> {
    let Some(target) = &plan.write_profile else { return Ok(None) };
    let text = toml::to_string(lengths).map_err(|error| Failure::input(error.to_string()))?;
    let mut out = target.open_among_others()?;
    out.write_all(text.as_bytes())?;
    Ok(Some(out))
}

/// Reads the texts of all test sets.
fn test_set(plan: &RatingPlan) -> anyhow::Result<Option<HeldOutTexts>> {
    if plan.test_sets.is_empty() {
        return Ok(None);
    }
    let mut texts = HeldOutTexts::default();
    for path in &plan.test_sets {
        for row in BitextInput::file(path).with_encoding(plan.test_set_encoding).open()? {
            let row = row?;
            texts.add(&row.src);
            texts.add(&row.tgt);
        }
    }
    Ok(Some(texts))
}

/// Measures the corpus as far as the options need it.
fn profile(plan: &RatingPlan, bitext: &CorpusInput) -> anyhow::Result<CorpusProfile> {
    if !plan.needs_two_passes() {
        return Ok(CorpusProfile::from_lengths(plan.profile.clone().unwrap_or_default()));
    }
    let rows = bitext.rows_with_bar("measuring", None)?;
    let mut profile = CorpusProfile::measure(rows, |row| bitext.pair(row), plan.with_duplicates)?;
    if let Some(lengths) = &plan.profile {
        profile.lengths = lengths.clone();
    }
    Ok(profile)
}
