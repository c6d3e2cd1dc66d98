//! Runs the program as a user does.

mod align;
mod corpora;
mod eval;
mod failure;
mod filter;
mod report;
mod score;
mod segment;
mod util;
