//! `nasaq align --corpus`: a folder of documents in, a folder of alignments out.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use nasaq_formats::{Format, OutputTarget, escape_field};
use nasaq_job::{
    Corpus, CorpusEntry, CorpusJob, CorpusOutcome, CorpusTotals, ERRORS_FILE, Engine,
    FailureStatus, Settings, TextPlace, WARNINGS_FILE, default_memory_limit,
};

use crate::args::{AlignArgs, OutputFormat};
use crate::failure::{ExitStatus, Failure};
use crate::paths::CommandPaths;
use crate::plan::output_target;
use crate::printer::Printer;
use crate::progress::{MAX_PRINTED, ProgressPrinter, failed_line, show_time};
use crate::remedy;
use crate::settings::settings;
use crate::shown::shown;
use crate::size::show_size;

/// What `nasaq align --corpus` will do: checked arguments, and the documents that they name.
#[derive(Debug)]
pub(crate) struct AlignCorpusPlan {
    settings: Settings,
    corpus: Corpus,
    /// Nothing in a dry run without `-o`.
    output: Option<PathBuf>,
    format: Format,
    shard_size: Option<usize>,
    memory_limit: u64,
    prune: bool,
    metrics: Option<OutputTarget>,
    /// Print the totals as JSON on standard output.
    json: bool,
}

impl AlignCorpusPlan {
    pub(crate) fn new(args: AlignArgs, paths: &CommandPaths) -> anyhow::Result<Self> {
        let settings = settings(&args)?;
        if args.output.is_none() && !args.dry_run {
            return Err(Failure::usage("--corpus writes a folder")
                .hint("name it with -o, or list the documents with --dry-run")
                .into());
        }
        if let Some(output) = &args.output
            && output.exists()
            && !output.is_dir()
        {
            return Err(Failure::usage(format!("-o {}: not a folder", output.display()))
                .hint("--corpus writes a folder; choose another name")
                .into());
        }
        let metrics = args.metrics.as_deref().map(|path| output_target(Some(path))).transpose()?;
        let format = match args.to {
            None => Format::Tsv,
            Some(OutputFormat::File(format)) => format,
            Some(OutputFormat::Table) => {
                return Err(Failure::usage("--to table is for reading one document")
                    .hint("write a format of files, such as tsv or jsonl")
                    .into());
            }
        };
        let languages = settings.languages.each_ref().map(|tag| tag.language);
        let (tgt, output) = (args.tgt.as_deref(), args.output.as_deref());
        let corpus = Corpus::find(&args.src, tgt, languages, output)?;
        if let Some(path) = &args.metrics {
            let places = corpus.entries().iter().flat_map(|entry| &entry.places);
            let sources = places.filter_map(|place| match place {
                TextPlace::File(path) => Some(path),
                _ => None,
            });
            paths.clone().input("the source", sources).check_file("--metrics", path)?;
        }
        Ok(Self {
            settings,
            corpus,
            output: args.output.filter(|_| !args.dry_run),
            format,
            shard_size: args.shard_size.map(usize::from),
            memory_limit: args.max_memory.unwrap_or_else(default_memory_limit),
            prune: args.prune,
            metrics,
            json: args.json,
        })
    }
}

/// Aligns the corpus, or prints what would be aligned.
pub(crate) fn run(plan: &AlignCorpusPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let engine = Engine::new(plan.settings.clone())?;
    let job = CorpusJob::new(&engine, &plan.corpus)
        .format(plan.format)
        .shard_size(plan.shard_size)
        .memory_limit(plan.memory_limit)
        .prune(plan.prune)
        .wording(remedy::hint);
    job.check()?;
    match &plan.output {
        Some(output) => align(plan, &job, output, printer),
        None => dry_run(plan, &engine, &job, printer),
    }
}

fn align(
    plan: &AlignCorpusPlan,
    job: &CorpusJob<'_>,
    output: &Path,
    printer: Printer,
) -> anyhow::Result<ExitStatus> {
    print_unpaired(&plan.corpus, printer);
    let (documents, bytes) = (plan.corpus.entries().len(), plan.corpus.text_bytes());
    let progress = ProgressPrinter::new(printer, documents, bytes, output.join(ERRORS_FILE));
    let done = job.run(output, &progress);
    progress.finish();
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(failure) => {
            // Other failures are found before any document is aligned.
            if failure.status() == FailureStatus::Failed && output.is_dir() {
                printer.print("finished documents are kept: the same command resumes from them\n");
            }
            return Err(failure.into());
        }
    };
    if let Some(target) = &plan.metrics {
        let mut out = target.open()?;
        serde_json::to_writer_pretty(&mut out, &outcome).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        out.commit()?;
    }
    printer.print(&summary(output, &outcome));
    if plan.json {
        let mut out = OutputTarget::Stdout.open()?;
        serde_json::to_writer(&mut out, &outcome.totals).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        out.commit()?;
    }
    Ok(if outcome.totals.failed > 0 { ExitStatus::Failed } else { ExitStatus::Done })
}

/// Prints the files that no name pairs.
fn print_unpaired(corpus: &Corpus, printer: Printer) {
    let unpaired = corpus.unpaired();
    let mut text = String::new();
    for file in unpaired.iter().take(MAX_PRINTED) {
        let side = ["source without target", "target without source"][file.side];
        text.push_str(&format!("{side}: {}\n", shown(&file.path.display().to_string())));
    }
    if unpaired.len() > MAX_PRINTED {
        text.push_str(&format!("and {} more unpaired files\n", unpaired.len() - MAX_PRINTED));
    }
    if !text.is_empty() {
        printer.print(&text);
    }
}

fn summary(output: &Path, outcome: &CorpusOutcome) -> String {
    let seconds = outcome.wall_seconds;
    let CorpusTotals { documents, aligned, reused, failed, warned, segments, .. } = outcome.totals;
    let mut text = format!("{documents} documents: {aligned} aligned");
    if reused > 0 {
        text.push_str(&format!(" ({reused} of them by an earlier run)"));
    }
    text.push_str(&format!(", {failed} failed, {warned} with warnings; {}", show_time(seconds)));
    if segments > 0 {
        text.push_str(&format!(", {:.0} sentences/s", segments as f64 / seconds.max(1e-3)));
    }
    text.push('\n');
    for (count, what, name) in
        [(failed, "failed", ERRORS_FILE), (warned, "warnings", WARNINGS_FILE)]
    {
        if count > 0 {
            text.push_str(&format!("{what}: {}\n", output.join(name).display()));
        }
    }
    text.push_str(&earlier_outputs(&outcome.totals));
    text
}

/// Returns what became of outputs of earlier runs, a line for each kind that there is.
fn earlier_outputs(totals: &CorpusTotals) -> String {
    let CorpusTotals { kept, stale, pruned, replaced, .. } = *totals;
    let gone = "of documents that the corpus no longer has";
    let lines = [
        (kept, format!("{kept} of the failed documents keep their output of an earlier run")),
        (stale, format!("{stale} outputs {gone}; --prune removes them")),
        (pruned, format!("{pruned} outputs {gone} were removed")),
        (replaced, format!("{replaced} outputs of an earlier run were replaced by other files")),
    ];
    lines.iter().filter(|(count, _)| *count > 0).map(|(_, line)| format!("{line}\n")).collect()
}

/// Prints a row per pair on standard output, and on standard error what the run would take.
fn dry_run(
    plan: &AlignCorpusPlan,
    engine: &Engine,
    job: &CorpusJob<'_>,
    printer: Printer,
) -> anyhow::Result<ExitStatus> {
    let entries = plan.corpus.entries();
    // In a file, the list is a manifest.
    let on_terminal = io::stdout().is_terminal();
    let field = |text: &str| match on_terminal {
        true => shown(text).into_owned(),
        false => escape_field(text).into_owned(),
    };
    let mut out = OutputTarget::Stdout.open()?;
    writeln!(out, "id\tsrc\ttgt\tsrc_bytes\ttgt_bytes")?;
    for CorpusEntry { id, places, bytes: [src_bytes, tgt_bytes], .. } in entries {
        let [src, tgt] = places.each_ref().map(|place| match place {
            TextPlace::File(path) => field(&path.display().to_string()),
            _ => "(in the manifest)".to_owned(),
        });
        writeln!(out, "{}\t{src}\t{tgt}\t{src_bytes}\t{tgt_bytes}", field(id))?;
    }
    out.commit()?;
    print_unpaired(&plan.corpus, printer);
    let failures = job.expected_failures();
    for (id, failure) in failures.iter().take(MAX_PRINTED) {
        printer.print(&failed_line(id, &failure.reason()));
    }
    if failures.len() > MAX_PRINTED {
        let more = failures.len() - MAX_PRINTED;
        printer.print(&format!("and {more} more documents that fail\n"));
    }

    let largest = entries.iter().map(CorpusEntry::text_bytes).max().unwrap_or_default();
    printer.print(&format!(
        "{} pairs, {} unpaired files{}; {} of text, {} in the largest pair\n",
        entries.len(),
        plan.corpus.unpaired().len(),
        match failures.len() {
            0 => String::new(),
            failed => format!(", {failed} pairs fail"),
        },
        show_size(plan.corpus.text_bytes()),
        show_size(largest),
    ));
    let mut text = format!("about {} of memory", show_size(job.expected_memory()));
    if let Some(seconds) = job.expected_seconds()? {
        let threads = engine.threads().count();
        text = format!("about {} with {threads} threads, {text}", show_time(seconds));
    }
    printer.print(&format!("{text}\n"));
    Ok(if failures.is_empty() { ExitStatus::Done } else { ExitStatus::Failed })
}
