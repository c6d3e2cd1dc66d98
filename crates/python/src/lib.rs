//! The native half of the Python package `nasaq`, the module `nasaq._native`.
//!
//! It converts values and raises exceptions; the work is done by `nasaq-job`, as in the program. It also
//! contains the program, which `run_program` runs in a process of its own. The
//! names, types and documentation that a user of Python sees are in `python/nasaq`. Work runs without
//! the interpreter's lock, on the threads of the [`Engine`]; a signal such as Ctrl-C stops it.
#![forbid(unsafe_code)]
#![expect(clippy::needless_pass_by_value, reason = "PyO3 passes arguments by value")]

mod batch;
mod bead;
mod column;
mod document;
mod encoder;
mod engine;
mod failure;
mod ladder;
mod offsets;
mod program;
mod python_text;
mod quality;
mod remedy;
mod threads;

use pyo3::prelude::*;

pub use engine::Engine;

/// Segmenting, aligning, encoding and rating.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::document::{SourceDocument, read_document};
    #[pymodule_export]
    use super::engine::{Engine, read_abbreviations, read_lexicon, segment};
    #[pymodule_export]
    use super::ladder::{evaluate, read_ladder, write_ladder};
    #[pymodule_export]
    use super::program::run_program;
    #[pymodule_export]
    use super::quality::features;

    /// The version of nasaq.
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name that Python expects")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
