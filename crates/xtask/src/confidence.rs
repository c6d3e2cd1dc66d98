//! Fits the weights with which a bead's traits determine its probability.
//!
//! A logistic regression is fitted on gold documents in several conditions: every set has the same
//! weight in its group, every group the same weight in a condition, and every condition the same
//! weight but whole documents, which are more common. It is measured on each group of sets with the
//! weights fitted on all other groups.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use nasaq::confidence::{TRAIT_NAMES, TRAITS, Traits};
use nasaq::{Aligner, Rung};
use nasaq_encoder::{CnnEncoder, Precision};
use rayon::prelude::*;

use crate::cached_encoder::DiskCachedEncoder;
use crate::gold::{Condition, GROUPS, GoldDocument, SetTally, read_documents, scored_beads};
use crate::quality::solve;

/// The number of Newton steps of a fit, far more than needed.
const MAX_STEPS: usize = 25;

/// The arguments of `confidence`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// The conditions of the documents, as for `gold`.
    #[arg(
        long = "condition",
        value_delimiter = ',',
        default_value = "whole,en:0.1,ar:0.1,third,half,thirdar,halfar,run:0.3,runar:0.3,both:0.08,\
                         q:0.25,qar:0.25,facing:0.08"
    )]
    conditions: Vec<Condition>,
    /// Traits that are not used.
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,
    /// The strength of the penalty on the squares of the weights.
    #[arg(long, default_value_t = 0.002)]
    penalty: f64,
    /// The weight of whole documents; that of each other condition is 1.
    #[arg(long, default_value_t = 3.0)]
    whole: f64,
    /// The folder of cached vectors.
    #[arg(long, default_value = "target/gold-vectors")]
    vectors: PathBuf,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
}

/// The beads of a set under a condition.
struct Examples {
    condition: usize,
    set: String,
    /// Index of the set's group.
    group: usize,
    /// Weight of each bead.
    weight: f64,
    traits: Vec<Traits>,
    /// The same beads, with the probabilities of the program as it is.
    tally: SetTally,
}

impl Examples {
    /// Returns the beads with the probabilities of other weights.
    fn tally_with(&self, weights: &Traits) -> SetTally {
        let mut tally = self.tally.clone();
        for (bead, traits) in tally.beads.iter_mut().zip(&self.traits) {
            bead.probability = probability(weights, traits);
        }
        tally
    }
}

/// Fits the weights and prints them, and how far they can be trusted.
#[expect(clippy::print_stdout, reason = "the tables are the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let examples = read_examples(args)?;
    let used: Vec<usize> = (0..TRAITS)
        .filter(|&at| !args.without.iter().any(|name| name == TRAIT_NAMES[at]))
        .collect();
    let fitted = fit(&examples, &used, args.penalty, None);
    println!("## Weights\n\n| trait | weight |\n|---|---|");
    for &at in &used {
        println!("| {} | {:.3} |", TRAIT_NAMES[at], fitted[at]);
    }
    let without: Vec<Traits> = (0..GROUPS.len())
        .into_par_iter()
        .map(|group| fit(&examples, &used, args.penalty, Some(group)))
        .collect();
    type Weights<'a> = &'a dyn Fn(&Examples) -> SetTally;
    let models: [(&str, Weights<'_>); 3] = [
        ("as it is", &|examples| examples.tally.clone()),
        ("fitted on all groups", &|examples| examples.tally_with(&fitted)),
        ("fitted without the group", &|examples| examples.tally_with(&without[examples.group])),
    ];
    for (name, tally) in models {
        println!("\n## {name}\n\n{HEADER}");
        for (index, condition) in args.conditions.iter().enumerate() {
            let sets = examples.iter().filter(|examples| examples.condition == index);
            let sets: Vec<(&str, SetTally)> =
                sets.map(|examples| (examples.set.as_str(), tally(examples))).collect();
            println!("| {condition} | {} |", row(&sets));
        }
    }
    Ok(())
}

const HEADER: &str = "| condition | wrong at 0.9: sets | highest set | at 0.9: sets | calibration \
                      error: sets | highest set | log loss |\n|---|---|---|---|---|---|---|";

/// Returns the cells of a condition: the means over the sets, and the sets with the maxima.
fn row(sets: &[(&str, SetTally)]) -> String {
    let mean = |measure: fn(&SetTally) -> f64| {
        sets.iter().map(|(_, tally)| measure(tally)).sum::<f64>() / sets.len().max(1) as f64
    };
    let highest = |measure: fn(&SetTally) -> f64| {
        let values = sets.iter().map(|(set, tally)| (measure(tally), *set));
        let (value, set) = values.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
        format!("{value:.3} {set}")
    };
    format!(
        "{:.4} | {} | {:.3} | {:.4} | {} | {:.4}",
        mean(SetTally::sure_and_wrong),
        highest(SetTally::sure_and_wrong),
        mean(SetTally::sure_share),
        mean(SetTally::calibration_error),
        highest(SetTally::calibration_error),
        mean(SetTally::log_loss),
    )
}

/// Aligns the documents in every condition.
fn read_examples(args: &Args) -> Result<Vec<Examples>> {
    let documents = read_documents(&args.folder, &[])?;
    let model = crate::model::read(args.model.as_deref())?;
    let encoder = CnnEncoder::from_bytes_in(model, Precision::default())?;
    let encoder = DiskCachedEncoder::new(encoder, &args.vectors)?;
    // A moved block has traits of its own.
    let aligner = Aligner::builder().monotone(true).build()?;
    let mut all = Vec::new();
    for (condition, it) in args.conditions.iter().enumerate() {
        let documents = it.apply(&documents);
        let aligned: Vec<(Vec<Traits>, Vec<Rung>)> = documents
            .par_iter()
            .map(|document| align(&aligner, &encoder, document))
            .collect::<Result<_>>()?;
        let mut sets: BTreeMap<&str, (Vec<Traits>, SetTally)> = BTreeMap::new();
        for (document, (traits, ladder)) in documents.iter().zip(aligned) {
            let (of_set, tally) = sets.entry(&document.set).or_default();
            of_set.extend(traits);
            tally.add(document, &ladder);
        }
        for (set, (traits, tally)) in sets {
            let group = GROUPS.iter().position(|(_, sets)| sets.contains(&set));
            let group = group.with_context(|| format!("{set} belongs to no group"))?;
            let factor = if it.is_whole() { args.whole } else { 1.0 };
            let weight = factor / GROUPS[group].1.len() as f64 / traits.len().max(1) as f64;
            all.push(Examples { condition, set: set.to_owned(), group, weight, traits, tally });
        }
    }
    Ok(all)
}

/// Aligns a document; returns the traits of its beads, and the beads.
fn align(
    aligner: &Aligner,
    encoder: &DiskCachedEncoder,
    document: &GoldDocument,
) -> Result<(Vec<Traits>, Vec<Rung>)> {
    let mut search = aligner.search(encoder, &document.src, &document.tgt)?;
    let ladder: Vec<Rung> = search.align()?.rungs().collect();
    let traits = search.traits();
    let beads = scored_beads(document, &ladder).len();
    ensure!(traits.len() == beads, "{}/{} is searched in chunks", document.set, document.name);
    Ok((traits, ladder))
}

fn probability(weights: &Traits, traits: &Traits) -> f64 {
    let odds: f64 = weights.iter().zip(traits).map(|(weight, value)| weight * value).sum();
    1.0 / (1.0 + (-odds).exp())
}

/// Fits the weights of some traits, without the sets of one group, by Newton's method.
fn fit(examples: &[Examples], used: &[usize], penalty: f64, omitted: Option<usize>) -> Traits {
    let size = used.len();
    let parts: Vec<&Examples> =
        examples.iter().filter(|part| Some(part.group) != omitted).collect();
    let total: f64 = parts.iter().map(|part| part.weight * part.traits.len() as f64).sum();
    let mut weights = [0.0; TRAITS];
    for _ in 0..MAX_STEPS {
        let sums = |part: &&Examples| derivatives(part, part.weight / total, &weights, used);
        let sums: Vec<(Vec<f64>, Vec<f64>)> = parts.par_iter().map(sums).collect();
        let (mut gradient, mut hessian) = (vec![0.0; size], vec![0.0; size * size]);
        for (of_part, hessian_of_part) in sums {
            gradient.iter_mut().zip(of_part).for_each(|(sum, own)| *sum += own);
            hessian.iter_mut().zip(hessian_of_part).for_each(|(sum, own)| *sum += own);
        }
        for (a, &at) in used.iter().enumerate() {
            // The constant is not penalised.
            let strength = if at == 0 { 1e-9 } else { penalty };
            gradient[a] -= strength * weights[at];
            hessian[a * size + a] += strength;
        }
        let step = solve(&mut hessian, gradient, size);
        let max = step.iter().fold(0.0_f64, |max, step| max.max(step.abs()));
        // A long step may overshoot where right and wrong beads are almost separable.
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

/// Returns the gradient and the lower triangle of the Hessian of the log-likelihood of a set's
/// beads, each of which has a weight.
fn derivatives(
    part: &Examples,
    weight: f64,
    weights: &Traits,
    used: &[usize],
) -> (Vec<f64>, Vec<f64>) {
    let size = used.len();
    let (mut gradient, mut hessian) = (vec![0.0; size], vec![0.0; size * size]);
    for (traits, bead) in part.traits.iter().zip(&part.tally.beads) {
        let p = probability(weights, traits);
        let error = weight * (f64::from(u8::from(bead.nested)) - p);
        let curve = weight * (p * (1.0 - p)).max(1e-9);
        for (a, &at) in used.iter().enumerate() {
            gradient[a] += error * traits[at];
            for (b, &other) in used[..=a].iter().enumerate() {
                hessian[a * size + b] += curve * traits[at] * traits[other];
            }
        }
    }
    (gradient, hessian)
}
