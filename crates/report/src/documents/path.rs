//! The path of an alignment: how far the source is read against how far the target is.

use nasaq::{FindingKind, Span};
use serde::Serialize;

use crate::row::Row;

/// Points of a path that are kept.
const POINTS: usize = 240;
/// Blocks that are marked.
const BLOCKS: usize = 60;

/// Source position against target position, in segments.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PathPlot {
    /// Segments of the source side and of the target side.
    pub segments: [u32; 2],
    /// Corners of the path: source and target position, ascending.
    pub points: Vec<[u32; 2]>,
    /// Text that is missing or stands elsewhere, the largest blocks, in order.
    pub blocks: Vec<PathBlock>,
}

/// A part of a document that is not on the path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PathBlock {
    /// What happened.
    pub kind: FindingKind,
    /// Source segments, half-open.
    pub src: [u32; 2],
    /// Target segments, half-open.
    pub tgt: [u32; 2],
}

/// Gathers a path without knowing how long the document is.
#[derive(Clone, Debug)]
pub(crate) struct PathBuilder {
    plot: PathPlot,
    /// Every so many corners one is kept.
    step: usize,
    seen: usize,
    is_whole: bool,
}

impl Default for PathBuilder {
    fn default() -> Self {
        Self { plot: PathPlot::default(), step: 1, seen: 0, is_whole: true }
    }
}

impl PathBuilder {
    pub(crate) fn add(&mut self, row: &Row<'_>, missing: Option<FindingKind>) {
        let Some((src, tgt)) = row.spans else {
            self.is_whole = false;
            return;
        };
        let before = self.plot.segments;
        // Other aligners' beads may go back: what was moved there is a pair here.
        let goes_back = missing.is_none() && (src.start < before[0] || tgt.start < before[1]);
        self.plot.segments = [before[0].max(src.end), before[1].max(tgt.end)];
        let block = match (missing, row.moved) {
            // Both sides' rows say it; one block is enough.
            (Some(FindingKind::Moved), _) if src.is_empty() => None,
            (Some(FindingKind::Moved), Some(to)) => Some(block(FindingKind::Moved, src, to)),
            (Some(kind), _) => Some(block(kind, src, tgt)),
            (None, _) => goes_back.then(|| block(FindingKind::Moved, src, tgt)),
        };
        if let Some(block) = block {
            self.mark(block);
        }
        if goes_back {
            return;
        }
        if self.seen.is_multiple_of(self.step) {
            self.plot.points.push([src.start, tgt.start]);
        }
        self.seen += 1;
        if self.plot.points.len() >= POINTS {
            let mut at = 0;
            self.plot.points.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.step *= 2;
        }
    }

    /// Marks a block, as a part of the one before it where it goes on.
    fn mark(&mut self, block: PathBlock) {
        let blocks = &mut self.plot.blocks;
        let goes_on = |last: &&mut PathBlock| {
            let follows = |last: [u32; 2], next: [u32; 2]| next[0] >= last[0] && next[0] <= last[1];
            last.kind == block.kind && follows(last.src, block.src) && follows(last.tgt, block.tgt)
        };
        // Nulls of both sides may take turns: the last block of the same kind may go on.
        match blocks.iter_mut().rev().take(2).find(goes_on) {
            Some(last) => {
                last.src[1] = last.src[1].max(block.src[1]);
                last.tgt[1] = last.tgt[1].max(block.tgt[1]);
            }
            None => blocks.push(block),
        }
        if blocks.len() > BLOCKS {
            let size =
                |block: &PathBlock| (block.src[1] - block.src[0]).max(block.tgt[1] - block.tgt[0]);
            let smallest = (0..blocks.len()).min_by_key(|at| (size(&blocks[*at]), usize::MAX - at));
            smallest.map(|at| blocks.remove(at));
        }
    }

    /// Gives the path; `None` where rows did not say their place.
    pub(crate) fn finish(mut self) -> Option<PathPlot> {
        if !self.is_whole || self.seen == 0 {
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

    fn row(src: (usize, usize), tgt: (usize, usize)) -> Row<'static> {
        let spans = Some((Span::new(src.0, src.1), Span::new(tgt.0, tgt.1)));
        Row { spans, ..Row::default() }
    }

    #[test]
    fn missing_runs_are_blocks_and_going_back_is_a_move() {
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
    fn long_documents_keep_some_corners() {
        let mut path = PathBuilder::default();
        for at in 0..5000 {
            path.add(&row((at, at + 1), (at, at + 1)), None);
        }
        let plot = path.finish().unwrap();
        assert!(plot.points.len() <= POINTS + 1);
        assert_eq!(plot.points.last(), Some(&[5000, 5000]));
        assert!(plot.points.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn rows_without_a_place_have_no_path() {
        let mut path = PathBuilder::default();
        path.add(&Row::default(), None);
        assert_eq!(path.finish(), None);
    }
}
