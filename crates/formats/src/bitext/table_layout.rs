//! Writes tables: TSV and CSV.

use std::borrow::Cow;

use super::table::is_ours;
use super::table_columns::TableColumns;
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, BitextSchema, Loss, Losses};
use crate::error::Result;
use crate::tsv::{escape_field, is_line_break};

/// U+FEFF, which is a byte order mark at the start of a file: a text that begins with it needs a mark
/// in front.
pub(super) const MARK: &str = "\u{feff}";

/// Writes tables.
pub(super) struct TableLayout {
    columns: TableColumns,
    kind: TableKind,
    /// Whether nothing was written yet.
    is_empty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TableKind {
    Tsv { escaped: bool },
    Csv { bom: bool },
}

impl TableLayout {
    pub(super) fn tsv(schema: BitextSchema) -> Self {
        let escaped = is_ours(&schema);
        Self {
            columns: TableColumns::new(schema),
            kind: TableKind::Tsv { escaped },
            is_empty: true,
        }
    }

    pub(super) fn csv(schema: BitextSchema, bom: bool) -> Self {
        Self { columns: TableColumns::new(schema), kind: TableKind::Csv { bom }, is_empty: true }
    }
}

impl RowLayout for TableLayout {
    fn start(&mut self, out: &mut Buffers) -> Result<()> {
        if self.kind == (TableKind::Csv { bom: true }) {
            out.push(MARK);
            self.is_empty = false;
        }
        let schema = &self.columns.schema;
        if schema.has_header {
            self.is_empty = false;
            for (index, name) in schema.columns.iter().enumerate() {
                self.kind.cell(index, name, out);
            }
            self.kind.end_row(out);
        }
        Ok(())
    }

    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let values = self.columns.values(row, &mut out.losses);
        for index in 0..values.len() {
            let text = self.columns.text(index, row, &values);
            if std::mem::take(&mut self.is_empty) && text.starts_with(MARK) {
                out.push(MARK);
            }
            self.kind.cell(index, &text, out);
        }
        self.kind.end_row(out);
        Ok(())
    }
}

impl TableKind {
    fn cell(self, index: usize, text: &str, out: &mut Buffers) {
        match self {
            Self::Tsv { escaped } => {
                if index > 0 {
                    out.push("\t");
                }
                if escaped {
                    out.push(&escape_field(text));
                } else {
                    let text = flat(text, true, &mut out.losses);
                    out.push(&text);
                }
            }
            Self::Csv { .. } => {
                if index > 0 {
                    out.push(",");
                }
                if text.starts_with(['=', '+', '-', '@']) && text.parse::<f64>().is_err() {
                    out.losses.add(Loss::Formula);
                }
                if text.contains(['"', ',', '\n', '\r']) {
                    out.push("\"");
                    out.push(&text.replace('"', "\"\""));
                    out.push("\"");
                } else {
                    out.push(text);
                }
            }
        }
    }

    fn end_row(self, out: &mut Buffers) {
        out.push("\n");
    }
}

/// Replaces each line break, and if `tabs` is set each tab, by a space, and counts the texts that
/// had any.
pub(super) fn flat<'t>(text: &'t str, tabs: bool, losses: &mut Losses) -> Cow<'t, str> {
    let has_breaks = text.contains(is_line_break);
    let has_tabs = tabs && text.contains('\t');
    if !has_breaks && !has_tabs {
        return Cow::Borrowed(text);
    }
    if has_breaks {
        losses.add(Loss::LineBreaks);
    }
    if has_tabs {
        losses.add(Loss::Tabs);
    }
    let space = |c: char| is_line_break(c) || tabs && c == '\t';
    Cow::Owned(text.replace("\r\n", " ").replace(space, " "))
}
