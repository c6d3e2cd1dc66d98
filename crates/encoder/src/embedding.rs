//! The table of piece embeddings: 6-bit codes, a row a piece, unpacked as rows are needed.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use nasaq_kernels::Kernel;

use crate::error::Result;
use crate::model::{ROWS_A_FRAME, Tensors, bad};
use crate::tokenizer::{PieceId, UNKNOWN};

/// Numbers in an embedding.
pub(crate) const EMBEDDING: usize = 512;
/// The rows are quantised in this many groups: that of a piece is its id modulo it.
const GROUPS: usize = 17;

/// Embeddings of the pieces that Arabic and Latin-script text is made of.
///
/// The whole table is 47 MB and a text needs a part of it, so each frame of rows is unpacked when
/// one of its rows is first read.
pub(crate) struct EmbeddingTable {
    /// The model file.
    file: Cow<'static, [u8]>,
    /// Where the frames are in it.
    packed: Vec<Range<usize>>,
    unpacked: Vec<OnceLock<Vec<u8>>>,
    /// The row of each piece; pieces of other scripts have the row of the unknown piece.
    row_of: Vec<u32>,
    low: Vec<f32>,
    scale: Vec<f32>,
}

impl EmbeddingTable {
    /// Takes a model file, where in it the packed rows are, and its tensors.
    pub(crate) fn new(
        file: Cow<'static, [u8]>,
        rows: &Range<usize>,
        tensors: &Tensors<'_>,
        vocabulary: usize,
    ) -> Result<Self> {
        const ENDS: &str = "embedding.frame_ends";
        const IDS: &str = "embedding.ids";
        let ids = tensors.integers(IDS, None)?;
        let ends = tensors.integers(ENDS, Some(ids.len().div_ceil(ROWS_A_FRAME)))?;
        let mut packed = Vec::with_capacity(ends.len());
        let mut start = rows.start;
        for end in ends {
            let end = rows.start + end as usize;
            if end < start || end > rows.end {
                return Err(bad(ENDS, "a frame outside the file".to_owned()));
            }
            packed.push(start..end);
            start = end;
        }
        let row = ids.iter().position(|&id| id == UNKNOWN);
        let row = row.ok_or_else(|| bad(IDS, "the unknown piece has no row".to_owned()))?;
        let mut row_of = vec![row as u32; vocabulary];
        for (row, &id) in ids.iter().enumerate() {
            *row_of
                .get_mut(id as usize)
                .ok_or_else(|| bad(IDS, format!("piece {id} of {vocabulary}")))? = row as u32;
        }
        Ok(Self {
            file,
            unpacked: packed.iter().map(|_| OnceLock::new()).collect(),
            packed,
            row_of,
            low: tensors.floats("embedding.low", Some(GROUPS))?,
            scale: tensors.floats("embedding.scale", Some(GROUPS))?,
        })
    }

    /// Writes a piece's embedding to `out`, 512 numbers.
    pub(crate) fn read(&self, kernel: Kernel, piece: PieceId, out: &mut [f32]) {
        let row = self.row_of[piece as usize] as usize;
        let frame = self.frame(row / ROWS_A_FRAME);
        let codes = &frame[row % ROWS_A_FRAME * EMBEDDING..][..EMBEDDING];
        // A piece without a row reads the unknown piece's, so its group too.
        let known = row != self.row_of[UNKNOWN as usize] as usize;
        let group = if known { piece as usize % GROUPS } else { UNKNOWN as usize };
        kernel.dequantise(codes, self.scale[group], self.low[group], out);
    }

    fn frame(&self, frame: usize) -> &[u8] {
        self.unpacked[frame].get_or_init(|| {
            let packed = &self.file[self.packed[frame].clone()];
            let rows = zstd::bulk::decompress(packed, ROWS_A_FRAME * EMBEDDING);
            // The checksum has passed, so the frame is what the converter wrote.
            let mut rows = rows.expect("a frame of rows");
            rows.resize(ROWS_A_FRAME * EMBEDDING, 0);
            rows
        })
    }
}
