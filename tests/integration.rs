//! Tests that run the program as a user does.

mod align;
mod convert;
mod corpora;
mod corpus;
mod counted;
mod decisions;
mod documents;
mod earlier_outputs;
mod eval;
mod failure;
#[cfg(target_os = "linux")]
mod faults;
mod filter;
mod foreign_outputs;
mod hostile;
mod links;
mod memories;
mod memory_limit;
mod merge;
mod output_paths;
mod output_sets;
mod pair;
mod pdf;
mod pdf_kinds;
mod pdf_tags;
mod report;
#[cfg(unix)]
mod review;
mod reviewed;
mod score;
mod segment;
mod silence;
mod start;
mod stream;
mod subtitles;
mod tables;
mod terminal;
mod terms;
mod util;
mod variants;
