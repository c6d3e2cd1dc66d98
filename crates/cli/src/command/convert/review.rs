//! The verdicts and corrected texts of a spreadsheet that nasaq wrote for review.

use nasaq_formats::{BitextRow, BitextSchema};

use crate::printer::Printer;

/// The columns that a review has, whatever else.
const COLUMNS: [&str; 3] = ["pair", "verdict", "comment"];
/// The columns of corrected texts.
const CORRECTED: [&str; 2] = ["corrected_src", "corrected_tgt"];

/// Applies a review to its pairs, and counts what it did.
#[derive(Debug, Default)]
pub(super) struct Review {
    right: u64,
    dropped: u64,
    corrected: u64,
    /// Pairs with another verdict, which stay.
    other: u64,
}

impl Review {
    /// Returns a review if the columns are those of one.
    pub(super) fn of(schema: &BitextSchema) -> Option<Self> {
        let has = |name: &&str| schema.columns.iter().any(|column| &**column == *name);
        COLUMNS.iter().all(has).then(Self::default)
    }

    /// Returns the pair with its corrected texts; `None` if it is wrong.
    pub(super) fn apply(&mut self, mut row: BitextRow) -> Option<BitextRow> {
        let text = |name: &str| row.get(name).map(ToString::to_string).unwrap_or_default();
        match text("verdict").trim().to_lowercase().as_str() {
            "wrong" => {
                self.dropped += 1;
                return None;
            }
            "right" | "ok" => self.right += 1,
            "" => {}
            _ => self.other += 1,
        }
        let [src, tgt] = CORRECTED.map(text);
        self.corrected += u64::from(!(src.trim().is_empty() && tgt.trim().is_empty()));
        for (old, new) in [(&mut row.src, src), (&mut row.tgt, tgt)] {
            if !new.trim().is_empty() {
                *old = new;
            }
        }
        row.fields.retain(|(name, _)| !CORRECTED.contains(&&**name));
        Some(row)
    }

    /// Returns the schema without the columns of corrected texts.
    pub(super) fn schema(mut schema: BitextSchema) -> BitextSchema {
        schema.columns.retain(|name| !CORRECTED.contains(&&**name));
        schema
    }

    /// Prints the counts.
    pub(super) fn print(&self, printer: Printer) {
        let Self { right, dropped, corrected, other } = self;
        printer.note(&format!(
            "review: {right} right, {dropped} wrong and dropped, {corrected} corrected, {other} with \
             another verdict"
        ));
    }
}
