//! Measures tuned constants against gold: strict and lax F1 by set and by kind of bead, the causes
//! of missed beads, and the calibration of the probabilities.
//!
//! Vectors are cached for all variants and all runs, so a variant takes seconds. The output is
//! Markdown; `--record` also writes it to a file.

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

use crate::cached_encoder::DiskCachedEncoder;
use abridged::Abridged;
use calibration::{ScoredBead, diagram, reliability, scored_beads, table};
use losses::{LossCause, losses};

pub(crate) use documents::{GoldDocument, read_corpora, read_documents};

/// The arguments of `gold`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// The folder of the bundled corpora, as another set.
    #[arg(long)]
    corpora: Option<PathBuf>,
    /// Remove one side of a share of the gold beads, as in an abridged translation: `src:0.5` or
    /// `tgt:0.3`. With `facing:0.08`, the target is replaced with other text, so that two nulls
    /// face each other.
    #[arg(long)]
    abridge: Option<Abridged>,
    /// A variant to measure besides the default: `name=value,…`, where a name is that of a tuned
    /// constant, `section.constant` or, if that is unambiguous, `constant`. May be repeated.
    #[arg(long = "variant")]
    variants: Vec<String>,
    /// Print for each set the variant that is best on all other sets, and its F1 on this set.
    #[arg(long)]
    cross_validate: bool,
    /// Print the gold beads that the last variant misses, with their texts.
    #[arg(long)]
    lost: bool,
    /// Print the calibration of the last variant's probabilities.
    #[arg(long)]
    calibration: bool,
    /// Draw the last variant's reliability diagram to this SVG file.
    #[arg(long)]
    diagram: Option<PathBuf>,
    /// Print the last variant's counts by kind of bead.
    #[arg(long)]
    by_type: bool,
    /// Also write the output to this file, with the commit but without the texts of missed beads.
    #[arg(long)]
    record: Option<PathBuf>,
    /// The precision of the encoder.
    #[arg(long, default_value_t)]
    precision: Precision,
    /// The folder of cached vectors.
    #[arg(long, default_value = "target/gold-vectors")]
    vectors: PathBuf,
    /// The model file.
    #[arg(long, default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
    model: PathBuf,
}

/// The result of one variant.
struct Outcome {
    name: String,
    /// By document: its ladder.
    ladders: Vec<Vec<Rung>>,
    totals: BTreeMap<String, Evaluation>,
}

impl Outcome {
    /// Returns the mean strict F1 of the sets, except one.
    fn mean_without(&self, excluded: Option<&str>) -> f64 {
        let scores: Vec<f64> = self
            .totals
            .iter()
            .filter(|(set, _)| Some(set.as_str()) != excluded)
            .map(|(_, total)| total.strict.f1())
            .collect();
        scores.iter().sum::<f64>() / scores.len().max(1) as f64
    }
}

/// Measures each variant and prints tables.
#[expect(clippy::print_stdout, reason = "the tables are the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut documents = read_documents(&args.folder, &args.sets)?;
    if let Some(corpora) = &args.corpora {
        documents.extend(read_corpora(corpora)?);
    }
    if let Some(abridged) = &args.abridge {
        documents = abridged.apply(documents);
        documents.retain(|it| !it.src.is_empty() && !it.tgt.is_empty());
    }
    let model = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let encoder =
        DiskCachedEncoder::new(CnnEncoder::from_bytes_in(model, args.precision)?, &args.vectors)?;
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
    let mut out = format!("## Variants\n\n{}", variants_table(&outcomes));
    if args.cross_validate {
        let _ = write!(out, "\n## Chosen without the set\n\n{}", cross_validation(&outcomes));
    }
    let _ = write!(out, "\n## Gold beads not found, by cause\n\n{}", causes(&documents, last));
    if args.calibration || args.diagram.is_some() {
        let sets: Vec<(&str, Vec<ScoredBead>)> = last
            .totals
            .keys()
            .map(|set| {
                let of_set = documents.iter().zip(&last.ladders).filter(|(d, _)| d.set == *set);
                (
                    set.as_str(),
                    of_set.flat_map(|(document, ladder)| scored_beads(document, ladder)).collect(),
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
        println!("\n## Missed beads\n");
        for (document, ladder) in documents.iter().zip(&last.ladders) {
            for loss in losses(document, ladder) {
                println!("{}", loss.description());
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

fn align(
    aligner: &Aligner,
    encoder: &DiskCachedEncoder,
    document: &GoldDocument,
) -> Result<Vec<Rung>> {
    let alignment = aligner
        .align(encoder, &document.src, &document.tgt)
        .with_context(|| format!("{}/{}", document.set, document.name))?;
    Ok(alignment.rungs().collect())
}

/// Returns the current commit, or `unknown` without git.
fn commit() -> String {
    let output = Command::new("git").args(["describe", "--always", "--dirty"]).output();
    match output {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ => "unknown".to_owned(),
    }
}

/// Returns a table with a row per variant: strict and lax F1 of each set, and precision and recall
/// of its null beads.
fn variants_table(outcomes: &[Outcome]) -> String {
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
            if nulls.gold.total > 0 {
                let _ = write!(out, " ({:.2} / {:.2})", nulls.precision(), nulls.recall());
            }
            out.push_str(" |");
        }
        out.push('\n');
    }
    out
}

/// Returns a table with, by set, the variant that is best on all other sets and its F1 on this set.
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

/// Returns a table of the number of missed gold beads by set and cause.
fn causes(documents: &[GoldDocument], outcome: &Outcome) -> String {
    let mut counts: BTreeMap<&str, BTreeMap<LossCause, usize>> = BTreeMap::new();
    for (document, ladder) in documents.iter().zip(&outcome.ladders) {
        let of_set = counts.entry(&document.set).or_default();
        for loss in losses(document, ladder) {
            *of_set.entry(loss.cause()).or_default() += 1;
        }
    }
    let names: Vec<String> = LossCause::ALL.iter().map(LossCause::to_string).collect();
    let mut out = format!("| set | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    for (set, counts) in counts {
        let _ = write!(out, "| {set} |");
        for cause in LossCause::ALL {
            let _ = write!(out, " {} |", counts.get(&cause).unwrap_or(&0));
        }
        out.push('\n');
    }
    out
}

/// Returns a table with a row per set and kind of bead.
fn kinds(outcome: &Outcome) -> String {
    let mut out = String::from(
        "| set | type | gold beads found | of | beads right | of |\n|---|---|---|---|---|---|\n",
    );
    for (set, total) in &outcome.totals {
        for (kind, agreement) in &total.kinds {
            let _ = writeln!(
                out,
                "| {set} | {kind} | {} | {} | {} | {} |",
                agreement.gold.right,
                agreement.gold.total,
                agreement.test.right,
                agreement.test.total
            );
        }
    }
    out
}

/// Parses `name=value,…`.
fn tuning(variant: &str) -> Result<Tuning> {
    let mut tuning = Tuning::default();
    for part in variant.split(',').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').with_context(|| format!("{part}: name=value"))?;
        tuning.set(name, value)?;
    }
    Ok(tuning)
}
