//! From glyphs to the text of lines.
//!
//! The glyphs of a line are put in order by their places, marks on the letters that they stand over,
//! letters in place of presentation forms, and spaces where the gaps are. Then the line is read in
//! the order in which a reader reads it.

mod clusters;
pub(super) mod compose;
pub(super) mod letters;
pub(super) mod marks;
pub(super) mod order;
pub(super) mod shapes;
pub(super) mod unit;
pub(super) mod unknown;
pub(super) mod words;
