//! Fits the map from a bead's traits to its probability.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use nasaq::Aligner;
use nasaq::confidence::{TRAIT_NAMES, TRAITS, Traits};
use nasaq_encoder::{CnnEncoder, Precision};
use rayon::prelude::*;

use crate::cached_encoder::DiskCachedEncoder;
use crate::gold::{
    Condition, GROUPS, GoldDocument, ScoredBead, calibration_error, read_documents, scored_beads,
};

/// The arguments of `confidence`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// The conditions of the documents, as for `gold`.
    #[arg(long = "condition", value_delimiter = ',', default_value = "whole")]
    conditions: Vec<Condition>,
    /// Traits that are not used.
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,
    /// The strength of the penalty.
    #[arg(long, default_value_t = 0.001)]
    penalty: f64,
    /// The weight of whole documents.
    #[arg(long, default_value_t = 3.0)]
    whole: f64,
    /// The folder of cached vectors.
    #[arg(long, default_value = "target/gold-vectors")]
    vectors: PathBuf,
    /// The model file.
    #[arg(long, default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
    model: PathBuf,
}

struct Example {
    traits: Traits,
    bead: ScoredBead,
}

/// The examples of a set under a condition.
struct Part {
    condition: usize,
    set: String,
    group: usize,
    weight: f64,
    examples: Vec<Example>,
}

#[expect(clippy::print_stdout, reason = "the tables are the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let documents = read_documents(&args.folder, &[])?;
    let model = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let encoder = DiskCachedEncoder::new(
        CnnEncoder::from_bytes_in(model, Precision::default())?,
        &args.vectors,
    )?;
    let aligner = Aligner::builder().build()?;
    let mut parts: Vec<Part> = Vec::new();
    for (index, condition) in args.conditions.iter().enumerate() {
        let documents = condition.apply(&documents);
        let measured: Vec<(String, Vec<Example>)> = documents
            .par_iter()
            .map(|document| Ok((document.set.clone(), examples(&aligner, &encoder, document)?)))
            .collect::<Result<_>>()?;
        let mut sets: BTreeMap<String, Vec<Example>> = BTreeMap::new();
        for (set, examples) in measured {
            sets.entry(set).or_default().extend(examples);
        }
        for (set, examples) in sets {
            let group = GROUPS.iter().position(|(_, sets)| sets.contains(&set.as_str()));
            let group = group.context("a set without a group")?;
            let count = GROUPS[group].1.len() as f64;
            let factor = if condition.is_whole() { args.whole } else { 1.0 };
            let weight = factor / count / examples.len().max(1) as f64;
            parts.push(Part { condition: index, set, group, weight, examples });
        }
    }
    let used: Vec<usize> = (0..TRAITS)
        .filter(|&at| !args.without.iter().any(|name| name == TRAIT_NAMES[at]))
        .collect();
    let all = fit(&parts, &used, args.penalty, None);
    println!("## Weights\n");
    for &at in &used {
        println!("{:24} {:.4}", TRAIT_NAMES[at], all[at]);
    }
    let without: Vec<Traits> = (0..GROUPS.len())
        .into_par_iter()
        .map(|group| fit(&parts, &used, args.penalty, Some(group)))
        .collect();
    println!("\n## By condition: before; fitted on all; fitted without the group\n");
    for (index, condition) in args.conditions.iter().enumerate() {
        let mut line = format!("{:10}", condition.to_string());
        for model in 0..3 {
            let (mut wrong, mut errors, mut sure, mut loss) = (vec![], vec![], vec![], vec![]);
            for part in parts.iter().filter(|part| part.condition == index) {
                let beads: Vec<ScoredBead> = part
                    .examples
                    .iter()
                    .map(|example| {
                        let probability = match model {
                            0 => example.bead.probability,
                            1 => probability(&all, &example.traits),
                            _ => probability(&without[part.group], &example.traits),
                        };
                        ScoredBead { probability, ..example.bead }
                    })
                    .collect();
                let high: Vec<&ScoredBead> =
                    beads.iter().filter(|bead| bead.probability >= 0.9).collect();
                let bad = high.iter().filter(|bead| !bead.nested).count();
                wrong.push((bad as f64 / high.len().max(1) as f64, &part.set));
                sure.push(high.len() as f64 / beads.len() as f64);
                errors.push((calibration_error(&beads, |bead| bead.nested), &part.set));
                let log = |bead: &ScoredBead| {
                    let p = if bead.nested { bead.probability } else { 1.0 - bead.probability };
                    -p.max(1e-6).ln()
                };
                loss.push(beads.iter().map(log).sum::<f64>() / beads.len() as f64);
            }
            let mean = |values: &[(f64, &String)]| {
                values.iter().map(|(value, _)| value).sum::<f64>() / values.len() as f64
            };
            let plain = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
            let top = |values: &[(f64, &String)]| {
                let best = values.iter().max_by(|a, b| a.0.total_cmp(&b.0));
                best.map_or(String::new(), |(value, set)| format!("{value:.3} {set:<8.8}"))
            };
            line += &format!(
                " | wrong {:.4} {} sure {:.3} ece {:.4} {} loss {:.4}",
                mean(&wrong),
                top(&wrong),
                plain(&sure),
                mean(&errors),
                top(&errors),
                plain(&loss)
            );
        }
        println!("{line}");
    }
    println!("\nconst WEIGHTS: Traits = [");
    for weight in all {
        println!("    {weight:.3},");
    }
    println!("];");
    Ok(())
}

fn examples(
    aligner: &Aligner,
    encoder: &DiskCachedEncoder,
    document: &GoldDocument,
) -> Result<Vec<Example>> {
    let mut search = aligner.search(encoder, &document.src, &document.tgt)?;
    let alignment = search.align()?;
    let ladder: Vec<nasaq::Rung> = alignment.rungs().collect();
    let beads = scored_beads(document, &ladder);
    let traits = search.traits();
    anyhow::ensure!(traits.len() == beads.len(), "{}/{}", document.set, document.name);
    Ok(traits.into_iter().zip(beads).map(|(traits, bead)| Example { traits, bead }).collect())
}

fn odds(weights: &Traits, traits: &Traits) -> f64 {
    weights.iter().zip(traits).map(|(weight, value)| weight * value).sum()
}

fn probability(weights: &Traits, traits: &Traits) -> f64 {
    1.0 / (1.0 + (-odds(weights, traits)).exp())
}

/// Fits a logistic regression by Newton's method.
fn fit(parts: &[Part], used: &[usize], penalty: f64, omitted: Option<usize>) -> Traits {
    let size = used.len();
    let mut weights = [0.0; TRAITS];
    weights[1] = 0.4;
    for _ in 0..25 {
        let parts: Vec<&Part> = parts.iter().filter(|part| Some(part.group) != omitted).collect();
        let total: f64 = parts.iter().map(|part| part.weight * part.examples.len() as f64).sum();
        let sums: Vec<(Vec<f64>, Vec<f64>)> = parts
            .par_iter()
            .map(|part| {
                let (mut gradient, mut hessian) = (vec![0.0; size], vec![0.0; size * size]);
                for example in &part.examples {
                    let p = probability(&weights, &example.traits);
                    let error =
                        part.weight / total * (f64::from(u8::from(example.bead.nested)) - p);
                    let curve = part.weight / total * (p * (1.0 - p)).max(1e-9);
                    for (a, &at) in used.iter().enumerate() {
                        let value = example.traits[at];
                        if value == 0.0 {
                            continue;
                        }
                        gradient[a] += error * value;
                        for (b, &other) in used[..=a].iter().enumerate() {
                            hessian[a * size + b] += curve * value * example.traits[other];
                        }
                    }
                }
                (gradient, hessian)
            })
            .collect();
        let (mut gradient, mut hessian) = (vec![0.0; size], vec![0.0; size * size]);
        for (g, h) in sums {
            gradient.iter_mut().zip(g).for_each(|(sum, own)| *sum += own);
            hessian.iter_mut().zip(h).for_each(|(sum, own)| *sum += own);
        }
        for (a, &at) in used.iter().enumerate() {
            let strength = if at == 0 { 1e-9 } else { penalty };
            gradient[a] -= strength * weights[at];
            hessian[a * size + a] += strength;
        }
        let step = crate::quality::solve(&mut hessian, gradient, size);
        let max = step.iter().fold(0.0_f64, |max, step| max.max(step.abs()));
        let factor = (2.0 / max).min(1.0);
        for (&at, step) in used.iter().zip(&step) {
            weights[at] += factor * step;
        }
        if max < 1e-5 {
            break;
        }
    }
    weights
}
