//! Measures the default filters: what they reject of good pairs and of damaged ones.
//!
//! Good pairs are all beads of the gold sets that have two sides, and the lines of other files. Each
//! set is a corpus of its own. The damaged ones are those of [`crate::quality`], 30 % of a set.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use nasaq::{BeadKind, Encoder, Lexicon};
use nasaq_encoder::CnnEncoder;
use nasaq_quality::{
    Feature, FilterValue, Filters, PairQuality, QualityFile, QualityModel, QualityScorer,
};

use crate::gold::read_documents;
use crate::quality::{Damage, GoodPair, MemoryCachedEncoder, all_pairs, area, is_glued, mix, rate};
use crate::random::Random;

/// The arguments of `filters`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets [default: all]
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// More sets: files with an Arabic and an English text per line, separated by a tab.
    #[arg(long)]
    pairs: Vec<PathBuf>,
    /// Also rate with the encoder.
    #[arg(long)]
    encoder: bool,
    /// How often each damage is applied to each set; 0 measures good pairs only.
    #[arg(long, default_value_t = 1)]
    rounds: u64,
    /// Use the filters of this file [default: the default filters]
    #[arg(long)]
    filters: Option<PathBuf>,
    /// Use the quality model of this file [default: the bundled one]
    #[arg(long)]
    quality: Option<PathBuf>,
    /// A model file of the encoder [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
    /// Write the rejected good pairs to this file.
    #[arg(long)]
    list: Option<PathBuf>,
}

/// Measures the filters and prints the tables.
pub(crate) fn run(args: &Args) -> Result<()> {
    let filters = match &args.filters {
        None => Filters::default(),
        Some(path) => Filters::from_toml(
            &fs::read_to_string(path).with_context(|| path.display().to_string())?,
        )?,
    };
    let sets = read_sets(args)?;
    let encoder = match args.encoder {
        true => {
            let model = crate::model::read(args.model.as_deref())?;
            Some(MemoryCachedEncoder::new(CnnEncoder::from_bytes(model)?))
        }
        false => None,
    };
    let file = match &args.quality {
        None => None,
        Some(path) => {
            let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
            Some(toml::from_str::<QualityFile>(&text)?)
        }
    };
    let mut list = "encoder\tset\tkind\tfilters\tquality\treasons\tar\ten\n".to_owned();
    for encoder in [None, encoder.as_ref()].into_iter().take(1 + usize::from(args.encoder)) {
        let with_encoder = encoder.is_some();
        let encoder = encoder.map(|encoder| encoder as &dyn Encoder);
        let mut scorer = QualityScorer::new(Lexicon::builtin(), encoder);
        if let Some(file) = &file {
            let model = if with_encoder { &file.with_encoder } else { &file.without_encoder };
            scorer = scorer.with_model(QualityModel::new(model)?);
        }
        measure(&scorer, &filters, with_encoder, &sets, args.rounds, &mut list)?;
    }
    if let Some(path) = &args.list {
        fs::write(path, list).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Returns the names and the pairs of all sets.
fn read_sets(args: &Args) -> Result<Vec<(String, Vec<GoodPair>)>> {
    let documents = read_documents(&args.folder, &args.sets)?;
    let mut names: Vec<&str> = documents.iter().map(|document| document.set.as_str()).collect();
    names.dedup();
    let mut sets: Vec<(String, Vec<GoodPair>)> =
        names.into_iter().map(|name| (name.to_owned(), all_pairs(name, &documents))).collect();
    for path in &args.pairs {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let pair = |(arabic, english): (&str, &str)| GoodPair {
            arabic: arabic.to_owned(),
            english: english.split('\t').next().unwrap_or_default().to_owned(),
            kind: BeadKind { src: 1, tgt: 1 },
        };
        sets.push((
            name,
            text.lines().filter_map(|line| line.split_once('\t')).map(pair).collect(),
        ));
    }
    Ok(sets)
}

/// What the filters did to pairs of one kind.
#[derive(Clone, Default)]
struct FilterTally {
    qualities: Vec<f32>,
    rejected: usize,
}

impl FilterTally {
    fn add(&mut self, rated: &PairQuality, rejects: bool) {
        self.qualities.push(rated.quality);
        self.rejected += usize::from(rejects);
    }

    fn share(&self) -> f64 {
        100.0 * self.rejected as f64 / self.qualities.len().max(1) as f64
    }
}

/// Returns, by filter, whether it rejects a pair; `best_of` filters reject none.
fn rejections(filters: &Filters, kind: BeadKind, rated: &PairQuality) -> Vec<bool> {
    filters.rejections(Some(kind), |column| match column {
        "quality" => FilterValue::Number(f64::from(rated.quality)),
        _ => Feature::from_name(column)
            .and_then(|feature| rated.features.get(feature))
            .map_or(FilterValue::Missing, |value| FilterValue::Number(f64::from(value))),
    })
}

#[expect(clippy::print_stdout, reason = "the tables are the output of the task")]
fn measure(
    scorer: &QualityScorer<'_>,
    filters: &Filters,
    with_encoder: bool,
    sets: &[(String, Vec<GoodPair>)],
    rounds: u64,
    list: &mut String,
) -> Result<()> {
    let names: Vec<&str> = filters.names().collect();
    println!("\n{} the encoder", if with_encoder { "With" } else { "Without" });
    println!("| set | pairs | rejected | % | first filter |\n|---|---|---|---|---|");
    let mut all_good = FilterTally::default();
    let mut damaged = vec![FilterTally::default(); Damage::ALL.len()];
    let mut good_among_damaged = FilterTally::default();
    for (set, pairs) in sets {
        let mut good = FilterTally::default();
        let mut first = vec![0; names.len()];
        for (pair, rated) in pairs.iter().zip(rate(scorer, pairs)?) {
            let rejects = rejections(filters, pair.kind, &rated);
            let found = rejects.iter().position(|rejects| *rejects);
            good.add(&rated, found.is_some());
            all_good.add(&rated, found.is_some());
            let Some(found) = found else { continue };
            first[found] += 1;
            let by = names.iter().zip(&rejects).filter(|(_, rejects)| **rejects);
            let by: Vec<&str> = by.map(|(name, _)| *name).collect();
            writeln!(
                list,
                "{}\t{set}\t{}\t{}\t{:.5}\t{}\t{}\t{}",
                u8::from(with_encoder),
                pair.kind,
                by.join(";"),
                rated.quality,
                rated.reasons.join(";"),
                pair.arabic,
                pair.english
            )?;
        }
        let by = names.iter().zip(first).filter(|(_, count)| *count > 0);
        let by: Vec<String> = by.map(|(name, count)| format!("{name} {count}")).collect();
        let count = pairs.len();
        println!(
            "| {set} | {count} | {} | {:.2} | {} |",
            good.rejected,
            good.share(),
            by.join(", ")
        );
        let mut pairs = pairs.clone();
        pairs.retain(|pair| !is_glued(&pair.arabic));
        for (damage, tally) in Damage::ALL.into_iter().zip(&mut damaged) {
            for round in 0..rounds {
                let mut random = Random::new(1000 * damage as u64 + round);
                let (mixed, is_damaged) = mix(&pairs, damage, &mut random);
                let rated = rate(scorer, &mixed)?;
                for ((pair, rated), is_damaged) in mixed.iter().zip(rated).zip(is_damaged) {
                    let rejects = rejections(filters, pair.kind, &rated).contains(&true);
                    let tally = if is_damaged { &mut *tally } else { &mut good_among_damaged };
                    tally.add(&rated, rejects);
                }
            }
        }
    }
    println!(
        "| all | {} | {} | {:.2} | |",
        all_good.qualities.len(),
        all_good.rejected,
        all_good.share()
    );
    if rounds == 0 {
        return Ok(());
    }
    println!("\n| damage | pairs | area under the curve | rejected % |\n|---|---|---|---|");
    for (damage, tally) in Damage::ALL.into_iter().zip(&damaged) {
        println!(
            "| {} | {} | {:.4} | {:.1} |",
            damage.name(),
            tally.qualities.len(),
            area(&all_good.qualities, &tally.qualities),
            tally.share()
        );
    }
    println!(
        "| none, among damaged pairs | {} | | {:.2} |",
        good_among_damaged.qualities.len(),
        good_among_damaged.share()
    );
    Ok(())
}
