//! How far a review is.

use serde::Serialize;

use crate::state::State;

/// How far a review is, and whether it is enough.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Beads.
    pub rows: usize,
    /// Beads that the reviewer confirmed.
    pub confirmed: usize,
    /// Beads that the reviewer set.
    pub changed: usize,
    /// Beads that the reviewer has not decided.
    pub unlooked: usize,
    /// How many of these are expected to be wrong: the sum of 1 − probability.
    pub expected_wrong: f64,
    /// Whether the expected share of wrong beads among all is below the bound of the session.
    pub enough: bool,
    /// What the random sample has measured, if one was drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleSummary>,
}

/// What a random sample of undecided beads has measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SampleSummary {
    /// How many beads were drawn.
    pub drawn: usize,
    /// How many of them the reviewer has decided.
    pub checked: usize,
    /// How many of these were right as they were drawn.
    pub right: usize,
    /// The lower end of the 95 % interval of the share that is right (Wilson's score interval).
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl State {
    /// Returns how far the review is. It is enough if the share of wrong beads that is expected
    /// among all is below `bound`.
    pub(crate) fn summary(&self, bound: f64) -> Summary {
        let mut counts = [0; 3];
        let mut expected_wrong = 0.0;
        for row in &self.rows {
            counts[row.decided as usize] += 1;
            if !row.is_fixed() {
                expected_wrong += f64::from(1.0 - row.probability);
            }
        }
        let [unlooked, confirmed, changed] = counts;
        Summary {
            rows: self.rows.len(),
            confirmed,
            changed,
            unlooked,
            expected_wrong,
            enough: expected_wrong < bound * self.rows.len() as f64 || unlooked == 0,
            sample: self.remarks.sample.as_ref().map(|sample| sample.summary(self)),
        }
    }
}
