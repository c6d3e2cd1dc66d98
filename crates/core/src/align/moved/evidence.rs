//! How much speaks for two blocks anywhere in the chunk being translations of each other.

use std::ops::Range;

use nasaq_kernels::{Int8RowsRef, Kernel};

use super::super::grid::Shape;
use super::super::lexical::{FarCoverage, Lexical};
use super::super::prepared::ChunkSide;
use super::super::score::Typical;
use super::super::tuning::MovedTuning;

/// Segments of the longest block that is a rival.
const MAX_RIVAL: usize = 3;

/// The chunk in which moves are searched.
#[derive(Clone, Copy)]
pub(in super::super) struct MoverInput<'a> {
    pub(in super::super) src: &'a ChunkSide,
    pub(in super::super) tgt: &'a ChunkSide,
    pub(in super::super) lexical: &'a Lexical,
    pub(in super::super) typical: Typical,
    /// The mean cosine of segments that have nothing to do with each other.
    pub(in super::super) noise: f32,
    /// Source characters for each target character.
    pub(in super::super) ratio: f32,
}

/// A source block and a target block.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Blocks {
    pub(super) src: Range<usize>,
    pub(super) tgt: Range<usize>,
}

/// Judges pairs of blocks of a chunk.
#[derive(Clone, Copy)]
pub(super) struct PairJudge<'a> {
    pub(super) kernel: Kernel,
    pub(super) tuning: &'a MovedTuning,
    pub(super) input: MoverInput<'a>,
}

impl<'a> PairJudge<'a> {
    /// Prepares the coverage of blocks of up to `max_block` segments in two runs.
    pub(super) fn words(&self, runs: [Range<usize>; 2], max_block: usize) -> FarCoverage<'a> {
        FarCoverage::new(self.input.lexical, runs, max_block)
    }

    /// Returns the cosine of two blocks; `None` if one is longer than those that were encoded.
    pub(super) fn cosine(&self, Blocks { src, tgt }: &Blocks) -> Option<f32> {
        let vector = |side: &'a ChunkSide, block: &Range<usize>| {
            let fits = !block.is_empty() && block.len() <= side.vectors.blocks.len();
            fits.then(|| side.vectors.block(block.start, block.len()))
        };
        let (src, tgt) = (vector(self.input.src, src)?, vector(self.input.tgt, tgt)?);
        Some(self.kernel.dot_int8(src, tgt))
    }

    /// Returns the cosines of all blocks of a shape inside two runs, a row for each source block.
    pub(super) fn cosines(&self, (a, b): Shape, runs: &Blocks) -> Vec<f32> {
        let Blocks { src, tgt } = runs;
        let fits = |side: &ChunkSide, size| side.vectors.blocks.len() >= size;
        if src.len() < a || tgt.len() < b || !fits(self.input.src, a) || !fits(self.input.tgt, b) {
            return vec![-1.0; (src.len() + 1) * (tgt.len() + 1)];
        }
        let own = self.input.src.vectors.blocks[a - 1].all().slice(src.start..src.end + 1 - a);
        let others = self.input.tgt.vectors.blocks[b - 1].all().slice(tgt.start..tgt.end + 1 - b);
        let mut cosines = vec![0.0; own.len() * others.len()];
        self.kernel.dots_int8(own, others, &mut cosines);
        cosines
    }

    /// Returns the evidence, in log-odds, by which pairs are proposed and beads are judged: from the
    /// cosine, the words and the lengths. It is not computed exactly if it cannot be above `needed`.
    pub(super) fn evidence(
        &self,
        blocks: Blocks,
        cosine: f32,
        needed: f32,
        words_of: &mut FarCoverage<'_>,
    ) -> f32 {
        let tuning = self.tuning;
        let relative = self.relative(cosine).min(tuning.max_cosine);
        if relative < tuning.min_cosine {
            return -tuning.max_evidence;
        }
        let (share, difference) = self.lengths(&blocks);
        let evidence = |words: f32| {
            let of_text = tuning.cosine * relative + tuning.words * words - tuning.neutral;
            share * of_text - tuning.length * difference
        };
        // Even with the most words covered, and a margin for rounding.
        if evidence(tuning.max_words) <= needed - 0.01 {
            return -tuning.max_evidence;
        }
        let words = self.relative_words(blocks, words_of);
        evidence(words).clamp(-tuning.max_evidence, tuning.max_evidence)
    }

    /// Returns the evidence of two blocks; `None` if one is longer than those that were encoded.
    pub(super) fn evidence_of(
        &self,
        blocks: &Blocks,
        words_of: &mut FarCoverage<'_>,
    ) -> Option<f32> {
        let cosine = self.cosine(blocks)?;
        Some(self.evidence(blocks.clone(), cosine, f32::NEG_INFINITY, words_of))
    }

    /// Returns the evidence, in log-odds, by which a move is judged: from the words, the lengths and
    /// the margin of the cosine above that of the best rival of either block outside two spans.
    ///
    /// Beside the margin, the cosine itself is no evidence: what matters is that nothing else in the
    /// document is as close.
    pub(super) fn judged(
        &self,
        blocks: &Blocks,
        spans: &Blocks,
        words_of: &mut FarCoverage<'_>,
    ) -> f32 {
        let tuning = self.tuning;
        let own = self.input.src.vectors.block(blocks.src.start, blocks.src.len());
        let other = self.input.tgt.vectors.block(blocks.tgt.start, blocks.tgt.len());
        let cosine = self.kernel.dot_int8(own, other);
        let of_src = self.rival(own, self.input.tgt, &spans.tgt);
        let of_tgt = self.rival(other, self.input.src, &spans.src);
        let margin = self.relative(cosine) - self.relative(of_src.max(of_tgt));
        let margin = margin.clamp(-tuning.max_margin, tuning.max_margin);
        let (share, difference) = self.lengths(blocks);
        let words = self.relative_words(blocks.clone(), words_of);
        let of_text =
            tuning.judged_margin * margin + tuning.judged_words * words - tuning.judged_neutral;
        (share * of_text - tuning.judged_length * difference)
            .clamp(-tuning.max_evidence, tuning.max_evidence)
    }

    /// Returns a cosine as a share of the distance from the noise to the typical cosine.
    fn relative(&self, cosine: f32) -> f32 {
        let contrast = self.input.typical.cosine - self.input.noise;
        (cosine - self.input.noise) / contrast.max(self.tuning.min_contrast)
    }

    /// Returns the coverage of two blocks as a share of the typical coverage.
    fn relative_words(&self, blocks: Blocks, words_of: &mut FarCoverage<'_>) -> f32 {
        let typical = self.input.typical.coverage.max(self.tuning.min_coverage);
        (words_of.coverage(blocks.src, blocks.tgt) / typical).min(self.tuning.max_words)
    }

    /// Returns which share of full evidence two blocks provide, as short text and boilerplate prove
    /// little, and how much their lengths differ: the logarithm of their ratio.
    fn lengths(&self, Blocks { src, tgt }: &Blocks) -> (f32, f32) {
        let (tuning, input) = (self.tuning, &self.input);
        let length = |side: &ChunkSide, span: &Range<usize>| {
            side.lengths[span.clone()].iter().map(|&length| length as f32).sum::<f32>().max(1.0)
        };
        let lengths = (length(input.src, src), length(input.tgt, tgt) * input.ratio);
        let share = (lengths.0.min(lengths.1) / tuning.full_chars).min(1.0);
        let is_boilerplate = |side: &ChunkSide, span: &Range<usize>| {
            !side.boilerplate[span.clone()].contains(&false)
        };
        let of_page = is_boilerplate(input.src, src) || is_boilerplate(input.tgt, tgt);
        let share = if of_page { share * tuning.boilerplate } else { share };
        (share, libm::logf(lengths.0 / lengths.1).abs().min(tuning.max_length))
    }

    /// Returns the maximum cosine of a block with blocks outside a span.
    fn rival(&self, block: Int8RowsRef<'_>, side: &ChunkSide, span: &Range<usize>) -> f32 {
        let mut best = -1.0_f32;
        let mut cosines = Vec::new();
        for (index, blocks) in side.vectors.blocks.iter().take(MAX_RIVAL).enumerate() {
            cosines.clear();
            cosines.resize(blocks.len(), 0.0);
            self.kernel.dots_int8(block, blocks.all(), &mut cosines);
            for (first, &cosine) in cosines.iter().enumerate() {
                if first + index < span.start || first >= span.end {
                    best = best.max(cosine);
                }
            }
        }
        best
    }
}
