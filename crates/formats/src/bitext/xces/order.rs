//! The order of rows in documents: which row a sentence belongs to, and where moved text is.

use super::super::sentences::texts_of;
use super::super::{BitextRow, FieldValue, MOVED};

/// What is written of a row whose sentences are linked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in super::super) struct LinkedRow {
    /// The sentences of source and target.
    pub(in super::super) texts: [Vec<String>; 2],
    /// Where the target begins, if that is known: the index of the document, and the segment.
    pub(in super::super) tgt_start: Option<[u64; 2]>,
    /// Whether its target is elsewhere than the rows around it suggest.
    pub(in super::super) is_moved: bool,
    /// The attributes of its link.
    pub(in super::super) attributes: Vec<(String, String)>,
}

impl LinkedRow {
    pub(in super::super) fn is_pair(&self) -> bool {
        self.texts.iter().all(|texts| !texts.is_empty())
    }
}

/// Collects the rows of a file.
#[derive(Debug, Default)]
pub(in super::super) struct LinkedRows {
    pub(in super::super) rows: Vec<LinkedRow>,
    /// The index of the document, which increases where segments are counted anew.
    document: u64,
    doc: Option<String>,
    src_start: u64,
}

impl LinkedRows {
    /// Adds a row, unless it has no text.
    pub(in super::super) fn add(&mut self, row: &BitextRow, attributes: Vec<(String, String)>) {
        let texts = [0, 1]
            .map(|side| texts_of(row, side).into_iter().map(str::to_owned).collect::<Vec<_>>());
        if texts.iter().all(Vec::is_empty) {
            return;
        }
        let (doc, start) = (row.doc(), row.span("src_segments").map(|span| span[0]));
        if doc != self.doc || start.is_some_and(|start| start < self.src_start) {
            self.document += 1;
            self.doc = doc;
        }
        self.src_start = start.unwrap_or(0);
        self.rows.push(LinkedRow {
            texts,
            tgt_start: row.span("tgt_segments").map(|span| [self.document, span[0]]),
            is_moved: row.get(MOVED).and_then(FieldValue::as_flag) == Some(true),
            attributes,
        });
    }
}

/// Returns the rows in the order of the target: that of its segments, if all rows have them.
pub(in super::super) fn in_document_order(rows: &[LinkedRow]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    if rows.iter().all(|row| row.tgt_start.is_some()) {
        order.sort_by_key(|&index| rows[index].tgt_start);
    }
    order
}

/// Divides moved pairs into rows of one side, each in the order of its document, and returns how many
/// there were.
pub(super) fn without_moves(rows: Vec<LinkedRow>) -> (Vec<LinkedRow>, u64) {
    if rows.iter().any(|row| row.tgt_start.is_none()) {
        return (rows, 0);
    }
    let mut end = [0; 2];
    let mut crosses = |row: &LinkedRow| {
        let start = row.tgt_start.unwrap_or_default();
        let crosses = row.is_moved || start < end;
        end = if crosses { end } else { start };
        crosses
    };
    let (mut ordered, mut targets, mut moved) = (Vec::new(), Vec::new(), 0);
    for mut row in rows {
        if row.texts[0].is_empty() {
            targets.push(row);
        } else if row.is_pair() && crosses(&row) {
            moved += 1;
            let tgt = std::mem::take(&mut row.texts[1]);
            targets.push(LinkedRow {
                texts: [Vec::new(), tgt],
                tgt_start: row.tgt_start,
                ..LinkedRow::default()
            });
            row.attributes.clear();
            ordered.push(row);
        } else {
            ordered.push(row);
        }
    }
    targets.sort_by_key(|row| row.tgt_start);
    let mut targets = targets.into_iter().peekable();
    let mut all = Vec::with_capacity(ordered.len());
    for row in ordered {
        if row.is_pair() {
            while let Some(target) = targets.next_if(|it| it.tgt_start < row.tgt_start) {
                all.push(target);
            }
        }
        all.push(row);
    }
    all.extend(targets);
    (all, moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(src: &str, tgt: &str, start: u64, is_moved: bool) -> LinkedRow {
        let texts = [src, tgt].map(|text| text.split_whitespace().map(str::to_owned).collect());
        LinkedRow { texts, tgt_start: Some([0, start]), is_moved, ..LinkedRow::default() }
    }

    fn shown(rows: &[LinkedRow]) -> Vec<String> {
        rows.iter().map(|row| row.texts.each_ref().map(|it| it.join(" ")).join("-")).collect()
    }

    #[test]
    fn moved_pairs_become_links_of_one_side_in_place() {
        let rows = vec![
            row("a", "1", 0, false),
            row("b", "4", 3, true),
            row("c", "2 3", 1, false),
            row("", "5", 4, false),
            row("d", "6", 5, false),
            row("e", "", 6, false),
        ];
        assert_eq!(in_document_order(&rows), [0, 2, 1, 3, 4, 5]);
        let (rows, moved) = without_moves(rows);
        assert_eq!(shown(&rows), ["a-1", "b-", "c-2 3", "-4", "-5", "d-6", "e-"]);
        assert_eq!(moved, 1);
    }

    #[test]
    fn pairs_that_cross_are_moved_and_unknown_places_are_in_order() {
        let crossing = vec![row("a", "2", 1, false), row("b", "1", 0, false)];
        let (rows, moved) = without_moves(crossing.clone());
        assert_eq!((shown(&rows), moved), (vec!["-1".into(), "a-2".into(), "b-".into()], 1));
        let unknown: Vec<LinkedRow> =
            crossing.into_iter().map(|row| LinkedRow { tgt_start: None, ..row }).collect();
        assert_eq!(in_document_order(&unknown), [0, 1]);
        assert_eq!(without_moves(unknown).1, 0);
    }
}
