//! Makes a corpus of small documents from the bundled bitexts, for timing corpus runs. Each
//! document consists of passages of `corpora/` and their translations, which depend only on its
//! index.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nasaq::Rung;
use nasaq_formats::read_ladder;

use crate::random::Random;

/// The arguments of `make-corpus`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The number of documents.
    documents: u64,
    /// The folder to write `ar/…` and `en/…` to, with 1000 documents per folder.
    output: PathBuf,
    /// The folder of bundled bitexts.
    #[arg(long, default_value = "corpora")]
    corpora: PathBuf,
    /// The number of passages in a document.
    #[arg(long, default_value_t = 3)]
    passages: u64,
}

/// The minimum and maximum number of beads in a passage.
const MIN_BEADS: usize = 2;
const MAX_BEADS: usize = 7;

/// A bundled bitext.
struct BundledBitext {
    src: Vec<String>,
    tgt: Vec<String>,
    beads: Vec<Rung>,
}

/// Writes the documents.
pub(crate) fn run(args: &Args) -> Result<()> {
    let bitexts = read_bitexts(&args.corpora)?;
    for document in 0..args.documents {
        let mut random = Random::new(document);
        let (mut src, mut tgt) = (String::new(), String::new());
        for _ in 0..args.passages {
            let bitext = random.one_of(&bitexts);
            let beads = MIN_BEADS + random.below(MAX_BEADS - MIN_BEADS + 1);
            let beads = beads.min(bitext.beads.len());
            let start = random.below(bitext.beads.len() - beads + 1);
            for bead in &bitext.beads[start..start + beads] {
                add(&mut src, &bitext.src, &bead.src);
                add(&mut tgt, &bitext.tgt, &bead.tgt);
            }
        }
        for (side, text) in [("ar", src), ("en", tgt)] {
            let folder = args.output.join(side).join(format!("{:03}", document / 1000));
            if document % 1000 == 0 {
                fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
            }
            let path = folder.join(format!("{:03}.txt", document % 1000));
            fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

fn add(text: &mut String, segments: &[String], indices: &[u32]) {
    for &index in indices {
        text.push_str(&segments[index as usize]);
        text.push('\n');
    }
}

fn read_bitexts(folder: &Path) -> Result<Vec<BundledBitext>> {
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    folders.retain(|path| path.join("gold.ladder").is_file());
    folders.sort();
    let read = |path: PathBuf| -> Result<String> {
        fs::read_to_string(&path).with_context(|| path.display().to_string())
    };
    folders
        .iter()
        .map(|folder| {
            let lines = |name: &str| -> Result<Vec<String>> {
                Ok(read(folder.join(name))?.lines().map(str::to_owned).collect())
            };
            let mut beads = read_ladder(&read(folder.join("gold.ladder"))?)?;
            // Null beads may be omitted anywhere.
            beads.retain(|bead| !bead.is_null());
            Ok(BundledBitext {
                src: lines("ar.segments.txt")?,
                tgt: lines("en.segments.txt")?,
                beads,
            })
        })
        .collect()
}
