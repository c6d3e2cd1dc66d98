//! A monotone dynamic program over coarse blocks: which to pair and which to leave unpaired.

use super::corridor::Corridor;
use super::grid::Corner;
use super::layer::{Layer, Layers};

/// The costs of unpaired blocks and of pairs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Costs {
    /// Cost of each unpaired block.
    pub(super) skip: f32,
    /// Additional cost of the first of a run on one side.
    pub(super) first_skip: f32,
    /// Maximum cost of a pair, however little its halves have in common: otherwise poor pairs would
    /// cost more than the path around them.
    pub(super) max_pair: f32,
}

/// Finds the path with the maximum sum of gains minus costs among those in a band.
///
/// `gain(i, j)` is the gain of pairing the blocks before the boundaries `i` and `j`; it is called
/// row by row. Of equal paths the one with pairs first, from the end, is returned.
pub(super) fn best_corners(
    band: &Corridor,
    (r, c): (usize, usize),
    costs: Costs,
    mut gain: impl FnMut(usize, usize) -> f32,
) -> Vec<Corner> {
    const NO_PATH: Layers<f32> = Layers([f32::NEG_INFINITY; 3]);
    // For each state and each move that leads to it, the move before. A pair is a bead.
    let mut before = vec![Layers([Layer::Bead; 3]); band.states()];
    let mut above = (band.row(0), Vec::new());
    for i in 0..=r {
        let row = band.row(i);
        let mut best = vec![NO_PATH; row.len()];
        for (at, j) in row.boundaries().enumerate() {
            if (i, j) == (0, 0) {
                best[at][Layer::Bead] = 0.0;
                continue;
            }
            let at_above = |j: usize| {
                let (row, best) = &above;
                let values = j.checked_sub(row.start).and_then(|at| best.get(at));
                values.copied().unwrap_or(NO_PATH)
            };
            let mut values = NO_PATH;
            let state = &mut before[band.row_start(i) + at];
            if i > 0 && j > 0 {
                let (from, value) = at_above(j - 1).max();
                values[Layer::Bead] = value + gain(i, j).max(-costs.max_pair);
                state[Layer::Bead] = from;
            }
            let mut skip = |null: Layer, mut from: Layers<f32>| {
                for layer in Layer::ALL {
                    from[layer] -= if layer == null { 0.0 } else { costs.first_skip };
                }
                let (from, value) = from.max();
                values[null] = value - costs.skip;
                state[null] = from;
            };
            if i > 0 {
                skip(Layer::SrcNull, at_above(j));
            }
            if at > 0 {
                skip(Layer::TgtNull, best[at - 1]);
            }
            best[at] = values;
        }
        above = (row, best);
    }
    let (mut i, mut j) = (r, c);
    let (row, best) = above;
    let (mut last, _) = best[c - row.start].max();
    let mut corners = vec![(i, j)];
    while (i, j) != (0, 0) {
        let state = before[band.row_start(i) + j - band.row(i).start];
        (i, j) = match last {
            Layer::Bead => (i - 1, j - 1),
            Layer::SrcNull => (i - 1, j),
            Layer::TgtNull => (i, j - 1),
        };
        last = state[last];
        corners.push((i, j));
    }
    corners.reverse();
    corners
}

#[cfg(test)]
mod tests {
    use super::super::grid::Row;
    use super::*;

    fn path(r: usize, c: usize, first_skip: f32, pairs: &[(usize, usize, f32)]) -> Vec<Corner> {
        let band = Corridor::from_rows(vec![Row::whole(c); r + 1]);
        let gain =
            |i, j| pairs.iter().find(|pair| (pair.0, pair.1) == (i, j)).map_or(-1.0, |pair| pair.2);
        best_corners(&band, (r, c), Costs { skip: 0.02, first_skip, max_pair: 0.1 }, gain)
    }

    #[test]
    fn similar_blocks_are_paired_and_the_rest_is_skipped() {
        assert_eq!(path(3, 2, 0.0, &[(1, 1, 1.0), (3, 2, 1.0)]), [(0, 0), (1, 1), (2, 1), (3, 2)]);
    }

    #[test]
    fn one_long_run_is_cheaper_than_two() {
        // The second target block is as similar to a source block amid those without a counterpart.
        let pairs = [(1, 1, 0.5), (2, 2, 0.4), (5, 2, 0.5), (8, 3, 0.5)];
        assert!(path(8, 3, 0.0, &pairs).contains(&(5, 2)));
        assert!(path(8, 3, 0.2, &pairs).contains(&(2, 2)));
    }
}
