//! Segments of a document by their bytes.

use std::ops::Range;
use std::sync::Arc;

use nasaq::Span;

use crate::side::Side;
use crate::state::State;

/// Cuts segments of a side at bytes, and renumbers those of the rows.
pub(super) fn cut(state: &mut State, side: usize, mut cuts: Vec<usize>) {
    cuts.sort_unstable();
    cuts.dedup();
    let Side { document, segments } = &state.sides[side];
    let mut parts = Vec::with_capacity(segments.len());
    let mut starts = Vec::with_capacity(segments.len() + 1);
    for segment in segments.iter() {
        starts.push(parts.len() as u32);
        let from = cuts.partition_point(|cut| *cut <= segment.start);
        let to = cuts.partition_point(|cut| *cut < segment.end);
        let mut start = segment.start;
        for &cut in &cuts[from..to] {
            let first = document.text[start..cut].trim_end();
            if !first.is_empty() {
                parts.push(start..start + first.len());
                start = cut;
            }
        }
        parts.push(start..segment.end);
    }
    starts.push(parts.len() as u32);
    state.sides[side].segments = Arc::new(parts);
    renumber(state, side, &starts);
}

/// Gives the rows other indices of segments: each index becomes that at its place in a list.
pub(super) fn renumber(state: &mut State, side: usize, starts: &[u32]) {
    for row in &mut state.rows {
        let span = if side == 0 { &mut row.src } else { &mut row.tgt };
        span.start = starts[span.start as usize];
        span.end = starts[span.end as usize];
    }
    state.place_empty_spans();
}

/// Returns the segments of a side that are exactly some bytes of its text.
pub(super) fn segments_at(state: &State, side: usize, bytes: &Range<usize>) -> Option<Span> {
    let Side { document, segments } = &state.sides[side];
    let first = segments.partition_point(|segment| segment.end <= bytes.start);
    let last = segments.partition_point(|segment| segment.start < bytes.end);
    let (start, end) = (segments.get(first)?.start, segments.get(last.checked_sub(1)?)?.end);
    let is_blank =
        |range: Range<usize>| document.text.get(range).is_none_or(|text| text.trim().is_empty());
    let between = |a: usize, b: usize| a.min(b)..a.max(b);
    let fits = is_blank(between(start, bytes.start)) && is_blank(between(end, bytes.end));
    (first < last && fits).then(|| Span::new(first, last))
}
