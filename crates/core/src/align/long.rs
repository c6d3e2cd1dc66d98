//! Long beads: one segment against more segments than a bead of another shape may have.
//!
//! A paragraph without full stops is one segment, and its translation may have dozens. All beads of
//! this kind would be too many to search. But such a segment is longer than several others together, and
//! where no segment is that long, nothing is searched.

use std::ops::Range;

use super::anchor::Anchor;
use super::excluded::Excluded;
use super::sides::Sides;
use super::tuning::LongTuning;
use crate::DocumentSide;
use crate::bead::Span;

/// A segment that may be one side of a long bead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LongSegment {
    pub(crate) segment: usize,
    /// Whether anchors pair it with a run of segments that only a long bead can contain.
    pub(crate) is_anchored: bool,
}

/// The segments of both sides that may be one side of a long bead, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LongSegments {
    pub(crate) sides: Sides<Vec<LongSegment>>,
    /// Minimum number of segments on the other side of such a bead.
    pub(crate) min_size: usize,
    /// Minimum length of such a segment that is not anchored, in code points.
    pub(crate) min_lengths: Sides<f32>,
}

impl LongSegments {
    /// Returns the minimum length of the long segments of each side, given the lengths of all
    /// segments, the length ratio and the maximum number of segments in a bead of another shape.
    pub(crate) fn min_lengths(
        tuning: &LongTuning,
        lengths: Sides<&[u32]>,
        ratio: f32,
        max_segments: usize,
    ) -> Sides<f32> {
        Sides::new(
            ratio * min_length(tuning, lengths.tgt, max_segments),
            1.0 / ratio * min_length(tuning, lengths.src, max_segments),
        )
    }

    /// Finds them, given the lengths of the segments, the minimum lengths and the maximum number of
    /// segments in a bead of another shape.
    pub(crate) fn new(
        tuning: &LongTuning,
        lengths: Sides<&[u32]>,
        min_lengths: Sides<f32>,
        anchors: &[Anchor],
        max_segments: usize,
    ) -> Self {
        if max_segments < tuning.min_limit {
            return Self::default();
        }
        let Sides { src, tgt } = lengths;
        let min_size = max_segments;
        let long = |own: &[u32], min: f32, is_anchored: &dyn Fn(usize) -> bool| {
            let all = own.iter().enumerate().map(|(segment, &length)| {
                let is_anchored = is_anchored(segment);
                (length as f32 >= min || is_anchored)
                    .then_some(LongSegment { segment, is_anchored })
            });
            all.flatten().collect()
        };
        let sides = Sides::new(
            long(src, min_lengths.src, &|segment| {
                let own = anchors.iter().filter(|anchor| anchor.src == segment);
                spans_long(own.map(|anchor| anchor.tgt), min_size)
            }),
            long(tgt, min_lengths.tgt, &|segment| {
                let own = anchors.iter().filter(|anchor| anchor.tgt == segment);
                spans_long(own.map(|anchor| anchor.src), min_size)
            }),
        );
        Self { sides, min_size, min_lengths }
    }

    /// Returns those of one side.
    pub(crate) fn of_side(&self, side: DocumentSide) -> &[LongSegment] {
        match side {
            DocumentSide::Source => &self.sides.src,
            DocumentSide::Target => &self.sides.tgt,
        }
    }

    /// Reports whether no segment is long.
    pub(crate) fn is_empty(&self) -> bool {
        self.sides.src.is_empty() && self.sides.tgt.is_empty()
    }
}

/// Reports whether ascending segments are the ends of a run of at least `min_size`.
fn spans_long(mut segments: impl Iterator<Item = usize>, min_size: usize) -> bool {
    let Some(first) = segments.next() else { return false };
    segments.last().is_some_and(|last| last - first + 1 >= min_size)
}

/// Returns the minimum length of a long segment, in code points of the other side: that of several
/// typical segments, and of any run of `min_size` by which it is not too long for a bead.
fn min_length(tuning: &LongTuning, other: &[u32], min_size: usize) -> f32 {
    let mut sum: u64 = other.iter().take(min_size).map(|&length| u64::from(length)).sum();
    if other.len() < min_size {
        return f32::INFINITY;
    }
    let mut shortest = sum;
    for (first, last) in other.iter().zip(&other[min_size..]) {
        sum = sum + u64::from(*last) - u64::from(*first);
        shortest = shortest.min(sum);
    }
    // Empty segments, as those of blank lines, are not typical.
    let mut lengths: Vec<u32> = other.iter().copied().filter(|&length| length > 0).collect();
    if lengths.is_empty() {
        return f32::INFINITY;
    }
    let middle = lengths.len() / 2;
    let typical = *lengths.select_nth_unstable(middle).1 as f32;
    (tuning.min_typical * typical).max(tuning.min_share * shortest as f32)
}

/// A bead of one segment with many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LongBead {
    pub(crate) src: Span,
    pub(crate) tgt: Span,
    pub(crate) score: f32,
    /// Share of what its segments would add to the score of a path as nulls that is credited to
    /// it.
    pub(crate) credited: f32,
    /// This credit, once the scores of nulls are known.
    pub(crate) credit: f32,
    /// The cosine of its sides.
    pub(crate) cosine: f32,
    /// The mean covered share of its words.
    pub(crate) coverage: f32,
}

impl LongBead {
    /// Returns what the bead adds to the score of a path.
    pub(crate) fn value(&self) -> f32 {
        self.score + self.credit
    }

    /// Returns the side of the single segment, that segment, and the run of the others.
    pub(crate) fn parts(&self) -> (DocumentSide, usize, Range<usize>) {
        let (src, tgt) = (self.src.range(), self.tgt.range());
        match src.len() {
            1 => (DocumentSide::Source, src.start, tgt),
            _ => (DocumentSide::Target, tgt.start, src),
        }
    }
}

/// All long beads in a corridor.
#[derive(Debug, Default)]
pub(crate) struct LongBeads {
    /// By the corner where they end, the source boundary first; then by the corner where they
    /// start.
    beads: Vec<LongBead>,
    /// Indices of `beads`, by the corner where they start; then by the corner where they end.
    by_start: Vec<u32>,
}

impl LongBeads {
    pub(crate) fn new(mut beads: Vec<LongBead>) -> Self {
        let start = |bead: &LongBead| (bead.src.start, bead.tgt.start);
        let end = |bead: &LongBead| (bead.src.end, bead.tgt.end);
        beads.sort_unstable_by_key(|bead| (end(bead), start(bead)));
        let mut by_start: Vec<u32> = (0..).take(beads.len()).collect();
        by_start.sort_by_key(|&index| start(&beads[index as usize]));
        Self { beads, by_start }
    }

    /// Removes the beads that contain an excluded segment.
    pub(crate) fn exclude(&mut self, excluded: &Excluded) {
        self.retain(|bead| !excluded.contains_any(bead.src.range(), bead.tgt.range()));
    }

    /// Removes all beads but some.
    pub(crate) fn retain(&mut self, remains: impl Fn(&LongBead) -> bool) {
        if self.beads.iter().all(&remains) {
            return;
        }
        let beads = std::mem::take(&mut self.beads);
        *self = Self::new(beads.into_iter().filter(remains).collect());
    }

    /// Returns the beads, to change their scores.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut LongBead> {
        self.beads.iter_mut()
    }

    /// Returns the beads that end at a source boundary.
    pub(crate) fn ending_in_row(&self, i: usize) -> &[LongBead] {
        let first = self.beads.partition_point(|bead| bead.src.range().end < i);
        let rest = &self.beads[first..];
        &rest[..rest.partition_point(|bead| bead.src.range().end == i)]
    }

    /// Returns the beads that start at a source boundary.
    pub(crate) fn starting_in_row(&self, i: usize) -> impl Iterator<Item = &LongBead> {
        let bead = |&index: &u32| &self.beads[index as usize];
        let first = self.by_start.partition_point(|at| bead(at).src.range().start < i);
        let rest = &self.by_start[first..];
        rest[..rest.partition_point(|at| bead(at).src.range().start == i)].iter().map(bead)
    }

    /// Returns the bead of these spans.
    pub(crate) fn get(&self, src: Span, tgt: Span) -> Option<&LongBead> {
        let row = self.ending_in_row(src.range().end);
        let key = |bead: &LongBead| (bead.tgt.end, bead.src.start, bead.tgt.start);
        let found = row.binary_search_by_key(&(tgt.end, src.start, tgt.start), key);
        found.ok().map(|at| &row[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(src: &[u32], tgt: &[u32], anchors: &[Anchor], max: usize) -> [Vec<usize>; 2] {
        let lengths = Sides::new(src, tgt);
        let tuning = LongTuning::default();
        let min_lengths = LongSegments::min_lengths(&tuning, lengths, 0.8, max);
        let long = LongSegments::new(&tuning, lengths, min_lengths, anchors, max);
        let indices = |side| long.of_side(side).iter().map(|long| long.segment).collect();
        [DocumentSide::Source, DocumentSide::Target].map(indices)
    }

    #[test]
    fn a_segment_is_long_by_typical_segments_and_by_the_shortest_run() {
        // Ten target segments of 100 are 800 of the source: 0.6 of them are 480.
        let tgt = [100; 12];
        assert_eq!(segments(&[80, 479, 480, 2000], &tgt, &[], 10), [vec![2, 3], vec![]]);
        assert_eq!(segments(&[80, 479, 480, 2000], &tgt, &[], 12), [vec![3], vec![]]);
        assert_eq!(segments(&[480], &tgt, &[], 9), [vec![], vec![]]);
        // Fewer than ten segments are no run.
        assert_eq!(segments(&[480], &tgt[..9], &[], 10), [vec![], vec![]]);
        // Empty segments are not typical.
        let tgt = [0, 100, 0, 0, 100, 0, 0, 0, 100, 0];
        assert_eq!(segments(&[479, 480], &tgt, &[], 10), [vec![1], vec![]]);
        assert_eq!(segments(&[80; 10], &[599, 601, 602], &[], 10), [vec![], vec![1, 2]]);
    }

    #[test]
    fn a_segment_with_distant_anchors_is_long() {
        let anchor = |src, tgt| Anchor { src, tgt };
        let anchors = [anchor(0, 0), anchor(0, 8), anchor(1, 9), anchor(1, 18), anchor(5, 19)];
        let [src, tgt] = segments(&[80; 6], &[100; 20], &anchors, 10);
        assert_eq!((src, tgt), (vec![1], vec![]));
    }

    #[test]
    fn beads_are_found_by_their_ends() {
        let bead = |src: Range<usize>, tgt: Range<usize>| LongBead {
            src: Span::new(src.start, src.end),
            tgt: Span::new(tgt.start, tgt.end),
            score: 1.0,
            credited: 0.5,
            credit: 0.25,
            cosine: 0.5,
            coverage: 0.5,
        };
        let all = [
            bead(3..4, 0..12),
            bead(0..11, 2..3),
            bead(3..4, 1..12),
            bead(3..4, 0..11),
            bead(0..4, 5..6),
        ];
        let beads = LongBeads::new(all.to_vec());
        let spans = |bead: &LongBead| (bead.src.range(), bead.tgt.range());
        let ending: Vec<_> = beads.ending_in_row(4).iter().map(spans).collect();
        assert_eq!(ending, [(0..4, 5..6), (3..4, 0..11), (3..4, 0..12), (3..4, 1..12)]);
        assert!(beads.ending_in_row(5).is_empty());
        let starting: Vec<_> = beads.starting_in_row(3).map(spans).collect();
        assert_eq!(starting, [(3..4, 0..11), (3..4, 0..12), (3..4, 1..12)]);
        let starting: Vec<_> = beads.starting_in_row(0).map(spans).collect();
        assert_eq!(starting, [(0..11, 2..3), (0..4, 5..6)]);
        for bead in &all {
            assert_eq!(beads.get(bead.src, bead.tgt).map(spans), Some(spans(bead)));
            assert_eq!(bead.value(), 1.25);
        }
        assert!(beads.get(Span::new(3, 4), Span::new(2, 12)).is_none());
    }
}
