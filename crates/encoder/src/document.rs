//! All blocks of a document from one pass over its tokens.
//!
//! The features of a token depend on four tokens to either side, and the vector of a text on the
//! sum of the features of its tokens. So the features are computed once, over the whole document as
//! one stream of tokens. The sum of a block of segments `i..=j` is that of its tokens plus a
//! correction at either edge, where the stream has a neighbour but the text of the block alone has
//! BEGIN or END:
//!
//! ```text
//! S(i..=j) = sum(i) + … + sum(j) + start(i) + end(j)
//! start(i) = f(BEGIN) + Σ over the 4 tokens from i of (f with BEGIN before them - f in the stream)
//! ```
//!
//! The corrections are exact where the block has at least eight tokens; shorter blocks are encoded
//! directly. So every block has the vector of its joined text, up to rounding.

use std::cell::RefCell;

use nasaq::{DocumentVectors, VectorRequest};
use rayon::prelude::*;

use crate::chunk::{ChunkSums, chunk_sums};
use crate::encoder::CnnEncoder;
use crate::family::Family;
use crate::head::VECTOR;
use crate::model::release_context;
use crate::network::{NetworkScratch, REACH};
use crate::texts::encode_texts;
use crate::tokenizer::TokenId;

/// Tokens of the stream that are encoded together. Results depend on it: partial sums of a segment
/// are added chunk by chunk.
pub(crate) const CHUNK: usize = 1536;
/// Blocks with fewer tokens are encoded directly.
pub(crate) const SHORT: usize = 2 * REACH;
/// Max. number of segments whose edge corrections are averaged for the windows.
const TYPICAL_SEGMENTS: usize = 40;
/// Min. number of tokens of a segment that is included in this average.
const MIN_TYPICAL_TOKENS: usize = 10;
/// Max. length of a window, in tokens, and so how far a chunk reaches beyond itself.
const MAX_WINDOW: usize = 128;

/// The tokens of a document as one stream.
pub(crate) struct TokenStream {
    pub(crate) tokens: Vec<TokenId>,
    /// The index in `tokens` where each segment starts, and the end.
    pub(crate) bounds: Vec<usize>,
}

impl TokenStream {
    pub(crate) fn new(encoder: &CnnEncoder, segments: &[&str]) -> Self {
        let parts: Vec<Vec<TokenId>> =
            segments.par_iter().map(|text| encoder.tokens(text)).collect();
        let mut bounds = Vec::with_capacity(parts.len() + 1);
        bounds.push(0);
        let mut tokens = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for part in parts {
            tokens.extend(part);
            bounds.push(tokens.len());
        }
        Self { tokens, bounds }
    }

    pub(crate) fn segments(&self) -> usize {
        self.bounds.len() - 1
    }

    /// Returns the number of tokens.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Returns the tokens of `size` segments from `first`.
    fn block(&self, first: usize, size: usize) -> &[TokenId] {
        &self.tokens[self.bounds[first]..self.bounds[first + size]]
    }
}

/// Folded sums of a whole document.
struct Sums {
    /// One row per segment.
    segments: Vec<f32>,
    /// `rows_per_boundary` rows per boundary, as in [`ChunkSums`].
    boundaries: Vec<f32>,
    rows_per_boundary: usize,
}

impl Sums {
    fn segment(&self, segment: usize) -> &[f32] {
        &self.segments[segment * VECTOR..][..VECTOR]
    }

    fn boundary(&self, boundary: usize, row: usize) -> &[f32] {
        &self.boundaries[(boundary * self.rows_per_boundary + row) * VECTOR..][..VECTOR]
    }
}

/// Encodes all blocks and windows of one side.
///
/// `windows` are the lengths in tokens for this side.
pub(crate) fn encode(
    encoder: &CnnEncoder,
    stream: &TokenStream,
    request: &VectorRequest,
    windows: &[usize],
) -> DocumentVectors {
    let windows: Vec<usize> = windows.iter().map(|&length| length.min(MAX_WINDOW)).collect();
    let sums = document_sums(encoder, stream, &windows);
    let mut inner = Vec::new();
    let blocks = (1..=request.max_block.min(stream.segments()))
        .map(|size| blocks_of(encoder, stream, &sums, size, &mut inner))
        .collect();
    let typical = typical_correction(encoder, stream, &sums);
    let window_vectors = |side: usize| {
        windows
            .iter()
            .enumerate()
            .map(|(w, &length)| window_vectors(encoder, stream, &sums, &typical, w, length, side))
            .collect()
    };
    DocumentVectors::new(VECTOR, blocks).with_windows(window_vectors(0), window_vectors(1))
}

thread_local! {
    static SCRATCH: RefCell<NetworkScratch> = RefCell::default();
}

/// Calls `work` with buffers that the thread reuses.
pub(crate) fn with_scratch<T>(work: impl FnOnce(&mut NetworkScratch) -> T) -> T {
    SCRATCH.with_borrow_mut(work)
}

/// Frees the buffers that the current thread retains for its next document, up to 50 MB.
///
/// The next document allocates them again, which takes some milliseconds.
pub fn release_thread_memory() {
    SCRATCH.take();
    release_context();
}

fn document_sums(encoder: &CnnEncoder, stream: &TokenStream, windows: &[usize]) -> Sums {
    let chunks: Vec<ChunkSums> = (0..stream.len().div_ceil(CHUNK).max(1))
        .into_par_iter()
        .map(|chunk| chunk_sums(encoder, stream, windows, chunk * CHUNK))
        .collect();
    let rows_per_boundary = 2 + 2 * windows.len();
    let mut segments: Vec<f32> = Vec::with_capacity(stream.segments() * VECTOR);
    let mut boundaries = Vec::with_capacity((stream.segments() + 1) * rows_per_boundary * VECTOR);
    for chunk in &chunks {
        let first = chunk.first_segment * VECTOR;
        // Segments without tokens are in no chunk. The first segment of a chunk may start in the
        // one before.
        segments.resize(segments.len().max(first), 0.0);
        let started = &mut segments[first..];
        let (rest, new) = chunk.segments.split_at(started.len());
        encoder.kernel().add(started, rest);
        segments.extend_from_slice(new);
        boundaries.extend_from_slice(&chunk.boundaries);
    }
    segments.resize(stream.segments() * VECTOR, 0.0);
    Sums { segments, boundaries, rows_per_boundary }
}

/// Returns the vectors of all blocks of `size` segments.
///
/// `inner` has the sum of the segments of each block, without its edges: those of the blocks that
/// are a segment shorter, to which their last segment is added.
fn blocks_of(
    encoder: &CnnEncoder,
    stream: &TokenStream,
    sums: &Sums,
    size: usize,
    inner: &mut Vec<f32>,
) -> Vec<f32> {
    const JOB: usize = 512;
    let kernel = encoder.kernel();
    let count = stream.segments() - size + 1;
    if size == 1 {
        inner.extend_from_slice(&sums.segments);
    }
    inner.truncate(count * VECTOR);
    if size > 1 {
        inner.par_chunks_mut(VECTOR).with_min_len(JOB).enumerate().for_each(|(i, inner)| {
            kernel.add(inner, sums.segment(i + size - 1));
        });
    }
    let mut vectors = inner.clone();
    vectors.par_chunks_mut(JOB * VECTOR).enumerate().for_each(|(job, rows)| {
        let first = job * JOB;
        let blocks = first..first + rows.len() / VECTOR;
        for (row, i) in rows.chunks_exact_mut(VECTOR).zip(blocks.clone()) {
            kernel.add(row, sums.boundary(i, 0));
            kernel.add(row, sums.boundary(i + size, 1));
        }
        let lengths: Vec<usize> = blocks.map(|i| stream.block(i, size).len() + 2).collect();
        with_scratch(|scratch| encoder.head().vectors(kernel, &mut scratch.head, rows, &lengths));
    });
    let short: Vec<usize> = (0..count).filter(|&i| stream.block(i, size).len() < SHORT).collect();
    if !short.is_empty() {
        let texts: Vec<&[TokenId]> = short.iter().map(|&i| stream.block(i, size)).collect();
        let direct = encode_texts(encoder, &texts, &Family::alone(texts.len()));
        for (&i, vector) in short.iter().zip(direct.chunks_exact(VECTOR)) {
            vectors[i * VECTOR..][..VECTOR].copy_from_slice(vector);
        }
    }
    vectors
}

/// Returns the mean correction of both edges over the first segments of ordinary length.
///
/// Windows of running text have no edges. With this correction their sums are comparable to those
/// of whole texts.
fn typical_correction(encoder: &CnnEncoder, stream: &TokenStream, sums: &Sums) -> Vec<f32> {
    let mut mean = vec![0.0; VECTOR];
    let typical: Vec<usize> = (0..stream.segments())
        .filter(|&i| stream.block(i, 1).len() >= MIN_TYPICAL_TOKENS)
        .take(TYPICAL_SEGMENTS)
        .collect();
    for &i in &typical {
        encoder.kernel().add(&mut mean, sums.boundary(i, 0));
        encoder.kernel().add(&mut mean, sums.boundary(i + 1, 1));
    }
    let scale = 1.0 / typical.len().max(1) as f32;
    mean.iter_mut().for_each(|value| *value *= scale);
    mean
}

/// Returns the vectors of the windows of one length after (`side` 0) or before (1) each boundary.
fn window_vectors(
    encoder: &CnnEncoder,
    stream: &TokenStream,
    sums: &Sums,
    typical: &[f32],
    window: usize,
    length: usize,
    side: usize,
) -> Vec<f32> {
    let kernel = encoder.kernel();
    let mut vectors = Vec::with_capacity(stream.bounds.len() * VECTOR);
    for boundary in 0..stream.bounds.len() {
        vectors.extend_from_slice(sums.boundary(boundary, 2 + 2 * window + side));
    }
    let tokens: Vec<usize> = stream
        .bounds
        .iter()
        .map(|&at| {
            let available = if side == 0 { stream.len() - at } else { at };
            let available = available.min(length);
            // A single token is too little evidence.
            if available < 2 { 0 } else { available + 2 }
        })
        .collect();
    vectors.par_chunks_mut(VECTOR * 512).enumerate().for_each(|(job, rows)| {
        let first = job * 512;
        rows.chunks_exact_mut(VECTOR).for_each(|row| kernel.add(row, typical));
        let tokens = &tokens[first..first + rows.len() / VECTOR];
        with_scratch(|scratch| encoder.head().vectors(kernel, &mut scratch.head, rows, tokens));
    });
    vectors
}
