//! The aligner: takes segments and their vectors, and returns beads.

mod anchor;
mod band;
mod bitext;
mod chunk;
mod chunk_passes;
mod chunk_vectors;
mod coarse;
mod compared;
#[cfg_attr(
    not(feature = "unstable-tuning"),
    expect(unreachable_pub, reason = "public with the feature `unstable-tuning`")
)]
pub mod confidence;
mod corridor;
mod cue;
mod cut;
#[cfg_attr(
    not(feature = "unstable-tuning"),
    expect(unreachable_pub, reason = "public with the feature `unstable-tuning`")
)]
mod document_score;
mod evidence;
mod excluded;
mod far_moves;
mod fine;
mod grid;
mod identical;
mod lattice;
mod layer;
mod lengths;
mod lexical;
mod log_sum;
mod long;
mod long_vectors;
mod measured;
mod monitor;
mod monotone;
mod moved;
mod moved_blocks;
mod omission;
mod passes;
mod prepared;
mod realign;
mod replace;
mod sample;
mod score;
mod search;
mod sides;
mod stitch;
#[cfg_attr(
    not(feature = "unstable-tuning"),
    expect(unreachable_pub, reason = "public with the feature `unstable-tuning`")
)]
pub mod tuning;
mod vectors;
mod word_links;

use std::borrow::Cow;
use std::sync::Arc;

use nasaq_kernels::Kernel;
use nasaq_text::Lexicon;

use crate::alignment::Alignment;
use crate::encoder::Encoder;
use crate::error::{ErrorKind, Result};
use tuning::Tuning;

pub use anchor::Anchor;
pub use cue::SegmentCue;
#[cfg(not(feature = "unstable-tuning"))]
pub(crate) use document_score::DocumentEvidence;
#[cfg(feature = "unstable-tuning")]
pub use document_score::DocumentEvidence;
pub use monitor::{Monitor, Progress};
pub use realign::Constraints;
pub use search::Search;
pub use word_links::{WordLink, WordPlace};

/// Maximum of the setting `max_segments`.
const MAX_MAX_SEGMENTS: usize = 16;

/// Settings of an [`Aligner`].
#[derive(Clone, Debug)]
pub struct AlignerBuilder {
    max_segments: usize,
    monotone: bool,
    kernel: Kernel,
    lexicon: Option<Arc<Lexicon>>,
    tuning: Tuning,
}

impl Default for AlignerBuilder {
    fn default() -> Self {
        Self {
            max_segments: 10,
            monotone: false,
            kernel: Kernel::detect(),
            lexicon: None,
            tuning: Tuning::default(),
        }
    }
}

impl AlignerBuilder {
    /// Sets the maximum number of segments of both sides together in a bead: 2 to 16, by default
    /// 10.
    ///
    /// Long beads are exempt: one segment that is several times as long as usual, such as a
    /// paragraph without full stops, may be paired with up to 60 segments. With a maximum below 10
    /// there are no long beads.
    #[must_use]
    pub fn max_segments(mut self, segments: usize) -> Self {
        self.max_segments = segments;
        self
    }

    /// Sets whether all beads are in order on both sides, by default no.
    ///
    /// Text that was moved is then unaligned: it is in null beads on both sides, or in beads of low
    /// probability, and only [`Alignment::findings`] report where it is.
    #[must_use]
    pub fn monotone(mut self, monotone: bool) -> Self {
        self.monotone = monotone;
        self
    }

    /// Sets the kernel, by default the fastest that the CPU supports. The results are the same.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets the lexicon, by default the bundled one, or an empty one without the feature
    /// `builtin-lexicon`.
    #[must_use]
    pub fn lexicon(mut self, lexicon: impl Into<Arc<Lexicon>>) -> Self {
        self.lexicon = Some(lexicon.into());
        self
    }

    /// Sets the tuned constants, for experiments.
    #[cfg(any(test, feature = "unstable-tuning"))]
    #[must_use]
    pub fn tuning(mut self, tuning: Tuning) -> Self {
        self.tuning = tuning;
        self
    }

    /// Checks the settings and builds the aligner.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`] for a value outside its range.
    pub fn build(self) -> Result<Aligner> {
        if !(2..=MAX_MAX_SEGMENTS).contains(&self.max_segments) {
            let (name, reason) = ("max_segments", "must be 2 to 16");
            return Err(ErrorKind::Setting { name, reason }.into());
        }
        Ok(Aligner {
            max_segments: self.max_segments,
            monotone: self.monotone,
            kernel: self.kernel,
            lexicon: self.lexicon.unwrap_or_else(|| Arc::new(default_lexicon())),
            tuning: self.tuning,
        })
    }
}

#[cfg(feature = "builtin-lexicon")]
fn default_lexicon() -> Lexicon {
    Lexicon::builtin()
}

#[cfg(not(feature = "builtin-lexicon"))]
fn default_lexicon() -> Lexicon {
    Lexicon::empty()
}

/// Aligns documents; built once, used from any number of threads.
///
/// The result depends on the texts, the encoder and the settings alone: not on the number of
/// threads, nor on the CPU.
#[derive(Clone, Debug)]
pub struct Aligner {
    max_segments: usize,
    monotone: bool,
    kernel: Kernel,
    lexicon: Arc<Lexicon>,
    tuning: Tuning,
}

impl Aligner {
    /// Starts from the default settings.
    #[must_use]
    pub fn builder() -> AlignerBuilder {
        AlignerBuilder::default()
    }

    /// Aligns the segments of a source document with those of its translation.
    ///
    /// Segments may be [`Segment`](crate::Segment)s or plain strings. For anchors, progress and
    /// cancellation, or to align the same document several times, see [`search`](Self::search).
    ///
    /// # Errors
    /// [`ErrorKind::EmptySide`] if a side has no segment, [`ErrorKind::Encoder`] from the encoder.
    pub fn align(
        &self,
        encoder: &(impl Encoder + ?Sized),
        src: &[impl AsRef<str>],
        tgt: &[impl AsRef<str>],
    ) -> Result<Alignment> {
        self.search(encoder, src, tgt)?.retain_vectors(false).align()
    }

    /// Prepares the alignment of a document: checks both sides and looks up their words.
    ///
    /// # Errors
    /// [`ErrorKind::EmptySide`] if a side has no segment, [`ErrorKind::Encoder`] if the encoder's
    /// vectors have no components.
    pub fn search<'a>(
        &'a self,
        encoder: &'a (impl Encoder + ?Sized),
        src: &'a [impl AsRef<str>],
        tgt: &'a [impl AsRef<str>],
    ) -> Result<Search<'a>> {
        let src = src.iter().map(|text| Cow::Borrowed(text.as_ref())).collect();
        let tgt = tgt.iter().map(|text| Cow::Borrowed(text.as_ref())).collect();
        Search::new(self, Box::new(encoder), src, tgt)
    }

    /// Returns the aligner with the setting [`monotone`](AlignerBuilder::monotone).
    pub(crate) fn into_monotone(self) -> Self {
        Self { monotone: true, ..self }
    }

    /// Returns the tuned constants.
    pub(crate) fn tuning(&self) -> &Tuning {
        &self.tuning
    }
}
