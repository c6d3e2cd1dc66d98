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

use nasaq_kernels::Kernel;

use crate::embedding::{EMBEDDING, EmbeddingTable};
use crate::error::Result;
use crate::head::HeadScratch;
use crate::layer::{Layer, Matrix, Mode, Scale};
use crate::model::Tensors;
use crate::piece_layers::{BRANCHES_WIDTH, PieceLayers, PieceScratch};
use crate::pieces::{PieceRow, PieceTable};
use crate::tokenizer::PieceId;

/// Numbers in a branch.
pub(crate) const WIDTH: usize = 256;
/// Numbers in a token's features.
pub(crate) const FEATURES: usize = EMBEDDING + BRANCHES_WIDTH;
/// Window places of each branch.
pub(crate) const BRANCHES: [usize; 3] = [2, 3, 5];
/// How far a token's features look to either side, in tokens.
pub(crate) const REACH: usize = 4;
/// Rows of zeros that keep texts apart: the widest window looks two tokens back or ahead.
const MARGIN: usize = 2;
/// Tokens whose features are worked out together: what they need stays in the cache.
const TILE: usize = 96;
/// Added to variances, as in the reference.
pub(crate) const EPSILON: f32 = 1e-12;

/// One branch of the network.
struct Branch {
    /// Tokens before the current one in the window.
    left: usize,
    /// Tokens after it.
    right: usize,
    /// Index of the branch's first window place among all.
    first_place: usize,
    first_bias: Vec<f32>,
    /// The second convolution, its window places below each other.
    second: Layer,
    second_bias: Vec<f32>,
}

/// The layers from piece to features.
pub(crate) struct Network {
    embeddings: EmbeddingTable,
    pieces: PieceTable,
    piece_layers: PieceLayers,
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
            let rows = places * WIDTH;
            let second = tensors.matrix(&format!("{name}.second"), rows, WIDTH)?;
            let second = [Matrix { numbers: second, rows, cols: WIDTH }];
            let index = BRANCHES.iter().position(|&known| known == places).expect("a branch");
            Ok(Branch {
                left,
                right: places - 1 - left,
                first_place,
                first_bias: tensors.floats(&format!("{name}.first.bias"), Some(WIDTH))?,
                second: Layer::new(mode, &second, |scales| {
                    Scale::of_branch(&scales.branches[index])
                }),
                second_bias: tensors.floats(&format!("{name}.second.bias"), Some(WIDTH))?,
            })
        };
        Ok(Self {
            embeddings,
            pieces: PieceTable::new(vocabulary),
            piece_layers: PieceLayers::new(tensors, mode)?,
            branches: [branch(2, 0, 0)?, branch(3, 1, 2)?, branch(5, 2, 5)?],
            gain: tensors.floats("features.norm.gain", Some(FEATURES))?,
            shift: tensors.floats("features.norm.bias", Some(FEATURES))?,
        })
    }

    /// Sets how many pieces are kept at the most.
    pub(crate) fn set_most_pieces(&mut self, pieces: usize) {
        self.pieces.set_most(pieces);
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

        let rows = self.piece_layers.rows(kernel, &self.embeddings, &pieces, scratch);
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
    /// The head's, for the caller.
    pub(crate) head: HeadScratch,
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
        let window = &pieces[row - branch.left..=row + branch.right];
        for (place, neighbour) in window.iter().enumerate() {
            if let Some(piece) = neighbour {
                let at = BRANCHES_WIDTH + (branch.first_place + place) * WIDTH;
                kernel.add_half(out, &piece[at..at + WIDTH]);
            }
        }
        kernel.relu_add_half(out, &own[index * WIDTH..][..WIDTH]);
    }
}
