//! The comparison of every segment with all of the other side.

use std::ops::Range;

use nasaq_kernels::{Int8RowsRef, Kernel};

use super::corridor::Corridor;
use super::grid::Shape;
use super::sides::Sides;
use super::vectors::SideVectors;
use crate::parallel;

/// Vectors of either side that are compared together: they stay in the cache.
const TILE: [usize; 2] = [256, 32];

/// Cosines of single segments with the short blocks of the other side.
pub(crate) struct Compared {
    /// Each segment's maximum cosine.
    pub(crate) best: Sides<Vec<f32>>,
    /// For each shape that was compared, the cosines of its beads in a corridor, by the state where
    /// they start; 0 for states where none starts.
    pub(crate) near: Vec<(Shape, Vec<f32>)>,
}

/// The same for one shape and the source blocks that start in a run of segments.
struct ComparedPart {
    best_src: Vec<f32>,
    best_tgt: Vec<f32>,
    near: Vec<f32>,
}

impl Compared {
    /// Compares them, blocks having up to `max_block` segments, and retains the cosines in a
    /// corridor if one is passed.
    pub(crate) fn new(
        kernel: Kernel,
        max_block: usize,
        Sides { src, tgt }: Sides<&SideVectors>,
        near: Option<&Corridor>,
    ) -> Self {
        let sizes = |side: &SideVectors| 2..=max_block.min(side.blocks.len());
        let shapes: Vec<Shape> = [(1, 1)]
            .into_iter()
            .chain(sizes(tgt).map(|b| (1, b)))
            .chain(sizes(src).map(|a| (a, 1)))
            .collect();
        let parts: Vec<(usize, Range<usize>)> = shapes
            .iter()
            .enumerate()
            .flat_map(|(shape, &(a, _))| {
                let starts = src.rows(a);
                (0..starts)
                    .step_by(TILE[0])
                    .map(move |from| (shape, from..(from + TILE[0]).min(starts)))
            })
            .collect();
        let compared = parallel::map(parts.len(), |at| {
            let (shape, starts) = &parts[at];
            ComparedPart::new(kernel, Sides::new(src, tgt), shapes[*shape], starts.clone(), near)
        });
        let mut best = Sides::new(src, tgt).map(|side| vec![f32::NEG_INFINITY; side.rows(1)]);
        let states = near.map_or(0, Corridor::states);
        let mut all: Vec<(Shape, Vec<f32>)> =
            shapes.iter().map(|&shape| (shape, Vec::with_capacity(states))).collect();
        for ((shape, starts), part) in parts.into_iter().zip(&compared) {
            raise(&mut best.src[starts.start..], &part.best_src);
            raise(&mut best.tgt, &part.best_tgt);
            all[shape].1.extend_from_slice(&part.near);
        }
        all.iter_mut().for_each(|(_, near)| near.resize(states, 0.0));
        Self { best, near: all }
    }
}

impl ComparedPart {
    fn new(
        kernel: Kernel,
        Sides { src, tgt }: Sides<&SideVectors>,
        (a, b): Shape,
        starts: Range<usize>,
        near: Option<&Corridor>,
    ) -> Self {
        let own = src.blocks[a - 1].all().slice(starts.clone());
        let other = tgt.blocks[b - 1].all();
        let unknown = |is_single: bool, rows: usize| {
            let rows = if is_single { rows } else { 0 };
            vec![f32::NEG_INFINITY; rows]
        };
        let mut best_src = unknown(a == 1, starts.len());
        let mut best_tgt = unknown(b == 1, tgt.rows(1));
        // By source block: the target blocks whose cosines are retained, and where the first goes.
        let retained: Vec<(Range<usize>, usize)> = near.map_or_else(Vec::new, |near| {
            let place = |i: usize| {
                let blocks = near.starts((a, b), i, tgt.rows(1));
                let place = near.row_start(i) - near.row_start(starts.start);
                (blocks.clone(), place + blocks.start - near.row(i).start)
            };
            starts.clone().map(place).collect()
        });
        let states =
            near.map_or(0, |near| near.row_start(starts.end) - near.row_start(starts.start));
        let mut cosines = vec![0.0; states];
        for_products(kernel, own, other, |i, j, products| {
            if let Some(best) = best_src.get_mut(i) {
                *best = maximum(*best, products);
            }
            if b == 1 {
                raise(&mut best_tgt[j..], products);
            }
            if let Some((blocks, place)) = retained.get(i) {
                let from = blocks.start.max(j);
                let to = blocks.end.min(j + products.len());
                if from < to {
                    cosines[place + from - blocks.start..][..to - from]
                        .copy_from_slice(&products[from - j..to - j]);
                }
            }
        });
        Self { best_src, best_tgt, near: cosines }
    }
}

/// Returns for each segment its maximum cosine with blocks of up to `max_block` segments of the
/// other side.
pub(crate) fn best_cosines(
    kernel: Kernel,
    max_block: usize,
    own: &SideVectors,
    other: &SideVectors,
) -> Vec<f32> {
    let parts: Vec<Int8RowsRef<'_>> = own.blocks[0].all().chunks(TILE[0]).collect();
    let best = parallel::map(parts.len(), |part| {
        let mut best = vec![f32::NEG_INFINITY; parts[part].len()];
        for blocks in &other.blocks[..max_block.min(other.blocks.len())] {
            for_products(kernel, parts[part], blocks.all(), |i, _, products| {
                best[i] = maximum(best[i], products);
            });
        }
        best
    });
    best.concat()
}

/// Calls `each(i, j, products)` with the products of vector `i` of one side and those of the other
/// from `j` on, for all pairs of vectors.
fn for_products(
    kernel: Kernel,
    own: Int8RowsRef<'_>,
    other: Int8RowsRef<'_>,
    mut each: impl FnMut(usize, usize, &[f32]),
) {
    let mut products = Vec::new();
    for (tile, other) in other.chunks(TILE[1]).enumerate() {
        let count = other.len();
        products.clear();
        products.resize(own.len() * count, 0.0);
        kernel.dots_int8(own, other, &mut products);
        for (i, products) in products.chunks_exact(count).enumerate() {
            each(i, tile * TILE[1], products);
        }
    }
}

/// Returns the maximum of a row and one more number.
fn maximum(one: f32, row: &[f32]) -> f32 {
    // Eight accumulators break the dependency chain.
    let mut lanes = [one; 8];
    let (eights, rest) = row.as_chunks::<8>();
    eights.iter().for_each(|eight| raise(&mut lanes, eight));
    raise(&mut lanes, rest);
    lanes.into_iter().fold(one, f32::max)
}

/// Replaces values by others that are larger.
pub(crate) fn raise(best: &mut [f32], others: &[f32]) {
    for (best, &other) in best.iter_mut().zip(others) {
        *best = if other > *best { other } else { *best };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DocumentVectors;

    /// Blocks of up to three segments with random vectors.
    fn vectors(segments: usize, mut seed: u32) -> SideVectors {
        const DIM: usize = 32;
        let mut number = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let blocks = (1..=3).map(|size| {
            let rows = (0..segments + 1 - size).flat_map(|_| {
                let row: [f32; DIM] = std::array::from_fn(|_| number());
                let length = row.iter().map(|x| x * x).sum::<f32>().sqrt();
                row.map(|x| x / length)
            });
            rows.collect()
        });
        let blocks = blocks.collect();
        let vectors = DocumentVectors { dim: DIM, blocks, ..DocumentVectors::default() };
        SideVectors::new(Kernel::detect(), &vectors)
    }

    #[test]
    fn tiles_have_the_cosines_of_single_pairs() {
        let kernel = Kernel::detect();
        let (n, m) = (TILE[0] + 9, 2 * TILE[1] + 5);
        let (src, tgt) = (vectors(n, 1), vectors(m, 2));
        let slope: Vec<(usize, usize)> = (0..=n).map(|i| (i, i * m / n)).collect();
        let corridor = Corridor::around(&[&slope], (n, m), 5, 0);
        let compared = Compared::new(kernel, 3, Sides::new(&src, &tgt), Some(&corridor));
        let mut best = Sides::new(vec![-1.0_f32; n], vec![-1.0_f32; m]);
        for ((a, b), near) in &compared.near {
            for (i, j) in (0..=n - a).flat_map(|i| (0..=m - b).map(move |j| (i, j))) {
                let cosine = kernel.dot_int8(src.block(i, *a), tgt.block(j, *b));
                if *a == 1 {
                    best.src[i] = best.src[i].max(cosine);
                }
                if *b == 1 {
                    best.tgt[j] = best.tgt[j].max(cosine);
                }
                let end = corridor.state(i + a, j + b);
                if let Some((state, _)) = corridor.state(i, j).zip(end) {
                    assert_eq!(near[state], cosine, "{a}-{b} at {i}, {j}");
                }
            }
        }
        assert_eq!(compared.near.len(), 5);
        assert_eq!(compared.best, best);
        assert_eq!(best_cosines(kernel, 3, &src, &tgt), best.src);
        assert_eq!(best_cosines(kernel, 3, &tgt, &src), best.tgt);
    }
}
