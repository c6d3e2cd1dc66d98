//! Measures which documents are found to belong together: gold documents in another order, a tenth
//! of either side without its partner.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use nasaq::{DocumentSketch, pair_documents};
use nasaq_encoder::CnnEncoder;
use nasaq_kernels::Kernel;
use rayon::prelude::*;

use crate::gold::read_documents;
use crate::make_corpus::Random;

/// What to measure, and on what.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',', default_value = "news,wiki")]
    sets: Vec<String>,
    /// Cuts each document into pieces of so many beads, each a document: more of them, shorter, and
    /// alike.
    #[arg(long)]
    beads: Option<usize>,
    /// Least scores to measure.
    #[arg(long, value_delimiter = ',', default_value = "0.4,0.45,0.5,0.55,0.6")]
    least: Vec<f32>,
    /// How often documents are left out and shuffled.
    #[arg(long, default_value_t = 50)]
    rounds: u64,
    /// The model file.
    #[arg(long, default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
    model: PathBuf,
}

/// Measures each least score and prints a row.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let documents = read_documents(&args.folder, &args.sets)?;
    let mut texts: Vec<[Vec<&String>; 2]> = Vec::new();
    for document in &documents {
        let size = args.beads.unwrap_or(document.gold.len().max(1));
        for beads in document.gold.chunks(size).filter(|beads| beads.len() == size) {
            let src = beads.iter().flat_map(|bead| &bead.src);
            let tgt = beads.iter().flat_map(|bead| &bead.tgt);
            texts.push([
                src.map(|&index| &document.src[index as usize]).collect(),
                tgt.map(|&index| &document.tgt[index as usize]).collect(),
            ]);
        }
    }
    texts.retain(|sides| sides.iter().all(|side| !side.is_empty()));
    let model = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let encoder = CnnEncoder::from_bytes(model)?;
    let sketches: Vec<[DocumentSketch; 2]> = texts
        .par_iter()
        .map(|[src, tgt]| -> Result<[DocumentSketch; 2]> {
            let sketch = |side: &[&String]| {
                DocumentSketch::new(&encoder, side).map_err(|error| anyhow!(error))
            };
            Ok([sketch(src)?, sketch(tgt)?])
        })
        .collect::<Result<_>>()?;
    let count = sketches.len();
    let left_out = count.div_ceil(10);
    println!("{count} documents, {left_out} of each side without partner, {} rounds", args.rounds);
    println!("least   precision  recall   right  found  there are");
    for &least in &args.least {
        let (mut right, mut found, mut there) = (0, 0, 0);
        let mut lowest = f32::INFINITY;
        let mut highest_wrong = 0.0_f32;
        for round in 0..args.rounds {
            let mut random = Random(round);
            let mut order: Vec<usize> = (0..count).collect();
            shuffle(&mut order, &mut random);
            // These lose their target, those their source.
            let alone: [BTreeSet<usize>; 2] = [
                order[..left_out].iter().copied().collect(),
                order[left_out..(2 * left_out).min(count)].iter().copied().collect(),
            ];
            let kept = |side: usize, random: &mut Random| {
                let mut kept: Vec<usize> =
                    (0..count).filter(|document| !alone[1 - side].contains(document)).collect();
                shuffle(&mut kept, random);
                kept
            };
            let kept = [kept(0, &mut random), kept(1, &mut random)];
            let side = |side: usize| -> Vec<DocumentSketch> {
                kept[side].iter().map(|&document| sketches[document][side].clone()).collect()
            };
            let pairs = pair_documents(Kernel::detect(), &side(0), &side(1), least);
            there += count - alone[0].len() - alone[1].len();
            found += pairs.pairs.len();
            for pair in &pairs.pairs {
                if kept[0][pair.src] == kept[1][pair.tgt] {
                    right += 1;
                    lowest = lowest.min(pair.score);
                } else {
                    highest_wrong = highest_wrong.max(pair.score);
                }
            }
        }
        println!(
            "{least:.2}    {:.4}     {:.4}   {right:>6} {found:>6} {there:>6}   lowest right {lowest:.3}, highest wrong {highest_wrong:.3}",
            right as f64 / found.max(1) as f64,
            right as f64 / there.max(1) as f64,
        );
    }
    Ok(())
}

fn shuffle(items: &mut [usize], random: &mut Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, random.below(last as u64 + 1) as usize);
    }
}
