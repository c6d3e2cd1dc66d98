//! The specification: what each kernel computes, operation by operation.
//!
//! Two orders of summation are fixed here. A matrix product adds the terms of an output one after
//! the other, by fused multiply-add. A sum over a vector has [`LANES`] chains, with element `i` in
//! chain `i % LANES`; the chains are then added by halves. Both orders suit any register width.

use crate::epilogue::{Epilogue, quantised};
use crate::half;
use crate::half_sum::HalfSum;
use crate::int8::{Panel, ROUNDING, STEP};
use crate::int8_products::Int8Output;
use crate::packed::PANEL;
use crate::rows::Int8RowsRef;

/// Chains of a sum over a vector.
pub(crate) const LANES: usize = 16;

/// Adds `a[rows[r]..][..k] · panel` to `out[r * stride..][..width]` for each row `r`.
pub(crate) fn matmul_panel(
    a: &[f32],
    rows: &[usize],
    panel: &[f32],
    out: &mut [f32],
    stride: usize,
    width: usize,
) {
    let k = panel.len() / PANEL;
    for (r, &from) in rows.iter().enumerate() {
        let out = &mut out[r * stride..][..width];
        let mut sums = [0.0; PANEL];
        sums[..width].copy_from_slice(out);
        for (&x, line) in a[from..from + k].iter().zip(panel.chunks_exact(PANEL)) {
            for (sum, &y) in sums.iter_mut().zip(line) {
                *sum = x.mul_add(y, *sum);
            }
        }
        out.copy_from_slice(&sums[..width]);
    }
}

/// Computes the quantised product `a[rows[r]..] · panel` for each row; its outputs start at
/// `out[r * stride..]`.
pub(crate) fn matmul_int8_panel<E: Epilogue>(
    a: &[u8],
    rows: &[usize],
    panel: Panel<'_>,
    out: &mut [E::Out],
    stride: usize,
    epilogue: E,
) {
    let k = panel.data.len() / PANEL;
    for (r, &from) in rows.iter().enumerate() {
        let mut sums = [0_i32; PANEL];
        let lines = panel.data.chunks_exact(PANEL * STEP);
        for (inputs, line) in a[from..from + k].chunks_exact(STEP).zip(lines) {
            for (sum, weights) in sums.iter_mut().zip(line.chunks_exact(STEP)) {
                for (&x, &y) in inputs.iter().zip(weights) {
                    *sum += i32::from(x) * i32::from(y);
                }
            }
        }
        epilogue.finish(panel, from, &sums, &mut out[r * stride..]);
    }
}

/// Adds the chains by halves.
#[inline(always)]
pub(crate) fn fold(mut lanes: [f32; LANES]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// Returns the dot product of two vectors of one length.
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    for (x, y) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..LANES {
            lanes[lane] = x[lane].mul_add(y[lane], lanes[lane]);
        }
    }
    for (lane, (x, y)) in a_rest.iter().zip(b_rest).enumerate() {
        lanes[lane] = x.mul_add(*y, lanes[lane]);
    }
    fold(lanes)
}

/// Writes the dot product of `query` with each row of `rows` to `out`.
#[inline(always)]
pub(crate) fn dots(query: &[f32], rows: &[f32], out: &mut [f32]) {
    for (row, out) in rows.chunks_exact(query.len()).zip(out) {
        *out = dot(query, row);
    }
}

/// Returns the maximum size of the numbers that are not NaN; 0 if there are none.
#[inline(always)]
fn max_size(x: &[f32]) -> f32 {
    // A maximum does not depend on the order, and independent lanes are vectorised.
    let greater = |a: f32, b: f32| if b > a { b } else { a };
    let mut lanes = [0.0_f32; 2 * LANES];
    let (chunks, rest) = x.as_chunks::<{ 2 * LANES }>();
    for chunk in chunks {
        for lane in 0..2 * LANES {
            lanes[lane] = greater(lanes[lane], chunk[lane].abs());
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane = greater(*lane, x.abs());
    }
    let mut half = LANES;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = greater(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// Quantises a vector to `i8`; returns the value of one unit, and the sum of the integers.
#[inline(always)]
pub(crate) fn to_int8(x: &[f32], out: &mut [i8]) -> (f32, i32) {
    const MAX: f32 = 127.0;
    let max = max_size(x);
    let inverse = if max > 0.0 { MAX / max } else { 0.0 };
    let mut sum = 0_i32;
    for (out, x) in out.iter_mut().zip(x) {
        // The bits of NaN differ between CPUs.
        let scaled = x * inverse;
        let scaled = if scaled.is_nan() { 0.0 } else { scaled };
        // The sum has no fraction bits left, and its last bits are the integer.
        let bits = (scaled + ROUNDING).to_bits().cast_signed();
        *out = bits as i8;
        // The same integer, in fewer instructions than by conversion from `i8`.
        sum += bits << 24 >> 24;
    }
    (max / MAX, sum)
}

/// Adds a quantised vector to a sum; one unit has the value `scale`.
#[inline(always)]
pub(crate) fn add_int8(sum: &mut [f64], bytes: &[i8], scale: f32) {
    for (sum, &x) in sum.iter_mut().zip(bytes) {
        *sum += f64::from(f32::from(x) * scale);
    }
}

/// Writes the dot products of each of `queries` with each of `rows` to `out`, one row per query.
#[inline(always)]
pub(crate) fn dots_int8(queries: Int8RowsRef<'_>, rows: Int8RowsRef<'_>, out: &mut [f32]) {
    let dim = queries.stride();
    let queries = queries.numbers().chunks_exact(dim).zip(queries.scales());
    for ((query, &own), out) in queries.zip(out.chunks_exact_mut(rows.len())) {
        let rows = rows.numbers().chunks_exact(dim).zip(rows.scales());
        for ((row, &other), out) in rows.zip(out) {
            let products = query.iter().zip(row).map(|(&x, &y)| i32::from(x) * i32::from(y));
            *out = int8_product(products.fold(0, i32::wrapping_add), own, other);
        }
    }
}

/// Returns the value of a sum of products of quantised numbers.
#[inline(always)]
pub(crate) fn int8_product(sum: i32, own: f32, other: f32) -> f32 {
    sum as f32 * (own * other)
}

/// Adds `weight` times the maximum of each run of values to sums; see `Kernel::add_run_maxima`.
#[inline(always)]
pub(crate) fn add_run_maxima(
    values: &[f32],
    weight: f32,
    (from, to): (usize, usize),
    sums: &mut [f32],
    stride: usize,
) {
    for first in (from / LANES * LANES..to).step_by(LANES) {
        let (chunks, _) = values[first..].as_chunks::<LANES>();
        let mut best = chunks[0];
        for (row, next) in sums.chunks_exact_mut(stride).zip(first + 1..) {
            let sums = &mut row[first..][..LANES];
            let next = &values[next..][..LANES];
            for lane in 0..LANES {
                sums[lane] += weight * best[lane];
                best[lane] = if next[lane] > best[lane] { next[lane] } else { best[lane] };
            }
        }
    }
}

/// Normalises each row of `x` to mean 0 and variance 1, then scales by `gain` and shifts by `bias`.
#[inline(always)]
pub(crate) fn layer_norms(x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    for row in x.chunks_exact_mut(gain.len()) {
        layer_norm(row, gain, bias, epsilon);
    }
}

/// Normalises a row.
#[inline(always)]
fn layer_norm(x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    let count = x.len() as f32;
    let mut lanes = [0.0_f32; LANES];
    let (chunks, rest) = x.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] += chunk[lane];
        }
    }
    for (lane, value) in rest.iter().enumerate() {
        lanes[lane] += value;
    }
    let mean = fold(lanes) / count;

    lanes = [0.0; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            let off = chunk[lane] - mean;
            lanes[lane] = off.mul_add(off, lanes[lane]);
        }
    }
    for (lane, value) in rest.iter().enumerate() {
        let off = value - mean;
        lanes[lane] = off.mul_add(off, lanes[lane]);
    }
    let scale = 1.0 / (fold(lanes) / count + epsilon).sqrt();
    for ((value, gain), bias) in x.iter_mut().zip(gain).zip(bias) {
        *value = ((*value - mean) * scale).mul_add(*gain, *bias);
    }
}

/// Replaces each `x` by `max(x, 0) + skip`.
#[inline(always)]
pub(crate) fn relu_add(x: &mut [f32], skip: &[f32]) {
    for (value, skip) in x.iter_mut().zip(skip) {
        *value = value.max(0.0) + skip;
    }
}

/// Adds `term` to `sum`, element by element.
#[inline(always)]
pub(crate) fn add(sum: &mut [f32], term: &[f32]) {
    for (sum, term) in sum.iter_mut().zip(term) {
        *sum += term;
    }
}

/// Multiplies each number by `factor`.
#[inline(always)]
pub(crate) fn scale(x: &mut [f32], factor: f32) {
    for value in x {
        *value *= factor;
    }
}

/// Replaces each `x` by `(x + count · term) · factor`.
#[inline(always)]
pub(crate) fn add_scaled(x: &mut [f32], count: f32, term: &[f32], factor: f32) {
    for (value, term) in x.iter_mut().zip(term) {
        *value = (*value + count * term) * factor;
    }
}

/// Rows that are added before a sum is stored.
const ROWS: usize = 4;

/// Adds each row of `rows` to `sum`, one after the other.
#[inline(always)]
pub(crate) fn add_rows(sum: &mut [f32], rows: &[f32]) {
    let width = sum.len();
    let blocks = rows.chunks_exact(ROWS * width);
    let rest = blocks.remainder();
    for block in blocks {
        let [a, b, c, d] = four(block, width);
        for ((((sum, a), b), c), d) in sum.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            *sum = *sum + a + b + c + d;
        }
    }
    rest.chunks_exact(width).for_each(|row| add(sum, row));
}

/// Writes the sum of rows, which are added to zero one after the other.
#[inline(always)]
pub(crate) fn sum_rows(sum: &mut [f32], rows: &[f32]) {
    let width = sum.len();
    if rows.len() < ROWS * width {
        sum.fill(0.0);
        add_rows(sum, rows);
        return;
    }
    let (first, rest) = rows.split_at(ROWS * width);
    let [a, b, c, d] = four(first, width);
    for ((((sum, a), b), c), d) in sum.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *sum = 0.0 + a + b + c + d;
    }
    add_rows(sum, rest);
}

/// Returns four rows of numbers that are one after the other.
#[inline(always)]
fn four(block: &[f32], width: usize) -> [&[f32]; ROWS] {
    std::array::from_fn(|row| &block[row * width..][..width])
}

/// Converts codes to numbers: `out = codes · scale + low`.
#[inline(always)]
pub(crate) fn dequantise(codes: &[u8], scale: f32, low: f32, out: &mut [f32]) {
    for (out, &code) in out.iter_mut().zip(codes) {
        *out = f32::from(code) * scale + low;
    }
}

/// Quantises numbers to `u8`: `x · inverse + zero`, rounded (ties to even) and clamped to 0 to 255.
#[inline(always)]
pub(crate) fn quantise(x: &[f32], inverse: &[f32], zero: f32, out: &mut [u8]) {
    for ((out, x), inverse) in out.iter_mut().zip(x).zip(inverse) {
        *out = quantised(*x, *inverse, zero);
    }
}

/// Quantises a row to `u8` by a step of its own, and returns the step; see `Kernel::quantise_row`.
#[inline(always)]
pub(crate) fn quantise_row(x: &[f32], max_code: f32, zero: f32, out: &mut [u8]) -> f32 {
    let step = max_size(x).max(1e-30) / max_code;
    let inverse = 1.0 / step;
    for (out, &x) in out.iter_mut().zip(x) {
        *out = quantised(x, inverse, zero);
    }
    step
}

/// Writes a sum to `out` and, if asked for, quantised, from index `from` on; see
/// `Kernel::half_sum`.
#[inline(always)]
pub(crate) fn half_sum(
    sum: &HalfSum<'_>,
    from: usize,
    out: &mut [f32],
    quantised_to: Option<(Int8Output<'_>, &mut [u8])>,
) {
    out[from..].copy_from_slice(&sum.bias[from..]);
    for term in sum.terms {
        for (out, &term) in out[from..].iter_mut().zip(&term[from..]) {
            *out += half::to_f32(term);
        }
    }
    for (out, &skip) in out[from..].iter_mut().zip(&sum.skip[from..]) {
        *out = out.max(0.0) + half::to_f32(skip);
    }
    if let Some((to, bytes)) = quantised_to {
        quantise(&out[from..], &to.inverse[from..], f32::from(to.zero), &mut bytes[from..]);
    }
}

/// Converts numbers to 16-bit floats.
#[inline(always)]
pub(crate) fn to_half(x: &[f32], out: &mut [u16]) {
    for (out, &x) in out.iter_mut().zip(x) {
        *out = half::from_f32(x);
    }
}

/// Replaces each number by its hyperbolic tangent, within 3e-7.
///
/// `tanh |x| = 1 - 2 / (exp 2|x| + 1)`. The exponential is `2^n · exp r` with `|r| ≤ ln 2 / 2`, and
/// `exp r` its Taylor sum up to the seventh power, whose remainder is below 1e-8. The function of
/// the platform would differ between systems.
#[inline(always)]
pub(crate) fn tanh(x: &mut [f32]) {
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    for value in x {
        // Beyond 9.1 the tangent rounds to 1; the clamp keeps the exponent in range.
        let twice = (value.abs() * 2.0).min(30.0);
        let n = (twice * std::f32::consts::LOG2_E + 0.5).floor();
        let r = n.mul_add(-LN_2_LOW, n.mul_add(-LN_2_HIGH, twice));
        let mut exp = 1.0 / 5040.0;
        for factorial in [720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0] {
            exp = f32::mul_add(exp, r, 1.0 / factorial);
        }
        let power = f32::from_bits(((n as i32 + 127) as u32) << 23);
        let tangent = 1.0 - 2.0 / exp.mul_add(power, 1.0);
        *value = tangent.copysign(*value);
    }
}
