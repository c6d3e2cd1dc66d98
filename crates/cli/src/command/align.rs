//! `nasaq align`: two documents in, beads out.

use std::io::Write;

use nasaq::{Anchor, ErrorKind, Segment, SplitAlignment};
use nasaq_formats::{BeadRecord, BeadWriter, BitextHeader, Document, OutputTarget, records};
use nasaq_report::Summary;

use crate::anchors::PlacedAnchor;
use crate::check::{self, Side};
use crate::engine::{Engine, with_threads};
use crate::failure::{ExitStatus, Failure};
use crate::findings;
use crate::formats::tell_losses;
use crate::plan::{AlignPlan, Layout};
use crate::printer::Printer;

/// Reads, cuts, aligns, writes.
pub(crate) fn run(plan: &AlignPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let settings = &plan.settings;
    let [src_reader, tgt_reader] = &settings.readers;
    let (src, tgt) = (plan.src.read(src_reader)?, plan.tgt.read(tgt_reader)?);
    for note in [&src, &tgt].into_iter().filter_map(Document::encoding_note) {
        printer.note(&note);
    }
    check::refuse_identical(&src, &tgt)?;
    let engine = Engine::new(settings)?;
    let segments = engine.segments([&src, &tgt]);
    let sides = [
        Side { document: &src, language: settings.src_lang.language, segments: &segments[0] },
        Side { document: &tgt, language: settings.tgt_lang.language, segments: &segments[1] },
    ];
    for warning in check::warnings(&sides, settings.segmented) {
        printer.warn(&warning.message, &warning.hint);
    }

    let sizes = segments.each_ref().map(Vec::len);
    let anchors: Vec<Anchor> = plan.anchors.iter().map(|placed| placed.anchor).collect();
    let SplitAlignment { src: src_segments, tgt: tgt_segments, alignment, cuts } =
        with_threads(settings.threads, || {
            engine.align(&engine.encoder, segments.clone(), &anchors)
        })?
        .map_err(|error| explain_refusal(error, &plan.anchors, sizes))?;
    if let Some(warning) = check::unrelated(&sides, &alignment) {
        printer.warn(&warning.message, &warning.hint);
    }
    let name = plan.src.file_name().or_else(|| plan.tgt.file_name()).unwrap_or_default();
    let beads: Vec<BeadRecord> =
        records(&name, alignment.beads(), alignment.findings(), &src_segments, &tgt_segments)
            .map(|bead| bead.with_places([&src, &tgt]))
            .collect();
    let texts = [texts(&src_segments), texts(&tgt_segments)];
    let summary = Summary::new(alignment.beads(), alignment.findings(), &texts[0], &texts[1])
        .with_document_score(alignment.document_score());
    let told = |isolate| findings::told(&summary.findings, [&texts[0], &texts[1]], isolate);
    let report = |isolate| format!("{summary}{}", told(isolate));
    let places = [&src, &tgt].iter().any(|document| !document.blocks.is_empty());
    let header = BitextHeader { places, ..engine.header(&anchors) };
    write(plan, printer, &header, &beads, report)?;
    if plan.json {
        let mut out = OutputTarget::Stdout.open()?;
        serde_json::to_writer(&mut out, &summary).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        out.commit()?;
    } else if matches!(plan.layout, Layout::File(_)) || !plan.output.target.is_stdout() {
        printer.print(&report(printer.is_terminal()));
        if settings.split_long {
            printer.print(&format!("long Arabic sentences were cut at {cuts} places\n"));
        }
    }
    Ok(ExitStatus::Done)
}

fn texts<'d>(segments: &[Segment<'d>]) -> Vec<&'d str> {
    segments.iter().map(|segment| segment.text).collect()
}

/// Says what the library cannot know: where an anchor was given, and what to do.
fn explain_refusal(
    error: nasaq::Error,
    anchors: &[PlacedAnchor],
    [src, tgt]: [usize; 2],
) -> anyhow::Error {
    if let ErrorKind::Anchor { index, reason, .. } = error.kind()
        && let Some(placed) = anchors.get(*index)
    {
        return Failure::input(format!("{}: {reason}", placed.place))
            .hint(format!(
                "the source has the segments 0 to {}, the target 0 to {}; see them with \
                 `nasaq segment`, and keep anchors in order on both sides",
                src.saturating_sub(1),
                tgt.saturating_sub(1)
            ))
            .into();
    }
    if matches!(error.kind(), ErrorKind::EmptySide { .. }) {
        return Failure::input(error.to_string()).hint("is it the right file?").into();
    }
    if matches!(error.kind(), ErrorKind::AnchorsTooFar { .. }) {
        return Failure::input(error.to_string())
            .hint("anchors on one segment must be near each other; check them in the texts")
            .into();
    }
    error.into()
}

fn write(
    plan: &AlignPlan,
    printer: Printer,
    header: &BitextHeader,
    beads: &[BeadRecord],
    report: impl Fn(bool) -> String,
) -> anyhow::Result<()> {
    match plan.layout {
        Layout::Table(table) => {
            let mut out = plan.output.target.open()?;
            table.write(&mut out, beads, plan.settings.src_lang.language)?;
            if !printer.is_quiet() {
                write!(out, "\n{}", report(table.isolates()))?;
            }
            out.commit()?;
        }
        Layout::File(format) => {
            let outs = plan.output.outputs(format, header)?;
            let mut writer = BeadWriter::new(format, plan.output.options, outs, header)?;
            for bead in beads {
                writer.write(bead)?;
            }
            let (outs, losses) = writer.finish()?;
            for out in outs {
                out.commit()?;
            }
            tell_losses(printer, format, &losses);
        }
    }
    Ok(())
}
