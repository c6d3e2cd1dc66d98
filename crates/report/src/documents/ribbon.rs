//! The ribbon: a document's rows from first to last in at most so many cells, each as sure as its
//! least sure pair.

use serde::Serialize;

use crate::number::rounded;
use crate::options::Verdict;

/// Cells of a ribbon.
const CELLS: usize = 160;

/// A document's rows in cells.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ribbon {
    /// Rows of each cell; the last may have fewer.
    pub rows_per_cell: u64,
    /// The cells, in order.
    pub cells: Vec<RibbonCell>,
}

/// Some rows of a document.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RibbonCell {
    /// The first row in the corpus, from 0.
    pub row: u64,
    /// How many rows.
    pub rows: u64,
    /// Of them, rows without counterpart.
    pub missing: u64,
    /// The least confidence of its pairs: probability times quality, or the one that is known.
    pub confidence: Option<f64>,
    /// The worst verdict of its pairs.
    pub verdict: Option<Verdict>,
    /// The row of the least confidence.
    pub worst_row: u64,
}

/// Gathers a ribbon without knowing how long the document is.
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
        let less = match (self.confidence, next.confidence) {
            (Some(own), Some(other)) => other < own,
            (own, other) => own.is_none() && other.is_some(),
        };
        if less {
            (self.confidence, self.worst_row) = (next.confidence, next.worst_row);
        }
    }
}

impl RibbonBuilder {
    pub(crate) fn add(
        &mut self,
        row: u64,
        confidence: Option<f64>,
        verdict: Option<Verdict>,
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
        if cells.len() > CELLS {
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
    fn cells_hold_all_rows_and_the_least() {
        for rows in [1, 160, 161, 500, 1000] {
            let mut ribbon = RibbonBuilder::default();
            for row in 0..rows {
                let confidence = if row == rows / 3 { 0.1 } else { 0.9 };
                ribbon.add(row, Some(confidence), Some(Verdict::Ready), row % 7 != 6);
            }
            let ribbon = ribbon.finish();
            assert!(ribbon.cells.len() <= CELLS);
            assert_eq!(ribbon.cells.iter().map(|cell| cell.rows).sum::<u64>(), rows);
            let starts: u64 = ribbon.cells.iter().map(|cell| cell.missing).sum();
            assert_eq!(starts, (0..rows).filter(|row| row % 7 == 6).count() as u64);
            let least = ribbon.cells.iter().find(|cell| cell.confidence == Some(0.1)).unwrap();
            assert_eq!(least.worst_row, rows / 3);
            assert!(least.row <= rows / 3 && rows / 3 < least.row + least.rows);
        }
    }
}
