//! Decisions about pairs that may be out of order.

use nasaq::Span;

use super::Effects;
use crate::change::Refusal;
use crate::decision::Segments;
use crate::row::Row;
use crate::state::State;

impl State {
    pub(super) fn reject(&mut self, index: usize, effects: &mut Effects) -> Result<(), Refusal> {
        let row = &self.rows[index];
        let nothing = Span { start: 0, end: 0 };
        let single = |at: u32| Span { start: at, end: at + 1 };
        // Of nulls, each segment by itself: none of them may be unaligned.
        let pairs: Vec<(Span, Span)> = match (row.src.is_empty(), row.tgt.is_empty()) {
            (false, false) => vec![(row.src, row.tgt)],
            (false, true) => row.src.range().map(|at| (single(at as u32), nothing)).collect(),
            (true, _) => row.tgt.range().map(|at| (nothing, single(at as u32))).collect(),
        };
        if row.is_fixed() {
            let notice = format!("row {} was decided before; this is withdrawn", index + 1);
            effects.notices.push(notice);
        }
        self.warn_of_edit(index, effects);
        let rejected = &mut self.remarks_mut().rejected;
        for pair in pairs {
            if !rejected.contains(&pair) {
                rejected.push(pair);
            }
        }
        self.dissolve(index, effects);
        Ok(())
    }

    pub(super) fn pair_moved(
        &mut self,
        src: Segments,
        tgt: Segments,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let [src, tgt] = [self.span(src, 0)?, self.span(tgt, 1)?];
        if src.is_empty() || tgt.is_empty() {
            return Err(Refusal::decision("a pair must have segments on both sides"));
        }
        let inside = |inner: Span, outer: Span| {
            inner.is_empty() || (outer.start <= inner.start && inner.end <= outer.end)
        };
        let touched = self.rows_with(src, tgt);
        for &index in &touched {
            let row = &self.rows[index];
            if row.is_fixed() && !(inside(row.src, src) && inside(row.tgt, tgt)) {
                return Err(Refusal::decision(format!(
                    "row {} was decided before and has segments besides these",
                    index + 1
                ))
                .hint("clear it first"));
            }
        }
        while let Some(index) = self.whole_row_with(src, tgt) {
            self.warn_of_edit(index, effects);
            let row = self.rows[index].clone();
            self.take_apart(index);
            if !(inside(row.src, src) && inside(row.tgt, tgt)) {
                effects.mark(&row);
            }
        }
        self.take_out(src, tgt);
        self.allow_again(&[(src, tgt)], effects);
        let mut row = Row::changed(src, tgt);
        let at = self.place_of_pair(src, tgt);
        row.moved = !self.is_in_order_at(at, tgt);
        effects.mark(&row);
        self.rows.insert(at, row);
        self.place_empty_spans();
        Ok(())
    }

    /// Returns where a pair belongs, among target nulls by its target.
    fn place_of_pair(&self, src: Span, tgt: Span) -> usize {
        let at = self.rows.partition_point(|row| row.src.end <= src.start);
        let is_behind = |row: &&Row| row.src.is_empty() && row.tgt.start >= tgt.end;
        let is_before = |row: &&Row| row.src.is_empty() && row.tgt.end <= tgt.start;
        let at = at - self.rows[..at].iter().rev().take_while(is_behind).count();
        at + self.rows[at..].iter().take_while(is_before).count()
    }

    /// Returns a row that holds one of these segments and others.
    pub(super) fn whole_row_with(&self, src: Span, tgt: Span) -> Option<usize> {
        let is_apart = |row: &Row| row.is_null() && row.src.len() + row.tgt.len() == 1;
        self.rows_with(src, tgt).into_iter().find(|&row| !is_apart(&self.rows[row]))
    }

    /// Replaces a row by nulls of one segment each.
    pub(super) fn take_apart(&mut self, index: usize) {
        let row = self.rows.remove(index);
        let single = |at: u32| Span { start: at, end: at + 1 };
        let nothing = Span { start: 0, end: 0 };
        let sources = (row.src.start..row.src.end).map(|at| Row::new(single(at), nothing, 0.0));
        self.rows.splice(index..index, sources);
        let place = match row.moved {
            true => self.place_of_target(row.tgt),
            false => index + row.src.len(),
        };
        let targets = (row.tgt.start..row.tgt.end).map(|at| Row::new(nothing, single(at), 0.0));
        self.rows.splice(place..place, targets);
        self.place_empty_spans();
    }

    /// Removes nulls of one segment each.
    fn take_out(&mut self, src: Span, tgt: Span) {
        let inside = |inner: Span, outer: Span| {
            !inner.is_empty() && outer.start <= inner.start && inner.end <= outer.end
        };
        self.rows.retain(|row| !(row.is_null() && (inside(row.src, src) || inside(row.tgt, tgt))));
    }

    /// Reports whether a target span at a row would be in order.
    fn is_in_order_at(&self, at: usize, tgt: Span) -> bool {
        let in_path = |row: &&Row| !row.moved && !row.tgt.is_empty();
        let before = self.rows[..at].iter().rev().find(in_path);
        let behind = self.rows[at..].iter().find(in_path);
        before.is_none_or(|row| row.tgt.end <= tgt.start)
            && behind.is_none_or(|row| tgt.end <= row.tgt.start)
    }
}
