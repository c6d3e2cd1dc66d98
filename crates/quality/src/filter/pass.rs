//! Applies filters to a whole corpus, including those that need all of its rows.

use nasaq::BeadKind;

use super::{BestOf, FilterSummary, FilterValue, Filters};

/// Applies filters to the rows of a corpus, in order.
///
/// It stores eight bytes per row, and eight more per row and `best_of` filter.
#[derive(Debug)]
pub struct FilterPass<'f> {
    filters: &'f Filters,
    /// Per row: a bit per filter that rejects it.
    rejections: Vec<u64>,
    clusters: Vec<ClusterFilter<'f>>,
}

/// A `best_of` filter.
#[derive(Debug)]
struct ClusterFilter<'f> {
    filter: usize,
    column: &'f str,
    best: BestOf,
    /// Per row: the key of its cluster, or 0 for a row in no cluster.
    keys: Vec<u64>,
}

impl<'f> FilterPass<'f> {
    /// Creates a pass before the first row.
    #[must_use]
    pub fn new(filters: &'f Filters) -> Self {
        let cluster = |(filter, column)| ClusterFilter {
            filter,
            column,
            best: BestOf::default(),
            keys: Vec::new(),
        };
        Self { filters, rejections: Vec::new(), clusters: filters.best_of().map(cluster).collect() }
    }

    /// Applies the filters to the next row, which has a kind and the values of its columns.
    ///
    /// Returns, by filter, whether it rejects the row. The `best_of` filters are applied by
    /// [`finish`](Self::finish).
    pub fn add(
        &mut self,
        kind: Option<BeadKind>,
        value: impl Fn(&str) -> FilterValue,
    ) -> Vec<bool> {
        let row = self.rejections.len() as u64;
        let rejects = self.filters.rejections(kind, &value);
        let quality = match value("quality") {
            FilterValue::Number(quality) => quality,
            FilterValue::Text(_) | FilterValue::Missing => 0.0,
        };
        for ClusterFilter { filter, column, best, keys } in &mut self.clusters {
            let cluster = match value(column) {
                FilterValue::Number(number) => number.to_string(),
                FilterValue::Text(text) => text,
                FilterValue::Missing => String::new(),
            };
            if cluster.is_empty() || !self.filters.filters[*filter].is_for(kind) {
                keys.push(0);
            } else {
                let key = BestOf::key(&cluster);
                best.add(key, quality, row);
                keys.push(key);
            }
        }
        let bits = rejects.iter().enumerate().map(|(at, rejects)| u64::from(*rejects) << at);
        self.rejections.push(bits.sum());
        rejects
    }

    /// Applies the `best_of` filters and returns the verdicts of all rows.
    #[must_use]
    pub fn finish(mut self) -> FilterVerdicts<'f> {
        for ClusterFilter { filter, best, keys, .. } in &self.clusters {
            for (row, key) in keys.iter().enumerate() {
                if *key != 0 && !best.is_best(*key, row as u64) {
                    self.rejections[row] |= 1 << filter;
                }
            }
        }
        FilterVerdicts { filters: self.filters, rejections: self.rejections }
    }
}

/// Which filters reject which rows.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterVerdicts<'f> {
    filters: &'f Filters,
    rejections: Vec<u64>,
}

impl<'f> FilterVerdicts<'f> {
    /// Counts what each filter rejects.
    #[must_use]
    pub fn summary(&self) -> FilterSummary {
        let mut summary = FilterSummary::new(self.filters.names());
        let filters = self.filters.names().count();
        for bits in &self.rejections {
            let rejects: Vec<bool> = (0..filters).map(|at| bits >> at & 1 == 1).collect();
            summary.add(&rejects);
        }
        summary
    }

    /// Returns, for each row in order, the names of the filters that reject it.
    pub fn rejections(&self) -> impl Iterator<Item = Vec<&'f str>> {
        self.rejections.iter().map(|bits| {
            let names = self.filters.names().enumerate();
            names.filter(|(at, _)| bits >> at & 1 == 1).map(|(_, name)| name).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_best_row_of_a_cluster_passes() {
        let filters = Filters::from_toml(
            "[[filter]]\nname='low'\ncolumn='quality'\nmin=0.2\n\
             [[filter]]\nname='copy'\nbest_of='cluster'",
        )
        .expect("filters");
        let mut pass = FilterPass::new(&filters);
        for (quality, cluster) in [(0.5, "a"), (0.1, ""), (0.9, "a"), (0.9, "a"), (0.3, "")] {
            let rejects = pass.add(None, |name| match name {
                "quality" => FilterValue::Number(quality),
                "cluster" if cluster.is_empty() => FilterValue::Missing,
                _ => FilterValue::Text(cluster.to_owned()),
            });
            assert_eq!(rejects, [quality < 0.2, false]);
        }
        let verdicts = pass.finish();
        let rejections: Vec<Vec<&str>> = verdicts.rejections().collect();
        assert_eq!(rejections, [vec!["copy"], vec!["low"], vec![], vec!["copy"], vec![]]);
        let summary = verdicts.summary();
        assert_eq!((summary.rows, summary.kept), (5, 2));
    }

    #[test]
    fn pairs_of_other_kinds_are_in_no_cluster() {
        let file = "[[filter]]\nname='copy'\nbest_of='cluster'\nkinds=['1-1']";
        let filters = Filters::from_toml(file).expect("filters");
        let mut pass = FilterPass::new(&filters);
        for (quality, tgt) in [(0.5, 1), (0.9, 2), (0.8, 1), (0.1, 2)] {
            pass.add(Some(BeadKind { src: 1, tgt }), |name| match name {
                "quality" => FilterValue::Number(quality),
                _ => FilterValue::Text("a".to_owned()),
            });
        }
        let verdicts = pass.finish();
        let rejected: Vec<bool> = verdicts.rejections().map(|it| !it.is_empty()).collect();
        assert_eq!(rejected, [true, false, false, false]);
    }
}
