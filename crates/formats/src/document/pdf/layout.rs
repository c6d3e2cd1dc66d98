//! From the units of a page to its blocks: lines, columns, tables, paragraphs.

pub(super) mod blocks;
pub(super) mod columns;
pub(super) mod line;
pub(super) mod paragraphs;
pub(super) mod running;
pub(super) mod table;
