//! Documents that were read from files.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nasaq::Language;
use nasaq_formats::{Document, DocumentFormat, DocumentReader, TextEncoding};
use nasaq_job::{Failure, FailureStatus, LanguageTag, Result, Warning, max_document_bytes};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

use crate::bead::{RangeTuple, WarningTuple, warning};
use crate::failure::exception;
use crate::offsets::CharOffsets;
use crate::remedy::wording;
use crate::threads;

/// The fields of `nasaq.DocumentBlock`: kind, text, characters, part, index, time.
type BlockTuple = (String, String, RangeTuple, Option<String>, u32, Option<(u64, u64)>);

/// A document, from which `nasaq.Document` takes its values.
#[pyclass(frozen, module = "nasaq._native")]
pub(crate) struct SourceDocument(Arc<Document>);

impl SourceDocument {
    pub(crate) fn document(&self) -> Arc<Document> {
        Arc::clone(&self.0)
    }
}

#[pymethods]
impl SourceDocument {
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    #[getter]
    fn text(&self) -> &str {
        &self.0.text
    }

    #[getter]
    fn format(&self) -> String {
        self.0.format.to_string()
    }

    #[getter]
    fn encoding(&self) -> &'static str {
        self.0.encoding
    }

    fn blocks(&self) -> Vec<BlockTuple> {
        let document = &*self.0;
        let mut chars = CharOffsets::new(&document.text, 0);
        let blocks = document.blocks.iter().map(|block| {
            let text = document.text[block.text.clone()].to_owned();
            let part = block.part.as_deref().map(str::to_owned);
            let kind = block.kind.to_string();
            (kind, text, chars.range(&block.text), part, block.index, block.time.map(Into::into))
        });
        blocks.collect()
    }

    fn warnings(&self) -> Vec<WarningTuple> {
        Warning::of_document(&self.0).iter().map(warning).collect()
    }
}

/// Reads a document, as the program does.
#[pyfunction]
pub(crate) fn read_document(
    py: Python<'_>,
    path: PathBuf,
    format: Option<&str>,
    encoding: Option<&str>,
    lang: Option<&str>,
    main: bool,
    descriptions: bool,
) -> PyResult<SourceDocument> {
    check_opens(py, &path)?;
    let reader = reader(format, encoding, lang).map_err(|failure| exception(py, &failure))?;
    let reader = reader.main_only(main).drop_descriptions(!descriptions);
    threads::run_detached(py, move || {
        let read = reader.max_bytes(max_document_bytes()).read(&path);
        let document = read.map_err(|error| with_hint(error.into()))?;
        Ok(SourceDocument(Arc::new(document)))
    })
}

/// Words the remedy: elsewhere in the package, remedies about files are of no use.
fn with_hint(failure: Failure) -> Failure {
    match failure.remedy().map(wording) {
        Some(text) => failure.hint(text),
        None => failure,
    }
}

/// Checks that a file can be opened.
///
/// # Errors
/// An `OSError` with its number, as everywhere in Python.
pub(crate) fn check_opens(py: Python<'_>, path: &Path) -> PyResult<()> {
    File::open(path).map(drop).map_err(|error| open_error(py, &error, path))
}

fn open_error(py: Python<'_>, error: &std::io::Error, path: &Path) -> PyErr {
    let Some(number) = error.raw_os_error() else { return PyOSError::new_err(error.to_string()) };
    let text = || py.import("os")?.call_method1("strerror", (number,))?.extract::<String>();
    match text() {
        // `OSError` makes an instance of the subclass of the number, such as `FileNotFoundError`.
        Ok(text) => PyOSError::new_err((number, text, path.to_path_buf())),
        Err(error) => error,
    }
}

fn reader(
    format: Option<&str>,
    encoding: Option<&str>,
    lang: Option<&str>,
) -> Result<DocumentReader> {
    let wrong = |error: nasaq_formats::Error| {
        Failure::from(error).with_kind("setting").with_status(FailureStatus::Usage)
    };
    let format = format.map(str::parse::<DocumentFormat>).transpose().map_err(wrong)?;
    let encoding = encoding.map(str::parse::<TextEncoding>).transpose().map_err(wrong)?;
    let tag = lang.map(str::parse::<LanguageTag>).transpose()?;
    let language: Option<Language> = tag.map(|tag| tag.language);
    Ok(DocumentReader::new().format(format).encoding(encoding).language(language))
}
