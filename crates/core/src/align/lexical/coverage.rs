//! What blocks of one side cover of the words of the other.

use super::SideWords;
use crate::align::corridor::Corridor;
use crate::parallel;

/// In which segments of a side each kind of word stands.
struct Places {
    /// Where each kind's segments start in `segments`, and the end.
    bounds: Vec<usize>,
    /// The segments of each kind in ascending order, once for each token.
    segments: Vec<u32>,
}

impl Places {
    fn new(side: &SideWords) -> Self {
        let mut bounds = vec![0; side.matches.len() + 1];
        for &kind in &side.tokens {
            bounds[kind as usize + 1] += 1;
        }
        for kind in 1..bounds.len() {
            bounds[kind] += bounds[kind - 1];
        }
        let mut next = bounds.clone();
        let mut segments = vec![0; side.tokens.len()];
        for segment in 0..side.segments() {
            for &kind in side.segment(segment) {
                segments[next[kind as usize]] = segment as u32;
                next[kind as usize] += 1;
            }
        }
        Self { bounds, segments }
    }

    /// Gives the segments of a kind; of many those alone that are in `from..to`.
    fn near(&self, kind: u32, from: usize, to: usize) -> &[u32] {
        /// So many are looked at faster than searched.
        const FEW: usize = 16;
        let all = &self.segments[self.bounds[kind as usize]..self.bounds[kind as usize + 1]];
        if all.len() <= FEW {
            return all;
        }
        let before = |bound: usize| all.partition_point(|&segment| (segment as usize) < bound);
        &all[before(from)..before(to)]
    }
}

/// For each block of one side, how much weight of the other side's segments it covers.
pub(super) struct Coverage {
    /// By the block's first segment: the first segment of the other side that is looked at, how
    /// many are, and the running sums of what blocks of 1, 2, … segments cover of them.
    rows: Vec<(usize, usize, Vec<f32>)>,
}

impl Coverage {
    pub(super) fn new(
        own: &SideWords,
        other: &SideWords,
        most: usize,
        near: impl Fn(usize) -> (usize, usize) + Sync + Send,
    ) -> Self {
        let places = Places::new(other);
        let rows = parallel::map(own.segments(), |first| {
            let (from, to) = near(first);
            let to = to.min(other.segments());
            let from = from.min(to);
            let width = to - from + 1;
            let sizes = most.min(own.segments() - first);
            let mut sums = Vec::with_capacity(sizes * width);
            let mut best = vec![0.0_f32; other.matches.len()];
            let mut covered = vec![0.0_f32; to - from];
            for size in 1..=sizes {
                for &kind in own.segment(first + size - 1) {
                    for &(match_, value) in &own.matches[kind as usize] {
                        let best = &mut best[match_ as usize];
                        if value > *best {
                            let more = other.weights[match_ as usize] * (value - *best);
                            *best = value;
                            for &segment in places.near(match_, from, to) {
                                let place = (segment as usize).wrapping_sub(from);
                                if let Some(covered) = covered.get_mut(place) {
                                    *covered += more;
                                }
                            }
                        }
                    }
                }
                let mut sum = 0.0_f32;
                sums.push(sum);
                for covered in &covered {
                    sum += covered;
                    sums.push(sum);
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
    use super::super::{Lexical, document_words};
    use super::*;
    use crate::Lexicon;

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
        let words = document_words(&lexicon, [&src, &tgt]);
        let sizes = [src.len(), tgt.len()];
        let corridor = Corridor::everything((sizes[0], sizes[1]));
        (Lexical::new(words, &corridor, most), sizes)
    }

    #[test]
    fn coverage_is_that_of_the_words_one_by_one() {
        let (lexical, [n, m]) = lexical(5);
        let mut greatest = 0.0_f32;
        for (a, b) in (1..5).flat_map(|a| (1..5).map(move |b| (a, b))) {
            for i in 0..=n - a {
                let mut row = vec![0.0; m + 1 - b];
                lexical.add_coverage((a, b), (i, 0), 1.0, &mut row);
                for (j, &sum) in row.iter().enumerate() {
                    let (tgt, src) = lexical.coverage((a, b), i, j);
                    let one_by_one = lexical.far_coverage(i..i + a, j..j + b);
                    assert!((sum - tgt - src).abs() < 1e-6, "{a}-{b} at {i}, {j}: {sum}");
                    assert!((sum / 2.0 - one_by_one).abs() < 1e-6, "{a}-{b} at {i}, {j}: {sum}");
                    greatest = greatest.max(sum);
                }
            }
        }
        assert!(greatest > 0.5, "something matches: {greatest}");
    }
}
