//! Decisions about pairs that may be out of order.

use nasaq::Span;

use super::Effects;
use crate::change::Refusal;
use crate::decision::{ReviewSide, Segments};
use crate::row::{Decided, Row};
use crate::span::{NOTHING, is_inside, is_same, single};
use crate::state::State;

impl State {
    pub(super) fn reject(&mut self, index: usize, effects: &mut Effects) -> Result<(), Refusal> {
        let row = &self.rows[index];
        let (src, tgt) = (row.src, row.tgt);
        if row.is_fixed() {
            let notice = format!("row {} was decided before; this is withdrawn", index + 1);
            effects.notices.push(notice);
        }
        self.warn_of_edit(index, effects);
        self.forbid(src, tgt);
        self.dissolve(index, effects);
        Ok(())
    }

    pub(super) fn reject_pair(
        &mut self,
        src: Segments,
        tgt: Segments,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let [src, tgt] = [self.span(src, 0)?, self.span(tgt, 1)?];
        if src.is_empty() && tgt.is_empty() {
            return Err(Refusal::decision("no segment is named"));
        }
        let is_pair = |row: &Row| is_same(row.src, src) && is_same(row.tgt, tgt);
        match self.rows.iter().position(is_pair) {
            Some(row) => self.reject(row, effects),
            None => {
                self.forbid(src, tgt);
                Ok(())
            }
        }
    }

    /// Keeps a pair from coming back; of nulls each segment by itself: none may be unaligned.
    fn forbid(&mut self, src: Span, tgt: Span) {
        let pairs = forbidden(src, tgt);
        let rejected = &mut self.remarks_mut().rejected;
        for pair in pairs {
            if !rejected.contains(&pair) {
                rejected.push(pair);
            }
        }
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
        self.free(src, tgt, effects)?;
        self.allow_again(&[(src, tgt)], effects);
        let mut row = Row::changed(src, tgt);
        let at = self.place_of_pair(src, tgt);
        row.moved = !self.is_in_order_at(at, tgt);
        effects.mark(&row);
        self.rows.insert(at, row);
        self.place_empty_spans();
        Ok(())
    }

    pub(super) fn unalign_segments(
        &mut self,
        side: ReviewSide,
        segments: Segments,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let span = self.span(segments, side.index())?;
        if span.is_empty() {
            return Err(Refusal::decision("no segment is named"));
        }
        let (src, tgt) = match side {
            ReviewSide::Src => (span, NOTHING),
            ReviewSide::Tgt => (NOTHING, span),
        };
        self.take_free(src, tgt, effects)?;
        self.allow_again(&forbidden(src, tgt), effects);
        let inside = |inner: Span| !inner.is_empty() && is_inside(inner, span);
        for row in self.rows.iter_mut().filter(|row| inside(row.side(side))) {
            (row.decided, row.probability) = (Decided::Changed, 1.0);
        }
        effects.marks.push((src, tgt));
        Ok(())
    }

    /// Removes all rows of some segments; others that these hold become free.
    fn free(&mut self, src: Span, tgt: Span, effects: &mut Effects) -> Result<(), Refusal> {
        self.take_free(src, tgt, effects)?;
        self.take_out(src, tgt);
        Ok(())
    }

    /// Makes each of some segments a row of its own, and others in their rows free.
    fn take_free(&mut self, src: Span, tgt: Span, effects: &mut Effects) -> Result<(), Refusal> {
        for index in self.rows_with(src, tgt) {
            let row = &self.rows[index];
            if row.is_fixed() && !(is_inside(row.src, src) && is_inside(row.tgt, tgt)) {
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
            if !(is_inside(row.src, src) && is_inside(row.tgt, tgt)) {
                effects.mark(&row);
            }
        }
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
        let sources = (row.src.start..row.src.end).map(|at| Row::new(single(at), NOTHING, 0.0));
        self.rows.splice(index..index, sources);
        let place = match row.moved {
            true => self.place_of_target(row.tgt),
            false => index + row.src.len(),
        };
        let targets = (row.tgt.start..row.tgt.end).map(|at| Row::new(NOTHING, single(at), 0.0));
        self.rows.splice(place..place, targets);
        self.place_empty_spans();
    }

    /// Removes nulls of one segment each.
    fn take_out(&mut self, src: Span, tgt: Span) {
        let inside = |inner: Span, outer: Span| !inner.is_empty() && is_inside(inner, outer);
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

/// Returns the pairs that are impossible if these spans are no bead.
pub(super) fn forbidden(src: Span, tgt: Span) -> Vec<(Span, Span)> {
    match (src.is_empty(), tgt.is_empty()) {
        (false, true) => (src.start..src.end).map(|at| (single(at), NOTHING)).collect(),
        (true, _) => (tgt.start..tgt.end).map(|at| (NOTHING, single(at))).collect(),
        (false, false) => vec![(src, tgt)],
    }
}
