//! Text that one side of a document lacks: measured before the search on the whole document.
//!
//! If a translation is abridged, beads that take in two segments of the fuller side for one of the
//! other have exactly the length that the typical ratio predicts. So the length ratio is measured:
//! the document is searched with several ratios, each with nulls as cheap as the ratio implies, and
//! the path with the maximum score determines the ratio. What the fuller side then has beyond the
//! ratio is missing on the other.

use super::grid::Corner;
use super::score::null::NullAdjustment;
use super::sides::Sides;
use super::tuning::OmissionTuning;

/// The length ratio of a document, and which share of each side has no counterpart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Omissions {
    /// Code points of the source that carry as much as one of the target.
    pub(super) ratio: f32,
    /// Share of each side's text that the other side lacks; at most one of them is not 0.
    pub(super) missing: Sides<f32>,
}

/// The size of a document, by which omissions are judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct DocumentSize {
    /// Segments of each side.
    pub(super) segments: Corner,
    /// Code points of the source for one of the target.
    pub(super) total_ratio: f32,
    /// The typical ratio of the languages.
    pub(super) typical_ratio: f32,
}

impl DocumentSize {
    /// Returns the number of code points of the source that carry as much as one of the target in a
    /// document without omissions: the ratio of the lengths of both sides, within a factor of the
    /// typical one.
    pub(super) fn length_ratio(self, max_factor: f32) -> f32 {
        let typical = self.typical_ratio;
        self.total_ratio.clamp(typical / max_factor, typical * max_factor)
    }
}

impl Omissions {
    /// A document without omissions.
    pub(super) fn none(ratio: f32) -> Self {
        Self { ratio, missing: Sides::new(0.0, 0.0) }
    }

    /// Returns the omissions that a length ratio implies.
    fn implied(ratio: f32, size: DocumentSize) -> Self {
        let missing = |share: f32| (1.0 - share).max(0.0);
        let missing =
            Sides::new(missing(ratio / size.total_ratio), missing(size.total_ratio / ratio));
        Self { ratio, missing }
    }

    /// Measures the ratio, given the score of the best path for a ratio and what that adds to
    /// nulls; `otherwise` is the ratio if nothing is missing.
    pub(super) fn measured(
        tuning: &OmissionTuning,
        size: DocumentSize,
        otherwise: f32,
        scores: impl FnOnce(&[(f32, Sides<NullAdjustment>)]) -> Vec<f64>,
    ) -> Self {
        let trials: Vec<(f32, Sides<NullAdjustment>)> = (0..tuning.ratios)
            .map(|at| {
                let step = libm::powf(tuning.ratio_step, at as f32);
                let ratio = size.typical_ratio * tuning.first_ratio * step;
                (ratio, Self::implied(ratio, size).adjustment(tuning, size, Sides::default()))
            })
            .collect();
        let scores = scores(&trials);
        let Some(best) = position_of_max(&scores) else { return Self::none(otherwise) };
        let ratio = trials[0].0 * libm::powf(tuning.ratio_step, best);
        let factor = ratio / size.total_ratio;
        let fuller = if factor < 1.0 { size.segments.0 } else { size.segments.1 };
        match fuller >= tuning.min_segments && factor.max(1.0 / factor) > tuning.min_factor {
            true => Self::implied(ratio, size),
            false => Self::none(otherwise),
        }
    }

    /// Returns the larger missing share.
    pub(super) fn share(self) -> f32 {
        self.missing.src.max(self.missing.tgt)
    }

    /// Returns what is added to the nulls of each side, at least a given term.
    ///
    /// Where a side's segments are short in comparison, an omission takes several nulls, so that
    /// each of them needs to gain less.
    pub(super) fn adjustment(
        self,
        tuning: &OmissionTuning,
        size: DocumentSize,
        least: Sides<f32>,
    ) -> Sides<NullAdjustment> {
        let (n, m) = size.segments;
        let segment_ratio = size.total_ratio * m as f32 / n as f32;
        let length = segment_ratio / (tuning.short_segment * size.typical_ratio);
        let shares = Sides::new(length.min(1.0), (1.0 / length).min(1.0));
        self.missing.zip(shares).zip(least).map(|((missing, share), least)| NullAdjustment {
            added: least.max(
                tuning.null_gain
                    * libm::powf(missing, tuning.missing_power)
                    * libm::powf(share, tuning.short_power),
            ),
            max: match missing > 0.0 {
                true => tuning.max_null.max(tuning.max_null_by_share * missing),
                false => f32::INFINITY,
            },
            run_loss: tuning.run_loss * missing * share,
        })
    }
}

/// Returns the position of the maximum of some values, refined by the parabola through it and its
/// neighbours; `None` if no value is finite.
fn position_of_max(values: &[f64]) -> Option<f32> {
    let finite = values.iter().enumerate().filter(|(_, value)| value.is_finite());
    let (best, &max) = finite.max_by(|(a, x), (b, y)| x.total_cmp(y).then(b.cmp(a)))?;
    let neighbour = |at: Option<usize>| values.get(at?).copied().filter(|it| it.is_finite());
    let neighbours = neighbour(best.checked_sub(1)).zip(neighbour(Some(best + 1)));
    let offset = neighbours.map_or(0.0, |(before, after)| {
        let curve = before - 2.0 * max + after;
        if curve < 0.0 { 0.5 * (before - after) / curve } else { 0.0 }
    });
    Some(best as f32 + offset as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: DocumentSize =
        DocumentSize { segments: (30, 10), total_ratio: 2.4, typical_ratio: 0.8 };

    #[test]
    fn the_best_path_determines_the_ratio_and_the_missing_share() {
        let tuning = OmissionTuning::default();
        // The scores of 0.4, 0.5, 0.625, 0.78, 0.98 and 1.22.
        let measured = |scores: [f64; 6], size| {
            Omissions::measured(&tuning, size, 0.96, |trials| {
                assert!(trials[0].0 == 0.4 && trials.len() == 6);
                scores.to_vec()
            })
        };
        let found = measured([1.0, 4.0, 6.0, 8.0, 6.0, 3.0], SIZE);
        assert!((found.ratio - 0.78125).abs() < 1e-4, "{found:?}");
        assert!((found.missing.src - 0.6745).abs() < 1e-3 && found.missing.tgt == 0.0);
        let few = DocumentSize { segments: (4, 10), ..SIZE };
        assert_eq!(measured([1.0, 4.0, 6.0, 8.0, 6.0, 3.0], few), Omissions::none(0.96));
        let whole = DocumentSize { total_ratio: 0.8, ..SIZE };
        assert_eq!(measured([1.0, 4.0, 6.0, 8.0, 6.0, 3.0], whole), Omissions::none(0.96));
        let never = f64::NEG_INFINITY;
        assert_eq!(measured([never; 6], SIZE), Omissions::none(0.96));
    }

    #[test]
    fn a_maximum_is_refined_by_its_neighbours() {
        assert_eq!(position_of_max(&[0.0, 3.0, 2.0]), Some(1.25));
        assert_eq!(position_of_max(&[3.0, 2.0, 1.0]), Some(0.0));
        assert_eq!(position_of_max(&[1.0, 3.0, 3.0]), Some(1.5));
        assert_eq!(position_of_max(&[f64::NEG_INFINITY]), None);
    }

    #[test]
    fn only_nulls_of_the_fuller_side_gain() {
        let tuning = OmissionTuning::default();
        let omissions = Omissions { ratio: 0.8, missing: Sides::new(0.6, 0.0) };
        let least = Sides::new(0.1, 0.02);
        let adjustment = omissions.adjustment(&tuning, SIZE, least);
        assert_eq!(adjustment.tgt, NullAdjustment::new(0.02));
        // Segments of equal weight: 2.4 · 10 / 30 is 0.8, above 0.6 · 0.8.
        let NullAdjustment { added, max, run_loss } = adjustment.src;
        let near = |found: f32, expected: f32| (found - expected).abs() < 1e-6;
        let gain = 0.45 * 0.6_f32.powf(0.7);
        assert!(near(added, gain) && near(max, 0.09) && near(run_loss, 0.09), "{adjustment:?}");
        // Source segments half as long.
        let short = DocumentSize { segments: (60, 10), ..SIZE };
        let added = omissions.adjustment(&tuning, short, least).src.added;
        assert!(near(added, gain * (5.0_f32 / 6.0).powf(1.2)), "{added}");
    }
}
