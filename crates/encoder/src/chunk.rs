//! Sums of the features of a chunk of a stream of tokens.

use std::ops::Range;

use nasaq_kernels::Kernel;

use crate::document::{CHUNK, SHORT, TokenStream, with_scratch};
use crate::encoder::CnnEncoder;
use crate::network::{Batch, FEATURES, REACH, TileFeatures, resize};
use crate::stage::{Stage, Work, timed};
use crate::tokenizer::{BEGIN, END};

/// The contribution of a chunk of the stream to the document. All sums are folded to 512 numbers.
pub(crate) struct ChunkSums {
    /// The first segment with tokens in the chunk.
    pub(crate) first_segment: usize,
    /// The part of the sum of each segment that lies in the chunk, from that segment on.
    pub(crate) segments: Vec<f32>,
    /// For each boundary in the chunk: the start correction, the end correction, then for each
    /// window length the sum after and the sum before.
    pub(crate) boundaries: Vec<f32>,
}

/// Computes the sums of the chunk that starts at token `from`.
pub(crate) fn chunk_sums(
    encoder: &CnnEncoder,
    stream: &TokenStream,
    windows: &[usize],
    from: usize,
) -> ChunkSums {
    let kernel = encoder.kernel();
    let chunk = Chunk::new(stream, windows, from);
    let (batch, rows, edges) = chunk.batch();
    with_scratch(|scratch| {
        let mut sums = std::mem::take(&mut scratch.sums);
        let segment_numbers = chunk.segments.len() * FEATURES;
        resize(&mut sums, segment_numbers + chunk.boundary_rows() * FEATURES);
        let (segments, boundaries) = sums.split_at_mut(segment_numbers);
        segments.fill(0.0);
        let mut progress = Progress::default();
        let mut work = chunk.work(&edges);
        let (network, kept) = (encoder.network(), 2 * chunk.halo);
        network.features(kernel, scratch, &batch, &rows, kept, |features| {
            timed(Stage::Sums, std::mem::take(&mut work), || {
                progress.segments(kernel, &chunk, features, segments);
                progress.boundaries(kernel, &chunk, features, boundaries);
                progress.edges(kernel, &chunk, &edges, features, boundaries);
            });
        });
        let segments = encoder.head().fold(kernel, &mut scratch.head, segments);
        let boundaries = encoder.head().fold(kernel, &mut scratch.head, boundaries);
        scratch.sums = sums;
        ChunkSums { first_segment: chunk.segments.start, segments, boundaries }
    })
}

/// A chunk of a stream.
struct Chunk<'s> {
    stream: &'s TokenStream,
    windows: &'s [usize],
    /// The tokens of the chunk.
    tokens: Range<usize>,
    /// Tokens around it that its windows and corrections depend on.
    halo: usize,
    /// The tokens whose features are needed: those of the chunk and of its halo.
    needed: Range<usize>,
    /// The segments that have tokens in the chunk.
    segments: Range<usize>,
    /// The boundaries in the chunk.
    boundaries: &'s [usize],
}

impl<'s> Chunk<'s> {
    fn new(stream: &'s TokenStream, windows: &'s [usize], from: usize) -> Self {
        let total = stream.len();
        let to = (from + CHUNK).min(total);
        // Boundaries at the end of the stream belong to the last chunk.
        let end = if to == total { total + 1 } else { to };
        let bounds = &stream.bounds;
        let boundaries =
            bounds.partition_point(|&at| at < from)..bounds.partition_point(|&at| at < end);
        let first_segment = bounds.partition_point(|&at| at <= from).saturating_sub(1);
        let last_segment = bounds.partition_point(|&at| at < to).min(stream.segments());
        let halo = windows.iter().copied().max().unwrap_or(0).max(REACH);
        Self {
            stream,
            windows,
            tokens: from..to,
            halo,
            needed: from.saturating_sub(halo)..(to + halo).min(total),
            segments: first_segment..last_segment.max(first_segment),
            boundaries: &bounds[boundaries],
        }
    }

    /// Returns the number of sums for each boundary.
    fn rows_per_boundary(&self) -> usize {
        2 + 2 * self.windows.len()
    }

    /// Returns the number of sums for all boundaries.
    fn boundary_rows(&self) -> usize {
        self.boundaries.len() * self.rows_per_boundary()
    }

    /// Returns the texts to compute, the rows whose features are needed, and where those of the
    /// edges are among them: of each boundary, those of the text after it and of the text before.
    fn batch(&self) -> (Batch, Vec<usize>, Vec<Range<usize>>) {
        let Range { start: low, end: high } = self.needed;
        let tokens = &self.stream.tokens;
        // The features of the needed tokens depend on a margin.
        let (margin_low, margin_high) =
            (low.saturating_sub(REACH), (high + REACH).min(tokens.len()));
        let mut batch = Batch::default();
        let first = batch.push(tokens[margin_low..margin_high].iter().copied());
        let mut rows: Vec<usize> = (first + low - margin_low..first + high - margin_low).collect();
        let mut edges = Vec::with_capacity(2 * self.boundaries.len());
        for &at in self.boundaries {
            let ahead = &tokens[at..(at + SHORT).min(tokens.len())];
            let row = batch.push([BEGIN].into_iter().chain(ahead.iter().copied()));
            let length = 1 + ahead.len().min(REACH);
            edges.push(rows.len()..rows.len() + length);
            rows.extend(row..row + length);
            let behind = &tokens[at.saturating_sub(SHORT)..at];
            let row = batch.push(behind.iter().copied().chain([END]));
            let length = 1 + behind.len().min(REACH);
            edges.push(rows.len()..rows.len() + length);
            rows.extend(row + behind.len() + 1 - length..=row + behind.len());
        }
        (batch, rows, edges)
    }

    /// Returns the work of all sums.
    fn work(&self, edges: &[Range<usize>]) -> Work {
        let around = 2 * (REACH + self.windows.iter().sum::<usize>());
        let edges: usize = edges.iter().map(Range::len).sum();
        let read = self.tokens.len() + self.boundaries.len() * around + edges;
        let written = self.segments.len() + self.boundary_rows();
        Work { multiply_adds: 0, bytes: (read + written) * 4 * FEATURES }
    }

    /// Returns the targets of tokens of the stream.
    fn targets(&self, tokens: &Range<usize>) -> Range<usize> {
        tokens.start - self.needed.start..tokens.end - self.needed.start
    }

    /// Returns the tokens of a segment that are in the chunk.
    fn tokens_of(&self, segment: usize) -> Range<usize> {
        let bounds = &self.stream.bounds;
        bounds[segment].max(self.tokens.start)..bounds[segment + 1].min(self.tokens.end)
    }

    /// Returns up to `length` tokens after a boundary, and as many before it.
    fn around(&self, at: usize, length: usize) -> [Range<usize>; 2] {
        [at..(at + length).min(self.stream.len()), at.saturating_sub(length)..at]
    }
}

/// How many sums of a chunk are complete. Sums are computed as soon as the features that they need
/// are there, while these are in the cache.
#[derive(Default)]
struct Progress {
    segments: usize,
    boundaries: usize,
    edges: usize,
}

impl Progress {
    /// Adds the features of a tile to the sums of segments.
    fn segments(
        &mut self,
        kernel: Kernel,
        chunk: &Chunk<'_>,
        features: &TileFeatures<'_>,
        sums: &mut [f32],
    ) {
        let sums = sums.chunks_exact_mut(FEATURES).skip(self.segments);
        for (segment, sum) in (chunk.segments.start + self.segments..).zip(sums) {
            let targets = chunk.targets(&chunk.tokens_of(segment));
            kernel.add_rows(sum, features.in_tile(&targets));
            if targets.end > features.tile.end {
                break;
            }
            self.segments += 1;
        }
    }

    /// Writes the sums around those boundaries for which all features are there.
    fn boundaries(
        &mut self,
        kernel: Kernel,
        chunk: &Chunk<'_>,
        features: &TileFeatures<'_>,
        sums: &mut [f32],
    ) {
        let sums = sums.chunks_exact_mut(chunk.rows_per_boundary() * FEATURES);
        for (&at, sums) in chunk.boundaries.iter().zip(sums).skip(self.boundaries) {
            let last = (at + chunk.halo).min(chunk.stream.len());
            if last - chunk.needed.start > features.tile.end {
                break;
            }
            let (corrections, windows) = sums.split_at_mut(2 * FEATURES);
            let tokens = chunk.around(at, REACH);
            for (sum, tokens) in corrections.chunks_exact_mut(FEATURES).zip(tokens) {
                // Minus the features in the stream; `edges` adds those of the text by itself.
                kernel.sum_rows(sum, features.of(chunk.targets(&tokens)));
                kernel.scale(sum, -1.0);
            }
            let tokens = chunk.windows.iter().flat_map(|&length| chunk.around(at, length));
            for (sum, tokens) in windows.chunks_exact_mut(FEATURES).zip(tokens) {
                kernel.sum_rows(sum, features.of(chunk.targets(&tokens)));
            }
            self.boundaries += 1;
        }
    }

    /// Adds the features of a tile to the corrections of the edges.
    fn edges(
        &mut self,
        kernel: Kernel,
        chunk: &Chunk<'_>,
        edges: &[Range<usize>],
        features: &TileFeatures<'_>,
        sums: &mut [f32],
    ) {
        for targets in &edges[self.edges..] {
            let row = self.edges / 2 * chunk.rows_per_boundary() + self.edges % 2;
            kernel.add_rows(&mut sums[row * FEATURES..][..FEATURES], features.in_tile(targets));
            if targets.end > features.tile.end {
                break;
            }
            self.edges += 1;
        }
    }
}
