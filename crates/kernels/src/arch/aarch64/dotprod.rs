//! Products of 8-bit integers with `dotprod`, whose instruction adds the products of four pairs of
//! bytes to each of four sums.
//!
//! The instruction is written in assembly, because its intrinsic is not stable.

use std::arch::aarch64::*;
use std::arch::asm;

use crate::epilogue::Epilogue;
use crate::int8::{Panel, STEP};
use crate::packed::PANEL;
use crate::rows::Int8RowsRef;
use crate::scalar;
use crate::vector::row_starts;

/// Columns of a tile.
const COLUMNS: usize = 16;
/// Columns whose sums fit in a register.
const LANES: usize = 4;

/// Adds to each of four sums the products of four signed bytes with four others.
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn add_products(mut sums: int32x4_t, x: int8x16_t, y: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction changes only the register of the sums, and the function has its
    // feature.
    unsafe {
        asm!(
            "sdot {sums:v}.4s, {x:v}.16b, {y:v}.16b",
            sums = inout(vreg) sums,
            x = in(vreg) x,
            y = in(vreg) y,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sums
}

/// One tile of a product: `R` rows by 16 columns from column `first`.
///
/// Subtracting 128 makes the inputs signed. What that subtracts from the sum of a column, 128 times
/// its weights, is added again.
#[target_feature(enable = "neon,dotprod")]
fn tile<const R: usize>(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    first: usize,
    sums: &mut [[i32; PANEL]; R],
) {
    let k = panel.data.len() / PANEL;
    let starts = row_starts::<R, _>(a, rows, k);
    assert!(first + COLUMNS <= PANEL, "half a panel");
    let mut products = [[vdupq_n_s32(0); COLUMNS / LANES]; R];
    let mut subtracted = [vdupq_n_s32(0); COLUMNS / LANES];
    let ones = vdupq_n_s8(1);
    let mut line = panel.data[first * STEP..].as_ptr();
    for i in (0..k).step_by(STEP) {
        // SAFETY: the panel holds `k / 4` lines of 128 bytes, in each of which the 64 bytes of the
        // columns from `first` on are in range, and `row_starts` checked that each row has `k`
        // bytes; `k` is a multiple of 4. `line` is not read after its last step.
        unsafe {
            let weights: [int8x16_t; COLUMNS / LANES] =
                std::array::from_fn(|part| vld1q_s8(line.add(part * LANES * STEP)));
            line = line.wrapping_add(PANEL * STEP);
            for (subtracted, &weights) in subtracted.iter_mut().zip(&weights) {
                *subtracted = add_products(*subtracted, weights, ones);
            }
            for r in 0..R {
                let inputs = starts[r].add(i).cast::<u32>().read_unaligned() ^ 0x8080_8080;
                let x = vreinterpretq_s8_u32(vdupq_n_u32(inputs));
                for (products, &weights) in products[r].iter_mut().zip(&weights) {
                    *products = add_products(*products, weights, x);
                }
            }
        }
    }
    for (sums, products) in sums.iter_mut().zip(&products) {
        for (part, (&product, &subtracted)) in products.iter().zip(&subtracted).enumerate() {
            let whole = vaddq_s32(product, vshlq_n_s32::<7>(subtracted));
            let to = &mut sums[first + part * LANES..][..LANES];
            // SAFETY: `to` holds 4 numbers.
            unsafe { vst1q_s32(to.as_mut_ptr(), whole) };
        }
    }
}

int8_kernels! { "neon,dotprod":
    /// The product of many rows with a panel. The sums of four rows, those that were subtracted, the
    /// weights and an input take 26 of the 32 registers.
    matmul_int8_panel_dotprod = tile by COLUMNS;
    /// Dot products of vectors of 8-bit integers, four rows at a time, to hide the latency of the
    /// instruction.
    dots_int8_dotprod = dots;
}

/// The products of a vector with `R` rows.
#[target_feature(enable = "neon,dotprod")]
fn dots<const R: usize>(query: Int8RowsRef<'_>, rows: Int8RowsRef<'_>, out: &mut [f32]) {
    /// Integers in a register.
    const BYTES: usize = 16;
    let dim = query.stride();
    let (query_numbers, row_numbers) = (query.numbers(), rows.numbers());
    assert!(
        query_numbers.len() == dim && row_numbers.len() == R * dim && dim.is_multiple_of(BYTES)
    );
    let mut sums = [vdupq_n_s32(0); R];
    for i in (0..dim).step_by(BYTES) {
        // SAFETY: `dim` is a multiple of 16, so `i + 16 <= dim`, and the assertion above counts the
        // vectors.
        unsafe {
            let x = vld1q_s8(query_numbers.as_ptr().add(i));
            for (row, sum) in sums.iter_mut().enumerate() {
                let y = vld1q_s8(row_numbers.as_ptr().add(row * dim + i));
                *sum = add_products(*sum, x, y);
            }
        }
    }
    for ((out, sum), &other) in out.iter_mut().zip(sums).zip(rows.scales()) {
        *out = scalar::int8_product(vaddvq_s32(sum), query.scales()[0], other);
    }
}
