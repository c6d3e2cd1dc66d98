//! How much work one file may cause.
//!
//! Work is counted and not timed, so that a file is read, or refused, in the same way everywhere.

use crate::error::{ByteCount, ErrorKind, Result};

/// The maximum number of bytes that one stream may have, decompressed.
pub(super) const MAX_STREAM: usize = 1 << 26;
/// The maximum number of bytes that all streams may have together, decompressed.
const MAX_BYTES: u64 = 1 << 30;
/// The maximum number of pages.
pub(super) const MAX_PAGES: usize = 20_000;
/// The maximum number of objects.
pub(super) const MAX_OBJECTS: usize = 5_000_000;
/// The maximum number of operations in the contents of all pages.
const MAX_OPERATIONS: u64 = 30_000_000;
/// The maximum number of glyphs of one page.
pub(super) const MAX_PAGE_GLYPHS: usize = 400_000;
/// The maximum number of glyphs of all pages.
const MAX_GLYPHS: u64 = 10_000_000;
/// The number of operations that a form counts for.
const FORM: u64 = 200;
/// The maximum depth of forms in forms, and of the tree of pages.
pub(super) const MAX_DEPTH: usize = 24;
/// The maximum number of elements of a structure tree, and of their depth.
pub(super) const MAX_ELEMENTS: usize = 1_000_000;
pub(super) const MAX_TREE_DEPTH: usize = 200;

/// The work that remains allowed.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: u64,
    operations: u64,
    glyphs: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: MAX_BYTES, operations: MAX_OPERATIONS, glyphs: MAX_GLYPHS }
    }
}

impl Budget {
    /// Counts bytes that were decompressed.
    pub(super) fn take_bytes(&mut self, bytes: usize) -> Result<()> {
        let message = || format!("more than {} of decompressed contents", ByteCount(MAX_BYTES));
        take(&mut self.bytes, bytes as u64, message)
    }

    /// Counts an operation of a content stream.
    pub(super) fn take_operation(&mut self) -> Result<()> {
        let message = || format!("more than {MAX_OPERATIONS} operations in the contents of pages");
        take(&mut self.operations, 1, message)
    }

    /// Counts the drawing of a form.
    pub(super) fn take_form(&mut self) -> Result<()> {
        let message = || format!("more than {MAX_OPERATIONS} operations in the contents of pages");
        take(&mut self.operations, FORM, message)
    }

    /// Counts a glyph.
    pub(super) fn take_glyph(&mut self) -> Result<()> {
        take(&mut self.glyphs, 1, || format!("more than {MAX_GLYPHS} glyphs"))
    }
}

fn take(remaining: &mut u64, amount: u64, message: impl FnOnce() -> String) -> Result<()> {
    match remaining.checked_sub(amount) {
        Some(rest) => {
            *remaining = rest;
            Ok(())
        }
        None => Err(ErrorKind::Hostile(message()).into()),
    }
}
