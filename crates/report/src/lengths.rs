//! Lengths: how many words a pair has, and how the two sides' lengths go together.

use nasaq::{BeadKind, Language};
use serde::Serialize;

use crate::histogram::{Counts, Histogram, Spread};
use crate::number::rounded;

/// Cells of the scatter, either way.
pub(crate) const CELLS: usize = 40;
/// Cells that double the length.
pub(crate) const PER_DOUBLING: f64 = 4.0;
/// Greatest logarithm of a ratio that is told apart, either way.
const GREATEST_LOG: f64 = 4.0;

/// The lengths of a corpus's pairs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lengths {
    /// Words of the Arabic side.
    pub arabic_words: Option<Spread>,
    /// Words of the English side.
    pub english_words: Option<Spread>,
    /// Pairs by words of the Arabic side, steps of one.
    pub arabic_histogram: Histogram,
    /// Likewise of the English side.
    pub english_histogram: Histogram,
    /// Logarithm of Arabic chars by English chars, steps of 0.1 from −4.
    pub log_ratio: Histogram,
    /// The ratio itself.
    pub ratio: Option<Ratio>,
    /// By shape of bead, Arabic first: one to one, one to several, several to one, others.
    pub ratio_by_kind: Vec<KindRatio>,
    /// How many pairs have which lengths.
    pub scatter: Vec<ScatterCell>,
}

/// Arabic chars by English chars.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ratio {
    /// Half of the pairs are below it.
    pub median: f64,
    /// One in 40 pairs is below it.
    pub low: f64,
    /// One in 40 pairs is above it.
    pub high: f64,
}

/// The ratio of beads of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KindRatio {
    /// Which kind.
    pub kind: &'static str,
    /// How many pairs.
    pub pairs: u64,
    /// The median ratio.
    pub median: Option<f64>,
}

/// Pairs of about the same lengths; lengths are in chars, four cells a doubling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ScatterCell {
    /// The cell of the English length: that of `2^(cell / 4)` chars and more.
    pub english: u32,
    /// The cell of the Arabic length.
    pub arabic: u32,
    /// How many pairs.
    pub pairs: u64,
}

const KINDS: [&str; 4] = ["1-1", "1-n", "n-1", "other"];

/// Gathers lengths.
#[derive(Clone, Debug)]
pub(crate) struct LengthsBuilder {
    words: [Counts; 2],
    logs: [Histogram; 4],
    cells: Vec<u64>,
}

/// Gives the cell of a length in chars.
fn cell(chars: usize) -> usize {
    let place = (libm::log2(chars.max(1) as f64) * PER_DOUBLING).floor() as usize;
    place.min(CELLS - 1)
}

impl LengthsBuilder {
    pub(crate) fn new() -> Self {
        let logs = std::array::from_fn(|_| Histogram::new(-GREATEST_LOG, GREATEST_LOG, 800));
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
        self.logs[at].add(log.clamp(-GREATEST_LOG, GREATEST_LOG));
    }

    pub(crate) fn finish(self) -> Lengths {
        let mut all = Histogram::new(-GREATEST_LOG, GREATEST_LOG, 800);
        for histogram in &self.logs {
            all.counts.iter_mut().zip(&histogram.counts).for_each(|(sum, count)| *sum += count);
        }
        let at = |histogram: &Histogram, share: f64| {
            histogram.quantile(share).map(|log| rounded(libm::exp(log)))
        };
        let ratio = at(&all, 0.5).zip(at(&all, 0.025)).zip(at(&all, 0.975));
        let by_kind = KINDS.iter().zip(&self.logs).map(|(kind, histogram)| KindRatio {
            kind,
            pairs: histogram.total(),
            median: at(histogram, 0.5),
        });
        let cells = self.cells.iter().enumerate().filter(|(_, pairs)| **pairs > 0);
        let scatter = cells.map(|(at, pairs)| ScatterCell {
            english: (at / CELLS) as u32,
            arabic: (at % CELLS) as u32,
            pairs: *pairs,
        });
        Lengths {
            arabic_words: self.words[0].spread(),
            english_words: self.words[1].spread(),
            arabic_histogram: self.words[0].histogram(),
            english_histogram: self.words[1].histogram(),
            log_ratio: all.coarser(10, 80),
            ratio: ratio.map(|((median, low), high)| Ratio { median, low, high }),
            ratio_by_kind: by_kind.collect(),
            scatter: scatter.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_that_of_the_middle_pair() {
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
    fn cells_double_every_four() {
        assert_eq!([1, 2, 4, 64].map(cell), [0, 4, 8, 24]);
        assert_eq!(cell(usize::MAX), CELLS - 1);
    }
}
