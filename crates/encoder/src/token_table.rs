//! A cache of the results of the first layers for each token.
//!
//! Up to the sums of the first convolution everything depends on the token id alone. The table
//! stores it for the tokens that were met first, as 16-bit floats, and is shared between documents
//! and threads. Tokens that do not fit are computed each time, with the same result.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::token_layers::TOKEN_ROW;
use crate::tokenizer::TokenId;

/// Default of the max. number of cached tokens: 6.6 kB each, 109 MB together.
const DEFAULT_MAX: usize = 1 << 14;

/// The results of the first layers for a token: see [`TOKEN_ROW`].
pub(crate) type TokenRow = Box<[u16]>;

/// The rows of the tokens that were met.
pub(crate) struct TokenTable {
    rows: Vec<OnceLock<TokenRow>>,
    count: AtomicUsize,
    max: usize,
}

impl TokenTable {
    /// Creates an empty table for `vocabulary` tokens.
    pub(crate) fn new(vocabulary: usize) -> Self {
        let rows = (0..vocabulary).map(|_| OnceLock::new()).collect();
        Self { rows, count: AtomicUsize::new(0), max: DEFAULT_MAX }
    }

    /// Sets the max. number of tokens that are stored.
    pub(crate) fn set_max(&mut self, tokens: usize) {
        self.max = tokens;
    }

    /// Returns the row of a token, where it is stored.
    pub(crate) fn get(&self, token: TokenId) -> Option<&[u16]> {
        self.rows[token as usize].get().map(|row| &**row)
    }

    /// Stores the row of a token, or returns it where the table is full.
    pub(crate) fn insert(&self, token: TokenId, row: TokenRow) -> Result<(), TokenRow> {
        debug_assert_eq!(row.len(), TOKEN_ROW);
        if self.count.load(Ordering::Relaxed) >= self.max {
            return Err(row);
        }
        // Another thread may have stored the same row meanwhile.
        if self.rows[token as usize].set(row).is_ok() {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}
