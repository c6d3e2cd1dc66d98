//! Text that is elsewhere in the translation, found after the monotone search.
//!
//! *Loose* segments are those in nulls, in beads of low probability or little evidence, and on the
//! long side of lopsided beads. Those of both sides are compared by cosine, words and length. A
//! local alignment finds chains of pairs in the same order; each pair adds its evidence in log-odds,
//! less what the beads lose that hold its segments. Neighbours that changed places are read in both
//! orders. A move is reported if its evidence, limited by that of the best rival, outweighs how
//! rare moves are. Segments with the same text on both sides need no such evidence (`identical`).
//! No bead changes.

mod chain;
mod evidence;
mod held;
mod identical;
mod neighbours;
#[cfg(test)]
mod tests;

use std::ops::Range;

use nasaq_kernels::Kernel;

use super::chunk::Chunk;
use super::sides::Sides;
use super::tuning::MovedTuning;
use crate::bead::{Bead, Span};
use crate::finding::{Finding, FindingKind};
use crate::parallel;

use chain::{Chain, best_chain, judged, spans, sum};
pub(super) use evidence::MoverInput;
use evidence::{Blocks, PairJudge};
use held::Held;
use identical::identical_blocks;
use neighbours::swaps;

/// Finds the moves of a chunk.
pub(super) struct Mover<'a> {
    tuning: &'a MovedTuning,
    judge: PairJudge<'a>,
    beads: &'a [Bead],
    held: Held,
    /// The boundaries at which segments are skipped: no block crosses one.
    seams: Sides<Vec<usize>>,
    /// Log-odds against a move before any evidence.
    rare: f32,
}

/// A chunk of segments that were not paired elsewhere, and the beads of the document.
pub(super) struct FarInput<'a> {
    pub(super) chunk: &'a Chunk,
    pub(super) beads: &'a [Bead],
}

impl<'a> Mover<'a> {
    pub(super) fn new(
        kernel: Kernel,
        tuning: &'a MovedTuning,
        input: MoverInput<'a>,
        beads: &'a [Bead],
    ) -> Self {
        let judge = PairJudge { kernel, tuning, input };
        let mut held = Held::new(tuning, &judge, beads);
        // The same sounds are described again and again.
        for (loose, side) in held.loose.iter_mut().zip([input.src, input.tgt]) {
            for (loose, cue) in loose.iter_mut().zip(&side.cues) {
                *loose &= !cue.is_description;
            }
        }
        let (seams, rare) = (Sides::default(), tuning.rare);
        Self { tuning, judge, beads, held, seams, rare }
    }

    /// Takes all segments of a chunk for loose. Moves must cross believed beads of the document.
    pub(super) fn far(
        kernel: Kernel,
        tuning: &'a MovedTuning,
        input: MoverInput<'a>,
        FarInput { chunk, beads }: FarInput<'_>,
    ) -> Self {
        let judge = PairJudge { kernel, tuning, input };
        let held = Held::unpaired(tuning.loose_below, chunk.segments.as_ref(), beads);
        Self { tuning, judge, beads: &[], held, seams: chunk.seams(), rare: tuning.rare_far }
    }

    /// Finds the moves that are long chains.
    pub(super) fn far_moves(mut self) -> Vec<Finding> {
        let min = self.tuning.far_segments;
        let is_long = |found: &Finding| found.src.len() >= min && found.tgt.len() >= min;
        self.chains().into_iter().filter(is_long).collect()
    }

    /// Finds the moves: of identical segments, in source order; chains, the most probable ones
    /// first; then neighbours that changed places.
    pub(super) fn moves(mut self) -> Vec<Finding> {
        let mut moves = self.identical();
        moves.extend(self.chains());
        let is_free = |blocks: &Blocks| {
            let meets = |span: Span, block: &Range<usize>| {
                span.range().start < block.end && block.start < span.range().end
            };
            !moves.iter().any(|it| meets(it.src, &blocks.src) || meets(it.tgt, &blocks.tgt))
        };
        let mut swaps = swaps(&self.judge, &self.held, self.beads, is_free);
        // The sort is stable: of equal swaps the first remains first.
        swaps.sort_by(|a, b| b.odds.total_cmp(&a.odds));
        let mut taken = [&self.held.loose[0], &self.held.loose[1]].map(|it| vec![false; it.len()]);
        for swap in swaps {
            let probability = probability(swap.odds);
            let is_taken = taken[0][swap.both.src.clone()].contains(&true)
                || taken[1][swap.both.tgt.clone()].contains(&true);
            if probability >= self.tuning.min_probability && !is_taken {
                taken[0][swap.both.src.clone()].fill(true);
                taken[1][swap.both.tgt.clone()].fill(true);
                moves.push(finding(&swap.moved, probability));
            }
        }
        moves
    }

    /// Finds the moves of segments that are identical on both sides.
    fn identical(&mut self) -> Vec<Finding> {
        let blocks = identical_blocks(&self.judge.input, &self.held, self.beads);
        for Blocks { src, tgt } in &blocks {
            self.held.loose[0][src.clone()].fill(false);
            self.held.loose[1][tgt.clone()].fill(false);
        }
        blocks.iter().map(|blocks| finding(blocks, self.tuning.identical)).collect()
    }

    /// Finds the moves that are chains of loose segments.
    fn chains(&mut self) -> Vec<Finding> {
        let mut moves = Vec::new();
        let mut searched = [Vec::new(), Vec::new()];
        for _ in 0..self.tuning.rounds {
            let before = moves.len();
            let [src, tgt] = self.runs();
            if src.is_empty() || tgt.is_empty() {
                break;
            }
            // The same two runs would have the same chains again.
            let is_new = |&(x, y): &(usize, usize)| {
                !searched[0].contains(&src[x]) || !searched[1].contains(&tgt[y])
            };
            let pairs: Vec<(usize, usize)> = (0..src.len())
                .flat_map(|x| (0..tgt.len()).map(move |y| (x, y)))
                .filter(is_new)
                .collect();
            let mut chains: Vec<(f32, Chain)> = parallel::map(pairs.len(), |at| {
                let (src, tgt) = (src[pairs[at].0].clone(), tgt[pairs[at].1].clone());
                let chain = best_chain(&self.judge, &self.held, &Blocks { src, tgt });
                if chain.is_empty() || sum(&chain) < self.tuning.min_proposed {
                    return None;
                }
                let chain = judged(&self.judge, chain);
                let odds = sum(&chain) - self.rare;
                (probability(odds) >= self.tuning.min_probability).then_some((odds, chain))
            })
            .into_iter()
            .flatten()
            .collect();
            // The sort is stable: of equal chains the first remains first.
            chains.sort_by(|a, b| b.0.total_cmp(&a.0));
            for (odds, chain) in chains {
                let blocks = spans(&chain);
                let free = |side: usize, span: &Range<usize>| {
                    self.held.loose[side][span.clone()].iter().all(|&loose| loose)
                };
                if free(0, &blocks.src) && free(1, &blocks.tgt) {
                    self.held.loose[0][blocks.src.clone()].fill(false);
                    self.held.loose[1][blocks.tgt.clone()].fill(false);
                    moves.push(finding(&blocks, probability(odds)));
                }
            }
            if moves.len() == before {
                break;
            }
            searched = [src, tgt];
        }
        moves
    }

    /// Returns both sides' runs of loose segments, in order; of too many segments, those in the
    /// longest runs.
    fn runs(&self) -> [Vec<Range<usize>>; 2] {
        let max = (self.tuning.max_pairs as f64).sqrt() as usize;
        [0, 1].map(|side| {
            let seams = [&self.seams.src, &self.seams.tgt][side];
            let mut runs = cut_at(runs_of(&self.held.loose[side]), seams);
            if runs.iter().map(Range::len).sum::<usize>() > max {
                runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
                let mut rest = max;
                runs.retain_mut(|run| {
                    run.end = run.end.min(run.start + rest);
                    rest -= run.len();
                    run.start < run.end
                });
                runs.sort_by_key(|run| run.start);
            }
            runs
        })
    }
}

/// Returns the probability of log-odds.
fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-odds))
}

fn finding(blocks: &Blocks, probability: f32) -> Finding {
    Finding {
        kind: FindingKind::Moved,
        src: Span::new(blocks.src.start, blocks.src.end),
        tgt: Span::new(blocks.tgt.start, blocks.tgt.end),
        probability,
    }
}

/// Cuts runs at boundaries that are in order.
fn cut_at(runs: Vec<Range<usize>>, boundaries: &[usize]) -> Vec<Range<usize>> {
    let parts = |run: Range<usize>| {
        let first = boundaries.partition_point(|&at| at <= run.start);
        let last = boundaries.partition_point(|&at| at < run.end);
        let inner = boundaries[first..last].iter().copied();
        let ends = inner.clone().chain([run.end]);
        [run.start].into_iter().chain(inner).zip(ends).map(|(start, end)| start..end)
    };
    runs.into_iter().flat_map(parts).collect()
}

/// Returns the runs of `true`.
fn runs_of(marks: &[bool]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in (0..marks.len()).filter(|&at| marks[at]) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}
