//! The ribbon of a document: its rows from first to last in a bounded number of cells, each with
//! the minimum confidence of its pairs.

use serde::Serialize;

use crate::number::rounded;
use crate::options::PairVerdict;

/// Maximum number of cells.
const MAX_CELLS: usize = 160;

/// The confidence of the pairs of a document from its first row to its last.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Ribbon {
    /// The number of rows in a cell; the last cell may have fewer.
    pub rows_per_cell: u64,
    /// The cells, in order.
    pub cells: Vec<RibbonCell>,
}

/// A run of rows of a document.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RibbonCell {
    /// The index of the first row in the corpus, from 0.
    pub row: u64,
    /// The number of rows.
    pub rows: u64,
    /// The number of rows without a counterpart.
    pub missing: u64,
    /// The minimum confidence of the pairs; see
    /// [`ReportRow::confidence`](crate::ReportRow::confidence).
    pub confidence: Option<f64>,
    /// The worst verdict on a pair.
    pub verdict: Option<PairVerdict>,
    /// The index of the row with the minimum confidence.
    pub worst_row: u64,
}

/// Collects a ribbon of a document of unknown length.
#[derive(Clone, Debug)]
pub(crate) struct RibbonBuilder(Ribbon);

impl Default for RibbonBuilder {
    fn default() -> Self {
        Self(Ribbon { rows_per_cell: 1, cells: Vec::new() })
    }
}

impl RibbonCell {
    fn join(&mut self, next: &Self) {
        self.rows += next.rows;
        self.missing += next.missing;
        self.verdict = self.verdict.max(next.verdict);
        let is_lower = match (self.confidence, next.confidence) {
            (Some(own), Some(other)) => other < own,
            (own, other) => own.is_none() && other.is_some(),
        };
        if is_lower {
            (self.confidence, self.worst_row) = (next.confidence, next.worst_row);
        }
    }
}

impl RibbonBuilder {
    pub(crate) fn add(
        &mut self,
        row: u64,
        confidence: Option<f64>,
        verdict: Option<PairVerdict>,
        is_pair: bool,
    ) {
        let Ribbon { rows_per_cell, cells } = &mut self.0;
        let verdict = verdict.filter(|_| is_pair);
        let missing = u64::from(!is_pair);
        let confidence = confidence.map(rounded);
        let cell = RibbonCell { row, rows: 1, missing, confidence, verdict, worst_row: row };
        match cells.last_mut() {
            Some(last) if last.rows < *rows_per_cell => last.join(&cell),
            _ => cells.push(cell),
        }
        if cells.len() > MAX_CELLS {
            *rows_per_cell *= 2;
            let joined = cells.chunks(2).map(|pair| {
                let mut cell = pair[0];
                pair[1..].iter().for_each(|next| cell.join(next));
                cell
            });
            *cells = joined.collect();
        }
    }

    pub(crate) fn finish(self) -> Ribbon {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_cover_all_rows_and_show_the_minimum_confidence() {
        for rows in [1, 160, 161, 500, 1000] {
            let mut ribbon = RibbonBuilder::default();
            for row in 0..rows {
                let confidence = if row == rows / 3 { 0.1 } else { 0.9 };
                ribbon.add(row, Some(confidence), Some(PairVerdict::Ready), row % 7 != 6);
            }
            let ribbon = ribbon.finish();
            assert!(ribbon.cells.len() <= MAX_CELLS);
            assert_eq!(ribbon.cells.iter().map(|cell| cell.rows).sum::<u64>(), rows);
            let missing: u64 = ribbon.cells.iter().map(|cell| cell.missing).sum();
            assert_eq!(missing, (0..rows).filter(|row| row % 7 == 6).count() as u64);
            let lowest = ribbon.cells.iter().find(|cell| cell.confidence == Some(0.1)).unwrap();
            assert_eq!(lowest.worst_row, rows / 3);
            assert!(lowest.row <= rows / 3 && rows / 3 < lowest.row + lowest.rows);
        }
    }
}
