//! A chunk prepared for its search: its vectors, its corridor, and each segment's best cosine.

use nasaq_kernels::Kernel;

use super::Aligner;
use super::anchor::Anchor;
use super::bitext::Bitext;
use super::chunk::Chunk;
use super::compared::{Compared, best_cosines, raise};
use super::corridor::Corridor;
use super::cue::SegmentCue;
use super::evidence::{Evidence, mean_cosine};
use super::fine::narrowed;
use super::lexical::{Lexical, SideWords, gather};
use super::long::LongSegments;
use super::measured::Measured;
use super::score::View;
use super::search::Search;
use super::sides::Sides;
use super::tuning::Tuning;
use super::vectors::SideVectors;
use crate::encoder::{Encoder, SegmentIndices, VectorRequest};
use crate::error::{ErrorKind, Result};

/// One side of a chunk.
pub(crate) struct ChunkSide {
    /// The vectors of its segments.
    pub(crate) vectors: SideVectors,
    /// Lengths of the normalised segments, in code points.
    pub(crate) lengths: Vec<u32>,
    /// Which segments look like boilerplate.
    pub(crate) boilerplate: Vec<bool>,
    /// What is known of them as subtitles; empty if nothing is.
    pub(crate) cues: Vec<SegmentCue>,
    /// What each shares with the segment of the other side that has the same text; empty if the
    /// document has no such pair.
    pub(crate) identical: Vec<Option<u32>>,
}

impl ChunkSide {
    pub(crate) fn len(&self) -> usize {
        self.lengths.len()
    }
}

/// A chunk with its vectors and all that its search needs but the matches of words and the cosines
/// near the corridor.
pub(super) struct PreparedChunk {
    pub(super) segments: Sides<Vec<usize>>,
    pub(super) src: ChunkSide,
    pub(super) tgt: ChunkSide,
    pub(super) anchors: Vec<Anchor>,
    pub(super) seams: Sides<Vec<usize>>,
    pub(super) long: LongSegments,
    pub(super) corridor: Corridor,
    /// Each segment's best cosine in the chunk and in those that it was compared with.
    pub(super) best: Sides<Vec<f32>>,
}

impl PreparedChunk {
    /// Computes how words match near the corridor.
    pub(super) fn lexical(&self, aligner: &Aligner, words: &Sides<SideWords>) -> Lexical {
        let words = gather(words.as_ref(), &self.segments);
        Lexical::new(aligner.kernel, &aligner.tuning, words, &self.corridor, aligner.max_segments)
    }

    /// Computes the cosines near the corridor.
    pub(super) fn evidence(&self, aligner: &Aligner) -> Evidence<'_> {
        let Self { src, tgt, corridor, .. } = self;
        Evidence::new(aligner.kernel, &src.vectors, &tgt.vectors, corridor, aligner.max_segments)
    }

    /// Returns what scores are computed from.
    pub(super) fn view<'a>(
        &'a self,
        tuning: &'a Tuning,
        evidence: &'a Evidence<'a>,
        lexical: &'a Lexical,
    ) -> View<'a> {
        let Self { src, tgt, anchors, seams, long, corridor, best, .. } = self;
        View { tuning, corridor, evidence, lexical, src, tgt, anchors, seams, long, best }
    }

    /// Returns each segment's best cosine with the chunk and other vectors, over blocks of up to
    /// `max_block` segments.
    pub(super) fn best_with<'v>(
        &self,
        kernel: Kernel,
        max_block: usize,
        others: impl Iterator<Item = Sides<&'v SideVectors>>,
    ) -> Sides<Vec<f32>> {
        let mut best = self.best.clone();
        for Sides { src, tgt } in others {
            let src_best = best_cosines(kernel, max_block, &self.src.vectors, tgt);
            let tgt_best = best_cosines(kernel, max_block, &self.tgt.vectors, src);
            raise(&mut best.src, &src_best);
            raise(&mut best.tgt, &tgt_best);
        }
        best
    }
}

/// Returns what is known of some segments, if anything is known of any.
fn of_segments<T: Copy>(segments: &[usize], known: &[T]) -> Vec<T> {
    if known.is_empty() {
        return Vec::new();
    }
    segments.iter().map(|&at| known[at]).collect()
}

impl Search<'_> {
    /// Returns the vectors of a chunk: stored ones, or encoded now.
    pub(super) fn vectors(&self, chunk: &Chunk) -> Result<Sides<SideVectors>> {
        let kernel = self.aligner.kernel;
        if let Some(vectors) = self.store.get(kernel, &chunk.segments) {
            return Ok(vectors);
        }
        let vectors = self.encoded(chunk)?;
        self.store.insert(&chunk.segments, &vectors);
        Ok(vectors)
    }

    /// Encodes a chunk.
    pub(super) fn encoded(&self, chunk: &Chunk) -> Result<Sides<SideVectors>> {
        let kernel = self.aligner.kernel;
        self.progress.check()?;
        let texts = chunk.segments.as_ref().zip(self.bitext.texts.as_ref()).map(
            |(segments, texts)| -> Vec<&str> {
                segments.iter().map(|&segment| texts[segment].as_ref()).collect()
            },
        );
        let Sides { src, tgt } = chunk.segments.clone();
        let segments = SegmentIndices::new(src, tgt, self.bitext.size());
        let request = VectorRequest::new(self.aligner.max_segments - 1)
            .with_windows([self.aligner.tuning.score.window])
            .with_ratio(self.bitext.ratio)
            .with_segments(Some(segments));
        let (src, tgt) = self
            .encoder
            .encode_pair(&texts.src, &texts.tgt, &request)
            .map_err(ErrorKind::Encoder)?;
        // The vectors as they were returned are dropped at once: nothing here is larger.
        let vectors = Sides::new(src, tgt).map(|vectors| SideVectors::new(kernel, &vectors));
        self.progress.check()?;
        Ok(vectors)
    }

    /// Gets the vectors of a chunk and lays its corridor.
    pub(super) fn prepare(&self, chunk: &Chunk) -> Result<PreparedChunk> {
        Ok(self.prepare_with(chunk, self.vectors(chunk)?, None))
    }

    /// Returns both sides of a chunk with these vectors.
    pub(super) fn chunk_sides(
        &self,
        chunk: &Chunk,
        vectors: Sides<SideVectors>,
    ) -> Sides<ChunkSide> {
        let of_side = |segments: &[usize],
                       vectors,
                       lengths: &[u32],
                       boilerplate: &[bool],
                       cues: &[SegmentCue],
                       identical: &[Option<u32>]| ChunkSide {
            vectors,
            lengths: segments.iter().map(|&at| lengths[at]).collect(),
            boilerplate: segments.iter().map(|&at| boilerplate[at]).collect(),
            cues: of_segments(segments, cues),
            identical: of_segments(segments, identical),
        };
        let Bitext { lengths, boilerplate, cues, identical, .. } = &self.bitext;
        let segments = &chunk.segments;
        let src = of_side(
            &segments.src,
            vectors.src,
            &lengths.src,
            &boilerplate.src,
            &cues.src,
            &identical.src,
        );
        let tgt = of_side(
            &segments.tgt,
            vectors.tgt,
            &lengths.tgt,
            &boilerplate.tgt,
            &cues.tgt,
            &identical.tgt,
        );
        Sides::new(src, tgt)
    }

    /// Lays the corridor of a chunk with these vectors, by what was measured on the document if it
    /// is known.
    pub(super) fn prepare_with(
        &self,
        chunk: &Chunk,
        vectors: Sides<SideVectors>,
        measured: Option<&Measured>,
    ) -> PreparedChunk {
        let (aligner, bitext) = (self.aligner, &self.bitext);
        let Sides { src, tgt } = self.chunk_sides(chunk, vectors);
        let anchors = chunk.anchors(&bitext.anchors);
        let size = (src.len(), tgt.len());
        let vectors = Sides::new(&src.vectors, &tgt.vectors);
        let tuning = &aligner.tuning.corridor;
        let (lengths, max) = (Sides::new(&src.lengths[..], &tgt.lengths[..]), aligner.max_segments);
        let min_lengths = match measured {
            Some(measured) => measured.min_long,
            None => {
                let ratio = bitext.length_ratio(&aligner.tuning.score);
                LongSegments::min_lengths(&aligner.tuning.long, lengths, ratio, max)
            }
        };
        let long = LongSegments::new(&aligner.tuning.long, lengths, min_lengths, &anchors, max);
        let wide = Corridor::new(aligner.kernel, tuning, vectors, size, &anchors, &chunk.path)
            .joined_at(&long.sides.src, aligner.tuning.long.joined_rows);
        // Anchors and a coarse path are knowledge beside the cosines, which narrowing would lose.
        let is_narrowed = !tuning.everything && anchors.is_empty() && chunk.path.is_empty();
        let max_block = aligner.tuning.null.best_blocks;
        let Compared { best, near } =
            Compared::new(aligner.kernel, max_block, vectors, is_narrowed.then_some(&wide));
        let corridor = if is_narrowed {
            let noise = match measured {
                Some(measured) => measured.known.measures.noise,
                None => mean_cosine([&src.vectors], [&tgt.vectors]),
            };
            narrowed(tuning, &wide, near, noise, size)
        } else {
            wide
        };
        let (segments, seams) = (chunk.segments.clone(), chunk.seams());
        PreparedChunk { segments, src, tgt, anchors, seams, long, corridor, best }
    }
}
