//! Aligns a region of a document again, between two corners that are known.
//!
//! The region is searched with some context around it, so that its beads are scored as in the
//! document. The context is excluded: its segments are free nulls, and the corridor leads through
//! both ends of the region. Probabilities are therefore conditional on these ends.

use std::ops::Range;

use super::chunk::{Chunk, ChunkBeads};
use super::compared::raise;
use super::corridor::Corridor;
use super::cut::cut;
use super::document_score::Matches;
use super::excluded::Excluded;
use super::grid::Corner;
use super::long::LongSegments;
use super::measured::{ChunkMeasures, Measured};
use super::prepared::PreparedChunk;
use super::search::Search;
use super::sides::Sides;
use super::stitch::stitch;
use super::vectors::SideVectors;
use crate::bead::{Bead, Span};
use crate::error::{Error, ErrorKind, Result};
use crate::parallel;

/// Segments to either side of a region that are its context: those that the scores at its ends
/// depend on.
const CONTEXT: usize = 8;

/// What [`Search::realign`] may not do in its region.
///
/// ```
/// use nasaq::{Constraints, Span};
///
/// let rejected = [(Span::new(3, 4), Span::new(5, 6))];
/// let constraints = Constraints { rejected: &rejected, ..Constraints::default() };
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Constraints<'a> {
    /// Beads that are impossible, by source and target: no bead has exactly these spans. Where one
    /// span is empty and the other has one segment, that segment is not unaligned.
    pub rejected: &'a [(Span, Span)],
    /// Source segments that are aligned elsewhere, as those of moved text are: no bead contains
    /// them, and each is in a null that is marked as [moved](Bead::moved).
    pub excluded_src: &'a [Span],
    /// The same for target segments.
    pub excluded_tgt: &'a [Span],
}

impl Constraints<'_> {
    /// Returns the excluded segments between two corners of a document.
    fn excluded(&self, [from, to]: [Corner; 2], size: (usize, usize)) -> Excluded {
        let mut excluded = Excluded::none(size);
        let within = |span: &Span, from: usize, to: usize| {
            let span = span.range();
            span.start.clamp(from, to)..span.end.clamp(from, to)
        };
        for span in self.excluded_src {
            excluded.add(within(span, from.0, to.0), 0..0);
        }
        for span in self.excluded_tgt {
            excluded.add(0..0, within(span, from.1, to.1));
        }
        excluded
    }

    /// Returns the rejected beads that lie in a chunk, in its indices.
    fn rejected_in(&self, chunk: &Chunk) -> Vec<(Span, Span)> {
        let Sides { src, tgt } = &chunk.segments;
        let rejected = self.rejected.iter();
        rejected.filter_map(|&(a, b)| Some((index(src, a)?, index(tgt, b)?))).collect()
    }
}

/// Returns a span of a document's segments in the indices of some of these segments; `None` if it
/// is not a run of them. An empty span is at the start.
fn index(segments: &[usize], span: Span) -> Option<Span> {
    if span.is_empty() {
        return Some(Span::new(0, 0));
    }
    let first = segments.binary_search(&span.range().start).ok()?;
    let last = first + span.len() - 1;
    (segments.get(last) == Some(&(span.range().end - 1))).then(|| Span::new(first, last + 1))
}

/// A region of a document with what holds for it.
struct Region<'r> {
    measured: &'r Measured,
    constraints: &'r Constraints<'r>,
    /// The excluded segments of the document.
    excluded: Excluded,
}

impl Search<'_> {
    /// Aligns a region of the document again, with what the last [`align`](Self::align) measured
    /// and encoded.
    ///
    /// The beads cover the region in the order of its source. Their probabilities are conditional
    /// on the region's ends: that no true bead crosses them. Anchors in the region hold. Moved text
    /// is not searched: exclude what is paired elsewhere. Without constraints, the beads of the
    /// whole document are those of [`align`](Self::align), but for moved blocks and, in a document
    /// of more than 4,000 segments, for rounding.
    ///
    /// If the document is not aligned yet, it is first. Vectors that are not retained are encoded
    /// again, those of the region and of a few segments around it.
    ///
    /// # Errors
    /// [`ErrorKind::Region`] for a region outside the document, [`ErrorKind::AllRejected`] if the
    /// rejected beads leave no alignment, and those of [`align`](Self::align).
    pub fn realign(
        &mut self,
        src: Range<usize>,
        tgt: Range<usize>,
        constraints: &Constraints<'_>,
    ) -> Result<Vec<Bead>> {
        self.check_region(&src, &tgt)?;
        if self.measured.is_none() {
            self.align()?;
        }
        self.store.settle();
        self.progress.check()?;
        self.realign_checked(&src, &tgt, constraints).map_err(|error| match error.kind() {
            ErrorKind::AnchorsTooFar { .. } if !constraints.rejected.is_empty() => {
                ErrorKind::AllRejected.into()
            }
            _ => error,
        })
    }

    /// Does the same for a region of an aligned document.
    fn realign_checked(
        &mut self,
        src: &Range<usize>,
        tgt: &Range<usize>,
        constraints: &Constraints<'_>,
    ) -> Result<Vec<Bead>> {
        let (longer, shorter) = (src.len().max(tgt.len()), src.len().min(tgt.len()));
        let corners = [(src.start, tgt.start), (src.end, tgt.end)];
        let tuning = &self.aligner.tuning.chunk;
        let is_long = shorter > 0 && longer > tuning.coarse_above.min(tuning.max_whole);
        let path = if is_long { Some(self.coarse_path()?) } else { None };
        let measured = self.measured.as_ref().expect("the document is aligned");
        let excluded = constraints.excluded(corners, self.bitext.size());
        let region = Region { measured, constraints, excluded };
        match path {
            None => self.realign_between(corners, &[], &region),
            Some(path) => {
                let path = path.between(corners[0], corners[1]);
                if longer <= tuning.max_whole {
                    self.realign_between(corners, &path.corners, &region)
                } else {
                    self.realign_chunks(&cut(tuning, &path, &self.bitext.anchors), &region)
                }
            }
        }
    }

    /// Reports an error if a region does not lie in the document.
    pub(super) fn check_region(&self, src: &Range<usize>, tgt: &Range<usize>) -> Result<()> {
        let size = self.bitext.size();
        let reason = if src.start > src.end || tgt.start > tgt.end {
            "it ends before it starts"
        } else if src.end > size.0 || tgt.end > size.1 {
            "it does not lie in the document"
        } else {
            return Ok(());
        };
        Err(ErrorKind::Region { src: src.clone(), tgt: tgt.clone(), reason }.into())
    }

    /// Aligns the segments between two corners, on a coarse path if there is one.
    fn realign_between(
        &self,
        [from, to]: [Corner; 2],
        path: &[Corner],
        region: &Region<'_>,
    ) -> Result<Vec<Bead>> {
        if from == to {
            return Ok(Vec::new());
        }
        let (n, m) = self.bitext.size();
        let before = (from.0.saturating_sub(CONTEXT), from.1.saturating_sub(CONTEXT));
        let after = ((to.0 + CONTEXT).min(n), (to.1 + CONTEXT).min(m));
        let own =
            Sides::new(from.0 - before.0..to.0 - before.0, from.1 - before.1..to.1 - before.1);
        let chunk = Chunk::between(before, after).on(path);
        let beads = self.realign_part(&chunk, &own, region)?;
        let is_own = |bead: &Bead| match bead.src.is_empty() {
            false => (from.0..to.0).contains(&bead.src.range().start),
            true => (from.1..to.1).contains(&bead.tgt.range().start),
        };
        Ok(beads.into_iter().filter(is_own).collect())
    }

    /// Aligns the chunks of a long region, and joins the results.
    fn realign_chunks(&self, chunks: &[Chunk], region: &Region<'_>) -> Result<Vec<Bead>> {
        let found = parallel::map(chunks.len(), |at| {
            let chunk = &chunks[at];
            let own = chunk.segments.as_ref().map(|segments| 0..segments.len());
            Ok::<_, Error>(ChunkBeads {
                beads: self.realign_part(chunk, &own, region)?,
                moves: Vec::new(),
                matches: Matches::default(),
                measures: ChunkMeasures::default(),
            })
        });
        let found = found.into_iter().collect::<Result<Vec<ChunkBeads>>>()?;
        let bridge = |from, to| self.realign_between([from, to], &[], region);
        let (beads, _) = stitch(self.aligner.tuning.chunk.sure, chunks, &found, bridge)?;
        Ok(beads)
    }

    /// Aligns the own part of a chunk, and returns it among the nulls of the rest of the chunk.
    fn realign_part(
        &self,
        chunk: &Chunk,
        own: &Sides<Range<usize>>,
        region: &Region<'_>,
    ) -> Result<Vec<Bead>> {
        let Region { measured, constraints, excluded } = region;
        let prepared = self.prepare_part(chunk, own, measured)?;
        let lexical = prepared.lexical(self.aligner, &measured.known.words);
        let evidence = prepared.evidence(self.aligner);
        let view = prepared.view(&self.aligner.tuning, &evidence, &lexical);
        let mut scores = self.scores(view, &measured.known, None);
        scores.reject(view, &constraints.rejected_in(chunk));
        let mut excluded = excluded.of_segments(chunk.segments.as_ref().map(Vec::as_slice));
        let size = view.size();
        excluded.add(0..own.src.start, 0..own.tgt.start);
        excluded.add(own.src.end..size.0, own.tgt.end..size.1);
        scores.exclude(view, &excluded);
        let path = self.best_beads(view, &measured.known, &scores, &excluded)?;
        Ok(chunk.beads_in_document(&path.beads))
    }

    /// Prepares a chunk whose corridor leads through both ends of its own part.
    fn prepare_part(
        &self,
        chunk: &Chunk,
        own: &Sides<Range<usize>>,
        measured: &Measured,
    ) -> Result<PreparedChunk> {
        let vectors = self.vectors(chunk)?;
        let mut best = measured.best_of(&chunk.segments);
        let is_whole =
            own.src.len() == chunk.segments.src.len() && own.tgt.len() == chunk.segments.tgt.len();
        let mut prepared = if is_whole {
            self.prepare_with(chunk, vectors, Some(measured))
        } else {
            self.prepare_surrounded(chunk, own, vectors, measured)
        };
        raise(&mut best.src[own.src.clone()], &prepared.best.src);
        raise(&mut best.tgt[own.tgt.clone()], &prepared.best.tgt);
        // Unknown ones are those of context that was never searched.
        let typical = self.aligner.tuning.null.best_from;
        let known = |best: f32| if best == f32::NEG_INFINITY { typical } else { best };
        prepared.best = best.map(|side| side.into_iter().map(known).collect());
        Ok(prepared)
    }

    /// Prepares a chunk that has context around its own part; the best cosines are those of that
    /// part.
    fn prepare_surrounded(
        &self,
        chunk: &Chunk,
        own: &Sides<Range<usize>>,
        vectors: Sides<SideVectors>,
        measured: &Measured,
    ) -> PreparedChunk {
        let kernel = self.aligner.kernel;
        let size = (own.src.len(), own.tgt.len());
        let (corridor, best) = if size.0 == 0 || size.1 == 0 {
            let unknown = |side: usize| vec![f32::NEG_INFINITY; side];
            (Corridor::everything(size), Sides::new(unknown(size.0), unknown(size.1)))
        } else {
            let segments = chunk.segments.as_ref().zip(own.clone());
            let segments = segments.map(|(segments, own)| segments[own].to_vec());
            let path = chunk.path.iter().map(|&(i, j)| (i - own.src.start, j - own.tgt.start));
            let part = Chunk { path: path.collect(), ..Chunk::of(segments) };
            let vectors =
                vectors.as_ref().zip(own.clone()).map(|(all, own)| all.of_run(kernel, own));
            let PreparedChunk { corridor, best, .. } =
                self.prepare_with(&part, vectors, Some(measured));
            (corridor, best)
        };
        let Sides { src, tgt } = self.chunk_sides(chunk, vectors);
        let corridor = corridor.surrounded((own.src.start, own.tgt.start), (src.len(), tgt.len()));
        let mut anchors = chunk.anchors(&self.bitext.anchors);
        anchors.retain(|it| own.src.contains(&it.src) && own.tgt.contains(&it.tgt));
        let long = LongSegments::new(
            &self.aligner.tuning.long,
            Sides::new(&src.lengths, &tgt.lengths),
            measured.min_long,
            &anchors,
            self.aligner.max_segments,
        );
        let (segments, seams) = (chunk.segments.clone(), chunk.seams());
        PreparedChunk { segments, src, tgt, anchors, seams, long, corridor, best }
    }
}
