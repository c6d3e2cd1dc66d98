//! The part of the lattice that is searched: a band around a coarse path.

use std::ops::Range;

use nasaq_kernels::{Int8Rows, Kernel};

use super::anchor::Anchor;
use super::grid::{Corner, Row, Shape};
use super::long::LongSegment;
use super::monotone::{Costs, best_corners};
use super::sides::Sides;
use super::tuning::CorridorTuning;
use super::vectors::SideVectors;
use crate::parallel;

/// For each source boundary `i`, the target boundaries `j` that the search visits.
///
/// Neither end decreases from row to row, and neighbouring rows have a boundary in common, so a
/// path always exists.
#[derive(Debug)]
pub(crate) struct Corridor {
    rows: Vec<Row>,
    /// Index of the first state of each row, and the number of states.
    start: Vec<usize>,
}

impl Corridor {
    /// Lays the corridor around a coarse path through the block vectors of both sides.
    ///
    /// A long document already has a coarse path over tiles, `tile_path`, which shows long runs
    /// without a counterpart; the corridor is laid around that as well. Where that path goes
    /// through the target alone, rows around may do so too. It is empty for a short document.
    pub(crate) fn new(
        kernel: Kernel,
        tuning: &CorridorTuning,
        Sides { src, tgt }: Sides<&SideVectors>,
        (n, m): (usize, usize),
        anchors: &[Anchor],
        tile_path: &[Corner],
    ) -> Self {
        if tuning.everything || (n + 1) * (m + 1) <= tuning.max_whole_states {
            Self::everything((n, m))
        } else {
            let vectors = Sides::new(src, tgt);
            Self::around_coarse_path(kernel, tuning, vectors, (n, m), anchors, tile_path)
        }
    }

    fn around_coarse_path(
        kernel: Kernel,
        tuning: &CorridorTuning,
        Sides { src, tgt }: Sides<&SideVectors>,
        (n, m): (usize, usize),
        anchors: &[Anchor],
        tile_path: &[Corner],
    ) -> Self {
        // Coarse paths between the anchors, which the whole path goes through.
        let mut path = vec![(0, 0)];
        let mut from = (0, 0);
        for anchor in anchors {
            let to = (anchor.src.max(from.0), anchor.tgt.max(from.1));
            block_path(kernel, tuning, Sides::new(src, tgt), from, to, &mut path);
            from = ((anchor.src + 1).min(n), (anchor.tgt + 1).min(m));
            path.push(from);
        }
        block_path(kernel, tuning, Sides::new(src, tgt), from, (n, m), &mut path);
        // Where the target is longer, a source segment spans more of it.
        let half_width = tuning.half_width * m.div_ceil(n).max(1);
        let rows = if tile_path.is_empty() { 0 } else { tuning.half_width };
        Self::around(&[&path, tile_path], (n, m), half_width, rows)
    }

    /// Returns the corridor of all states.
    pub(crate) fn everything((n, m): (usize, usize)) -> Self {
        Self::from_rows(vec![Row::whole(m); n + 1])
    }

    /// Widens monotone paths of corners to a corridor: by `half_width` states to either side, and
    /// by `half_height` rows where a path goes through more target segments alone than that many
    /// rows advance in the mean.
    pub(crate) fn around(
        paths: &[&[Corner]],
        (n, m): (usize, usize),
        half_width: usize,
        half_height: usize,
    ) -> Self {
        let mut rows = vec![Row::EMPTY; n + 1];
        let mut widen = |i: usize, j: usize| {
            let near = Row::new(j, j + 1).widened(half_width).intersection(Row::whole(m));
            rows[i] = rows[i].union(near);
        };
        for pair in paths.iter().flat_map(|path| path.windows(2)) {
            let ((i0, j0), (i1, j1)) = (pair[0], pair[1]);
            for i in i0..=i1 {
                if i0 == i1 {
                    widen(i, j0);
                    widen(i, j1);
                } else {
                    widen(i, j0 + (j1 - j0) * (i - i0) / (i1 - i0));
                }
            }
        }
        for run in paths.iter().flat_map(|path| path.chunk_by(|a, b| a.0 == b.0)) {
            let (i, from, to) = (run[0].0, run[0].1, run[run.len() - 1].1);
            if half_height > 0 && to - from > half_height * (m / n.max(1)).max(1) {
                for i in i.saturating_sub(half_height)..=(i + half_height).min(n) {
                    widen(i, from);
                    widen(i, to);
                }
            }
        }
        Self::joined(rows, m)
    }

    /// Extends the rows around long source segments to their union, so that beads from any row to
    /// the next one can have many target segments.
    pub(crate) fn joined_at(mut self, long: &[LongSegment], joined_rows: usize) -> Self {
        if long.is_empty() {
            return self;
        }
        let n = self.rows.len() - 1;
        let rows = self.rows.clone();
        for LongSegment { segment, .. } in long {
            let near = segment.saturating_sub(joined_rows)..(segment + 2 + joined_rows).min(n + 1);
            let all = rows[near.clone()].iter().copied().fold(Row::EMPTY, Row::union);
            self.rows[near].iter_mut().for_each(|row| *row = row.union(all));
        }
        Self::from_rows(self.rows)
    }

    /// Extends rows, which may be empty, so that they meet and their ends never decrease.
    fn joined(mut rows: Vec<Row>, m: usize) -> Self {
        let n = rows.len() - 1;
        rows[0].include(0);
        rows[n].include(m);
        for i in 1..=n {
            rows[i].end = rows[i].end.max(rows[i - 1].end);
        }
        for i in (0..n).rev() {
            rows[i].start = rows[i].start.min(rows[i + 1].start);
            // A row reaches the next, even where the path jumps.
            rows[i].end = rows[i].end.max(rows[i + 1].start + 1);
        }
        Self::from_rows(rows)
    }

    /// Returns the part of the corridor within `margin` rows and states of the given states of each
    /// row.
    pub(crate) fn within(&self, states: &[Row], margin: usize) -> Self {
        let n = self.rows.len() - 1;
        let near = |i: usize| {
            let rows = &states[i.saturating_sub(margin)..(i + margin + 1).min(n + 1)];
            let all = rows.iter().copied().fold(Row::EMPTY, Row::union);
            all.widened(margin).intersection(self.rows[i])
        };
        Self::joined((0..=n).map(near).collect(), self.rows[n].end - 1)
    }

    /// Returns the corridor as part of a larger one, whose other segments are all nulls: a path
    /// leads from its start to `offset`, and from the end of this corridor to its own end.
    ///
    /// The larger corridor is that of `n` by `m` segments.
    pub(crate) fn surrounded(&self, offset: Corner, (n, m): (usize, usize)) -> Self {
        let last = offset.0 + self.rows.len() - 1;
        let row = |i: usize| {
            if i < offset.0 {
                return Row::new(0, 1);
            }
            let Some(own) = self.rows.get(i - offset.0) else { return Row::new(m, m + 1) };
            let start = if i == offset.0 { 0 } else { own.start + offset.1 };
            let end = if i == last { m + 1 } else { own.end + offset.1 };
            Row::new(start, end)
        };
        Self::from_rows((0..=n).map(row).collect())
    }

    pub(crate) fn from_rows(rows: Vec<Row>) -> Self {
        let mut start = Vec::with_capacity(rows.len() + 1);
        let mut states = 0;
        for row in &rows {
            start.push(states);
            states += row.len();
        }
        start.push(states);
        Self { rows, start }
    }

    /// Counts the states.
    pub(crate) fn states(&self) -> usize {
        self.start[self.rows.len()]
    }

    /// Returns the target boundaries of a row.
    pub(crate) fn row(&self, i: usize) -> Row {
        self.rows[i]
    }

    /// Returns the source boundaries of each column.
    pub(crate) fn columns(&self) -> Vec<Row> {
        let end = self.rows.iter().map(|row| row.end).max().unwrap_or(0);
        let mut columns = vec![Row::EMPTY; end];
        for (i, row) in self.rows.iter().enumerate() {
            columns[row.boundaries()].iter_mut().for_each(|column| column.include(i));
        }
        columns
    }

    /// Returns the index of a row's first state.
    pub(crate) fn row_start(&self, i: usize) -> usize {
        self.start[i]
    }

    /// Returns the target boundaries of a row at which beads of a shape start that also end in the
    /// corridor; the target has `m` segments.
    pub(crate) fn starts(&self, (a, b): Shape, i: usize, m: usize) -> Range<usize> {
        let (own, ends) = (self.rows[i], self.rows[i + a].intersection(Row::whole(m)));
        let start = own.start.max(ends.start.saturating_sub(b));
        start..own.end.min(ends.end.saturating_sub(b)).max(start)
    }

    /// Returns the index of a state, or `None` outside the corridor.
    #[inline]
    pub(crate) fn state(&self, i: usize, j: usize) -> Option<usize> {
        let row = self.rows.get(i)?;
        row.contains(j).then(|| self.start[i] + j - row.start)
    }
}

/// Appends the corners of a coarse path from one corner to another, without the first.
///
/// Blocks of a few segments of the shorter side are paired with proportionally longer blocks of the
/// other side, by their cosine above the mean.
fn block_path(
    kernel: Kernel,
    tuning: &CorridorTuning,
    Sides { src, tgt }: Sides<&SideVectors>,
    from: Corner,
    to: Corner,
    path: &mut Vec<Corner>,
) {
    let (n, m) = (to.0 - from.0, to.1 - from.1);
    if n == 0 || m == 0 {
        path.push(to);
        return;
    }
    let max_block = |vectors: &SideVectors| vectors.blocks.len().max(1);
    let proportion = |step: usize, long: usize, short: usize| (step * long + short / 2) / short;
    let (a, b) = if n <= m {
        let a = tuning.step.min(max_block(src));
        (a, proportion(a, m, n).clamp(1, max_block(tgt)))
    } else {
        let b = tuning.step.min(max_block(tgt));
        (proportion(b, n, m).clamp(1, max_block(src)), b)
    };
    let rows = block_rows(src, from.0, to.0, a);
    let columns = block_rows(tgt, from.1, to.1, b);
    let (r, c) = (rows.len(), columns.len());
    let cosines: Vec<Vec<f32>> = parallel::map(r, |row| {
        let mut cosines = vec![0.0; c];
        kernel.dots_int8(rows.all().slice(row..row + 1), columns.all(), &mut cosines);
        cosines
    });
    let total: f64 = cosines.iter().flatten().map(|&cosine| f64::from(cosine)).sum();
    let mean = (total / (r * c) as f64) as f32;
    let band = Corridor::from_rows(vec![Row::whole(c); r + 1]);
    let costs = Costs { skip: tuning.skip, first_skip: 0.0, max_pair: tuning.max_pair_cost };
    let tiles = best_corners(&band, (r, c), costs, |i, j| cosines[i - 1][j - 1] - mean);
    let place = |&(i, j): &Corner| ((from.0 + i * a).min(to.0), (from.1 + j * b).min(to.1));
    path.extend(tiles[1..].iter().map(place));
}

/// Gathers the vectors of the blocks of `size` segments that tile `from..to`; the last may be
/// shorter.
fn block_rows(vectors: &SideVectors, from: usize, to: usize, size: usize) -> Int8Rows {
    let block = |first: usize| vectors.block(first, size.min(to - first));
    Int8Rows::gathered((from..to).step_by(size).map(block))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DocumentVectors;

    fn vectors(directions: impl Iterator<Item = usize>) -> SideVectors {
        let row = |direction: usize| -> [f32; 200] {
            std::array::from_fn(|at| if at == direction { 1.0 } else { 0.0 })
        };
        let rows = directions.flat_map(row).collect();
        SideVectors::new(Kernel::detect(), &DocumentVectors::new(200, vec![rows]))
    }

    #[test]
    fn the_corridor_of_a_chunk_has_its_blocks_path_and_its_tile_path() {
        let (n, m) = (100, 160);
        // By the vectors the target has an addition at the end, by the tiles at the start.
        let (src, tgt) = (vectors(0..n), vectors(0..m));
        let tile_path: Vec<Corner> = [(0, 0), (0, 60)].into_iter().chain([(n, m)]).collect();
        let tuning = CorridorTuning::default();
        let lay = |anchors: &[Anchor], tile_path: &[Corner]| {
            let sides = Sides::new(&src, &tgt);
            Corridor::new(Kernel::detect(), &tuning, sides, (n, m), anchors, tile_path)
        };
        let has = |corridor: &Corridor, i: usize, j: usize| corridor.state(i, j).is_some();
        let without = lay(&[], &[]);
        assert!(has(&without, 50, 50) && !has(&without, 50, 110) && !has(&without, 30, 138));
        let with = lay(&[], &tile_path);
        assert!(has(&with, 50, 50) && has(&with, 50, 110) && has(&with, 30, 138));
        // Rows near a run of the target alone reach over all of it.
        let late = lay(&[], &[(0, 0), (n, n), (n, m)]);
        assert!(has(&late, 76, 160) && !has(&late, 75, 160) && !has(&without, 76, 160));
        // A path goes through the anchors.
        let anchored = lay(&[Anchor { src: 10, tgt: 130 }], &[]);
        assert!(has(&anchored, 10, 130) && has(&anchored, 11, 131));
        assert!(!has(&without, 10, 130));
    }

    #[test]
    fn rows_around_a_long_segment_are_joined() {
        let path = [(0, 0), (10, 10), (10, 70), (30, 90)];
        let corridor = || Corridor::around(&[&path], (30, 90), 4, 0);
        let long = LongSegment { segment: 12, is_anchored: false };
        assert!(corridor().state(13, 12).is_none());
        let joined = corridor().joined_at(&[long], 3);
        assert!((9..=16).all(|i| joined.state(i, 12).is_some() && joined.state(i, 75).is_some()));
        for i in 1..=30 {
            let (above, row) = (joined.row(i - 1), joined.row(i));
            assert!(above.start <= row.start && above.end <= row.end, "row {i}");
            assert_eq!(joined.row_start(i), joined.row_start(i - 1) + above.len());
            if !(9..=16).contains(&i) {
                assert_eq!(row, corridor().row(i));
            }
        }
    }

    #[test]
    fn rows_meet_and_never_go_back() {
        let path = [(0, 0), (2, 0), (2, 40), (3, 41), (9, 41)];
        let corridor = Corridor::around(&[&path], (9, 50), 2, 3);
        for i in 1..=9 {
            let (above, row) = (corridor.row(i - 1), corridor.row(i));
            assert!(above.start <= row.start && above.end <= row.end, "row {i}");
            assert!(row.start < above.end, "row {i}");
            assert_eq!(corridor.row_start(i), corridor.row_start(i - 1) + above.len());
        }
        assert_eq!((corridor.row(0), corridor.row(9)), (Row::new(0, 43), Row::new(39, 51)));
    }
}
