//! What blocks of one side cover of the words of the other.

use std::ops::Range;

use nasaq_kernels::Kernel;

use super::{SideWords, greater};
use crate::align::corridor::Corridor;
use crate::parallel;

/// Segments whose covered words are worked out together: a word that comes again is looked at once.
const TOGETHER: usize = 32;
/// Blocks come in multiples of this.
const LANES: usize = 16;

/// Where the words of some neighbouring segments stand, by kind.
struct Places {
    /// The kinds, as they come first.
    kinds: Vec<u32>,
    /// For each kind, its last place, numbered from 1 on; 0 where it is not there.
    last: Vec<u32>,
    places: Vec<Place>,
}

/// A kind of word in a segment.
struct Place {
    /// The segment, counted from the first.
    segment: u32,
    /// How often the word stands there.
    count: u32,
    /// The place of its kind before, as numbered.
    before: u32,
}

impl Places {
    fn new(side: &SideWords, segments: Range<usize>) -> Self {
        let mut kinds = Vec::new();
        let mut last = vec![0_u32; side.matches.kinds()];
        let words = side.bounds[segments.end] - side.bounds[segments.start];
        let mut places: Vec<Place> = Vec::with_capacity(words);
        for (segment, words) in segments.enumerate() {
            let earlier = places.len();
            for &kind in side.segment(words) {
                let before = last[kind as usize];
                if before as usize > earlier {
                    places[before as usize - 1].count += 1;
                    continue;
                }
                if before == 0 {
                    kinds.push(kind);
                }
                places.push(Place { segment: segment as u32, count: 1, before });
                last[kind as usize] = places.len() as u32;
            }
        }
        Self { kinds, last, places }
    }

    /// Gives a kind's places, the last first.
    fn of(&self, kind: u32) -> impl Iterator<Item = &Place> {
        let mut next = self.last[kind as usize];
        std::iter::from_fn(move || {
            let place = self.places.get((next as usize).wrapping_sub(1))?;
            next = place.before;
            Some(place)
        })
    }
}

/// How much weight of one segment the blocks of the other side near it cover.
struct Covered {
    /// The first segments of the blocks.
    blocks: Range<usize>,
    /// Numbers from one size to the next.
    stride: usize,
    /// By size, then by first segment.
    weights: Vec<f32>,
}

impl Covered {
    /// Works it out for neighbouring segments, given the first segments of the blocks near each, for
    /// blocks of 1 to `most` segments.
    fn together(
        kernel: Kernel,
        own: &SideWords,
        other: &SideWords,
        segments: Range<usize>,
        blocks: &[Range<usize>],
        most: usize,
    ) -> Vec<Self> {
        let mut all: Vec<Self> = blocks
            .iter()
            .map(|blocks| {
                let stride = blocks.len().next_multiple_of(LANES);
                Self { blocks: blocks.clone(), stride, weights: vec![0.0; most * stride] }
            })
            .collect();
        let from = blocks.iter().map(|blocks| blocks.start).min().unwrap_or(0);
        let to = blocks.iter().map(|blocks| blocks.end).max().unwrap_or(from);
        let own_places = Places::new(own, from..(to + most - 1).clamp(from, own.segments()));
        let other_places = Places::new(other, segments);
        // How well each segment's words match the word at hand; past the last they do not.
        let mut best = vec![0.0_f32; to - from + most + LANES];
        for &kind in &other_places.kinds {
            let (mut first, mut last) = (usize::MAX, 0);
            for &(match_, value) in other.matches.of(kind) {
                for place in own_places.of(match_) {
                    let at = place.segment as usize;
                    best[at] = greater(value, best[at]);
                    (first, last) = (first.min(at), last.max(at));
                }
            }
            if first == usize::MAX {
                continue;
            }
            for place in other_places.of(kind) {
                let Self { blocks, stride, weights } = &mut all[place.segment as usize];
                // Only blocks that reach so far match at all.
                let start = (first + 1).saturating_sub(most).max(blocks.start - from);
                let end = (last + 1).min(blocks.end - from);
                if start < end {
                    let weight = other.weights[kind as usize] * place.count as f32;
                    let skipped = blocks.start - from;
                    let part = start - skipped..end - skipped;
                    kernel.add_run_maxima(&best[skipped..], weight, part, weights, *stride);
                }
            }
            best[first..=last].fill(0.0);
        }
        all
    }
}

/// For each block of one side, how much weight of the other side's segments it covers.
pub(super) struct Coverage {
    /// By the block's first segment: the first segment of the other side that is looked at, how
    /// many are, and the running sums of what blocks of 1, 2, … segments cover of them.
    rows: Vec<(usize, usize, Vec<f32>)>,
}

impl Coverage {
    /// Works out what blocks of up to `most` segments cover of the other side's segments `near` them,
    /// a range by the block's first segment whose ends never go back.
    pub(super) fn new(
        kernel: Kernel,
        [own, other]: [&SideWords; 2],
        most: usize,
        near: impl Fn(usize) -> (usize, usize),
    ) -> Self {
        let near: Vec<(usize, usize)> = (0..own.segments())
            .map(|first| {
                let (from, to) = near(first);
                (from.min(other.segments()), to.min(other.segments()))
            })
            .collect();
        let covered = parallel::map(other.segments().div_ceil(TOGETHER), |part| {
            let segments = part * TOGETHER..((part + 1) * TOGETHER).min(other.segments());
            let blocks: Vec<Range<usize>> = segments
                .clone()
                .map(|segment| {
                    let from = near.partition_point(|near| near.1 <= segment);
                    from..near.partition_point(|near| near.0 <= segment).max(from)
                })
                .collect();
            Covered::together(kernel, own, other, segments, &blocks, most)
        });
        let covered: Vec<Covered> = covered.into_iter().flatten().collect();
        let rows = parallel::map(own.segments(), |first| {
            let (from, to) = near[first];
            let width = to - from + 1;
            let sizes = most.min(own.segments() - first);
            let mut sums = vec![0.0_f32; sizes * width];
            for (size, sums) in sums.chunks_exact_mut(width).enumerate() {
                let mut sum = 0.0_f32;
                for (next, covered) in sums[1..].iter_mut().zip(&covered[from..to]) {
                    sum += covered.weights[size * covered.stride + first - covered.blocks.start];
                    *next = sum;
                }
            }
            (from, width, sums)
        });
        Self { rows }
    }

    /// Gives the running sums of a block at `count` boundaries of the other side from `from` on, all
    /// of which were looked at.
    #[inline]
    pub(super) fn sums(&self, first: usize, size: usize, from: usize, count: usize) -> &[f32] {
        let (start, width, sums) = &self.rows[first];
        &sums[(size - 1) * width..][..*width][from - start..][..count]
    }

    /// Gives the weight of the other side's segments `from..to` that a block covers; 0 for
    /// segments too far from it.
    #[inline]
    pub(super) fn covered(&self, first: usize, size: usize, from: usize, to: usize) -> f32 {
        let (start, width, sums) = &self.rows[first];
        let row = &sums[(size - 1) * width..size * width];
        let at = |segment: usize| row[segment.saturating_sub(*start).min(width - 1)];
        at(to) - at(from)
    }
}

/// A coverage by boundary of the other side and no longer by block, so that the blocks that start
/// side by side stand side by side.
pub(super) struct Turned {
    /// By boundary: the first block's first segment, how many blocks there are, and of blocks of 1, 2,
    /// … segments the running sum at the boundary.
    rows: Vec<(usize, usize, Vec<f32>)>,
}

impl Turned {
    /// Turns the coverage by target blocks, for beads in the corridor of up to `most` segments.
    pub(super) fn new(coverage: &Coverage, corridor: &Corridor, n: usize, most: usize) -> Self {
        let m = coverage.rows.len();
        let rows = parallel::map(n + 1, |i| {
            // Beads that end here may have started so many rows above.
            let from = corridor.row(i.saturating_sub(most)).0;
            let width = (corridor.row(i).1 + 1).min(m) - from.min(m);
            let mut sums = vec![0.0; most.min(m) * width];
            for (at, (start, own_width, own)) in
                coverage.rows[from.min(m)..][..width].iter().enumerate()
            {
                let place = i.saturating_sub(*start).min(own_width - 1);
                for (size, own) in own.chunks_exact(*own_width).enumerate() {
                    sums[size * width + at] = own[place];
                }
            }
            (from, width, sums)
        });
        Self { rows }
    }

    /// Gives the running sums at a boundary for `count` blocks of `size` segments from `first` on.
    #[inline]
    pub(super) fn sums(&self, boundary: usize, size: usize, first: usize, count: usize) -> &[f32] {
        let (from, width, sums) = &self.rows[boundary];
        &sums[(size - 1) * width + first - from..][..count]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FarCoverage, Lexical, document_words};
    use super::*;
    use crate::Lexicon;
    use crate::align::tuning::Tuning;

    /// Words that match well and badly, come twice, and come again in later segments.
    fn lexical(most: usize) -> (Lexical, [usize; 2]) {
        let mut lexicon = Lexicon::empty();
        for (arabic, english, similarity) in
            [("كتاب", "book", 0.9), ("كتاب", "letter", 0.3), ("رسالة", "letter", 0.8)]
        {
            lexicon.insert(arabic, english, similarity);
        }
        let src = ["كتاب 12", "رسالة", "باب 7 كتاب", "12", ""];
        let tgt = ["a letter 12", "book book", "gate 7", "letter 12 7", "end"];
        let words = document_words(&Tuning::default().score, &lexicon, [&src, &tgt]);
        let sizes = [src.len(), tgt.len()];
        let corridor = Corridor::everything((sizes[0], sizes[1]));
        (Lexical::new(Kernel::detect(), &Tuning::default(), words, &corridor, most), sizes)
    }

    #[test]
    fn coverage_is_that_of_the_words_one_by_one() {
        let (lexical, [n, m]) = lexical(5);
        let mut far = FarCoverage::new(&lexical, [0..n, 0..m], 4);
        let mut greatest = 0.0_f32;
        for (a, b) in (1..5).flat_map(|a| (1..5).map(move |b| (a, b))) {
            for i in 0..=n - a {
                let mut row = vec![0.0; m + 1 - b];
                lexical.add_coverage((a, b), (i, 0), 1.0, &lexical.block_shares(b), &mut row);
                for (j, &sum) in row.iter().enumerate() {
                    let (tgt, src) = lexical.coverage((a, b), i, j);
                    let one_by_one = far.coverage(i..i + a, j..j + b);
                    assert!((sum - tgt - src).abs() < 1e-6, "{a}-{b} at {i}, {j}: {sum}");
                    assert!((sum / 2.0 - one_by_one).abs() < 1e-6, "{a}-{b} at {i}, {j}: {sum}");
                    greatest = greatest.max(sum);
                }
            }
        }
        assert!(greatest > 0.5, "something matches: {greatest}");
    }

    #[test]
    fn what_is_around_a_null_may_be_longer_than_the_longest_bead() {
        let (small, [n, m]) = lexical(2);
        let (large, _) = lexical(10);
        for (i, j) in (0..n).flat_map(|i| (0..m).map(move |j| (i, j))) {
            assert_eq!(small.src_null(i, j), large.src_null(i, j));
            assert_eq!(small.tgt_null(j, i), large.tgt_null(j, i));
        }
    }
}
