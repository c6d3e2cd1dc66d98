//! Coverage: which share of each side's words has a counterpart on the other side, by the lexicon.
//!
//! Words are compared by their stems; distinct stems are *kinds* of words. Two stems match by the
//! square root of the lexicon's similarity, and completely if they are the same number or the same
//! word in Latin letters. A word weighs more the rarer it is in the document, and less if the other
//! side has no counterpart for it anywhere.

mod corner;
mod coverage;
mod far;
mod gather;
mod learned;
mod links;
mod long;
mod matches;
mod replaced;
mod sounds;
mod stems;

use std::ops::Range;

use hashbrown::HashMap;
use nasaq_kernels::Kernel;

use super::corridor::Corridor;
use super::grid::{Row, Shape};
use super::sides::Sides;
use super::tuning::{ScoreTuning, Tuning};
use crate::parallel;
use nasaq_text::Language;
use nasaq_text::Lexicon;
use nasaq_text::{stem_into, words};

use corner::{CornerRow, corner_row};
use coverage::{Coverage, CoverageByBoundary};
pub(crate) use far::FarCoverage;
pub(crate) use gather::gather;
pub(crate) use learned::{learn, same_matches};
pub(crate) use links::{TokenLink, token_links};
use matches::KindMatches;
use sounds::sound_matches;
use stems::Stems;

/// The id of no kind.
const NO_KIND: u32 = u32::MAX;

/// One side's words.
#[derive(Clone, Default)]
pub(crate) struct SideWords {
    /// Kinds of words (distinct stems), by token.
    tokens: Vec<u32>,
    /// Where each segment starts in `tokens`, and the end of the last.
    bounds: Vec<usize>,
    /// The number of tokens of the whole document on this side.
    document_tokens: usize,
    /// Weight of each kind.
    weights: Vec<f32>,
    /// The matches of each kind on the other side.
    matches: KindMatches,
    /// Sums of the weights of the segments before each boundary.
    weight_before: Vec<f32>,
    /// Sums of the weights of the tokens before each, and the sum of all.
    token_weight_before: Vec<f64>,
}

impl SideWords {
    fn new(texts: &[&str]) -> (Self, Stems) {
        let mut stems = Stems::default();
        let mut tokens = Vec::new();
        let mut bounds = vec![0];
        let mut stem = String::new();
        let mut known: HashMap<&str, u32> = HashMap::new();
        for text in texts {
            for word in words(text) {
                let kind = *known.entry(word).or_insert_with(|| {
                    // A word's script determines its language, as far as stems go.
                    stem_into(word, Language::Arabic, &mut stem);
                    stems.kind_or_new(&stem)
                });
                tokens.push(kind);
            }
            bounds.push(tokens.len());
        }
        let words = Self {
            document_tokens: tokens.len(),
            tokens,
            bounds,
            weights: Vec::new(),
            matches: KindMatches::new(stems.len(), |_, _| {}),
            weight_before: Vec::new(),
            token_weight_before: Vec::new(),
        };
        (words, stems)
    }

    fn segments(&self) -> usize {
        self.bounds.len() - 1
    }

    fn segment(&self, segment: usize) -> &[u32] {
        &self.tokens[self.bounds[segment]..self.bounds[segment + 1]]
    }

    /// Returns the same words with other matches.
    fn with_matches(&self, matches: KindMatches, unknown_word: f32) -> Self {
        let mut words = Self {
            tokens: self.tokens.clone(),
            bounds: self.bounds.clone(),
            document_tokens: self.document_tokens,
            weights: Vec::new(),
            matches,
            weight_before: Vec::new(),
            token_weight_before: Vec::new(),
        };
        words.compute_weights(unknown_word);
        words
    }

    /// Computes the weights of the kinds, once their matches are known.
    fn compute_weights(&mut self, unknown_word: f32) {
        let mut segments_with = vec![0_u32; self.matches.kinds()];
        let mut last_seen = vec![usize::MAX; self.matches.kinds()];
        for segment in 0..self.segments() {
            for &kind in &self.tokens[self.bounds[segment]..self.bounds[segment + 1]] {
                if last_seen[kind as usize] != segment {
                    last_seen[kind as usize] = segment;
                    segments_with[kind as usize] += 1;
                }
            }
        }
        let total = (self.segments() + 1) as f32;
        self.weights = segments_with
            .iter()
            .zip(0..)
            .map(|(&with, kind)| {
                let known = if self.matches.of(kind).is_empty() { unknown_word } else { 1.0 };
                libm::logf(total / with.max(1) as f32) * known
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
        let mut sum = 0.0_f64;
        self.token_weight_before = vec![0.0];
        self.token_weight_before.extend(self.tokens.iter().map(|&kind| {
            sum += f64::from(self.weights[kind as usize]);
            sum
        }));
    }

    fn weight(&self, from: usize, to: usize) -> f32 {
        self.weight_before[to] - self.weight_before[from]
    }

    /// Returns the tokens right after (or before) a boundary, at most `count`.
    fn near(&self, after: bool, boundary: usize, count: usize) -> Range<usize> {
        let at = self.bounds[boundary];
        if after { at..(at + count).min(self.tokens.len()) } else { at.saturating_sub(count)..at }
    }
}

/// How well words match near the corridor.
pub(crate) struct Lexical {
    src: SideWords,
    tgt: SideWords,
    /// What source blocks cover of target segments.
    by_src: Coverage,
    /// What target blocks cover of source segments.
    by_tgt: Coverage,
    /// The same by source boundary.
    by_tgt_boundary: CoverageByBoundary,
    /// How well the words around corners match, by source boundary.
    corners: Vec<CornerRow>,
    /// Weight that is added to a block's own when its coverage is computed.
    prior: f32,
    /// Segments before and after a corner in which the words of a null are searched.
    null_near: usize,
}

/// Returns the words of both sides' normalised texts with their matches and weights.
pub(crate) fn document_words(
    tuning: &ScoreTuning,
    lexicon: &Lexicon,
    texts: Sides<&[&str]>,
) -> Sides<SideWords> {
    let (mut src, src_stems) = SideWords::new(texts.src);
    let (mut tgt, tgt_stems) = SideWords::new(texts.tgt);
    src.matches = find_matches(tuning, lexicon, &src_stems, &tgt_stems);
    tgt.matches = src.matches.inverted(tgt_stems.len());
    src.compute_weights(tuning.unknown_word);
    tgt.compute_weights(tuning.unknown_word);
    Sides { src, tgt }
}

impl Lexical {
    /// Computes how words match near a corridor, for beads of at most `max_segments` segments.
    pub(crate) fn new(
        kernel: Kernel,
        tuning: &Tuning,
        Sides { src, tgt }: Sides<SideWords>,
        corridor: &Corridor,
        max_segments: usize,
    ) -> Self {
        // The longest blocks: those of beads, and those around a null.
        let null_near = tuning.null.lexical_near;
        let max_block = (max_segments - 1).max(2 * null_near);
        // How far beyond the corridor coverage is computed.
        let margin = 2 * null_near;
        let n = src.segments();
        let columns = corridor.columns();
        let by_src = Coverage::new(kernel, [&src, &tgt], max_block, |i| {
            let last = corridor.row((i + max_block).min(n));
            corridor.row(i).union(last).widened(margin).segments()
        });
        let by_tgt = Coverage::new(kernel, [&tgt, &src], max_block, |j| {
            let last = columns[(j + max_block).min(columns.len() - 1)];
            columns[j].union(last).widened(margin).segments()
        });
        let corners = parallel::map(n + 1, |i| {
            // A corner is compared with those around it, also in the neighbouring rows.
            let near = corridor.row(i.saturating_sub(1)).union(corridor.row((i + 1).min(n)));
            let near = near.widened(1).intersection(Row::whole(tgt.segments()));
            corner_row(&tuning.score, [&src, &tgt], i, near)
        });
        let by_tgt_boundary = CoverageByBoundary::new(&by_tgt, corridor, n, max_block);
        let prior = tuning.score.coverage_prior;
        Self { src, tgt, by_src, by_tgt, by_tgt_boundary, corners, prior, null_near }
    }

    /// Returns the covered shares of a bead's target words and of its source words.
    #[inline]
    pub(crate) fn coverage(&self, (a, b): Shape, i: usize, j: usize) -> (f32, f32) {
        let share = |covered: f32, weight: f32| covered / (weight + self.prior);
        (
            share(self.by_src.covered(i, a, j, j + b), self.tgt.weight(j, j + b)),
            share(self.by_tgt.covered(j, b, i, i + a), self.src.weight(i, i + a)),
        )
    }

    /// Returns for each target block of `size` segments the factor from covered weight to coverage.
    pub(crate) fn block_shares(&self, size: usize) -> Vec<f32> {
        let before = &self.tgt.weight_before;
        let ends = before.iter().skip(size);
        before.iter().zip(ends).map(|(begin, end)| 1.0 / (end - begin + self.prior)).collect()
    }

    /// Adds `weight` times the covered shares of both sides to the beads of a shape that start at
    /// `(i, j)` and the boundaries after it, given the [`Self::block_shares`] of the shape's target
    /// size. The beads must lie in the corridor.
    pub(crate) fn add_coverage(
        &self,
        (a, b): Shape,
        (i, j): (usize, usize),
        weight: f32,
        shares: &[f32],
        out: &mut [f32],
    ) {
        let count = out.len();
        let of_tgt = self.by_src.sums(i, a, j, count + b);
        let of_tgt = of_tgt[b..].iter().zip(of_tgt).zip(&shares[j..][..count]);
        let of_src = [i, i + a].map(|u| self.by_tgt_boundary.sums(u, b, j, count));
        let of_src = of_src[1].iter().zip(of_src[0]);
        let src_share = 1.0 / (self.src.weight(i, i + a) + self.prior);
        for (out, (((tgt_end, tgt), tgt_share), (src_end, src))) in
            out.iter_mut().zip(of_tgt.zip(of_src))
        {
            *out += weight * ((tgt_end - tgt) * tgt_share + (src_end - src) * src_share);
        }
    }

    /// Subtracts `weight` times what the smaller coverage of a bead's first and last segment lacks
    /// of `enough`, for each side of several segments.
    ///
    /// It does so for the beads of a shape that start at `(i, j)` and the boundaries after it,
    /// given the [`Self::block_shares`] of single segments. The beads must lie in the corridor.
    pub(crate) fn subtract_edges(
        &self,
        (a, b): Shape,
        (i, j): (usize, usize),
        enough: f32,
        weight: f32,
        shares: &[f32],
        out: &mut [f32],
    ) {
        let count = out.len();
        if a > 1 {
            let sums =
                [i, i + 1, i + a - 1, i + a].map(|u| self.by_tgt_boundary.sums(u, b, j, count));
            let shares = [i, i + a - 1].map(|u| 1.0 / (self.src.weight(u, u + 1) + self.prior));
            let [first, second, last, end] = sums;
            let edges = second.iter().zip(first).zip(end.iter().zip(last));
            for (out, ((second, first), (end, last))) in out.iter_mut().zip(edges) {
                let edge = smaller((second - first) * shares[0], (end - last) * shares[1]);
                *out -= weight * larger(enough - edge, 0.0);
            }
        }
        if b > 1 {
            let sums = self.by_src.sums(i, a, j, count + b);
            let edge = |from: usize| {
                let sums = &sums[from..][..=count];
                let coverages = sums[1..].iter().zip(sums).zip(&shares[j + from..][..count]);
                coverages.map(|((end, begin), share)| (end - begin) * share)
            };
            for (out, (first, last)) in out.iter_mut().zip(edge(0).zip(edge(b - 1))) {
                *out -= weight * larger(enough - smaller(first, last), 0.0);
            }
        }
    }

    /// Returns the coverage of a source segment's words by the target segments around a boundary.
    pub(crate) fn src_null(&self, i: usize, boundary: usize) -> f32 {
        self.null_coverage(&self.by_tgt, [&self.src, &self.tgt], i, boundary)
    }

    /// Returns the coverage of a target segment's words by the source segments around a boundary.
    pub(crate) fn tgt_null(&self, j: usize, boundary: usize) -> f32 {
        self.null_coverage(&self.by_src, [&self.tgt, &self.src], j, boundary)
    }

    fn null_coverage(
        &self,
        coverage: &Coverage,
        [own, other]: [&SideWords; 2],
        segment: usize,
        boundary: usize,
    ) -> f32 {
        let first = boundary.saturating_sub(self.null_near);
        let last = (boundary + self.null_near).min(other.segments());
        if first == last {
            return 0.0;
        }
        coverage.covered(first, last - first, segment, segment + 1)
            / (own.weight(segment, segment + 1) + self.prior)
    }

    /// Returns the share of the words around a corner that match only across it: a sign that the
    /// texts before and after it belong together.
    pub(crate) fn across(&self, i: usize, j: usize) -> f32 {
        let row = &self.corners[i];
        row.across[j - row.start]
    }

    /// Returns how much better the words right after (or before) a corner match than those at its
    /// four neighbours.
    pub(crate) fn corner(&self, after: bool, i: usize, j: usize, (n, m): (usize, usize)) -> f32 {
        let at = |i: usize, j: usize| {
            let row = &self.corners[i];
            let values = if after { &row.after } else { &row.before };
            values.get(j.wrapping_sub(row.start)).copied().unwrap_or(0.0)
        };
        let around = at(i, j.saturating_sub(1))
            + at(i, (j + 1).min(m))
            + at(i.saturating_sub(1), j)
            + at((i + 1).min(n), j);
        at(i, j) - 0.25 * around
    }
}

/// Returns the larger of two numbers.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    // `f32::max` also checks for NaN, and takes twice as long.
    if a > b { a } else { b }
}

/// Returns the smaller of two numbers.
#[inline(always)]
fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// Finds the kinds of the target that match each kind of the source, and how well.
fn find_matches(tuning: &ScoreTuning, lexicon: &Lexicon, src: &Stems, tgt: &Stems) -> KindMatches {
    let (arabic_stems, english_stems) = lexicon.stem_counts();
    // Either side can be the Arabic one.
    let tgt_arabic = tgt.by_id(arabic_stems, |stem| lexicon.arabic_id(stem));
    let tgt_english = tgt.by_id(english_stems, |stem| lexicon.english_id(stem));
    let mut by_sound = sound_matches(tuning, lexicon, src, tgt).into_iter().peekable();
    KindMatches::new(src.len(), |kind, all| {
        let stem = src.stem(kind as u32);
        let mut sounds = Vec::new();
        while let Some(found) = by_sound.next_if(|found| found.src as usize == kind) {
            sounds.push((found.tgt, found.value));
        }
        // The same number or the same word in Latin letters.
        if !stem.starts_with(|c| ('\u{600}'..='\u{6FF}').contains(&c))
            && let Some(other) = tgt.kind(stem)
        {
            all.push((other, 1.0));
            return;
        }
        let first = all.len();
        let arabic = lexicon.arabic_id(stem).map_or(&[][..], |id| lexicon.arabic_row(id));
        let english = lexicon.english_id(stem).map_or(&[][..], |id| lexicon.english_row(id));
        for (row, others) in [(arabic, &tgt_english), (english, &tgt_arabic)] {
            let here = row.iter().map(|entry| (others[entry.id as usize], entry.similarity));
            let here = here.filter(|&(other, _)| other != NO_KIND);
            all.extend(here.map(|(other, similarity)| (other, similarity.sqrt())));
        }
        sounds.retain(|&(other, _)| all[first..].iter().all(|&(known, _)| known != other));
        all.extend(sounds);
        all[first..].sort_by_key(|&(other, _)| other);
    })
}
