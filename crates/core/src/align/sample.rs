//! What the first paths show of a document.

use super::chunk::Chunk;
use super::evidence::median;
use super::lattice::Step;
use super::prepared::ChunkSide;
use super::score::{Typical, View};
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
    /// Nulls of each side.
    nulls: Sides<usize>,
    segments: Sides<usize>,
    /// Segments of each side in long runs that the coarse path leaves unaligned.
    unaligned: Sides<usize>,
}

impl Sample {
    /// Adds the path through a chunk, as far as it lies in the chunk's own part.
    pub(super) fn add(&mut self, chunk: &Chunk, path: &[Step], view: View<'_>) {
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
            self.nulls.src += usize::from(shape.1 == 0 && may_be_omitted(view.src, i));
            self.nulls.tgt += usize::from(shape.0 == 0 && may_be_omitted(view.tgt, j));
            if shape == (1, 1) {
                self.lengths.src += u64::from(view.src.lengths[i]);
                self.lengths.tgt += u64::from(view.tgt.lengths[j]);
                self.pairs += 1;
            }
            if (1..=2).contains(&shape.0) && (1..=2).contains(&shape.1) {
                let (cosine, coverage) = view.cosine_and_coverage(shape, (i, j));
                self.cosines.push(cosine);
                self.coverages.push(coverage);
            }
        }
        let add = |sums: &mut Sides<usize>, counts: Sides<usize>| {
            *sums = sums.zip(counts).map(|(sum, count)| sum + count);
        };
        add(&mut self.nulls, chunk.skipped());
        add(&mut self.segments, chunk.own_segments());
        add(&mut self.unaligned, chunk.unaligned_segments());
    }

    /// Returns what is added to the score of every null: nulls score more in a document that has
    /// many.
    pub(super) fn null_adjustment(&self, tuning: &NullTuning, chunks: &[Chunk]) -> f32 {
        let Sides { src, tgt } = self.nulls_of(chunks);
        adjustment(tuning, src.0 + tgt.0, src.1 + tgt.1)
    }

    /// Returns the same for each side by its own nulls.
    pub(super) fn null_adjustments(&self, tuning: &NullTuning, chunks: &[Chunk]) -> Sides<f32> {
        self.nulls_of(chunks).map(|(nulls, segments)| adjustment(tuning, nulls, segments))
    }

    /// Estimates the nulls of all chunks and counts their segments, for each side. Chunks outside
    /// the sample have the nulls that the coarse path shows, and the sample's rate of others.
    fn nulls_of(&self, chunks: &[Chunk]) -> Sides<(f32, f32)> {
        let sum = |of_chunk: fn(&Chunk) -> Sides<usize>| {
            chunks.iter().map(of_chunk).fold(Sides::default(), |sums: Sides<usize>, counts| {
                sums.zip(counts).map(|(sum, count)| sum + count)
            })
        };
        let all = sum(Chunk::own_segments).zip(sum(Chunk::unaligned_segments));
        let sampled = self.nulls.zip(self.segments).zip(self.unaligned);
        all.zip(sampled).map(|((segments, unaligned), ((nulls, sampled), sampled_unaligned))| {
            let unaligned = unaligned - sampled_unaligned;
            let outside = segments - sampled - unaligned;
            let others = nulls.saturating_sub(sampled_unaligned) as f32;
            let rate = others / (sampled - sampled_unaligned).max(1) as f32;
            ((nulls + unaligned) as f32 + rate * outside as f32, segments as f32)
        })
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

/// Reports whether a null says something about omissions: descriptions of sounds do not, nor does
/// a segment that is elsewhere on the other side, word for word.
fn may_be_omitted(side: &ChunkSide, segment: usize) -> bool {
    let is_description = side.cues.get(segment).is_some_and(|cue| cue.is_description);
    let is_identical = side.identical.get(segment).is_some_and(Option::is_some);
    !is_description && !is_identical
}

/// Returns what is added to the score of a null in a document with a number of nulls among its
/// segments.
fn adjustment(tuning: &NullTuning, nulls: f32, segments: f32) -> f32 {
    let (prior, max) = (tuning.rate_prior, tuning.max_rate_adjustment);
    let rate = (nulls + tuning.typical_rate * prior) / (segments + prior);
    (tuning.rate * libm::logf(rate / tuning.typical_rate)).clamp(-max, max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_outside_the_sample_have_its_null_rate_and_their_own_unaligned_runs() {
        let chunk = |from, to, unaligned| {
            let unaligned = Sides::new(vec![unaligned], Vec::new());
            Chunk { unaligned, ..Chunk::between(from, to) }
        };
        let chunks = [chunk((0, 0), (100, 100), 0..20), chunk((100, 100), (300, 200), 110..170)];
        let sample = Sample {
            nulls: Sides::new(28, 10),
            segments: Sides::new(100, 100),
            unaligned: Sides::new(20, 0),
            ..Sample::default()
        };
        // A tenth of the 80 other source segments and of the 100 target segments in the sample, so
        // 14 of the 140 and 10 of the 100 others outside it.
        let expected = Sides::new((28.0 + 60.0 + 14.0, 300.0), (10.0 + 10.0, 200.0));
        assert_eq!(sample.nulls_of(&chunks), expected);
        let tuning = NullTuning::default();
        assert_eq!(sample.null_adjustment(&tuning, &chunks), 0.13);
        // 0.1 · ln((3 + 0.015 · 30) / (100 + 30) / 0.015)
        let segments = Sides::new(50, 50);
        let whole = [Chunk::whole((50, 50))];
        let sample = Sample { nulls: Sides::new(1, 2), segments, ..Sample::default() };
        let adjustment = sample.null_adjustment(&tuning, &whole);
        assert!((adjustment - 0.05706).abs() < 1e-4, "{adjustment}");
        // 0.1 · ln((1 + 0.015 · 30) / (50 + 30) / 0.015) and the same with 2
        let Sides { src, tgt } = sample.null_adjustments(&tuning, &whole);
        assert!((src - 0.01893).abs() < 1e-4 && (tgt - 0.07138).abs() < 1e-4, "{src} {tgt}");
        let sample = Sample { segments, ..Sample::default() };
        assert_eq!(sample.null_adjustment(&tuning, &whole), -0.13);
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
