//! Histograms with fixed bins, which take the same memory for any number of values.

use serde::Serialize;

use crate::number::rounded;

/// Counts of values in bins of equal width.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Histogram {
    /// The lower edge of the first bin.
    pub from: f64,
    /// The upper edge of the last bin.
    pub to: f64,
    /// The number of values in each bin. Bins are half-open, except that the last one includes its
    /// upper edge.
    pub counts: Vec<u64>,
    /// The number of values below the first bin.
    pub below: u64,
    /// The number of values above the last bin.
    pub above: u64,
}

impl Histogram {
    pub(crate) fn new(from: f64, to: f64, bins: usize) -> Self {
        Self { from, to, counts: vec![0; bins], below: 0, above: 0 }
    }

    /// Returns the lower edge of a bin.
    #[must_use]
    pub fn edge(&self, bin: usize) -> f64 {
        self.from + (self.to - self.from) * bin as f64 / self.counts.len() as f64
    }

    pub(crate) fn add(&mut self, value: f64) {
        self.add_many(value, 1);
    }

    pub(crate) fn add_many(&mut self, value: f64, times: u64) {
        let bins = self.counts.len();
        if value < self.from {
            self.below += times;
        } else if value > self.to {
            self.above += times;
        } else {
            let position = (value - self.from) / (self.to - self.from) * bins as f64;
            let mut bin = (position as usize).min(bins - 1);
            // The quotient is rounded, so the bin may be off by one: compare with the edges.
            if value < self.edge(bin) {
                bin -= 1;
            } else if bin + 1 < bins && value >= self.edge(bin + 1) {
                bin += 1;
            }
            self.counts[bin] += times;
        }
    }

    /// Returns the number of values.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.below + self.above + self.counts.iter().sum::<u64>()
    }

    /// Returns a quantile, interpolated linearly inside its bin; `None` if there are no values.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let total = self.total();
        if total == 0 {
            return None;
        }
        let target = share * total as f64;
        let mut before = self.below as f64;
        if self.below > 0 && target <= before {
            return Some(self.from);
        }
        for (bin, &count) in self.counts.iter().enumerate() {
            let count = count as f64;
            if count > 0.0 && before + count >= target {
                let width = self.edge(bin + 1) - self.edge(bin);
                return Some(rounded(self.edge(bin) + width * (target - before).max(0.0) / count));
            }
            before += count;
        }
        Some(self.to)
    }

    /// Returns a histogram with `bins` bins, each the sum of `step` of the old ones. Values beyond
    /// the last bin are counted as above it.
    pub(crate) fn coarser(&self, step: usize, bins: usize) -> Self {
        let mut coarse = Self::new(self.from, self.edge(step * bins), bins);
        coarse.below = self.below;
        coarse.above = self.above;
        for (bin, count) in self.counts.iter().enumerate() {
            match coarse.counts.get_mut(bin / step) {
                Some(into) => *into += count,
                None => coarse.above += count,
            }
        }
        coarse
    }
}

/// Counts of integers: each value from 0 to 255 separately, and all larger ones together.
#[derive(Clone, Debug)]
pub(crate) struct IntegerHistogram {
    counts: [u64; 257],
    total: u64,
    sum: u64,
    max: u64,
}

/// Statistics of a set of integers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CountStats {
    /// The mean.
    pub mean: f64,
    /// The median: the smallest value that at least half of the values do not exceed. Values of
    /// 256 and more count as 256.
    pub median: u64,
    /// The 95th percentile. Values of 256 and more count as 256.
    pub p95: u64,
    /// The maximum.
    #[serde(rename = "greatest")]
    pub max: u64,
}

impl Default for IntegerHistogram {
    fn default() -> Self {
        Self { counts: [0; 257], total: 0, sum: 0, max: 0 }
    }
}

impl IntegerHistogram {
    pub(crate) fn add(&mut self, value: u64) {
        self.counts[value.min(256) as usize] += 1;
        self.total += 1;
        self.sum += value;
        self.max = self.max.max(value);
    }

    fn quantile(&self, share: f64) -> u64 {
        let target = (share * self.total as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        let found = self.counts.iter().position(|count| {
            seen += count;
            seen >= target
        });
        found.unwrap_or(256) as u64
    }

    pub(crate) fn stats(&self) -> Option<CountStats> {
        (self.total > 0).then(|| CountStats {
            mean: rounded(self.sum as f64 / self.total as f64),
            median: self.quantile(0.5),
            p95: self.quantile(0.95),
            max: self.max,
        })
    }

    /// Returns the counts as a histogram with bins of one.
    pub(crate) fn histogram(&self) -> Histogram {
        let mut histogram = Histogram::new(0.0, 256.0, 256);
        histogram.counts.copy_from_slice(&self.counts[..256]);
        histogram.above = self.counts[256];
        histogram
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_lower_edge_belongs_to_its_bin() {
        let mut histogram = Histogram::new(0.0, 1.0, 50);
        for step in 0..=50 {
            histogram.add(f64::from(step) / 50.0);
        }
        assert!(histogram.counts[..49].iter().all(|count| *count == 1));
        assert_eq!(histogram.counts[49], 2);
    }

    #[test]
    fn statistics_of_integers_are_those_counted_by_hand() {
        let mut counts = IntegerHistogram::default();
        for value in [1, 2, 2, 3, 300] {
            counts.add(value);
        }
        let stats = counts.stats().unwrap();
        assert_eq!((stats.median, stats.p95, stats.max), (2, 256, 300));
        assert_eq!(stats.mean, 61.6);
        assert_eq!(counts.histogram().above, 1);
    }

    proptest! {
        #[test]
        fn a_value_is_counted_between_its_edges(values in prop::collection::vec(-0.2..1.2_f64, 1..40)) {
            let mut histogram = Histogram::new(0.0, 1.0, 7);
            values.iter().for_each(|value| histogram.add(*value));
            prop_assert_eq!(histogram.total(), values.len() as u64);
            for bin in 0..7 {
                let (from, to) = (histogram.edge(bin), histogram.edge(bin + 1));
                let inside = values.iter().filter(|v| **v >= from && (**v < to || bin == 6 && **v <= 1.0));
                prop_assert_eq!(histogram.counts[bin], inside.count() as u64);
            }
            let median = histogram.quantile(0.5).unwrap();
            prop_assert!((0.0..=1.0).contains(&median));
        }
    }
}
