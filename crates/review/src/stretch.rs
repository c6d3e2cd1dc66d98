//! Which rows are aligned again after a decision, and how the result takes their place.

use std::ops::Range;

use nasaq::Span;

use crate::change::{Refusal, RefusalKind};
use crate::log::Searched;
use crate::row::Row;
use crate::state::State;

/// A bead of the aligner of at least this probability ends a stretch, if it is far enough.
const SURE: f32 = 0.98;
/// How many segments away such a bead must be.
const MIN_SEGMENTS: usize = 30;
/// Where no bead is sure, a stretch ends this many segments away from the decision.
const MAX_SEGMENTS: usize = 300;

/// Documents of at most this many segments on a side are searched whole.
const MAX_WHOLE: usize = 8000;
/// The number of source segments of a block of a longer document.
const BLOCK: usize = 500;
/// The number of source segments beside a block that are searched with it.
const MARGIN: usize = 250;

/// What is aligned again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) src: Range<usize>,
    pub(crate) tgt: Range<usize>,
    /// The pairs that must not come back.
    pub(crate) rejected: Vec<(Span, Span)>,
    /// Segments of source and target that other rows hold: of moved pairs, and those that the
    /// reviewer left unaligned.
    pub(crate) excluded: [Vec<Span>; 2],
    /// The part of the documents that shows how well they match.
    pub(crate) window: [Range<usize>; 2],
}

impl State {
    /// Returns the rows around some that end at rows which the reviewer fixed, or at sure ones that
    /// are far enough.
    pub(crate) fn stretch_around(&self, rows: Range<usize>) -> Range<usize> {
        let before = self.rows[..rows.start].iter().rev();
        let behind = self.rows[rows.end..].iter();
        rows.start - reach(before)..rows.end + reach(behind)
    }

    /// Returns the segments of some rows: those between the rows in order around them.
    pub(crate) fn spans_of(&self, rows: Range<usize>) -> [Range<usize>; 2] {
        let [src_len, tgt_len] = self.sizes();
        let (before, behind) = (&self.rows[..rows.start], &self.rows[rows.end..]);
        let src = before.last().map_or(0, |row| row.src.end as usize);
        let src_end = behind.first().map_or(src_len, |row| row.src.start as usize);
        let in_path = |row: &&Row| !row.moved && !row.tgt.is_empty();
        let tgt = before.iter().rev().find(in_path).map_or(0, |row| row.tgt.end as usize);
        let tgt_end = behind.iter().find(in_path).map_or(tgt_len, |row| row.tgt.start as usize);
        [src..src_end, tgt..tgt_end]
    }

    /// Returns what a search of some rows must know; `None` if there is nothing to search.
    pub(crate) fn stretch(&self, rows: Range<usize>) -> Option<Stretch> {
        let inside = &self.rows[rows.clone()];
        if inside.iter().all(is_retained) {
            return None;
        }
        let [src, tgt] = self.spans_of(rows);
        let excluded = self.held_in(&src, &tgt);
        let free = |range: &Range<usize>, spans: &[Span]| {
            range.len() > spans.iter().map(|span| span.len()).sum()
        };
        let is_free = free(&src, &excluded[0]) || free(&tgt, &excluded[1]);
        let within = |span: Span, range: &Range<usize>| {
            span.is_empty() || (range.start <= span.range().start && span.range().end <= range.end)
        };
        let rejected = self.remarks.rejected.iter().copied();
        let rejected = rejected.filter(|(a, b)| within(*a, &src) && within(*b, &tgt)).collect();
        is_free.then(|| {
            let window = self.window(&src, &tgt);
            Stretch { src, tgt, rejected, excluded, window }
        })
    }

    /// Returns the part of the documents that is searched for a stretch: all of it, or in a long
    /// document whole blocks with a margin, so that the stretches of a block share their search.
    pub(crate) fn window(&self, src: &Range<usize>, tgt: &Range<usize>) -> [Range<usize>; 2] {
        let [src_len, tgt_len] = self.sizes();
        if src_len.max(tgt_len) <= MAX_WHOLE {
            return [0..src_len, 0..tgt_len];
        }
        let from = (src.start / BLOCK * BLOCK).saturating_sub(MARGIN);
        let to = (src.end.div_ceil(BLOCK) * BLOCK).saturating_add(MARGIN);
        let mut in_order = self.rows.iter().filter(|row| row.is_in_order());
        let first = in_order.clone().find(|row| row.src.range().start >= from);
        let last = in_order.rfind(|row| row.src.range().end <= to);
        let [mut window_src, mut window_tgt] = [src.clone(), tgt.clone()];
        if let Some(row) = first {
            window_src.start = src.start.min(row.src.range().start);
            window_tgt.start = tgt.start.min(row.tgt.range().start);
        }
        if let Some(row) = last {
            window_src.end = src.end.max(row.src.range().end);
            window_tgt.end = tgt.end.max(row.tgt.range().end);
        }
        if from == 0 {
            (window_src.start, window_tgt.start) = (0, 0);
        }
        if to >= src_len {
            (window_src.end, window_tgt.end) = (src_len, tgt_len);
        }
        [window_src, window_tgt]
    }

    /// Returns what is aligned again around segments of source and target, none of it twice. Where
    /// the segments are no continuous text, it is only what these segments leave free.
    pub(crate) fn stretches(&self, marks: &[(Span, Span)], continuous: bool) -> Vec<Stretch> {
        let mut ranges = Vec::new();
        let row_of_tgt = self.rows_of_target();
        for (src, tgt) in marks {
            let rows = self.rows_of_mark(*src, *tgt, &row_of_tgt);
            match continuous {
                true => ranges.extend(rows.into_iter().flat_map(|row| self.ranges_beside(row))),
                false => ranges.extend(self.free_ranges(&rows)),
            }
        }
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        let mut united: Vec<Range<usize>> = Vec::new();
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            match united.last_mut().filter(|last| range.start < last.end) {
                Some(last) => last.end = last.end.max(range.end),
                None => united.push(range),
            }
        }
        united.into_iter().filter_map(|rows| self.stretch(rows)).collect()
    }

    /// Returns the rows with segments of a mark.
    fn rows_of_mark(&self, src: Span, tgt: Span, row_of_tgt: &[u32]) -> Vec<usize> {
        let first = self.rows.partition_point(|row| row.src.end <= src.start);
        let last = self.rows.partition_point(|row| row.src.start < src.end);
        let mut rows: Vec<usize> = match src.is_empty() {
            true => Vec::new(),
            false => (first..last).collect(),
        };
        rows.extend(tgt.range().map(|segment| row_of_tgt[segment] as usize));
        rows
    }

    /// Returns what is aligned again for a row: around it, or on both sides of it if it is fixed.
    fn ranges_beside(&self, row: usize) -> Vec<Range<usize>> {
        match self.rows[row].is_fixed() && self.rows[row].is_in_order() {
            true => {
                vec![self.stretch_around(row..row), self.stretch_around(row + 1..row + 1)]
            }
            false => vec![self.stretch_around(row..row + 1)],
        }
    }

    /// Returns the runs of free rows among some.
    fn free_ranges(&self, rows: &[usize]) -> Vec<Range<usize>> {
        let mut free: Vec<usize> =
            rows.iter().copied().filter(|&row| !is_retained(&self.rows[row])).collect();
        free.sort_unstable();
        free.dedup();
        let runs = free.chunk_by(|a, b| a + 1 == *b);
        runs.map(|run| run[0]..run[run.len() - 1] + 1).collect()
    }

    /// Returns the row of each target segment.
    fn rows_of_target(&self) -> Vec<u32> {
        let mut rows = vec![0; self.sides[1].len()];
        for (index, row) in self.rows.iter().enumerate() {
            rows[row.tgt.range()].fill(index as u32);
        }
        rows
    }

    /// Puts the beads of a search in the place of the free rows of a stretch.
    pub(crate) fn replace_searched(&mut self, searched: &Searched) -> Result<(), Refusal> {
        let fault = || Refusal::new(RefusalKind::Search, "a bead of a stretch has no valid spans");
        let beads = searched.rows().ok_or_else(fault)?;
        let (src, tgt) = (searched.src.range(), searched.tgt.range());
        let rows = self.rows_of_stretch(&src, &tgt);
        let held = self.held_in(&src, &tgt);
        // Segments of rows that stay are nulls in the result.
        let is_held = |bead: &Row| {
            let within = |span: Span, side: usize| {
                let contains = |it: &Span| it.start <= span.start && span.end <= it.end;
                !span.is_empty() && held[side].iter().any(contains)
            };
            bead.is_null() && (within(bead.src, 0) || within(bead.tgt, 1))
        };
        let new = beads.into_iter().filter(|bead| !is_held(bead)).collect();
        self.replace_rows(rows, new, is_retained);
        Ok(())
    }

    /// Returns the segments of a stretch that belong to rows which a search leaves as they are.
    fn held_in(&self, src: &Range<usize>, tgt: &Range<usize>) -> [Vec<Span>; 2] {
        let within = |range: &Range<usize>, span: Span| {
            !span.is_empty() && range.start <= span.range().start && span.range().end <= range.end
        };
        let retained = || self.rows.iter().filter(|row| is_retained(row));
        let sources = retained().map(|row| row.src).filter(|span| within(src, *span));
        let targets = retained().map(|row| row.tgt).filter(|span| within(tgt, *span));
        let mut held = [sources.collect::<Vec<_>>(), targets.collect()];
        held.iter_mut().for_each(|spans| spans.sort_unstable());
        held
    }

    /// Returns the rows of a stretch, by its segments.
    pub(crate) fn rows_of_stretch(&self, src: &Range<usize>, tgt: &Range<usize>) -> Range<usize> {
        let is_before = |row: &Row| {
            (!row.src.is_empty() && row.src.range().end <= src.start)
                || (row.src.is_empty() && row.tgt.range().end <= tgt.start)
        };
        let is_behind = |row: &Row| {
            (!row.src.is_empty() && row.src.range().start >= src.end)
                || (row.src.is_empty() && row.tgt.range().start >= tgt.end)
        };
        let start = self.rows.iter().position(|row| !is_before(row)).unwrap_or(self.rows.len());
        let end = self.rows.iter().rposition(|row| !is_behind(row)).map_or(start, |row| row + 1);
        start..end.max(start)
    }

    /// Puts rows, which are in order on both sides, in the place of others. Those of the old ones
    /// that are retained stay among them.
    pub(crate) fn replace_rows(
        &mut self,
        rows: Range<usize>,
        new: Vec<Row>,
        is_retained: impl Fn(&Row) -> bool,
    ) {
        let retained = self.rows[rows.clone()].iter().filter(|row| is_retained(row)).cloned();
        let (nulls, others): (Vec<Row>, Vec<Row>) = retained.partition(|row| row.src.is_empty());
        self.rows.splice(rows, merged(new, others, nulls));
        self.place_empty_spans();
    }
}

/// Reports whether a search around a row leaves it as it is: the aligner found moved pairs in the
/// whole document, and a stretch cannot show them.
pub(crate) fn is_retained(row: &Row) -> bool {
    row.moved || row.is_fixed()
}

/// Returns how many rows belong to a stretch on one side of a decision.
fn reach<'r>(rows: impl Iterator<Item = &'r Row>) -> usize {
    let mut segments = 0;
    let mut count = 0;
    for row in rows {
        if row.is_in_order() {
            let is_sure = row.probability >= SURE && segments >= MIN_SEGMENTS;
            if row.is_fixed() || is_sure || segments >= MAX_SEGMENTS {
                return count;
            }
        }
        segments += row.src.len().max(row.tgt.len());
        count += 1;
    }
    count
}

/// Merges new rows in order with retained ones: those with source segments by their source, the
/// others by their target.
fn merged(new: Vec<Row>, others: Vec<Row>, nulls: Vec<Row>) -> Vec<Row> {
    let mut all = Vec::with_capacity(new.len() + others.len() + nulls.len());
    let mut others = others.into_iter().peekable();
    let mut nulls = nulls.into_iter().peekable();
    for row in new {
        while let Some(other) = others.next_if(|other| other.src.end <= row.src.start) {
            all.push(other);
        }
        if !row.tgt.is_empty() {
            while let Some(null) = nulls.next_if(|null| null.tgt.end <= row.tgt.start) {
                all.push(null);
            }
        }
        all.push(row);
    }
    all.extend(others);
    all.extend(nulls);
    all
}
