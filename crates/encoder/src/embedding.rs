//! The table of piece embeddings: 6-bit codes, a row a piece.

use nasaq_kernels::Kernel;

use crate::error::Result;
use crate::model::{Tensors, bad};
use crate::tokenizer::{PieceId, UNKNOWN};

/// Numbers in an embedding.
pub(crate) const EMBEDDING: usize = 512;
/// The rows are quantised in this many groups: that of a piece is its id modulo it.
const GROUPS: usize = 17;

/// Embeddings of the pieces that Arabic and Latin-script text is made of.
pub(crate) struct EmbeddingTable {
    codes: Vec<u8>,
    /// The row of each piece; pieces of other scripts have the row of the unknown piece.
    row_of: Vec<u32>,
    low: Vec<f32>,
    scale: Vec<f32>,
}

impl EmbeddingTable {
    pub(crate) fn new(tensors: &Tensors<'_>, vocabulary: usize) -> Result<Self> {
        const CODES: &str = "embedding.codes";
        const IDS: &str = "embedding.ids";
        let codes = tensors.bytes(CODES, EMBEDDING)?.to_vec();
        let ids = tensors.integers(IDS, Some(codes.len() / EMBEDDING))?;
        let row = ids.iter().position(|&id| id == UNKNOWN);
        let row = row.ok_or_else(|| bad(IDS, "the unknown piece has no row".to_owned()))?;
        let mut row_of = vec![row as u32; vocabulary];
        for (row, &id) in ids.iter().enumerate() {
            *row_of
                .get_mut(id as usize)
                .ok_or_else(|| bad(IDS, format!("piece {id} of {vocabulary}")))? = row as u32;
        }
        Ok(Self {
            codes,
            row_of,
            low: tensors.floats("embedding.low", Some(GROUPS))?,
            scale: tensors.floats("embedding.scale", Some(GROUPS))?,
        })
    }

    /// Writes a piece's embedding to `out`, 512 numbers.
    pub(crate) fn read(&self, kernel: Kernel, piece: PieceId, out: &mut [f32]) {
        let row = self.row_of[piece as usize] as usize;
        let codes = &self.codes[row * EMBEDDING..][..EMBEDDING];
        // A piece without a row reads the unknown piece's, so its group too.
        let known = row != self.row_of[UNKNOWN as usize] as usize;
        let group = if known { piece as usize % GROUPS } else { UNKNOWN as usize };
        kernel.dequantise(codes, self.scale[group], self.low[group], out);
    }
}
