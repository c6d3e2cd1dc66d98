//! The engine: aligner, encoder and threads, made once from the settings and used for every document.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use nasaq::{
    Abbreviations, Aligner, Anchor, Encoder, LineEnds, Monitor, Search, Segment, Segmenter,
    SplitAlignment, WordLink,
};
use nasaq_encoder::{CnnEncoder, Precision};
use nasaq_formats::{ALIGNMENT_COLUMNS, BitextHeader, Document, PAIRING_COLUMNS};
use nasaq_kernels::{Isa, Kernel};
use xxhash_rust::xxh3::xxh3_64;

use crate::cue::{Cues, TimesUsed};
use crate::failure::{Failure, FailureStatus, Result};
use crate::lexicon::UserLexicon;
use crate::lost_ends::LostEnds;
use crate::remedy::Remedy;
use crate::settings::{ModelSource, Settings};
use crate::threads::Threads;
use crate::words;

/// The maximum number of threads. Far more would be a mistake, and starting them would fail or take
/// all memory.
const MAX_THREADS: usize = 1024;

/// What aligns documents: an aligner, an encoder and threads.
///
/// Make one and use it for all documents, from any thread: loading the model takes far longer than
/// aligning a short document.
pub struct Engine {
    settings: Settings,
    kernel: Kernel,
    encoder: Arc<CnnEncoder>,
    aligner: Aligner,
    threads: Threads,
}

impl Engine {
    /// Checks the settings and loads the model.
    ///
    /// # Errors
    /// A [`Failure`] for settings that contradict each other or are outside their range, and for a
    /// model that cannot be loaded.
    pub fn new(settings: Settings) -> Result<Self> {
        let [src, tgt] = settings.languages.each_ref().map(|tag| tag.language);
        if src == tgt {
            return Err(Failure::usage("both sides have the same language")
                .hint("nasaq aligns Arabic with English, in either order"));
        }
        if settings.threads == Some(0) {
            return Err(Failure::usage("threads: must be 1 or more"));
        }
        if let Some(threads) = settings.threads.filter(|threads| *threads > MAX_THREADS) {
            let reason = format!("threads: {threads} is more than {MAX_THREADS}");
            return Err(Failure::usage(reason).hint("by default there is one thread per core"));
        }
        let kernel = kernel(settings.kernel)?;
        let mut builder = Aligner::builder().kernel(kernel).monotone(settings.monotone);
        if let Some(segments) = settings.max_segments {
            builder = builder.max_segments(segments);
        }
        if !settings.lexicons.is_empty() {
            builder = builder.lexicon(UserLexicon::add_to_builtin(&settings.lexicons));
        }
        let aligner = builder.build()?;
        let encoder = load_encoder(&settings.model, settings.precision, kernel)?;
        let threads = Threads::new(settings.threads);
        Ok(Self { settings, kernel, encoder, aligner, threads })
    }

    /// Returns the settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns the encoder.
    #[must_use]
    pub fn encoder(&self) -> &CnnEncoder {
        &self.encoder
    }

    /// Returns the threads that work.
    #[must_use]
    pub fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Returns the instruction set to compute with.
    #[must_use]
    pub(crate) fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// Returns what is true of a whole output file: the languages, and the settings that results
    /// depend on. Threads and kernels are not among them.
    #[must_use]
    pub fn header(&self, anchors: &[Anchor]) -> BitextHeader {
        let Settings { languages, segmented, line_ends, abbreviations, .. } = &self.settings;
        let Settings { split_long, monotone, lexicons, .. } = &self.settings;
        let mut settings = vec![("segmented".to_owned(), segmented.to_string())];
        if let Some(lines) = match line_ends {
            LineEnds::Hard => Some("keep"),
            LineEnds::Soft => Some("join"),
            _ => None,
        } {
            settings.push(("lines".to_owned(), lines.to_owned()));
        }
        if !abbreviations.is_empty() {
            let checksum = abbreviations_checksum(abbreviations);
            settings.push(("abbreviations".to_owned(), format!("{checksum:016x}")));
        }
        if *split_long {
            settings.push(("split-long".to_owned(), "true".to_owned()));
        }
        if self.settings.words {
            settings.push(("words".to_owned(), "true".to_owned()));
        }
        if *monotone {
            settings.push(("monotone".to_owned(), "true".to_owned()));
        }
        let anchors: Vec<String> =
            anchors.iter().map(|anchor| format!("{}:{}", anchor.src, anchor.tgt)).collect();
        if !anchors.is_empty() {
            settings.push(("anchors".to_owned(), anchors.join(" ")));
        }
        let lexicons: Vec<String> =
            lexicons.iter().map(|lexicon| format!("{:016x}", lexicon.checksum())).collect();
        if !lexicons.is_empty() {
            settings.push(("lexicons".to_owned(), lexicons.join(" ")));
        }
        settings.push(("model".to_owned(), format!("{:016x}", self.encoder.checksum())));
        settings.push(("precision".to_owned(), self.encoder.precision().to_string()));
        let tags = languages.each_ref().map(|language| language.tag.clone());
        // As metadata of a document, the columns of the manifest have a prefix.
        let pairing = PAIRING_COLUMNS.into_iter().map(|name| format!("meta-{name}"));
        let omitted = ALIGNMENT_COLUMNS.into_iter().map(str::to_owned).chain(pairing);
        let omitted = omitted.filter(|_| self.settings.lean);
        BitextHeader::default()
            .with_languages(tags)
            .with_settings(settings)
            .with_min_probability(Some(self.settings.min_probability))
            .with_words(self.settings.words)
            .omitting(omitted)
    }

    /// Returns the aligner.
    #[must_use]
    pub fn aligner(&self) -> &Aligner {
        &self.aligner
    }

    /// Aligns segments of two documents, and returns the search, so that parts can be aligned again
    /// with what it measured. Kinds and times of subtitles are used as [`DocumentJob`] uses them.
    ///
    /// The segments may be a part of those of the documents. `retain_vectors` makes further searches
    /// quick, for 20 MB of memory per 1,500 segments of each side.
    ///
    /// [`DocumentJob`]: crate::DocumentJob
    ///
    /// # Errors
    /// Those of [`Search::align`].
    pub fn aligned_search<'a>(
        &'a self,
        documents: [&Document; 2],
        [src, tgt]: [&'a [Segment<'a>]; 2],
        retain_vectors: bool,
    ) -> nasaq::Result<Search<'a>> {
        let cues = Cues::new(documents, [src, tgt]);
        let search = self.aligner.search(&*self.encoder, src, tgt)?;
        let mut search = search.retain_vectors(retain_vectors || cues.has_times());
        if let Some([src, tgt]) = cues.descriptions() {
            search.cues(&src, &tgt);
        }
        let alignment = search.align()?;
        if let TimesUsed::Used(clock) = cues.clock(&alignment) {
            let [src, tgt] = cues.on_clock(clock);
            search.cues(&src, &tgt).align()?;
        }
        Ok(search)
    }

    /// Aligns segments, splits those of wrapped or running text where the other side has a boundary,
    /// and splits long Arabic ones if that is set. Times of subtitles are evidence in a second
    /// search, if their clocks agree in the first.
    pub(crate) fn align<'d>(
        &self,
        encoder: &impl Encoder,
        [src, tgt]: [Vec<Segment<'d>>; 2],
        lost_ends: LostEnds<'_>,
        cues: &Cues,
        anchors: &[Anchor],
        monitor: &dyn Monitor,
    ) -> nasaq::Result<EngineAlignment<'d>> {
        let search = self.aligner.search(encoder, &src, &tgt)?.monitor(monitor);
        let mut search = search.retain_vectors(cues.has_times());
        search.anchors(anchors);
        if let Some([src, tgt]) = cues.descriptions() {
            search.cues(&src, &tgt);
        }
        let mut alignment = search.align()?;
        let used = cues.clock(&alignment);
        if let TimesUsed::Used(clock) = used {
            let [src, tgt] = cues.on_clock(clock);
            alignment = search.cues(&src, &tgt).align()?;
        }
        let wants_words = self.settings.words;
        let learned = wants_words.then(|| words::links(&search, alignment.beads()));
        drop(search);
        let mut split = SplitAlignment::uncut(src, tgt, alignment);
        // An anchor names segments, which must stay as they are.
        if anchors.is_empty() {
            split = lost_ends.split(&self.aligner, encoder, split)?;
        }
        let [line_cuts, running_cuts] = lost_ends.count(split.cuts);
        if self.settings.split_long {
            let language = self.settings.languages[0].language;
            let SplitAlignment { src, tgt, alignment, .. } = split;
            split = self.aligner.split_long(encoder, &src, &tgt, &alignment, language)?;
        }
        let long_cuts = if self.settings.split_long { split.cuts } else { 0 };
        let words = match learned {
            // The beads are others than those that were searched.
            Some(_) if line_cuts + running_cuts + long_cuts > 0 => {
                let search = self.aligner.search(encoder, &split.src, &split.tgt)?;
                words::links(&search, split.alignment.beads())
            }
            learned => learned.unwrap_or_default(),
        };
        Ok(EngineAlignment { split, words, times: used, line_cuts, running_cuts, long_cuts })
    }
}

/// An alignment with what was done for it.
pub(crate) struct EngineAlignment<'d> {
    pub(crate) split: SplitAlignment<'d>,
    /// The links between the words of each bead; nothing if they are not wanted.
    pub(crate) words: Vec<Vec<WordLink>>,
    pub(crate) times: TimesUsed,
    /// Number of cuts at line ends of wrapped text.
    pub(crate) line_cuts: usize,
    /// Number of cuts in running text.
    pub(crate) running_cuts: usize,
    /// Number of cuts in long Arabic segments.
    pub(crate) long_cuts: usize,
}

/// Returns a checksum of the words, which identifies them in the settings.
fn abbreviations_checksum(abbreviations: &Abbreviations) -> u64 {
    let lines = abbreviations.to_vec().into_iter();
    let text: String = lines.map(|(language, word)| format!("{language}\t{word}\n")).collect();
    xxh3_64(text.as_bytes())
}

/// Divides a document into sentences.
///
/// A document with blocks has one block per line, so its lines end sentences whatever the segmenter
/// does with line ends.
#[must_use]
pub fn document_segments<'d>(document: &'d Document, segmenter: &Segmenter) -> Vec<Segment<'d>> {
    if document.blocks.is_empty() {
        return segmenter.segments(&document.text);
    }
    segmenter.clone().line_ends(LineEnds::Hard).segments(&document.text)
}

/// Returns the kernel of an instruction set, by default the best of the processor.
///
/// # Errors
/// A [`Failure`] if the processor lacks the instruction set.
pub fn kernel(isa: Option<Isa>) -> Result<Kernel> {
    let Some(isa) = isa else { return Ok(Kernel::detect()) };
    Kernel::new(isa).ok_or_else(|| {
        Failure::usage(format!("this processor does not support {isa}"))
            .with_remedy(Remedy::UseDefaultKernel)
    })
}

/// Loads an encoder. All engines of a process with the built-in model share it.
///
/// # Errors
/// A [`Failure`] if a model file cannot be read or is not a model.
pub fn load_encoder(
    model: &ModelSource,
    precision: Precision,
    kernel: Kernel,
) -> Result<Arc<CnnEncoder>> {
    match model {
        ModelSource::Builtin if kernel == Kernel::detect() => builtin_encoder(precision),
        ModelSource::Builtin => {
            let encoder = CnnEncoder::builtin_in(precision).map_err(broken_builtin)?;
            Ok(Arc::new(encoder.with_kernel(kernel)))
        }
        ModelSource::File(path) => {
            let bytes =
                read_model(path).map_err(|error| unusable(path, &Failure::of("", error)))?;
            let encoder = CnnEncoder::from_bytes_in(bytes, precision)
                .map_err(|error| unusable(path, &Failure::of("", error)))?;
            Ok(Arc::new(encoder.with_kernel(kernel)))
        }
        ModelSource::Bytes(bytes) => {
            let encoder = CnnEncoder::from_bytes_in(bytes.clone(), precision)
                .map_err(|error| Failure::of("setting", error).with_status(FailureStatus::Usage))?;
            Ok(Arc::new(encoder.with_kernel(kernel)))
        }
    }
}

/// Reads a model file, which is refused if it is larger than any model, such as an endless device.
fn read_model(path: &Path) -> io::Result<Vec<u8>> {
    const MAX_MODEL: u64 = 1 << 28;
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_MODEL + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_MODEL {
        return Err(io::Error::other("this file is larger than any model"));
    }
    Ok(bytes)
}

fn unusable(path: &Path, error: &Failure) -> Failure {
    Failure::input(format!("{}: {}", path.display(), error.reason()))
        .with_kind("setting")
        .with_remedy(Remedy::UseBuiltinModel)
}

fn broken_builtin(error: nasaq_encoder::Error) -> Failure {
    Failure::of("internal", error)
}

/// Returns the encoder of the built-in model, which is loaded when it is first needed.
fn builtin_encoder(precision: Precision) -> Result<Arc<CnnEncoder>> {
    static ENCODERS: [OnceLock<Arc<CnnEncoder>>; 2] = [const { OnceLock::new() }; 2];
    let slot = &ENCODERS[usize::from(precision == Precision::F32)];
    if let Some(encoder) = slot.get() {
        return Ok(Arc::clone(encoder));
    }
    let encoder = CnnEncoder::builtin_in(precision).map_err(broken_builtin)?;
    Ok(Arc::clone(slot.get_or_init(|| Arc::new(encoder))))
}
