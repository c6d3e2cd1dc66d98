//! The path of an alignment through a document: source position against target position.

use nasaq::{FindingKind, Span};
use serde::Serialize;

use crate::row::ReportRow;

/// Maximum number of points of a path, without the last one.
const MAX_POINTS: usize = 240;
/// Maximum number of marked blocks.
const MAX_BLOCKS: usize = 60;

/// The path of an alignment, in segments.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PathPlot {
    /// The number of segments of the source side and of the target side.
    pub segments: [u32; 2],
    /// Corners of the path, source and target position, in ascending order.
    pub points: Vec<[u32; 2]>,
    /// The largest runs of text that is omitted, added or moved, in order.
    pub blocks: Vec<PathBlock>,
}

/// A part of a document that is not on the path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PathBlock {
    /// Whether the text was omitted, added or moved.
    pub kind: FindingKind,
    /// The source segments, half-open.
    pub src: [u32; 2],
    /// The target segments, half-open.
    pub tgt: [u32; 2],
}

/// Collects a path of a document of unknown length.
#[derive(Clone, Debug)]
pub(crate) struct PathBuilder {
    plot: PathPlot,
    /// One in `step` corners is stored.
    step: usize,
    /// The number of corners so far.
    corners: usize,
    /// Where the last pair of the path ends on each side.
    end: [u32; 2],
    /// Whether the last pair was moved.
    is_after_move: bool,
    /// Whether all rows so far have spans.
    is_complete: bool,
}

impl Default for PathBuilder {
    fn default() -> Self {
        Self {
            plot: PathPlot::default(),
            step: 1,
            corners: 0,
            end: [0; 2],
            is_after_move: false,
            is_complete: true,
        }
    }
}

impl PathBuilder {
    pub(crate) fn add(&mut self, row: &ReportRow<'_>, missing: Option<FindingKind>) {
        let Some((src, tgt)) = row.spans else {
            self.is_complete = false;
            return;
        };
        let segments = self.plot.segments;
        self.plot.segments = [segments[0].max(src.end), segments[1].max(tgt.end)];
        // The beads of other aligners may go backwards, where a pair was moved.
        let goes_back = src.start < self.end[0] || tgt.start < self.end[1];
        let is_moved = missing.is_none() && (row.moved || goes_back);
        let block = match (missing, row.counterpart) {
            // The rows of both sides report the move; the row of the source is enough.
            (Some(FindingKind::Moved), _) if src.is_empty() => None,
            (Some(FindingKind::Moved), Some(to)) => Some(block(FindingKind::Moved, src, to)),
            (Some(kind), _) => Some(block(kind, src, tgt)),
            (None, _) => is_moved.then(|| block(FindingKind::Moved, src, tgt)),
        };
        if let Some(block) = block {
            self.mark(block);
        }
        if missing.is_none() {
            self.is_after_move = is_moved;
            if !is_moved {
                self.end = [src.end, tgt.end];
            }
        }
        // Text that is missing within a moved block is not on the path either.
        if self.is_after_move {
            return;
        }
        if self.corners.is_multiple_of(self.step) {
            self.plot.points.push([src.start, tgt.start]);
        }
        self.corners += 1;
        if self.plot.points.len() >= MAX_POINTS {
            let mut at = 0;
            self.plot.points.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.step *= 2;
        }
    }

    /// Marks a block, or extends a previous block that it continues.
    fn mark(&mut self, block: PathBlock) {
        let blocks = &mut self.plot.blocks;
        let continues = |last: &&mut PathBlock| {
            let follows = |last: [u32; 2], next: [u32; 2]| next[0] >= last[0] && next[0] <= last[1];
            last.kind == block.kind && follows(last.src, block.src) && follows(last.tgt, block.tgt)
        };
        // Nulls may alternate between the sides, so the block before the last one counts too.
        match blocks.iter_mut().rev().take(2).find(continues) {
            Some(last) => {
                last.src[1] = last.src[1].max(block.src[1]);
                last.tgt[1] = last.tgt[1].max(block.tgt[1]);
            }
            None => blocks.push(block),
        }
        if blocks.len() > MAX_BLOCKS {
            let size =
                |block: &PathBlock| (block.src[1] - block.src[0]).max(block.tgt[1] - block.tgt[0]);
            let shortest = (0..blocks.len()).min_by_key(|at| (size(&blocks[*at]), usize::MAX - at));
            shortest.map(|at| blocks.remove(at));
        }
    }

    /// Returns the path; `None` if there are no corners or if some rows have no spans.
    pub(crate) fn finish(mut self) -> Option<PathPlot> {
        if !self.is_complete || self.corners == 0 {
            return None;
        }
        let end = self.plot.segments;
        self.plot.points.push(end);
        Some(self.plot)
    }
}

fn block(kind: FindingKind, src: Span, tgt: Span) -> PathBlock {
    PathBlock { kind, src: [src.start, src.end], tgt: [tgt.start, tgt.end] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(src: (usize, usize), tgt: (usize, usize)) -> ReportRow<'static> {
        let spans = Some((Span::new(src.0, src.1), Span::new(tgt.0, tgt.1)));
        ReportRow { spans, ..ReportRow::default() }
    }

    #[test]
    fn runs_of_nulls_are_blocks_and_a_bead_that_goes_back_is_a_move() {
        let mut path = PathBuilder::default();
        path.add(&row((0, 1), (0, 1)), None);
        path.add(&row((1, 2), (1, 1)), Some(FindingKind::Omitted));
        path.add(&row((2, 4), (1, 1)), Some(FindingKind::Omitted));
        path.add(&row((4, 5), (3, 4)), None);
        path.add(&row((5, 6), (1, 3)), None);
        let plot = path.finish().unwrap();
        assert_eq!(plot.segments, [6, 4]);
        assert_eq!(plot.points, [[0, 0], [1, 1], [2, 1], [4, 3], [6, 4]]);
        let marks: Vec<_> =
            plot.blocks.iter().map(|block| (block.kind, block.src, block.tgt)).collect();
        assert_eq!(
            marks,
            [(FindingKind::Omitted, [1, 4], [1, 1]), (FindingKind::Moved, [5, 6], [1, 3]),]
        );
    }

    #[test]
    fn long_documents_have_a_bounded_number_of_corners() {
        let mut path = PathBuilder::default();
        for at in 0..5000 {
            path.add(&row((at, at + 1), (at, at + 1)), None);
        }
        let plot = path.finish().unwrap();
        assert!(plot.points.len() <= MAX_POINTS + 1);
        assert_eq!(plot.points.last(), Some(&[5000, 5000]));
        assert!(plot.points.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn moved_pairs_and_what_is_missing_among_them_are_off_the_path() {
        let moved = |src, tgt| ReportRow { moved: true, ..row(src, tgt) };
        let mut path = PathBuilder::default();
        path.add(&row((0, 1), (0, 1)), None);
        path.add(&moved((1, 2), (7, 8)), None);
        path.add(&row((2, 3), (8, 8)), Some(FindingKind::Omitted));
        path.add(&moved((3, 4), (8, 9)), None);
        path.add(&row((4, 5), (1, 2)), None);
        path.add(&row((5, 6), (2, 7)), None);
        let plot = path.finish().unwrap();
        assert_eq!(plot.segments, [6, 9]);
        assert_eq!(plot.points, [[0, 0], [4, 1], [5, 2], [6, 9]]);
        let marks: Vec<_> =
            plot.blocks.iter().map(|block| (block.kind, block.src, block.tgt)).collect();
        let moves = [([1, 2], [7, 8]), ([3, 4], [8, 9])];
        let moves = moves.map(|(src, tgt)| (FindingKind::Moved, src, tgt));
        assert_eq!(marks, [moves[0], (FindingKind::Omitted, [2, 3], [8, 8]), moves[1]]);
    }

    #[test]
    fn rows_without_spans_have_no_path() {
        let mut path = PathBuilder::default();
        path.add(&ReportRow::default(), None);
        assert_eq!(path.finish(), None);
    }
}
