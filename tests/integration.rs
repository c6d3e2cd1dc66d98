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
mod hostile;
mod output_paths;
mod pair;
mod report;
mod score;
mod segment;
mod stream;
mod util;
