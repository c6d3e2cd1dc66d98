//! The token network: piece ids in, one feature vector a token out.
//!
//! An embedding is projected and normalised, then passes three branches of 256 numbers. Branch `n`
//! looks at windows of `n` tokens, twice: `h = relu(conv(x)) + x`, `c = relu(conv(h)) + h`. The
//! embedding and the three results, normalised, are a token's features.
//!
//! The first convolution is a sum over the window's places of products that depend on the piece
//! alone, so each piece is worked out once a run ([`PieceTable`]).

use std::collections::BTreeMap;
use std::ops::Range;

use nasaq_kernels::{Kernel, Packed};

use crate::embedding::{EMBEDDING, EmbeddingTable};
use crate::error::Result;
use crate::layer::{Layer, Matrix, Mode, Scale};
use crate::model::Tensors;
use crate::pieces::{PieceRow, PieceTable};
use crate::tokenizer::PieceId;

/// Numbers in a branch.
pub(crate) const WIDTH: usize = 256;
/// Numbers of the three branches together.
const BRANCHES_WIDTH: usize = 3 * WIDTH;
/// Numbers in a token's features.
pub(crate) const FEATURES: usize = EMBEDDING + BRANCHES_WIDTH;
/// Window places of each branch.
pub(crate) const BRANCHES: [usize; 3] = [2, 3, 5];
/// Window places of the three branches together.
const PLACES: usize = 2 + 3 + 5;
/// Numbers kept of a distinct piece: its normalised projection, then its product for each place.
pub(crate) const MEMO: usize = BRANCHES_WIDTH + PLACES * WIDTH;
/// How far a token's features look to either side, in tokens.
pub(crate) const REACH: usize = 4;
/// Rows of zeros that keep texts apart: the widest window looks two tokens back or ahead.
const MARGIN: usize = 2;
/// Tokens whose features are worked out together: what they need stays in the cache.
const TILE: usize = 96;
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
    second: Layer,
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
    pieces: PieceTable,
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
    /// Takes the tensors; the second convolutions are reckoned as `mode` says.
    pub(crate) fn new(
        tensors: &Tensors<'_>,
        embeddings: EmbeddingTable,
        vocabulary: usize,
        mode: Mode<'_>,
    ) -> Result<Self> {
        let branch = |places: usize, left: usize, first_place: usize| -> Result<Branch> {
            let name = format!("branch{places}");
            let first = tensors.matrix(&format!("{name}.first"), places * WIDTH, WIDTH)?;
            let rows = places * WIDTH;
            let second = tensors.matrix(&format!("{name}.second"), rows, WIDTH)?;
            let second = [Matrix { numbers: second, rows, cols: WIDTH }];
            let index = BRANCHES.iter().position(|&known| known == places).expect("a branch");
            Ok(Branch {
                left,
                first_place,
                first: first
                    .chunks_exact(WIDTH * WIDTH)
                    .map(|place| Packed::new(place, WIDTH, WIDTH))
                    .collect(),
                first_bias: tensors.floats(&format!("{name}.first.bias"), Some(WIDTH))?,
                second: Layer::new(mode, &second, |scales| {
                    Scale::of_branch(&scales.branches[index])
                }),
                second_bias: tensors.floats(&format!("{name}.second.bias"), Some(WIDTH))?,
            })
        };
        // The three branches' projections side by side, as one matrix.
        let mut projection = vec![0.0; EMBEDDING * BRANCHES_WIDTH];
        for (index, places) in BRANCHES.into_iter().enumerate() {
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
            pieces: PieceTable::new(vocabulary),
            projection: Packed::new(&projection, EMBEDDING, BRANCHES_WIDTH),
            projection_bias: tensors.floats("projection.bias", wide)?,
            projection_gain: tensors.floats("projection.norm.gain", wide)?,
            projection_shift: tensors.floats("projection.norm.bias", wide)?,
            branches: [branch(2, 0, 0)?, branch(3, 1, 2)?, branch(5, 2, 5)?],
            gain: tensors.floats("features.norm.gain", Some(FEATURES))?,
            shift: tensors.floats("features.norm.bias", Some(FEATURES))?,
        })
    }

    /// Writes the features of the tokens in `wanted` rows of a batch, which ascend, to
    /// `scratch.features`: 1,280 numbers each, in order.
    pub(crate) fn features(
        &self,
        kernel: Kernel,
        scratch: &mut Scratch,
        batch: &Batch,
        wanted: &[usize],
    ) {
        let Scratch { hidden, bytes, branch_out: out, features, .. } = scratch;
        let unkept = self.meet_pieces(kernel, &mut scratch.pieces, batch);
        let piece_row = |piece: PieceId| -> &[u16] {
            self.pieces.get(piece).unwrap_or_else(|| &unkept[&piece])
        };
        let pieces: Vec<Option<&[u16]>> = batch.rows.iter().map(|row| row.map(piece_row)).collect();
        resize(features, wanted.len() * FEATURES);
        for (wanted, features) in wanted.chunks(TILE).zip(features.chunks_mut(TILE * FEATURES)) {
            for (features, &row) in features.chunks_exact_mut(FEATURES).zip(wanted) {
                let piece = batch.rows[row].expect("a token's row");
                self.embeddings.read(kernel, piece, &mut features[..EMBEDDING]);
            }
            let rows = wanted[0] - MARGIN..wanted[wanted.len() - 1] + MARGIN + 1;
            for (index, branch) in self.branches.iter().enumerate() {
                first_convolution(kernel, branch, index, &pieces, rows.clone(), hidden);
                let starts: Vec<usize> =
                    wanted.iter().map(|&row| (row - branch.left - rows.start) * WIDTH).collect();
                repeat(out, &branch.second_bias, wanted.len());
                let input = branch.second.input(kernel, hidden, WIDTH, bytes);
                branch.second.add(kernel, 0, &input, &starts, out);
                let columns = EMBEDDING + index * WIDTH..EMBEDDING + (index + 1) * WIDTH;
                for (i, &row) in wanted.iter().enumerate() {
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

    /// Gives the greatest inputs of the second convolutions, where they were watched.
    pub(crate) fn greatest(&self) -> [Vec<f32>; 3] {
        self.branches.each_ref().map(|branch| branch.second.greatest())
    }

    /// Works out the pieces of a batch that the table lacks, and gives those that it has no room for.
    fn meet_pieces(
        &self,
        kernel: Kernel,
        scratch: &mut PieceScratch,
        batch: &Batch,
    ) -> BTreeMap<PieceId, PieceRow> {
        let PieceScratch { embeddings, projected, products } = scratch;
        let mut pieces: Vec<PieceId> = batch
            .rows
            .iter()
            .flatten()
            .copied()
            .filter(|&it| self.pieces.get(it).is_none())
            .collect();
        pieces.sort_unstable();
        pieces.dedup();
        if pieces.is_empty() {
            return BTreeMap::new();
        }

        resize(embeddings, pieces.len() * EMBEDDING);
        for (out, &piece) in embeddings.chunks_exact_mut(EMBEDDING).zip(&pieces) {
            self.embeddings.read(kernel, piece, out);
        }
        let starts: Vec<usize> = (0..pieces.len()).map(|i| i * EMBEDDING).collect();
        repeat(projected, &self.projection_bias, pieces.len());
        kernel.matmul(embeddings, &starts, &self.projection, projected);
        let mut rows: Vec<PieceRow> = pieces.iter().map(|_| vec![0; MEMO].into()).collect();
        for (row, x) in rows.iter_mut().zip(projected.chunks_exact_mut(BRANCHES_WIDTH)) {
            kernel.layer_norm(x, &self.projection_gain, &self.projection_shift, EPSILON);
            kernel.to_half(x, &mut row[..BRANCHES_WIDTH]);
        }
        resize(products, pieces.len() * WIDTH);
        for (index, branch) in self.branches.iter().enumerate() {
            let starts: Vec<usize> =
                (0..pieces.len()).map(|i| i * BRANCHES_WIDTH + index * WIDTH).collect();
            for (place, matrix) in branch.first.iter().enumerate() {
                products.fill(0.0);
                kernel.matmul(projected, &starts, matrix, products);
                let at = BRANCHES_WIDTH + (branch.first_place + place) * WIDTH;
                for (row, product) in rows.iter_mut().zip(products.chunks_exact(WIDTH)) {
                    kernel.to_half(product, &mut row[at..at + WIDTH]);
                }
            }
        }
        let kept = pieces.into_iter().zip(rows);
        kept.filter_map(|(piece, row)| Some((piece, self.pieces.keep(piece, row).err()?))).collect()
    }
}

/// Buffers of [`Network::features`]: tens of megabytes that are better kept than asked for anew.
#[derive(Default)]
pub(crate) struct Scratch {
    pieces: PieceScratch,
    hidden: Vec<f32>,
    bytes: Vec<u8>,
    branch_out: Vec<f32>,
    /// The result.
    pub(crate) features: Vec<f32>,
    /// Sums of features, for the caller.
    pub(crate) sums: Vec<f32>,
}

/// Buffers for pieces that are met for the first time.
#[derive(Default)]
struct PieceScratch {
    embeddings: Vec<f32>,
    projected: Vec<f32>,
    products: Vec<f32>,
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

/// Writes `h` of one branch for some rows to `hidden`; rows without a token are zero.
fn first_convolution(
    kernel: Kernel,
    branch: &Branch,
    index: usize,
    pieces: &[Option<&[u16]>],
    rows: Range<usize>,
    hidden: &mut Vec<f32>,
) {
    resize(hidden, rows.len() * WIDTH);
    for (row, out) in rows.zip(hidden.chunks_exact_mut(WIDTH)) {
        let Some(own) = pieces[row] else {
            out.fill(0.0);
            continue;
        };
        out.copy_from_slice(&branch.first_bias);
        let window = &pieces[row - branch.left..=row + branch.right()];
        for (place, neighbour) in window.iter().enumerate() {
            if let Some(piece) = neighbour {
                let at = BRANCHES_WIDTH + (branch.first_place + place) * WIDTH;
                kernel.add_half(out, &piece[at..at + WIDTH]);
            }
        }
        kernel.relu_add_half(out, &own[index * WIDTH..][..WIDTH]);
    }
}
