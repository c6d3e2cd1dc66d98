//! Products of 8-bit integers with `i8mm`, whose instruction multiplies two rows of eight bytes with
//! two columns of eight.
//!
//! The instruction is written in assembly, because its intrinsic is not stable.

use std::arch::aarch64::*;
use std::arch::asm;

use super::dotprod::matmul_int8_panel_dotprod;
use crate::epilogue::Epilogue;
use crate::int8::{Panel, STEP};
use crate::packed::PANEL;
use crate::vector::row_starts;

/// Columns of a tile.
const COLUMNS: usize = 8;
/// Columns whose sums for two rows fit in a register.
const LANES: usize = 2;
/// Inputs of a row that are multiplied at a time.
const DEPTH: usize = 2 * STEP;
/// Pairs of rows whose sums, with the weights and an input, take 21 of the 32 registers.
const PAIRS: usize = 4;

/// Adds the product of two rows of unsigned bytes with two columns of signed ones to four sums: the
/// two of the first row, then those of the second.
#[inline]
#[target_feature(enable = "neon,i8mm")]
fn add_products(mut sums: int32x4_t, rows: uint8x16_t, columns: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction changes only the register of the sums, and the function has its
    // feature.
    unsafe {
        asm!(
            "usmmla {sums:v}.4s, {rows:v}.16b, {columns:v}.16b",
            sums = inout(vreg) sums,
            rows = in(vreg) rows,
            columns = in(vreg) columns,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sums
}

/// Computes `P` pairs of rows by 8 columns from column `first`; `starts` has both rows of each pair.
///
/// # Safety
/// Each row has `k` bytes, a multiple of 8.
#[target_feature(enable = "neon,i8mm")]
unsafe fn tile<const P: usize>(
    starts: [[*const u8; 2]; P],
    panel: Panel<'_>,
    first: usize,
    sums: &mut [[[i32; PANEL]; 2]; P],
) {
    let k = panel.data.len() / PANEL;
    assert!(first + COLUMNS <= PANEL && k.is_multiple_of(DEPTH), "a quarter of a panel");
    let mut products = [[vdupq_n_s32(0); COLUMNS / LANES]; P];
    let mut line = panel.data[first * STEP..].as_ptr();
    for i in (0..k).step_by(DEPTH) {
        // SAFETY: the panel holds `k / 4` lines of 128 bytes, 32 of which from `first` on are in
        // range, and the caller guarantees `k` bytes a row; `k` is a multiple of 8. `line` is not
        // read after its last step.
        unsafe {
            let next = line.add(PANEL * STEP);
            // Four columns a register; their first four weights, and the next four.
            let [low, high] = [0, 16].map(|at| {
                let of = |line: *const i8| vreinterpretq_s32_s8(vld1q_s8(line.add(at)));
                [of(line), of(next)]
            });
            line = next.wrapping_add(PANEL * STEP);
            let weights = [
                vzip1q_s32(low[0], low[1]),
                vzip2q_s32(low[0], low[1]),
                vzip1q_s32(high[0], high[1]),
                vzip2q_s32(high[0], high[1]),
            ]
            .map(|weights| vreinterpretq_s8_s32(weights));
            for (products, [one, other]) in products.iter_mut().zip(starts) {
                let rows = vcombine_u8(vld1_u8(one.add(i)), vld1_u8(other.add(i)));
                for (products, &weights) in products.iter_mut().zip(&weights) {
                    *products = add_products(*products, rows, weights);
                }
            }
        }
    }
    for (sums, products) in sums.iter_mut().zip(&products) {
        for (part, &product) in products.iter().enumerate() {
            let mut four = [0_i32; 2 * LANES];
            // SAFETY: `four` holds 4 numbers.
            unsafe { vst1q_s32(four.as_mut_ptr(), product) };
            for (sums, two) in sums.iter_mut().zip(four.chunks_exact(LANES)) {
                sums[first + part * LANES..][..LANES].copy_from_slice(two);
            }
        }
    }
}

/// The product of many rows with a panel.
#[target_feature(enable = "neon,dotprod,i8mm")]
pub(crate) fn matmul_int8_panel_i8mm<E: Epilogue>(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    out: &mut [E::Out],
    stride: usize,
    epilogue: E,
) {
    #[target_feature(enable = "neon,i8mm")]
    fn some_pairs<const P: usize, E: Epilogue>(
        a: &[u8],
        rows: &[usize],
        panel: Panel<'_>,
        out: &mut [E::Out],
        stride: usize,
        epilogue: E,
    ) {
        let k = panel.data.len() / PANEL;
        // The last row of an odd number is computed twice.
        let pairs: [[*const u8; 2]; P] = std::array::from_fn(|pair| {
            let two = [rows[2 * pair], rows[(2 * pair + 1).min(rows.len() - 1)]];
            row_starts::<2, _>(a, &two, k)
        });
        let mut sums = [[[0; PANEL]; 2]; P];
        for first in (0..PANEL).step_by(COLUMNS) {
            // SAFETY: `row_starts` checked that each row has `k` bytes.
            unsafe { tile::<P>(pairs, panel, first, &mut sums) };
        }
        for (r, (&from, sums)) in rows.iter().zip(sums.as_flattened()).enumerate() {
            epilogue.finish(panel, from, sums, &mut out[r * stride..]);
        }
    }
    if !(panel.data.len() / PANEL).is_multiple_of(DEPTH) {
        matmul_int8_panel_dotprod(a, rows, panel, out, stride, epilogue);
        return;
    }
    for (index, rows) in rows.chunks(2 * PAIRS).enumerate() {
        let out = &mut out[index * 2 * PAIRS * stride..];
        match rows.len().div_ceil(2) {
            1 => some_pairs::<1, E>(a, rows, panel, out, stride, epilogue),
            2 => some_pairs::<2, E>(a, rows, panel, out, stride, epilogue),
            3 => some_pairs::<3, E>(a, rows, panel, out, stride, epilogue),
            _ => some_pairs::<PAIRS, E>(a, rows, panel, out, stride, epilogue),
        }
    }
}
