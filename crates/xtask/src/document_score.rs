//! Measures the document score: gold bitexts against the same texts paired wrongly, whole and in
//! pieces, and fits its weights.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use nasaq::{Aligner, Rung};
use nasaq_encoder::CnnEncoder;
use rayon::prelude::*;

use crate::gold::{GoldDocument, read_documents};

/// Beads in a piece; the last one takes whole documents.
const SIZES: [usize; 6] = [1, 2, 4, 8, 16, usize::MAX];
/// Pieces of each document and size.
const PIECES: usize = 6;

/// What to measure, and on what.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// Fits the weights anew and prints them.
    #[arg(long)]
    fit: bool,
    /// The model file.
    #[arg(long, default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
    model: PathBuf,
}

/// A run of gold beads.
#[derive(Clone)]
struct Piece<'a> {
    document: usize,
    size: usize,
    src: &'a [String],
    tgt: &'a [String],
}

/// What an alignment of two pieces said.
struct Sample {
    set: String,
    size: usize,
    is_true: bool,
    score: f32,
    /// Cosine, and cosine above chance.
    values: [f64; 2],
}

/// Measures and prints a row a set and size.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let documents = read_documents(&args.folder, &args.sets)?;
    let model = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let encoder = CnnEncoder::from_bytes(model)?;
    let aligner = Aligner::builder().build()?;
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        for size in SIZES {
            pieces.extend(cut(document, number, size));
        }
    }
    let mut pairs: Vec<(&Piece<'_>, &Piece<'_>)> = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        pairs.push((piece, piece));
        // Wrong partners: the next two pieces of that size of other documents.
        let others = (1..pieces.len()).map(|step| &pieces[(number + step) % pieces.len()]);
        let is_wrong =
            |other: &&Piece<'_>| other.size == piece.size && other.document != piece.document;
        pairs.extend(others.filter(is_wrong).take(2).map(|other| (piece, other)));
    }
    let samples: Vec<Sample> = pairs
        .par_iter()
        .map(|(src, tgt)| -> Result<Sample> {
            let alignment = aligner.align(&encoder, src.src, tgt.tgt)?;
            let found = alignment.document_evidence();
            let values = [found.cosine, found.cosine - found.chance];
            Ok(Sample {
                set: documents[src.document].set.clone(),
                size: src.size,
                is_true: std::ptr::eq(*src, *tgt),
                score: alignment.document_score(),
                values: values.map(f64::from),
            })
        })
        .collect::<Result<_>>()?;
    let mut sets: Vec<&str> = documents.iter().map(|document| document.set.as_str()).collect();
    sets.dedup();
    println!(
        "set          beads | true pairs: number, below ½, least, 5th percentile | wrong pairs: number, from ½, 95th percentile, greatest"
    );
    for set in sets.into_iter().chain([""]) {
        for size in SIZES {
            let of = |is_true: bool| {
                let mut scores: Vec<f32> = samples
                    .iter()
                    .filter(|sample| set.is_empty() || sample.set == set)
                    .filter(|sample| sample.size == size && sample.is_true == is_true)
                    .map(|sample| sample.score)
                    .collect();
                scores.sort_by(f32::total_cmp);
                scores
            };
            let (right, wrong) = (of(true), of(false));
            let at = |scores: &[f32], share: f64| {
                let last = scores.len().saturating_sub(1);
                scores.get((last as f64 * share).round() as usize).copied().unwrap_or(f32::NAN)
            };
            let name = if size == usize::MAX { "all".to_owned() } else { size.to_string() };
            println!(
                "{:<12} {name:>5} | {:>4} {:>4} {:.3} {:.3} | {:>4} {:>4} {:.3} {:.3}",
                if set.is_empty() { "~ all" } else { set },
                right.len(),
                right.iter().filter(|&&score| score < 0.5).count(),
                at(&right, 0.0),
                at(&right, 0.05),
                wrong.len(),
                wrong.iter().filter(|&&score| score >= 0.5).count(),
                at(&wrong, 0.95),
                at(&wrong, 1.0),
            );
        }
    }
    if args.fit {
        let (weights, constant) = fit(&samples);
        println!("weights {weights:.2?}, constant {constant:.2}");
    }
    Ok(())
}

fn cut(document: &GoldDocument, number: usize, size: usize) -> Vec<Piece<'_>> {
    let beads = &document.gold;
    if size == usize::MAX {
        return vec![Piece { document: number, size, src: &document.src, tgt: &document.tgt }];
    }
    let step = (beads.len() / PIECES).max(size);
    let starts = (0..(beads.len() + 1).saturating_sub(size)).step_by(step);
    starts
        .filter_map(|start| {
            let beads = &beads[start..start + size];
            let range = |of: fn(&Rung) -> &Vec<u32>| {
                let first = *beads.iter().flat_map(of).min()? as usize;
                let last = *beads.iter().flat_map(of).max()? as usize;
                Some(first..last + 1)
            };
            let (src, tgt) = (range(|rung| &rung.src)?, range(|rung| &rung.tgt)?);
            Some(Piece { document: number, size, src: &document.src[src], tgt: &document.tgt[tgt] })
        })
        .collect()
}

/// Logistic regression by Newton's method; both classes weigh the same, and a little decay keeps
/// separable data finite. Gives the weights and the constant.
fn fit(samples: &[Sample]) -> ([f64; 2], f64) {
    const ROUNDS: usize = 40;
    const DECAY: f64 = 1e-3;
    /// What both classes weigh together.
    const TOTAL: f64 = 1000.0;
    let right = samples.iter().filter(|sample| sample.is_true).count() as f64;
    let wrong = samples.len() as f64 - right;
    let mut weights = [0.0_f64; 3];
    for _ in 0..ROUNDS {
        // The matrix of second derivatives, and beside it the gradient.
        let mut rows = [[0.0_f64; 4]; 3];
        for (i, row) in rows.iter_mut().enumerate() {
            row[i] = DECAY;
            row[3] = -DECAY * weights[i];
        }
        for sample in samples {
            let [cosine, above] = sample.values;
            let values = [cosine, above, 1.0];
            let odds: f64 = weights.iter().zip(values).map(|(w, v)| w * v).sum();
            let chance = 1.0 / (1.0 + (-odds.clamp(-30.0, 30.0)).exp());
            let wanted = f64::from(u8::from(sample.is_true));
            let share = TOTAL / 2.0 / if sample.is_true { right } else { wrong };
            for (row, value) in rows.iter_mut().zip(values) {
                row[3] += share * (wanted - chance) * value;
                for (cell, other) in row.iter_mut().zip(values) {
                    *cell += share * chance * (1.0 - chance) * value * other;
                }
            }
        }
        let step = solve(rows);
        weights.iter_mut().zip(step).for_each(|(w, step)| *w += step.clamp(-5.0, 5.0));
    }
    let [cosine, above, constant] = weights;
    ([cosine, above], constant)
}

/// Solves a symmetric positive definite system by elimination.
fn solve(mut rows: [[f64; 4]; 3]) -> [f64; 3] {
    for pivot in 0..3 {
        let own = rows[pivot];
        for (_, row) in rows.iter_mut().enumerate().filter(|(number, _)| *number != pivot) {
            let factor = row[pivot] / own[pivot];
            row.iter_mut().zip(own).for_each(|(cell, own)| *cell -= factor * own);
        }
    }
    std::array::from_fn(|number| rows[number][3] / rows[number][number])
}
