//! Measures the pairing of documents: gold documents in random order, a tenth of either side
//! without its partner.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, anyhow};
use nasaq::{DocumentSketch, pair_documents};
use nasaq_encoder::CnnEncoder;
use nasaq_kernels::Kernel;
use rayon::prelude::*;

use crate::gold::read_documents;
use crate::random::Random;

/// The arguments of `pair`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',', default_value = "news,wiki")]
    sets: Vec<String>,
    /// Cut each document into documents of this number of beads, which are shorter and more
    /// similar.
    #[arg(long)]
    beads: Option<usize>,
    /// The minimum scores to measure.
    #[arg(long = "least", value_delimiter = ',', default_value = "0.4,0.45,0.5,0.55,0.6")]
    min_scores: Vec<f32>,
    /// How often documents are removed and shuffled.
    #[arg(long, default_value_t = 50)]
    rounds: u64,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
}

/// Measures each minimum score and prints a row.
#[expect(clippy::print_stdout, reason = "the table is the output of the task")]
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
    let model = crate::model::read(args.model.as_deref())?;
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
    let removed = count.div_ceil(10);
    println!("{count} documents, {removed} of each side without partner, {} rounds", args.rounds);
    println!("minimum precision  recall   right  found  expected");
    for &min_score in &args.min_scores {
        let (mut right, mut found, mut expected) = (0, 0, 0);
        let mut lowest = f32::INFINITY;
        let mut highest_wrong = 0.0_f32;
        for round in 0..args.rounds {
            let mut random = Random::new(round);
            let mut order: Vec<usize> = (0..count).collect();
            random.shuffle(&mut order);
            // By side: the documents without a partner on the other side.
            let unpaired: [BTreeSet<usize>; 2] = [
                order[..removed].iter().copied().collect(),
                order[removed..(2 * removed).min(count)].iter().copied().collect(),
            ];
            let remaining = |side: usize, random: &mut Random| {
                let mut remaining: Vec<usize> =
                    (0..count).filter(|document| !unpaired[1 - side].contains(document)).collect();
                random.shuffle(&mut remaining);
                remaining
            };
            let remaining = [remaining(0, &mut random), remaining(1, &mut random)];
            let side = |side: usize| -> Vec<DocumentSketch> {
                remaining[side].iter().map(|&document| sketches[document][side].clone()).collect()
            };
            let pairs = pair_documents(Kernel::detect(), &side(0), &side(1), min_score);
            expected += count - unpaired[0].len() - unpaired[1].len();
            found += pairs.pairs.len();
            for pair in &pairs.pairs {
                if remaining[0][pair.src] == remaining[1][pair.tgt] {
                    right += 1;
                    lowest = lowest.min(pair.score);
                } else {
                    highest_wrong = highest_wrong.max(pair.score);
                }
            }
        }
        println!(
            "{min_score:.2}    {:.4}     {:.4}   {right:>6} {found:>6} {expected:>6}   lowest right \
             {lowest:.3}, highest wrong {highest_wrong:.3}",
            right as f64 / found.max(1) as f64,
            right as f64 / expected.max(1) as f64,
        );
    }
    Ok(())
}
