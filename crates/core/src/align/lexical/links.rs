//! Which words of a bead match each other.

use std::ops::Range;

use super::SideWords;
use crate::align::sides::Sides;

/// A word of the source and a word of the target that match, counted from the first of their
/// segments, and how well they match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TokenLink {
    pub(crate) src: usize,
    pub(crate) tgt: usize,
    pub(crate) value: f32,
}

/// Returns for each word of some segments the one of the other side that matches it best, as
/// coverage counts it. Of equal ones it is the one at the most similar position.
pub(crate) fn token_links(
    Sides { src, tgt }: Sides<&SideWords>,
    src_segments: Range<usize>,
    tgt_segments: Range<usize>,
) -> Vec<TokenLink> {
    let tokens = |side: &SideWords, segments: Range<usize>| {
        side.tokens[side.bounds[segments.start]..side.bounds[segments.end]].to_vec()
    };
    let (own, other) = (tokens(src, src_segments), tokens(tgt, tgt_segments));
    // The words of the target by kind.
    let mut by_kind: Vec<(u32, usize)> = other.iter().copied().zip(0..).collect();
    by_kind.sort_unstable();
    let of_kind = |kind: u32| {
        let first = by_kind.partition_point(|&(other, _)| other < kind);
        by_kind[first..].iter().take_while(move |&&(other, _)| other == kind)
    };
    let mut all = Vec::new();
    for (at, &kind) in own.iter().enumerate() {
        for &(match_, value) in src.matches.of(kind) {
            all.extend(of_kind(match_).map(|&(_, tgt)| TokenLink { src: at, tgt, value }));
        }
    }
    let distance = |link: &TokenLink| {
        let place = |at: usize, count: usize| at as f32 / count as f32;
        (place(link.src, own.len()) - place(link.tgt, other.len())).abs()
    };
    let best_by = |place: fn(&TokenLink) -> usize, count: usize| {
        let mut best: Vec<Option<TokenLink>> = vec![None; count];
        for link in &all {
            let best = &mut best[place(link)];
            let is_better = |known: &TokenLink| {
                link.value > known.value
                    || link.value == known.value && distance(link) < distance(known)
            };
            if best.as_ref().is_none_or(is_better) {
                *best = Some(*link);
            }
        }
        best
    };
    let of_src = best_by(|link| link.src, own.len());
    let of_tgt = best_by(|link| link.tgt, other.len());
    let mut links: Vec<TokenLink> = of_src.into_iter().chain(of_tgt).flatten().collect();
    links.sort_unstable_by_key(|link| (link.src, link.tgt));
    links.dedup();
    links
}
