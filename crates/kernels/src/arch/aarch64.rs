//! NEON kernels. Each computes the sums of `scalar`, several at a time.
//!
//! Every 64-bit ARM CPU has NEON, so the scalar code is compiled for it without further ado. Only
//! products have their own kernels, because the compiler would not keep their sums in registers:
//! those of `f32` are the generic kernels of `vector`, those of 8-bit integers are written for NEON, for
//! its extension `dotprod` and for `i8mm`.

use std::arch::aarch64::*;

use crate::norm;
use crate::vector::{self, Vector};

/// Writes the kernels of 8-bit integers of an instruction set, from its function for the sums of up to
/// four rows with some columns of a panel, and from that for the dot products with one or four rows.
macro_rules! int8_kernels {
    ($features:literal:
        $(#[$panel_doc:meta])* $panel:ident = $tile:ident by $columns:expr;
        $(#[$dots_doc:meta])* $dots:ident = $dot_tile:ident;
    ) => {
        $(#[$panel_doc])*
        #[target_feature(enable = $features)]
        pub(crate) fn $panel<E: Epilogue>(
            a: &[u8],
            rows: &[usize],
            panel: Panel<'_>,
            out: &mut [E::Out],
            stride: usize,
            epilogue: E,
        ) {
            #[target_feature(enable = $features)]
            fn some_rows<const R: usize, E: Epilogue>(
                a: &[u8],
                rows: &[usize],
                panel: Panel<'_>,
                out: &mut [E::Out],
                stride: usize,
                epilogue: E,
            ) {
                let mut sums = [[0; PANEL]; R];
                for first in (0..PANEL).step_by($columns) {
                    $tile::<R>(a, rows, panel, first, &mut sums);
                }
                for (r, sums) in sums.iter().enumerate() {
                    epilogue.finish(panel, rows[r], sums, &mut out[r * stride..]);
                }
            }
            /// Rows whose products, with a line of the panel, fit in the registers.
            const ROWS: usize = 4;
            for (index, rows) in rows.chunks(ROWS).enumerate() {
                let out = &mut out[index * ROWS * stride..];
                match rows.len() {
                    1 => some_rows::<1, E>(a, rows, panel, out, stride, epilogue),
                    2 => some_rows::<2, E>(a, rows, panel, out, stride, epilogue),
                    3 => some_rows::<3, E>(a, rows, panel, out, stride, epilogue),
                    _ => some_rows::<ROWS, E>(a, rows, panel, out, stride, epilogue),
                }
            }
        }

        $(#[$dots_doc])*
        #[target_feature(enable = $features)]
        pub(crate) fn $dots(queries: Int8RowsRef<'_>, rows: Int8RowsRef<'_>, out: &mut [f32]) {
            /// Rows whose sums stay in registers.
            const ROWS: usize = 4;
            for (query, out) in queries.chunks(1).zip(out.chunks_mut(rows.len())) {
                for (rows, out) in rows.chunks(ROWS).zip(out.chunks_mut(ROWS)) {
                    if rows.len() == ROWS {
                        $dot_tile::<ROWS>(query, rows, out);
                    } else {
                        for (row, out) in rows.chunks(1).zip(out.chunks_mut(1)) {
                            $dot_tile::<1>(query, row, out);
                        }
                    }
                }
            }
        }
    };
}

mod dotprod;
mod i8mm;
mod int8;

pub(crate) use dotprod::{dots_int8_dotprod, matmul_int8_panel_dotprod};
pub(crate) use i8mm::matmul_int8_panel_i8mm;
pub(crate) use int8::{dots_int8_neon, matmul_int8_panel_neon};

// SAFETY: each method is the one intrinsic that does what it is named for.
unsafe impl Vector for float32x4_t {
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        // SAFETY: the caller guarantees NEON.
        unsafe { vdupq_n_f32(x) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller guarantees NEON and 4 numbers.
        unsafe { vld1q_f32(from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller guarantees NEON and room for 4 numbers.
        unsafe { vst1q_f32(to, self) }
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, term: Self) -> Self {
        // SAFETY: the caller guarantees NEON.
        unsafe { vfmaq_f32(term, self, factor) }
    }

    #[inline(always)]
    unsafe fn add(self, term: Self) -> Self {
        // SAFETY: the caller guarantees NEON.
        unsafe { vaddq_f32(self, term) }
    }

    #[inline(always)]
    unsafe fn sub(self, term: Self) -> Self {
        // SAFETY: the caller guarantees NEON.
        unsafe { vsubq_f32(self, term) }
    }

    #[inline(always)]
    unsafe fn mul(self, factor: Self) -> Self {
        // SAFETY: the caller guarantees NEON.
        unsafe { vmulq_f32(self, factor) }
    }
}

/// The product of many rows with a panel: tiles of 4 rows by 16 columns, whose sums, with a line of
/// the panel, fill two thirds of the 32 registers.
#[target_feature(enable = "neon")]
pub(crate) fn matmul_panel_neon(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
) {
    // SAFETY: this function has the features.
    unsafe { vector::matmul_panel::<float32x4_t, 4, 4>(a, rows, panel, out, stride) }
}

/// The dot products of a query with many rows.
#[target_feature(enable = "neon")]
pub(crate) fn dots_neon(query: &[f32], rows: &[f32], out: &mut [f32]) {
    // SAFETY: this function has the features.
    unsafe { vector::dots::<float32x4_t, 4>(query, rows, out) }
}

/// The layer norms of rows.
#[target_feature(enable = "neon")]
pub(crate) fn layer_norms_neon(x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    // SAFETY: this function has the features.
    unsafe { norm::layer_norms::<float32x4_t, 4>(x, gain, bias, epsilon) }
}
