//! nasaq
fn main() {}
