//! What the first paths show of a document.

use super::chunk::Chunk;
use super::evidence::{Evidence, median};
use super::lattice::Step;
use super::prepared::PreparedChunk;
use super::score::Typical;
use super::sides::Sides;
use super::tuning::{NullTuning, ScoreTuning};

/// Counts and measures over the first paths: of the whole of a short document, of some chunks of a
/// long one.
#[derive(Default)]
pub(super) struct Sample {
    /// Cosines and covered shares of beads of at most two segments a side.
    cosines: Vec<f32>,
    coverages: Vec<f32>,
    /// Lengths of the sides of beads of one segment each.
    lengths: Sides<u64>,
    /// The number of these beads.
    pairs: usize,
    nulls: usize,
    segments: usize,
    /// Segments in long runs that the coarse path leaves unaligned.
    unaligned: usize,
}

impl Sample {
    /// Adds the path through a chunk, as far as it lies in the chunk's own part.
    pub(super) fn add(
        &mut self,
        chunk: &Chunk,
        path: &[Step],
        evidence: &Evidence<'_>,
        prepared: &PreparedChunk,
    ) {
        let Sides { src, tgt } = &chunk.segments;
        let [from, to] = chunk.own;
        let own_src = |segment: usize| (from.0..to.0).contains(&src[segment]);
        let own_tgt = |segment: usize| (from.1..to.1).contains(&tgt[segment]);
        for step in path {
            let shape = (step.src.len(), step.tgt.len());
            let (i, j) = (step.src.start as usize, step.tgt.start as usize);
            let is_own = if shape.0 > 0 { own_src(i) } else { own_tgt(j) };
            if !is_own {
                continue;
            }
            if shape.0 == 0 || shape.1 == 0 {
                self.nulls += 1;
            }
            if shape == (1, 1) {
                self.lengths.src += u64::from(prepared.src.lengths[i]);
                self.lengths.tgt += u64::from(prepared.tgt.lengths[j]);
                self.pairs += 1;
            }
            if (1..=2).contains(&shape.0) && (1..=2).contains(&shape.1) {
                self.cosines.push(evidence.cosine(shape, i, j));
                let (tgt, src) = prepared.lexical.coverage(shape, i, j);
                self.coverages.push((tgt + src) / 2.0);
            }
        }
        self.nulls += chunk.skipped();
        self.segments += chunk.own_segments();
        self.unaligned += chunk.unaligned;
    }

    /// Returns what is added to the score of every null: nulls score more in a document that has
    /// many.
    pub(super) fn null_adjustment(&self, tuning: &NullTuning, chunks: &[Chunk]) -> f32 {
        let (nulls, segments) = self.nulls_of(chunks);
        let (prior, max) = (tuning.rate_prior, tuning.max_rate_adjustment);
        let rate = (nulls + tuning.typical_rate * prior) / (segments + prior);
        let adjustment = tuning.rate * libm::logf(rate / tuning.typical_rate);
        adjustment.clamp(-max, max)
    }

    /// Estimates the nulls of all chunks and counts their segments. Chunks outside the sample have
    /// the nulls that the coarse path shows, and the sample's rate of others.
    fn nulls_of(&self, chunks: &[Chunk]) -> (f32, f32) {
        let segments: usize = chunks.iter().map(Chunk::own_segments).sum();
        let unaligned = chunks.iter().map(|chunk| chunk.unaligned).sum::<usize>() - self.unaligned;
        let outside = segments - self.segments - unaligned;
        let others = self.nulls.saturating_sub(self.unaligned) as f32;
        let rate = others / (self.segments - self.unaligned).max(1) as f32;
        ((self.nulls + unaligned) as f32 + rate * outside as f32, segments as f32)
    }

    /// Returns the ratio of the lengths of the pairs' sides if it is far from the assumed one, and
    /// the assumed one otherwise.
    pub(super) fn ratio(&self, assumed: f32, tuning: &ScoreTuning) -> f32 {
        let Sides { src, tgt } = self.lengths.map(|length| length.max(1) as f32);
        let share = self.pairs as f32 / (self.pairs as f32 + tuning.ratio_prior);
        let ratio = assumed * libm::powf(src / tgt / assumed, share);
        if (ratio / assumed).max(assumed / ratio) > tuning.ratio_change { ratio } else { assumed }
    }

    /// Returns the medians.
    pub(super) fn typical(&mut self, tuning: &ScoreTuning) -> Typical {
        let assumed = Typical::assumed(tuning);
        Typical {
            cosine: median(&mut self.cosines)
                .unwrap_or(assumed.cosine)
                .max(tuning.min_typical_cosine),
            coverage: median(&mut self.coverages).unwrap_or(assumed.coverage),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_outside_the_sample_have_its_null_rate_and_their_own_unaligned_runs() {
        let chunk = |from, to, unaligned| Chunk { unaligned, ..Chunk::between(from, to) };
        let chunks = [chunk((0, 0), (100, 100), 20), chunk((100, 100), (300, 200), 60)];
        let sample = Sample { nulls: 38, segments: 200, unaligned: 20, ..Sample::default() };
        // A tenth of the 180 others in the sample, so 24 of the 240 others outside it.
        assert_eq!(sample.nulls_of(&chunks), (38.0 + 60.0 + 24.0, 500.0));
        let tuning = NullTuning::default();
        assert_eq!(sample.null_adjustment(&tuning, &chunks), 0.13);
        // 0.1 · ln((3 + 0.015 · 30) / (100 + 30) / 0.015)
        let sample = Sample { nulls: 3, segments: 100, ..Sample::default() };
        let adjustment = sample.null_adjustment(&tuning, &[Chunk::whole((50, 50))]);
        assert!((adjustment - 0.05706).abs() < 1e-4, "{adjustment}");
        let sample = Sample { segments: 100, ..Sample::default() };
        assert_eq!(sample.null_adjustment(&tuning, &[Chunk::whole((50, 50))]), -0.13);
    }

    #[test]
    fn a_ratio_is_replaced_only_by_one_that_differs() {
        let tuning = ScoreTuning::default();
        let sample =
            |src| Sample { lengths: Sides::new(src, 1000), pairs: 95, ..Sample::default() };
        assert_eq!(sample(850).ratio(0.8, &tuning), 0.8);
        // 0.8 · (1.2 / 0.8)^(95 / (95 + 5))
        let ratio = sample(1200).ratio(0.8, &tuning);
        assert!((ratio - 1.1759).abs() < 1e-3, "{ratio}");
    }
}
