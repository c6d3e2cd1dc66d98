//! What a run would do: the pairs, their sizes, and what they will take.

use std::io::Write;
use std::time::Instant;

use nasaq_formats::{OutputTarget, escape_field};

use super::entry::{Entry, Place};
use super::memory::{self, show_size};
use super::metrics::Metrics;
use super::plan::CorpusPlan;
use super::progress::show_time;
use super::run::{NAMED, load, tell_alone, threads};
use super::work;
use crate::engine::{Engine, pool};
use crate::failure::ExitStatus;
use crate::printer::Printer;

/// Documents that are aligned to learn how fast it goes, and seconds that this may take.
const SAMPLES: usize = 16;
const SECONDS: f64 = 2.0;
/// Bytes of a document pair that are aligned; a long one takes no more time a byte than this.
const SAMPLE_BYTES: f64 = 100_000.0;
/// Files of fewer bytes may have no text, and are looked into.
const FEW_BYTES: u64 = 64;

/// Prints a row a pair on standard output, and the rest on standard error.
pub(crate) fn dry_run(plan: &CorpusPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let entries = &plan.corpus.entries;
    let mut out = OutputTarget::Stdout.open()?;
    writeln!(out, "id\tsrc\ttgt\tsrc_bytes\ttgt_bytes")?;
    for entry in entries {
        let place = |place: &Place| match place {
            Place::File(path) => escape_field(&path.display().to_string()).into_owned(),
            Place::Inline => "(in the manifest)".to_owned(),
        };
        let [src, tgt] = &entry.places;
        let id = escape_field(&entry.id);
        writeln!(
            out,
            "{id}\t{}\t{}\t{}\t{}",
            place(src),
            place(tgt),
            entry.bytes[0],
            entry.bytes[1]
        )?;
    }
    out.commit()?;
    tell_alone(plan, printer);
    let failed = tell_failures(plan, printer);

    let mut sizes: Vec<u64> = entries.iter().map(Entry::text_bytes).collect();
    sizes.sort_unstable();
    let total: u64 = sizes.iter().sum();
    let threads = threads(plan);
    printer.print(&format!(
        "{} pairs, {} files alone{}; {} of text, {} the largest pair\n",
        entries.len(),
        plan.corpus.alone.len(),
        if failed > 0 { format!(", {failed} pairs fail") } else { String::new() },
        show_size(total),
        show_size(sizes.last().copied().unwrap_or_default()),
    ));
    let memory = memory::whole(sizes.iter().rev().take(threads).copied()).min(plan.max_memory);
    let mut text = format!("about {} of memory", show_size(memory));
    if let Some(seconds) = seconds_a_byte(plan)? {
        let time = show_time(total as f64 * seconds / threads as f64);
        text = format!("about {time} with {threads} threads, {text}");
    }
    printer.print(&format!("{text}\n"));
    Ok(if failed > 0 { ExitStatus::Failed } else { ExitStatus::Done })
}

/// Names the documents of which it is seen without reading them all that they fail: a file is
/// missing, has no text or is too large. Gives how many they are.
fn tell_failures(plan: &CorpusPlan, printer: Printer) -> usize {
    let most = memory::most_bytes(plan.max_memory);
    let is_doubtful = |entry: &&Entry| {
        entry.bytes.iter().any(|bytes| *bytes < FEW_BYTES) || entry.text_bytes() > most
    };
    let mut failed = 0;
    for entry in plan.corpus.entries.iter().filter(is_doubtful) {
        if let Err(told) = load(plan, entry) {
            failed += 1;
            if failed <= NAMED {
                printer.print(&format!("failed: {}: {}\n", entry.id, told.reason));
            }
        }
    }
    if failed > NAMED {
        printer.print(&format!("and {} more documents that fail\n", failed - NAMED));
    }
    failed
}

/// Aligns some documents from all over the corpus; none where none of these can be aligned.
fn seconds_a_byte(plan: &CorpusPlan) -> anyhow::Result<Option<f64>> {
    let engine = Engine::new(&plan.settings)?;
    let entries = &plan.corpus.entries;
    let step = entries.len().div_ceil(SAMPLES).max(1);
    let samples: Vec<&Entry> = entries.iter().step_by(step).collect();
    let most = memory::most_bytes(plan.max_memory);
    let metrics = Metrics::default();
    let align = |entry: &Entry| -> Option<u64> {
        let mut loaded = plan.corpus.load(entry, plan.settings.readers, most).ok()?;
        let share = SAMPLE_BYTES / entry.text_bytes().max(1) as f64;
        if share < 1.0 {
            loaded.documents = loaded.documents.each_ref().map(|it| it.beginning(share));
        }
        work::align(&engine, &entry.id, &loaded, &metrics).ok()?;
        Some(loaded.documents.iter().map(|document| document.text.len() as u64).sum())
    };
    pool(1)?.install(|| {
        // Tables that all documents use are filled before the clock runs.
        if samples.len() > 1 {
            let _ = samples.first().and_then(|entry| align(entry));
        }
        let start = Instant::now();
        let mut bytes = 0;
        for entry in samples {
            bytes += align(entry).unwrap_or_default();
            if bytes > 0 && start.elapsed().as_secs_f64() > SECONDS {
                break;
            }
        }
        Ok((bytes > 0).then(|| start.elapsed().as_secs_f64() / bytes as f64))
    })
}
