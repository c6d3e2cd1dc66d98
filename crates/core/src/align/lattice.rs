//! The search: best path by Viterbi, probabilities by forward-backward, over one lattice.
//!
//! A state is a pair of boundaries in the corridor and what led there: a bead, a source null or a
//! target null. A null after a null of its side scores more, so nulls come in runs.

use super::confidence::chance;
use super::corridor::Corridor;
use super::log_sum::{RowSums, log_sum};
use super::score::{BeadScores, NullScores};
use super::tuning::ConfidenceTuning;
use crate::bead::{Bead, Span};

/// What led to a state.
const BEAD: usize = 0;
const SRC_NULL: usize = 1;
const TGT_NULL: usize = 2;
const LAYERS: usize = 3;

/// Scores of all moves through a document.
pub(crate) struct Lattice<'a> {
    pub(crate) corridor: &'a Corridor,
    pub(crate) beads: &'a BeadScores,
    pub(crate) nulls: &'a NullScores,
    /// Added to a null that follows a null of its side.
    pub(crate) null_run: f32,
    /// Source and target segments.
    pub(crate) size: (usize, usize),
}

/// A move of the best path: source and target segments, and its score.
pub(crate) struct Step {
    pub(crate) src: Span,
    pub(crate) tgt: Span,
    pub(crate) score: f32,
}

/// Beads of one shape from one row to another.
struct Run {
    /// The state where the first starts.
    state: usize,
    /// Where it ends, counted from the first state of its row.
    to: usize,
    count: usize,
}

impl Lattice<'_> {
    /// Finds the path with the greatest score; `None` where anchors leave none.
    ///
    /// Of equal paths it takes the one whose moves are smaller, from the end.
    pub(crate) fn best_path(&self) -> Option<Vec<Step>> {
        let states = self.corridor.states();
        let mut best = vec![[f64::NEG_INFINITY; LAYERS]; states];
        // The greatest of a state's layers, which beads start from.
        let mut any = vec![f64::NEG_INFINITY; states];
        // The move that leads to a state's bead layer (a shape), and the layer before a null.
        let mut shape_to = vec![0_u8; states];
        let mut layer_before = vec![[0_u8; LAYERS]; states];
        // For each state of a row the best bead that leads to it.
        let (mut values, mut shapes) = (Vec::new(), Vec::new());
        for i in 0..=self.size.0 {
            let (low, high) = self.corridor.row(i);
            values.clear();
            values.resize(high + 1 - low, f64::NEG_INFINITY);
            shapes.clear();
            shapes.resize(high + 1 - low, 0_u64);
            for shape in 0..self.beads.shapes.len() {
                let Some(run) = self.beads_to(shape, i) else { continue };
                let from = &any[run.state..][..run.count];
                let scores = &self.beads.scores[shape][run.state..][..run.count];
                let to = values[run.to..].iter_mut().zip(&mut shapes[run.to..]);
                for ((&from, &score), (value, number)) in from.iter().zip(scores).zip(to) {
                    let new = from + f64::from(score);
                    let better = new > *value;
                    *value = if better { new } else { *value };
                    *number = if better { shape as u64 } else { *number };
                }
            }
            for j in low..=high {
                let state = self.corridor.row_start(i) + j - low;
                best[state][BEAD] = if state == 0 { 0.0 } else { values[j - low] };
                shape_to[state] = shapes[j - low] as u8;
                for layer in [SRC_NULL, TGT_NULL] {
                    let Some((from, score)) = self.null_from(layer, i, j) else { continue };
                    let mut values = best[from];
                    values[layer] += f64::from(self.null_run);
                    let (before, value) = greatest(&values);
                    let value = value + f64::from(score);
                    if value > best[state][layer] {
                        best[state][layer] = value;
                        layer_before[state][layer] = before as u8;
                    }
                }
                any[state] = greatest(&best[state]).1;
            }
        }

        let (mut i, mut j) = self.size;
        let mut state = states - 1;
        let (mut layer, total) = greatest(&best[state]);
        if total == f64::NEG_INFINITY {
            return None;
        }
        let mut steps = Vec::new();
        while state != 0 {
            let (a, b) = match layer {
                BEAD => self.beads.shapes[usize::from(shape_to[state])],
                SRC_NULL => (1, 0),
                _ => (0, 1),
            };
            let from = self.corridor.state(i - a, j - b).expect("the path keeps to the corridor");
            let before = match layer {
                BEAD => greatest(&best[from]).0,
                null => usize::from(layer_before[state][null]),
            };
            let score = (best[state][layer] - best[from][before]) as f32;
            steps.push(Step { src: Span::new(i - a, i), tgt: Span::new(j - b, j), score });
            (i, j, state, layer) = (i - a, j - b, from, before);
        }
        steps.reverse();
        Some(steps)
    }

    /// Gives a path's beads with their probabilities.
    ///
    /// A path's weight is `exp(sharpness · score)`. A bead's posterior is the share of all weight
    /// on paths with that bead; a null's is the share on paths that leave its segment alone. What
    /// chance of being right that means is [`chance`]'s to say.
    pub(crate) fn probabilities(&self, path: &[Step], tuning: &ConfidenceTuning) -> Vec<Bead> {
        let sharpness = tuning.sharpness;
        let forward = self.forward(sharpness);
        let backward = self.backward(sharpness);
        let all = log_sum(&forward[self.corridor.states() - 1]);
        path.iter()
            .map(|step| {
                let (src, tgt) = (step.src.range(), step.tgt.range());
                let log = if step.tgt.is_empty() {
                    self.src_null_weight(&forward, &backward, sharpness, src.start)
                } else if step.src.is_empty() {
                    self.tgt_null_weight(&forward, &backward, sharpness, tgt.start)
                } else {
                    let from = self.corridor.state(src.start, tgt.start);
                    let to = self.corridor.state(src.end, tgt.end);
                    let (from, to) = from.zip(to).expect("the path keeps to the corridor");
                    let kind = (src.len(), tgt.len());
                    let shape = self.beads.shapes.iter().position(|&shape| shape == kind);
                    let score = self.beads.scores[shape.expect("a shape of the lattice")][from];
                    log_sum(&forward[from]) + sharpness * f64::from(score) + backward[to][BEAD]
                };
                let probability = chance(tuning, libm::exp((log - all).min(0.0)));
                Bead { src: step.src, tgt: step.tgt, probability, score: step.score }
            })
            .collect()
    }

    /// Logarithms of the weight of all paths from the start to each state.
    fn forward(&self, sharpness: f64) -> Vec<[f64; LAYERS]> {
        let mut forward = vec![[f64::NEG_INFINITY; LAYERS]; self.corridor.states()];
        // Sums over the layers, which beads start from.
        let mut any = vec![f64::NEG_INFINITY; self.corridor.states()];
        let (mut sums, mut row) = (RowSums::default(), Vec::new());
        for i in 0..=self.size.0 {
            let (low, high) = self.corridor.row(i);
            sums.clear(high + 1 - low);
            for shape in 0..self.beads.shapes.len() {
                if let Some(run) = self.beads_to(shape, i) {
                    let from = &any[run.state..][..run.count];
                    sums.add(run.to, from, &self.beads.scores[shape][run.state..], sharpness);
                }
            }
            row.resize(high + 1 - low, 0.0);
            sums.finish(&mut row);
            for j in low..=high {
                let state = self.corridor.row_start(i) + j - low;
                forward[state][BEAD] = if state == 0 { 0.0 } else { row[j - low] };
                for layer in [SRC_NULL, TGT_NULL] {
                    if let Some((from, score)) = self.null_from(layer, i, j) {
                        forward[state][layer] =
                            log_sum(&self.with_run(forward[from], layer, sharpness))
                                + sharpness * f64::from(score);
                    }
                }
                any[state] = log_sum(&forward[state]);
            }
        }
        forward
    }

    /// Logarithms of the weight of all paths from each state to the end.
    fn backward(&self, sharpness: f64) -> Vec<[f64; LAYERS]> {
        let (n, m) = self.size;
        let mut backward = vec![[f64::NEG_INFINITY; LAYERS]; self.corridor.states()];
        // Weights of going on after a bead, which beads lead to.
        let mut after_bead = vec![f64::NEG_INFINITY; self.corridor.states()];
        let last = self.corridor.states() - 1;
        let (mut sums, mut row) = (RowSums::default(), Vec::new());
        for i in (0..=n).rev() {
            let (low, high) = self.corridor.row(i);
            sums.clear(high + 1 - low);
            for (shape, &(a, _)) in self.beads.shapes.iter().enumerate() {
                if let Some(run) = (i + a <= n).then(|| self.beads_to(shape, i + a)).flatten() {
                    let to = self.corridor.row_start(i + a) + run.to;
                    let scores = &self.beads.scores[shape][run.state..];
                    let first = run.state - self.corridor.row_start(i);
                    sums.add(first, &after_bead[to..][..run.count], scores, sharpness);
                }
            }
            row.resize(high + 1 - low, 0.0);
            sums.finish(&mut row);
            for j in (low..=high).rev() {
                let state = self.corridor.row_start(i) + j - low;
                if state == last {
                    backward[state] = [0.0; LAYERS];
                    after_bead[state] = 0.0;
                    continue;
                }
                let nulls = [
                    (i < n).then(|| self.corridor.state(i + 1, j)).flatten().map(|to| {
                        (SRC_NULL, f64::from(self.nulls.src(i, j)), backward[to][SRC_NULL])
                    }),
                    (j < m).then(|| self.corridor.state(i, j + 1)).flatten().map(|to| {
                        (TGT_NULL, f64::from(self.nulls.tgt(j, i)), backward[to][TGT_NULL])
                    }),
                ];
                let mut onward = [f64::NEG_INFINITY; LAYERS];
                for (layer, onward_sum) in onward.iter_mut().enumerate() {
                    let mut terms = [row[j - low], f64::NEG_INFINITY, f64::NEG_INFINITY];
                    for &(kind, score, onward) in nulls.iter().flatten() {
                        let run = if kind == layer { f64::from(self.null_run) } else { 0.0 };
                        terms[kind] = sharpness * (score + run) + onward;
                    }
                    *onward_sum = log_sum(&terms);
                }
                backward[state] = onward;
                after_bead[state] = onward[BEAD];
            }
        }
        backward
    }

    /// The weight of all paths that leave a source segment alone.
    fn src_null_weight(
        &self,
        forward: &[[f64; LAYERS]],
        backward: &[[f64; LAYERS]],
        sharpness: f64,
        segment: usize,
    ) -> f64 {
        let (low, high) = self.corridor.row(segment);
        let weights = (low..=high).filter_map(|j| {
            let from = self.corridor.state(segment, j)?;
            let to = self.corridor.state(segment + 1, j)?;
            let score = sharpness * f64::from(self.nulls.src(segment, j));
            let before = log_sum(&self.with_run(forward[from], SRC_NULL, sharpness));
            Some(before + score + backward[to][SRC_NULL])
        });
        log_sum(&weights.collect::<Vec<f64>>())
    }

    /// The weight of all paths that leave a target segment alone.
    fn tgt_null_weight(
        &self,
        forward: &[[f64; LAYERS]],
        backward: &[[f64; LAYERS]],
        sharpness: f64,
        segment: usize,
    ) -> f64 {
        let weights = (0..=self.size.0).filter_map(|i| {
            let from = self.corridor.state(i, segment)?;
            let to = self.corridor.state(i, segment + 1)?;
            let score = sharpness * f64::from(self.nulls.tgt(segment, i));
            let before = log_sum(&self.with_run(forward[from], TGT_NULL, sharpness));
            Some(before + score + backward[to][TGT_NULL])
        });
        log_sum(&weights.collect::<Vec<f64>>())
    }

    /// Gives the beads of a shape that lead to row `i`, where there are any.
    #[inline]
    fn beads_to(&self, shape: usize, i: usize) -> Option<Run> {
        let (a, b) = self.beads.shapes[shape];
        let from = i.checked_sub(a)?;
        let starts = self.corridor.starts((a, b), from, self.size.1);
        let state = self.corridor.row_start(from) + starts.start - self.corridor.row(from).0;
        let to = || starts.start + b - self.corridor.row(i).0;
        (!starts.is_empty()).then(|| Run { state, to: to(), count: starts.len() })
    }

    /// Gives the state from which a null leads to `(i, j)`, and the null's score.
    #[inline]
    fn null_from(&self, layer: usize, i: usize, j: usize) -> Option<(usize, f32)> {
        let (i, j, score) = if layer == SRC_NULL {
            let i = i.checked_sub(1)?;
            (i, j, self.corridor.state(i, j).map(|_| self.nulls.src(i, j))?)
        } else {
            let j = j.checked_sub(1)?;
            (i, j, self.corridor.state(i, j).map(|_| self.nulls.tgt(j, i))?)
        };
        self.corridor.state(i, j).map(|from| (from, score))
    }

    /// The weights of a state's layers as a null of one side sees them.
    fn with_run(&self, mut layers: [f64; LAYERS], layer: usize, sharpness: f64) -> [f64; LAYERS] {
        layers[layer] += sharpness * f64::from(self.null_run);
        layers
    }
}

/// Gives the index and the value of the greatest; the first of equals.
fn greatest(values: &[f64; LAYERS]) -> (usize, f64) {
    let mut best = 0;
    for layer in 1..LAYERS {
        if values[layer] > values[best] {
            best = layer;
        }
    }
    (best, values[best])
}
