//! `nasaq report`: describes corpora as a page, as JSON or as a summary.

use std::fmt::Write as _;
use std::io::Write;

use nasaq_formats::{BitextRow, FieldValue, Format, Output, OutputTarget, SkippedRows};
use nasaq_job::Threads;
use nasaq_report::{
    CorpusReport, GoldBuilder, InputInfo, PageInfo, ReportBuilder, terminal_summary, write_page,
};
use serde::Serialize;

use crate::bitext::{CorpusInput, warn_of_counts};
use crate::command::filter::RowFilter;
use crate::failure::ExitStatus;
use crate::plan::{ReportCorpus, ReportPlan};
use crate::printer::Printer;

pub(crate) use self::folder::{SkippedFiles, bitext_paths};
use crate::rating::{RatedBitextRow, corpus_scorer, encoder};
use crate::shown::message;

mod folder;
mod gold;
mod row;

use gold::GoldCollector;
use row::ReportRowReader;

/// The output of `--json`.
#[derive(Serialize)]
struct ReportFile<'r> {
    #[serde(flatten)]
    info: &'r PageInfo,
    corpora: &'r [CorpusReport],
}

/// Reads the corpora and writes the report.
pub(crate) fn run(plan: &ReportPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let mut info = PageInfo::new(env!("CARGO_PKG_VERSION"));
    if plan.filters_file.is_some() {
        info.settings.push(("filters".to_owned(), "given by a file".to_owned()));
    }
    let mut reports = Vec::new();
    for corpus in &plan.corpora {
        let report = Threads::new(plan.rating.threads)
            .install(|| report_corpus(plan, corpus, printer, &mut info))??;
        reports.push(report);
    }
    write(plan, &reports, &info)?;
    Ok(check_gates(plan, &reports, printer))
}

/// Reads one corpus and returns its report; appends the inputs and settings to `info`.
fn report_corpus(
    plan: &ReportPlan,
    corpus: &ReportCorpus,
    printer: Printer,
    info: &mut PageInfo,
) -> anyhow::Result<CorpusReport> {
    let joined = folder::join(&corpus.bitext, printer)?;
    let bitext =
        CorpusInput::new(joined.as_ref().map_or(&corpus.bitext, |joined| &joined.plan), printer)?;
    info.inputs.push(input_info(&corpus.name, &bitext)?);
    let first = bitext.rows()?.next().transpose()?;
    if bitext.format()? == Format::Tmx
        && first.as_ref().is_some_and(|row| row.get("probability").is_none())
    {
        printer.note(&format!(
            "{}: a memory without probabilities, documents and kinds of beads, which `nasaq align` \
             writes with --properties",
            corpus.name
        ));
    }
    let is_rated = first.is_some_and(|row| row.get("quality").is_some());
    let features = row::features(&bitext, is_rated, plan.rating.with_encoder)?;
    let mut options = plan.options.clone();
    options.name.clone_from(&corpus.name);
    options.source = bitext.src_lang();
    options.features = features.iter().map(|name| name.as_ref().to_owned()).collect();
    options.filters = plan.filters.names().map(str::to_owned).collect();
    let mut reader = ReportRowReader::new(bitext.src_lang(), features);
    let mut builder = ReportBuilder::new(options);
    let mut filter = RowFilter::new(&plan.filters, plan.filters_file.as_deref(), &bitext)?;
    let mut gold = plan.gold.as_deref().map(|path| GoldCollector::new(path, printer));
    let mut add = |row: &BitextRow, rated: Option<&RatedBitextRow>| -> anyhow::Result<()> {
        let rejected = filter.add(row, rated)?;
        let row = reader.read(row, rated, rejected);
        if let Some(gold) = &mut gold {
            gold.add(&row)?;
        }
        builder.add(&row);
        Ok(())
    };
    let mut rows = bitext.rows_with_bar(if is_rated { "counting" } else { "rating" }, None)?;
    if is_rated {
        for row in rows.by_ref() {
            add(&row?, None)?;
        }
        add_quality_setting(info, &corpus.name, "rated before", None);
    } else {
        let encoder = encoder(&plan.rating)?;
        let (scorer, _) = corpus_scorer(&plan.rating, &bitext, encoder.as_deref())?;
        let how =
            if encoder.is_some() { "rated with the encoder" } else { "rated by the text alone" };
        add_quality_setting(
            info,
            &corpus.name,
            how,
            encoder.as_deref().map(nasaq_encoder::CnnEncoder::checksum),
        );
        for rated in scorer.rate(rows.by_ref(), |row| bitext.pair(row)) {
            let rated = rated?;
            add(&rated.row, Some(&rated))?;
        }
    }
    let (skipped, first_bad) = match &joined {
        Some(joined) => (joined.skipped, joined.first_bad.clone()),
        None => (rows.skipped(), rows.first_bad()),
    };
    warn_of_counts(skipped, first_bad.as_deref(), false, printer);
    add_skipped_setting(info, &corpus.name, skipped);
    let counts = filter.finish()?.summary();
    let gold = gold.map(GoldCollector::finish).transpose()?.and_then(GoldBuilder::finish);
    Ok(builder.finish(Some(counts), gold))
}

/// Records how the pairs of a corpus were rated.
fn add_quality_setting(info: &mut PageInfo, corpus: &str, how: &str, model: Option<u64>) {
    info.settings.push((format!("quality of {corpus}"), how.to_owned()));
    if let Some(model) = model {
        let row = ("model".to_owned(), format!("{model:016x}"));
        if !info.settings.contains(&row) {
            info.settings.push(row);
        }
    }
}

/// Records which rows of a corpus were skipped.
fn add_skipped_setting(info: &mut PageInfo, corpus: &str, skipped: SkippedRows) {
    if skipped.malformed + skipped.untranslated > 0 {
        info.settings.push((
            format!("left out of {corpus}"),
            format!(
                "{} rows that do not follow the format, {} units without one of the languages",
                skipped.malformed, skipped.untranslated
            ),
        ));
    }
}

/// Returns the name, size and hash that identify an input.
fn input_info(name: &str, bitext: &CorpusInput) -> anyhow::Result<InputInfo> {
    let (bytes, hash) = bitext.hash()?;
    Ok(InputInfo::new(name, bytes, format!("{hash:032x}")))
}

fn write(plan: &ReportPlan, reports: &[CorpusReport], info: &PageInfo) -> anyhow::Result<()> {
    let mut outputs = Vec::new();
    if plan.summary {
        let mut out = OutputTarget::Stdout.open_among_others()?;
        out.write_all(terminal_summary(reports).as_bytes())?;
        outputs.push(out);
    }
    if let Some(target) = &plan.json {
        let mut out = target.open_among_others()?;
        let file = ReportFile { info, corpora: reports };
        serde_json::to_writer_pretty(&mut out, &file).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        outputs.push(out);
    }
    if let Some(target) = &plan.page {
        let mut html = String::new();
        write_page(reports, info, &mut html)?;
        let mut out = target.open_among_others()?;
        out.write_all(html.as_bytes())?;
        outputs.push(out);
    }
    Ok(Output::commit_all(outputs)?)
}

/// Prints the metrics that are below their minimum and returns the exit status.
fn check_gates(plan: &ReportPlan, reports: &[CorpusReport], printer: Printer) -> ExitStatus {
    let mut failed = String::new();
    for report in reports {
        for gate in plan.gates.iter().filter(|gate| !gate.passes(report)) {
            let (corpus, name) = (message(&report.options.name), gate.metric.name());
            let _ = match gate.metric.value(report) {
                Some(value) => {
                    let min = gate.min;
                    writeln!(failed, "nasaq: {corpus}: {name} {value:.4} is below {min}")
                }
                None => writeln!(failed, "nasaq: {corpus}: {name} is unknown"),
            };
        }
    }
    if failed.is_empty() {
        return ExitStatus::Done;
    }
    printer.print(&failed);
    ExitStatus::Gate
}

/// Returns a value as text.
fn text(value: &FieldValue) -> String {
    match value {
        FieldValue::Nothing => String::new(),
        value => value.to_string(),
    }
}
