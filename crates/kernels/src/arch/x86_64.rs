//! AVX2 and AVX-512 kernels. Each does the sums of `scalar`, several at a time.
//!
//! Products are written with intrinsics, in tiles whose sums stay in registers. The others are the scalar
//! code itself, compiled once more for the wider registers: their loops run over
//! independent chains, so the compiler may widen them but not reorder a sum.

use std::arch::x86_64::*;

mod int8;
mod rows;

pub(crate) use int8::{matmul_int8_panel_avx2, matmul_int8_panel_vnni};
pub(crate) use rows::{dots_bytes_avx2, dots_bytes_vnni};

use super::row_starts;
use crate::packed::PANEL;
use crate::scalar;

/// One tile of the AVX-512 product: `R` rows by a panel of 32 columns.
#[target_feature(enable = "avx512f")]
fn tile_avx512<const R: usize>(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
) {
    let k = panel.len() / PANEL;
    let starts = row_starts::<R, _>(a, rows, k);
    assert!((R - 1) * stride + PANEL <= out.len(), "the output holds the tile");
    let mut sums = [[_mm512_setzero_ps(); 2]; R];
    // SAFETY: rows lie `stride` apart and the assertion above covers the last one.
    unsafe {
        for (r, sums) in sums.iter_mut().enumerate() {
            let from = out.as_ptr().add(r * stride);
            *sums = [_mm512_loadu_ps(from), _mm512_loadu_ps(from.add(16))];
        }
    }
    let mut line = panel.as_ptr();
    for i in 0..k {
        // SAFETY: the panel holds `k` lines of 32 and `row_starts` checked `k` numbers a row.
        unsafe {
            let low = _mm512_loadu_ps(line);
            let high = _mm512_loadu_ps(line.add(16));
            line = line.add(PANEL);
            for r in 0..R {
                let x = _mm512_set1_ps(*starts[r].add(i));
                sums[r][0] = _mm512_fmadd_ps(x, low, sums[r][0]);
                sums[r][1] = _mm512_fmadd_ps(x, high, sums[r][1]);
            }
        }
    }
    // SAFETY: as for the loads.
    unsafe {
        for (r, sums) in sums.iter().enumerate() {
            let to = out.as_mut_ptr().add(r * stride);
            _mm512_storeu_ps(to, sums[0]);
            _mm512_storeu_ps(to.add(16), sums[1]);
        }
    }
}

/// The AVX-512 product of many rows with a whole panel of 32 real columns.
#[target_feature(enable = "avx512f")]
pub(crate) fn matmul_panel_avx512(
    a: &[f32],
    mut rows: &[usize],
    panel: &[f32],
    mut out: &mut [f32],
    stride: usize,
) {
    while rows.len() >= 12 {
        tile_avx512::<12>(a, rows, panel, out, stride);
        rows = &rows[12..];
        let done = (12 * stride).min(out.len());
        out = &mut out[done..];
    }
    match rows.len() {
        0 => {}
        1 => tile_avx512::<1>(a, rows, panel, out, stride),
        2 => tile_avx512::<2>(a, rows, panel, out, stride),
        3 => tile_avx512::<3>(a, rows, panel, out, stride),
        4 => tile_avx512::<4>(a, rows, panel, out, stride),
        5 => tile_avx512::<5>(a, rows, panel, out, stride),
        6 => tile_avx512::<6>(a, rows, panel, out, stride),
        7 => tile_avx512::<7>(a, rows, panel, out, stride),
        8 => tile_avx512::<8>(a, rows, panel, out, stride),
        9 => tile_avx512::<9>(a, rows, panel, out, stride),
        10 => tile_avx512::<10>(a, rows, panel, out, stride),
        _ => tile_avx512::<11>(a, rows, panel, out, stride),
    }
}

/// One tile of the AVX2 product: `R` rows by half a panel, 16 columns from column `first`.
#[target_feature(enable = "avx2,fma")]
fn tile_avx2<const R: usize>(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
    first: usize,
) {
    let k = panel.len() / PANEL;
    let starts = row_starts::<R, _>(a, rows, k);
    assert!(first + 16 <= PANEL, "half a panel");
    assert!((R - 1) * stride + first + 16 <= out.len(), "the output holds the tile");
    let mut sums = [[_mm256_setzero_ps(); 2]; R];
    // SAFETY: rows lie `stride` apart and the assertion above covers the last one.
    unsafe {
        for (r, sums) in sums.iter_mut().enumerate() {
            let from = out.as_ptr().add(r * stride + first);
            *sums = [_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))];
        }
    }
    let mut line = panel[first..].as_ptr();
    for i in 0..k {
        // SAFETY: the panel holds `k` lines of 32, `first + 16` of which are in range, and
        // `row_starts` checked `k` numbers a row. The last step of `line` is never read.
        unsafe {
            let low = _mm256_loadu_ps(line);
            let high = _mm256_loadu_ps(line.add(8));
            line = line.wrapping_add(PANEL);
            for r in 0..R {
                let x = _mm256_set1_ps(*starts[r].add(i));
                sums[r][0] = _mm256_fmadd_ps(x, low, sums[r][0]);
                sums[r][1] = _mm256_fmadd_ps(x, high, sums[r][1]);
            }
        }
    }
    // SAFETY: as for the loads.
    unsafe {
        for (r, sums) in sums.iter().enumerate() {
            let to = out.as_mut_ptr().add(r * stride + first);
            _mm256_storeu_ps(to, sums[0]);
            _mm256_storeu_ps(to.add(8), sums[1]);
        }
    }
}

/// The AVX2 product of many rows with a whole panel of 32 real columns.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn matmul_panel_avx2(
    a: &[f32],
    mut rows: &[usize],
    panel: &[f32],
    mut out: &mut [f32],
    stride: usize,
) {
    while !rows.is_empty() {
        let count = rows.len().min(6);
        for first in [0, 16] {
            match count {
                1 => tile_avx2::<1>(a, rows, panel, out, stride, first),
                2 => tile_avx2::<2>(a, rows, panel, out, stride, first),
                3 => tile_avx2::<3>(a, rows, panel, out, stride, first),
                4 => tile_avx2::<4>(a, rows, panel, out, stride, first),
                5 => tile_avx2::<5>(a, rows, panel, out, stride, first),
                _ => tile_avx2::<6>(a, rows, panel, out, stride, first),
            }
        }
        rows = &rows[count..];
        let done = (count * stride).min(out.len());
        out = &mut out[done..];
    }
}

/// Dot products with four rows at a time: one chain of sums a row would wait for itself.
#[target_feature(enable = "avx512f")]
pub(crate) fn dots_avx512(query: &[f32], rows: &[f32], out: &mut [f32]) {
    let dim = query.len();
    if dim == 0 || !dim.is_multiple_of(scalar::LANES) {
        scalar::dots(query, rows, out);
        return;
    }
    let (fours, rest) = out.as_chunks_mut::<4>();
    let (four_rows, rest_rows) = rows.split_at(fours.len() * 4 * dim);
    for (block, out) in four_rows.chunks_exact(4 * dim).zip(fours) {
        let mut lanes = [_mm512_setzero_ps(); 4];
        for i in (0..dim).step_by(scalar::LANES) {
            // SAFETY: `dim` is a multiple of 16, so `i + 16 <= dim`, and a block holds four rows.
            unsafe {
                let x = _mm512_loadu_ps(query.as_ptr().add(i));
                for (r, lanes) in lanes.iter_mut().enumerate() {
                    let y = _mm512_loadu_ps(block.as_ptr().add(r * dim + i));
                    *lanes = _mm512_fmadd_ps(x, y, *lanes);
                }
            }
        }
        for (lanes, out) in lanes.iter().zip(out) {
            let mut chains = [0.0; scalar::LANES];
            // SAFETY: `chains` holds 16 numbers.
            unsafe { _mm512_storeu_ps(chains.as_mut_ptr(), *lanes) };
            *out = scalar::fold(chains);
        }
    }
    scalar::dots(query, rest_rows, rest);
}

/// As [`dots_avx512`], with each row's sixteen chains in two registers.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn dots_avx2(query: &[f32], rows: &[f32], out: &mut [f32]) {
    let dim = query.len();
    if dim == 0 || !dim.is_multiple_of(scalar::LANES) {
        scalar::dots(query, rows, out);
        return;
    }
    let (fours, rest) = out.as_chunks_mut::<4>();
    let (four_rows, rest_rows) = rows.split_at(fours.len() * 4 * dim);
    for (block, out) in four_rows.chunks_exact(4 * dim).zip(fours) {
        let mut lanes = [[_mm256_setzero_ps(); 2]; 4];
        for i in (0..dim).step_by(scalar::LANES) {
            // SAFETY: `dim` is a multiple of 16, so `i + 16 <= dim`, and a block holds four rows.
            unsafe {
                let low = _mm256_loadu_ps(query.as_ptr().add(i));
                let high = _mm256_loadu_ps(query.as_ptr().add(i + 8));
                for (r, lanes) in lanes.iter_mut().enumerate() {
                    let row = block.as_ptr().add(r * dim + i);
                    lanes[0] = _mm256_fmadd_ps(low, _mm256_loadu_ps(row), lanes[0]);
                    lanes[1] = _mm256_fmadd_ps(high, _mm256_loadu_ps(row.add(8)), lanes[1]);
                }
            }
        }
        for (lanes, out) in lanes.iter().zip(out) {
            let mut chains = [0.0; scalar::LANES];
            // SAFETY: `chains` holds 16 numbers.
            unsafe {
                _mm256_storeu_ps(chains.as_mut_ptr(), lanes[0]);
                _mm256_storeu_ps(chains.as_mut_ptr().add(8), lanes[1]);
            }
            *out = scalar::fold(chains);
        }
    }
    scalar::dots(query, rest_rows, rest);
}

/// Compiles functions of `scalar` once more, for wider registers.
macro_rules! widened {
    ($features:literal: $(
        $name:ident = $scalar:ident($($arg:ident: $kind:ty),*) $(-> $result:ty)?;
    )*) => {$(
        #[target_feature(enable = $features)]
        pub(crate) fn $name($($arg: $kind),*) $(-> $result)? {
            scalar::$scalar($($arg),*)
        }
    )*};
}

widened! { "avx512f":
    layer_norm_avx512 = layer_norm(x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32);
    relu_add_avx512 = relu_add(x: &mut [f32], skip: &[f32]);
    add_avx512 = add(sum: &mut [f32], term: &[f32]);
    dequantise_avx512 = dequantise(codes: &[u8], scale: f32, low: f32, out: &mut [f32]);
    tanh_avx512 = tanh(x: &mut [f32]);
    quantise_avx512 = quantise(x: &[f32], inverse: &[f32], zero: f32, out: &mut [u8]);
    add_half_avx512 = add_half(sum: &mut [f32], term: &[u16]);
    relu_add_half_avx512 = relu_add_half(x: &mut [f32], skip: &[u16]);
    to_half_avx512 = to_half(x: &[f32], out: &mut [u16]);
    to_bytes_avx512 = to_bytes(x: &[f32], out: &mut [i8]) -> (f32, i32);
    add_bytes_avx512 = add_bytes(sum: &mut [f64], bytes: &[i8], scale: f32);
    add_run_maxima_avx512 = add_run_maxima(
        values: &[f32], weight: f32, part: (usize, usize), sums: &mut [f32], stride: usize
    );
}

widened! { "avx2,fma":
    layer_norm_avx2 = layer_norm(x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32);
    relu_add_avx2 = relu_add(x: &mut [f32], skip: &[f32]);
    add_avx2 = add(sum: &mut [f32], term: &[f32]);
    dequantise_avx2 = dequantise(codes: &[u8], scale: f32, low: f32, out: &mut [f32]);
    tanh_avx2 = tanh(x: &mut [f32]);
    quantise_avx2 = quantise(x: &[f32], inverse: &[f32], zero: f32, out: &mut [u8]);
    add_half_avx2 = add_half(sum: &mut [f32], term: &[u16]);
    relu_add_half_avx2 = relu_add_half(x: &mut [f32], skip: &[u16]);
    to_half_avx2 = to_half(x: &[f32], out: &mut [u16]);
    to_bytes_avx2 = to_bytes(x: &[f32], out: &mut [i8]) -> (f32, i32);
    add_bytes_avx2 = add_bytes(sum: &mut [f64], bytes: &[i8], scale: f32);
    add_run_maxima_avx2 = add_run_maxima(
        values: &[f32], weight: f32, part: (usize, usize), sums: &mut [f32], stride: usize
    );
}
