//! Finds the scales of 8-bit inputs: the maximum absolute value of each input on sample texts.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use nasaq::{Encoder, Language, VectorRequest, segments};
use nasaq_encoder::{CnnEncoder, Int8Scales};

/// The number of segments that are encoded as one document.
const DOCUMENT_SEGMENTS: usize = 200;
/// The maximum number of segments in a block.
const MAX_BLOCK: usize = 9;

/// The arguments of `int8-scales`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files with an Arabic and an English text per line, separated by a tab.
    #[arg(long, num_args = 1..)]
    pairs: Vec<PathBuf>,
    /// The folder of the bundled corpora.
    #[arg(long, default_value = "corpora")]
    corpora: PathBuf,
    /// The number of lines to read of each file of pairs, spread evenly.
    #[arg(long, default_value_t = 4000)]
    lines: usize,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
    /// The file to write.
    #[arg(long, default_value = "crates/encoder/assets/int8.toml")]
    output: PathBuf,
}

/// Encodes the texts, singly and as documents, and writes the maxima.
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut sides: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    for entry in fs::read_dir(&args.corpora).context("reading the corpora")? {
        let folder = entry.context("reading the corpora")?.path();
        for (side, name, language) in
            [(0, "ar.txt", Language::Arabic), (1, "en.txt", Language::English)]
        {
            if let Ok(text) = fs::read_to_string(folder.join(name)) {
                sides[side].extend(segments(&text, language).iter().map(|it| it.text.to_owned()));
            }
        }
    }
    for path in &args.pairs {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let step = (text.lines().count() / args.lines).max(1);
        for (ar, en) in text.lines().step_by(step).filter_map(|line| line.split_once('\t')) {
            sides[0].push(ar.to_owned());
            sides[1].push(en.to_owned());
        }
    }
    ensure!(!sides[0].is_empty(), "no text");
    let model = crate::model::read(args.model.as_deref())?;
    let encoder = CnnEncoder::recording(model)?;
    let request = VectorRequest::new(MAX_BLOCK).with_windows([16]);
    let failed = |error| anyhow::anyhow!("encoding failed: {error}");
    for (ar, en) in sides[0].chunks(DOCUMENT_SEGMENTS).zip(sides[1].chunks(DOCUMENT_SEGMENTS)) {
        let [ar, en] = [ar, en].map(|side| side.iter().map(String::as_str).collect::<Vec<_>>());
        encoder.encode(&ar).map_err(failed)?;
        encoder.encode(&en).map_err(failed)?;
        encoder.encode_pair(&ar, &en, &request).map_err(failed)?;
    }
    let Int8Scales { branches, head } = encoder.max_inputs();
    let row = |numbers: &Vec<f32>| {
        let numbers: Vec<String> = numbers.iter().map(|it| format!("{it:.4}")).collect();
        format!("  [{}],\n", numbers.join(", "))
    };
    let branches: String = branches.iter().map(row).collect();
    let text = format!(
        "# The maximum absolute values of the inputs of layers that are computed in i8. Written by\n\
         # `cargo run --release -p xtask -- int8-scales`; docs/model.md explains it.\n\n\
         branches = [\n{branches}]\nhead = {head:.4?}\n"
    );
    fs::write(&args.output, text).with_context(|| args.output.display().to_string())
}
