//! A random sample of beads, which measures how many of those that nobody has looked at are right.

use nasaq::Span;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::change::{Refusal, RefusalKind};
use crate::row::Row;
use crate::span::is_same;
use crate::state::State;
use crate::summary::SampleSummary;

/// The quantile of the normal distribution for an interval of 95 %.
const Z: f64 = 1.959_964;

/// The beads that were drawn, as they were at that time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) items: Vec<(Span, Span)>,
}

impl Sample {
    /// Draws undecided rows. The same rows and seed give the same sample.
    pub(crate) fn draw(rows: &[Row], size: usize, seed: u64) -> Result<Self, Refusal> {
        if size == 0 {
            return Err(Refusal::decision("a sample has at least one bead"));
        }
        let mut keyed: Vec<(u64, &Row)> = rows
            .iter()
            .filter(|row| !row.is_fixed())
            .map(|row| {
                let mut bytes = [0; 16];
                let numbers = [row.src.start, row.src.end, row.tgt.start, row.tgt.end];
                for (to, number) in bytes.chunks_exact_mut(4).zip(numbers) {
                    to.copy_from_slice(&number.to_le_bytes());
                }
                (xxh3_64_with_seed(&bytes, seed), row)
            })
            .collect();
        if keyed.is_empty() {
            return Err(Refusal::new(RefusalKind::Nothing, "all beads are decided"));
        }
        keyed.sort_by_key(|(key, _)| *key);
        keyed.truncate(size);
        let mut items: Vec<(Span, Span)> =
            keyed.iter().map(|(_, row)| (row.src, row.tgt)).collect();
        items.sort_unstable();
        Ok(Self { items })
    }

    /// Returns the row that holds the first segment of a drawn bead.
    pub(crate) fn row_of(state: &State, (src, tgt): &(Span, Span)) -> Option<usize> {
        use crate::decision::ReviewSide::{Src, Tgt};
        match src.is_empty() {
            true => state.row_of(Tgt, tgt.range().start),
            false => state.row_of(Src, src.range().start),
        }
    }

    /// Counts the drawn beads that are decided, and those of them that stayed as they were.
    pub(crate) fn summary(&self, state: &State) -> SampleSummary {
        let (mut checked, mut right) = (0, 0);
        for item in &self.items {
            let row = Self::row_of(state, item).map(|row| &state.rows[row]);
            let Some(row) = row.filter(|row| row.is_fixed()) else { continue };
            checked += 1;
            right += usize::from(is_same(row.src, item.0) && is_same(row.tgt, item.1));
        }
        let (low, high) = interval(right, checked);
        SampleSummary { drawn: self.items.len(), checked, right, low, high }
    }
}

/// Returns Wilson's score interval of a share, 0 to 1 where nothing was checked.
fn interval(right: usize, checked: usize) -> (f64, f64) {
    if checked == 0 {
        return (0.0, 1.0);
    }
    let (n, share) = (checked as f64, right as f64 / checked as f64);
    let centre = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn interval_is_that_of_the_literature() {
        // Values of Brown, Cai and DasGupta (2001) for the Wilson interval are the same.
        let (low, high) = interval(9, 10);
        assert!((low - 0.5958).abs() < 1e-3 && (high - 0.9821).abs() < 1e-3, "{low} {high}");
        assert_eq!(interval(0, 0), (0.0, 1.0));
        assert!(interval(10, 10).0 > 0.7);
    }
}
