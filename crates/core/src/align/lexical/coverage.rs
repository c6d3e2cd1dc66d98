//! Which part of the words of one side the blocks of the other cover.

use std::ops::Range;

use nasaq_kernels::Kernel;

use super::{SideWords, larger};
use crate::align::corridor::Corridor;
use crate::parallel;

/// Segments whose covered words are computed together: repeated words are looked up once.
const TOGETHER: usize = 32;
/// The number of blocks is rounded up to a multiple of this.
const LANES: usize = 16;

/// The occurrences of words in some neighbouring segments, by kind.
struct Occurrences {
    /// The kinds, in the order of first occurrence.
    kinds: Vec<u32>,
    /// For each kind, one plus the index of its last occurrence; 0 if it does not occur.
    last: Vec<u32>,
    all: Vec<Occurrence>,
}

/// A kind of word in a segment.
struct Occurrence {
    /// The segment, counted from the first.
    segment: u32,
    /// How often the word occurs in it.
    count: u32,
    /// One plus the index of the previous occurrence of its kind; 0 if there is none.
    before: u32,
}

impl Occurrences {
    fn new(side: &SideWords, segments: Range<usize>) -> Self {
        let mut kinds = Vec::new();
        let mut last = vec![0_u32; side.matches.kinds()];
        let words = side.bounds[segments.end] - side.bounds[segments.start];
        let mut all: Vec<Occurrence> = Vec::with_capacity(words);
        for (segment, words) in segments.enumerate() {
            let earlier = all.len();
            for &kind in side.segment(words) {
                let before = last[kind as usize];
                if before as usize > earlier {
                    all[before as usize - 1].count += 1;
                    continue;
                }
                if before == 0 {
                    kinds.push(kind);
                }
                all.push(Occurrence { segment: segment as u32, count: 1, before });
                last[kind as usize] = all.len() as u32;
            }
        }
        Self { kinds, last, all }
    }

    /// Returns a kind's occurrences, the last one first.
    fn of(&self, kind: u32) -> impl Iterator<Item = &Occurrence> {
        let mut next = self.last[kind as usize];
        std::iter::from_fn(move || {
            let found = self.all.get((next as usize).wrapping_sub(1))?;
            next = found.before;
            Some(found)
        })
    }
}

/// The weight of one segment that the blocks of the other side near it cover.
struct Covered {
    /// The first segments of the blocks.
    blocks: Range<usize>,
    /// Distance from one size to the next in `weights`.
    stride: usize,
    /// By size, then by first segment.
    weights: Vec<f32>,
}

impl Covered {
    /// Computes it for neighbouring segments, given the first segments of the blocks near each, for
    /// blocks of 1 to `max_block` segments.
    fn together(
        kernel: Kernel,
        own: &SideWords,
        other: &SideWords,
        segments: Range<usize>,
        blocks: &[Range<usize>],
        max_block: usize,
    ) -> Vec<Self> {
        let mut all: Vec<Self> = blocks
            .iter()
            .map(|blocks| {
                let stride = blocks.len().next_multiple_of(LANES);
                Self { blocks: blocks.clone(), stride, weights: vec![0.0; max_block * stride] }
            })
            .collect();
        let from = blocks.iter().map(|blocks| blocks.start).min().unwrap_or(0);
        let to = blocks.iter().map(|blocks| blocks.end).max().unwrap_or(from);
        let own_words =
            Occurrences::new(own, from..(to + max_block - 1).clamp(from, own.segments()));
        let other_words = Occurrences::new(other, segments);
        // How well each segment's words match the current word; 0 past the last segment.
        let mut best = vec![0.0_f32; to - from + max_block + LANES];
        for &kind in &other_words.kinds {
            let (mut first, mut last) = (usize::MAX, 0);
            for &(match_, value) in other.matches.of(kind) {
                for found in own_words.of(match_) {
                    let at = found.segment as usize;
                    best[at] = larger(value, best[at]);
                    (first, last) = (first.min(at), last.max(at));
                }
            }
            if first == usize::MAX {
                continue;
            }
            for found in other_words.of(kind) {
                let Self { blocks, stride, weights } = &mut all[found.segment as usize];
                // Only blocks that contain a matching segment.
                let start = (first + 1).saturating_sub(max_block).max(blocks.start - from);
                let end = (last + 1).min(blocks.end - from);
                if start < end {
                    let weight = other.weights[kind as usize] * found.count as f32;
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

/// Running sums over a range of segments or blocks, for several sizes of blocks.
struct SumRow {
    /// The first of the range.
    from: usize,
    /// The number of sums of one size.
    width: usize,
    /// Those of blocks of one segment, then of two, and so on.
    sums: Vec<f32>,
}

impl SumRow {
    #[inline]
    fn of_size(&self, size: usize) -> &[f32] {
        &self.sums[(size - 1) * self.width..][..self.width]
    }
}

/// For each block of one side, the weight of the other side's segments that it covers.
pub(super) struct Coverage {
    /// By the block's first segment.
    rows: Vec<SumRow>,
}

impl Coverage {
    /// Computes what blocks of up to `max_block` segments cover of the other side's segments `near`
    /// them, a range by the block's first segment whose ends never decrease.
    pub(super) fn new(
        kernel: Kernel,
        [own, other]: [&SideWords; 2],
        max_block: usize,
        near: impl Fn(usize) -> Range<usize>,
    ) -> Self {
        let near: Vec<Range<usize>> = (0..own.segments())
            .map(|first| {
                let Range { start, end } = near(first);
                start.min(other.segments())..end.min(other.segments())
            })
            .collect();
        let covered = parallel::map(other.segments().div_ceil(TOGETHER), |part| {
            let segments = part * TOGETHER..((part + 1) * TOGETHER).min(other.segments());
            let blocks: Vec<Range<usize>> = segments
                .clone()
                .map(|segment| {
                    let from = near.partition_point(|near| near.end <= segment);
                    from..near.partition_point(|near| near.start <= segment).max(from)
                })
                .collect();
            Covered::together(kernel, own, other, segments, &blocks, max_block)
        });
        let covered: Vec<Covered> = covered.into_iter().flatten().collect();
        let rows = parallel::map(own.segments(), |first| {
            let Range { start: from, end: to } = near[first];
            let width = to - from + 1;
            let sizes = max_block.min(own.segments() - first);
            let mut sums = vec![0.0_f32; sizes * width];
            for (size, sums) in sums.chunks_exact_mut(width).enumerate() {
                let mut sum = 0.0_f32;
                for (next, covered) in sums[1..].iter_mut().zip(&covered[from..to]) {
                    sum += covered.weights[size * covered.stride + first - covered.blocks.start];
                    *next = sum;
                }
            }
            SumRow { from, width, sums }
        });
        Self { rows }
    }

    /// Returns the running sums of a block at `count` boundaries of the other side from `from` on,
    /// all of which lie near it.
    #[inline]
    pub(super) fn sums(&self, first: usize, size: usize, from: usize, count: usize) -> &[f32] {
        let row = &self.rows[first];
        &row.of_size(size)[from - row.from..][..count]
    }

    /// Returns the weight of the other side's segments `from..to` that a block covers; 0 for
    /// segments too far from it.
    #[inline]
    pub(super) fn covered(&self, first: usize, size: usize, from: usize, to: usize) -> f32 {
        let row = &self.rows[first];
        let sums = row.of_size(size);
        let at = |segment: usize| sums[segment.saturating_sub(row.from).min(row.width - 1)];
        at(to) - at(from)
    }
}

/// A coverage by boundary of the other side, so that the sums of neighbouring blocks are neighbours
/// in memory.
pub(super) struct CoverageByBoundary {
    /// By boundary; in a row, the sums of the blocks by first segment.
    rows: Vec<SumRow>,
}

impl CoverageByBoundary {
    /// Transposes the coverage by target blocks, for beads in the corridor of up to `max_block`
    /// segments a side.
    pub(super) fn new(
        coverage: &Coverage,
        corridor: &Corridor,
        n: usize,
        max_block: usize,
    ) -> Self {
        let m = coverage.rows.len();
        let rows = parallel::map(n + 1, |i| {
            // Beads that end here may start that many rows above.
            let from = corridor.row(i.saturating_sub(max_block)).start;
            let width = corridor.row(i).end.min(m) - from.min(m);
            let mut sums = vec![0.0; max_block.min(m) * width];
            for (at, block) in coverage.rows[from.min(m)..][..width].iter().enumerate() {
                let place = i.saturating_sub(block.from).min(block.width - 1);
                for (size, of_size) in block.sums.chunks_exact(block.width).enumerate() {
                    sums[size * width + at] = of_size[place];
                }
            }
            SumRow { from, width, sums }
        });
        Self { rows }
    }

    /// Returns the running sums at a boundary for `count` blocks of `size` segments from `first`
    /// on.
    #[inline]
    pub(super) fn sums(&self, boundary: usize, size: usize, first: usize, count: usize) -> &[f32] {
        let row = &self.rows[boundary];
        &row.sums[(size - 1) * row.width + first - row.from..][..count]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FarCoverage, Lexical, document_words};
    use super::*;
    use crate::Lexicon;
    use crate::align::sides::Sides;
    use crate::align::tuning::Tuning;

    /// Words that match well and badly, occur twice, and occur again in later segments.
    fn lexical(max_segments: usize) -> (Lexical, [usize; 2]) {
        let mut lexicon = Lexicon::empty();
        for (arabic, english, similarity) in
            [("كتاب", "book", 0.9), ("كتاب", "letter", 0.3), ("رسالة", "letter", 0.8)]
        {
            lexicon.insert(arabic, english, similarity);
        }
        let src = ["كتاب 12", "رسالة", "باب 7 كتاب", "12", ""];
        let tgt = ["a letter 12", "book book", "gate 7", "letter 12 7", "end"];
        let words = document_words(&Tuning::default().score, &lexicon, Sides::new(&src, &tgt));
        let sizes = [src.len(), tgt.len()];
        let corridor = Corridor::everything((sizes[0], sizes[1]));
        (Lexical::new(Kernel::detect(), &Tuning::default(), words, &corridor, max_segments), sizes)
    }

    #[test]
    fn coverage_is_that_of_the_words_one_by_one() {
        let (lexical, [n, m]) = lexical(5);
        let mut far = FarCoverage::new(&lexical, [0..n, 0..m], 4);
        let mut max = 0.0_f32;
        for (a, b) in (1..5).flat_map(|a| (1..5).map(move |b| (a, b))) {
            for i in 0..=n - a {
                let mut row = vec![0.0; m + 1 - b];
                lexical.add_coverage((a, b), (i, 0), 1.0, &lexical.block_shares(b), &mut row);
                for (j, &sum) in row.iter().enumerate() {
                    let (tgt, src) = lexical.coverage((a, b), i, j);
                    let one_by_one = far.coverage(i..i + a, j..j + b);
                    assert!((sum - tgt - src).abs() < 1e-6, "{a}-{b} at {i}, {j}: {sum}");
                    assert!((sum / 2.0 - one_by_one).abs() < 1e-6, "{a}-{b} at {i}, {j}: {sum}");
                    max = max.max(sum);
                }
            }
        }
        assert!(max > 0.5, "something matches: {max}");
    }

    #[test]
    fn the_text_around_a_null_may_be_longer_than_the_longest_bead() {
        let (small, [n, m]) = lexical(2);
        let (large, _) = lexical(10);
        for (i, j) in (0..n).flat_map(|i| (0..m).map(move |j| (i, j))) {
            assert_eq!(small.src_null(i, j), large.src_null(i, j));
            assert_eq!(small.tgt_null(j, i), large.tgt_null(j, i));
        }
    }

    #[test]
    fn few_words_have_a_low_coverage() {
        let tuning = Tuning::default();
        let (src, tgt) = (["a", "12"], ["ب", "12"]);
        let words = document_words(&tuning.score, &Lexicon::empty(), Sides::new(&src, &tgt));
        let corridor = Corridor::everything((2, 2));
        let lexical = Lexical::new(Kernel::detect(), &tuning, words, &corridor, 4);
        // The weight of a word in one of two segments; one without a counterpart has a quarter.
        let weight = 3.0_f32.ln();
        let (of_tgt, of_src) = lexical.coverage((1, 1), 1, 1);
        assert!((of_tgt - weight / (weight + 2.0)).abs() < 1e-6, "{of_tgt}");
        assert_eq!(of_tgt, of_src);
        let (whole, _) = lexical.coverage((2, 2), 0, 0);
        assert!((whole - weight / (1.25 * weight + 2.0)).abs() < 1e-6, "{whole}");
        // Right after the corner (1, 1) both words match, in the near view and in the far one.
        let corner = &lexical.corners[1];
        let after = corner.after[1 - corner.start];
        assert!((after - 2.0 * weight / (2.0 * weight + 3.0)).abs() < 1e-5, "{after}");
        assert_eq!(corner.before[1 - corner.start], 0.0);
        // At the corner (1, 2) they match across it: 12 after it with 12 before it.
        let across = corner.across[2 - corner.start];
        let around = 2.0 * 1.25 * weight;
        assert!((across - 2.0 * weight / (around + 3.0)).abs() < 1e-5, "{across}");
    }
}
