//! `nasaq filter`: writes the pairs that pass all filters, and counts what each filter rejects.
//!
//! Columns that a filter needs and the input does not have are computed as by `nasaq score`. A
//! filter that keeps the best pair of a cluster must see all rows before the first one can be
//! written, so only the verdicts are kept in memory, and the input is read once more.

use std::io::Write;
use std::sync::Arc;

use nasaq_formats::{BitextRow, FieldValue, Losses, Output, OutputTarget, SkippedRows};
use nasaq_job::Threads;
use nasaq_quality::{DEFAULT_FILTERS, FilterSummary, FilterVerdicts, LengthProfile};

use crate::bitext::{CorpusInput, warn_of_counts};
use crate::failure::{ExitStatus, unless_closed};
use crate::formats::{PreparedPairs, json_summary, note_losses};
use crate::plan::FilterPlan;
use crate::printer::Printer;
use crate::rating::columns::{OVERLAP, is_rating_column};
use crate::rating::{corpus_scorer, encoder, write_profile};
use crate::shown::shown;

mod columns;
mod rows;

pub(super) use rows::RowFilter;

/// Filters a bitext and writes the pairs that pass and those that are rejected.
pub(crate) fn run(plan: &FilterPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let mut bitext = CorpusInput::new(&plan.bitext, printer)?;
    // Checked before the long work; a dry run writes no pairs.
    let prepare = |output| PreparedPairs::new(output, &bitext);
    let kept = (!plan.dry_run).then(|| prepare(&plan.output)).transpose()?;
    let rejects = plan.rejects.as_ref().map(prepare).transpose()?;
    // Rejected pairs are listed without what is no pair.
    let rejects = rejects.map(|pairs| pairs.with_other_units(false));
    let FilteredBitext { verdicts, skipped, first_bad, lengths } =
        Threads::new(plan.rating.threads).install(|| apply_filters(plan, &bitext))??;
    let summary = verdicts.summary();
    let mut outputs = Vec::new();
    outputs.extend(plan.json.then(|| json_summary(&summary)).transpose()?);
    if let Some(lengths) = &lengths {
        outputs.extend(write_profile(&plan.rating, lengths)?);
    }
    let mut is_copied = false;
    let losses = match &kept {
        Some(kept) => {
            bitext.copy_to(kept.format)?;
            is_copied = bitext.is_copied();
            if let (false, Some(rejects)) = (is_copied, &rejects) {
                bitext.copy_to(rejects.format)?;
            }
            let written = write(&bitext, &verdicts, kept, rejects.as_ref(), &mut outputs);
            // The only output is a pipe that was closed. The verdicts still decide the exit status.
            unless_closed(written)?.unwrap_or_default()
        }
        None => Losses::default(),
    };
    Output::commit_all(outputs)?;
    if let Some(kept) = &kept {
        note_losses(printer, kept.format, &losses, summary.kept);
    }
    if !plan.json {
        printer.print(&table(&summary));
    }
    warn_of_counts(skipped, first_bad.as_deref(), is_copied, printer);
    let share = summary.kept as f64 / summary.rows as f64;
    if plan.fail_under.is_some_and(|min| share < min) {
        return Ok(ExitStatus::Gate);
    }
    Ok(ExitStatus::Done)
}

/// Prints the default filters.
pub(crate) fn show_default() -> anyhow::Result<ExitStatus> {
    let mut out = OutputTarget::Stdout.open()?;
    out.write_all(DEFAULT_FILTERS.as_bytes())?;
    out.commit()?;
    Ok(ExitStatus::Done)
}

/// What filters have decided about the rows of a bitext.
struct FilteredBitext<'p> {
    verdicts: FilterVerdicts<'p>,
    skipped: SkippedRows,
    /// The message of the first malformed row that was skipped.
    first_bad: Option<String>,
    /// The lengths that were measured, if the rows were rated.
    lengths: Option<LengthProfile>,
}

/// Applies the filters to all rows, rating them if a filter or `--write-profile` needs it.
fn apply_filters<'p>(
    plan: &'p FilterPlan,
    bitext: &CorpusInput,
) -> anyhow::Result<FilteredBitext<'p>> {
    let mut filter = RowFilter::new(&plan.filters, plan.filters_file.as_deref(), bitext)?;
    let needs_rating = needs_rating(plan, bitext)?;
    let what = if needs_rating { "rating" } else { "filtering" };
    let mut rows = bitext.rows_with_bar(what, None)?;
    let mut lengths = None;
    if needs_rating {
        let encoder = encoder(&plan.rating)?;
        let (scorer, measured) = corpus_scorer(&plan.rating, bitext, encoder.as_deref())?;
        lengths = Some(measured);
        for rated in scorer.rate(rows.by_ref(), |row| bitext.pair(row)) {
            let rated = rated?;
            filter.add(&rated.row, Some(&rated))?;
        }
    } else {
        if plan.rating.write_profile.is_some() {
            lengths = Some(corpus_scorer(&plan.rating, bitext, None)?.1);
        }
        for row in rows.by_ref() {
            filter.add(&row?, None)?;
        }
    }
    let (skipped, first_bad) = (rows.skipped(), rows.first_bad());
    Ok(FilteredBitext { verdicts: filter.finish()?, skipped, first_bad, lengths })
}

/// Returns whether a filter needs a column that a rating adds and the input does not have.
fn needs_rating(plan: &FilterPlan, bitext: &CorpusInput) -> anyhow::Result<bool> {
    let Some(first) = bitext.rows()?.next().transpose()? else { return Ok(false) };
    let is_missing = |name: &str| is_rating_column(name) && first.get(name).is_none();
    // Without a test set there is no overlap to compute.
    let is_known = |name: &str| name != OVERLAP || !plan.rating.test_sets.is_empty();
    Ok(plan.filters.columns().into_iter().any(|name| is_known(name) && is_missing(name)))
}

/// Reads the input again and writes each row to the output of its verdict. Adds the outputs, which are
/// complete except for their last bytes: first the rejected pairs, then those that pass.
fn write(
    bitext: &CorpusInput,
    verdicts: &FilterVerdicts<'_>,
    kept: &PreparedPairs<'_>,
    rejects: Option<&PreparedPairs<'_>>,
    outputs: &mut Vec<Output>,
) -> anyhow::Result<Losses> {
    let reason_columns: [Arc<str>; 2] = ["first_reason".into(), "all_reasons".into()];
    let has_others = rejects.is_some() || !outputs.is_empty();
    let mut rows = bitext.rows_with_bar("writing", Some(kept.target()))?;
    let mut kept = kept.writer(&[], has_others)?;
    let mut rejected = rejects.map(|pairs| pairs.writer(&reason_columns, true)).transpose()?;
    for (reasons, row) in verdicts.rejections().zip(rows.by_ref()) {
        let mut row: BitextRow = row?;
        let Some(first) = reasons.first() else {
            kept.write(&row)?;
            if let Some(rejected) = &mut rejected {
                rejected.omit(&row)?;
            }
            continue;
        };
        kept.omit(&row)?;
        if let Some(rejected) = &mut rejected {
            let [first_reason, all_reasons] = &reason_columns;
            row.set(first_reason, FieldValue::Text((*first).to_owned()));
            row.set(
                all_reasons,
                FieldValue::List(reasons.into_iter().map(str::to_owned).collect()),
            );
            rejected.write(&row)?;
        }
    }
    // The verdicts end with the last row, before the reader has seen the end of the file.
    if let Some(row) = rows.next() {
        row?;
    }
    for tail in rows.take_tails() {
        kept.add_tail(&tail)?;
        if let Some(rejected) = &mut rejected {
            rejected.add_tail(&tail)?;
        }
    }
    if let Some(rejected) = rejected {
        outputs.extend(rejected.finish()?);
    }
    let (files, losses) = kept.finish_with_losses()?;
    outputs.extend(files);
    Ok(losses)
}

fn table(summary: &FilterSummary) -> String {
    let share = |count: u64| 100.0 * count as f64 / summary.rows as f64;
    let width = summary.filters.iter().map(|filter| shown(&filter.name).chars().count()).max();
    let width = width.unwrap_or(0).max("rejected by".len());
    let mut text = format!(
        "{:width$} {:>17} {:>17} {:>17} {:>17}\n",
        "rejected by", "alone", "first", "cumulative", "only it"
    );
    for filter in &summary.filters {
        text.push_str(&format!("{:width$}", shown(&filter.name)));
        for count in [filter.alone, filter.first, filter.cumulative, filter.only] {
            text.push_str(&format!(" {count:>9} {:>6.2}%", share(count)));
        }
        text.push('\n');
    }
    text.push_str(&format!(
        "{} pairs: {} kept ({:.2} %), {} rejected ({:.2} %)\n",
        summary.rows,
        summary.kept,
        share(summary.kept),
        summary.rejected,
        share(summary.rejected)
    ));
    text
}
