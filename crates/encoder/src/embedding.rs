//! The table of token embeddings: 6-bit codes, one row per token, unpacked on demand.

use std::alloc::{Layout, handle_alloc_error};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use nasaq_kernels::Kernel;

use crate::error::Result;
use crate::model::{ROWS_PER_FRAME, Tensors, bad};
use crate::tokenizer::{TokenId, UNKNOWN};

/// Length of an embedding.
pub(crate) const EMBEDDING: usize = 512;
/// Number of groups in which the rows are quantised: the group of a token is its id modulo it.
const GROUPS: usize = 17;

/// Embeddings of the tokens of Arabic and Latin-script text.
///
/// The whole table is 47 MB and a text needs only a part of it, so each frame of rows is unpacked
/// when one of its rows is first read.
pub(crate) struct EmbeddingTable {
    /// The model file.
    file: Cow<'static, [u8]>,
    /// The byte ranges of the frames in the file.
    packed: Vec<Range<usize>>,
    unpacked: Vec<OnceLock<Vec<u8>>>,
    /// The row of each token; tokens of other scripts have the row of the unknown token.
    row_of: Vec<u32>,
    low: Vec<f32>,
    scale: Vec<f32>,
}

impl EmbeddingTable {
    /// Takes a model file, the byte range of its packed rows, and its tensors.
    pub(crate) fn new(
        file: Cow<'static, [u8]>,
        rows: &Range<usize>,
        tensors: &Tensors<'_>,
        vocabulary: usize,
    ) -> Result<Self> {
        const ENDS: &str = "embedding.frame_ends";
        const IDS: &str = "embedding.ids";
        let ids = tensors.integers(IDS, None)?;
        let ends = tensors.integers(ENDS, Some(ids.len().div_ceil(ROWS_PER_FRAME)))?;
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
        let row = row.ok_or_else(|| bad(IDS, "the unknown token has no row".to_owned()))?;
        let mut row_of = vec![row as u32; vocabulary];
        for (row, &id) in ids.iter().enumerate() {
            *row_of
                .get_mut(id as usize)
                .ok_or_else(|| bad(IDS, format!("token {id} of {vocabulary}")))? = row as u32;
        }
        // Those of the built-in model are unpacked only when they are needed: a test reads them all.
        if matches!(file, Cow::Owned(_)) {
            let is_frame = |range: &Range<usize>| unpacked_frame(&file[range.clone()]).is_some();
            if !packed.iter().all(is_frame) {
                return Err(bad(ENDS, "a frame that cannot be unpacked".to_owned()));
            }
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

    /// Writes the embedding of a token to `out`, 512 numbers.
    pub(crate) fn read(&self, kernel: Kernel, token: TokenId, out: &mut [f32]) {
        let codes = self.codes(token);
        let row = self.row_of[token as usize] as usize;
        // A token without a row reads that of the unknown token, so it needs its group as well.
        let known = row != self.row_of[UNKNOWN as usize] as usize;
        let group = if known { token as usize % GROUPS } else { UNKNOWN as usize };
        kernel.dequantise(codes, self.scale[group], self.low[group], out);
    }

    /// Returns the codes of the embedding of a token.
    pub(crate) fn codes(&self, token: TokenId) -> &[u8] {
        let row = self.row_of[token as usize] as usize;
        &self.frame(row / ROWS_PER_FRAME)[row % ROWS_PER_FRAME * EMBEDDING..][..EMBEDDING]
    }

    fn frame(&self, frame: usize) -> &[u8] {
        let slot = &self.unpacked[frame];
        if let Some(rows) = slot.get() {
            return rows;
        }
        // Not inside `get_or_init`: if the process is forked meanwhile, the fork would wait for a
        // thread that it does not have.
        // `new` and a test have checked every frame, so only memory can be missing.
        let rows = unpacked_frame(&self.file[self.packed[frame].clone()]);
        let mut rows = rows.unwrap_or_else(|| {
            handle_alloc_error(Layout::new::<[u8; ROWS_PER_FRAME * EMBEDDING]>())
        });
        rows.resize(ROWS_PER_FRAME * EMBEDDING, 0);
        slot.get_or_init(|| rows)
    }
}

fn unpacked_frame(packed: &[u8]) -> Option<Vec<u8>> {
    crate::model::decompressed(packed, ROWS_PER_FRAME * EMBEDDING).ok()
}
