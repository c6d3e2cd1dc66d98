//! Checks that the columns of a filter file exist and have numbers where filters compare numbers.
//! Otherwise a filter with a misspelt column would silently pass every pair.
//!
//! The header of a table is checked before any work. In other formats any pair may have a column,
//! so a column is reported if no pair has it, before anything is written. The default filters are
//! not checked: they use columns that nasaq computes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use nasaq_formats::{ALIGNMENT_COLUMNS, BitextRow, Format, PLACE_COLUMNS};
use nasaq_quality::{FilterValue, Filters};

use crate::bitext::CorpusInput;
use crate::failure::Failure;
use crate::rating::columns::{RatingColumns, is_rating_column};

/// Columns that `nasaq align` writes for some pairs only, and in many files for none.
const SPARSE_COLUMNS: [&str; 4] = ["moved", "counterpart", PLACE_COLUMNS[0], PLACE_COLUMNS[1]];
/// The minimum similarity of a suggested name, 0 to 1.
const MIN_SIMILARITY: f64 = 0.6;
/// The maximum number of suggestions.
const MAX_SUGGESTIONS: usize = 3;
/// The maximum number of column names that are remembered for messages.
const MAX_NAMES: usize = 1000;
/// The maximum number of column names in a hint.
const MAX_LISTED: usize = 20;

/// The columns that have not been found so far.
pub(super) struct ColumnCheck<'f> {
    filters: PathBuf,
    input: String,
    /// Whether the input is a translation memory.
    is_memory: bool,
    /// Columns of filters that no row has had.
    missing: BTreeSet<&'f str>,
    /// Columns that the input has besides the texts.
    names: BTreeSet<String>,
    /// Filters with `min` or `max` whose column has had no number, and that column.
    ranges: Vec<(&'f str, &'f str)>,
}

impl<'f> ColumnCheck<'f> {
    /// Checks the header of the input, if it has one.
    pub(super) fn new(
        filters: &'f Filters,
        file: Option<&Path>,
        bitext: &CorpusInput,
    ) -> anyhow::Result<Self> {
        let mut check = Self {
            filters: file.unwrap_or(Path::new("")).to_owned(),
            input: bitext.name(),
            is_memory: false,
            missing: BTreeSet::new(),
            names: BTreeSet::new(),
            ranges: Vec::new(),
        };
        if file.is_none() {
            return Ok(check);
        }
        let reader = bitext.open()?;
        check.is_memory = reader.format() == Format::Tmx;
        let schema = reader.schema();
        let texts = [&schema.src_name, &schema.tgt_name];
        // Filters call the texts src and tgt, whatever the header calls them.
        let others = schema.columns.iter().filter(|&name| !texts.contains(&&Some(name.clone())));
        check.names.extend(others.map(|name| name.as_ref().to_owned()));
        check.missing = filters.columns();
        check.missing.retain(|&name| {
            !is_rating_column(name)
                && !["src", "tgt"].contains(&name)
                && !check.names.contains(name)
        });
        check.ranges = filters.ranges().collect();
        if schema.columns.is_empty() {
            check.missing.retain(|name| !SPARSE_COLUMNS.contains(name));
        } else {
            check.finish()?;
        }
        Ok(check)
    }

    /// Checks a row; `cell` returns the value of a column.
    pub(super) fn add(
        &mut self,
        row: &BitextRow,
        cell: impl Fn(&str) -> FilterValue,
    ) -> Result<(), Failure> {
        if !self.missing.is_empty() {
            self.missing.retain(|name| row.get(name).is_none());
            for (name, _) in &row.fields {
                if self.names.len() < MAX_NAMES && !self.names.contains(&**name) {
                    self.names.insert(name.as_ref().to_owned());
                }
            }
        }
        let mut text = None;
        self.ranges.retain(|&(filter, column)| match cell(column) {
            FilterValue::Missing => true,
            FilterValue::Number(_) => false,
            FilterValue::Text(found) => {
                text.get_or_insert((filter, column, found));
                true
            }
        });
        match text {
            None => Ok(()),
            Some((filter, column, found)) => Err(Failure::input(format!(
                "{}: filter \"{filter}\": the column \"{column}\" of {} is not a number: line {} has \
                 \"{}\"",
                self.filters.display(),
                self.input,
                row.line,
                found.chars().take(40).collect::<String>()
            ))
            .hint(format!(
                "min and max need numbers; compare text as in reject = \"{column} == 'x'\""
            ))),
        }
    }

    /// Refuses a column that no row had.
    pub(super) fn finish(&self) -> Result<(), Failure> {
        let Some(&missing) = self.missing.first() else { return Ok(()) };
        let message = format!(
            "{}: there is no column \"{missing}\": {} does not have it, and nasaq does not compute it",
            self.filters.display(),
            self.input
        );
        let suggestions = self.suggestions(missing);
        let hint = if self.is_memory && ALIGNMENT_COLUMNS.contains(&missing) {
            "a translation memory has it if `nasaq align` or `nasaq convert` wrote it with --properties"
                .to_owned()
        } else if suggestions.is_empty() {
            let names: Vec<&str> = self.names.iter().map(String::as_str).take(MAX_LISTED).collect();
            let others = if names.is_empty() { "no others".to_owned() } else { names.join(", ") };
            format!(
                "the input has src, tgt and {others}; docs/quality.md lists those that nasaq computes"
            )
        } else {
            format!("did you mean {}?", suggestions.join(" or "))
        };
        Err(Failure::input(message).hint(hint))
    }

    /// Returns the most similar column names, quoted.
    fn suggestions(&self, wrong: &str) -> Vec<String> {
        let computed = RatingColumns::new(true, true, true, None);
        let computed = computed.names().iter().map(|name| &**name);
        let all: BTreeSet<&str> =
            computed.chain(self.names.iter().map(String::as_str)).chain(["src", "tgt"]).collect();
        let mut similar: Vec<(f64, &str)> = all
            .into_iter()
            .map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), name))
            .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
            .collect();
        similar.sort_by(|a, b| b.0.total_cmp(&a.0));
        similar.into_iter().take(MAX_SUGGESTIONS).map(|(_, name)| format!("\"{name}\"")).collect()
    }
}
