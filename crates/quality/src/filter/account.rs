//! The account: what each filter rejects, by itself and beside the others.

/// What one filter rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct FilterCount {
    /// The filter.
    pub name: String,
    /// Rows that it rejects, whatever the others say.
    pub alone: u64,
    /// Rows that it rejects and no filter before it: these make up all that are rejected.
    pub first: u64,
    /// Rows that it or one before it rejects.
    pub cumulative: u64,
    /// Rows that it rejects and no other: what would be kept without it.
    pub only: u64,
}

/// What all filters rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    /// Rows that were judged.
    pub rows: u64,
    /// Rows that no filter rejects.
    pub kept: u64,
    /// Rows that one rejects.
    pub rejected: u64,
    /// By filter, in their order.
    pub filters: Vec<FilterCount>,
}

impl Account {
    /// Starts with no row.
    #[must_use]
    pub fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let count = |name: &str| FilterCount { name: name.to_owned(), ..FilterCount::default() };
        Self { filters: names.map(count).collect(), ..Self::default() }
    }

    /// Adds a row, given by which filters reject it.
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
        let mut account = Account::new(["a", "b", "c"].into_iter());
        for rejects in [[false; 3], [true, true, false], [false, true, false], [false, true, true]]
        {
            account.add(&rejects);
        }
        let row = |at: usize| {
            let FilterCount { alone, first, cumulative, only, .. } = account.filters[at];
            [alone, first, cumulative, only]
        };
        assert_eq!((account.rows, account.kept, account.rejected), (4, 1, 3));
        assert_eq!([row(0), row(1), row(2)], [[1, 1, 1, 0], [3, 2, 3, 1], [1, 0, 3, 0]]);
    }
}
