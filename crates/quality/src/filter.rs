//! Filters: conditions on the columns of a bitext, and a summary of what each one rejects.
//!
//! A filter file is TOML; its filters are applied in order:
//!
//! ```toml
//! [[filter]]
//! name = "length"
//! column = "length_z"
//! min = -5.0
//! max = 5.0
//!
//! [[filter]]
//! name = "numbers"
//! reject = "numbers_missing >= 3 and numbers < 0.5"
//! kinds = ["1-1"]
//!
//! [[filter]]
//! name = "duplicate"
//! best_of = "cluster"
//! ```
//!
//! A filter has one condition:
//!
//! - a `column` with `min`, `max` or both: rejects values out of that range;
//! - `reject`: rejects pairs for which the expression is true;
//! - `best_of`: of the pairs with the same value in a column, keeps the one with the maximum
//!   `quality`, the first one if several have it.
//!
//! With `kinds`, a filter applies to beads of these kinds only. A pair without a value in a column
//! passes; with `missing = "reject"`, a filter with a `column` rejects it, and one with `reject` if the
//! expression depends on the value. A `column` without `min` and `max` may have text.

use std::collections::{BTreeSet, HashMap};

use xxhash_rust::xxh3::xxh3_64;

use crate::error::{Error, ErrorKind, Result, toml_reason};
use nasaq::{BeadKind, ParseBeadKindError};

mod expression;
mod pass;
mod summary;

use expression::Expression;
pub use pass::{FilterPass, FilterVerdicts};
pub use summary::{FilterCount, FilterSummary};

/// The value of a column in one row.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterValue {
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// No value.
    Missing,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FilterFile {
    #[serde(default)]
    filter: Vec<FilterEntry>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FilterEntry {
    name: String,
    column: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    missing: Option<String>,
    reject: Option<String>,
    best_of: Option<String>,
    kinds: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Condition {
    Range { column: String, min: f64, max: f64, needs_value: bool },
    Reject { expression: Expression, needs_value: bool },
    BestOf(String),
}

/// One filter.
#[derive(Clone, Debug, PartialEq)]
struct Filter {
    name: String,
    condition: Condition,
    kinds: Option<Vec<BeadKind>>,
}

/// The maximum number of filters in a file: callers store the rejections of a row in a `u64`.
const MAX_FILTERS: usize = 64;

/// A list of filters, in the order of their file.
#[derive(Clone, Debug, PartialEq)]
pub struct Filters {
    filters: Vec<Filter>,
}

/// The default filters, as the text of a filter file.
pub const DEFAULT_FILTERS: &str = include_str!("../assets/filters.toml");

fn invalid(reason: impl Into<String>) -> Error {
    ErrorKind::Filter { reason: reason.into() }.into()
}

impl Default for Filters {
    /// Returns the filters of [`DEFAULT_FILTERS`].
    fn default() -> Self {
        Self::from_toml(DEFAULT_FILTERS).expect("a test reads it")
    }
}

impl Filters {
    /// Parses a filter file.
    ///
    /// # Errors
    /// [`ErrorKind::Filter`] if the text is not TOML of this form, two filters have the same name,
    /// there are more than 64 filters, or an expression is invalid.
    pub fn from_toml(text: &str) -> Result<Self> {
        let file: FilterFile =
            toml::from_str(text).map_err(|error| invalid(toml_reason(text, &error)))?;
        let mut names = BTreeSet::new();
        let mut filters = Vec::new();
        for entry in file.filter {
            if !names.insert(entry.name.clone()) {
                return Err(invalid(format!("two filters have the name \"{}\"", entry.name)));
            }
            filters.push(entry.check()?);
        }
        if filters.len() > MAX_FILTERS {
            return Err(invalid(format!("there are more than {MAX_FILTERS} filters")));
        }
        Ok(Self { filters })
    }

    /// Returns the names of the filters, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.filters.iter().map(|filter| filter.name.as_str())
    }

    /// Returns every column that a filter needs.
    #[must_use]
    pub fn columns(&self) -> BTreeSet<&str> {
        let mut columns: BTreeSet<&str> = BTreeSet::new();
        for filter in &self.filters {
            match &filter.condition {
                Condition::Range { column, .. } => drop(columns.insert(column)),
                Condition::Reject { expression, .. } => expression.columns(&mut columns),
                Condition::BestOf(column) => columns.extend([column.as_str(), "quality"]),
            }
        }
        columns
    }

    /// Returns the index and the column of each `best_of` filter.
    pub fn best_of(&self) -> impl Iterator<Item = (usize, &str)> {
        self.filters.iter().enumerate().filter_map(|(at, filter)| match &filter.condition {
            Condition::BestOf(column) => Some((at, column.as_str())),
            _ => None,
        })
    }

    /// Returns the name and the column of each filter that has `min` or `max`.
    pub fn ranges(&self) -> impl Iterator<Item = (&str, &str)> {
        self.filters.iter().filter_map(|filter| match &filter.condition {
            Condition::Range { column, min, max, .. } if min.is_finite() || max.is_finite() => {
                Some((filter.name.as_str(), column.as_str()))
            }
            _ => None,
        })
    }

    /// Returns, by filter, whether it rejects a row with the given kind and values.
    ///
    /// A `best_of` filter rejects nothing here, because the best row of a cluster is known only
    /// after all rows: see [`FilterPass`].
    pub fn rejections(
        &self,
        kind: Option<BeadKind>,
        value: impl Fn(&str) -> FilterValue,
    ) -> Vec<bool> {
        self.filters.iter().map(|filter| filter.rejects(kind, &value)).collect()
    }
}

impl FilterEntry {
    /// Validates the entry.
    fn check(self) -> Result<Filter> {
        let name = self.name;
        let wrong = |what: &str| invalid(format!("filter \"{name}\": {what}"));
        let conditions = usize::from(self.column.is_some())
            + usize::from(self.reject.is_some())
            + usize::from(self.best_of.is_some());
        if conditions != 1 {
            return Err(wrong("it needs exactly one of column, reject and best_of"));
        }
        if self.column.is_none() && (self.min.is_some() || self.max.is_some()) {
            return Err(wrong("min and max need a column"));
        }
        let needs_value = match self.missing.as_deref() {
            None | Some("keep") => false,
            Some("reject") => true,
            Some(_) => return Err(wrong("missing must be \"keep\" or \"reject\"")),
        };
        if self.best_of.is_some() && self.missing.is_some() {
            return Err(wrong(
                "missing needs column or reject: best_of passes pairs without a value",
            ));
        }
        let condition = if let Some(column) = self.column {
            if self.min.is_none() && self.max.is_none() && !needs_value {
                return Err(wrong("it has neither min nor max"));
            }
            if [self.min, self.max].into_iter().flatten().any(|bound| !bound.is_finite()) {
                return Err(wrong(
                    "min and max must be finite numbers; omit the one that is not needed",
                ));
            }
            let (min, max) =
                (self.min.unwrap_or(f64::NEG_INFINITY), self.max.unwrap_or(f64::INFINITY));
            if min > max {
                return Err(wrong("min is greater than max, so every pair would be rejected"));
            }
            Condition::Range { column, min, max, needs_value }
        } else if let Some(text) = self.reject {
            let expression = Expression::parse(&text).map_err(|what| wrong(&what))?;
            Condition::Reject { expression, needs_value }
        } else {
            Condition::BestOf(self.best_of.unwrap_or_default())
        };
        let kind = |text: &String| {
            text.parse().map_err(|error: ParseBeadKindError| wrong(&error.to_string()))
        };
        let kinds = self.kinds.map(|kinds| kinds.iter().map(kind).collect()).transpose()?;
        Ok(Filter { condition, kinds, name })
    }
}

impl Filter {
    /// Reports whether the filter applies to beads of a kind.
    fn is_for(&self, kind: Option<BeadKind>) -> bool {
        let kind = kind.unwrap_or(BeadKind { src: 1, tgt: 1 });
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }

    fn rejects(&self, kind: Option<BeadKind>, value: &impl Fn(&str) -> FilterValue) -> bool {
        if !self.is_for(kind) {
            return false;
        }
        match &self.condition {
            Condition::Range { column, min, max, needs_value } => match value(column) {
                FilterValue::Number(value) => !(*min..=*max).contains(&value),
                // Without bounds any value will do.
                FilterValue::Text(_) => *needs_value && (min.is_finite() || max.is_finite()),
                FilterValue::Missing => *needs_value,
            },
            Condition::Reject { expression, needs_value } => {
                expression.holds(value).unwrap_or(*needs_value)
            }
            Condition::BestOf(_) => false,
        }
    }
}

/// Finds the best row of each cluster, for a `best_of` filter. Add every row, then query each one.
#[derive(Debug, Default)]
struct BestOf {
    best: HashMap<u64, (f64, u64)>,
}

impl BestOf {
    /// Returns the key of a cluster, a hash of the value that its rows share; never 0.
    fn key(cluster: &str) -> u64 {
        xxh3_64(cluster.as_bytes()).max(1)
    }

    /// Adds a row with the key of its cluster and its quality.
    fn add(&mut self, key: u64, quality: f64, row: u64) {
        let best = self.best.entry(key).or_insert((quality, row));
        if quality > best.0 {
            *best = (quality, row);
        }
    }

    /// Returns whether a row is the best of its cluster, or the cluster has no rows.
    fn is_best(&self, key: u64, row: u64) -> bool {
        self.best.get(&key).is_none_or(|(_, best)| *best == row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejects(file: &str, kind: Option<BeadKind>, column: &str, value: &FilterValue) -> Vec<bool> {
        let value_of =
            |name: &str| if name == column { value.clone() } else { FilterValue::Missing };
        Filters::from_toml(file).expect("filters").rejections(kind, value_of)
    }

    #[test]
    fn ranges_are_closed_and_a_missing_value_passes() {
        let file = "[[filter]]\nname='a'\ncolumn='x'\nmin=1\nmax=2";
        for (value, rejected) in [
            (FilterValue::Number(1.0), false),
            (FilterValue::Number(2.1), true),
            (FilterValue::Number(f64::NAN), true),
            (FilterValue::Missing, false),
        ] {
            assert_eq!(rejects(file, None, "x", &value), [rejected]);
        }
        let strict = format!("{file}\nmissing='reject'");
        assert_eq!(rejects(&strict, None, "x", &FilterValue::Missing), [true]);
    }

    #[test]
    fn ranges_are_those_of_filters_with_bounds() {
        let file = "[[filter]]\nname='a'\ncolumn='x'\nmin=1\n[[filter]]\nname='b'\ncolumn='y'\nmax=1\n\
                    [[filter]]\nname='c'\ncolumn='z'\nmissing='reject'\n\
                    [[filter]]\nname='d'\nreject='v > 1'";
        let filters = Filters::from_toml(file).expect("filters");
        assert_eq!(filters.ranges().collect::<Vec<_>>(), [("a", "x"), ("b", "y")]);
    }

    #[test]
    fn a_filter_on_text_selects_by_its_value_or_for_lack_of_one() {
        let [confirmed, changed] =
            ["confirmed", "changed"].map(|text| FilterValue::Text(text.to_owned()));
        let cases = [
            ("column='x'\nmissing='reject'", [false, false, true]),
            ("reject=\"not (x == 'confirmed')\"", [false, true, false]),
            ("reject=\"not (x == 'confirmed')\"\nmissing='reject'", [false, true, true]),
            ("reject=\"x != 'confirmed'\"\nmissing='keep'", [false, true, false]),
            ("reject=\"x == ''\"", [false, false, true]),
            ("reject=\"not (x == 'confirmed' or x == '')\"", [false, true, false]),
            ("reject=\"not (x != '')\"", [false, false, true]),
        ];
        for (filter, expected) in cases {
            let file = format!("[[filter]]\nname='a'\n{filter}");
            let values = [&confirmed, &changed, &FilterValue::Missing];
            let found = values.map(|value| rejects(&file, None, "x", value)[0]);
            assert_eq!(found, expected, "{filter}");
        }
    }

    #[test]
    fn kinds_limit_a_filter() {
        let file = "[[filter]]\nname='a'\nreject='x > 0'\nkinds=['1-1']";
        let many = Some(BeadKind { src: 1, tgt: 2 });
        assert_eq!(rejects(file, many, "x", &FilterValue::Number(1.0)), [false]);
        assert_eq!(rejects(file, None, "x", &FilterValue::Number(1.0)), [true]);
    }

    #[test]
    fn an_invalid_filter_is_an_error() {
        for (file, part) in [
            ("[[filter]]\nname='a'", "exactly one of column, reject and best_of"),
            ("[[filter]]\nname='a'\ncolumn='x'", "neither min nor max"),
            ("[[filter]]\nname='a'\ncolumn='x'\nmin=nan", "finite numbers"),
            ("[[filter]]\nname='a'\ncolumn='x'\nmax=-inf", "finite numbers"),
            ("[[filter]]\nname='a'\ncolumn='x'\nmin=2\nmax=1", "min is greater than max"),
            ("[[filter]]\nname='a'\nx = = 1", "line 3: "),
            ("[[filter]]\nname='a'\nreject='x >'", "filter \"a\""),
            ("[[filter]]\nname='a'\nbest_of='x'\nkinds=['one']", "looks like"),
            ("[[filter]]\nname='a'\nbest_of='x'\n[[filter]]\nname='a'\nbest_of='y'", "two filters"),
            (
                "[[filter]]\nname='a'\nbest_of='x'\nmissing='reject'",
                "missing needs column or reject",
            ),
            ("[[filter]]\nname='a'\nbetst_of='x'", "unknown field"),
        ] {
            let error = Filters::from_toml(file).expect_err(file).to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn default_filters_name_features() {
        let known: Vec<&str> = crate::Feature::ALL.iter().map(|f| f.info().name).collect();
        for column in Filters::default().columns() {
            let other = ["quality", "cluster", "overlap"].contains(&column);
            assert!(other || known.contains(&column), "{column}");
        }
    }

    #[test]
    fn the_best_row_is_the_first_with_the_maximum_quality() {
        let mut best = BestOf::default();
        for (row, quality) in [0.5, 0.9, 0.9].into_iter().enumerate() {
            best.add(1, quality, row as u64);
        }
        assert!(!best.is_best(1, 0) && best.is_best(1, 1) && !best.is_best(1, 2));
        assert!(best.is_best(2, 7));
    }
}
