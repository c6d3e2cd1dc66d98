//! The run: all documents, on all threads, each result written and recorded in the journal.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use nasaq_formats::{BeadRecord, BeadWriter, BitextHeader, Format, WriteOptions};
use xxhash_rust::xxh3::Xxh3;

use super::CorpusJob;
use super::entry::{CorpusEntry, LoadedDocument};
use super::folder::{OutputFolder, WriteError};
use super::journal::{ContentHash, DocumentLine, JOURNAL, Journal, JournalLine, line_bytes};
use super::listing::{self, DocumentOutcome, ERRORS_FILE, message_bytes};
use super::memory::{self, Budget};
use super::metrics::{CorpusOutcome, CorpusTotals, Metrics, Stage};
use super::outliers::outliers;
use super::shards::{self, Shards};
use crate::failure::{Failure, Result};
use crate::message::Message;
use crate::observer::{DocumentDone, Observer};
use crate::threads::Schedule;

/// Aligns every document of a corpus.
pub(super) fn run(
    job: &CorpusJob<'_>,
    output: &Path,
    observer: &dyn Observer,
) -> Result<CorpusOutcome> {
    let start = Instant::now();
    let folder = OutputFolder::open(output)?;
    let run = CorpusRun::new(job, &folder, observer)?;
    run.all()?;
    let totals = run.finish()?;
    Ok(CorpusOutcome::new(totals, &run.metrics, job.engine.threads().count(), start.elapsed()))
}

/// Returns a text of all that the result of a document depends on besides its texts. A change of it
/// makes every document of an output folder be aligned again.
fn settings_key(format: Format, header: &BitextHeader) -> String {
    let BitextHeader { src_lang, tgt_lang, settings, metadata, places, .. } = header;
    serde_json::to_string(&(format.name(), src_lang, tgt_lang, settings, metadata, places))
        .expect("strings and a boolean make JSON")
}

struct CorpusRun<'a> {
    job: &'a CorpusJob<'a>,
    folder: &'a OutputFolder,
    observer: &'a dyn Observer,
    header: BitextHeader,
    /// What the result of a document depends on besides its texts.
    settings: String,
    journal: Journal,
    budget: Budget,
    shards: Option<Shards>,
    outcomes: Vec<OnceLock<DocumentOutcome>>,
    errors: Mutex<File>,
    metrics: Metrics,
}

impl<'a> CorpusRun<'a> {
    fn new(
        job: &'a CorpusJob<'a>,
        folder: &'a OutputFolder,
        observer: &'a dyn Observer,
    ) -> Result<Self> {
        let corpus = job.corpus;
        let mut header = job.engine.header(&[]);
        header.metadata = corpus.metadata_names().to_vec();
        // For shards, whose header is written before all documents are read; a single document
        // sets it itself.
        header.places = corpus.names_blocks() || job.engine.settings().names_blocks();
        let settings = settings_key(job.format, &header);
        let errors = folder.path(ERRORS_FILE);
        let errors = File::create(&errors).map_err(|error| WriteError::Io(error).at(&errors))?;
        Ok(Self {
            job,
            folder,
            observer,
            header,
            settings,
            journal: Journal::open(folder)?,
            budget: Budget::new(job.memory_limit),
            shards: job.shard_size.map(|size| Shards::new(size, corpus.entries.len())),
            outcomes: corpus.entries.iter().map(|_| OnceLock::new()).collect(),
            errors: Mutex::new(errors),
            metrics: Metrics::default(),
        })
    }

    /// Aligns all documents.
    fn all(&self) -> Result<()> {
        let threads = self.job.engine.threads();
        if let Some(shards) = &self.shards {
            let all: Vec<usize> = (0..shards.count()).collect();
            threads.in_parallel(&all, |shard| self.reuse_shard(shards, shard))?;
        }
        let entries = &self.job.corpus.entries;
        let is_unfinished = |document: &usize| self.outcomes[*document].get().is_none();
        let Schedule { alone, mut parallel } = Schedule::new(
            (0..entries.len()).filter(is_unfinished),
            |document| entries[document].text_bytes(),
            threads.count(),
        );
        if let Some(shards) = &self.shards {
            // Few unfinished shards at a time; within one, the largest documents first.
            parallel.sort_by_key(|&document| shards.of(document));
        }
        threads.run(&alone, &parallel, |document| self.document(document))
    }

    /// Finishes a document, and its shard if it is the last one. An error ends the run.
    fn document(&self, document: usize) -> Result<()> {
        let entry = &self.job.corpus.entries[document];
        let outcome = self.outcome(document, entry)?;
        if let DocumentOutcome::Failed(message) = &outcome {
            let bytes = message_bytes(&entry.id, message);
            let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
            errors
                .write_all(&bytes)
                .map_err(|error| WriteError::Io(error).at(&self.folder.path(ERRORS_FILE)))?;
        }
        let _ = self.outcomes[document].set(outcome);
        if let Some(shards) = &self.shards
            && shards.finish(document)
        {
            self.metrics.time(Stage::Write, || self.assemble(shards, shards.of(document)))?;
        }
        self.report(document);
        Ok(())
    }

    /// Tells the observer that a document is finished.
    fn report(&self, document: usize) {
        let entry = &self.job.corpus.entries[document];
        let (result, reused) = match self.outcomes[document].get() {
            None => return,
            Some(DocumentOutcome::Aligned { line, reused }) => (Ok(&line.summary), *reused),
            Some(DocumentOutcome::Failed(message)) => (Err(message), false),
        };
        self.observer.document_done(&DocumentDone {
            id: &entry.id,
            bytes: entry.text_bytes(),
            result,
            reused,
        });
    }

    fn outcome(&self, document: usize, entry: &CorpusEntry) -> Result<DocumentOutcome> {
        if self.observer.is_cancelled() {
            return Err(Failure::cancelled());
        }
        let failed = |failure: &Failure| {
            Ok(DocumentOutcome::Failed(Message::of_failure(failure, self.job.wording)))
        };
        let mut share = self.budget.take(memory::estimate(entry.text_bytes()));
        let loaded = match self.load(entry) {
            Ok(loaded) => loaded,
            Err(failure) => return failed(&failure),
        };
        let size = loaded.text_bytes();
        if size > entry.text_bytes() {
            // It is compressed better than files typically are.
            drop(share);
            share = self.budget.take(memory::estimate(size));
        }
        let input = self.input_hash(entry, &loaded);
        let file = match &self.shards {
            Some(_) => OutputFolder::part_name(document),
            None => self.file_name(document),
        };
        if let Some(line) = self.journal.document(&entry.id)
            && line.input == input
            && line.file.as_ref() == Some(&file)
            && line.output.is_some()
            && self.metrics.time(Stage::Read, || self.file_hash(&file)) == line.output
        {
            return Ok(DocumentOutcome::Aligned { line: line.clone(), reused: true });
        }
        let aligned = self.job.align(&entry.id, &loaded, &self.metrics, self.observer);
        let (beads, summary) = match aligned {
            Ok(aligned) => aligned,
            Err(failure) if failure.is_cancelled() => return Err(failure),
            Err(failure) => return failed(&failure),
        };
        let output = self.metrics.time(Stage::Write, || self.write(&file, &loaded, &beads))?;
        drop(share);
        let line = DocumentLine {
            id: entry.id.clone(),
            input,
            file: Some(file),
            output: Some(output),
            summary,
        };
        let journal_line = JournalLine::Document(line.clone());
        self.journal.append(&journal_line, &self.folder.path(JOURNAL))?;
        Ok(DocumentOutcome::Aligned { line, reused: false })
    }

    fn load(&self, entry: &CorpusEntry) -> Result<LoadedDocument> {
        self.metrics.time(Stage::Read, || self.job.load(entry))
    }

    /// Returns the hash of everything that the result of a document depends on.
    fn input_hash(&self, entry: &CorpusEntry, loaded: &LoadedDocument) -> ContentHash {
        let mut hash = Xxh3::new();
        let metadata = serde_json::to_string(&loaded.metadata).expect("JSON values make JSON");
        let [src, tgt] = &loaded.documents;
        let blocks = match (src.blocks.as_slice(), tgt.blocks.as_slice()) {
            ([], []) => String::new(),
            blocks => format!("{blocks:?}"),
        };
        for part in [&self.settings, &entry.id, &src.text, &tgt.text, &metadata, &blocks] {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        ContentHash(hash.digest128())
    }

    fn file_name(&self, document: usize) -> String {
        let id = &self.job.corpus.entries[document].id;
        format!("docs/{id}.{}", self.job.format.name())
    }

    fn file_hash(&self, name: &str) -> Option<ContentHash> {
        self.folder.hash(name).map(ContentHash)
    }

    fn write(
        &self,
        file: &str,
        loaded: &LoadedDocument,
        beads: &[BeadRecord],
    ) -> Result<ContentHash> {
        // A part of a shard has no metadata: they are added in the format of the shard.
        let format = if self.shards.is_some() { Format::Jsonl } else { self.job.format };
        let hash = self.folder.write(file, false, |out| -> nasaq_formats::Result<()> {
            let places = loaded.documents.iter().any(|document| !document.blocks.is_empty());
            let header = self.header.clone().with_places(places);
            let mut writer = BeadWriter::new(format, WriteOptions::default(), vec![out], &header)?;
            if self.shards.is_none() {
                writer.document(&loaded.metadata);
            }
            beads.iter().try_for_each(|bead| writer.write(bead))?;
            writer.finish()?;
            Ok(())
        })?;
        Ok(ContentHash(hash))
    }

    /// Writes a shard whose documents are all finished, and removes their parts.
    fn assemble(&self, shards: &Shards, shard: usize) -> Result<()> {
        let members: Vec<(usize, &DocumentLine)> = shards
            .range(shard)
            .filter_map(|document| Some((document, self.outcomes[document].get()?.line()?)))
            .collect();
        if !members.is_empty() {
            let (corpus, format) = (self.job.corpus, self.job.format);
            let line =
                shards::assemble(self.folder, corpus, shard, format, &self.header, &members)?;
            self.journal.append(&JournalLine::Shard(line), &self.folder.path(JOURNAL))?;
        }
        members
            .iter()
            .try_for_each(|(document, _)| self.folder.remove(&OutputFolder::part_name(*document)))
    }

    /// Reuses a shard of an earlier run if nothing of it has changed.
    fn reuse_shard(&self, shards: &Shards, shard: usize) -> Result<()> {
        let Some(known) = self.journal.shard(shard) else { return Ok(()) };
        if known.file != Shards::name(shard, self.job.format)
            || self.file_hash(&known.file) != Some(known.output)
        {
            return Ok(());
        }
        let mut outcomes = Vec::new();
        for document in shards.range(shard) {
            let entry = &self.job.corpus.entries[document];
            match self.load(entry) {
                Err(failure) => {
                    let message = Message::of_failure(&failure, self.job.wording);
                    outcomes.push(DocumentOutcome::Failed(message));
                }
                Ok(loaded) => {
                    let input = self.input_hash(entry, &loaded);
                    match self.journal.document(&entry.id) {
                        Some(line) if line.input == input => {
                            let line = line.clone();
                            outcomes.push(DocumentOutcome::Aligned { line, reused: true });
                        }
                        // It is new, or failed for another reason than its text.
                        _ => return Ok(()),
                    }
                }
            }
        }
        if shards::input_hash(outcomes.iter().filter_map(DocumentOutcome::line)) == known.input {
            for (document, outcome) in shards.range(shard).zip(outcomes) {
                let _ = self.outcomes[document].set(outcome);
                self.report(document);
            }
        }
        Ok(())
    }

    /// Writes the lists, removes files that are no longer part of the corpus, and rewrites the
    /// journal in order, so that the folder is the same however many runs made it.
    fn finish(&self) -> Result<CorpusTotals> {
        let mut totals = CorpusTotals { documents: self.outcomes.len(), ..CorpusTotals::default() };
        let mut journal = Vec::new();
        let mut files = HashSet::new();
        let outcomes: Vec<&DocumentOutcome> =
            self.outcomes.iter().filter_map(OnceLock::get).collect();
        let outliers = outliers(&outcomes, self.job.wording);
        let file_of = |document: usize| match &self.shards {
            Some(shards) => Shards::name(shards.of(document), self.job.format),
            None => self.file_name(document),
        };
        for (document, outcome) in outcomes.iter().enumerate() {
            let DocumentOutcome::Aligned { line, reused } = outcome else {
                totals.failed += 1;
                continue;
            };
            let summary = &line.summary;
            totals.aligned += 1;
            totals.reused += usize::from(*reused);
            totals.warned +=
                usize::from(!summary.warnings.is_empty() || outliers[document].is_some());
            totals.beads += summary.beads as u64;
            if !reused {
                totals.segments += (summary.src_segments + summary.tgt_segments) as u64;
            }
            files.insert(file_of(document));
            let mut line = line.clone();
            if self.shards.is_some() {
                (line.file, line.output) = (None, None);
            }
            journal.extend(line_bytes(&JournalLine::Document(line)));
        }
        if let Some(shards) = &self.shards {
            let current = Journal::open(self.folder)?;
            for shard in (0..shards.count()).filter_map(|shard| current.shard(shard)) {
                if files.contains(&shard.file) {
                    journal.extend(line_bytes(&JournalLine::Shard(shard.clone())));
                }
            }
        }
        listing::write(self.folder, self.job.corpus, &outcomes, &outliers, file_of)?;
        for (file, hash) in self.journal.files() {
            if !files.contains(file) && self.file_hash(file) == Some(hash) {
                self.folder.remove(file)?;
                self.folder.remove_empty_folders(file);
            }
        }
        self.folder.write(JOURNAL, true, |out| out.write_all(&journal))?;
        self.folder.finish()?;
        Ok(totals)
    }
}
