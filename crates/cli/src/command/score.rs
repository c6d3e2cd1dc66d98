//! `nasaq score`: adds quality, reasons and features to the pairs of a bitext.

use std::io::Write;

use nasaq_formats::Output;
use nasaq_job::Threads;
use nasaq_quality::{CorpusScorer, QualityModel};
use serde::Serialize;

use crate::bitext::{CorpusInput, count, warn_of_skipped};
use crate::failure::{ExitStatus, Failure};
use crate::formats::{PreparedPairs, json_summary, note_losses};
use crate::plan::ScorePlan;
use crate::printer::Printer;
use crate::rating::columns::RatingColumns;
use crate::rating::{RatedBitextRow, corpus_scorer, encoder, write_profile};
use crate::shown::message;

/// Contributions to the log-odds that are smaller than this are not printed.
const MIN_CONTRIBUTION: f32 = 0.05;
/// Faults with a smaller probability than this are not printed.
const MIN_FAULT_PROBABILITY: f32 = 0.005;

/// The output of `--json`.
#[derive(Debug, Default, Serialize)]
struct ScoreSummary {
    pairs: u64,
    /// The number of pairs per tenth of the quality.
    tenths: [u64; 10],
    mean_quality: f64,
    skipped_rows: u64,
    skipped_units: u64,
}

/// Rates the pairs of a bitext and writes them, or explains some of the ratings.
pub(crate) fn run(plan: &ScorePlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let mut bitext = CorpusInput::new(&plan.bitext, printer)?;
    let format = plan.output.format(bitext.format()?);
    bitext.copy_to(format)?;
    let pairs = PreparedPairs::new(&plan.output, &bitext)?;
    let encoder = encoder(&plan.rating)?;
    Threads::new(plan.rating.threads).install(|| {
        let (scorer, lengths) = corpus_scorer(&plan.rating, &bitext, encoder.as_deref())?;
        let profile = write_profile(&plan.rating, &lengths)?;
        if plan.explain.is_empty() {
            score(plan, printer, &bitext, &scorer, &pairs, profile)
        } else {
            explain(plan, &bitext, &scorer, profile)
        }
    })?
}

fn score(
    plan: &ScorePlan,
    printer: Printer,
    bitext: &CorpusInput,
    scorer: &CorpusScorer<'_>,
    pairs: &PreparedPairs<'_>,
    profile: Option<Output>,
) -> anyhow::Result<ExitStatus> {
    let columns = RatingColumns::new(
        plan.rating.with_encoder,
        plan.rating.with_duplicates,
        !plan.rating.test_sets.is_empty(),
        plan.columns.as_ref(),
    );
    let mut writer = pairs.writer(columns.names(), profile.is_some())?;
    let mut summary = ScoreSummary::default();
    let mut sum = 0.0;
    let mut rows = bitext.rows_with_bar("rating", Some(&plan.output.target))?;
    for rated in scorer.rate(rows.by_ref(), |row| bitext.pair(row)) {
        let mut rated = rated?;
        let quality = f64::from(rated.quality.quality);
        sum += quality;
        summary.pairs += 1;
        summary.tenths[((quality * 10.0) as usize).min(9)] += 1;
        columns.add_to(&mut rated);
        writer.write(&rated.row)?;
    }
    for tail in rows.take_tails() {
        writer.add_tail(&tail)?;
    }
    let skipped = rows.skipped();
    let (outs, losses) = writer.finish_with_losses()?;
    summary.mean_quality = sum / summary.pairs as f64;
    (summary.skipped_rows, summary.skipped_units) = (skipped.malformed, skipped.untranslated);
    let json = plan.json.then(|| json_summary(&summary)).transpose()?;
    Output::commit_all(json.into_iter().chain(profile).chain(outs))?;
    if !plan.json {
        printer.print(&summary_line(&summary));
    }
    warn_of_skipped(&rows, bitext.is_copied(), printer);
    note_losses(printer, pairs.format, &losses, summary.pairs);
    Ok(ExitStatus::Done)
}

fn summary_line(summary: &ScoreSummary) -> String {
    let share = |count: u64| 100.0 * count as f64 / summary.pairs as f64;
    let below: u64 = summary.tenths[..1].iter().sum();
    let middle: u64 = summary.tenths[1..5].iter().sum();
    let above: u64 = summary.tenths[5..].iter().sum();
    format!(
        "{}, mean quality {:.2}: {above} ({:.1} %) at 0.5 or above, {middle} ({:.1} %) \
         in between, {below} ({:.1} %) below 0.1\n",
        count(summary.pairs, "pair"),
        summary.mean_quality,
        share(above),
        share(middle),
        share(below),
    )
}

/// Prints how each feature contributes to the quality of the selected pairs.
fn explain(
    plan: &ScorePlan,
    bitext: &CorpusInput,
    scorer: &CorpusScorer<'_>,
    profile: Option<Output>,
) -> anyhow::Result<ExitStatus> {
    let mut out = plan.output.target.open_among_others()?;
    let mut remaining = plan.explain.clone();
    let mut pairs = 0;
    let rows = bitext.rows_with_bar("rating", None)?;
    for rated in scorer.rate(rows, |row| bitext.pair(row)) {
        let rated = rated?;
        pairs = rated.index + 1;
        if remaining.remove(&pairs) {
            write!(out, "{}", explanation(pairs, &rated, scorer.scorer().model()))?;
        }
    }
    if let Some(missing) = remaining.first() {
        return Err(Failure::input(format!(
            "there is no pair {missing}: the bitext has {pairs} pairs"
        ))
        .hint("pairs are counted from 1, without the header")
        .into());
    }
    Output::commit_all(profile.into_iter().chain([out]))?;
    Ok(ExitStatus::Done)
}

fn explanation(position: u64, rated: &RatedBitextRow, model: &QualityModel) -> String {
    let mut text = format!(
        "pair {position}, line {}\n  {}\n  {}\n\nquality {:.4}\n",
        rated.row.line,
        message(&rated.row.src),
        message(&rated.row.tgt),
        rated.quality.quality
    );
    let judgement = model.predict(&rated.quality.features);
    let mut faults: Vec<(&str, f32)> =
        model.faults().iter().map(String::as_str).zip(judgement.faults).collect();
    faults.sort_by(|a, b| b.1.total_cmp(&a.1));
    text.push_str("\nwhat it may be instead      chance\n");
    faults.retain(|(_, probability)| *probability >= MIN_FAULT_PROBABILITY);
    for (fault, probability) in faults {
        text.push_str(&format!("  {:<24} {probability:>7.3}\n", message(fault)));
    }
    text.push_str("\nfeature                   value    adds to the log-odds of good\n");
    for contribution in model.explain(&rated.quality.features) {
        if contribution.log_odds.abs() < MIN_CONTRIBUTION {
            continue;
        }
        let info = contribution.feature.info();
        let value = rated.quality.features.get(contribution.feature);
        let value =
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.*}", info.decimals));
        text.push_str(&format!("  {:<20} {value:>9} {:>7.2}\n", info.name, contribution.log_odds));
    }
    text.push('\n');
    text
}
