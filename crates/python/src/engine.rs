//! The class behind `nasaq.Aligner`: encoder, aligner and threads, made once.

use std::sync::{Arc, OnceLock};

use arrow_array::RecordBatch;
use arrow_pyarrow::{PyArrowType, ToPyArrow};
use nasaq::{Aligner, Anchor, Encoder, Language, Lexicon, Segmenter};
use nasaq_encoder::{CnnEncoder, Precision};
use nasaq_quality::QualityScorer;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyByteArray, PyString};

use crate::batch::{self, Columns, Rows};
use crate::bead::{self, AlignmentTuple, SegmentTuple};
use crate::failure::Failure;
use crate::pair::{Settings, Side, align};
use crate::quality::{self, QualityTuple};
use crate::threads::{Stoppable, Threads};

/// Texts that are encoded between two looks at the signals.
const TEXTS: usize = 256;

/// The encoders inside the package, loaded when one is first needed: every engine of a process uses
/// the same.
static BUILTIN: [OnceLock<Result<Arc<CnnEncoder>, String>>; 2] = [const { OnceLock::new() }; 2];

/// Aligns, encodes and rates, with settings that were checked.
#[pyclass(frozen, module = "nasaq._native")]
pub struct Engine {
    encoder: Arc<CnnEncoder>,
    settings: Settings,
    terms: Vec<Term>,
    threads: Threads,
}

/// Arabic, English, and how surely one stands for the other.
type Term = (String, String, f32);

/// One side, as Python has it.
enum Given {
    Text(PyBackedStr),
    Items(Vec<PyBackedStr>),
}

impl Given {
    fn side(&self, segmented: bool) -> Side<'_> {
        match self {
            Self::Text(text) if segmented => Side::Lines(text),
            Self::Text(text) => Side::Raw(text),
            Self::Items(items) => Side::Items(items.iter().map(|item| &**item).collect()),
        }
    }

    fn has_mark(&self) -> bool {
        let first = match self {
            Self::Text(text) => text,
            Self::Items(items) => match items.first() {
                Some(first) => first,
                None => return false,
            },
        };
        first.starts_with('\u{feff}')
    }
}

impl<'py> FromPyObject<'_, 'py> for Given {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyString>() {
            return Ok(Self::Text(object.extract()?));
        }
        Ok(Self::Items(object.extract()?))
    }
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (src_lang, tgt_lang, split_long, max_segments, terms, precision, model, threads))]
    #[expect(clippy::too_many_arguments, reason = "the package names and defaults them")]
    fn new(
        py: Python<'_>,
        src_lang: &str,
        tgt_lang: &str,
        split_long: bool,
        max_segments: usize,
        terms: Vec<Term>,
        precision: &str,
        model: Option<Vec<u8>>,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        let make = || {
            let languages = [language(src_lang)?, language(tgt_lang)?];
            if languages[0] == languages[1] {
                return Err(Failure::new("setting", "both sides have the same language")
                    .hint("nasaq aligns Arabic with English, in either order"));
            }
            let mut builder = Aligner::builder().max_segments(max_segments);
            if !terms.is_empty() {
                builder = builder.lexicon(lexicon(&terms));
            }
            let aligner = builder.build().map_err(|error| Failure::setting(&error))?;
            let precision: Precision = precision
                .parse()
                .map_err(|reason| Failure::new("setting", format!("precision: {reason}")))?;
            if threads == Some(0) {
                return Err(Failure::new("setting", "threads: must be 1 or more"));
            }
            Ok(Self {
                encoder: encoder(model, precision)?,
                settings: Settings { aligner, languages, split_long, panics: OnceLock::new() },
                terms,
                threads: Threads::new(threads),
            })
        };
        py.detach(make).map_err(|failure| failure.raise(py))
    }

    /// Numbers in a vector.
    #[getter]
    fn dim(&self) -> usize {
        self.encoder.dim()
    }

    /// Threads that work.
    #[getter]
    fn threads(&self) -> usize {
        self.threads.count()
    }

    /// The checksum of the model, which names it.
    #[getter]
    fn model(&self) -> String {
        format!("{:016x}", self.encoder.checksum())
    }

    /// Makes the document of that name bring about a panic, for tests of what becomes of it.
    fn panic_on(&self, id: String) {
        self.settings.panics.get_or_init(|| id);
    }

    fn align(
        &self,
        py: Python<'_>,
        src: Given,
        tgt: Given,
        segmented: bool,
        anchors: Vec<(usize, usize)>,
    ) -> PyResult<AlignmentTuple> {
        let marks = [src.has_mark(), tgt.has_mark()];
        let sides = [src.side(segmented), tgt.side(segmented)];
        let anchors: Vec<Anchor> =
            anchors.into_iter().map(|(src, tgt)| Anchor { src, tgt }).collect();
        let found = self.threads.run(py, |stop| {
            let encoder = Stoppable { encoder: &*self.encoder, stop };
            align(&self.settings, &encoder, "", &sides, &anchors, |aligned| {
                bead::alignment(aligned, marks)
            })
        })?;
        found.map_err(|failure| failure.raise(py))
    }

    fn align_batch<'py>(
        &self,
        py: Python<'py>,
        batch: PyArrowType<RecordBatch>,
        names: [String; 3],
        segmented: bool,
        nested: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let batch = batch.0;
        let rows = if nested { Rows::Documents } else { Rows::Beads };
        let columns = Columns::new(&batch, &names).map_err(|failure| failure.raise(py))?;
        let threads = self.threads.count();
        let made = self.threads.run(py, |stop| {
            let encoder = Stoppable { encoder: &*self.encoder, stop };
            let results = batch::align(&self.settings, &encoder, &columns, segmented, threads);
            batch::result(&batch, &columns, &results, rows)
        })?;
        made.map_err(|failure| failure.raise(py))?.to_pyarrow(py)
    }

    fn encode<'py>(
        &self,
        py: Python<'py>,
        texts: Vec<PyBackedStr>,
    ) -> PyResult<Bound<'py, PyByteArray>> {
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        let vectors = self.threads.run(py, |stop| {
            let mut vectors = Vec::with_capacity(texts.len() * self.encoder.dim() * 4);
            for texts in texts.chunks(TEXTS) {
                let encoder = Stoppable { encoder: &*self.encoder, stop };
                let numbers = encoder.encode(texts)?;
                vectors.extend(numbers.iter().flat_map(|number| number.to_ne_bytes()));
            }
            Ok(vectors)
        })?;
        let vectors = vectors.map_err(|error: nasaq::EncoderError| {
            Failure::new("encoder", error.to_string()).raise(py)
        })?;
        Ok(PyByteArray::new(py, &vectors))
    }

    fn score(
        &self,
        py: Python<'_>,
        src: Vec<PyBackedStr>,
        tgt: Vec<PyBackedStr>,
        kinds: Option<Vec<(usize, usize)>>,
        with_encoder: bool,
    ) -> PyResult<Vec<QualityTuple>> {
        let arabic_first = self.settings.languages[0] == Language::Arabic;
        let kind = |at: usize| kinds.as_ref().map(|kinds| kinds[at]);
        let pairs: Vec<_> = (0..src.len())
            .map(|at| quality::pair(&src[at], &tgt[at], kind(at), arabic_first))
            .collect();
        let rated = self.threads.run(py, |stop| {
            let encoder = quality::wanted(&*self.encoder, with_encoder);
            let scorer = QualityScorer::new(lexicon(&self.terms), encoder);
            quality::rate(&scorer, &pairs, stop)
        })?;
        rated.map_err(|error| Failure::alignment(&error).raise(py))
    }
}

/// Cuts a text into sentences: text, bytes and code points of each.
#[pyfunction]
pub(crate) fn segment(
    py: Python<'_>,
    text: PyBackedStr,
    lang: &str,
    semicolons: bool,
) -> PyResult<Vec<SegmentTuple>> {
    let cut = || {
        let segmenter = Segmenter::new(language(lang)?).semicolons(semicolons);
        // As a file is read: offsets count from after a byte order mark.
        let (first, text) = match text.strip_prefix('\u{feff}') {
            Some(rest) => (1, rest),
            None => (0, &*text),
        };
        Ok(bead::segments(&segmenter.segments(text), text, first))
    };
    py.detach(cut).map_err(|failure: Failure| failure.raise(py))
}

/// Reads a lexicon, TSV or TBX.
#[pyfunction]
pub(crate) fn read_lexicon(py: Python<'_>, text: &str) -> PyResult<Vec<Term>> {
    let pairs = nasaq_formats::read_lexicon(text).map_err(|error| {
        let mut failure = Failure::new("setting", error.to_string());
        failure.hint = error.remedy().as_ref().map(crate::remedy::hint);
        failure.raise(py)
    })?;
    Ok(pairs.into_iter().map(|pair| (pair.arabic, pair.english, pair.similarity)).collect())
}

fn language(code: &str) -> Result<Language, Failure> {
    code.parse().map_err(|error: nasaq_text::Error| Failure::setting(&error))
}

/// Gives the lexicon inside with some terms, the later over the earlier.
fn lexicon(terms: &[Term]) -> Lexicon {
    let mut lexicon = Lexicon::builtin();
    for (arabic, english, similarity) in terms {
        lexicon.insert(arabic, english, *similarity);
    }
    lexicon
}

fn encoder(model: Option<Vec<u8>>, precision: Precision) -> Result<Arc<CnnEncoder>, Failure> {
    if let Some(bytes) = model {
        let encoder = CnnEncoder::from_bytes_in(bytes, precision);
        return Ok(Arc::new(encoder.map_err(|error| Failure::setting(&error))?));
    }
    let slot = &BUILTIN[usize::from(precision == Precision::F32)];
    let load =
        || CnnEncoder::builtin_in(precision).map(Arc::new).map_err(|error| error.to_string());
    slot.get_or_init(load).clone().map_err(|reason| Failure::new("internal", reason))
}
