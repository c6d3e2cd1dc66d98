//! AVX2 and AVX-512 kernels. Each computes the sums of `scalar`, several at a time.
//!
//! Products of `f32` are the generic kernels of `vector`, for the registers of each instruction
//! set. Products of 8-bit integers are written with intrinsics. All others are the scalar code
//! itself, compiled again for wider registers: its loops run over independent chains, so the
//! compiler may widen them but not reorder a sum.

use std::arch::x86_64::*;

mod amx;
mod half_sum;
mod int8;
mod rows;

pub(crate) use amx::{is_available as is_amx_available, matmul_int8_amx, rows_of_tiles};
pub(crate) use half_sum::{half_sum_avx2, half_sum_avx512};
pub(crate) use int8::{matmul_int8_panel_avx_vnni, matmul_int8_panel_avx2, matmul_int8_panel_vnni};
pub(crate) use rows::{dots_int8_avx2, dots_int8_vnni};

use crate::norm;
use crate::scalar;
use crate::vector::{self, Vector};

// SAFETY: each method is the one intrinsic that does what it is named for.
unsafe impl Vector for __m512 {
    const LANES: usize = 16;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        // SAFETY: the caller guarantees AVX-512F.
        unsafe { _mm512_set1_ps(x) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller guarantees AVX-512F and 16 numbers.
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller guarantees AVX-512F and room for 16 numbers.
        unsafe { _mm512_storeu_ps(to, self) }
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, term: Self) -> Self {
        // SAFETY: the caller guarantees AVX-512F.
        unsafe { _mm512_fmadd_ps(self, factor, term) }
    }

    #[inline(always)]
    unsafe fn add(self, term: Self) -> Self {
        // SAFETY: the caller guarantees AVX-512F.
        unsafe { _mm512_add_ps(self, term) }
    }

    #[inline(always)]
    unsafe fn sub(self, term: Self) -> Self {
        // SAFETY: the caller guarantees AVX-512F.
        unsafe { _mm512_sub_ps(self, term) }
    }

    #[inline(always)]
    unsafe fn mul(self, factor: Self) -> Self {
        // SAFETY: the caller guarantees AVX-512F.
        unsafe { _mm512_mul_ps(self, factor) }
    }
}

// SAFETY: each method is the one intrinsic that does what it is named for.
unsafe impl Vector for __m256 {
    const LANES: usize = 8;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        // SAFETY: the caller guarantees AVX2.
        unsafe { _mm256_set1_ps(x) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller guarantees AVX2 and 8 numbers.
        unsafe { _mm256_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller guarantees AVX2 and room for 8 numbers.
        unsafe { _mm256_storeu_ps(to, self) }
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, term: Self) -> Self {
        // SAFETY: the caller guarantees AVX2 and FMA.
        unsafe { _mm256_fmadd_ps(self, factor, term) }
    }

    #[inline(always)]
    unsafe fn add(self, term: Self) -> Self {
        // SAFETY: the caller guarantees AVX2 and FMA.
        unsafe { _mm256_add_ps(self, term) }
    }

    #[inline(always)]
    unsafe fn sub(self, term: Self) -> Self {
        // SAFETY: the caller guarantees AVX2 and FMA.
        unsafe { _mm256_sub_ps(self, term) }
    }

    #[inline(always)]
    unsafe fn mul(self, factor: Self) -> Self {
        // SAFETY: the caller guarantees AVX2 and FMA.
        unsafe { _mm256_mul_ps(self, factor) }
    }
}

/// The AVX-512 product of many rows with a panel: tiles of 12 rows by all 32 columns.
#[target_feature(enable = "avx512f")]
pub(crate) fn matmul_panel_avx512(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
) {
    // SAFETY: this function has the features.
    unsafe { vector::matmul_panel::<__m512, 12, 2>(a, rows, panel, out, stride) }
}

/// The AVX2 product of many rows with a panel: tiles of 6 rows by 16 columns.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn matmul_panel_avx2(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
) {
    // SAFETY: this function has the features.
    unsafe { vector::matmul_panel::<__m256, 6, 2>(a, rows, panel, out, stride) }
}

/// The AVX-512 dot products of a query with many rows.
#[target_feature(enable = "avx512f")]
pub(crate) fn dots_avx512(query: &[f32], rows: &[f32], out: &mut [f32]) {
    // SAFETY: this function has the features.
    unsafe { vector::dots::<__m512, 1>(query, rows, out) }
}

/// The AVX2 dot products of a query with many rows.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn dots_avx2(query: &[f32], rows: &[f32], out: &mut [f32]) {
    // SAFETY: this function has the features.
    unsafe { vector::dots::<__m256, 2>(query, rows, out) }
}

/// The AVX-512 layer norms of rows.
#[target_feature(enable = "avx512f")]
pub(crate) fn layer_norms_avx512(x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    // SAFETY: this function has the features.
    unsafe { norm::layer_norms::<__m512, 1>(x, gain, bias, epsilon) }
}

/// The AVX2 layer norms of rows.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn layer_norms_avx2(x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    // SAFETY: this function has the features.
    unsafe { norm::layer_norms::<__m256, 2>(x, gain, bias, epsilon) }
}

/// Compiles functions of `scalar` again, for wider registers.
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
    relu_add_avx512 = relu_add(x: &mut [f32], skip: &[f32]);
    add_avx512 = add(sum: &mut [f32], term: &[f32]);
    scale_avx512 = scale(x: &mut [f32], factor: f32);
    add_scaled_avx512 = add_scaled(x: &mut [f32], count: f32, term: &[f32], factor: f32);
    sum_rows_avx512 = sum_rows(sum: &mut [f32], rows: &[f32]);
    add_rows_avx512 = add_rows(sum: &mut [f32], rows: &[f32]);
    dequantise_avx512 = dequantise(codes: &[u8], scale: f32, low: f32, out: &mut [f32]);
    tanh_avx512 = tanh(x: &mut [f32]);
    quantise_avx512 = quantise(x: &[f32], inverse: &[f32], zero: f32, out: &mut [u8]);
    quantise_row_avx512 = quantise_row(
        x: &[f32], max_code: f32, zero: f32, out: &mut [u8]
    ) -> f32;
    to_half_avx512 = to_half(x: &[f32], out: &mut [u16]);
    to_int8_avx512 = to_int8(x: &[f32], out: &mut [i8]) -> (f32, i32);
    add_int8_avx512 = add_int8(sum: &mut [f64], bytes: &[i8], scale: f32);
    add_run_maxima_avx512 = add_run_maxima(
        values: &[f32], weight: f32, part: (usize, usize), sums: &mut [f32], stride: usize
    );
}

widened! { "avx2,fma":
    relu_add_avx2 = relu_add(x: &mut [f32], skip: &[f32]);
    add_avx2 = add(sum: &mut [f32], term: &[f32]);
    scale_avx2 = scale(x: &mut [f32], factor: f32);
    add_scaled_avx2 = add_scaled(x: &mut [f32], count: f32, term: &[f32], factor: f32);
    sum_rows_avx2 = sum_rows(sum: &mut [f32], rows: &[f32]);
    add_rows_avx2 = add_rows(sum: &mut [f32], rows: &[f32]);
    dequantise_avx2 = dequantise(codes: &[u8], scale: f32, low: f32, out: &mut [f32]);
    tanh_avx2 = tanh(x: &mut [f32]);
    quantise_avx2 = quantise(x: &[f32], inverse: &[f32], zero: f32, out: &mut [u8]);
    quantise_row_avx2 = quantise_row(
        x: &[f32], max_code: f32, zero: f32, out: &mut [u8]
    ) -> f32;
    to_half_avx2 = to_half(x: &[f32], out: &mut [u16]);
    to_int8_avx2 = to_int8(x: &[f32], out: &mut [i8]) -> (f32, i32);
    add_int8_avx2 = add_int8(sum: &mut [f64], bytes: &[i8], scale: f32);
    add_run_maxima_avx2 = add_run_maxima(
        values: &[f32], weight: f32, part: (usize, usize), sums: &mut [f32], stride: usize
    );
}
