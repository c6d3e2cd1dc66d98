//! One document pair: its texts are segmented, checked and aligned.

use std::time::Instant;

use nasaq::{
    Alignment, Anchor, Encoder, EncoderError, LineEnds, Monitor, PairVectors, RunRequest, Segment,
    SplitAlignment, VectorRequest,
};
use nasaq_formats::{BeadRecord, Document, records};

use crate::corpus::metrics::{Busy, Metrics, Stage};
use crate::cue::Cues;
use crate::engine::{Engine, EngineAlignment, document_segments};
use crate::failure::{Failure, Result, guard};
use crate::lost_ends::LostEnds;
use crate::warning::{self, CheckedSide, Warning};
use crate::words::pharaoh;

/// How the text of one side is divided into segments.
enum Segmentation<'d> {
    Sentences,
    Lines,
    Given(Vec<Segment<'d>>),
}

/// A document and its translation, divided into segments and checked, ready to be aligned.
///
/// ```
/// use nasaq_job::{DocumentJob, Engine, Settings, SideText, TextPair};
///
/// let engine = Engine::new(Settings::default())?;
/// let texts = TextPair::new(
///     "station",
///     [
///         SideText::Text("وصل القطار. لم ينتظره أحد."),
///         SideText::Segments(vec!["The train came.", "Nobody waited."]),
///     ],
/// )?;
/// let aligned = texts.job(&engine)?.run()?;
/// assert_eq!(aligned.beads[1].tgt, "Nobody waited.");
/// assert!(aligned.warnings.is_empty());
/// # Ok::<(), nasaq_job::Failure>(())
/// ```
pub struct DocumentJob<'j> {
    engine: &'j Engine,
    id: &'j str,
    documents: [&'j Document; 2],
    segments: [Vec<Segment<'j>>; 2],
    /// Why ends of paragraphs may be missing, if both sides were divided into sentences.
    lost_ends: LostEnds<'j>,
    warnings: Vec<Warning>,
    anchors: &'j [Anchor],
    monitor: &'j dyn Monitor,
    encoder: Option<&'j dyn Encoder>,
}

/// Observes nothing.
struct NoMonitor;

impl Monitor for NoMonitor {}

/// An aligned document pair.
#[derive(Debug)]
#[non_exhaustive]
pub struct Aligned<'d> {
    /// The beads as files have them, with their texts and where these are.
    pub beads: Vec<BeadRecord>,
    /// The alignment: beads, findings, document score.
    pub alignment: Alignment,
    /// The segments that the beads refer to: after long ones were split, if that is set.
    pub segments: [Vec<Segment<'d>>; 2],
    /// How many times a long segment was split.
    pub splits: usize,
    /// How many times a segment of wrapped text was cut at a line end where the other side has a
    /// boundary.
    pub line_cuts: usize,
    /// How many times a segment of text without line ends was cut where the other side has a
    /// boundary.
    pub running_cuts: usize,
    /// What a user should look at.
    pub warnings: Vec<Warning>,
}

impl<'j> DocumentJob<'j> {
    /// Divides two documents into segments, as the engine is set, and checks them.
    ///
    /// # Errors
    /// A [`Failure`] if both documents have the same text.
    pub fn new(engine: &'j Engine, id: &'j str, documents: [&'j Document; 2]) -> Result<Self> {
        Self::timed(engine, id, documents, &Metrics::default())
    }

    pub(crate) fn timed(
        engine: &'j Engine,
        id: &'j str,
        documents: [&'j Document; 2],
        metrics: &Metrics,
    ) -> Result<Self> {
        let segmentation = || match engine.settings().segmented {
            true => Segmentation::Lines,
            false => Segmentation::Sentences,
        };
        Self::with_segmentation(engine, id, documents, [segmentation(), segmentation()], metrics)
    }

    fn with_segmentation(
        engine: &'j Engine,
        id: &'j str,
        documents: [&'j Document; 2],
        segmentation: [Segmentation<'j>; 2],
        metrics: &Metrics,
    ) -> Result<Self> {
        warning::refuse_identical(documents)?;
        guard(|| {
            let languages = engine.settings().languages.each_ref().map(|tag| tag.language);
            let line_ends = match segmentation {
                [Segmentation::Sentences, Segmentation::Sentences] => engine.settings().line_ends,
                _ => LineEnds::Hard,
            };
            let lost_ends = LostEnds::of(documents, line_ends);
            let are_lines = segmentation.each_ref().map(|it| matches!(it, Segmentation::Lines));
            let [src, tgt] = segmentation;
            let segments = metrics.time(Stage::Segment, || {
                let side = |side: usize, segmentation| match segmentation {
                    Segmentation::Sentences => {
                        let segmenter = engine.settings().segmenter(languages[side]);
                        document_segments(documents[side], &segmenter)
                    }
                    Segmentation::Lines => nasaq::lines(&documents[side].text),
                    Segmentation::Given(segments) => segments,
                };
                [side(0, src), side(1, tgt)]
            });
            let warnings = warning::warnings(&[0, 1].map(|side| CheckedSide {
                document: documents[side],
                language: languages[side],
                segments: &segments[side],
                is_lines: are_lines[side],
            }));
            Ok(Self {
                engine,
                id,
                documents,
                segments,
                lost_ends,
                warnings,
                anchors: &[],
                monitor: &NoMonitor,
                encoder: None,
            })
        })
    }

    /// Sets pairs of segments that are known to correspond.
    #[must_use]
    pub fn anchors(mut self, anchors: &'j [Anchor]) -> Self {
        self.anchors = anchors;
        self
    }

    /// Sets the monitor that is informed of the progress and can cancel the job.
    #[must_use]
    pub fn monitor(mut self, monitor: &'j dyn Monitor) -> Self {
        self.monitor = monitor;
        self
    }

    /// Sets an encoder to use in place of that of the engine. Probabilities are calibrated for the
    /// built-in one.
    #[must_use]
    pub fn encoder(mut self, encoder: &'j dyn Encoder) -> Self {
        self.encoder = Some(encoder);
        self
    }

    /// Returns what a user should look at, as far as it is known before the alignment.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns the segments of both sides.
    #[must_use]
    pub fn segments(&self) -> &[Vec<Segment<'j>>; 2] {
        &self.segments
    }

    /// Aligns the segments, on the threads of the caller: see [`Threads::install`].
    ///
    /// [`Threads::install`]: crate::Threads::install
    ///
    /// # Errors
    /// A [`Failure`] for anchors that cannot be satisfied, for a job that was cancelled, and for a
    /// bug that the document exposes.
    pub fn run(self) -> Result<Aligned<'j>> {
        self.run_timed(&Metrics::default())
    }

    pub(crate) fn run_timed(self, metrics: &Metrics) -> Result<Aligned<'j>> {
        let Self { engine, id, documents, segments, lost_ends, anchors, monitor, .. } = self;
        let mut warnings = self.warnings;
        guard(|| {
            let busy = Busy::default();
            let encoder: &dyn Encoder = self.encoder.unwrap_or_else(|| engine.encoder());
            let encoder = WatchedEncoder { encoder, busy: &busy, monitor };
            let start = Instant::now();
            let cues = Cues::new(documents, [&segments[0], &segments[1]]);
            let aligned = engine.align(&encoder, segments, lost_ends, &cues, anchors, monitor);
            metrics.add(Stage::Encode, busy.total());
            metrics.add(Stage::Search, start.elapsed().saturating_sub(busy.total()));
            if monitor.is_cancelled() {
                return Err(Failure::cancelled());
            }
            let EngineAlignment { split, words, times, line_cuts, running_cuts, long_cuts } =
                aligned?;
            let SplitAlignment { src, tgt, alignment, .. } = split;
            warnings.extend(warning::of_times(documents, times));
            warnings.extend(Warning::of_line_cuts(documents, line_cuts));
            warnings.extend(Warning::of_running_cuts(documents, running_cuts));
            warnings.extend(warning::of_alignment(documents, [&src, &tgt], &alignment));
            // Here and nowhere else the probabilities become those of beads of two documents that
            // may not be translations.
            let alignment = alignment.unconditional();
            let score = alignment.document_score();
            let beads = records(id, alignment.beads(), alignment.findings(), &src, &tgt)
                .map(|bead| bead.with_places(documents).with_document_score(score))
                .zip(alignment.beads())
                .map(|(record, bead)| match words.get(record.bead) {
                    Some(links) => record.with_words(pharaoh(links, bead, [&src, &tgt])),
                    None => record,
                })
                .collect();
            let (segments, splits) = ([src, tgt], long_cuts);
            Ok(Aligned { beads, alignment, segments, splits, line_cuts, running_cuts, warnings })
        })
    }
}

/// The text of one side of a document, or its segments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SideText<'t> {
    /// Text that is divided into segments as the engine is set.
    Text(&'t str),
    /// Text whose lines are the segments.
    Lines(&'t str),
    /// The segments.
    Segments(Vec<&'t str>),
    /// A document with its blocks, which is divided into segments as the engine is set.
    Document(&'t Document),
    /// A document whose lines are the segments.
    DocumentLines(&'t Document),
}

impl SideText<'_> {
    /// Checks the text, and joins segments by line breaks.
    fn document(&self, id: &str, side: &str) -> Result<Document> {
        let name = match id {
            "" => format!("the {side} text"),
            id => format!("{id} ({side} text)"),
        };
        let text = match self {
            Self::Text(text) | Self::Lines(text) => (*text).to_owned(),
            Self::Segments(segments) => segments.join("\n"),
            Self::Document(document) | Self::DocumentLines(document) => {
                return Ok((*document).clone());
            }
        };
        Ok(Document::from_bytes(name, text.into_bytes())?)
    }
}

/// A document and its translation that are in memory: texts, or documents that were read before.
pub struct TextPair<'t> {
    id: &'t str,
    texts: [SideText<'t>; 2],
    documents: [Document; 2],
}

impl<'t> TextPair<'t> {
    /// Checks the texts. Messages name them after `id`, which may be empty.
    ///
    /// # Errors
    /// A [`Failure`] for a text that is empty or is not text.
    pub fn new(id: &'t str, texts: [SideText<'t>; 2]) -> Result<Self> {
        let documents = [texts[0].document(id, "source")?, texts[1].document(id, "target")?];
        Ok(Self { id, texts, documents })
    }

    /// Returns the texts as documents. Byte offsets of an alignment count in their text.
    #[must_use]
    pub fn documents(&self) -> &[Document; 2] {
        &self.documents
    }

    /// Divides the texts into segments and checks them.
    ///
    /// # Errors
    /// A [`Failure`] if both documents have the same text.
    pub fn job<'j>(&'j self, engine: &'j Engine) -> Result<DocumentJob<'j>> {
        self.timed_job(engine, &Metrics::default())
    }

    pub(crate) fn timed_job<'j>(
        &'j self,
        engine: &'j Engine,
        metrics: &Metrics,
    ) -> Result<DocumentJob<'j>> {
        let segmentation = self.texts.each_ref().map(|text| match text {
            SideText::Text(_) | SideText::Document(_) if engine.settings().segmented => {
                Segmentation::Lines
            }
            SideText::Text(_) | SideText::Document(_) => Segmentation::Sentences,
            SideText::Lines(_) | SideText::DocumentLines(_) => Segmentation::Lines,
            SideText::Segments(segments) => Segmentation::Given(nasaq::items(segments)),
        });
        let documents = self.documents.each_ref();
        DocumentJob::with_segmentation(engine, self.id, documents, segmentation, metrics)
    }
}

/// An encoder whose time is measured and that refuses work once the job is cancelled: splitting long
/// segments calls it often, and has no monitor itself.
struct WatchedEncoder<'a, E: ?Sized> {
    encoder: &'a E,
    busy: &'a Busy,
    monitor: &'a dyn Monitor,
}

impl<E: ?Sized> WatchedEncoder<'_, E> {
    fn run<T>(&self, work: impl FnOnce() -> Result<T, EncoderError>) -> Result<T, EncoderError> {
        if self.monitor.is_cancelled() {
            return Err("the job was cancelled".into());
        }
        self.busy.time(work)
    }
}

impl<E: Encoder + ?Sized> Encoder for WatchedEncoder<'_, E> {
    fn dim(&self) -> usize {
        self.encoder.dim()
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        self.run(|| self.encoder.encode(texts))
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
        self.run(|| self.encoder.encode_pair(src, tgt, request))
    }

    fn encode_runs(&self, texts: &[&str], request: &RunRequest) -> Result<Vec<f32>, EncoderError> {
        self.run(|| self.encoder.encode_runs(texts, request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Syllables;

    struct Cancelled;

    impl Monitor for Cancelled {
        fn is_cancelled(&self) -> bool {
            true
        }
    }

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

    fn watched(monitor: &dyn Monitor) -> WatchedEncoder<'_, Syllables> {
        // A test's own memory: the encoder is used once.
        let busy = Box::leak(Box::default());
        WatchedEncoder { encoder: &Syllables, busy, monitor }
    }

    /// Otherwise long documents of a corpus would have other windows than when aligned by
    /// themselves.
    #[test]
    fn watched_encoder_counts_tokens_as_the_encoder_does() {
        assert_eq!(watched(&NoMonitor).token_count("abcd"), 2);
    }

    #[test]
    fn cancelled_job_encodes_nothing() {
        assert!(watched(&NoMonitor).encode(&["a"]).is_ok());
        assert!(watched(&Cancelled).encode(&["a"]).is_err());
    }
}
