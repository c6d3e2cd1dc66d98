//! Moves of segments whose text is on both sides, exactly the same.
//!
//! A list of names or of languages has another order in each language. Nothing but equality tells
//! such short lines apart, and the monotone path pairs those that cross with each other.

use super::evidence::{Blocks, MoverInput};
use super::held::Held;
use crate::bead::Bead;

/// Returns the blocks of identical segments that the beads do not pair with each other.
///
/// A segment that the beads pair with something else in earnest remains where it is: it leaves
/// nulls, loose beads, and beads of nothing but segments that are identical to others.
pub(super) fn identical_blocks(input: &MoverInput<'_>, held: &Held, beads: &[Bead]) -> Vec<Blocks> {
    let ids = [&input.src.identical, &input.tgt.identical];
    let is_identical = |side: usize, at: usize| ids[side].get(at).is_some_and(Option::is_some);
    let is_description = |at: usize| input.src.cues.get(at).is_some_and(|cue| cue.is_description);
    let may_leave = |bead: usize| {
        let Bead { src, tgt, .. } = beads[bead];
        held.is_loose[bead]
            || src.range().all(|at| is_identical(0, at))
                && tgt.range().all(|at| is_identical(1, at))
    };
    let mut tgt_of: Vec<(u32, usize)> =
        ids[1].iter().enumerate().filter_map(|(at, id)| Some(((*id)?, at))).collect();
    tgt_of.sort_unstable();
    let mut blocks: Vec<Blocks> = Vec::new();
    for (i, id) in ids[0].iter().enumerate() {
        let Some(id) = *id else { continue };
        // The other segment may lie outside the chunk.
        let Ok(at) = tgt_of.binary_search_by_key(&id, |&(id, _)| id) else { continue };
        let j = tgt_of[at].1;
        let (of_src, of_tgt) = (held.bead_of[0][i], held.bead_of[1][j]);
        // A longer bead of the same segments in another order holds two by two what belongs one by
        // one.
        let offsets = |bead: &Bead| (i - bead.src.range().start, j - bead.tgt.range().start);
        let is_paired = of_src == of_tgt && {
            let (src, tgt) = offsets(&beads[of_src]);
            src == tgt || beads[of_src].src.len() == 1
        };
        if is_paired || is_description(i) || !may_leave(of_src) || !may_leave(of_tgt) {
            continue;
        }
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
