//! `nasaq align`: two documents in, beads out.

use std::io::Write;
use std::path::Path;

use nasaq::{Anchor, ErrorKind, Segment};
use nasaq_formats::{
    BeadRecord, BeadWriter, BitextHeader, Document, Loss, Losses, Output, OutputTarget,
};
use nasaq_job::{Aligned, DocumentJob, Engine, max_document_bytes};
use nasaq_report::AlignmentSummary;
use nasaq_review::Session;

use crate::anchors::PlacedAnchor;
use crate::bitext::count;
use crate::failure::{ExitStatus, Failure};
use crate::findings::{self, FoundIn};
use crate::formats::{json_summary, note_losses};
use crate::plan::{AlignLayout, AlignPlan};
use crate::printer::Printer;
use crate::progress::Clock;
use crate::reviewed_output::ReviewedPairs;

/// Reads, segments and aligns the documents, and writes the beads.
pub(crate) fn run(plan: &AlignPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let [src_reader, tgt_reader] =
        plan.settings.readers.map(|reader| reader.max_bytes(max_document_bytes()));
    let (src, tgt) = (plan.src.read(&src_reader)?, plan.tgt.read(&tgt_reader)?);
    let engine = Engine::new(plan.settings.clone())?;
    let name = plan.src.file_name().or_else(|| plan.tgt.file_name()).unwrap_or_default();
    let anchors: Vec<Anchor> = plan.anchors.iter().map(|placed| placed.anchor).collect();
    let job = DocumentJob::new(&engine, &name, [&src, &tgt])?.anchors(&anchors);
    // Checked before the long work.
    let targets = match plan.layout {
        AlignLayout::Table(_) => Vec::new(),
        AlignLayout::File(format) => plan.output.targets(format, &engine.header(&anchors))?,
    };
    if let (None, OutputTarget::File(path)) = (&plan.review, &plan.output.target) {
        let ReviewedPairs { pairs, .. } = ReviewedPairs::of(path);
        if pairs > 0 {
            let (path, pairs) = (path.display(), count(pairs, "pair"));
            printer.warn(
                &format!("{path}: the decisions of a reviewer about {pairs} are replaced"),
                "--review LOG keeps those of its log",
            );
        }
    }
    let early_warnings = job.warnings().len();
    job.warnings().iter().for_each(|warning| printer.warning(warning));
    let sizes = job.segments().each_ref().map(Vec::len);
    let clock = Clock::start(printer, "aligning");
    let aligned = engine
        .threads()
        .install(|| job.run())?
        .map_err(|failure| explain_refusal(failure, &plan.anchors, sizes))?;
    drop(clock);
    let review = match &plan.review {
        Some(log) => Some(reviewed(log, &engine, &name, [&src, &tgt], &aligned, printer)?),
        None => None,
    };
    let Aligned { mut beads, alignment, segments, splits, warnings, .. } = aligned;
    let mut summary_beads = alignment.beads().to_vec();
    if let Some(session) = &review {
        beads = session.records();
        summary_beads = session.beads();
    }
    let segments = match &review {
        Some(session) => session.segments(),
        None => segments,
    };
    warnings[early_warnings..].iter().for_each(|warning| printer.warning(warning));

    let [src_texts, tgt_texts] = segments.each_ref().map(|segments| texts(segments));
    let summary =
        AlignmentSummary::new(&summary_beads, alignment.findings(), &src_texts, &tgt_texts)
            .with_document_score(alignment.document_score());
    let sides = [FoundIn::new(&src, &segments[0]), FoundIn::new(&tgt, &segments[1])];
    let report = |isolate| {
        let [src_side, tgt_side] = &sides;
        let findings = findings::format(&summary.findings, [src_side, tgt_side], isolate);
        format!("{summary}{findings}")
    };
    let places = [&src, &tgt].iter().any(|document| !document.blocks.is_empty());
    let header = plan.output.with_file_names(engine.header(&anchors));
    let header = header.with_places(places).with_review(review.is_some());
    let (outs, losses) = write(plan, printer, &targets, &header, &beads, report)?;
    let json = plan.json.then(|| json_summary(&summary)).transpose()?;
    Output::commit_all(json.into_iter().chain(outs))?;
    if let AlignLayout::File(format) = plan.layout {
        // A memory for translators is what was asked for.
        let losses = losses.without(&Loss::Properties);
        note_losses(printer, format, &losses, beads.len() as u64);
    }
    if plan.json {
        return Ok(ExitStatus::Done);
    }
    if matches!(plan.layout, AlignLayout::File(_)) || !plan.output.target.is_stdout() {
        printer.print(&report(printer.is_terminal()));
        if plan.settings.split_long {
            printer.print(&format!("long Arabic sentences were split at {splits} places\n"));
        }
    }
    Ok(ExitStatus::Done)
}

/// Applies the decisions of a review to an alignment, and reports those that do not fit.
fn reviewed(
    log: &Path,
    engine: &Engine,
    name: &str,
    documents: [&Document; 2],
    aligned: &Aligned<'_>,
    printer: Printer,
) -> anyhow::Result<Session> {
    let old = Session::read(log)?;
    old.notices().iter().for_each(|notice| printer.note(notice));
    let apply = move || old.apply_to(engine, name, documents, aligned);
    let (session, report) = engine.threads().install(apply)??;
    printer.note(&format!("review: {} carried over", count(report.carried as u64, "decision")));
    if let Some(reason) = report.warning(log) {
        printer.warn(&reason, "decide them again: nasaq review");
    }
    Ok(session)
}

fn texts<'d>(segments: &[Segment<'d>]) -> Vec<&'d str> {
    segments.iter().map(|segment| segment.text).collect()
}

/// Adds where a bad anchor was given, which the library does not know.
fn explain_refusal(failure: Failure, anchors: &[PlacedAnchor], [src, tgt]: [usize; 2]) -> Failure {
    let error = failure.cause().and_then(|error| error.downcast_ref::<nasaq::Error>());
    if let Some(ErrorKind::Anchor { index, reason, .. }) = error.map(nasaq::Error::kind)
        && let Some(placed) = anchors.get(*index)
    {
        return Failure::input(format!("{}: {reason}", placed.place)).hint(format!(
            "the source has segments 0 to {}, the target 0 to {}; list them with `nasaq segment`, \
             and keep anchors in order on both sides",
            src.saturating_sub(1),
            tgt.saturating_sub(1)
        ));
    }
    failure
}

/// Writes the beads; the caller commits the outputs.
fn write(
    plan: &AlignPlan,
    printer: Printer,
    targets: &[OutputTarget],
    header: &BitextHeader,
    beads: &[BeadRecord],
    report: impl Fn(bool) -> String,
) -> anyhow::Result<(Vec<Output>, Losses)> {
    match plan.layout {
        AlignLayout::Table(table) => {
            let mut out = plan.output.target.open_among_others()?;
            table.write(&mut out, beads, plan.settings.languages[0].language)?;
            if !printer.is_quiet() {
                write!(out, "\n{}", report(table.isolates()))?;
            }
            Ok((vec![out], Losses::default()))
        }
        AlignLayout::File(format) => {
            let outs = targets.iter().map(OutputTarget::open_among_others);
            let outs = outs.collect::<Result<_, _>>()?;
            let mut writer = BeadWriter::new(format, plan.output.options, outs, header)?;
            for bead in beads {
                writer.write(bead)?;
            }
            Ok(writer.finish()?)
        }
    }
}
