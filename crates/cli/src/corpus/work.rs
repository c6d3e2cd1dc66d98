//! One document: read, cut, aligned, rated.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use nasaq::{Encoder, EncoderError, PairVectors, RunRequest, Segment, VectorRequest};
use nasaq_formats::{BeadRecord, Document, ErrorKind, records};
use nasaq_report::Summary;
use serde::{Deserialize, Serialize};

use super::entry::Loaded;
use super::metrics::{Busy, Metrics, Stage};
use crate::check::{self, Side, Warning};
use crate::engine::Engine;
use crate::failure::explain;

/// What became of a document that was aligned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Aligned {
    pub(crate) src_segments: usize,
    pub(crate) tgt_segments: usize,
    pub(crate) beads: usize,
    pub(crate) doubtful: usize,
    pub(crate) expected_wrong: f64,
    /// The chance that the two are translations of each other.
    pub(crate) document_score: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<Told>,
}

/// Something told about a document: a warning, or why it failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// A short name for scripts.
    pub(crate) kind: String,
    pub(crate) reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
}

impl From<Warning> for Told {
    fn from(Warning { kind, message, hint }: Warning) -> Self {
        Self { kind: kind.to_owned(), reason: message, hint: Some(hint) }
    }
}

impl Told {
    /// Says why a document failed.
    pub(crate) fn failure(kind: &str, error: &anyhow::Error) -> Self {
        let (_, text) = explain(error);
        let text = text.trim_end().trim_start_matches("nasaq: error: ");
        let (reason, hint) = match text.split_once("\nhint: ") {
            Some((reason, hint)) => (reason, Some(hint.to_owned())),
            None => (text, None),
        };
        Self { kind: kind.to_owned(), reason: reason.to_owned(), hint }
    }

    /// Says why a document could not be read.
    pub(crate) fn unreadable(error: nasaq_formats::Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::Missing => "missing",
            ErrorKind::NotUtf8 { .. }
            | ErrorKind::UnsureEncoding { .. }
            | ErrorKind::Undecodable { .. } => "encoding",
            ErrorKind::Binary { .. } | ErrorKind::Folder => "not-text",
            ErrorKind::Empty => "empty",
            _ => "unreadable",
        };
        Self::failure(kind, &error.into())
    }
}

/// An encoder whose time is taken.
struct Timed<'a, E> {
    encoder: &'a E,
    busy: &'a Busy,
}

impl<E: Encoder> Encoder for Timed<'_, E> {
    fn dim(&self) -> usize {
        self.encoder.dim()
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        self.busy.time(|| self.encoder.encode(texts))
    }

    fn token_count(&self, text: &str) -> usize {
        self.encoder.token_count(text)
    }

    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        self.busy.time(|| self.encoder.encode_pair(src, tgt, request))
    }

    fn encode_runs(&self, texts: &[&str], request: &RunRequest) -> Result<Vec<f32>, EncoderError> {
        self.busy.time(|| self.encoder.encode_runs(texts, request))
    }
}

/// Aligns one document.
///
/// A bug that one document brings to light is that document's failure.
///
/// # Errors
/// Why it cannot be aligned.
pub(crate) fn align(
    engine: &Engine<'_>,
    id: &str,
    loaded: &Loaded,
    metrics: &Metrics,
) -> Result<(Vec<BeadRecord>, Aligned), Told> {
    let [src, tgt] = &loaded.documents;
    align_cut(engine, id, [src, tgt], || engine.segments([src, tgt]), metrics)
}

/// Aligns one document with the segments that it is cut into.
///
/// # Errors
/// As [`align`].
pub(crate) fn align_cut<'d>(
    engine: &Engine<'_>,
    id: &str,
    documents: [&'d Document; 2],
    cut: impl FnOnce() -> [Vec<Segment<'d>>; 2],
    metrics: &Metrics,
) -> Result<(Vec<BeadRecord>, Aligned), Told> {
    check::refuse_identical(documents[0], documents[1])
        .map_err(|failure| Told::failure("identical", &failure.into()))?;
    catch_unwind(AssertUnwindSafe(|| align_texts(engine, id, documents, cut, metrics)))
        .unwrap_or_else(|panic| Err(internal(&*panic)))
}

fn align_texts<'d>(
    engine: &Engine<'_>,
    id: &str,
    [src, tgt]: [&'d Document; 2],
    cut: impl FnOnce() -> [Vec<Segment<'d>>; 2],
    metrics: &Metrics,
) -> Result<(Vec<BeadRecord>, Aligned), Told> {
    let settings = engine.settings;
    let segments = metrics.time(Stage::Segment, cut);
    let sides = [
        Side { document: src, language: settings.src_lang.language, segments: &segments[0] },
        Side { document: tgt, language: settings.tgt_lang.language, segments: &segments[1] },
    ];
    let mut warnings = check::warnings(&sides, settings.segmented);
    let busy = Busy::default();
    let encoder = Timed { encoder: &engine.encoder, busy: &busy };
    let start = Instant::now();
    let split = engine.align(&encoder, segments.clone(), &[]);
    metrics.add(Stage::Encode, busy.total());
    metrics.add(Stage::Search, start.elapsed().saturating_sub(busy.total()));
    let split = split.map_err(|error| Told::failure("alignment", &error.into()))?;
    warnings.extend(check::unrelated(&sides, &split.alignment));
    let beads: Vec<BeadRecord> =
        records(id, split.alignment.beads(), split.alignment.findings(), &split.src, &split.tgt)
            .map(|bead| bead.with_places([src, tgt]))
            .collect();
    let texts = [&split.src, &split.tgt]
        .map(|side| side.iter().map(|segment| segment.text).collect::<Vec<_>>());
    let summary = Summary::new(split.alignment.beads(), &[], &texts[0], &texts[1]);
    let notes = [src, tgt].into_iter().filter_map(Document::encoding_note);
    let notes = notes.map(|reason| Told { kind: "encoding".to_owned(), reason, hint: None });
    let aligned = Aligned {
        src_segments: summary.src.segments,
        tgt_segments: summary.tgt.segments,
        beads: summary.beads,
        doubtful: summary.doubtful,
        expected_wrong: rounded(summary.expected_wrong),
        document_score: rounded(f64::from(split.alignment.document_score())),
        warnings: notes.chain(warnings.into_iter().map(Told::from)).collect(),
    };
    Ok((beads, aligned))
}

/// Leaves so many digits that a number read back from the journal is the same.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn internal(panic: &(dyn Any + Send)) -> Told {
    let text = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Told {
        kind: "internal".to_owned(),
        reason: format!("nasaq has a bug: {text}"),
        hint: Some("please report it with the document".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Syllables;

    impl Encoder for Syllables {
        fn dim(&self) -> usize {
            1
        }

        fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
            Ok(vec![1.0; texts.len()])
        }

        fn token_count(&self, text: &str) -> usize {
            text.len() / 2
        }
    }

    /// Long documents of a corpus would have other windows than by themselves.
    #[test]
    fn an_encoder_whose_time_is_taken_counts_tokens_as_before() {
        let timed = Timed { encoder: &Syllables, busy: &Busy::default() };
        assert_eq!(timed.token_count("abcd"), 2);
    }
}
