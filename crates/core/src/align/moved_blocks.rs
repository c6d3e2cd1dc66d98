//! The beads of moved blocks, and their place in the alignment.
//!
//! A path through the lattice is in order on both sides, so it cannot pair a block of text that was
//! moved. The block is therefore aligned by itself, the rest of its chunk once more without it, and
//! the beads of the block are inserted where its source is.

use super::anchor::Anchor;
use super::chunk::Chunk;
use super::chunk_passes::FirstPass;
use super::excluded::Excluded;
use super::grid::Corner;
use super::score::View;
use super::search::Search;
use super::sides::Sides;
use crate::bead::{Bead, Span};
use crate::error::Result;
use crate::finding::{Finding, FindingKind};

/// Beads on either side of a place where chunks disagree about a moved block that are aligned again
/// with it.
const MARGIN: usize = 16;

/// A moved block, in the document's indices.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MovedBlock {
    pub(super) finding: Finding,
    /// Its beads in order, from the start to the end of both spans. They are empty if the alignment
    /// is to be monotone.
    pub(super) beads: Vec<Bead>,
}

impl MovedBlock {
    /// Reports whether two blocks have a segment in common.
    pub(super) fn shares_segments(&self, other: &Self) -> bool {
        let share = |a: Span, b: Span| a.start < b.end && b.start < a.end;
        let (own, other) = (self.finding, other.finding);
        share(own.src, other.src) || share(own.tgt, other.tgt)
    }
}

/// A moved block and its beads, in the indices of a chunk.
pub(super) struct BlockBeads {
    pub(super) src: Span,
    pub(super) tgt: Span,
    probability: f32,
    pub(super) beads: Vec<Bead>,
}

impl BlockBeads {
    /// Returns the block in the document's indices.
    pub(super) fn in_document(&self, chunk: &Chunk) -> MovedBlock {
        let Sides { src, tgt } = chunk.spans_in_document(self.src, self.tgt);
        let from = (self.src.range().start, self.tgt.range().start);
        let to = (src.range().start, tgt.range().start);
        let beads = self.beads.iter().map(|bead| shifted(bead, from, to)).collect();
        let finding = Finding { kind: FindingKind::Moved, src, tgt, probability: self.probability };
        MovedBlock { finding, beads }
    }
}

impl Search<'_> {
    /// Aligns each moved block of a chunk by itself, unless the alignment is to be monotone.
    ///
    /// A move is dropped if it contradicts an anchor, if it is no run of text because segments are
    /// skipped within it, or if the search finds no probable pair in it.
    pub(super) fn align_moves(
        &self,
        chunk: &Chunk,
        view: View<'_>,
        first: &FirstPass,
        moves: &[Finding],
    ) -> Result<Vec<BlockBeads>> {
        if self.aligner.monotone {
            let unpaired = |&Finding { src, tgt, probability, .. }: &Finding| BlockBeads {
                src,
                tgt,
                probability,
                beads: Vec::new(),
            };
            return Ok(moves.iter().map(unpaired).collect());
        }
        let seams = chunk.seams();
        let contains = |seams: &[usize], span: Span| {
            let span = span.range();
            seams.iter().any(|&seam| span.start < seam && seam < span.end)
        };
        let is_possible = |found: &Finding| {
            !contains(&seams.src, found.src)
                && !contains(&seams.tgt, found.tgt)
                && !is_anchored(
                    &self.bitext.anchors,
                    &chunk.spans_in_document(found.src, found.tgt),
                )
        };
        let mut blocks = Vec::new();
        for &found in moves.iter().filter(|found| is_possible(found)) {
            blocks.extend(self.align_block(chunk, view, first, found)?);
        }
        Ok(blocks)
    }

    /// Aligns a moved block; `None` if it has no pair that is probable enough. Nulls at its ends do
    /// not belong to it.
    fn align_block(
        &self,
        chunk: &Chunk,
        view: View<'_>,
        first: &FirstPass,
        found: Finding,
    ) -> Result<Option<BlockBeads>> {
        let kernel = self.aligner.kernel;
        let spans = Sides::new(found.src.range(), found.tgt.range());
        let start = (spans.src.start, spans.tgt.start);
        let segments = chunk.segments.as_ref().zip(spans.clone());
        let block = Chunk::of(segments.map(|(segments, span)| segments[span].to_vec()));
        let vectors = Sides::new(&view.src.vectors, &view.tgt.vectors)
            .zip(spans.clone())
            .map(|(vectors, span)| vectors.of_run(kernel, span));
        let mut block = self.prepare_with(&block, vectors, None);
        block.best = view.best.as_ref().zip(spans).map(|(best, span)| best[span].to_vec());
        let lexical = block.lexical(self.aligner, &first.words);
        let evidence = block.evidence(self.aligner);
        let block = block.view(&self.aligner.tuning, &evidence, &lexical);
        let beads = self.second_path(block, first, None)?.path.beads;
        let is_pair = |bead: &Bead| !bead.is_null();
        let min = self.aligner.tuning.moved.min_bead;
        let is_believed = beads.iter().any(|bead| is_pair(bead) && bead.probability >= min);
        let ends = beads.iter().position(is_pair).zip(beads.iter().rposition(is_pair));
        let Some((first, last)) = ends.filter(|_| is_believed) else { return Ok(None) };
        let moved = |bead: &Bead| {
            let shifted = shifted(bead, (0, 0), start).given(found.probability);
            shifted.with_moved(!bead.is_null())
        };
        let beads: Vec<Bead> = beads[first..=last].iter().map(moved).collect();
        let (first, last) = (beads[0], beads[beads.len() - 1]);
        Ok(Some(BlockBeads {
            src: Span { start: first.src.start, end: last.src.end },
            tgt: Span { start: first.tgt.start, end: last.tgt.end },
            probability: found.probability,
            beads,
        }))
    }
}

/// Returns a bead whose indices are counted from another corner.
fn shifted(bead: &Bead, from: Corner, to: Corner) -> Bead {
    let shift = |span: Span, from: usize, to: usize| {
        let range = span.range();
        Span::new(range.start - from + to, range.end - from + to)
    };
    Bead { src: shift(bead.src, from.0, to.0), tgt: shift(bead.tgt, from.1, to.1), ..*bead }
}

/// Reports whether a block shares a segment with a bead that anchors force.
fn is_anchored(anchors: &[Anchor], block: &Sides<Span>) -> bool {
    // Anchors that share a segment are in one bead, with all segments between them.
    anchors.chunk_by(|a, b| a.src == b.src || a.tgt == b.tgt).any(|run| {
        let (first, last) = (run[0], run[run.len() - 1]);
        let share = |span: Span, from: usize, to: usize| {
            let span = span.range();
            span.start <= to && from < span.end
        };
        share(block.src, first.src, last.src) || share(block.tgt, first.tgt, last.tgt)
    })
}

/// Returns the segments of the blocks that have beads.
pub(super) fn excluded_by(moves: &[MovedBlock], size: Corner) -> Excluded {
    let mut excluded = Excluded::none(size);
    for MovedBlock { finding, .. } in moves.iter().filter(|block| !block.beads.is_empty()) {
        excluded.add(finding.src.range(), finding.tgt.range());
    }
    excluded
}

/// Aligns the path of a long document again where chunks disagree about a moved block.
///
/// Each chunk excludes the moved segments that it knows of. One whose other side lies outside the
/// next chunk may be paired there; and a block may be excluded that is not among the document's.
/// `align` returns the path between two corners, around the excluded segments.
pub(super) fn around_moves(
    path: Vec<Bead>,
    moves: &[MovedBlock],
    size: Corner,
    mut align: impl FnMut(Corner, Corner, &Excluded) -> Result<Vec<Bead>>,
) -> Result<Vec<Bead>> {
    let excluded = excluded_by(moves, size);
    let is_wrong = |bead: &Bead| {
        let is_excluded = excluded.contains_any(bead.src.range(), bead.tgt.range());
        if bead.is_null() { bead.moved && !is_excluded } else { is_excluded }
    };
    let mut regions: Vec<std::ops::Range<usize>> = Vec::new();
    for at in (0..path.len()).filter(|&at| is_wrong(&path[at])) {
        let (from, to) = (at.saturating_sub(MARGIN), (at + 1 + MARGIN).min(path.len()));
        match regions.last_mut() {
            Some(last) if from <= last.end => last.end = to,
            _ => regions.push(from..to),
        }
    }
    if regions.is_empty() {
        return Ok(path);
    }
    let mut all = Vec::with_capacity(path.len());
    let mut done = 0;
    for region in regions {
        all.extend_from_slice(&path[done..region.start]);
        let (first, last) = (path[region.start], path[region.end - 1]);
        let from = (first.src.range().start, first.tgt.range().start);
        let to = (last.src.range().end, last.tgt.range().end);
        all.extend(align(from, to, &excluded)?);
        done = region.end;
    }
    all.extend_from_slice(&path[done..]);
    Ok(all)
}

/// Returns the beads of a document in source order: those of a path without the nulls of excluded
/// segments, and those of the moved blocks in their place.
pub(super) fn in_source_order(path: Vec<Bead>, moves: &[MovedBlock], size: Corner) -> Vec<Bead> {
    let mut blocks: Vec<&MovedBlock> =
        moves.iter().filter(|block| !block.beads.is_empty()).collect();
    if blocks.is_empty() {
        return path;
    }
    blocks.sort_by_key(|block| block.finding.src.start);
    let excluded = excluded_by(moves, size);
    let mut blocks = blocks.into_iter().peekable();
    let mut all: Vec<Bead> = Vec::with_capacity(path.len());
    for bead in path {
        if excluded.contains_any(bead.src.range(), bead.tgt.range()) {
            let starts = |block: &&MovedBlock| {
                !bead.src.is_empty() && block.finding.src.start == bead.src.start
            };
            if let Some(block) = blocks.next_if(starts) {
                all.extend_from_slice(&block.beads);
            }
            continue;
        }
        // A null of the target may have been among the segments of the block.
        let position = all.last().map_or(0, |last| last.src.end);
        let src = match bead.src.is_empty() {
            true => Span { start: position, end: position },
            false => bead.src,
        };
        all.push(Bead { src, ..bead });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(src: (usize, usize), tgt: (usize, usize)) -> Bead {
        Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), 0.5, 0.0)
    }

    fn excluded(src: (usize, usize), tgt: (usize, usize)) -> Bead {
        bead(src, tgt).with_moved(true)
    }

    fn block(src: (usize, usize), tgt: (usize, usize), beads: &[Bead]) -> MovedBlock {
        let (src, tgt) = (Span::new(src.0, src.1), Span::new(tgt.0, tgt.1));
        let finding = Finding { kind: FindingKind::Moved, src, tgt, probability: 0.75 };
        MovedBlock { finding, beads: beads.to_vec() }
    }

    fn spans(beads: &[Bead]) -> Vec<String> {
        let shown = |bead: &Bead| {
            let Bead { src, tgt, moved, .. } = bead;
            let mark = if *moved { " moved" } else { "" };
            format!("{}..{} {}..{}{mark}", src.start, src.end, tgt.start, tgt.end)
        };
        beads.iter().map(shown).collect()
    }

    #[test]
    fn the_beads_of_a_block_replace_the_nulls_of_its_source() {
        let pair = |src: usize, tgt: usize| bead((src, src + 1), (tgt, tgt + 1)).with_moved(true);
        let path = [
            bead((0, 1), (0, 1)),
            excluded((1, 2), (1, 1)),
            // A null of the target between the nulls of the block.
            bead((2, 2), (1, 2)),
            excluded((2, 3), (2, 2)),
            excluded((3, 4), (2, 2)),
            bead((4, 5), (2, 3)),
            excluded((5, 5), (3, 4)),
            excluded((5, 5), (4, 5)),
            bead((5, 6), (5, 5)),
            excluded((6, 6), (5, 6)),
        ];
        // Two blocks touch each other.
        let moves = [
            block((3, 4), (5, 6), &[pair(3, 5)]),
            block((1, 3), (3, 5), &[pair(1, 3), pair(2, 4)]),
        ];
        assert_eq!(
            spans(&in_source_order(path.to_vec(), &moves, (6, 6))),
            [
                "0..1 0..1",
                "1..2 3..4 moved",
                "2..3 4..5 moved",
                "3..3 1..2",
                "3..4 5..6 moved",
                "4..5 2..3",
                "5..6 5..5",
            ]
        );
    }

    #[test]
    fn a_path_is_aligned_again_only_where_chunks_disagree_about_a_block() {
        let mut path: Vec<Bead> = (0..80).map(|at| bead((at, at + 1), (at, at + 1))).collect();
        let moves = [block((20, 21), (70, 71), &[bead((20, 21), (70, 71)).with_moved(true)])];
        let mut asked = Vec::new();
        let align = |from: Corner, to: Corner, excluded: &Excluded| {
            asked.push((from, to, excluded.contains_any(20..21, 0..0)));
            Ok(vec![bead((from.0, to.0), (from.1, to.1))])
        };
        let found = around_moves(path.clone(), &moves, (80, 80), align).expect("no errors");
        assert_eq!(asked, [((4, 4), (37, 37), true), ((54, 54), (80, 80), true)]);
        assert_eq!((found.len(), found[4].kind().src, found[5].src.start), (23, 33, 37));
        // A segment that no block of the document excludes.
        path.splice(50..51, [excluded((50, 51), (50, 50)), bead((51, 51), (50, 51))]);
        let mut asked = Vec::new();
        let align = |from: Corner, to: Corner, _: &Excluded| {
            asked.push((from, to));
            Ok(vec![bead((from.0, to.0), (from.1, to.1))])
        };
        around_moves(path.clone(), &[], (80, 80), align).expect("no errors");
        assert_eq!(asked, [((34, 34), (66, 66))]);
        // Nulls that are all of a block agree.
        path[50].moved = false;
        let never = |_: Corner, _: Corner, _: &Excluded| unreachable!("nothing to align again");
        around_moves(path, &[], (80, 80), never).expect("no errors");
    }

    #[test]
    fn a_block_with_a_segment_of_an_anchored_bead_is_anchored() {
        let anchors = [(2, 3), (2, 5), (9, 9)].map(|(src, tgt)| Anchor { src, tgt });
        let is = |src: (usize, usize), tgt: (usize, usize)| {
            is_anchored(&anchors, &Sides::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1)))
        };
        // Target segment 4 lies between the anchors of one bead.
        assert!(is((2, 3), (20, 21)) && is((5, 7), (4, 5)) && is((9, 10), (9, 10)));
        assert!(!is((3, 9), (6, 9)) && !is((0, 2), (0, 3)) && !is((10, 12), (10, 12)));
    }
}
