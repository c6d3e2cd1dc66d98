//! The layers whose results depend on a piece alone: the projection of its embedding and its product
//! for each place in the first convolutions' windows.

use nasaq_kernels::{Kernel, Packed};

use crate::embedding::{EMBEDDING, EmbeddingTable};
use crate::error::Result;
use crate::layer::{Layer, Matrix, Mode};
use crate::model::Tensors;
use crate::network::{BRANCHES, EPSILON, WIDTH};
use crate::pieces::PieceRow;
use crate::tokenizer::PieceId;

/// Numbers of the three branches together.
pub(crate) const BRANCHES_WIDTH: usize = BRANCHES.len() * WIDTH;
/// Window places of the three branches together.
const PLACES: usize = BRANCHES[0] + BRANCHES[1] + BRANCHES[2];
/// Numbers kept of a distinct piece: its normalised projection, then its product for each place.
pub(crate) const MEMO: usize = BRANCHES_WIDTH + PLACES * WIDTH;
/// Pieces that are worked on together: what they need stays in the cache.
const TILE: usize = 96;
/// The layers from piece to the first convolution's products.
pub(crate) struct PieceLayers {
    /// The three branches' projections side by side. It stays in floats: its weights in bytes would cost
    /// the vectors as much as all else in bytes together.
    projection: Packed,
    bias: Vec<f32>,
    gain: Vec<f32>,
    shift: Vec<f32>,
    /// The first convolutions, one matrix a window place.
    places: Layer,
}

/// Buffers of [`PieceLayers::rows`].
#[derive(Default)]
pub(crate) struct PieceScratch {
    embeddings: Vec<f32>,
    bytes: Vec<u8>,
    projected: Vec<f32>,
    products: Vec<f32>,
}

impl PieceLayers {
    /// Takes the tensors; the matrices are reckoned as `mode` says.
    pub(crate) fn new(tensors: &Tensors<'_>, mode: Mode<'_>) -> Result<Self> {
        // The three branches' projections side by side, as one matrix.
        let mut projection = vec![0.0; EMBEDDING * BRANCHES_WIDTH];
        let mut places = Vec::with_capacity(PLACES);
        for (index, count) in BRANCHES.into_iter().enumerate() {
            let part = tensors.matrix(&format!("branch{count}.projection"), EMBEDDING, WIDTH)?;
            for (row, part) in
                projection.chunks_exact_mut(BRANCHES_WIDTH).zip(part.chunks_exact(WIDTH))
            {
                row[index * WIDTH..(index + 1) * WIDTH].copy_from_slice(part);
            }
            let first = tensors.matrix(&format!("branch{count}.first"), count * WIDTH, WIDTH)?;
            places.extend(first.chunks_exact(WIDTH * WIDTH).map(|place| Matrix {
                numbers: place.to_vec(),
                rows: WIDTH,
                cols: WIDTH,
            }));
        }
        let wide = Some(BRANCHES_WIDTH);
        Ok(Self {
            projection: Packed::new(&projection, EMBEDDING, BRANCHES_WIDTH),
            bias: tensors.floats("projection.bias", wide)?,
            gain: tensors.floats("projection.norm.gain", wide)?,
            shift: tensors.floats("projection.norm.bias", wide)?,
            places: Layer::with_own_steps(mode, &places),
        })
    }

    /// Works out the rows of some pieces.
    pub(crate) fn rows(
        &self,
        kernel: Kernel,
        embeddings: &EmbeddingTable,
        pieces: &[PieceId],
        scratch: &mut PieceScratch,
    ) -> Vec<PieceRow> {
        let mut rows: Vec<PieceRow> = pieces.iter().map(|_| vec![0; MEMO].into()).collect();
        for (pieces, rows) in pieces.chunks(TILE).zip(rows.chunks_mut(TILE)) {
            self.project(kernel, embeddings, pieces, scratch);
            for (row, x) in rows.iter_mut().zip(scratch.projected.chunks_exact(BRANCHES_WIDTH)) {
                kernel.to_half(x, &mut row[..BRANCHES_WIDTH]);
            }
            self.multiply(kernel, rows, scratch);
        }
        rows
    }

    /// Writes the normalised projections of pieces to `scratch.projected`.
    fn project(
        &self,
        kernel: Kernel,
        embeddings: &EmbeddingTable,
        pieces: &[PieceId],
        scratch: &mut PieceScratch,
    ) {
        let PieceScratch { embeddings: input, projected, .. } = scratch;
        input.resize(pieces.len() * EMBEDDING, 0.0);
        for (out, &piece) in input.chunks_exact_mut(EMBEDDING).zip(pieces) {
            embeddings.read(kernel, piece, out);
        }
        let starts: Vec<usize> = (0..pieces.len()).map(|i| i * EMBEDDING).collect();
        projected.clear();
        pieces.iter().for_each(|_| projected.extend_from_slice(&self.bias));
        kernel.matmul(input, &starts, &self.projection, projected);
        for x in projected.chunks_exact_mut(BRANCHES_WIDTH) {
            kernel.layer_norm(x, &self.gain, &self.shift, EPSILON);
        }
    }

    /// Writes the products of the projections in `scratch` with all places to the pieces' rows.
    fn multiply(&self, kernel: Kernel, rows: &mut [PieceRow], scratch: &mut PieceScratch) {
        let PieceScratch { bytes, projected, products, .. } = scratch;
        // A row for each piece and branch.
        let input = self.places.input(kernel, projected, WIDTH, bytes);
        for (place, index) in branch_of_place().enumerate() {
            let starts: Vec<usize> =
                (0..rows.len()).map(|i| i * BRANCHES_WIDTH + index * WIDTH).collect();
            products.clear();
            products.resize(rows.len() * WIDTH, 0.0);
            self.places.add(kernel, place, &input, &starts, products);
            let at = BRANCHES_WIDTH + place * WIDTH;
            for (row, product) in rows.iter_mut().zip(products.chunks_exact(WIDTH)) {
                kernel.to_half(product, &mut row[at..at + WIDTH]);
            }
        }
    }
}

/// Gives each window place's branch.
fn branch_of_place() -> impl Iterator<Item = usize> {
    BRANCHES.into_iter().enumerate().flat_map(|(index, count)| (0..count).map(move |_| index))
}
