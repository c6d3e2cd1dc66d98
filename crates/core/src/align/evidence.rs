//! The cosines of beads and corners near the corridor.

use std::ops::Range;
use std::sync::Arc;

use nasaq_kernels::{Int8Rows, Kernel};

use super::band::{Bands, SetPair};
use super::corridor::Corridor;
use super::grid::{Shape, shapes};
use super::vectors::SideVectors;

/// A buffer for the cosines of a row of beads with their neighbours: on the left and the right,
/// above and below.
#[derive(Default)]
pub(crate) struct Beside([Vec<f32>; 4]);

/// Cosines of blocks and windows near the corridor.
pub(crate) struct Evidence<'v> {
    pub(crate) shapes: Vec<Shape>,
    kernel: Kernel,
    /// Cosines of the blocks of each shape, by their first segments.
    cosines: Bands<'v>,
    /// Index of a shape's pair of sets in `cosines`.
    pair_of: Vec<Vec<Option<usize>>>,
    /// Cosines of the windows after each pair of boundaries, one set for each window length.
    after: Bands<'v>,
    /// The same before it.
    before: Bands<'v>,
}

impl<'v> Evidence<'v> {
    pub(crate) fn new(
        kernel: Kernel,
        src: &'v SideVectors,
        tgt: &'v SideVectors,
        corridor: &Corridor,
        max_segments: usize,
    ) -> Self {
        let m = tgt.blocks[0].len();
        let shapes: Vec<Shape> = shapes(max_segments)
            .into_iter()
            .filter(|&(a, b)| a <= src.blocks.len() && b <= tgt.blocks.len())
            .collect();
        // Shapes with equal target blocks are neighbours, so that these blocks stay in the cache.
        let mut pairs = shapes.clone();
        pairs.sort_by_key(|&(a, b)| (b, a));
        let mut pair_of = vec![vec![None; max_segments]; max_segments];
        for (pair, &(a, b)) in pairs.iter().enumerate() {
            pair_of[a][b] = Some(pair);
        }
        let blocks = |&(a, b): &Shape| (src.blocks[a - 1].all(), tgt.blocks[b - 1].all());
        let cosines = Bands::new(kernel, pairs.iter().map(blocks).collect(), |pair, i| {
            near(corridor, pairs[pair], i, m)
        });
        let corners = |src_windows: &'v [Arc<Int8Rows>], tgt_windows: &'v [Arc<Int8Rows>]| {
            let pairs: Vec<SetPair<'v>> =
                src_windows.iter().zip(tgt_windows).map(|(a, b)| (a.all(), b.all())).collect();
            Bands::new(kernel, pairs, |_, i| corridor.row(i).widened(1).boundaries())
        };
        Self {
            cosines,
            pair_of,
            after: corners(&src.after, &tgt.after),
            before: corners(&src.before, &tgt.before),
            shapes,
            kernel,
        }
    }

    /// Returns the cosine of `a` source segments from `i` with `b` target segments from `j`.
    ///
    /// # Panics
    /// If the blocks do not lie in the document or no bead has that shape.
    #[inline]
    pub(crate) fn cosine(&self, (a, b): Shape, i: usize, j: usize) -> f32 {
        self.cosines.get(self.pair((a, b)), i, j)
    }

    /// Returns the kernel that computes them.
    pub(crate) fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// Reports whether beads can have a shape.
    pub(crate) fn has(&self, (a, b): Shape) -> bool {
        self.pair_of.get(a).and_then(|row| row.get(b)).is_some_and(Option::is_some)
    }

    /// Returns the index of a shape's pair of sets.
    #[inline]
    fn pair(&self, (a, b): Shape) -> usize {
        self.pair_of[a][b].expect("a shape of the lattice")
    }

    /// Writes the match of the beads of a shape that start at `(i, j)` and the boundaries after it:
    /// the cosine of their sides, minus `weight` times the mean cosine of each side with the
    /// segments right beside the other.
    ///
    /// A pair that fits its neighbours as well is no better than they are.
    pub(crate) fn match_row(
        &self,
        (a, b): Shape,
        (i, j): (usize, usize),
        (n, m): (usize, usize),
        weight: f32,
        beside: &mut Beside,
        out: &mut [f32],
    ) {
        let [own, of_src, of_tgt] = [(a, b), (a, 1), (1, b)].map(|shape| self.pair(shape));
        let cosines = &self.cosines;
        let count = out.len();
        if 0 < i && i + a < n && 0 < j && j + count - 1 + b < m {
            // Inside the document all neighbours exist, mostly as slices.
            let slices = (
                cosines.slice(own, i, j, count),
                cosines.slice(of_src, i, j - 1, count),
                cosines.slice(of_src, i, j + b, count),
                cosines.slice(of_tgt, i - 1, j, count),
                cosines.slice(of_tgt, i + a, j, count),
            );
            if let (Some(own), Some(left), Some(right), Some(above), Some(below)) = slices {
                let neighbours = left.iter().zip(right).zip(above.iter().zip(below));
                for (out, (own, ((left, right), (above, below)))) in
                    out.iter_mut().zip(own.iter().zip(neighbours))
                {
                    *out = own - weight * ((left + right + above + below) / 4.0);
                }
                return;
            }
        }
        for row in &mut beside.0 {
            row.clear();
            row.resize(count, 0.0);
        }
        let [left, right, above, below] = &mut beside.0;
        let at_start = usize::from(j == 0);
        let at_end = usize::from(j + count - 1 + b == m);
        cosines.copy(of_src, i, j + at_start - 1, &mut left[at_start..]);
        cosines.copy(of_src, i, j + b, &mut right[..count - at_end]);
        if i > 0 {
            cosines.copy(of_tgt, i - 1, j, above);
        }
        if i + a < n {
            cosines.copy(of_tgt, i + a, j, below);
        }
        cosines.copy(own, i, j, out);
        let rows = usize::from(i > 0) + usize::from(i + a < n);
        let neighbours = left.iter().zip(right.iter()).zip(above.iter().zip(below.iter()));
        for (at, (out, ((left, right), (above, below)))) in
            out.iter_mut().zip(neighbours).enumerate()
        {
            let missing = usize::from(j + at == 0) + usize::from(j + at + b == m);
            // Without neighbours the sum is zero.
            let count = (2 + rows - missing).max(1) as f32;
            *out -= weight * ((left + right + above + below) / count);
        }
    }

    /// Returns how much better the running texts right after (or before) a corner match than those
    /// at its four neighbours, summed over the window lengths.
    pub(crate) fn corner(&self, after: bool, i: usize, j: usize, (n, m): (usize, usize)) -> f32 {
        let bands = if after { &self.after } else { &self.before };
        bands
            .pairs()
            .map(|pair| {
                let around = bands.get(pair, i, j.saturating_sub(1))
                    + bands.get(pair, i, (j + 1).min(m))
                    + bands.get(pair, i.saturating_sub(1), j)
                    + bands.get(pair, (i + 1).min(n), j);
                bands.get(pair, i, j) - 0.25 * around
            })
            .sum()
    }
}

/// Returns the range of target segments at which blocks start whose cosines with `a` source
/// segments from `i` are needed: those of beads in the corridor, and of their neighbours.
fn near(corridor: &Corridor, (a, b): Shape, i: usize, m: usize) -> Range<usize> {
    let Range { start: mut from, end: mut to } = corridor.starts((a, b), i, m);
    if b == 1 {
        // On the left and the right of beads with as many source segments.
        from = from.min(corridor.row(i).start.saturating_sub(1));
        to = to.max(corridor.row(i + a).segments().end);
    }
    if a == 1 {
        // Above and below beads with as many target segments.
        from = from.min(corridor.row(i).start.saturating_sub(b));
        to = to.max(corridor.row(i + 1).end);
    }
    from..to
}

/// Returns the mean cosine of all single segments of one side with all of the other, each side in
/// parts.
pub(crate) fn mean_cosine<'v>(
    src: impl IntoIterator<Item = &'v SideVectors>,
    tgt: impl IntoIterator<Item = &'v SideVectors>,
) -> f32 {
    fn mean<'v>(parts: impl IntoIterator<Item = &'v SideVectors>) -> Vec<f64> {
        let (mut sum, mut count) = (Vec::new(), 0_usize);
        for part in parts {
            sum.resize(part.sum.len(), 0.0);
            sum.iter_mut().zip(&part.sum).for_each(|(sum, own)| *sum += own);
            count += part.blocks[0].len();
        }
        sum.iter().map(|sum| sum / count as f64).collect()
    }
    mean(src).iter().zip(mean(tgt)).map(|(a, b)| a * b).sum::<f64>() as f32
}

/// Returns the median: the mean of the middle two if there is an even number.
pub(crate) fn median(values: &mut [f32]) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some((lower + upper) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_value() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
