//! Cosines of sets of vectors, computed in advance near the corridor.

use std::ops::Range;

use nasaq_kernels::{Int8RowsRef, Kernel};

use crate::parallel;

/// Left vectors that are processed together; they share their right vectors.
const TILE: usize = 4;

/// A set of left vectors and the set of right vectors that they are compared with.
pub(crate) type SetPair<'v> = (Int8RowsRef<'v>, Int8RowsRef<'v>);

/// For pairs of sets, the products of left vectors with the right vectors near them; others are
/// computed on demand.
pub(crate) struct Bands<'v> {
    kernel: Kernel,
    pairs: Vec<SetPair<'v>>,
    /// For every four left vectors.
    tiles: Vec<Tile>,
}

/// The products of the same four left vectors of all pairs.
struct Tile {
    spans: Vec<TileSpan>,
    products: Vec<f32>,
}

/// One pair's part of a tile.
#[derive(Clone, Copy)]
struct TileSpan {
    /// The first right vector.
    from: usize,
    /// The number of right vectors.
    width: usize,
    /// Where the products start, a row for each left vector.
    start: usize,
}

impl<'v> Bands<'v> {
    /// Computes, for each pair, the products of each left vector `i` with the right vectors
    /// `near(pair, i)`, a range that may go past the last.
    ///
    /// The same left vectors of all pairs are processed together, while their right vectors are in
    /// the cache.
    pub(crate) fn new(
        kernel: Kernel,
        pairs: Vec<SetPair<'v>>,
        near: impl Fn(usize, usize) -> Range<usize> + Sync + Send,
    ) -> Self {
        let max_left = pairs.iter().map(|(left, _)| left.len()).max().unwrap_or(0);
        let tiles = parallel::map(max_left.div_ceil(TILE), |tile| {
            let mut products = Vec::new();
            let span = |(index, &(left, right)): (usize, &SetPair<'v>)| {
                let count = right.len();
                let own = tile * TILE..left.len().min((tile + 1) * TILE);
                let (from, to) =
                    own.clone().map(|i| near(index, i)).fold((count, 0), |(from, to), near| {
                        (from.min(near.start), to.max(near.end.min(count)))
                    });
                // Whole tiles cost less than parts of them.
                let width = to.saturating_sub(from).next_multiple_of(TILE).min(count - from);
                let start = products.len();
                if !own.is_empty() {
                    products.resize(start + own.len() * width, 0.0);
                    let near = right.slice(from..from + width);
                    kernel.dots_int8(left.slice(own), near, &mut products[start..]);
                }
                TileSpan { from, width, start }
            };
            let spans = pairs.iter().enumerate().map(span).collect();
            Tile { spans, products }
        });
        Self { kernel, pairs, tiles }
    }

    /// Returns the first right vector of a pair near left vector `i`, and its products from there
    /// on.
    #[inline]
    fn row(&self, pair: usize, i: usize) -> (usize, &[f32]) {
        let tile = &self.tiles[i / TILE];
        let TileSpan { from, width, start } = tile.spans[pair];
        (from, &tile.products[start + i % TILE * width..][..width])
    }

    /// Returns the products of left vector `i` of a pair with `count` right vectors from `first`
    /// on, if all of them are stored.
    #[inline]
    pub(crate) fn slice(
        &self,
        pair: usize,
        i: usize,
        first: usize,
        count: usize,
    ) -> Option<&[f32]> {
        let (from, products) = self.row(pair, i);
        products.get(first.wrapping_sub(from)..)?.get(..count)
    }

    /// Copies these products, and computes those that are not stored.
    pub(crate) fn copy(&self, pair: usize, i: usize, first: usize, out: &mut [f32]) {
        match self.slice(pair, i, first, out.len()) {
            Some(products) => out.copy_from_slice(products),
            None => out.iter_mut().zip(first..).for_each(|(out, j)| *out = self.get(pair, i, j)),
        }
    }

    /// Returns the product of left vector `i` of a pair with right vector `j`.
    #[inline]
    pub(crate) fn get(&self, pair: usize, i: usize, j: usize) -> f32 {
        let (from, products) = self.row(pair, i);
        if let Some(&product) = products.get(j.wrapping_sub(from)) {
            return product;
        }
        let (left, right) = self.pairs[pair];
        self.kernel.dot_int8(left.slice(i..i + 1), right.slice(j..j + 1))
    }

    /// Returns the indices of the pairs.
    pub(crate) fn pairs(&self) -> Range<usize> {
        0..self.pairs.len()
    }
}
