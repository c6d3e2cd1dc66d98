//! Products of 8-bit integers with NEON alone, which has no instruction for sums of such products.

use std::arch::aarch64::*;

use crate::epilogue::Epilogue;
use crate::int8::{Panel, STEP};
use crate::packed::PANEL;
use crate::rows::Int8RowsRef;
use crate::scalar;
use crate::vector::row_starts;

/// Columns of a tile of 8-bit integers.
const COLUMNS: usize = 8;
/// Columns whose products fit in a register.
const COLUMNS_PER_REGISTER: usize = 2;

/// One tile of a product of 8-bit integers: `R` rows by 8 columns from column `first`.
///
/// Subtracting 128 makes the inputs signed, so that two products fit in 16 bits. What that
/// subtracts from the sum of a column, 128 times its weights, is added again.
#[target_feature(enable = "neon")]
fn tile_int8<const R: usize>(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    first: usize,
    sums: &mut [[i32; PANEL]; R],
) {
    let k = panel.data.len() / PANEL;
    let starts = row_starts::<R, _>(a, rows, k);
    assert!(first + COLUMNS <= PANEL, "a quarter of a panel");
    let mut products = [[vdupq_n_s32(0); COLUMNS / COLUMNS_PER_REGISTER]; R];
    let mut subtracted = [vdupq_n_s32(0); COLUMNS / COLUMNS_PER_REGISTER];
    let mut line = panel.data[first * STEP..].as_ptr();
    for i in (0..k).step_by(STEP) {
        // SAFETY: the panel holds `k / 4` lines of 128 bytes, 32 of which from `first` on are in
        // range, and `row_starts` checked `k` bytes a row; `k` is a multiple of 4. `line` is
        // not read after its last step.
        unsafe {
            let weights: [int8x8_t; COLUMNS / COLUMNS_PER_REGISTER] =
                std::array::from_fn(|part| vld1_s8(line.add(part * COLUMNS_PER_REGISTER * STEP)));
            line = line.wrapping_add(PANEL * STEP);
            for (subtracted, &weights) in subtracted.iter_mut().zip(&weights) {
                *subtracted = vpadalq_s16(*subtracted, vmovl_s8(weights));
            }
            for r in 0..R {
                let inputs = starts[r].add(i).cast::<u32>().read_unaligned() ^ 0x8080_8080;
                let x = vreinterpret_s8_u32(vdup_n_u32(inputs));
                for (products, &weights) in products[r].iter_mut().zip(&weights) {
                    *products = vpadalq_s16(*products, vmull_s8(x, weights));
                }
            }
        }
    }
    for (sums, products) in sums.iter_mut().zip(&products) {
        for (part, (&product, &subtracted)) in products.iter().zip(&subtracted).enumerate() {
            let whole = vaddq_s32(product, vshlq_n_s32::<7>(subtracted));
            let pairs = vpadd_s32(vget_low_s32(whole), vget_high_s32(whole));
            let at = first + part * COLUMNS_PER_REGISTER;
            let [one, other] = [vget_lane_s32::<0>(pairs), vget_lane_s32::<1>(pairs)];
            sums[at..at + COLUMNS_PER_REGISTER].copy_from_slice(&[one, other]);
        }
    }
}

int8_kernels! { "neon":
    /// The product of many rows with a panel of 8-bit integers.
    matmul_int8_panel_neon = tile_int8 by COLUMNS;
    /// Dot products of vectors of 8-bit integers, four rows at a time.
    dots_int8_neon = int8_tile;
}

/// The products of a vector of 8-bit integers with `R` rows.
#[target_feature(enable = "neon")]
fn int8_tile<const R: usize>(query: Int8RowsRef<'_>, rows: Int8RowsRef<'_>, out: &mut [f32]) {
    /// Integers in a register.
    const LANES: usize = 16;
    let dim = query.stride();
    let (query_numbers, row_numbers) = (query.numbers(), rows.numbers());
    assert!(
        query_numbers.len() == dim && row_numbers.len() == R * dim && dim.is_multiple_of(LANES)
    );
    let mut sums = [vdupq_n_s32(0); R];
    for i in (0..dim).step_by(LANES) {
        // SAFETY: `dim` is a multiple of 16, so `i + 16 <= dim`, and the assertion above counts the
        // vectors.
        unsafe {
            let x = vld1q_s8(query_numbers.as_ptr().add(i));
            for (row, sum) in sums.iter_mut().enumerate() {
                let y = vld1q_s8(row_numbers.as_ptr().add(row * dim + i));
                // Two products of at most 127 · 127 fit in 16 bits.
                let products = vmull_s8(vget_low_s8(x), vget_low_s8(y));
                *sum = vpadalq_s16(*sum, vmlal_high_s8(products, x, y));
            }
        }
    }
    for ((out, sum), &other) in out.iter_mut().zip(sums).zip(rows.scales()) {
        *out = scalar::int8_product(vaddvq_s32(sum), query.scales()[0], other);
    }
}
