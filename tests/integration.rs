//! Runs the program as a user does.

mod align;
mod eval;
mod failure;
mod segment;
mod util;
