//! The monotone programme on coarse blocks: which to pair, which to pass over.

use super::corridor::Corridor;
use super::piece::Corner;

/// What led to a state.
const PAIR: usize = 0;
const SRC: usize = 1;
const TGT: usize = 2;

/// What it costs to pass over blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Skips {
    /// Each block.
    pub(super) each: f32,
    /// The first of a run of one side.
    pub(super) first: f32,
    /// A pair costs no more than this, however little its halves have to do with each other; else
    /// poor pairs would cost more than the way around them.
    pub(super) max_pair_cost: f32,
}

/// Finds the path with the greatest sum of gains, less what skips cost, among those in a band.
///
/// `gain(i, j)` is what it adds to pair the blocks before the boundaries `i` and `j`; it is asked
/// row by row. Of equal paths it takes pairs first, from the end.
pub(super) fn best_corners(
    band: &Corridor,
    (r, c): (usize, usize),
    skips: Skips,
    mut gain: impl FnMut(usize, usize) -> f32,
) -> Vec<Corner> {
    const NOTHING: [f32; 3] = [f32::NEG_INFINITY; 3];
    // For each state, what led to where each of its three comes from, two bits each.
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
            let mut led = 0;
            if i > 0 && j > 0 {
                let (from, best) = greatest(at_above(j - 1));
                values[PAIR] = best + gain(i, j).max(-skips.max_pair_cost);
                led |= from << (2 * PAIR);
            }
            let mut skip = |kind: usize, mut from: [f32; 3]| {
                for (led, value) in from.iter_mut().enumerate() {
                    *value -= if led == kind { 0.0 } else { skips.first };
                }
                let (from, best) = greatest(from);
                values[kind] = best - skips.each;
                led |= from << (2 * kind);
            };
            if i > 0 {
                skip(SRC, at_above(j));
            }
            if j > low {
                skip(TGT, row[j - 1 - low]);
            }
            before[band.row_start(i) + j - low] = led as u8;
            row[j - low] = values;
        }
        above = (low, row);
    }
    let (mut i, mut j) = (r, c);
    let (mut led, _) = greatest(above.1[c - above.0]);
    let mut corners = vec![(i, j)];
    while (i, j) != (0, 0) {
        let state = before[band.row_start(i) + j - band.row(i).0];
        (i, j) = match led {
            PAIR => (i - 1, j - 1),
            SRC => (i - 1, j),
            _ => (i, j - 1),
        };
        led = usize::from(state >> (2 * led)) & 3;
        corners.push((i, j));
    }
    corners.reverse();
    corners
}

/// Gives the first of the greatest values.
fn greatest(values: [f32; 3]) -> (usize, f32) {
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

    fn path(r: usize, c: usize, first: f32, pairs: &[(usize, usize, f32)]) -> Vec<Corner> {
        let band = Corridor::from_rows(vec![(0, c); r + 1]);
        let gain =
            |i, j| pairs.iter().find(|pair| (pair.0, pair.1) == (i, j)).map_or(-1.0, |pair| pair.2);
        best_corners(&band, (r, c), Skips { each: 0.02, first, max_pair_cost: 0.1 }, gain)
    }

    #[test]
    fn what_is_alike_is_paired_and_the_rest_is_passed_over() {
        assert_eq!(path(3, 2, 0.0, &[(1, 1, 1.0), (3, 2, 1.0)]), [(0, 0), (1, 1), (2, 1), (3, 2)]);
    }

    #[test]
    fn one_long_run_is_cheaper_than_two() {
        // The second target block is as alike to a source block amid those that have none.
        let pairs = [(1, 1, 0.5), (2, 2, 0.4), (5, 2, 0.5), (8, 3, 0.5)];
        assert!(path(8, 3, 0.0, &pairs).contains(&(5, 2)));
        assert!(path(8, 3, 0.2, &pairs).contains(&(2, 2)));
    }
}
