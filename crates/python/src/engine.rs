//! The class behind `nasaq.Aligner`.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::RecordBatch;
use arrow_pyarrow::{PyArrowType, ToPyArrow};
use nasaq::{
    Abbreviations, Anchor, CheckedEncoder, Encoder, EncoderError, Language, LineEnds,
    PrecomputedVectors, Segment, Segmenter,
};
use nasaq_encoder::Precision;
use nasaq_formats::{Document, TermPair};
use nasaq_job::{
    Failure, FailureStatus, LanguageTag, ModelSource, Result, Settings, TextPair, UserLexicon,
    guard,
};
use nasaq_quality::QualityScorer;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::PyByteArray;

use crate::batch::{self, BatchColumns, OutputRows};
use crate::bead::{self, AlignmentTuple, SegmentTuple};
use crate::document::check_opens;
use crate::encoder::{CalledEncoder, EncoderCallable, RaisedSlot, floats};
use crate::failure::exception;
use crate::python_text::PythonText;
use crate::quality::{self, QualityTuple};
use crate::threads::{self, StopFlag};

/// Texts that are encoded between two checks for signals.
const TEXTS_PER_CHECK: usize = 256;
/// Bytes of a text that take so long to divide into sentences that a signal must end it.
const MIN_INTERRUPTED: usize = 256 << 10;

/// Aligns, encodes and rates with one set of checked settings.
#[pyclass(frozen, module = "nasaq._native")]
pub struct Engine {
    engine: nasaq_job::Engine,
    /// The encoder of the user, in place of the engine's.
    encoder: Option<EncoderCallable>,
    /// The id of a document that panics, in tests of the panic guard.
    panics: OnceLock<String>,
}

/// A term in Arabic and in English, and how similar their meanings are, 0 to 1.
type TermTuple = (String, String, f32);

/// The code of a language, or nothing for both, and an abbreviation.
pub(crate) type AbbreviationTuple = (Option<String>, String);

/// The numbers of the vectors of both sides, and the length of a vector.
type VectorTuple = (PyBackedBytes, PyBackedBytes, usize);

#[pymethods]
impl Engine {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the package names and defaults them")]
    fn new(
        py: Python<'_>,
        src_lang: &str,
        tgt_lang: &str,
        split_long: bool,
        monotone: bool,
        max_segments: usize,
        terms: Vec<TermTuple>,
        precision: &str,
        model: Option<Vec<u8>>,
        threads: Option<usize>,
        encoder: Option<(Py<PyAny>, usize)>,
        lines: &str,
        abbreviations: Vec<AbbreviationTuple>,
        words: bool,
    ) -> PyResult<Self> {
        let make = || -> Result<Self> {
            let mut settings = Settings::default();
            settings.languages =
                [src_lang.parse::<LanguageTag>()?, tgt_lang.parse::<LanguageTag>()?];
            settings.split_long = split_long;
            settings.monotone = monotone;
            settings.line_ends = line_ends(lines)?;
            settings.abbreviations = abbreviation_set(abbreviations)?;
            settings.words = words;
            settings.max_segments = Some(max_segments);
            if !terms.is_empty() {
                settings.lexicons = vec![UserLexicon::new(terms.into_iter().map(term).collect())];
            }
            settings.precision = precision
                .parse::<Precision>()
                .map_err(|reason| Failure::usage(format!("precision: {reason}")))?;
            settings.model = model.map_or(ModelSource::Builtin, ModelSource::Bytes);
            settings.threads = threads;
            let encoder = encoder.map(|(callable, dim)| EncoderCallable { callable, dim });
            let engine = nasaq_job::Engine::new(settings)?;
            Ok(Self { engine, encoder, panics: OnceLock::new() })
        };
        py.detach(make).map_err(|failure| exception(py, &failure))
    }

    /// Returns the length of a vector.
    #[getter]
    fn dim(&self) -> usize {
        match &self.encoder {
            Some(encoder) => encoder.dim,
            None => self.engine.encoder().dim(),
        }
    }

    /// Returns the number of threads.
    #[getter]
    fn threads(&self) -> usize {
        self.engine.threads().count()
    }

    /// Returns the checksum of the model, which identifies it.
    #[getter]
    fn model(&self) -> String {
        format!("{:016x}", self.engine.encoder().checksum())
    }

    /// Makes the document with this id panic, in tests of the panic guard.
    fn panic_on(&self, id: String) {
        self.panics.get_or_init(|| id);
    }

    fn align(
        &self,
        py: Python<'_>,
        src: PythonText,
        tgt: PythonText,
        segmented: bool,
        anchors: Vec<(usize, usize)>,
        vectors: Option<VectorTuple>,
    ) -> PyResult<AlignmentTuple> {
        let has_marks = [src.has_byte_order_mark(), tgt.has_byte_order_mark()];
        let sides = [src.side(segmented), tgt.side(segmented)];
        let anchors: Vec<Anchor> =
            anchors.into_iter().map(|(src, tgt)| Anchor { src, tgt }).collect();
        let raised = RaisedSlot::default();
        let result = threads::run(py, self.engine.threads(), |stop| {
            self.panic_in_test("");
            let texts = TextPair::new("", sides)?;
            let mut job = texts.job(&self.engine)?.anchors(&anchors).monitor(stop);
            let vectors = vectors.map(precomputed).transpose()?;
            let called = self.called_encoder(&raised, stop);
            if let Some(vectors) = &vectors {
                job = job.encoder(vectors);
            } else if let Some(called) = &called {
                job = job.encoder(called);
            }
            Ok(bead::alignment(job.run()?, texts.documents(), has_marks))
        });
        raised.check(result)
    }

    fn align_batch<'py>(
        &self,
        py: Python<'py>,
        batch: PyArrowType<RecordBatch>,
        names: [String; 3],
        segmented: bool,
        nested: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let batch = batch.0;
        let rows = if nested { OutputRows::Documents } else { OutputRows::Beads };
        let has_words = self.engine.settings().words;
        let columns = BatchColumns::new(&batch, &names, has_words)
            .map_err(|failure| exception(py, &failure))?;
        let raised = RaisedSlot::default();
        let done = AtomicUsize::new(0);
        let mut reported = 0;
        let report = || {
            let count = done.load(Ordering::Relaxed);
            match &progress {
                Some(progress) if count > reported => {
                    reported = count;
                    progress.call1(py, (count,)).map(drop)
                }
                _ => Ok(()),
            }
        };
        let align_all = |stop: &StopFlag| {
            let called = self.called_encoder(&raised, stop);
            let called = called.as_ref().map(|called| called as &dyn Encoder);
            let align = |row: usize| {
                let aligned = guard(|| {
                    self.panic_in_test(&columns.id(row));
                    batch::align_row(&self.engine, &columns, called, segmented, row, stop)
                });
                done.fetch_add(1, Ordering::Relaxed);
                aligned
            };
            let all: Vec<usize> = (0..batch.num_rows()).collect();
            let outcomes =
                self.engine.threads().map(&all, |row| columns.bytes(*row), |row| align(*row))?;
            batch::result(&batch, &columns, &outcomes, rows, has_words)
        };
        let threads = self.engine.threads();
        let result =
            threads::run_watched(py, report, |stop| threads.install(|| align_all(stop))?);
        raised.check(result)?.to_pyarrow(py)
    }

    fn encode<'py>(
        &self,
        py: Python<'py>,
        texts: Vec<PyBackedStr>,
    ) -> PyResult<Bound<'py, PyByteArray>> {
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        let raised = RaisedSlot::default();
        let result = threads::run(py, self.engine.threads(), |stop| {
            let called = self.called_encoder(&raised, stop);
            let encoder: &dyn Encoder = match &called {
                Some(called) => called,
                None => self.engine.encoder(),
            };
            let encoder = CheckedEncoder::new(encoder).map_err(encoder_failure)?;
            let mut bytes = Vec::with_capacity(texts.len() * encoder.dim() * 4);
            for texts in texts.chunks(TEXTS_PER_CHECK) {
                if stop.is_set() {
                    break;
                }
                let vectors = encoder.encode(texts).map_err(encoder_failure)?;
                bytes.extend(vectors.iter().flat_map(|number| number.to_ne_bytes()));
            }
            Ok(bytes)
        });
        Ok(PyByteArray::new(py, &raised.check(result)?))
    }

    fn score(
        &self,
        py: Python<'_>,
        src: Vec<PyBackedStr>,
        tgt: Vec<PyBackedStr>,
        kinds: Option<Vec<Option<(usize, usize)>>>,
        with_encoder: bool,
    ) -> PyResult<Vec<QualityTuple>> {
        let settings = self.engine.settings();
        let arabic_first = settings.languages[0].language == Language::Arabic;
        let kind = |index: usize| kinds.as_ref().and_then(|kinds| kinds[index]);
        let pairs: Vec<_> = (0..src.len())
            .map(|index| quality::pair(&src[index], &tgt[index], kind(index), arabic_first))
            .collect();
        threads::run(py, self.engine.threads(), |stop| {
            let encoder: Option<&dyn Encoder> =
                if with_encoder { Some(self.engine.encoder()) } else { None };
            let lexicon = UserLexicon::add_to_builtin(&settings.lexicons);
            let scorer = QualityScorer::new(lexicon, encoder);
            quality::rate(&scorer, &pairs, stop).map_err(|error| Failure::of("alignment", error))
        })
    }
}

impl Engine {
    fn panic_in_test(&self, id: &str) {
        assert!(self.panics.get().is_none_or(|it| it != id), "this panic is a test");
    }

    /// Returns the encoder of the user for one call, if there is one.
    fn called_encoder<'a>(
        &'a self,
        raised: &'a RaisedSlot,
        stop: &'a StopFlag,
    ) -> Option<CalledEncoder<'a>> {
        self.encoder.as_ref().map(|encoder| CalledEncoder { encoder, raised, stop })
    }
}

fn encoder_failure(error: EncoderError) -> Failure {
    Failure::new("encoder", error.to_string())
}

/// Takes the vectors of the segments of both sides.
fn precomputed((src, tgt, dim): VectorTuple) -> Result<PrecomputedVectors> {
    let [src, tgt] = [src, tgt].map(|bytes| floats(&bytes));
    Ok(PrecomputedVectors::from_segments(dim, src, tgt)?)
}

fn term((arabic, english, similarity): TermTuple) -> TermPair {
    TermPair::new(arabic, english).with_similarity(similarity)
}

/// Divides a text into sentences. Returns the text, the bytes and the code points of each.
#[pyfunction]
pub(crate) fn segment(
    py: Python<'_>,
    text: PyBackedStr,
    lang: &str,
    semicolons: bool,
    lines: &str,
    abbreviations: Vec<AbbreviationTuple>,
) -> PyResult<Vec<SegmentTuple>> {
    let segmenter = || -> Result<Segmenter> {
        let segmenter = Segmenter::new(lang.parse::<LanguageTag>()?.language);
        let segmenter = segmenter.semicolons(semicolons).line_ends(line_ends(lines)?);
        Ok(segmenter.abbreviations(abbreviation_set(abbreviations)?))
    };
    let segmenter = segmenter().map_err(|failure| exception(py, &failure))?;
    let divide = |stop: &StopFlag| -> Result<_> {
        // As for files, byte offsets count from after a byte order mark.
        let (first, text) = match text.strip_prefix('\u{feff}') {
            Some(rest) => (1, rest),
            None => (0, &*text),
        };
        let mut start = 0;
        let sentences = segmenter.sentences(text).take_while(|_| !stop.is_set());
        let segments = sentences.map(|sentence| {
            let segment = Segment::new(sentence, start).trim();
            start += sentence.len();
            segment
        });
        let segments: Vec<Segment<'_>> =
            segments.filter(|segment| !segment.text.is_empty()).collect();
        Ok(bead::segments(&segments, text, first))
    };
    if text.len() < MIN_INTERRUPTED {
        return py
            .detach(|| divide(&StopFlag::default()))
            .map_err(|failure| exception(py, &failure));
    }
    threads::run_alone(py, divide)
}

/// Parses how line ends are treated, as `--lines` of the program.
fn line_ends(lines: &str) -> Result<LineEnds> {
    match lines {
        "auto" => Ok(LineEnds::Auto),
        "join" => Ok(LineEnds::Soft),
        "keep" => Ok(LineEnds::Hard),
        _ => Err(Failure::usage(format!("lines {lines:?} is unknown"))
            .hint("use \"auto\", \"join\" or \"keep\"")),
    }
}

fn abbreviation_set(words: Vec<AbbreviationTuple>) -> Result<Abbreviations> {
    let mut abbreviations = Abbreviations::new();
    for (lang, word) in words {
        let lang = lang.map(|lang| lang.parse::<LanguageTag>()).transpose()?;
        abbreviations
            .add(lang.map(|tag| tag.language), &word)
            .map_err(|error| Failure::usage(format!("abbreviations: {error}")))?;
    }
    Ok(abbreviations)
}

/// Reads a lexicon, TSV, CSV or TBX.
#[pyfunction]
pub(crate) fn read_lexicon(py: Python<'_>, path: PathBuf) -> PyResult<Vec<TermTuple>> {
    check_opens(py, &path)?;
    let pairs = threads::run_detached(py, move || {
        let document = Document::read(&path).map_err(setting_failure)?;
        let pairs = nasaq_formats::read_lexicon(&document.text);
        pairs.map_err(|error| setting_failure(error.at_path(&path)))
    })?;
    Ok(pairs.into_iter().map(|pair| (pair.arabic, pair.english, pair.similarity)).collect())
}

/// Reads a list of abbreviations, one a line.
#[pyfunction]
pub(crate) fn read_abbreviations(
    py: Python<'_>,
    path: PathBuf,
) -> PyResult<Vec<AbbreviationTuple>> {
    check_opens(py, &path)?;
    let words = threads::run_detached(py, move || {
        nasaq_job::read_abbreviations(&path).map_err(setting_failure)
    })?;
    let words = words.to_vec().into_iter();
    Ok(words.map(|(lang, word)| (Some(lang.code().to_owned()), word.to_owned())).collect())
}

/// Makes a failure of a file one of the setting that names the file.
fn setting_failure(failure: impl Into<Failure>) -> Failure {
    failure.into().with_kind("setting").with_status(FailureStatus::Usage)
}
