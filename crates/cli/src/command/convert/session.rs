//! The log of a review as a bitext.

use nasaq_formats::{Format, Output, OutputTarget};
use nasaq_review::{Session, is_log};

use crate::bitext::count;
use crate::failure::{ExitStatus, Failure};
use crate::formats::note_losses;
use crate::plan::ConvertPlan;
use crate::printer::Printer;

/// Returns the session if the only input is the log of one.
pub(super) fn session_of(plan: &ConvertPlan) -> Result<Option<Session>, Failure> {
    let is_session =
        |source: &nasaq_formats::BitextInput| source.more.is_empty() && is_log(&source.path);
    if !plan.sources.iter().any(is_session) {
        return Ok(None);
    }
    let [source] = &plan.sources[..] else {
        return Err(Failure::usage("a review is converted by itself").hint(
            "convert each review to jsonl, and then these files to one; for a corpus, nasaq align \
             --corpus with --review and -o FILE writes one file",
        ));
    };
    if plan.columns.is_some() {
        return Err(Failure::usage("--columns: a review has no columns to select from")
            .hint("convert it to tsv first, and select the columns of that"));
    }
    Session::read(&source.path).map(Some)
}

/// Writes the beads of a session.
pub(super) fn run(
    plan: &ConvertPlan,
    session: &Session,
    printer: Printer,
) -> anyhow::Result<ExitStatus> {
    session.notices().iter().for_each(|notice| printer.note(notice));
    let format = plan.output.format(Format::Tsv);
    let own = session.bitext_header();
    let [src, tgt] = session.languages().clone();
    let [given_src, given_tgt] = plan.languages.clone();
    let languages = [given_src.unwrap_or(src), given_tgt.unwrap_or(tgt)];
    let header = plan
        .output
        .header(languages)
        .with_settings(own.settings)
        .with_places(own.places)
        .with_review(true);
    let targets = plan.output.targets(format, &header)?;
    let outs = targets.iter().map(OutputTarget::open_among_others).collect::<Result<_, _>>()?;
    let (outs, losses) = session.export(format, plan.output.options, outs, &header)?;
    Output::commit_all(outs)?;
    let summary = session.summary();
    note_losses(printer, format, &losses, summary.rows as u64);
    if !plan.output.target.is_stdout() {
        let beads = summary.rows as u64;
        let written = match losses.omitted_pairs() {
            0 => String::new(),
            omitted => format!("{} of ", beads.saturating_sub(omitted)),
        };
        printer.print(&format!(
            "{written}{} converted from review to {}: {} confirmed, {} changed, {} not looked at\n",
            count(beads, "bead"),
            format.name(),
            summary.confirmed,
            summary.changed,
            summary.unlooked
        ));
    }
    Ok(ExitStatus::Done)
}
