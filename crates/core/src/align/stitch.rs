//! Joins the beads of overlapping chunks to the alignment of the document.

use super::chunk::{Chunk, ChunkBeads};
use super::grid::Corner;
use super::moved_blocks::MovedBlock;
use crate::bead::Bead;
use crate::error::Result;

/// Joins what was found in neighbouring chunks at a corner that both their paths visit.
///
/// Of the corners between beads of at least `sure` probability that is the nearest to the cut,
/// otherwise the most probable one. If the paths share no corner, `bridge` returns the beads
/// between a corner of the one and a corner of the other.
pub(super) fn stitch(
    sure: f32,
    chunks: &[Chunk],
    found: &[ChunkBeads],
    mut bridge: impl FnMut(Corner, Corner) -> Result<Vec<Bead>>,
) -> Result<(Vec<Bead>, Vec<MovedBlock>)> {
    let (mut beads, mut moves) = (Vec::new(), Vec::new());
    let mut from = (0, 0);
    for at in 0..chunks.len() {
        let own = &found[at];
        let Some(next) = found.get(at + 1) else {
            append(own, from, chunks[at].end(), &mut beads, &mut moves);
            break;
        };
        let overlap = [chunks[at + 1].start(), chunks[at].end()];
        let cut = chunks[at].own[1];
        if let Some(corner) = common_corner(sure, &own.beads, &next.beads, from, cut) {
            append(own, from, corner, &mut beads, &mut moves);
            from = corner;
            continue;
        }
        let earliest = (overlap[0].0.max(from.0), overlap[0].1.max(from.1));
        let first = first_corner(&own.beads, earliest);
        let last = first_corner(&next.beads, (first.0.max(cut.0), first.1.max(cut.1)));
        append(own, from, first, &mut beads, &mut moves);
        beads.extend(bridge(first, last)?);
        from = last;
    }
    Ok((beads, moves))
}

/// Appends a chunk's beads between two corners of its path, and the moves that start there.
fn append(
    found: &ChunkBeads,
    from: Corner,
    to: Corner,
    beads: &mut Vec<Bead>,
    moves: &mut Vec<MovedBlock>,
) {
    let first = found.beads.partition_point(|bead| is_before(bead, from));
    let last = found.beads.partition_point(|bead| is_before(bead, to));
    beads.extend_from_slice(&found.beads[first..last]);
    for new in &found.moves {
        // Both of two overlapping chunks may have found a move in their overlap.
        let is_known = moves.iter().any(|known| known.shares_segments(new));
        if (from.0..to.0).contains(&new.finding.src.range().start) && !is_known {
            moves.push(new.clone());
        }
    }
}

fn end(bead: &Bead) -> Corner {
    (bead.src.range().end, bead.tgt.range().end)
}

/// Reports whether a bead ends at a corner of its path or before it.
fn is_before(bead: &Bead, corner: Corner) -> bool {
    let end = end(bead);
    end.0 <= corner.0 && end.1 <= corner.1
}

/// Returns the first corner of a path, after its start, that is not before another corner on either
/// side.
fn first_corner(beads: &[Bead], earliest: Corner) -> Corner {
    let reached = |bead: &&Bead| end(bead).0 >= earliest.0 && end(bead).1 >= earliest.1;
    end(beads.iter().find(reached).unwrap_or(&beads[beads.len() - 1]))
}

/// Finds the corner at which two paths are joined, not before `from`.
fn common_corner(
    enough: f32,
    own: &[Bead],
    next: &[Bead],
    from: Corner,
    cut: Corner,
) -> Option<Corner> {
    let along = |corner: Corner| corner.0 + corner.1;
    let (mut a, mut b) = (0, 0);
    let mut best: Option<(f32, usize, Corner)> = None;
    while a + 1 < own.len() && b + 1 < next.len() {
        let (here, there) = (end(&own[a]), end(&next[b]));
        if along(here) < along(there) {
            a += 1;
            continue;
        }
        if here == there && here.0 >= from.0 && here.1 >= from.1 {
            let around = [&own[a], &own[a + 1], &next[b], &next[b + 1]];
            let sure = around.iter().map(|bead| bead.probability).fold(enough, f32::min);
            let distance = along(here).abs_diff(along(cut));
            let is_better = |&(max, nearest, _): &(f32, usize, Corner)| {
                sure > max || sure == max && distance < nearest
            };
            if best.as_ref().is_none_or(is_better) {
                best = Some((sure, distance, here));
            }
        }
        if along(here) == along(there) {
            a += 1;
        }
        b += 1;
    }
    best.map(|(_, _, corner)| corner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::document_score::Matches;
    use crate::align::measured::ChunkMeasures;
    use crate::align::tuning::ChunkTuning;
    use crate::{Finding, FindingKind, Span};

    fn found(corners: &[Corner], probability: f32) -> ChunkBeads {
        let beads = corners
            .windows(2)
            .map(|pair| {
                let (src, tgt) = (Span::new(pair[0].0, pair[1].0), Span::new(pair[0].1, pair[1].1));
                Bead::new(src, tgt, probability, 0.0)
            })
            .collect();
        ChunkBeads {
            beads,
            moves: Vec::new(),
            matches: Matches::default(),
            measures: ChunkMeasures::default(),
        }
    }

    fn chunks() -> [Chunk; 2] {
        let chunk = |from, to, own| Chunk { own, ..Chunk::between(from, to) };
        [chunk((0, 0), (8, 8), [(0, 0), (5, 5)]), chunk((3, 3), (10, 10), [(5, 5), (10, 10)])]
    }

    fn stitched(own: ChunkBeads, next: ChunkBeads) -> Vec<(Corner, f32)> {
        let bridge = |from: Corner, to: Corner| Ok(found(&[from, to], 0.5).beads);
        let (beads, _) = stitch(ChunkTuning::default().sure, &chunks(), &[own, next], bridge)
            .expect("no errors here");
        beads.iter().map(|bead| (end(bead), bead.probability)).collect()
    }

    #[test]
    fn paths_are_joined_where_they_meet_nearest_to_the_cut() {
        let own = found(&[(0, 0), (4, 4), (5, 6), (6, 7), (7, 7), (8, 8)], 0.99);
        let next = found(&[(3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 9), (10, 10)], 1.0);
        assert_eq!(
            stitched(own, next),
            [
                ((4, 4), 0.99),
                ((5, 5), 1.0),
                ((6, 6), 1.0),
                ((7, 7), 1.0),
                ((8, 9), 1.0),
                ((10, 10), 1.0)
            ]
        );
    }

    #[test]
    fn a_gap_between_paths_that_never_meet_is_bridged() {
        let own = found(&[(0, 0), (3, 4), (6, 7), (8, 8)], 0.99);
        let next = found(&[(3, 3), (4, 3), (7, 6), (10, 10)], 1.0);
        assert_eq!(stitched(own, next), [((3, 4), 0.99), ((7, 6), 0.5), ((10, 10), 1.0)]);
    }

    /// A path along the diagonal with one bead of a different probability.
    fn diagonal(from: usize, to: usize, unsure: (usize, f32)) -> ChunkBeads {
        let mut all = found(&(from..=to).map(|at| (at, at)).collect::<Vec<_>>(), 0.995);
        let bead = all.beads.iter_mut().find(|bead| bead.src.range().start == unsure.0);
        bead.expect("a bead of the path").probability = unsure.1;
        all
    }

    #[test]
    fn a_corner_beside_an_unsure_bead_is_not_a_place_to_join() {
        // The cut is at (5, 5): which of the two paths a bead is from shows where they are joined.
        for (probability, joined_at) in [(0.99, 5), (0.989, 4), (0.5, 4)] {
            let own =
                ChunkBeads { beads: diagonal(0, 8, (0, 0.9)).beads, ..diagonal(0, 8, (0, 0.9)) };
            let mut next = diagonal(3, 10, (5, probability));
            next.beads.iter_mut().for_each(|bead| bead.score = 1.0);
            let bridge = |_, _| unreachable!("the paths meet");
            let sure = ChunkTuning::default().sure;
            let (beads, _) = stitch(sure, &chunks(), &[own, next], bridge).expect("no errors");
            let from_next = beads.iter().find(|bead| bead.score == 1.0).expect("beads of both");
            assert_eq!(from_next.src.range().start, joined_at, "{probability}");
        }
    }

    #[test]
    fn moves_are_taken_from_the_chunk_whose_part_they_start_in_and_only_once() {
        let moved = |src: usize, tgt: usize| {
            let span = |at: usize| Span::new(at, at + 1);
            let finding = Finding::new(FindingKind::Moved, span(src), span(tgt), 0.9);
            MovedBlock { finding, beads: Vec::new() }
        };
        let mut own = diagonal(0, 8, (0, 0.9));
        own.moves = vec![moved(1, 7), moved(4, 1), moved(6, 2)];
        let mut next = diagonal(3, 10, (9, 0.9));
        next.moves = vec![moved(3, 9), moved(6, 2), moved(7, 7), moved(8, 4)];
        let bridge = |_, _| unreachable!("the paths meet");
        let (_, moves) = stitch(0.99, &chunks(), &[own, next], bridge).expect("no errors");
        let starts: Vec<_> =
            moves.iter().map(|it| (it.finding.src.start, it.finding.tgt.start)).collect();
        // (7, 7) overlaps a move of the first chunk on the target side.
        assert_eq!(starts, [(1, 7), (4, 1), (6, 2), (8, 4)]);
    }
}
