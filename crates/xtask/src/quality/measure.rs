//! The area under the ROC curve and the calibration error.

/// Returns the area under the ROC curve: the probability that a good pair is rated above a bad one,
/// where a tie counts half.
pub(crate) fn area(good: &[f32], bad: &[f32]) -> f64 {
    let mut all: Vec<(f32, bool)> = good.iter().map(|value| (*value, true)).collect();
    all.extend(bad.iter().map(|value| (*value, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0.0, 0.0);
    for tie in all.chunk_by(|a, b| a.0 == b.0) {
        let ups = tie.iter().filter(|(_, good)| *good).count() as f64;
        let downs = tie.len() as f64 - ups;
        sum += ups * (below + downs / 2.0);
        below += downs;
    }
    sum / (good.len() as f64 * bad.len() as f64)
}

/// A rated pair with its weight.
#[derive(Clone, Copy)]
pub(crate) struct RatedPair {
    pub(crate) quality: f32,
    pub(crate) good: bool,
    pub(crate) weight: f64,
}

/// A bin of the qualities: their mean, the share of good pairs, and the share of the total weight.
pub(crate) struct CalibrationBin {
    pub(crate) mean: f64,
    pub(crate) good: f64,
    pub(crate) share: f64,
}

/// Returns the expected calibration error over ten bins of equal width, and the bins.
pub(crate) fn calibration(rated: &[RatedPair]) -> (f64, Vec<CalibrationBin>) {
    let mut bins = [[0.0_f64; 3]; 10];
    for pair in rated {
        let bin = &mut bins[((f64::from(pair.quality) * 10.0) as usize).min(9)];
        bin[0] += pair.weight;
        bin[1] += pair.weight * f64::from(pair.quality);
        bin[2] += pair.weight * f64::from(u8::from(pair.good));
    }
    let all: f64 = bins.iter().map(|bin| bin[0]).sum();
    let error = bins.iter().map(|bin| (bin[1] - bin[2]).abs()).sum::<f64>() / all;
    let tenths = bins.iter().filter(|bin| bin[0] > 0.0).map(|bin| CalibrationBin {
        mean: bin[1] / bin[0],
        good: bin[2] / bin[0],
        share: bin[0] / all,
    });
    (error, tenths.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn area_counts_pairs_in_order() {
        assert_eq!(area(&[0.9, 0.8], &[0.1, 0.2]), 1.0);
        assert_eq!(area(&[0.5], &[0.5]), 0.5);
        assert_eq!(area(&[0.9, 0.1], &[0.5]), 0.5);
    }
}
