//! Cuts a long document to pieces where the coarse path is sure.

use std::ops::Range;

use super::Anchor;
use super::coarse::CoarsePath;
use super::piece::{Corner, Piece};
use super::tuning::ChunkTuning;

/// Cuts a document of more than one piece.
///
/// Pieces overlap. Together their own parts are the document, but for the inside of long runs that
/// have nothing on the other side, which are left out of the search.
pub(super) fn cut(tuning: &ChunkTuning, path: &CoarsePath, anchors: &[Anchor]) -> Vec<Piece> {
    let walk = Walk::new(tuning, path, anchors);
    let last = path.corners.len() - 1;
    let cuts = walk.cuts();
    let runs = runs(path, tuning.unpaired_run);
    let lone = |from: Corner, to: Corner| -> usize {
        let shared = |run: &Range<usize>, from: usize, to: usize| {
            run.end.min(to).saturating_sub(run.start.max(from))
        };
        let src = runs[0].iter().map(|run| shared(run, from.0, to.0)).sum::<usize>();
        src + runs[1].iter().map(|run| shared(run, from.1, to.1)).sum::<usize>()
    };
    let mut pieces = Vec::with_capacity(cuts.len() + 1);
    for at in 0..=cuts.len() {
        let from = if at == 0 { 0 } else { cuts[at - 1] };
        let to = cuts.get(at).copied().unwrap_or(last);
        let corner = |at: usize| unsplit(anchors, path.corners[at], path.corners[last]);
        let (start, end) = (corner(walk.context_before(from)), corner(walk.context_after(to)));
        let segments = [start.0..end.0, start.1..end.1];
        let piece = Piece {
            segments: [0, 1].map(|side: usize| without(&segments[side], &walk.holes[side])),
            own: [corner(from), corner(to)],
            way: Vec::new(),
            lone: lone(corner(from), corner(to)),
        };
        let (from, to) = (walk.context_before(from), walk.context_after(to));
        pieces.push(piece.on(&path.corners[from..=to]));
    }
    pieces
}

/// The coarse path and how far one has come on it.
struct Walk<'a> {
    tuning: &'a ChunkTuning,
    path: &'a CoarsePath,
    /// The runs of either side that are left out.
    holes: [Vec<Range<usize>>; 2],
    /// By corner, the segments of either side before it that are searched.
    done: Vec<[usize; 2]>,
    /// By corner, the sum of the gains before it.
    gained: Vec<f32>,
}

impl<'a> Walk<'a> {
    fn new(tuning: &'a ChunkTuning, path: &'a CoarsePath, anchors: &[Anchor]) -> Self {
        let holes = holes(tuning, path, anchors);
        let missed = |side: usize, to: usize| -> usize {
            let before = holes[side].iter().take_while(|hole| hole.start < to);
            before.map(|hole| hole.end.min(to) - hole.start).sum()
        };
        let done =
            path.corners.iter().map(|&(i, j)| [i - missed(0, i), j - missed(1, j)]).collect();
        let mut gained = vec![0.0];
        let mut sum = 0.0;
        for gain in &path.gains {
            sum += gain;
            gained.push(sum);
        }
        Self { tuning, path, holes, done, gained }
    }

    /// Gives the least and the greatest number of searched segments of a side between two corners.
    fn advance(&self, from: usize, to: usize) -> (usize, usize) {
        let [a, b] = [0, 1].map(|side: usize| self.done[to][side] - self.done[from][side]);
        (a.min(b), a.max(b))
    }

    /// Tells whether a corner lies inside a run that is left out.
    fn in_hole(&self, at: usize) -> bool {
        let (i, j) = self.path.corners[at];
        let inside = |holes: &[Range<usize>], at: usize| {
            holes.iter().any(|hole| hole.start < at && at < hole.end)
        };
        inside(&self.holes[0], i) || inside(&self.holes[1], j)
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
                let (least, most) = self.advance(from, at);
                let left = self.advance(at, last);
                if (most > longest || left.1 < shortest) && best.is_some() {
                    break;
                }
                if least < min_length || left.0 < min_length || self.in_hole(at) {
                    continue;
                }
                let sure =
                    self.gained[(at + judged).min(last)] - self.gained[at.max(judged) - judged];
                if best.is_none_or(|(most, _)| sure > most) {
                    best = Some((sure, at));
                }
            }
            let Some((_, at)) = best else { break };
            cuts.push(at);
            from = at;
        }
        cuts
    }

    /// Gives the corner after a cut where the context of the piece before it ends.
    fn context_after(&self, cut: usize) -> usize {
        let last = self.path.corners.len() - 1;
        (cut..last).find(|&at| !self.in_hole(at) && self.is_enough(cut, at)).unwrap_or(last)
    }

    /// Gives the corner before a cut where the context of the piece after it starts.
    fn context_before(&self, cut: usize) -> usize {
        (1..=cut).rev().find(|&at| !self.in_hole(at) && self.is_enough(at, cut)).unwrap_or(0)
    }

    fn is_enough(&self, from: usize, to: usize) -> bool {
        let tile = self.path.tile[0].min(self.path.tile[1]);
        let context = self.tuning.context.max(self.tuning.context_tiles * tile);
        let (least, most) = self.advance(from, to);
        least >= context || most >= self.tuning.max_context * context
    }
}

/// Finds the runs of either side, of at least so many segments, that the path passes over.
fn runs(path: &CoarsePath, least: usize) -> [Vec<Range<usize>>; 2] {
    [0, 1].map(|side: usize| {
        let place =
            |corner: Corner| if side == 0 { [corner.0, corner.1] } else { [corner.1, corner.0] };
        path.corners
            .chunk_by(|&a, &b| place(a)[1] == place(b)[1])
            .map(|run| place(run[0])[0]..place(run[run.len() - 1])[0])
            .filter(|run| run.len() >= least)
            .collect()
    })
}

/// Finds the runs of either side that are left out of the search.
fn holes(tuning: &ChunkTuning, path: &CoarsePath, anchors: &[Anchor]) -> [Vec<Range<usize>>; 2] {
    let mut side = 0;
    runs(path, tuning.hole).map(|runs| {
        let place = |anchor: &Anchor| if side == 0 { anchor.src } else { anchor.tgt };
        let free = |run: &Range<usize>| !anchors.iter().any(|anchor| run.contains(&place(anchor)));
        let inside = |run: Range<usize>| run.start + tuning.hole_edge..run.end - tuning.hole_edge;
        let holes = runs.into_iter().filter(free).map(inside).collect();
        side += 1;
        holes
    })
}

/// Gives the nearest corner at or after one that has both halves of each anchor on one side.
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

/// Lists a range without its holes.
fn without(range: &Range<usize>, holes: &[Range<usize>]) -> Vec<usize> {
    range.clone().filter(|at| !holes.iter().any(|hole| hole.contains(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path over tiles of eight that goes along the diagonal, but for runs of one side.
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
        CoarsePath { corners, gains, tile: [8, 8] }
    }

    #[test]
    fn pieces_overlap_and_their_own_parts_are_the_document() {
        let pieces = cut(&ChunkTuning::default(), &path(1000, &[]), &[]);
        assert_eq!(pieces.len(), 7);
        assert_eq!(pieces[0].start(), (0, 0));
        assert_eq!(pieces[6].end(), (8000, 8000));
        for pair in pieces.windows(2) {
            assert_eq!(pair[0].own[1], pair[1].own[0]);
            assert_eq!(pair[0].end().0 - pair[1].start().0, 2 * 96);
        }
        for piece in pieces {
            let length = piece.own[1].0 - piece.own[0].0;
            assert!((1125..=2250).contains(&length), "{length}");
        }
    }

    #[test]
    fn the_inside_of_a_long_run_is_left_out() {
        let pieces =
            cut(&ChunkTuning::default(), &path(1000, &[(100, 0, 1250), (500, 1, 100)]), &[]);
        let searched: usize = pieces.iter().map(|piece| piece.own[1].0 - piece.own[0].0).sum();
        assert_eq!(searched, 18_000);
        let held = |at: &usize| pieces.iter().any(|piece| piece.segments[0].contains(at));
        let lost: Vec<usize> = (0..18_000).filter(|at| !held(at)).collect();
        assert_eq!(lost, (800 + 256..10_800 - 256).collect::<Vec<_>>());
        // A shorter run is searched, and no run with an anchor is left out.
        let anchors = [Anchor { src: 5000, tgt: 800 }];
        let pieces = cut(&ChunkTuning::default(), &path(1000, &[(100, 0, 1250)]), &anchors);
        assert!((0..18_000).all(|at| pieces.iter().any(|p| p.segments[0].contains(&at))));
    }

    #[test]
    fn no_cut_parts_an_anchor() {
        let anchors =
            [(3, 3), (8, 7), (8, 8), (9, 9), (20, 30)].map(|(src, tgt)| Anchor { src, tgt });
        assert_eq!(unsplit(&anchors, (8, 8), (40, 40)), (9, 9));
        assert_eq!(unsplit(&anchors, (4, 4), (40, 40)), (4, 4));
        assert_eq!(unsplit(&anchors, (25, 25), (40, 40)), (25, 31));
    }
}
