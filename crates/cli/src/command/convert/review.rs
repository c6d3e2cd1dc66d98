//! The verdicts and corrected texts of a spreadsheet that nasaq wrote for review.

use std::sync::Arc;

use nasaq_formats::{
    BeadReview, BitextRow, BitextSchema, FieldValue, REVIEW_COLUMNS, SHEET_COLUMNS,
};

use crate::printer::Printer;

/// The columns of corrected texts.
const CORRECTED: [&str; 2] = ["corrected_src", "corrected_tgt"];

/// Applies a review to its pairs, and counts what it did.
#[derive(Debug, Default)]
pub(super) struct Review {
    /// Pairs of a sheet.
    pairs: u64,
    right: u64,
    dropped: u64,
    corrected: u64,
    /// Pairs with another verdict, which stay.
    other: u64,
}

impl Review {
    /// Returns the pair with its corrected texts; `None` if it is wrong. A pair of another bitext than a
    /// sheet for review stays as it is.
    ///
    /// A pair that is right or corrected has been reviewed, as one of a log of a review has: a
    /// translation memory takes it whatever its probability.
    pub(super) fn apply(&mut self, mut row: BitextRow) -> Option<BitextRow> {
        if !row.is_of_review_sheet() {
            return Some(row);
        }
        self.pairs += 1;
        let text = |name: &str| row.get(name).map(ToString::to_string).unwrap_or_default();
        let mut decided = None;
        match text("verdict").trim().to_lowercase().as_str() {
            "wrong" => {
                self.dropped += 1;
                return None;
            }
            "right" | "ok" => {
                self.right += 1;
                decided = Some(BeadReview::Confirmed);
            }
            "" => {}
            _ => self.other += 1,
        }
        let [src, tgt] = CORRECTED.map(text);
        if !(src.trim().is_empty() && tgt.trim().is_empty()) {
            self.corrected += 1;
            decided = Some(BeadReview::Changed);
        }
        let [reviewed, ..] = REVIEW_COLUMNS;
        let is_changed = text(reviewed) == BeadReview::Changed.name();
        if let Some(decided) = decided.filter(|_| !is_changed) {
            row.set(&Arc::from(reviewed), FieldValue::Text(decided.name().to_owned()));
        }
        for (old, new) in [(&mut row.src, src), (&mut row.tgt, tgt)] {
            if !new.trim().is_empty() {
                *old = new;
            }
        }
        row.fields.retain(|(name, _)| !CORRECTED.contains(&&**name));
        Some(row)
    }

    /// Returns the schema without the columns of corrected texts, and with that of what was decided, if
    /// it is that of a sheet.
    pub(super) fn schema(mut schema: BitextSchema) -> BitextSchema {
        let has = |name: &&str| schema.columns.iter().any(|column| &**column == *name);
        if !SHEET_COLUMNS.iter().all(has) {
            return schema;
        }
        schema.columns.retain(|name| !CORRECTED.contains(&&**name));
        let [reviewed, ..] = REVIEW_COLUMNS;
        if !schema.columns.iter().any(|name| &**name == reviewed) {
            schema.columns.push(reviewed.into());
        }
        schema
    }

    /// Prints the counts, if there are pairs of a sheet.
    pub(super) fn print(&self, printer: Printer) {
        let Self { pairs, right, dropped, corrected, other } = self;
        if *pairs == 0 {
            return;
        }
        printer.note(&format!(
            "review: {right} right, {dropped} wrong and dropped, {corrected} corrected, {other} with \
             another verdict"
        ));
    }
}
