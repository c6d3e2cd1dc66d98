//! Nested precision and recall of beads whose segments are not those of the gold.

use std::fmt;
use std::ops::Range;

use nasaq::{Rung, Segment};

use super::form::{RawText, visible};
use crate::gold::GoldDocument;

/// The beads of some documents, compared with their gold.
#[derive(Clone, Copy, Default)]
pub(crate) struct RawTally {
    segments: [usize; 2],
    beads: usize,
    nested: usize,
    gold: usize,
    filled: usize,
}

/// The characters of both sides of a bead, as ranges in order.
type Held = [Vec<Range<usize>>; 2];

impl RawTally {
    /// Compares the beads of a document with its gold; also returns the gold beads that no beads
    /// fill.
    pub(crate) fn new(
        document: &GoldDocument,
        raw: &[RawText; 2],
        segments: &[Vec<Segment<'_>>; 2],
        ladder: &[Rung],
    ) -> (Self, Vec<usize>) {
        let ranges = segments.each_ref().map(|side| ranges(side));
        let gold: Vec<Held> =
            document.gold.iter().map(|rung| held(rung, [&raw[0].gold, &raw[1].gold])).collect();
        let beads: Vec<Held> =
            ladder.iter().map(|rung| held(rung, [&ranges[0], &ranges[1]])).collect();
        let mut tally = Self { segments: segments.each_ref().map(Vec::len), ..Self::default() };
        tally.beads = beads.len();
        let mut filled = vec![[0, 0]; gold.len()];
        for bead in &beads {
            let Some(at) = gold.iter().position(|gold| is_inside(bead, gold)) else { continue };
            tally.nested += 1;
            for (sum, side) in filled[at].iter_mut().zip(bead) {
                *sum += length(side);
            }
        }
        let mut missed = Vec::new();
        for (at, gold) in gold.iter().enumerate().filter(|(_, gold)| !is_null(gold)) {
            tally.gold += 1;
            if gold.each_ref().map(|side| length(side)) == filled[at] {
                tally.filled += 1;
            } else {
                missed.push(at);
            }
        }
        (tally, missed)
    }

    /// Adds the beads of other documents.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.segments = [0, 1].map(|side: usize| self.segments[side] + other.segments[side]);
        self.beads += other.beads;
        self.nested += other.nested;
        self.gold += other.gold;
        self.filled += other.filled;
    }
}

impl fmt::Display for RawTally {
    /// Writes the cells of a row: segments, precision, recall, F1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let precision = self.nested as f64 / self.beads.max(1) as f64;
        let recall = self.filled as f64 / self.gold.max(1) as f64;
        let sum = (precision + recall).max(f64::MIN_POSITIVE);
        let f1 = 2.0 * precision * recall / sum;
        let [src, tgt] = self.segments;
        write!(f, "{src} | {tgt} | {precision:.3} | {recall:.3} | {f1:.3}")
    }
}

/// Returns where segments are, in characters that are not white space.
fn ranges(segments: &[Segment<'_>]) -> Vec<Range<usize>> {
    let mut end = 0;
    segments
        .iter()
        .map(|segment| {
            let start = end;
            end += visible(segment.text);
            start..end
        })
        .collect()
}

/// Returns the characters of a bead; adjacent segments are one range.
fn held(rung: &Rung, ranges: [&[Range<usize>]; 2]) -> Held {
    let side = |indices: &[u32], ranges: &[Range<usize>]| {
        let mut indices = indices.to_vec();
        indices.sort_unstable();
        let mut merged: Vec<Range<usize>> = Vec::new();
        for range in indices.iter().map(|&index| &ranges[index as usize]) {
            match merged.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => merged.push(range.clone()),
            }
        }
        merged
    };
    [side(&rung.src, ranges[0]), side(&rung.tgt, ranges[1])]
}

fn length(ranges: &[Range<usize>]) -> usize {
    ranges.iter().map(Range::len).sum()
}

fn is_null(held: &Held) -> bool {
    held.iter().any(Vec::is_empty)
}

/// Reports whether a bead lies inside another one; a null lies only inside a null.
fn is_inside(bead: &Held, gold: &Held) -> bool {
    let contains = |gold: &[Range<usize>], part: &Range<usize>| {
        gold.iter().any(|whole| whole.start <= part.start && part.end <= whole.end)
    };
    is_null(bead) == is_null(gold)
        && bead.iter().zip(gold).all(|(bead, gold)| bead.iter().all(|part| contains(gold, part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "each side has one range")]
    fn parts_of_a_gold_bead_are_inside_it() {
        let gold: Held = [vec![0..10], vec![0..20]];
        assert!(is_inside(&[vec![0..4], vec![0..9]], &gold));
        assert!(!is_inside(&[vec![0..11], vec![0..9]], &gold));
        assert!(!is_inside(&[vec![0..4], vec![]], &gold));
    }
}
