//! Takes decisions: what each does to the rows, before anything is aligned again.

mod pair;
mod region;
mod segment;

use nasaq::Span;

use crate::change::{Refusal, RefusalKind, Renumbered};
use crate::decision::{BeadSegments, Decision, ReviewSide, Segments};
use crate::row::{Decided, Row};
use crate::sample::Sample;
use crate::span::NOTHING;
use crate::state::State;

/// The largest number of bytes of a note or a corrected text.
const MAX_TEXT: usize = 1 << 20;

/// What a decision does besides changing rows.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// The segments of source and target around which free rows are aligned again.
    pub(crate) marks: Vec<(Span, Span)>,
    pub(crate) notices: Vec<String>,
    /// The decisions of a list that were refused.
    pub(crate) refused: Vec<(usize, String)>,
    /// The decision of the list that each of `marks` is of.
    pub(crate) owners: Vec<usize>,
    pub(crate) renumbered: Option<Renumbered>,
}

impl Effects {
    fn mark(&mut self, row: &Row) {
        self.marks.push((row.src, row.tgt));
    }
}

impl State {
    /// Takes a decision, or leaves the state in disorder and returns why not.
    pub(crate) fn decide(
        &mut self,
        decision: &Decision,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match decision {
            Decision::Confirm { row, seen } => {
                let index = self.checked_row(*row, *seen)?;
                self.confirm(index, effects)
            }
            Decision::ConfirmAbove { probability } => self.confirm_above(*probability),
            Decision::SetBeads { src, tgt, beads } => self.set_beads(*src, *tgt, beads, effects),
            Decision::Unalign { row, seen } => {
                let index = self.checked_row(*row, *seen)?;
                self.unalign(index, effects)
            }
            Decision::UnalignSegments { side, segments } => {
                self.unalign_segments(*side, *segments, effects)
            }
            Decision::Reject { row, seen } => {
                let index = self.checked_row(*row, *seen)?;
                self.reject(index, effects)
            }
            Decision::RejectPair { src, tgt } => self.reject_pair(*src, *tgt, effects),
            Decision::PairMoved { src, tgt } => self.pair_moved(*src, *tgt, effects),
            Decision::Cut { side, segment, at } => self.cut(*side, *segment, *at, effects),
            Decision::Join { side, segment } => self.join(*side, *segment, effects),
            Decision::Note { row, text, seen } => {
                let index = self.checked_row(*row, *seen)?;
                self.note(index, text)
            }
            Decision::Edit { row, side, text, seen } => {
                let index = self.checked_row(*row, *seen)?;
                self.edit(index, *side, text, effects)
            }
            Decision::Clear { row, seen } => {
                let index = self.checked_row(*row, *seen)?;
                self.clear(index, effects)
            }
            Decision::Sample { size, seed } => self.draw_sample(*size, *seed),
            Decision::All { decisions } => self.decide_all(decisions, effects),
        }
    }

    /// Takes several decisions, and reports those that are refused.
    fn decide_all(&mut self, decisions: &[Decision], effects: &mut Effects) -> Result<(), Refusal> {
        for (index, decision) in decisions.iter().enumerate() {
            if matches!(
                decision,
                Decision::All { .. } | Decision::Cut { .. } | Decision::Join { .. }
            ) {
                return Err(Refusal::decision(
                    "decisions taken as one may neither change segments nor be lists themselves",
                ));
            }
            // A confirmation that is refused changed nothing.
            let is_simple = matches!(decision, Decision::Confirm { .. });
            let before = (!is_simple).then(|| self.clone());
            let (marks, notices) = (effects.marks.len(), effects.notices.len());
            if let Err(refusal) = self.decide(decision, effects) {
                if let Some(before) = before {
                    *self = before;
                }
                effects.marks.truncate(marks);
                effects.notices.truncate(notices);
                effects.refused.push((index, refusal.in_full()));
            }
            effects.owners.resize(effects.marks.len(), index);
        }
        Ok(())
    }

    /// Returns the index of a row that exists and has the segments that the reviewer saw.
    fn checked_row(&self, row: usize, seen: Option<BeadSegments>) -> Result<usize, Refusal> {
        let found = self.rows.get(row).ok_or_else(|| {
            Refusal::decision(format!("there is no row {}: there are {}", row + 1, self.rows.len()))
        })?;
        let is_seen = |row: &Row, seen: &BeadSegments| {
            let same = |span: Span, seen: Segments| {
                (span.is_empty() && seen.range().is_empty()) || span.range() == seen.range()
            };
            same(row.src, seen.src) && same(row.tgt, seen.tgt)
        };
        let Some(seen) = seen.filter(|seen| !is_seen(found, seen)) else { return Ok(row) };
        self.rows.iter().position(|row| is_seen(row, &seen)).ok_or_else(|| {
            let reason = format!("row {} has other segments by now", row + 1);
            Refusal::new(RefusalKind::Stale, reason).hint("look at it again")
        })
    }

    fn confirm(&mut self, index: usize, effects: &mut Effects) -> Result<(), Refusal> {
        let row = &mut self.rows[index];
        if row.is_fixed() {
            return Err(nothing(format!("row {} is decided already", index + 1)));
        }
        (row.decided, row.probability) = (Decided::Confirmed, 1.0);
        effects.mark(row);
        Ok(())
    }

    fn confirm_above(&mut self, probability: f32) -> Result<(), Refusal> {
        if !(0.0..=1.0).contains(&probability) {
            return Err(Refusal::decision("a probability is between 0 and 1"));
        }
        let mut count = 0;
        for row in &mut self.rows {
            if !row.is_fixed() && row.probability >= probability {
                (row.decided, row.probability) = (Decided::Confirmed, 1.0);
                count += 1;
            }
        }
        match count {
            0 => Err(nothing(format!("no undecided bead has a probability of {probability}"))),
            _ => Ok(()),
        }
    }

    fn note(&mut self, index: usize, text: &str) -> Result<(), Refusal> {
        check_length(text)?;
        let row = &self.rows[index];
        let ([src, tgt], key) = ([row.src, row.tgt], row.first_segment());
        let notes = &mut self.remarks_mut().notes;
        notes.retain(|(side, segment), _| {
            let span = if *side == ReviewSide::Src { src } else { tgt };
            !(span.start..span.end).contains(segment)
        });
        if !text.trim().is_empty() {
            notes.insert(key, text.trim().to_owned());
        }
        Ok(())
    }

    fn edit(
        &mut self,
        index: usize,
        side: ReviewSide,
        text: &str,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        check_length(text)?;
        let text = text.trim();
        let row = &self.rows[index];
        let span = row.side(side);
        if span.is_empty() {
            let name = side.name();
            return Err(Refusal::decision(format!("row {} has no {name} text", index + 1))
                .hint("pair it with a segment first"));
        }
        if text.is_empty() {
            return Err(Refusal::decision("a corrected text cannot be empty")
                .hint("leave the segments unaligned, or reject the pair"));
        }
        let original = self.sides[side.index()].joined(span);
        let mut edited = row.edited.as_deref().cloned().unwrap_or_default();
        edited[side.index()] = (text != original.trim()).then(|| text.to_owned());
        let row = &mut self.rows[index];
        row.edited = edited.iter().any(Option::is_some).then(|| edited.into());
        if !row.is_fixed() {
            (row.decided, row.probability) = (Decided::Changed, 1.0);
            effects.mark(row);
        }
        Ok(())
    }

    fn clear(&mut self, index: usize, effects: &mut Effects) -> Result<(), Refusal> {
        if !self.rows[index].is_fixed() {
            return Err(nothing(format!("row {} is the aligner's already", index + 1)));
        }
        self.warn_of_edit(index, effects);
        self.dissolve(index, effects);
        Ok(())
    }

    fn draw_sample(&mut self, size: usize, seed: u64) -> Result<(), Refusal> {
        let sample = Sample::draw(&self.rows, size, seed)?;
        self.remarks_mut().sample = Some(sample);
        Ok(())
    }

    /// Reports that the corrected text of a row is dropped with it.
    fn warn_of_edit(&self, index: usize, effects: &mut Effects) {
        if self.rows[index].edited.is_some() {
            let notice = format!("the corrected text of row {} is dropped", index + 1);
            effects.notices.push(notice);
        }
    }

    /// Makes the segments of a row free, and marks them to be aligned.
    fn dissolve(&mut self, index: usize, effects: &mut Effects) {
        let row = self.rows.remove(index);
        effects.mark(&row);
        let mut place = index;
        if !row.src.is_empty() {
            self.rows.insert(index, Row::new(row.src, NOTHING, 0.0));
            place += 1;
        }
        if !row.tgt.is_empty() {
            if row.moved {
                place = self.place_of_target(row.tgt);
            }
            self.rows.insert(place, Row::new(NOTHING, row.tgt, 0.0));
        }
        self.place_empty_spans();
    }
}

fn nothing(reason: String) -> Refusal {
    Refusal::new(RefusalKind::Nothing, reason)
}

fn check_length(text: &str) -> Result<(), Refusal> {
    match text.len() > MAX_TEXT {
        true => Err(Refusal::decision("the text is longer than 1 MiB")),
        false => Ok(()),
    }
}
