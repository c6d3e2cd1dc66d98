//! Segments that are excluded from the search of a path, because they belong elsewhere.

use std::ops::Range;

use super::sides::Sides;

/// Which segments of each side are excluded from a search: their nulls are free, and no bead
/// contains them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excluded(pub(crate) Sides<Vec<bool>>);

impl Excluded {
    /// Excludes no segment of a chunk of this size.
    pub(super) fn none((n, m): (usize, usize)) -> Self {
        Self(Sides::new(vec![false; n], vec![false; m]))
    }

    /// Excludes a run of each side.
    pub(super) fn add(&mut self, src: Range<usize>, tgt: Range<usize>) {
        self.0.src[src].fill(true);
        self.0.tgt[tgt].fill(true);
    }

    /// Returns the same for some of the segments.
    pub(super) fn of_segments(&self, segments: Sides<&[usize]>) -> Self {
        Self(segments.zip(self.0.as_ref()).map(|(segments, excluded)| {
            segments.iter().map(|&segment| excluded[segment]).collect()
        }))
    }

    /// Reports whether a run of either side contains an excluded segment.
    #[inline]
    pub(crate) fn contains_any(&self, src: Range<usize>, tgt: Range<usize>) -> bool {
        self.0.src[src].contains(&true) || self.0.tgt[tgt].contains(&true)
    }
}
