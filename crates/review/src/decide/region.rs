//! Decisions that set the beads of a region: merges, splits, shifts, and segments left unaligned.

use std::ops::Range;

use nasaq::Span;

use super::Effects;
use super::pair::forbidden;
use crate::change::Refusal;
use crate::decision::{BeadSegments, Segments};
use crate::row::Row;
use crate::span::{NOTHING, is_inside, is_same, overlaps, single};
use crate::state::State;

impl State {
    pub(super) fn set_beads(
        &mut self,
        src: Segments,
        tgt: Segments,
        beads: &[BeadSegments],
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let [src, tgt] = [self.span(src, 0)?, self.span(tgt, 1)?];
        let spans = self.spans_of_beads(beads)?;
        let rows = self.rows_in(src, tgt)?;
        let covers = |row: &Row| {
            let covered = |span: Span, side: fn(&(Span, Span)) -> Span| {
                spans.iter().map(side).any(|it| overlaps(it, span))
            };
            covered(row.src, |bead| bead.0) || covered(row.tgt, |bead| bead.1)
        };
        // Moved pairs that the new beads do not touch stay where they are, as do nulls of segments
        // outside the region.
        let stays = |row: &Row| {
            (row.moved && !covers(row)) || !(overlaps(row.src, src) || overlaps(row.tgt, tgt))
        };
        let cut = |row: &&Row| {
            row.moved && covers(row) && !(is_inside(row.src, src) && is_inside(row.tgt, tgt))
        };
        if self.rows.iter().any(|row| cut(&row)) {
            return Err(Refusal::decision("the beads hold segments of a moved pair")
                .hint("reject or clear the moved pair first"));
        }
        let staying: Vec<Row> =
            self.rows.iter().filter(|row| row.moved && !covers(row)).cloned().collect();
        check_cover(src, spans.iter().map(|bead| bead.0), staying.iter().map(|row| row.src))
            .map_err(|reason| uncovered("source", &reason))?;
        check_cover(tgt, spans.iter().map(|bead| bead.1), staying.iter().map(|row| row.tgt))
            .map_err(|reason| uncovered("target", &reason))?;

        let old = self.rows[rows.clone()].to_vec();
        let mut new = Vec::with_capacity(spans.len());
        for &(src, tgt) in &spans {
            let same = |row: &&Row| !row.moved && is_same(row.src, src) && is_same(row.tgt, tgt);
            match old.iter().find(same) {
                Some(row) => new.push(row.clone()),
                None => new.push(Row::changed(src, tgt)),
            }
        }
        for (index, row) in old.iter().enumerate().filter(|(_, row)| !stays(row)) {
            if row.edited.is_some() && !new.contains(row) {
                self.warn_of_edit(rows.start + index, effects);
            }
        }
        let pairs: Vec<(Span, Span)> =
            spans.iter().flat_map(|&(src, tgt)| forbidden(src, tgt)).collect();
        self.allow_again(&pairs, effects);
        self.replace_rows(rows, new, stays);
        effects.marks.push((src, tgt));
        Ok(())
    }

    pub(super) fn unalign(&mut self, index: usize, effects: &mut Effects) -> Result<(), Refusal> {
        if self.rows[index].is_null() {
            return self.confirm(index, effects);
        }
        self.warn_of_edit(index, effects);
        let Row { src, tgt, .. } = self.rows[index];
        let mut nulls = forbidden(src, NOTHING);
        nulls.extend(forbidden(NOTHING, tgt));
        self.allow_again(&nulls, effects);
        let row = self.rows.remove(index);
        let sources = (row.src.start..row.src.end).map(|at| Row::changed(single(at), NOTHING));
        self.rows.splice(index..index, sources);
        let place = match row.moved {
            true => self.place_of_target(row.tgt),
            false => index + row.src.len(),
        };
        let targets = (row.tgt.start..row.tgt.end).map(|at| Row::changed(NOTHING, single(at)));
        self.rows.splice(place..place, targets);
        self.place_empty_spans();
        effects.mark(&row);
        Ok(())
    }

    /// Returns a span of segments of a side that exist.
    pub(super) fn span(&self, segments: Segments, side: usize) -> Result<Span, Refusal> {
        let len = self.sides[side].len();
        let span = segments.span().filter(|span| span.range().end <= len);
        span.ok_or_else(|| {
            let name = ["source", "target"][side];
            let Segments { start, end } = segments;
            Refusal::decision(format!("{start}..{end} are no {name} segments: there are {len}"))
        })
    }

    /// Returns the spans of beads, which must be in order and have segments.
    fn spans_of_beads(&self, beads: &[BeadSegments]) -> Result<Vec<(Span, Span)>, Refusal> {
        let (mut spans, mut end) = (Vec::with_capacity(beads.len()), (0, 0));
        for bead in beads {
            let (src, tgt) = (self.span(bead.src, 0)?, self.span(bead.tgt, 1)?);
            if src.is_empty() && tgt.is_empty() {
                return Err(Refusal::decision("a bead must have a segment"));
            }
            let follows = |span: Span, end: &mut u32| {
                let follows = span.is_empty() || span.start >= *end;
                if !span.is_empty() {
                    *end = span.end;
                }
                follows
            };
            if !(follows(src, &mut end.0) & follows(tgt, &mut end.1)) {
                return Err(Refusal::decision("the beads are not in order on both sides")
                    .hint("pair segments that are out of order as moved"));
            }
            spans.push((src, tgt));
        }
        Ok(spans)
    }

    /// Returns the rows of a region, none of which may have segments outside it, apart from moved
    /// pairs.
    fn rows_in(&self, src: Span, tgt: Span) -> Result<Range<usize>, Refusal> {
        let touched: Vec<usize> =
            self.rows_with(src, tgt).into_iter().filter(|&row| !self.rows[row].moved).collect();
        for &index in &touched {
            let row = &self.rows[index];
            if !is_inside(row.src, src) || !is_inside(row.tgt, tgt) {
                return Err(Refusal::decision(format!(
                    "row {} has segments inside and outside the region",
                    index + 1
                ))
                .hint("name all segments of the rows that change"));
            }
        }
        match (touched.first(), touched.last()) {
            (Some(first), Some(last)) => Ok(*first..*last + 1),
            // Only moved pairs: their segments are paired in order now.
            _ => match self.rows_with(src, tgt)[..] {
                [row]
                    if is_inside(self.rows[row].src, src) && is_inside(self.rows[row].tgt, tgt) =>
                {
                    Ok(row..row + 1)
                }
                _ => Err(Refusal::decision("the region has no row that could be set")
                    .hint("reject or clear the moved pair first")),
            },
        }
    }

    /// Withdraws the rejection of pairs that the reviewer sets now.
    pub(super) fn allow_again(&mut self, pairs: &[(Span, Span)], effects: &mut Effects) {
        let is_set = |pair: &(Span, Span)| pairs.contains(pair);
        let count = self.remarks.rejected.iter().filter(|pair| is_set(pair)).count();
        if count > 0 {
            self.remarks_mut().rejected.retain(|pair| !is_set(pair));
            effects.notices.push("the pair was rejected before; this is withdrawn".to_owned());
        }
    }
}

fn uncovered(side: &str, reason: &str) -> Refusal {
    Refusal::decision(format!(
        "the beads do not hold each {side} segment of the region once: {reason}"
    ))
}

/// Checks that spans in order cover a region, apart from segments of rows that stay.
fn check_cover(
    region: Span,
    spans: impl Iterator<Item = Span>,
    staying: impl Iterator<Item = Span>,
) -> Result<(), String> {
    let mut held = vec![0_u8; region.len()];
    for span in spans.filter(|span| !span.is_empty()) {
        if span.start < region.start || span.end > region.end {
            return Err(format!("{}..{} is outside", span.start, span.end));
        }
        let range = (span.start - region.start) as usize..(span.end - region.start) as usize;
        held[range].iter_mut().for_each(|count| *count = count.saturating_add(1));
    }
    for span in staying {
        let range = span.start.max(region.start)..span.end.min(region.end);
        for segment in range {
            held[(segment - region.start) as usize] += 1;
        }
    }
    match held.iter().position(|&count| count != 1) {
        None => Ok(()),
        Some(at) => Err(format!("segment {} is in {}", at + region.range().start, held[at])),
    }
}
