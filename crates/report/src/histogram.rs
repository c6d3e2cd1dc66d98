//! Counts of values in bins that do not change, so that memory does not grow.

use serde::Serialize;

use crate::number::rounded;

/// Values counted in bins of the same width.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Histogram {
    /// Where the first bin begins.
    pub from: f64,
    /// Where the last bin ends; a value there is in it.
    pub to: f64,
    /// By bin, half-open but for the last: how many values.
    pub counts: Vec<u64>,
    /// Values below the first bin.
    pub below: u64,
    /// Values beyond the last bin.
    pub above: u64,
}

impl Histogram {
    pub(crate) fn new(from: f64, to: f64, bins: usize) -> Self {
        Self { from, to, counts: vec![0; bins], below: 0, above: 0 }
    }

    /// Gives where a bin begins.
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
            let place = (value - self.from) / (self.to - self.from) * bins as f64;
            let mut bin = (place as usize).min(bins - 1);
            // Division rounds: the edges decide, as a reader would.
            if value < self.edge(bin) {
                bin -= 1;
            } else if bin + 1 < bins && value >= self.edge(bin + 1) {
                bin += 1;
            }
            self.counts[bin] += times;
        }
    }

    /// Counts all values.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.below + self.above + self.counts.iter().sum::<u64>()
    }

    /// Gives the value that a share of all values is below, with the bin it falls into divided;
    /// `None` of nothing.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let total = self.total();
        if total == 0 {
            return None;
        }
        let wanted = share * total as f64;
        let mut before = self.below as f64;
        if self.below > 0 && wanted <= before {
            return Some(self.from);
        }
        for (bin, &count) in self.counts.iter().enumerate() {
            let count = count as f64;
            if count > 0.0 && before + count >= wanted {
                let width = self.edge(bin + 1) - self.edge(bin);
                return Some(rounded(self.edge(bin) + width * (wanted - before).max(0.0) / count));
            }
            before += count;
        }
        Some(self.to)
    }

    /// Gives the same counts in fewer bins, up to a value, `step` old bins a new one; what is beyond
    /// is counted as above.
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

/// Whole numbers counted one by one up to 255; greater ones together.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    counts: [u64; 257],
    total: u64,
    sum: u64,
    greatest: u64,
}

/// What whole numbers are like.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The least number that half of them do not exceed; 256 where that is 256 or more.
    pub median: u64,
    /// Likewise of 95 in 100.
    pub p95: u64,
    /// The greatest.
    pub greatest: u64,
}

impl Default for Counts {
    fn default() -> Self {
        Self { counts: [0; 257], total: 0, sum: 0, greatest: 0 }
    }
}

impl Counts {
    pub(crate) fn add(&mut self, value: u64) {
        self.counts[value.min(256) as usize] += 1;
        self.total += 1;
        self.sum += value;
        self.greatest = self.greatest.max(value);
    }

    fn quantile(&self, share: f64) -> u64 {
        let wanted = (share * self.total as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        let found = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        found.unwrap_or(256) as u64
    }

    pub(crate) fn spread(&self) -> Option<Spread> {
        (self.total > 0).then(|| Spread {
            mean: rounded(self.sum as f64 / self.total as f64),
            median: self.quantile(0.5),
            p95: self.quantile(0.95),
            greatest: self.greatest,
        })
    }

    /// Gives the counts as a histogram of steps of one.
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
    fn edges_belong_to_the_bin_that_begins_there() {
        let mut histogram = Histogram::new(0.0, 1.0, 50);
        for step in 0..=50 {
            histogram.add(f64::from(step) / 50.0);
        }
        assert!(histogram.counts[..49].iter().all(|count| *count == 1));
        assert_eq!(histogram.counts[49], 2);
    }

    #[test]
    fn numbers_have_their_spread() {
        let mut counts = Counts::default();
        for value in [1, 2, 2, 3, 300] {
            counts.add(value);
        }
        let spread = counts.spread().unwrap();
        assert_eq!((spread.median, spread.p95, spread.greatest), (2, 256, 300));
        assert_eq!(spread.mean, 61.6);
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
