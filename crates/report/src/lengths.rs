//! The lengths of the pairs, and the ratio between their two sides.

use nasaq::{BeadKind, Language};
use serde::Serialize;

use crate::histogram::{CountStats, Histogram, IntegerHistogram};
use crate::number::rounded;

/// Number of cells of the scatter plot in each dimension.
pub(crate) const CELLS: usize = 40;
/// Number of cells of the scatter plot from one length to its double: the plot is logarithmic.
pub(crate) const CELLS_PER_DOUBLING: f64 = 4.0;
/// Maximum absolute value of the natural logarithm of a length ratio; others are clamped to it.
const MAX_LOG_RATIO: f64 = 4.0;
/// Number of bins of the histograms from which quantiles are computed.
const FINE_BINS: usize = 800;

/// The lengths of the pairs of a corpus.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LengthReport {
    /// The number of words on the Arabic side of a pair.
    pub arabic_words: Option<CountStats>,
    /// The number of words on the English side of a pair.
    pub english_words: Option<CountStats>,
    /// Pairs by the number of words on the Arabic side, in bins of one word.
    pub arabic_histogram: Histogram,
    /// Pairs by the number of words on the English side, in bins of one word.
    pub english_histogram: Histogram,
    /// Pairs by the natural logarithm of Arabic chars / English chars, in bins of 0.1 from −4 to 4.
    pub log_ratio: Histogram,
    /// The distribution of Arabic chars / English chars.
    pub ratio: Option<CharRatio>,
    /// The ratio for beads of one shape, Arabic first: `1-1`, `1-n`, `n-1`, `other`.
    pub ratio_by_kind: Vec<KindRatio>,
    /// A two-dimensional histogram of the lengths of both sides, without empty cells.
    pub scatter: Vec<ScatterCell>,
}

/// The distribution of Arabic chars / English chars.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CharRatio {
    /// The median.
    pub median: f64,
    /// The 2.5th percentile.
    pub low: f64,
    /// The 97.5th percentile.
    pub high: f64,
}

/// The length ratio of beads of one group of shapes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct KindRatio {
    /// The shapes, Arabic first.
    pub kind: &'static str,
    /// The number of pairs.
    pub pairs: u64,
    /// The median of Arabic chars / English chars.
    pub median: Option<f64>,
}

/// The number of pairs with about the same lengths. The cells are logarithmic: the length in chars
/// doubles every four cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ScatterCell {
    /// The cell of the English length, which begins at `2^(cell / 4)` chars.
    pub english: u32,
    /// The cell of the Arabic length.
    pub arabic: u32,
    /// The number of pairs.
    pub pairs: u64,
}

const KINDS: [&str; 4] = ["1-1", "1-n", "n-1", "other"];

/// Collects the lengths of pairs.
#[derive(Clone, Debug)]
pub(crate) struct LengthsBuilder {
    words: [IntegerHistogram; 2],
    /// The logarithms of the ratio for each of [`KINDS`].
    logs: [Histogram; 4],
    /// The scatter plot, row by row: English length times [`CELLS`] plus Arabic length.
    cells: Vec<u64>,
}

/// Returns the cell of a length in chars.
fn cell(chars: usize) -> usize {
    let cell = (libm::log2(chars.max(1) as f64) * CELLS_PER_DOUBLING).floor() as usize;
    cell.min(CELLS - 1)
}

impl LengthsBuilder {
    pub(crate) fn new() -> Self {
        let logs =
            std::array::from_fn(|_| Histogram::new(-MAX_LOG_RATIO, MAX_LOG_RATIO, FINE_BINS));
        Self { words: Default::default(), logs, cells: vec![0; CELLS * CELLS] }
    }

    pub(crate) fn add(
        &mut self,
        [arabic, english]: [&str; 2],
        words: [u64; 2],
        kind: Option<BeadKind>,
        source: Language,
    ) {
        self.words[0].add(words[0]);
        self.words[1].add(words[1]);
        let chars = [arabic, english].map(|text| text.trim().chars().count());
        self.cells[cell(chars[1]) * CELLS + cell(chars[0])] += 1;
        let (ar, en) = match (kind, source) {
            (None, _) => (1, 1),
            (Some(kind), Language::Arabic) => (kind.src, kind.tgt),
            (Some(kind), Language::English) => (kind.tgt, kind.src),
        };
        let at = match (ar, en) {
            (1, 1) => 0,
            (1, _) => 1,
            (_, 1) => 2,
            _ => 3,
        };
        let log = libm::log(chars[0].max(1) as f64 / chars[1].max(1) as f64);
        self.logs[at].add(log.clamp(-MAX_LOG_RATIO, MAX_LOG_RATIO));
    }

    pub(crate) fn finish(self) -> LengthReport {
        let mut all = Histogram::new(-MAX_LOG_RATIO, MAX_LOG_RATIO, FINE_BINS);
        for histogram in &self.logs {
            all.counts.iter_mut().zip(&histogram.counts).for_each(|(sum, count)| *sum += count);
        }
        let ratio_quantile = |histogram: &Histogram, share: f64| {
            histogram.quantile(share).map(|log| rounded(libm::exp(log)))
        };
        let [median, low, high] = [0.5, 0.025, 0.975].map(|share| ratio_quantile(&all, share));
        let by_kind = KINDS.iter().zip(&self.logs).map(|(kind, histogram)| KindRatio {
            kind,
            pairs: histogram.total(),
            median: ratio_quantile(histogram, 0.5),
        });
        let cells = self.cells.iter().enumerate().filter(|(_, pairs)| **pairs > 0);
        let scatter = cells.map(|(at, pairs)| ScatterCell {
            english: (at / CELLS) as u32,
            arabic: (at % CELLS) as u32,
            pairs: *pairs,
        });
        LengthReport {
            arabic_words: self.words[0].stats(),
            english_words: self.words[1].stats(),
            arabic_histogram: self.words[0].histogram(),
            english_histogram: self.words[1].histogram(),
            log_ratio: all.coarser(10, 80),
            ratio: median.zip(low).zip(high).map(|((median, low), high)| CharRatio {
                median,
                low,
                high,
            }),
            ratio_by_kind: by_kind.collect(),
            scatter: scatter.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_has_the_quantiles_of_the_pairs() {
        let mut lengths = LengthsBuilder::new();
        for chars in 40..=60 {
            let (arabic, english) = ("ا".repeat(chars), "e".repeat(50));
            lengths.add([&arabic, &english], [1, 1], None, Language::Arabic);
        }
        let lengths = lengths.finish();
        let ratio = lengths.ratio.unwrap();
        assert!((ratio.median - 1.0).abs() < 0.02, "{ratio:?}");
        assert!(ratio.low < 0.85 && ratio.high > 1.15);
        assert_eq!(lengths.scatter.iter().map(|cell| cell.pairs).sum::<u64>(), 21);
        assert_eq!(lengths.ratio_by_kind[0].pairs, 21);
        assert_eq!(lengths.log_ratio.total(), 21);
    }

    #[test]
    fn lengths_double_every_four_cells() {
        assert_eq!([1, 2, 4, 64].map(cell), [0, 4, 8, 24]);
        assert_eq!(cell(usize::MAX), CELLS - 1);
    }
}
