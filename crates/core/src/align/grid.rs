//! Places on the grid of segment boundaries.

use std::ops::Range;

/// A boundary of the source and one of the target: a corner of the lattice.
pub(crate) type Corner = (usize, usize);

/// The number of source and of target segments of a bead that is not null: both at least one.
pub(crate) type Shape = (usize, usize);

/// Returns all shapes of at most `max` segments on both sides together, the smaller ones first.
pub(crate) fn shapes(max: usize) -> Vec<Shape> {
    let mut shapes: Vec<Shape> =
        (1..max).flat_map(|a| (1..=max - a).map(move |b| (a, b))).collect();
    shapes.sort_by_key(|&(a, b)| (a + b, a));
    shapes
}

/// A half-open run of boundaries of one side beside a boundary of the other: the part of a row or a
/// column of the grid from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The first boundary.
    pub(crate) start: usize,
    /// One past the last boundary.
    pub(crate) end: usize,
}

impl Row {
    /// The row without boundaries, to which others are added.
    pub(crate) const EMPTY: Self = Self::new(usize::MAX, 0);

    /// Creates the row `start..end`.
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Creates the row of all boundaries of a side of `segments` segments.
    pub(crate) const fn whole(segments: usize) -> Self {
        Self::new(0, segments + 1)
    }

    /// Reports whether the row has no boundary.
    pub(crate) const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Returns the number of boundaries.
    pub(crate) const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Reports whether the row has a boundary.
    #[inline]
    pub(crate) const fn contains(self, boundary: usize) -> bool {
        self.start <= boundary && boundary < self.end
    }

    /// Returns the boundaries.
    #[inline]
    pub(crate) const fn boundaries(self) -> Range<usize> {
        self.start..self.end
    }

    /// Returns the segments between the boundaries of a row that has some.
    pub(crate) const fn segments(self) -> Range<usize> {
        self.start..self.end - 1
    }

    /// Extends the row to a boundary.
    pub(crate) fn include(&mut self, boundary: usize) {
        *self = self.union(Self::new(boundary, boundary + 1));
    }

    /// Returns the shortest row with all boundaries of both.
    pub(crate) fn union(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Returns the row of the boundaries in both.
    pub(crate) fn intersection(self, other: Self) -> Self {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }

    /// Returns the row with `margin` more boundaries on either side; an empty row gets none.
    pub(crate) fn widened(self, margin: usize) -> Self {
        match self.is_empty() {
            true => self,
            false => Self::new(self.start.saturating_sub(margin), self.end + margin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_half_open() {
        let row = Row::new(2, 5);
        assert_eq!(row.boundaries().collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!((row.len(), row.segments()), (3, 2..4));
        assert_eq!([1, 2, 4, 5].map(|j| row.contains(j)), [false, true, true, false]);
        assert_eq!(Row::whole(7), Row::new(0, 8));
    }

    #[test]
    fn the_empty_row_is_neutral() {
        let mut row = Row::EMPTY;
        assert!(row.is_empty() && row.widened(3) == row);
        assert_eq!(row.union(Row::new(2, 5)), Row::new(2, 5));
        row.include(4);
        assert_eq!(row, Row::new(4, 5));
        row.include(2);
        assert_eq!(row, Row::new(2, 5));
    }

    #[test]
    fn rows_are_widened_and_intersected() {
        assert_eq!(Row::new(2, 5).widened(3), Row::new(0, 8));
        assert_eq!(Row::new(2, 5).intersection(Row::new(4, 9)), Row::new(4, 5));
        assert!(Row::new(2, 5).intersection(Row::new(5, 9)).is_empty());
    }

    #[test]
    fn shapes_are_those_of_at_most_ten_segments() {
        let shapes = shapes(10);
        assert_eq!(shapes.len(), 45);
        for shape in [(1, 1), (1, 8), (8, 1), (2, 8), (8, 2), (3, 3), (1, 9), (5, 5)] {
            assert!(shapes.contains(&shape), "{shape:?}");
        }
    }
}
