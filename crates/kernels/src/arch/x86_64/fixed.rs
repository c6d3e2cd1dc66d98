//! Dot products of numbers in fixed point: exact integer sums, in whatever order.

use std::arch::x86_64::*;

use crate::scalar;

/// Vectors of either side in a tile, whose sums stay in registers.
const TILE: usize = 4;
/// Numbers in a register.
const WIDE: usize = 32;

/// The dot products of many queries with many rows, `dim` numbers each.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(crate) fn dots_fixed_vnni(queries: &[i16], rows: &[i16], dim: usize, out: &mut [f32]) {
    if !dim.is_multiple_of(WIDE) {
        scalar::dots_fixed(queries, rows, dim, out);
        return;
    }
    let (some, count) = (queries.len() / dim, rows.len() / dim);
    let (queries_whole, rows_whole) = (some / TILE * TILE, count / TILE * TILE);
    // The rows change slowest: the queries stay in the cache.
    for first in (0..rows_whole).step_by(TILE) {
        let block = &rows[first * dim..][..TILE * dim];
        for query in (0..queries_whole).step_by(TILE) {
            let products = tile_vnni(&queries[query * dim..][..TILE * dim], block, dim);
            for (at, products) in products.iter().enumerate() {
                out[(query + at) * count + first..][..TILE].copy_from_slice(products);
            }
        }
    }
    let dot = |query: usize, row: usize| {
        dot_vnni(&queries[query * dim..][..dim], &rows[row * dim..][..dim])
    };
    for query in 0..some {
        let from = if query < queries_whole { rows_whole } else { 0 };
        for row in from..count {
            out[query * count + row] = scalar::fixed_product(dot(query, row));
        }
    }
}

/// The products of four queries with four rows.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn tile_vnni(queries: &[i16], rows: &[i16], dim: usize) -> [[f32; TILE]; TILE] {
    assert!(queries.len() == TILE * dim && rows.len() == TILE * dim && dim.is_multiple_of(WIDE));
    // `sums[TILE * row + query]`
    let mut sums = [_mm512_setzero_si512(); TILE * TILE];
    for i in (0..dim).step_by(WIDE) {
        // SAFETY: `dim` is a multiple of 32, so `i + 32 <= dim`, and there are four vectors in each.
        unsafe {
            let y: [__m512i; TILE] = std::array::from_fn(|row| {
                _mm512_loadu_si512(rows.as_ptr().add(row * dim + i).cast())
            });
            for query in 0..TILE {
                let x = _mm512_loadu_si512(queries.as_ptr().add(query * dim + i).cast());
                for row in 0..TILE {
                    let sum = &mut sums[TILE * row + query];
                    *sum = _mm512_dpwssd_epi32(*sum, x, y[row]);
                }
            }
        }
    }
    // Registers are added by halves, two to one: then each is a row's and each quarter a query's…
    let eights: [__m512i; 8] = std::array::from_fn(|at| {
        let (a, b) = (sums[2 * at], sums[2 * at + 1]);
        let (low, high) = (_mm512_shuffle_i32x4::<0x44>(a, b), _mm512_shuffle_i32x4::<0xEE>(a, b));
        _mm512_add_epi32(low, high)
    });
    let fours: [__m512i; 4] = std::array::from_fn(|at| {
        let (a, b) = (eights[2 * at], eights[2 * at + 1]);
        let (low, high) = (_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xDD>(a, b));
        _mm512_add_epi32(low, high)
    });
    // …and within the quarters, till each number is the whole sum of a query and a row.
    let twos: [__m512i; 2] = std::array::from_fn(|at| {
        let (a, b) = (fours[2 * at], fours[2 * at + 1]);
        _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b))
    });
    let [a, b] = twos;
    let (even, odd) = (_mm512_castsi512_ps(a), _mm512_castsi512_ps(b));
    let low = _mm512_castps_si512(_mm512_shuffle_ps::<0x88>(even, odd));
    let high = _mm512_castps_si512(_mm512_shuffle_ps::<0xDD>(even, odd));
    let whole = _mm512_cvtepi32_ps(_mm512_add_epi32(low, high));
    let whole = _mm512_mul_ps(whole, _mm512_set1_ps(scalar::FIXED_PRODUCT));
    let mut products = [[0.0; TILE]; TILE];
    // SAFETY: there is room for 16 numbers.
    unsafe { _mm512_storeu_ps(products.as_mut_ptr().cast(), whole) };
    products
}

/// The sum of the products of two vectors whose length is a multiple of a register's.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn dot_vnni(a: &[i16], b: &[i16]) -> i32 {
    assert!(a.len() == b.len() && a.len().is_multiple_of(WIDE));
    let mut sum = _mm512_setzero_si512();
    for i in (0..a.len()).step_by(WIDE) {
        // SAFETY: the length is a multiple of 32, so `i + 32` numbers are there.
        unsafe {
            let x = _mm512_loadu_si512(a.as_ptr().add(i).cast());
            let y = _mm512_loadu_si512(b.as_ptr().add(i).cast());
            sum = _mm512_dpwssd_epi32(sum, x, y);
        }
    }
    _mm512_reduce_add_epi32(sum)
}
