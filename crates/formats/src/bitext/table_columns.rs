//! The values of a row by the columns of a table.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::{BitextRow, BitextSchema, FieldValue, Loss, Losses};

/// The columns of a table that is written, found by name.
///
/// A hostile file may have as many columns as bytes, so no lookup is linear in their number.
pub(super) struct TableColumns {
    pub(super) schema: BitextSchema,
    /// The first column of each name, except those of the texts.
    indices: HashMap<Arc<str>, usize>,
}

impl TableColumns {
    pub(super) fn new(schema: BitextSchema) -> Self {
        let mut indices = HashMap::new();
        for (index, name) in schema.columns.iter().enumerate() {
            if ![&schema.src_name, &schema.tgt_name].contains(&&Some(Arc::clone(name))) {
                indices.entry(Arc::clone(name)).or_insert(index);
            }
        }
        Self { schema, indices }
    }

    /// Returns the values of a row by column, and counts those that have no column.
    ///
    /// If a name occurs more than once, the values go to the columns of that name one after the
    /// other as long as they are in the order of the columns; otherwise the first value counts.
    pub(super) fn values<'r>(
        &self,
        row: &'r BitextRow,
        losses: &mut Losses,
    ) -> Vec<Option<&'r FieldValue>> {
        let columns = &self.schema.columns;
        let mut values = vec![None; columns.len()];
        let mut next = 0;
        for (name, value) in &row.fields {
            while columns.get(next).is_some_and(|it| it != name && !self.indices.contains_key(it)) {
                next += 1;
            }
            let in_order = (columns.get(next) == Some(name)).then_some(next);
            match in_order.or_else(|| self.indices.get(name).copied()) {
                None => losses.add(Loss::Column(name.to_string())),
                Some(index) => {
                    values[index].get_or_insert(value);
                    next = index + 1;
                }
            }
        }
        values
    }

    /// Returns the text of a column, given the values of the row by column.
    pub(super) fn text<'r>(
        &self,
        index: usize,
        row: &'r BitextRow,
        values: &[Option<&'r FieldValue>],
    ) -> Cow<'r, str> {
        let name = self.schema.columns.get(index);
        if name == self.schema.src_name.as_ref() {
            return Cow::Borrowed(&row.src);
        }
        if name == self.schema.tgt_name.as_ref() {
            return Cow::Borrowed(&row.tgt);
        }
        match values[index] {
            None | Some(FieldValue::Nothing) => Cow::Borrowed(""),
            Some(FieldValue::Text(text)) => Cow::Borrowed(text),
            Some(value) => Cow::Owned(value.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> TableColumns {
        TableColumns::new(BitextSchema {
            columns: names.iter().map(|&name| Arc::from(name)).collect(),
            src_name: Some("src".into()),
            tgt_name: Some("tgt".into()),
            ..BitextSchema::default()
        })
    }

    /// Returns the cells of a row and the number of losses, for fields whose values are their
    /// indices.
    fn cells(columns: &TableColumns, fields: &[&str]) -> (Vec<String>, u64) {
        let fields = fields.iter().zip(0..);
        let fields =
            fields.map(|(&name, at)| (name.into(), FieldValue::Text(format!("{at}")))).collect();
        let row =
            BitextRow {
                src: "س".into(), tgt: "t".into(), fields, line: 1, ..BitextRow::default()
            };
        let mut losses = Losses::default();
        let values = columns.values(&row, &mut losses);
        let cells = (0..values.len()).map(|at| columns.text(at, &row, &values).into_owned());
        (cells.collect(), losses.iter().map(|(_, count)| count).sum())
    }

    #[test]
    fn values_are_found_by_name_in_any_order() {
        let columns = columns(&["a", "src", "b", "tgt", "c"]);
        assert_eq!(cells(&columns, &["a", "b", "c"]).0, ["0", "س", "1", "t", "2"]);
        assert_eq!(cells(&columns, &["c", "a"]).0, ["1", "س", "", "t", "0"]);
        assert_eq!(
            cells(&columns, &["a", "other", "a"]),
            (["0", "س", "", "t", ""].map(Into::into).to_vec(), 1)
        );
    }

    #[test]
    fn columns_of_one_name_have_separate_values() {
        let columns = columns(&["x", "src", "tgt", "x", "", ""]);
        assert_eq!(cells(&columns, &["x", "x", "", ""]).0, ["0", "س", "t", "1", "2", "3"]);
    }

    #[test]
    fn a_hundred_thousand_columns_are_fast() {
        let names: Vec<String> = (0..100_000).map(|at| format!("c{at}")).collect();
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        let columns = columns(&names);
        // From the last to the first, so that none is found in order.
        names.reverse();
        assert_eq!(cells(&columns, &names).0[0], "99999");
        let other: Vec<String> = (0..100_000).map(|at| format!("d{at}")).collect();
        let other: Vec<&str> = other.iter().map(String::as_str).collect();
        assert_eq!(cells(&columns, &other).1, 100_000);
    }
}
