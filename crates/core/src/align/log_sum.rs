//! Logarithms of sums of exponentials, for one state or for a row of states at a time.

/// A term that is so much less than the greatest adds 4e-11 of it: thousands may be left out.
const NEGLIGIBLE: f32 = -24.0;

/// Gives the logarithm of the sum of the exponentials, within 1e-6.
pub(super) fn log_sum(terms: &[f64]) -> f64 {
    let greatest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if greatest == f64::NEG_INFINITY {
        return greatest;
    }
    // Mostly one term is all there is to the sum.
    let mut sum = 0.0_f32;
    for term in terms {
        let less = (term - greatest) as f32;
        if less > NEGLIGIBLE {
            sum += exp(less);
        }
    }
    if sum == 1.0 { greatest } else { greatest + libm::log(f64::from(sum)) }
}

/// The terms of the sums of a row of states, each of which has terms of its own.
#[derive(Default)]
pub(super) struct RowSums {
    terms: Vec<f64>,
    /// For each run of terms, the first state that it belongs to and its length.
    runs: Vec<(usize, usize)>,
    greatest: Vec<f64>,
    sums: Vec<f32>,
}

impl RowSums {
    /// Starts anew with so many states that have no terms yet.
    pub(super) fn clear(&mut self, states: usize) {
        self.terms.clear();
        self.runs.clear();
        self.greatest.clear();
        self.greatest.resize(states, f64::NEG_INFINITY);
    }

    /// Adds a term to each state of a run: a weight's logarithm and `sharpness` times a score.
    pub(super) fn add(&mut self, first: usize, logs: &[f64], scores: &[f32], sharpness: f64) {
        let start = self.terms.len();
        let terms = logs.iter().zip(scores).map(|(log, &score)| log + sharpness * f64::from(score));
        self.terms.extend(terms);
        self.runs.push((first, self.terms.len() - start));
        let greatest = &mut self.greatest[first..][..self.terms.len() - start];
        for (greatest, &term) in greatest.iter_mut().zip(&self.terms[start..]) {
            *greatest = if term > *greatest { term } else { *greatest };
        }
    }

    /// Writes each state's logarithm of the sum; that of no terms is negative infinity.
    pub(super) fn finish(&mut self, out: &mut [f64]) {
        self.sums.clear();
        self.sums.resize(self.greatest.len(), 0.0);
        let mut terms = &self.terms[..];
        for &(first, count) in &self.runs {
            let (run, rest) = terms.split_at(count);
            terms = rest;
            let states = self.sums[first..].iter_mut().zip(&self.greatest[first..]);
            for (&term, (sum, &greatest)) in run.iter().zip(states) {
                *sum += exp((term - greatest) as f32);
            }
        }
        for (out, (&greatest, &sum)) in out.iter_mut().zip(self.greatest.iter().zip(&self.sums)) {
            *out = match greatest == f64::NEG_INFINITY {
                true => greatest,
                false => greatest + libm::log(f64::from(sum)),
            };
        }
    }
}

/// Gives the exponential of a number that is not above zero, within 3e-7 of itself; below -80 that
/// of -80.
///
/// The same bits everywhere: no step is fused or left to the CPU. The power of two comes from the
/// exponent's bits, the rest from the Taylor series up to the sixth power.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// 1.5 · 2^23: a small number added to it loses what is behind its point.
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
    fn a_row_has_the_sums_of_its_states() {
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
