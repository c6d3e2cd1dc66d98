//! Makes a corpus of small documents from the bundled bitexts, to measure runs with: each document
//! is some passages of `corpora/` and their translations, the same for the same number.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nasaq::Rung;
use nasaq_formats::read_ladder;

/// How many, and where.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Documents to make.
    documents: u64,
    /// The folder to make; it gets `ar/…` and `en/…`, a thousand documents a folder.
    output: PathBuf,
    /// The folder of bundled bitexts.
    #[arg(long, default_value = "corpora")]
    corpora: PathBuf,
    /// Passages in a document.
    #[arg(long, default_value_t = 3)]
    passages: u64,
}

/// A passage is this many beads or up to `MORE` more.
const LEAST: u64 = 2;
const MORE: u64 = 5;

struct Bitext {
    src: Vec<String>,
    tgt: Vec<String>,
    beads: Vec<Rung>,
}

/// Makes the documents.
pub(crate) fn run(args: &Args) -> Result<()> {
    let bitexts = read_bitexts(&args.corpora)?;
    for document in 0..args.documents {
        let mut random = Random(document);
        let (mut src, mut tgt) = (String::new(), String::new());
        for _ in 0..args.passages {
            let bitext = &bitexts[random.below(bitexts.len() as u64) as usize];
            let beads = (LEAST + random.below(MORE + 1)).min(bitext.beads.len() as u64);
            let start = random.below(bitext.beads.len() as u64 - beads + 1) as usize;
            for bead in &bitext.beads[start..start + beads as usize] {
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

fn read_bitexts(folder: &Path) -> Result<Vec<Bitext>> {
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
            // Text that only one side has may be left out anywhere.
            beads.retain(|bead| !bead.is_null());
            Ok(Bitext { src: lines("ar.segments.txt")?, tgt: lines("en.segments.txt")?, beads })
        })
        .collect()
}

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}
