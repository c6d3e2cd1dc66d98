//! Cuts a long document to chunks where its coarse path is sure.

use std::ops::Range;

use super::anchor::Anchor;
use super::chunk::Chunk;
use super::coarse::CoarsePath;
use super::grid::Corner;
use super::sides::Sides;
use super::tuning::ChunkTuning;

/// Cuts a document to chunks.
///
/// Chunks overlap; their own parts together are the document. The inside of long runs without a
/// counterpart is skipped.
pub(super) fn cut(tuning: &ChunkTuning, path: &CoarsePath, anchors: &[Anchor]) -> Vec<Chunk> {
    let walk = Walk::new(tuning, path, anchors);
    let last = path.corners.len() - 1;
    let cuts = walk.cuts();
    let runs = unaligned_runs(path, tuning.unaligned_run);
    let unaligned = |from: Corner, to: Corner| -> Sides<Vec<Range<usize>>> {
        let parts = Sides::new(from.0..to.0, from.1..to.1);
        runs.as_ref().zip(parts).map(|(runs, part)| {
            let shared = |run: &Range<usize>| run.start.max(part.start)..run.end.min(part.end);
            runs.iter().map(shared).filter(|run| !run.is_empty()).collect()
        })
    };
    let mut chunks = Vec::with_capacity(cuts.len() + 1);
    for at in 0..=cuts.len() {
        let from = if at == 0 { 0 } else { cuts[at - 1] };
        let to = cuts.get(at).copied().unwrap_or(last);
        let corner = |at: usize| unsplit(anchors, path.corners[at], path.corners[last]);
        let (start, end) = (corner(walk.context_before(from)), corner(walk.context_after(to)));
        let segments = Sides::new(start.0..end.0, start.1..end.1);
        let chunk = Chunk {
            segments: segments.zip(walk.holes.as_ref()).map(|(range, holes)| without(range, holes)),
            own: [corner(from), corner(to)],
            path: Vec::new(),
            unaligned: unaligned(corner(from), corner(to)),
        };
        let (from, to) = (walk.context_before(from), walk.context_after(to));
        chunks.push(chunk.on(&path.corners[from..=to]));
    }
    chunks
}

/// The coarse path with how far each of its corners is.
struct Walk<'a> {
    tuning: &'a ChunkTuning,
    path: &'a CoarsePath,
    /// The runs of each side that are skipped.
    holes: Sides<Vec<Range<usize>>>,
    /// By corner, the number of segments of each side before it that are searched.
    searched: Vec<[usize; 2]>,
    /// By corner, the sum of the gains before it.
    gain_before: Vec<f32>,
}

impl<'a> Walk<'a> {
    fn new(tuning: &'a ChunkTuning, path: &'a CoarsePath, anchors: &[Anchor]) -> Self {
        let holes = holes(tuning, path, anchors);
        let searched = |holes: &[Range<usize>], to: usize| -> usize {
            let before = holes.iter().take_while(|hole| hole.start < to);
            to - before.map(|hole| hole.end.min(to) - hole.start).sum::<usize>()
        };
        let searched = path
            .corners
            .iter()
            .map(|&(i, j)| [searched(&holes.src, i), searched(&holes.tgt, j)])
            .collect();
        let mut gain_before = vec![0.0];
        let mut sum = 0.0;
        for gain in &path.gains {
            sum += gain;
            gain_before.push(sum);
        }
        Self { tuning, path, holes, searched, gain_before }
    }

    /// Returns the smaller and the larger number of searched segments of a side between two
    /// corners.
    fn advance(&self, from: usize, to: usize) -> (usize, usize) {
        let [a, b] = [0, 1].map(|side: usize| self.searched[to][side] - self.searched[from][side]);
        (a.min(b), a.max(b))
    }

    /// Reports whether a corner lies inside a run that is skipped.
    fn is_in_hole(&self, at: usize) -> bool {
        let (i, j) = self.path.corners[at];
        let inside = |holes: &[Range<usize>], at: usize| {
            holes.iter().any(|hole| hole.start < at && at < hole.end)
        };
        inside(&self.holes.src, i) || inside(&self.holes.tgt, j)
    }

    /// Chooses the corners to cut at.
    fn cuts(&self) -> Vec<usize> {
        let ChunkTuning { tolerance, length, min_length, judged_steps: judged, .. } = *self.tuning;
        let last = self.path.corners.len() - 1;
        let [shortest, longest] =
            [1.0 - tolerance, 1.0 + tolerance].map(|share| (length as f32 * share) as usize);
        let mut cuts = Vec::new();
        let mut from = 0;
        while self.advance(from, last).1 > 2 * shortest {
            let far = |at: &usize| self.advance(from, *at).1;
            let mut best: Option<(f32, usize)> = None;
            for at in (from + 1..last).skip_while(|at| far(at) < shortest) {
                let (smaller, larger) = self.advance(from, at);
                let rest = self.advance(at, last);
                if (larger > longest || rest.1 < shortest) && best.is_some() {
                    break;
                }
                if smaller < min_length || rest.0 < min_length || self.is_in_hole(at) {
                    continue;
                }
                let sure = self.gain_before[(at + judged).min(last)]
                    - self.gain_before[at.max(judged) - judged];
                if best.is_none_or(|(max, _)| sure > max) {
                    best = Some((sure, at));
                }
            }
            let Some((_, at)) = best else { break };
            cuts.push(at);
            from = at;
        }
        cuts
    }

    /// Returns the corner after a cut where the context of the chunk before it ends.
    fn context_after(&self, cut: usize) -> usize {
        let last = self.path.corners.len() - 1;
        (cut..last)
            .find(|&at| !self.is_in_hole(at) && self.is_enough_context(cut, at))
            .unwrap_or(last)
    }

    /// Returns the corner before a cut where the context of the chunk after it starts.
    fn context_before(&self, cut: usize) -> usize {
        (1..=cut)
            .rev()
            .find(|&at| !self.is_in_hole(at) && self.is_enough_context(at, cut))
            .unwrap_or(0)
    }

    fn is_enough_context(&self, from: usize, to: usize) -> bool {
        let tile = self.path.tile.src.min(self.path.tile.tgt);
        let context = self.tuning.context.max(self.tuning.context_tiles * tile);
        let (smaller, larger) = self.advance(from, to);
        smaller >= context || larger >= self.tuning.max_context * context
    }
}

/// Finds the runs of each side, of at least `min_length` segments, that the path leaves unaligned.
fn unaligned_runs(path: &CoarsePath, min_length: usize) -> Sides<Vec<Range<usize>>> {
    let runs = |own: fn(&Corner) -> usize, other: fn(&Corner) -> usize| {
        path.corners
            .chunk_by(|a, b| other(a) == other(b))
            .map(|run| own(&run[0])..own(&run[run.len() - 1]))
            .filter(|run| run.len() >= min_length)
            .collect()
    };
    Sides::new(
        runs(|corner| corner.0, |corner| corner.1),
        runs(|corner| corner.1, |corner| corner.0),
    )
}

/// Finds the runs of each side that are skipped.
fn holes(tuning: &ChunkTuning, path: &CoarsePath, anchors: &[Anchor]) -> Sides<Vec<Range<usize>>> {
    let of_anchor: Sides<fn(&Anchor) -> usize> =
        Sides::new(|anchor| anchor.src, |anchor| anchor.tgt);
    unaligned_runs(path, tuning.hole).zip(of_anchor).map(|(runs, of_anchor)| {
        let is_free =
            |run: &Range<usize>| !anchors.iter().any(|anchor| run.contains(&of_anchor(anchor)));
        let inside = |run: Range<usize>| run.start + tuning.hole_edge..run.end - tuning.hole_edge;
        runs.into_iter().filter(is_free).map(inside).collect()
    })
}

/// Returns the nearest corner at or after one that has both segments of each anchor on one side.
fn unsplit(anchors: &[Anchor], corner: Corner, end: Corner) -> Corner {
    let (mut i, mut j) = corner;
    for anchor in &anchors[anchors.partition_point(|anchor| anchor.src < i && anchor.tgt < j)..] {
        if (anchor.src < i) == (anchor.tgt < j) {
            break;
        }
        (i, j) = (i.max(anchor.src + 1), j.max(anchor.tgt + 1));
    }
    (i.min(end.0), j.min(end.1))
}

/// Returns the indices of a range without its holes.
fn without(range: Range<usize>, holes: &[Range<usize>]) -> Vec<usize> {
    range.filter(|at| !holes.iter().any(|hole| hole.contains(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path over tiles of eight along the diagonal, with runs of one side inserted.
    fn path(pairs: usize, runs: &[(usize, usize, usize)]) -> CoarsePath {
        let (mut corners, mut gains) = (vec![(0, 0)], Vec::new());
        for at in 0..pairs {
            let (i, j) = corners[corners.len() - 1];
            for &(_, side, tiles) in runs.iter().filter(|run| run.0 == at) {
                let step = if side == 0 { (8, 0) } else { (0, 8) };
                corners.extend((1..=tiles).map(|k| (i + k * step.0, j + k * step.1)));
                gains.extend(vec![0.0; tiles]);
            }
            let (i, j) = corners[corners.len() - 1];
            corners.push((i + 8, j + 8));
            gains.push(0.5);
        }
        CoarsePath { corners, gains, tile: Sides::new(8, 8) }
    }

    #[test]
    fn chunks_overlap_and_their_own_parts_are_the_document() {
        let chunks = cut(&ChunkTuning::default(), &path(1000, &[]), &[]);
        assert_eq!(chunks.len(), 7);
        assert_eq!(chunks[0].start(), (0, 0));
        assert_eq!(chunks[6].end(), (8000, 8000));
        for pair in chunks.windows(2) {
            assert_eq!(pair[0].own[1], pair[1].own[0]);
            assert_eq!(pair[0].end().0 - pair[1].start().0, 2 * 96);
        }
        for chunk in chunks {
            let length = chunk.own[1].0 - chunk.own[0].0;
            assert!((1125..=2250).contains(&length), "{length}");
        }
    }

    #[test]
    fn the_inside_of_a_long_run_is_skipped() {
        let chunks =
            cut(&ChunkTuning::default(), &path(1000, &[(100, 0, 1250), (500, 1, 100)]), &[]);
        let searched: usize = chunks.iter().map(|chunk| chunk.own[1].0 - chunk.own[0].0).sum();
        assert_eq!(searched, 18_000);
        let held = |at: &usize| chunks.iter().any(|chunk| chunk.segments.src.contains(at));
        let skipped: Vec<usize> = (0..18_000).filter(|at| !held(at)).collect();
        assert_eq!(skipped, (800 + 256..10_800 - 256).collect::<Vec<_>>());
        // A shorter run is searched, and no run with an anchor is skipped.
        let anchors = [Anchor { src: 5000, tgt: 800 }];
        let chunks = cut(&ChunkTuning::default(), &path(1000, &[(100, 0, 1250)]), &anchors);
        assert!((0..18_000).all(|at| chunks.iter().any(|chunk| chunk.segments.src.contains(&at))));
    }

    #[test]
    fn no_cut_separates_the_segments_of_an_anchor() {
        let anchors =
            [(3, 3), (8, 7), (8, 8), (9, 9), (20, 30)].map(|(src, tgt)| Anchor { src, tgt });
        assert_eq!(unsplit(&anchors, (8, 8), (40, 40)), (9, 9));
        assert_eq!(unsplit(&anchors, (4, 4), (40, 40)), (4, 4));
        assert_eq!(unsplit(&anchors, (25, 25), (40, 40)), (25, 31));
    }
}
