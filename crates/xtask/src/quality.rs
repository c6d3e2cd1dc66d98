//! Trains the quality model on good pairs and synthetic damage, and measures it.
//!
//! Good pairs are the beads of gold bitexts. Each kind of damage is applied to each set separately,
//! to three pairs of ten, and the damaged set is rated as any corpus: lengths are fitted to it, and
//! margins compare the pairs of its blocks. Beads whose Arabic has lost its spaces are excluded.
//! Each set is measured with a model that was trained on sets of other kinds of text.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use anyhow::{Context, Result};
use nasaq::{BeadKind, Encoder, EncoderError, Lexicon};
use nasaq_encoder::CnnEncoder;
use nasaq_quality::{
    CorpusBuilder, DEFAULT_FILTERS, Features, PairObservation, PairQuality, QUALITY_BLOCK_SIZE,
    QualityFile, QualityModel, QualityScorer, SentencePair,
};
use rayon::prelude::*;

use crate::gold::{GROUPS, GoldDocument, read_corpora, read_documents};
use crate::random::Random;

mod damage;
mod fit;
mod measure;
mod saved;
mod sentences;

pub(crate) use damage::{Damage, GoodPair};
pub(crate) use fit::solve;
use fit::{Example, fit};
pub(crate) use measure::area;
use measure::{RatedPair, calibration};

/// The share of the pairs that is damaged.
const DAMAGED_SHARE: f64 = 0.3;

/// The arguments of `train-quality`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// The sets to use.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "law,literature,news,wiki,health,bible,udhr,web,rasaif,stories,aphorisms,\
            bidaya,letters,sahifa,burda,film,egypt,dlsp,subs"
    )]
    sets: Vec<String>,
    /// Sets that are only measured: no model is trained on them.
    #[arg(long, value_delimiter = ',')]
    measured: Vec<String>,
    /// The folder of the bundled corpora, which are another set: they have headings, lists and
    /// letterheads.
    #[arg(long, default_value = "corpora")]
    corpora: PathBuf,
    /// How often each damage is applied to each set.
    #[arg(long, default_value_t = 2)]
    rounds: u64,
    /// The model file to write.
    #[arg(long, default_value = "crates/quality/assets/quality.toml")]
    output: PathBuf,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
    /// The features of all pairs: read if the file exists, written otherwise.
    #[arg(long)]
    rows: Option<PathBuf>,
    /// Fit only the model without the encoder, which takes a small part of the time; the other one
    /// stays.
    #[arg(long)]
    text_only: bool,
    /// Measure only, and write no model.
    #[arg(long)]
    dry_run: bool,
    /// The number of good pairs with the lowest quality to show per set.
    #[arg(long, default_value_t = 0)]
    worst: usize,
}

/// An encoder that caches the vector of each text in memory.
pub(crate) struct MemoryCachedEncoder {
    encoder: CnnEncoder,
    seen: Mutex<HashMap<String, Box<[f32]>>>,
}

impl MemoryCachedEncoder {
    pub(crate) fn new(encoder: CnnEncoder) -> Self {
        Self { encoder, seen: Mutex::default() }
    }
}

impl Encoder for MemoryCachedEncoder {
    fn dim(&self) -> usize {
        self.encoder.dim()
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        let mut seen = self.seen.lock().expect("no panic");
        let fresh: Vec<&str> =
            texts.iter().copied().filter(|text| !seen.contains_key(*text)).collect();
        let vectors = self.encoder.encode(&fresh)?;
        for (text, vector) in fresh.iter().zip(vectors.chunks_exact(self.dim())) {
            seen.insert((*text).to_owned(), vector.into());
        }
        Ok(texts.iter().flat_map(|text| seen[*text].iter().copied()).collect())
    }

    fn token_count(&self, text: &str) -> usize {
        self.encoder.token_count(text)
    }
}

/// The features of a good or damaged pair.
struct DamageRow {
    set: usize,
    damage: Option<Damage>,
    features: Features,
}

/// Measures the model, trains it on all sets, and writes it.
pub(crate) fn run(args: &Args) -> Result<()> {
    let trained = args.sets.iter().map(String::as_str).chain(["corpora"]);
    let names: Vec<&str> = trained.chain(args.measured.iter().map(String::as_str)).collect();
    let is_trained = |set: usize| set <= args.sets.len();
    let folder_sets: Vec<String> = args.sets.iter().chain(&args.measured).cloned().collect();
    let mut documents = read_documents(&args.folder, &folder_sets)?;
    documents.extend(read_corpora(&args.corpora)?);
    let pairs_of = |set: &&str| ((*set).to_owned(), good_pairs(set, &documents));
    let sets: Vec<(String, Vec<GoodPair>)> = names.iter().map(pairs_of).collect();
    let model = crate::model::read(args.model.as_deref())?;
    let encoder = MemoryCachedEncoder::new(CnnEncoder::from_bytes(model)?);
    let features_of: Option<&dyn Encoder> = if args.text_only { None } else { Some(&encoder) };
    let scorer = QualityScorer::new(Lexicon::builtin(), features_of);
    let rows = match &args.rows {
        Some(path) if path.exists() => saved::read(path, &names)?,
        path => {
            let rows = damaged_rows(&scorer, &sets, args.rounds)?;
            path.iter().try_for_each(|path| saved::write(path, &names, &rows))?;
            rows
        }
    };
    let models: &[bool] = if args.text_only { &[false] } else { &[true, false] };
    for &with_encoder in models {
        report(&names, &rows, is_trained, with_encoder)?;
    }
    let all: Vec<Example> = examples(&rows, &names, is_trained);
    let without_encoder = fit(&all, false);
    let with_encoder = if args.text_only {
        let text =
            fs::read_to_string(&args.output).with_context(|| args.output.display().to_string())?;
        toml::from_str::<QualityFile>(&text)?.with_encoder
    } else {
        fit(&all, true)
    };
    let file = QualityFile { with_encoder, without_encoder };
    if args.worst > 0 {
        let model = if args.text_only { &file.without_encoder } else { &file.with_encoder };
        let scorer = QualityScorer::new(Lexicon::builtin(), features_of)
            .with_model(QualityModel::new(model)?);
        for (name, pairs) in &sets {
            show_worst(&scorer, name, pairs, args.worst)?;
        }
    }
    if !args.dry_run {
        let text = format!(
            "# The quality model: the terms of each feature in the log-odds of each fault. Written by\n\
             # `cargo run --release -p xtask -- train-quality`; docs/quality.md explains it.\n\n{}",
            toml::to_string(&file)?
        );
        fs::write(&args.output, text).with_context(|| args.output.display().to_string())?;
    }
    Ok(())
}

/// Returns the features of the pairs of all sets, good and damaged in each way.
fn damaged_rows(
    scorer: &QualityScorer<'_>,
    sets: &[(String, Vec<GoodPair>)],
    rounds: u64,
) -> Result<Vec<DamageRow>> {
    let mut rows = Vec::new();
    for (set, (_, pairs)) in sets.iter().enumerate() {
        rows.extend(rate(scorer, pairs)?.into_iter().map(|rated| DamageRow {
            set,
            damage: None,
            features: rated.features,
        }));
        for damage in Damage::ALL {
            for round in 0..rounds {
                let mut random = Random::new(1000 * damage as u64 + round);
                let (mixed, damaged) = mix(pairs, damage, &mut random);
                let rated = rate(scorer, &mixed)?;
                let bad = rated.into_iter().zip(damaged).filter(|(_, damaged)| *damaged);
                rows.extend(bad.map(|(rated, _)| DamageRow {
                    set,
                    damage: Some(damage),
                    features: rated.features,
                }));
            }
        }
    }
    Ok(rows)
}

/// The maximum number of letters in a run without spaces. A longer run is several Arabic words:
/// even two of them rarely have that many letters.
const MAX_RUN: usize = 30;

/// Returns whether a text has lost its spaces.
pub(crate) fn is_glued(arabic: &str) -> bool {
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    arabic
        .split(|c: char| c.is_whitespace() || c == '-' || c == '/')
        .any(|word| letters(word) > MAX_RUN)
}

/// Returns the beads of a set that have both sides, except those whose Arabic has lost its spaces.
pub(crate) fn good_pairs(set: &str, documents: &[GoldDocument]) -> Vec<GoodPair> {
    let mut pairs = all_pairs(set, documents);
    pairs.retain(|pair| !is_glued(&pair.arabic));
    pairs
}

/// Returns the beads of a set that have both sides.
pub(crate) fn all_pairs(set: &str, documents: &[GoldDocument]) -> Vec<GoodPair> {
    let mut pairs = Vec::new();
    for document in documents.iter().filter(|document| document.set == set) {
        for rung in document.gold.iter().filter(|rung| !rung.is_null()) {
            let join = |texts: &[String], indices: &[u32]| {
                let texts: Vec<&str> = indices.iter().map(|&i| texts[i as usize].trim()).collect();
                texts.join(" ")
            };
            pairs.push(GoodPair {
                arabic: join(&document.src, &rung.src),
                english: join(&document.tgt, &rung.tgt),
                kind: BeadKind { src: rung.src.len(), tgt: rung.tgt.len() },
            });
        }
    }
    pairs
}

/// Damages some of the pairs, and returns all pairs and which of them are damaged.
pub(crate) fn mix(
    pairs: &[GoodPair],
    damage: Damage,
    random: &mut Random,
) -> (Vec<GoodPair>, Vec<bool>) {
    let mut mixed = pairs.to_vec();
    let mut damaged = vec![false; pairs.len()];
    for at in 0..pairs.len() {
        if random.is_true(DAMAGED_SHARE)
            && let Some(new) = damage.apply(pairs, at, random)
        {
            (mixed[at], damaged[at]) = (new, true);
        }
    }
    (mixed, damaged)
}

/// Rates pairs as a corpus: in two passes and in blocks.
pub(crate) fn rate(scorer: &QualityScorer<'_>, pairs: &[GoodPair]) -> Result<Vec<PairQuality>> {
    let pairs: Vec<SentencePair<'_>> = pairs
        .iter()
        .map(|pair| SentencePair {
            arabic: &pair.arabic,
            english: &pair.english,
            kind: Some(pair.kind),
        })
        .collect();
    let mut builder = CorpusBuilder::new(false);
    for observation in pairs.par_iter().map(PairObservation::lengths_only).collect::<Vec<_>>() {
        builder.add(&observation);
    }
    let profile = builder.build();
    let mut rated = Vec::new();
    for (block, pairs) in pairs.chunks(QUALITY_BLOCK_SIZE).enumerate() {
        rated.extend(scorer.score(pairs, block * QUALITY_BLOCK_SIZE, &profile)?);
    }
    Ok(rated)
}

/// Returns the rows of some sets as examples, weighted so that good pairs have the same total
/// weight as bad ones.
fn examples(rows: &[DamageRow], names: &[&str], includes: impl Fn(usize) -> bool) -> Vec<Example> {
    let weights = weights(rows, names);
    let included = rows.iter().zip(weights).filter(|(row, _)| includes(row.set));
    included
        .map(|(row, weight)| Example {
            features: row.features,
            fault: row.damage.map(Damage::fault),
            weight,
        })
        .collect()
}

/// Returns the weight of each row. In each set, the good pairs have the same total weight as the
/// bad ones, which is divided among the damages by [`Damage::weight`].
fn weights(rows: &[DamageRow], names: &[&str]) -> Vec<f64> {
    let mut counts: BTreeMap<(usize, Option<Damage>), f64> = BTreeMap::new();
    for row in rows {
        *counts.entry((row.set, row.damage)).or_default() += 1.0;
    }
    // By set, the sum of the weights of the damages that occur in it.
    let mut damage_weights: BTreeMap<usize, f64> = BTreeMap::new();
    for (set, damage) in counts.keys() {
        *damage_weights.entry(*set).or_default() += damage.map_or(0.0, Damage::weight);
    }
    // The weight of a set is the square root of its size: large sets weigh more, but do not
    // dominate.
    let size = |set: usize| counts[&(set, None)].sqrt() * set_weight(names[set]);
    rows.iter()
        .map(|row| {
            let share = row.damage.map_or(1.0, |damage| damage.weight() / damage_weights[&row.set]);
            size(row.set) * share / counts[&(row.set, row.damage)]
        })
        .collect()
}

/// Sets of free, terse or spoken translations, and of lectures.
const LENIENT_SETS: [&str; 11] = [
    "rasaif",
    "stories",
    "aphorisms",
    "bidaya",
    "letters",
    "sahifa",
    "burda",
    "film",
    "egypt",
    "dlsp",
    "subs",
];

/// Returns the weight of a set relative to its size. The lenient sets keep the model from rejecting
/// good pairs of their kind; with their full weight it would find less damage in all others.
fn set_weight(set: &str) -> f64 {
    if LENIENT_SETS.contains(&set) { 0.3 } else { 1.0 }
}

/// Returns the group of a set: sets of one kind of text are held out together.
fn group(set: &str) -> &str {
    GROUPS.iter().find(|(_, sets)| sets.contains(&set)).map_or(set, |(group, _)| group)
}

/// Measures each set with a model trained on the other groups, and prints the tables.
#[expect(clippy::print_stdout, reason = "the tables are the output of the task")]
fn report(
    sets: &[&str],
    rows: &[DamageRow],
    is_trained: impl Fn(usize) -> bool + Sync,
    with_encoder: bool,
) -> Result<()> {
    let weights = weights(rows, sets);
    let groups: Vec<&str> = sets.iter().map(|set| group(set)).collect();
    let held_out: BTreeSet<&str> = groups.iter().copied().collect();
    let models: BTreeMap<&str, QualityModel> = held_out
        .into_par_iter()
        .map(|held_out| {
            let others = examples(rows, sets, |set| groups[set] != held_out && is_trained(set));
            Ok((held_out, QualityModel::new(&fit(&others, with_encoder))?))
        })
        .collect::<nasaq_quality::Result<_>>()?;
    let predicted = |row: &DamageRow| models[groups[row.set]].predict(&row.features).quality;
    let quality: Vec<f32> = rows.iter().map(predicted).collect();
    let of = |set: Option<usize>, damage: Option<Damage>| -> Vec<f32> {
        let fits = |row: &DamageRow| set.is_none_or(|set| row.set == set) && row.damage == damage;
        rows.iter()
            .zip(&quality)
            .filter(|(row, _)| fits(row))
            .map(|(_, quality)| *quality)
            .collect()
    };
    println!("\n{} the encoder", if with_encoder { "With" } else { "Without" });
    println!("| damage | pairs | gold | plain | {} |", sets.join(" | "));
    println!("|---|---|---|---|{}", "---|".repeat(sets.len()));
    for damage in Damage::ALL {
        let bad = of(None, Some(damage));
        print!("| {} | {} |", damage.name(), bad.len());
        // The gold sets, then those that are not translated freely and not in an old language.
        for excluded in [&["corpora"][..], &["corpora", "literature", "bible"]] {
            let some = |damage: Option<Damage>| -> Vec<f32> {
                let sets = (0..sets.len()).filter(|&set| !excluded.contains(&sets[set]));
                sets.flat_map(|set| of(Some(set), damage)).collect()
            };
            print!(" {:.4} |", area(&some(None), &some(Some(damage))));
        }
        for set in 0..sets.len() {
            let bad = of(Some(set), Some(damage));
            if bad.len() < 5 {
                print!(" – |");
            } else {
                print!(" {:.3} |", area(&of(Some(set), None), &bad));
            }
        }
        println!();
    }
    let rated = |set: Option<usize>| -> Vec<RatedPair> {
        let all = rows.iter().zip(&quality).zip(&weights);
        all.filter(|((row, _), _)| set.is_none_or(|set| row.set == set))
            .map(|((row, quality), weight)| RatedPair {
                quality: *quality,
                good: row.damage.is_none(),
                weight: *weight,
            })
            .collect()
    };
    let (error, tenths) = calibration(&rated(None));
    println!("\ncalibration error {error:.4}");
    for tenth in tenths {
        println!("  mean {:.3} good {:.3} share {:.3}", tenth.mean, tenth.good, tenth.share);
    }
    for (set, name) in sets.iter().enumerate() {
        println!("  {name}: {:.4}", calibration(&rated(Some(set))).0);
    }
    let min_quality = default_min_quality()?;
    println!("\nshare of each damage below {min_quality}, the minimum of the default filter");
    for damage in Damage::ALL {
        let bad = of(None, Some(damage));
        let below = bad.iter().filter(|quality| **quality < min_quality).count();
        println!("  {}: {:.1}%", damage.name(), 100.0 * below as f64 / bad.len() as f64);
    }
    println!("\nshare of good pairs below a quality: {}", sets.join(" "));
    for min in [0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5] {
        let share = |set| {
            let good = of(Some(set), None);
            let below = good.iter().filter(|quality| **quality < min).count();
            format!("{:.2}%", 100.0 * below as f64 / good.len() as f64)
        };
        let shares: Vec<String> = (0..sets.len()).map(share).collect();
        println!("  {min}: {}", shares.join(" "));
    }
    Ok(())
}

/// Returns the minimum quality of the default filter.
fn default_min_quality() -> Result<f32> {
    let file: toml::Table = toml::from_str(DEFAULT_FILTERS)?;
    let filters = file["filter"].as_array().context("no filters")?;
    let is_quality = |filter: &&toml::Value| filter.get("column") == Some(&"quality".into());
    let min = filters.iter().find(is_quality).and_then(|filter| filter.get("min")?.as_float());
    Ok(min.context("the default filters have no minimum of the quality")? as f32)
}

#[expect(clippy::print_stdout, reason = "the list is the output of the task")]
fn show_worst(
    scorer: &QualityScorer<'_>,
    name: &str,
    pairs: &[GoodPair],
    count: usize,
) -> Result<()> {
    let rated = rate(scorer, pairs)?;
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|a, b| rated[*a].quality.total_cmp(&rated[*b].quality));
    for at in order.into_iter().take(count) {
        println!("{name} {:.3} {}", rated[at].quality, pairs[at].kind);
        println!("  {}\n  {}", pairs[at].arabic, pairs[at].english);
        for contribution in scorer.model().explain(&rated[at].features).iter().take(5) {
            let value = rated[at].features.get(contribution.feature);
            let name = contribution.feature.info().name;
            println!("    {name} {value:?} {:+.2}", contribution.log_odds);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_filters_have_a_minimum_of_the_quality() {
        assert_eq!(default_min_quality().expect("a filter of the quality"), 0.03);
    }

    #[test]
    fn names_of_damages_are_distinct() {
        let names: BTreeSet<&str> = Damage::ALL.iter().map(|damage| damage.name()).collect();
        assert_eq!(names.len(), Damage::ALL.len());
    }
}
