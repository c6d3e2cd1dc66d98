//! A document's vectors in fixed point, as the search compares them.
//!
//! Half as large as floats and twice as fast to compare; a cosine differs by about 1e-5.

use std::ops::Deref;

use nasaq_kernels::Kernel;

use crate::encoder::DocumentVectors;
use crate::parallel;

/// Kernels are fastest on vectors whose length is a multiple of this.
const WIDE: usize = 32;
/// Squares of lengths above this are no rounding: of such vectors sums may run over.
const LONGEST: f32 = 1.01;

/// The same rows as [`DocumentVectors`] has, in fixed point and filled up with zeros.
pub(crate) struct FixedVectors {
    /// Numbers in one vector.
    pub(crate) dim: usize,
    /// `blocks[k - 1]` holds a row for each run of `k` segments, by first segment.
    pub(crate) blocks: Vec<Rows>,
    /// Rows for the running text after each segment boundary, by window length.
    pub(crate) after: Vec<Rows>,
    /// The same for the text before it.
    pub(crate) before: Vec<Rows>,
    /// The sum of the single segments' rows.
    pub(crate) sum: Vec<i64>,
}

/// Rows of numbers that start where a line of the cache does: others take half as long again to
/// compare.
pub(crate) struct Rows {
    numbers: Vec<i16>,
    start: usize,
}

impl Rows {
    /// Gives no numbers, and room for so many.
    fn with_room(count: usize) -> Self {
        /// Bytes in a line of the cache, and in the widest register.
        const LINE: usize = 64;
        let spare = LINE / size_of::<i16>();
        let mut numbers: Vec<i16> = Vec::with_capacity(count + spare);
        let start = numbers.as_ptr().align_offset(LINE).min(spare);
        numbers.resize(start, 0);
        Self { numbers, start }
    }
}

impl Deref for Rows {
    type Target = [i16];

    fn deref(&self) -> &[i16] {
        &self.numbers[self.start..]
    }
}

impl FixedVectors {
    pub(crate) fn new(kernel: Kernel, vectors: &DocumentVectors) -> Self {
        let dim = (vectors.dim, vectors.dim.next_multiple_of(WIDE));
        let is_long = |row: &[f32]| kernel.dot(row, row) > LONGEST;
        let are_long = vectors.blocks[0].chunks_exact(dim.0).any(is_long);
        let fixed = |rows: &Vec<Vec<f32>>| -> Vec<Rows> {
            parallel::map(rows.len(), |at| fixed_rows(kernel, &rows[at], dim, are_long))
        };
        let blocks = fixed(&vectors.blocks);
        let mut sum = vec![0; dim.1];
        for row in blocks[0].chunks_exact(dim.1) {
            sum.iter_mut().zip(row).for_each(|(sum, &number)| *sum += i64::from(number));
        }
        Self {
            dim: dim.1,
            blocks,
            after: fixed(&vectors.after),
            before: fixed(&vectors.before),
            sum,
        }
    }

    /// Counts the blocks of `size` segments.
    pub(crate) fn rows(&self, size: usize) -> usize {
        self.blocks[size - 1].len() / self.dim
    }

    /// Gives the vector of the block of `size` segments from `first`.
    pub(crate) fn block(&self, first: usize, size: usize) -> &[i16] {
        &self.blocks[size - 1][first * self.dim..][..self.dim]
    }
}

/// Turns rows of `from` numbers into rows of `to`, where asked for of unit length.
fn fixed_rows(kernel: Kernel, rows: &[f32], (from, to): (usize, usize), normalise: bool) -> Rows {
    let mut fixed = Rows::with_room(rows.len() / from * to);
    for row in rows.chunks_exact(from) {
        let scale = if normalise { 1.0 / kernel.dot(row, row).sqrt().max(1.0) } else { 1.0 };
        let start = fixed.numbers.len();
        fixed.numbers.resize(start + to, 0);
        kernel.to_fixed(row, scale, &mut fixed.numbers[start..][..from]);
    }
    fixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_cosines_and_no_row_is_longer_than_one() {
        let kernel = Kernel::detect();
        let rows = vec![0.6, 0.8, 0.8, -0.6, 30.0, 40.0, 0.0, 0.0];
        let vectors = DocumentVectors { dim: 2, blocks: vec![rows], ..DocumentVectors::default() };
        let fixed = FixedVectors::new(kernel, &vectors);
        assert_eq!((fixed.dim, fixed.blocks[0].len()), (32, 4 * 32));
        for (other, truth) in [1.0, 0.0, 1.0, 0.0].into_iter().enumerate() {
            let cosine = kernel.dot_fixed(fixed.block(0, 1), fixed.block(other, 1));
            assert!((cosine - truth).abs() < 1e-4, "{other}: {cosine}");
        }
    }
}
