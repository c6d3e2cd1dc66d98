//! Cosines of two sets of vectors, worked out in advance near the corridor.

use nasaq_kernels::Kernel;

use crate::parallel;

/// The dot products of left vectors with the right vectors near them; others on demand.
pub(crate) struct Band<'v> {
    kernel: Kernel,
    left: &'v [f32],
    right: &'v [f32],
    dim: usize,
    /// For each left vector, the first right vector and the products from there on.
    rows: Vec<(usize, Vec<f32>)>,
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
        let count = right.len() / dim;
        let rows = parallel::map(left.len() / dim, |i| {
            let (from, to) = near(i);
            let (from, to) = (from.min(count), to.min(count));
            let mut products = vec![0.0; to.saturating_sub(from)];
            let near = &right[from * dim..][..products.len() * dim];
            kernel.dots(&left[i * dim..][..dim], near, &mut products);
            (from, products)
        });
        Self { kernel, left, right, dim, rows }
    }

    /// Gives the product of left vector `i` with right vector `j`.
    #[inline]
    pub(crate) fn get(&self, i: usize, j: usize) -> f32 {
        let (from, products) = &self.rows[i];
        match products.get(j.wrapping_sub(*from)) {
            Some(&product) => product,
            None => self.kernel.dot(
                &self.left[i * self.dim..][..self.dim],
                &self.right[j * self.dim..][..self.dim],
            ),
        }
    }
}
