//! Filters: conditions over the columns of a bitext, and the account of what each rejects.
//!
//! A filter file is TOML, read from top to bottom:
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
//! A filter has one condition: a `column` with `min`, `max` or both, which a pair must keep to; a
//! `reject` expression, which must not hold; or `best_of`, which keeps of the pairs with the same
//! value in a column the one of the greatest `quality`, the first of equals. With `kinds` it looks
//! at beads of those kinds alone. Where a column has no value its condition holds: nothing speaks
//! against the pair; `missing = "reject"` turns that around for `min` and `max`.

use std::collections::{BTreeSet, HashMap};

use xxhash_rust::xxh3::xxh3_64;

use crate::error::{Error, ErrorKind, Result};
use nasaq::{BeadKind, ParseBeadKindError};

mod account;
mod expression;
mod pass;

pub use account::{Account, FilterCount};
use expression::Expression;
pub use pass::{FilterPass, FilterVerdicts};

/// What a column holds in one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// Nothing.
    Missing,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    filter: Vec<Entry>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
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
    Reject(Expression),
    BestOf(String),
}

/// One filter.
#[derive(Clone, Debug, PartialEq)]
struct Filter {
    name: String,
    condition: Condition,
    kinds: Option<Vec<BeadKind>>,
}

/// Filters in one file at most: a verdict is kept in a word of bits.
const MOST_FILTERS: usize = 64;

/// A list of filters.
#[derive(Clone, Debug, PartialEq)]
pub struct Filters {
    filters: Vec<Filter>,
}

/// The filters that are used where no others are given, as a file.
pub const DEFAULT_FILTERS: &str = include_str!("../assets/filters.toml");

fn unsound(reason: impl Into<String>) -> Error {
    ErrorKind::Filter { reason: reason.into() }.into()
}

impl Default for Filters {
    /// Gives the filters of [`DEFAULT_FILTERS`].
    fn default() -> Self {
        Self::from_toml(DEFAULT_FILTERS).expect("a test reads it")
    }
}

impl Filters {
    /// Reads a filter file.
    ///
    /// # Errors
    /// [`ErrorKind::Filter`] where it is no TOML of this form, two filters share a name, there are more
    /// than 64, or an expression cannot be read.
    pub fn from_toml(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text).map_err(|error| unsound(error.to_string()))?;
        let mut names = BTreeSet::new();
        let mut filters = Vec::new();
        for entry in file.filter {
            if !names.insert(entry.name.clone()) {
                return Err(unsound(format!("two filters are called \"{}\"", entry.name)));
            }
            filters.push(entry.check()?);
        }
        if filters.len() > MOST_FILTERS {
            return Err(unsound(format!("there are more than {MOST_FILTERS} filters")));
        }
        Ok(Self { filters })
    }

    /// Gives the names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.filters.iter().map(|filter| filter.name.as_str())
    }

    /// Gives every column that a filter looks at.
    #[must_use]
    pub fn columns(&self) -> BTreeSet<&str> {
        let mut columns: BTreeSet<&str> = BTreeSet::new();
        for filter in &self.filters {
            match &filter.condition {
                Condition::Range { column, .. } => drop(columns.insert(column)),
                Condition::Reject(expression) => expression.columns(&mut columns),
                Condition::BestOf(column) => columns.extend([column.as_str(), "quality"]),
            }
        }
        columns
    }

    /// Gives the column that each `best_of` filter goes by, with the filter's place.
    pub fn best_of(&self) -> impl Iterator<Item = (usize, &str)> {
        self.filters.iter().enumerate().filter_map(|(at, filter)| match &filter.condition {
            Condition::BestOf(column) => Some((at, column.as_str())),
            _ => None,
        })
    }

    /// Gives each filter that compares a column's numbers with `min` or `max`, and the column.
    pub fn ranges(&self) -> impl Iterator<Item = (&str, &str)> {
        self.filters.iter().filter_map(|filter| match &filter.condition {
            Condition::Range { column, min, max, .. } if min.is_finite() || max.is_finite() => {
                Some((filter.name.as_str(), column.as_str()))
            }
            _ => None,
        })
    }

    /// Gives, by filter, whether it rejects a row. What the best of its cluster is is known after
    /// all rows were seen: [`BestOf`].
    pub fn judge(&self, kind: Option<BeadKind>, cell: impl Fn(&str) -> Cell) -> Vec<bool> {
        self.filters.iter().map(|filter| filter.rejects(kind, &cell)).collect()
    }
}

impl Entry {
    fn check(self) -> Result<Filter> {
        let name = self.name;
        let wrong = |what: &str| unsound(format!("filter \"{name}\": {what}"));
        let conditions = usize::from(self.column.is_some())
            + usize::from(self.reject.is_some())
            + usize::from(self.best_of.is_some());
        if conditions != 1 {
            return Err(wrong("it needs one of column, reject and best_of"));
        }
        if self.column.is_none() && (self.min.is_some() || self.max.is_some()) {
            return Err(wrong("min and max want a column"));
        }
        let needs_value = match self.missing.as_deref() {
            None | Some("keep") => false,
            Some("reject") => true,
            Some(_) => return Err(wrong("missing is \"keep\" or \"reject\"")),
        };
        let condition = if let Some(column) = self.column {
            if self.min.is_none() && self.max.is_none() && !needs_value {
                return Err(wrong("it has neither min nor max"));
            }
            Condition::Range {
                column,
                min: self.min.unwrap_or(f64::NEG_INFINITY),
                max: self.max.unwrap_or(f64::INFINITY),
                needs_value,
            }
        } else if let Some(text) = self.reject {
            Condition::Reject(Expression::parse(&text).map_err(|what| wrong(&what))?)
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
    fn rejects(&self, kind: Option<BeadKind>, cell: &impl Fn(&str) -> Cell) -> bool {
        if let Some(kinds) = &self.kinds
            && !kinds.contains(&kind.unwrap_or(BeadKind { src: 1, tgt: 1 }))
        {
            return false;
        }
        match &self.condition {
            Condition::Range { column, min, max, needs_value } => match cell(column) {
                Cell::Number(value) => !(*min..=*max).contains(&value),
                Cell::Text(_) | Cell::Missing => *needs_value,
            },
            Condition::Reject(expression) => expression.holds(cell).unwrap_or(false),
            Condition::BestOf(_) => false,
        }
    }
}

/// Finds the best row of each cluster.
#[derive(Debug, Default)]
pub struct BestOf {
    best: HashMap<u64, (f64, u64)>,
}

impl BestOf {
    /// Gives the key of the value that a cluster goes by, which takes less room; never 0.
    #[must_use]
    pub fn key(cluster: &str) -> u64 {
        xxh3_64(cluster.as_bytes()).max(1)
    }

    /// Looks at a row: the key of its cluster, and its quality.
    pub fn add(&mut self, key: u64, quality: f64, row: u64) {
        let best = self.best.entry(key).or_insert((quality, row));
        if quality > best.0 {
            *best = (quality, row);
        }
    }

    /// Tells whether a row is the best of its cluster, or in none.
    #[must_use]
    pub fn is_best(&self, key: u64, row: u64) -> bool {
        self.best.get(&key).is_none_or(|(_, best)| *best == row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejects(file: &str, kind: Option<BeadKind>, column: &str, value: &Cell) -> Vec<bool> {
        let cell = |name: &str| if name == column { value.clone() } else { Cell::Missing };
        Filters::from_toml(file).expect("filters").judge(kind, cell)
    }

    #[test]
    fn ranges_are_closed_and_what_is_missing_passes() {
        let file = "[[filter]]\nname='a'\ncolumn='x'\nmin=1\nmax=2";
        for (value, rejected) in [
            (Cell::Number(1.0), false),
            (Cell::Number(2.1), true),
            (Cell::Number(f64::NAN), true),
            (Cell::Missing, false),
        ] {
            assert_eq!(rejects(file, None, "x", &value), [rejected]);
        }
        let strict = format!("{file}\nmissing='reject'");
        assert_eq!(rejects(&strict, None, "x", &Cell::Missing), [true]);
    }

    #[test]
    fn ranges_are_the_filters_with_bounds() {
        let file = "[[filter]]\nname='a'\ncolumn='x'\nmin=1\n[[filter]]\nname='b'\ncolumn='y'\nmax=1\n\
                    [[filter]]\nname='c'\ncolumn='z'\nmissing='reject'\n\
                    [[filter]]\nname='d'\nreject='v > 1'";
        let filters = Filters::from_toml(file).expect("filters");
        assert_eq!(filters.ranges().collect::<Vec<_>>(), [("a", "x"), ("b", "y")]);
    }

    #[test]
    fn kinds_limit_a_filter() {
        let file = "[[filter]]\nname='a'\nreject='x > 0'\nkinds=['1-1']";
        let many = Some(BeadKind { src: 1, tgt: 2 });
        assert_eq!(rejects(file, many, "x", &Cell::Number(1.0)), [false]);
        assert_eq!(rejects(file, None, "x", &Cell::Number(1.0)), [true]);
    }

    #[test]
    fn what_is_no_filter_is_told() {
        for (file, part) in [
            ("[[filter]]\nname='a'", "one of column, reject and best_of"),
            ("[[filter]]\nname='a'\ncolumn='x'", "neither min nor max"),
            ("[[filter]]\nname='a'\nreject='x >'", "filter \"a\""),
            ("[[filter]]\nname='a'\nbest_of='x'\nkinds=['one']", "looks like"),
            ("[[filter]]\nname='a'\nbest_of='x'\n[[filter]]\nname='a'\nbest_of='y'", "two filters"),
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
    fn best_is_the_first_of_the_greatest() {
        let mut best = BestOf::default();
        for (row, quality) in [0.5, 0.9, 0.9].into_iter().enumerate() {
            best.add(1, quality, row as u64);
        }
        assert!(!best.is_best(1, 0) && best.is_best(1, 1) && !best.is_best(1, 2));
        assert!(best.is_best(2, 7));
    }
}
