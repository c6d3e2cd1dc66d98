//! Logarithms of sums of exponentials, for one state or for a row of states at a time.

/// A term that is this much below the maximum adds 4e-11 of it: thousands can be skipped.
const NEGLIGIBLE: f32 = -24.0;

/// Returns the logarithm of the sum of the exponentials, within 1e-6.
pub(super) fn log_sum(terms: &[f64]) -> f64 {
    let max = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if max == f64::NEG_INFINITY {
        return max;
    }
    // Mostly there is only one term that counts.
    let mut sum = 0.0_f32;
    for term in terms {
        let difference = (term - max) as f32;
        if difference > NEGLIGIBLE {
            sum += exp(difference);
        }
    }
    if sum == 1.0 { max } else { max + libm::log(f64::from(sum)) }
}

/// The sums of a row of states, each with its own terms.
#[derive(Default)]
pub(super) struct RowSums {
    terms: Vec<f64>,
    /// For each run of terms, the first state that it belongs to and its length.
    runs: Vec<(usize, usize)>,
    /// The maximum term of each state.
    max: Vec<f64>,
    sums: Vec<f32>,
}

impl RowSums {
    /// Starts a row of states that have no terms yet.
    pub(super) fn clear(&mut self, states: usize) {
        self.terms.clear();
        self.runs.clear();
        self.max.clear();
        self.max.resize(states, f64::NEG_INFINITY);
    }

    /// Adds a term to each state of a run: a weight's logarithm and `sharpness` times a score.
    pub(super) fn add(&mut self, first: usize, logs: &[f64], scores: &[f32], sharpness: f64) {
        let start = self.terms.len();
        let terms = logs.iter().zip(scores).map(|(log, &score)| log + sharpness * f64::from(score));
        self.terms.extend(terms);
        self.runs.push((first, self.terms.len() - start));
        let max = &mut self.max[first..][..self.terms.len() - start];
        for (max, &term) in max.iter_mut().zip(&self.terms[start..]) {
            *max = if term > *max { term } else { *max };
        }
    }

    /// Writes the logarithm of each state's sum: negative infinity if it has no terms.
    pub(super) fn finish(&mut self, out: &mut [f64]) {
        self.sums.clear();
        self.sums.resize(self.max.len(), 0.0);
        let mut terms = &self.terms[..];
        for &(first, count) in &self.runs {
            let (run, rest) = terms.split_at(count);
            terms = rest;
            let states = self.sums[first..].iter_mut().zip(&self.max[first..]);
            for (&term, (sum, &max)) in run.iter().zip(states) {
                *sum += exp((term - max) as f32);
            }
        }
        for (out, (&max, &sum)) in out.iter_mut().zip(self.max.iter().zip(&self.sums)) {
            *out = match max == f64::NEG_INFINITY {
                true => max,
                false => max + libm::log(f64::from(sum)),
            };
        }
    }
}

/// Returns the exponential of a number that is not above 0, with a relative error below 3e-7; below
/// -80 that of -80.
///
/// It has the same bits on every CPU: no operation is fused. The power of two comes from the
/// exponent's bits, the rest from the Taylor series up to the sixth power.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// 1.5 · 2^23: adding it rounds a small number to an integer.
    const ROUNDING: f32 = 12_582_912.0;
    /// The logarithm of 2 in two parts; multiples of the first are exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let x = if x > -80.0 { x } else { -80.0 };
    let shifted = x * std::f32::consts::LOG2_E + ROUNDING;
    let power = shifted - ROUNDING;
    let rest = x - power * LN_2[0] - power * LN_2[1];
    let mut sum = 1.0 / 720.0;
    for coefficient in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * rest + coefficient;
    }
    // The low bits of the shifted number hold the power.
    let exponent = shifted.to_bits().wrapping_sub(ROUNDING.to_bits()).wrapping_add(127);
    sum * f32::from_bits(exponent << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_near_the_true_one() {
        for step in 0..=80_000 {
            let x = -(step as f32) / 1000.0;
            let truth = f64::from(x).exp();
            assert!((f64::from(exp(x)) / truth - 1.0).abs() < 3e-7, "{x}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f32::NEG_INFINITY) < 1e-34 && exp(-1e9) < 1e-34);
    }

    #[test]
    fn a_log_sum_is_the_logarithm_of_the_sum() {
        assert_eq!(log_sum(&[]), f64::NEG_INFINITY);
        assert_eq!(log_sum(&[f64::NEG_INFINITY; 3]), f64::NEG_INFINITY);
        let sum = log_sum(&[1.0_f64.ln(), 2.0_f64.ln(), 5.0_f64.ln()]);
        assert!((sum - 8.0_f64.ln()).abs() < 1e-6);
        assert_eq!(log_sum(&[-1000.0, 3.0]), 3.0);
    }

    #[test]
    fn each_state_of_a_row_has_the_sum_of_its_terms() {
        let mut row = RowSums::default();
        row.clear(3);
        row.add(0, &[1.0, -2000.0], &[0.5, 0.25], 2.0);
        row.add(1, &[-2001.0], &[1.0], 2.0);
        row.add(0, &[0.0], &[f32::NEG_INFINITY], 2.0);
        let mut out = [0.0; 3];
        row.finish(&mut out);
        for (at, terms) in [vec![2.0], vec![-1999.5, -1999.0]].iter().enumerate() {
            assert!((out[at] - log_sum(terms)).abs() < 1e-6, "{out:?}");
        }
        assert_eq!(out[2], f64::NEG_INFINITY);
    }
}
