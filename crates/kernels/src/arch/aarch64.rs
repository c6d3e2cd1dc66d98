//! NEON kernels. Each does the sums of `scalar`, several at a time.
//!
//! Every 64-bit ARM has NEON, so the scalar code is compiled for it as it is; written out here are the
//! products, whose sums the compiler would not keep in registers.

use std::arch::aarch64::*;

use super::row_starts;
use crate::int8::{Panel, STEP};
use crate::packed::PANEL;
use crate::rows::ByteRowsRef;
use crate::scalar;

/// Numbers in a register.
const WIDE: usize = 4;
/// Registers for the columns of a tile: half a panel.
const PARTS: usize = PANEL / 2 / WIDE;

/// One tile of the product: `R` rows by half a panel, 16 columns from column `first`.
#[target_feature(enable = "neon")]
fn tile<const R: usize>(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
    first: usize,
) {
    let k = panel.len() / PANEL;
    let starts = row_starts::<R, _>(a, rows, k);
    assert!(first + PARTS * WIDE <= PANEL, "half a panel");
    assert!((R - 1) * stride + first + PARTS * WIDE <= out.len(), "the output holds the tile");
    let mut sums = [[vdupq_n_f32(0.0); PARTS]; R];
    // SAFETY: rows lie `stride` apart and the assertion above covers the last one.
    unsafe {
        for (r, sums) in sums.iter_mut().enumerate() {
            let from = out.as_ptr().add(r * stride + first);
            *sums = std::array::from_fn(|part| vld1q_f32(from.add(part * WIDE)));
        }
    }
    let mut line = panel[first..].as_ptr();
    for i in 0..k {
        // SAFETY: the panel holds `k` lines of 32, `first + 16` of which are in range, and
        // `row_starts` checked `k` numbers a row. The last step of `line` is never read.
        unsafe {
            let columns: [float32x4_t; PARTS] =
                std::array::from_fn(|part| vld1q_f32(line.add(part * WIDE)));
            line = line.wrapping_add(PANEL);
            for r in 0..R {
                let x = *starts[r].add(i);
                for (sum, &column) in sums[r].iter_mut().zip(&columns) {
                    *sum = vfmaq_n_f32(*sum, column, x);
                }
            }
        }
    }
    // SAFETY: as for the loads.
    unsafe {
        for (r, sums) in sums.iter().enumerate() {
            let to = out.as_mut_ptr().add(r * stride + first);
            for (part, &sum) in sums.iter().enumerate() {
                vst1q_f32(to.add(part * WIDE), sum);
            }
        }
    }
}

/// The product of many rows with a whole panel of 32 real columns.
#[target_feature(enable = "neon")]
pub(crate) fn matmul_panel_neon(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
) {
    /// Rows whose sums, with a line of the panel, fill two thirds of the 32 registers.
    const ROWS: usize = 4;
    for (index, rows) in rows.chunks(ROWS).enumerate() {
        let out = &mut out[index * ROWS * stride..];
        for first in [0, PANEL / 2] {
            match rows.len() {
                1 => tile::<1>(a, rows, panel, out, stride, first),
                2 => tile::<2>(a, rows, panel, out, stride, first),
                3 => tile::<3>(a, rows, panel, out, stride, first),
                _ => tile::<ROWS>(a, rows, panel, out, stride, first),
            }
        }
    }
}

/// Dot products with four rows at a time: one chain of sums a row would wait for itself.
#[target_feature(enable = "neon")]
pub(crate) fn dots_neon(query: &[f32], rows: &[f32], out: &mut [f32]) {
    /// Registers of a row's chains.
    const CHAINS: usize = scalar::LANES / WIDE;
    let dim = query.len();
    if dim == 0 || !dim.is_multiple_of(scalar::LANES) {
        scalar::dots(query, rows, out);
        return;
    }
    let (fours, rest) = out.as_chunks_mut::<4>();
    let (four_rows, rest_rows) = rows.split_at(fours.len() * 4 * dim);
    for (block, out) in four_rows.chunks_exact(4 * dim).zip(fours) {
        let mut lanes = [[vdupq_n_f32(0.0); CHAINS]; 4];
        for i in (0..dim).step_by(scalar::LANES) {
            // SAFETY: `dim` is a multiple of 16, so `i + 16 <= dim`, and a block holds four rows.
            unsafe {
                let x: [float32x4_t; CHAINS] =
                    std::array::from_fn(|part| vld1q_f32(query.as_ptr().add(i + part * WIDE)));
                for (r, lanes) in lanes.iter_mut().enumerate() {
                    let row = block.as_ptr().add(r * dim + i);
                    for (part, (lane, &x)) in lanes.iter_mut().zip(&x).enumerate() {
                        *lane = vfmaq_f32(*lane, x, vld1q_f32(row.add(part * WIDE)));
                    }
                }
            }
        }
        for (lanes, out) in lanes.iter().zip(out) {
            let mut chains = [0.0; scalar::LANES];
            for (chain, &lane) in chains.as_chunks_mut::<WIDE>().0.iter_mut().zip(lanes) {
                // SAFETY: a chunk holds 4 numbers.
                unsafe { vst1q_f32(chain.as_mut_ptr(), lane) };
            }
            *out = scalar::fold(chains);
        }
    }
    scalar::dots(query, rest_rows, rest);
}

/// Columns of a tile of bytes, and how many of them a register of products holds.
const COLUMNS: usize = 8;
const A_REGISTER: usize = 2;

/// One tile of a product of bytes: `R` rows by 8 columns from column `first`.
///
/// Inputs become signed by taking off 128, so that two products fit into 16 bits; what that takes off
/// a column's sum, 128 times its weights, is added again.
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
    let mut products = [[vdupq_n_s32(0); COLUMNS / A_REGISTER]; R];
    let mut taken_off = [vdupq_n_s32(0); COLUMNS / A_REGISTER];
    let mut line = panel.data[first * STEP..].as_ptr();
    for i in (0..k).step_by(STEP) {
        // SAFETY: the panel holds `k / 4` lines of 128 bytes, 32 of which from `first` on are in
        // range, and `row_starts` checked `k` bytes a row; `k` is a multiple of 4. The last step of
        // `line` is never read.
        unsafe {
            let weights: [int8x8_t; COLUMNS / A_REGISTER] =
                std::array::from_fn(|part| vld1_s8(line.add(part * A_REGISTER * STEP)));
            line = line.wrapping_add(PANEL * STEP);
            for (taken_off, &weights) in taken_off.iter_mut().zip(&weights) {
                *taken_off = vpadalq_s16(*taken_off, vmovl_s8(weights));
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
        for (part, (&product, &taken_off)) in products.iter().zip(&taken_off).enumerate() {
            let whole = vaddq_s32(product, vshlq_n_s32::<7>(taken_off));
            let pairs = vpadd_s32(vget_low_s32(whole), vget_high_s32(whole));
            let at = first + part * A_REGISTER;
            let [one, other] = [vget_lane_s32::<0>(pairs), vget_lane_s32::<1>(pairs)];
            sums[at..at + A_REGISTER].copy_from_slice(&[one, other]);
        }
    }
}

/// The product of many rows with a panel of bytes.
#[target_feature(enable = "neon")]
pub(crate) fn matmul_int8_panel_neon(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    out: &mut [f32],
    stride: usize,
) {
    #[target_feature(enable = "neon")]
    fn some<const R: usize>(
        a: &[u8],
        rows: &[usize],
        panel: Panel<'_>,
        out: &mut [f32],
        stride: usize,
    ) {
        let mut sums = [[0; PANEL]; R];
        for first in (0..PANEL).step_by(COLUMNS) {
            tile_int8::<R>(a, rows, panel, first, &mut sums);
        }
        for (r, sums) in sums.iter().enumerate() {
            panel.add(sums, &mut out[r * stride..]);
        }
    }
    /// Rows whose products, with a line of the panel, fit into the registers.
    const ROWS: usize = 4;
    for (index, rows) in rows.chunks(ROWS).enumerate() {
        let out = &mut out[index * ROWS * stride..];
        match rows.len() {
            1 => some::<1>(a, rows, panel, out, stride),
            2 => some::<2>(a, rows, panel, out, stride),
            3 => some::<3>(a, rows, panel, out, stride),
            _ => some::<ROWS>(a, rows, panel, out, stride),
        }
    }
}

/// Dot products of vectors of bytes, four rows at a time.
#[target_feature(enable = "neon")]
pub(crate) fn dots_bytes_neon(queries: ByteRowsRef<'_>, rows: ByteRowsRef<'_>, out: &mut [f32]) {
    /// Rows whose sums stay in registers.
    const ROWS: usize = 4;
    for (query, out) in queries.chunks(1).zip(out.chunks_mut(rows.len())) {
        for (rows, out) in rows.chunks(ROWS).zip(out.chunks_mut(ROWS)) {
            if rows.len() == ROWS {
                bytes_tile::<ROWS>(query, rows, out);
            } else {
                for (row, out) in rows.chunks(1).zip(out.chunks_mut(1)) {
                    bytes_tile::<1>(query, row, out);
                }
            }
        }
    }
}

/// The products of a vector of bytes with some rows.
#[target_feature(enable = "neon")]
fn bytes_tile<const R: usize>(query: ByteRowsRef<'_>, rows: ByteRowsRef<'_>, out: &mut [f32]) {
    /// Bytes in a register.
    const HELD: usize = 16;
    let dim = query.stride();
    let (of_query, of_rows) = (query.bytes(), rows.bytes());
    assert!(of_query.len() == dim && of_rows.len() == R * dim && dim.is_multiple_of(HELD));
    let mut sums = [vdupq_n_s32(0); R];
    for i in (0..dim).step_by(HELD) {
        // SAFETY: `dim` is a multiple of 16, so `i + 16 <= dim`, and the assertion above counts the
        // vectors.
        unsafe {
            let x = vld1q_s8(of_query.as_ptr().add(i));
            for (row, sum) in sums.iter_mut().enumerate() {
                let y = vld1q_s8(of_rows.as_ptr().add(row * dim + i));
                // Two products of at most 127 · 127 fit into 16 bits.
                let products = vmull_s8(vget_low_s8(x), vget_low_s8(y));
                *sum = vpadalq_s16(*sum, vmlal_high_s8(products, x, y));
            }
        }
    }
    for ((out, sum), &other) in out.iter_mut().zip(sums).zip(rows.scales()) {
        *out = scalar::bytes_product(vaddvq_s32(sum), query.scales()[0], other);
    }
}
