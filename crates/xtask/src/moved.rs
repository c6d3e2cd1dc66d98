//! Measures findings of moved text: in gold bitexts, where nothing is moved, and in the same
//! bitexts after a part of one side was moved.

mod displacement;
mod tally;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use nasaq::{Aligner, Rung};
use nasaq_encoder::CnnEncoder;
use rayon::prelude::*;

use crate::cached_encoder::DiskCachedEncoder;
use crate::gold::{
    Condition, GROUPS, GoldDocument, group_mean, is_strict, read_corpora, read_documents, tuning,
};
use crate::random::Random;
use displacement::{Displaced, Displacement};
use tally::MoveTally;

/// The arguments of `moved`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// The folder has the layout of `corpora/`, with one document per set.
    #[arg(long)]
    corpora: bool,
    /// What is moved: nothing, in all documents (`whole`); a block of this number of target segments
    /// (`4`); two neighbouring blocks, which change places (`swap4`); two blocks (`two`); or a block
    /// is repeated elsewhere and nothing is moved (`copy4`).
    #[arg(
        long = "move",
        value_delimiter = ',',
        default_value = "whole,1,2,4,8,16,swap1,swap4,two,copy1,copy4"
    )]
    displacements: Vec<Displacement>,
    /// Also count false moves in the whole documents in these conditions of `gold`.
    #[arg(long = "condition", value_delimiter = ',')]
    conditions: Vec<Condition>,
    /// The number of changed copies of each document and kind of move.
    #[arg(long, default_value_t = 1)]
    moves: u64,
    /// Maximum number of documents of each set that are changed.
    #[arg(long, default_value_t = 25)]
    documents: usize,
    /// Another seed makes other copies.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// A variant to measure besides the default: `name=value,…`. May be repeated.
    #[arg(long = "variant")]
    variants: Vec<String>,
    /// Print each false finding and each missed block of the last variant.
    #[arg(long)]
    show: bool,
    /// The folder of cached vectors.
    #[arg(long, default_value = "target/gold-vectors")]
    vectors: PathBuf,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
}

/// A kind of change, and the documents that were changed in this way.
struct ChangedDocuments {
    name: String,
    documents: Vec<Displaced>,
}

/// The counts of one variant, by set.
type SetTallies = BTreeMap<String, MoveTally>;

/// Measures the findings and prints tables.
#[expect(clippy::print_stdout, reason = "the tables are the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let documents = if args.corpora {
        read_moved_corpora(args)?
    } else {
        read_documents(&args.folder, &args.sets)?
    };
    let changed = changed_documents(args, &documents);
    let model = crate::model::read(args.model.as_deref())?;
    let encoder = DiskCachedEncoder::new(CnnEncoder::from_bytes(model)?, &args.vectors)?;
    let names: Vec<&str> =
        std::iter::once("default").chain(args.variants.iter().map(String::as_str)).collect();
    let mut aligners = vec![Aligner::builder().build()?];
    for variant in &args.variants {
        aligners.push(Aligner::builder().tuning(tuning(variant)?).build()?);
    }
    let mut tallies: Vec<Vec<SetTallies>> = Vec::new();
    for it in &changed {
        tallies.push(measure(args, &aligners, &encoder, it)?);
    }
    println!("{}", by_condition(&changed, &names, &tallies));
    for (variant, name) in names.iter().enumerate() {
        let of_variant: Vec<&SetTallies> = tallies.iter().map(|all| &all[variant]).collect();
        println!("{}", by_group(&changed, name, &of_variant));
        println!("{}", by_set(&changed, name, &of_variant));
    }
    Ok(())
}

fn changed_documents(args: &Args, documents: &[GoldDocument]) -> Vec<ChangedDocuments> {
    let sampled = sample(documents, args.documents);
    let of_displacement = |&displacement: &Displacement| {
        let all: Vec<&GoldDocument> = documents.iter().collect();
        let (copies, documents) = match displacement {
            Displacement::None => (1, &all),
            _ => (args.moves, &sampled),
        };
        let change = |document: &&GoldDocument| {
            let hash = fnv(&document.name) ^ fnv(&document.set) ^ args.seed.rotate_left(32);
            let mut random = Random::new(hash ^ fnv(&displacement.to_string()));
            let copies = (0..copies).map(|_| Displaced::new(document, displacement, &mut random));
            copies.flatten().collect::<Vec<_>>()
        };
        ChangedDocuments {
            name: displacement.to_string(),
            documents: documents.iter().flat_map(change).collect(),
        }
    };
    let of_condition = |condition: &Condition| {
        let whole = |document| Displaced { document, moves: Vec::new() };
        let documents = condition.apply(documents).into_iter().map(whole).collect();
        ChangedDocuments { name: condition.to_string(), documents }
    };
    let displaced = args.displacements.iter().map(of_displacement);
    displaced.chain(args.conditions.iter().map(of_condition)).collect()
}

/// Chooses at most `max` documents of each set, at equal distances.
fn sample(documents: &[GoldDocument], max: usize) -> Vec<&GoldDocument> {
    documents
        .chunk_by(|a, b| a.set == b.set)
        .flat_map(|set| {
            let count = set.len().min(max);
            (0..count).map(move |at| &set[at * set.len() / count])
        })
        .collect()
}

/// Returns the counts of each variant, by set.
#[expect(clippy::print_stdout, reason = "the list is the output of the task")]
fn measure(
    args: &Args,
    aligners: &[Aligner],
    encoder: &DiskCachedEncoder,
    changed: &ChangedDocuments,
) -> Result<Vec<SetTallies>> {
    let measured = changed.documents.par_iter().map(|displaced| {
        let document = &displaced.document;
        let align = |aligner: &Aligner| {
            let alignment = aligner
                .align(encoder, &document.src, &document.tgt)
                .with_context(|| format!("{}/{}", document.set, document.name))?;
            let mut tally = MoveTally::default();
            let shown = tally.add(displaced, &alignment);
            Ok((tally, shown))
        };
        aligners.iter().map(align).collect::<Result<Vec<_>>>()
    });
    let measured: Vec<_> = measured.collect::<Result<_>>()?;
    let mut tallies = vec![SetTallies::new(); aligners.len()];
    for (Displaced { document, .. }, of_document) in changed.documents.iter().zip(measured) {
        let last = of_document.len() - 1;
        for (at, (tally, shown)) in of_document.into_iter().enumerate() {
            tallies[at].entry(document.set.clone()).or_default().merge(&tally);
            for it in shown.iter().filter(|_| args.show && at == last) {
                let (src, tgt) = (it.block.src.clone(), it.block.tgt.clone());
                let (set, name, p) = (&document.set, &document.name, it.probability);
                let held_by = it.held_by.join(", ");
                println!("{}: {set}/{name} {} {src:?} {tgt:?} {p:.3}", changed.name, it.what);
                println!("    held by {held_by}");
                println!("    {:?}\n    {:?}", &document.src[src], &document.tgt[tgt]);
            }
        }
    }
    Ok(tallies)
}

/// Returns a table with a row per kind of change and variant.
fn by_condition(
    changed: &[ChangedDocuments],
    names: &[&str],
    tallies: &[Vec<SetTallies>],
) -> String {
    let mut out = String::from(
        "| change | variant | documents | moves | recall: groups | precision | false moves | strict \
         F1: groups | nested F1: groups | wrong at 0.9: groups | outside findings | omitted | added \
         |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (it, by_variant) in changed.iter().zip(tallies) {
        for (name, sets) in names.iter().zip(by_variant) {
            let mut all = MoveTally::default();
            sets.values().for_each(|tally| all.merge(tally));
            let mean = |measure: fn(&MoveTally) -> Option<f64>| {
                shown(group_mean(|set| measure(sets.get(set)?), |_| true))
            };
            let strict = |set: &str| {
                let tally = sets.get(set).filter(|_| is_strict(set))?;
                Some(tally.beads.strict())
            };
            let _ = writeln!(
                out,
                "| {} | {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                it.name,
                all.documents,
                all.moves,
                mean(MoveTally::recall),
                shown(all.precision()),
                all.false_moves,
                shown(group_mean(strict, |_| true)),
                mean(|tally| Some(tally.beads.nested())),
                mean(|tally| Some(tally.sure_and_wrong())),
                mean(|tally| Some(tally.unexplained())),
                all.omitted,
                all.added,
            );
        }
    }
    out
}

/// Returns a table of recall and precision by group.
fn by_group(changed: &[ChangedDocuments], variant: &str, tallies: &[&SetTallies]) -> String {
    let mut out = format!("{variant}: recall / precision (false moves) by group\n\n| group |");
    let moving = || changed.iter().zip(tallies);
    moving().for_each(|(it, _)| out += &format!(" {} |", it.name));
    let _ = write!(out, "\n|---|{}\n", "---|".repeat(changed.len()));
    for (group, members) in GROUPS {
        let _ = write!(out, "| {group} |");
        for (_, sets) in moving() {
            let recall = group_mean(|set| sets.get(set)?.recall(), |it| it == group);
            let mut all = MoveTally::default();
            members.iter().filter_map(|&set| sets.get(set)).for_each(|tally| all.merge(tally));
            let _ = write!(out, " {} |", cell(recall, &all));
        }
        out.push('\n');
    }
    out
}

/// Returns a table of recall and precision by set.
fn by_set(changed: &[ChangedDocuments], variant: &str, tallies: &[&SetTallies]) -> String {
    let mut out = format!("{variant}: recall / precision (false moves) by set\n\n| set |");
    changed.iter().for_each(|it| out += &format!(" {} |", it.name));
    let _ = write!(out, "\n|---|{}\n", "---|".repeat(changed.len()));
    let mut names: Vec<&String> = tallies.iter().flat_map(|sets| sets.keys()).collect();
    names.sort();
    names.dedup();
    for set in names {
        let _ = write!(out, "| {set} |");
        for sets in tallies {
            let cell = sets.get(set).map_or(String::new(), |tally| cell(tally.recall(), tally));
            let _ = write!(out, " {cell} |");
        }
        out.push('\n');
    }
    out
}

fn cell(recall: Option<f64>, tally: &MoveTally) -> String {
    let mut out = String::new();
    if let Some(recall) = recall {
        let _ = write!(out, "{recall:.2} / {}", shown(tally.precision()));
    }
    if tally.false_moves > 0 {
        let _ = write!(out, " ({})", tally.false_moves);
    }
    out
}

fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Reads the bundled corpora, with one document per set. Beads that are really moved are added to
/// the gold, out of order.
fn read_moved_corpora(args: &Args) -> Result<Vec<GoldDocument>> {
    let mut documents = read_corpora(&args.folder)?;
    documents.retain(|document| args.sets.is_empty() || args.sets.contains(&document.name));
    for document in &mut documents {
        document.set = std::mem::take(&mut document.name);
        let path = args.folder.join(&document.set).join("moved.ladder");
        if let Ok(moved) = fs::read_to_string(path) {
            let moved = nasaq_formats::read_ladder(&moved)?;
            let is_moved = |rung: &Rung| {
                moved.iter().any(|pair| {
                    rung.src.iter().any(|at| pair.src.contains(at))
                        || rung.tgt.iter().any(|at| pair.tgt.contains(at))
                })
            };
            document.gold.retain(|rung| !is_moved(rung));
            document.gold.extend(moved);
        }
    }
    Ok(documents)
}
