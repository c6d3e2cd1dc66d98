//! A whole corpus: many documents in, a folder of alignments out, on all cores.
//!
//! The output folder holds
//!
//! ```text
//! docs/ID.tsv        the alignment of a document, or
//! shards/00000.tsv   those of several consecutive documents
//! documents.tsv      a row per document: its result, its document score, its metadata
//! errors.jsonl       an object for each document that failed, with the reason
//! warnings.jsonl     an object for each warning
//! set-aside/         shards of an earlier run with documents that are in no new shard
//! journal.jsonl      what is finished, by a hash of texts and settings; a run resumes from it
//! .nasaq/            a lock, and files that are incomplete
//! ```
//!
//! Every file is recorded in the journal once it is complete, and then renamed to its final name. So
//! whenever a run is stopped, all files are complete, and a file whose content the journal does not
//! have is not an output. What has no output is done again.

#[cfg(target_os = "linux")]
mod cgroup;
mod clear;
mod current;
mod earlier;
mod entry;
mod estimate;
mod folder;
mod foreign;
mod journal;
mod listing;
mod manifest;
pub(crate) mod memory;
pub(crate) mod metrics;
mod names;
mod outliers;
mod pairing;
mod reviewed;
mod run;
mod shards;

use std::path::Path;

use nasaq_formats::{BeadRecord, Document, DocumentFormat, Format, memory_probability};

pub use self::clear::remove_corpus_output;
pub use self::current::current_outputs;
pub use self::entry::{Corpus, CorpusEntry, TextPlace, UnpairedFile};
pub use self::folder::is_corpus_output;
pub use self::journal::DocumentSummary;
pub use self::listing::{DOCUMENTS_FILE, ERRORS_FILE, WARNINGS_FILE};
pub use self::memory::{MIN_MEMORY_LIMIT, default_memory_limit, max_document_bytes};
pub use self::metrics::{CorpusOutcome, CorpusTotals, StageSeconds};
pub use self::pairing::{FolderFile, UnpairedReason};
pub(crate) use self::pairing::{files, key_of};
pub use self::shards::shard_path;

use self::entry::LoadedDocument;
use self::metrics::Metrics;
use crate::document::{Aligned, DocumentJob};
use crate::engine::Engine;
use crate::failure::{Failure, Result, guard};
use crate::message::Message;
use crate::observer::{Observer, ObserverMonitor};
use crate::remedy::{Remedy, Wording};
use crate::settings::Settings;
use crate::warning::Warning;

/// Aligns every document of a corpus and writes an output folder.
///
/// ```
/// use std::fs;
/// use std::path::Path;
///
/// use nasaq_job::{Corpus, CorpusJob, Engine, Settings};
/// use nasaq::Language;
///
/// # let folder = std::env::temp_dir().join(format!("nasaq-job-{}", std::process::id()));
/// # fs::create_dir_all(&folder)?;
/// fs::write(folder.join("1.ar.txt"), "وصل القطار. لم ينتظره أحد.")?;
/// fs::write(folder.join("1.en.txt"), "The train came. Nobody waited.")?;
/// fs::write(folder.join("2.ar.txt"), "كان الجو باردا.")?;
/// fs::write(folder.join("2.en.txt"), "It was cold.")?;
///
/// let corpus = Corpus::find(&folder, None, [Language::Arabic, Language::English], None)?;
/// let engine = Engine::new(Settings::default())?;
/// let outcome = CorpusJob::new(&engine, &corpus).run(&folder.join("out"), &())?;
/// assert_eq!(outcome.totals.aligned, 2);
/// assert_eq!(fs::read_to_string(folder.join("out/docs/1.tsv"))?.lines().count(), 3);
/// # fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A job that was stopped resumes: the same job with the same folder aligns only what is missing.
pub struct CorpusJob<'j> {
    engine: &'j Engine,
    corpus: &'j Corpus,
    format: Format,
    shard_size: Option<usize>,
    memory_limit: u64,
    prune: bool,
    replace: bool,
    wording: Wording,
    reviews: Option<&'j dyn DocumentReviews>,
}

impl<'j> CorpusJob<'j> {
    /// Starts from the defaults.
    #[must_use]
    pub fn new(engine: &'j Engine, corpus: &'j Corpus) -> Self {
        Self {
            engine,
            corpus,
            format: Format::Tsv,
            shard_size: None,
            memory_limit: default_memory_limit(),
            prune: false,
            replace: false,
            wording: ToString::to_string,
            reviews: None,
        }
    }

    /// Sets the reviews whose decisions change the beads of documents; by default none.
    #[must_use]
    pub fn reviews(mut self, reviews: &'j dyn DocumentReviews) -> Self {
        self.reviews = Some(reviews);
        self
    }

    /// Sets the format of the output files, by default TSV.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Sets how many documents go into one file. By default each document has its own file.
    #[must_use]
    pub fn shard_size(mut self, documents: Option<usize>) -> Self {
        self.shard_size = documents;
        self
    }

    /// Sets how many bytes of memory the process should stay below, by default three quarters of
    /// what the machine or the container has. A document that is estimated to need more than this limit fails.
    #[must_use]
    pub fn memory_limit(mut self, bytes: u64) -> Self {
        self.memory_limit = bytes;
        self
    }

    /// Sets whether outputs of documents that the corpus no longer has are removed, by default not.
    ///
    /// Outputs of documents that fail are never removed.
    #[must_use]
    pub fn prune(mut self, prune: bool) -> Self {
        self.prune = prune;
        self
    }

    /// Sets whether files are replaced that no earlier run wrote, or that somebody has changed since.
    /// By default the job fails before any work if there are such files.
    #[must_use]
    pub fn replace(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// Sets the words for remedies in the output files, by default [`Remedy`]'s own.
    #[must_use]
    pub fn wording(mut self, wording: Wording) -> Self {
        self.wording = wording;
        self
    }

    /// Checks that the corpus can be written in the format.
    ///
    /// [`run`](Self::run) checks it too; call this to fail before other work.
    ///
    /// # Errors
    /// A [`Failure`] of the settings, or of names that would overwrite each other.
    pub fn check(&self) -> Result<()> {
        if self.format.output_files() > 1 {
            let count = if self.format.output_files() == 2 { "two" } else { "three" };
            let name = self.format.name();
            return Err(Failure::usage(format!("{name} is {count} files per document"))
                .hint("write jsonl and convert it afterwards"));
        }
        if let (Some(reason), Some(_)) = (self.format.single_document_reason(), self.shard_size) {
            let formats = formats_of_shards();
            return Err(Failure::usage(reason)
                .hint(format!("write a file per document, or another format: {formats}")));
        }
        if self.shard_size == Some(0) {
            return Err(Failure::usage("a shard has at least one document"));
        }
        if let Some([file, folder]) = self.corpus.name_clash(self.format.name()) {
            let reason = format!("the file of {file:?} would be the folder of {folder:?}");
            return Err(Failure::input(reason).hint("give one of them another name"));
        }
        if self.format.needs_times() { self.check_times() } else { Ok(()) }
    }

    /// Checks that all documents are subtitles, for a format that needs their times.
    ///
    /// A document without times cannot be written in such a format, and a failure to write ends
    /// the run. So this is checked before any work.
    fn check_times(&self) -> Result<()> {
        let readers = self.engine.settings().readers;
        let has_times = |(place, reader): (&TextPlace, &nasaq_formats::DocumentReader)| {
            let format = match place {
                TextPlace::File(path) => {
                    reader.named_format().or_else(|| DocumentFormat::from_path(path))
                }
                TextPlace::Manifest => None,
            };
            format.is_some_and(DocumentFormat::has_times)
        };
        let is_timed = |entry: &&CorpusEntry| entry.places.iter().zip(&readers).all(has_times);
        match self.corpus.entries.iter().find(|entry| !is_timed(entry)) {
            None => Ok(()),
            Some(entry) => {
                let reason = format!("the document {} is not two files of subtitles", entry.id);
                Err(Failure::usage(reason).with_remedy(Remedy::GiveSubtitles))
            }
        }
    }

    /// Aligns all documents and writes the output folder, which is made if it is missing.
    ///
    /// A document that fails does not end the job: it is counted, and listed in `errors.jsonl`.
    ///
    /// # Errors
    /// A [`Failure`] if the folder cannot be written, if another job writes to it, if the format
    /// does not suit the corpus, and if the observer cancels the job.
    pub fn run(&self, output: &Path, observer: &dyn Observer) -> Result<CorpusOutcome> {
        self.check()?;
        self.check_sources(output)?;
        run::run(self, output, observer)
    }

    /// Checks that no text is read from a file that the job writes.
    fn check_sources(&self, output: &Path) -> Result<()> {
        if !output.exists() {
            return Ok(());
        }
        let places = self.corpus.entries.iter().flat_map(|entry| &entry.places);
        let is_output = |place: &&TextPlace| match place {
            TextPlace::File(path) => is_corpus_output(output, path),
            TextPlace::Manifest => false,
        };
        match places.into_iter().find(is_output) {
            Some(TextPlace::File(path)) => Err(Failure::usage(format!(
                "the output folder {} would replace an input, {}",
                output.display(),
                path.display()
            ))
            .hint("choose another folder for the output")),
            _ => Ok(()),
        }
    }

    /// Reads the texts of a document.
    fn load(&self, entry: &CorpusEntry) -> Result<LoadedDocument> {
        let max_bytes = memory::max_text_bytes(self.memory_limit);
        let readers = self.engine.settings().readers;
        let loaded =
            guard(|| self.corpus.load(entry, readers, max_bytes)).map_err(
                |failure| match failure.kind() {
                    "too-large" => failure.with_remedy(Remedy::RaiseMemoryLimit),
                    _ => failure,
                },
            )?;
        if loaded.text_bytes() > max_bytes {
            let name = &loaded.documents[0].name;
            let reason = format!("{name} and its translation have more than {max_bytes} bytes");
            return Err(Failure::new("too-large", reason).with_remedy(Remedy::RaiseMemoryLimit));
        }
        Ok(loaded)
    }

    /// Aligns one document.
    fn align(
        &self,
        id: &str,
        loaded: &LoadedDocument,
        metrics: &Metrics,
        observer: &dyn Observer,
    ) -> Result<(Vec<BeadRecord>, DocumentSummary)> {
        let monitor = ObserverMonitor(observer);
        let [src, tgt] = &loaded.documents;
        let job = DocumentJob::timed(self.engine, id, [src, tgt], metrics)?;
        let aligned = job.monitor(&monitor).run_timed(metrics)?;
        let mut summary = DocumentSummary::new(&aligned, self.engine.settings(), self.wording);
        let reviewed = match self.reviews {
            Some(reviews) => guard(|| reviews.review(id, [src, tgt], &aligned))?,
            None => None,
        };
        let Some(ReviewedBeads { beads, segments, warnings }) = reviewed else {
            return Ok((aligned.beads, summary));
        };
        summary.update(&beads, segments, &warnings, self.engine.settings(), self.wording);
        Ok((beads, summary))
    }
}

/// Reviews of documents, whose decisions hold in their alignments.
pub trait DocumentReviews: Sync {
    /// Returns what identifies the review of a document, so that it is aligned again when the review
    /// changes; `None` if there is none.
    ///
    /// # Errors
    /// A [`Failure`] if the review cannot be read.
    fn key(&self, id: &str) -> Result<Option<String>>;

    /// Returns the beads of a document with the decisions of its review; `None` if there is none. The
    /// decisions that do not fit are among the warnings.
    ///
    /// # Errors
    /// A [`Failure`] of the document.
    fn review(
        &self,
        id: &str,
        documents: [&Document; 2],
        aligned: &Aligned<'_>,
    ) -> Result<Option<ReviewedBeads>>;
}

/// The beads of a document after its review.
#[derive(Clone, Debug, Default)]
pub struct ReviewedBeads {
    /// The beads, with what was decided.
    pub beads: Vec<BeadRecord>,
    /// The numbers of segments of both sides.
    pub segments: [usize; 2],
    /// What the user should know about the review.
    pub warnings: Vec<Warning>,
}

/// Returns the names of the formats that every corpus can be written in, with or without shards.
fn formats_of_shards() -> String {
    let is_for_shards =
        |format: &Format| format.output_files() == 1 && format.single_document_reason().is_none();
    let names: Vec<&str> = Format::all().filter(is_for_shards).map(Format::name).collect();
    let (last, others) = names.split_last().expect("TSV holds several documents");
    format!("{} or {last}", others.join(", "))
}

impl DocumentSummary {
    pub(crate) fn new(aligned: &Aligned<'_>, settings: &Settings, wording: Wording) -> Self {
        let alignment = &aligned.alignment;
        let probabilities = || alignment.beads().iter().map(|bead| bead.probability);
        let is_doubtful = |probability: &f32| *probability < nasaq::Alignment::DOUBTFUL_BELOW;
        let score = Some(alignment.document_score());
        let is_improbable = |bead: &&nasaq::Bead| {
            !bead.is_null()
                && memory_probability(bead.probability, score) < settings.min_probability
        };
        let warnings = aligned.warnings.iter();
        Self {
            src_segments: aligned.segments[0].len(),
            tgt_segments: aligned.segments[1].len(),
            beads: aligned.beads.len(),
            doubtful: probabilities().filter(is_doubtful).count(),
            expected_wrong: rounded(probabilities().map(|it| 1.0 - f64::from(it)).sum()),
            improbable: alignment.beads().iter().filter(is_improbable).count(),
            document_score: rounded(f64::from(alignment.document_score())),
            one_sided: one_sided(&aligned.beads),
            reviewed: 0,
            warnings: warnings.map(|warning| Message::of_warning(warning, wording)).collect(),
        }
    }
}

impl DocumentSummary {
    /// Takes the beads of a review in place of those of the aligner. Beads that were decided count as
    /// right.
    fn update(
        &mut self,
        beads: &[BeadRecord],
        [src, tgt]: [usize; 2],
        warnings: &[Warning],
        settings: &Settings,
        wording: Wording,
    ) {
        let undecided = || beads.iter().filter(|bead| bead.reviewed.is_none());
        let is_doubtful = |bead: &&BeadRecord| bead.probability < nasaq::Alignment::DOUBTFUL_BELOW;
        (self.src_segments, self.tgt_segments, self.beads) = (src, tgt, beads.len());
        self.doubtful = undecided().filter(is_doubtful).count();
        let is_improbable = |bead: &&BeadRecord| {
            let probability = memory_probability(bead.probability, bead.document_score);
            !bead.kind.is_null() && probability < settings.min_probability
        };
        self.improbable = undecided().filter(is_improbable).count();
        self.one_sided = one_sided(beads);
        self.reviewed = beads.len() - undecided().count();
        self.expected_wrong =
            rounded(undecided().map(|bead| 1.0 - f64::from(bead.probability)).sum());
        let warnings = warnings.iter().map(|warning| Message::of_warning(warning, wording));
        self.warnings.extend(warnings);
    }
}

/// Counts the beads that are no pair for a translation memory.
fn one_sided(beads: &[BeadRecord]) -> usize {
    let is_empty = |text: &str| text.trim().is_empty();
    let is_one_sided =
        |bead: &&BeadRecord| bead.kind.is_null() || is_empty(&bead.src) || is_empty(&bead.tgt);
    beads.iter().filter(is_one_sided).count()
}

/// Rounds to four decimals, so that a number read back from the journal is the same.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
