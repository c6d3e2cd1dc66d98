//! The search of one document, from its segments to its alignment.

use std::borrow::Cow;
use std::fmt;

use super::Aligner;
use super::anchor::{self, Anchor};
use super::bitext::Bitext;
use super::chunk::{Chunk, ChunkBeads};
use super::chunk_vectors::VectorStore;
use super::coarse::{CoarsePath, TileLevels};
use super::cue::SegmentCue;
use super::cut::cut;
use super::document_score::Matches;
use super::excluded::Excluded;
use super::measured::{ChunkMeasures, Measured};
use super::monitor::{Monitor, ProgressCounter};
use super::moved_blocks::{around_moves, in_source_order};
use super::passes::Searched;
use super::sides::Sides;
use super::stitch::stitch;
use crate::alignment::Alignment;
use crate::encoder::{CheckedEncoder, Encoder};
use crate::error::{ErrorKind, Result};
use crate::finding::{Finding, findings};
use crate::repeated::mark_repeated;

/// The search of one document for its alignment: made by [`Aligner::search`].
///
/// A document can be searched several times with different anchors, and its text is encoded only
/// once:
///
/// ```
/// use nasaq::{Aligner, Anchor, Bead, PrecomputedVectors};
///
/// let src = vec![1.0, 0.0, 0.0, 1.0];
/// let tgt = vec![0.9, 0.1, 0.1, 0.9];
/// let vectors = PrecomputedVectors::from_segments(2, src, tgt)?;
/// let aligner = Aligner::builder().build()?;
/// let mut search = aligner.search(&vectors, &["واحد.", "اثنان."], &["One.", "Two."])?;
/// assert_eq!(search.align()?.beads().len(), 2);
/// let anchors = [Anchor { src: 0, tgt: 1 }];
/// let alignment = search.anchors(&anchors).align()?;
/// let is_anchored =
///     |bead: &Bead| bead.src.range().contains(&0) && bead.tgt.range().contains(&1);
/// assert!(alignment.beads().iter().any(is_anchored));
/// # Ok::<(), nasaq::Error>(())
/// ```
pub struct Search<'a> {
    pub(super) aligner: &'a Aligner,
    pub(super) encoder: CheckedEncoder<Box<dyn Encoder + 'a>>,
    pub(super) bitext: Bitext<'a>,
    pub(super) store: VectorStore,
    pub(super) progress: ProgressCounter<'a>,
    /// The anchors as the caller set them.
    pub(super) anchors: Vec<Anchor>,
    /// The tiles of a long document, once they are encoded.
    pub(super) tiles: Option<TileLevels>,
    /// What the last alignment measured.
    pub(super) measured: Option<Measured>,
    /// The traits of the beads of the last chunk.
    #[cfg(feature = "unstable-tuning")]
    pub(super) traits: std::sync::Mutex<Vec<super::confidence::Traits>>,
}

impl fmt::Debug for Search<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Search");
        debug.field("size", &self.bitext.size()).field("anchors", &self.anchors);
        debug.finish_non_exhaustive()
    }
}

impl<'a> Search<'a> {
    pub(super) fn new(
        aligner: &'a Aligner,
        encoder: Box<dyn Encoder + 'a>,
        src: Vec<Cow<'a, str>>,
        tgt: Vec<Cow<'a, str>>,
    ) -> Result<Self> {
        for (side, segments) in [("source", &src), ("target", &tgt)] {
            if segments.is_empty() {
                return Err(ErrorKind::EmptySide { side }.into());
            }
        }
        Ok(Self {
            aligner,
            encoder: CheckedEncoder::new(encoder).map_err(ErrorKind::Encoder)?,
            bitext: Bitext::new(&aligner.tuning, &aligner.lexicon, Sides::new(src, tgt)),
            store: VectorStore::new(true),
            progress: ProgressCounter::default(),
            anchors: Vec::new(),
            tiles: None,
            measured: None,
            #[cfg(feature = "unstable-tuning")]
            traits: std::sync::Mutex::default(),
        })
    }

    /// Sets the monitor that is informed of the progress and can cancel the search.
    #[must_use]
    pub fn monitor(mut self, monitor: &'a dyn Monitor) -> Self {
        self.progress.monitor = Some(monitor);
        self
    }

    /// Sets whether vectors are retained for the next search of the document, by default yes.
    ///
    /// Without them a long document needs less memory: those of a chunk of 1,500 segments a side
    /// take 20 MB with the built-in encoder.
    #[must_use]
    pub fn retain_vectors(mut self, retain: bool) -> Self {
        self.store = VectorStore::new(retain);
        self
    }

    /// Sets the anchors of the next search, in any order, in place of those before.
    ///
    /// They are checked by [`align`](Self::align).
    pub fn anchors(&mut self, anchors: &[Anchor]) -> &mut Self {
        self.anchors = anchors.to_vec();
        self
    }

    /// Sets what is known of the segments as subtitles, for the next searches.
    ///
    /// Descriptions of sounds are aligned with each other or stay unaligned, and do not count as
    /// omissions. Times that overlap count in favour of a bead, and those that are far from each
    /// other against it: pass them only if the clocks of both sides agree.
    ///
    /// # Panics
    /// If a side does not have as many cues as segments.
    pub fn cues(&mut self, src: &[SegmentCue], tgt: &[SegmentCue]) -> &mut Self {
        assert_eq!((src.len(), tgt.len()), self.bitext.size(), "one cue for each segment");
        self.bitext.cues = Sides::new(src.to_vec(), tgt.to_vec());
        self
    }

    /// Aligns the document.
    ///
    /// Text that an earlier search of the document encoded is not encoded again, unless
    /// [`retain_vectors`](Self::retain_vectors) is off, but for runs of a document of more than
    /// 4,000 segments that no chunk of it pairs. The result is that of a fresh search with
    /// the same anchors. Only in a document of more than 4,000 segments, if the new anchors move
    /// the cuts between its chunks, can it differ by rounding: where an encoder's vectors depend
    /// on the text around (as those of windows do), they are those of the first search.
    ///
    /// # Errors
    /// [`ErrorKind::Anchor`] for an anchor outside the document or crossing another,
    /// [`ErrorKind::AnchorsTooFar`] if anchors would force a bead of too many segments,
    /// [`ErrorKind::Encoder`] from the encoder, [`ErrorKind::Cancelled`] from the monitor.
    pub fn align(&mut self) -> Result<Alignment> {
        let size = self.bitext.size();
        let Aligner { max_segments, tuning, lexicon, .. } = self.aligner;
        self.bitext.renew(tuning, lexicon);
        self.bitext.anchors = anchor::sorted(&self.anchors, size, *max_segments, &tuning.long)?;
        self.store.settle();
        self.progress.start(size.0 + size.1);
        self.progress.check()?;
        let chunk = &self.aligner.tuning.chunk;
        let ChunkBeads { beads, moves, matches, .. } =
            if self.bitext.longer_side() > chunk.coarse_above.min(chunk.max_whole) {
                self.align_long()?
            } else {
                self.align_whole(&Chunk::whole(size))?
            };
        let beads = in_source_order(beads, &moves, size);
        let unpaired: Vec<Finding> =
            moves.iter().filter(|it| it.beads.is_empty()).map(|it| it.finding).collect();
        let moves: Vec<Finding> = moves.into_iter().map(|it| it.finding).collect();
        let segments = self.bitext.segments.as_ref().map(Vec::as_slice).into_array();
        let mut findings = findings(&beads, &moves, &unpaired, segments);
        mark_repeated(&mut findings, &beads, segments);
        let evidence = matches.evidence(&self.aligner.tuning.document);
        Ok(Alignment::new(findings, beads).with_document(evidence))
    }

    /// Returns the traits of the beads of the last alignment, or those of one of its chunks if it
    /// was searched in several.
    ///
    /// # Panics
    /// If a search panicked in another thread.
    #[cfg(feature = "unstable-tuning")]
    #[must_use]
    pub fn traits(&self) -> Vec<super::confidence::Traits> {
        self.traits.lock().expect("no search panics with the lock").clone()
    }

    fn align_whole(&mut self, chunk: &Chunk) -> Result<ChunkBeads> {
        let chunks = std::slice::from_ref(chunk);
        let Searched { found, known, .. } = self.search_chunks(chunks)?;
        self.measured = Some(Measured::new(known, self.bitext.size(), chunks, &found));
        Ok(found.into_iter().next().expect("one result for one chunk"))
    }

    /// Finds the coarse path of a long document.
    pub(super) fn coarse_path(&mut self) -> Result<CoarsePath> {
        let levels = match self.tiles.take() {
            Some(levels) => levels,
            None => {
                self.bitext.measure_ratio(&self.encoder);
                TileLevels::new(self)?
            }
        };
        let path = levels.path(self.aligner.kernel, &self.aligner.tuning.chunk, &self.bitext);
        if self.store.retains() {
            self.tiles = Some(levels);
        }
        self.progress.check()?;
        Ok(path)
    }

    /// Cuts a long document to chunks, aligns them, and joins the results.
    fn align_long(&mut self) -> Result<ChunkBeads> {
        let tuning = &self.aligner.tuning.chunk;
        let path = self.coarse_path()?;
        if self.bitext.longer_side() <= tuning.max_whole {
            return self.align_whole(&Chunk::whole(self.bitext.size()).on(&path.corners));
        }
        let chunks = cut(tuning, &path, &self.bitext.anchors);
        drop(path);
        let Searched { found, elsewhere, known } = self.search_chunks(&chunks)?;
        let matches = found.iter().fold(Matches::default(), |sums, chunk| sums.and(chunk.matches));
        let none = Excluded::none(self.bitext.size());
        let (beads, mut moves) = stitch(tuning.sure, &chunks, &found, |from, to| {
            self.align_between([from, to], &elsewhere, &known, &none)
        })?;
        moves.extend(self.far_moves(&beads, &moves, &elsewhere, &known)?);
        let beads = around_moves(beads, &moves, self.bitext.size(), |from, to, excluded| {
            self.align_between([from, to], &elsewhere, &known, excluded)
        })?;
        self.measured = Some(Measured::new(known, self.bitext.size(), &chunks, &found));
        let measures = ChunkMeasures::default();
        Ok(ChunkBeads { beads, moves, matches, measures })
    }
}
