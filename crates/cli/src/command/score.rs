//! `nasaq score`: a bitext in, the same with quality, reasons and features out.

use std::io::Write;

use nasaq_formats::{BitextHeader, BitextWriter, Format, Output, OutputTarget};
use nasaq_job::Threads;
use nasaq_quality::QualityModel;
use serde::Serialize;

use crate::failure::{ExitStatus, Failure};
use crate::formats::{PairsOutput, tell_losses};
use crate::plan::score::ScorePlan;
use crate::printer::Printer;
use crate::scoring::columns::Columns;
use crate::scoring::{Bitext, RatedRow, Rating, encoder};

/// What was rated, in numbers.
#[derive(Debug, Default, Serialize)]
struct Summary {
    pairs: u64,
    /// By tenth of the quality: how many pairs.
    tenths: [u64; 10],
    mean_quality: f64,
    skipped_rows: u64,
    skipped_units: u64,
}

/// Reads, rates, writes.
pub(crate) fn run(plan: &ScorePlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let bitext = Bitext::new(&plan.bitext, printer)?;
    let encoder = encoder(&plan.rating)?;
    Threads::new(plan.rating.threads).install(|| {
        let rating = Rating::new(&plan.rating, &bitext, encoder.as_ref())?;
        if plan.explain.is_empty() {
            score(plan, printer, &bitext, &rating)
        } else {
            explain(plan, &bitext, &rating)
        }
    })?
}

fn score(
    plan: &ScorePlan,
    printer: Printer,
    bitext: &Bitext,
    rating: &Rating<'_>,
) -> anyhow::Result<ExitStatus> {
    let columns = Columns::new(
        plan.rating.with_encoder,
        plan.rating.with_duplicates,
        !plan.rating.test_sets.is_empty(),
        plan.columns.as_ref(),
    );
    let (mut writer, format) = writer(&plan.output, bitext, columns.names())?;
    let mut summary = Summary::default();
    let mut sum = 0.0;
    let skipped = rating.each(bitext, |_, mut rated| {
        let quality = f64::from(rated.quality.quality);
        sum += quality;
        summary.pairs += 1;
        summary.tenths[((quality * 10.0) as usize).min(9)] += 1;
        columns.add(&mut rated);
        writer.write(&rated.row)?;
        Ok(())
    })?;
    let (outs, losses) = writer.finish_with_losses()?;
    for out in outs {
        out.commit()?;
    }
    summary.mean_quality = sum / summary.pairs as f64;
    (summary.skipped_rows, summary.skipped_units) = (skipped.bad, skipped.passed_over);
    if plan.json {
        let mut out = OutputTarget::Stdout.open()?;
        serde_json::to_writer(&mut out, &summary).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        out.commit()?;
    } else {
        printer.print(&told(&summary));
    }
    skipped.tell(printer);
    tell_losses(printer, format, &losses);
    Ok(ExitStatus::Done)
}

/// Starts the output: in the format asked for, or that of the input.
pub(super) fn writer(
    output: &PairsOutput,
    bitext: &Bitext,
    added: &[crate::scoring::Name],
) -> anyhow::Result<(BitextWriter<Output>, Format)> {
    let format = output.format(bitext.open()?.format());
    let [src_lang, tgt_lang] = bitext.languages();
    let header = BitextHeader { src_lang, tgt_lang, ..BitextHeader::default() };
    let schema = bitext.schema_for(format)?;
    Ok((output.writer(format, &schema, added, &header)?, format))
}

fn told(summary: &Summary) -> String {
    let share = |count: u64| 100.0 * count as f64 / summary.pairs as f64;
    let below: u64 = summary.tenths[..1].iter().sum();
    let middle: u64 = summary.tenths[1..5].iter().sum();
    let above: u64 = summary.tenths[5..].iter().sum();
    format!(
        "{} pairs, mean quality {:.2}: {above} ({:.1} %) at 0.5 and more, {middle} ({:.1} %) \
         between, {below} ({:.1} %) below 0.1\n",
        summary.pairs,
        summary.mean_quality,
        share(above),
        share(middle),
        share(below),
    )
}

/// Shows what each feature adds to the quality of the pairs asked for.
fn explain(plan: &ScorePlan, bitext: &Bitext, rating: &Rating<'_>) -> anyhow::Result<ExitStatus> {
    let mut out = plan.output.target.open()?;
    let mut left = plan.explain.clone();
    let mut pairs = 0;
    rating.each(bitext, |row, rated| {
        pairs = row + 1;
        if left.remove(&pairs) {
            write!(out, "{}", explained(pairs, &rated, rating.scorer.model()))?;
        }
        Ok(())
    })?;
    if let Some(missing) = left.first() {
        return Err(Failure::input(format!("there is no pair {missing}: the bitext has {pairs}"))
            .hint("pairs are counted from 1, without the header")
            .into());
    }
    out.commit()?;
    Ok(ExitStatus::Done)
}

/// Features that add less than this are not shown.
const LEAST: f32 = 0.05;

fn explained(number: u64, rated: &RatedRow, model: &QualityModel) -> String {
    let clean = |text: &str| -> String {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    };
    let mut text = format!(
        "pair {number}, line {}\n  {}\n  {}\n\nquality {:.4}\n",
        rated.row.line,
        clean(&rated.row.src),
        clean(&rated.row.tgt),
        rated.quality.quality
    );
    let judgement = model.judge(&rated.quality.features);
    let mut faults: Vec<(&str, f32)> =
        model.faults().iter().map(String::as_str).zip(judgement.faults).collect();
    faults.sort_by(|a, b| b.1.total_cmp(&a.1));
    text.push_str("\nwhat it may be instead      chance\n");
    for (fault, chance) in faults.iter().filter(|(_, chance)| *chance >= 0.005) {
        text.push_str(&format!("  {fault:<24} {chance:>7.3}\n"));
    }
    text.push_str("\nfeature                   value    adds to the log-odds of good\n");
    for share in model.explain(&rated.quality.features) {
        if share.adds.abs() < LEAST {
            continue;
        }
        let info = share.feature.info();
        let value = rated.quality.features.get(share.feature);
        let value =
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.*}", info.decimals));
        text.push_str(&format!("  {:<20} {value:>9} {:>7.2}\n", info.name, share.adds));
    }
    text.push('\n');
    text
}
