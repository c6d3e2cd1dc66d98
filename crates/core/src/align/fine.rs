//! A narrower corridor: the states that some good path of small beads goes through.
//!
//! The corridor around the coarse path is wide, because that path may be far off. Most of its
//! states lie on no good path, and the cosines of small beads suffice to find these: a state
//! remains if the best path through it (its max-marginal) loses little against the best of all
//! (Weiss and Taskar 2010, "Structured Prediction Cascades").

use super::corridor::Corridor;
use super::grid::{Row, Shape};
use super::tuning::CorridorTuning;

/// Narrows a corridor of a document of `n` by `m` segments.
///
/// `cosines` are those of small beads by the state where they start, `noise` is the mean cosine. A
/// larger bead counts as a small one and nulls.
pub(super) fn narrowed(
    tuning: &CorridorTuning,
    wide: &Corridor,
    cosines: Vec<(Shape, Vec<f32>)>,
    noise: f32,
    (n, m): (usize, usize),
) -> Corridor {
    let mut gains = cosines;
    for ((a, b), gains) in &mut gains {
        let size = (*a + *b) as f32 / 2.0;
        gains.iter_mut().for_each(|gain| *gain = size * (*gain - noise));
    }
    let before = best_before(wide, &gains, tuning.narrow_skip, (n, m));
    let after = best_after(wide, &gains, tuning.narrow_skip, (n, m));
    let min = before[wide.states() - 1] - tuning.narrow_loss;
    let rows: Vec<Row> = (0..=n)
        .map(|i| {
            let row = wide.row(i);
            let remains = |&j: &usize| {
                let state = wide.row_start(i) + j - row.start;
                before[state] + after[state] >= min
            };
            let first = row.boundaries().find(remains);
            let last = row.boundaries().rev().find(remains);
            first.zip(last).map_or(Row::EMPTY, |(first, last)| Row::new(first, last + 1))
        })
        .collect();
    wide.within(&rows, tuning.narrow_margin)
}

/// Returns for each state the maximum sum of gains on a path to it.
fn best_before(
    wide: &Corridor,
    gains: &[(Shape, Vec<f32>)],
    skip: f32,
    (n, m): (usize, usize),
) -> Vec<f32> {
    let mut best = vec![f32::NEG_INFINITY; wide.states()];
    best[0] = 0.0;
    for i in 0..=n {
        let row = wide.row(i);
        let own = wide.row_start(i);
        for &((a, b), ref gains) in gains.iter().filter(|((a, _), _)| *a <= i) {
            let starts = wide.starts((a, b), i - a, m);
            if starts.is_empty() {
                continue;
            }
            let from = wide.row_start(i - a) + starts.start - wide.row(i - a).start;
            let to = own + starts.start + b - row.start;
            let (past, rest) = best.split_at_mut(own);
            let sums = past[from..][..starts.len()].iter().zip(&gains[from..]);
            for (best, (past, gain)) in rest[to - own..].iter_mut().zip(sums) {
                *best = best.max(past + gain);
            }
        }
        for j in row.boundaries() {
            let at = own + j - row.start;
            if let Some(above) = i.checked_sub(1).and_then(|above| wide.state(above, j)) {
                best[at] = best[at].max(best[above] - skip);
            }
            if j > row.start {
                best[at] = best[at].max(best[at - 1] - skip);
            }
        }
    }
    best
}

/// Returns for each state the maximum sum of gains on a path from it to the end.
fn best_after(
    wide: &Corridor,
    gains: &[(Shape, Vec<f32>)],
    skip: f32,
    (n, m): (usize, usize),
) -> Vec<f32> {
    let mut best = vec![f32::NEG_INFINITY; wide.states()];
    best[wide.states() - 1] = 0.0;
    for i in (0..=n).rev() {
        let row = wide.row(i);
        let (own, next) = (wide.row_start(i), wide.row_start(i + 1));
        for &((a, b), ref gains) in gains.iter().filter(|((a, _), _)| i + *a <= n) {
            let starts = wide.starts((a, b), i, m);
            if starts.is_empty() {
                continue;
            }
            let from = own + starts.start - row.start;
            let to = wide.row_start(i + a) + starts.start + b - wide.row(i + a).start;
            let (head, later) = best.split_at_mut(next);
            let sums = later[to - next..][..starts.len()].iter().zip(&gains[from..]);
            for (best, (later, gain)) in head[from..].iter_mut().zip(sums) {
                *best = best.max(later + gain);
            }
        }
        for j in row.boundaries().rev() {
            let at = own + j - row.start;
            if let Some(below) = wide.state(i + 1, j) {
                best[at] = best[at].max(best[below] - skip);
            }
            if j + 1 < row.end {
                best[at] = best[at].max(best[at + 1] - skip);
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use nasaq_kernels::Kernel;

    use super::super::compared::Compared;
    use super::super::evidence::mean_cosine;
    use super::super::sides::Sides;
    use super::super::vectors::SideVectors;
    use super::*;
    use crate::DocumentVectors;

    /// Vectors of segments, equal for equal numbers; a block has that of its first segment.
    fn vectors(numbers: &[usize]) -> SideVectors {
        const DIM: usize = 64;
        let one = |number: usize| {
            let mut vector = [0.0; DIM];
            vector[number] = 1.0;
            vector
        };
        let blocks = (1..=3).map(|size| {
            let starts = numbers.len() + 1 - size;
            numbers[..starts].iter().flat_map(|&number| one(number)).collect()
        });
        let blocks = blocks.collect();
        let vectors = DocumentVectors { dim: DIM, blocks, ..DocumentVectors::default() };
        SideVectors::new(Kernel::detect(), &vectors)
    }

    #[test]
    fn states_of_good_paths_remain_and_few_others() {
        // Five target segments are missing after the tenth.
        let src: Vec<usize> = (0..30).collect();
        let tgt: Vec<usize> = (0..10).chain(15..30).collect();
        let (n, m) = (src.len(), tgt.len());
        let wide = Corridor::everything((n, m));
        let (src, tgt) = (vectors(&src), vectors(&tgt));
        let Compared { near, .. } =
            Compared::new(Kernel::detect(), 3, Sides::new(&src, &tgt), Some(&wide));
        let narrow =
            narrowed(&CorridorTuning::default(), &wide, near, mean_cosine([&src], [&tgt]), (n, m));
        for i in 0..=n {
            let j = if i <= 10 { i } else { i.saturating_sub(5).max(10) };
            assert!(narrow.state(i, j).is_some(), "{i}, {j}");
        }
        assert!(narrow.state(0, 0) == Some(0) && narrow.state(n, m).is_some());
        assert!(narrow.states() < (n + 1) * (m + 1) / 3, "{} states", narrow.states());
    }
}
