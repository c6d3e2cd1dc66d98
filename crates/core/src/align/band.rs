//! Cosines of two sets of vectors, worked out in advance near the corridor.

use nasaq_kernels::Kernel;

use crate::parallel;

/// Left vectors that are worked on together; they share their right vectors.
const TILE: usize = 4;

/// The dot products of left vectors with the right vectors near them; others on demand.
pub(crate) struct Band<'v> {
    kernel: Kernel,
    left: &'v [f32],
    right: &'v [f32],
    dim: usize,
    /// For every four left vectors, the first right vector, how many there are, and the products
    /// with these, a left vector after the other.
    tiles: Vec<(usize, usize, Vec<f32>)>,
}

impl<'v> Band<'v> {
    /// Works out the products of each left vector `i` with the right vectors `near(i)`, a range
    /// that may go past the last.
    pub(crate) fn new(
        kernel: Kernel,
        left: &'v [f32],
        right: &'v [f32],
        dim: usize,
        near: impl Fn(usize) -> (usize, usize) + Sync + Send,
    ) -> Self {
        let (rows, count) = (left.len() / dim, right.len() / dim);
        let tiles = parallel::map(rows.div_ceil(TILE), |tile| {
            let own = tile * TILE..rows.min((tile + 1) * TILE);
            let (from, to) = own
                .clone()
                .map(&near)
                .fold((count, 0), |(from, to), near| (from.min(near.0), to.max(near.1.min(count))));
            let width = to.saturating_sub(from);
            // A few more fill up the tile, and cost less than fewer.
            let width = width.next_multiple_of(TILE).min(count - from);
            let mut products = vec![0.0; own.len() * width];
            let near = &right[from * dim..][..width * dim];
            kernel.dots_each(&left[own.start * dim..own.end * dim], near, dim, &mut products);
            (from, width, products)
        });
        Self { kernel, left, right, dim, tiles }
    }

    /// Gives the first right vector near left vector `i`, and its products from there on.
    #[inline]
    fn row(&self, i: usize) -> (usize, &[f32]) {
        let (from, width, products) = &self.tiles[i / TILE];
        (*from, &products[i % TILE * width..][..*width])
    }

    /// Copies the products of left vector `i` with the right vectors from `first` on.
    pub(crate) fn copy(&self, i: usize, first: usize, out: &mut [f32]) {
        let (from, products) = self.row(i);
        match products.get(first.wrapping_sub(from)..) {
            Some(near) if near.len() >= out.len() => out.copy_from_slice(&near[..out.len()]),
            _ => out.iter_mut().zip(first..).for_each(|(out, j)| *out = self.get(i, j)),
        }
    }

    /// Gives the product of left vector `i` with right vector `j`.
    #[inline]
    pub(crate) fn get(&self, i: usize, j: usize) -> f32 {
        let (from, products) = self.row(i);
        match products.get(j.wrapping_sub(from)) {
            Some(&product) => product,
            None => self.kernel.dot(
                &self.left[i * self.dim..][..self.dim],
                &self.right[j * self.dim..][..self.dim],
            ),
        }
    }
}
