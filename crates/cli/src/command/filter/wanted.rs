//! The columns that a filter file looks at: a name that is nobody's, or a text where numbers are
//! compared, would keep every pair without a word.
//!
//! A table names its columns at the beginning, so a wrong name is told before any work. Elsewhere a
//! name may stand beside any pair, so it is wrong where no pair had it, which is known before
//! anything is written. The filters inside the program are not looked at: they name what nasaq works
//! out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use nasaq_formats::{BitextRow, PLACE_COLUMNS};
use nasaq_quality::{Cell, Filters};

use crate::failure::Failure;
use crate::scoring::Bitext;
use crate::scoring::columns::{Columns, is_column};

/// What `align` writes beside some pairs only, and in many files beside none.
const SPARSE: [&str; 3] = ["moved", PLACE_COLUMNS[0], PLACE_COLUMNS[1]];
/// How like a name must be to be meant, 0 to 1, and how many are told.
const ALIKE: f64 = 0.6;
const TOLD: usize = 3;
/// Names beside pairs that are kept for messages.
const MOST: usize = 1000;

/// What is still to be seen of the columns.
pub(super) struct Wanted<'f> {
    filters: PathBuf,
    input: String,
    /// Columns that nothing has had so far.
    unseen: BTreeSet<&'f str>,
    /// Names that the input has.
    names: BTreeSet<String>,
    /// Filters with `min` or `max` whose column has had no value so far, with the column.
    ranges: Vec<(&'f str, &'f str)>,
}

impl<'f> Wanted<'f> {
    /// Looks at the names that the input begins with.
    pub(super) fn new(
        filters: &'f Filters,
        file: Option<&Path>,
        bitext: &Bitext,
    ) -> anyhow::Result<Self> {
        let mut wanted = Self {
            filters: file.unwrap_or(Path::new("")).to_owned(),
            input: bitext.name(),
            unseen: BTreeSet::new(),
            names: BTreeSet::new(),
            ranges: Vec::new(),
        };
        if file.is_none() {
            return Ok(wanted);
        }
        let schema = bitext.open()?.schema();
        let texts = [&schema.src_name, &schema.tgt_name];
        // The texts are src and tgt, whatever a header calls them.
        let beside = schema.columns.iter().filter(|&name| !texts.contains(&&Some(name.clone())));
        wanted.names.extend(beside.map(|name| name.as_ref().to_owned()));
        wanted.unseen = filters.columns();
        wanted.unseen.retain(|&name| {
            !is_column(name) && !["src", "tgt"].contains(&name) && !wanted.names.contains(name)
        });
        wanted.ranges = filters.ranges().collect();
        if schema.columns.is_empty() {
            wanted.unseen.retain(|name| !SPARSE.contains(name));
        } else {
            wanted.finish()?;
        }
        Ok(wanted)
    }

    /// Looks at a pair.
    pub(super) fn see(
        &mut self,
        row: &BitextRow,
        look: impl Fn(&str) -> Cell,
    ) -> Result<(), Failure> {
        if !self.unseen.is_empty() {
            self.unseen.retain(|name| row.get(name).is_none());
            for (name, _) in &row.fields {
                if self.names.len() < MOST && !self.names.contains(&**name) {
                    self.names.insert(name.as_ref().to_owned());
                }
            }
        }
        let mut text = None;
        self.ranges.retain(|&(filter, column)| match look(column) {
            Cell::Missing => true,
            Cell::Number(_) => false,
            Cell::Text(found) => {
                text.get_or_insert((filter, column, found));
                true
            }
        });
        match text {
            None => Ok(()),
            Some((filter, column, found)) => Err(Failure::input(format!(
                "{}: filter \"{filter}\": the column \"{column}\" of {} is no number: line {} has \
                 \"{}\"",
                self.filters.display(),
                self.input,
                row.line,
                found.chars().take(40).collect::<String>()
            ))
            .hint(format!(
                "min and max want numbers; compare text as in reject = \"{column} == 'x'\""
            ))),
        }
    }

    /// Refuses a column that nothing had.
    pub(super) fn finish(&self) -> Result<(), Failure> {
        let Some(&unseen) = self.unseen.first() else { return Ok(()) };
        let message = format!(
            "{}: there is no column \"{unseen}\": {} has none, and nasaq works out none of that name",
            self.filters.display(),
            self.input
        );
        let near = self.near(unseen);
        let hint = if near.is_empty() {
            let names: Vec<&str> = self.names.iter().map(String::as_str).take(20).collect();
            let beside = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
            format!(
                "the input has src, tgt and beside them {beside}; docs/quality.md has the others"
            )
        } else {
            format!("is it {}?", near.join(" or "))
        };
        Err(Failure::input(message).hint(hint))
    }

    /// Gives the names that are most like one that is wrong.
    fn near(&self, wrong: &str) -> Vec<String> {
        let known = Columns::new(true, true, true, None);
        let known = known.names().iter().map(|name| &**name);
        let all: BTreeSet<&str> =
            known.chain(self.names.iter().map(String::as_str)).chain(["src", "tgt"]).collect();
        let mut near: Vec<(f64, &str)> = all
            .into_iter()
            .map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), name))
            .filter(|(alike, _)| *alike >= ALIKE)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        near.into_iter().take(TOLD).map(|(_, name)| format!("\"{name}\"")).collect()
    }
}
