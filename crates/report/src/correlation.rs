//! Rank correlations of the scores and features, over a random sample of the pairs.

use serde::Serialize;

use crate::number::rounded;
use crate::top_k::{TopK, shuffled_key};

/// Maximum number of pairs in the sample. The error of a correlation is about 0.03 then.
const SAMPLE: usize = 5000;
/// Minimum number of pairs for a correlation.
const MIN_PAIRS: usize = 10;

/// Spearman's rank correlations of the scores and features.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CorrelationMatrix {
    /// The number of pairs in the sample, at most 5,000.
    pub pairs: usize,
    /// The names of the scores and features. Those that do not vary are omitted.
    pub names: Vec<String>,
    /// The matrix, −1 to 1, in the order of the names. `None` if fewer than 10 pairs have both
    /// values.
    pub values: Vec<Vec<Option<f64>>>,
}

/// Collects the sample.
#[derive(Clone, Debug)]
pub(crate) struct CorrelationBuilder {
    seed: u64,
    sample: TopK<u64, Vec<f32>>,
}

impl CorrelationBuilder {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, sample: TopK::new(SAMPLE) }
    }

    pub(crate) fn add(&mut self, row: u64, values: impl Iterator<Item = Option<f64>>) {
        self.sample.add(shuffled_key(row, self.seed ^ 0xc0), row, || {
            values.map(|value| value.map_or(f32::NAN, |value| value as f32)).collect()
        });
    }

    pub(crate) fn finish(self, names: impl Iterator<Item = String>) -> CorrelationMatrix {
        let rows = self.sample.into_sorted();
        let columns: Vec<(String, Vec<f32>)> = names
            .enumerate()
            .map(|(at, name)| (name, rows.iter().map(|row| row[at]).collect::<Vec<f32>>()))
            .filter(|(_, column)| varies(column))
            .collect();
        let mut values = vec![vec![None; columns.len()]; columns.len()];
        for (at, (_, a)) in columns.iter().enumerate() {
            for (other, (_, b)) in columns.iter().enumerate().take(at + 1) {
                let value = spearman(a, b).map(rounded);
                (values[at][other], values[other][at]) = (value, value);
            }
        }
        let names = columns.into_iter().map(|(name, _)| name).collect();
        CorrelationMatrix { pairs: rows.len(), names, values }
    }
}

fn varies(column: &[f32]) -> bool {
    let mut known = column.iter().filter(|value| !value.is_nan());
    let Some(first) = known.next() else { return false };
    known.any(|value| value != first)
}

/// Returns the rank correlation over the pairs that have both values.
fn spearman(a: &[f32], b: &[f32]) -> Option<f64> {
    let both = a.iter().zip(b).filter(|(a, b)| !a.is_nan() && !b.is_nan());
    let (a, b): (Vec<f32>, Vec<f32>) = both.map(|(a, b)| (*a, *b)).unzip();
    if a.len() < MIN_PAIRS {
        return None;
    }
    pearson(&ranks(&a), &ranks(&b))
}

/// Returns the rank of each value; equal values share the mean of their ranks.
fn ranks(values: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for group in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = start as f64 + (group.len() - 1) as f64 / 2.0;
        group.iter().for_each(|at| ranks[*at] = rank);
        start += group.len();
    }
    ranks
}

fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_correlation_depends_on_order_alone() {
        let a: Vec<f32> = (1..=20_u8).map(f32::from).collect();
        let squares: Vec<f32> = a.iter().map(|value| value * value).collect();
        let down: Vec<f32> = a.iter().map(|value| -value).collect();
        assert!((spearman(&a, &squares).unwrap() - 1.0).abs() < 1e-12);
        assert!((spearman(&a, &down).unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(spearman(&a, &[1.0; 20]), None);
        assert_eq!(spearman(&a, &[f32::NAN; 20]), None);
    }

    #[test]
    fn ties_share_their_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [2.5, 0.0, 2.5, 1.0]);
    }

    #[test]
    fn constant_columns_are_omitted() {
        let mut builder = CorrelationBuilder::new(1);
        for row in 0..30_u64 {
            builder
                .add(row, [Some(row as f64), Some(1.0), None, Some(row as f64 / 2.0)].into_iter());
        }
        let found = builder.finish(["a", "b", "c", "d"].map(str::to_owned).into_iter());
        assert_eq!(found.names, ["a", "d"]);
        assert_eq!(found.values[0][1], Some(1.0));
    }
}
