//! One side of a document, as Python passes it.

use std::sync::Arc;

use nasaq_formats::Document;
use nasaq_job::SideText;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::PyString;

use crate::document::SourceDocument;

/// A text, segments, or a document that was read from a file.
pub(crate) enum PythonText {
    Text(PyBackedStr),
    Segments(Vec<PyBackedStr>),
    Document(Arc<Document>),
}

impl PythonText {
    /// Returns the side; `segmented` takes each line of a text as a segment.
    pub(crate) fn side(&self, segmented: bool) -> SideText<'_> {
        match self {
            Self::Text(text) if segmented => SideText::Lines(text),
            Self::Text(text) => SideText::Text(text),
            Self::Segments(segments) => {
                SideText::Segments(segments.iter().map(|segment| &**segment).collect())
            }
            Self::Document(document) if segmented => SideText::DocumentLines(document),
            Self::Document(document) => SideText::Document(document),
        }
    }

    /// Returns whether the string starts with a byte order mark, which it counts.
    pub(crate) fn has_byte_order_mark(&self) -> bool {
        let first = match self {
            Self::Text(text) => text,
            Self::Segments(segments) => match segments.first() {
                Some(first) => first,
                None => return false,
            },
            // Its offsets count from after the mark.
            Self::Document(_) => return false,
        };
        first.starts_with('\u{feff}')
    }
}

impl<'py> FromPyObject<'_, 'py> for PythonText {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyString>() {
            return Ok(Self::Text(object.extract()?));
        }
        if let Ok(document) = object.cast::<SourceDocument>() {
            return Ok(Self::Document(document.get().document()));
        }
        Ok(Self::Segments(object.extract()?))
    }
}
