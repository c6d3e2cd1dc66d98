//! Blocks that were moved farther than the chunks of a long document reach.
//!
//! A chunk compares its own segments only. What no chunk pairs, or pairs with a low probability, is
//! put together from the whole document and compared as if it were one chunk.

use std::ops::Range;

use super::chunk::Chunk;
use super::chunk_passes::FirstPass;
use super::excluded::Excluded;
use super::moved::{FarInput, Mover};
use super::moved_blocks::{MovedBlock, excluded_by};
use super::passes::Elsewhere;
use super::search::Search;
use super::sides::Sides;
use crate::bead::Bead;
use crate::error::Result;

impl Search<'_> {
    /// Finds blocks among the unpaired runs of a long document, besides the moves that its chunks
    /// have found.
    pub(super) fn far_moves(
        &self,
        beads: &[Bead],
        known_moves: &[MovedBlock],
        elsewhere: &Elsewhere,
        known: &FirstPass,
    ) -> Result<Vec<MovedBlock>> {
        let tuning = &self.aligner.tuning.moved;
        let excluded = excluded_by(known_moves, self.bitext.size());
        let runs = unpaired_runs(beads, tuning.loose_below, tuning.far_segments, &excluded);
        let max = (tuning.max_pairs as f64).sqrt() as usize;
        let segments = runs.map(|runs| longest(runs, max).into_iter().flatten().collect());
        if Vec::is_empty(&segments.src) || Vec::is_empty(&segments.tgt) {
            return Ok(Vec::new());
        }
        self.progress.check()?;
        let chunk = Chunk::of(segments);
        // These vectors are not stored: runs that follow each other here do not in the document.
        let prepared = self.prepare_with(&chunk, self.encoded(&chunk)?, None);
        let prepared = self.among(prepared, elsewhere);
        let lexical = prepared.lexical(self.aligner, &known.words);
        let evidence = prepared.evidence(self.aligner);
        let view = prepared.view(&self.aligner.tuning, &evidence, &lexical);
        let input = FarInput { chunk: &chunk, beads };
        let moves =
            Mover::far(self.aligner.kernel, tuning, view.mover_input(known), input).far_moves();
        let blocks = self.align_moves(&chunk, view, known, &moves)?;
        Ok(blocks.iter().map(|block| block.in_document(&chunk)).collect())
    }
}

/// Returns the runs of at least `min` segments of each side that are in nulls or in beads less
/// probable than `loose_below`, in order.
fn unpaired_runs(
    beads: &[Bead],
    loose_below: f32,
    min: usize,
    excluded: &Excluded,
) -> Sides<Vec<Range<usize>>> {
    let mut runs: Sides<Vec<Range<usize>>> = Sides::default();
    for bead in beads {
        let is_unpaired = bead.is_null() || bead.probability < loose_below;
        if !is_unpaired || excluded.contains_any(bead.src.range(), bead.tgt.range()) {
            continue;
        }
        for (runs, span) in [(&mut runs.src, bead.src), (&mut runs.tgt, bead.tgt)] {
            match runs.last_mut() {
                _ if span.is_empty() => {}
                Some(run) if run.end == span.range().start => run.end = span.range().end,
                _ => runs.push(span.range()),
            }
        }
    }
    runs.map(|runs| runs.into_iter().filter(|run| run.len() >= min).collect())
}

/// Returns the longest runs that together have at most `max` segments, in order.
fn longest(mut runs: Vec<Range<usize>>, max: usize) -> Vec<Range<usize>> {
    runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
    let mut rest = max;
    runs.retain(|run| {
        let fits = run.len() <= rest;
        rest -= if fits { run.len() } else { 0 };
        fits
    });
    runs.sort_by_key(|run| run.start);
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bead::Span;

    fn bead(src: (usize, usize), tgt: (usize, usize), probability: f32) -> Bead {
        Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), probability, 0.0)
    }

    #[test]
    fn runs_consist_of_nulls_and_doubtful_beads() {
        let beads = [
            bead((0, 1), (0, 1), 0.99),
            bead((1, 2), (1, 1), 0.9),
            bead((2, 3), (1, 2), 0.4),
            bead((3, 4), (2, 2), 0.9),
            bead((4, 5), (2, 3), 0.99),
            bead((5, 6), (3, 3), 0.9),
        ];
        let runs = |min: usize, excluded: &Excluded| -> [String; 2] {
            let runs = unpaired_runs(&beads, 0.85, min, excluded);
            runs.map(|side| format!("{side:?}")).into_array()
        };
        let mut excluded = Excluded::none((6, 3));
        assert_eq!(runs(2, &excluded), ["[1..4]", "[]"]);
        assert_eq!(runs(1, &excluded), ["[1..4, 5..6]", "[1..2]"]);
        excluded.add(2..3, 1..2);
        assert_eq!(runs(1, &excluded), ["[1..2, 3..4, 5..6]", "[]"]);
    }

    #[test]
    fn the_longest_runs_remain() {
        assert_eq!(longest(vec![0..2, 5..9, 12..15], 7), [5..9, 12..15]);
        assert_eq!(longest(vec![0..2, 5..9, 12..15], 6), [0..2, 5..9]);
    }
}
