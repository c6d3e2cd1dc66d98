//! The run: all documents, on all threads, each outcome written and told to the journal.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Instant;

use nasaq_formats::{
    BeadRecord, BeadWriter, BitextHeader, ErrorKind, Format, OutputTarget, WriteOptions,
};
use xxhash_rust::xxh3::Xxh3;

use super::entry::{Entry, Loaded};
use super::folder::OutputFolder;
use super::journal::{DocumentLine, Hash, JOURNAL, Journal, Line, line_bytes};
use super::listing::{self, ERRORS, Outcome, WARNINGS, told_bytes};
use super::memory::{self, Budget};
use super::metrics::{self, Metrics, Stage, Totals};
use super::outliers::outliers;
use super::plan::CorpusPlan;
use super::progress::{Progress, Step, show_time};
use super::schedule::schedule;
use super::shards::{self, Shards};
use super::work::{self, Told};
use crate::engine::{Engine, pool};
use crate::failure::ExitStatus;
use crate::printer::Printer;

/// Files without a partner, and failures, that are named; of more, the number is told.
pub(super) const NAMED: usize = 10;

/// Aligns every document of a corpus.
pub(crate) fn run(plan: &CorpusPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let start = Instant::now();
    let output = plan.output.as_deref().unwrap_or_else(|| unreachable!("checked by the plan"));
    let folder = OutputFolder::open(output)?;
    let engine = Engine::new(&plan.settings)?;
    tell_alone(plan, printer);
    let run = Run::new(plan, &engine, &folder, printer)?;
    let done = run.all();
    run.progress.finish();
    if let Err(error) = done {
        printer.print("what is done is kept: the same command goes on from there\n");
        return Err(error);
    }

    let threads = threads(plan);
    let totals = run.finish()?;
    let wall = start.elapsed();
    if let Some(path) = &plan.metrics {
        metrics::write(path, &run.metrics, totals, threads, wall)?;
    }
    printer.print(&summary(output, totals, wall.as_secs_f64()));
    if plan.json {
        let mut out = OutputTarget::Stdout.open()?;
        serde_json::to_writer(&mut out, &totals).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        out.commit()?;
    }
    Ok(if totals.failed > 0 { ExitStatus::Failed } else { ExitStatus::Done })
}

/// Gives how many threads are used.
pub(super) fn threads(plan: &CorpusPlan) -> usize {
    plan.settings.threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from))
}

/// Reads a document's texts, or says why it fails before it is aligned.
pub(super) fn load(plan: &CorpusPlan, entry: &Entry) -> Result<Loaded, Told> {
    let most = memory::most_bytes(plan.max_memory);
    let too_large = |what: String| Told {
        kind: "too-large".to_owned(),
        reason: what,
        hint: Some("give --max-memory more, or cut the document at chapters".to_owned()),
    };
    let loaded =
        plan.corpus.load(entry, plan.settings.readers, most).map_err(|error| {
            match error.kind() {
                ErrorKind::TooLarge { .. } => too_large(error.to_string()),
                _ => Told::unreadable(error),
            }
        })?;
    let size: usize = loaded.documents.iter().map(|document| document.text.len()).sum();
    if size as u64 > most {
        let name = &loaded.documents[0].name;
        return Err(too_large(format!("{name} and its translation have more than {most} bytes")));
    }
    Ok(loaded)
}

/// Names the files that no name pairs.
pub(super) fn tell_alone(plan: &CorpusPlan, printer: Printer) {
    let alone = &plan.corpus.alone;
    if alone.is_empty() {
        return;
    }
    let mut text = String::new();
    for file in alone.iter().take(NAMED) {
        let side = ["source without target", "target without source"][file.side];
        text.push_str(&format!("{side}: {}\n", file.path.display()));
    }
    if alone.len() > NAMED {
        text.push_str(&format!("and {} more files without a partner\n", alone.len() - NAMED));
    }
    printer.print(&text);
}

fn summary(output: &std::path::Path, totals: Totals, seconds: f64) -> String {
    let Totals { documents, aligned, reused, failed, warned, segments, .. } = totals;
    let mut text = format!("{documents} documents: {aligned} aligned");
    if reused > 0 {
        text.push_str(&format!(" ({reused} of them by an earlier run)"));
    }
    text.push_str(&format!(", {failed} failed, {warned} with warnings; {}", show_time(seconds)));
    if segments > 0 {
        text.push_str(&format!(", {:.0} sentences/s", segments as f64 / seconds.max(1e-3)));
    }
    text.push('\n');
    for (count, what, name) in [(failed, "failed", ERRORS), (warned, "warnings", WARNINGS)] {
        if count > 0 {
            text.push_str(&format!("{what}: {}\n", output.join(name).display()));
        }
    }
    text
}

struct Run<'a> {
    plan: &'a CorpusPlan,
    engine: &'a Engine<'a>,
    folder: &'a OutputFolder,
    header: BitextHeader,
    /// What a document's result depends on besides its texts.
    settings: String,
    journal: Journal,
    budget: Budget,
    shards: Option<Shards>,
    outcomes: Vec<OnceLock<Outcome>>,
    errors: Mutex<std::fs::File>,
    failures: AtomicUsize,
    progress: Progress,
    metrics: Metrics,
    /// Why the run ends early.
    stop: Mutex<Option<anyhow::Error>>,
    stopped: AtomicBool,
}

impl<'a> Run<'a> {
    fn new(
        plan: &'a CorpusPlan,
        engine: &'a Engine<'a>,
        folder: &'a OutputFolder,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        let corpus = &plan.corpus;
        let mut header = engine.header(&[]);
        header.metadata = corpus.metadata_names().to_vec();
        // Of a shard, before its documents are read; of a single one it is seen then.
        header.places = corpus.has_places() || plan.settings.says_blocks();
        let settings = format!("{}\n{header:?}", plan.format.name());
        let total_bytes = corpus.entries.iter().map(Entry::text_bytes).sum();
        let errors = folder.path(ERRORS);
        Ok(Self {
            plan,
            engine,
            folder,
            header,
            settings,
            journal: Journal::open(folder)?,
            budget: Budget::new(plan.max_memory),
            shards: plan.shard_size.map(|size| Shards::new(size, corpus.entries.len())),
            outcomes: corpus.entries.iter().map(|_| OnceLock::new()).collect(),
            errors: Mutex::new(
                std::fs::File::create(&errors)
                    .map_err(|error| super::folder::at(error.into(), &errors))?,
            ),
            failures: AtomicUsize::new(0),
            progress: Progress::new(printer, corpus.entries.len(), total_bytes),
            metrics: Metrics::default(),
            stop: Mutex::new(None),
            stopped: AtomicBool::new(false),
        })
    }

    /// Does all documents.
    fn all(&self) -> anyhow::Result<()> {
        let threads = threads(self.plan);
        if let Some(shards) = &self.shards {
            self.side_by_side(threads, &(0..shards.count()).collect::<Vec<_>>(), |shard| {
                self.verify(shards, shard)
            })?;
        }
        let left = |document: &usize| self.outcomes[*document].get().is_none();
        let (large, small) = schedule(
            &self.plan.corpus.entries,
            (0..self.outcomes.len()).filter(left),
            self.shards.as_ref(),
            threads,
        );
        // Each of these alone, with all threads inside.
        if !large.is_empty() {
            pool(threads)?
                .install(|| large.iter().try_for_each(|&document| self.document(document)))?;
        }
        self.side_by_side(threads, &small, |document| self.document(document))
    }

    /// Works on jobs in their order, one a thread.
    fn side_by_side(
        &self,
        threads: usize,
        jobs: &[usize],
        work: impl Fn(usize) -> anyhow::Result<()> + Sync,
    ) -> anyhow::Result<()> {
        let next = AtomicUsize::new(0);
        let worker = || -> anyhow::Result<()> {
            // Rayon inside a document must not take up another document while it waits.
            pool(1)?.install(|| {
                while !self.stopped.load(Ordering::Relaxed)
                    && let Some(&job) = jobs.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    work(job)?;
                }
                Ok(())
            })
        };
        thread::scope(|scope| {
            for _ in 0..threads.min(jobs.len()) {
                scope.spawn(|| {
                    if let Err(error) = worker() {
                        self.stopped.store(true, Ordering::Relaxed);
                        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
                        stop.get_or_insert(error);
                    }
                });
            }
        });
        match self.stop.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Does one document and everything that waits for it. An error ends the run.
    fn document(&self, document: usize) -> anyhow::Result<()> {
        let entry = &self.plan.corpus.entries[document];
        let outcome = self.outcome(document, entry)?;
        let mut step = Step { bytes: entry.text_bytes(), ..Step::default() };
        match &outcome {
            Outcome::Aligned { line, reused } => {
                step.reused = *reused;
                if !reused {
                    step.segments = (line.aligned.src_segments + line.aligned.tgt_segments) as u64;
                }
            }
            Outcome::Failed(told) => {
                step.failed = true;
                let bytes = told_bytes(&entry.id, told);
                let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
                errors
                    .write_all(&bytes)
                    .map_err(|error| super::folder::at(error.into(), &self.folder.path(ERRORS)))?;
                self.tell_failure(&entry.id, told);
            }
        }
        let _ = self.outcomes[document].set(outcome);
        if let Some(shards) = &self.shards
            && shards.is_last(document)
        {
            self.metrics.time(Stage::Write, || self.assemble(shards, shards.of(document)))?;
        }
        self.progress.done(step);
        Ok(())
    }

    /// Prints the first failures; all of them are in the list.
    fn tell_failure(&self, id: &str, told: &Told) {
        let number = self.failures.fetch_add(1, Ordering::Relaxed);
        if number < NAMED {
            self.progress.print(&format!("failed: {id}: {}\n", told.reason));
        } else if number == NAMED {
            let list = self.folder.path(ERRORS);
            self.progress.print(&format!("further failures are told in {} only\n", list.display()));
        }
    }

    fn outcome(&self, document: usize, entry: &Entry) -> anyhow::Result<Outcome> {
        let mut share = self.budget.take(memory::estimate(entry.text_bytes()));
        let loaded = match self.load(entry) {
            Ok(loaded) => loaded,
            Err(told) => return Ok(Outcome::Failed(told)),
        };
        let size = loaded.documents.iter().map(|document| document.text.len() as u64).sum();
        if size > entry.text_bytes() {
            // It was packed more tightly than files usually are.
            drop(share);
            share = self.budget.take(memory::estimate(size));
        }
        let input = self.input(entry, &loaded);
        let file = match &self.shards {
            Some(_) => OutputFolder::part_name(document),
            None => self.file_name(document),
        };
        if let Some(line) = self.journal.document(&entry.id)
            && line.input == input
            && line.file.as_ref() == Some(&file)
            && line.output.is_some()
            && self.metrics.time(Stage::Read, || self.folder.hash(&file)).map(Hash) == line.output
        {
            return Ok(Outcome::Aligned { line: line.clone(), reused: true });
        }
        let (beads, aligned) = match work::align(self.engine, &entry.id, &loaded, &self.metrics) {
            Ok(found) => found,
            Err(told) => return Ok(Outcome::Failed(told)),
        };
        let output = self.metrics.time(Stage::Write, || self.write(&file, &loaded, &beads))?;
        drop(share);
        let line = DocumentLine {
            id: entry.id.clone(),
            input,
            file: Some(file),
            output: Some(output),
            aligned,
        };
        self.journal.add(&Line::Document(line.clone()), &self.folder.path(JOURNAL))?;
        Ok(Outcome::Aligned { line, reused: false })
    }

    fn load(&self, entry: &Entry) -> Result<Loaded, Told> {
        self.metrics.time(Stage::Read, || load(self.plan, entry))
    }

    /// Gives the hash of everything that a document's result depends on.
    fn input(&self, entry: &Entry, loaded: &Loaded) -> Hash {
        let mut hash = Xxh3::new();
        let metadata = serde_json::to_string(&loaded.metadata).expect("JSON makes JSON");
        let [src, tgt] = &loaded.documents;
        let blocks = match (src.blocks.as_slice(), tgt.blocks.as_slice()) {
            ([], []) => String::new(),
            blocks => format!("{blocks:?}"),
        };
        for part in [&self.settings, &entry.id, &src.text, &tgt.text, &metadata, &blocks] {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Hash(hash.digest128())
    }

    fn file_name(&self, document: usize) -> String {
        format!("docs/{}.{}", self.plan.corpus.entries[document].id, self.plan.format.name())
    }

    fn write(&self, file: &str, loaded: &Loaded, beads: &[BeadRecord]) -> anyhow::Result<Hash> {
        // A part of a shard has no metadata: the shard's format has a place for them.
        let format = if self.shards.is_some() { Format::Jsonl } else { self.plan.format };
        let hash = self.folder.write(file, false, |out| -> nasaq_formats::Result<()> {
            let places = loaded.documents.iter().any(|document| !document.blocks.is_empty());
            let header = BitextHeader { places, ..self.header.clone() };
            let mut writer = BeadWriter::new(format, WriteOptions::default(), vec![out], &header)?;
            if self.shards.is_none() {
                writer.document(&loaded.metadata);
            }
            beads.iter().try_for_each(|bead| writer.write(bead))?;
            writer.finish()?;
            Ok(())
        })?;
        Ok(Hash(hash))
    }

    fn assemble(&self, shards: &Shards, shard: usize) -> anyhow::Result<()> {
        let members: Vec<(usize, &DocumentLine)> = shards
            .range(shard)
            .filter_map(|document| Some((document, self.outcomes[document].get()?.line()?)))
            .collect();
        if !members.is_empty() {
            let corpus = &self.plan.corpus;
            let format = self.plan.format;
            let line =
                shards::assemble(self.folder, corpus, shard, format, &self.header, &members)?;
            self.journal.add(&Line::Shard(line), &self.folder.path(JOURNAL))?;
        }
        members
            .iter()
            .try_for_each(|(document, _)| self.folder.remove(&OutputFolder::part_name(*document)))
    }

    /// Takes a shard that an earlier run completed, where nothing of it has changed.
    fn verify(&self, shards: &Shards, shard: usize) -> anyhow::Result<()> {
        let Some(known) = self.journal.shard(shard) else { return Ok(()) };
        if known.file != Shards::name(shard, self.plan.format)
            || self.folder.hash(&known.file).map(Hash) != Some(known.output)
        {
            return Ok(());
        }
        let mut outcomes = Vec::new();
        for document in shards.range(shard) {
            let entry = &self.plan.corpus.entries[document];
            match self.load(entry) {
                Err(told) => outcomes.push(Outcome::Failed(told)),
                Ok(loaded) => {
                    let input = self.input(entry, &loaded);
                    match self.journal.document(&entry.id) {
                        Some(line) if line.input == input => {
                            outcomes.push(Outcome::Aligned { line: line.clone(), reused: true });
                        }
                        // It failed for another reason than its bytes, or it is new.
                        _ => return Ok(()),
                    }
                }
            }
        }
        if shards::input(outcomes.iter().filter_map(Outcome::line)) == known.input {
            for (document, outcome) in shards.range(shard).zip(outcomes) {
                let bytes = self.plan.corpus.entries[document].text_bytes();
                let failed = outcome.line().is_none();
                let _ = self.outcomes[document].set(outcome);
                self.progress.done(Step { bytes, failed, reused: true, ..Step::default() });
            }
        }
        Ok(())
    }

    /// Writes the lists, removes what is no longer part of the corpus, and brings the journal in
    /// order, so that the folder does not tell in how many runs it was made.
    fn finish(&self) -> anyhow::Result<Totals> {
        let mut totals = Totals { documents: self.outcomes.len(), ..Totals::default() };
        let mut journal = Vec::new();
        let mut files = std::collections::HashSet::new();
        let outcomes: Vec<&Outcome> = self.outcomes.iter().filter_map(OnceLock::get).collect();
        let more = outliers(&outcomes);
        let file_of = |document: usize| match &self.shards {
            Some(shards) => Shards::name(shards.of(document), self.plan.format),
            None => self.file_name(document),
        };
        for (document, outcome) in outcomes.iter().enumerate() {
            let Outcome::Aligned { line, reused } = outcome else {
                totals.failed += 1;
                continue;
            };
            totals.aligned += 1;
            totals.reused += usize::from(*reused);
            totals.warned +=
                usize::from(!line.aligned.warnings.is_empty() || more[document].is_some());
            totals.beads += line.aligned.beads as u64;
            if !reused {
                totals.segments += (line.aligned.src_segments + line.aligned.tgt_segments) as u64;
            }
            files.insert(file_of(document));
            let mut line = line.clone();
            if self.shards.is_some() {
                (line.file, line.output) = (None, None);
            }
            journal.extend(line_bytes(&Line::Document(line)));
        }
        if let Some(shards) = &self.shards {
            let current = Journal::open(self.folder)?;
            for shard in (0..shards.count()).filter_map(|shard| current.shard(shard)) {
                if files.contains(&shard.file) {
                    journal.extend(line_bytes(&Line::Shard(shard.clone())));
                }
            }
        }
        listing::write(self.folder, &self.plan.corpus, &outcomes, &more, file_of)?;
        for (file, hash) in self.journal.files() {
            if !files.contains(file) && self.folder.hash(file).map(Hash) == Some(hash) {
                self.folder.remove(file)?;
                self.folder.remove_empty_folders(file);
            }
        }
        self.folder.write(JOURNAL, true, |out| out.write_all(&journal))?;
        self.folder.finish()?;
        Ok(totals)
    }
}
