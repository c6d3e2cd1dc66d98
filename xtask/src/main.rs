//! Work on nasaq itself, run by hand.
fn main() {}
