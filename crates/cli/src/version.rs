//! What `--version` prints: all that the results of this program depend on.

use std::env::consts::{ARCH, OS};
use std::fmt::Write as _;

use nasaq::Lexicon;
use nasaq_encoder::{CnnEncoder, Precision};
use nasaq_formats::Format;
use nasaq_kernels::Kernel;
use xxhash_rust::xxh3::xxh3_64;

/// Returns the version with the checksums of model and lexicon, the kernel and the formats.
pub(crate) fn long_version() -> String {
    let mut text = format!("{}\n", env!("CARGO_PKG_VERSION"));
    // The built-in model is checked when it is loaded; it is damaged only if the program is.
    let model = match CnnEncoder::builtin_in(Precision::F32) {
        Ok(encoder) => format!("{:016x}", encoder.checksum()),
        Err(error) => format!("damaged: {error}"),
    };
    let lexicon = Lexicon::builtin();
    let checksum = xxh3_64(&lexicon.to_bytes());
    let formats: Vec<&str> = Format::all().map(Format::name).collect();
    let _ = write!(
        text,
        "model:    universal-sentence-encoder-multilingual 3, XXH3 {model}\n\
         lexicon:  {} word pairs, XXH3 {checksum:016x}\n\
         kernel:   {} on {ARCH} {OS}\n\
         formats:  {}",
        lexicon.len(),
        Kernel::detect().isa(),
        formats.join(" "),
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_names_model_lexicon_and_kernel() {
        let text = long_version();
        for part in ["XXH3 ", "word pairs", "kernel: ", " parquet", " xlsx"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("damaged"), "{text}");
    }
}
