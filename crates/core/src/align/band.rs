//! Cosines of two sets of vectors, worked out in advance near the corridor.

use nasaq_kernels::Kernel;

use crate::parallel;

/// Left vectors that are worked on together; they share their right vectors.
const TILE: usize = 4;

/// The dot products of left vectors with the right vectors near them; others on demand.
pub(crate) struct Band<'v> {
    kernel: Kernel,
    left: &'v [i16],
    right: &'v [i16],
    dim: usize,
    /// For every four left vectors.
    tiles: Vec<Tile>,
}

/// The first right vector near some left vectors, how many there are, and the products with these, a
/// left vector after the other.
type Tile = (usize, usize, Vec<f32>);

/// Works out a tile.
fn tile(
    kernel: Kernel,
    (left, right): (&[i16], &[i16]),
    dim: usize,
    tile: usize,
    near: impl Fn(usize) -> (usize, usize),
) -> Tile {
    let (rows, count) = (left.len() / dim, right.len() / dim);
    let own = tile * TILE..rows.min((tile + 1) * TILE);
    let (from, to) = own
        .clone()
        .map(near)
        .fold((count, 0), |(from, to), near| (from.min(near.0), to.max(near.1.min(count))));
    let width = to.saturating_sub(from);
    // A few more fill up the tile, and cost less than fewer.
    let width = width.next_multiple_of(TILE).min(count - from);
    let mut products = vec![0.0; own.len() * width];
    let near = &right[from * dim..][..width * dim];
    kernel.dots_fixed(&left[own.start * dim..own.end * dim], near, dim, &mut products);
    (from, width, products)
}

impl<'v> Band<'v> {
    /// Works out, for each pair of left and right vectors, the products of each left vector `i` with
    /// the right vectors `near(pair, i)`, a range that may go past the last.
    ///
    /// What stands side by side in all pairs is worked on together, as it is in the cache then.
    pub(crate) fn all(
        kernel: Kernel,
        pairs: &[(&'v [i16], &'v [i16])],
        dim: usize,
        near: impl Fn(usize, usize) -> (usize, usize) + Sync + Send,
    ) -> Vec<Self> {
        let tiles_of = |left: &[i16]| (left.len() / dim).div_ceil(TILE);
        let most = pairs.iter().map(|&(left, _)| tiles_of(left)).max().unwrap_or(0);
        let mut bands: Vec<Self> = pairs
            .iter()
            .map(|&(left, right)| Self {
                kernel,
                left,
                right,
                dim,
                tiles: Vec::with_capacity(tiles_of(left)),
            })
            .collect();
        let tiles = parallel::map(most, |tile| {
            let with_tile = pairs.iter().enumerate().filter(|(_, (left, _))| tile < tiles_of(left));
            with_tile
                .map(|(pair, &sides)| {
                    (pair, self::tile(kernel, sides, dim, tile, |i| near(pair, i)))
                })
                .collect::<Vec<_>>()
        });
        for (pair, tile) in tiles.into_iter().flatten() {
            bands[pair].tiles.push(tile);
        }
        bands
    }

    /// Gives the first right vector near left vector `i`, and its products from there on.
    #[inline]
    fn row(&self, i: usize) -> (usize, &[f32]) {
        let (from, width, products) = &self.tiles[i / TILE];
        (*from, &products[i % TILE * width..][..*width])
    }

    /// Gives the products of left vector `i` with `count` right vectors from `first` on, where all
    /// were worked out.
    #[inline]
    pub(crate) fn slice(&self, i: usize, first: usize, count: usize) -> Option<&[f32]> {
        let (from, products) = self.row(i);
        products.get(first.wrapping_sub(from)..)?.get(..count)
    }

    /// Copies them, and works out those that were not.
    pub(crate) fn copy(&self, i: usize, first: usize, out: &mut [f32]) {
        match self.slice(i, first, out.len()) {
            Some(products) => out.copy_from_slice(products),
            None => out.iter_mut().zip(first..).for_each(|(out, j)| *out = self.get(i, j)),
        }
    }

    /// Gives the product of left vector `i` with right vector `j`.
    #[inline]
    pub(crate) fn get(&self, i: usize, j: usize) -> f32 {
        let (from, products) = self.row(i);
        match products.get(j.wrapping_sub(from)) {
            Some(&product) => product,
            None => self.kernel.dot_fixed(
                &self.left[i * self.dim..][..self.dim],
                &self.right[j * self.dim..][..self.dim],
            ),
        }
    }
}
