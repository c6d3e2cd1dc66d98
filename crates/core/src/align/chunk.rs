//! Which segments of a document are searched together, and what was found in them.

use std::ops::Range;

use super::anchor::Anchor;
use super::document_score::Matches;
use super::grid::Corner;
use super::measured::ChunkMeasures;
use super::moved_blocks::MovedBlock;
use super::sides::Sides;
use crate::bead::{Bead, Span};

/// Segments of a document that are searched together; a short document is one chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// The segments of each side, in order; some may be skipped between them.
    pub(super) segments: Sides<Vec<usize>>,
    /// The corners where its own part starts and ends. What lies before and after is context.
    pub(super) own: [Corner; 2],
    /// The coarse path through it, in its own indices; empty in a short document.
    pub(super) path: Vec<Corner>,
    /// The long runs of each side in its own part that the coarse path leaves unaligned.
    pub(super) unaligned: Sides<Vec<Range<usize>>>,
}

impl Chunk {
    /// Returns the chunk that is the whole document.
    pub(super) fn whole((n, m): (usize, usize)) -> Self {
        Self::between((0, 0), (n, m))
    }

    /// Returns the chunk of all segments between two corners.
    pub(super) fn between(from: Corner, to: Corner) -> Self {
        let segments = Sides::new((from.0..to.0).collect(), (from.1..to.1).collect());
        Self { segments, own: [from, to], path: Vec::new(), unaligned: Sides::default() }
    }

    /// Returns a chunk of some segments, none of which is context.
    pub(super) fn of(segments: Sides<Vec<usize>>) -> Self {
        let mut chunk = Self { segments, ..Self::between((0, 0), (0, 0)) };
        chunk.own = [chunk.start(), chunk.end()];
        chunk
    }

    /// Takes its part of a document's coarse path.
    #[must_use]
    pub(super) fn on(mut self, path: &[Corner]) -> Self {
        let Sides { src, tgt } = &self.segments;
        let index = |segments: &[usize], boundary: usize| {
            segments.partition_point(|&segment| segment < boundary)
        };
        let mut path: Vec<Corner> =
            path.iter().map(|&(i, j)| (index(src, i), index(tgt, j))).collect();
        path.dedup();
        self.path = path;
        self
    }

    /// Returns the corner where its segments start.
    pub(super) fn start(&self) -> Corner {
        (self.segments.src[0], self.segments.tgt[0])
    }

    /// Returns the corner where its segments end.
    pub(super) fn end(&self) -> Corner {
        let Sides { src, tgt } = &self.segments;
        (src[src.len() - 1] + 1, tgt[tgt.len() - 1] + 1)
    }

    /// Returns the segments of each side of its own part, including the skipped ones.
    pub(super) fn own_ranges(&self) -> Sides<Range<usize>> {
        let [from, to] = self.own;
        Sides::new(from.0..to.0, from.1..to.1)
    }

    /// Counts the segments of each side of its own part, including the skipped ones.
    pub(super) fn own_segments(&self) -> Sides<usize> {
        self.own_ranges().map(|range| range.len())
    }

    /// Counts the skipped segments of each side of its own part.
    pub(super) fn skipped(&self) -> Sides<usize> {
        self.segments.as_ref().zip(self.own_ranges()).map(|(segments, own)| {
            let before = |at: usize| segments.partition_point(|&segment| segment < at);
            own.len() - (before(own.end) - before(own.start))
        })
    }

    /// Counts the segments of each side of its own part in long unaligned runs.
    pub(super) fn unaligned_segments(&self) -> Sides<usize> {
        self.unaligned.as_ref().map(|runs| runs.iter().map(ExactSizeIterator::len).sum())
    }

    /// Returns the boundaries at which segments are skipped.
    pub(super) fn seams(&self) -> Sides<Vec<usize>> {
        self.segments.as_ref().map(|segments| {
            (1..segments.len()).filter(|&at| segments[at] > segments[at - 1] + 1).collect()
        })
    }

    /// Returns the document's anchors that lie on its segments, in its own indices.
    pub(super) fn anchors(&self, anchors: &[Anchor]) -> Vec<Anchor> {
        let index = |segments: &[usize], segment: usize| segments.binary_search(&segment).ok();
        let first = anchors.partition_point(|anchor| anchor.src < self.start().0);
        anchors[first..]
            .iter()
            .take_while(|anchor| anchor.src < self.end().0)
            .filter_map(|anchor| {
                Some(Anchor {
                    src: index(&self.segments.src, anchor.src)?,
                    tgt: index(&self.segments.tgt, anchor.tgt)?,
                })
            })
            .collect()
    }

    /// Returns beads of the chunk in the document's indices, with nulls for the skipped segments.
    pub(super) fn beads_in_document(&self, beads: &[Bead]) -> Vec<Bead> {
        let (mut i, mut j) = self.start();
        let mut all: Vec<Bead> = Vec::with_capacity(beads.len());
        for bead in beads {
            // A skipped segment is as probably unaligned as the bead beside it is right.
            let probability =
                all.last().map_or(bead.probability, |last| last.probability.min(bead.probability));
            let null = |src: Span, tgt: Span| Bead::new(src, tgt, probability, 0.0);
            if let Some(&first) = self.segments.src.get(bead.src.range().start)
                && !bead.src.is_empty()
            {
                all.extend((i..first).map(|at| null(Span::new(at, at + 1), Span::new(j, j))));
                i = first;
            }
            if let Some(&first) = self.segments.tgt.get(bead.tgt.range().start)
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

    /// Returns spans of the chunk in the document's indices; both hold something.
    pub(super) fn spans_in_document(&self, src: Span, tgt: Span) -> Sides<Span> {
        Sides::new(src, tgt).zip(self.segments.as_ref()).map(|(span, segments)| {
            let range = span.range();
            Span::new(segments[range.start], segments[range.end - 1] + 1)
        })
    }
}

/// What the search found in a chunk, in the document's indices.
pub(super) struct ChunkBeads {
    pub(super) beads: Vec<Bead>,
    /// The blocks that were moved. Their segments are excluded from the beads: they are in nulls
    /// that are marked as moved, unless the alignment is to be monotone.
    pub(super) moves: Vec<MovedBlock>,
    /// How well the beads match.
    pub(super) matches: Matches,
    /// What was measured on it.
    pub(super) measures: ChunkMeasures,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(src: (usize, usize), tgt: (usize, usize), probability: f32) -> Bead {
        Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), probability, 1.0)
    }

    fn chunk() -> Chunk {
        let segments = Sides::new(vec![4, 5, 8], vec![7, 8]);
        Chunk { segments, ..Chunk::between((4, 7), (9, 9)) }
    }

    #[test]
    fn skipped_segments_come_back_as_nulls() {
        let chunk = chunk();
        assert_eq!(chunk.seams(), Sides::new(vec![2], vec![]));
        assert_eq!(
            (chunk.start(), chunk.end(), chunk.skipped()),
            ((4, 7), (9, 9), Sides::new(2, 0))
        );
        let beads =
            [bead((0, 1), (0, 1), 0.9), bead((1, 2), (1, 1), 0.75), bead((2, 3), (1, 2), 0.5)];
        let spans: Vec<_> = chunk
            .beads_in_document(&beads)
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
    fn a_coarse_path_is_taken_over_in_the_indices_of_the_chunk() {
        // Corners in the skipped part fall together.
        let path = [(4, 7), (5, 8), (6, 8), (7, 8), (8, 8), (9, 9)];
        assert_eq!(chunk().on(&path).path, [(0, 0), (1, 1), (2, 1), (3, 2)]);
    }

    #[test]
    fn anchors_follow_the_segments() {
        let anchors = [(1, 1), (5, 7), (8, 8), (9, 20)].map(|(src, tgt)| Anchor { src, tgt });
        let expected = [(1, 0), (2, 1)].map(|(src, tgt)| Anchor { src, tgt });
        assert_eq!(chunk().anchors(&anchors), expected);
    }
}
