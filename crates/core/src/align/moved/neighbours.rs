//! Neighbours that changed places.
//!
//! The monotone search pairs them wrongly or makes one bead of them: a sum-pooled vector does not
//! depend on the order of the sentences, so such a bead looks perfect as a whole. What shows the
//! order are its parts, read in either order.

use std::ops::Range;

use super::evidence::{Blocks, PairJudge};
use super::held::Held;
use crate::bead::Bead;

/// Maximum number of neighbouring beads that are read in the other order.
const MAX_BEADS: usize = 4;

/// Neighbouring blocks that changed places, with the log-odds for it.
pub(super) struct Swap {
    pub(super) odds: f32,
    /// The shorter one of the two blocks.
    pub(super) moved: Blocks,
    /// All segments of both.
    pub(super) both: Blocks,
}

/// Finds the neighbours that changed places, among segments that are still `free`.
pub(super) fn swaps(
    judge: &PairJudge<'_>,
    held: &Held,
    beads: &[Bead],
    is_free: impl Fn(&Blocks) -> bool,
) -> Vec<Swap> {
    let max = judge.tuning.max_swapped.min(judge.input.src.vectors.blocks.len());
    let doubtful: Vec<bool> = (0..beads.len())
        .map(|at| held.is_loose[at] || beads[at].src.len().min(beads[at].tgt.len()) > 1)
        .collect();
    let mut swaps = Vec::new();
    for first in (0..beads.len()).filter(|&first| doubtful[first]) {
        for last in first..beads.len().min(first + MAX_BEADS) {
            if !doubtful[last] {
                continue;
            }
            let (start, end) = (&beads[first], &beads[last]);
            let both = Blocks {
                src: start.src.range().start..end.src.range().end,
                tgt: start.tgt.range().start..end.tgt.range().end,
            };
            let sizes = [both.src.len(), both.tgt.len()];
            if sizes.iter().any(|&size| size > 2 * max) {
                break;
            }
            if sizes.iter().all(|&size| size > 1) && is_free(&both) {
                let path = if first == last {
                    0.0
                } else {
                    held.evidence[first..=last].iter().map(|it| it.max(0.0)).sum()
                };
                swaps.extend(swap(judge, both, path, max));
            }
        }
    }
    swaps
}

/// Reads two runs in both orders; returns the crossing reading if it is the better one.
fn swap(judge: &PairJudge<'_>, both: Blocks, path: f32, max: usize) -> Option<Swap> {
    let Blocks { src, tgt } = &both;
    let mut words = judge.words([src.clone(), tgt.clone()], max);
    let mut evidence = |src: Range<usize>, tgt: Range<usize>| {
        (src.len() <= max && tgt.len() <= max)
            .then(|| judge.evidence_of(&Blocks { src, tgt }, &mut words))?
    };
    let mut monotone = path;
    let mut best: Option<(f32, [Blocks; 2])> = None;
    for x in src.start + 1..src.end {
        for y in tgt.start + 1..tgt.end {
            let (before, after) = (src.start..x, x..src.end);
            let (early, late) = (tgt.start..y, y..tgt.end);
            let straight =
                evidence(before.clone(), early.clone()).zip(evidence(after.clone(), late.clone()));
            if let Some((a, b)) = straight {
                monotone = monotone.max(a + b);
            }
            let Some((a, b)) =
                evidence(before.clone(), late.clone()).zip(evidence(after.clone(), early.clone()))
            else {
                continue;
            };
            if a.min(b) > judge.tuning.min_swapped && best.as_ref().is_none_or(|it| a + b > it.0) {
                let pairs = [Blocks { src: before, tgt: late }, Blocks { src: after, tgt: early }];
                best = Some((a + b, pairs));
            }
        }
    }
    let (crossing, pairs) = best?;
    if crossing <= monotone {
        return None;
    }
    let judged: f32 = pairs.iter().map(|pair| judge.judged(pair, pair, &mut words)).sum();
    let length = |pair: &Blocks| {
        let length =
            |lengths: &[u32], block: &Range<usize>| lengths[block.clone()].iter().sum::<u32>();
        let input = &judge.input;
        length(&input.src.lengths, &pair.src) + length(&input.tgt.lengths, &pair.tgt)
    };
    let [first, second] = pairs;
    let moved = if length(&first) <= length(&second) { first } else { second };
    Some(Swap { odds: judged - judge.tuning.cost * monotone - judge.tuning.rare_swap, moved, both })
}
