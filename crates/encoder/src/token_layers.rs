//! The layers whose results depend on a token id alone: the projection of its embedding, and its
//! product for each position in the windows of the first convolutions.

use nasaq_kernels::{Kernel, Packed};

use crate::embedding::{EMBEDDING, EmbeddingTable};
use crate::error::Result;
use crate::layer::{LinearLayer, Matrix, Mode};
use crate::model::Tensors;
use crate::network::{BRANCHES, EPSILON, WIDTH};
use crate::stage::Work;
use crate::token_table::TokenRow;
use crate::tokenizer::TokenId;

/// Width of the three branches together.
pub(crate) const BRANCHES_WIDTH: usize = BRANCHES.len() * WIDTH;
/// Window positions of the three branches together.
const POSITIONS: usize = BRANCHES[0] + BRANCHES[1] + BRANCHES[2];
/// Length of the row of a token: its normalised projection, then its product for each position.
pub(crate) const TOKEN_ROW: usize = BRANCHES_WIDTH + POSITIONS * WIDTH;
/// Tokens that are computed together: their intermediate results stay in the cache.
const TILE: usize = 96;

/// The layers from token id to the products of the first convolutions.
pub(crate) struct TokenLayers {
    /// The projections of the three branches side by side. Always in `f32`: quantising its weights
    /// would cost the vectors as much precision as quantising everything else.
    projection: Packed,
    bias: Vec<f32>,
    gain: Vec<f32>,
    shift: Vec<f32>,
    /// The first convolutions, one matrix per window position.
    positions: LinearLayer,
}

/// Buffers of [`TokenLayers::rows`].
#[derive(Default)]
pub(crate) struct TokenScratch {
    embeddings: Vec<f32>,
    bytes: Vec<u8>,
    projected: Vec<f32>,
    products: Vec<f32>,
    halves: Vec<u16>,
}

impl TokenLayers {
    /// Loads the tensors, for matrices that compute in `mode`.
    pub(crate) fn new(tensors: &Tensors<'_>, mode: Mode<'_>) -> Result<Self> {
        // The three branches' projections side by side, as one matrix.
        let mut projection = vec![0.0; EMBEDDING * BRANCHES_WIDTH];
        let mut positions = Vec::with_capacity(POSITIONS);
        for (index, count) in BRANCHES.into_iter().enumerate() {
            let part = tensors.matrix(&format!("branch{count}.projection"), EMBEDDING, WIDTH)?;
            for (row, part) in
                projection.chunks_exact_mut(BRANCHES_WIDTH).zip(part.chunks_exact(WIDTH))
            {
                row[index * WIDTH..(index + 1) * WIDTH].copy_from_slice(part);
            }
            let first = tensors.matrix(&format!("branch{count}.first"), count * WIDTH, WIDTH)?;
            positions.extend(first.chunks_exact(WIDTH * WIDTH).map(|position| Matrix {
                numbers: position.to_vec(),
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
            positions: LinearLayer::with_row_scales(mode, &positions),
        })
    }

    /// Returns the work of [`TokenLayers::rows`].
    pub(crate) fn work(tokens: usize) -> Work {
        let (projection, products) = (EMBEDDING * BRANCHES_WIDTH, POSITIONS * WIDTH * WIDTH);
        Work {
            multiply_adds: tokens * (projection + products),
            // The weights for each tile; of each token the codes, the embedding, the projection and
            // the row.
            bytes: tokens.div_ceil(TILE) * (4 * projection + products)
                + tokens * (EMBEDDING * 5 + BRANCHES_WIDTH * 4 + TOKEN_ROW * 2),
        }
    }

    /// Computes the rows of some tokens.
    pub(crate) fn rows(
        &self,
        kernel: Kernel,
        embeddings: &EmbeddingTable,
        tokens: &[TokenId],
        scratch: &mut TokenScratch,
    ) -> Vec<TokenRow> {
        let mut rows = Vec::with_capacity(tokens.len());
        for tokens in tokens.chunks(TILE) {
            self.project(kernel, embeddings, tokens, scratch);
            let first = rows.len();
            let TokenScratch { projected, halves, .. } = scratch;
            for x in projected.chunks_exact(BRANCHES_WIDTH) {
                halves.resize(BRANCHES_WIDTH, 0);
                kernel.to_half(x, halves);
                let mut row = Vec::with_capacity(TOKEN_ROW);
                row.extend_from_slice(halves);
                rows.push(row);
            }
            self.multiply(kernel, &mut rows[first..], scratch);
        }
        rows.into_iter().map(TokenRow::from).collect()
    }

    /// Writes the normalised projections of tokens to `scratch.projected`.
    fn project(
        &self,
        kernel: Kernel,
        embeddings: &EmbeddingTable,
        tokens: &[TokenId],
        scratch: &mut TokenScratch,
    ) {
        let TokenScratch { embeddings: input, projected, .. } = scratch;
        input.resize(tokens.len() * EMBEDDING, 0.0);
        for (out, &token) in input.chunks_exact_mut(EMBEDDING).zip(tokens) {
            embeddings.read(kernel, token, out);
        }
        let starts: Vec<usize> = (0..tokens.len()).map(|i| i * EMBEDDING).collect();
        projected.clear();
        tokens.iter().for_each(|_| projected.extend_from_slice(&self.bias));
        kernel.matmul(input, &starts, &self.projection, projected);
        kernel.layer_norms(projected, &self.gain, &self.shift, EPSILON);
    }

    /// Appends the products of the projections in `scratch` with all positions to the rows of the
    /// tokens.
    fn multiply(&self, kernel: Kernel, rows: &mut [Vec<u16>], scratch: &mut TokenScratch) {
        let TokenScratch { bytes, projected, products, halves, .. } = scratch;
        // A row for each token and branch.
        let input = self.positions.input(kernel, projected, WIDTH, bytes);
        halves.resize(rows.len() * WIDTH, 0);
        for (position, index) in branch_of_position().enumerate() {
            let starts: Vec<usize> =
                (0..rows.len()).map(|i| i * BRANCHES_WIDTH + index * WIDTH).collect();
            self.positions.write_half(kernel, position, &input, &starts, products, halves);
            for (row, product) in rows.iter_mut().zip(halves.chunks_exact(WIDTH)) {
                row.extend_from_slice(product);
            }
        }
    }
}

/// Returns the branch of each window position.
fn branch_of_position() -> impl Iterator<Item = usize> {
    BRANCHES.into_iter().enumerate().flat_map(|(index, count)| (0..count).map(move |_| index))
}
