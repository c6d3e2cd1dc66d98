//! Layer norms of several rows at a time, for registers of any width.

use crate::scalar;
use crate::vector::Vector;

/// Rows whose chains of sums run at the same time, which hides the latency of an addition.
const ROWS: usize = 4;

/// Normalises rows. The sixteen chains of a row (see `scalar`) are in `W` registers.
///
/// # Safety
/// The CPU must have the features of `V`.
#[inline(always)]
pub(crate) unsafe fn layer_norms<V: Vector, const W: usize>(
    x: &mut [f32],
    gain: &[f32],
    bias: &[f32],
    epsilon: f32,
) {
    const { assert!(W * V::LANES == scalar::LANES) }
    let width = gain.len();
    if !width.is_multiple_of(scalar::LANES) {
        scalar::layer_norms(x, gain, bias, epsilon);
        return;
    }
    let mut blocks = x.chunks_exact_mut(ROWS * width);
    for block in &mut blocks {
        // SAFETY: the caller guarantees the features.
        unsafe { some_rows::<V, W, ROWS>(block, gain, bias, epsilon) };
    }
    for row in blocks.into_remainder().chunks_exact_mut(width) {
        // SAFETY: as above.
        unsafe { some_rows::<V, W, 1>(row, gain, bias, epsilon) };
    }
}

/// Normalises `R` rows, whose length is a multiple of sixteen.
///
/// # Safety
/// The CPU must have the features of `V`.
#[inline(always)]
unsafe fn some_rows<V: Vector, const W: usize, const R: usize>(
    x: &mut [f32],
    gain: &[f32],
    bias: &[f32],
    epsilon: f32,
) {
    let width = gain.len();
    assert!(x.len() == R * width && bias.len() == width && width.is_multiple_of(W * V::LANES));
    let count = width as f32;
    // SAFETY: the caller guarantees the features. Indices are below `R` and `width`, and a register
    // does not reach beyond the end of a row, whose length is a multiple of `W * V::LANES`.
    unsafe {
        let zero = [[V::splat(0.0); W]; R];
        let mut sums = zero;
        for at in (0..width).step_by(W * V::LANES) {
            for (row, sums) in sums.iter_mut().enumerate() {
                for (part, sum) in sums.iter_mut().enumerate() {
                    let value = V::load(x.as_ptr().add(row * width + at + part * V::LANES));
                    *sum = sum.add(value);
                }
            }
        }
        let means: [V; R] = std::array::from_fn(|row| V::splat(fold(sums[row]) / count));
        let mut squares = zero;
        for at in (0..width).step_by(W * V::LANES) {
            for (row, squares) in squares.iter_mut().enumerate() {
                for (part, square) in squares.iter_mut().enumerate() {
                    let value = V::load(x.as_ptr().add(row * width + at + part * V::LANES));
                    let off = value.sub(means[row]);
                    *square = off.mul_add(off, *square);
                }
            }
        }
        let scales: [V; R] = std::array::from_fn(|row| {
            V::splat(1.0 / (fold(squares[row]) / count + epsilon).sqrt())
        });
        for at in (0..width).step_by(V::LANES) {
            let (gain, bias) = (V::load(gain.as_ptr().add(at)), V::load(bias.as_ptr().add(at)));
            for row in 0..R {
                let place = x.as_mut_ptr().add(row * width + at);
                let scaled = V::load(place).sub(means[row]).mul(scales[row]);
                scaled.mul_add(gain, bias).store(place);
            }
        }
    }
}

/// Adds the chains of a row by halves.
///
/// # Safety
/// The CPU must have the features of `V`.
#[inline(always)]
unsafe fn fold<V: Vector, const W: usize>(sums: [V; W]) -> f32 {
    let mut chains = [0.0; scalar::LANES];
    assert!(W * V::LANES <= chains.len());
    for (part, sum) in sums.into_iter().enumerate() {
        // SAFETY: the caller guarantees the features, and `chains` has room for `W` registers.
        unsafe { sum.store(chains.as_mut_ptr().add(part * V::LANES)) };
    }
    scalar::fold(chains)
}
