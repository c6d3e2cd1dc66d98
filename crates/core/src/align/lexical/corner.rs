//! How well the words around corners match: right after and right before them, and across them.
//!
//! Words are compared in three views: near, middle and far, of that many words to either side.

use std::ops::Range;

use super::{SideWords, larger};
use crate::align::grid::Row;
use crate::align::tuning::ScoreTuning;

/// The view in which words may match across the corner.
const ACROSS: usize = 1;

/// The matches around the corners of one source boundary with some target boundaries.
pub(super) struct CornerRow {
    /// The first target boundary.
    pub(super) start: usize,
    /// How well the words right after each corner match.
    pub(super) after: Vec<f32>,
    /// The same of the words right before it.
    pub(super) before: Vec<f32>,
    /// The share of the words around it that match only across it: words before it with words after
    /// it on the other side.
    pub(super) across: Vec<f32>,
}

/// Maximum number of words near a boundary: of the far view, at the maximum stretch, on both sides
/// of it.
const MAX_NEAR: usize = 64;

/// A source word near the boundary that matches a kind of target word.
struct Match {
    value: f32,
    /// One plus the index of the kind's previous match; 0 if there is none.
    before: u32,
    /// The word's index among those near.
    own: u8,
    /// Whether it is after the boundary (0) or before it (1).
    half: u8,
    /// The smallest view that it is in.
    view: u8,
}

/// Words near a boundary of one side, after it and before it, the nearest first.
struct Own {
    kinds: Vec<u32>,
    /// The number of words after the boundary.
    after: usize,
}

impl Own {
    fn new(side: &SideWords, boundary: usize, counts: [usize; 3]) -> Self {
        let [after, before] = [true, false].map(|after| side.near(after, boundary, counts[2]));
        let near = after.clone().chain(before.rev());
        let kinds: Vec<u32> = near.map(|token| side.tokens[token]).collect();
        debug_assert!(kinds.len() <= MAX_NEAR);
        Self { kinds, after: after.len() }
    }

    /// Returns whether a word is after the boundary (0) or before it (1), and how far from it.
    fn place(&self, own: usize) -> (usize, usize) {
        if own < self.after { (0, own) } else { (1, own - self.after) }
    }
}

/// Returns the smallest view that contains the word at a distance from the boundary.
fn view(counts: [usize; 3], at: usize) -> usize {
    counts.iter().position(|&count| at < count).unwrap_or(counts.len())
}

/// Matches the words around the corners of source boundary `i` with some target boundaries.
pub(super) fn corner_row(
    tuning: &ScoreTuning,
    [src, tgt]: [&SideWords; 2],
    i: usize,
    near: Row,
) -> CornerRow {
    let views = [tuning.near_words, tuning.across_words, tuning.far_words];
    // The views in which words match on the same side of the corner, and their weights.
    let aside_views = [(0, tuning.near_weight), (2, tuning.far_weight)];
    let stretch = stretch(tuning.max_stretch, src, tgt);
    let [src_counts, tgt_counts] = [stretch, 1.0 / stretch].map(|factor| {
        let count = |words: f32| (words * factor).round().max(tuning.min_view_words) as usize;
        views.map(|words| count(words).min(MAX_NEAR / 2))
    });
    let own = Own::new(src, i, src_counts);
    let mut matcher = Matcher::new(src, tgt, own, [src_counts, tgt_counts]);
    let own_weights = weights(src, i, src_counts);
    let room = || Vec::with_capacity(near.len());
    let mut row = CornerRow { start: near.start, after: room(), before: room(), across: room() };
    for j in near.boundaries() {
        let (covered, across) = matcher.covered(j);
        let tgt_weights = weights(tgt, j, tgt_counts);
        let share = |covered: f32, weights: f32| covered / (weights + tuning.corner_prior);
        let aside = [0, 1].map(|half: usize| -> f32 {
            let of_view = |(view, weight): (usize, f32)| {
                let weights = own_weights[half][view] + tgt_weights[half][view];
                weight * share(covered[half][view], weights)
            };
            aside_views.into_iter().map(of_view).sum()
        });
        row.after.push(aside[0]);
        row.before.push(aside[1]);
        let both = |weights: &[[f32; 3]; 2]| weights[0][ACROSS] + weights[1][ACROSS];
        row.across.push(share(across, both(&own_weights) + both(&tgt_weights)));
    }
    row
}

/// Matches the words around one source boundary with those around target boundaries.
struct Matcher<'a> {
    src: &'a SideWords,
    tgt: &'a SideWords,
    own: Own,
    /// For each target word, counted from the boundary, the smallest view that it is in.
    tgt_views: Vec<u8>,
    /// By kind of target word: one plus the index of its last match.
    last: Vec<u32>,
    matches: Vec<Match>,
    /// For each own word, by half of the target words, its best match in the smallest view that
    /// contains both; all zero between corners.
    best_own: [[[f32; 4]; 2]; MAX_NEAR],
}

impl<'a> Matcher<'a> {
    fn new(
        src: &'a SideWords,
        tgt: &'a SideWords,
        own: Own,
        [src_counts, tgt_counts]: [[usize; 3]; 2],
    ) -> Self {
        let mut last = vec![0_u32; tgt.matches.kinds()];
        let mut matches: Vec<Match> =
            Vec::with_capacity(own.kinds.iter().map(|&kind| src.matches.of(kind).len()).sum());
        for (at, &kind) in own.kinds.iter().enumerate() {
            let (half, place) = own.place(at);
            let (own, half, view) = (at as u8, half as u8, view(src_counts, place) as u8);
            for &(other, value) in src.matches.of(kind) {
                let last = &mut last[other as usize];
                matches.push(Match { value, before: *last, own, half, view });
                *last = matches.len() as u32;
            }
        }
        let tgt_views = (0..tgt_counts[2]).map(|at| view(tgt_counts, at) as u8).collect();
        let best_own = [[[0.0; 4]; 2]; MAX_NEAR];
        Self { src, tgt, own, tgt_views, last, matches, best_own }
    }

    /// Returns the covered weight of both sides' words around the corner with target boundary `j`,
    /// by half and view, and the weight that matches only across it.
    fn covered(&mut self, j: usize) -> ([[f32; 3]; 2], f32) {
        let Self { src, tgt, own, tgt_views, last, matches, best_own } = self;
        let mut covered = [[0.0_f32; 3]; 2];
        let mut across = 0.0_f32;
        // Adds a word's best matches in each view, those in its half and those in the other.
        let mut add = |half: usize, weight: f32, straight: [f32; 4], crossed: [f32; 4]| {
            let (straight, crossed) = (running_max(straight), running_max(crossed));
            for (covered, best) in covered[half].iter_mut().zip(straight) {
                *covered += weight * best;
            }
            across += weight * larger(crossed[ACROSS] - straight[ACROSS], 0.0);
        };
        // A bit for each own word that matches.
        let mut matched = 0_u64;
        for half in [0, 1] {
            let near = &tgt.tokens[tgt.near(half == 0, j, tgt_views.len())];
            for (at, &tgt_view) in tgt_views[..near.len()].iter().enumerate() {
                let kind = near[if half == 0 { at } else { near.len() - 1 - at }] as usize;
                let mut next = last[kind];
                if next == 0 {
                    continue;
                }
                let mut best = [[0.0_f32; 4]; 2];
                while let Some(found) = matches.get((next as usize).wrapping_sub(1)) {
                    // Both are always in range: the remainder only removes the bounds check.
                    let own = usize::from(found.own) % MAX_NEAR;
                    let view = usize::from(tgt_view.max(found.view)) % 4;
                    matched |= 1 << own;
                    let best_own = &mut best_own[own][half][view];
                    *best_own = larger(found.value, *best_own);
                    let best = &mut best[(half ^ usize::from(found.half)) % 2][view];
                    *best = larger(found.value, *best);
                    next = found.before;
                }
                add(half, tgt.weights[kind], best[0], best[1]);
            }
        }
        while matched != 0 {
            let at = matched.trailing_zeros() as usize;
            matched &= matched - 1;
            let best = std::mem::take(&mut best_own[at]);
            let (half, _) = own.place(at);
            add(half, src.weights[own.kinds[at] as usize], best[half], best[1 - half]);
        }
        (covered, across)
    }
}

/// Sums the weights of the words near a boundary, after it and before it, in each view.
fn weights(side: &SideWords, boundary: usize, counts: [usize; 3]) -> [[f32; 3]; 2] {
    [true, false].map(|after| {
        counts.map(|count| {
            let Range { start, end } = side.near(after, boundary, count);
            (side.token_weight_before[end] - side.token_weight_before[start]) as f32
        })
    })
}

/// Returns the maximum up to each of the three views.
fn running_max([a, b, c, _]: [f32; 4]) -> [f32; 3] {
    let b = larger(b, a);
    [a, b, larger(c, b)]
}

/// Returns the square root of the number of source words for one target word.
fn stretch(max: f32, src: &SideWords, tgt: &SideWords) -> f32 {
    let ratio = src.document_tokens.max(1) as f32 / tgt.document_tokens.max(1) as f32;
    ratio.sqrt().clamp(1.0 / max, max)
}
