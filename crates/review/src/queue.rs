//! Which bead to look at next.

use serde::{Deserialize, Serialize};

use crate::sample::Sample;
use crate::state::State;

/// The order in which a reviewer looks at beads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Order {
    /// The bead that is most probably wrong first.
    #[default]
    Risk,
    /// From the first to the last.
    Reading,
    /// The beads of the random sample, from the first to the last.
    Sample,
}

impl State {
    /// Returns the next undecided row. By risk it is the least probable one other than `after`, the
    /// first of equals; in reading order the next one behind `after`, or the first if there is
    /// none.
    pub(crate) fn next(&self, after: Option<usize>, order: Order) -> Option<usize> {
        let rows = || self.rows.iter().enumerate();
        let free = || rows().filter(|(_, row)| !row.is_fixed()).map(|(index, _)| index);
        let behind = |row: &usize| after.is_none_or(|after| *row > after);
        match order {
            Order::Risk => {
                let by_risk = |a: &usize, b: &usize| {
                    let probability = |row: &usize| self.rows[*row].probability;
                    probability(a).total_cmp(&probability(b)).then(a.cmp(b))
                };
                let others = free().filter(|row| Some(*row) != after);
                others.min_by(by_risk).or_else(|| free().next())
            }
            Order::Reading => free().find(behind).or_else(|| free().next()),
            Order::Sample => {
                let items = self.remarks.sample.iter().flat_map(|sample| &sample.items);
                let mut drawn: Vec<usize> = items
                    .filter_map(|item| Sample::row_of(self, item))
                    .filter(|row| !self.rows[*row].is_fixed())
                    .collect();
                drawn.sort_unstable();
                drawn.iter().copied().find(behind).or_else(|| drawn.first().copied())
            }
        }
    }
}
