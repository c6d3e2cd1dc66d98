//! Decisions that cut and join segments.

use nasaq::Span;

use super::Effects;
use crate::change::{Refusal, Renumbered};
use crate::decision::ReviewSide;
use crate::row::Row;
use crate::span::NOTHING;
use crate::state::State;

impl State {
    pub(super) fn cut(
        &mut self,
        side: ReviewSide,
        segment: usize,
        at: usize,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let segments = &self.sides[side.index()];
        self.check_segment(side, segment)?;
        let text = segments.text(segment);
        let cut = text.is_char_boundary(at).then(|| text.split_at_checked(at)).flatten();
        let Some((first, second)) = cut else {
            return Err(Refusal::decision(format!("byte {at} is not between two characters")));
        };
        let (first, rest) = (first.trim_end(), second.trim_start());
        if first.is_empty() || rest.is_empty() {
            return Err(Refusal::decision("a segment must have text on both sides of the cut"));
        }
        let bytes = segments.segments[segment].clone();
        let second_start = bytes.end - rest.len();
        let parts = [bytes.start..bytes.start + first.len(), second_start..bytes.end];
        let row = self.row_of(side, segment).expect("each segment is in a row");
        self.sides[side.index()].replace(segment, 1, parts);
        self.renumber(side, segment, 1, effects);
        if !self.rows[row].is_fixed() {
            let row = self.rows[row].clone();
            effects.mark(&row);
        }
        Ok(())
    }

    pub(super) fn join(
        &mut self,
        side: ReviewSide,
        segment: usize,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        self.check_segment(side, segment)?;
        if segment + 1 >= self.sides[side.index()].len() {
            return Err(Refusal::decision("there is no segment behind this one"));
        }
        let rows = [segment, segment + 1]
            .map(|segment| self.row_of(side, segment).expect("each segment is in a row"));
        let is_split = rows[0] != rows[1];
        if is_split {
            if let Some(row) = rows.iter().find(|&&row| self.rows[row].is_fixed()) {
                return Err(Refusal::decision(format!(
                    "the segments are in two rows, and row {} was decided before",
                    row + 1
                ))
                .hint("clear it first, or merge the rows"));
            }
            self.unite(side, segment, effects);
        }
        let segments = &self.sides[side.index()].segments;
        let joined = segments[segment].start..segments[segment + 1].end;
        self.sides[side.index()].replace(segment, 2, [joined]);
        self.renumber(side, segment, -1, effects);
        let row = self.row_of(side, segment).expect("each segment is in a row");
        if !self.rows[row].is_fixed() {
            let row = self.rows[row].clone();
            effects.mark(&row);
        }
        Ok(())
    }

    /// Puts two segments that are to be joined in one row, with nothing else.
    fn unite(&mut self, side: ReviewSide, segment: usize, effects: &mut Effects) {
        let both = Span::new(segment, segment + 2);
        let (src, tgt) = match side {
            ReviewSide::Src => (both, NOTHING),
            ReviewSide::Tgt => (NOTHING, both),
        };
        while let Some(row) = self.whole_row_with(src, tgt) {
            let spans = self.rows[row].clone();
            effects.mark(&spans);
            self.take_apart(row);
        }
        let is_second =
            |row: &Row| row.is_null() && row.side(side).range() == (segment + 1..segment + 2);
        self.rows.retain(|row| !is_second(row));
        let first = self
            .rows
            .iter_mut()
            .find(|row| row.is_null() && row.side(side).range() == (segment..segment + 1));
        if let Some(row) = first {
            match side {
                ReviewSide::Src => row.src.end += 1,
                ReviewSide::Tgt => row.tgt.end += 1,
            }
        }
        self.place_empty_spans();
    }

    fn check_segment(&self, side: ReviewSide, segment: usize) -> Result<(), Refusal> {
        let len = self.sides[side.index()].len();
        match segment < len {
            true => Ok(()),
            false => {
                let name = side.name();
                Err(Refusal::decision(format!(
                    "there is no {name} segment {segment}: there are {len}"
                )))
            }
        }
    }

    /// Changes all indices after a segment that was cut or joined with the next one.
    fn renumber(&mut self, side: ReviewSide, segment: usize, by: i64, effects: &mut Effects) {
        let behind = segment as u32 + 1;
        // A cut moves the end of a span that ends with the segment, a join does not.
        let first_end = if by > 0 { behind } else { behind + 1 };
        let moved = |at: u32, from: u32| match at >= from {
            true => u32::try_from(i64::from(at) + by).expect("an index of a segment"),
            false => at,
        };
        let shifted = |at: u32| moved(at, behind);
        let map = |span: &mut Span| {
            *span = match span.is_empty() {
                true => Span { start: shifted(span.start), end: shifted(span.start) },
                false => Span { start: shifted(span.start), end: moved(span.end, first_end) },
            }
        };
        let pick = |pair: &mut (Span, Span)| match side {
            ReviewSide::Src => map(&mut pair.0),
            ReviewSide::Tgt => map(&mut pair.1),
        };
        for row in &mut self.rows {
            match side {
                ReviewSide::Src => map(&mut row.src),
                ReviewSide::Tgt => map(&mut row.tgt),
            }
        }
        self.place_empty_spans();
        effects.marks.iter_mut().for_each(pick);
        let remarks = self.remarks_mut();
        remarks.rejected.iter_mut().for_each(pick);
        let notes = std::mem::take(&mut remarks.notes);
        for ((note_side, at), text) in notes {
            let at = if note_side == side { shifted(at) } else { at };
            let held: &mut String = remarks.notes.entry((note_side, at)).or_default();
            *held = [held.as_str(), &text].join("\n").trim().to_owned();
        }
        if let Some(sample) = &mut remarks.sample {
            sample.items.iter_mut().for_each(pick);
        }
        effects.renumbered = Some(Renumbered { side, from: segment + 1, by });
    }
}
