//! `nasaq align`: two documents in, beads out.

use std::fs;
use std::io::Write;

use anyhow::Context;
use nasaq::{Aligner, Anchor, ErrorKind, Segment, SplitAlignment};
use nasaq_encoder::CnnEncoder;
use nasaq_formats::{BeadRecord, Document, Header, OutputTarget, Writer, records};
use nasaq_kernels::Kernel;
use nasaq_report::Summary;

use crate::anchors::PlacedAnchor;
use crate::check::{self, Side};
use crate::failure::{ExitStatus, Failure};
use crate::findings;
use crate::lexicon::with_user_lexicons;
use crate::plan::{AlignPlan, Layout};
use crate::printer::Printer;

/// Reads, cuts, aligns, writes.
pub(crate) fn run(plan: &AlignPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let (src, tgt) = (plan.src.read()?, plan.tgt.read()?);
    check::refuse_identical(&src, &tgt)?;
    let src_segments = segments(plan, &src, plan.src_lang.language);
    let tgt_segments = segments(plan, &tgt, plan.tgt_lang.language);
    let sides = [
        Side { document: &src, language: plan.src_lang.language, segments: &src_segments },
        Side { document: &tgt, language: plan.tgt_lang.language, segments: &tgt_segments },
    ];
    warn(plan, printer, &sides);

    let encoder = encoder(plan)?;
    let SplitAlignment { src: src_segments, tgt: tgt_segments, alignment, cuts } =
        with_threads(plan.threads, || align(plan, &encoder, src_segments, tgt_segments))??;
    let name = plan.src.file_name().or_else(|| plan.tgt.file_name()).unwrap_or_default();
    let beads: Vec<BeadRecord> =
        records(&name, alignment.beads(), &src_segments, &tgt_segments).collect();
    let texts = [texts(&src_segments), texts(&tgt_segments)];
    let summary = Summary::new(alignment.beads(), alignment.findings(), &texts[0], &texts[1]);
    let told = |isolate| findings::told(&summary.findings, [&texts[0], &texts[1]], isolate);
    let report = |isolate| format!("{summary}{}", told(isolate));
    write(plan, printer, &settings(plan, &encoder), &beads, report)?;
    if plan.json {
        let mut out = OutputTarget::Stdout.open()?;
        serde_json::to_writer(&mut out, &summary).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        out.commit()?;
    } else if matches!(plan.layout, Layout::File(_)) || !plan.output.is_stdout() {
        printer.print(&report(printer.is_terminal()));
        if plan.split_long {
            printer.print(&format!("long Arabic sentences were cut at {cuts} places\n"));
        }
    }
    Ok(ExitStatus::Done)
}

fn segments<'d>(
    plan: &AlignPlan,
    document: &'d Document,
    language: nasaq::Language,
) -> Vec<Segment<'d>> {
    if plan.segmented {
        nasaq::lines(&document.text)
    } else {
        nasaq::segments(&document.text, language)
    }
}

fn texts<'d>(segments: &[Segment<'d>]) -> Vec<&'d str> {
    segments.iter().map(|segment| segment.text).collect()
}

fn warn(plan: &AlignPlan, printer: Printer, [src, tgt]: &[Side<'_>; 2]) {
    check::languages(printer, src, tgt);
    check::lengths(printer, src, tgt);
    check::long_segments(printer, src, plan.segmented);
    check::long_segments(printer, tgt, plan.segmented);
}

/// Runs work on its own number of threads, or on one a core.
pub(super) fn with_threads<T: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> anyhow::Result<T> {
    let Some(threads) = threads else { return Ok(work()) };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .with_context(|| format!("starting {threads} threads failed"))?;
    Ok(pool.install(work))
}

/// Gives the kernel that was asked for.
fn kernel(plan: &AlignPlan) -> Result<Kernel, Failure> {
    let Some(isa) = plan.kernel else { return Ok(Kernel::detect()) };
    Kernel::new(isa).ok_or_else(|| {
        Failure::usage(format!("this processor has no {isa}"))
            .hint("leave --kernel out to use the best that it has")
    })
}

/// Aligns, and cuts where that is wanted.
fn align<'d>(
    plan: &AlignPlan,
    encoder: &CnnEncoder,
    src: Vec<Segment<'d>>,
    tgt: Vec<Segment<'d>>,
) -> anyhow::Result<SplitAlignment<'d>> {
    let anchors: Vec<Anchor> = plan.anchors.iter().map(|placed| placed.anchor).collect();
    let mut builder = Aligner::builder().kernel(kernel(plan)?);
    if !plan.lexicons.is_empty() {
        builder = builder.lexicon(with_user_lexicons(&plan.lexicons));
    }
    let aligner = builder.build()?;
    let alignment = aligner
        .align(encoder, &src, &tgt, &anchors)
        .map_err(|error| explain_refusal(error, &plan.anchors, src.len(), tgt.len()))?;
    if plan.split_long {
        let language = plan.src_lang.language;
        return Ok(aligner.split_long(encoder, (&src, &tgt), &alignment, language)?);
    }
    Ok(SplitAlignment { src, tgt, alignment, cuts: 0 })
}

fn encoder(plan: &AlignPlan) -> anyhow::Result<CnnEncoder> {
    let Some(path) = &plan.model else {
        return Ok(CnnEncoder::builtin()?.with_kernel(kernel(plan)?));
    };
    let bytes = fs::read(path).map_err(|error| {
        Failure::input(format!("{}: {error}", path.display()))
            .hint("leave --model out to use the model inside the program")
    })?;
    let encoder = CnnEncoder::from_bytes(bytes).map_err(|error| {
        Failure::input(format!("{}: {:#}", path.display(), anyhow::Error::new(error)))
            .hint("get the model file again; without --model the one inside the program is used")
    })?;
    Ok(encoder.with_kernel(kernel(plan)?))
}

/// Says what the library cannot know: where an anchor was given, and what to do.
fn explain_refusal(
    error: nasaq::Error,
    anchors: &[PlacedAnchor],
    src: usize,
    tgt: usize,
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
    settings: &[(String, String)],
    beads: &[BeadRecord],
    report: impl Fn(bool) -> String,
) -> anyhow::Result<()> {
    let mut out = plan.output.open()?;
    let out = match plan.layout {
        Layout::Table(table) => {
            table.write(&mut out, beads, plan.src_lang.language)?;
            if !printer.is_quiet() {
                write!(out, "\n{}", report(table.isolates()))?;
            }
            out
        }
        Layout::File(format) => {
            let header = Header {
                src_lang: plan.src_lang.tag.clone(),
                tgt_lang: plan.tgt_lang.tag.clone(),
                settings: settings.to_vec(),
                ..Header::default()
            };
            let mut writer = Writer::new(format, out, &header)?;
            for bead in beads {
                writer.write(bead)?;
            }
            writer.finish()?
        }
    };
    out.commit()?;
    Ok(())
}

/// Lists what the result depends on besides the texts. Threads and kernels are not in it: they
/// change nothing.
fn settings(plan: &AlignPlan, encoder: &CnnEncoder) -> Vec<(String, String)> {
    let mut settings = vec![("segmented".to_owned(), plan.segmented.to_string())];
    if plan.split_long {
        settings.push(("split-long".to_owned(), "true".to_owned()));
    }
    let anchors: Vec<String> = plan
        .anchors
        .iter()
        .map(|placed| format!("{}:{}", placed.anchor.src, placed.anchor.tgt))
        .collect();
    if !anchors.is_empty() {
        settings.push(("anchors".to_owned(), anchors.join(" ")));
    }
    let lexicons: Vec<String> =
        plan.lexicons.iter().map(|lexicon| format!("{:016x}", lexicon.checksum)).collect();
    if !lexicons.is_empty() {
        settings.push(("lexicons".to_owned(), lexicons.join(" ")));
    }
    settings.push(("model".to_owned(), format!("{:016x}", encoder.checksum())));
    settings
}
