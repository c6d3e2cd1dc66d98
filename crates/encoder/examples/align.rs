//! Aligns two texts with the built-in encoder, and prints a line per bead.
//!
//! ```sh
//! cargo run --release -p nasaq-encoder --example align -- corpora/news/ar.txt corpora/news/en.txt
//! ```

use std::io::Write;
use std::{env, fs, io};

use nasaq::{Aligner, Language, segments};
use nasaq_encoder::CnnEncoder;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths = env::args().skip(1);
    let (Some(arabic), Some(english)) = (paths.next(), paths.next()) else {
        return Err("name the Arabic file and its English translation".into());
    };
    let (arabic, english) = (fs::read_to_string(arabic)?, fs::read_to_string(english)?);
    let src = segments(&arabic, Language::Arabic);
    let tgt = segments(&english, Language::English);

    // Loading the model takes longer than aligning a page: do it once, and share it between threads.
    let encoder = CnnEncoder::builtin()?;
    let alignment = Aligner::builder().build()?.align(&encoder, &src, &tgt)?;

    let mut out = io::stdout().lock();
    for bead in alignment.beads() {
        let (src, tgt) = (bead.src.range(), bead.tgt.range());
        writeln!(out, "{src:?}\t{tgt:?}\t{:.4}", bead.probability)?;
    }
    Ok(())
}
