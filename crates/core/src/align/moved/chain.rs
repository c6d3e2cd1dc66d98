//! Chains of pairs in the same order: a local alignment of two runs of segments.

use std::ops::Range;

use super::super::grid::Shape;
use super::evidence::{Blocks, PairJudge};
use super::held::Held;

/// Shapes of the pairs in a chain.
const SHAPES: [Shape; 6] = [(1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2)];
/// Segments of the longest block in these.
const MAX_BLOCK: usize = 3;

/// Two blocks that may translate each other, or a gap: a segment without a counterpart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    pub(super) blocks: Blocks,
    /// What it adds to the chain.
    pub(super) evidence: f32,
    /// What the beads lose that hold its segments.
    pub(super) cost: f32,
}

impl Link {
    fn is_gap(&self) -> bool {
        self.blocks.src.is_empty() || self.blocks.tgt.is_empty()
    }
}

/// A chain of links.
pub(super) type Chain = Vec<Link>;

pub(super) fn sum(chain: &[Link]) -> f32 {
    chain.iter().map(|link| link.evidence - link.cost).sum()
}

/// Returns the segments of a chain that is not empty.
pub(super) fn spans(chain: &[Link]) -> Blocks {
    let (first, last) = (&chain[0].blocks, &chain[chain.len() - 1].blocks);
    Blocks { src: first.src.start..last.src.end, tgt: first.tgt.start..last.tgt.end }
}

/// Finds the best chain of pairs of a source run with a target run; empty if none has positive
/// evidence.
pub(super) fn best_chain(judge: &PairJudge<'_>, held: &Held, runs: &Blocks) -> Chain {
    let tuning = judge.tuning;
    let Blocks { src, tgt } = runs;
    let (rows, columns) = (src.len() + 1, tgt.len() + 1);
    let mut best = vec![0.0_f32; rows * columns];
    // The step that leads to a state: a shape, a gap on one side, or (0, 0) for a start.
    let mut from = vec![(0_usize, 0_usize); rows * columns];
    let mut evidence = vec![0.0_f32; rows * columns];
    let cosines: Vec<Vec<f32>> = SHAPES.iter().map(|&shape| judge.cosines(shape, runs)).collect();
    let mut words = judge.words([src.clone(), tgt.clone()], MAX_BLOCK);
    let cost = |blocks: &Blocks| {
        let of_side =
            |side: usize, block: &Range<usize>| held.cost[side][block.clone()].iter().sum::<f32>();
        of_side(0, &blocks.src) + of_side(1, &blocks.tgt)
    };
    let mut end = 0;
    for x in 0..rows {
        for y in 0..columns {
            let at = x * columns + y;
            for (&(a, b), cosines) in SHAPES.iter().zip(&cosines) {
                if a > x || b > y {
                    continue;
                }
                let start = at - a * columns - b;
                let (i, j) = (src.start + x - a, tgt.start + y - b);
                let crossed = held.crossed(i, j).min(held.crossed(i + a - 1, j + b - 1));
                if crossed < tuning.min_crossed {
                    continue;
                }
                let cosine = cosines[(x - a) * (columns - b) + y - b];
                let blocks = Blocks { src: i..i + a, tgt: j..j + b };
                let lost = cost(&blocks);
                let needed = best[at] - best[start] + lost;
                let gain = judge.evidence(blocks, cosine, needed, &mut words);
                if best[start] + gain - lost > best[at] {
                    (best[at], from[at], evidence[at]) = (best[start] + gain - lost, (a, b), gain);
                }
            }
            for (a, b) in [(1, 0), (0, 1)] {
                if a <= x && b <= y {
                    let start = at - a * columns - b;
                    if best[start] - tuning.gap > best[at] {
                        (best[at], from[at]) = (best[start] - tuning.gap, (a, b));
                    }
                }
            }
            if best[at] > best[end] {
                end = at;
            }
        }
    }
    let mut chain = Vec::new();
    let mut at = end;
    while from[at] != (0, 0) {
        let (a, b) = from[at];
        let (i, j) = (src.start + at / columns - a, tgt.start + at % columns - b);
        let blocks = Blocks { src: i..i + a, tgt: j..j + b };
        // A gap is a pair with an empty side: it counts against the chain.
        let (gain, cost) =
            if a == 0 || b == 0 { (-tuning.gap, 0.0) } else { (evidence[at], cost(&blocks)) };
        chain.push(Link { blocks, evidence: gain, cost });
        at -= a * columns + b;
    }
    chain.reverse();
    chain
}

/// Judges the pairs of a chain against the rivals of their blocks, and cuts off ends that speak
/// against it.
///
/// In a long chain only some pairs are compared with the whole document, and the evidence of those
/// after each is changed by as much.
pub(super) fn judged(judge: &PairJudge<'_>, mut chain: Chain) -> Chain {
    let spans = spans(&chain);
    let mut words = judge.words([spans.src.clone(), spans.tgt.clone()], MAX_BLOCK);
    let stride = chain.len().div_ceil(judge.tuning.max_checked);
    let mut change = 0.0;
    // What fits elsewhere pair by pair does not fit there in the same order.
    let count = chain.iter().filter(|link| !link.is_gap()).count();
    let in_order = if count >= judge.tuning.long_chain { judge.tuning.in_order } else { 0.0 };
    let pairs = chain.iter_mut().filter(|link| !link.is_gap());
    for (index, link) in pairs.enumerate() {
        if index % stride == 0 {
            change = judge.judged(&link.blocks, &spans, &mut words) - link.evidence;
            change = change.max((1.0 - in_order) * change);
        }
        link.evidence += change;
    }
    let adds = |link: &Link| !link.is_gap() && link.evidence > link.cost;
    let Some(first) = chain.iter().position(adds) else { return Vec::new() };
    let last = chain.iter().rposition(adds).unwrap_or(first);
    chain.truncate(last + 1);
    chain.drain(..first);
    chain
}
