//! The piece table: what the first layers make of each piece, worked out once a run.
//!
//! Up to the first convolution's sums everything depends on the piece alone. The table keeps it for
//! the pieces that were met first, as numbers of 16 bits, and is shared between documents and
//! threads; what finds no room any more is worked out anew each time, to the same numbers.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::piece_layers::MEMO;
use crate::tokenizer::PieceId;

/// Pieces that are kept at the most, where nothing else is asked for: 6.6 kB each, 109 MB together.
const MOST: usize = 1 << 14;

/// What the first layers make of a piece: see [`MEMO`].
pub(crate) type PieceRow = Box<[u16]>;

/// The rows of the pieces that were met.
pub(crate) struct PieceTable {
    rows: Vec<OnceLock<PieceRow>>,
    kept: AtomicUsize,
    most: usize,
}

impl PieceTable {
    /// Makes an empty table for a vocabulary of that size.
    pub(crate) fn new(vocabulary: usize) -> Self {
        let rows = (0..vocabulary).map(|_| OnceLock::new()).collect();
        Self { rows, kept: AtomicUsize::new(0), most: MOST }
    }

    /// Sets how many pieces it keeps at the most.
    pub(crate) fn set_most(&mut self, pieces: usize) {
        self.most = pieces;
    }

    /// Gives a piece's row, where it is kept.
    pub(crate) fn get(&self, piece: PieceId) -> Option<&[u16]> {
        self.rows[piece as usize].get().map(|row| &**row)
    }

    /// Keeps a piece's row, or gives it back where there is no room.
    pub(crate) fn keep(&self, piece: PieceId, row: PieceRow) -> Result<(), PieceRow> {
        debug_assert_eq!(row.len(), MEMO);
        if self.kept.load(Ordering::Relaxed) >= self.most {
            return Err(row);
        }
        // Another thread may have been faster, with the same numbers.
        if self.rows[piece as usize].set(row).is_ok() {
            self.kept.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}
