//! What an alignment measured on its document, by which parts of it are aligned again.

use std::sync::Arc;

use super::chunk::{Chunk, ChunkBeads};
use super::chunk_passes::FirstPass;
use super::confidence::PathSample;
use super::sides::Sides;

/// What is measured on a chunk when it is searched.
#[derive(Clone, Debug, Default)]
pub(super) struct ChunkMeasures {
    /// Each segment's best cosine anywhere, in the indices of the chunk.
    pub(super) best: Sides<Vec<f32>>,
    /// Minimum lengths of the segments that may be one side of a long bead.
    pub(super) min_long: Sides<f32>,
    /// What its beads show.
    pub(super) sample: PathSample,
}

/// What is measured on a document when it is aligned.
pub(super) struct Measured {
    /// What the first pass measured, with the words that were learned and the beads that were
    /// found.
    pub(super) known: FirstPass,
    /// Each segment's best cosine anywhere, as far as it is known: negative infinity for segments
    /// that were not searched.
    pub(super) best: Sides<Vec<f32>>,
    /// Minimum lengths of the segments that may be one side of a long bead.
    pub(super) min_long: Sides<f32>,
}

impl Measured {
    /// Joins what was measured on the chunks of a document.
    pub(super) fn new(
        known: FirstPass,
        size: (usize, usize),
        chunks: &[Chunk],
        found: &[ChunkBeads],
    ) -> Self {
        let mut sample = PathSample::default();
        let unknown = |segments| vec![f32::NEG_INFINITY; segments];
        let mut best = Sides::new(unknown(size.0), unknown(size.1));
        let mut min_long = Sides::new(f32::INFINITY, f32::INFINITY);
        for (chunk, ChunkBeads { measures, .. }) in chunks.iter().zip(found) {
            let Sides { src, tgt } = &chunk.segments;
            raise_at(&mut best.src, src, &measures.best.src);
            raise_at(&mut best.tgt, tgt, &measures.best.tgt);
            min_long = min_long.zip(measures.min_long).map(|(min, own)| min.min(own));
            sample.add(&measures.sample);
        }
        let known = FirstPass { sample: Some(Arc::new(sample)), ..known };
        Self { known, best, min_long }
    }

    /// Returns the best cosines of some segments, given others that may be larger.
    pub(super) fn best_of(&self, segments: &Sides<Vec<usize>>) -> Sides<Vec<f32>> {
        segments
            .as_ref()
            .zip(self.best.as_ref())
            .map(|(segments, best)| segments.iter().map(|&segment| best[segment]).collect())
    }
}

/// Raises the values of some segments to others that are larger.
fn raise_at(values: &mut [f32], segments: &[usize], others: &[f32]) {
    for (&segment, &other) in segments.iter().zip(others) {
        values[segment] = values[segment].max(other);
    }
}
