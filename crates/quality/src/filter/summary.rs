//! Counts what each filter rejects, by itself and together with the others.

/// The rows that one filter rejects.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct FilterCount {
    /// The name of the filter.
    pub name: String,
    /// The number of rows that it rejects, whether or not others reject them.
    pub alone: u64,
    /// The number of rows that it rejects and no filter before it. These numbers sum to all
    /// rejected rows.
    pub first: u64,
    /// The number of rows that it or a filter before it rejects.
    pub cumulative: u64,
    /// The number of rows that it rejects and no other filter: those that would pass without it.
    pub only: u64,
}

/// The rows that a list of filters rejects.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct FilterSummary {
    /// The number of rows.
    pub rows: u64,
    /// The number of rows that no filter rejects.
    pub kept: u64,
    /// The number of rows that at least one filter rejects.
    pub rejected: u64,
    /// The counts of each filter, in their order.
    pub filters: Vec<FilterCount>,
}

impl FilterSummary {
    /// Creates a summary of no rows for the filters with the given names.
    #[must_use]
    pub fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let count = |name: &str| FilterCount { name: name.to_owned(), ..FilterCount::default() };
        Self { filters: names.map(count).collect(), ..Self::default() }
    }

    /// Adds a row; `rejects` has, by filter, whether it rejects the row.
    pub fn add(&mut self, rejects: &[bool]) {
        self.rows += 1;
        let Some(first) = rejects.iter().position(|rejects| *rejects) else {
            self.kept += 1;
            return;
        };
        self.rejected += 1;
        let only = rejects.iter().filter(|rejects| **rejects).count() == 1;
        for (at, count) in self.filters.iter_mut().enumerate() {
            count.alone += u64::from(rejects[at]);
            count.first += u64::from(at == first);
            count.cumulative += u64::from(at >= first);
            count.only += u64::from(only && at == first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_in_four_ways() {
        let mut summary = FilterSummary::new(["a", "b", "c"].into_iter());
        for rejects in [[false; 3], [true, true, false], [false, true, false], [false, true, true]]
        {
            summary.add(&rejects);
        }
        let row = |at: usize| {
            let FilterCount { alone, first, cumulative, only, .. } = summary.filters[at];
            [alone, first, cumulative, only]
        };
        assert_eq!((summary.rows, summary.kept, summary.rejected), (4, 1, 3));
        assert_eq!([row(0), row(1), row(2)], [[1, 1, 1, 0], [3, 2, 3, 1], [1, 0, 3, 0]]);
    }
}
