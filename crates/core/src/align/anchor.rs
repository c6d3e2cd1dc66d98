//! Pairs of segments that the caller knows to correspond.

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
/// fit into beads of at most `max_segments`.
pub(super) fn sorted(
    anchors: &[Anchor],
    (n, m): (usize, usize),
    max_segments: usize,
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
        last.src - first.src + last.tgt - first.tgt + 2 > max_segments
    };
    if anchors.chunk_by(|a, b| a.src == b.src || a.tgt == b.tgt).any(is_too_large) {
        return Err(ErrorKind::AnchorsTooFar { max: max_segments }.into());
    }
    Ok(anchors)
}
