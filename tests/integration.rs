//! Tests that run the program as a user does.

mod align;
mod convert;
mod corpora;
mod corpus;
mod documents;
mod earlier_outputs;
mod eval;
mod failure;
mod filter;
mod output_paths;
mod pair;
mod report;
mod score;
mod segment;
mod silence;
mod stream;
mod util;
