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
use super::folder::{HashedFile, OutputFolder, WriteError};
use super::foreign::{self, EarlierContents};
use super::journal::{
    ContentHash, DocumentLine, JOURNAL, Journal, JournalLine, ListingLine, SetAsideLine, ShardLine,
};
use super::listing::{DocumentOutcome, ERRORS_FILE, message_bytes};
use super::memory::{self, Budget};
use super::metrics::{CorpusOutcome, Metrics, Stage};
use super::names::{self, file_name};
use super::reviewed;
use super::shards::{self, Shards};
use crate::failure::{Failure, Result};
use crate::message::Message;
use crate::observer::{DocumentDone, Observer};
use crate::remedy::Remedy;
use crate::threads::Schedule;
use crate::warning::Warning;

mod finish;

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
    let BitextHeader { src_lang, tgt_lang, settings, metadata, places, omitted, .. } = header;
    let is_memory = format == Format::Tmx;
    let is_lean = is_memory && !omitted.is_empty();
    let min = header.min_probability.filter(|_| is_memory);
    let format = format!(
        "{}{}{}",
        format.name(),
        if is_lean { " without properties" } else { "" },
        min.map_or(String::new(), |min| format!(" from {min}"))
    );
    serde_json::to_string(&(format, src_lang, tgt_lang, settings, metadata, places))
        .expect("strings and a boolean make JSON")
}

struct CorpusRun<'a> {
    job: &'a CorpusJob<'a>,
    folder: &'a OutputFolder,
    /// What the files contain that the run may replace.
    contents: EarlierContents,
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
        header.review = job.reviews.is_some();
        let mut settings = settings_key(job.format, &header);
        if header.review {
            // Tables have columns for decisions.
            settings.push_str(" review");
        }
        let shards = job.shard_size.map(|size| Shards::new(size, corpus.entries.len()));
        let outputs: Vec<String> = match &shards {
            Some(shards) => {
                (0..shards.count()).map(|shard| Shards::name(shard, job.format)).collect()
            }
            None => corpus.entries.iter().map(|entry| file_name(&entry.id, job.format)).collect(),
        };
        if shards.is_none()
            && let Some(warning) = names::check(&corpus.entries, job.format)?
        {
            observer.warning(&warning);
        }
        let journal = Journal::open(folder, job.replace)?;
        let threads = job.engine.threads();
        reviewed::check(job, folder, &journal)?;
        let contents = foreign::check(folder, &journal, outputs, job.replace, threads)?;
        if journal.damaged().count > 0 {
            observer.warning(&Warning::new(
                "journal",
                format!("{}: {}", folder.root().display(), foreign::describe(journal.damaged())),
                "documents that it no longer records are aligned again",
            ));
        }
        journal.append(&listing_line(ERRORS_FILE), &folder.path(JOURNAL))?;
        // Not through a link, which `create` would follow.
        folder.remove(ERRORS_FILE)?;
        let errors = folder.path(ERRORS_FILE);
        let errors = File::create(&errors).map_err(|error| WriteError::Io(error).at(&errors))?;
        Ok(Self {
            job,
            folder,
            observer,
            header,
            settings,
            contents,
            journal,
            budget: Budget::new(job.memory_limit, threads.count()),
            shards,
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
        let file = match &self.shards {
            Some(_) => OutputFolder::part_name(document),
            None => file_name(&entry.id, self.job.format),
        };
        if let Err(failure) = foreign::refuse_name(self.folder, &file) {
            return failed(&failure);
        }
        let mut share = self.budget.take(memory::estimate(entry.text_bytes()));
        let loaded = match self.load(entry) {
            Ok(loaded) => loaded,
            Err(failure) => return failed(&failure),
        };
        let needed = loaded.memory_estimate();
        if Budget::is_too_large(self.job.memory_limit, needed) {
            let reason = format!(
                "{} needs about {} MB, more than the memory limit leaves",
                entry.id,
                needed.div_ceil(1_000_000)
            );
            let failure = Failure::new("too-large", reason);
            return failed(&failure.with_remedy(Remedy::RaiseMemoryLimit));
        }
        if needed > memory::estimate(entry.text_bytes()) {
            // It has shorter segments, or is compressed better, than files typically are.
            drop(share);
            share = self.budget.take(needed);
        }
        let input = match self.input_hash(entry, &loaded) {
            Ok(input) => input,
            Err(failure) => return failed(&failure),
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
        self.budget.release_thread();
        let (beads, summary) = match aligned {
            Ok(aligned) => aligned,
            Err(failure) if failure.is_cancelled() => return Err(failure),
            Err(failure) => return failed(&failure),
        };
        let line = |output| DocumentLine {
            id: entry.id.clone(),
            input,
            file: Some(file.clone()),
            output: Some(output),
            summary: summary.clone(),
        };
        let mut written = None;
        self.metrics.time(Stage::Write, || {
            self.write(&file, &loaded, &beads, |output| {
                written = Some(line(output));
                self.append(&JournalLine::Document(line(output)))
            })
        })?;
        drop(share);
        let line = written.expect("a file that is written has been recorded");
        Ok(DocumentOutcome::Aligned { line, reused: false })
    }

    fn load(&self, entry: &CorpusEntry) -> Result<LoadedDocument> {
        self.metrics.time(Stage::Read, || self.job.load(entry))
    }

    /// Returns the hash of everything that the result of a document depends on.
    fn input_hash(&self, entry: &CorpusEntry, loaded: &LoadedDocument) -> Result<ContentHash> {
        let review = match self.job.reviews {
            Some(reviews) => reviews.key(&entry.id)?,
            None => None,
        };
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
        hash.update(review.unwrap_or_default().as_bytes());
        Ok(ContentHash(hash.digest128()))
    }

    /// Returns the hash of a file that the run has not written yet.
    fn file_hash(&self, name: &str) -> Option<ContentHash> {
        let known = self.contents.get(name).copied();
        known.or_else(|| self.folder.hash(name).map(ContentHash))
    }

    fn append(&self, line: &JournalLine) -> Result<()> {
        self.journal.append(line, &self.folder.path(JOURNAL))
    }

    fn write(
        &self,
        file: &str,
        loaded: &LoadedDocument,
        beads: &[BeadRecord],
        record: impl FnOnce(ContentHash) -> Result<()>,
    ) -> Result<()> {
        // A part of a shard has no metadata: they are added in the format of the shard.
        let format = if self.shards.is_some() { Format::Jsonl } else { self.job.format };
        let content = |out: &mut HashedFile| -> nasaq_formats::Result<()> {
            let places = loaded.documents.iter().any(|document| !document.blocks.is_empty());
            let header = self.header.clone().with_places(places);
            let mut writer = BeadWriter::new(format, WriteOptions::default(), vec![out], &header)?;
            if self.shards.is_none() {
                writer.document(&loaded.metadata);
            }
            beads.iter().try_for_each(|bead| writer.write(bead))?;
            writer.finish()?;
            Ok(())
        };
        self.folder.write(file, false, content, record)
    }

    /// Writes a shard whose documents are all finished, and removes their parts.
    fn assemble(&self, shards: &Shards, shard: usize) -> Result<()> {
        let members: Vec<(usize, &DocumentLine)> = shards
            .range(shard)
            .filter_map(|document| Some((document, self.outcomes[document].get()?.line()?)))
            .collect();
        if !members.is_empty() {
            self.set_aside(shard, &members)?;
            let (corpus, format) = (self.job.corpus, self.job.format);
            let record = |line| self.append(&JournalLine::Shard(line));
            shards::assemble(self.folder, corpus, shard, format, &self.header, &members, record)?;
        }
        members
            .iter()
            .try_for_each(|(document, _)| self.folder.remove(&OutputFolder::part_name(*document)))
    }

    /// Renames the shard of an earlier run that is about to be replaced, if one of its documents is
    /// not in the new one: the document may fail this time, or be gone from the corpus.
    ///
    /// When all documents are done, the renamed shard is removed if it is not needed after all.
    fn set_aside(&self, shard: usize, members: &[(usize, &DocumentLine)]) -> Result<()> {
        let file = Shards::name(shard, self.job.format);
        let Some(hash) = self.file_hash(&file) else { return Ok(()) };
        let Some(earlier) = self.journal.file_with(&file, hash) else { return Ok(()) };
        let JournalLine::Shard(line) = earlier.line else { return Ok(()) };
        let ids: HashSet<&str> = members.iter().map(|(_, line)| &*line.id).collect();
        if line.ids.iter().all(|id| ids.contains(id.as_str())) {
            return Ok(());
        }
        let ShardLine { output, ids, .. } = line.clone();
        let set_aside = Shards::set_aside_name(line, self.job.format.name());
        // The journal first: it names a file that may be missing, and no file is without a line.
        self.append(&JournalLine::SetAside(SetAsideLine {
            set_aside: set_aside.clone(),
            output,
            ids,
        }))?;
        self.folder.rename(&file, &set_aside)
    }

    /// Reuses a shard of an earlier run if nothing of it has changed.
    ///
    /// A document of it that cannot be read this time does not change it.
    fn reuse_shard(&self, shards: &Shards, shard: usize) -> Result<()> {
        let Some(known) = self.journal.shard(shard) else { return Ok(()) };
        if known.file != Shards::name(shard, self.job.format)
            || self.file_hash(&known.file) != Some(known.output)
        {
            return Ok(());
        }
        let mut outcomes = Vec::new();
        let mut members = Vec::new();
        for document in shards.range(shard) {
            let entry = &self.job.corpus.entries[document];
            let line = self.journal.document(&entry.id).filter(|_| known.ids.contains(&entry.id));
            members.extend(line);
            match (self.load(entry), line) {
                (Err(failure), _) => {
                    let message = Message::of_failure(&failure, self.job.wording);
                    outcomes.push(DocumentOutcome::Failed(message));
                }
                (Ok(loaded), Some(line))
                    if self.input_hash(entry, &loaded).is_ok_and(|input| input == line.input) =>
                {
                    let line = line.clone();
                    outcomes.push(DocumentOutcome::Aligned { line, reused: true });
                }
                // It is new, or failed for another reason than its text.
                _ => return Ok(()),
            }
        }
        if members.len() == known.ids.len()
            && shards::input_hash(members.into_iter()) == known.input
        {
            for (document, outcome) in shards.range(shard).zip(outcomes) {
                let _ = self.outcomes[document].set(outcome);
                self.report(document);
            }
        }
        Ok(())
    }
}

/// Returns the line of the journal for a list that the run appends to.
fn listing_line(name: &str) -> JournalLine {
    JournalLine::Listing(ListingLine { listing: name.to_owned(), output: None })
}
