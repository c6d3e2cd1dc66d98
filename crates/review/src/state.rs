//! What a session knows: segments, rows, and what belongs to neither.

use std::collections::BTreeMap;
use std::sync::Arc;

use nasaq::Span;

use crate::decision::ReviewSide;
use crate::row::Row;
use crate::sample::Sample;
use crate::side::Side;
use crate::span::overlaps;

/// The state of a session. Clones are cheap but for the rows.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) sides: [Side; 2],
    /// The beads in source order. Their source spans follow each other, those in order also on the
    /// target, and each segment is in one row.
    pub(crate) rows: Vec<Row>,
    pub(crate) remarks: Arc<Remarks>,
}

/// What the reviewer said that is not in the rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Remarks {
    /// The pairs that must not come back.
    pub(crate) rejected: Vec<(Span, Span)>,
    /// The notes, each at the first segment of the bead that it was written on.
    pub(crate) notes: BTreeMap<(ReviewSide, u32), String>,
    pub(crate) sample: Option<Sample>,
}

impl State {
    /// Takes the beads of an alignment, in any order of nulls.
    pub(crate) fn new(sides: [Side; 2], rows: Vec<Row>) -> Self {
        let mut state = Self { sides, rows, remarks: Arc::default() };
        state.place_empty_spans();
        if state.fault().is_some() {
            state.rows = in_row_order(state.rows);
            state.place_empty_spans();
        }
        state
    }

    /// Returns the numbers of segments.
    pub(crate) fn sizes(&self) -> [usize; 2] {
        self.sides.each_ref().map(Side::len)
    }

    pub(crate) fn remarks_mut(&mut self) -> &mut Remarks {
        Arc::make_mut(&mut self.remarks)
    }

    /// Returns the row that holds a segment.
    pub(crate) fn row_of(&self, side: ReviewSide, segment: usize) -> Option<usize> {
        let segment = u32::try_from(segment).ok()?;
        match side {
            ReviewSide::Src => {
                let row = self.rows.partition_point(|row| row.src.end <= segment);
                (row < self.rows.len()).then_some(row)
            }
            ReviewSide::Tgt => {
                self.rows.iter().position(|row| (row.tgt.start..row.tgt.end).contains(&segment))
            }
        }
    }

    /// Returns the rows that hold one of these segments, in order.
    pub(crate) fn rows_with(&self, src: Span, tgt: Span) -> Vec<usize> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| overlaps(row.src, src) || overlaps(row.tgt, tgt))
            .map(|(index, _)| index)
            .collect()
    }

    /// Returns the place for unaligned target segments: after the rows in order whose target is
    /// before them.
    pub(crate) fn place_of_target(&self, tgt: Span) -> usize {
        let is_before = |row: &Row| !row.moved && !row.tgt.is_empty() && row.tgt.end <= tgt.start;
        self.rows.iter().rposition(is_before).map_or(0, |row| row + 1)
    }

    /// Writes the place of each empty span: where the text of its side has got to.
    pub(crate) fn place_empty_spans(&mut self) {
        let [mut src, mut tgt] = [0; 2];
        for row in &mut self.rows {
            if row.src.is_empty() {
                row.src = Span { start: src, end: src };
            }
            src = row.src.end;
            if row.tgt.is_empty() {
                row.tgt = Span { start: tgt, end: tgt };
            }
            if !row.moved {
                tgt = row.tgt.end;
            }
        }
    }

    /// Returns what is wrong with the rows, if anything is.
    pub(crate) fn fault(&self) -> Option<String> {
        let [src_len, tgt_len] = self.sizes();
        let (mut src, mut tgt) = (0, 0);
        let mut targets: Vec<Span> = Vec::with_capacity(self.rows.len());
        for (index, row) in self.rows.iter().enumerate() {
            if row.src.start != src || row.src.end < row.src.start {
                return Some(format!("row {}: its source does not follow that before", index + 1));
            }
            src = row.src.end;
            if row.src.is_empty() && row.tgt.is_empty() {
                return Some(format!("row {} has no segment", index + 1));
            }
            if row.moved && row.is_null() {
                return Some(format!("row {} is unaligned and moved", index + 1));
            }
            if !row.tgt.is_empty() {
                targets.push(row.tgt);
                if !row.moved {
                    if row.tgt.start < tgt {
                        return Some(format!("row {}: its target is out of order", index + 1));
                    }
                    tgt = row.tgt.end;
                }
            }
        }
        targets.sort_unstable();
        let mut end = 0;
        for span in targets {
            if span.start != end || span.end < span.start {
                return Some(format!("target segment {end} is not in one row"));
            }
            end = span.end;
        }
        match (src as usize, end as usize) == (src_len, tgt_len) {
            true => None,
            false => Some(format!(
                "the rows have {src} and {end} segments, the documents {src_len} and {tgt_len}"
            )),
        }
    }
}

/// Orders beads as rows: by source, with target nulls before the next row in order, and marks those
/// that are out of order.
fn in_row_order(rows: Vec<Row>) -> Vec<Row> {
    let (mut nulls, mut rows): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| row.src.is_empty());
    rows.sort_by_key(|row| row.src.start);
    let mut end = 0;
    for row in rows.iter_mut().filter(|row| row.is_in_order()) {
        row.moved = row.tgt.start < end;
        end = end.max(row.tgt.end);
    }
    nulls.sort_by_key(|row| row.tgt.start);
    let mut nulls = nulls.into_iter().peekable();
    let mut all = Vec::with_capacity(rows.len() + nulls.len());
    for row in rows {
        if row.is_in_order() {
            while let Some(null) = nulls.next_if(|null| null.tgt.end <= row.tgt.start) {
                all.push(null);
            }
        }
        all.push(row);
    }
    all.extend(nulls);
    all
}
