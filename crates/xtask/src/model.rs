//! The encoder's model: read from a file or from the program, and written as the parts that are packed.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The parts of the built-in model: a crate may have 10 MB, and the model has more.
const PARTS: [&str; 3] =
    ["crates/model-1/model.part", "crates/model-2/model.part", "crates/model-3/model.part"];

/// Reads a model file; without one, returns the built-in model.
pub(crate) fn read(path: Option<&Path>) -> Result<Cow<'static, [u8]>> {
    match path {
        Some(path) => Ok(fs::read(path).with_context(|| path.display().to_string())?.into()),
        None => Ok(nasaq_encoder::builtin_model().into()),
    }
}

/// Writes a model to a file, or as the parts that the next build joins to the built-in model.
pub(crate) fn write(model: &[u8], path: Option<&Path>) -> Result<()> {
    if let Some(path) = path {
        return fs::write(path, model).with_context(|| path.display().to_string());
    }
    for (path, part) in PARTS.iter().zip(model.chunks(model.len().div_ceil(PARTS.len()))) {
        fs::write(path, part).context(*path)?;
    }
    Ok(())
}
