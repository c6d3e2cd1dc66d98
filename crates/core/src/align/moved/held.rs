//! What the monotone alignment holds in its place: which segments are loose, and what it would cost
//! to take a segment out of its bead.

use std::ops::Range;

use super::super::lexical::FarCoverage;
use super::super::sides::Sides;
use super::super::tuning::MovedTuning;
use super::evidence::{Blocks, PairJudge};
use crate::bead::{Bead, Span};

/// The monotone alignment of a chunk, as far as moves may change it.
pub(super) struct Held {
    /// For each side, the bead that contains each segment.
    pub(super) bead_of: [Vec<usize>; 2],
    /// For each bead, the evidence that its sides translate each other: 0 for a null, the maximum
    /// for a bead of more segments than are encoded as a block.
    pub(super) evidence: Vec<f32>,
    /// Which beads are loose: nulls, improbable ones, and those whose sides match badly.
    pub(super) is_loose: Vec<bool>,
    /// For each side, which segments are loose.
    pub(super) loose: [Vec<bool>; 2],
    /// For each side, the evidence that is lost with each segment.
    pub(super) cost: [Vec<f32>; 2],
    /// Sums of the probabilities of the believed beads before each bead: of those that pair
    /// something and are not loose.
    believed: Vec<f32>,
}

impl Held {
    pub(super) fn new(tuning: &MovedTuning, judge: &PairJudge<'_>, beads: &[Bead]) -> Self {
        let sides = [judge.input.src.len(), judge.input.tgt.len()];
        let max_block = judge.input.src.vectors.blocks.len();
        let mut words = judge.words(sides.map(|len| 0..len), max_block);
        let mut held = Self {
            bead_of: [Vec::new(), Vec::new()],
            evidence: Vec::new(),
            is_loose: Vec::new(),
            loose: [Vec::new(), Vec::new()],
            cost: [Vec::new(), Vec::new()],
            believed: vec![0.0_f32],
        };
        for (index, bead) in beads.iter().enumerate() {
            let blocks = Blocks { src: bead.src.range(), tgt: bead.tgt.range() };
            let evidence = if bead.is_null() {
                0.0
            } else {
                judge.evidence_of(&blocks, &mut words).unwrap_or(tuning.max_evidence)
            };
            let is_loose = bead.is_null()
                || bead.probability < tuning.loose_below
                || evidence < tuning.weak_below;
            let doubted = bead.is_null() || bead.probability < tuning.loose_below;
            for side in 0..2 {
                let costs = costs(judge, &blocks, side, evidence, &mut words);
                held.bead_of[side].extend(costs.iter().map(|_| index));
                let is_loose = costs.iter().map(|&cost| doubted || cost <= tuning.loose_cost);
                held.loose[side].extend(is_loose);
                held.cost[side].extend(costs);
            }
            let belief = if is_loose { 0.0 } else { bead.probability };
            held.believed.push(held.believed[index] + belief);
            held.evidence.push(evidence);
            held.is_loose.push(is_loose);
        }
        held
    }

    /// Takes all segments of a chunk for loose ones without cost.
    pub(super) fn unpaired(loose_below: f32, segments: Sides<&Vec<usize>>, beads: &[Bead]) -> Self {
        let spans: Sides<fn(&Bead) -> Span> = Sides::new(|bead| bead.src, |bead| bead.tgt);
        let bead_of = segments.zip(spans).map(|(segments, span)| {
            let contains =
                |segment: usize| beads.partition_point(|bead| span(bead).range().end <= segment);
            segments.iter().map(|&segment| contains(segment)).collect()
        });
        let loose = segments.map(|segments| vec![true; segments.len()]).into_array();
        let cost = segments.map(|segments| vec![0.0; segments.len()]).into_array();
        let mut believed = vec![0.0_f32];
        for (index, bead) in beads.iter().enumerate() {
            let is_loose = bead.is_null() || bead.probability < loose_below;
            believed.push(believed[index] + if is_loose { 0.0 } else { bead.probability });
        }
        let (evidence, is_loose) = (Vec::new(), Vec::new());
        Self { bead_of: bead_of.into_array(), evidence, is_loose, loose, cost, believed }
    }

    /// Returns the sum of the probabilities of the believed beads between a source and a target
    /// segment.
    pub(super) fn crossed(&self, src: usize, tgt: usize) -> f32 {
        let (a, b) = (self.bead_of[0][src], self.bead_of[1][tgt]);
        let (first, last) = (a.min(b), a.max(b));
        self.believed[last] - self.believed[first]
    }
}

/// Returns the evidence that a bead loses with each segment of a side.
///
/// A bead may have swallowed segments that belong elsewhere: it loses nothing without them. Each
/// segment is taken away after those between it and the nearer end of the bead.
fn costs(
    judge: &PairJudge<'_>,
    bead: &Blocks,
    side: usize,
    evidence: f32,
    words: &mut FarCoverage<'_>,
) -> Vec<f32> {
    let tuning = judge.tuning;
    let span = [&bead.src, &bead.tgt][side].clone();
    let mut remaining = |span: Range<usize>| {
        if span.is_empty() {
            return 0.0;
        }
        let rest = if side == 0 {
            Blocks { src: span, tgt: bead.tgt.clone() }
        } else {
            Blocks { src: bead.src.clone(), tgt: span }
        };
        judge.evidence_of(&rest, words).unwrap_or(evidence).max(0.0)
    };
    let is_null = bead.src.is_empty() || bead.tgt.is_empty();
    if is_null || evidence <= 0.0 {
        return vec![0.0; span.len()];
    }
    let without_first: Vec<f32> =
        (0..=span.len()).map(|count| remaining(span.start + count..span.end)).collect();
    let without_last: Vec<f32> =
        (0..=span.len()).map(|count| remaining(span.start..span.end - count)).collect();
    (0..span.len())
        .map(|at| {
            let from_start = without_first[at] - without_first[at + 1];
            let back = span.len() - 1 - at;
            let from_end = without_last[back] - without_last[back + 1];
            tuning.cost * from_start.min(from_end).max(0.0)
        })
        .collect()
}
