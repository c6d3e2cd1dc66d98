//! Sums of rows of 16-bit floats, which the CPU converts.

use std::arch::x86_64::*;

use crate::half_sum::HalfSum;
use crate::int8::ROUNDING;
use crate::int8_products::Int8Output;
use crate::scalar;

/// Numbers in a register.
const LANES: usize = 16;

/// The AVX-512 sum.
#[target_feature(enable = "avx512f")]
pub(crate) fn half_sum_avx512(
    sum: &HalfSum<'_>,
    out: &mut [f32],
    quantised: Option<(Int8Output<'_>, &mut [u8])>,
) {
    let whole = match out.len() / LANES {
        registers if registers.is_multiple_of(4) => blocks::<4>(sum, out),
        _ => blocks::<1>(sum, out),
    };
    let Some((to, bytes)) = quantised else {
        scalar::half_sum(sum, whole, out, None);
        return;
    };
    quantise(&out[..whole], to, &mut bytes[..whole]);
    scalar::half_sum(sum, whole, out, Some((to, bytes)));
}

/// Computes the sums of whole blocks of `N` registers, and returns how many numbers these are.
#[target_feature(enable = "avx512f")]
fn blocks<const N: usize>(sum: &HalfSum<'_>, out: &mut [f32]) -> usize {
    let length = out.len();
    assert!(sum.bias.len() == length && sum.skip.len() == length);
    assert!(sum.terms.iter().all(|term| term.len() == length));
    let whole = length / (N * LANES) * (N * LANES);
    for at in (0..whole).step_by(N * LANES) {
        // SAFETY: `at + N * 16` is at most the length of all slices, by the assertions above.
        unsafe {
            let mut sums: [__m512; N] =
                std::array::from_fn(|i| _mm512_loadu_ps(sum.bias.as_ptr().add(at + i * LANES)));
            for term in sum.terms {
                for (i, sum) in sums.iter_mut().enumerate() {
                    *sum = _mm512_add_ps(*sum, load_half(term.as_ptr().add(at + i * LANES)));
                }
            }
            for (i, &value) in sums.iter().enumerate() {
                // A NaN becomes zero, as by `f32::max`.
                let value = _mm512_max_ps(value, _mm512_setzero_ps());
                let skip = load_half(sum.skip.as_ptr().add(at + i * LANES));
                let to = out.as_mut_ptr().add(at + i * LANES);
                _mm512_storeu_ps(to, _mm512_add_ps(value, skip));
            }
        }
    }
    whole
}

/// Loads 16 halves.
///
/// # Safety
/// `from` must be valid for reads of 16 halves.
#[target_feature(enable = "avx512f")]
unsafe fn load_half(from: *const u16) -> __m512 {
    // SAFETY: the caller guarantees 16 halves.
    _mm512_cvtph_ps(unsafe { _mm256_loadu_si256(from.cast()) })
}

/// Quantises whole registers.
#[target_feature(enable = "avx512f")]
fn quantise(x: &[f32], to: Int8Output<'_>, bytes: &mut [u8]) {
    let length = x.len();
    assert!(length.is_multiple_of(LANES));
    assert!(to.inverse.len() >= length && bytes.len() == length);
    let zero = f32::from(to.zero);
    let [low, high] = [-zero, 255.0 - zero].map(|limit| _mm512_set1_ps(limit));
    let rounding = _mm512_set1_ps(ROUNDING + zero);
    for at in (0..length).step_by(LANES) {
        // SAFETY: `at + 16` is at most the length of all slices, by the assertions above.
        unsafe {
            let x = _mm512_loadu_ps(x.as_ptr().add(at));
            let scaled = _mm512_mul_ps(x, _mm512_loadu_ps(to.inverse.as_ptr().add(at)));
            // A NaN becomes the lower limit, as by `f32::max`.
            let clamped = _mm512_min_ps(_mm512_max_ps(scaled, low), high);
            let integers = _mm512_castps_si512(_mm512_add_ps(clamped, rounding));
            let integers = _mm512_cvtepi32_epi8(integers);
            _mm_storeu_si128(bytes.as_mut_ptr().add(at).cast(), integers);
        }
    }
}

/// The AVX2 sum: the scalar code, compiled for wider registers.
#[target_feature(enable = "avx2,fma")]
pub(crate) fn half_sum_avx2(
    sum: &HalfSum<'_>,
    out: &mut [f32],
    quantised: Option<(Int8Output<'_>, &mut [u8])>,
) {
    scalar::half_sum(sum, 0, out, quantised);
}
