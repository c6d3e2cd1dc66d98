//! Products of matrices of 8-bit integers: sums are exact in any order.
//!
//! `k` is the number of inputs in a row, which is the number of rows of the right-hand matrix,
//! padded to a multiple of [`STEP`]. A panel stores a *line* for each step: the [`STEP`] weights of
//! each of its [`PANEL`] columns, 4 · 32 = 128 bytes.

use std::arch::x86_64::*;

use crate::epilogue::Epilogue;
use crate::int8::{Panel, STEP};
use crate::packed::PANEL;
use crate::read_ahead::ReadAhead;
use crate::vector::row_starts;

/// Bytes of a cache line.
const CACHE_LINE: usize = 64;
/// Steps of a tile for each cache line that is read ahead.
const STEPS_PER_LINE: usize = 2;

/// One tile of the AVX-512 product: `R` rows by a panel of 32 columns. With 12 rows it uses 27 of
/// the 32 registers: 12 · 2 for the sums, 2 for a line of weights, and 1 for the inputs.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn tile_vnni<const R: usize, E: Epilogue>(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    ahead: *const u8,
    out: &mut [E::Out],
    stride: usize,
    epilogue: E,
) {
    let k = panel.data.len() / PANEL;
    let starts = row_starts::<R, _>(a, rows, k);
    let mut sums = [[_mm512_setzero_si512(); 2]; R];
    let mut line = panel.data.as_ptr();
    for i in (0..k).step_by(STEP) {
        // SAFETY: the panel holds `k / 4` lines of 128 bytes, and `row_starts` checked that each
        // row has `k` bytes; `k` is a multiple of 4. Fetching a line has no effect on memory, and
        // none at all at a wrong address.
        unsafe {
            if i % (STEPS_PER_LINE * STEP) == 0 {
                let line = ahead.wrapping_add(i / (STEPS_PER_LINE * STEP) * CACHE_LINE);
                _mm_prefetch::<_MM_HINT_T1>(line.cast());
            }
            let low = _mm512_loadu_si512(line.cast());
            let high = _mm512_loadu_si512(line.add(64).cast());
            line = line.add(PANEL * STEP);
            for r in 0..R {
                let x = _mm512_set1_epi32(starts[r].add(i).cast::<i32>().read_unaligned());
                sums[r][0] = _mm512_dpbusd_epi32(sums[r][0], x, low);
                sums[r][1] = _mm512_dpbusd_epi32(sums[r][1], x, high);
            }
        }
    }
    for (r, sums) in sums.iter().enumerate() {
        let mut whole = [0_i32; PANEL];
        // SAFETY: `whole` holds 32 numbers.
        unsafe {
            _mm512_storeu_si512(whole.as_mut_ptr().cast(), sums[0]);
            _mm512_storeu_si512(whole.as_mut_ptr().add(16).cast(), sums[1]);
        }
        epilogue.finish(panel, rows[r], &whole, &mut out[r * stride..]);
    }
}

/// The AVX-512 product of many rows with a panel.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(crate) fn matmul_int8_panel_vnni<E: Epilogue>(
    a: &[u8],
    mut rows: &[usize],
    panel: Panel<'_>,
    ahead: &mut ReadAhead<'_>,
    mut out: &mut [E::Out],
    stride: usize,
    epilogue: E,
) {
    let k = panel.data.len() / PANEL;
    // Without anything to read ahead, the weights are fetched, which are in the cache.
    let mut ahead = || {
        let size = k / (STEPS_PER_LINE * STEP) * CACHE_LINE;
        ahead.take(size).unwrap_or(panel.data.as_ptr().cast())
    };
    /// Computes as many whole tiles of `R` rows as there are.
    macro_rules! tiles {
        ($rows:literal) => {
            while rows.len() >= $rows {
                tile_vnni::<$rows, E>(a, rows, panel, ahead(), out, stride, epilogue);
                rows = &rows[$rows..];
                // The last row of a matrix may end before the next one would start.
                let done = ($rows * stride).min(out.len());
                out = &mut out[done..];
            }
        };
    }
    tiles!(12);
    tiles!(8);
    tiles!(4);
    tiles!(2);
    tiles!(1);
}

/// Columns of a tile of the AVX2 product.
const COLUMNS: usize = 16;
/// Columns whose products fit in a register of 256 bits: `madd` adds products of 16 bits in pairs,
/// so the four products of a column become two sums of 32 bits.
const COLUMNS_PER_REGISTER: usize = 4;

/// One tile of the AVX2 product: `R` rows by half a panel, 16 columns from column `first`.
///
/// Integers are widened to 16 bits first, because the instruction for 8 bits saturates.
#[target_feature(enable = "avx2,fma")]
fn tile_avx2<const R: usize>(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    first: usize,
    sums: &mut [[i32; PANEL]; R],
) {
    let k = panel.data.len() / PANEL;
    let starts = row_starts::<R, _>(a, rows, k);
    assert!(first + COLUMNS <= PANEL, "half a panel");
    let mut products = [[_mm256_setzero_si256(); COLUMNS / COLUMNS_PER_REGISTER]; R];
    let mut line = panel.data[first * STEP..].as_ptr();
    for i in (0..k).step_by(STEP) {
        // SAFETY: the panel holds `k / 4` lines of 128 bytes, in each of which the 64 bytes of the
        // columns from `first` on are in range, and `row_starts` checked that each row has `k`
        // bytes; `k` is a multiple of 4. `line` is not read after its last step.
        unsafe {
            let weights: [__m256i; COLUMNS / COLUMNS_PER_REGISTER] = std::array::from_fn(|part| {
                _mm256_cvtepi8_epi16(_mm_loadu_si128(line.add(part * 16).cast()))
            });
            line = line.wrapping_add(PANEL * STEP);
            for r in 0..R {
                let x = _mm_set1_epi32(starts[r].add(i).cast::<i32>().read_unaligned());
                let x = _mm256_cvtepu8_epi16(x);
                for (products, weights) in products[r].iter_mut().zip(&weights) {
                    *products = _mm256_add_epi32(*products, _mm256_madd_epi16(x, *weights));
                }
            }
        }
    }
    for (sums, products) in sums.iter_mut().zip(&products) {
        for (part, product) in products.iter().enumerate() {
            let mut pairs = [0_i32; 2 * COLUMNS_PER_REGISTER];
            // SAFETY: `pairs` holds 8 numbers.
            unsafe { _mm256_storeu_si256(pairs.as_mut_ptr().cast(), *product) };
            for (column, pair) in pairs.chunks_exact(2).enumerate() {
                sums[first + part * COLUMNS_PER_REGISTER + column] = pair[0] + pair[1];
            }
        }
    }
}

/// The AVX2 product of many rows with a panel.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn matmul_int8_panel_avx2<E: Epilogue>(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    out: &mut [E::Out],
    stride: usize,
    epilogue: E,
) {
    /// Computes `R` rows, at most two: these need 14 of the 16 registers of AVX2, 2 · 4 for the
    /// sums, 4 for the weights of 16 columns, 1 for the inputs and 1 for a product. A third row
    /// would need 18.
    #[target_feature(enable = "avx2,fma")]
    fn rows_avx2<const R: usize, E: Epilogue>(
        a: &[u8],
        rows: &[usize],
        panel: Panel<'_>,
        out: &mut [E::Out],
        stride: usize,
        epilogue: E,
    ) {
        let mut sums = [[0; PANEL]; R];
        for first in [0, COLUMNS] {
            tile_avx2::<R>(a, rows, panel, first, &mut sums);
        }
        for (r, sums) in sums.iter().enumerate() {
            epilogue.finish(panel, rows[r], sums, &mut out[r * stride..]);
        }
    }
    for (index, rows) in rows.chunks(2).enumerate() {
        let out = &mut out[index * 2 * stride..];
        match rows.len() {
            1 => rows_avx2::<1, E>(a, rows, panel, out, stride, epilogue),
            _ => rows_avx2::<2, E>(a, rows, panel, out, stride, epilogue),
        }
    }
}

/// One tile of the AVX-VNNI product: `R` rows by half a panel, 16 columns from column `first`. With
/// 6 rows it uses 15 of the 16 registers: 6 · 2 for the sums, 2 for the weights, 1 for the inputs.
#[target_feature(enable = "avx2,fma,avxvnni")]
fn tile_avx_vnni<const R: usize>(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    first: usize,
    sums: &mut [[i32; PANEL]; R],
) {
    /// Columns whose sums fit in a register.
    const LANES: usize = 8;
    let k = panel.data.len() / PANEL;
    let starts = row_starts::<R, _>(a, rows, k);
    assert!(first + COLUMNS <= PANEL, "half a panel");
    let mut products = [[_mm256_setzero_si256(); COLUMNS / LANES]; R];
    let mut line = panel.data[first * STEP..].as_ptr();
    for i in (0..k).step_by(STEP) {
        // SAFETY: the panel holds `k / 4` lines of 128 bytes, in each of which the 64 bytes of the
        // columns from `first` on are in range, and `row_starts` checked that each row has `k`
        // bytes; `k` is a multiple of 4. `line` is not read after its last step.
        unsafe {
            let weights: [__m256i; COLUMNS / LANES] = std::array::from_fn(|part| {
                _mm256_loadu_si256(line.add(part * LANES * STEP).cast())
            });
            line = line.wrapping_add(PANEL * STEP);
            for r in 0..R {
                let x = _mm256_set1_epi32(starts[r].add(i).cast::<i32>().read_unaligned());
                for (product, weights) in products[r].iter_mut().zip(&weights) {
                    *product = _mm256_dpbusd_avx_epi32(*product, x, *weights);
                }
            }
        }
    }
    for (sums, products) in sums.iter_mut().zip(&products) {
        for (part, product) in products.iter().enumerate() {
            let to = &mut sums[first + part * LANES..][..LANES];
            // SAFETY: `to` holds 8 numbers.
            unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), *product) };
        }
    }
}

/// The AVX-VNNI product of many rows with a panel.
#[target_feature(enable = "avx2,fma,avxvnni")]
pub(crate) fn matmul_int8_panel_avx_vnni<E: Epilogue>(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    out: &mut [E::Out],
    stride: usize,
    epilogue: E,
) {
    /// Rows of a tile.
    const ROWS: usize = 6;
    #[target_feature(enable = "avx2,fma,avxvnni")]
    fn some_rows<const R: usize, E: Epilogue>(
        a: &[u8],
        rows: &[usize],
        panel: Panel<'_>,
        out: &mut [E::Out],
        stride: usize,
        epilogue: E,
    ) {
        let mut sums = [[0; PANEL]; R];
        for first in [0, COLUMNS] {
            tile_avx_vnni::<R>(a, rows, panel, first, &mut sums);
        }
        for (r, sums) in sums.iter().enumerate() {
            epilogue.finish(panel, rows[r], sums, &mut out[r * stride..]);
        }
    }
    for (index, rows) in rows.chunks(ROWS).enumerate() {
        let out = &mut out[index * ROWS * stride..];
        match rows.len() {
            1 => some_rows::<1, E>(a, rows, panel, out, stride, epilogue),
            2 => some_rows::<2, E>(a, rows, panel, out, stride, epilogue),
            3 => some_rows::<3, E>(a, rows, panel, out, stride, epilogue),
            4 => some_rows::<4, E>(a, rows, panel, out, stride, epilogue),
            5 => some_rows::<5, E>(a, rows, panel, out, stride, epilogue),
            _ => some_rows::<ROWS, E>(a, rows, panel, out, stride, epilogue),
        }
    }
}
