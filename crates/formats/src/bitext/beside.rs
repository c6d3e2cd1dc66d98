//! What stands beside the texts of a row, by the columns of a table.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::{BitextRow, BitextSchema, FieldValue, Loss, Losses};

/// The columns of a table that is written, found by name.
///
/// A hostile file may have as many columns as bytes, so no column is looked for among all.
pub(super) struct Columns {
    pub(super) schema: BitextSchema,
    /// The first column of each name, but for those of the texts.
    places: HashMap<Arc<str>, usize>,
}

impl Columns {
    pub(super) fn new(schema: BitextSchema) -> Self {
        let mut places = HashMap::new();
        for (at, name) in schema.columns.iter().enumerate() {
            if ![&schema.src_name, &schema.tgt_name].contains(&&Some(Arc::clone(name))) {
                places.entry(Arc::clone(name)).or_insert(at);
            }
        }
        Self { schema, places }
    }

    /// Gives the place of a column that is not a text's.
    fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Gives a row's values by column, and counts those that no column is there for.
    ///
    /// Where names come more than once, the row's values go to the columns of that name one after the
    /// other, as long as they stand in the columns' order; otherwise the first value counts.
    pub(super) fn values<'r>(
        &self,
        row: &'r BitextRow,
        losses: &mut Losses,
    ) -> Vec<Option<&'r FieldValue>> {
        let columns = &self.schema.columns;
        let mut values = vec![None; columns.len()];
        let mut next = 0;
        for (name, value) in &row.fields {
            while columns.get(next).is_some_and(|it| it != name && !self.places.contains_key(it)) {
                next += 1;
            }
            let at = if columns.get(next) == Some(name) { Some(next) } else { self.place(name) };
            match at {
                None => losses.add(Loss::Column(name.to_string())),
                Some(at) => {
                    values[at].get_or_insert(value);
                    next = at + 1;
                }
            }
        }
        values
    }

    /// Gives the text of column `at`, given the row's values by column.
    pub(super) fn text<'r>(
        &self,
        at: usize,
        row: &'r BitextRow,
        values: &[Option<&'r FieldValue>],
    ) -> Cow<'r, str> {
        let name = self.schema.columns.get(at);
        if name == self.schema.src_name.as_ref() {
            return Cow::Borrowed(&row.src);
        }
        if name == self.schema.tgt_name.as_ref() {
            return Cow::Borrowed(&row.tgt);
        }
        match values[at] {
            None | Some(FieldValue::Nothing) => Cow::Borrowed(""),
            Some(FieldValue::Text(text)) => Cow::Borrowed(text),
            Some(value) => Cow::Owned(value.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Columns {
        Columns::new(BitextSchema {
            columns: names.iter().map(|&name| Arc::from(name)).collect(),
            src_name: Some("src".into()),
            tgt_name: Some("tgt".into()),
            ..BitextSchema::default()
        })
    }

    /// Gives a row's cells and what was lost, for fields whose values are their numbers.
    fn cells(columns: &Columns, fields: &[&str]) -> (Vec<String>, u64) {
        let fields = fields.iter().zip(0..);
        let fields =
            fields.map(|(&name, at)| (name.into(), FieldValue::Text(format!("{at}")))).collect();
        let row = BitextRow { src: "س".into(), tgt: "t".into(), fields, line: 1 };
        let mut losses = Losses::default();
        let values = columns.values(&row, &mut losses);
        let cells = (0..values.len()).map(|at| columns.text(at, &row, &values).into_owned());
        (cells.collect(), losses.iter().map(|(_, count)| count).sum())
    }

    #[test]
    fn values_stand_under_their_names_in_any_order() {
        let columns = columns(&["a", "src", "b", "tgt", "c"]);
        assert_eq!(cells(&columns, &["a", "b", "c"]).0, ["0", "س", "1", "t", "2"]);
        assert_eq!(cells(&columns, &["c", "a"]).0, ["1", "س", "", "t", "0"]);
        assert_eq!(
            cells(&columns, &["a", "other", "a"]),
            (["0", "س", "", "t", ""].map(Into::into).to_vec(), 1)
        );
    }

    #[test]
    fn columns_of_one_name_keep_their_own_values() {
        let columns = columns(&["x", "src", "tgt", "x", "", ""]);
        assert_eq!(cells(&columns, &["x", "x", "", ""]).0, ["0", "س", "t", "1", "2", "3"]);
    }

    #[test]
    fn a_hundred_thousand_columns_are_no_trouble() {
        let names: Vec<String> = (0..100_000).map(|at| format!("c{at}")).collect();
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        let columns = columns(&names);
        // From the last to the first, and none that is there: each is looked for by its name.
        names.reverse();
        assert_eq!(cells(&columns, &names).0[0], "99999");
        let other: Vec<String> = (0..100_000).map(|at| format!("d{at}")).collect();
        let other: Vec<&str> = other.iter().map(String::as_str).collect();
        assert_eq!(cells(&columns, &other).1, 100_000);
    }
}
