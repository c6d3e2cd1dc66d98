//! What the words say: how much of each side has a counterpart in the other, by the lexicon.
//!
//! Words are compared by their stems. Two stems match by the root of the lexicon's similarity, and
//! wholly where they are the same number or the same word in Latin letters. A word weighs more the
//! rarer it is in the document, and little where the other side never has a counterpart for it.

mod far;
mod gather;

use std::collections::HashMap;

use super::corridor::Corridor;
use super::evidence::Shape;
use crate::language::Language;
use crate::lexicon::Lexicon;
use crate::parallel;
use crate::stem::{stem_into, words};

pub(crate) use gather::gather;

/// Weight that a coverage is measured against besides the words' own: few words prove little.
const COVERAGE_PRIOR: f32 = 2.0;
/// The same at corners.
const CORNER_PRIOR: f32 = 3.0;
/// Share of its weight that a word has without any counterpart in the document.
const UNKNOWN_SHARE: f32 = 0.25;
/// Words to either side of a corner, and the weights of these views.
const VIEWS: [(f32, f32); 2] = [(5.0, 0.8), (12.0, 0.2)];
/// Words to either side of a corner that may match across it.
const ACROSS: f32 = 8.0;
/// Segments before and after a corner in which a null's words are looked for.
const NULL_NEAR: usize = 2;
/// How far beyond the corridor coverage is worked out.
const MARGIN: usize = 2 * NULL_NEAR;

/// One side's words.
pub(crate) struct SideWords {
    /// Kinds of words (distinct stems), by token.
    tokens: Vec<u32>,
    /// Where each segment starts in `tokens`, and the end.
    bounds: Vec<usize>,
    /// How many tokens the whole document has on this side.
    document_tokens: usize,
    /// Weight of each kind.
    weights: Vec<f32>,
    /// For each kind its matches on the other side.
    matches: Vec<Vec<(u32, f32)>>,
    /// Sums of the weights of the segments before each boundary.
    weight_before: Vec<f32>,
}

impl SideWords {
    fn new(texts: &[&str], kinds: &mut HashMap<String, u32>) -> Self {
        let mut tokens = Vec::new();
        let mut bounds = vec![0];
        let mut stem = String::new();
        let mut known: HashMap<&str, u32> = HashMap::new();
        for text in texts {
            for word in words(text) {
                let kind = *known.entry(word).or_insert_with(|| {
                    // The script of a word tells its language, as far as stems go.
                    stem_into(word, Language::Arabic, &mut stem);
                    let next = kinds.len() as u32;
                    match kinds.get(&stem) {
                        Some(&kind) => kind,
                        None => *kinds.entry(stem.clone()).or_insert(next),
                    }
                });
                tokens.push(kind);
            }
            bounds.push(tokens.len());
        }
        Self {
            document_tokens: tokens.len(),
            tokens,
            bounds,
            weights: Vec::new(),
            matches: vec![Vec::new(); kinds.len()],
            weight_before: Vec::new(),
        }
    }

    fn segments(&self) -> usize {
        self.bounds.len() - 1
    }

    fn segment(&self, segment: usize) -> &[u32] {
        &self.tokens[self.bounds[segment]..self.bounds[segment + 1]]
    }

    /// Weighs the kinds, once the matches are known.
    fn weigh(&mut self) {
        let mut segments_with = vec![0_u32; self.matches.len()];
        let mut last_seen = vec![usize::MAX; self.matches.len()];
        for segment in 0..self.segments() {
            for &kind in &self.tokens[self.bounds[segment]..self.bounds[segment + 1]] {
                if last_seen[kind as usize] != segment {
                    last_seen[kind as usize] = segment;
                    segments_with[kind as usize] += 1;
                }
            }
        }
        let all = (self.segments() + 1) as f32;
        self.weights = segments_with
            .iter()
            .zip(&self.matches)
            .map(|(&with, matches)| {
                let known = if matches.is_empty() { UNKNOWN_SHARE } else { 1.0 };
                libm::logf(all / with.max(1) as f32) * known
            })
            .collect();
        self.sum_weights();
    }

    fn sum_weights(&mut self) {
        let mut sum = 0.0_f32;
        self.weight_before = vec![0.0];
        for segment in 0..self.segments() {
            sum +=
                self.segment(segment).iter().map(|&kind| self.weights[kind as usize]).sum::<f32>();
            self.weight_before.push(sum);
        }
    }

    fn weight(&self, from: usize, to: usize) -> f32 {
        self.weight_before[to] - self.weight_before[from]
    }

    /// Gives the words right after (or before) a boundary, at most `count`.
    fn near(&self, after: bool, boundary: usize, count: usize) -> &[u32] {
        let at = self.bounds[boundary];
        if after {
            &self.tokens[at..(at + count).min(self.tokens.len())]
        } else {
            &self.tokens[at.saturating_sub(count)..at]
        }
    }
}

/// In which segments of a side each kind of word stands.
struct Places {
    /// Where each kind's segments start in `segments`, and the end.
    bounds: Vec<usize>,
    /// The segments of each kind in ascending order, once for each token.
    segments: Vec<u32>,
}

impl Places {
    fn new(side: &SideWords) -> Self {
        let mut bounds = vec![0; side.matches.len() + 1];
        for &kind in &side.tokens {
            bounds[kind as usize + 1] += 1;
        }
        for kind in 1..bounds.len() {
            bounds[kind] += bounds[kind - 1];
        }
        let mut next = bounds.clone();
        let mut segments = vec![0; side.tokens.len()];
        for segment in 0..side.segments() {
            for &kind in side.segment(segment) {
                segments[next[kind as usize]] = segment as u32;
                next[kind as usize] += 1;
            }
        }
        Self { bounds, segments }
    }

    /// Gives the segments of a kind that are in `from..to`.
    fn within(&self, kind: u32, from: usize, to: usize) -> &[u32] {
        let all = &self.segments[self.bounds[kind as usize]..self.bounds[kind as usize + 1]];
        let before = |bound: usize| all.partition_point(|&segment| (segment as usize) < bound);
        &all[before(from)..before(to)]
    }
}

/// For each block of one side, how much weight of the other side's segments it covers.
struct Coverage {
    /// By the block's first segment: the first segment of the other side that is looked at, how
    /// many are, and the running sums of what blocks of 1, 2, … segments cover of them.
    rows: Vec<(usize, usize, Vec<f32>)>,
}

impl Coverage {
    fn new(
        own: &SideWords,
        other: &SideWords,
        most: usize,
        near: impl Fn(usize) -> (usize, usize) + Sync + Send,
    ) -> Self {
        let places = Places::new(other);
        let rows = parallel::map(own.segments(), |first| {
            let (from, to) = near(first);
            let to = to.min(other.segments());
            let from = from.min(to);
            let width = to - from + 1;
            let sizes = most.min(own.segments() - first);
            let mut sums = Vec::with_capacity(sizes * width);
            let mut best = vec![0.0_f32; other.matches.len()];
            let mut covered = vec![0.0_f32; to - from];
            for size in 1..=sizes {
                for &kind in own.segment(first + size - 1) {
                    for &(match_, value) in &own.matches[kind as usize] {
                        let best = &mut best[match_ as usize];
                        if value > *best {
                            let more = other.weights[match_ as usize] * (value - *best);
                            *best = value;
                            for &segment in places.within(match_, from, to) {
                                covered[segment as usize - from] += more;
                            }
                        }
                    }
                }
                let mut sum = 0.0_f32;
                sums.push(sum);
                for covered in &covered {
                    sum += covered;
                    sums.push(sum);
                }
            }
            (from, width, sums)
        });
        Self { rows }
    }

    /// Gives the running sums of a block at `count` boundaries of the other side from `from` on, all
    /// of which were looked at.
    #[inline]
    fn sums(&self, first: usize, size: usize, from: usize, count: usize) -> &[f32] {
        let (start, width, sums) = &self.rows[first];
        &sums[(size - 1) * width..][..*width][from - start..][..count]
    }

    /// Gives the weight of the other side's segments `from..to` that a block covers; 0 for
    /// segments too far from it.
    #[inline]
    fn covered(&self, first: usize, size: usize, from: usize, to: usize) -> f32 {
        let (start, width, sums) = &self.rows[first];
        let row = &sums[(size - 1) * width..size * width];
        let at = |segment: usize| row[segment.saturating_sub(*start).min(width - 1)];
        at(to) - at(from)
    }
}

/// A coverage by boundary of the other side and no longer by block, so that the blocks that start
/// side by side stand side by side.
struct Turned {
    /// By boundary: the first block's first segment, how many blocks there are, and of blocks of 1, 2,
    /// … segments the running sum at the boundary.
    rows: Vec<(usize, usize, Vec<f32>)>,
}

impl Turned {
    /// Turns the coverage by target blocks, for beads in the corridor of up to `most` segments.
    fn new(coverage: &Coverage, corridor: &Corridor, n: usize, most: usize) -> Self {
        let m = coverage.rows.len();
        let rows = parallel::map(n + 1, |i| {
            // Beads that end here may have started so many rows above.
            let from = corridor.row(i.saturating_sub(most)).0;
            let width = (corridor.row(i).1 + 1).min(m) - from.min(m);
            let mut sums = vec![0.0; most.min(m) * width];
            for (at, (start, own_width, own)) in
                coverage.rows[from.min(m)..][..width].iter().enumerate()
            {
                let place = i.saturating_sub(*start).min(own_width - 1);
                for (size, own) in own.chunks_exact(*own_width).enumerate() {
                    sums[size * width + at] = own[place];
                }
            }
            (from, width, sums)
        });
        Self { rows }
    }

    /// Gives the running sums at a boundary for `count` blocks of `size` segments from `first` on.
    #[inline]
    fn sums(&self, boundary: usize, size: usize, first: usize, count: usize) -> &[f32] {
        let (from, width, sums) = &self.rows[boundary];
        &sums[(size - 1) * width + first - from..][..count]
    }
}

/// How well words match near the corridor.
pub(crate) struct Lexical {
    src: SideWords,
    tgt: SideWords,
    /// What source blocks cover of target segments, and the other way round.
    by_src: Coverage,
    by_tgt: Coverage,
    by_tgt_turned: Turned,
    /// By source boundary: the first target boundary, and the match of the words after each corner
    /// and before it, the views weighed together.
    after: Vec<(usize, Vec<f32>)>,
    before: Vec<(usize, Vec<f32>)>,
    /// The same for words that match across the corner.
    across: Vec<(usize, Vec<f32>)>,
}

/// Gives the words of both sides' normalised texts, matched and weighed.
pub(crate) fn document_words(lexicon: &Lexicon, [src, tgt]: [&[&str]; 2]) -> [SideWords; 2] {
    let (mut src_kinds, mut tgt_kinds) = (HashMap::new(), HashMap::new());
    let mut src = SideWords::new(src, &mut src_kinds);
    let mut tgt = SideWords::new(tgt, &mut tgt_kinds);
    find_matches(lexicon, (&src_kinds, &mut src), (&tgt_kinds, &mut tgt));
    src.weigh();
    tgt.weigh();
    [src, tgt]
}

impl Lexical {
    pub(crate) fn new([src, tgt]: [SideWords; 2], corridor: &Corridor, most: usize) -> Self {
        let n = src.segments();
        let columns = corridor.columns();
        let by_src = Coverage::new(&src, &tgt, most, |i| {
            let (low, high) = (corridor.row(i).0, corridor.row((i + most).min(n)).1);
            (low.saturating_sub(MARGIN), high + MARGIN)
        });
        let by_tgt = Coverage::new(&tgt, &src, most, |j| {
            let last = columns[(j + most).min(columns.len() - 1)].1;
            (columns[j].0.saturating_sub(MARGIN), last + MARGIN)
        });
        let corners = |after: bool| {
            parallel::map(n + 1, |i| {
                // A corner is compared with those around it, in the next rows too.
                let low = corridor.row(i.saturating_sub(1)).0.saturating_sub(1);
                let high = (corridor.row((i + 1).min(n)).1 + 1).min(tgt.segments());
                (low, corner_row(&src, &tgt, after, i, low, high))
            })
        };
        let (after, before) = (corners(true), corners(false));
        let across = parallel::map(n + 1, |i| {
            let (low, high) = corridor.row(i);
            (low, across_row(&src, &tgt, i, low, high))
        });
        let by_tgt_turned = Turned::new(&by_tgt, corridor, n, most);
        Self { src, tgt, by_src, by_tgt, by_tgt_turned, after, before, across }
    }

    /// Gives the covered shares of a bead's target words and of its source words.
    #[inline]
    pub(crate) fn coverage(&self, (a, b): Shape, i: usize, j: usize) -> (f32, f32) {
        let share = |covered: f32, weight: f32| covered / (weight + COVERAGE_PRIOR);
        (
            share(self.by_src.covered(i, a, j, j + b), self.tgt.weight(j, j + b)),
            share(self.by_tgt.covered(j, b, i, i + a), self.src.weight(i, i + a)),
        )
    }

    /// Adds `weight` times the covered shares of both sides to the beads of a shape that start at
    /// `(i, j)` and the boundaries after it. They lie in the corridor.
    pub(crate) fn add_coverage(
        &self,
        (a, b): Shape,
        (i, j): (usize, usize),
        weight: f32,
        out: &mut [f32],
    ) {
        let count = out.len();
        let of_tgt = self.by_src.sums(i, a, j, count + b);
        let tgt_weights = &self.tgt.weight_before[j..][..count + b];
        let of_src = [i, i + a].map(|u| self.by_tgt_turned.sums(u, b, j, count));
        let src_weight = self.src.weight(i, i + a) + COVERAGE_PRIOR;
        for (at, out) in out.iter_mut().enumerate() {
            let tgt_weight = tgt_weights[at + b] - tgt_weights[at] + COVERAGE_PRIOR;
            let tgt = (of_tgt[at + b] - of_tgt[at]) / tgt_weight;
            let src = (of_src[1][at] - of_src[0][at]) / src_weight;
            *out += weight * (tgt + src);
        }
    }

    /// Takes off `weight` times what the smaller coverage of a bead's first and last segment lacks of
    /// `enough`, for each side of several segments; for the beads of a shape that start at `(i, j)`
    /// and the boundaries after it. They lie in the corridor.
    pub(crate) fn take_off_edges(
        &self,
        (a, b): Shape,
        (i, j): (usize, usize),
        enough: f32,
        weight: f32,
        out: &mut [f32],
    ) {
        let count = out.len();
        if a > 1 {
            let sums = [i, i + 1, i + a - 1, i + a];
            let [first, second, last, end] = sums.map(|u| self.by_tgt_turned.sums(u, b, j, count));
            let weights = [i, i + a - 1].map(|u| self.src.weight(u, u + 1) + COVERAGE_PRIOR);
            for (at, out) in out.iter_mut().enumerate() {
                let edge = (second[at] - first[at]) / weights[0];
                let other = (end[at] - last[at]) / weights[1];
                *out -= weight * (enough - edge.min(other)).max(0.0);
            }
        }
        if b > 1 {
            let sums = self.by_src.sums(i, a, j, count + b);
            let before = &self.tgt.weight_before[j..][..count + b];
            let share = |at: usize| {
                (sums[at + 1] - sums[at]) / (before[at + 1] - before[at] + COVERAGE_PRIOR)
            };
            for (at, out) in out.iter_mut().enumerate() {
                let edge = share(at).min(share(at + b - 1));
                *out -= weight * (enough - edge).max(0.0);
            }
        }
    }

    /// Gives the coverage of a source segment's words by the target segments around a boundary.
    pub(crate) fn src_null(&self, i: usize, boundary: usize) -> f32 {
        null_coverage(&self.by_tgt, &self.src, &self.tgt, i, boundary)
    }

    /// Gives the coverage of a target segment's words by the source segments around a boundary.
    pub(crate) fn tgt_null(&self, j: usize, boundary: usize) -> f32 {
        null_coverage(&self.by_src, &self.tgt, &self.src, j, boundary)
    }

    /// Gives how much of the words around a corner matches only across it: a sign that what stands
    /// there belongs together.
    pub(crate) fn across(&self, i: usize, j: usize) -> f32 {
        let (low, values) = &self.across[i];
        values[j - low]
    }

    /// Gives how much better the words right after (or before) a corner match than those at its
    /// four neighbours.
    pub(crate) fn corner(&self, after: bool, i: usize, j: usize, (n, m): (usize, usize)) -> f32 {
        let rows = if after { &self.after } else { &self.before };
        let at = |i: usize, j: usize| {
            let (low, values) = &rows[i];
            values.get(j.wrapping_sub(*low)).copied().unwrap_or(0.0)
        };
        let around = at(i, j.saturating_sub(1))
            + at(i, (j + 1).min(m))
            + at(i.saturating_sub(1), j)
            + at((i + 1).min(n), j);
        at(i, j) - 0.25 * around
    }
}

/// Gives how much of the words around the corners of one source boundary matches only across the
/// corner: words before it with words after it on the other side.
fn across_row(src: &SideWords, tgt: &SideWords, i: usize, low: usize, high: usize) -> Vec<f32> {
    let stretch = stretch(src, tgt);
    let count = |factor: f32| (ACROSS * factor).round() as usize;
    let own = [src.near(true, i, count(stretch)), src.near(false, i, count(stretch))];
    // By kind of target word: its best match after the boundary and before it.
    let mut best_of = vec![[0.0_f32; 2]; tgt.matches.len()];
    for (side, words) in own.iter().enumerate() {
        for &kind in *words {
            for &(other, value) in &src.matches[kind as usize] {
                let best = &mut best_of[other as usize][side];
                *best = best.max(value);
            }
        }
    }
    let own_weight: f32 =
        own.iter().flat_map(|words| *words).map(|&k| src.weights[k as usize]).sum();
    let mut at_other = vec![[0.0_f32; 2]; tgt.matches.len()];
    (low..=high)
        .map(|j| {
            let others = [true, false].map(|after| tgt.near(after, j, count(1.0 / stretch)));
            let (mut across, mut weights) = (0.0_f32, own_weight);
            for (side, words) in others.iter().enumerate() {
                for &kind in *words {
                    let [after, before] = best_of[kind as usize];
                    let (straight, crossed) =
                        if side == 0 { (after, before) } else { (before, after) };
                    across += tgt.weights[kind as usize] * (crossed - straight).max(0.0);
                    weights += tgt.weights[kind as usize];
                    at_other[kind as usize][side] = 1.0;
                }
            }
            for (side, words) in own.iter().enumerate() {
                for &kind in *words {
                    let mut best = [0.0_f32; 2];
                    for &(other, value) in &src.matches[kind as usize] {
                        for (best, there) in best.iter_mut().zip(at_other[other as usize]) {
                            *best = best.max(value * there);
                        }
                    }
                    across += src.weights[kind as usize] * (best[1 - side] - best[side]).max(0.0);
                }
            }
            for words in others {
                for &kind in words {
                    at_other[kind as usize] = [0.0; 2];
                }
            }
            across / (weights + CORNER_PRIOR)
        })
        .collect()
}

/// How many more words than the target the source needs for the same, by the root.
fn stretch(src: &SideWords, tgt: &SideWords) -> f32 {
    let ratio = src.document_tokens.max(1) as f32 / tgt.document_tokens.max(1) as f32;
    ratio.sqrt().clamp(0.5, 2.0)
}

fn null_coverage(
    coverage: &Coverage,
    own: &SideWords,
    other: &SideWords,
    segment: usize,
    boundary: usize,
) -> f32 {
    let first = boundary.saturating_sub(NULL_NEAR);
    let last = (boundary + NULL_NEAR).min(other.segments());
    if first == last {
        return 0.0;
    }
    coverage.covered(first, last - first, segment, segment + 1)
        / (own.weight(segment, segment + 1) + COVERAGE_PRIOR)
}

/// Finds which kinds of the two sides match, and how well.
fn find_matches(
    lexicon: &Lexicon,
    (src_kinds, src): (&HashMap<String, u32>, &mut SideWords),
    (tgt_kinds, tgt): (&HashMap<String, u32>, &mut SideWords),
) {
    let mut found = Vec::new();
    for (stem, &kind) in src_kinds {
        // The same number, the same word in Latin letters.
        if !stem.starts_with(|c| ('\u{600}'..='\u{6FF}').contains(&c))
            && let Some(&other) = tgt_kinds.get(stem)
        {
            found.push((kind, other, 1.0));
            continue;
        }
        // Either side may be the Arabic one.
        for (other, similarity) in lexicon.translations(stem) {
            if let Some(&other) = tgt_kinds.get(other) {
                found.push((kind, other, similarity.sqrt()));
            }
        }
        for (other, similarity) in lexicon.translations_of_english(stem) {
            if let Some(&other) = tgt_kinds.get(other) {
                found.push((kind, other, similarity.sqrt()));
            }
        }
    }
    // The map's order is not the same in every run; sums over matches must be.
    found.sort_by_key(|&(kind, other, _)| (kind, other));
    for (kind, other, value) in found {
        src.matches[kind as usize].push((other, value));
        tgt.matches[other as usize].push((kind, value));
    }
}

/// Gives the match of the words around the corners of one source boundary with each target
/// boundary of `low..=high`.
fn corner_row(
    src: &SideWords,
    tgt: &SideWords,
    after: bool,
    i: usize,
    low: usize,
    high: usize,
) -> Vec<f32> {
    let stretch = stretch(src, tgt);
    let mut row = vec![0.0; high + 1 - low];
    // By kind of target word: its line in `matches`, plus one.
    let mut line_of = vec![0_u32; tgt.matches.len()];
    for (view, weight) in VIEWS {
        let count = |factor: f32| (view * factor).round().max(3.0) as usize;
        let own = src.near(after, i, count(stretch));
        let own_weight: f32 = own.iter().map(|&kind| src.weights[kind as usize]).sum();
        let mut matches: Vec<f32> = Vec::new();
        let mut touched = Vec::new();
        for (at, &kind) in own.iter().enumerate() {
            for &(other, value) in &src.matches[kind as usize] {
                let line = &mut line_of[other as usize];
                if *line == 0 {
                    touched.push(other);
                    *line = touched.len() as u32;
                    matches.resize(touched.len() * own.len(), 0.0);
                }
                matches[(*line as usize - 1) * own.len() + at] = value;
            }
        }
        let mut best_own = vec![0.0_f32; own.len()];
        for (j, out) in (low..=high).zip(&mut row) {
            let others = tgt.near(after, j, count(1.0 / stretch));
            let (mut covered, mut weights) = (0.0_f32, own_weight);
            best_own.fill(0.0);
            for &kind in others {
                weights += tgt.weights[kind as usize];
                let line = line_of[kind as usize] as usize;
                if line == 0 {
                    continue;
                }
                let values = &matches[(line - 1) * own.len()..line * own.len()];
                let mut best = 0.0_f32;
                for (own, &value) in best_own.iter_mut().zip(values) {
                    best = best.max(value);
                    *own = own.max(value);
                }
                covered += tgt.weights[kind as usize] * best;
            }
            for (&kind, &best) in own.iter().zip(&best_own) {
                covered += src.weights[kind as usize] * best;
            }
            *out += weight * covered / (weights + CORNER_PRIOR);
        }
        for other in touched {
            line_of[other as usize] = 0;
        }
    }
    row
}
