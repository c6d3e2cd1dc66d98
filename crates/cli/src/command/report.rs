//! `nasaq report`: corpora in, a page, JSON or a summary out.

use std::fmt::Write as _;
use std::io::Write;

use nasaq_formats::{FieldValue, OutputTarget};
use nasaq_job::Threads;
use nasaq_report::{
    CorpusReport, GoldBuilder, InputInfo, PageInfo, ReportBuilder, terminal_summary, write_page,
};
use serde::Serialize;

use crate::command::filter::Judge;
use crate::failure::ExitStatus;
use crate::plan::report::{CorpusPlan, ReportPlan};
use crate::printer::Printer;
use crate::scoring::{Bitext, RatedRow, Rating, Rows, Skipped, encoder};

mod folder;
mod gold;
mod row;

use gold::Gold;
use row::RowReader;

/// The JSON file.
#[derive(Serialize)]
struct File<'r> {
    #[serde(flatten)]
    info: &'r PageInfo,
    corpora: &'r [CorpusReport],
}

/// Reads, counts, writes.
pub(crate) fn run(plan: &ReportPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let mut info = PageInfo::new(env!("CARGO_PKG_VERSION"));
    if plan.filters_file.is_some() {
        info.settings.push(("filters".to_owned(), "given by a file".to_owned()));
    }
    let mut reports = Vec::new();
    for corpus in &plan.corpora {
        let report = Threads::new(plan.rating.threads)
            .install(|| read(plan, corpus, printer, &mut info))??;
        reports.push(report);
    }
    write(plan, &reports, &info)?;
    Ok(gates(plan, &reports, printer))
}

fn read(
    plan: &ReportPlan,
    corpus: &CorpusPlan,
    printer: Printer,
    info: &mut PageInfo,
) -> anyhow::Result<CorpusReport> {
    let joined = folder::join(&corpus.bitext)?;
    let bitext =
        Bitext::new(joined.as_ref().map_or(&corpus.bitext, |joined| &joined.plan), printer)?;
    info.inputs.push(hash(&corpus.name, &bitext)?);
    let is_rated = Rows::new(&bitext)?.next()?.is_some_and(|row| row.get("quality").is_some());
    let features = row::features(&bitext, is_rated, plan.rating.with_encoder)?;
    let mut options = plan.options.clone();
    options.name.clone_from(&corpus.name);
    options.source = bitext.src_lang();
    options.features = features.iter().map(|name| name.as_ref().to_owned()).collect();
    options.filters = plan.filters.names().map(str::to_owned).collect();
    let mut reader = RowReader::new(bitext.src_lang(), features);
    let mut builder = ReportBuilder::new(options);
    let mut judge = Judge::new(&plan.filters, plan.filters_file.as_deref(), &bitext)?;
    let mut gold = plan.gold.as_deref().map(|path| Gold::new(path, printer));
    let mut add = |row: nasaq_formats::BitextRow, rated: Option<&RatedRow>| -> anyhow::Result<()> {
        judge.add(&row, rated)?;
        let row = reader.read(&row, rated, judge.last());
        if let Some(gold) = &mut gold {
            gold.add(&row)?;
        }
        builder.add(&row);
        Ok(())
    };
    let skipped = if is_rated {
        let mut rows = Rows::new(&bitext)?;
        while let Some(row) = rows.next()? {
            add(row, None)?;
        }
        settings(info, &corpus.name, "rated before", None);
        rows.skipped
    } else {
        let encoder = encoder(&plan.rating)?;
        let rating = Rating::new(&plan.rating, &bitext, encoder.as_ref())?;
        let how =
            if encoder.is_some() { "rated with the encoder" } else { "rated by the text alone" };
        settings(
            info,
            &corpus.name,
            how,
            encoder.as_ref().map(nasaq_encoder::CnnEncoder::checksum),
        );
        rating.each(&bitext, |_, mut rated| {
            let row = std::mem::replace(&mut rated.row, row::empty());
            add(row, Some(&rated))
        })?
    };
    skipped.tell(printer);
    note_skipped(info, &corpus.name, skipped);
    let account = judge.account()?;
    let gold = gold.map(Gold::finish).transpose()?.and_then(GoldBuilder::finish);
    Ok(builder.finish(Some(account), gold))
}

fn settings(info: &mut PageInfo, corpus: &str, how: &str, model: Option<u64>) {
    info.settings.push((format!("quality of {corpus}"), how.to_owned()));
    if let Some(model) = model {
        let row = ("model".to_owned(), format!("{model:016x}"));
        if !info.settings.contains(&row) {
            info.settings.push(row);
        }
    }
}

fn note_skipped(info: &mut PageInfo, corpus: &str, skipped: Skipped) {
    if skipped.bad + skipped.passed_over > 0 {
        info.settings.push((
            format!("left out of {corpus}"),
            format!(
                "{} rows that do not follow the format, {} units without one of the languages",
                skipped.bad, skipped.passed_over
            ),
        ));
    }
}

/// Gives the hash of a file's bytes, so that another one is not taken for it.
fn hash(name: &str, bitext: &Bitext) -> anyhow::Result<InputInfo> {
    let (bytes, hash) = bitext.hash()?;
    Ok(InputInfo::new(name, bytes, format!("{hash:032x}")))
}

fn write(plan: &ReportPlan, reports: &[CorpusReport], info: &PageInfo) -> anyhow::Result<()> {
    let mut done = Vec::new();
    if let Some(target) = &plan.page {
        let mut html = String::new();
        write_page(reports, info, &mut html)?;
        let mut out = target.open()?;
        out.write_all(html.as_bytes())?;
        done.push(out);
    }
    if let Some(target) = &plan.json {
        let mut out = target.open()?;
        let file = File { info, corpora: reports };
        serde_json::to_writer_pretty(&mut out, &file).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        done.push(out);
    }
    if plan.summary {
        let mut out = OutputTarget::Stdout.open()?;
        out.write_all(terminal_summary(reports).as_bytes())?;
        done.push(out);
    }
    // All are whole before the first is put in its place.
    for out in done {
        out.commit()?;
    }
    Ok(())
}

fn gates(plan: &ReportPlan, reports: &[CorpusReport], printer: Printer) -> ExitStatus {
    let mut failed = String::new();
    for report in reports {
        for gate in plan.gates.iter().filter(|gate| !gate.passes(report)) {
            let name = gate.metric.name();
            let found = gate
                .metric
                .value(report)
                .map_or_else(|| "there is none".to_owned(), |value| format!("it is {value:.4}"));
            let min = gate.min;
            let _ = writeln!(
                failed,
                "nasaq: {}: {name} must be {min} at least; {found}",
                report.options.name
            );
        }
    }
    if failed.is_empty() {
        return ExitStatus::Done;
    }
    printer.print(&failed);
    ExitStatus::Gate
}

/// Reads a text value.
fn text(value: &FieldValue) -> String {
    match value {
        FieldValue::Nothing => String::new(),
        value => value.to_string(),
    }
}
