//! Counts how many pairs have each reason for a low quality.

use std::collections::BTreeMap;

use serde::Serialize;

/// Maximum number of distinct reasons that are counted.
///
/// Reasons are normally the names of a few faults. The limit bounds memory if the column contains
/// free text.
const MAX_REASONS: usize = 200;

/// How often something occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NamedCount {
    /// The name of what is counted.
    pub name: String,
    /// How often it occurs.
    pub count: u64,
}

/// The number of pairs with each reason.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReasonCounts(BTreeMap<String, u64>);

impl ReasonCounts {
    pub(crate) fn add(&mut self, reasons: &[String]) {
        for reason in reasons {
            if let Some(count) = self.0.get_mut(reason) {
                *count += 1;
            } else if self.0.len() < MAX_REASONS {
                self.0.insert(reason.clone(), 1);
            }
        }
    }

    /// Returns the counts, the most frequent reason first.
    pub(crate) fn finish(self) -> Vec<NamedCount> {
        let named = |(name, count)| NamedCount { name, count };
        let mut counts: Vec<NamedCount> = self.0.into_iter().map(named).collect();
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinct_reasons_are_bounded() {
        let mut counts = ReasonCounts::default();
        counts.add(&["truncated".to_owned()]);
        for n in 0..2 * MAX_REASONS {
            counts.add(&[format!("free text {n}")]);
        }
        counts.add(&["truncated".to_owned()]);
        let found = counts.finish();
        assert_eq!(found.len(), MAX_REASONS);
        assert_eq!((found[0].name.as_str(), found[0].count), ("truncated", 2));
    }
}
