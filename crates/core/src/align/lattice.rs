//! The search: best path by Viterbi, probabilities by forward-backward, over one lattice.
//!
//! A state is a corner in the corridor together with its layer, the kind of move that led there: a
//! bead, a source null or a target null. A null after a null of its side scores more, so nulls come
//! in runs.

use super::corridor::Corridor;
use super::layer::{Layer, Layers};
use super::log_sum::{RowSums, log_sum};
use super::long::LongBead;
use super::score::bead::BeadScores;
use super::score::null::NullScores;
use crate::bead::Span;

/// The log weight, or the score, of no path at all.
const NO_PATH: Layers<f64> = Layers([f64::NEG_INFINITY; 3]);

/// Stands for the shape of a long bead, which is none of [`BeadScores::shapes`].
const LONG: u64 = u8::MAX as u64;

/// Scores of all moves through a document.
pub(crate) struct Lattice<'a> {
    pub(crate) corridor: &'a Corridor,
    pub(crate) beads: &'a BeadScores,
    pub(crate) nulls: &'a NullScores,
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
struct BeadRun {
    /// The state where the first starts.
    state: usize,
    /// Where it ends, counted from the first state of its row.
    to: usize,
    /// The number of beads.
    count: usize,
}

/// A null that leads to a state.
struct NullMove {
    /// The state where it starts.
    from: usize,
    score: f32,
    /// Added to the score after a null of the same side.
    run: f32,
}

impl Lattice<'_> {
    /// Finds the path with the maximum score; `None` if the anchors exclude every path.
    ///
    /// Of equal paths it is the one whose moves are smaller, from the end.
    pub(crate) fn best_path(&self) -> Option<Vec<Step>> {
        let states = self.corridor.states();
        let mut best = vec![NO_PATH; states];
        // The maximum over a state's layers, from which beads start.
        let mut any = vec![f64::NEG_INFINITY; states];
        // The move that leads to a state's bead layer (a shape), and the layer before a null.
        let mut shape_to = vec![0_u8; states];
        let mut layer_before = vec![Layers([Layer::Bead; 3]); states];
        // For each state of a row the best bead that leads to it.
        let (mut values, mut shapes) = (Vec::new(), Vec::new());
        for i in 0..=self.size.0 {
            let row = self.corridor.row(i);
            values.clear();
            values.resize(row.len(), f64::NEG_INFINITY);
            shapes.clear();
            shapes.resize(row.len(), 0_u64);
            for shape in 0..self.beads.shapes.len() {
                let Some(run) = self.beads_to(shape, i) else { continue };
                let from = &any[run.state..][..run.count];
                let scores = &self.beads.scores[shape][run.state..][..run.count];
                let to = values[run.to..].iter_mut().zip(&mut shapes[run.to..]);
                for ((&from, &score), (value, best_shape)) in from.iter().zip(scores).zip(to) {
                    let new = from + f64::from(score);
                    let better = new > *value;
                    *value = if better { new } else { *value };
                    *best_shape = if better { shape as u64 } else { *best_shape };
                }
            }
            for bead in self.beads.long.ending_in_row(i) {
                let (from, to) = self.ends_of(bead);
                let at = to - self.corridor.row_start(i);
                let new = any[from] + f64::from(bead.value());
                if new > values[at] {
                    (values[at], shapes[at]) = (new, LONG);
                }
            }
            for (at, j) in row.boundaries().enumerate() {
                let state = self.corridor.row_start(i) + at;
                best[state][Layer::Bead] = if state == 0 { 0.0 } else { values[at] };
                shape_to[state] = shapes[at] as u8;
                for layer in Layer::NULLS {
                    let Some(null) = self.null_from(layer, i, j) else { continue };
                    let mut values = best[null.from];
                    values[layer] += f64::from(null.run);
                    let (before, value) = values.max();
                    let value = value + f64::from(null.score);
                    if value > best[state][layer] {
                        best[state][layer] = value;
                        layer_before[state][layer] = before;
                    }
                }
                any[state] = best[state].max().1;
            }
        }

        let (mut i, mut j) = self.size;
        let mut state = states - 1;
        let (mut layer, total) = best[state].max();
        if total == f64::NEG_INFINITY {
            return None;
        }
        let mut steps = Vec::new();
        while state != 0 {
            let mut own_score = None;
            let (a, b) = match layer {
                Layer::Bead if u64::from(shape_to[state]) == LONG => {
                    let value = best[state][layer];
                    let is_best = |bead: &&LongBead| {
                        let (from, to) = self.ends_of(bead);
                        to == state && any[from] + f64::from(bead.value()) == value
                    };
                    let bead = self.beads.long.ending_in_row(i).iter().find(is_best);
                    let bead = bead.expect("the long bead that leads to the state");
                    own_score = Some(bead.score);
                    (bead.src.len(), bead.tgt.len())
                }
                Layer::Bead => self.beads.shapes[usize::from(shape_to[state])],
                Layer::SrcNull => (1, 0),
                Layer::TgtNull => (0, 1),
            };
            let from = self.corridor.state(i - a, j - b).expect("the path stays in the corridor");
            let before = match layer {
                Layer::Bead => best[from].max().0,
                null => layer_before[state][null],
            };
            let gain = (best[state][layer] - best[from][before]) as f32;
            let score = own_score.unwrap_or(gain);
            steps.push(Step { src: Span::new(i - a, i), tgt: Span::new(j - b, j), score });
            (i, j, state, layer) = (i - a, j - b, from, before);
        }
        steps.reverse();
        Some(steps)
    }

    /// Returns the score of the best path; negative infinity if the anchors exclude every path.
    pub(crate) fn best_score(&self) -> f64 {
        let states = self.corridor.states();
        let mut best = vec![NO_PATH; states];
        let mut any = vec![f64::NEG_INFINITY; states];
        let mut values = Vec::new();
        for i in 0..=self.size.0 {
            let row = self.corridor.row(i);
            values.clear();
            values.resize(row.len(), f64::NEG_INFINITY);
            for shape in 0..self.beads.shapes.len() {
                let Some(run) = self.beads_to(shape, i) else { continue };
                let from = &any[run.state..][..run.count];
                let scores = &self.beads.scores[shape][run.state..][..run.count];
                for ((&from, &score), value) in from.iter().zip(scores).zip(&mut values[run.to..]) {
                    let new = from + f64::from(score);
                    *value = if new > *value { new } else { *value };
                }
            }
            for bead in self.beads.long.ending_in_row(i) {
                let (from, to) = self.ends_of(bead);
                let value = &mut values[to - self.corridor.row_start(i)];
                *value = value.max(any[from] + f64::from(bead.value()));
            }
            for (at, j) in row.boundaries().enumerate() {
                let state = self.corridor.row_start(i) + at;
                best[state][Layer::Bead] = if state == 0 { 0.0 } else { values[at] };
                for layer in Layer::NULLS {
                    if let Some(null) = self.null_from(layer, i, j) {
                        let mut values = best[null.from];
                        values[layer] += f64::from(null.run);
                        best[state][layer] = values.max().1 + f64::from(null.score);
                    }
                }
                any[state] = best[state].max().1;
            }
        }
        any[states - 1]
    }

    /// Returns the posteriors of a path's beads.
    ///
    /// A path's weight is `exp(sharpness · score)`. A bead's posterior is the share of all weight
    /// on paths with that bead; a null's is the share on paths on which its segment is a null.
    pub(crate) fn posteriors(&self, path: &[Step], sharpness: f64) -> Vec<f64> {
        let forward = self.forward(sharpness);
        let backward = self.backward(sharpness);
        let all = log_sum(&forward[self.corridor.states() - 1].0);
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
                    let (from, to) = from.zip(to).expect("the path stays in the corridor");
                    let score = self.bead_score(step, from);
                    log_sum(&forward[from].0)
                        + sharpness * f64::from(score)
                        + backward[to][Layer::Bead]
                };
                libm::exp((log - all).min(0.0))
            })
            .collect()
    }

    /// Returns the score of a bead of the path, which starts at a state.
    fn bead_score(&self, step: &Step, from: usize) -> f32 {
        let kind = (step.src.len(), step.tgt.len());
        match self.beads.shapes.iter().position(|&shape| shape == kind) {
            Some(shape) => self.beads.scores[shape][from],
            None => self.beads.long.get(step.src, step.tgt).expect("a long bead").value(),
        }
    }

    /// Returns the states where a long bead starts and ends.
    fn ends_of(&self, bead: &LongBead) -> (usize, usize) {
        let (src, tgt) = (bead.src.range(), bead.tgt.range());
        let state = |i, j| self.corridor.state(i, j).expect("long beads lie in the corridor");
        (state(src.start, tgt.start), state(src.end, tgt.end))
    }

    /// Returns the log weight of all paths from the start to each state.
    fn forward(&self, sharpness: f64) -> Vec<Layers<f64>> {
        let mut forward = vec![NO_PATH; self.corridor.states()];
        // Sums over the layers, from which beads start.
        let mut any = vec![f64::NEG_INFINITY; self.corridor.states()];
        let (mut sums, mut values) = (RowSums::default(), Vec::new());
        for i in 0..=self.size.0 {
            let row = self.corridor.row(i);
            sums.clear(row.len());
            for shape in 0..self.beads.shapes.len() {
                if let Some(run) = self.beads_to(shape, i) {
                    let from = &any[run.state..][..run.count];
                    sums.add(run.to, from, &self.beads.scores[shape][run.state..], sharpness);
                }
            }
            for bead in self.beads.long.ending_in_row(i) {
                let (from, to) = self.ends_of(bead);
                let to = to - self.corridor.row_start(i);
                sums.add(to, &any[from..=from], &[bead.value()], sharpness);
            }
            values.resize(row.len(), 0.0);
            sums.finish(&mut values);
            for (at, j) in row.boundaries().enumerate() {
                let state = self.corridor.row_start(i) + at;
                forward[state][Layer::Bead] = if state == 0 { 0.0 } else { values[at] };
                for layer in Layer::NULLS {
                    if let Some(null) = self.null_from(layer, i, j) {
                        let mut before = forward[null.from];
                        before[layer] += sharpness * f64::from(null.run);
                        forward[state][layer] =
                            log_sum(&before.0) + sharpness * f64::from(null.score);
                    }
                }
                any[state] = log_sum(&forward[state].0);
            }
        }
        forward
    }

    /// Returns the log weight of all paths from each state to the end.
    fn backward(&self, sharpness: f64) -> Vec<Layers<f64>> {
        let (n, m) = self.size;
        let mut backward = vec![NO_PATH; self.corridor.states()];
        // The same after a bead, to which beads lead.
        let mut after_bead = vec![f64::NEG_INFINITY; self.corridor.states()];
        let last = self.corridor.states() - 1;
        let (mut sums, mut values) = (RowSums::default(), Vec::new());
        for i in (0..=n).rev() {
            let row = self.corridor.row(i);
            sums.clear(row.len());
            for (shape, &(a, _)) in self.beads.shapes.iter().enumerate() {
                if let Some(run) = (i + a <= n).then(|| self.beads_to(shape, i + a)).flatten() {
                    let to = self.corridor.row_start(i + a) + run.to;
                    let scores = &self.beads.scores[shape][run.state..];
                    let first = run.state - self.corridor.row_start(i);
                    sums.add(first, &after_bead[to..][..run.count], scores, sharpness);
                }
            }
            for bead in self.beads.long.starting_in_row(i) {
                let (from, to) = self.ends_of(bead);
                let from = from - self.corridor.row_start(i);
                sums.add(from, &after_bead[to..=to], &[bead.value()], sharpness);
            }
            values.resize(row.len(), 0.0);
            sums.finish(&mut values);
            for (at, j) in row.boundaries().enumerate().rev() {
                let state = self.corridor.row_start(i) + at;
                if state == last {
                    backward[state] = Layers([0.0; 3]);
                    after_bead[state] = 0.0;
                    continue;
                }
                let nulls = [
                    (i < n).then(|| self.corridor.state(i + 1, j)).flatten().map(|to| {
                        (Layer::SrcNull, i, self.nulls.src(i, j), backward[to][Layer::SrcNull])
                    }),
                    (j < m).then(|| self.corridor.state(i, j + 1)).flatten().map(|to| {
                        (Layer::TgtNull, j, self.nulls.tgt(j, i), backward[to][Layer::TgtNull])
                    }),
                ];
                let mut onward = NO_PATH;
                for layer in Layer::ALL {
                    let mut terms = NO_PATH;
                    terms[Layer::Bead] = values[at];
                    for &(null, segment, score, after) in nulls.iter().flatten() {
                        let run = if null == layer { self.nulls.run(null, segment) } else { 0.0 };
                        terms[null] = sharpness * (f64::from(score) + f64::from(run)) + after;
                    }
                    onward[layer] = log_sum(&terms.0);
                }
                backward[state] = onward;
                after_bead[state] = onward[Layer::Bead];
            }
        }
        backward
    }

    /// Returns the log weight of all paths on which a source segment is a null.
    fn src_null_weight(
        &self,
        forward: &[Layers<f64>],
        backward: &[Layers<f64>],
        sharpness: f64,
        segment: usize,
    ) -> f64 {
        let weights = self.corridor.row(segment).boundaries().filter_map(|j| {
            let from = self.corridor.state(segment, j)?;
            let to = self.corridor.state(segment + 1, j)?;
            let score = sharpness * f64::from(self.nulls.src(segment, j));
            let before =
                log_sum(&self.with_run(forward[from], Layer::SrcNull, segment, sharpness).0);
            Some(before + score + backward[to][Layer::SrcNull])
        });
        log_sum(&weights.collect::<Vec<f64>>())
    }

    /// Returns the log weight of all paths on which a target segment is a null.
    fn tgt_null_weight(
        &self,
        forward: &[Layers<f64>],
        backward: &[Layers<f64>],
        sharpness: f64,
        segment: usize,
    ) -> f64 {
        let weights = (0..=self.size.0).filter_map(|i| {
            let from = self.corridor.state(i, segment)?;
            let to = self.corridor.state(i, segment + 1)?;
            let score = sharpness * f64::from(self.nulls.tgt(segment, i));
            let before =
                log_sum(&self.with_run(forward[from], Layer::TgtNull, segment, sharpness).0);
            Some(before + score + backward[to][Layer::TgtNull])
        });
        log_sum(&weights.collect::<Vec<f64>>())
    }

    /// Returns the beads of a shape that lead to row `i`, if there are any.
    #[inline]
    fn beads_to(&self, shape: usize, i: usize) -> Option<BeadRun> {
        let (a, b) = self.beads.shapes[shape];
        let from = i.checked_sub(a)?;
        let starts = self.corridor.starts((a, b), from, self.size.1);
        let state = self.corridor.row_start(from) + starts.start - self.corridor.row(from).start;
        let to = || starts.start + b - self.corridor.row(i).start;
        (!starts.is_empty()).then(|| BeadRun { state, to: to(), count: starts.len() })
    }

    /// Returns the null of a side that leads to `(i, j)`.
    #[inline]
    fn null_from(&self, layer: Layer, i: usize, j: usize) -> Option<NullMove> {
        if layer == Layer::SrcNull {
            let i = i.checked_sub(1)?;
            let from = self.corridor.state(i, j)?;
            Some(NullMove { from, score: self.nulls.src(i, j), run: self.nulls.run(layer, i) })
        } else {
            let j = j.checked_sub(1)?;
            let from = self.corridor.state(i, j)?;
            Some(NullMove { from, score: self.nulls.tgt(j, i), run: self.nulls.run(layer, j) })
        }
    }

    /// Returns the log weights of a state's layers before the null of a segment.
    fn with_run(
        &self,
        mut layers: Layers<f64>,
        layer: Layer,
        segment: usize,
        sharpness: f64,
    ) -> Layers<f64> {
        layers[layer] += sharpness * f64::from(self.nulls.run(layer, segment));
        layers
    }
}
