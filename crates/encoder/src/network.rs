//! The token network: piece ids in, one feature vector a token out.
//!
//! An embedding is projected and normalised, then passes three branches of 256 numbers. Branch `n`
//! looks at windows of `n` tokens, twice: `h = relu(conv(x)) + x`, `c = relu(conv(h)) + h`. The
//! embedding and the three results, normalised, are a token's features.
//!
//! The first convolution is a sum over the window's places of products that depend on the piece
//! alone, so each distinct piece is worked out once a call.

use std::collections::HashMap;

use nasaq_kernels::{Kernel, Packed};

use crate::embedding::{EMBEDDING, EmbeddingTable};
use crate::error::Result;
use crate::model::Tensors;
use crate::tokenizer::PieceId;

/// Numbers in a branch.
const WIDTH: usize = 256;
/// Numbers of the three branches together.
const BRANCHES_WIDTH: usize = 3 * WIDTH;
/// Numbers in a token's features.
pub(crate) const FEATURES: usize = EMBEDDING + BRANCHES_WIDTH;
/// Window places of the three branches together.
const PLACES: usize = 2 + 3 + 5;
/// Numbers kept of a distinct piece: its normalised projection, then its product for each place.
const MEMO: usize = BRANCHES_WIDTH + PLACES * WIDTH;
/// How far a token's features look to either side, in tokens.
pub(crate) const REACH: usize = 4;
/// Rows of zeros that keep texts apart: the widest window looks two tokens back or ahead.
const MARGIN: usize = 2;
/// Added to variances, as in the reference.
const EPSILON: f32 = 1e-12;

/// One branch of the network.
struct Branch {
    /// Tokens before the current one in the window.
    left: usize,
    /// Index of the branch's first window place among all.
    first_place: usize,
    /// The first convolution, one matrix a window place.
    first: Vec<Packed>,
    first_bias: Vec<f32>,
    /// The second convolution, its window places below each other.
    second: Packed,
    second_bias: Vec<f32>,
}

impl Branch {
    fn places(&self) -> usize {
        self.first.len()
    }

    /// Tokens after the current one in the window.
    fn right(&self) -> usize {
        self.places() - 1 - self.left
    }
}

/// The layers from piece to features.
pub(crate) struct Network {
    embeddings: EmbeddingTable,
    projection: Packed,
    projection_bias: Vec<f32>,
    projection_gain: Vec<f32>,
    projection_shift: Vec<f32>,
    branches: [Branch; 3],
    gain: Vec<f32>,
    shift: Vec<f32>,
}

/// Texts laid out for [`Network::features`]: tokens in rows, zero rows between texts.
#[derive(Default)]
pub(crate) struct Batch {
    rows: Vec<Option<PieceId>>,
}

impl Batch {
    /// Adds a text and gives the row of its first token.
    pub(crate) fn push(&mut self, pieces: impl IntoIterator<Item = PieceId>) -> usize {
        if self.rows.is_empty() {
            self.rows.extend([None; MARGIN]);
        }
        let first = self.rows.len();
        self.rows.extend(pieces.into_iter().map(Some));
        self.rows.extend([None; MARGIN]);
        first
    }
}

impl Network {
    pub(crate) fn new(tensors: &Tensors<'_>, embeddings: EmbeddingTable) -> Result<Self> {
        let branch = |places: usize, left: usize, first_place: usize| -> Result<Branch> {
            let name = format!("branch{places}");
            let first = tensors.matrix(&format!("{name}.first"), places * WIDTH, WIDTH)?;
            let second = tensors.matrix(&format!("{name}.second"), places * WIDTH, WIDTH)?;
            Ok(Branch {
                left,
                first_place,
                first: first
                    .chunks_exact(WIDTH * WIDTH)
                    .map(|place| Packed::new(place, WIDTH, WIDTH))
                    .collect(),
                first_bias: tensors.floats(&format!("{name}.first.bias"), Some(WIDTH))?,
                second: Packed::new(&second, places * WIDTH, WIDTH),
                second_bias: tensors.floats(&format!("{name}.second.bias"), Some(WIDTH))?,
            })
        };
        // The three branches' projections side by side, as one matrix.
        let mut projection = vec![0.0; EMBEDDING * BRANCHES_WIDTH];
        for (index, places) in [2, 3, 5].into_iter().enumerate() {
            let name = format!("branch{places}.projection");
            let part = tensors.matrix(&name, EMBEDDING, WIDTH)?;
            for (row, part) in
                projection.chunks_exact_mut(BRANCHES_WIDTH).zip(part.chunks_exact(WIDTH))
            {
                row[index * WIDTH..(index + 1) * WIDTH].copy_from_slice(part);
            }
        }
        let wide = Some(BRANCHES_WIDTH);
        Ok(Self {
            embeddings,
            projection: Packed::new(&projection, EMBEDDING, BRANCHES_WIDTH),
            projection_bias: tensors.floats("projection.bias", wide)?,
            projection_gain: tensors.floats("projection.norm.gain", wide)?,
            projection_shift: tensors.floats("projection.norm.bias", wide)?,
            branches: [branch(2, 0, 0)?, branch(3, 1, 2)?, branch(5, 2, 5)?],
            gain: tensors.floats("features.norm.gain", Some(FEATURES))?,
            shift: tensors.floats("features.norm.bias", Some(FEATURES))?,
        })
    }

    /// Writes the features of the tokens in `wanted` rows of a batch to `scratch.features`: 1,280
    /// numbers each, in order.
    pub(crate) fn features(
        &self,
        kernel: Kernel,
        scratch: &mut Scratch,
        batch: &Batch,
        wanted: &[usize],
    ) {
        let Scratch { memo, hidden, branch_out: out, features, .. } = scratch;
        memo.fill(self, kernel, batch);
        resize(features, wanted.len() * FEATURES);
        for (features, &row) in features.chunks_exact_mut(FEATURES).zip(wanted) {
            let piece = batch.rows[row].expect("a token's row");
            self.embeddings.read(kernel, piece, &mut features[..EMBEDDING]);
        }
        for (index, branch) in self.branches.iter().enumerate() {
            memo.first_convolution(kernel, branch, index, hidden);
            let starts: Vec<usize> =
                wanted.iter().map(|&row| (row - branch.left) * WIDTH).collect();
            repeat(out, &branch.second_bias, wanted.len());
            kernel.matmul(hidden, &starts, &branch.second, out);
            let columns = EMBEDDING + index * WIDTH..EMBEDDING + (index + 1) * WIDTH;
            for (i, &row) in wanted.iter().enumerate() {
                let out = &mut out[i * WIDTH..][..WIDTH];
                kernel.relu_add(out, &hidden[row * WIDTH..][..WIDTH]);
                features[i * FEATURES..][columns.clone()].copy_from_slice(out);
            }
        }
        for features in features.chunks_exact_mut(FEATURES) {
            kernel.layer_norm(features, &self.gain, &self.shift, EPSILON);
        }
    }
}

/// Buffers of [`Network::features`]: tens of megabytes that are better kept than asked for anew.
#[derive(Default)]
pub(crate) struct Scratch {
    memo: PieceMemo,
    hidden: Vec<f32>,
    branch_out: Vec<f32>,
    /// The result.
    pub(crate) features: Vec<f32>,
    /// Sums of features, for the caller.
    pub(crate) sums: Vec<f32>,
}

/// Makes a buffer that long; what it holds is to be overwritten.
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

/// What the first layers make of each distinct piece of a batch.
#[derive(Default)]
struct PieceMemo {
    /// `MEMO` numbers a distinct piece.
    numbers: Vec<f32>,
    /// For each row of the batch, its piece's place in `numbers`.
    entry: Vec<Option<usize>>,
    embeddings: Vec<f32>,
    projected: Vec<f32>,
    products: Vec<f32>,
}

impl PieceMemo {
    fn fill(&mut self, network: &Network, kernel: Kernel, batch: &Batch) {
        let mut place_of = HashMap::new();
        let mut pieces = Vec::new();
        self.entry.clear();
        self.entry.extend(batch.rows.iter().map(|row| {
            row.map(|piece| {
                *place_of.entry(piece).or_insert_with(|| {
                    pieces.push(piece);
                    (pieces.len() - 1) * MEMO
                })
            })
        }));

        resize(&mut self.embeddings, pieces.len() * EMBEDDING);
        for (out, &piece) in self.embeddings.chunks_exact_mut(EMBEDDING).zip(&pieces) {
            network.embeddings.read(kernel, piece, out);
        }
        let starts: Vec<usize> = (0..pieces.len()).map(|i| i * EMBEDDING).collect();
        repeat(&mut self.projected, &network.projection_bias, pieces.len());
        kernel.matmul(&self.embeddings, &starts, &network.projection, &mut self.projected);

        resize(&mut self.numbers, pieces.len() * MEMO);
        let projected = self.projected.chunks_exact_mut(BRANCHES_WIDTH);
        for (memo, x) in self.numbers.chunks_exact_mut(MEMO).zip(projected) {
            kernel.layer_norm(x, &network.projection_gain, &network.projection_shift, EPSILON);
            memo[..BRANCHES_WIDTH].copy_from_slice(x);
        }
        resize(&mut self.products, pieces.len() * WIDTH);
        for (index, branch) in network.branches.iter().enumerate() {
            let starts: Vec<usize> =
                (0..pieces.len()).map(|i| i * BRANCHES_WIDTH + index * WIDTH).collect();
            for (place, matrix) in branch.first.iter().enumerate() {
                self.products.fill(0.0);
                kernel.matmul(&self.projected, &starts, matrix, &mut self.products);
                let at = BRANCHES_WIDTH + (branch.first_place + place) * WIDTH;
                let products = self.products.chunks_exact(WIDTH);
                for (memo, product) in self.numbers.chunks_exact_mut(MEMO).zip(products) {
                    memo[at..at + WIDTH].copy_from_slice(product);
                }
            }
        }
    }

    /// Writes `h` of one branch for every row to `hidden`; rows without a token are zero.
    fn first_convolution(
        &self,
        kernel: Kernel,
        branch: &Branch,
        index: usize,
        hidden: &mut Vec<f32>,
    ) {
        resize(hidden, self.entry.len() * WIDTH);
        for (row, out) in hidden.chunks_exact_mut(WIDTH).enumerate() {
            let Some(own) = self.entry[row] else {
                out.fill(0.0);
                continue;
            };
            out.copy_from_slice(&branch.first_bias);
            let window = &self.entry[row - branch.left..=row + branch.right()];
            for (place, neighbour) in window.iter().enumerate() {
                if let Some(at) = neighbour {
                    let at = at + BRANCHES_WIDTH + (branch.first_place + place) * WIDTH;
                    kernel.add(out, &self.numbers[at..at + WIDTH]);
                }
            }
            kernel.relu_add(out, &self.numbers[own + index * WIDTH..][..WIDTH]);
        }
    }
}
