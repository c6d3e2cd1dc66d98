//! What a bitext has that a review of it does not hold.

use std::collections::{BTreeMap, BTreeSet};

use nasaq_formats::{ALIGNMENT_COLUMNS, BitextRow, FieldValue, Loss, REVIEW_COLUMNS};

/// Counts what rows have besides texts, places, probabilities and what a reviewer decided.
#[derive(Debug, Default)]
pub(super) struct Unheld {
    /// In how many rows each other field has a value.
    fields: BTreeMap<String, u64>,
    parts: BTreeMap<Loss, u64>,
    reviewers: BTreeSet<String>,
}

impl Unheld {
    pub(super) fn add(&mut self, row: &BitextRow) {
        let [_, reviewer, _] = REVIEW_COLUMNS;
        for (name, value) in &row.fields {
            let is_held = ALIGNMENT_COLUMNS.iter().chain(&REVIEW_COLUMNS).any(|it| *it == &**name);
            let is_empty = matches!(value, FieldValue::Nothing) || value.to_string().is_empty();
            match (is_empty, is_held) {
                (true, _) => {}
                (false, false) => *self.fields.entry(name.to_string()).or_default() += 1,
                (false, true) if **name == *reviewer => {
                    self.reviewers.insert(value.to_string());
                }
                (false, true) => {}
            }
        }
        for part in row.unheld_parts() {
            *self.parts.entry(part).or_default() += 1;
        }
    }

    /// Returns who has reviewed the bitext, if it names one person only.
    pub(super) fn reviewer(&self) -> Option<String> {
        self.reviewers.first().filter(|_| self.reviewers.len() == 1).cloned()
    }

    /// Returns a message about everything that exports of the review will not have.
    pub(super) fn notice(&self) -> Option<String> {
        let pairs = |count: u64| if count == 1 { "pair" } else { "pairs" };
        let fields = self.fields.iter();
        let mut parts: Vec<String> = fields
            .map(|(name, count)| format!("\"{name}\" of {count} {}", pairs(*count)))
            .collect();
        if self.reviewers.len() > 1 {
            parts.push(format!("who decided, of {} reviewers", self.reviewers.len()));
        }
        parts.extend(self.parts.iter().map(|(part, count)| part.message(*count)));
        (!parts.is_empty()).then(|| {
            format!("the review holds texts only, so its exports lack: {}", parts.join("; "))
        })
    }
}
