//! Runs the program as a user does.

mod align;
mod corpora;
mod corpus;
mod eval;
mod failure;
mod pair;
mod segment;
mod util;
