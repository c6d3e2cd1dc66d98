//! Pairs of segments that the caller knows to correspond.

use super::tuning::LongTuning;
use crate::error::{ErrorKind, Result};

/// A pair of segments that are known to correspond; they end up in one bead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// Source segment, 0-based.
    pub src: usize,
    /// Target segment, 0-based.
    pub tgt: usize,
}

/// Sorts anchors and checks that they lie in a document of `n` by `m` segments, do not cross, and
/// fit into beads of at most `max_segments`, or into long beads.
pub(super) fn sorted(
    anchors: &[Anchor],
    (n, m): (usize, usize),
    max_segments: usize,
    long: &LongTuning,
) -> Result<Vec<Anchor>> {
    let mut order: Vec<usize> = (0..anchors.len()).collect();
    order.sort_by_key(|&index| anchors[index]);
    let mut tgt = 0;
    for &index in &order {
        let anchor = anchors[index];
        let reason = if anchor.src >= n {
            "there is no such source segment"
        } else if anchor.tgt >= m {
            "there is no such target segment"
        } else if anchor.tgt < tgt {
            "it crosses another anchor"
        } else {
            tgt = anchor.tgt;
            continue;
        };
        return Err(ErrorKind::Anchor { index, src: anchor.src, tgt: anchor.tgt, reason }.into());
    }
    let anchors: Vec<Anchor> = order.into_iter().map(|index| anchors[index]).collect();
    // Anchors that share a segment are in one bead, which may be too large: this is known before
    // any long work.
    let is_too_large = |run: &[Anchor]| {
        let (first, last) = (run[0], run[run.len() - 1]);
        let (src, tgt) = (last.src - first.src + 1, last.tgt - first.tgt + 1);
        let is_long = max_segments >= long.min_limit && src.min(tgt) == 1;
        src + tgt > if is_long { long.max_size + 1 } else { max_segments }
    };
    if anchors.chunk_by(|a, b| a.src == b.src || a.tgt == b.tgt).any(is_too_large) {
        return Err(ErrorKind::AnchorsTooFar { max: max_segments }.into());
    }
    Ok(anchors)
}
