//! The full search over a piece of a document; a short document is one piece.

use nasaq_kernels::Kernel;

use super::compared::{Compared, best_cosines, raise};
use super::confidence::{chance_with, in_common};
use super::corridor::Corridor;
use super::document::Document;
use super::document_score::Matches;
use super::evidence::{Evidence, Side, mean_cosine};
use super::fine::narrowed;
use super::lattice::{Lattice, Step};
use super::lexical::{Lexical, gather};
use super::moved::Mover;
use super::score::{BeadScores, NullScorer, Usual, View};
use super::vectors::SideVectors;
use super::{Aligner, Anchor};
use crate::bead::{Bead, Span};
use crate::encoder::{DocumentVectors, Encoder, SegmentIndices, VectorRequest};
use crate::error::{ErrorKind, Result};
use crate::finding::Finding;

/// A boundary of the source and one of the target.
pub(super) type Corner = (usize, usize);

/// Which segments of a document are searched together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The segments of either side, in order; some may be left out between them.
    pub(super) segments: [Vec<usize>; 2],
    /// The part that the piece is for. What it holds before and after is its context.
    pub(super) own: [Corner; 2],
    /// The coarse path through it, by its own numbers; empty in a short document.
    pub(super) way: Vec<Corner>,
    /// How many segments of its own part, of both sides, stand in long runs that the coarse path
    /// passes over.
    pub(super) lone: usize,
}

impl Piece {
    /// Gives the piece that is the whole document.
    pub(super) fn whole((n, m): (usize, usize)) -> Self {
        Self {
            segments: [(0..n).collect(), (0..m).collect()],
            own: [(0, 0), (n, m)],
            way: Vec::new(),
            lone: 0,
        }
    }

    /// Gives the piece of all segments between two corners.
    pub(super) fn between(from: Corner, to: Corner) -> Self {
        let segments = [(from.0..to.0).collect(), (from.1..to.1).collect()];
        Self { segments, own: [from, to], way: Vec::new(), lone: 0 }
    }

    /// Takes its part of a document's coarse path.
    #[must_use]
    pub(super) fn on(mut self, path: &[Corner]) -> Self {
        let number = |side: usize, boundary: usize| {
            self.segments[side].partition_point(|&segment| segment < boundary)
        };
        let mut way: Vec<Corner> =
            path.iter().map(|&(i, j)| (number(0, i), number(1, j))).collect();
        way.dedup();
        self.way = way;
        self
    }

    /// Gives the corner where its segments begin.
    pub(super) fn start(&self) -> Corner {
        (self.segments[0][0], self.segments[1][0])
    }

    /// Gives the corner where its segments end.
    pub(super) fn end(&self) -> Corner {
        let [src, tgt] = &self.segments;
        (src[src.len() - 1] + 1, tgt[tgt.len() - 1] + 1)
    }

    /// Counts the segments of its own part, of both sides, also those left out.
    pub(super) fn own_segments(&self) -> usize {
        let [from, to] = self.own;
        to.0 - from.0 + to.1 - from.1
    }

    /// Counts those left out.
    pub(super) fn left_out(&self) -> usize {
        let [from, to] = self.own;
        let held = |side: usize, from: usize, to: usize| {
            let before = |at: usize| self.segments[side].partition_point(|&segment| segment < at);
            before(to) - before(from)
        };
        self.own_segments() - held(0, from.0, to.0) - held(1, from.1, to.1)
    }

    /// Gives the boundaries before which segments are left out.
    fn seams(&self) -> [Vec<usize>; 2] {
        [0, 1].map(|side: usize| {
            let segments = &self.segments[side];
            (1..segments.len()).filter(|&at| segments[at] > segments[at - 1] + 1).collect()
        })
    }

    /// Gives the anchors on its segments, by its own numbers.
    fn anchors(&self, anchors: &[Anchor]) -> Vec<Anchor> {
        let number = |side: usize, segment: usize| self.segments[side].binary_search(&segment).ok();
        let first = anchors.partition_point(|anchor| anchor.src < self.start().0);
        anchors[first..]
            .iter()
            .take_while(|anchor| anchor.src < self.end().0)
            .filter_map(|anchor| {
                Some(Anchor { src: number(0, anchor.src)?, tgt: number(1, anchor.tgt)? })
            })
            .collect()
    }
}

/// A piece, encoded, with all that its search needs but the cosines near the corridor.
pub(super) struct Encoded {
    pub(super) src: Side,
    pub(super) tgt: Side,
    anchors: Vec<Anchor>,
    seams: [Vec<usize>; 2],
    corridor: Corridor,
    pub(super) lexical: Lexical,
    /// Each segment's best cosine anywhere in the piece, and in those it was compared with.
    pub(super) best: [Vec<f32>; 2],
}

impl Encoded {
    fn size(&self) -> (usize, usize) {
        (self.src.len(), self.tgt.len())
    }

    /// Tells whether a bead has both sides of an anchor.
    fn holds_anchor(&self, bead: &Bead) -> bool {
        let (src, tgt) = (bead.src.range(), bead.tgt.range());
        self.anchors.iter().any(|anchor| src.contains(&anchor.src) && tgt.contains(&anchor.tgt))
    }

    /// Gives each segment's best cosine where others than the piece's own are looked at as well.
    pub(super) fn best_with<'v>(
        &self,
        kernel: Kernel,
        longest: usize,
        others: impl Iterator<Item = [&'v SideVectors; 2]>,
    ) -> [Vec<f32>; 2] {
        let mut best = self.best.clone();
        for [src, tgt] in others {
            let there = [
                best_cosines(kernel, longest, &self.src.vectors, tgt),
                best_cosines(kernel, longest, &self.tgt.vectors, src),
            ];
            for (best, there) in best.iter_mut().zip(&there) {
                raise(best, there);
            }
        }
        best
    }

    /// Works out the cosines near the corridor.
    pub(super) fn evidence(&self, kernel: Kernel, most: usize) -> Evidence<'_> {
        Evidence::new(kernel, &self.src.vectors, &self.tgt.vectors, &self.corridor, most)
    }
}

/// What is measured on a document's pieces and holds for all of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measures {
    /// Code points of the source that say as much as one of the target.
    pub(super) ratio: f32,
    /// The mean cosine of segments that have nothing to do with each other.
    pub(super) noise: f32,
    /// How far matching segments stand out from it.
    pub(super) contrast: f32,
}

/// What the second pass goes by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) measures: Measures,
    pub(super) usual: Usual,
    /// What every null is worth more.
    pub(super) adjust: f32,
}

/// What the search found in a piece, by the document's numbers.
pub(super) struct Found {
    pub(super) beads: Vec<Bead>,
    pub(super) moves: Vec<Finding>,
    /// How well its beads match.
    pub(super) matches: Matches,
}

impl Aligner {
    /// Encodes a piece and lays its corridor.
    pub(super) fn encode(
        &self,
        encoder: &(impl Encoder + ?Sized),
        document: &Document<'_>,
        piece: &Piece,
    ) -> Result<Encoded> {
        let texts = [0, 1].map(|side: usize| {
            piece.segments[side]
                .iter()
                .map(|&segment| document.texts[side][segment].as_ref())
                .collect::<Vec<&str>>()
        });
        let (max_block, ratio) = (self.max_segments - 1, document.ratio);
        let [src, tgt] = piece.segments.clone();
        let segments = SegmentIndices::new(src, tgt, document.size());
        let request = VectorRequest::new(max_block)
            .with_windows([self.tuning.score.window])
            .with_ratio(ratio)
            .with_segments(Some(segments));
        let (src, tgt) =
            encoder.encode_pair(&texts[0], &texts[1], &request).map_err(ErrorKind::Encoder)?;
        // The vectors as they came are let go at once: they are the largest thing here.
        let side = |side: usize, vectors: DocumentVectors| Side {
            vectors: SideVectors::new(self.kernel, &vectors),
            lengths: piece.segments[side].iter().map(|&at| document.lengths[side][at]).collect(),
            furniture: piece.segments[side]
                .iter()
                .map(|&at| document.furniture[side][at])
                .collect(),
        };
        let (src, tgt) = (side(0, src), side(1, tgt));
        let anchors = piece.anchors(&document.anchors);
        let size = (src.len(), tgt.len());
        let vectors = [&src.vectors, &tgt.vectors];
        let tuning = &self.tuning.corridor;
        let wide = Corridor::new(self.kernel, tuning, vectors, size, &anchors, &piece.way);
        // What is known of the way besides the cosines is not to be lost.
        let is_narrowed = !tuning.everything && anchors.is_empty() && piece.way.is_empty();
        let longest = self.tuning.null.best_blocks;
        let Compared { best, near } =
            Compared::new(self.kernel, longest, vectors, is_narrowed.then_some(&wide));
        let corridor = if is_narrowed {
            let noise = mean_cosine([&src.vectors], [&tgt.vectors]);
            narrowed(tuning, &wide, near, noise, size)
        } else {
            wide
        };
        let [src_words, tgt_words] = &document.words;
        let words = gather([src_words, tgt_words], &piece.segments[0], &piece.segments[1]);
        let lexical = Lexical::new(self.kernel, &self.tuning, words, &corridor, self.max_segments);
        Ok(Encoded { src, tgt, anchors, seams: piece.seams(), corridor, lexical, best })
    }

    fn view<'a>(
        &'a self,
        encoded: &'a Encoded,
        evidence: &'a Evidence<'a>,
        measures: Measures,
    ) -> View<'a> {
        let Encoded { src, tgt, anchors, seams, corridor, lexical, .. } = encoded;
        let (tuning, ratio) = (&self.tuning, measures.ratio);
        View { tuning, corridor, evidence, lexical, src, tgt, ratio, anchors, seams }
    }

    /// Finds the path of the first pass, which knows nothing of the document's nulls and beads.
    pub(super) fn first_path(
        &self,
        encoded: &Encoded,
        evidence: &Evidence<'_>,
        measures: Measures,
    ) -> Result<(Vec<Step>, BeadScores)> {
        let view = self.view(encoded, evidence, measures);
        let beads = view.bead_scores();
        let nulls = NullScorer { view, best: &encoded.best, contrast: measures.contrast };
        let lattice = Lattice {
            corridor: &encoded.corridor,
            beads: &beads,
            nulls: &nulls.score(Usual::assumed(&self.tuning.score), 0.0),
            null_run: self.tuning.null.run,
            size: encoded.size(),
        };
        let path =
            lattice.best_path().ok_or(ErrorKind::AnchorsTooFar { max: self.max_segments })?;
        Ok((path, beads))
    }

    /// Finds the beads and moves of the second pass. The first has scored the beads, where the piece
    /// was in it.
    pub(super) fn search(
        &self,
        piece: &Piece,
        encoded: &Encoded,
        evidence: &Evidence<'_>,
        Known { measures, usual, adjust }: Known,
        beads: Option<BeadScores>,
    ) -> Result<Found> {
        let view = self.view(encoded, evidence, measures);
        let beads = beads.unwrap_or_else(|| view.bead_scores());
        let beads = view.take_off_loose_edges(beads, usual);
        let nulls = NullScorer { view, best: &encoded.best, contrast: measures.contrast };
        let lattice = Lattice {
            corridor: &encoded.corridor,
            beads: &beads,
            nulls: &nulls.score(usual, adjust),
            null_run: self.tuning.null.run,
            size: encoded.size(),
        };
        let path =
            lattice.best_path().ok_or(ErrorKind::AnchorsTooFar { max: self.max_segments })?;
        let mut beads = lattice.probabilities(&path, &self.tuning.confidence);
        for bead in beads.iter_mut().filter(|bead| !bead.is_null()) {
            // What the user has paired needs no proof.
            if !encoded.holds_anchor(bead) {
                let (i, j) = (bead.src.range().start, bead.tgt.range().start);
                let shape = (bead.src.len(), bead.tgt.len());
                let (of_tgt, of_src) = encoded.lexical.coverage(shape, i, j);
                let cosine = evidence.cosine(shape, i, j);
                let shared = in_common(
                    &self.tuning.confidence,
                    cosine,
                    (of_tgt + of_src) / 2.0,
                    usual,
                    measures.noise,
                );
                bead.probability = chance_with(&self.tuning.confidence, bead.probability, shared);
            }
        }
        let Encoded { src, tgt, lexical, .. } = encoded;
        let known = (usual, measures.noise);
        let moves = Mover::new(
            self.kernel,
            &self.tuning.moved,
            [src, tgt],
            lexical,
            known,
            measures.ratio,
            &beads,
        )
        .moves();
        Ok(Found {
            matches: Matches::new(self.kernel, self.tuning.document.others, [src, tgt], &beads),
            beads: in_document(piece, &beads),
            moves: moves
                .into_iter()
                .map(|found| Finding {
                    src: document_span(&piece.segments[0], found.src),
                    tgt: document_span(&piece.segments[1], found.tgt),
                    ..found
                })
                .collect(),
        })
    }
}

/// Gives a span of a piece by the document's numbers; the span holds something.
fn document_span(segments: &[usize], span: Span) -> Span {
    let range = span.range();
    Span::new(segments[range.start], segments[range.end - 1] + 1)
}

/// Gives a piece's beads by the document's numbers, and nulls for what was left out of it.
fn in_document(piece: &Piece, beads: &[Bead]) -> Vec<Bead> {
    let (mut i, mut j) = piece.start();
    let mut all: Vec<Bead> = Vec::with_capacity(beads.len());
    for bead in beads {
        // What was left out is as surely alone as what stands beside it.
        let beside =
            all.last().map_or(bead.probability, |last| last.probability.min(bead.probability));
        let null = |src: Span, tgt: Span| Bead { src, tgt, probability: beside, score: 0.0 };
        if let Some(&first) = piece.segments[0].get(bead.src.range().start)
            && !bead.src.is_empty()
        {
            all.extend((i..first).map(|at| null(Span::new(at, at + 1), Span::new(j, j))));
            i = first;
        }
        if let Some(&first) = piece.segments[1].get(bead.tgt.range().start)
            && !bead.tgt.is_empty()
        {
            all.extend((j..first).map(|at| null(Span::new(i, i), Span::new(at, at + 1))));
            j = first;
        }
        let (from_i, from_j) = (i, j);
        (i, j) = (i + bead.src.len(), j + bead.tgt.len());
        all.push(Bead { src: Span::new(from_i, i), tgt: Span::new(from_j, j), ..*bead });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(src: (usize, usize), tgt: (usize, usize), probability: f32) -> Bead {
        Bead { src: Span::new(src.0, src.1), tgt: Span::new(tgt.0, tgt.1), probability, score: 1.0 }
    }

    #[test]
    fn what_was_left_out_comes_back_as_nulls() {
        let piece = Piece {
            segments: [vec![4, 5, 8], vec![7, 8]],
            own: [(4, 7), (9, 9)],
            way: vec![],
            lone: 0,
        };
        assert_eq!(piece.seams(), [vec![2], vec![]]);
        assert_eq!((piece.start(), piece.end()), ((4, 7), (9, 9)));
        let beads =
            [bead((0, 1), (0, 1), 0.9), bead((1, 2), (1, 1), 0.75), bead((2, 3), (1, 2), 0.5)];
        let spans: Vec<_> = in_document(&piece, &beads)
            .iter()
            .map(|bead| (bead.src.range(), bead.tgt.range(), bead.probability))
            .collect();
        assert_eq!(
            spans,
            [
                (4..5, 7..8, 0.9),
                (5..6, 8..8, 0.75),
                (6..7, 8..8, 0.5),
                (7..8, 8..8, 0.5),
                (8..9, 8..9, 0.5)
            ]
        );
    }

    #[test]
    fn anchors_follow_the_segments() {
        let piece = Piece {
            segments: [vec![4, 5, 8], vec![7, 8]],
            own: [(4, 7), (9, 9)],
            way: vec![],
            lone: 0,
        };
        let anchors = [(1, 1), (5, 7), (8, 8), (9, 20)].map(|(src, tgt)| Anchor { src, tgt });
        assert_eq!(piece.anchors(&anchors), [(1, 0), (2, 1)].map(|(src, tgt)| Anchor { src, tgt }));
    }
}
