//! Which features go together: Spearman's rank correlation over a random sample of the pairs.

use serde::Serialize;

use crate::least::{Least, shuffled};
use crate::number::rounded;

/// Pairs that are compared: a correlation is known to 0.03 then.
const SAMPLE: usize = 5000;
/// Fewer pairs than this say nothing.
const FEWEST: usize = 10;

/// Correlations of features.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Correlation {
    /// Pairs that were compared, at most 5,000.
    pub pairs: usize,
    /// The features that vary.
    pub names: Vec<String>,
    /// By row and column of the names: −1 to 1; `None` where the two hardly ever apply together.
    pub values: Vec<Vec<Option<f64>>>,
}

/// Takes the sample.
#[derive(Clone, Debug)]
pub(crate) struct CorrelationBuilder {
    seed: u64,
    sample: Least<u64, Vec<f32>>,
}

impl CorrelationBuilder {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, sample: Least::new(SAMPLE) }
    }

    pub(crate) fn add(&mut self, row: u64, values: impl Iterator<Item = Option<f64>>) {
        self.sample.add(shuffled(row, self.seed ^ 0xc0), row, || {
            values.map(|value| value.map_or(f32::NAN, |value| value as f32)).collect()
        });
    }

    pub(crate) fn finish(self, names: impl Iterator<Item = String>) -> Correlation {
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
        Correlation { pairs: rows.len(), names, values }
    }
}

fn varies(column: &[f32]) -> bool {
    let mut known = column.iter().filter(|value| !value.is_nan());
    let Some(first) = known.next() else { return false };
    known.any(|value| value != first)
}

/// Gives the rank correlation of those values that are there in both.
fn spearman(a: &[f32], b: &[f32]) -> Option<f64> {
    let both = a.iter().zip(b).filter(|(a, b)| !a.is_nan() && !b.is_nan());
    let (a, b): (Vec<f32>, Vec<f32>) = both.map(|(a, b)| (*a, *b)).unzip();
    if a.len() < FEWEST {
        return None;
    }
    pearson(&ranks(&a), &ranks(&b))
}

/// Gives the rank of each value; equal ones have the mean of theirs.
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
    fn order_alone_counts() {
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
    fn what_never_varies_is_left_out() {
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
