//! Moves of segments whose text is on both sides, exactly the same.
//!
//! A list of names or of languages has another order in each language. Nothing but equality tells
//! such short lines apart, and the monotone path pairs those that cross with each other.

use super::evidence::{Blocks, MoverInput};
use super::held::Held;
use crate::bead::Bead;

/// A source segment and the target segment with the same text.
type Pair = (usize, usize);

/// Returns the blocks of identical segments that the beads do not pair with each other.
///
/// A segment that the beads pair with something else in earnest remains where it is: it leaves
/// nulls, loose beads, and beads of nothing but segments that are identical to others. Of those
/// that leave, as many as possible are not moved, because a path without the others pairs them.
pub(super) fn identical_blocks(input: &MoverInput<'_>, held: &Held, beads: &[Bead]) -> Vec<Blocks> {
    let leaving = leaving(input, held, beads);
    let stays = staying_beads(&leaving, beads);
    let is_free = |&(i, j): &Pair| {
        let (a, b) = (held.bead_of[0][i], held.bead_of[1][j]);
        !stays[a.min(b)..=a.max(b)].contains(&true)
    };
    let free: Vec<Pair> = leaving.iter().copied().filter(is_free).collect();
    let in_order = longest_in_order(&free);
    let mut blocks: Vec<Blocks> = Vec::new();
    for (i, j) in leaving.into_iter().filter(|pair| in_order.binary_search(pair).is_err()) {
        match blocks.last_mut() {
            Some(block) if block.src.end == i && block.tgt.end == j => {
                block.src.end += 1;
                block.tgt.end += 1;
            }
            _ => blocks.push(Blocks { src: i..i + 1, tgt: j..j + 1 }),
        }
    }
    blocks
}

/// Returns the pairs of identical segments that leave their beads, in source order.
fn leaving(input: &MoverInput<'_>, held: &Held, beads: &[Bead]) -> Vec<Pair> {
    let ids = [&input.src.identical, &input.tgt.identical];
    let is_identical = |side: usize, at: usize| ids[side].get(at).is_some_and(Option::is_some);
    let is_description = |at: usize| input.src.cues.get(at).is_some_and(|cue| cue.is_description);
    let may_leave = |bead: usize| {
        let Bead { src, tgt, .. } = beads[bead];
        held.is_loose[bead]
            || src.range().all(|at| is_identical(0, at))
                && tgt.range().all(|at| is_identical(1, at))
    };
    // A longer bead of the same segments in another order holds two by two what belongs one by one.
    let is_paired = |(i, j): Pair, bead: &Bead| {
        let offsets = (i - bead.src.range().start, j - bead.tgt.range().start);
        offsets.0 == offsets.1 || bead.src.len() == 1 || bead.tgt.len() == 1
    };
    let mut tgt_of: Vec<(u32, usize)> =
        ids[1].iter().enumerate().filter_map(|(at, id)| Some(((*id)?, at))).collect();
    tgt_of.sort_unstable();
    let pair = |(i, id): (usize, &Option<u32>)| {
        // The other segment may lie outside the chunk.
        let at = tgt_of.binary_search_by_key(&(*id)?, |&(id, _)| id).ok()?;
        let j = tgt_of[at].1;
        let (a, b) = (held.bead_of[0][i], held.bead_of[1][j]);
        let is_paired = a == b && is_paired((i, j), &beads[a]);
        (!is_paired && !is_description(i) && may_leave(a) && may_leave(b)).then_some((i, j))
    };
    ids[0].iter().enumerate().filter_map(pair).collect()
}

/// Reports for each bead whether it pairs something after the pairs have left.
fn staying_beads(leaving: &[Pair], beads: &[Bead]) -> Vec<bool> {
    let mut tgt: Vec<usize> = leaving.iter().map(|&(_, j)| j).collect();
    tgt.sort_unstable();
    let leaves_src = |i: usize| leaving.binary_search_by_key(&i, |&(i, _)| i).is_ok();
    let leaves_tgt = |j: usize| tgt.binary_search(&j).is_ok();
    let stays = |bead: &Bead| {
        let is_left = bead.src.range().all(leaves_src) && bead.tgt.range().all(leaves_tgt);
        !bead.is_null() && !is_left
    };
    beads.iter().map(stays).collect()
}

/// Returns as many of the pairs as possible that do not cross, given in source order.
fn longest_in_order(pairs: &[Pair]) -> Vec<Pair> {
    // `ends[k]`: the pair with the lowest target segment that ends a run of `k + 1` pairs.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, &(_, j)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].1 < j);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let last = ends.last().copied();
    let mut found: Vec<Pair> =
        std::iter::successors(last, |&at| before[at]).map(|at| pairs[at]).collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_pairs_as_possible_are_in_order() {
        assert_eq!(longest_in_order(&[]), []);
        assert_eq!(longest_in_order(&[(0, 1), (1, 0)]), [(1, 0)]);
        let pairs = [(0, 7), (2, 1), (3, 9), (5, 2), (6, 4), (8, 0)];
        assert_eq!(longest_in_order(&pairs), [(2, 1), (5, 2), (6, 4)]);
    }
}
