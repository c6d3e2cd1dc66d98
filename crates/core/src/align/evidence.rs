//! What the vectors and lengths say about a document, near the corridor.

use nasaq_kernels::{ByteRows, Kernel};

use super::band::{Bands, Pair};
use super::corridor::Corridor;
use super::vectors::SideVectors;

/// One side of a document, or of a piece of it.
pub(crate) struct Side {
    /// The vectors of its segments.
    pub(crate) vectors: SideVectors,
    /// Lengths of the normalised segments, in code points.
    pub(crate) lengths: Vec<u32>,
    /// Which segments look like page furniture.
    pub(crate) furniture: Vec<bool>,
}

impl Side {
    pub(crate) fn len(&self) -> usize {
        self.lengths.len()
    }
}

/// The shape of a bead: source and target segments, both at least one.
pub(crate) type Shape = (usize, usize);

/// Gives all shapes of at most `most` segments on both sides together, smallest first.
pub(crate) fn shapes(most: usize) -> Vec<Shape> {
    let mut shapes: Vec<Shape> =
        (1..most).flat_map(|a| (1..=most - a).map(move |b| (a, b))).collect();
    shapes.sort_by_key(|&(a, b)| (a + b, a));
    shapes
}

/// Room for the cosines of a row of beads with their neighbours: on the left and the right, above
/// and below.
#[derive(Default)]
pub(crate) struct Beside([Vec<f32>; 4]);

/// Cosines of blocks and windows near the corridor.
pub(crate) struct Evidence<'v> {
    pub(crate) shapes: Vec<Shape>,
    /// Cosines of the blocks of each shape, by their first segments.
    cosines: Bands<'v>,
    /// Number of a shape's pair.
    pair_of: Vec<Vec<Option<usize>>>,
    /// Cosines of the windows after each pair of boundaries, one a window length.
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
        most: usize,
    ) -> Self {
        let m = tgt.blocks[0].len();
        let shapes: Vec<Shape> = shapes(most)
            .into_iter()
            .filter(|&(a, b)| a <= src.blocks.len() && b <= tgt.blocks.len())
            .collect();
        // The shapes of one target size follow each other, so that its blocks stay in the cache.
        let mut pairs = shapes.clone();
        pairs.sort_by_key(|&(a, b)| (b, a));
        let mut pair_of = vec![vec![None; most]; most];
        for (pair, &(a, b)) in pairs.iter().enumerate() {
            pair_of[a][b] = Some(pair);
        }
        let blocks = |&(a, b): &Shape| (src.blocks[a - 1].all(), tgt.blocks[b - 1].all());
        let cosines = Bands::new(kernel, pairs.iter().map(blocks).collect(), |pair, i| {
            near(corridor, pairs[pair], i, m)
        });
        let corners = |src_windows: &'v [ByteRows], tgt_windows: &'v [ByteRows]| {
            let pairs: Vec<Pair<'v>> =
                src_windows.iter().zip(tgt_windows).map(|(a, b)| (a.all(), b.all())).collect();
            Bands::new(kernel, pairs, |_, i| {
                let (low, high) = corridor.row(i);
                (low.saturating_sub(1), high + 2)
            })
        };
        Self {
            cosines,
            pair_of,
            after: corners(&src.after, &tgt.after),
            before: corners(&src.before, &tgt.before),
            shapes,
        }
    }

    /// Gives the cosine of `a` source segments from `i` with `b` target segments from `j`.
    ///
    /// # Panics
    /// Where the blocks do not lie in the document or are longer than the longest bead.
    #[inline]
    pub(crate) fn cosine(&self, (a, b): Shape, i: usize, j: usize) -> f32 {
        self.cosines.get(self.pair((a, b)), i, j)
    }

    /// Tells whether beads may have a shape.
    pub(crate) fn has(&self, (a, b): Shape) -> bool {
        self.pair_of.get(a).and_then(|row| row.get(b)).is_some_and(Option::is_some)
    }

    /// Gives the number of a shape's pair.
    #[inline]
    fn pair(&self, (a, b): Shape) -> usize {
        self.pair_of[a][b].expect("a shape of the lattice")
    }

    /// Writes how well the beads of a shape match that start at `(i, j)` and the boundaries after
    /// it: the cosine of their sides less `weight` times the mean cosine of either side with what lies
    /// right beside the other.
    ///
    /// A pair that also fits its neighbours is no better than they are.
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
            // Inside the document all stand there, and mostly as slices.
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
        let most = 2 + usize::from(i > 0) + usize::from(i + a < n);
        let neighbours = left.iter().zip(right.iter()).zip(above.iter().zip(below.iter()));
        for (at, (out, ((left, right), (above, below)))) in
            out.iter_mut().zip(neighbours).enumerate()
        {
            let less = usize::from(j + at == 0) + usize::from(j + at + b == m);
            // Without any neighbour the sum is zero.
            let count = (most - less).max(1) as f32;
            *out -= weight * ((left + right + above + below) / count);
        }
    }

    /// Gives how much better the running texts right after (or before) a corner match than those
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

/// Gives the range of target segments where blocks start whose cosines with `a` source segments from
/// `i` are asked for: those of beads in the corridor, and of neighbours beside them.
fn near(corridor: &Corridor, (a, b): Shape, i: usize, m: usize) -> (usize, usize) {
    let starts = corridor.starts((a, b), i, m);
    let (mut from, mut to) = (starts.start, starts.end);
    if b == 1 {
        // On the left and the right of beads of as many source segments.
        from = from.min(corridor.row(i).0.saturating_sub(1));
        to = to.max(corridor.row(i + a).1);
    }
    if a == 1 {
        // Above and below beads of as many target segments.
        from = from.min(corridor.row(i).0.saturating_sub(b));
        to = to.max(corridor.row(i + 1).1 + 1);
    }
    (from, to)
}

/// Gives the mean cosine of all single segments of one side with all of the other, each side in
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

/// Gives the median; the mean of the middle two where their number is even.
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
    fn the_shapes_are_those_of_at_most_ten_segments() {
        let shapes = shapes(10);
        assert_eq!(shapes.len(), 45);
        for shape in [(1, 1), (1, 8), (8, 1), (2, 8), (8, 2), (3, 3), (1, 9), (5, 5)] {
            assert!(shapes.contains(&shape), "{shape:?}");
        }
    }

    #[test]
    fn a_median_is_the_middle_value() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
