//! The aligner: segments and their vectors in, beads out.

mod band;
mod coarse;
mod compared;
mod confidence;
mod corridor;
mod cut;
mod document;
#[cfg_attr(
    not(feature = "unstable-tuning"),
    expect(unreachable_pub, reason = "public with the feature `unstable-tuning`")
)]
mod document_score;
mod evidence;
mod fine;
mod lattice;
mod lexical;
mod log_sum;
mod moved;
mod passes;
mod piece;
mod programme;
mod score;
mod stitch;
#[cfg_attr(
    not(feature = "unstable-tuning"),
    expect(unreachable_pub, reason = "public with the feature `unstable-tuning`")
)]
pub mod tuning;
mod vectors;

use std::sync::Arc;

use nasaq_kernels::Kernel;

use crate::alignment::Alignment;
use crate::bead::Bead;
use crate::encoder::{CheckedEncoder, Encoder};
use crate::error::{ErrorKind, Result};
use crate::finding::{Finding, findings};
use coarse::coarse_path;
use cut::cut;
use document::Document;
#[cfg(not(feature = "unstable-tuning"))]
pub(crate) use document_score::DocumentEvidence;
#[cfg(feature = "unstable-tuning")]
pub use document_score::DocumentEvidence;
use document_score::Matches;
use nasaq_text::Lexicon;
use passes::Searched;
use piece::{Found, Piece};
use stitch::stitch;

use tuning::Tuning;

/// The greatest number of segments that a bead may be allowed to hold.
const MOST_SEGMENTS: usize = 16;

/// A pair of segments that are known to correspond; they end up in one bead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// Source segment, 0-based.
    pub src: usize,
    /// Target segment, 0-based.
    pub tgt: usize,
}

/// Settings of an [`Aligner`].
#[derive(Clone, Debug)]
pub struct AlignerBuilder {
    max_segments: usize,
    kernel: Kernel,
    lexicon: Option<Arc<Lexicon>>,
    tuning: Tuning,
}

impl Default for AlignerBuilder {
    fn default() -> Self {
        Self {
            max_segments: 10,
            kernel: Kernel::detect(),
            lexicon: None,
            tuning: Tuning::default(),
        }
    }
}

impl AlignerBuilder {
    /// Sets how many segments of both sides together a bead may hold: 2 to 16, by default 10.
    #[must_use]
    pub fn max_segments(mut self, segments: usize) -> Self {
        self.max_segments = segments;
        self
    }

    /// Sets the kernel. By default the fastest that the CPU has; the results are the same.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets the lexicon. By default the one inside the program, where the feature
    /// `builtin-lexicon` has put it, and an empty one otherwise.
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

    /// Checks the settings and makes the aligner.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`] for a value outside its range.
    pub fn build(self) -> Result<Aligner> {
        if !(2..=MOST_SEGMENTS).contains(&self.max_segments) {
            let (name, reason) = ("max_segments", "must be 2 to 16");
            return Err(ErrorKind::Setting { name, reason }.into());
        }
        Ok(Aligner {
            max_segments: self.max_segments,
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

    /// Returns the tuned constants.
    pub(crate) fn tuning(&self) -> &Tuning {
        &self.tuning
    }

    /// Aligns the segments of a source document with those of its translation.
    ///
    /// Segments may be [`Segment`](crate::Segment)s or plain strings. Anchors may come in any
    /// order.
    ///
    /// # Errors
    /// [`ErrorKind::EmptySide`] where a side has no segment, [`ErrorKind::Anchor`] for an anchor
    /// outside the document or crossing another, [`ErrorKind::AnchorsTooFar`] where they would
    /// force a bead of too many segments, [`ErrorKind::Encoder`] from the encoder.
    pub fn align(
        &self,
        encoder: &(impl Encoder + ?Sized),
        src: &[impl AsRef<str>],
        tgt: &[impl AsRef<str>],
        anchors: &[Anchor],
    ) -> Result<Alignment> {
        let src: Vec<&str> = src.iter().map(AsRef::as_ref).collect();
        let tgt: Vec<&str> = tgt.iter().map(AsRef::as_ref).collect();
        for (side, segments) in [("source", &src), ("target", &tgt)] {
            if segments.is_empty() {
                return Err(ErrorKind::EmptySide { side }.into());
            }
        }
        let encoder = &CheckedEncoder::new(encoder).map_err(ErrorKind::Encoder)?;
        let anchors = self.check_anchors(anchors, (src.len(), tgt.len()))?;
        let mut document = Document::new(&self.tuning, &self.lexicon, [&src, &tgt], anchors);
        let chunk = &self.tuning.chunk;
        let (beads, moves, matches) =
            if document.longer_side() > chunk.coarse_above.min(chunk.max_whole) {
                document.measure_ratio(encoder);
                self.align_long(encoder, &document)?
            } else {
                self.align_whole(encoder, &document, Piece::whole(document.size()))?
            };
        let findings = findings(&beads, &moves, document.segments);
        Ok(Alignment::new(findings, beads).with_document(matches.evidence(&self.tuning.document)))
    }

    fn align_whole(
        &self,
        encoder: &(impl Encoder + ?Sized),
        document: &Document<'_>,
        piece: Piece,
    ) -> Result<(Vec<Bead>, Vec<Finding>, Matches)> {
        let searched = self.align_pieces(encoder, document, &[piece])?;
        let found = searched.found.into_iter().next().expect("one for the piece");
        let Found { beads, moves, matches } = found;
        Ok((beads, moves, matches))
    }

    /// Cuts a long document to pieces, aligns them, and joins what was found.
    fn align_long(
        &self,
        encoder: &(impl Encoder + ?Sized),
        document: &Document<'_>,
    ) -> Result<(Vec<Bead>, Vec<Finding>, Matches)> {
        let path = coarse_path(self.kernel, &self.tuning.chunk, encoder, document)?;
        if document.longer_side() <= self.tuning.chunk.max_whole {
            let piece = Piece::whole(document.size()).on(&path.corners);
            return self.align_whole(encoder, document, piece);
        }
        let pieces = cut(&self.tuning.chunk, &path, &document.anchors);
        drop(path);
        let Searched { found, elsewhere, known } = self.align_pieces(encoder, document, &pieces)?;
        let matches = found.iter().fold(Matches::default(), |sums, piece| sums.and(piece.matches));
        let (beads, moves) = stitch(self.tuning.chunk.sure, &pieces, &found, |from, to| {
            self.align_between(encoder, document, [from, to], &elsewhere, known)
        })?;
        Ok((beads, moves, matches))
    }

    /// Sorts anchors and checks that they lie in the document and do not cross.
    fn check_anchors(&self, anchors: &[Anchor], (n, m): (usize, usize)) -> Result<Vec<Anchor>> {
        let mut order: Vec<usize> = (0..anchors.len()).collect();
        order.sort_by_key(|&index| anchors[index]);
        let mut tgt = 0;
        for &index in &order {
            let anchor = anchors[index];
            let reason = if anchor.src >= n {
                "there is no such source segment"
            } else if anchor.tgt >= m {
                "there is no such target segment"
            } else if anchor.tgt < tgt {
                "it crosses another anchor"
            } else {
                tgt = anchor.tgt;
                continue;
            };
            return Err(
                ErrorKind::Anchor { index, src: anchor.src, tgt: anchor.tgt, reason }.into()
            );
        }
        let anchors: Vec<Anchor> = order.into_iter().map(|index| anchors[index]).collect();
        // Those that share a segment are in one bead: this is plain before any long work.
        let max = self.max_segments;
        let too_far = |run: &[Anchor]| {
            let (first, last) = (run[0], run[run.len() - 1]);
            last.src - first.src + last.tgt - first.tgt + 2 > max
        };
        if anchors.chunk_by(|a, b| a.src == b.src || a.tgt == b.tgt).any(too_far) {
            return Err(ErrorKind::AnchorsTooFar { max }.into());
        }
        Ok(anchors)
    }
}
