//! The token network: token ids in, one feature vector per token out.
//!
//! An embedding is projected and normalised, then passes three branches of 256 numbers. Branch `n`
//! looks at windows of `n` tokens, twice: `h = relu(conv(x)) + x`, `c = relu(conv(h)) + h`. The
//! embedding and the three results, normalised, are a token's features.
//!
//! The first convolution is a sum, over the positions of the window, of products that depend on the
//! token id alone, so each distinct token is computed once per run ([`TokenTable`]).

use std::collections::BTreeMap;
use std::ops::Range;

use nasaq_kernels::{Isa, Kernel, ReadAhead};

use crate::branch::{Branch, BranchScratch};
use crate::embedding::{EMBEDDING, EmbeddingTable};
use crate::error::Result;
use crate::head::HeadScratch;
use crate::layer::Mode;
use crate::model::Tensors;
use crate::stage::{Stage, Work, timed};
use crate::token_layers::{BRANCHES_WIDTH, TokenLayers, TokenScratch};
use crate::token_table::{TokenRow, TokenTable};
use crate::tokenizer::TokenId;

/// Width of a branch.
pub(crate) const WIDTH: usize = 256;
/// Number of features of a token.
pub(crate) const FEATURES: usize = EMBEDDING + BRANCHES_WIDTH;
/// Window positions of each branch.
pub(crate) const BRANCHES: [usize; 3] = [2, 3, 5];
/// Number of tokens to either side that a token's features depend on.
pub(crate) const REACH: usize = 4;
/// Rows of zeros that separate texts: the widest window reaches two tokens back or ahead.
pub(crate) const MARGIN: usize = 2;
/// Tokens whose features are computed together: their intermediate results stay in the cache.
const TILE: usize = 48;
/// The same with AMX, which multiplies 32 rows at a time.
const AMX_TILE: usize = 64;
/// Tiles whose features are in memory, besides those that are kept: the more, the fewer are moved.
const TILES: usize = 2;
/// Added to variances, as in the reference.
pub(crate) const EPSILON: f32 = 1e-12;

/// The layers from token id to features.
pub(crate) struct Network {
    embeddings: EmbeddingTable,
    tokens: TokenTable,
    token_layers: TokenLayers,
    branches: [Branch; 3],
    gain: Vec<f32>,
    shift: Vec<f32>,
}

/// Texts laid out for [`Network::features`]: tokens in rows, zero rows between texts.
#[derive(Default)]
pub(crate) struct Batch {
    rows: Vec<Option<TokenId>>,
}

impl Batch {
    /// Adds a text and returns the row of its first token.
    pub(crate) fn push(&mut self, tokens: impl IntoIterator<Item = TokenId>) -> usize {
        if self.rows.is_empty() {
            self.rows.extend([None; MARGIN]);
        }
        let first = self.rows.len();
        self.rows.extend(tokens.into_iter().map(Some));
        self.rows.extend([None; MARGIN]);
        first
    }
}

impl Network {
    /// Loads the tensors, for second convolutions that compute in `mode`.
    pub(crate) fn new(
        tensors: &Tensors<'_>,
        embeddings: EmbeddingTable,
        vocabulary: usize,
        mode: Mode<'_>,
    ) -> Result<Self> {
        Ok(Self {
            embeddings,
            tokens: TokenTable::new(vocabulary),
            token_layers: TokenLayers::new(tensors, mode)?,
            branches: [
                Branch::new(tensors, 0, mode)?,
                Branch::new(tensors, 1, mode)?,
                Branch::new(tensors, 2, mode)?,
            ],
            gain: tensors.floats("features.norm.gain", Some(FEATURES))?,
            shift: tensors.floats("features.norm.bias", Some(FEATURES))?,
        })
    }

    /// Sets the max. number of tokens in the cache.
    pub(crate) fn set_max_tokens(&mut self, tokens: usize) {
        self.tokens.set_max(tokens);
    }

    /// Computes the features of the tokens in the `targets` rows of a batch, which ascend: 1,280
    /// numbers each. Calls `work` after each tile, while its features are in the cache.
    ///
    /// The features of the last `kept` targets before the tile are in memory too.
    pub(crate) fn features(
        &self,
        kernel: Kernel,
        scratch: &mut NetworkScratch,
        batch: &Batch,
        targets: &[usize],
        kept: usize,
        mut work: impl FnMut(&TileFeatures<'_>),
    ) {
        let NetworkScratch { branches, features, .. } = scratch;
        let uncached = self.compute_tokens(kernel, &mut scratch.tokens, batch);
        let token_row = |token: TokenId| -> &[u16] {
            self.tokens.get(token).unwrap_or_else(|| &uncached[&token])
        };
        let tokens: Vec<Option<&[u16]>> = batch.rows.iter().map(|row| row.map(token_row)).collect();
        let tile = if kernel.isa() == Isa::Amx { AMX_TILE } else { TILE };
        let capacity = targets.len().min(kept + TILES * tile);
        resize(features, capacity * FEATURES);
        // The index of the first target in `features`, and the number of them.
        let (mut base, mut count) = (0, 0);
        let mut later = targets.chunks(tile).skip(1);
        for targets in targets.chunks(tile) {
            if count + targets.len() > capacity {
                let dropped = count - kept;
                features.copy_within(dropped * FEATURES..count * FEATURES, 0);
                (base, count) = (base + dropped, kept);
            }
            let first = count * FEATURES;
            count += targets.len();
            let end = count * FEATURES;
            let mut ahead = ReadAhead::default();
            if let Some(next) = later.next() {
                // The rows around the first one were read for this tile.
                tokens[next[0] + MARGIN..=next[next.len() - 1] + MARGIN]
                    .iter()
                    .flatten()
                    .for_each(|row| ahead.push(row));
                let tokens = next.iter().filter_map(|&row| batch.rows[row]);
                tokens.for_each(|token| ahead.push(self.embeddings.codes(token)));
            }
            for branch in &self.branches {
                let out = &mut features[first + branch.column..end];
                branch.run(kernel, &tokens, targets, branches, &mut ahead, out);
            }
            let done = Work {
                multiply_adds: 0,
                // Codes and numbers, which are read three times and written twice.
                bytes: targets.len() * (EMBEDDING + 5 * 4 * FEATURES),
            };
            timed(Stage::Norms, done, || {
                let rows = features[first..end].chunks_exact_mut(FEATURES);
                for (features, &row) in rows.zip(targets) {
                    let token = batch.rows[row].expect("a token's row");
                    self.embeddings.read(kernel, token, &mut features[..EMBEDDING]);
                }
                kernel.layer_norms(&mut features[first..end], &self.gain, &self.shift, EPSILON);
            });
            let tile = base + count - targets.len()..base + count;
            work(&TileFeatures { tile, first: base, features: &features[..end] });
        }
    }

    /// Returns the max. inputs of the second convolutions, where they were recorded.
    pub(crate) fn max_inputs(&self) -> [Vec<f32>; 3] {
        self.branches.each_ref().map(Branch::max_inputs)
    }

    /// Computes the tokens of a batch that the table lacks, and returns those that do not fit in
    /// it.
    fn compute_tokens(
        &self,
        kernel: Kernel,
        scratch: &mut TokenScratch,
        batch: &Batch,
    ) -> BTreeMap<TokenId, TokenRow> {
        let mut tokens: Vec<TokenId> = batch
            .rows
            .iter()
            .flatten()
            .copied()
            .filter(|&it| self.tokens.get(it).is_none())
            .collect();
        tokens.sort_unstable();
        tokens.dedup();
        if tokens.is_empty() {
            return BTreeMap::new();
        }

        let work = TokenLayers::work(tokens.len());
        let rows = timed(Stage::NewTokens, work, || {
            self.token_layers.rows(kernel, &self.embeddings, &tokens, scratch)
        });
        let computed = tokens.into_iter().zip(rows);
        let insert = |(token, row)| Some((token, self.tokens.insert(token, row).err()?));
        computed.filter_map(insert).collect()
    }
}

/// The features of a tile, and of some targets before it.
pub(crate) struct TileFeatures<'f> {
    /// The targets of the tile, by index.
    pub(crate) tile: Range<usize>,
    /// The index of the first target in `features`.
    first: usize,
    features: &'f [f32],
}

impl<'f> TileFeatures<'f> {
    /// Returns the features of targets, by index.
    pub(crate) fn of(&self, targets: Range<usize>) -> &'f [f32] {
        &self.features
            [(targets.start - self.first) * FEATURES..(targets.end - self.first) * FEATURES]
    }

    /// Returns the features of those of some targets that are in the tile.
    pub(crate) fn in_tile(&self, targets: &Range<usize>) -> &'f [f32] {
        let from = targets.start.max(self.tile.start);
        let to = targets.end.min(self.tile.end);
        if from < to { self.of(from..to) } else { &[] }
    }
}

/// Buffers of [`Network::features`]: megabytes, so they are reused.
#[derive(Default)]
pub(crate) struct NetworkScratch {
    tokens: TokenScratch,
    branches: BranchScratch,
    features: Vec<f32>,
    /// Sums of features, for the caller.
    pub(crate) sums: Vec<f32>,
    /// The head's, for the caller.
    pub(crate) head: HeadScratch,
}

/// Resizes a buffer whose contents will be overwritten.
pub(crate) fn resize<T: Copy + Default>(buffer: &mut Vec<T>, length: usize) {
    buffer.truncate(length);
    buffer.resize(length, T::default());
}
