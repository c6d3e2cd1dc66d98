//! Places on the grid of segment boundaries.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_those_of_at_most_ten_segments() {
        let shapes = shapes(10);
        assert_eq!(shapes.len(), 45);
        for shape in [(1, 1), (1, 8), (8, 1), (2, 8), (8, 2), (3, 3), (1, 9), (5, 5)] {
            assert!(shapes.contains(&shape), "{shape:?}");
        }
    }
}
