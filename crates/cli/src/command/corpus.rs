//! `nasaq align --corpus`: a folder of documents in, a folder of alignments out.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use nasaq_formats::{Format, Output, OutputTarget, escape_field};
use nasaq_job::{
    Corpus, CorpusEntry, CorpusJob, CorpusOutcome, CorpusTotals, ERRORS_FILE, Engine,
    FailureStatus, Settings, TextPlace, UnpairedReason, WARNINGS_FILE, default_memory_limit,
};
use nasaq_review::ReviewLogs;

use crate::args::{AlignArgs, OutputFormat};
use crate::bitext::count;
use crate::corpus_output::CorpusOutput;
use crate::failure::{ExitStatus, Failure};
use crate::formats::{json_summary, warn_if_empty};
use crate::paths::CommandPaths;
use crate::plan::output_target;
use crate::printer::Printer;
use crate::progress::{MAX_PRINTED, ProgressPrinter, failed_line, show_time};
use crate::remedy;
use crate::reviewed_output;
use crate::settings::settings;
use crate::shown::shown;
use crate::size::show_size;

/// What `nasaq align --corpus` will do: checked arguments, and the documents that they name.
#[derive(Debug)]
pub(crate) struct AlignCorpusPlan {
    settings: Settings,
    corpus: Corpus,
    /// Nothing in a dry run.
    output: Option<CorpusOutput>,
    format: Format,
    shard_size: Option<usize>,
    memory_limit: u64,
    prune: bool,
    force: bool,
    metrics: Option<OutputTarget>,
    /// Print the totals as JSON on standard output.
    json: bool,
    /// The folder of the logs of reviews whose decisions hold.
    reviews: Option<PathBuf>,
}

impl AlignCorpusPlan {
    pub(crate) fn new(args: &AlignArgs, paths: &CommandPaths) -> anyhow::Result<Self> {
        let settings = settings(args)?;
        if args.output.is_none() && !args.dry_run {
            return Err(Failure::usage("--corpus needs an output")
                .hint(
                    "name a folder, or one file such as memory.tmx, with -o, or list the documents \
                     with --dry-run",
                )
                .into());
        }
        let output = CorpusOutput::of(args)?;
        let mut shard_size = args.shard_size.map(usize::from);
        match &output {
            Some(CorpusOutput::Folder(path)) if path.exists() && !path.is_dir() => {
                return Err(Failure::usage(format!("-o {}: not a folder", path.display()))
                    .hint("choose another name, or end it as a format: memory.tmx, pairs.tsv.gz")
                    .into());
            }
            Some(CorpusOutput::File { path, .. }) => {
                output_target(Some(path))?;
                shard_size = Some(usize::MAX);
            }
            _ => {}
        }
        let metrics = args.metrics.as_deref().map(|path| output_target(Some(path))).transpose()?;
        let format = match args.to {
            None => match &output {
                Some(CorpusOutput::File { path, .. }) => Format::from_path(path)?,
                _ => Format::Tsv,
            },
            Some(OutputFormat::File(format)) => format,
            Some(OutputFormat::Table) => {
                return Err(Failure::usage("--to table is for reading one document")
                    .hint("write a format of files, such as tsv or jsonl")
                    .into());
            }
        };
        let languages = settings.languages.each_ref().map(|tag| tag.language);
        let folder = output.as_ref().map(CorpusOutput::folder);
        let corpus = Corpus::find(&args.src, args.tgt.as_deref(), languages, folder)?;
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
            output: output.filter(|_| !args.dry_run),
            format,
            shard_size: shard_size.map(|size| size.min(corpus.entries().len().max(1))),
            memory_limit: args.max_memory.unwrap_or_else(default_memory_limit),
            prune: args.prune,
            force: args.force,
            metrics,
            json: args.json,
            reviews: reviews(args.review.as_deref())?,
            corpus,
        })
    }
}

/// Checks the folder of `--review`.
fn reviews(folder: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    match folder {
        Some(path) if !path.is_dir() => {
            Err(Failure::usage(format!("--review {}: this is no folder", path.display()))
                .hint("with --corpus, pass the folder of the logs"))
        }
        folder => Ok(folder.map(Path::to_owned)),
    }
}

/// Aligns the corpus, or prints what would be aligned.
pub(crate) fn run(plan: &AlignCorpusPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let engine = Engine::new(plan.settings.clone())?;
    let reviews = plan.reviews.as_ref().map(|folder| ReviewLogs::new(folder, &engine));
    let mut job = CorpusJob::new(&engine, &plan.corpus)
        .format(plan.format)
        .shard_size(plan.shard_size)
        .memory_limit(plan.memory_limit)
        .prune(plan.prune)
        .replace(plan.force)
        .wording(remedy::hint);
    if let Some(reviews) = &reviews {
        job = job.reviews(reviews);
        let ids = plan.corpus.entries().iter();
        let reviewed = ids.filter(|entry| reviews.log(&entry.id).is_some()).count();
        if reviewed == 0 {
            let folder = plan.reviews.as_deref().unwrap_or(Path::new("")).display();
            return Err(Failure::input(format!("--review {folder}: no document has a log there"))
                .hint("the log of the document ID is ID.review.jsonl in the folder")
                .into());
        }
        warn_of_unmatched(reviews, plan, printer)?;
        let have = if reviewed == 1 { "has" } else { "have" };
        printer.note(&format!("{reviewed} of the documents {have} a review, whose decisions hold"));
    }
    job.check()?;
    if let Some(CorpusOutput::File { path, .. }) = &plan.output
        && !plan.force
    {
        reviewed_output::check(path, reviews.as_ref())?;
    }
    match &plan.output {
        Some(output) => align(plan, &job, output, printer),
        None => dry_run(plan, &engine, &job, printer),
    }
}

/// How many logs without a document a warning names.
const NAMED_LOGS: usize = 5;

/// Warns of logs whose decisions are not used, because no document has their id.
fn warn_of_unmatched(
    reviews: &ReviewLogs<'_>,
    plan: &AlignCorpusPlan,
    printer: Printer,
) -> Result<(), Failure> {
    let logs = reviews.unmatched(plan.corpus.entries().iter().map(|entry| &*entry.id))?;
    if logs.is_empty() {
        return Ok(());
    }
    let named = logs.iter().take(NAMED_LOGS).map(|log| log.display().to_string());
    let mut names = named.collect::<Vec<String>>().join(", ");
    if logs.len() > NAMED_LOGS {
        names.push_str(&format!(" and {} more", logs.len() - NAMED_LOGS));
    }
    let logs = count(logs.len() as u64, "log");
    printer.warn(
        &format!("--review: {logs} of no document of the corpus: {names}"),
        "the log of the document ID is ID.review.jsonl in the folder; rename logs whose document \
         has another id now",
    );
    Ok(())
}

fn align(
    plan: &AlignCorpusPlan,
    job: &CorpusJob<'_>,
    output: &CorpusOutput,
    printer: Printer,
) -> anyhow::Result<ExitStatus> {
    let folder = output.folder();
    print_unpaired(&plan.corpus, printer);
    let (documents, bytes) = (plan.corpus.entries().len(), plan.corpus.text_bytes());
    let progress = ProgressPrinter::new(printer, documents, bytes, folder.join(ERRORS_FILE));
    let done = job.run(folder, &progress);
    progress.finish();
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(failure) => {
            // Other failures are found before any document is aligned.
            if failure.status() == FailureStatus::Failed && folder.is_dir() {
                printer.print("finished documents are kept: the same command resumes from them\n");
            }
            return Err(failure.into());
        }
    };
    let memory = output.assemble(plan.format, &outcome.totals)?;
    printer.print(&summary(folder, &outcome, plan.corpus.unpaired().len()));
    printer.print(&omitted(plan, &outcome.totals));
    let CorpusTotals { aligned, beads, one_sided, improbable, .. } = outcome.totals;
    if plan.format == Format::Tmx && aligned > 0 {
        warn_if_empty(printer, plan.format, beads, one_sided + improbable);
    }
    if let CorpusOutput::File { path, .. } = output
        && outcome.totals.aligned == 0
    {
        printer.print(&format!("{} was not written: no document was aligned\n", path.display()));
    }
    let mut outputs = Vec::new();
    outputs.extend(plan.json.then(|| json_summary(&outcome.totals)).transpose()?);
    if let Some(target) = &plan.metrics {
        let mut out = target.open_among_others()?;
        serde_json::to_writer_pretty(&mut out, &outcome).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        outputs.push(out);
    }
    // The main output last.
    outputs.extend(memory);
    Output::commit_all(outputs)?;
    if let Some(parts) = output.remove_parts(&outcome.totals)? {
        let parts = parts.display();
        printer.print(&format!("{parts} is not removed: it has files that no run wrote\n"));
    }
    Ok(if outcome.totals.failed > 0 { ExitStatus::Failed } else { ExitStatus::Done })
}

/// Prints the files that no name pairs, and the pairs whose names are only similar.
fn print_unpaired(corpus: &Corpus, printer: Printer) {
    let similar = corpus.similar().map(|entry| {
        let [src, tgt] = entry.places.each_ref().map(|place| match place {
            TextPlace::File(path) => shown(&path.display().to_string()).into_owned(),
            _ => String::new(),
        });
        format!("similar names: {src} and {tgt}\n")
    });
    print_first(similar, "pairs with similar names", printer);
    let unpaired = corpus.unpaired().iter().map(|file| {
        let reason = match (file.reason, file.side) {
            (UnpairedReason::Ambiguous, _) => "several files have this name",
            (UnpairedReason::OtherLanguage, _) => "another language in the name",
            (_, Some(0)) => "source without target",
            (_, Some(_)) => "target without source",
            (_, None) => "no language in this name",
        };
        format!("{reason}: {}\n", shown(&file.path.display().to_string()))
    });
    print_first(unpaired, "unpaired files", printer);
    if corpus.unpaired().iter().any(|file| file.reason != UnpairedReason::NoPartner) {
        printer.print("hint: `nasaq pair` finds by content which files belong together\n");
    }
}

/// Prints the first lines and how many there are more.
fn print_first(lines: impl Iterator<Item = String>, what: &str, printer: Printer) {
    let mut lines = lines.fuse();
    let first: String = lines.by_ref().take(MAX_PRINTED).collect();
    if !first.is_empty() {
        printer.print(&first);
    }
    match lines.count() {
        0 => {}
        more => printer.print(&format!("and {more} more {what}\n")),
    }
}

fn summary(output: &Path, outcome: &CorpusOutcome, unpaired: usize) -> String {
    let seconds = outcome.wall_seconds;
    let CorpusTotals { documents, aligned, reused, failed, warned, noted, segments, .. } =
        outcome.totals;
    let mut text = format!("{}: {aligned} aligned", count(documents as u64, "document"));
    if reused > 0 {
        text.push_str(&format!(" ({reused} of them by an earlier run)"));
    }
    text.push_str(&format!(", {failed} failed, {warned} with warnings"));
    if noted > 0 {
        text.push_str(&format!(", {noted} with notes only"));
    }
    text.push_str(&format!("; {}", show_time(seconds)));
    if segments > 0 {
        text.push_str(&format!(", {:.0} sentences/s", segments as f64 / seconds.max(1e-3)));
    }
    if unpaired > 0 {
        text.push_str(&format!("; {}", count(unpaired as u64, "unpaired file")));
    }
    text.push('\n');
    let messages = match (warned, noted) {
        (0, _) => "notes",
        (_, 0) => "warnings",
        _ => "warnings and notes",
    };
    for (count, what, name) in
        [(failed, "failed", ERRORS_FILE), (warned + noted, messages, WARNINGS_FILE)]
    {
        if count > 0 {
            text.push_str(&format!("{what}: {}\n", output.join(name).display()));
        }
    }
    text.push_str(&earlier_outputs(&outcome.totals));
    text
}

/// Returns what a translation memory omits, a line for each kind that there is.
fn omitted(plan: &AlignCorpusPlan, totals: &CorpusTotals) -> String {
    let mut text = String::new();
    if plan.format != Format::Tmx {
        return text;
    }
    if totals.one_sided > 0 {
        let pairs = count(totals.one_sided, "pair");
        text.push_str(&format!("tmx: {pairs} with text on one side only omitted\n"));
    }
    if totals.improbable > 0 {
        let (pairs, min) = (count(totals.improbable, "pair"), plan.settings.min_probability);
        text.push_str(&format!(
            "tmx: {pairs} with a probability below {min} omitted (--min-probability 0 writes them)\n"
        ));
    }
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
    let mut out = OutputTarget::Stdout.open_among_others()?;
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
        "{}, {}{}; {} of text, {} in the largest pair\n",
        count(entries.len() as u64, "pair"),
        count(plan.corpus.unpaired().len() as u64, "unpaired file"),
        match failures.len() {
            0 => String::new(),
            1 => ", 1 pair fails".to_owned(),
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
