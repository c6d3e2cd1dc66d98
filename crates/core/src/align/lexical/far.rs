//! Coverage of two blocks anywhere in the document, outside the corridor too.

use std::ops::Range;

use super::{COVERAGE_PRIOR, Lexical, SideWords};

impl Lexical {
    /// Gives the mean of the covered shares of both blocks' words.
    ///
    /// The same as the mean of [`Lexical::coverage`], worked out from the words each time.
    pub(crate) fn far_coverage(&self, src: Range<usize>, tgt: Range<usize>) -> f32 {
        let words = |side: &SideWords, span: Range<usize>| -> Vec<u32> {
            let mut words = side.tokens[side.bounds[span.start]..side.bounds[span.end]].to_vec();
            words.sort_unstable();
            words
        };
        let (src, tgt) = (words(&self.src, src), words(&self.tgt, tgt));
        (covered(&self.tgt, &tgt, &src) + covered(&self.src, &src, &tgt)) / 2.0
    }
}

/// Gives the share of the weight of `own` words that those of the other side, sorted, cover.
fn covered(side: &SideWords, own: &[u32], others: &[u32]) -> f32 {
    // Most matches are not there; a bit by the number's end tells so at once.
    let mut signature = [0_u64; 8];
    for other in others {
        signature[*other as usize / 64 % 8] |= 1 << (other % 64);
    }
    let may_be = |other: u32| signature[other as usize / 64 % 8] >> (other % 64) & 1 != 0;
    let (mut covered, mut weights) = (0.0_f32, COVERAGE_PRIOR);
    for &kind in own {
        let best = side
            .matches
            .of(kind)
            .iter()
            .filter(|(other, _)| may_be(*other) && others.binary_search(other).is_ok())
            .fold(0.0_f32, |best, &(_, value)| best.max(value));
        let weight = side.weights[kind as usize];
        covered += weight * best;
        weights += weight;
    }
    covered / weights
}
