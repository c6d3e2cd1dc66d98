//! Measures settings of the score against gold: strict and lax F1 by set and by bead type, what is
//! lost and why, and whether the probabilities are honest.
//!
//! Each document is encoded once for all settings and all runs, so a setting takes seconds. What is
//! printed is Markdown; `--record` leaves it in a file too.

mod abridged;
mod calibration;
mod documents;
mod losses;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use nasaq::tuning::Tuning;
use nasaq::{Aligner, Evaluation, Rung, evaluate};
use nasaq_encoder::{CnnEncoder, Precision};
use rayon::prelude::*;

use crate::remembering::Remembering;
use abridged::Abridged;
use calibration::{diagram, judged, reliability, table};
use losses::{Cause, losses};

pub(crate) use documents::{GoldDocument, read_corpora, read_documents};

/// What to measure, and on what.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// The bundled corpora's folder, as one set more.
    #[arg(long)]
    corpora: Option<PathBuf>,
    /// Takes one side of a share of the gold beads out, as a translation lacks them that is abridged:
    /// `src:0.5` or `tgt:0.3`; with `facing:0.08` other text stands there, and two nulls face each other.
    #[arg(long)]
    abridge: Option<Abridged>,
    /// A setting to measure beside the default one: `name=value,…`, each name that of a
    /// tuned constant, `section.constant` or the bare `constant` where that is unambiguous. May be
    /// given many times.
    #[arg(long = "variant")]
    variants: Vec<String>,
    /// Prints for each set the setting that is best on all others, and what it gives on this one.
    #[arg(long)]
    cross_validate: bool,
    /// Prints the gold beads that the last setting loses, with their texts.
    #[arg(long)]
    lost: bool,
    /// Prints how far the last setting's probabilities are from the shares that are right.
    #[arg(long)]
    calibration: bool,
    /// Draws the last setting's reliability to this file, as SVG.
    #[arg(long)]
    diagram: Option<PathBuf>,
    /// Prints the last setting's counts by bead type.
    #[arg(long)]
    by_type: bool,
    /// Writes what is printed to this file too, with the commit; texts of lost beads are left out.
    #[arg(long)]
    record: Option<PathBuf>,
    /// How exactly the encoder reckons.
    #[arg(long, default_value_t)]
    precision: Precision,
    /// Where vectors are kept from one run to the next.
    #[arg(long, default_value = "target/gold-vectors")]
    vectors: PathBuf,
    /// The model file.
    #[arg(long, default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
    model: PathBuf,
}

/// What one setting gives.
struct Outcome {
    name: String,
    /// A ladder a document.
    ladders: Vec<Vec<Rung>>,
    totals: BTreeMap<String, Evaluation>,
}

impl Outcome {
    /// The mean strict F1 of the sets, but one.
    fn mean_without(&self, left_out: Option<&str>) -> f64 {
        let scores: Vec<f64> = self
            .totals
            .iter()
            .filter(|(set, _)| Some(set.as_str()) != left_out)
            .map(|(_, total)| total.strict.f1())
            .collect();
        scores.iter().sum::<f64>() / scores.len().max(1) as f64
    }
}

/// Measures each setting and prints tables.
#[expect(clippy::print_stdout, reason = "the tables are what the task is for")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut documents = read_documents(&args.folder, &args.sets)?;
    if let Some(corpora) = &args.corpora {
        documents.extend(read_corpora(corpora)?);
    }
    if let Some(abridged) = &args.abridge {
        documents = abridged.take_out(documents);
        documents.retain(|it| !it.src.is_empty() && !it.tgt.is_empty());
    }
    let model = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let encoder =
        Remembering::new(CnnEncoder::from_bytes_in(model, args.precision)?, &args.vectors)?;
    let mut outcomes = Vec::new();
    for variant in [String::new()].iter().chain(&args.variants) {
        let aligner = Aligner::builder().tuning(tuning(variant)?).build()?;
        let ladders: Vec<Vec<Rung>> = documents
            .par_iter()
            .map(|document| align(&aligner, &encoder, document))
            .collect::<Result<_>>()?;
        let mut totals: BTreeMap<String, Evaluation> = BTreeMap::new();
        for (document, ladder) in documents.iter().zip(&ladders) {
            totals.entry(document.set.clone()).or_default().add(&evaluate(&document.gold, ladder));
        }
        let name = if variant.is_empty() { "default" } else { variant };
        outcomes.push(Outcome { name: name.to_owned(), ladders, totals });
    }
    let last = &outcomes[outcomes.len() - 1];
    let mut out = format!("## Settings\n\n{}", settings_table(&outcomes));
    if args.cross_validate {
        let _ = write!(out, "\n## Chosen without the set\n\n{}", cross_validation(&outcomes));
    }
    let _ = write!(out, "\n## Gold beads not found, by cause\n\n{}", causes(&documents, last));
    if args.calibration || args.diagram.is_some() {
        let sets: Vec<(&str, Vec<calibration::Judged>)> = last
            .totals
            .keys()
            .map(|set| {
                let of_set = documents.iter().zip(&last.ladders).filter(|(d, _)| d.set == *set);
                (
                    set.as_str(),
                    of_set.flat_map(|(document, ladder)| judged(document, ladder)).collect(),
                )
            })
            .collect();
        let _ = write!(
            out,
            "\n## Calibration error\n\n{}\n## Reliability\n\n{}",
            table(&sets),
            reliability(&sets)
        );
        if let Some(path) = &args.diagram {
            fs::write(path, diagram(&sets)).with_context(|| path.display().to_string())?;
        }
    }
    if args.by_type {
        let _ = write!(out, "\n## By bead type\n\n{}", kinds(last));
    }
    print!("{out}");
    if args.lost {
        println!("\n## Lost beads\n");
        for (document, ladder) in documents.iter().zip(&last.ladders) {
            for loss in losses(document, ladder) {
                println!("{}", loss.shown());
            }
        }
    }
    if let Some(path) = &args.record {
        let title = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = format!("# {title}\n\nCommit {}, `xtask gold`.\n\n{out}", commit());
        fs::write(path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn align(aligner: &Aligner, encoder: &Remembering, document: &GoldDocument) -> Result<Vec<Rung>> {
    let alignment = aligner
        .align(encoder, &document.src, &document.tgt)
        .with_context(|| format!("{}/{}", document.set, document.name))?;
    Ok(alignment.rungs().collect())
}

/// Names the commit that is measured, as far as git knows one.
fn commit() -> String {
    let output = Command::new("git").args(["describe", "--always", "--dirty"]).output();
    match output {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ => "unknown".to_owned(),
    }
}

/// Writes a row a setting: strict and lax F1 of each set, and precision and recall of its nulls.
fn settings_table(outcomes: &[Outcome]) -> String {
    let sets: Vec<&String> = outcomes[0].totals.keys().collect();
    let mut out = String::from("| strict F1 / lax F1 (nulls: precision / recall) | mean strict |");
    for set in &sets {
        let _ = write!(out, " {set} |");
    }
    let _ = write!(out, "\n|---|---|{}\n", "---|".repeat(sets.len()));
    for outcome in outcomes {
        let _ = write!(out, "| {} | {:.4} |", outcome.name, outcome.mean_without(None));
        for total in outcome.totals.values() {
            let _ = write!(out, " {:.4} / {:.4}", total.strict.f1(), total.lax.f1());
            let nulls = &total.nulls;
            if nulls.recall.total > 0 {
                let _ = write!(out, " ({:.2} / {:.2})", nulls.precision(), nulls.recall());
            }
            out.push_str(" |");
        }
        out.push('\n');
    }
    out
}

/// Writes for each set the setting that is best on all other sets, and what it gives on this one.
fn cross_validation(outcomes: &[Outcome]) -> String {
    let mut out = String::from(
        "| set | best on the others | strict F1 here | default here |\n|---|---|---|---|\n",
    );
    for set in outcomes[0].totals.keys() {
        let mut best = &outcomes[0];
        for outcome in outcomes {
            if outcome.mean_without(Some(set)) > best.mean_without(Some(set)) {
                best = outcome;
            }
        }
        let here = |outcome: &Outcome| outcome.totals[set].strict.f1();
        let _ = writeln!(
            out,
            "| {set} | {} | {:.4} | {:.4} |",
            best.name,
            here(best),
            here(&outcomes[0])
        );
    }
    out
}

/// Writes how many gold beads of each set are lost for each cause.
fn causes(documents: &[GoldDocument], outcome: &Outcome) -> String {
    let mut counts: BTreeMap<&str, BTreeMap<Cause, usize>> = BTreeMap::new();
    for (document, ladder) in documents.iter().zip(&outcome.ladders) {
        let of_set = counts.entry(&document.set).or_default();
        for loss in losses(document, ladder) {
            *of_set.entry(loss.cause()).or_default() += 1;
        }
    }
    let names: Vec<String> = Cause::ALL.iter().map(Cause::to_string).collect();
    let mut out = format!("| set | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    for (set, counts) in counts {
        let _ = write!(out, "| {set} |");
        for cause in Cause::ALL {
            let _ = write!(out, " {} |", counts.get(&cause).unwrap_or(&0));
        }
        out.push('\n');
    }
    out
}

/// Writes a row a bead type of each set.
fn kinds(outcome: &Outcome) -> String {
    let mut out = String::from(
        "| set | type | gold beads found | of | beads right | of |\n|---|---|---|---|---|---|\n",
    );
    for (set, total) in &outcome.totals {
        for (kind, agreement) in &total.kinds {
            let _ = writeln!(
                out,
                "| {set} | {kind} | {} | {} | {} | {} |",
                agreement.recall.right,
                agreement.recall.total,
                agreement.precision.right,
                agreement.precision.total
            );
        }
    }
    out
}

/// Reads `name=value,…` into tuned constants.
fn tuning(variant: &str) -> Result<Tuning> {
    let mut tuning = Tuning::default();
    for part in variant.split(',').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').with_context(|| format!("{part}: name=value"))?;
        tuning.set(name, value)?;
    }
    Ok(tuning)
}
