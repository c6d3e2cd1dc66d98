//! Compares the clocks of two subtitle files: their offset and their speed, from the pairs that an
//! alignment is sure of.
//!
//! Files for another cut or another frame rate of a film have clocks that differ by an offset and a
//! factor. Where no such clock fits most of the pairs, the times say nothing about the alignment.

/// The minimum number of pairs that show a clock.
pub(crate) const MIN_PAIRS: usize = 5;
/// The minimum share of the pairs that a clock must fit.
const MIN_FITTING: f64 = 0.7;
/// The maximum distance of a pair that a clock fits, in seconds.
const MAX_DISTANCE: f64 = 1.0;
/// The share of the mean distance of another clock from which a clock fits the pairs far better.
const MUCH_BETTER: f64 = 0.5;
/// The speeds that differences of frame rates explain, the most likely first.
const SPEEDS: [f64; 7] =
    [1.0, 25.0 / 24.0, 24.0 / 25.0, 25.0 * 1.001 / 24.0, 24.0 / 25.0 / 1.001, 1.001, 1.0 / 1.001];
/// The maximum deviation of a measured speed from 1.
const MAX_SPEED_CHANGE: f64 = 0.1;

/// A clock: what a time of the source is in the target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clock {
    /// In seconds.
    pub(crate) offset: f64,
    /// Seconds of the target for one of the source.
    pub(crate) speed: f64,
}

impl Clock {
    /// Finds the clock that fits most of some pairs of times in seconds, if one fits enough of
    /// them.
    pub(crate) fn of_pairs(pairs: &[[f64; 2]]) -> Option<Self> {
        if pairs.len() < MIN_PAIRS {
            return None;
        }
        let fitted = SPEEDS.into_iter().chain(typical_speed(pairs)).map(|speed| {
            let clock = Self::with_speed(speed, pairs);
            (clock.fitting(pairs).count(), clock.distance(pairs), clock)
        });
        // Of clocks that fit as many pairs, the first, unless another fits them far better.
        let is_better = |next: &(usize, f64, Self), best: &(usize, f64, Self)| {
            next.0 > best.0 || next.0 == best.0 && next.1 < MUCH_BETTER * best.1
        };
        let (count, _, clock) =
            fitted.reduce(|best, next| if is_better(&next, &best) { next } else { best })?;
        let fits = count >= MIN_PAIRS && count as f64 >= MIN_FITTING * pairs.len() as f64;
        let fitting: Vec<[f64; 2]> = clock.fitting(pairs).copied().collect();
        fits.then(|| Self::with_speed(clock.speed, &fitting))
    }

    /// Returns the time of the target for one of the source.
    pub(crate) fn target(self, source: f64) -> f64 {
        self.speed * source + self.offset
    }

    /// Reports whether the times of both sides are the same.
    pub(crate) fn is_same(self) -> bool {
        self.offset.abs() < MAX_DISTANCE && (self.speed - 1.0).abs() < 1e-4
    }

    fn with_speed(speed: f64, pairs: &[[f64; 2]]) -> Self {
        let mut offsets: Vec<f64> = pairs.iter().map(|[src, tgt]| tgt - speed * src).collect();
        Self { offset: median(&mut offsets).unwrap_or_default(), speed }
    }

    /// Returns the mean distance of the pairs that it fits.
    fn distance(self, pairs: &[[f64; 2]]) -> f64 {
        let distances = || self.fitting(pairs).map(|[src, tgt]| (self.target(*src) - tgt).abs());
        distances().sum::<f64>() / distances().count().max(1) as f64
    }

    fn fitting(self, pairs: &[[f64; 2]]) -> impl Iterator<Item = &[f64; 2]> {
        pairs.iter().filter(move |[src, tgt]| (self.target(*src) - tgt).abs() <= MAX_DISTANCE)
    }
}

/// Returns the median of the speeds between pairs that are half of all pairs apart.
fn typical_speed(pairs: &[[f64; 2]]) -> Option<f64> {
    let apart = pairs.iter().zip(&pairs[pairs.len() / 2..]);
    let speeds = apart.map(|(one, other)| (other[1] - one[1]) / (other[0] - one[0]));
    let mut speeds: Vec<f64> = speeds.filter(|speed| speed.is_finite()).collect();
    median(&mut speeds).filter(|speed| (speed - 1.0).abs() <= MAX_SPEED_CHANGE)
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs every seven seconds, each a little off, of which one in `wrong_every` is far off.
    fn pairs(count: usize, offset: f64, speed: f64, wrong_every: usize) -> Vec<[f64; 2]> {
        let pair = |index: usize| {
            let src = 7.0 * index as f64;
            let error = [0.0, 0.3, -0.2, 0.1][index % 4];
            let far = if index % wrong_every == wrong_every - 1 { 40.0 } else { 0.0 };
            [src, speed * src + offset + error + far]
        };
        (0..count).map(pair).collect()
    }

    #[test]
    fn offset_and_speed_are_found_in_spite_of_wrong_pairs() {
        for (offset, speed) in
            [(0.0, 1.0), (12.5, 1.0), (-90.0, 1.0), (3.0, 25.0 / 24.0), (-5.0, 0.96), (1.0, 1.05)]
        {
            for wrong in [4, 5, 1000] {
                let clock = Clock::of_pairs(&pairs(200, offset, speed, wrong)).expect("a clock");
                assert!((clock.offset - offset).abs() < 0.5, "{clock:?} {offset} {speed}");
                assert!((clock.speed - speed).abs() < 1e-3, "{clock:?} {offset} {speed}");
            }
        }
    }

    #[test]
    fn a_clock_that_fits_few_pairs_is_none() {
        assert_eq!(Clock::of_pairs(&pairs(4, 0.0, 1.0, 1000)), None);
        assert_eq!(Clock::of_pairs(&pairs(100, 0.0, 1.0, 2)), None);
        let unrelated: Vec<[f64; 2]> =
            (0..60).map(|at: u32| [f64::from(at * 7), f64::from(at * at * 3 % 401)]).collect();
        assert_eq!(Clock::of_pairs(&unrelated), None);
        assert_eq!(Clock::of_pairs(&[[5.0, 5.0]; 4]), None);
    }

    #[test]
    fn equal_clocks_need_no_change() {
        assert!(Clock::of_pairs(&pairs(50, 0.2, 1.0, 1000)).expect("a clock").is_same());
        assert!(!Clock::of_pairs(&pairs(50, 5.0, 1.0, 1000)).expect("a clock").is_same());
    }
}
