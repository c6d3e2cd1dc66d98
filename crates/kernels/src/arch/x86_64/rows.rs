//! Dot products of vectors of 8-bit integers: sums are exact in any order.

use std::arch::x86_64::*;

use crate::rows::{Int8RowsRef, WIDE};
use crate::scalar;

/// Vectors of either side in a tile, whose sums stay in registers.
const TILE: usize = 4;

/// The dot products of many queries with many rows.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(crate) fn dots_int8_vnni(queries: Int8RowsRef<'_>, rows: Int8RowsRef<'_>, out: &mut [f32]) {
    let (some, count) = (queries.len(), rows.len());
    let (queries_whole, rows_whole) = (some / TILE * TILE, count / TILE * TILE);
    // The outer loop is over rows, so that the queries stay in the cache.
    for first in (0..rows_whole).step_by(TILE) {
        let block = rows.slice(first..first + TILE);
        for query in (0..queries_whole).step_by(TILE) {
            let products = tile_vnni(queries.slice(query..query + TILE), block);
            for (at, products) in products.iter().enumerate() {
                out[(query + at) * count + first..][..TILE].copy_from_slice(products);
            }
        }
    }
    for query in 0..some {
        let from = if query < queries_whole { rows_whole } else { 0 };
        let own = queries.slice(query..query + 1);
        for row in from..count {
            let other = rows.slice(row..row + 1);
            let sum = sum_vnni(own.numbers(), other.numbers()).wrapping_sub(other.offsets()[0]);
            out[query * count + row] =
                scalar::int8_product(sum, own.scales()[0], other.scales()[0]);
        }
    }
}

/// Adds 128 to each integer, which makes it unsigned.
#[target_feature(enable = "avx512f")]
fn to_unsigned(numbers: __m512i) -> __m512i {
    _mm512_xor_si512(numbers, _mm512_set1_epi8(i8::MIN))
}

/// The products of four queries with four rows.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn tile_vnni(queries: Int8RowsRef<'_>, rows: Int8RowsRef<'_>) -> [[f32; TILE]; TILE] {
    let dim = queries.stride();
    let (query_numbers, row_numbers) = (queries.numbers(), rows.numbers());
    assert!(query_numbers.len() == TILE * dim && row_numbers.len() == TILE * dim);
    assert!(dim.is_multiple_of(WIDE));
    // `sums[TILE * row + query]`
    let mut sums = [_mm512_setzero_si512(); TILE * TILE];
    for i in (0..dim).step_by(WIDE) {
        // SAFETY: `dim` is a multiple of 64, so `i + 64 <= dim`, and there are four vectors in
        // each.
        unsafe {
            let y: [__m512i; TILE] = std::array::from_fn(|row| {
                _mm512_loadu_si512(row_numbers.as_ptr().add(row * dim + i).cast())
            });
            for query in 0..TILE {
                let x = _mm512_loadu_si512(query_numbers.as_ptr().add(query * dim + i).cast());
                let x = to_unsigned(x);
                for row in 0..TILE {
                    let sum = &mut sums[TILE * row + query];
                    *sum = _mm512_dpbusd_epi32(*sum, x, y[row]);
                }
            }
        }
    }
    // Pairs of registers are added by halves. In the end each register has the sums of a row, and
    // each quarter of it those of a query…
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
    // …then numbers are added within the quarters, until each is the whole sum of a query and a
    // row.
    let twos: [__m512i; 2] = std::array::from_fn(|at| {
        let (a, b) = (fours[2 * at], fours[2 * at + 1]);
        _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b))
    });
    let [a, b] = twos;
    let (even, odd) = (_mm512_castsi512_ps(a), _mm512_castsi512_ps(b));
    let low = _mm512_castps_si512(_mm512_shuffle_ps::<0x88>(even, odd));
    let high = _mm512_castps_si512(_mm512_shuffle_ps::<0xDD>(even, odd));
    let whole = _mm512_add_epi32(low, high);
    let offsets: &[i32; TILE] = rows.offsets().try_into().expect("one offset per row");
    let row_scales: &[f32; TILE] = rows.scales().try_into().expect("one scale per row");
    let query_scales: &[f32; TILE] = queries.scales().try_into().expect("one scale per query");
    let mut products = [[0.0; TILE]; TILE];
    // SAFETY: each of these holds four numbers, and `products` has room for 16.
    unsafe {
        let offsets = _mm512_broadcast_i32x4(_mm_loadu_si128(offsets.as_ptr().cast()));
        let row_scales = _mm512_broadcast_f32x4(_mm_loadu_ps(row_scales.as_ptr()));
        let four_scales = _mm512_castps128_ps512(_mm_loadu_ps(query_scales.as_ptr()));
        // Repeats the scale of each query over its quarter.
        let fourfold = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
        let scales = _mm512_mul_ps(_mm512_permutexvar_ps(fourfold, four_scales), row_scales);
        let whole = _mm512_cvtepi32_ps(_mm512_sub_epi32(whole, offsets));
        _mm512_storeu_ps(products.as_mut_ptr().cast(), _mm512_mul_ps(whole, scales));
    }
    products
}

/// The sum of the products of two vectors, after adding 128 to the first.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn sum_vnni(a: &[i8], b: &[i8]) -> i32 {
    assert!(a.len() == b.len() && a.len().is_multiple_of(WIDE));
    let mut sum = _mm512_setzero_si512();
    for i in (0..a.len()).step_by(WIDE) {
        // SAFETY: the length is a multiple of 64, so `i + 64` numbers are there.
        unsafe {
            let x = to_unsigned(_mm512_loadu_si512(a.as_ptr().add(i).cast()));
            let y = _mm512_loadu_si512(b.as_ptr().add(i).cast());
            sum = _mm512_dpbusd_epi32(sum, x, y);
        }
    }
    _mm512_reduce_add_epi32(sum)
}

/// The dot products of many queries with many rows.
///
/// Integers are widened to 16 bits first, because the instruction for 8 bits saturates.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn dots_int8_avx2(queries: Int8RowsRef<'_>, rows: Int8RowsRef<'_>, out: &mut [f32]) {
    let count = rows.len();
    let pairs = queries.chunks(2).zip(out.chunks_mut(2 * count));
    for (queries, out) in pairs {
        for (at, rows) in rows.chunks(TILE).enumerate() {
            let at = at * TILE;
            match (queries.len(), rows.len()) {
                (2, TILE) => tile_avx2::<2, TILE>(queries, rows, &mut out[at..], count),
                (1, TILE) => tile_avx2::<1, TILE>(queries, rows, &mut out[at..], count),
                _ => (0..rows.len()).for_each(|row| {
                    let (rows, out) = (rows.slice(row..row + 1), &mut out[at + row..]);
                    if queries.len() == 2 {
                        tile_avx2::<2, 1>(queries, rows, out, count);
                    } else {
                        tile_avx2::<1, 1>(queries, rows, out, count);
                    }
                }),
            }
        }
    }
}

/// The products of `Q` queries with `R` rows; those of the next query are `stride` further.
#[target_feature(enable = "avx2,fma")]
fn tile_avx2<const Q: usize, const R: usize>(
    queries: Int8RowsRef<'_>,
    rows: Int8RowsRef<'_>,
    out: &mut [f32],
    stride: usize,
) {
    /// Integers in a register.
    const LANES: usize = 16;
    let dim = queries.stride();
    let (query_numbers, row_numbers) = (queries.numbers(), rows.numbers());
    assert!(
        query_numbers.len() == Q * dim && row_numbers.len() == R * dim && dim.is_multiple_of(LANES)
    );
    let mut sums = [[_mm256_setzero_si256(); R]; Q];
    for i in (0..dim).step_by(LANES) {
        // SAFETY: `dim` is a multiple of 16, so `i + 16 <= dim`, and the assertion above counts the
        // vectors.
        unsafe {
            let y: [__m256i; R] = std::array::from_fn(|row| {
                _mm256_cvtepi8_epi16(_mm_loadu_si128(
                    row_numbers.as_ptr().add(row * dim + i).cast(),
                ))
            });
            for (query, sums) in sums.iter_mut().enumerate() {
                let x = query_numbers.as_ptr().add(query * dim + i).cast();
                let x = _mm256_cvtepi8_epi16(_mm_loadu_si128(x));
                for (sum, y) in sums.iter_mut().zip(y) {
                    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(x, y));
                }
            }
        }
    }
    for (query, sums) in sums.iter().enumerate() {
        for (row, sum) in sums.iter().enumerate() {
            let mut parts = [0_i32; 8];
            // SAFETY: `parts` holds 8 numbers.
            unsafe { _mm256_storeu_si256(parts.as_mut_ptr().cast(), *sum) };
            let sum = parts.into_iter().fold(0, i32::wrapping_add);
            let (own, other) = (queries.scales()[query], rows.scales()[row]);
            out[query * stride + row] = scalar::int8_product(sum, own, other);
        }
    }
}
