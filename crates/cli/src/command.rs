//! The commands: each module runs one plan.

pub(crate) mod align;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod corpus;
pub(crate) mod eval;
pub(crate) mod filter;
pub(crate) mod man;
pub(crate) mod merge;
pub(crate) mod pair;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod score;
pub(crate) mod segment;
pub(crate) mod stream;
pub(crate) mod terms;
