//! A monotone dynamic programme over coarse blocks: which to pair and which to leave unpaired.

use super::corridor::Corridor;
use super::grid::Corner;

/// The move that leads to a state.
const PAIR: usize = 0;
const SRC: usize = 1;
const TGT: usize = 2;

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
    const NOTHING: [f32; 3] = [f32::NEG_INFINITY; 3];
    // For each state and each move that leads to it, the move before: two bits each.
    let mut before = vec![0_u8; band.states()];
    let mut above: (usize, Vec<[f32; 3]>) = (0, Vec::new());
    for i in 0..=r {
        let (low, high) = band.row(i);
        let mut row = vec![NOTHING; high + 1 - low];
        for j in low..=high {
            if (i, j) == (0, 0) {
                row[0][PAIR] = 0.0;
                continue;
            }
            let at_above = |j: usize| {
                let values = j.checked_sub(above.0).and_then(|at| above.1.get(at));
                values.copied().unwrap_or(NOTHING)
            };
            let mut values = NOTHING;
            let mut moves = 0;
            if i > 0 && j > 0 {
                let (from, best) = max_move(at_above(j - 1));
                values[PAIR] = best + gain(i, j).max(-costs.max_pair);
                moves |= from << (2 * PAIR);
            }
            let mut skip = |kind: usize, mut from: [f32; 3]| {
                for (before, value) in from.iter_mut().enumerate() {
                    *value -= if before == kind { 0.0 } else { costs.first_skip };
                }
                let (from, best) = max_move(from);
                values[kind] = best - costs.skip;
                moves |= from << (2 * kind);
            };
            if i > 0 {
                skip(SRC, at_above(j));
            }
            if j > low {
                skip(TGT, row[j - 1 - low]);
            }
            before[band.row_start(i) + j - low] = moves as u8;
            row[j - low] = values;
        }
        above = (low, row);
    }
    let (mut i, mut j) = (r, c);
    let (mut last, _) = max_move(above.1[c - above.0]);
    let mut corners = vec![(i, j)];
    while (i, j) != (0, 0) {
        let state = before[band.row_start(i) + j - band.row(i).0];
        (i, j) = match last {
            PAIR => (i - 1, j - 1),
            SRC => (i - 1, j),
            _ => (i, j - 1),
        };
        last = usize::from(state >> (2 * last)) & 3;
        corners.push((i, j));
    }
    corners.reverse();
    corners
}

/// Returns the move with the maximum value, and the value; of equal ones the first.
fn max_move(values: [f32; 3]) -> (usize, f32) {
    let mut best = 0;
    for at in 1..3 {
        if values[at] > values[best] {
            best = at;
        }
    }
    (best, values[best])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(r: usize, c: usize, first_skip: f32, pairs: &[(usize, usize, f32)]) -> Vec<Corner> {
        let band = Corridor::from_rows(vec![(0, c); r + 1]);
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
