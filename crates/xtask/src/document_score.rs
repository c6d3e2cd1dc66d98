//! Measures the document score on gold bitexts and on wrong pairs of the same texts, both whole and
//! in excerpts, and fits its weights.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nasaq::{Aligner, Rung};
use nasaq_encoder::CnnEncoder;
use rayon::prelude::*;

use crate::gold::{GoldDocument, read_documents};
use crate::quality::area;

/// The numbers of beads in an excerpt; the last one is for whole documents.
const SIZES: [usize; 6] = [1, 2, 4, 8, 16, usize::MAX];
/// The number of excerpts of each document and size.
const EXCERPTS: usize = 6;

/// The arguments of `document-score`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// Fit the weights and print them.
    #[arg(long)]
    fit: bool,
    /// Write what each score is computed from to this file, as a table.
    #[arg(long)]
    evidence: Option<PathBuf>,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
}

/// A run of gold beads of a document.
#[derive(Clone)]
struct Excerpt<'a> {
    document: usize,
    size: usize,
    src: &'a [String],
    tgt: &'a [String],
}

/// The document score of two excerpts.
struct ScoreSample {
    set: String,
    size: usize,
    is_true: bool,
    score: f32,
    /// The mean cosine, and the same minus the cosine of random pairs.
    values: [f64; 2],
    /// The standard error of the mean cosine.
    error: f32,
}

/// Measures the score and prints a row per set and size.
#[expect(clippy::print_stdout, reason = "the table is the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let documents = read_documents(&args.folder, &args.sets)?;
    let model = crate::model::read(args.model.as_deref())?;
    let encoder = CnnEncoder::from_bytes(model)?;
    let aligner = Aligner::builder().build()?;
    let mut excerpts: Vec<Excerpt<'_>> = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        for size in SIZES {
            excerpts.extend(cut(document, index, size));
        }
    }
    let mut pairs: Vec<(&Excerpt<'_>, &Excerpt<'_>)> = Vec::new();
    for (index, excerpt) in excerpts.iter().enumerate() {
        pairs.push((excerpt, excerpt));
        // Wrong partners: the next two excerpts of the same size of other documents.
        let others = (1..excerpts.len()).map(|step| &excerpts[(index + step) % excerpts.len()]);
        let is_wrong =
            |other: &&Excerpt<'_>| other.size == excerpt.size && other.document != excerpt.document;
        pairs.extend(others.filter(is_wrong).take(2).map(|other| (excerpt, other)));
    }
    let samples: Vec<ScoreSample> = pairs
        .par_iter()
        .map(|(src, tgt)| -> Result<ScoreSample> {
            let alignment = aligner.align(&encoder, src.src, tgt.tgt)?;
            let found = alignment.document_evidence();
            let values = [found.cosine, found.cosine - found.chance];
            Ok(ScoreSample {
                set: documents[src.document].set.clone(),
                size: src.size,
                is_true: std::ptr::eq(*src, *tgt),
                score: alignment.document_score(),
                values: values.map(f64::from),
                error: found.error,
            })
        })
        .collect::<Result<_>>()?;
    if let Some(path) = &args.evidence {
        write_evidence(path, &samples)?;
    }
    let mut sets: Vec<&str> = documents.iter().map(|document| document.set.as_str()).collect();
    sets.dedup();
    println!(
        "set          beads | true pairs: count, below ½, minimum, 5th percentile | \
         wrong pairs: count, from ½, 95th percentile, maximum | area under ROC"
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
                "{:<12} {name:>5} | {:>4} {:>4} {:.3} {:.3} | {:>4} {:>4} {:.3} {:.3} | {:.4}",
                if set.is_empty() { "~ all" } else { set },
                right.len(),
                right.iter().filter(|&&score| score < 0.5).count(),
                at(&right, 0.0),
                at(&right, 0.05),
                wrong.len(),
                wrong.iter().filter(|&&score| score >= 0.5).count(),
                at(&wrong, 0.95),
                at(&wrong, 1.0),
                area(&right, &wrong),
            );
        }
    }
    if args.fit {
        let (weights, constant) = fit(&samples);
        println!("weights {weights:.2?}, constant {constant:.2}");
    }
    Ok(())
}

/// Writes a row per sample.
fn write_evidence(path: &Path, samples: &[ScoreSample]) -> Result<()> {
    let mut table = "set\tbeads\ttrue\tcosine\tabove\terror\tscore\n".to_owned();
    for ScoreSample { set, size, is_true, score, values: [cosine, above], error } in samples {
        writeln!(table, "{set}\t{size}\t{is_true}\t{cosine}\t{above}\t{error}\t{score}")?;
    }
    fs::write(path, table).with_context(|| path.display().to_string())
}

/// Returns the excerpts of a document with a number of beads.
fn cut(document: &GoldDocument, index: usize, size: usize) -> Vec<Excerpt<'_>> {
    let beads = &document.gold;
    if size == usize::MAX {
        return vec![Excerpt { document: index, size, src: &document.src, tgt: &document.tgt }];
    }
    let step = (beads.len() / EXCERPTS).max(size);
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
            Some(Excerpt {
                document: index,
                size,
                src: &document.src[src],
                tgt: &document.tgt[tgt],
            })
        })
        .collect()
}

/// Fits a logistic regression by Newton's method; returns the weights and the constant. Both
/// classes have the same total weight, and a small L2 penalty keeps the weights finite for
/// separable data.
fn fit(samples: &[ScoreSample]) -> ([f64; 2], f64) {
    const STEPS: usize = 40;
    const PENALTY: f64 = 1e-3;
    /// The total weight of both classes.
    const TOTAL_WEIGHT: f64 = 1000.0;
    let right = samples.iter().filter(|sample| sample.is_true).count() as f64;
    let wrong = samples.len() as f64 - right;
    let mut weights = [0.0_f64; 3];
    for _ in 0..STEPS {
        // The Hessian, and the gradient in the last column.
        let mut rows = [[0.0_f64; 4]; 3];
        for (i, row) in rows.iter_mut().enumerate() {
            row[i] = PENALTY;
            row[3] = -PENALTY * weights[i];
        }
        for sample in samples {
            let [cosine, above] = sample.values;
            let values = [cosine, above, 1.0];
            let odds: f64 = weights.iter().zip(values).map(|(w, v)| w * v).sum();
            let probability = 1.0 / (1.0 + (-odds.clamp(-30.0, 30.0)).exp());
            let label = f64::from(u8::from(sample.is_true));
            let share = TOTAL_WEIGHT / 2.0 / if sample.is_true { right } else { wrong };
            for (row, value) in rows.iter_mut().zip(values) {
                row[3] += share * (label - probability) * value;
                for (cell, other) in row.iter_mut().zip(values) {
                    *cell += share * probability * (1.0 - probability) * value * other;
                }
            }
        }
        let step = solve(rows);
        weights.iter_mut().zip(step).for_each(|(w, step)| *w += step.clamp(-5.0, 5.0));
    }
    let [cosine, above, constant] = weights;
    ([cosine, above], constant)
}

/// Solves a linear system by Gauss-Jordan elimination; the last column is the right-hand side.
fn solve(mut rows: [[f64; 4]; 3]) -> [f64; 3] {
    for pivot in 0..3 {
        let own = rows[pivot];
        for (_, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != pivot) {
            let factor = row[pivot] / own[pivot];
            row.iter_mut().zip(own).for_each(|(cell, own)| *cell -= factor * own);
        }
    }
    std::array::from_fn(|index| rows[index][3] / rows[index][index])
}
