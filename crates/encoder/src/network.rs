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

use nasaq_kernels::Kernel;

use crate::embedding::{EMBEDDING, EmbeddingTable};
use crate::error::Result;
use crate::head::HeadScratch;
use crate::layer::{LinearLayer, Matrix, Mode, Scale};
use crate::model::Tensors;
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
const MARGIN: usize = 2;
/// Tokens whose features are computed together: their intermediate results stay in the cache.
const TILE: usize = 96;
/// Added to variances, as in the reference.
pub(crate) const EPSILON: f32 = 1e-12;

/// One branch of the network.
struct Branch {
    /// Tokens before the current one in the window.
    left: usize,
    /// Tokens after it.
    right: usize,
    /// Index of the branch's first window position among those of all branches.
    first_position: usize,
    first_bias: Vec<f32>,
    /// The second convolution, with the matrices of its window positions stacked.
    second: LinearLayer,
    second_bias: Vec<f32>,
}

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
        let branch = |positions: usize, left: usize, first_position: usize| -> Result<Branch> {
            let name = format!("branch{positions}");
            let rows = positions * WIDTH;
            let second = tensors.matrix(&format!("{name}.second"), rows, WIDTH)?;
            let second = [Matrix { numbers: second, rows, cols: WIDTH }];
            let index = BRANCHES.iter().position(|&known| known == positions).expect("a branch");
            Ok(Branch {
                left,
                right: positions - 1 - left,
                first_position,
                first_bias: tensors.floats(&format!("{name}.first.bias"), Some(WIDTH))?,
                second: LinearLayer::new(mode, &second, |scales| {
                    Scale::of_branch(&scales.branches[index])
                }),
                second_bias: tensors.floats(&format!("{name}.second.bias"), Some(WIDTH))?,
            })
        };
        Ok(Self {
            embeddings,
            tokens: TokenTable::new(vocabulary),
            token_layers: TokenLayers::new(tensors, mode)?,
            branches: [branch(2, 0, 0)?, branch(3, 1, 2)?, branch(5, 2, 5)?],
            gain: tensors.floats("features.norm.gain", Some(FEATURES))?,
            shift: tensors.floats("features.norm.bias", Some(FEATURES))?,
        })
    }

    /// Sets the max. number of tokens in the cache.
    pub(crate) fn set_max_tokens(&mut self, tokens: usize) {
        self.tokens.set_max(tokens);
    }

    /// Writes the features of the tokens in the `targets` rows of a batch, which ascend, to
    /// `scratch.features`: 1,280 numbers each.
    pub(crate) fn features(
        &self,
        kernel: Kernel,
        scratch: &mut NetworkScratch,
        batch: &Batch,
        targets: &[usize],
    ) {
        let NetworkScratch { hidden, bytes, branch_out: out, features, .. } = scratch;
        let uncached = self.compute_tokens(kernel, &mut scratch.tokens, batch);
        let token_row = |token: TokenId| -> &[u16] {
            self.tokens.get(token).unwrap_or_else(|| &uncached[&token])
        };
        let tokens: Vec<Option<&[u16]>> = batch.rows.iter().map(|row| row.map(token_row)).collect();
        resize(features, targets.len() * FEATURES);
        for (targets, features) in targets.chunks(TILE).zip(features.chunks_mut(TILE * FEATURES)) {
            for (features, &row) in features.chunks_exact_mut(FEATURES).zip(targets) {
                let token = batch.rows[row].expect("a token's row");
                self.embeddings.read(kernel, token, &mut features[..EMBEDDING]);
            }
            let rows = targets[0] - MARGIN..targets[targets.len() - 1] + MARGIN + 1;
            for (index, branch) in self.branches.iter().enumerate() {
                first_convolution(kernel, branch, index, &tokens, rows.clone(), hidden);
                let starts: Vec<usize> =
                    targets.iter().map(|&row| (row - branch.left - rows.start) * WIDTH).collect();
                repeat(out, &branch.second_bias, targets.len());
                let input = branch.second.input(kernel, hidden, WIDTH, bytes);
                branch.second.add(kernel, 0, &input, &starts, out);
                let columns = EMBEDDING + index * WIDTH..EMBEDDING + (index + 1) * WIDTH;
                for (i, &row) in targets.iter().enumerate() {
                    let out = &mut out[i * WIDTH..][..WIDTH];
                    kernel.relu_add(out, &hidden[(row - rows.start) * WIDTH..][..WIDTH]);
                    features[i * FEATURES..][columns.clone()].copy_from_slice(out);
                }
            }
            for features in features.chunks_exact_mut(FEATURES) {
                kernel.layer_norm(features, &self.gain, &self.shift, EPSILON);
            }
        }
    }

    /// Returns the max. inputs of the second convolutions, where they were recorded.
    pub(crate) fn max_inputs(&self) -> [Vec<f32>; 3] {
        self.branches.each_ref().map(|branch| branch.second.max_inputs())
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

        let rows = self.token_layers.rows(kernel, &self.embeddings, &tokens, scratch);
        let computed = tokens.into_iter().zip(rows);
        let insert = |(token, row)| Some((token, self.tokens.insert(token, row).err()?));
        computed.filter_map(insert).collect()
    }
}

/// Buffers of [`Network::features`]: tens of megabytes, so they are reused.
#[derive(Default)]
pub(crate) struct NetworkScratch {
    tokens: TokenScratch,
    hidden: Vec<f32>,
    bytes: Vec<u8>,
    branch_out: Vec<f32>,
    /// The result.
    pub(crate) features: Vec<f32>,
    /// Sums of features, for the caller.
    pub(crate) sums: Vec<f32>,
    /// The head's, for the caller.
    pub(crate) head: HeadScratch,
}

/// Resizes a buffer whose contents will be overwritten.
fn resize(buffer: &mut Vec<f32>, length: usize) {
    buffer.truncate(length);
    buffer.resize(length, 0.0);
}

/// Fills a buffer with copies of a row.
fn repeat(buffer: &mut Vec<f32>, row: &[f32], times: usize) {
    resize(buffer, row.len() * times);
    for copy in buffer.chunks_exact_mut(row.len()) {
        copy.copy_from_slice(row);
    }
}

/// Writes `h` of one branch for some rows to `hidden`; rows without a token are zero.
fn first_convolution(
    kernel: Kernel,
    branch: &Branch,
    index: usize,
    tokens: &[Option<&[u16]>],
    rows: Range<usize>,
    hidden: &mut Vec<f32>,
) {
    resize(hidden, rows.len() * WIDTH);
    for (row, out) in rows.zip(hidden.chunks_exact_mut(WIDTH)) {
        let Some(own) = tokens[row] else {
            out.fill(0.0);
            continue;
        };
        out.copy_from_slice(&branch.first_bias);
        let window = &tokens[row - branch.left..=row + branch.right];
        for (position, neighbour) in window.iter().enumerate() {
            if let Some(token) = neighbour {
                let at = BRANCHES_WIDTH + (branch.first_position + position) * WIDTH;
                kernel.add_half(out, &token[at..at + WIDTH]);
            }
        }
        kernel.relu_add_half(out, &own[index * WIDTH..][..WIDTH]);
    }
}
