//! The kernels on `f32` that are written once for registers of any width.
//!
//! Each is a generic function over [`Vector`]. The functions and the methods of the implementations
//! are `#[inline(always)]`, so that they become part of a caller that has the CPU features of the
//! vector: see `arch`.

use crate::packed::PANEL;
use crate::scalar;

/// A register of `f32` numbers.
///
/// # Safety
/// The methods must do exactly the operations that they are named for, on [`Self::LANES`] numbers
/// each, and access no other memory.
pub(crate) unsafe trait Vector: Copy {
    /// Numbers in a register.
    const LANES: usize;

    /// Returns a register with the same number in all lanes.
    ///
    /// # Safety
    /// The CPU must have the features of the register.
    unsafe fn splat(x: f32) -> Self;

    /// Loads a register; the address need not be aligned.
    ///
    /// # Safety
    /// The CPU must have the features of the register, and `from` must be valid for reads of
    /// [`Self::LANES`] numbers.
    unsafe fn load(from: *const f32) -> Self;

    /// Stores a register; the address need not be aligned.
    ///
    /// # Safety
    /// The CPU must have the features of the register, and `to` must be valid for writes of
    /// [`Self::LANES`] numbers.
    unsafe fn store(self, to: *mut f32);

    /// Returns `self · factor + term`, rounded once.
    ///
    /// # Safety
    /// The CPU must have the features of the register.
    unsafe fn mul_add(self, factor: Self, term: Self) -> Self;

    /// Returns `self + term`.
    ///
    /// # Safety
    /// The CPU must have the features of the register.
    unsafe fn add(self, term: Self) -> Self;

    /// Returns `self - term`.
    ///
    /// # Safety
    /// The CPU must have the features of the register.
    unsafe fn sub(self, term: Self) -> Self;

    /// Returns `self · factor`.
    ///
    /// # Safety
    /// The CPU must have the features of the register.
    unsafe fn mul(self, factor: Self) -> Self;
}

/// Returns pointers to the first number of each row.
///
/// # Panics
/// Where a row of `k` numbers from an offset is not inside `a`.
#[inline(always)]
pub(crate) fn row_starts<const R: usize, T>(a: &[T], rows: &[usize], k: usize) -> [*const T; R] {
    std::array::from_fn(|r| a[rows[r]..][..k].as_ptr())
}

/// Computes the product of many rows with a whole panel: tiles of up to `MAX_ROWS` rows by `W`
/// registers, whose sums stay in registers.
///
/// # Safety
/// The CPU must have the features of `V`.
#[inline(always)]
pub(crate) unsafe fn matmul_panel<V: Vector, const MAX_ROWS: usize, const W: usize>(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
) {
    const { assert!(MAX_ROWS <= 12 && PANEL.is_multiple_of(W * V::LANES)) }
    /// Computes one tile, unless it is larger than those of the CPU.
    macro_rules! tile {
        ($rows:literal, $chunk:expr, $out:expr, $first:expr) => {
            if $rows <= MAX_ROWS {
                // SAFETY: the caller guarantees the features.
                unsafe { tile::<V, $rows, W>(a, $chunk, panel, $out, stride, $first) }
            }
        };
    }
    for (index, rows) in rows.chunks(MAX_ROWS).enumerate() {
        let out = &mut out[index * MAX_ROWS * stride..];
        for first in (0..PANEL).step_by(W * V::LANES) {
            match rows.len() {
                1 => tile!(1, rows, out, first),
                2 => tile!(2, rows, out, first),
                3 => tile!(3, rows, out, first),
                4 => tile!(4, rows, out, first),
                5 => tile!(5, rows, out, first),
                6 => tile!(6, rows, out, first),
                7 => tile!(7, rows, out, first),
                8 => tile!(8, rows, out, first),
                9 => tile!(9, rows, out, first),
                10 => tile!(10, rows, out, first),
                11 => tile!(11, rows, out, first),
                _ => tile!(12, rows, out, first),
            }
        }
    }
}

/// Computes one tile of a product: `R` rows by `W` registers of columns, from column `first`.
///
/// # Safety
/// The CPU must have the features of `V`.
#[inline(always)]
unsafe fn tile<V: Vector, const R: usize, const W: usize>(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
    first: usize,
) {
    let k = panel.len() / PANEL;
    let starts = row_starts::<R, _>(a, rows, k);
    assert!(first + W * V::LANES <= PANEL, "columns of the panel");
    assert!((R - 1) * stride + first + W * V::LANES <= out.len(), "the output holds the tile");
    // SAFETY: the caller guarantees the features. Rows of the output are `stride` apart and the
    // assertion above covers the last one. The panel holds `k` lines of 32, of which the tile's
    // columns are in range, and `row_starts` checked `k` numbers of each row. `line` is not read
    // after its last step.
    unsafe {
        let mut sums = [[V::splat(0.0); W]; R];
        for (r, sums) in sums.iter_mut().enumerate() {
            let from = out.as_ptr().add(r * stride + first);
            for (part, sum) in sums.iter_mut().enumerate() {
                *sum = V::load(from.add(part * V::LANES));
            }
        }
        let mut line = panel[first..].as_ptr();
        for i in 0..k {
            let mut columns = [V::splat(0.0); W];
            for (part, column) in columns.iter_mut().enumerate() {
                *column = V::load(line.add(part * V::LANES));
            }
            line = line.wrapping_add(PANEL);
            for r in 0..R {
                let x = V::splat(*starts[r].add(i));
                for part in 0..W {
                    sums[r][part] = x.mul_add(columns[part], sums[r][part]);
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            let to = out.as_mut_ptr().add(r * stride + first);
            for (part, sum) in sums.iter().enumerate() {
                sum.store(to.add(part * V::LANES));
            }
        }
    }
}

/// Computes dot products, four rows at a time: four independent sums hide the latency of an
/// addition. The sixteen chains of a row (see `scalar`) are in `W` registers.
///
/// # Safety
/// The CPU must have the features of `V`.
#[inline(always)]
pub(crate) unsafe fn dots<V: Vector, const W: usize>(query: &[f32], rows: &[f32], out: &mut [f32]) {
    const ROWS: usize = 4;
    const { assert!(W * V::LANES == scalar::LANES) }
    let dim = query.len();
    if dim == 0 || !dim.is_multiple_of(scalar::LANES) {
        scalar::dots(query, rows, out);
        return;
    }
    let (fours, rest) = out.as_chunks_mut::<ROWS>();
    let (four_rows, rest_rows) = rows.split_at(fours.len() * ROWS * dim);
    for (block, out) in four_rows.chunks_exact(ROWS * dim).zip(fours) {
        let mut chains = [[0.0; scalar::LANES]; ROWS];
        // SAFETY: the caller guarantees the features. `dim` is a multiple of 16, so `i + 16 <=
        // dim`, a block holds four rows, and `chains` has room for 16 numbers each.
        unsafe {
            let mut sums = [[V::splat(0.0); W]; ROWS];
            for i in (0..dim).step_by(scalar::LANES) {
                let mut xs = [V::splat(0.0); W];
                for (part, x) in xs.iter_mut().enumerate() {
                    *x = V::load(query.as_ptr().add(i + part * V::LANES));
                }
                for (r, sums) in sums.iter_mut().enumerate() {
                    let row = block.as_ptr().add(r * dim + i);
                    for part in 0..W {
                        let y = V::load(row.add(part * V::LANES));
                        sums[part] = xs[part].mul_add(y, sums[part]);
                    }
                }
            }
            for (sums, chains) in sums.iter().zip(&mut chains) {
                for (part, sum) in sums.iter().enumerate() {
                    sum.store(chains.as_mut_ptr().add(part * V::LANES));
                }
            }
        }
        for (chains, out) in chains.into_iter().zip(out) {
            *out = scalar::fold(chains);
        }
    }
    scalar::dots(query, rest_rows, rest);
}
