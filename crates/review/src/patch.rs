//! The difference between two states, for undo and redo.

use std::sync::Arc;

use nasaq::Span;

use crate::change::Renumbered;
use crate::decision::ReviewSide;
use crate::row::Row;
use crate::side::Side;
use crate::state::{Remarks, State};

/// What a decision changed.
#[derive(Clone, Debug)]
pub(crate) struct Patch {
    first: usize,
    old: Parts,
    new: Parts,
    pub(crate) renumbered: Option<Renumbered>,
    /// The segment that was cut, or joined with the next one, if segments are renumbered.
    segment: usize,
}

/// The rows that differ, and the rest of a state.
#[derive(Clone, Debug)]
struct Parts {
    rows: Vec<Row>,
    sides: [Side; 2],
    remarks: Arc<Remarks>,
}

impl Parts {
    fn of(state: &State, rows: &[Row]) -> Self {
        let (sides, remarks) = (state.sides.clone(), Arc::clone(&state.remarks));
        Self { rows: rows.to_vec(), sides, remarks }
    }
}

/// The rows that a patch replaces, as a reader of the rows sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReplacedRows {
    pub(crate) first: usize,
    pub(crate) removed: usize,
    pub(crate) inserted: usize,
}

impl Patch {
    pub(crate) fn between(old: &State, new: &State, renumbered: Option<Renumbered>) -> Self {
        // Behind a cut or a join, the same index is another segment.
        let is_before =
            |row: &Row| renumbered.is_none_or(|it| (row.side(it.side).end as usize) < it.from);
        let (first, behind) = common(&old.rows, &new.rows, |a, b| a == b && is_before(a));
        let parts = |state: &State| Parts::of(state, &state.rows[first..state.rows.len() - behind]);
        let segment = renumbered.map_or(0, |it| it.from.saturating_sub(1));
        Self { first, old: parts(old), new: parts(new), renumbered, segment }
    }

    /// Reports whether the states are the same.
    pub(crate) fn is_empty(&self) -> bool {
        self.renumbered.is_none()
            && self.old.rows == self.new.rows
            && self.old.remarks == self.new.remarks
    }

    /// Returns the patch that takes this one back.
    pub(crate) fn reversed(&self) -> Self {
        // Behind both parts of a cut, and behind the segment that is divided again.
        let from = |it: Renumbered| if it.by > 0 { it.from + 1 } else { it.from };
        let reversed = |it| Renumbered { from: from(it), by: -it.by, ..it };
        let renumbered = self.renumbered.map(reversed);
        let (old, new) = (self.new.clone(), self.old.clone());
        Self { first: self.first, old, new, renumbered, segment: self.segment }
    }

    pub(crate) fn apply(&self, state: &mut State) {
        let range = self.first..self.first + self.old.rows.len();
        state.rows.splice(range, self.new.rows.iter().cloned());
        state.sides = self.new.sides.clone();
        state.remarks = Arc::clone(&self.new.remarks);
    }

    /// Returns the rows that differ by more than the indices of renumbered segments.
    pub(crate) fn replaced_rows(&self) -> ReplacedRows {
        let (old, new) = (&self.old.rows, &self.new.rows);
        let (first, behind) = match self.renumbered {
            None => (0, 0),
            Some(it) => common(old, new, |a, b| is_renumbered(a, b, it, self.segment)),
        };
        ReplacedRows {
            first: self.first + first,
            removed: old.len() - first - behind,
            inserted: new.len() - first - behind,
        }
    }

    /// Returns the segments at which the notes differ, if they are the same segments.
    pub(crate) fn noted_segments(&self) -> Vec<(ReviewSide, u32)> {
        let (old, new) = (&self.old.remarks.notes, &self.new.remarks.notes);
        if self.renumbered.is_some() || old == new {
            return Vec::new();
        }
        let differs = |key: &&(ReviewSide, u32)| old.get(key) != new.get(key);
        old.keys().chain(new.keys()).filter(differs).copied().collect()
    }
}

impl ReplacedRows {
    /// Adds a row that is the same bead, but looks different.
    pub(crate) fn with(self, row: usize) -> Self {
        if self.removed == 0 && self.inserted == 0 {
            return Self { first: row, removed: 1, inserted: 1 };
        }
        let first = self.first.min(row);
        let before = self.first - first;
        // Rows behind the replaced ones have the same distance to the end.
        let behind = (row + 1).saturating_sub(self.first + self.inserted);
        Self {
            first,
            removed: self.removed + before + behind,
            inserted: self.inserted + before + behind,
        }
    }
}

/// Returns how many elements two lists have in common at the start, and then at the end.
fn common<T>(old: &[T], new: &[T], same: impl Fn(&T, &T) -> bool) -> (usize, usize) {
    let first = old.iter().zip(new).take_while(|(a, b)| same(a, b)).count();
    let rest = old[first..].iter().rev().zip(new[first..].iter().rev());
    (first, rest.take_while(|(a, b)| same(a, b)).count())
}

/// Reports whether a row is another one with its segments renumbered, of which none was cut or
/// joined: the text of `segment` is another one, and a join takes in the segment behind it.
fn is_renumbered(old: &Row, new: &Row, it: Renumbered, segment: usize) -> bool {
    let touched = if it.by > 0 { segment..segment + 1 } else { segment..segment + 2 };
    let range = old.side(it.side).range();
    if range.start < touched.end && touched.start < range.end {
        return false;
    }
    let map = |at: u32| match at as usize >= it.from {
        true => (i64::from(at) + it.by) as u32,
        false => at,
    };
    let mapped = |span: Span| Span { start: map(span.start), end: map(span.end) };
    let mut row = old.clone();
    match it.side {
        ReviewSide::Src => row.src = mapped(row.src),
        ReviewSide::Tgt => row.tgt = mapped(row.tgt),
    }
    row == *new
}
