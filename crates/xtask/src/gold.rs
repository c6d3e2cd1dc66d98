//! Measures settings of the score against gold: strict and lax F1 by set, and the lost beads.
//!
//! A gold folder holds a folder a set, and in it `ar/NAME`, `en/NAME` (a segment a line) and
//! `gold/NAME` (a ladder). Each document is encoded once for all settings
//! and all runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nasaq::{Aligner, Evaluation, Rung, Weights, evaluate, lines};
use nasaq_encoder::CnnEncoder;
use rayon::prelude::*;

use crate::remembering::Remembering;

/// What to measure, and on what.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// A setting to measure beside the default one: `name=value,…`, the names those of the score's
    /// weights. May be given many times.
    #[arg(long = "variant")]
    variants: Vec<String>,
    /// Prints the gold beads that the last setting loses, with their texts.
    #[arg(long)]
    lost: bool,
    /// Prints how far the probabilities are from the shares that are right, by set.
    #[arg(long)]
    calibration: bool,
    /// Prints a row a bead type too.
    #[arg(long)]
    by_type: bool,
    /// Where vectors are kept from one run to the next.
    #[arg(long, default_value = "target/gold-vectors")]
    vectors: PathBuf,
    /// The model file.
    #[arg(long, default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
    model: PathBuf,
}

/// One document with its gold.
pub(crate) struct GoldDocument {
    pub(crate) set: String,
    pub(crate) name: String,
    pub(crate) src: Vec<String>,
    pub(crate) tgt: Vec<String>,
    pub(crate) gold: Vec<Rung>,
}

/// Measures each setting and prints a table.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let documents = read_documents(&args.folder, &args.sets)?;
    let model = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let encoder = Remembering::new(CnnEncoder::from_bytes(model)?, &args.vectors)?;
    let mut sets: Vec<&str> = documents.iter().map(|document| document.set.as_str()).collect();
    sets.dedup();
    println!("{:<44} mean   {}", "strict F1 (nulls: precision/recall)", sets.join("             "));
    for variant in [String::new()].iter().chain(&args.variants) {
        let aligner = Aligner::builder().weights(weights(variant)?).build()?;
        let ladders: Vec<Vec<Rung>> = documents
            .par_iter()
            .map(|document| align(&aligner, &encoder, document))
            .collect::<Result<_>>()?;
        let mut totals: BTreeMap<&str, Evaluation> = BTreeMap::new();
        for (document, ladder) in documents.iter().zip(&ladders) {
            let found = evaluate(&document.gold, ladder);
            totals.entry(&document.set).or_default().add(&found);
        }
        let mean = totals.values().map(|total| total.strict.f1()).sum::<f64>() / sets.len() as f64;
        print!("{:<44} {mean:.4}", if variant.is_empty() { "default" } else { variant });
        for set in &sets {
            let total = &totals[set];
            let nulls = &total.nulls;
            print!(" {:.3} ({:.2}/{:.2})", total.strict.f1(), nulls.precision(), nulls.recall());
        }
        println!();
        if args.calibration {
            print_calibration(&sets, &documents, &ladders);
        }
        if args.by_type {
            print_kinds(&totals);
        }
        if args.lost && Some(variant) == args.variants.last() || args.variants.is_empty() {
            for (document, ladder) in documents.iter().zip(&ladders).filter(|_| args.lost) {
                print_lost(document, ladder);
            }
        }
    }
    Ok(())
}

fn align(aligner: &Aligner, encoder: &Remembering, document: &GoldDocument) -> Result<Vec<Rung>> {
    let alignment = aligner
        .align(encoder, &document.src, &document.tgt, &[])
        .with_context(|| format!("{}/{}", document.set, document.name))?;
    Ok(alignment.rungs().collect())
}

/// Reads `name=value,…` into weights.
fn weights(variant: &str) -> Result<Weights> {
    let mut weights = Weights::default();
    for part in variant.split(',').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').with_context(|| format!("{part}: name=value"))?;
        let number: f32 = value.parse().with_context(|| part.to_owned())?;
        if name == "sharpness" {
            weights.sharpness = f64::from(number);
            continue;
        }
        let field = match name {
            "size" => &mut weights.size,
            "neighbours" => &mut weights.neighbours,
            "corner" => &mut weights.corner,
            "null" => &mut weights.null,
            "null_best" => &mut weights.null_best,
            "null_contrast" => &mut weights.null_contrast,
            "lexical" => &mut weights.lexical,
            "lexical_corner" => &mut weights.lexical_corner,
            "across" => &mut weights.across,
            "edge" => &mut weights.edge,
            "edge_from" => &mut weights.edge_from,
            "null_lexical" => &mut weights.null_lexical,
            "null_furniture" => &mut weights.null_furniture,
            "null_most" => &mut weights.null_most,
            "null_rate" => &mut weights.null_rate,
            "null_usual" => &mut weights.null_usual,
            "null_adjust" => &mut weights.null_adjust,
            "null_run" => &mut weights.null_run,
            _ => bail!("no weight is called {name}"),
        };
        *field = number;
    }
    Ok(weights)
}

pub(crate) fn read_documents(folder: &Path, only: &[String]) -> Result<Vec<GoldDocument>> {
    let mut documents = Vec::new();
    for set in names(folder)? {
        let at = folder.join(&set);
        if !at.is_dir() || !only.is_empty() && !only.contains(&set) {
            continue;
        }
        for name in names(&at.join("gold"))? {
            let read = |side: &str| -> Result<String> {
                let path = at.join(side).join(&name);
                fs::read_to_string(&path).with_context(|| path.display().to_string())
            };
            let segments = |text: &str| -> Vec<String> {
                lines(text).iter().map(|segment| segment.text.to_owned()).collect()
            };
            documents.push(GoldDocument {
                set: set.clone(),
                src: segments(&read("ar")?),
                tgt: segments(&read("en")?),
                gold: nasaq_formats::read_ladder(&read("gold")?)?,
                name,
            });
        }
    }
    Ok(documents)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
}

#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
fn print_kinds(totals: &BTreeMap<&str, Evaluation>) {
    for (set, total) in totals {
        for (kind, agreement) in &total.kinds {
            println!(
                "    {set:<12} {kind:<6} found {:>4} of {:>4}, right {:>4} of {:>4}",
                agreement.recall.right,
                agreement.recall.total,
                agreement.precision.right,
                agreement.precision.total
            );
        }
    }
}

/// Prints, by set, the expected calibration error over ten bins and the share right in each bin:
/// strictly, and with a bead that lies inside one gold bead counted as right.
#[expect(clippy::print_stdout, reason = "the table is what the task is for")]
fn print_calibration(sets: &[&str], documents: &[GoldDocument], ladders: &[Vec<Rung>]) {
    for set in sets {
        // Beads, those right strictly, those right or nested, and the sum of probabilities.
        let mut bins = [[0.0_f64; 4]; 10];
        for (document, ladder) in documents.iter().zip(ladders).filter(|(d, _)| d.set == *set) {
            for rung in ladder {
                let same = |gold: &Rung| gold.src == rung.src && gold.tgt == rung.tgt;
                let inside = |part: &[u32], whole: &[u32]| part.iter().all(|i| whole.contains(i));
                let nested = |gold: &Rung| {
                    !rung.is_null() && inside(&rung.src, &gold.src) && inside(&rung.tgt, &gold.tgt)
                };
                let probability = f64::from(rung.score.unwrap_or(0.0));
                let bin = &mut bins[((probability * 10.0) as usize).min(9)];
                let strict = document.gold.iter().any(same);
                let right = strict || document.gold.iter().any(nested);
                for (sum, term) in bin.iter_mut().zip([
                    1.0,
                    f64::from(u8::from(strict)),
                    f64::from(u8::from(right)),
                    probability,
                ]) {
                    *sum += term;
                }
            }
        }
        let all: f64 = bins.iter().map(|bin| bin[0]).sum();
        let error = |of: usize| bins.iter().map(|bin| (bin[of] - bin[3]).abs()).sum::<f64>() / all;
        print!("    {set:<14} calibration error: strict {:.3}, nested {:.3};", error(1), error(2));
        for bin in bins.iter().filter(|bin| bin[0] > 0.0) {
            print!(
                " {:.2}>{:.2}/{:.2}({})",
                bin[3] / bin[0],
                bin[1] / bin[0],
                bin[2] / bin[0],
                bin[0]
            );
        }
        println!();
    }
}

#[expect(clippy::print_stdout, reason = "the list is what the task is for")]
fn print_lost(document: &GoldDocument, ladder: &[Rung]) {
    let side = |texts: &[String], indices: &[u32]| {
        indices.iter().map(|&i| format!("\n      {i} {}", texts[i as usize])).collect::<String>()
    };
    let same = |a: &Rung, b: &Rung| a.src == b.src && a.tgt == b.tgt;
    for gold in document.gold.iter().filter(|gold| !ladder.iter().any(|rung| same(rung, gold))) {
        println!("  {}/{} {:?}:{:?}", document.set, document.name, gold.src, gold.tgt);
        println!("{}{}", side(&document.src, &gold.src), side(&document.tgt, &gold.tgt));
        let touches = |rung: &&Rung| {
            rung.src.iter().any(|i| gold.src.contains(i))
                || rung.tgt.iter().any(|j| gold.tgt.contains(j))
        };
        for rung in ladder.iter().filter(touches) {
            println!("    -> {:?}:{:?} {:.2}", rung.src, rung.tgt, rung.score.unwrap_or(0.0));
        }
    }
}
