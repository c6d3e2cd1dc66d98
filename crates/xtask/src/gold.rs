//! Measures tuned constants against gold: strict and nested F1 by set, by group of sets and by kind
//! of bead, on whole documents and on documents with omissions; the causes of missed beads; and how
//! far the probabilities can be trusted.
//!
//! Vectors are cached for all variants and all runs, so a variant takes seconds. The output is
//! Markdown; `--record` also writes it to a file.

mod calibration;
mod condition;
mod documents;
mod groups;
mod losses;
mod summary;
mod tally;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use nasaq::tuning::Tuning;
use nasaq::{Aligner, Rung, evaluate};
use nasaq_encoder::{CnnEncoder, Precision};
use rayon::prelude::*;

use crate::cached_encoder::DiskCachedEncoder;
pub(crate) use calibration::scored_beads;
use calibration::{ScoredBead, diagram, reliability, table};
pub(crate) use condition::Condition;
pub(crate) use groups::{GROUPS, group_mean, is_strict};
use losses::{LossCause, losses, wrong_beads};
pub(crate) use tally::SetTally;

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
    /// Measure the documents in these conditions: `whole`; every third or second English (Arabic)
    /// side kept (`third`, `half`, `thirdar`, `halfar`); a share removed at equal distances
    /// (`en:0.1`, `ar:0.1`), at random (`q:0.25`, `qar:0.25`), in a run (`run:0.3`, `runar:0.3`)
    /// or on either side (`both:0.08`); a share of the English replaced with other text, so that
    /// two nulls face each other (`facing:0.08`).
    #[arg(long = "condition", value_delimiter = ',', default_value = "whole")]
    conditions: Vec<Condition>,
    /// A variant to measure besides the default: `name=value,…`, where a name is that of a tuned
    /// constant, `section.constant` or, if that is unambiguous, `constant`. May be repeated.
    #[arg(long = "variant")]
    variants: Vec<String>,
    /// Print for each group of sets the variant that is best on all other groups, and its F1 on
    /// this group.
    #[arg(long)]
    cross_validate: bool,
    /// Measure alignments without pairs of moved text.
    #[arg(long)]
    monotone: bool,
    /// Print the gold beads that the last variant misses, with their texts.
    #[arg(long)]
    lost: bool,
    /// Print the beads of the last variant that are wrong though their probability is at least
    /// this, with their texts and the gold.
    #[arg(long)]
    wrong: Option<f64>,
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
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
}

/// The result of one variant.
struct Outcome {
    name: String,
    /// In the order of the conditions.
    by_condition: Vec<ConditionOutcome>,
}

/// The result of one variant under one condition.
struct ConditionOutcome {
    /// By document: its ladder.
    ladders: Vec<Vec<Rung>>,
    sets: BTreeMap<String, SetTally>,
}

/// Documents in a condition.
struct ConditionDocuments {
    condition: Condition,
    documents: Vec<GoldDocument>,
}

/// Measures each variant and prints tables.
#[expect(clippy::print_stdout, reason = "the tables are the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut documents = read_documents(&args.folder, &args.sets)?;
    if let Some(corpora) = &args.corpora {
        documents.extend(read_corpora(corpora)?);
    }
    let of_condition = |condition: &Condition| ConditionDocuments {
        condition: condition.clone(),
        documents: condition.apply(&documents),
    };
    let conditions: Vec<ConditionDocuments> = args.conditions.iter().map(of_condition).collect();
    let model = crate::model::read(args.model.as_deref())?;
    let encoder =
        DiskCachedEncoder::new(CnnEncoder::from_bytes_in(model, args.precision)?, &args.vectors)?;
    let mut outcomes = Vec::new();
    for variant in [String::new()].iter().chain(&args.variants) {
        let aligner = Aligner::builder().monotone(args.monotone).tuning(tuning(variant)?);
        let aligner = aligner.build()?;
        let measured = conditions.iter().map(|it| measure(&aligner, &encoder, &it.documents));
        let name = if variant.is_empty() { "default" } else { variant };
        outcomes.push(Outcome {
            name: name.to_owned(),
            by_condition: measured.collect::<Result<_>>()?,
        });
    }
    let last = &outcomes[outcomes.len() - 1];
    let mut out = format!("## By condition\n\n{}", summary::by_condition(&conditions, &outcomes));
    if args.cross_validate {
        let _ = write!(
            out,
            "\n## Chosen without the group\n\n{}",
            summary::cross_validation(&outcomes)
        );
    }
    for (index, ConditionDocuments { condition, documents }) in conditions.iter().enumerate() {
        let found = &last.by_condition[index];
        let _ = write!(out, "\n## Sets, {condition}\n\n{}", summary::by_set(index, &outcomes));
        let _ = write!(
            out,
            "\n## Gold beads not found, by cause, {condition}\n\n{}",
            causes(documents, &found.ladders)
        );
        if args.calibration {
            let sets: Vec<(&str, Vec<ScoredBead>)> =
                found.sets.iter().map(|(set, tally)| (set.as_str(), tally.beads.clone())).collect();
            let _ = write!(
                out,
                "\n## Calibration error, {condition}\n\n{}\n## Reliability, {condition}\n\n{}",
                table(&sets),
                reliability(&sets)
            );
        }
        if args.by_type {
            let _ = write!(
                out,
                "\n## By bead type, {condition}\n\n{}",
                kinds(documents, &found.ladders)
            );
        }
    }
    if let Some(path) = &args.diagram {
        let series = conditions.iter().zip(&last.by_condition);
        let (mut whole, mut damaged) = (Vec::new(), Vec::new());
        for (it, found) in series {
            let into = if it.condition.is_whole() { &mut whole } else { &mut damaged };
            into.extend(found.sets.values().flat_map(|tally| tally.beads.iter().copied()));
        }
        fs::write(path, diagram(&whole, &damaged)).with_context(|| path.display().to_string())?;
    }
    print!("{out}");
    if let Some(sure) = args.wrong {
        for (condition, outcome) in conditions.iter().zip(&last.by_condition) {
            for (document, ladder) in condition.documents.iter().zip(&outcome.ladders) {
                print!("{}", wrong_beads(document, ladder, sure));
            }
        }
    }
    if args.lost {
        for (it, found) in conditions.iter().zip(&last.by_condition) {
            println!("\n## Missed beads, {}\n", it.condition);
            for (document, ladder) in it.documents.iter().zip(&found.ladders) {
                for loss in losses(document, ladder) {
                    println!("{}", loss.description());
                }
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

/// Aligns documents and compares them with their gold.
fn measure(
    aligner: &Aligner,
    encoder: &DiskCachedEncoder,
    documents: &[GoldDocument],
) -> Result<ConditionOutcome> {
    let ladders: Vec<Vec<Rung>> = documents
        .par_iter()
        .map(|document| align(aligner, encoder, document))
        .collect::<Result<_>>()?;
    let mut sets: BTreeMap<String, SetTally> = BTreeMap::new();
    for (document, ladder) in documents.iter().zip(&ladders) {
        sets.entry(document.set.clone()).or_default().add(document, ladder);
    }
    Ok(ConditionOutcome { ladders, sets })
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

/// Returns a table of the number of missed gold beads by set and cause.
fn causes(documents: &[GoldDocument], ladders: &[Vec<Rung>]) -> String {
    let mut counts: BTreeMap<&str, BTreeMap<LossCause, usize>> = BTreeMap::new();
    for (document, ladder) in documents.iter().zip(ladders) {
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
fn kinds(documents: &[GoldDocument], ladders: &[Vec<Rung>]) -> String {
    let mut sets: BTreeMap<&str, nasaq::Evaluation> = BTreeMap::new();
    for (document, ladder) in documents.iter().zip(ladders) {
        sets.entry(&document.set).or_default().add(&evaluate(&document.gold, ladder));
    }
    let mut out = String::from(
        "| set | type | gold beads found | of | beads right | of |\n|---|---|---|---|---|---|\n",
    );
    for (set, total) in &sets {
        for (kind, agreement) in &total.kinds {
            let (gold, test) = (&agreement.gold, &agreement.test);
            let _ = writeln!(
                out,
                "| {set} | {kind} | {} | {} | {} | {} |",
                gold.right, gold.total, test.right, test.total
            );
        }
    }
    out
}

/// Parses `name=value,…`.
pub(crate) fn tuning(variant: &str) -> Result<Tuning> {
    let mut tuning = Tuning::default();
    for part in variant.split(',').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').with_context(|| format!("{part}: name=value"))?;
        tuning.set(name, value)?;
    }
    Ok(tuning)
}
